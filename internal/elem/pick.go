package elem

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
)

// Table says which element of the input each column of a row is: a number, or -1 for a value.
type Table struct {
	index []int32
	most  int // the largest number, or -1
}

// NewTable keeps index.
func NewTable(index []int32) *Table {
	t := &Table{index, -1}
	for _, k := range index {
		t.most = max(t.most, int(k))
	}
	return t
}

// Len is the number of columns.
func (t *Table) Len() int { return len(t.index) }

// pickWork is the number of elements that a call of the kernel makes. It goes over their rows again for every block of columns, which finds them in the
// first cache; graph/NOTES.md has what longer calls cost.
const pickWork = 2048

// Word is what Pick moves, bit by bit.
type Word interface{ ~uint32 | ~float32 }

// Pick makes rows of t.Len() elements, ldd apart, by the table: column j of row r is element starts[r]+t[j] of src, or the value. The operands do
// not overlap; what does not lie within them panics.
func Pick[T Word](w *Worker, s *asm.Set, dst []T, ldd int, src []T, starts []int, t *Table, value uint32) {
	rows, n := len(starts), len(t.index)
	if rows == 0 || n == 0 {
		return
	}
	if rows > 1 && ldd < n || (rows-1)*ldd+n > len(dst) {
		panic("elem: Pick: dst is too short for its rows")
	}
	if t.most >= 0 {
		for _, f := range starts {
			if f < 0 || f+t.most >= len(src) {
				panic("elem: Pick: a row lies outside src")
			}
		}
	}
	k, a := s.Pick[0], &w.pick
	a.LdY, a.Value, a.X = 4*ldd, value, unsafe.Pointer(unsafe.SliceData(src))
	cols := min(n, asm.MaxElems)
	step := max(1, pickWork/cols)
	for r := 0; r < rows; r += step {
		a.Rows, a.Starts = min(step, rows-r), unsafe.Pointer(&starts[r])
		for j := 0; j < n; j += cols {
			a.N = min(cols, n-j)
			a.Y, a.Index = unsafe.Pointer(&dst[r*ldd+j]), unsafe.Pointer(&t.index[j])
			k.Call(a)
		}
	}
	a.X, a.Y, a.Index, a.Starts = nil, nil, nil, nil
}
