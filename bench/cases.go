package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// A Case is one problem to measure: a convolution with bias and ReLU, or a matrix product.
// It travels to the peers' processes as JSON.
type Case struct {
	Net   string // the group it is summed in: a network, or "gemm"
	Layer string // its name there
	Count int    // how often it occurs in the network

	// A convolution, if C is not 0. Kernels are square in stride and padding.
	N, C, H, W     int
	OutC           int
	KH, KW         int
	Stride, Pad    int
	Groups         int
	GemmM, GemmN   int // a product of GemmM x GemmK and GemmK x GemmN, otherwise
	GemmK          int
	outH, outW     int // filled by check
	weightsPerOutC int
}

func (c *Case) isGemm() bool { return c.C == 0 }

// window is the convolution's kernel as the library has it.
func (c *Case) window() tensor.Window {
	return tensor.Window{
		KernelH: c.KH, KernelW: c.KW, StrideH: c.Stride, StrideW: c.Stride,
		PadTop: c.Pad, PadLeft: c.Pad, PadBottom: c.Pad, PadRight: c.Pad,
	}
}

// check validates a case and fills what follows from it.
func (c *Case) check() error {
	if c.isGemm() {
		if c.GemmM < 1 || c.GemmN < 1 || c.GemmK < 1 {
			return fmt.Errorf("%s: sizes must be at least 1", c)
		}
		return nil
	}
	if err := (tensor.Shape{N: c.N, C: c.C, H: c.H, W: c.W}).Check(); err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	if c.Groups < 1 || c.C%c.Groups != 0 || c.OutC < 1 || c.OutC%c.Groups != 0 {
		return fmt.Errorf("%s: %d groups do not divide the channels", c, c.Groups)
	}
	var err error
	if c.outH, c.outW, err = c.window().Out(c.H, c.W); err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	c.weightsPerOutC = c.C / c.Groups * c.KH * c.KW
	return nil
}

// String is the case as a problem string, the same that tests and bug reports use.
func (c *Case) String() string {
	if c.isGemm() {
		return shapes.Gemm{M: c.GemmM, N: c.GemmN, K: c.GemmK}.String()
	}
	return shapes.Conv{In: tensor.Shape{N: c.N, C: c.C, H: c.H, W: c.W}, OutC: c.OutC, Window: c.window(), Groups: c.Groups}.String()
}

// flops is the number of floating-point operations: two for every multiply-add, those with padding counted.
func (c *Case) flops() float64 {
	if c.isGemm() {
		return 2 * float64(c.GemmM) * float64(c.GemmN) * float64(c.GemmK)
	}
	return 2 * float64(c.outElems()) * float64(c.weightsPerOutC)
}

func (c *Case) inElems() int { return c.N * c.C * c.H * c.W }

func (c *Case) weights() int { return c.OutC * c.weightsPerOutC }

func (c *Case) outElems() int {
	if c.isGemm() {
		return c.GemmM * c.GemmN
	}
	return c.N * c.OutC * c.outH * c.outW
}

// depth is the number of products in one output.
func (c *Case) depth() int {
	if c.isGemm() {
		return c.GemmK
	}
	return c.weightsPerOutC
}

// bytes is the memory a case must move at least: every operand once.
func (c *Case) bytes() float64 {
	if c.isGemm() {
		return 4 * (float64(c.GemmM)*float64(c.GemmK) + float64(c.GemmK)*float64(c.GemmN) + float64(c.GemmM)*float64(c.GemmN))
	}
	return 4 * (float64(c.inElems()) + float64(c.weights()) + float64(c.OutC) + float64(c.outElems()))
}

// fill makes the same numbers from the same seed in every process: multiples of 1/1024 in [-1, 1).
func fill(x []float32, seed uint32) {
	for i := range x {
		seed = seed*1664525 + 1013904223
		x[i] = float32(int32(seed)>>21) * (1. / 1024)
	}
}

const (
	seedX = 1 + iota
	seedW
	seedBias
)

//go:embed gemms.csv
var gemmTable string

// gemmCases reads the table of matrix products: columns m, n, k under a header.
func gemmCases(table io.Reader) ([]*Case, error) {
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("table of products: %w", err)
	}
	var cases []*Case
	for i, r := range rows {
		if i == 0 {
			if strings.Join(r, ",") != "m,n,k" {
				return nil, fmt.Errorf("table of products: the header is %q, want m,n,k", strings.Join(r, ","))
			}
			continue
		}
		var v [3]int
		for j := range v {
			if v[j], err = strconv.Atoi(r[j]); err != nil {
				return nil, fmt.Errorf("table of products, line %d: %w", i+1, err)
			}
		}
		c := &Case{Net: "gemm", Layer: fmt.Sprintf("%dx%dx%d", v[0], v[1], v[2]), Count: 1, GemmM: v[0], GemmN: v[1], GemmK: v[2]}
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("table of products, line %d: %w", i+1, err)
		}
		cases = append(cases, c)
	}
	return cases, nil
}
