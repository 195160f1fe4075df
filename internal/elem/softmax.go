package elem

import (
	"math"

	"github.com/simdnn/simdnn/asm"
)

// Softmax normalises exp(src) along an axis of length n whose elements lie stride apart:
//
//	dst[i] = exp(src[i] - m) / sum of exp(src[j] - m) over the elements j of i's line, of which m is the maximum
//
// A line with NaN or +Inf, or of nothing but -Inf, comes out NaN. len(src) is a multiple of n*stride.
func (w *Worker) Softmax(s *asm.Set, dst, src []float32, n, stride int) {
	checkLines(dst, src, n, stride)
	w.lines(s, dst, src, n, stride, false)
}

// LogSoftmax is the logarithm of Softmax, computed as (src[i] - m) - log(sum): it neither overflows nor
// loses the small probabilities.
func (w *Worker) LogSoftmax(s *asm.Set, dst, src []float32, n, stride int) {
	checkLines(dst, src, n, stride)
	w.lines(s, dst, src, n, stride, true)
}

func checkLines(dst, src []float32, n, stride int) {
	if len(dst) != len(src) {
		panic("elem: softmax: len(dst) differs from len(src)")
	}
	if n <= 0 || stride <= 0 || len(src)%n != 0 || len(src)/n%stride != 0 {
		panic("elem: softmax: len(src) is no multiple of n*stride")
	}
}

// shortLine is the longest line that is done beside others, and not with kernel calls of its own, which take 50 ns.
const shortLine = 24

func (w *Worker) lines(s *asm.Set, dst, src []float32, n, stride int, log bool) {
	if stride == 1 && n <= shortLine {
		w.shortLines(s, dst, src, n, log)
		return
	}
	for ; len(src) > 0; dst, src = dst[n*stride:], src[n*stride:] {
		if stride == 1 {
			w.line(s, dst[:n], src[:n], log)
			continue
		}
		for j := 0; j < stride; j += scratchLen {
			w.columns(s, dst[j:n*stride], src[j:n*stride], n, stride, min(scratchLen, stride-j), log)
		}
	}
}

// shortLines turns lines so that they lie side by side, as many as there is room for, and back.
func (w *Worker) shortLines(s *asm.Set, dst, src []float32, n int, log bool) {
	most := min(scratchLen, len(w.turned)/n)
	for len(src) > 0 {
		lines := min(most, len(src)/n)
		x := w.turned[:n*lines]
		w.transpose(s, x, src, lines, n)
		w.columns(s, x, x, n, lines, lines, log)
		w.transpose(s, dst, x, n, lines)
		dst, src = dst[n*lines:], src[n*lines:]
	}
}

// transpose writes the transpose of a matrix without gaps, of rows times cols elements.
func (w *Worker) transpose(s *asm.Set, dst, src []float32, rows, cols int) {
	a := &w.turn
	a.Dst, a.Src, a.LdDst, a.LdSrc, a.Rows, a.Cols = ptr(dst[:rows*cols]), ptr(src[:rows*cols]), 4*rows, 4*cols, rows, cols
	s.Transpose[0].Call(a)
	a.Dst, a.Src = nil, nil
}

// line does one contiguous line.
func (w *Worker) line(s *asm.Set, dst, src []float32, log bool) {
	w.softmax.Max, w.softmax.Sum = negInf, 0
	w.step(s, asm.RowMax, dst, src)
	if log {
		w.step(s, asm.RowSumExp, dst, src)
		w.softmax.Sum = float32(math.Log(float64(w.softmax.Sum)))
		w.step(s, asm.RowShift, dst, src)
		return
	}
	w.step(s, asm.RowExp, dst, src)
	w.softmax.Sum = 1 / w.softmax.Sum
	w.step(s, asm.RowScale, dst, dst)
}

// step runs one step over a whole line.
func (w *Worker) step(s *asm.Set, op asm.Softmax, dst, src []float32) {
	row := s.Softmax[op]
	args := &w.softmax
	for len(src) > 0 {
		n := min(len(src), asm.MaxElems)
		args.X, args.Y, args.N = ptr(src), ptr(dst), n
		row.Call(args)
		src, dst = src[n:], dst[n:]
	}
	args.X, args.Y = nil, nil
}

// columns does cols lines that lie side by side, with elements stride apart.
func (w *Worker) columns(s *asm.Set, dst, src []float32, n, stride, cols int, log bool) {
	top, sum, e := w.scratch[0][:cols], w.scratch[1][:cols], w.scratch[2][:cols]
	copy(top, src)
	for r := 1; r < n; r++ {
		w.Binary(s, asm.Max, negInf, posInf, top, top, src[r*stride:r*stride+cols])
	}
	clear(sum)
	for r := range n {
		x := src[r*stride : r*stride+cols]
		if !log {
			e = dst[r*stride : r*stride+cols]
		}
		w.Binary(s, asm.Sub, negInf, posInf, e, x, top)
		w.Unary(s, asm.Exp, 0, 0, e, e)
		w.Binary(s, asm.Add, negInf, posInf, sum, sum, e)
	}
	if log {
		for i, v := range sum {
			sum[i] = float32(math.Log(float64(v)))
		}
	} else {
		one := w.scratch[3][:cols]
		for i := range one {
			one[i] = 1
		}
		w.Binary(s, asm.Div, negInf, posInf, sum, one, sum)
	}
	for r := range n {
		x, y := src[r*stride:r*stride+cols], dst[r*stride:r*stride+cols]
		if log {
			w.Binary(s, asm.Sub, negInf, posInf, y, x, top)
			w.Binary(s, asm.Sub, negInf, posInf, y, y, sum)
		} else {
			w.Binary(s, asm.Mul, negInf, posInf, y, y, sum)
		}
	}
}
