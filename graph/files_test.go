package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/onnx"
)

// TestFilePasses: the networks of stored files are whole after each pass.
func TestFilePasses(t *testing.T) {
	for _, c := range cases.FileCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			f, err := onnx.Open(c.Path)
			require.NoError(t, err)
			o := onnx.Options{Dims: c.Bind, Shapes: make(map[string][]int)}
			for _, x := range c.Samples[0].Inputs {
				o.Shapes[x.Name] = x.Shape
			}
			g, err := f.Graph(o)
			require.NoError(t, err)
			require.NoError(t, graph.CheckPasses(g, graph.Options{}))
			require.NoError(t, graph.CheckPasses(g, graph.Options{Off: []string{"canon"}}))
		})
	}
}
