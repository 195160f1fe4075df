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

// TestMemoryProducts: the scratch of products of matrices is a session's from the start, and counted: the first pass allocates nothing.
func TestMemoryProducts(t *testing.T) {
	g := graph.New()
	var in []*graph.Value
	for i, d := range []tensor.Dims{tensor.D(300, 700), tensor.D(500, 700), tensor.D(30, 100, 100), tensor.D(30, 90, 100), tensor.D(20, 2, 90), tensor.D(600, 5)} {
		v, err := g.Input(string(rune('a'+i)), tensor.Type{DType: tensor.Float32, Dims: d})
		require.NoError(t, err)
		in = append(in, v)
	}
	node := func(op graph.Op, in ...*graph.Value) *graph.Value {
		out, err := g.Add("", op, in...)
		require.NoError(t, err)
		require.NoError(t, g.Output("y"+out[0].Name(), out[0]))
		return out[0]
	}
	konst := func(dims ...int) *graph.Value { return g.Const("", tensor.NewArray(tensor.T(tensor.Float32, dims...))) }
	node(graph.Gemm{Alpha: 1, Beta: 1, TransB: true}, in[0], in[1])
	node(graph.Gemm{Alpha: 1, Beta: 1, TransA: true}, in[0], node(graph.MatMul{}, in[0], konst(700, 90)))
	node(graph.Gemm{Alpha: 1, Beta: 1, TransA: true}, in[5], konst(600, 700))
	node(graph.MatMul{}, in[2], node(graph.Transpose{Perm: tensor.D(0, 2, 1)}, in[3]))
	node(graph.NewLSTM(150, graph.Forward, false, 0), in[4], konst(1, 600, 90), konst(1, 600, 150))
	node(graph.NewGRU(150, graph.Forward, false, 0, false), in[4], konst(1, 450, 90), konst(1, 450, 150))
	m, err := g.Compile(graph.Options{})
	require.NoError(t, err)
	arrays := func(ports []graph.Port) (list []tensor.Array) {
		for _, p := range ports {
			list = append(list, tensor.NewArray(p.Type))
		}
		return list
	}
	x, y := arrays(m.Inputs()), arrays(m.Outputs())
	for _, threads := range []int{1, 2} {
		var s *graph.Session
		took := allocated(func() { s = m.NewSession(threads) })
		require.InDelta(t, took, m.Memory(threads).Session(), 0.01*float64(took)+(32<<10))
		require.Less(t, allocated(func() { require.NoError(t, s.Run(y, x)) }), 16<<10, "the first pass, %d threads", threads)
	}
}
