package conv

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

// TestNarrow has rows in segments, several strips of a segment, kernels that leave columns and rows out, and sums of several calls.
func TestNarrow(t *testing.T) {
	for _, c := range []struct {
		in   tensor.Shape
		outC int
		win  tensor.Window
		nseg bool
		dots bool
	}{
		{tensor.Shape{N: 1, C: 40, H: 7, W: 500}, 3, tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}, true, false},
		{tensor.Shape{N: 2, C: 50, H: 9, W: 700}, 2, tensor.Window{KernelH: 2, KernelW: 3, StrideH: 3, StrideW: 2, PadLeft: 5, PadRight: 4}, true, false},
		{tensor.Shape{N: 1, C: 20, H: 60, W: 50}, 4, tensor.Window{KernelH: 3, KernelW: 3, DilationH: 2, DilationW: 3, PadTop: 2, PadRight: 7}, false, false},
		{tensor.Shape{N: 1, C: 30, H: 40, W: 90}, 2, tensor.Window{KernelH: 1, KernelW: 1, StrideH: 2, StrideW: 3}, false, false},
		{tensor.Shape{N: 2, C: 16, H: 33, W: 35}, 2, tensor.Window{KernelH: 1, KernelW: 1}, true, true},
		{tensor.Shape{N: 1, C: 5000, H: 3, W: 5}, 5, tensor.Window{KernelH: 1, KernelW: 1}, false, true},
		{tensor.Shape{N: 1, C: 18, H: 40, W: 31}, 14, tensor.Window{KernelH: 1, KernelW: 1}, true, false},
	} {
		for _, act := range []asm.Unary{asm.Identity, asm.ReLU, asm.LeakyReLU} {
			p := Params{
				In: c.in, OutC: c.outC, Window: c.win, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Residual: act != asm.ReLU, OutStride: c.outC + int(act)%2,
				Algorithm: "narrow", Activation: Activation{Kind: act, A: 2},
			}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window.Normal()), func(x []float32) { check.FillInts(x, 7, 4) })
			want, _, _ := reference(p, o)
			for _, isa := range asm.Supported() {
				set, err := asm.For(isa)
				require.NoError(t, err)
				p.Kernels = set
				pl, err := New(p, o.w, o.b)
				require.NoError(t, err)
				d := pl.runner.(*narrow)
				if d.fam.nr[0] >= 16 { // narrower tiles have other segments
					require.Equal(t, c.nseg, d.nseg > 1, "%v", pl)
					require.Equal(t, c.dots, d.dots != nil, "%v", pl)
				}
				for i, y := range o.run(t, pl, 3, false) {
					w := float32(want[i])
					if act == asm.LeakyReLU && w < 0 {
						w *= 2
					}
					if y != w {
						require.Equal(t, w, y, "%v element %d", pl, i)
					}
				}
			}
		}
	}
}

// TestNarrowPays has layers for which narrow was measured to be quicker or slower.
func TestNarrowPays(t *testing.T) {
	for _, c := range []struct {
		channels, side, outC, kernel int
		isa                          string
		want                         bool
	}{
		{16, 532, 2, 1, "avx512", true}, {16, 532, 2, 1, "avx2", true}, {64, 56, 4, 1, "avx512", true}, {256, 14, 8, 1, "avx512", true},
		{64, 112, 3, 3, "avx512", true}, {64, 112, 3, 3, "avx2", true}, {64, 112, 12, 3, "avx512", true}, {64, 112, 12, 3, "avx2", true},
		{64, 56, 12, 1, "avx512", false}, {64, 56, 16, 1, "avx512", false}, {64, 56, 24, 1, "avx2", false}, {64, 56, 16, 3, "avx512", false},
		{64, 56, 24, 3, "avx512", false}, {1, 572, 16, 3, "avx512", false}, {64, 56, 20, 3, "avx2", false}, {256, 56, 64, 1, "avx512", false},
		{256, 56, 64, 1, "generic", false}, {220, 16, 12, 3, "avx512", false}, {48, 13, 12, 7, "avx2", false}, {8, 126, 4, 1, "avx2", false},
	} {
		for _, isa := range asm.Supported() {
			if isa.String() != c.isa {
				continue
			}
			set, err := asm.For(isa)
			require.NoError(t, err)
			pad := c.kernel / 2
			p := Params{
				In: tensor.Shape{N: 1, C: c.channels, H: c.side, W: c.side}, OutC: c.outC, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Kernels: set,
				Window: tensor.Window{KernelH: c.kernel, KernelW: c.kernel, PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad},
			}
			pl, err := New(p, make([]float32, c.outC*c.channels*c.kernel*c.kernel), nil)
			require.NoError(t, err)
			require.Equal(t, c.want, pl.Algorithm() == "narrow", "%v", pl)
			if p.InLayout, p.OutLayout = tensor.NCHW, tensor.NCHW; c.want {
				pl, err = New(p, make([]float32, c.outC*c.channels*c.kernel*c.kernel), nil)
				require.NoError(t, err)
				require.Equal(t, "planar", pl.Algorithm(), "%v", pl)
			}
		}
	}
}
