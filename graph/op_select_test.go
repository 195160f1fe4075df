package graph

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

func TestNonZero(t *testing.T) {
	y := evalOp(t, NonZero{}, floats32(tensor.D(2, 3), 0, 1, 2, 3, 0, -1))[0]
	require.Equal(t, tensor.T(tensor.Int64, 2, 4), y.Type())
	holds(t, y, 0, 0, 1, 1, 1, 2, 0, 2)
	holds(t, evalOp(t, NonZero{}, tensor.Scalar(true))[0], 0)
	require.Zero(t, evalOp(t, NonZero{}, longs(0, 0))[0].Len())
	_, err := NonZero{}.Infer([]Arg{{Type: tensor.T(tensor.Float32, 2)}})
	require.ErrorContains(t, err, "known only when the network runs")
}

func TestCompress(t *testing.T) {
	x := floats32(tensor.D(3, 2), 1, 2, 3, 4, 5, 6)
	cond := func(b ...bool) tensor.Array { return tensor.Vector(b) }
	holds(t, evalOp(t, Compress{}, x, cond(false, true, true))[0], 3, 4, 5, 6)
	holds(t, evalOp(t, Compress{Axis: -1}, x, cond(false, true))[0], 2, 4, 6)
	holds(t, evalOp(t, Compress{Flat: true}, x, cond(true, false, false, true))[0], 1, 4)
	wrong(t, "at most 2 bools", Compress{Axis: 1}, x, cond(true, true, true))
	wrong(t, "axis is 2", Compress{Axis: 2}, x, cond(true))
}

func TestUnique(t *testing.T) {
	y := evalOp(t, Unique{Flat: true}, floats32(tensor.D(6), 2, 1, 1, 3, 4, 3))
	holds(t, y[0], 1, 2, 3, 4)
	holds(t, y[1], 1, 0, 3, 4)
	holds(t, y[2], 1, 0, 0, 2, 3, 2)
	holds(t, y[3], 2, 1, 2, 1)
	y = evalOp(t, Unique{Flat: true, Unsorted: true}, longs(2, 1, 1, 3, 4, 3))
	holds(t, y[0], 2, 1, 3, 4)
	holds(t, y[1], 0, 1, 3, 4)
	holds(t, y[2], 0, 1, 1, 2, 3, 2)
	holds(t, y[3], 1, 2, 2, 1)
	y = evalOp(t, Unique{Axis: 1}, floats32(tensor.D(2, 3), 3, 1, 3, 4, 2, 4)) // columns
	require.Equal(t, tensor.D(2, 2), y[0].Dims())
	holds(t, y[0], 1, 3, 2, 4)
	holds(t, y[2], 1, 0, 1)
	wrong(t, "axis is 5", Unique{Axis: 5}, longs(1))
}

func TestNonMaxSuppression(t *testing.T) {
	boxes := floats32(tensor.D(1, 3, 4), 0, 0, 1, 1, 0, 0, 1, 0.9, 0, 5, 1, 6)
	scores := floats32(tensor.D(1, 1, 3), 0.8, 0.9, 0.1)
	three, half := tensor.Scalar(int64(3)), tensor.Scalar(float32(0.5))
	holds(t, evalOp(t, NonMaxSuppression{}, boxes, scores, three, half)[0], 0, 0, 1, 0, 0, 2)
	holds(t, evalOp(t, NonMaxSuppression{}, boxes, scores, three, half, half)[0], 0, 0, 1)
	holds(t, evalOp(t, NonMaxSuppression{}, boxes, scores, tensor.Scalar(int64(1)), half)[0], 0, 0, 1)
	require.Zero(t, evalOp(t, NonMaxSuppression{}, boxes, scores)[0].Len()) // without a number there are none
	centers := floats32(tensor.D(1, 3, 4), 0.5, 0.5, 1, 1, 0.5, 0.5, 1, 0.9, 5.5, 0.5, 1, 1)
	holds(t, evalOp(t, NonMaxSuppression{Center: true}, centers, scores, three, half)[0], 0, 0, 1, 0, 0, 2)
	wrong(t, "[1, classes, 3]", NonMaxSuppression{}, boxes, floats32(tensor.D(1, 1, 2), 1, 1))
}
