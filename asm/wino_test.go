package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// The matrices of Winograd's algorithms, as the documentation of Wino has them.
var (
	winoBT = [NumWino][][]float64{
		{{-1, 0, 1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}},
		{
			{1, -1.5, -2, 1.5, 1, 0}, {0, -1, 0.5, 2.5, 1, 0}, {0, 1, -2.5, 0.5, 1, 0},
			{0, -2, -1, 2, 1, 0}, {0, 0.5, -1, -0.5, 1, 0}, {0, 1, -1.5, -2, 1.5, 1},
		},
	}
	winoAT = [NumWino][][]float64{
		{{1, 1, 1, 0}, {0, 1, -1, 1}},
		{{1, 1, 1, 1, 1, 0}, {0, 1, -1, 0.5, -2, 0}, {0, 1, 1, 0.25, 4, 0}, {0, 1, -1, 0.125, -8, 1}},
	}
	winoG = [NumWino][][]float64{
		{{-1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}},
		{
			{1, 0, 0}, {1. / 3, 1. / 3, 1. / 3}, {-1. / 3, 1. / 3, -1. / 3},
			{-16. / 15, -8. / 15, -4. / 15}, {1. / 15, -2. / 15, 4. / 15}, {0, 0, 1},
		},
	}
)

// sandwich returns m·x·mT, and the same of the absolute values. A zero of m leaves out what it would multiply.
func sandwich(m [][]float64, x []float64) (y, abs []float64) {
	p := len(m[0])
	for i := range m {
		for j := range m {
			var s, a float64
			for k, u := range m[i] {
				for l, v := range m[j] {
					if u*v != 0 {
						s += u * v * x[k*p+l]
						a += math.Abs(u * v * x[k*p+l])
					}
				}
			}
			y, abs = append(y, s), append(abs, a)
		}
	}
	return y, abs
}

// TestWinoMatrices: the three matrices make a correlation.
func TestWinoMatrices(t *testing.T) {
	for w := range NumWino {
		m, p := w.Out(), w.In()
		require.Len(t, winoBT[w], p)
		require.Len(t, winoAT[w], m)
		x, g := make([]float32, p*p), make([]float32, 9)
		check.FillRandom(x, 1)
		check.FillRandom(g, 2)
		x64, g64 := make([]float64, p*p), make([]float64, 9)
		for i, v := range x {
			x64[i] = float64(v)
		}
		for i, v := range g {
			g64[i] = float64(v)
		}
		u, _ := sandwich(winoG[w], g64)
		v, _ := sandwich(winoBT[w], x64)
		for i := range v {
			v[i] *= u[i]
		}
		y, _ := sandwich(winoAT[w], v)
		for i := range m {
			for j := range m {
				var want float64
				for k := range 9 {
					want += g64[k] * x64[(i+k/3)*p+j+k%3]
				}
				require.InDelta(t, want, y[i*m+j], 1e-13, "%v output %d %d", w, i, j)
			}
		}
	}
}

// winoProblem is a call of a transform. Gaps are in floats, beyond the dense layout.
type winoProblem struct {
	tiles, c       int
	y0, y1, x0, x1 int // rows and columns of patches that exist; of outputs those from 1 to y1 and to x1
	step           int // columns between patches
	gaps           [4]int
	residual       bool
	fill           string
}

func (p winoProblem) String() string {
	return fmt.Sprintf("tiles%d c%d rows%d-%d cols%d-%d step%d gaps%v residual %v %s",
		p.tiles, p.c, p.y0, p.y1, p.x0, p.x1, p.step, p.gaps, p.residual, p.fill)
}

func up(n, lanes int) int { return (n + lanes - 1) / lanes * lanes }

