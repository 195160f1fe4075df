package graph

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// TestResizeWays: maps of several bands of lines, more lines and fewer, one axis or two, sums of two elements and of many, short pixels and long ones, with numbers
// that are none.
func TestResizeWays(t *testing.T) {
	linear := Resize{Mode: Linear, Coordinates: HalfPixel}
	cubicMode := Resize{Mode: Cubic, Coordinates: HalfPixel, CubicA: -0.75}
	smooth := Resize{Mode: Linear, Coordinates: HalfPixel, Antialias: true}
	for _, c := range []struct {
		op       Resize
		dims, to []int64
		last     bool
	}{
		{linear, []int64{2, 3, 21, 50}, []int64{2, 3, 150, 400}, false}, {cubicMode, []int64{1, 2, 21, 50}, []int64{1, 2, 150, 300}, false},
		{linear, []int64{1, 2, 300, 100}, []int64{1, 2, 200, 150}, false}, {cubicMode, []int64{1, 2, 150, 200}, []int64{1, 2, 100, 300}, false},
		{smooth, []int64{1, 3, 90, 80}, []int64{1, 3, 31, 23}, false}, {linear, []int64{7, 300, 9}, []int64{7, 300, 30}, false}, {linear, []int64{2, 9, 11}, []int64{2, 30, 11}, false},
		{linear, []int64{2, 9, 300}, []int64{2, 30, 300}, false}, {linear, []int64{2, 3, 30, 40}, []int64{2, 3, 60, 80}, true}, {cubicMode, []int64{1, 20, 9, 8}, []int64{1, 20, 18, 20}, true},
		{linear, []int64{3, 1, 1, 1}, []int64{3, 1, 7, 5}, false}, {Resize{Mode: Nearest, Coordinates: Asymmetric}, []int64{3, 2, 40, 70}, []int64{3, 2, 80, 211}, false},
	} {
		for _, special := range []bool{false, true} {
			for _, isa := range asm.Supported() {
				t.Run(fmt.Sprint(c, special, isa), func(t *testing.T) {
					r := rand.New(rand.NewSource(1))
					dims := make([]int, len(c.dims))
					for i, d := range c.dims {
						dims[i] = int(d)
					}
					if c.last {
						dims[1], dims[2], dims[3] = dims[2], dims[3], dims[1]
					}
					x := random(r, dims...)
					if data := tensor.Data[float32](x); special {
						for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e-40} {
							data[i*7919%len(data)] = float32(v)
						}
					}
					g := New()
					in, err := g.Input("x", x.Type())
					require.NoError(t, err)
					y := in
					if c.last {
						y = must(t, g, Transpose{tensor.D(0, 3, 1, 2)}, y)
					}
					y = must(t, g, c.op, y, nil, nil, g.Const("", tensor.Vector(c.to)))
					require.NoError(t, g.Output("y", y))
					want, err := g.Eval(x)
					require.NoError(t, err)
					kernels, err := asm.For(isa)
					require.NoError(t, err)
					m, err := g.Compile(Options{Kernels: kernels})
					require.NoError(t, err)
					got := []tensor.Array{tensor.NewArray(want[0].Type())}
					for i := range got[0].Len() {
						got[0].SetFloat(i, math.NaN())
					}
					require.NoError(t, m.NewSession(2).Run(got, []tensor.Array{x}))
					for i := range got[0].Len() {
						a, b := got[0].Float(i), want[0].Float(i)
						if a != b && !(a != a && b != b) && !(math.Abs(a-b) <= 1e-6*max(1, math.Abs(b))) {
							t.Fatalf("element %d: %v, want %v", i, a, b)
						}
					}
				})
			}
		}
	}
}
