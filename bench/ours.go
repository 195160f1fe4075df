package main

import (
	"fmt"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/internal/mem"
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
	if o.set.ISA == asm.Generic || !o.wants("portable") {
		return
	}
	generic, err := asm.For(asm.Generic)
	if err != nil {
		return
	}
	portable := &simdnnLib{generic, o.threads, o.algorithm}
	add(portable, "portable", kindGemm, "packed", true).slow = true
}

func (l *simdnnLib) Info() libInfo {
	return libInfo{Name: "simdnn", Version: commit(), Kernel: l.set.ISA.String()}
}

func (l *simdnnLib) Prepare(c *Case, mode string) (job, error) {
	if c.isGemm() {
		return l.gemm(c, mode)
	}
	return nil, fmt.Errorf("simdnn has no mode %q for %s", mode, c)
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
