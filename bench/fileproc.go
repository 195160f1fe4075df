package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/ort"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// A fileTask is an ONNX file that a library's process is to run, with its inputs.
type fileTask struct {
	Path   string
	Dims   map[string]int
	Inputs []fileTensor
	Data   string // a file that holds the inputs, one after the other, row-major
}

// A fileTensor is an input or output of an ONNX file.
type fileTensor struct {
	Name, DType string
	Shape       []int
}

func (t fileTensor) typ() (typ tensor.Type, err error) {
	if typ.DType, err = tensor.ParseDType(t.DType); err != nil {
		return typ, err
	}
	if typ.Dims, err = tensor.MakeDims(t.Shape); err != nil {
		return typ, err
	}
	return typ, typ.Check()
}

// An opened is a file that is ready to run, and has run once.
type opened struct {
	job
	outputs []fileTensor
	ready   time.Duration // from the file's name to a session
	first   time.Duration // and to the first answer
}

// A fileLibrary is a library that runs ONNX files.
type fileLibrary interface {
	openFile(t *fileTask, inputs []tensor.Array) (*opened, error)
}

// open reads the inputs, and has the library run the file.
func (t *fileTask) open(lib library) (*opened, error) {
	l, ok := lib.(fileLibrary)
	if !ok {
		return nil, fmt.Errorf("%s does not run ONNX files", lib.Info().Name)
	}
	f, err := os.Open(t.Data)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var inputs []tensor.Array
	for _, in := range t.Inputs {
		typ, err := in.typ()
		if err != nil {
			return nil, fmt.Errorf("input %q: %w", in.Name, err)
		}
		a := tensor.NewArray(typ)
		if _, err := io.ReadFull(f, a.Bytes()); err != nil {
			return nil, fmt.Errorf("input %q: %w", in.Name, err)
		}
		inputs = append(inputs, a)
	}
	return l.openFile(t, inputs)
}

// find returns the input of that name.
func (t *fileTask) find(name string) (int, error) {
	i := slices.IndexFunc(t.Inputs, func(x fileTensor) bool { return x.Name == name })
	if i < 0 {
		return 0, fmt.Errorf("there is no input %q for the file", name)
	}
	return i, nil
}

// ourFile is a file in package onnx.
type ourFile struct {
	session  *graph.Session
	dst, src []tensor.Array
}

func (l *simdnnLib) openFile(t *fileTask, inputs []tensor.Array) (*opened, error) {
	start := time.Now()
	o := onnx.Options{Dims: t.Dims, Shapes: make(map[string][]int)}
	o.Kernels = l.set
	for _, in := range t.Inputs {
		o.Shapes[in.Name] = in.Shape
	}
	m, err := onnx.Load(t.Path, o)
	if err != nil {
		return nil, err
	}
	j, r := &ourFile{session: m.NewSession(l.threads)}, &opened{ready: time.Since(start)}
	r.job = j
	for _, p := range m.Inputs() {
		i, err := t.find(p.Name)
		if err != nil {
			return nil, err
		}
		j.src = append(j.src, inputs[i])
	}
	for _, p := range m.Outputs() {
		j.dst = append(j.dst, tensor.NewArray(p.Type))
		r.outputs = append(r.outputs, fileTensor{p.Name, p.Type.DType.String(), p.Type.Dims.Slice()})
	}
	if err := j.Run(1); err != nil {
		return nil, err
	}
	r.first = time.Since(start)
	return r, nil
}

func (j *ourFile) Run(calls int) error {
	for range calls {
		if err := j.session.Run(j.dst, j.src); err != nil {
			return err
		}
	}
	return nil
}

func (j *ourFile) Output() []float32 { return flat(j.dst) }
func (j *ourFile) Impl() string      { return "onnx" }
func (j *ourFile) Close()            {}

// flat is all elements of some tensors, as float32.
func flat(all []tensor.Array) (x []float32) {
	for _, a := range all {
		for i := range a.Len() {
			x = append(x, float32(a.Float(i)))
		}
	}
	return x
}

// ortFile is a file in onnxruntime.
type ortFile struct {
	session *ort.Session
	call    *ort.Call
	types   []tensor.Type // of the outputs
}

func (o *ortLib) openFile(t *fileTask, inputs []tensor.Array) (*opened, error) {
	start := time.Now()
	s, err := o.lib.SessionFile(t.Path, ort.Options{Threads: o.threads, Level: ort.All})
	if err != nil {
		return nil, err
	}
	j, r := &ortFile{session: s}, &opened{ready: time.Since(start)}
	r.job = j
	var src []*ort.Tensor
	for _, in := range s.Inputs {
		i, err := t.find(in.Name)
		if err != nil {
			s.Close()
			return nil, err
		}
		typ, err := ort.ParseType(t.Inputs[i].DType)
		if err != nil {
			s.Close()
			return nil, err
		}
		src = append(src, &ort.Tensor{Type: typ, Shape: t.Inputs[i].Shape, Data: inputs[i].Bytes()})
	}
	if _, err := s.Run(src...); err != nil {
		s.Close()
		return nil, err
	}
	r.first = time.Since(start)
	if j.call, err = s.Bind(src...); err != nil {
		s.Close()
		return nil, err
	}
	for i, y := range j.call.Outputs {
		f := fileTensor{s.Outputs[i].Name, y.Type.String(), y.Shape}
		typ, err := f.typ()
		if err != nil {
			j.Close()
			return nil, fmt.Errorf("output %q: %w", f.Name, err)
		}
		j.types, r.outputs = append(j.types, typ), append(r.outputs, f)
	}
	return r, nil
}

func (j *ortFile) Run(calls int) error { return j.call.Run(calls) }

func (j *ortFile) Output() []float32 {
	var all []tensor.Array
	for i, y := range j.call.Outputs {
		all = append(all, tensor.FromBytes(j.types[i], y.Data))
	}
	return flat(all)
}

func (j *ortFile) Impl() string { return "mlas" }

func (j *ortFile) Close() {
	j.call.Close()
	j.session.Close()
}

// peakMemory is the most memory that this process has had resident, in bytes; 0 where the system does not tell.
func peakMemory() int {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if v, ok := strings.CutPrefix(s.Text(), "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")))
			if err != nil {
				return 0
			}
			return kb << 10
		}
	}
	return 0
}
