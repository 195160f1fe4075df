package tensor

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// outSlow counts the positions of a window by walking over them: those that lie inside input and padding, and in ceil mode those that
// begin inside the input or its leading padding and reach something that the one before did not.
func outSlow(in, kernel, stride, dilation, before, after int, ceil bool) int {
	n := 0
	for at := -before; ; at += stride {
		last := at + (kernel-1)*dilation
		if ceil && (at >= in || last-stride >= in+after-1) || !ceil && last >= in+after {
			return n
		}
		n++
	}
}

func TestOut(t *testing.T) {
	for in := 1; in < 12; in++ {
		for kernel := 1; kernel < 5; kernel++ {
			for stride := 1; stride < 5; stride++ {
				for dilation := 1; dilation < 3; dilation++ {
					for before := range 3 {
						for _, after := range []int{0, 1, 2, 9} {
							for _, ceil := range []bool{false, true} {
								w := Window{KernelH: kernel, KernelW: 1, StrideH: stride, DilationH: dilation, PadTop: before, PadBottom: after, CeilMode: ceil}
								h, width, err := w.Out(in, 7)
								want := outSlow(in, kernel, stride, dilation, before, after, ceil)
								if want == 0 {
									require.ErrorContains(t, err, "input H")
									continue
								}
								require.NoError(t, err)
								require.Equal(t, want, h, "%v on %d", w, in)
								require.Equal(t, 7, width)
							}
						}
					}
				}
			}
		}
	}
}

// TestCeilMode has what PyTorch answers: its windows begin inside the input or its leading padding.
func TestCeilMode(t *testing.T) {
	for _, c := range []struct{ in, kernel, stride, before, after, want int }{
		{19, 1, 5, 1, 1, 4}, // the division has no remainder, and the fifth would begin in the trailing padding
		{5, 2, 2, 0, 0, 3}, {4, 2, 2, 0, 0, 2}, {3, 3, 2, 1, 1, 2}, {2, 3, 2, 0, 0, 1}, {6, 3, 4, 0, 1, 2},
		{1, 1, 1, 0, 5, 1},
	} {
		w := Window{KernelH: 1, KernelW: c.kernel, StrideW: c.stride, PadLeft: c.before, PadRight: c.after, CeilMode: true}
		_, got, err := w.Out(1, c.in)
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%v", c)
	}
	_, _, err := Window{KernelH: 1, KernelW: 5, StrideW: 2, CeilMode: true}.Out(1, 3)
	require.EqualError(t, err, "tensor: input W is 3, with padding 3, want at least the kernel's reach less StrideW - 1 in CeilMode, 4")
}

