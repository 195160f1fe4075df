package pool

import (
	"github.com/simdnn/simdnn/tensor"
)

// blocks works off NCHW maps by blocks of planes: they are transposed into scratch, reduced there with the channels in
// the lanes, and transposed on the way out. The scratch stays in the second cache.
type blocks struct {
	inner  *Plan // NHWC, of one block
	count  int   // of the whole problem, image for image
	image  int   // of an image
	atOnce int   // in a task
}

const (
	blockWidth   = 96      // rows that are longer fill the vectors of doNCHW well enough
	blockScratch = 1 << 16 // floats of a block's input and output
)

// newBlocks returns nil where planes are better reduced as they lie: where they are few, wide, or large.
func newBlocks(l *Plan) *blocks {
	in, out := l.p.In, l.out
	const few, many = 16, 64 // lanes of the kernels for few channels, and for many
	pixels := in.H*in.W + out.H*out.W
	if in.W > blockWidth || in.C < few || pixels > blockScratch/few {
		return nil
	}
	c := few
	if in.C%many == 0 && pixels <= blockScratch/many {
		c = many
	}
	p := l.p
	p.In, p.Layout = tensor.Shape{N: 1, C: c, H: in.H, W: in.W}, tensor.NHWC
	inner, err := New(p)
	if err != nil {
		panic(err.Error()) // a part of what New has checked
	}
	b := &blocks{inner: inner, image: (in.C + c - 1) / c}
	b.count = in.N * b.image
	b.atOnce = max(1, min(b.count, bandWork/max(1, inner.work)))
	return b
}

func (b *blocks) tasks() int { return (b.count + b.atOnce - 1) / b.atOnce }

func (b *blocks) scratch() int { return b.inner.p.In.Elems() + b.inner.out.Elems() + b.inner.scratch }

// do reduces the blocks of a task. A block at the end of an image may have fewer planes: what is reduced beside them is
// whatever lay there, and goes nowhere.
func (b *blocks) do(l *Plan, w *worker, task int, dst, src []float32) {
	in, out, lanes := l.p.In.H*l.p.In.W, l.out.H*l.out.W, b.inner.p.In.C
	x, y := w.scratch[:in*lanes], w.scratch[in*lanes:(in+out)*lanes]
	scratch := w.scratch[len(x)+len(y):]
	for i := task * b.atOnce; i < min(b.count, (task+1)*b.atOnce); i++ {
		c0 := i % b.image * lanes
		c := min(lanes, l.p.In.C-c0)
		plane := i/b.image*l.p.In.C + c0
		w.transpose.Do(l.p.Kernels, x, lanes, src[plane*in:], in, c, in)
		for t := range b.inner.tasks {
			b.inner.doNHWC(w, t, scratch, y, x)
		}
		w.transpose.Do(l.p.Kernels, dst[plane*out:], out, y, lanes, out, c)
	}
}
