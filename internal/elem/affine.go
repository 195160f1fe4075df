package elem

import "github.com/simdnn/simdnn/asm"

// Channels scales and shifts pixels of c = len(scale) or len(shift) channels, which lie side by side
// as in NHWC:
//
//	dst[i] = min(max(src[i]*scale[i%c] + shift[i%c], lo), hi)
//
// Either of scale and shift may be nil, for 1 and 0. len(src) is a multiple of c.
func (w *Worker) Channels(s *asm.Set, dst, src, scale, shift []float32, lo, hi float32) {
	op, c := affineOp(scale, shift)
	if len(dst) != len(src) {
		panic("elem: Channels: len(dst) differs from len(src)")
	}
	if c == 0 || len(src)%c != 0 {
		panic("elem: Channels: len(src) is no multiple of the channels")
	}
	// A few channels leave most of a vector idle: take several pixels as one with the channels repeated.
	if k := scratchLen / c; k > 1 && c <= scratchLen/4 && len(src) >= 16*scratchLen {
		scale, shift = repeat(w.scratch[0][:k*c], scale), repeat(w.scratch[1][:k*c], shift)
		whole := len(src) / (k * c) * (k * c)
		w.affineRows(s, op, dst[:whole], src[:whole], scale, shift, k*c, lo, hi)
		dst, src = dst[whole:], src[whole:]
		scale, shift = clip(scale, c), clip(shift, c)
	}
	w.affineRows(s, op, dst, src, scale, shift, c, lo, hi)
}

// Planes scales and shifts planes of plane elements, one for each of c = len(scale) or len(shift)
// channels and this for every image, as in NCHW:
//
//	dst[i] = min(max(src[i]*scale[i/plane%c] + shift[i/plane%c], lo), hi)
//
// Either of scale and shift may be nil, for 1 and 0. len(src) is a multiple of c*plane.
func (w *Worker) Planes(s *asm.Set, dst, src, scale, shift []float32, plane int, lo, hi float32) {
	op, c := affineOp(scale, shift)
	if len(dst) != len(src) {
		panic("elem: Planes: len(dst) differs from len(src)")
	}
	if c == 0 || plane <= 0 || len(src)%c != 0 || len(src)/c%plane != 0 {
		panic("elem: Planes: len(src) is no multiple of the channels and the plane")
	}
	for len(src) > 0 {
		w.affineRows(s, op+1, dst[:c*plane], src[:c*plane], scale, shift, plane, lo, hi)
		dst, src = dst[c*plane:], src[c*plane:]
	}
}

// affineOp returns the kernel for a scale or a shift per column (the one per row follows it), and
// the number of channels.
func affineOp(scale, shift []float32) (op asm.Affine, channels int) {
	switch {
	case scale == nil:
		return asm.Bias, len(shift)
	case shift == nil:
		return asm.Scale, len(scale)
	}
	if len(scale) != len(shift) {
		panic("elem: len(scale) differs from len(shift)")
	}
	return asm.Norm, len(scale)
}

// affineRows runs the kernel of op over contiguous rows of n.
func (w *Worker) affineRows(s *asm.Set, op asm.Affine, dst, src, scale, shift []float32, n int, lo, hi float32) {
	perRow := op == asm.BiasRow || op == asm.ScaleRow || op == asm.NormRow
	row := s.Affine[op]
	args := &w.affine
	args.Lo, args.Hi = lo, hi
	args.LdX, args.LdY = 4*n, 4*n
	cols := min(n, asm.MaxElems)
	step := asm.MaxElems / cols
	for r := 0; r < len(src)/n; r += step {
		args.Rows = min(step, len(src)/n-r)
		for j := 0; j < n; j += cols {
			args.N = min(cols, n-j)
			c := j
			if perRow {
				c = r
			}
			args.S, args.T = at(scale, c), at(shift, c)
			args.X, args.Y = at(src, r*n+j), at(dst, r*n+j)
			row.Call(args)
		}
	}
	args.X, args.Y, args.S, args.T = nil, nil, nil, nil
}

// repeat fills dst with copies of x, unless x is nil.
func repeat(dst, x []float32) []float32 {
	if x == nil {
		return nil
	}
	for n := 0; n < len(dst); n += len(x) {
		copy(dst[n:], x)
	}
	return dst
}

// clip is x[:n], or nil for nil.
func clip(x []float32, n int) []float32 {
	if x == nil {
		return nil
	}
	return x[:n]
}
