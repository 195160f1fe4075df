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

// TestStoredBytes runs the poolings that TensorFlow Lite answered, in int8.
func TestStoredBytes(t *testing.T) {
	list := cases.List(t, "int8", func(c *cases.Case) bool {
		return c.Nodes[0].Op == "max_pool2d_s8" || c.Nodes[0].Op == "avg_pool2d_s8"
	})
	require.NotEmpty(t, list)
	for _, c := range list {
		n := &c.Nodes[0]
		x, y := c.Tensor("x"), c.Tensor("y")
		kernel, stride, pad := n.Ints("kernel"), n.Ints("stride"), n.Ints("pad_top_left")
		after := func(axis int) int {
			return max(0, (y.Shape[1+axis]-1)*stride[axis]+kernel[axis]-x.Shape[1+axis]-pad[axis])
		}
		p := Params{
			Kind: Max, In: tensor.Shape{N: x.Shape[0], H: x.Shape[1], W: x.Shape[2], C: x.Shape[3]}, Layout: tensor.NHWC,
			Window: tensor.Window{
				KernelH: kernel[0], KernelW: kernel[1], StrideH: stride[0], StrideW: stride[1], PadTop: pad[0], PadLeft: pad[1], PadBottom: after(0), PadRight: after(1),
			},
		}
		if n.Op == "avg_pool2d_s8" {
			p.Kind = Avg
		}
		l, err := NewBytes(p, Bytes{Signed: true, Lo: n.Int("act_min", -128), Hi: n.Int("act_max", 127)})
		require.NoError(t, err, c.Name)
		got := make([]byte, l.Out().Elems())
		l.Run(got, x.Raw())
		require.Equal(t, y.Raw(), got, "%s, %v", c.Name, l)
	}
	t.Logf("%d cases", len(list))
}
