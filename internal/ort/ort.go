// Package ort runs ONNX models with onnxruntime, which is loaded while the program runs, without cgo:
//
//	lib, err := ort.Open(ort.Paths()...)
//	s, err := lib.SessionFile("model.onnx", ort.Options{Threads: 1, Level: ort.All})
//	outputs, err := s.Run(ort.Of(pixels, 1, 3, 224, 224))
//
// It goes through the C interface: a table of functions whose order never changes, to which new versions only append.
package ort

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	"unsafe"

	"github.com/simdnn/simdnn/internal/native"
)

const apiVersion = 11 // the oldest that has all of the below

// Places in the table (struct OrtApi in onnxruntime_c_api.h).
const (
	getErrorMessage        = 2
	createEnv              = 3
	createSessionFromArray = 8
	run                    = 9
	createSessionOptions   = 10
	setGraphOptimization   = 23
	setIntraOpThreads      = 24
	setInterOpThreads      = 25
	sessionInputCount      = 30
	sessionOutputCount     = 31
	sessionInputType       = 33
	sessionOutputType      = 34
	sessionInputName       = 36
	sessionOutputName      = 37
	createTensorWithData   = 49
	isTensor               = 50
	tensorData             = 51
	castToTensorInfo       = 55
	elementType            = 60
	dimensionsCount        = 61
	dimensions             = 62
	tensorTypeAndShape     = 65
	createCPUMemoryInfo    = 69
	allocatorFree          = 76
	defaultAllocator       = 78
	releaseStatus          = 93
	releaseSession         = 95
	releaseValue           = 96
	releaseTypeInfo        = 98
	releaseTensorInfo      = 99
	releaseSessionOptions  = 100
	apiEntries             = 101

	logError       = 3
	arenaAllocator = 1
	memTypeDefault = 0
)

// Library is onnxruntime in this process. It is never unloaded.
type Library struct {
	Version, Path string

	api       *[apiEntries]uintptr
	env       uintptr
	memory    uintptr
	allocator uintptr
}

// Open loads the first of the candidates that loads; Paths lists the usual ones.
func Open(paths ...string) (*Library, error) {
	h, path, err := native.Open(paths)
	if err != nil {
		return nil, fmt.Errorf("ort: %w", err)
	}
	get := native.Symbol(h, "OrtGetApiBase")
	if get == 0 {
		return nil, fmt.Errorf("ort: %s has no OrtGetApiBase", path)
	}
	base := (*[2]uintptr)(native.Pointer(native.Call(get)))
	l := &Library{Version: native.String(native.Call(base[1])), Path: path}
	api := native.Call(base[0], apiVersion)
	if api == 0 {
		return nil, fmt.Errorf("ort: %s is onnxruntime %s, which is too old", path, l.Version)
	}
	l.api = (*[apiEntries]uintptr)(native.Pointer(api))
	id := append([]byte("simdnn"), 0)
	if err := l.call(createEnv, logError, &id[0], &l.env); err != nil {
		return nil, err
	}
	if err := l.call(createCPUMemoryInfo, arenaAllocator, memTypeDefault, &l.memory); err != nil {
		return nil, err
	}
	return l, l.call(defaultAllocator, &l.allocator)
}

// call calls a function of the table that returns a status.
func (l *Library) call(entry int, args ...any) error {
	return l.status(native.Call(l.api[entry], args...))
}

func (l *Library) status(s uintptr) error {
	if s == 0 {
		return nil
	}
	msg := native.String(native.Call(l.api[getErrorMessage], s))
	native.Call(l.api[releaseStatus], s)
	return errors.New("onnxruntime: " + msg)
}

// release gives back what the library made; 0 is nothing.
func (l *Library) release(entry int, p uintptr) {
	if p != 0 {
		native.Call(l.api[entry], p)
	}
}

// Level says which optimisations of the graph are permitted.
type Level int

// The levels of optimisation.
const (
	None     Level = 0  // the file as it stands
	Basic    Level = 1  // constants are folded, what is redundant goes
	Extended Level = 2  // operators are fused
	All      Level = 99 // layouts too
)

// Options of a session.
type Options struct {
	Threads int // of an operator; 0 is 1
	Level   Level
}

// Info describes an input or output of a model.
type Info struct {
	Name  string
	Type  Type
	Shape []int // -1 is any size
}

// Session is a model that is ready to run. It may be used by one goroutine at a time.
type Session struct {
	Inputs, Outputs []Info
	Created         time.Duration // how long that took: reading, optimising, packing

	lib             *Library
	h               uintptr
	inputs, outputs []*byte // names
}

