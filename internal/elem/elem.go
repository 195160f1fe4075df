// Package elem applies the element-wise kernels of package asm to slices: it checks lengths, and it
// splits the work into calls that each stay below about 50 microseconds.
//
// Everything is serial and allocates nothing. A destination may be the same slice as a source, but
// must not overlap one otherwise. Slices of wrong length panic.
package elem

import (
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
)

var (
	negInf = float32(math.Inf(-1))
	posInf = float32(math.Inf(1))
)

// Worker holds the arguments of the kernels and some scratch. The zero value is ready; one Worker
// serves one goroutine at a time. Keep it on the heap, in a workspace. Between calls it points to no operand.
type Worker struct {
	unary   asm.UnaryArgs
	binary  asm.BinaryArgs
	affine  asm.AffineArgs
	softmax asm.SoftmaxArgs
	blend   asm.BlendArgs
	turn    asm.TransposeArgs
	quant   asm.QuantArgs
	scratch [4][scratchLen]float32
	turned  [8 * scratchLen]float32 // short lines, side by side
}

const scratchLen = 256

// at points to x[i], and is nil for nil.
func at(x []float32, i int) unsafe.Pointer {
	if x == nil {
		return nil
	}
	return unsafe.Pointer(&x[i])
}

func ptr(x []float32) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }

// Unary sets dst[i] = op(src[i]), with the parameters a and b where op has any.
func (w *Worker) Unary(s *asm.Set, op asm.Unary, a, b float32, dst, src []float32) {
	if len(dst) != len(src) {
		panic("elem: Unary: len(dst) differs from len(src)")
	}
	switch op {
	case asm.Identity:
		copy(dst, src)
		return
	case asm.ReLU:
		op, a, b = asm.Clamp, 0, posInf
	}
	row := s.Unary[op]
	args := &w.unary
	args.A, args.B = a, b
	for len(src) > 0 {
		n := min(len(src), asm.MaxElems)
		args.X, args.Y, args.N = ptr(src), ptr(dst), n
		row.Call(args)
		src, dst = src[n:], dst[n:]
	}
	args.X, args.Y = nil, nil
}

// Binary sets dst[i] = min(max(op(x[i], y[i]), lo), hi).
func (w *Worker) Binary(s *asm.Set, op asm.Binary, lo, hi float32, dst, x, y []float32) {
	if len(dst) != len(x) {
		panic("elem: Binary: len(dst) differs from len(x)")
	}
	if len(dst) != len(y) {
		panic("elem: Binary: len(dst) differs from len(y)")
	}
	row := s.Binary[op]
	args := &w.binary
	args.Lo, args.Hi = lo, hi
	for len(x) > 0 {
		n := min(len(x), asm.MaxElems)
		args.A, args.B, args.Y, args.N = ptr(x), ptr(y), ptr(dst), n
		row.Call(args)
		x, y, dst = x[n:], y[n:], dst[n:]
	}
	args.A, args.B, args.Y = nil, nil, nil
}

// Add sets dst[i] = x[i] + y[i].
func (w *Worker) Add(s *asm.Set, dst, x, y []float32) {
	w.Binary(s, asm.Add, negInf, posInf, dst, x, y)
}

// Mul sets dst[i] = x[i] * y[i].
func (w *Worker) Mul(s *asm.Set, dst, x, y []float32) {
	w.Binary(s, asm.Mul, negInf, posInf, dst, x, y)
}

// Blend adds weighted rows of n elements: row r of dst, at r*ldd, is taps[r].P times the row of a at byte taps[r].A plus taps[r].Q times the one
// of b at byte taps[r].B. dst may be a where row r of a is the same row.
func (w *Worker) Blend(s *asm.Set, dst []float32, ldd int, a, b []float32, taps []asm.BlendTap, n int) {
	if len(taps) == 0 || n == 0 {
		return
	}
	if ldd < n || (len(taps)-1)*ldd+n > len(dst) {
		panic("elem: Blend: dst is too short for its rows")
	}
	for i := range taps {
		if t := &taps[i]; t.A < 0 || t.A/4+n > len(a) || t.B < 0 || t.B/4+n > len(b) {
			panic("elem: Blend: a row lies outside its operand")
		}
	}
	row := s.Blend[0]
	args := &w.blend
	args.LdY = 4 * ldd
	cols := min(n, asm.MaxElems)
	step := asm.MaxElems / cols
	for r := 0; r < len(taps); r += step {
		rows := taps[r:min(r+step, len(taps))]
		args.Taps, args.Rows = unsafe.Pointer(&rows[0]), len(rows)
		for j := 0; j < n; j += cols {
			args.N = min(cols, n-j)
			args.A, args.B, args.Y = at(a, j), at(b, j), at(dst, r*ldd+j)
			row.Call(args)
		}
	}
	args.A, args.B, args.Y, args.Taps = nil, nil, nil, nil
}
