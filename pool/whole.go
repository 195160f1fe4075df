package pool

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// whole reduces maps of few channels to one pixel each. The lanes of a kernel take as many pixels as they can; what is left is
// reduced element by element.
type whole struct {
	ones []float32 // averages of planes: what they are multiplied by to sum them, or nil
}

// wholeLanes are the lanes of a kernel's step.
const wholeLanes = 64

func newWhole(l *Plan) *whole {
	h := &whole{}
	pixels := l.p.In.H * l.p.In.W
	if l.p.Kind == Avg && l.c == 1 && tensor.Mul(pixels, max(1, min(l.maps, bandWork/pixels))) <= asm.MaxWork {
		h.ones = make([]float32, pixels)
		for i := range h.ones {
			h.ones[i] = 1
		}
	}
	return h
}

// do reduces n maps.
func (h *whole) do(l *Plan, w *worker, dst, src []float32, n int) {
	step := 1
	if h.ones != nil && l.step == 1 {
		step = n
	}
	size := len(src) / n
	for i := 0; i < n; i += step {
		y, x := dst[i*l.step:][:step*l.c], src[i*size:(i+step)*size]
		if h.ones != nil {
			h.averages(l, w, y, x)
		} else {
			h.one(l, w, y, x)
		}
	}
}

// averages writes the averages of whole planes: their sums are the product of a matrix, whose rows they are, with a vector of
// ones.
func (h *whole) averages(l *Plan, w *worker, dst, src []float32) {
	a := &w.gemv
	a.X, a.Cols, a.LdW = unsafe.Pointer(&h.ones[0]), len(h.ones), 4*len(h.ones)
	a.W, a.Y, a.Rows = unsafe.Pointer(&src[0]), unsafe.Pointer(&dst[0]), len(dst)
	l.p.Kernels.Gemv[0].Call(a)
	w.gemv = asm.GemvArgs{}
	factor := scale(&l.rows[0], &l.cols[0])
	for i := range dst {
		dst[i] *= factor
	}
}

// one reduces a map to a pixel: as many pixels as fill the lanes by as many, those by quarters, and then what is left.
func (h *whole) one(l *Plan, w *worker, y, x []float32) {
	c := len(y)
	lanes := wholeLanes / c * c
	for _, n := range [...]int{wholeLanes, wholeLanes / 4} {
		if n = c * n / gcd(c, n); n <= len(w.lanes) && len(x)/n >= 4 {
			lanes = n // whole vectors
			break
		}
	}
	flags, factor := 0, scale(&l.rows[0], &l.cols[0])
	a := &w.args
	a.RowX, a.PixX, a.PixY = 0, 0, 0
	if steps := len(x) / lanes; steps >= 4 {
		a.ColX = 4 * lanes
		l.reduce(w, &w.lanes[0], &x[0], 1, lanes, 1, steps, 0, 1)
		rest := x[steps*lanes:]
		for ; lanes/c%4 == 0; lanes /= 4 {
			a.ColX = lanes // bytes of a quarter
			l.reduce(w, &w.lanes[0], &w.lanes[0], 1, lanes/4, 1, 4, 0, 1)
		}
		if x = w.lanes[:lanes]; len(rest) > 0 {
			a.ColX = 4 * c
			l.reduce(w, &y[0], &rest[0], 1, c, 1, len(rest)/c, 0, 1)
			flags = asm.PoolAccumulate
		}
	}
	a.ColX = 4 * c
	l.reduce(w, &y[0], &x[0], 1, c, 1, len(x)/c, flags, factor)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
