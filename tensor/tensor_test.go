package tensor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// outSlow counts the positions of a window by walking over them.
func outSlow(in, kernel, stride, dilation, before, after int, ceil bool) int {
	n := 0
	for at := -before; ; at += stride {
		last := at + (kernel-1)*dilation
		switch {
		case last < in+after:
			n++
		case ceil && at < in && at-stride+(kernel-1)*dilation < in+after-1:
			return n + 1 // partly covered, and begins inside the input or its leading padding
		default:
			return n
		}
	}
}

func TestOut(t *testing.T) {
	for in := 1; in < 12; in++ {
		for kernel := 1; kernel < 5; kernel++ {
			for stride := 1; stride < 5; stride++ {
				for dilation := 1; dilation < 3; dilation++ {
					for before := range 3 {
						for after := range 3 {
							for _, ceil := range []bool{false, true} {
								w := Window{KernelH: kernel, KernelW: 1, StrideH: stride, DilationH: dilation, PadTop: before, PadBottom: after, CeilMode: ceil}
								h, width, err := w.Out(in, 7)
								if (kernel-1)*dilation+1 > in+before+after {
									require.ErrorContains(t, err, "input H")
									continue
								}
								require.NoError(t, err)
								require.Equal(t, outSlow(in, kernel, stride, dilation, before, after, ceil), h, "%v on %d", w, in)
								require.Equal(t, 7, width)
							}
						}
					}
				}
			}
		}
	}
}

func TestValid(t *testing.T) {
	for start := -9; start < 9; start++ {
		for kernel := 1; kernel < 5; kernel++ {
			for dilation := 1; dilation < 4; dilation++ {
				for in := 1; in < 7; in++ {
					lo, hi := Valid(start, kernel, dilation, in)
					require.True(t, 0 <= lo && lo <= hi && hi <= kernel)
					for k := range kernel {
						at := start + k*dilation
						require.Equal(t, at >= 0 && at < in, k >= lo && k < hi, "start %d kernel %d dilation %d in %d position %d", start, kernel, dilation, in, k)
					}
				}
			}
		}
	}
}

func TestErrors(t *testing.T) {
	require.NoError(t, Shape{1, 2, 3, 4}.Check())
	require.EqualError(t, Shape{1, 0, 3, 4}.Check(), "tensor: C is 0, want at least 1")
	require.ErrorContains(t, Shape{math.MaxInt / 2, 2, 3, 4}.Check(), "overflows the address space")
	require.EqualError(t, Window{KernelH: 3}.Check(), "tensor: KernelW is 0, want 1 to 16384")
	require.EqualError(t, Window{KernelH: 3, KernelW: 3, PadLeft: -1}.Check(), "tensor: PadLeft is -1, want 0 to 16384")
	require.ErrorContains(t, Window{KernelH: 3, KernelW: 3, DilationW: 1 << 20}.Check(), "DilationW is 1048576")
	_, _, err := Window{KernelH: 1, KernelW: 1}.Out(0, 1)
	require.EqualError(t, err, "tensor: input H is 0, want at least 1")
}

func TestMulOK(t *testing.T) {
	for _, c := range []struct {
		sizes []int
		ok    bool
	}{
		{nil, true}, {[]int{math.MaxInt}, true}, {[]int{math.MaxInt, 2}, false}, {[]int{math.MaxInt, 0}, true}, {[]int{3, -1}, false},
	} {
		_, ok := MulOK(c.sizes...)
		require.Equal(t, c.ok, ok, "%v", c.sizes)
	}
}

func TestString(t *testing.T) {
	for want, w := range map[string]Window{
		"r3s3":               {KernelH: 3, KernelW: 3},
		"r1s7 s2 d2 p3":      {KernelH: 1, KernelW: 7, StrideH: 2, StrideW: 2, DilationH: 2, DilationW: 2, PadTop: 3, PadLeft: 3, PadBottom: 3, PadRight: 3},
		"r2s2 s1x2 p0,1,0,0": {KernelH: 2, KernelW: 2, StrideW: 2, PadLeft: 1},
		"r2s2 d3x1 ceil":     {KernelH: 2, KernelW: 2, DilationH: 3, CeilMode: true},
	} {
		require.Equal(t, want, w.String())
	}
	require.Equal(t, "n1c2h3w4", Shape{1, 2, 3, 4}.String())
	require.Equal(t, "NHWC Layout(7)", NHWC.String()+" "+Layout(7).String())
}
