package graph

import (
	"math"
	"math/cmplx"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// evalOp computes an operator whose inputs are constants.
func evalOp(t testing.TB, op Op, in ...tensor.Array) []tensor.Array {
	t.Helper()
	types, err := op.Infer(arraysAsArgs(in))
	require.NoError(t, err)
	out := make([]tensor.Array, len(types))
	for i, ty := range types {
		out[i] = tensor.NewArray(ty)
		for k := range out[i].Len() {
			out[i].SetInt(k, 77)
		}
	}
	require.NoError(t, op.Eval(out, in))
	return out
}

// floats32 are elements of a tensor of the given dims.
func floats32(d tensor.Dims, x ...float32) tensor.Array { return tensor.Of(d, x) }

func longs(x ...int64) tensor.Array { return tensor.Vector(x) }

// holds compares elements with those that are wanted.
func holds(t testing.TB, a tensor.Array, want ...float64) {
	t.Helper()
	require.Equal(t, len(want), a.Len(), "%v", a.Type())
	for i, w := range want {
		require.InDelta(t, w, a.Float(i), 1e-5, "element %d of %v", i, a.Type())
	}
}

// wrong says that an operator refuses inputs, with an error that has some words.
func wrong(t testing.TB, words string, op Op, in ...tensor.Array) {
	t.Helper()
	_, err := op.Infer(arraysAsArgs(in))
	require.ErrorContains(t, err, words)
}

func TestWindows(t *testing.T) {
	four := tensor.Scalar(int32(4))
	holds(t, evalOp(t, HannWindow{Periodic: true}, four)[0], 0, 0.5, 1, 0.5)
	holds(t, evalOp(t, HannWindow{}, tensor.Scalar(int64(5)))[0], 0, 0.5, 1, 0.5, 0)
	holds(t, evalOp(t, HammingWindow{Periodic: true}, four)[0], 4./46, 25./46, 1, 25./46)
	holds(t, evalOp(t, BlackmanWindow{Periodic: true}, four)[0], 0, 0.34, 1, 0.34)
	require.Equal(t, tensor.T(tensor.Float64, 1), evalOp(t, BlackmanWindow{DType: tensor.Float64}, tensor.Scalar(int32(1)))[0].Type())
	require.Zero(t, evalOp(t, HannWindow{}, tensor.Scalar(int32(0)))[0].Len())
	wrong(t, "size is [-1]", HannWindow{}, tensor.Scalar(int32(-1)))
	wrong(t, "want a numeric type", HannWindow{DType: tensor.Bool}, four)
	wrong(t, "float32", HammingWindow{}, tensor.Scalar(float32(1)))
}

func TestMelWeightMatrix(t *testing.T) {
	in := func(filters, length, rate int32, lo, hi float32) []tensor.Array {
		return []tensor.Array{tensor.Scalar(filters), tensor.Scalar(length), tensor.Scalar(rate), tensor.Scalar(lo), tensor.Scalar(hi)}
	}
	y := evalOp(t, MelWeightMatrix{}, in(3, 64, 16000, 0, 8000)...)[0]
	require.Equal(t, tensor.T(tensor.Float32, 33, 3), y.Type())
	for f := range 3 { // triangles: up to 1 and down again
		top, sum := 0.0, 0.0
		for i := range 33 {
			v := y.Float(i*3 + f)
			require.True(t, v >= 0 && v <= 1)
			top, sum = max(top, v), sum+v
		}
		require.EqualValues(t, 1, top)
		require.Greater(t, sum, 1.0)
	}
	wrong(t, "frequencies", MelWeightMatrix{}, in(3, 64, 16000, 9000, 8000)...)
	wrong(t, "-1 filters", MelWeightMatrix{}, in(-1, 64, 16000, 0, 8000)...)
}

// transform is the definition.
func transform(x []complex128, inverse bool) []complex128 {
	n := len(x)
	y := make([]complex128, n)
	for k := range y {
		for i, v := range x {
			a := -2 * math.Pi * float64(i) * float64(k) / float64(n)
			if inverse {
				a = -a
			}
			y[k] += v * cmplx.Rect(1, a)
		}
		if inverse {
			y[k] /= complex(float64(n), 0)
		}
	}
	return y
}

func TestDFT(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	x := random(r, 2, 7, 3, 2)
	for _, length := range []int{7, 5, 9} {
		for _, inverse := range []bool{false, true} {
			y := evalOp(t, DFT{Inverse: inverse}, x, tensor.Scalar(int64(length)), tensor.Scalar(int64(1)))[0]
			require.Equal(t, tensor.T(tensor.Float32, 2, length, 3, 2), y.Type())
			for i := range 2 {
				for j := range 3 {
					c := make([]complex128, length)
					for k := range min(length, 7) {
						at := ((i*7+k)*3 + j) * 2
						c[k] = complex(x.Float(at), x.Float(at+1))
					}
					for k, w := range transform(c, inverse) {
						at := ((i*length+k)*3 + j) * 2
						require.InDelta(t, real(w), y.Float(at), 1e-5)
						require.InDelta(t, imag(w), y.Float(at+1), 1e-5)
					}
				}
			}
		}
	}
	whole := evalOp(t, DFT{}, random(rand.New(rand.NewSource(3)), 2, 6, 1))[0]
	half := evalOp(t, DFT{OneSided: true}, random(rand.New(rand.NewSource(3)), 2, 6, 1))[0]
	require.Equal(t, tensor.D(2, 4, 2), half.Dims())
	for i := range half.Len() {
		require.Equal(t, whole.Float(i/8*12+i%8), half.Float(i))
	}
	wrong(t, "axis is 3", DFT{}, x, tensor.Array{}, tensor.Scalar(int64(3)))
	wrong(t, "OneSided is set", DFT{OneSided: true}, x)
	wrong(t, "both", DFT{OneSided: true, Inverse: true}, x)
	wrong(t, "the length is 0", DFT{}, x, tensor.Scalar(int64(0)))
}

func TestSTFT(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	x, w := random(r, 2, 20, 1), random(r, 6)
	for _, one := range []bool{false, true} {
		y := evalOp(t, STFT{OneSided: one}, x, tensor.Scalar(int64(4)), w)[0]
		bins := 6
		if one {
			bins = 4
		}
		require.Equal(t, tensor.D(2, 4, bins, 2), y.Dims())
		for i := range 2 * 4 {
			c := make([]complex128, 6)
			for k := range c {
				c[k] = complex(x.Float(i/4*20+i%4*4+k)*w.Float(k), 0)
			}
			for k, v := range transform(c, false)[:bins] {
				require.InDelta(t, real(v), y.Float((i*bins+k)*2), 1e-5)
				require.InDelta(t, imag(v), y.Float((i*bins+k)*2+1), 1e-5)
			}
		}
	}
	require.Equal(t, tensor.D(2, 8, 6, 2), evalOp(t, STFT{}, x, tensor.Scalar(int64(2)), tensor.Array{}, tensor.Scalar(int64(6)))[0].Dims())
	wrong(t, "the step is [0]", STFT{}, x, tensor.Scalar(int64(0)), w)
	wrong(t, "the length is [5]", STFT{}, x, tensor.Scalar(int64(2)), w, tensor.Scalar(int64(5)))
	wrong(t, "length of a piece is 21", STFT{}, x, tensor.Scalar(int64(2)), tensor.Array{}, tensor.Scalar(int64(21)))
}
