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

// TestStoredFixedPoint runs the convolutions and products that TensorFlow Lite answered, in int8 and fixed point, on every instruction set.
func TestStoredFixedPoint(t *testing.T) {
	list := cases.List(t, "int8", func(c *cases.Case) bool { return c.Tensor("multiplier") != nil })
	require.NotEmpty(t, list)
	kinds := make(map[string]int)
	for _, c := range list {
		n := &c.Nodes[0]
		kinds[n.Op]++
		x, w, b, y := c.Tensor("x"), c.Tensor("w"), c.Tensor("b"), c.Tensor("y")
		p := Params{InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Groups: n.Int("groups", 1), OutC: w.Shape[0]}
		p.In = tensor.Shape{N: x.Shape[0], H: 1, W: 1, C: x.Shape[len(x.Shape)-1]}
		p.Window = tensor.Window{KernelH: 1, KernelW: 1}
		if n.Op != "linear_s8" {
			stride, pads, dilation := n.Ints("stride"), n.Ints("pad_top_left"), n.Ints("dilation")
			p.In.H, p.In.W = x.Shape[1], x.Shape[2]
			after := func(in, out, k, stride, dilation, before int) int {
				return max(0, (out-1)*stride+(k-1)*dilation+1-in-before)
			}
			p.Window = tensor.Window{
				KernelH: w.Shape[1], KernelW: w.Shape[2], StrideH: stride[0], StrideW: stride[1], DilationH: dilation[0], DilationW: dilation[1], PadTop: pads[0], PadLeft: pads[1],
				PadBottom: after(x.Shape[1], y.Shape[1], w.Shape[1], stride[0], dilation[0], pads[0]), PadRight: after(x.Shape[2], y.Shape[2], w.Shape[2], stride[1], dilation[1], pads[1]),
			}
		}
		positions := p.Window.KernelH * p.Window.KernelW
		icg := p.In.C / p.Groups
		if n.Op == "depthwise_conv2d_s8" {
			p.Groups, p.OutC, icg = p.In.C, w.Shape[3], 1
		}
		weights := make([]int16, p.OutC*icg*positions)
		for i, v := range w.Ints() {
			oc, at, ic := i/(positions*icg), i/icg%positions, i%icg
			if n.Op == "depthwise_conv2d_s8" {
				oc, at, ic = i%p.OutC, i/p.OutC, 0
			}
			weights[(oc*icg+ic)*positions+at] = int16(v - n.Int("w_zero", 0))
		}
		q := Quantisation{
			Signed: true, Out: tensor.Int8, InZero: n.Int("x_zero", 0), OutZero: n.Int("y_zero", 0), Lo: n.Int("act_min", -128), Hi: n.Int("act_max", 127),
			Multiplier: perChannel(c.Tensor("multiplier"), p.OutC), Shift: perChannel(c.Tensor("shift"), p.OutC),
		}
		var bias []int32
		if b != nil {
			bias = perChannel(b, p.OutC)
		}
		for _, isa := range asm.Supported() {
			var err error
			p.Kernels, err = asm.For(isa)
			require.NoError(t, err)
			pl, err := NewQuantised(p, q, weights, bias, new(Packed))
			require.NoError(t, err, c.Name)
			got := make([]byte, pl.Out().Elems())
			pl.RunBytes(NewWorkspace(1, pl), got, x.Raw())
			require.Equal(t, y.Raw(), got, "%s, %v", c.Name, pl)
		}
	}
	t.Log(kinds)
}

// perChannel are the numbers of n channels: one may stand for all.
func perChannel(t *cases.Tensor, n int) (x []int32) {
	v := t.Ints()
	for i := range n {
		x = append(x, int32(v[min(i, len(v)-1)]))
	}
	return x
}
