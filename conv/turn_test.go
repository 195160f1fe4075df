package conv

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// TestTurn has data along H, one pixel wide: right with every algorithm, computed like data along W, and described as it was given.
func TestTurn(t *testing.T) {
	for _, problem := range []string{
		"conv n2c9h40w1 k20r5s1 p2,0,2,0", "conv n1c3h57w1 k33r4s3 s2x1 d3x1 p1,1,4,1", "conv n1c12h30w1 k12r3s2 s1x3 d1x2 p1,2,1,1 g3",
		"conv n1c40h37w1 k40r3s1 p1,0,1,0 g40", "conv n2c20h31w1 k20r3s3 s2 p1 g20", "conv n1c16h29w1 k24r3s3 p1", "conv n1c70h90w1 k3r1s1",
		"conv n2c18h41w1 k30r1s1 s3x1",
	} {
		q, err := shapes.ParseConv(problem)
		require.NoError(t, err)
		for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
			q.Layout = layout
			p := Params{In: q.In, OutC: q.OutC, Window: q.Window.Normal(), Groups: q.Groups, InLayout: layout, OutLayout: layout, Residual: true}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 5, 4) })
			want, _, _ := reference(p, o)
			for _, name := range append(Algorithms(), "") {
				if name != "" && !Applies(name, p) {
					continue
				}
				p.Algorithm = name
				for _, isa := range asm.Supported() {
					p.Kernels, err = asm.For(isa)
					require.NoError(t, err)
					pl, err := New(p, o.w, o.b)
					require.NoError(t, err)
					require.Equal(t, 1, pl.p.In.H)
					require.Equal(t, p, pl.Params())
					require.Equal(t, q.Out(), pl.Out())
					require.Contains(t, pl.String(), q.String())
					if d, ok := pl.runner.(*direct); ok && isa != asm.Generic {
						require.Greater(t, d.runs[0].rows, 1)
					}
					for i, y := range o.run(t, pl, 2, false) {
						if d := math.Abs(float64(y) - want[i]); d != 0 && (!strings.HasPrefix(name, "winograd") || !(d < 0.01)) { // the inputs are integers
							require.Equal(t, want[i], y, "%v element %d", pl, i)
						}
					}
				}
			}
		}
	}
}

// TestColumns has kernels as wide as the input: direct takes the pixels of the output, which lie below each other, in tiles.
func TestColumns(t *testing.T) {
	for _, problem := range []string{
		"conv n2c12h40w5 k20r3s5 p1,0,2,0", "conv n1c64h25w5 k112r2s3 s1x2 d1x2 p2,0,0,0", "conv n1c16h50w9 k24r3s8 s2x3", "conv n2c18h30w4 k30r3s4 d3x1 p2,0,2,0 g3",
		"conv n1c20h31w3 k9r1s3", "conv n1c9h60w7 k33r5s3 s1x9 p9,1,9,3", "conv n1c40h22w6 k20r4s3 s1x2 d1x4 p1,3,2,1", "conv n1c3h40w6 k20r3s6", "conv n3c256h20w2 k40r2s2 p1,0,0,0",
		"conv n1c16h200w2 k8r1s4 p60,1,70,1",
	} {
		q, err := shapes.ParseConv(problem)
		require.NoError(t, err)
		for layouts := range 4 {
			p := Params{
				In: q.In, OutC: q.OutC, Window: q.Window.Normal(), Groups: q.Groups, InLayout: tensor.Layout(layouts & 1), OutLayout: tensor.Layout(layouts >> 1),
				Residual: layouts > 1, Activation: Activation{Kind: asm.ReLU},
			}
			if p.InLayout == tensor.NHWC {
				p.InStride = p.In.C + 3
			}
			if p.OutLayout == tensor.NHWC {
				p.OutStride = p.OutC + 5
			}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillInts(x, 5, 4) })
			same := integers(t, p, o)
			each(t, p, o, func(pl *Plan) {
				d, ok := pl.runner.(*direct)
				if ok {
					require.Equal(t, !d.planes, d.down, "%v", pl)
				}
				if ok && d.down && pl.p.Kernels.ISA != asm.Generic {
					require.Greater(t, d.runs[len(d.runs)/2].rows, 1, "%v", pl)
				}
				for _, threads := range []int{1, 3} {
					same(pl, o.run(t, pl, threads, false))
				}
			})
		}
	}
}

// TestTurnedChain joins convolutions of data along H.
func TestTurnedChain(t *testing.T) {
	in := tensor.Shape{N: 1, C: 64, H: 9000, W: 1}
	p := Params{In: in, OutC: in.C, Groups: in.C, Window: tensor.Window{KernelH: 3, KernelW: 1, PadTop: 1, PadBottom: 1}, InLayout: tensor.NHWC, OutLayout: tensor.NHWC}
	dw, err := New(p, make([]float32, 3*in.C), nil)
	require.NoError(t, err)
	p.Groups, p.Window = 1, tensor.Window{KernelH: 1, KernelW: 1}
	pw, err := New(p, make([]float32, in.C*in.C), nil)
	require.NoError(t, err)
	if pl := join([]*Plan{dw, pw}); pl != nil {
		require.Equal(t, in, pl.Params().In)
		require.Equal(t, in, pl.Out())
	}
	p.In.H, p.In.W = 1, in.H
	along, err := New(p, make([]float32, in.C*in.C), nil)
	require.NoError(t, err)
	require.Nil(t, join([]*Plan{dw, along}), "shapes differ")
}
