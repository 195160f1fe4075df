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
	pick    asm.PickArgs
	moments asm.MomentsArgs
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
	n := len(dst)
	w.BinaryRows(s, op, lo, hi, 1, n, Rows{X: dst, Step: 1}, Rows{X: x, Step: 1}, Rows{X: y, Step: 1})
}

// Rows says where the rows of an operand lie: the first begins at X[At], each Ld elements after the one before it, with elements Step apart: 1, or 0 where
// one number serves a whole row. Ld may be 0, for a row that comes again and again.
type Rows struct {
	X            []float32
	At, Ld, Step int
}

// holds reports whether rows of n elements lie in X.
func (r *Rows) holds(rows, n int) bool {
	last := r.At + (rows-1)*r.Ld
	return min(r.At, last) >= 0 && max(r.At, last)+(n-1)*r.Step < len(r.X)
}

// at points to element j of row i.
func (r *Rows) at(i, j int) unsafe.Pointer { return at(r.X, r.At+i*r.Ld+j*r.Step) }

// isDense reports whether rows of n elements lie without gaps.
func (r *Rows) isDense(n int) bool { return r.Ld == n && r.Step == 1 }

// repeats reports whether all rows are one, of different elements.
func (r *Rows) repeats() bool { return r.Ld == 0 && r.Step == 1 }

// shortRow is the longest row that is laid out several times where it comes again for every row of an operand without gaps, so that whole vectors are
// full.
const shortRow = 63

// BinaryRows is Binary for rows of n elements: a bias or a scale for every column or for every row, and tensors that lie within wider ones. Steps of dst
// are 1, and dst may be an operand whose rows lie alike. Rows that do not lie within their operand panic.
func (w *Worker) BinaryRows(s *asm.Set, op asm.Binary, lo, hi float32, rows, n int, dst, x, y Rows) {
	if rows <= 0 || n <= 0 {
		return
	}
	if !dst.holds(rows, n) || !x.holds(rows, n) || !y.holds(rows, n) {
		panic("elem: BinaryRows: a row lies outside its operand")
	}
	if k := scratchLen / n; n <= shortRow && rows >= 2*k && dst.isDense(n) && (x.isDense(n) && y.repeats() || y.isDense(n) && x.repeats()) {
		long := func(r Rows, line *[scratchLen]float32) Rows {
			if r.repeats() {
				return Rows{X: repeat(line[:k*n], r.X[r.At:][:n]), Step: 1}
			}
			r.Ld *= k
			return r
		}
		w.binaryRows(s, op, lo, hi, rows/k, k*n, Rows{dst.X, dst.At, k * n, 1}, long(x, &w.scratch[0]), long(y, &w.scratch[1]))
		done := rows / k * k
		if rows -= done; rows == 0 {
			return
		}
		dst.At += done * dst.Ld
		x.At += done * x.Ld
		y.At += done * y.Ld
	}
	w.binaryRows(s, op, lo, hi, rows, n, dst, x, y)
}

func (w *Worker) binaryRows(s *asm.Set, op asm.Binary, lo, hi float32, rows, n int, dst, x, y Rows) {
	row, args := s.Binary[op], &w.binary
	args.Lo, args.Hi = lo, hi
	args.LdA, args.LdB, args.LdY = 4*x.Ld, 4*y.Ld, 4*dst.Ld
	args.StepA, args.StepB = 4*x.Step, 4*y.Step
	cols := min(n, asm.MaxElems)
	step := asm.MaxElems / cols
	for r := 0; r < rows; r += step {
		args.Rows = min(step, rows-r)
		for j := 0; j < n; j += cols {
			args.N = min(cols, n-j)
			args.A, args.B, args.Y = x.at(r, j), y.at(r, j), dst.at(r, j)
			row.Call(args)
		}
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

// MulRows is BinaryRows of products.
func (w *Worker) MulRows(s *asm.Set, rows, n int, dst, x, y Rows) {
	w.BinaryRows(s, asm.Mul, negInf, posInf, rows, n, dst, x, y)
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
