package onnx

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

func TestFile(t *testing.T) {
	f, err := Read(bytes.NewReader(tiny()))
	require.NoError(t, err)
	require.Equal(t, 17, f.Opset())
	require.Equal(t, "test", f.Producer())
	require.Equal(t, "tiny", f.Name())
	require.Equal(t, map[string]string{"key": "value"}, f.Metadata())
	require.Equal(t, map[string]int{"Conv": 1, "Relu": 1}, f.Operators())
	require.Equal(t, "x float32 [batch, 3, 8, 8]", f.Inputs()[0].String())
	require.Equal(t, "y float32 [batch, 2, 6, 6]", f.Outputs()[0].String())

	for _, o := range []Options{{}, {Dims: map[string]int{"batch": 1}}, {Shapes: map[string][]int{"x": {1, 3, 8, 8}}}} {
		g, err := f.Graph(o)
		require.NoError(t, err)
		require.Equal(t, tensor.T(tensor.Float32, 1, 3, 8, 8), g.Inputs()[0].Type)
		require.Equal(t, tensor.T(tensor.Float32, 1, 2, 6, 6), g.Outputs()[0].Type)
	}
	g, err := f.Graph(Options{Dims: map[string]int{"batch": 5}})
	require.NoError(t, err)
	require.Equal(t, tensor.T(tensor.Float32, 5, 2, 6, 6), g.Outputs()[0].Type)
	_, err = f.Graph(Options{Shapes: map[string][]int{"x": {1, 4, 8, 8}}})
	require.ErrorContains(t, err, `input "x": Options.Shapes has 4 for axis 1, want 3 as the file has`)
	_, err = f.Graph(Options{Shapes: map[string][]int{"z": {1}}})
	require.ErrorContains(t, err, `Options.Shapes has "z", which is no input`)
}

// double is an operator of a user's own.
type double struct{}

func (double) Infer(in []graph.Arg) ([]tensor.Type, error) { return []tensor.Type{in[0].Type}, nil }

func (double) Eval(out, in []tensor.Array) error {
	x, y := tensor.Data[float32](in[0]), tensor.Data[float32](out[0])
	for i, v := range x {
		y[i] = 2 * v
	}
	return nil
}

// TestOwnOperator has an operator in place of one of the file's.
func TestOwnOperator(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tiny.onnx")
	require.NoError(t, os.WriteFile(path, tiny(), 0o600))
	run := func(o Options) []float32 {
		m, err := Load(path, o)
		require.NoError(t, err)
		x, y := tensor.NewArray(m.Inputs()[0].Type), tensor.NewArray(m.Outputs()[0].Type)
		for i := range x.Len() {
			x.SetFloat(i, float64(i%7))
		}
		require.NoError(t, m.NewSession(1).Run([]tensor.Array{y}, []tensor.Array{x}))
		return tensor.Data[float32](y)
	}
	relu := run(Options{})
	doubled := run(Options{Ops: map[string]func(Node) (graph.Op, error){"Relu": func(n Node) (graph.Op, error) {
		require.Equal(t, "relu0", n.Name())
		return double{}, nil
	}}})
	for i, v := range relu {
		if v > 0 {
			require.Equal(t, 2*v, doubled[i])
		} else {
			require.LessOrEqual(t, doubled[i], float32(0))
		}
	}
}
