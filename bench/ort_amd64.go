//go:build linux || darwin

package main

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/internal/cpu"
	"github.com/simdnn/simdnn/internal/mem"
)

// onnxruntime through its C interface: a table of functions whose order never changes, to which new
// versions only append.

const ortAPIVersion = 11 // the oldest that has all of the below

// Places in the table (struct OrtApi in onnxruntime_c_api.h).
const (
	ortGetErrorMessage        = 2
	ortCreateEnv              = 3
	ortCreateSessionFromArray = 8
	ortRun                    = 9
	ortCreateSessionOptions   = 10
	ortSetGraphOptimization   = 23
	ortSetIntraOpThreads      = 24
	ortSetInterOpThreads      = 25
	ortCreateTensorWithData   = 49
	ortCreateCPUMemoryInfo    = 69
	ortReleaseStatus          = 93
	ortReleaseMemoryInfo      = 94
	ortReleaseSession         = 95
	ortReleaseValue           = 96
	ortReleaseSessionOptions  = 100
	ortAPIEntries             = 101
	ortOptimizeBasic          = 1
	ortOptimizeAll            = 99
	ortLogError               = 3
	ortArenaAllocator         = 1
	ortMemTypeDefault         = 0
	ortElementFloat           = 1
)

type ort struct {
	info    libInfo
	api     *[ortAPIEntries]uintptr
	env     uintptr
	memory  uintptr
	threads int
}

func openORT(paths []string, threads int) (library, error) {
	h, path, err := open(paths)
	if err != nil {
		return nil, err
	}
	get := symbol(h, "OrtGetApiBase")
	if get == 0 {
		return nil, fmt.Errorf("%s has no OrtGetApiBase", path)
	}
	base := (*[2]uintptr)(pointer(native(get)))
	o := &ort{threads: threads, info: libInfo{
		Name: "onnxruntime", Version: cString(native(base[1])), Path: path, Kernel: "avx2",
	}}
	if cpu.HasAVX512() {
		o.info.Kernel = "avx512"
	}
	api := native(base[0], ortAPIVersion)
	if api == 0 {
		return nil, fmt.Errorf("%s is onnxruntime %s, which is too old", path, o.info.Version)
	}
	o.api = (*[ortAPIEntries]uintptr)(pointer(api))
	id := append([]byte("bench"), 0)
	if err := o.call(ortCreateEnv, ortLogError, &id[0], &o.env); err != nil {
		return nil, err
	}
	if err := o.call(ortCreateCPUMemoryInfo, ortArenaAllocator, ortMemTypeDefault, &o.memory); err != nil {
		return nil, err
	}
	return o, nil
}

func (o *ort) Info() libInfo { return o.info }

// call calls a function of the table that returns a status.
func (o *ort) call(entry int, args ...any) error {
	return o.status(native(o.api[entry], args...))
}

func (o *ort) status(s uintptr) error {
	if s == 0 {
		return nil
	}
	msg := cString(native(o.api[ortGetErrorMessage], s))
	native(o.api[ortReleaseStatus], s)
	return errors.New("onnxruntime: " + msg)
}

// Prepare makes a session. Modes of convolutions: nchwc (the library's own layout, nothing converted)
// and nchw (as a model has it, what the library converts is in the time). Of products: packed.
func (o *ort) Prepare(c *Case, mode string) (job, error) {
	j := &ortJob{o: o, c: c}
	level := ortOptimizeAll
	var model []byte
	var in, out []int
	switch {
	case c.isGemm() && mode == "packed":
		if c.LdPad > 0 {
			return nil, fmt.Errorf("onnxruntime's tensors have no gaps between their rows: %s", c)
		}
		a, b := c.aMatrix(), c.bMatrix()
		model = ortGemm(c, a, b)
		in, out = []int{a.rows, a.cols}, []int{c.GemmM, c.GemmN}
		j.x = a.data
	case c.kind() == kindNet && mode == "nchw":
		m, err := c.model()
		if err != nil {
			return nil, err
		}
		in, out = m.InShape, []int{c.N, c.OutC}
		if model, err = onnxNetwork(m, in, out); err != nil {
			return nil, err
		}
		j.x = m.Samples[0].Input
	case c.kind() == kindPool && (mode == "nchw" || mode == "nchwc"):
		j.x = mem.Floats(c.inElems())
		fill(j.x, seedX)
		channels, domain := c.C, ""
		if mode == "nchwc" {
			j.block, domain, level = ortBlock(), nchwcDomain, ortOptimizeBasic
			channels = (c.C + j.block - 1) / j.block * j.block
			x := blockChannels(j.x, c.N, c.C, c.H*c.W, j.block)
			j.x = mem.Floats(len(x))
			copy(j.x, x)
		}
		model = ortPool(c, domain, channels)
		in, out = []int{c.N, channels, c.H, c.W}, []int{c.N, channels, c.outH, c.outW}
	case c.kind() == kindConv && (mode == "nchw" || mode == "nchwc"):
		w, b := mem.Floats(c.weights()), mem.Floats(c.OutC)
		fill(w, seedW)
		fill(b, seedBias)
		j.x = mem.Floats(c.inElems())
		fill(j.x, seedX)
		if mode == "nchw" {
			model = ortConv(c, w, b)
			in, out = []int{c.N, c.C, c.H, c.W}, []int{c.N, c.OutC, c.outH, c.outW}
			break
		}
		block := ortBlock()
		p, ok := planNCHWc(c, block)
		if !ok {
			return nil, fmt.Errorf("onnxruntime's own layout has no groups like those of %s", c)
		}
		if !p.inputIsPlain {
			x := blockChannels(j.x, c.N, c.C, c.H*c.W, block)
			j.x = mem.Floats(len(x))
			copy(j.x, x)
		}
		level, j.block = ortOptimizeBasic, block
		model = ortConvNCHWc(c, p, w, b)
		in, out = []int{c.N, p.inC, c.H, c.W}, []int{c.N, p.outC, c.outH, c.outW}
	default:
		return nil, fmt.Errorf("onnxruntime has no mode %q for %s", mode, c)
	}
	n := 1
	for _, d := range out {
		n *= d
	}
	j.y = mem.Floats(n)
	if err := j.open(model, in, out, level); err != nil {
		j.Close()
		return nil, err
	}
	return j, nil
}

