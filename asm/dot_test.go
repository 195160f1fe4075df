package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

func testDot(t *testing.T, row *DotRow, rows, cols, gap int, fill string, seed uint64) {
	t.Helper()
	for _, side := range check.Sides {
		a := check.New(t, row.Name, fmt.Sprintf("dot %dx%d gap%d %s", rows, cols, gap, fill), seed)
		ldw, ldx, ldy := cols+gap, cols+2*gap, rows+gap
		w := a.Floats("W", max(0, (rows-1)*ldw+cols), side)
		x := a.Floats("X", (row.MR-1)*ldx+cols, side)
		fillBy(fill, w, seed)
		fillBy(fill, x, seed+1)
		a.Freeze()
		y := a.Floats("Y", (row.MR-1)*ldy+rows, side)
		fillBy(fill, y, seed+2)
		want, cond := make([]float64, len(y)), make([]float64, len(y))
		for i, v := range y {
			want[i] = float64(v)
			cond[i] = math.Abs(want[i])
		}
		for i := range row.MR {
			for r := range rows {
				for c := range cols {
					v := float64(w[r*ldw+c]) * float64(x[i*ldx+c])
					want[i*ldy+r] += v
					cond[i*ldy+r] += math.Abs(v)
				}
			}
		}
		args := &DotArgs{
			W: unsafe.Pointer(unsafe.SliceData(w)), X: unsafe.Pointer(unsafe.SliceData(x)), Y: unsafe.Pointer(unsafe.SliceData(y)),
			LdW: 4 * ldw, LdX: 4 * ldx, LdY: 4 * ldy, Rows: rows, Cols: cols,
		}
		a.Run(func() { row.Call(args) })
		if fill == "ints" {
			a.Exact("Y", y, check.Round(want))
		} else {
			a.Bound("Y", y, want, cond, cols+2)
		}
		a.Close()
	}
}

func TestDot(t *testing.T) {
	for _, row := range supportedRows(dotTable()) {
		t.Run(row.Name, func(t *testing.T) {
			seed := uint64(0)
			for rows := range 19 {
				for _, cols := range []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 50} {
					seed++
					testDot(t, row, rows, cols, int(seed%3), "ints", seed)
				}
			}
			testDot(t, row, 21, 333, 0, "random", 1)
			testDot(t, row, 9, 37, 1, "special", 2)
		})
	}
}

// TestDotSameBits cuts the rows in two at every place.
func TestDotSameBits(t *testing.T) {
	const rows, cols = 21, 75
	for _, row := range supportedRows(dotTable()) {
		w, x := make([]float32, rows*cols), make([]float32, row.MR*cols)
		check.FillRandom(w, 1)
		check.FillRandom(x, 2)
		want := make([]float32, row.MR*rows)
		args := &DotArgs{
			W: unsafe.Pointer(&w[0]), X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&want[0]),
			LdW: 4 * cols, LdX: 4 * cols, LdY: 4 * rows, Rows: rows, Cols: cols,
		}
		row.Call(args)
		for cut := 1; cut < rows; cut++ {
			got := make([]float32, row.MR*rows)
			args.W, args.Y, args.Rows = unsafe.Pointer(&w[0]), unsafe.Pointer(&got[0]), cut
			row.Call(args)
			args.W, args.Y, args.Rows = unsafe.Pointer(&w[cut*cols]), unsafe.Pointer(&got[cut]), rows-cut
			row.Call(args)
			require.Equal(t, want, got, "%s cut at %d", row.Name, cut)
		}
	}
}
