package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// testDot calls a dot kernel, or with axpy an axpy kernel.
func testDot(t *testing.T, name string, axpy bool, mr int, call func(*DotArgs), rows, cols, gap int, fill string, seed uint64) {
	t.Helper()
	nx, ny := cols, rows
	if axpy {
		nx, ny = ny, nx
	}
	for _, side := range check.Sides {
		a := check.New(t, name, fmt.Sprintf("%dx%d gap%d %s", rows, cols, gap, fill), seed)
		ldw, ldx, ldy := cols+gap, nx+2*gap, ny+gap
		w := a.Floats("W", max(0, (rows-1)*ldw+cols), side)
		x := a.Floats("X", (mr-1)*ldx+nx, side)
		fillBy(fill, w, seed)
		fillBy(fill, x, seed+1)
		a.Freeze()
		y := a.Floats("Y", (mr-1)*ldy+ny, side)
		fillBy(fill, y, seed+2)
		want, cond := make([]float64, len(y)), make([]float64, len(y))
		for i, v := range y {
			want[i] = float64(v)
			cond[i] = math.Abs(want[i])
		}
		for i := range mr {
			for r := range rows {
				for c := range cols {
					from, to := i*ldx+c, i*ldy+r
					if axpy {
						from, to = i*ldx+r, i*ldy+c
					}
					v := float64(w[r*ldw+c]) * float64(x[from])
					want[to] += v
					cond[to] += math.Abs(v)
				}
			}
		}
		args := &DotArgs{
			W: unsafe.Pointer(unsafe.SliceData(w)), X: unsafe.Pointer(unsafe.SliceData(x)), Y: unsafe.Pointer(unsafe.SliceData(y)),
			LdW: 4 * ldw, LdX: 4 * ldx, LdY: 4 * ldy, Rows: rows, Cols: cols,
		}
		a.Run(func() { call(args) })
		if fill == "ints" {
			a.Exact("Y", y, check.Round(want))
		} else {
			a.Bound("Y", y, want, cond, nx+2)
		}
		a.Close()
	}
}

func TestDot(t *testing.T) {
	run := func(name string, axpy bool, mr int, call func(*DotArgs)) {
		t.Run(name, func(t *testing.T) {
			seed := uint64(0)
			for rows := range 19 {
				for _, cols := range []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 50} {
					seed++
					testDot(t, name, axpy, mr, call, rows, cols, int(seed%3), "ints", seed)
				}
			}
			testDot(t, name, axpy, mr, call, 21, 333, 0, "random", 1)
			testDot(t, name, axpy, mr, call, 9, 37, 1, "special", 2)
		})
	}
	for _, row := range supportedRows(dotTable()) {
		run(row.Name, false, row.MR, row.Call)
	}
	for _, row := range supportedRows(axpyTable()) {
		run(row.Name, true, row.MR, row.Call)
	}
}

// TestDotSameBits cuts the rows in two at every place.
func TestDotSameBits(t *testing.T) {
	const rows, cols = 21, 75
	try := func(name string, axpy bool, mr int, call func(*DotArgs)) {
		nx, ny := cols, rows
		if axpy {
			nx, ny = ny, nx
		}
		w, x := make([]float32, rows*cols), make([]float32, mr*nx)
		check.FillRandom(w, 1)
		check.FillRandom(x, 2)
		want := make([]float32, mr*ny)
		args := &DotArgs{
			W: unsafe.Pointer(&w[0]), X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&want[0]),
			LdW: 4 * cols, LdX: 4 * nx, LdY: 4 * ny, Rows: rows, Cols: cols,
		}
		call(args)
		for cut := 1; cut < rows; cut++ {
			got := make([]float32, mr*ny)
			args.W, args.X, args.Y, args.Rows = unsafe.Pointer(&w[0]), unsafe.Pointer(&x[0]), unsafe.Pointer(&got[0]), cut
			call(args)
			args.W, args.Rows = unsafe.Pointer(&w[cut*cols]), rows-cut
			if axpy {
				args.X = unsafe.Pointer(&x[cut])
			} else {
				args.Y = unsafe.Pointer(&got[cut])
			}
			call(args)
			require.Equal(t, want, got, "%s cut at %d", name, cut)
		}
	}
	for _, row := range supportedRows(dotTable()) {
		try(row.Name, false, row.MR, row.Call)
	}
	for _, row := range supportedRows(axpyTable()) {
		try(row.Name, true, row.MR, row.Call)
	}
}
