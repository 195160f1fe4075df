package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/nets"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// A Case is one problem to measure: a convolution with bias and ReLU, a matrix product, a pooling, or a whole
// network.
// It travels to the peers' processes as JSON.
type Case struct {
	Net   string // the group it is summed in: a network, "gemm" or "pool"
	Group string // what kind of products, in "gemm"
	Layer string // its name there
	Count int    // how often it occurs in the network

	// A convolution or a pooling, if C is not 0. Kernels are square in stride and padding.
	N, C, H, W  int
	OutC        int // C of a pooling
	KH, KW      int
	Stride, Pad int
	Groups      int
	Pool        string // of a pooling: max or avg
	Ceil        bool   // its output sizes are rounded up
	Bytes       bool   // a convolution of uint8 by int8

	// A product of op(A), GemmM x GemmK, and op(B), GemmK x GemmN, otherwise. Rows are LdPad elements longer
	// than they need to be.
	GemmM, GemmN, GemmK int
	TransA, TransB      bool
	LdPad               int
	Double              bool // of float64

	Model string // a whole network, if it is not empty: one that package nets knows, on N images of C x H x W

	outH, outW     int // filled by check
	weightsPerOutC int
	macs           int // of a network
}

// The kinds of cases.
const (
	kindConv = "conv"
	kindGemm = "gemm"
	kindPool = "pool"
	kindNet  = "network"
)

func (c *Case) kind() string {
	switch {
	case c.Model != "":
		return kindNet
	case c.Pool != "":
		return kindPool
	case c.C == 0:
		return kindGemm
	}
	return kindConv
}

func (c *Case) isGemm() bool { return c.kind() == kindGemm }

// name is what -layers looks at.
func (c *Case) name() string {
	if c.Group != "" {
		return c.Net + "/" + c.Group + "/" + c.Layer
	}
	return c.Net + "/" + c.Layer
}

// series is the title of the cases that are shown together.
func (c *Case) series() string {
	if c.Group != "" {
		return c.Net + ", " + c.Group
	}
	return c.Net
}

// depthwise says that every channel of a convolution has a kernel of its own.
func (c *Case) depthwise() bool { return c.kind() == kindConv && c.Groups == c.C && c.C > 1 }

// global says that a pooling's window is the whole image.
func (c *Case) global() bool { return c.KH == c.H && c.KW == c.W && c.Pad == 0 }

// window is the kernel as the library has it.
func (c *Case) window() tensor.Window {
	return tensor.Window{
		KernelH: c.KH, KernelW: c.KW, StrideH: c.Stride, StrideW: c.Stride,
		PadTop: c.Pad, PadLeft: c.Pad, PadBottom: c.Pad, PadRight: c.Pad, CeilMode: c.Ceil,
	}
}

// model is the network of a case.
func (c *Case) model() (*cases.Model, error) {
	if c.C != 3 || c.H != c.W {
		return nil, fmt.Errorf("%s: networks are for square images of 3 channels", c)
	}
	return nets.Model(c.Model, c.N, c.H)
}

// in is the shape of the input of a convolution or pooling.
func (c *Case) in() tensor.Shape { return tensor.Shape{N: c.N, C: c.C, H: c.H, W: c.W} }

// padEnd is the padding at the bottom and at the right with which the output sizes come out exactly: it may
// differ from Pad where the window does not fit in a whole number of times.
func (c *Case) padEnd() (bottom, right int) {
	return (c.outH-1)*c.Stride + c.KH - c.H - c.Pad, (c.outW-1)*c.Stride + c.KW - c.W - c.Pad
}

