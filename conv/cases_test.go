package conv

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

// TestStoredCases runs PyTorch's convolutions among the stored cases with every algorithm, in both layouts, on every
// instruction set.
func TestStoredCases(t *testing.T) {
	list := cases.List(t, "oracle", func(c *cases.Case) bool { return c.Nodes[0].Op == "conv2d" })
	require.NotEmpty(t, list)
	variants := 0
	for _, c := range list {
		n := &c.Nodes[0]
		x, w := c.Tensor(n.Input(0)), c.Tensor(n.Input(1))
		var bias []float32
		if n.Input(2) != "" {
			bias = c.Tensor(n.Input(2)).Float32s()
		}
		stride, dilation, pads := n.Ints("stride"), n.Ints("dilation"), n.Ints("pads")
		p := Params{
			In: tensor.Shape{N: x.Shape[0], C: x.Shape[1], H: x.Shape[2], W: x.Shape[3]}, OutC: w.Shape[0], Groups: n.Int("groups", 1),
			Window: tensor.Window{
				KernelH: w.Shape[2], KernelW: w.Shape[3], StrideH: stride[0], StrideW: stride[1], DilationH: dilation[0], DilationW: dilation[1],
				PadTop: pads[0], PadLeft: pads[1], PadBottom: pads[2], PadRight: pads[3],
			},
		}
		for _, isa := range asm.Supported() {
			var err error
			p.Kernels, err = asm.For(isa)
			require.NoError(t, err)
			for _, name := range Algorithms() {
				if name == "winograd" {
					continue // the cases' bounds are those of a plain sum
				}
				for _, l := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
					p.InLayout, p.OutLayout, p.Algorithm = l, l, name
					if !Applies(name, p) {
						continue
					}
					plan, err := New(p, w.Float32s(), bias)
					require.NoError(t, err, c.Name)
					y := make([]float32, plan.Out().Elems())
					plan.Run(NewWorkspace(1, plan), y, ref.Convert(tensor.NCHW, l, p.In, x.Float32s()), nil)
					o := plan.Out()
					c.Compare(t, plan.String(), n.Outputs[0], tensor.Of(tensor.D(o.N, o.C, o.H, o.W), ref.Convert(l, tensor.NCHW, o, y)))
					variants++
				}
			}
		}
	}
	t.Logf("%d cases in %d variants", len(list), variants)
}