func testWinoIn(t *testing.T, row *WinoInRow, p winoProblem, seed uint64) {
	t.Helper()
	side := row.Op.In()
	args := &WinoInArgs{Y0: p.y0, Y1: p.y1, X0: p.x0, X1: p.x1, C: p.c, Tiles: p.tiles}
	colX := p.c + p.gaps[0]
	tileX := p.step * colX
	rowX := (p.tiles-1)*tileX + side*colX + p.gaps[1]
	tileY := up(p.c, row.Lanes) + p.gaps[2]
	ldE := p.tiles*tileY + p.gaps[3]
	args.RowX, args.ColX, args.TileX, args.LdE, args.TileY = 4*rowX, 4*colX, 4*tileX, 4*ldE, 4*tileY
	// X has only what exists: from row Y0, column X0 of the first patch to the last of the last.
	first := p.y0*rowX + p.x0*colX
	n := 0
	if p.y1 > p.y0 && p.x1 > p.x0 {
		n = (min(p.y1, side)-1)*rowX + (p.tiles-1)*tileX + (min(p.x1, side)-1)*colX + p.c - first
	}
	for _, end := range check.Sides {
		a := check.New(t, row.Name, p.String(), seed)
		x := a.Floats("X", n, end)
		fillBy(p.fill, x, seed)
		zeros := a.Floats("Zeros", (side-1)*colX+p.c, end)
		clear(zeros)
		a.Freeze()
		y := a.Floats("Y", (side*side-1)*ldE+(p.tiles-1)*tileY+up(p.c, row.Lanes), end)
		check.FillNaN(y)
		ref, cond := make([]float64, len(y)), make([]float64, len(y))
		for i := range ref {
			ref[i] = math.NaN() // what lies between stays as it was
		}
		patch := make([]float64, side*side)
		for tile := range p.tiles {
			for c := range up(p.c, row.Lanes) {
				for i := range side {
					for j := range side {
						patch[i*side+j] = 0
						if i >= p.y0 && i < p.y1 && j >= p.x0 && j < p.x1 && c < p.c {
							patch[i*side+j] = float64(x[tile*tileX+i*rowX+j*colX+c-first])
						}
					}
				}
				u, abs := sandwich(winoBT[row.Op], patch)
				for e := range u {
					ref[e*ldE+tile*tileY+c], cond[e*ldE+tile*tileY+c] = u[e], abs[e]
				}
			}
		}
		args.X, args.XOff = unsafe.Pointer(unsafe.SliceData(x)), -4*first
		args.Zeros, args.Y = unsafe.Pointer(&zeros[0]), unsafe.Pointer(&y[0])
		a.Run(func() { row.Call(args) })
		if p.fill == "ints" {
			a.Exact("Y", y, check.Round(ref)) // halves and quarters of small integers
		} else {
			a.Bound("Y", y, ref, cond, side*side)
		}
		a.Close()
	}
}

func testWinoOut(t *testing.T, row *WinoOutRow, p winoProblem, seed uint64) {
	t.Helper()
	side, m := row.Op.In(), row.Op.Out()
	args := &WinoOutArgs{OH: p.y1, OW: p.x1, C: p.c, Tiles: p.tiles, Lo: -50, Hi: 70}
	tileX := up(p.c, row.Lanes) + p.gaps[0]
	ldE := p.tiles*tileX + p.gaps[1]
	colY := p.c + p.gaps[2]
	tileY := p.step * colY
	rowY := (p.tiles-1)*tileY + m*colY + p.gaps[3]
	args.TileX, args.LdE, args.RowY, args.ColY, args.TileY = 4*tileX, 4*ldE, 4*rowY, 4*colY, 4*tileY
	colR := p.c + p.gaps[0]
	tileR := p.step * colR
	rowR := (p.tiles-1)*tileR + m*colR + p.gaps[2]
	args.RowRes, args.ColRes, args.TileRes = 4*rowR, 4*colR, 4*tileR
	n := (min(p.y1, m)-1)*rowY + (p.tiles-1)*tileY + (min(p.x1, m)-1)*colY + p.c
	for _, end := range check.Sides {
		a := check.New(t, row.Name, p.String(), seed)
		x := a.Floats("X", (side*side-1)*ldE+(p.tiles-1)*tileX+up(p.c, row.Lanes), end)
		fillBy(p.fill, x, seed)
		bias := a.Floats("Bias", up(p.c, row.Lanes), end)
		fillBy(p.fill, bias, seed+1)
		lenR := 0
		if p.residual {
			lenR, args.Flags = (min(p.y1, m)-1)*rowR+(p.tiles-1)*tileR+(min(p.x1, m)-1)*colR+p.c, WinoResidual
		}
		res := a.Floats("Res", lenR, end)
		fillBy(p.fill, res, seed+2)
		a.Freeze()
		y := a.Floats("Y", n, end)
		check.FillNaN(y)
		ref, cond := make([]float64, n), make([]float64, n)
		for i := range ref {
			ref[i] = math.NaN()
		}
		products := make([]float64, side*side)
		for tile := range p.tiles {
			for c := range p.c {
				for e := range products {
					products[e] = float64(x[e*ldE+tile*tileX+c])
				}
				z, abs := sandwich(winoAT[row.Op], products)
				for i := range min(p.y1, m) {
					for j := range min(p.x1, m) {
						o := tile*tileY + i*rowY + j*colY + c
						v, w := z[i*m+j]+float64(bias[c]), abs[i*m+j]+math.Abs(float64(bias[c]))
						if p.residual {
							r := float64(res[tile*tileR+i*rowR+j*colR+c])
							v, w = v+r, w+math.Abs(r)
						}
						if v < -50 {
							v = -50
						} else if v > 70 {
							v = 70
						}
						ref[o], cond[o] = v, w
					}
				}
			}
		}
		args.X, args.Bias, args.Y = unsafe.Pointer(&x[0]), unsafe.Pointer(&bias[0]), unsafe.Pointer(&y[0])
		args.Res = unsafe.Pointer(unsafe.SliceData(res))
		a.Run(func() { row.Call(args) })
		if p.fill == "ints" {
			a.Exact("Y", y, check.Round(ref)) // 64ths of small integers
		} else {
			a.Bound("Y", y, ref, cond, side*side+2)
		}
		a.Close()
	}
}

