package main

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// Convolutions of bytes: uint8 by int8 with exact sums, a bias, one scale for all channels, ReLU, and uint8 again. Zero points are 0, which is what
// libraries are quickest with.

// byteOperands are those of a convolution of bytes, in NCHW and OIHW.
type byteOperands struct {
	x     []byte
	w     []int8
	bias  []int32
	scale float32 // of a sum: outputs come to some tens
}

func (c *Case) byteOperands() *byteOperands {
	o := &byteOperands{x: make([]byte, c.inElems()), w: make([]int8, c.weights()), bias: make([]int32, c.OutC)}
	f := mem.Floats(max(len(o.x), len(o.w), len(o.bias)))
	fill(f[:len(o.x)], seedX)
	for i := range o.x {
		o.x[i] = byte(math.Round(float64(f[i]+1) * 127))
	}
	fill(f[:len(o.w)], seedW)
	for i := range o.w {
		o.w[i] = int8(math.Round(float64(f[i]) * 127))
	}
	fill(f[:len(o.bias)], seedBias)
	for i := range o.bias {
		o.bias[i] = int32(f[i] * 1000)
	}
	o.scale = float32(1 / (100 * math.Sqrt(float64(c.weightsPerOutC))))
	return o
}

// floats are x and w as numbers, for plain sums.
func (o *byteOperands) floats() (x, w []float32) {
	x, w = make([]float32, len(o.x)), make([]float32, len(o.w))
	for i, v := range o.x {
		x[i] = float32(v)
	}
	for i, v := range o.w {
		w[i] = float32(v)
	}
	return x, w
}

// output is what becomes of an exact sum of products.
func (o *byteOperands) output(sum float64, oc int) float64 {
	return math.RoundToEven(min(max((sum+float64(o.bias[oc]))*float64(o.scale), 0), 255))
}

// byteBound is by how much outputs may differ: sums times scales are rounded once more or less.
const byteBound = 1

type ourBytes struct {
	plan *conv.Plan
	ws   *conv.Workspace
	x, y []byte
}

func (l *simdnnLib) bytes(c *Case, mode string) (job, error) {
	if mode != "nhwc" {
		return nil, fmt.Errorf("simdnn has no mode %q for %s", mode, c)
	}
	o := c.byteOperands()
	q := conv.Quantisation{Out: tensor.Uint8, Hi: 255, Scale: make([]float32, c.OutC)}
	for i := range q.Scale {
		q.Scale[i] = o.scale
	}
	w := make([]int16, len(o.w))
	for i, v := range o.w {
		w[i] = int16(v)
	}
	p := conv.Params{In: c.in(), OutC: c.OutC, Window: c.window(), Groups: c.Groups, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Kernels: l.set}
	j := &ourBytes{x: make([]byte, len(o.x)), y: make([]byte, c.outElems())}
	swapAxes(j.x, o.x, c.N, c.C, c.H*c.W)
	var err error
	if j.plan, err = conv.NewQuantised(p, q, w, o.bias, new(conv.Packed)); err != nil {
		return nil, err
	}
	j.ws = conv.NewWorkspace(l.threads, j.plan)
	return j, nil
}

func (j *ourBytes) Run(calls int) error {
	for range calls {
		j.plan.RunBytes(j.ws, j.y, j.x)
	}
	return nil
}

func (j *ourBytes) Output() []float32 {
	s, y := j.plan.Out(), make([]byte, len(j.y))
	swapAxes(y, j.y, s.N, s.H*s.W, s.C)
	return floatsOf(y)
}

func (j *ourBytes) Impl() string { return j.plan.String() }
func (j *ourBytes) Close()       {}

func floatsOf(x []byte) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

// asBytes are the first n bytes of memory for floats.
func asBytes(x []float32, n int) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), n)
}
