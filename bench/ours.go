package main

import (
	"fmt"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// simdnnLib is this library with the kernels of one instruction set.
type simdnnLib struct {
	set       *asm.Set
	threads   int
	algorithm string
}

// addOurs adds this library with the chosen kernels and, as what Go can do without assembly, with
// the portable ones.
func (o *options) addOurs(add func(lib library, name, kind, mode string, own bool) *contender) {
	us := &simdnnLib{o.set, o.threads, o.algorithm}
	add(us, "simdnn", kindGemm, "packed", true).ours = true
	add(us, "simdnn", kindGemm, "sgemm", false).ours = true
	add(us, "simdnn", kindConv, "nhwc", true).ours = true
	add(us, "simdnn", kindConv, "nchw", false).ours = true
	if o.set.ISA == asm.Generic || !o.wants("portable") {
		return
	}
	generic, err := asm.For(asm.Generic)
	if err != nil {
		return
	}
	portable := &simdnnLib{generic, o.threads, o.algorithm}
	add(portable, "portable", kindGemm, "packed", true).slow = true
	add(portable, "portable", kindConv, "nhwc", true).slow = true
}

func (l *simdnnLib) Info() libInfo {
	return libInfo{Name: "simdnn", Version: commit(), Kernel: l.set.ISA.String()}
}

func (l *simdnnLib) Prepare(c *Case, mode string) (job, error) {
	if c.isGemm() {
		return l.gemm(c, mode)
	}
	return l.conv(c, mode)
}

// ourGemm is a product. Modes: packed (the right operand packed beforehand) and sgemm.
type ourGemm struct {
	c          *Case
	ws         *gemm.Workspace
	a, b, y    []float32
	packed     *gemm.Packed
	kernelName string
}

func (l *simdnnLib) gemm(c *Case, mode string) (job, error) {
	m, n, k := c.GemmM, c.GemmN, c.GemmK
	j := &ourGemm{c: c, ws: gemm.NewWorkspaceFor(l.set, l.threads), kernelName: l.set.Brg[0].Name}
	j.a, j.b, j.y = mem.Floats(m*k), mem.Floats(k*n), mem.Floats(m*n)
	fill(j.a, seedX)
	fill(j.b, seedW)
	switch mode {
	case "sgemm":
	case "packed":
		var err error
		if j.packed, err = gemm.PackB(l.set, gemm.NoTrans, k, n, j.b, n); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("simdnn has no mode %q for %s", mode, c)
	}
	return j, nil
}

func (j *ourGemm) Run(calls int) error {
	m, n, k := j.c.GemmM, j.c.GemmN, j.c.GemmK
	for range calls {
		if j.packed != nil {
			j.ws.MulPacked(gemm.NoTrans, m, 1, j.a, k, j.packed, 0, j.y, n, nil)
		} else {
			j.ws.Sgemm(gemm.NoTrans, gemm.NoTrans, m, n, k, 1, j.a, k, j.b, n, 0, j.y, n)
		}
	}
	return nil
}

func (j *ourGemm) Output() []float32 { return j.y }
func (j *ourGemm) Impl() string      { return j.kernelName }
func (j *ourGemm) Close()            {}

// ourConv is a convolution with bias and ReLU. Modes: nhwc and nchw.
type ourConv struct {
	plan *conv.Plan
	ws   *conv.Workspace
	x, y []float32
}

func (l *simdnnLib) conv(c *Case, mode string) (job, error) {
	p := conv.Params{
		In: tensor.Shape{N: c.N, C: c.C, H: c.H, W: c.W}, OutC: c.OutC, Window: c.window(), Groups: c.Groups,
		Activation: conv.Activation{Kind: asm.ReLU}, Kernels: l.set,
	}
	switch mode {
	case "nhwc":
		p.Layout = tensor.NHWC
	case "nchw":
		p.Layout = tensor.NCHW
	default:
		return nil, fmt.Errorf("simdnn has no mode %q for %s", mode, c)
	}
	if l.algorithm != "" && conv.Applies(l.algorithm, p) {
		p.Algorithm = l.algorithm
	}
	x, w, bias := mem.Floats(c.inElems()), mem.Floats(c.weights()), mem.Floats(c.OutC)
	fill(x, seedX)
	fill(w, seedW)
	fill(bias, seedBias)
	j := &ourConv{x: x, y: mem.Floats(c.outElems())}
	if p.Layout == tensor.NHWC {
		j.x = mem.Floats(len(x))
		swapAxes(j.x, x, c.N, c.C, c.H*c.W)
	}
	var err error
	if j.plan, err = conv.New(p, w, bias); err != nil {
		return nil, err
	}
	j.ws = conv.NewWorkspace(l.threads, j.plan)
	return j, nil
}

// swapAxes transposes the last two axes of an n x a x b tensor: NCHW to NHWC with a = C, and back with b = C.
func swapAxes(dst, src []float32, n, a, b int) {
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
	p := j.plan.Params()
	if p.Layout == tensor.NCHW {
		return j.y
	}
	out := j.plan.Out()
	y := make([]float32, len(j.y))
	swapAxes(y, j.y, out.N, out.H*out.W, out.C)
	return y
}

func (j *ourConv) Impl() string { return j.plan.String() }
func (j *ourConv) Close()       {}
