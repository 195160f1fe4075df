package shapes

import (
	"math/rand/v2"

	"github.com/simdnn/simdnn/tensor"
)

// Wild draws a window for maps of h by w pixels that is allowed, but that no network has: kernels larger than the map, strides larger than
// the kernel, dilation, and padding up to three times the map on any side, so that whole rows, columns and tiles of the output see
// nothing but padding. The output has at most most pixels, if that is at all possible.
func Wild(rng *rand.Rand, h, w, most int) tensor.Window {
	odd := rng.IntN(3) == 0 // along one axis only, or both
	rows := odd && rng.IntN(2) == 0
	small := rng.IntN(2) == 0 // the kernel that has code of its own
	axis := func(in int, wild bool) (kernel, stride, dilation, before, after int) {
		kernel, stride, dilation = 3, 1+rng.IntN(2), 1
		if !wild {
			return kernel, stride, dilation, 1, 1
		}
		if !small {
			kernel = 1 + rng.IntN(4)
			if rng.IntN(3) == 0 {
				kernel = 1 + rng.IntN(in+4)
			}
			if rng.IntN(2) == 0 {
				stride = 1 + rng.IntN(kernel+3)
			}
			if rng.IntN(3) == 0 {
				dilation = 1 + rng.IntN(2*in+1)
			}
		}
		pad := func() int { return rng.IntN(2) * rng.IntN(3*in+1) }
		return kernel, stride, dilation, pad(), pad()
	}
	for i := 0; ; i++ {
		var v tensor.Window
		v.KernelH, v.StrideH, v.DilationH, v.PadTop, v.PadBottom = axis(h, !odd || rows)
		v.KernelW, v.StrideW, v.DilationW, v.PadLeft, v.PadRight = axis(w, !odd || !rows)
		if small {
			v.StrideW = v.StrideH
		}
		if oh, ow, err := v.Out(h, w); err == nil && (oh*ow <= most || i > 100) {
			return v
		}
	}
}