// winoProblems calls f with problems for kernels of so many lanes, on tiles with so many rows at most.
func winoProblems(lanes, side, first int, f func(p winoProblem, seed uint64)) {
	for _, fill := range []string{"ints", "random"} {
		for _, c := range []int{1, 2, 7, 8, 9, 15, 16, 17, lanes, lanes + lanes/2 + 1, 2*lanes + 7, 64} {
			f(winoProblem{tiles: 1, c: c, y1: side, x1: side, step: side - 2, fill: fill}, uint64(c))
			f(winoProblem{tiles: 3, c: c, y1: side, x1: side, step: side - 2, residual: true, fill: fill}, uint64(c+100))
		}
		for lo := range side {
			for hi := lo + first; hi <= side; hi++ {
				f(winoProblem{tiles: 2, c: lanes + 3, y0: lo, y1: hi, x1: side, step: side - 2, gaps: [4]int{3, 2, 1, 5}, fill: fill}, uint64(10*lo+hi))
				f(winoProblem{tiles: 2, c: lanes + 3, y1: side, x0: lo, x1: hi, step: side, gaps: [4]int{1, 1, 2, 3}, residual: true, fill: fill}, uint64(10*lo+hi))
				f(winoProblem{tiles: 1, c: lanes, y0: lo, y1: hi, x0: lo, x1: hi, step: side, residual: true, fill: fill}, uint64(10*lo+hi))
			}
		}
	}
}

func TestWinoIn(t *testing.T) {
	for _, row := range supportedRows(winoInTable()) {
		t.Run(row.Name, func(t *testing.T) {
			winoProblems(row.Lanes, row.Op.In(), 0, func(p winoProblem, seed uint64) { testWinoIn(t, row, p, seed) })
		})
	}
}

func TestWinoOut(t *testing.T) {
	for _, row := range supportedRows(winoOutTable()) {
		t.Run(row.Name, func(t *testing.T) {
			winoProblems(row.Lanes, row.Op.Out(), 1, func(p winoProblem, seed uint64) { testWinoOut(t, row, p, seed) })
		})
	}
}

// TestWinoNaN puts a NaN at every input of both transforms in turn: it reaches exactly those results that the
// matrices make from it, and passes the clamp.
func TestWinoNaN(t *testing.T) {
	const c = 19
	nan := float32(math.NaN())
	for _, row := range supportedRows(winoInTable()) {
		side := row.Op.In()
		x, y := make([]float32, side*side*c), make([]float32, side*side*32)
		args := &WinoInArgs{
			X: unsafe.Pointer(&x[0]), RowX: 4 * side * c, ColX: 4 * c, Y1: side, X1: side, Zeros: unsafe.Pointer(&x[0]),
			C: c, Tiles: 1, Y: unsafe.Pointer(&y[0]), LdE: 4 * 32,
		}
		for k := range side * side {
			check.FillRandom(x, uint64(k))
			x[k*c+k%c] = nan
			row.Call(args)
			for e := range side * side {
				want := winoBT[row.Op][e/side][k/side]*winoBT[row.Op][e%side][k%side] != 0
				for j := range c {
					got := y[e*32+j] != y[e*32+j]
					require.Equal(t, want && j == k%c, got, "%s: NaN at %d, result %d channel %d", row.Name, k, e, j)
				}
			}
		}
	}
	for _, row := range supportedRows(winoOutTable()) {
		side, m := row.Op.In(), row.Op.Out()
		x, y, bias := make([]float32, side*side*32), make([]float32, m*m*c), make([]float32, 32)
		args := &WinoOutArgs{
			X: unsafe.Pointer(&x[0]), LdE: 4 * 32, C: c, Tiles: 1, OH: m, OW: m, Y: unsafe.Pointer(&y[0]),
			RowY: 4 * m * c, ColY: 4 * c, Bias: unsafe.Pointer(&bias[0]), Lo: 0, Hi: 1,
		}
		for k := range side * side {
			check.FillRandom(x, uint64(k))
			x[k*32+k%c] = nan
			row.Call(args)
			for o := range m * m {
				want := winoAT[row.Op][o/m][k/side]*winoAT[row.Op][o%m][k%side] != 0
				for j := range c {
					got := y[o*c+j] != y[o*c+j]
					require.Equal(t, want && j == k%c, got, "%s: NaN at %d, output %d channel %d", row.Name, k, o, j)
				}
			}
		}
	}
}

