package main

import (
	"bytes"
	"fmt"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// simdnnLib is this library with the kernels of one instruction set.
type simdnnLib struct {
	set       *asm.Set
	threads   int
	algorithm string
	accuracy  conv.Accuracy
}

// addOurs adds this library with the chosen kernels and, as what Go can do without assembly, with
// the portable ones.
func (o *options) addOurs(add func(lib library, name, kind, mode string, own bool) *contender) {
	us := &simdnnLib{set: o.set, threads: o.threads, algorithm: o.algorithm}
	add(us, "simdnn", kindGemm, "packed", true).ours = true
	add(us, "simdnn", kindGemm, "sgemm", false).ours = true
	add(us, "simdnn", kindConv, "nhwc", true).ours = true
	add(us, "simdnn", kindConv, "nchw", false).ours = true
	add(us, "simdnn", kindPool, "nhwc", true).ours = true
	add(us, "simdnn", kindPool, "nchw", false).ours = true
	add(us, "simdnn", kindNet, "nchw", false).ours = true
	if o.winograd {
		relaxed := &simdnnLib{set: o.set, threads: o.threads, accuracy: conv.Relaxed}
		add(relaxed, "simdnn", kindConv, "nhwc", true).variant = variantWinograd
		add(relaxed, "simdnn", kindConv, "nchw", false).variant = variantWinograd
		add(relaxed, "simdnn", kindNet, "nchw", false).variant = variantWinograd
	}
	if o.threads > 1 {
		alone := &simdnnLib{set: o.set, threads: 1, algorithm: o.algorithm}
		for _, q := range []struct {
			kind, mode string
			own        bool
		}{{kindGemm, "packed", true}, {kindConv, "nhwc", true}, {kindPool, "nhwc", true}, {kindNet, "nchw", false}} {
			c := add(alone, "simdnn", q.kind, q.mode, q.own)
			c.variant, c.threads = variantOneThread, 1
		}
	}
	if o.set.ISA == asm.Generic || !o.wants("portable") {
		return
	}
	generic, err := asm.For(asm.Generic)
	if err != nil {
		return
	}
	portable := &simdnnLib{set: generic, threads: o.threads, algorithm: o.algorithm}
	add(portable, "portable", kindGemm, "packed", true).slow = true
	add(portable, "portable", kindConv, "nhwc", true).slow = true
	add(portable, "portable", kindPool, "nhwc", true).slow = true
	add(portable, "portable", kindNet, "nchw", false).slow = true
}

func (l *simdnnLib) Info() libInfo {
	return libInfo{Name: "simdnn", Version: commit(), Kernel: l.set.ISA.String()}
}

func (l *simdnnLib) Prepare(c *Case, mode string) (job, error) {
	switch c.kind() {
	case kindGemm:
		return l.gemm(c, mode)
	case kindPool:
		return l.pool(c, mode)
	case kindNet:
		return l.network(c, mode)
	}
	return l.conv(c, mode)
}

// ourGemm is a product. Modes: packed (the right operand packed beforehand) and sgemm.
type ourGemm struct {
	c          *Case
	ws         *gemm.Workspace
	a, b, y    matrix
	packed     *gemm.Packed
	packed64   *gemm.Packed64
	kernelName string
}

func (l *simdnnLib) gemm(c *Case, mode string) (job, error) {
	j := &ourGemm{c: c, ws: gemm.NewWorkspaceFor(l.set, l.threads), kernelName: l.set.Brg[0].Name, a: c.aMatrix(), b: c.bMatrix(), y: c.cMatrix()}
	if c.Double {
		j.kernelName, j.a, j.b, j.y = l.set.F64.Brg[0].Name, j.a.doubled(), j.b.doubled(), j.y.doubled()
	}
	var err error
	switch {
	case mode == "sgemm":
	case mode == "packed" && c.Double:
		j.packed64, err = gemm.PackB64(l.set, gemm.Transpose(c.TransB), c.GemmK, c.GemmN, j.b.double, j.b.ld)
	case mode == "packed":
		j.packed, err = gemm.PackB(l.set, gemm.Transpose(c.TransB), c.GemmK, c.GemmN, j.b.data, j.b.ld)
	default:
		return nil, fmt.Errorf("simdnn has no mode %q for %s", mode, c)
	}
	return j, err
}

func (j *ourGemm) Run(calls int) error {
	c := j.c
	tA, tB := gemm.Transpose(c.TransA), gemm.Transpose(c.TransB)
	for range calls {
		switch {
		case j.packed != nil:
			j.ws.MulPacked(tA, c.GemmM, 1, j.a.data, j.a.ld, j.packed, 0, j.y.data, j.y.ld, nil)
		case j.packed64 != nil:
			j.ws.MulPacked64(tA, c.GemmM, 1, j.a.double, j.a.ld, j.packed64, 0, j.y.double, j.y.ld, nil)
		case c.Double:
			j.ws.Dgemm(tA, tB, c.GemmM, c.GemmN, c.GemmK, 1, j.a.double, j.a.ld, j.b.double, j.b.ld, 0, j.y.double, j.y.ld)
		default:
			j.ws.Sgemm(tA, tB, c.GemmM, c.GemmN, c.GemmK, 1, j.a.data, j.a.ld, j.b.data, j.b.ld, 0, j.y.data, j.y.ld)
		}
	}
	return nil
}

func (j *ourGemm) Output() []float32 { return j.y.rounded().packed() }
func (j *ourGemm) Impl() string      { return j.kernelName }
func (j *ourGemm) Close()            {}

// ourConv is a convolution with bias and ReLU. Modes: nhwc and nchw.
type ourConv struct {
	plan *conv.Plan
	ws   *conv.Workspace
	x, y []float32
}

// layoutOf reads a mode.
func layoutOf(mode string, c *Case) (tensor.Layout, error) {
	switch mode {
	case "nhwc":
		return tensor.NHWC, nil
	case "nchw":
		return tensor.NCHW, nil
	}
	return 0, fmt.Errorf("simdnn has no mode %q for %s", mode, c)
}

// input makes an input of that shape in a layout: the same numbers for every layout.
func input(s tensor.Shape, l tensor.Layout) []float32 {
	x := mem.Floats(s.Elems())
	fill(x, seedX)
	if l == tensor.NCHW {
		return x
	}
	y := mem.Floats(len(x))
	swapAxes(y, x, s.N, s.C, s.H*s.W)
	return y
}

// ourPool is a pooling. Modes: nhwc and nchw.
type ourPool struct {
	c      *Case
	layout tensor.Layout
	plan   *pool.Plan
	ws     *pool.Workspace
	x, y   []float32
}

func (l *simdnnLib) pool(c *Case, mode string) (job, error) {
	layout, err := layoutOf(mode, c)
	if err != nil {
		return nil, err
	}
	kind := pool.Max
	if c.Pool == "avg" {
		kind = pool.Avg
	}
	j := &ourPool{c: c, layout: layout, x: input(c.in(), layout), y: mem.Floats(c.outElems())}
	p := pool.Params{Kind: kind, In: c.in(), Global: c.global(), Layout: layout, Kernels: l.set}
	if !p.Global {
		p.Window = c.window()
	}
	if j.plan, err = pool.New(p); err != nil {
		return nil, err
	}
	j.ws = pool.NewWorkspace(l.threads, j.plan)
	return j, nil
}

func (j *ourPool) Run(calls int) error {
	for range calls {
		j.plan.Run(j.ws, j.y, j.x)
	}
	return nil
}

func (j *ourPool) Output() []float32 { return inNCHW(j.y, j.plan.Out(), j.layout) }
func (j *ourPool) Impl() string      { return j.plan.String() }
func (j *ourPool) Close()            {}

// inNCHW brings an output of that shape into NCHW.
func inNCHW(y []float32, s tensor.Shape, l tensor.Layout) []float32 {
	if l == tensor.NCHW {
		return y
	}
	out := make([]float32, len(y))
	swapAxes(out, y, s.N, s.H*s.W, s.C)
	return out
}

func (l *simdnnLib) conv(c *Case, mode string) (job, error) {
	if c.Bytes {
		return l.bytes(c, mode)
	}
	layout, err := layoutOf(mode, c)
	if err != nil {
		return nil, err
	}
	p := conv.Params{
		In: c.in(), OutC: c.OutC, Window: c.window(), Groups: c.Groups, InLayout: layout, OutLayout: layout,
		Activation: conv.ReLU, Kernels: l.set,
	}
	p.Accuracy = l.accuracy
	if l.algorithm != "" && conv.Applies(l.algorithm, p) {
		p.Algorithm = l.algorithm
	}
	w, bias := mem.Floats(c.weights()), mem.Floats(c.OutC)
	fill(w, seedW)
	fill(bias, seedBias)
	j := &ourConv{x: input(c.in(), layout), y: mem.Floats(c.outElems())}
	if j.plan, err = conv.New(p, w, bias); err != nil {
		return nil, err
	}
	j.ws = conv.NewWorkspace(l.threads, j.plan)
	return j, nil
}

// swapAxes transposes the last two axes of an n x a x b tensor: NCHW to NHWC with a = C, and back with b = C.
func swapAxes[T any](dst, src []T, n, a, b int) {
	for k := range n {
		d, s := dst[k*a*b:][:a*b], src[k*a*b:][:a*b]
		for i := range a {
			for j, v := range s[i*b:][:b] {
				d[j*a+i] = v
			}
		}
	}
}

func (j *ourConv) Run(calls int) error {
	for range calls {
		j.plan.Run(j.ws, j.y, j.x, nil)
	}
	return nil
}

func (j *ourConv) Output() []float32 {
	return inNCHW(j.y, j.plan.Out(), j.plan.Params().OutLayout)
}

func (j *ourConv) Impl() string { return j.plan.String() }
func (j *ourConv) Close()       {}

// ourNet is a whole network, NCHW in and out.
type ourNet struct {
	session  *graph.Session
	dst, src []tensor.Array
	y        []float32
}

func (l *simdnnLib) network(c *Case, mode string) (job, error) {
	if mode != "nchw" {
		return nil, fmt.Errorf("simdnn has no mode %q for %s", mode, c)
	}
	m, err := c.model()
	if err != nil {
		return nil, err
	}
	f, err := onnxfile.OfModel(m)
	if err != nil {
		return nil, err
	}
	file, err := onnx.Read(bytes.NewReader(f.Bytes()))
	if err != nil {
		return nil, err
	}
	g, err := file.Graph(onnx.Options{})
	if err != nil {
		return nil, err
	}
	model, err := g.Compile(graph.Options{Kernels: l.set, Exact: l.accuracy == conv.Strict})
	if err != nil {
		return nil, err
	}
	j := &ourNet{session: model.NewSession(l.threads), y: mem.Floats(c.outElems())}
	j.src = []tensor.Array{tensor.Of(model.Inputs()[0].Type.Dims, m.Samples[0].Input)}
	j.dst = []tensor.Array{tensor.Of(model.Outputs()[0].Type.Dims, j.y)}
	return j, nil
}

func (j *ourNet) Run(calls int) error {
	for range calls {
		if err := j.session.Run(j.dst, j.src); err != nil {
			return err
		}
	}
	return nil
}

func (j *ourNet) Output() []float32 { return j.y }
func (j *ourNet) Impl() string      { return "graph" }
func (j *ourNet) Close()            {}
