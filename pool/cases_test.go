package pool

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

// TestStoredCases runs PyTorch's poolings among the stored cases, in both layouts, on every instruction set.
func TestStoredCases(t *testing.T) {
	list := cases.List(t, "oracle", func(c *cases.Case) bool {
		return c.Nodes[0].Op == "max_pool2d" || c.Nodes[0].Op == "avg_pool2d" && c.Nodes[0].Int("divisor_override", 0) == 0
	})
	require.NotEmpty(t, list)
	for _, c := range list {
		n := &c.Nodes[0]
		x := c.Tensor(n.Input(0))
		kernel, stride, pad, dilation := n.Ints("kernel"), n.Ints("stride"), n.Ints("padding"), n.Ints("dilation", 1, 1)
		p := Params{
			Kind: Max, In: tensor.Shape{N: x.Shape[0], C: x.Shape[1], H: x.Shape[2], W: x.Shape[3]}, CountIncludePad: n.Bool("count_include_pad", true),
			Window: tensor.Window{
				KernelH: kernel[0], KernelW: kernel[1], StrideH: stride[0], StrideW: stride[1], DilationH: dilation[0], DilationW: dilation[1],
				PadTop: pad[0], PadLeft: pad[1], PadBottom: pad[0], PadRight: pad[1], CeilMode: n.Bool("ceil_mode", false),
			},
		}
		if n.Op == "avg_pool2d" {
			p.Kind = Avg
		} else {
			p.CountIncludePad = false
		}
		for _, isa := range asm.Supported() {
			var err error
			p.Kernels, err = asm.For(isa)
			require.NoError(t, err)
			for _, p.Layout = range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
				plan, err := New(p)
				require.NoError(t, err, c.Name)
				y := make([]float32, plan.Out().Elems())
				plan.Run(NewWorkspace(1, plan), y, ref.Convert(tensor.NCHW, p.Layout, p.In, x.Float32s()))
				o := plan.Out()
				c.Compare(t, plan.String(), n.Outputs[0], tensor.Of(tensor.D(o.N, o.C, o.H, o.W), ref.Convert(p.Layout, tensor.NCHW, o, y)))
			}
		}
	}
	t.Logf("%d cases", len(list))
}