func FuzzWino(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(17), uint8(0), uint8(6), uint8(0), uint8(6), uint8(4), uint16(0), uint64(1))
	f.Add(uint8(6), uint8(2), uint8(33), uint8(1), uint8(3), uint8(2), uint8(5), uint8(2), uint16(71), uint64(2))
	f.Fuzz(func(t *testing.T, row, tiles, c, y0, y1, x0, x1, step uint8, bits uint16, seed uint64) {
		in, out := supportedRows(winoInTable()), supportedRows(winoOutTable())
		p := winoProblem{
			tiles: 1 + int(tiles)%4, c: 1 + int(c), step: 1 + int(step)%7, residual: bits>>8&1 != 0, fill: []string{"ints", "random"}[seed%2],
			gaps: [4]int{int(bits) & 3, int(bits) >> 2 & 3, int(bits) >> 4 & 3, int(bits) >> 6 & 3},
		}
		if i := int(row) % (len(in) + len(out)); i < len(in) {
			side := in[i].Op.In()
			p.y0, p.x0 = int(y0)%(side+1), int(x0)%(side+1)
			p.y1, p.x1 = p.y0+int(y1)%(side+1-p.y0), p.x0+int(x1)%(side+1-p.x0)
			testWinoIn(t, in[i], p, seed)
		} else {
			r := out[i-len(in)]
			p.y1, p.x1, p.step = 1+int(y1)%r.Op.Out(), 1+int(x1)%r.Op.Out(), max(p.step, r.Op.Out())
			testWinoOut(t, r, p, seed)
		}
	})
}

// winoInWork and winoOutWork return arguments for tiles of c channels, dense.
func winoInWork(row *WinoInRow, tiles, c int) *WinoInArgs {
	side := row.Op.In()
	cols := tiles*row.Op.Out() + 2
	tile := up(c, 16)
	x, y, zeros := make([]float32, side*cols*c), make([]float32, side*side*(tiles*tile+16)), make([]float32, side*c)
	check.FillRandom(x, 1)
	return &WinoInArgs{
		X: unsafe.Pointer(&x[0]), RowX: 4 * cols * c, ColX: 4 * c, TileX: 4 * row.Op.Out() * c, Y1: side, X1: side,
		Zeros: unsafe.Pointer(&zeros[0]), C: c, Tiles: tiles, Y: unsafe.Pointer(&y[0]), LdE: 4 * (tiles*tile + 16), TileY: 4 * tile,
	}
}

func winoOutWork(row *WinoOutRow, tiles, c int) *WinoOutArgs {
	m, side, tile := row.Op.Out(), row.Op.In(), up(c, 16)
	x, y, bias := make([]float32, side*side*(tiles*tile+16)), make([]float32, m*m*tiles*c), make([]float32, tile)
	check.FillRandom(x, 1)
	return &WinoOutArgs{
		X: unsafe.Pointer(&x[0]), LdE: 4 * (tiles*tile + 16), TileX: 4 * tile, C: c, Tiles: tiles, OH: m, OW: m,
		Y: unsafe.Pointer(&y[0]), RowY: 4 * m * tiles * c, ColY: 4 * c, TileY: 4 * m * c, Bias: unsafe.Pointer(&bias[0]), Hi: 1,
	}
}

func TestWinoAllocs(t *testing.T) {
	for _, row := range supportedRows(winoInTable()) {
		a := winoInWork(row, 2, 19)
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(a) }), row.Name)
	}
	for _, row := range supportedRows(winoOutTable()) {
		a := winoOutWork(row, 2, 19)
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(a) }), row.Name)
	}
}

// BenchmarkWino transforms a row of 14 tiles of 64 channels; the bytes are those of operands and results.
func BenchmarkWino(b *testing.B) {
	const tiles, c = 14, 64
	for _, row := range supportedRows(winoInTable()) {
		a := winoInWork(row, tiles, c)
		b.Run(row.Name, func(b *testing.B) {
			b.SetBytes(int64(row.Op.In()*a.RowX + row.Op.In()*row.Op.In()*4*tiles*c))
			for b.Loop() {
				row.Call(a)
			}
		})
	}
	for _, row := range supportedRows(winoOutTable()) {
		a := winoOutWork(row, tiles, c)
		b.Run(row.Name, func(b *testing.B) {
			b.SetBytes(int64(row.Op.Out()*a.RowY + row.Op.In()*row.Op.In()*4*tiles*c))
			for b.Loop() {
				row.Call(a)
			}
		})
	}
}