// check validates a case and fills what follows from it.
func (c *Case) check() error {
	if c.isGemm() {
		if c.GemmM < 1 || c.GemmN < 1 || c.GemmK < 1 || c.LdPad < 0 {
			return fmt.Errorf("%s: sizes must be at least 1", c)
		}
		return nil
	}
	if err := c.in().Check(); err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	if c.kind() == kindNet {
		m, err := c.model()
		if err != nil {
			return err
		}
		c.macs, c.outH, c.outW = m.MACs, 1, 1
		return nil
	}
	var err error
	if c.outH, c.outW, err = c.window().Out(c.H, c.W); err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	if c.kind() == kindPool {
		if c.OutC != c.C || c.Pool != "max" && c.Pool != "avg" {
			return fmt.Errorf("%s: %q pooling of %d channels to %d", c, c.Pool, c.C, c.OutC)
		}
		return nil
	}
	if c.Groups < 1 || c.C%c.Groups != 0 || c.OutC < 1 || c.OutC%c.Groups != 0 {
		return fmt.Errorf("%s: %d groups do not divide the channels", c, c.Groups)
	}
	c.weightsPerOutC = c.C / c.Groups * c.KH * c.KW
	return nil
}

// String is the case as a problem string, the same that tests and bug reports use.
func (c *Case) String() string {
	switch c.kind() {
	case kindGemm:
		s := shapes.Gemm{TransA: c.TransA, TransB: c.TransB, M: c.GemmM, N: c.GemmN, K: c.GemmK}.String()
		if c.LdPad > 0 {
			s += fmt.Sprintf(" ld+%d", c.LdPad)
		}
		if c.Double {
			s += " float64"
		}
		return s
	case kindNet:
		return fmt.Sprintf("network %s %v", c.Model, c.in())
	case kindPool:
		return shapes.Pool{Avg: c.Pool == "avg", In: c.in(), Window: c.window()}.String()
	}
	if c.Bytes {
		return c.conv().String() + " uint8"
	}
	return c.conv().String()
}

// conv is a convolution as the library has it.
func (c *Case) conv() *shapes.Conv {
	return &shapes.Conv{In: c.in(), OutC: c.OutC, Window: c.window(), Groups: c.Groups}
}

// flops is the number of floating-point operations: two for every multiply-add, those with padding counted;
// of a pooling one for every element of a window.
func (c *Case) flops() float64 {
	switch c.kind() {
	case kindGemm:
		return 2 * float64(c.GemmM) * float64(c.GemmN) * float64(c.GemmK)
	case kindPool:
		return float64(c.outElems()) * float64(c.depth())
	case kindNet:
		return 2 * float64(c.macs)
	}
	return 2 * float64(c.outElems()) * float64(c.weightsPerOutC)
}

// work is what a case's speed is counted in: operations, or of a pooling the bytes that it must move.
func (c *Case) work() float64 {
	if c.kind() == kindPool {
		return c.bytes()
	}
	return c.flops()
}

func (c *Case) inElems() int { return c.N * c.C * c.H * c.W }

func (c *Case) weights() int { return c.OutC * c.weightsPerOutC }

func (c *Case) outElems() int {
	if c.isGemm() {
		return c.GemmM * c.GemmN
	}
	return c.N * c.OutC * c.outH * c.outW
}

// depth is the number of terms in one output.
func (c *Case) depth() int {
	switch c.kind() {
	case kindGemm:
		return c.GemmK
	case kindPool:
		return c.KH * c.KW
	}
	return c.weightsPerOutC
}

// bytes is the memory a case must move at least: every operand once.
func (c *Case) bytes() float64 {
	if c.isGemm() {
		size := 4.0
		if c.Double {
			size = 8
		}
		return size * (float64(c.GemmM)*float64(c.GemmK) + float64(c.GemmK)*float64(c.GemmN) + float64(c.GemmM)*float64(c.GemmN))
	}
	b := float64(c.inElems()) + float64(c.outElems())
	if c.kind() == kindConv {
		b += float64(c.weights()) + float64(c.OutC)
	}
	if c.Bytes {
		return b
	}
	return 4 * b
}

// A matrix is an operand of a product in memory: rows that are ld elements apart.
type matrix struct {
	rows, cols, ld int
	data           []float32
	double         []float64 // the same numbers, if they are asked for
}

