package main

import (
	"fmt"
	"runtime/debug"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/simdnn/simdnn/internal/mem"
)

// gonumLib is blas32.Gemm, for convolutions on an im2col matrix that is built in the time measured:
// what a Go program could do before.
type gonumLib struct{}

func (gonumLib) Info() libInfo {
	v := "?"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "gonum.org/v1/gonum" {
				v = d.Version
			}
		}
	}
	return libInfo{Name: "gonum", Version: v, Kernel: "Go, sse dot and axpy"}
}

func (gonumLib) Prepare(c *Case, mode string) (job, error) {
	if c.isGemm() {
		a, b, y := c.aMatrix(), c.bMatrix(), c.cMatrix()
		if c.Double {
			a, b, y = a.doubled(), b.doubled(), y.doubled()
		}
		return &gonumGemm{c.TransA, c.TransB, a, b, y}, nil
	}
	if c.kind() != kindConv || mode != "nchw" {
		return nil, fmt.Errorf("gonum has no mode %q for %s", mode, c)
	}
	if c.Groups > 1 {
		return nil, fmt.Errorf("gonum: grouped convolutions are no matrix product")
	}
	j := &gonumConv{
		c: c, x: mem.Floats(c.inElems()), bias: mem.Floats(c.OutC),
		w: general(c.OutC, c.weightsPerOutC), cols: general(c.weightsPerOutC, c.outH*c.outW),
		y: mem.Floats(c.outElems()),
	}
	fill(j.x, seedX)
	fill(j.w.Data, seedW)
	fill(j.bias, seedBias)
	return j, nil
}

func general(rows, cols int) blas32.General {
	return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: mem.Floats(rows * cols)}
}

func (m matrix) general() blas32.General {
	return blas32.General{Rows: m.rows, Cols: m.cols, Stride: m.ld, Data: m.data}
}

func (m matrix) general64() blas64.General {
	return blas64.General{Rows: m.rows, Cols: m.cols, Stride: m.ld, Data: m.double}
}

type gonumGemm struct {
	transA, transB bool
	a, b, y        matrix
}

func (j *gonumGemm) Run(calls int) error {
	op := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
	if j.y.double != nil {
		a, b, y := j.a.general64(), j.b.general64(), j.y.general64()
		for range calls {
			blas64.Gemm(op[j.transA], op[j.transB], 1, a, b, 0, y)
		}
		return nil
	}
	a, b, y := j.a.general(), j.b.general(), j.y.general()
	for range calls {
		blas32.Gemm(op[j.transA], op[j.transB], 1, a, b, 0, y)
	}
	return nil
}

func (j *gonumGemm) Output() []float32 { return j.y.rounded().packed() }
func (j *gonumGemm) Impl() string      { return "Gemm" }
func (j *gonumGemm) Close()            {}

type gonumConv struct {
	c          *Case
	x, y, bias []float32
	w, cols    blas32.General
}

func (j *gonumConv) Run(calls int) error {
	c, pixels := j.c, j.c.outH*j.c.outW
	for range calls {
		for n := range c.N {
			x := j.x[n*c.C*c.H*c.W:][:c.C*c.H*c.W]
			y := blas32.General{Rows: c.OutC, Cols: pixels, Stride: pixels, Data: j.y[n*c.OutC*pixels:][:c.OutC*pixels]}
			right := j.cols
			if c.KH == 1 && c.KW == 1 && c.Stride == 1 && c.Pad == 0 {
				right.Data = x
			} else {
				im2col(c, x, j.cols.Data)
			}
			blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, j.w, right, 0, y)
			for o, b := range j.bias {
				row := y.Data[o*pixels:][:pixels]
				for i, v := range row {
					row[i] = max(v+b, 0)
				}
			}
		}
	}
	return nil
}

// im2col makes the matrix of all windows: a row for every channel and tap, a column for every output.
func im2col(c *Case, x, cols []float32) {
	at := 0
	for ch := range c.C {
		for ky := range c.KH {
			for kx := range c.KW {
				for oy := range c.outH {
					iy := oy*c.Stride - c.Pad + ky
					row := cols[at : at+c.outW]
					at += c.outW
					if iy < 0 || iy >= c.H {
						clear(row)
						continue
					}
					src := x[(ch*c.H+iy)*c.W:][:c.W]
					for ox := range row {
						ix := ox*c.Stride - c.Pad + kx
						if ix < 0 || ix >= c.W {
							row[ox] = 0
						} else {
							row[ox] = src[ix]
						}
					}
				}
			}
		}
	}
}

func (j *gonumConv) Output() []float32 { return j.y }
func (j *gonumConv) Impl() string      { return "im2col, blas32.Gemm" }
func (j *gonumConv) Close()            {}
