package layers

import (
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/internal/transpose"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// Session is what one pass at a time needs: memory for the intermediate maps and a limit on threads.
type Session struct {
	// Trace, when it is set, is called after every step with the name of the (last) layer that the step
	// computes and its output, in NCHW whatever the options; x is the function's to keep. Layers that move nothing have
	// no step. A pass with a Trace allocates.
	Trace func(name string, s tensor.Shape, x []float32)

	m       *Model
	vals    [][]float32 // by root
	conv    *conv.Workspace
	pool    *pool.Workspace
	gemm    *gemm.Workspace
	workers []*worker
	now     parted // the step that fork runs

	dst1, src1 [1][]float32 // Forward's arguments for ForwardAll
}

// worker is what one worker of a step writes to.
type worker struct {
	elem.Worker
	turn transpose.Worker
}

// NewSession returns a session whose passes use at most the given number of threads; 0 means GOMAXPROCS.
func (m *Model) NewSession(threads int) *Session {
	s := &Session{
		m:    m,
		vals: make([][]float32, len(m.places)),
		conv: conv.NewWorkspace(threads, m.convs...),
		pool: pool.NewWorkspace(threads, m.pools...),
		gemm: gemm.NewWorkspaceFor(m.kernels, threads),
	}
	for range par.Limit(threads) {
		s.workers = append(s.workers, new(worker))
	}
	arena := mem.Floats(m.arena)
	for r, p := range m.places {
		if p.kind == inArena {
			s.vals[r] = arena[p.at : p.at+p.n : p.at+p.n]
		}
	}
	return s
}

// The messages of what Forward and ForwardAll panic with.
const (
	notSingle    = "layers: Forward: the network has several inputs or outputs: use ForwardAll"
	wrongInputs  = "layers: ForwardAll: len(src) is not the number of inputs"
	wrongOutputs = "layers: ForwardAll: len(dst) is not the number of outputs"
	wrongSrc     = "layers: len(src) is not the input's size"
	wrongDst     = "layers: len(dst) is not the output's size"
)

// Forward runs a network with one input and one output: src and dst have exactly their sizes, in
// Options.Layout, and must not overlap. It does not allocate. It panics when a length is wrong.
func (s *Session) Forward(dst, src []float32) {
	if len(s.m.inputs) != 1 || len(s.m.outputs) != 1 {
		panic(notSingle)
	}
	s.dst1[0], s.src1[0] = dst, src
	s.ForwardAll(s.dst1[:], s.src1[:])
	s.dst1[0], s.src1[0] = nil, nil
}

// ForwardAll is Forward for networks with several inputs or outputs, in the order of the graph's calls
// to Input and Output.
func (s *Session) ForwardAll(dst, src [][]float32) {
	m := s.m
	if len(src) != len(m.inputs) {
		panic(wrongInputs)
	}
	if len(dst) != len(m.outputs) {
		panic(wrongOutputs)
	}
	for i, x := range src {
		if len(x) != m.inputs[i].shape.Elems() {
			panic(wrongSrc)
		}
	}
	for i, x := range dst {
		if len(x) != m.outputs[i].shape.Elems() {
			panic(wrongDst)
		}
	}
	s.bind(dst, src)
	for i, t := range m.steps {
		t.run(s)
		if s.Trace != nil {
			s.trace(&m.traced[i])
		}
	}
	for r, p := range m.places { // do not keep the caller's memory alive
		if p.kind == inInput || p.kind == inOutput {
			s.vals[r] = nil
		}
	}
}

// bind gives the roots that lie with the caller their memory.
func (s *Session) bind(dst, src [][]float32) {
	for r, p := range s.m.places {
		switch p.kind {
		case inInput:
			s.vals[r] = src[p.at]
		case inOutput:
			s.vals[r] = dst[p.at][p.skip:]
		}
	}
}

func (s *Session) trace(t *traced) {
	x := make([]float32, t.shape.Elems())
	if t.stride == 0 {
		copy(x, s.vals[t.root])
	} else {
		for p, c := 0, t.shape.C; p*c < len(x); p++ {
			copy(x[p*c:(p+1)*c], s.vals[t.root][p*t.stride:])
		}
	}
	from := t.shape
	if t.from != (tensor.Shape{}) {
		from = t.from
	}
	if !t.planar && !sameOrder(from) {
		n, pixels := from.C*from.H*from.W, from.H*from.W
		nhwc := append([]float32(nil), x...)
		for i := 0; i < len(x); i += n {
			s.workers[0].turn.Do(s.m.kernels, x[i:i+n], pixels, nhwc[i:i+n], from.C, pixels, from.C)
		}
	}
	s.Trace(t.name, t.shape, x)
}

// fork runs the parts of a step on the session's workers.
func (s *Session) fork(t parted) {
	s.now = t
	par.Run(task{s}, t.parts(), len(s.workers))
	s.now = nil
}

// task makes a session a task of the package par without showing it to users.
type task struct{ *Session }

func (t task) Do(worker, i int) { t.now.part(t.Session, t.workers[worker], i) }
