package graph

import (
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

func TestGridSample(t *testing.T) {
	x := floats32(tensor.D(1, 1, 2, 3), 1, 2, 3, 4, 5, 6)
	at := func(xy ...float32) tensor.Array { return floats32(tensor.D(1, 1, len(xy)/2, 2), xy...) }
	// Corners: -1 and 1 are the centres of the first and the last element; 0 is halfway.
	holds(t, evalOp(t, GridSample{Mode: Linear, Corners: true}, x, at(-1, -1, 1, 1, 0, 0, 0.5, -1, 2, 0))[0], 1, 6, 3.5, 2.5, 0)
	// Without them -1 is the edge: half of it lies outside, along both axes.
	holds(t, evalOp(t, GridSample{Mode: Linear}, x, at(-1, -1, 0, 0))[0], 0.25, 3.5)
	holds(t, evalOp(t, GridSample{Mode: Linear, Padding: GridBorder}, x, at(-1, -1, 9, 9))[0], 1, 6)
	holds(t, evalOp(t, GridSample{Mode: Linear, Padding: GridReflection, Corners: true}, x, at(-2, -1, 2, 1, 3, 1))[0], 2, 5, 4)
	holds(t, evalOp(t, GridSample{Padding: GridReflection}, x, at(-1.5, -0.5, 5./3, 0.5))[0], 1, 6)
	holds(t, evalOp(t, GridSample{}, x, at(-0.6, 0.5, 0, -0.5, 0, 3))[0], 4, 2, 0)
	// On the elements themselves all modes agree, and what is no number counts as outside.
	for _, mode := range []ResizeMode{Nearest, Linear, Cubic} {
		holds(t, evalOp(t, GridSample{Mode: mode, Corners: true}, x, at(0, 1, -1, 1))[0], 5, 4)
		nan := float32(math.NaN())
		holds(t, evalOp(t, GridSample{Mode: mode}, x, at(nan, 0, float32(math.Inf(1)), 0, 1e30, -1e30))[0], 0, 0, 0)
		for _, p := range []GridPadding{GridBorder, GridReflection} {
			evalOp(t, GridSample{Mode: mode, Padding: p}, x, at(nan, nan, float32(math.Inf(-1)), 0, 1e30, -1e30))
		}
	}
	// A grid of the identity gives the input back, in one to three axes.
	r := rand.New(rand.NewSource(7))
	for _, d := range []tensor.Dims{tensor.D(2, 3, 5), tensor.D(2, 3, 4, 5), tensor.D(2, 3, 2, 4, 3)} {
		x := random(r, d.Slice()...)
		n := d.Rank() - 2
		g := tensor.NewArray(tensor.Type{DType: tensor.Float32, Dims: tensor.D(append(append([]int{2}, d.Slice()[2:]...), n)...)})
		w := broadcast{dims: tensor.D(g.Dims().Slice()[:n+1]...)}
		for i := range g.Len() / n {
			for k := range n {
				g.SetFloat(i*n+n-1-k, (2*float64(w.at[k+1])+1)/float64(d.At(k+2))-1)
			}
			w.next()
		}
		y := evalOp(t, GridSample{Mode: Linear}, x, g)[0]
		for i := range y.Len() {
			require.InDelta(t, x.Float(i), y.Float(i), 1e-5)
		}
	}
	wrong(t, "the last of 2", GridSample{}, x, random(r, 1, 4, 4, 3))
	wrong(t, "Mode is 7", GridSample{Mode: 7}, x, at(0, 0))
}

func TestAffineGrid(t *testing.T) {
	unit := floats32(tensor.D(1, 2, 3), 1, 0, 0, 0, 1, 0)
	holds(t, evalOp(t, AffineGrid{Corners: true}, unit, longs(1, 1, 2, 3))[0], -1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1)
	holds(t, evalOp(t, AffineGrid{}, unit, longs(1, 1, 1, 2))[0], -0.5, 0, 0.5, 0)
	moved := floats32(tensor.D(1, 2, 3), 0, 2, 10, 1, 0, 20) // x and y change places
	holds(t, evalOp(t, AffineGrid{Corners: true}, moved, longs(1, 1, 2, 2))[0], 8, 19, 8, 21, 12, 19, 12, 21)
	deep := floats32(tensor.D(1, 3, 4), 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 5)
	holds(t, evalOp(t, AffineGrid{}, deep, longs(1, 1, 2, 1, 1))[0], 0, 0, 4.5, 0, 0, 5.5)
	wrong(t, "[1, 3, 4]", AffineGrid{}, unit, longs(1, 1, 2, 2, 2))
	// A picture through the grid of the identity is itself.
	x := random(rand.New(rand.NewSource(8)), 1, 2, 4, 5)
	y := evalOp(t, GridSample{Mode: Cubic}, x, evalOp(t, AffineGrid{}, unit, longs(1, 2, 4, 5))[0])[0]
	for i := range y.Len() {
		require.InDelta(t, x.Float(i), y.Float(i), 1e-5)
	}
}

func TestRoiAlign(t *testing.T) {
	x := tensor.NewArray(tensor.T(tensor.Float32, 2, 1, 4, 4)) // rows of ten, columns of one, images of a hundred
	for i := range x.Len() {
		x.SetFloat(i, float64(i/16*100+i/4%4*10+i%4))
	}
	roi := floats32(tensor.D(1, 4), 0, 0, 2, 2) // left, top, right, bottom
	// Centres of the bins at 0.5 and 1.5; half an element less with HalfPixel.
	holds(t, evalOp(t, RoiAlign{Height: 2, Width: 2, Samples: 1, Scale: 1}, x, roi, longs(1))[0], 105.5, 106.5, 115.5, 116.5)
	holds(t, evalOp(t, RoiAlign{Height: 2, Width: 2, Samples: 1, Scale: 1, HalfPixel: true}, x, roi, longs(0))[0], 0, 1, 10, 11)
	holds(t, evalOp(t, RoiAlign{Height: 1, Width: 1, Scale: 1}, x, roi, longs(0))[0], 11)    // 2 x 2 samples
	holds(t, evalOp(t, RoiAlign{Height: 1, Width: 1, Scale: 0.5}, x, roi, longs(0))[0], 5.5) // of 1 x 1
	holds(t, evalOp(t, RoiAlign{Height: 1, Width: 1, Samples: 1, Scale: 1, Max: true}, x, roi, longs(0))[0], 11)
	holds(t, evalOp(t, RoiAlign{Height: 1, Width: 1, Samples: 1, Scale: 1}, x, floats32(tensor.D(1, 4), 50, 50, 60, 60), longs(0))[0], 0)
	wrong(t, "Height is 0", RoiAlign{Width: 1}, x, roi, longs(0))
	wrong(t, "int64 [1]", RoiAlign{Width: 1, Height: 1}, x, roi, longs(0, 0))
	y := []tensor.Array{tensor.NewArray(tensor.T(tensor.Float32, 1, 1, 1, 1))}
	require.ErrorContains(t, RoiAlign{Height: 1, Width: 1}.Eval(y, []tensor.Array{x, roi, longs(2)}), "image 2")
	far := floats32(tensor.D(1, 4), 0, 0, 1e20, float32(math.NaN()))
	require.ErrorContains(t, RoiAlign{Height: 1, Width: 1, Scale: 1}.Eval(y, []tensor.Array{x, far, longs(0)}), "region 0")
	require.NoError(t, RoiAlign{Height: 1, Width: 1, Scale: 1, Samples: 2}.Eval(y, []tensor.Array{x, far, longs(0)}))
}

func TestMaxRoiPool(t *testing.T) {
	x := tensor.NewArray(tensor.T(tensor.Float32, 2, 1, 4, 4))
	for i := range x.Len() {
		x.SetFloat(i, float64(i))
	}
	roi := func(v ...float32) tensor.Array { return floats32(tensor.D(1, 5), v...) }
	holds(t, evalOp(t, MaxRoiPool{Height: 2, Width: 2, Scale: 1}, x, roi(1, 0, 0, 3, 3))[0], 21, 23, 29, 31)
	holds(t, evalOp(t, MaxRoiPool{Height: 1, Width: 2, Scale: 0.5}, x, roi(0, 2, 2, 4, 4))[0], 9, 10)
	holds(t, evalOp(t, MaxRoiPool{Height: 1, Width: 1, Scale: 1}, x, roi(0, 9, 9, 12, 12))[0], 0)
	nan := float32(math.NaN())
	evalOp(t, MaxRoiPool{Height: 2, Width: 2, Scale: 1}, x, roi(0, nan, 1e30, nan, -1e30))
	wrong(t, "[R, 5]", MaxRoiPool{Height: 1, Width: 1}, x, floats32(tensor.D(1, 4), 0, 0, 1, 1))
}

// TestGridCubicBorder: outside of the input each of the four elements is taken from the border, not the place.
func TestGridCubicBorder(t *testing.T) {
	x := floats32(tensor.D(1, 1, 1, 2), 0, 1)
	at := func(g float32) tensor.Array {
		return evalOp(t, GridSample{Mode: Cubic, Padding: GridBorder, Corners: true}, x, floats32(tensor.D(1, 1, 1, 2), g, 0))[0]
	}
	holds(t, at(-2), -0.09375)
	holds(t, at(2), 1.09375)
	holds(t, at(1e30), 1)
	holds(t, at(-1e30), 0)
}
