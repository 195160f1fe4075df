package pool

import (
	"github.com/simdnn/simdnn/tensor"
)

// blocks works off NCHW maps by blocks of planes: they are transposed into scratch, reduced there with the channels in
// the lanes, and transposed on the way out. The scratch stays in the second cache.
type blocks struct {
	inner *Plan // NHWC, of one block
	count int
}

const (
	blockWidth   = 96      // rows that are longer fill the vectors of lines well enough
	blockScratch = 1 << 16 // floats of a block's input and output
	blockLarge   = 10      // rows and columns of windows that pay for blocks of twice that
	blockWhole   = 1 << 9  // pixels of a map up to which its maximum is quicker found in a block
)

// newBlocks returns nil where planes are better reduced as they lie: where they are few, wide, or large.
func newBlocks(l *Plan) *blocks {
	in, out := l.p.In, l.out
	const few, many = 16, 64 // lanes of the kernels for few channels, and for many
	pixels := in.H*in.W + out.H*out.W
	most := blockScratch
	if l.p.Window.KernelH+l.p.Window.KernelW >= blockLarge {
		most *= 2
	}
	if l.c != 1 || l.step != 1 || l.maps < few || in.W > blockWidth || pixels > most/few {
		return nil
	}
	if l.global() && (l.p.Kind == Avg || pixels > blockWhole) {
		return nil
	}
	c := few
	if l.maps%many == 0 && pixels <= blockScratch/many {
		c = many
	}
	p := l.p
	p.In, p.Layout, p.OutStride = tensor.Shape{N: 1, C: c, H: in.H, W: in.W}, tensor.NHWC, 0
	inner, err := New(p)
	if err != nil {
		panic(err.Error()) // a part of what New has checked
	}
	l.scratch = inner.p.In.Elems() + inner.out.Elems() + inner.scratch
	return &blocks{inner: inner, count: (l.maps + c - 1) / c}
}

// do reduces one block. That at the end may have fewer planes: what is reduced beside them is whatever lay there, and goes nowhere.
func (b *blocks) do(l *Plan, w *worker, block int, scratch, dst, src []float32) {
	in, out, lanes := l.p.In.H*l.p.In.W, l.out.H*l.out.W, b.inner.p.In.C
	x, y := scratch[:in*lanes], scratch[in*lanes:(in+out)*lanes]
	scratch = scratch[len(x)+len(y):]
	plane := block * lanes
	c := min(lanes, l.maps-plane)
	w.transpose.Do(l.p.Kernels, x, lanes, src[plane*in:], in, c, in)
	for t := range b.inner.tasks {
		b.inner.do(w, t, scratch, y, x)
	}
	w.transpose.Do(l.p.Kernels, dst[plane*out:], out, y, lanes, out, c)
}
