package conv

import (
	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// access says how a runner gets at a tensor. 0: it reads or writes the tensor as the caller has it.
type access uint8

const (
	gathered access = 1 << iota // first of all the pixels that a strided 1x1 kernel uses are copied, in the layout that they have
	whole                       // NCHW, of which the runner has a copy in NHWC: made before its tasks, or copied back after them
	inTasks                     // NCHW, of which each task has what it needs in NHWC: it changes the layout itself
	actAfter                    // the runner leaves out the activation, which is not a clamp: it follows the tasks
)

// changes reports whether the layout of the tensor is changed.
func (a access) changes() bool { return a&(whole|inTasks) != 0 }

// reachNHWC sets the ways for a runner that works in NHWC on all pixels of the input, or on those gathered that a strided 1x1 kernel uses.
func (pl *Plan) reachNHWC(gather bool) {
	pl.reads, pl.writes = 0, 0
	if gather {
		pl.reads = gathered
	}
	if pl.p.InLayout == tensor.NCHW && !sameLayout(pl.used()) {
		pl.reads |= whole
	}
	if pl.p.OutLayout == tensor.NCHW && !sameLayout(pl.out) {
		pl.writes = whole
	}
}

// reachAsTheyLie sets the ways for a runner that takes the tensors in the caller's layouts, and applies no activation but clamps.
func (pl *Plan) reachAsTheyLie(gather bool) {
	pl.reads, pl.writes = 0, 0
	if gather {
		pl.reads = gathered
	}
	if !pl.clamped {
		pl.writes = actAfter
	}
}

// sameLayout reports whether the layouts are the same: with one channel or one pixel they are.
func sameLayout(s tensor.Shape) bool { return s.C == 1 || s.H*s.W == 1 }

// used is the part of the input that a run reads: its pixels or, if they are gathered, as many as there are in the output.
func (pl *Plan) used() tensor.Shape {
	s := pl.p.In
	if pl.reads&gathered != 0 {
		s.H, s.W = pl.out.H, pl.out.W
	}
	return s
}

// gather copies a part of the pixels that a strided 1x1 convolution uses: a range of the planes in NCHW, a
// range of the pixels in NHWC.
func (pl *Plan) gather(dst, src []float32, part int) {
	in, out, win := pl.p.In, pl.out, &pl.p.Window
	if pl.p.InLayout == tensor.NCHW {
		lo, hi := par.Split(in.N*in.C, gatherSplit, part)
		for i := lo * out.H; i < hi*out.H; i++ { // rows of the planes
			x := src[(i/out.H*in.H+i%out.H*win.StrideH)*in.W:][:in.W]
			y := dst[i*out.W : (i+1)*out.W]
			for j := range y {
				y[j] = x[j*win.StrideW]
			}
		}
		return
	}
	lo, hi := par.Split(in.N*out.H*out.W, gatherSplit, part)
	c, stride := in.C, pl.p.inStride()
	for p := lo; p < hi; p++ {
		n, oy, ox := p/(out.H*out.W), p/out.W%out.H, p%out.W
		x := ((n*in.H+oy*win.StrideH)*in.W + ox*win.StrideW) * stride
		copy(dst[p*c:(p+1)*c], src[x:x+c])
	}
}

// loaded is the number of floats of the input in NHWC, if the plan changes its layout.
func (pl *Plan) loaded() int {
	s := pl.used()
	return s.N * s.H * s.W * pl.ldin()
}

// ldin is the number of floats from one pixel to the next of what a runner in NHWC reads. In a copy that is to the
// plan's liking: pixels a multiple of 1024 bytes apart would fall into few sets of L1.
func (pl *Plan) ldin() int {
	if pl.reads.changes() && 4*pl.p.In.C%1024 == 0 {
		return pl.p.In.C + 16
	}
	if pl.reads&gathered != 0 {
		return pl.p.In.C
	}
	return pl.p.inStride()
}

// toNHWC copies one of layoutSplit parts of an NCHW image to its place in an NHWC tensor whose pixels lie ld
// floats apart.
func toNHWC(k *asm.Set, w *worker, dst []float32, ld int, src []float32, s tensor.Shape, image, part int) {
	pixels := s.H * s.W
	lo, hi := par.Split(pixels, layoutSplit, part)
	if lo == hi {
		return
	}
	w.transpose.Do(k, dst[(image*pixels+lo)*ld:], ld, src[image*s.C*pixels+lo:], pixels, s.C, hi-lo)
}

// toNCHW copies one of layoutSplit parts of an NHWC image to its place in an NCHW tensor.
func toNCHW(k *asm.Set, w *worker, dst, src []float32, s tensor.Shape, image, part int) {
	pixels := s.H * s.W
	lo, hi := par.Split(pixels, layoutSplit, part)
	if lo == hi {
		return
	}
	o := image * s.C * pixels
	w.transpose.Do(k, dst[o+lo:], pixels, src[o+lo*s.C:], s.C, hi-lo, s.C)
}
