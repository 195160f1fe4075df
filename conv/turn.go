package conv

import "github.com/simdnn/simdnn/tensor"

// A tensor that is one pixel wide lies in memory as one that is one pixel high, in both layouts. A convolution of such a tensor to such a
// one, as data in time has it that runs along H, is turned: computed with its axes exchanged. Pixels that follow each other in
// memory are then pixels of one row, which is what the kernels take in tiles.

// turns reports whether a convolution is turned.
func (p *Params) turns() bool {
	_, w, err := p.Window.Out(p.In.H, p.In.W)
	return err == nil && p.OutRowStride == 0 && p.In.W == 1 && w == 1 && p.In.H > 1
}

// turn exchanges the axes.
func (p *Params) turn() { turnAxes(&p.In, &p.Window) }

func turnAxes(in *tensor.Shape, w *tensor.Window) {
	for _, q := range [...][2]*int{
		{&in.H, &in.W}, {&w.KernelH, &w.KernelW}, {&w.StrideH, &w.StrideW}, {&w.DilationH, &w.DilationW},
		{&w.PadTop, &w.PadLeft}, {&w.PadBottom, &w.PadRight},
	} {
		*q[0], *q[1] = *q[1], *q[0]
	}
}

// turnWeights exchanges the axes of kernels of kh x kw.
func turnWeights(weights []float32, kh, kw int) []float32 {
	if kh == 1 || kw == 1 {
		return weights
	}
	turned := make([]float32, len(weights))
	for i, v := range weights {
		x, y, kernel := i%kw, i/kw%kh, i/(kh*kw)
		turned[(kernel*kw+x)*kh+y] = v
	}
	return turned
}
