package graph

import (
	"errors"
	"fmt"
	"time"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/internal/transpose"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// Session is what one pass at a time needs: memory for the intermediate values and a limit on threads. Goroutines do not share it, and Trace
// does not begin another pass of it: that is a panic.
type Session struct {
	// Trace, when it is set, is called after every step with the name of the (last) node that the step computes and its
	// output in row-major order, which is the function's to keep. What moves nothing has no step. A pass with a
	// Trace allocates.
	Trace func(node string, x tensor.Array)
	// Profile, when it is set, takes the times of the steps. It is one of this model's, and no two sessions have the same.
	Profile *Profile

	busy    par.Busy
	m       *Model
	arena   []byte
	bufs    [][]byte // by buffer
	conv    *conv.Workspace
	pool    *pool.Workspace
	gemm    *gemm.Workspace
	workers []*worker
	now     parted         // the step that fork runs
	err     error          // of a step
	inner   [][2]*Session  // of the branches of an If, by number
	arrays  []tensor.Array // of the step that takes arrays
}

// worker is what one worker of a step writes to.
type worker struct {
	elem.Worker
	turn   transpose.Worker
	poolU8 asm.PoolU8Args
	line   [2][accLen]float32 // rows of a reduction; operands of a normalisation
	lines  [lineLen]float32   // a row, or short ones one after the other

	starts  [accLen]int     // of rows that are picked
	scratch []float32       // Model.scratch of them
	gemm    *gemm.Workspace // of one thread
	row     rowArgs
	acc     [accLen]float64    // of a reduction
	norm    [3][accLen]float64 // of channels that are normalised
}

// lineLen is the number of elements of a row that is made at a time.
const lineLen = 512

// NewSession returns a session whose passes use at most the given number of threads; 0 means GOMAXPROCS, and a negative number
// panics.
func (m *Model) NewSession(threads int) *Session {
	if m == nil || m.kernels == nil {
		panic(noModel)
	}
	s := &Session{
		m:      m,
		bufs:   make([][]byte, len(m.buffers)),
		conv:   conv.NewWorkspace(threads, m.convs...),
		pool:   pool.NewWorkspace(threads, m.pools...),
		arrays: make([]tensor.Array, m.arrays),
		gemm:   gemm.NewWorkspaceFor(m.kernels, threads, m.products...),
	}
	for range par.Limit(threads) {
		s.workers = append(s.workers, &worker{scratch: mem.Floats(m.scratch), gemm: gemm.NewWorkspaceFor(m.kernels, 1, m.small...)})
	}
	for _, b := range m.branches {
		var pair [2]*Session
		for i := range b {
			if b[i] != nil {
				pair[i] = b[i].NewSession(threads)
			}
		}
		s.inner = append(s.inner, pair)
	}
	arena := mem.Bytes(m.arena)
	s.arena = arena
	for i, b := range m.buffers {
		switch b.kind {
		case inArena:
			if b.last >= 0 {
				s.bufs[i] = arena[b.offset:][:b.bytes:b.bytes]
			}
		case isConst:
			s.bufs[i] = b.konst
		}
	}
	return s
}

// Run computes the outputs dst from the inputs src, in the order of the network's inputs and outputs. All have exactly the network's types,
// and no output overlaps another operand. It does not allocate. An error says which operand has another type, or which operator found its input
// wrong (an index outside of what it indexes, for instance). It panics when the session is in use.
func (s *Session) Run(dst, src []tensor.Array) error {
	if s == nil || s.m == nil {
		panic(noSession)
	}
	s.busy.Enter(busySession)
	defer s.leave()
	m := s.m
	if len(src) != len(m.inputs) || len(dst) != len(m.outputs) {
		return fmt.Errorf("graph: Run has %d inputs and %d outputs, want %d and %d", len(src), len(dst), len(m.inputs), len(m.outputs))
	}
	for i := range src {
		if src[i].Type() != m.inputs[i].Type {
			return fmt.Errorf("graph: input %q is %v, want %v", m.inputs[i].Name, src[i].Type(), m.inputs[i].Type)
		}
	}
	for i := range dst {
		if dst[i].Type() != m.outputs[i].Type {
			return fmt.Errorf("graph: output %q is %v, want %v", m.outputs[i].Name, dst[i].Type(), m.outputs[i].Type)
		}
		for _, x := range src {
			if !mem.Apart(dst[i].Bytes(), x.Bytes()) {
				return fmt.Errorf("graph: output %q overlaps an input, want memory of its own", m.outputs[i].Name)
			}
		}
		for _, x := range dst[:i] {
			if !mem.Apart(dst[i].Bytes(), x.Bytes()) {
				return fmt.Errorf("graph: output %q overlaps another output, want memory of its own", m.outputs[i].Name)
			}
		}
	}
	for i := range m.buffers {
		switch b := &m.buffers[i]; b.kind {
		case inInput:
			s.bufs[i] = src[b.index].Bytes()
		case inOutput:
			s.bufs[i] = dst[b.index].Bytes()
		}
	}
	if p := s.Profile; p != nil && len(p.now) != len(m.steps) {
		return errProfile
	}
	s.err = nil
	s.poison(-1)
	for i, t := range m.steps {
		if s.Profile != nil {
			s.timed(i, t)
		} else {
			t.run(s)
		}
		s.poison(i)
		if s.err != nil {
			s.err = fmt.Errorf("graph: %q: %w", m.traced[i].name, s.err)
			break
		}
		if s.Trace != nil && m.traced[i].shows {
			s.trace(&m.traced[i])
		}
	}
	if s.Profile != nil && s.err == nil {
		s.Profile.add()
	}
	return s.err
}

// timed runs step i, and notes how long it took.
func (s *Session) timed(i int, t step) {
	start := time.Now()
	t.run(s)
	s.Profile.now[i] = time.Since(start)
}

// leave ends a pass, also one that panics. The caller's memory is not kept alive.
func (s *Session) leave() {
	for i := range s.m.buffers {
		if k := s.m.buffers[i].kind; k == inInput || k == inOutput {
			s.bufs[i] = nil
		}
	}
	clear(s.arrays)
	s.now = nil
	s.busy.Leave()
}

// The messages of what Run and NewSession panic with.
const (
	noModel     = "graph: the model is nil or was not made by Compile"
	noPool      = "graph: the pool is nil or was not made by NewPool"
	noSession   = "graph: the session is nil or was not made by NewSession"
	busySession = "graph: the session is in use: it serves one call at a time"
)

var errProfile = errors.New("graph: Session.Profile is of another model, want one of its NewProfile")

func (s *Session) trace(t *traced) {
	x := tensor.NewArray(t.shown.typ)
	v := t.shown
	m := newMove(view{typ: v.typ, stride: rowMajor.dense(v.dims())}, v)
	m.do(s.workers[0], s.m.kernels, x.Bytes(), s.bufs[v.buf.id], 0, v.off, 0, m.units)
	s.Trace(t.name, x)
}

// ref is a piece of a buffer: its first byte and its number of elements.
type ref struct{ buf, off, n int }

// f32 returns the elements as float32.
func (s *Session) f32(r ref) []float32 {
	b := s.bufs[r.buf][r.off : r.off+4*r.n]
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), r.n)
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

