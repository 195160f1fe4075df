package asm

import (
	"fmt"
	"slices"
	"testing"
	"unsafe"

	"github.com/simdnn/simdnn/internal/check"
)

func testTranspose[T Float](t *testing.T, row *TransposeRow, rows, cols, gapSrc, gapDst int) {
	size := int(unsafe.Sizeof(T(0)))
	for _, side := range check.Sides {
		a := check.New(t, row.Name, fmt.Sprintf("transpose %dx%d gaps %d,%d", rows, cols, gapSrc, gapDst), 1)
		lds, ldd := cols+gapSrc, rows+gapDst
		src := check.Alloc[T](a, "Src", (rows-1)*lds+cols, side)
		check.FillSpecial(src, 1)
		a.Freeze()
		dst := check.Alloc[T](a, "Dst", (cols-1)*ldd+rows, side)
		check.FillRandom(dst, 2)
		want := slices.Clone(dst)
		for r := range rows {
			for c := range cols {
				want[c*ldd+r] = src[r*lds+c]
			}
		}
		args := &TransposeArgs{
			Dst: unsafe.Pointer(&dst[0]), Src: unsafe.Pointer(&src[0]), LdDst: size * ldd, LdSrc: size * lds, Rows: rows, Cols: cols,
		}
		a.Run(func() { row.Call(args) })
		check.Exact(t, fmt.Sprintf("%v: Dst", a), dst, want)
		a.Close()
	}
}

func TestTranspose(t *testing.T) {
	testTransposeRows[float32](t, transposeTable())
	testTransposeRows[float64](t, transposeF64Table())
}

func testTransposeRows[T Float](t *testing.T, table []TransposeRow) {
	for _, row := range supportedRows(table) {
		t.Run(row.Name, func(t *testing.T) {
			b := row.Block
			for rows := 1; rows <= b+1; rows++ {
				for cols := 1; cols <= b+1; cols++ {
					testTranspose[T](t, row, rows, cols, rows%3, cols%3)
				}
			}
			testTranspose[T](t, row, 3*b+1, 2*b+3, 0, 0)
			testTranspose[T](t, row, 2*b+b/2, 4*b-1, 5, 1)
		})
	}
}

func testPack[T Float](t *testing.T, row *PackRow, panels, k, n, gapSrc, gapPanel int) {
	size := int(unsafe.Sizeof(T(0)))
	for _, side := range check.Sides {
		a := check.New(t, row.Name, fmt.Sprintf("pack panels%d k%d n%d gaps %d,%d", panels, k, n, gapSrc, gapPanel), 1)
		cols := (panels-1)*row.Width + n
		lds, panel := cols+gapSrc, k*row.Width+gapPanel
		src := check.Alloc[T](a, "Src", (k-1)*lds+cols, side)
		check.FillSpecial(src, 1)
		a.Freeze()
		dst := check.Alloc[T](a, "Dst", (panels-1)*panel+k*row.Width, side)
		check.FillRandom(dst, 2)
		want := slices.Clone(dst)
		for p := range panels {
			for i := range k {
				for j := range row.Width {
					x := &want[p*panel+i*row.Width+j]
					*x = 0
					if j < n {
						*x = src[i*lds+p*row.Width+j]
					}
				}
			}
		}
		args := &PackArgs{
			Dst: unsafe.Pointer(&dst[0]), Src: unsafe.Pointer(&src[0]), LdSrc: size * lds, Panel: size * panel, Panels: panels, K: k, N: n,
		}
		a.Run(func() { row.Call(args) })
		check.Exact(t, fmt.Sprintf("%v: Dst", a), dst, want)
		a.Close()
	}
}

func TestPack(t *testing.T) {
	testPackRows[float32](t, packTable())
	testPackRows[float64](t, packF64Table())
}

func testPackRows[T Float](t *testing.T, table []PackRow) {
	for _, row := range supportedRows(table) {
		t.Run(row.Name, func(t *testing.T) {
			for n := 1; n <= row.Width; n++ {
				testPack[T](t, row, 1, 1+n%5, n, n%3, 0)
			}
			for panels := 1; panels <= 4; panels++ {
				testPack[T](t, row, panels, 7, row.Width, panels-1, panels%2*row.Width)
			}
		})
	}
}
