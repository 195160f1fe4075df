package graph_test

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/nets"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// allocated is the memory that f takes from the heap, garbage included.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// held is the memory of f's result.
func held(f func() any) int {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	x := f()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(x)
	return int(after.HeapAlloc) - int(before.HeapAlloc)
}

// TestMemory compares with the heap's own counts. The heap rounds large blocks up to pages, and small ones to their classes.
func TestMemory(t *testing.T) {
	near := func(what string, got, want, allowed int) {
		t.Helper()
		t.Logf("%s: %d bytes, the heap says %d", what, got, want)
		require.InDelta(t, want, got, 0.01*float64(want)+float64(allowed), what)
	}
	for _, name := range []string{"resnet50", "mobilenetv2", "squeezenet11"} {
		stored, err := nets.Model(name, 1, 64)
		require.NoError(t, err)
		file, err := onnxfile.OfModel(stored)
		require.NoError(t, err)
		f, err := onnx.Read(bytes.NewReader(file.Bytes()))
		require.NoError(t, err)
		var g *graph.Graph
		g, err = f.Graph(onnx.Options{})
		require.NoError(t, err)
		var m *graph.Model
		constants := 0
		for _, n := range stored.Constants {
			constants += 4 * n.Len()
		}
		compiled := held(func() any {
			m, err = g.Compile(graph.Options{})
			require.NoError(t, err)
			return m
		})
		near(name+": what Compile adds", m.Memory(1).Weights-constants, compiled, 512<<10) // plans and steps are not weights
		for _, threads := range []int{1, 4} {
			s := allocated(func() { m.NewSession(threads) })
			near(name+": a session", m.Memory(threads).Session(), s, 32<<10)
		}
		runtime.KeepAlive(f)
	}
	require.Panics(t, func() { new(graph.Model).Memory(1) })
}

// TestMemoryThreads: scratch is of threads, the arena and the weights are not.
func TestMemoryThreads(t *testing.T) {
	g := graph.New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 1, 16, 32, 32))
	require.NoError(t, err)
	w := g.Const("w", tensor.NewArray(tensor.T(tensor.Float32, 16, 16, 3, 3)))
	for range 3 {
		out, err := g.Add("", graph.Conv{Window: graph.Window{Pads: tensor.D(1, 1, 1, 1)}}, x, w)
		require.NoError(t, err)
		x = out[0]
	}
	require.NoError(t, g.Output("y", x))
	m, err := g.Compile(graph.Options{Exact: true})
	require.NoError(t, err)
	one, four := m.Memory(1), m.Memory(4)
	require.Equal(t, one.Arena, four.Arena)
	require.Equal(t, one.Weights, four.Weights)
	require.Less(t, one.Workspaces, four.Workspaces)
	require.Equal(t, four.Arena+four.Workspaces, four.Session())
	require.GreaterOrEqual(t, one.Arena, 16*32*32*4)
	require.GreaterOrEqual(t, one.Weights, 16*16*9*4)
}