// ortBlock is how many channels come together in onnxruntime's own layout: as many as a vector has.
func ortBlock() int {
	if cpu.HasAVX512() {
		return 16
	}
	return 8
}

type ortJob struct {
	o       *ort
	c       *Case
	block   int // of channels in the output; 0 for plain layouts
	x, y    []float32
	session uintptr
	inputs  [1]uintptr // OrtValue
	outputs [1]uintptr
	names   [2][]byte
	namePtr [2]*byte
	call    callArgs
}

func (j *ortJob) open(model []byte, in, out []int, level int) error {
	o := j.o
	var opts uintptr
	if err := o.call(ortCreateSessionOptions, &opts); err != nil {
		return err
	}
	defer native(o.api[ortReleaseSessionOptions], opts)
	for _, s := range [...]struct{ entry, value int }{
		{ortSetIntraOpThreads, o.threads}, {ortSetInterOpThreads, 1}, {ortSetGraphOptimization, level},
	} {
		if err := o.call(s.entry, opts, s.value); err != nil {
			return err
		}
	}
	if err := o.call(ortCreateSessionFromArray, o.env, &model[0], len(model), opts, &j.session); err != nil {
		return err
	}
	tensor := func(x []float32, sizes []int, value *uintptr) error {
		shape := make([]int64, len(sizes))
		for i, d := range sizes {
			shape[i] = int64(d)
		}
		return o.call(ortCreateTensorWithData, o.memory, &x[0], 4*len(x), &shape[0], len(shape), ortElementFloat, value)
	}
	if err := tensor(j.x, in, &j.inputs[0]); err != nil {
		return err
	}
	if err := tensor(j.y, out, &j.outputs[0]); err != nil {
		return err
	}
	for i, name := range []string{"x", "y"} {
		j.names[i] = append([]byte(name), 0)
		j.namePtr[i] = &j.names[i][0]
	}
	at := func(p unsafe.Pointer) uintptr { return uintptr(p) }
	j.call = callArgs{
		fn:    o.api[ortRun],
		ints:  [6]uintptr{j.session, 0, at(unsafe.Pointer(&j.namePtr[0])), at(unsafe.Pointer(&j.inputs)), 1, at(unsafe.Pointer(&j.namePtr[1]))},
		stack: [6]uintptr{1, at(unsafe.Pointer(&j.outputs))},
	}
	return nil
}

func (j *ortJob) Run(calls int) error {
	if s := j.call.run(calls); s != 0 {
		if calls > 1 { // statuses or-ed together are no status
			return errors.New("onnxruntime: Run failed")
		}
		return j.o.status(s)
	}
	return nil
}

func (j *ortJob) Output() []float32 {
	if j.block == 0 {
		return j.y
	}
	return unblockChannels(j.y, j.c.N, j.c.OutC, j.c.outH*j.c.outW, j.block)
}

func (j *ortJob) Impl() string { return "mlas" }

func (j *ortJob) Close() {
	for _, v := range []uintptr{j.inputs[0], j.outputs[0]} {
		if v != 0 {
			native(j.o.api[ortReleaseValue], v)
		}
	}
	if j.session != 0 {
		native(j.o.api[ortReleaseSession], j.session)
	}
	j.inputs, j.outputs, j.session = [1]uintptr{}, [1]uintptr{}, 0
}
