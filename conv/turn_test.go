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
