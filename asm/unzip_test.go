package asm

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

func testUnzip(t *testing.T, row *UnzipRow, n int, seed uint64) {
	t.Helper()
	for _, side := range check.Sides {
		a := check.New(t, row.Name, fmt.Sprintf("n%d", n), seed)
		x := a.Floats("X", 2*n, side)
		check.FillSpecial(x, seed)
		a.Freeze()
		even, odd := a.Floats("Even", n, side), a.Floats("Odd", n, side)
		check.FillNaN(even)
		check.FillNaN(odd)
		args := &UnzipArgs{X: unsafe.Pointer(&x[0]), Even: unsafe.Pointer(&even[0]), Odd: unsafe.Pointer(&odd[0]), N: n}
		a.Run(func() { row.Call(args) })
		wantEven, wantOdd := make([]float32, n), make([]float32, n)
		for i := range n {
			wantEven[i], wantOdd[i] = x[2*i], x[2*i+1]
		}
		a.Exact("Even", even, wantEven)
		a.Exact("Odd", odd, wantOdd)
		a.Close()
	}
}

func TestUnzip(t *testing.T) {
	for _, row := range supportedRows(unzipTable()) {
		t.Run(row.Name, func(t *testing.T) {
			for n := 1; n < 70; n++ {
				testUnzip(t, row, n, uint64(n))
			}
			x := make([]float32, 128)
			args := &UnzipArgs{X: unsafe.Pointer(&x[0]), Even: unsafe.Pointer(&x[64]), Odd: unsafe.Pointer(&x[96]), N: 31}
			require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(args) }))
		})
	}
}

func FuzzUnzip(f *testing.F) {
	f.Add(uint8(0), uint16(17), uint64(1))
	f.Fuzz(func(t *testing.T, row uint8, n uint16, seed uint64) {
		rows := supportedRows(unzipTable())
		testUnzip(t, rows[int(row)%len(rows)], 1+int(n)%2000, seed)
	})
}
