package graph

import (
	"fmt"
	"io"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// Model is a compiled network. It does not change: any number of goroutines may use it, each with a Session of its own.
type Model struct {
	source  *Graph
	options Options
	kernels *asm.Set
	steps   []step
	traced  []traced
	inputs  []Port
	outputs []Port
	buffers []buffer // by id: where each lies
	arena   int      // bytes
	scratch int      // floats of a worker
	sum     int      // bytes of all that is computed
	convs   []*conv.Plan
	pools   []*pool.Plan
	packed  []packed
	// Products that all workers make together, and small ones, of which each makes some.
	products, small []gemm.Product
	shared          *shared

	branches [][2]*Model // of the Ifs
	pool     *Pool       // of Run
	arrays   int         // of the step that takes most
	spans    []*buffer   // with Options.Poison: the pieces of the arena
}

// packed is weights of products, in float32 or bfloat16.
type packed interface {
	K() int
	N() int
	Bytes() int
}

// traced is what a step shows to a Trace.
type traced struct {
	name  string
	view  view // what the step writes
	shown view // what a Trace sees
	shows bool
}

// Inputs lists the inputs in their order.
func (m *Model) Inputs() []Port { return append([]Port(nil), m.inputs...) }

// Outputs lists the outputs in their order.
func (m *Model) Outputs() []Port { return append([]Port(nil), m.outputs...) }

// Arena is the number of bytes that intermediate values take in a session, and Values what they would take if each had its own.
func (m *Model) Arena() (arena, values int) { return m.arena, m.sum }

// With returns the same network for other types of the inputs: another batch or another size of pictures. Packed weights are shared where
// both models read them in the same order, and constants that are computed from others.
func (m *Model) With(inputs ...tensor.Type) (*Model, error) {
	if m.source == nil {
		return nil, fmt.Errorf("graph: With: the model was compiled with Options.Drop and has no graph any more")
	}
	g, err := m.source.With(inputs...)
	if err != nil {
		return nil, err
	}
	return g.compile(m.options, m.shared)
}

// Steps lists what a pass does: the names of nodes and what is done for them.
func (m *Model) Steps() (steps []string) {
	for i, s := range m.steps {
		steps = append(steps, m.traced[i].name+": "+s.String())
	}
	return steps
}

// Explain writes what a pass does: a line for every step, with the algorithm and the kernel that were chosen, and the place of what it
// computes. Steps that begin with "eval" have no kernel: the operator computes by itself.
func (m *Model) Explain(w io.Writer) error {
	for i, s := range m.steps {
		t := m.traced[i]
		where := "the caller's memory"
		if b := m.buffers[t.view.buf.id]; b.kind == inArena {
			where = fmt.Sprintf("arena %d to %d", b.offset, b.offset+b.bytes)
		}
		if _, err := fmt.Fprintf(w, "%-24s %v -> %v, %s\n", t.name, s, t.view, where); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "arena %d KiB for values of %d KiB, kernels %v\n", (m.arena+1023)/1024, (m.sum+1023)/1024, m.kernels.ISA)
	return err
}
