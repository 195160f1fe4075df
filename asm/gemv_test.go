package asm

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
)

// gemvProblem is a call of a gemv (t false) or gemvt kernel.
type gemvProblem struct {
	t               bool
	rows, cols, gap int
	fill            string
}

func (p gemvProblem) String() string {
	return fmt.Sprintf("gemv t=%v %dx%d gap%d %s", p.t, p.rows, p.cols, p.gap, p.fill)
}

func testGemv[T Float](t *testing.T, name string, call func(*GemvArgs), p gemvProblem, seed uint64) {
	t.Helper()
	for _, side := range check.Sides {
		a := check.New(t, name, p.String(), seed)
		ld := p.cols + p.gap
		nx, ny := p.cols, p.rows
		if p.t {
			nx, ny = ny, nx
		}
		w := check.Alloc[T](a, "W", max(0, (p.rows-1)*ld+p.cols), side)
		x := check.Alloc[T](a, "X", nx, side)
		fillBy(p.fill, w, seed)
		fillBy(p.fill, x, seed+1)
		a.Freeze()
		y := check.Alloc[T](a, "Y", ny, side)
		check.FillNaN(y)
		if p.t {
			fillBy(p.fill, y, seed+2)
		}
		sums, cond := make([]ref.Sum, ny), make([]float64, ny)
		for i := range sums {
			if p.t {
				sums[i].Add(float64(y[i]))
				cond[i] = math.Abs(float64(y[i]))
			}
		}
		for r := range p.rows {
			for c := range p.cols {
				i, j := r, c
				if p.t {
					i, j = c, r
				}
				sums[i].AddProduct(float64(w[r*ld+c]), float64(x[j]))
				cond[i] += math.Abs(float64(w[r*ld+c]) * float64(x[j]))
			}
		}
		want := values(sums)
		args := &GemvArgs{
			W: unsafe.Pointer(unsafe.SliceData(w)), X: unsafe.Pointer(unsafe.SliceData(x)), Y: unsafe.Pointer(unsafe.SliceData(y)),
			LdW: int(unsafe.Sizeof(T(0))) * ld, Rows: p.rows, Cols: p.cols,
		}
		a.Run(func() { call(args) })
		if p.fill == "ints" {
			check.Exact(t, fmt.Sprintf("%v: Y", a), y, check.RoundTo[T](want))
		} else {
			check.Bound(t, fmt.Sprintf("%v: Y", a), y, want, cond, nx)
		}
		a.Close()
	}
}

func values(sums []ref.Sum) []float64 {
	y := make([]float64, len(sums))
	for i := range sums {
		y[i] = sums[i].Value()
	}
	return y
}

func TestGemv(t *testing.T) {
	testGemvRows[float32](t, append(gemvTable(), gemvsTable()...), gemvtTable())
	testGemvRows[float64](t, append(gemvF64Table(), gemvsF64Table()...), gemvtF64Table())
}

func testGemvRows[T Float](t *testing.T, gemv []GemvRow, gemvt []GemvtRow) {
	run := func(name string, trans bool, call func(*GemvArgs)) {
		t.Run(name, func(t *testing.T) {
			seed := uint64(0)
			for rows := range 19 {
				for _, cols := range []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 50, 64, 127, 131, 257} {
					seed++
					testGemv[T](t, name, call, gemvProblem{trans, rows, cols, int(seed % 3), "ints"}, seed)
				}
			}
			testGemv[T](t, name, call, gemvProblem{trans, 21, 333, 0, "random"}, 1)
			testGemv[T](t, name, call, gemvProblem{trans, 9, 37, 1, "special"}, 2)
		})
	}
	for _, row := range supportedRows(gemv) {
		run(row.Name, false, row.Call)
	}
	for _, row := range supportedRows(gemvt) {
		run(row.Name, true, row.Call)
	}
}

// TestGemvSameBits cuts the rows in two at every place.
func TestGemvSameBits(t *testing.T) {
	testGemvSameBits[float32](t, append(gemvTable(), gemvsTable()...), gemvtTable())
	testGemvSameBits[float64](t, append(gemvF64Table(), gemvsF64Table()...), gemvtF64Table())
}

func testGemvSameBits[T Float](t *testing.T, gemv []GemvRow, gemvt []GemvtRow) {
	const rows, cols = 21, 75
	w, x := make([]T, rows*cols), make([]T, cols)
	check.FillRandom(w, 1)
	check.FillRandom(x, 2)
	try := func(name string, trans bool, call func(*GemvArgs)) {
		ny := rows
		if trans {
			ny = cols
		}
		want := make([]T, ny)
		args := &GemvArgs{W: unsafe.Pointer(&w[0]), X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&want[0]), LdW: int(unsafe.Sizeof(T(0))) * cols, Rows: rows, Cols: cols}
		call(args)
		for cut := 1; cut < rows; cut++ {
			got := make([]T, ny)
			args.Y = unsafe.Pointer(&got[0])
			args.W, args.X, args.Rows = unsafe.Pointer(&w[0]), unsafe.Pointer(&x[0]), cut
			call(args)
			args.W, args.Rows = unsafe.Pointer(&w[cut*cols]), rows-cut
			if trans {
				args.X = unsafe.Pointer(&x[cut])
			} else {
				args.Y = unsafe.Pointer(&got[cut])
			}
			call(args)
			require.Equal(t, want, got, "%s cut at %d", name, cut)
		}
	}
	for _, row := range supportedRows(gemv) {
		try(row.Name, false, row.Call)
	}
	for _, row := range supportedRows(gemvt) {
		try(row.Name, true, row.Call)
	}
}

func TestGemvp(t *testing.T) {
	for _, row := range supportedRows(gemvpTable()) {
		for k := range 9 {
			for _, side := range check.Sides {
				a := check.New(t, row.Name, fmt.Sprintf("gemvp k%d", k), 1)
				panel := k*row.NR + 3
				w := a.Floats("W", 3*panel+k*row.NR, side)
				x := a.Floats("X", k, side)
				check.FillInts(w, 1, 8)
				check.FillInts(x, 2, 8)
				a.Freeze()
				y := a.Floats("Y", 4*row.NR, side)
				check.FillInts(y, 3, 8)
				want := slices.Clone(y)
				for p := range 4 {
					for i := range k {
						for j := range row.NR {
							want[p*row.NR+j] += w[p*panel+i*row.NR+j] * x[i]
						}
					}
				}
				args := &GemvpArgs{
					W: unsafe.Pointer(unsafe.SliceData(w)), X: unsafe.Pointer(unsafe.SliceData(x)), Y: unsafe.Pointer(&y[0]), Panel: 4 * panel, K: k,
				}
				a.Run(func() { row.Call(args) })
				a.Exact("Y", y, want)
				a.Close()
			}
		}
	}
}