// TestSegments compares runs with their outputs one by one, and has axes that nobody could walk over.
func TestSegments(t *testing.T) {
	for in := 1; in < 9; in++ {
		for kernel := 1; kernel < 6; kernel++ {
			for stride := 1; stride < 4; stride++ {
				for dilation := 1; dilation < 12; dilation += 3 {
					for before := 0; before < 30; before += 7 {
						out, next := 20, 0
						segments := Segments(out, in, kernel, stride, dilation, before)
						for i, s := range segments {
							require.Equal(t, next, s.Lo)
							require.Less(t, s.Lo, s.Hi)
							for o := s.Lo; o < s.Hi; o++ {
								k0, k1 := Valid(o*stride-before, kernel, dilation, in)
								require.Equal(t, s, Segment{s.Lo, s.Hi, k0, k1})
							}
							next = s.Hi
							if i > 0 {
								last := segments[i-1]
								require.False(t, last.K0 == s.K0 && last.K1 == s.K1, "two runs that are one")
							}
						}
						require.Equal(t, out, next)
					}
				}
			}
		}
	}
	const far = math.MaxInt / 4
	require.Equal(t, []Segment{{0, 1, 1, 3}, {1, far - 1, 0, 3}, {far - 1, far, 0, 2}}, Segments(far, far, 3, 1, 1, 1))
	require.Equal(t, []Segment{{0, 1, 0, far}}, Segments(1, far, far, 1, 1, 0))
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
	require.EqualError(t, Window{KernelH: 3}.Check(), "tensor: KernelW is 0, want at least 1")
	require.EqualError(t, Window{KernelH: 3, KernelW: 3, PadLeft: -1}.Check(), "tensor: PadLeft is -1, want 0 to 16384")
	require.ErrorContains(t, Window{KernelH: 3, KernelW: 3, DilationW: 1 << 20}.Check(), "DilationW is 1048576")
	_, _, err := Window{KernelH: 1, KernelW: 1}.Out(0, 1)
	require.EqualError(t, err, "tensor: input H is 0, want at least 1")
	h, w, err := Window{KernelH: 1, KernelW: 144000}.Out(1, 144000)
	require.NoError(t, err, "a kernel may be as large as the map")
	require.Equal(t, []int{1, 1}, []int{h, w})
	for _, k := range []int{math.MaxInt, math.MaxInt/2 + 2} {
		_, _, err = Window{KernelH: 1, KernelW: k, DilationW: 2}.Out(1, 144000)
		require.ErrorContains(t, err, "whose product overflows")
	}
	_, _, err = Window{KernelH: 1, KernelW: math.MaxInt}.Out(1, 144000)
	require.ErrorContains(t, err, "want at least the kernel's reach")
	_, _, err = Window{KernelH: 1, KernelW: 1, PadLeft: 1}.Out(1, math.MaxInt)
	require.ErrorContains(t, err, "want at most")
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
		require.Equal(t, !c.ok, Mul(c.sizes...) == math.MaxInt && len(c.sizes) > 1, "%v", c.sizes)
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

// TestHostile: no size makes the arithmetic of windows and shapes panic or overflow.
func TestHostile(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	sizes := []int{math.MinInt, -1, 0, 1, 2, 3, 7, 1 << 14, 1<<14 + 1, 1 << 20, 1<<31 - 1, math.MaxInt / 4, math.MaxInt - 1, math.MaxInt}
	size := func() int {
		if rng.IntN(3) > 0 {
			return 1 + rng.IntN(4)
		}
		return sizes[rng.IntN(len(sizes))]
	}
	accepted := 0
	for range 100000 {
		w := Window{size(), size(), size(), size(), size(), size(), size(), size(), size(), size(), rng.IntN(2) == 0}
		inH, inW := size(), size()
		h, width, err := w.Out(inH, inW)
		s := Shape{size(), size(), h, width}
		for _, err := range []error{err, s.Check()} {
			if err != nil {
				if m := err.Error(); !strings.HasPrefix(m, "tensor: ") || !strings.Contains(m, "want") && !strings.Contains(m, "overflow") {
					t.Fatalf("%v on %d and %d, %v: the message is %q", w, inH, inW, s, m)
				}
			}
		}
		if err != nil {
			continue
		}
		accepted++
		if h < 1 || width < 1 || w.Check() != nil {
			t.Fatalf("%v on %d and %d: %d and %d", w, inH, inW, h, width)
		}
		w = w.Normal()
		Valid((h-1)*w.StrideH-w.PadTop, w.KernelH, w.DilationH, inH)
	}
	require.Greater(t, accepted, 1000)
}

// TestSame: as many outputs as the input has strides, with the least padding, and halves that differ by at most one.
func TestSame(t *testing.T) {
	for in := 1; in < 14; in++ {
		for kernel := 1; kernel < 6; kernel++ {
			for stride := 1; stride < 5; stride++ {
				for dilation := 1; dilation < 3; dilation++ {
					want := (in + stride - 1) / stride
					for _, lower := range []bool{false, true} {
						before, after := Same(in, kernel, stride, dilation, lower)
						require.Contains(t, []int{0, 1}, map[bool]int{false: after - before, true: before - after}[lower])
						require.Equal(t, want, outSlow(in, kernel, stride, dilation, before, after, false))
						if before+after > 0 {
							require.Less(t, outSlow(in, kernel, stride, dilation, before, after-1, false), want, "the least")
						}
					}
				}
			}
		}
	}
	w := Square(3, 2, 0).Same(224, 7, false)
	require.Equal(t, "r3s3 s2 p0,1,1,1", w.String()) // TensorFlow's MobileNet: nothing above
	h, wd, err := w.Out(224, 7)
	require.NoError(t, err)
	require.Equal(t, []int{112, 4}, []int{h, wd})
}
