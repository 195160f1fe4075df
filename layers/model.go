package layers

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// Options say how a network is compiled. The zero value is right for ONNX and PyTorch data.
type Options struct {
	Layout  tensor.Layout // of the network's inputs and outputs in the caller's memory
	Kernels *asm.Set      // nil means asm.Kernels()
	// Exact forbids convolutions that round differently from plain sums: Winograd's algorithm, which is taken where it is faster. Its error is about
	// three times that of a sum in float32.
	Exact bool
	// WeightLimit is a number of bytes for packed weights, beyond which Winograd's algorithm is not taken: its weights are four times as many. 0 means that
	// there is no limit.
	WeightLimit int
	// Precision says which numbers the network computes with. One that would be slower with Kernels is an error, unless Force is set: that is for tests.
	Precision graph.Precision
	Force     bool
	Unfused   bool // every layer by itself, so that a Session's Trace sees them all; slower
	Poison    bool // for tests: memory that holds nothing of use is filled with NaN; slow
}

// graph returns the options of the graph beneath.
func (o Options) graph() (graph.Options, error) {
	if o.Layout != tensor.NCHW && o.Layout != tensor.NHWC {
		return graph.Options{}, fmt.Errorf("layers: Options.Layout is %v, want NCHW or NHWC", o.Layout)
	}
	kernels, err := o.Kernels.Or()
	if err != nil {
		return graph.Options{}, fmt.Errorf("layers: Options: %w", err)
	}
	g := graph.Options{Kernels: kernels, Exact: o.Exact, WeightLimit: o.WeightLimit, Precision: o.Precision, Force: o.Force, ChannelsLast: o.Layout == tensor.NHWC, Poison: o.Poison}
	if o.Unfused {
		g.Off = graph.Unfused()
	}
	return g, nil
}

// Model is a compiled network: steps, weights and a plan for its memory. It is immutable, and any number
// of goroutines may run it, each with a Session of its own.
type Model struct {
	net  *graph.Model
	rows []row
	pool *Pool // of Run
}

func newModel(net *graph.Model, rows []row) *Model {
	m := &Model{net: net, rows: rows}
	m.pool = m.NewPool(runtime.GOMAXPROCS(0), 1)
	return m
}

const noModel = "layers: the model is nil or was not made by Compile"

// Compile makes a model of the graph, which stays as it is.
func (g *Graph) Compile(o Options) (*Model, error) {
	if g.err != nil {
		return nil, g.err
	}
	opts, err := o.graph()
	if err != nil {
		return nil, err
	}
	m, err := g.net.Compile(opts)
	if err != nil {
		return nil, fmt.Errorf("layers: %w", err)
	}
	return newModel(m, slices.Clone(g.rows)), nil
}

// With returns the same network for inputs of other shapes: another batch, another size of pictures.
func (m *Model) With(in ...tensor.Shape) (*Model, error) {
	if m == nil || m.net == nil {
		return nil, errors.New(noModel)
	}
	var types []tensor.Type
	for i, s := range in {
		if err := s.Check(); err != nil {
			return nil, fmt.Errorf("layers: input %d: %w", i, err)
		}
		types = append(types, tensor.T(tensor.Float32, s.N, s.C, s.H, s.W))
	}
	net, err := m.net.With(types...)
	if err != nil {
		return nil, fmt.Errorf("layers: %w", err)
	}
	return newModel(net, m.rows), nil
}

// Memory is what the model takes, and what a session with so many threads would take, so that a server can refuse before it allocates.
func (m *Model) Memory(threads int) graph.Memory {
	if m == nil || m.net == nil {
		panic(noModel)
	}
	return m.net.Memory(threads)
}

// Net returns the model of the operators beneath the layers.
func (m *Model) Net() *graph.Model { return m.net }

// Inputs returns the shapes of the network's inputs.
func (m *Model) Inputs() []tensor.Shape { return portShapes(m.net.Inputs()) }

// Outputs returns the shapes of the network's outputs.
func (m *Model) Outputs() []tensor.Shape { return portShapes(m.net.Outputs()) }

func portShapes(ports []graph.Port) (s []tensor.Shape) {
	for _, p := range ports {
		s = append(s, shapeOf(p.Type.Dims))
	}
	return s
}

// Explain writes what a pass does: a line for every step, with the algorithm and the kernel that were
// chosen, and the place of what it computes.
func (m *Model) Explain(w io.Writer) error {
	if m == nil || m.net == nil {
		return errors.New(noModel)
	}
	return m.net.Explain(w)
}
