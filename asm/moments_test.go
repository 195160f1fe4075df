package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// testMoments compares with sums in the plain order: exactly for integers, whose sums float64 holds, else within what n additions round.
func testMoments(t *testing.T, row *MomentsRow, args *MomentsArgs, rows, n, pad int, fill func(x []float32), exact bool, seed uint64) {
	t.Helper()
	for _, side := range check.Sides {
		a := check.New(t, row.Name, fmt.Sprintf("r%dn%d ldx%d", rows, n, n+pad), seed)
		x := a.Floats("X", (rows-1)*(n+pad)+n, side)
		fill(x)
		doubles := func(name string) []float64 { return check.Alloc[float64](a, name, rows, side) }
		first := doubles("First")
		for r := range first {
			first[r] = float64(x[r*(n+pad)])
		}
		a.Freeze()
		sum, square := doubles("Sum"), doubles("Square")
		for r := range rows {
			sum[r], square[r] = 3, 5
		}
		*args = MomentsArgs{
			X: unsafe.Pointer(&x[0]), First: unsafe.Pointer(&first[0]), Sum: unsafe.Pointer(&sum[0]), Square: unsafe.Pointer(&square[0]), Rows: rows, N: n, LdX: 4 * (n + pad),
		}
		a.Run(func() { row.Call(args) })
		for r := range rows {
			s, q, size := 3.0, 5.0, 3.0
			for _, v := range x[r*(n+pad):][:n] {
				d := float64(v) - first[r]
				s, q, size = s+d, q+d*d, size+math.Abs(d)
			}
			slack := float64(n+8) * 0x1p-52
			if exact {
				slack = 0
			}
			near := func(got, want, size float64) bool {
				return got == want || got != got && want != want || math.Abs(got-want) <= slack*size
			}
			require.True(t, near(sum[r], s, size) && near(square[r], q, q), "%v row %d: %v %v, want %v %v", a, r, sum[r], square[r], s, q)
		}
		a.Close()
	}
}

func TestMoments(t *testing.T) {
	args := new(MomentsArgs)
	for _, row := range supportedRows(momentsTable()) {
		t.Run(row.Name, func(t *testing.T) {
			for n := 1; n < 100; n++ {
				seed := uint64(n)
				testMoments(t, row, args, 1+n%3, n, n%4, func(x []float32) { check.FillInts(x, seed, 100) }, true, seed)
				testMoments(t, row, args, 2, n, 1, func(x []float32) { check.FillRandom(x, seed) }, false, seed)
				testMoments(t, row, args, 2, n, 0, func(x []float32) {
					check.FillInts(x, seed, 100)
					x[n*7%len(x)] = []float32{inf, -inf, float32(math.NaN()), 1e-45, 3e38}[n%5]
				}, false, seed)
			}
			testMoments(t, row, args, 2, 1000, 5, func(x []float32) { check.FillRandom(x, 1) }, false, 1)
			x, d := make([]float32, 64), make([]float64, 6)
			*args = MomentsArgs{X: first(x), First: unsafe.Pointer(&d[0]), Sum: unsafe.Pointer(&d[2]), Square: unsafe.Pointer(&d[4]), Rows: 2, N: 32, LdX: 128}
			require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(args) }))
		})
	}
}

func FuzzMoments(f *testing.F) {
	f.Add(uint8(0), uint8(3), uint16(17), uint8(1), uint64(1))
	args := new(MomentsArgs)
	f.Fuzz(func(t *testing.T, row, rows uint8, n uint16, pad uint8, seed uint64) {
		table := supportedRows(momentsTable())
		testMoments(t, table[int(row)%len(table)], args, 1+int(rows)%9, 1+int(n)%300, int(pad)%20, func(x []float32) { check.FillInts(x, seed, 100) }, true, seed)
	})
}