// SessionFile makes a session of a file that has all its weights inside.
func (l *Library) SessionFile(path string, o Options) (*Session, error) {
	model, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("ort: %w", err)
	}
	s, err := l.Session(model, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// Session makes a session of a model in memory.
func (l *Library) Session(model []byte, o Options) (*Session, error) {
	if len(model) == 0 {
		return nil, errors.New("ort: the model is empty")
	}
	if o.Threads < 0 {
		return nil, fmt.Errorf("ort: Options.Threads is %d, want 0 or more", o.Threads)
	}
	var opts uintptr
	if err := l.call(createSessionOptions, &opts); err != nil {
		return nil, err
	}
	defer func() { l.release(releaseSessionOptions, opts) }()
	for _, x := range [...]struct{ entry, value int }{
		{setIntraOpThreads, max(o.Threads, 1)}, {setInterOpThreads, 1}, {setGraphOptimization, int(o.Level)},
	} {
		if err := l.call(x.entry, opts, x.value); err != nil {
			return nil, err
		}
	}
	s := &Session{lib: l}
	start := time.Now()
	if err := l.call(createSessionFromArray, l.env, &model[0], len(model), opts, &s.h); err != nil {
		return nil, err
	}
	s.Created = time.Since(start)
	var err error
	if s.Inputs, err = s.describe(sessionInputCount, sessionInputName, sessionInputType); err == nil {
		s.Outputs, err = s.describe(sessionOutputCount, sessionOutputName, sessionOutputType)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	s.inputs, s.outputs = cNames(s.Inputs), cNames(s.Outputs)
	return s, nil
}

// WithOutputs is a model whose values of these names come out too, after its own outputs. A protocol buffer that follows another one is merged into it, list
// by list: what is added says that the model (field 7) has more outputs (12) of which only the names (1) are known.
func WithOutputs(model []byte, names ...string) []byte {
	field := func(m []byte, number int, b []byte) []byte {
		m = binary.AppendUvarint(m, uint64(number<<3|2))
		return append(binary.AppendUvarint(m, uint64(len(b))), b...)
	}
	var graph []byte
	for _, n := range names {
		graph = field(graph, 12, field(nil, 1, []byte(n)))
	}
	return field(slices.Clone(model), 7, graph)
}

// cNames are names as C has them.
func cNames(infos []Info) (names []*byte) {
	for _, i := range infos {
		names = append(names, &append([]byte(i.Name), 0)[0])
	}
	return names
}

// describe reads the names and types of all inputs or outputs.
func (s *Session) describe(count, name, typ int) (infos []Info, err error) {
	l := s.lib
	var n uintptr
	if err := l.call(count, s.h, &n); err != nil {
		return nil, err
	}
	for i := range int(n) {
		var p, info uintptr
		if err := l.call(name, s.h, i, l.allocator, &p); err != nil {
			return nil, err
		}
		x := Info{Name: native.String(p)}
		if err := l.call(allocatorFree, l.allocator, p); err != nil {
			return nil, err
		}
		if err := l.call(typ, s.h, i, &info); err != nil {
			return nil, err
		}
		var t uintptr // part of info; 0 where it is no tensor
		if err = l.call(castToTensorInfo, info, &t); err == nil && t != 0 {
			x.Type, x.Shape, err = l.typeAndShape(t)
		}
		l.release(releaseTypeInfo, info)
		if err != nil {
			return nil, err
		}
		infos = append(infos, x)
	}
	return infos, nil
}

func (l *Library) typeAndShape(t uintptr) (Type, []int, error) {
	var typ int32
	var rank uintptr
	if err := l.call(elementType, t, &typ); err != nil {
		return 0, nil, err
	}
	if err := l.call(dimensionsCount, t, &rank); err != nil {
		return 0, nil, err
	}
	shape := make([]int, rank)
	if rank > 0 {
		sizes := make([]int64, rank)
		if err := l.call(dimensions, t, &sizes[0], rank); err != nil {
			return 0, nil, err
		}
		for i, d := range sizes {
			shape[i] = int(d)
		}
	}
	return Type(typ), shape, nil
}

// Close gives back what the session holds. Calls that were bound to it are to be closed before.
func (s *Session) Close() {
	s.lib.release(releaseSession, s.h)
	s.h = 0
}

// value wraps a tensor's memory, which must stay alive.
func (l *Library) value(t *Tensor) (v uintptr, err error) {
	if err := t.check(); err != nil {
		return 0, err
	}
	shape := make([]int64, max(len(t.Shape), 1))
	for i, d := range t.Shape {
		shape[i] = int64(d)
	}
	data := t.Data
	if len(data) == 0 {
		data = make([]byte, 8)
	}
	err = l.call(createTensorWithData, l.memory, &data[0], len(t.Data), &shape[0], len(t.Shape), int(t.Type), &v)
	return v, err
}

// Run computes the outputs, in the order of s.Outputs, from the inputs in the order of s.Inputs.
func (s *Session) Run(inputs ...*Tensor) ([]*Tensor, error) {
	values, err := s.wrap(inputs)
	defer s.release(values)
	if err != nil {
		return nil, err
	}
	results := make([]uintptr, len(s.outputs))
	defer func() { s.release(results) }()
	if err := s.lib.call(run, s.h, nil, &s.inputs[0], &values[0], len(values), &s.outputs[0], len(results), &results[0]); err != nil {
		return nil, err
	}
	var out []*Tensor
	for i, v := range results {
		t, err := s.lib.copyOut(v)
		if err != nil {
			return nil, fmt.Errorf("ort: output %q: %w", s.Outputs[i].Name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

// wrap makes values of the inputs.
func (s *Session) wrap(inputs []*Tensor) (values []uintptr, err error) {
	if len(inputs) != len(s.Inputs) || len(inputs) == 0 {
		return nil, fmt.Errorf("ort: %d inputs, the model has %d", len(inputs), len(s.Inputs))
	}
	for i, t := range inputs {
		v, err := s.lib.value(t)
		if err != nil {
			return values, fmt.Errorf("ort: input %q: %w", s.Inputs[i].Name, err)
		}
		values = append(values, v)
	}
	return values, nil
}

func (s *Session) release(values []uintptr) {
	for _, v := range values {
		s.lib.release(releaseValue, v)
	}
}

// copyOut copies a tensor that the library made.
func (l *Library) copyOut(v uintptr) (*Tensor, error) {
	var is int32
	if err := l.call(isTensor, v, &is); err != nil {
		return nil, err
	}
	if is == 0 {
		return nil, errors.New("it is no tensor")
	}
	var info, data uintptr
	if err := l.call(tensorTypeAndShape, v, &info); err != nil {
		return nil, err
	}
	typ, shape, err := l.typeAndShape(info)
	l.release(releaseTensorInfo, info)
	if err != nil {
		return nil, err
	}
	t, err := NewTensor(typ, shape...)
	if err != nil {
		return nil, err
	}
	if err := l.call(tensorData, v, &data); err != nil {
		return nil, err
	}
	copy(t.Data, unsafe.Slice((*byte)(native.Pointer(data)), len(t.Data)))
	return t, nil
}

// Call is a session bound to the memory of inputs and outputs, to be run and timed many times.
type Call struct {
	Inputs, Outputs []*Tensor

	s               *Session
	inputs, outputs []uintptr
	repeat          *native.Repeat
}

// Bind runs the session once, to learn what the outputs are, and binds it to the memory of the inputs, which may be
// changed between runs, and of the outputs.
func (s *Session) Bind(inputs ...*Tensor) (*Call, error) {
	out, err := s.Run(inputs...)
	if err != nil {
		return nil, err
	}
	c := &Call{Inputs: slices.Clone(inputs), Outputs: out, s: s}
	if c.inputs, err = s.wrap(inputs); err != nil {
		c.Close()
		return nil, err
	}
	for i, t := range out {
		v, err := s.lib.value(t)
		if err != nil {
			c.Close()
			return nil, fmt.Errorf("ort: output %q: %w", s.Outputs[i].Name, err)
		}
		c.outputs = append(c.outputs, v)
	}
	c.repeat = &native.Repeat{
		Fn:    s.lib.api[run],
		Ints:  [6]uintptr{s.h, 0, native.Addr(s.inputs), native.Addr(c.inputs), uintptr(len(c.inputs)), native.Addr(s.outputs)},
		Stack: [6]uintptr{uintptr(len(c.outputs)), native.Addr(c.outputs)},
	}
	return c, nil
}

// Run runs it so many times, back to back on the C side.
func (c *Call) Run(times int) error {
	if status := c.repeat.Run(times); status != 0 {
		if times > 1 { // statuses or-ed together are no status
			return errors.New("onnxruntime: Run failed")
		}
		return c.s.lib.status(status)
	}
	return nil
}

// Shortest runs it for about the given time, at least three times, and returns the shortest time of a run.
func (c *Call) Shortest(d time.Duration) (time.Duration, error) {
	best := time.Duration(1 << 62)
	for start, n := time.Now(), 0; n < 3 || time.Since(start) < d; n++ {
		t := time.Now()
		if err := c.Run(1); err != nil {
			return 0, err
		}
		best = min(best, time.Since(t))
	}
	return best, nil
}

// Close gives back what the call holds.
func (c *Call) Close() {
	c.s.release(c.inputs)
	c.s.release(c.outputs)
	c.inputs, c.outputs = nil, nil
}

// String lists an input or output: its name, type and shape.
func (i Info) String() string {
	return fmt.Sprintf("%s %v%s", i.Name, i.Type, strings.ReplaceAll(fmt.Sprint(i.Shape), "-1", "?"))
}
