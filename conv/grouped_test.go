package conv

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

// TestGrouped has groups of every width up to a vector's and some of more output channels than that, so many that the last block is
// not full, and an infinity that stays in its group.
func TestGrouped(t *testing.T) {
	for _, c := range []struct{ groups, icg, ocg int }{
		{5, 1, 2}, {21, 1, 3}, {9, 2, 2}, {7, 2, 1}, {7, 3, 3}, {9, 4, 4}, {6, 4, 2}, {5, 3, 5}, {5, 8, 8}, {3, 7, 9}, {2, 16, 16}, {3, 2, 17}, {2, 1, 40}, {2, 5, 33},
	} {
		for i, win := range []tensor.Window{dwWindow(3, 1, 1, 1), dwWindow(3, 2, 1, 1), dwWindow(1, 1, 1, 0), {KernelH: 2, KernelW: 5, DilationH: 2, PadLeft: 9, PadTop: 3}} {
			for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
				p := Params{
					In: tensor.Shape{N: 2, C: c.groups * c.icg, H: 9, W: 13}, OutC: c.groups * c.ocg, Groups: c.groups, Window: win.Normal(), InLayout: layout, OutLayout: layout,
					Activation: Activation{Kind: asm.ReLU}, Residual: i%2 == 1,
				}
				o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, uint64(c.icg), 3) })
				same := integers(t, p, o)
				each(t, p, o, func(pl *Plan) { same(pl, o.run(t, pl, 3, i%2 == 1)) })

				o.x[ref.Index(layout, p.In, 1, c.icg, 4, 5)] = float32(math.Inf(1)) // of group 1
				each(t, p, o, func(pl *Plan) {
					if a := pl.Algorithm(); a != "grouped" && a != "depthwise" {
						return
					}
					y := o.run(t, pl, 1, false)
					for oc := range p.OutC {
						for n := range 2 {
							for oy := range pl.Out().H {
								for ox := range pl.Out().W {
									v := float64(y[ref.Index(layout, pl.Out(), n, oc, oy, ox)])
									if n != 1 || oc/c.ocg != 1 {
										require.False(t, math.IsNaN(v) || math.IsInf(v, 0), "%v: %v at %d %d %d %d", pl, v, n, oc, oy, ox)
									}
								}
							}
						}
					}
				})
			}
		}
	}
}

// TestGroupedPays: groups of few channels run grouped, those that fill a vector do not, and 1x1 kernels over planes stay where they lie.
func TestGroupedPays(t *testing.T) {
	for _, c := range []struct {
		c, groups, kernel int
		layout            tensor.Layout
		want              string
	}{
		{128, 32, 3, tensor.NHWC, "grouped"},
		{128, 32, 3, tensor.NCHW, "grouped"},
		{128, 64, 1, tensor.NHWC, "grouped"},
		{128, 32, 1, tensor.NCHW, "planar"},
		{256, 8, 3, tensor.NHWC, "direct"},
		{256, 8, 3, tensor.NCHW, "direct"},
	} {
		for _, isa := range asm.Supported() {
			t.Run(fmt.Sprint(c, isa), func(t *testing.T) {
				set, err := asm.For(isa)
				require.NoError(t, err)
				pl, err := New(Params{
					In: tensor.Shape{N: 1, C: c.c, H: 28, W: 28}, OutC: c.c, Groups: c.groups, Window: dwWindow(c.kernel, 1, 1, c.kernel/2), InLayout: c.layout, OutLayout: c.layout, Kernels: set,
				}, make([]float32, c.c*c.c/c.groups*c.kernel*c.kernel), nil)
				require.NoError(t, err)
				if isa == asm.Generic {
					require.NotEqual(t, "grouped", pl.Algorithm())
					return
				}
				require.Equal(t, c.want, pl.Algorithm())
			})
		}
	}
}