// doubled makes the matrix one of float64.
func (m matrix) doubled() matrix {
	m.double = make([]float64, len(m.data))
	for i, v := range m.data {
		m.double[i] = float64(v)
	}
	return m
}

// rounded is what there is of float64 in float32.
func (m matrix) rounded() matrix {
	for i, v := range m.double {
		m.data[i] = float32(v)
	}
	return m
}

// aMatrix, bMatrix and cMatrix make a product's operands; a transposed one lies as it is.
func (c *Case) aMatrix() matrix {
	m := c.matrix(c.GemmM, c.GemmK, c.TransA)
	m.fill(seedX)
	return m
}

func (c *Case) bMatrix() matrix {
	m := c.matrix(c.GemmK, c.GemmN, c.TransB)
	m.fill(seedW)
	return m
}

func (c *Case) cMatrix() matrix { return c.matrix(c.GemmM, c.GemmN, false) }

func (c *Case) matrix(rows, cols int, transposed bool) matrix {
	if transposed {
		rows, cols = cols, rows
	}
	ld := cols + c.LdPad
	return matrix{rows: rows, cols: cols, ld: ld, data: mem.Floats(rows * ld)}
}

// fill gives the elements the same numbers whatever ld is; what lies between the rows stays 0.
func (m matrix) fill(seed uint32) {
	x := m.data[:m.rows*m.cols]
	fill(x, seed)
	if m.ld == m.cols {
		return
	}
	for i := m.rows - 1; i >= 0; i-- {
		row := m.data[i*m.ld:][:m.ld]
		copy(row, x[i*m.cols:][:m.cols])
		clear(row[m.cols:])
	}
}

// packed returns the elements without what lies between the rows.
func (m matrix) packed() []float32 {
	if m.ld == m.cols {
		return m.data
	}
	x := make([]float32, 0, m.rows*m.cols)
	for i := range m.rows {
		x = append(x, m.data[i*m.ld:][:m.cols]...)
	}
	return x
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

const gemmHeader = "group,m,n,k,op,ld,set"

// gemmCases reads the table of matrix products. op says for A and B whether they are as they stand (n) or
// transposed (t), ld how many elements rows are longer than they need to be, and set whether a run without
// flags has them (quick) or not (full): the second result lists those that it does not have.
func gemmCases(table io.Reader) (list []*Case, more map[*Case]bool, err error) {
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("table of products: %w", err)
	}
	more = make(map[*Case]bool)
	for i, r := range rows {
		if i == 0 {
			if strings.Join(r, ",") != gemmHeader {
				return nil, nil, fmt.Errorf("table of products: the header is %q, want %s", strings.Join(r, ","), gemmHeader)
			}
			continue
		}
		c := &Case{Net: kindGemm, Group: r[0], Count: 1}
		err := func() error {
			for j, v := range []*int{&c.GemmM, &c.GemmN, &c.GemmK} {
				if *v, err = strconv.Atoi(r[1+j]); err != nil {
					return err
				}
			}
			switch r[4] {
			case "nn", "nt", "tn", "tt":
				c.TransA, c.TransB = r[4][0] == 't', r[4][1] == 't'
			default:
				return fmt.Errorf("op is %q, want nn, nt, tn or tt", r[4])
			}
			if c.LdPad, err = strconv.Atoi(r[5]); err != nil {
				return err
			}
			switch r[6] {
			case "quick":
			case "full":
				more[c] = true
			default:
				return fmt.Errorf("set is %q, want quick or full", r[6])
			}
			return c.check()
		}()
		if err != nil {
			return nil, nil, fmt.Errorf("table of products, line %d: %w", i+1, err)
		}
		c.Layer = fmt.Sprintf("%dx%dx%d", c.GemmM, c.GemmN, c.GemmK)
		if r[4] != "nn" {
			c.Layer += "-" + r[4]
		}
		if c.LdPad > 0 {
			c.Layer += fmt.Sprintf("-ld+%d", c.LdPad)
		}
		list = append(list, c)
	}
	return list, more, nil
}