// step is an operation that is ready to run: immutable, shared by all sessions.
type step interface {
	run(s *Session)
	String() string
}

// parted is a step whose parts may run in any order and at once.
type parted interface {
	step
	parts() int
	part(s *Session, w *worker, i int)
}

// operand is a whole tensor, row-major.
type operand struct {
	ref ref
	typ tensor.Type
}

// evalStep is an operator that computes by itself.
type evalStep struct {
	op      Op
	in, out []operand
}

func (t *evalStep) String() string { return "eval " + OpName(t.op) }

func (t *evalStep) run(s *Session) {
	in, out := s.operands(t.in, t.out)
	s.err = evaluate(t.op, out, in)
}

// operands returns the arrays of a step, in memory that serves until the next call.
func (s *Session) operands(in, out []operand) (x, y []tensor.Array) {
	x, y = s.arrays[:len(in)], s.arrays[len(in):][:len(out)]
	for i, o := range in {
		if x[i] = (tensor.Array{}); o.typ.DType != 0 {
			x[i] = s.array(o)
		}
	}
	for i, o := range out {
		y[i] = s.array(o)
	}
	return x, y
}

func (s *Session) array(x operand) tensor.Array {
	return tensor.FromBytes(x.typ, s.bytes(x))
}

func (s *Session) bytes(x operand) []byte { return s.bufs[x.ref.buf][x.ref.off:][:x.typ.Bytes()] }

// poison fills with NaN what nobody needs after step i, all of it before the first one.
func (s *Session) poison(i int) {
	if !s.m.options.Poison {
		return
	}
	fill := func(b []byte) {
		for k := range b {
			b[k] = 0xff
		}
	}
	if i < 0 {
		fill(s.arena)
		for k, b := range s.m.buffers {
			if b.kind == inOutput {
				fill(s.bufs[k])
			}
		}
	}
	for _, b := range s.m.spans {
		if b.last == i {
			fill(s.arena[b.offset:][:b.bytes])
		}
	}
}
