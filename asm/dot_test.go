package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
)

// testDot calls a dot kernel, or with axpy an axpy kernel.
func testDot[T Float](t *testing.T, name string, axpy bool, mr int, call func(*DotArgs), rows, cols, gap int, fill string, seed uint64) {
	t.Helper()
	nx, ny := cols, rows
	if axpy {
		nx, ny = ny, nx
	}
	for _, side := range check.Sides {
		a := check.New(t, name, fmt.Sprintf("%dx%d gap%d %s", rows, cols, gap, fill), seed)
		ldw, ldx, ldy := cols+gap, nx+2*gap, ny+gap
		w := check.Alloc[T](a, "W", max(0, (rows-1)*ldw+cols), side)
		x := check.Alloc[T](a, "X", (mr-1)*ldx+nx, side)
		fillBy(fill, w, seed)
		fillBy(fill, x, seed+1)
		a.Freeze()
		y := check.Alloc[T](a, "Y", (mr-1)*ldy+ny, side)
		fillBy(fill, y, seed+2)
		sums, cond := make([]ref.Sum, len(y)), make([]float64, len(y))
		for i, v := range y {
			sums[i].Add(float64(v))
			cond[i] = math.Abs(float64(v))
		}
		for i := range mr {
			for r := range rows {
				for c := range cols {
					from, to := i*ldx+c, i*ldy+r
					if axpy {
						from, to = i*ldx+r, i*ldy+c
					}
					sums[to].AddProduct(float64(w[r*ldw+c]), float64(x[from]))
					cond[to] += math.Abs(float64(w[r*ldw+c]) * float64(x[from]))
				}
			}
		}
		want, size := values(sums), int(unsafe.Sizeof(T(0)))
		args := &DotArgs{
			W: unsafe.Pointer(unsafe.SliceData(w)), X: unsafe.Pointer(unsafe.SliceData(x)), Y: unsafe.Pointer(unsafe.SliceData(y)),
			LdW: size * ldw, LdX: size * ldx, LdY: size * ldy, Rows: rows, Cols: cols,
		}
		a.Run(func() { call(args) })
		if fill == "ints" {
			check.Exact(t, fmt.Sprintf("%v: Y", a), y, check.RoundTo[T](want))
		} else {
			check.Bound(t, fmt.Sprintf("%v: Y", a), y, want, cond, nx)
		}
		a.Close()
	}
}

func TestDot(t *testing.T) {
	testDotRows[float32](t, dotTable(), axpyTable())
	testDotRows[float64](t, dotF64Table(), axpyF64Table())
}

func testDotRows[T Float](t *testing.T, dot []DotRow, axpy []AxpyRow) {
	run := func(name string, axpy bool, mr int, call func(*DotArgs)) {
		t.Run(name, func(t *testing.T) {
			seed := uint64(0)
			for rows := range 19 {
				for _, cols := range []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 50} {
					seed++
					testDot[T](t, name, axpy, mr, call, rows, cols, int(seed%3), "ints", seed)
				}
			}
			testDot[T](t, name, axpy, mr, call, 21, 333, 0, "random", 1)
			testDot[T](t, name, axpy, mr, call, 9, 37, 1, "special", 2)
		})
	}
	for _, row := range supportedRows(dot) {
		run(row.Name, false, row.MR, row.Call)
	}
	for _, row := range supportedRows(axpy) {
		run(row.Name, true, row.MR, row.Call)
	}
}

// TestDotSameBits cuts the rows in two at every place.
func TestDotSameBits(t *testing.T) {
	testDotSameBits[float32](t, dotTable(), axpyTable())
	testDotSameBits[float64](t, dotF64Table(), axpyF64Table())
}

func testDotSameBits[T Float](t *testing.T, dot []DotRow, axpy []AxpyRow) {
	const rows, cols = 21, 75
	size := int(unsafe.Sizeof(T(0)))
	try := func(name string, axpy bool, mr int, call func(*DotArgs)) {
		nx, ny := cols, rows
		if axpy {
			nx, ny = ny, nx
		}
		w, x := make([]T, rows*cols), make([]T, mr*nx)
		check.FillRandom(w, 1)
		check.FillRandom(x, 2)
		want := make([]T, mr*ny)
		args := &DotArgs{
			W: unsafe.Pointer(&w[0]), X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&want[0]),
			LdW: size * cols, LdX: size * nx, LdY: size * ny, Rows: rows, Cols: cols,
		}
		call(args)
		for cut := 1; cut < rows; cut++ {
			got := make([]T, mr*ny)
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
	for _, row := range supportedRows(dot) {
		try(row.Name, false, row.MR, row.Call)
	}
	for _, row := range supportedRows(axpy) {
		try(row.Name, true, row.MR, row.Call)
	}
}
