package conv

import (
	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// toNHWC copies one of layoutSplit parts of an NCHW image to its place in an NHWC tensor.
func toNHWC(k *asm.Set, w *worker, dst, src []float32, s tensor.Shape, image, part int) {
	pixels := s.H * s.W
	lo, hi := par.Split(pixels, layoutSplit, part)
	if lo == hi {
		return
	}
	o := image * s.C * pixels
	w.transpose.Do(k, dst[o+lo*s.C:], s.C, src[o+lo:], pixels, s.C, hi-lo)
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
