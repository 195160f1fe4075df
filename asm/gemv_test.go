package asm

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
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

func testGemv(t *testing.T, name string, call func(*GemvArgs), p gemvProblem, seed uint64) {
	t.Helper()
	for _, side := range check.Sides {
		a := check.New(t, name, p.String(), seed)
		ld := p.cols + p.gap
		nx, ny := p.cols, p.rows
		if p.t {
			nx, ny = ny, nx
		}
		w := a.Floats("W", max(0, (p.rows-1)*ld+p.cols), side)
		x := a.Floats("X", nx, side)
		fillBy(p.fill, w, seed)
		fillBy(p.fill, x, seed+1)
		a.Freeze()
		y := a.Floats("Y", ny, side)
		check.FillNaN(y)
		if p.t {
			fillBy(p.fill, y, seed+2)
		}
		want, cond := make([]float64, ny), make([]float64, ny)
		for i := range want {
			if p.t {
				want[i] = float64(y[i])
				cond[i] = math.Abs(want[i])
			}
		}
		for r := range p.rows {
			for c := range p.cols {
				i, j := r, c
				if p.t {
					i, j = c, r
				}
				v := float64(w[r*ld+c]) * float64(x[j])
				want[i] += v
				cond[i] += math.Abs(v)
			}
		}
		args := &GemvArgs{
			W: unsafe.Pointer(unsafe.SliceData(w)), X: unsafe.Pointer(unsafe.SliceData(x)), Y: unsafe.Pointer(unsafe.SliceData(y)),
			LdW: 4 * ld, Rows: p.rows, Cols: p.cols,
		}
		a.Run(func() { call(args) })
		if p.fill == "ints" {
			a.Exact("Y", y, check.Round(want))
		} else {
			a.Bound("Y", y, want, cond, nx+1)
		}
		a.Close()
	}
}

func TestGemv(t *testing.T) {
	run := func(name string, trans bool, call func(*GemvArgs)) {
		t.Run(name, func(t *testing.T) {
			seed := uint64(0)
			for rows := range 19 {
				for _, cols := range []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 50} {
					seed++
					testGemv(t, name, call, gemvProblem{trans, rows, cols, int(seed % 3), "ints"}, seed)
				}
			}
			testGemv(t, name, call, gemvProblem{trans, 21, 333, 0, "random"}, 1)
			testGemv(t, name, call, gemvProblem{trans, 9, 37, 1, "special"}, 2)
		})
	}
	for _, row := range supportedRows(gemvTable()) {
		run(row.Name, false, row.Call)
	}
	for _, row := range supportedRows(gemvtTable()) {
		run(row.Name, true, row.Call)
	}
}

// TestGemvSameBits cuts the rows in two at every place.
func TestGemvSameBits(t *testing.T) {
	const rows, cols = 21, 75
	w, x := make([]float32, rows*cols), make([]float32, cols)
	check.FillRandom(w, 1)
	check.FillRandom(x, 2)
	try := func(name string, trans bool, call func(*GemvArgs)) {
		ny := rows
		if trans {
			ny = cols
		}
		want := make([]float32, ny)
		args := &GemvArgs{W: unsafe.Pointer(&w[0]), X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&want[0]), LdW: 4 * cols, Rows: rows, Cols: cols}
		call(args)
		for cut := 1; cut < rows; cut++ {
			got := make([]float32, ny)
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
	for _, row := range supportedRows(gemvTable()) {
		try(row.Name, false, row.Call)
	}
	for _, row := range supportedRows(gemvtTable()) {
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
