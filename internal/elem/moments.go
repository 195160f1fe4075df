package elem

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
)

// Moments adds to sum[r] the differences of the n elements of row r of src from first[r], and to square[r] their squares. The rows have no gaps.
func (w *Worker) Moments(s *asm.Set, src []float32, n int, first, sum, square []float64) {
	rows := len(first)
	if rows == 0 || n <= 0 {
		return
	}
	if len(sum) != rows || len(square) != rows || len(src) != rows*n {
		panic("elem: Moments: want a sum and a square for every number, and as many rows")
	}
	k, a := s.Moments[0], &w.moments
	a.LdX = 4 * n
	cols := min(n, asm.MaxElems)
	step := asm.MaxElems / cols
	for r := 0; r < rows; r += step {
		a.Rows = min(step, rows-r)
		a.First, a.Sum, a.Square = unsafe.Pointer(&first[r]), unsafe.Pointer(&sum[r]), unsafe.Pointer(&square[r])
		for j := 0; j < n; j += cols {
			a.N, a.X = min(cols, n-j), at(src, r*n+j)
			k.Call(a)
		}
	}
	a.X, a.First, a.Sum, a.Square = nil, nil, nil, nil
}
