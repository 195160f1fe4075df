package conv

import (
	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// toNHWC copies one of layoutSplit parts of an NCHW image to its place in an NHWC tensor.
func toNHWC(k *asm.Set, w *worker, dst, src []float32, s tensor.Shape, image, part int) {
	pixels := s.H * s.W
	lo, hi := pixels*part/layoutSplit, pixels*(part+1)/layoutSplit
	o := image * s.C * pixels
	for c := range s.C {
		for p := lo; p < hi; p++ {
			dst[o+p*s.C+c] = src[o+c*pixels+p]
		}
	}
}

// toNCHW copies one of layoutSplit parts of an NHWC image to its place in an NCHW tensor.
func toNCHW(k *asm.Set, w *worker, dst, src []float32, s tensor.Shape, image, part int) {
	pixels := s.H * s.W
	lo, hi := pixels*part/layoutSplit, pixels*(part+1)/layoutSplit
	o := image * s.C * pixels
	for c := range s.C {
		for p := lo; p < hi; p++ {
			dst[o+c*pixels+p] = src[o+p*s.C+c]
		}
	}
}
