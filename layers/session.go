package layers

import (
	"errors"
	"fmt"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// Session is what one pass at a time needs: memory for the intermediate maps and a limit on threads. Goroutines do not share it, and Trace
// does not begin another pass of it: that is a panic.
type Session struct {
	// Trace, when it is set, is called after every step with the name of the (last) layer that the step
	// computes and its output, in NCHW whatever the options; x is the function's to keep. Layers that move nothing have
	// no step. A pass with a Trace allocates.
	Trace func(name string, s tensor.Shape, x []float32)

	busy     par.Busy
	net      *graph.Session
	in, out  []graph.Port
	src, dst []tensor.Array
	src1     [1][]float32 // Forward's arguments for forward
	dst1     [1][]float32
}

// NewSession returns a session whose passes use at most the given number of threads; 0 means GOMAXPROCS, and a negative number panics.
func (m *Model) NewSession(threads int) *Session {
	if m == nil || m.net == nil {
		panic(noModel)
	}
	s := &Session{net: m.net.NewSession(threads), in: m.net.Inputs(), out: m.net.Outputs()}
	s.src, s.dst = make([]tensor.Array, len(s.in)), make([]tensor.Array, len(s.out))
	return s
}

// What is wrong with the arguments of a pass. Forward panics with the text.
var (
	errSingle  = errors.New("layers: Forward: the network has several inputs or outputs: use ForwardAll")
	errInputs  = errors.New("layers: ForwardAll: len(src) is not the number of inputs")
	errOutputs = errors.New("layers: ForwardAll: len(dst) is not the number of outputs")
	errSrc     = errors.New("layers: len(src) is not the input's size")
	errDst     = errors.New("layers: len(dst) is not the output's size")
	errOverlap = errors.New("layers: dst overlaps src, or another output")
)

// The messages of other panics.
const (
	noSession   = "layers: the session is nil or was not made by NewSession"
	busySession = "layers: the session is in use: it serves one call at a time"
)

// Forward runs a network with one input and one output: src and dst have exactly their sizes, in
// Options.Layout, and must not overlap. It does not allocate. It panics when a length is wrong, when dst overlaps src, and
// when the session is in use.
func (s *Session) Forward(dst, src []float32) {
	if err := s.pass(dst, src); err != nil {
		panic(err.Error())
	}
}

// Run is Forward with an error for what is wrong with dst and src, as a server wants it that does not choose them. It panics when the session
// is in use.
func (s *Session) Run(dst, src []float32) error {
	err := s.pass(dst, src)
	switch {
	case errors.Is(err, errSrc):
		return fmt.Errorf("layers: len(src) is %d, want %d for an input %v", len(src), s.in[0].Type.Elems(), s.in[0].Type.Dims)
	case errors.Is(err, errDst):
		return fmt.Errorf("layers: len(dst) is %d, want %d for an output %v", len(dst), s.out[0].Type.Elems(), s.out[0].Type.Dims)
	}
	return err
}

func (s *Session) pass(dst, src []float32) error {
	s.enter()
	defer s.leave()
	if len(s.in) != 1 || len(s.out) != 1 {
		return errSingle
	}
	s.dst1[0], s.src1[0] = dst, src
	return s.forward(s.dst1[:], s.src1[:])
}

// ForwardAll is Forward for networks with several inputs or outputs, in the order of the graph's calls
// to Input and Output.
func (s *Session) ForwardAll(dst, src [][]float32) {
	if err := s.RunAll(dst, src); err != nil {
		panic(err.Error())
	}
}

// RunAll is Run for networks with several inputs or outputs.
func (s *Session) RunAll(dst, src [][]float32) error {
	s.enter()
	defer s.leave()
	return s.forward(dst, src)
}

// enter begins a pass.
func (s *Session) enter() {
	if s == nil || s.net == nil {
		panic(noSession)
	}
	s.busy.Enter(busySession)
}

// leave ends a pass, also one that panics. The caller's memory is not kept alive.
func (s *Session) leave() {
	clear(s.src)
	clear(s.dst)
	s.dst1[0], s.src1[0] = nil, nil
	s.busy.Leave()
}

func (s *Session) forward(dst, src [][]float32) error {
	if len(src) != len(s.in) {
		return errInputs
	}
	if len(dst) != len(s.out) {
		return errOutputs
	}
	for i, x := range src {
		if len(x) != s.in[i].Type.Elems() {
			return errSrc
		}
		s.src[i] = tensor.Of(s.in[i].Type.Dims, x)
	}
	for i, x := range dst {
		if len(x) != s.out[i].Type.Elems() {
			return errDst
		}
		for _, y := range dst[:i] {
			if !mem.Apart(x, y) {
				return errOverlap
			}
		}
		for _, y := range src {
			if !mem.Apart(x, y) {
				return errOverlap
			}
		}
		s.dst[i] = tensor.Of(s.out[i].Type.Dims, x)
	}
	s.net.Trace = nil
	if s.Trace != nil {
		s.net.Trace = func(name string, x tensor.Array) {
			if x.DType() == tensor.Float32 {
				s.Trace(name, shapeOf(x.Dims()), tensor.Data[float32](x))
			}
		}
	}
	return s.net.Run(s.dst, s.src)
}
