package asm

import (
	"fmt"
	"slices"
	"testing"
	"unsafe"

	"github.com/simdnn/simdnn/internal/check"
)

func testTranspose(t *testing.T, row *TransposeRow, rows, cols, gapSrc, gapDst int) {
	for _, side := range check.Sides {
		a := check.New(t, row.Name, fmt.Sprintf("transpose %dx%d gaps %d,%d", rows, cols, gapSrc, gapDst), 1)
		lds, ldd := cols+gapSrc, rows+gapDst
		src := a.Floats("Src", (rows-1)*lds+cols, side)
		check.FillSpecial(src, 1)
		a.Freeze()
		dst := a.Floats("Dst", (cols-1)*ldd+rows, side)
		check.FillRandom(dst, 2)
		want := slices.Clone(dst)
		for r := range rows {
			for c := range cols {
				want[c*ldd+r] = src[r*lds+c]
			}
		}
		args := &TransposeArgs{
			Dst: unsafe.Pointer(&dst[0]), Src: unsafe.Pointer(&src[0]), LdDst: 4 * ldd, LdSrc: 4 * lds, Rows: rows, Cols: cols,
		}
		a.Run(func() { row.Call(args) })
		a.Exact("Dst", dst, want)
		a.Close()
	}
}

func TestTranspose(t *testing.T) {
	for _, row := range supportedRows(transposeTable()) {
		t.Run(row.Name, func(t *testing.T) {
			b := row.Block
			for rows := 1; rows <= b+1; rows++ {
				for cols := 1; cols <= b+1; cols++ {
					testTranspose(t, row, rows, cols, rows%3, cols%3)
				}
			}
			testTranspose(t, row, 3*b+1, 2*b+3, 0, 0)
			testTranspose(t, row, 2*b+b/2, 4*b-1, 5, 1)
		})
	}
}

func testPack(t *testing.T, row *PackRow, panels, k, n, gapSrc, gapPanel int) {
	for _, side := range check.Sides {
		a := check.New(t, row.Name, fmt.Sprintf("pack panels%d k%d n%d gaps %d,%d", panels, k, n, gapSrc, gapPanel), 1)
		cols := (panels-1)*row.Width + n
		lds, panel := cols+gapSrc, k*row.Width+gapPanel
		src := a.Floats("Src", (k-1)*lds+cols, side)
		check.FillSpecial(src, 1)
		a.Freeze()
		dst := a.Floats("Dst", (panels-1)*panel+k*row.Width, side)
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
			Dst: unsafe.Pointer(&dst[0]), Src: unsafe.Pointer(&src[0]), LdSrc: 4 * lds, Panel: 4 * panel, Panels: panels, K: k, N: n,
		}
		a.Run(func() { row.Call(args) })
		a.Exact("Dst", dst, want)
		a.Close()
	}
}

func TestPack(t *testing.T) {
	for _, row := range supportedRows(packTable()) {
		t.Run(row.Name, func(t *testing.T) {
			for n := 1; n <= row.Width; n++ {
				testPack(t, row, 1, 1+n%5, n, n%3, 0)
			}
			for panels := 1; panels <= 4; panels++ {
				testPack(t, row, panels, 7, row.Width, panels-1, panels%2*row.Width)
			}
		})
	}
}
