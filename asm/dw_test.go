package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// dwProblem is a call of a depthwise kernel. Gaps are in floats, beyond the dense layout.
type dwProblem struct {
	tiles, c      int
	ny, nx        int // valid taps
	skip          int // taps left out before the first
	stride        int // columns of X between pixels
	gapC, gapRow  int // between columns and rows of X
	gapY          int // between pixels of Y
	lo, hi        float32
	fill          string
	vertical, rev bool // pixels lie below each other, as at the left and right edges; or right to left
}

func (p dwProblem) String() string {
	return fmt.Sprintf("tiles%d c%d taps%dx%d skip%d stride%d gaps%d,%d,%d clamp%v..%v %s vertical=%v reversed=%v",
		p.tiles, p.c, p.ny, p.nx, p.skip, p.stride, p.gapC, p.gapRow, p.gapY, p.lo, p.hi, p.fill, p.vertical, p.rev)
}

// fillBy fills x as a problem names it.
func fillBy[T Float](name string, x []T, seed uint64) {
	switch name {
	case "ints":
		check.FillInts(x, seed, 8)
	case "random":
		check.FillRandom(x, seed)
	case "special":
		check.FillSpecial(x, seed)
	}
}

// strides are the byte strides of a problem for a row, and where they lead: the extent of X and of Y.
func (p dwProblem) args(row *DwRow) (a *DwArgs, firstX, lenX, lenY int) {
	a = &DwArgs{NY: p.ny, NX: p.nx, C: p.c, Tiles: p.tiles, Lo: p.lo, Hi: p.hi}
	pixels := p.tiles * row.Pixels
	a.ColX = 4 * (p.c + p.gapC)
	columns := p.stride*(pixels-1) + max(1, p.nx)
	a.RowX = columns*a.ColX + 4*p.gapRow
	a.PixX = p.stride * a.ColX
	if p.vertical {
		a.PixX = p.stride * a.RowX
	}
	if p.rev {
		a.PixX = -a.PixX
	}
	a.PixY = 4 * (p.c + p.gapY)
	a.ColW, a.RowW = 4*row.Lanes, 4*row.Lanes*(p.nx+1)
	if p.gapRow > 0 { // weights apart
		a.ColW, a.RowW = 2*a.ColW, 2*a.RowW
	}
	a.WOff = 4*row.Lanes + p.skip*a.ColW
	a.LdW = 4*row.Lanes + p.skip*a.ColW + p.ny*a.RowW
	if p.rev {
		firstX = -(pixels - 1) * a.PixX / 4
	}
	last := 0
	if p.ny > 0 && p.nx > 0 {
		last = ((p.ny-1)*a.RowX + (p.nx-1)*a.ColX) / 4
	}
	lenX = max(0, (pixels-1)*a.PixX/4) + firstX + last + p.c
	lenY = (pixels-1)*a.PixY/4 + p.c
	return a, firstX, lenX, lenY
}

func testDw(t *testing.T, row *DwRow, p dwProblem, seed uint64) {
	t.Helper()
	inf := float32(math.Inf(1))
	if p.lo == 0 && p.hi == 0 {
		p.lo, p.hi = -inf, inf
	}
	for _, side := range check.Sides {
		args, firstX, lenX, lenY := p.args(row)
		blocks := (p.c + row.Lanes - 1) / row.Lanes
		a := check.New(t, row.Name, p.String(), seed)
		x := a.Floats("X", lenX, side)
		w := a.Floats("W", blocks*args.LdW/4, side)
		fillBy(p.fill, x, seed)
		check.FillNaN(w) // skipped taps and lanes beyond C
		values := make([]float32, p.c*(1+p.ny*p.nx))
		if p.fill == "special" {
			check.FillRandom(values, seed+1)
		} else {
			fillBy(p.fill, values, seed+1)
		}
		ref, cond := make([]float64, lenY), make([]float64, lenY)
		for i := range ref {
			ref[i] = math.NaN() // what lies between the pixels stays as it was
		}
		for c := range p.c {
			block := w[c/row.Lanes*args.LdW/4+c%row.Lanes:]
			block[0] = values[c]
			for i := range p.ny {
				for j := range p.nx {
					block[(args.WOff+i*args.RowW+j*args.ColW)/4] = values[p.c+(c*p.ny+i)*p.nx+j]
				}
			}
		}
		for pix := range p.tiles * row.Pixels {
			for c := range p.c {
				block := w[c/row.Lanes*args.LdW/4+c%row.Lanes:]
				s := float64(block[0])
				abs := math.Abs(s)
				for i := range p.ny {
					for j := range p.nx {
						v := float64(x[firstX+(pix*args.PixX+i*args.RowX+j*args.ColX)/4+c]) *
							float64(block[(args.WOff+i*args.RowW+j*args.ColW)/4])
						s += v
						abs += math.Abs(v)
					}
				}
				if s < float64(p.lo) {
					s = float64(p.lo)
				}
				if s > float64(p.hi) {
					s = float64(p.hi)
				}
				ref[pix*args.PixY/4+c], cond[pix*args.PixY/4+c] = s, abs
			}
		}
		a.Freeze()
		y := a.Floats("Y", lenY, side)
		check.FillNaN(y)
		args.X, args.W, args.Y = unsafe.Pointer(&x[firstX]), unsafe.Pointer(&w[0]), unsafe.Pointer(&y[0])
		if p.ny*p.nx == 0 {
			args.X = nil
		}
		a.Run(func() { row.Call(args) })
		if p.fill == "ints" {
			a.Exact("Y", y, check.Round(ref))
		} else {
			a.Bound("Y", y, ref, cond, 1+p.ny*p.nx)
		}
		a.Close()
	}
}

// dwRows are all rows that this machine can run.
func dwRows() []*DwRow { return supportedRows(dwTable()) }

// supportedRows returns the rows of a table that this machine can run.
func supportedRows[T any, R interface {
	*T
	row() *Row
}](table []T) []R {
	have := Supported()
	top := have[len(have)-1]
	var rows []R
	for i := range table {
		if R(&table[i]).row().ISA <= top {
			rows = append(rows, R(&table[i]))
		}
	}
	return rows
}

func TestDw(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, row := range dwRows() {
		t.Run(row.Name, func(t *testing.T) {
			run := func(p dwProblem, seed uint64) {
				if p.stride == 0 {
					p.stride = 1
				}
				if row.Cols > 0 {
					p.nx, p.stride, p.vertical, p.rev = row.Cols, row.Stride, false, false
				}
				testDw(t, row, p, seed)
			}
			l := row.Lanes
			for _, fill := range []string{"ints", "random", "special"} {
				for _, c := range []int{1, 2, l - 1, l, l + 1, 2*l - 1, 2 * l, 3*l + 5} {
					run(dwProblem{tiles: 1, c: c, ny: 3, nx: 3, fill: fill}, uint64(c))
					run(dwProblem{tiles: 3, c: c, ny: 2, nx: 2, skip: 3, stride: 2, fill: fill, lo: 0, hi: 6}, uint64(c+100))
				}
				for ny := range 4 {
					for nx := range 6 {
						run(dwProblem{tiles: 2, c: l + 3, ny: ny, nx: nx, skip: 1, gapC: 2, gapRow: 5, gapY: 3, fill: fill}, uint64(10*ny+nx))
					}
				}
				run(dwProblem{tiles: 2, c: l + 3, ny: 3, nx: 2, vertical: true, fill: fill, lo: -1, hi: inf}, 7)
				run(dwProblem{tiles: 2, c: l, ny: 5, nx: 5, stride: 3, fill: fill, lo: 0, hi: inf}, 8)
				run(dwProblem{tiles: 2, c: l + 1, ny: 2, nx: 3, rev: true, fill: fill}, 9)
			}
		})
	}
}

func FuzzDw(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(17), uint8(3), uint8(3), uint8(0), uint8(1), uint8(0), uint64(1))
	f.Add(uint8(4), uint8(2), uint8(33), uint8(2), uint8(5), uint8(3), uint8(2), uint8(7), uint64(2))
	f.Fuzz(func(t *testing.T, row, tiles, c, ny, nx, skip, stride, bits uint8, seed uint64) {
		rows := dwRows()
		r := rows[int(row)%len(rows)]
		p := dwProblem{
			tiles: 1 + int(tiles)%4, c: 1 + int(c)%80, ny: int(ny) % 8, nx: int(nx) % 8, skip: int(skip) % 9,
			stride: 1 + int(stride)%4, gapC: int(bits) & 3, gapY: int(bits) >> 2 & 3, gapRow: int(bits) >> 4 & 3,
			vertical: bits&64 != 0, rev: bits&128 != 0, lo: -4, hi: 5,
			fill: []string{"ints", "random", "special"}[seed%3],
		}
		if r.Cols > 0 {
			p.nx, p.stride, p.vertical, p.rev = r.Cols, r.Stride, false, false
		}
		testDw(t, r, p, seed)
	})
}

func TestDwPack(t *testing.T) {
	w := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	dst := make([]float32, DwPackLen(4, 5, 2))
	check.FillNaN(dst)
	DwPack(dst, 4, 5, 2, w, []float32{-1, -2, -3, -4, -5})
	require.Equal(t, []float32{
		-1, -2, -3, -4, 1, 3, 5, 7, 2, 4, 6, 8,
		-5, 0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 0,
	}, dst)
	DwPack(dst, 4, 5, 2, w, nil)
	require.Equal(t, []float32{0, 0, 0, 0, 1, 3, 5, 7, 2, 4, 6, 8, 0, 0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 0}, dst)
}

// TestDwSameBits holds the special kernels to the bits of the kernels for any taps.
func TestDwSameBits(t *testing.T) {
	const c, w, pixels = 37, 40, 8
	for _, row := range dwRows() {
		if row.Cols == 0 {
			continue
		}
		var any *DwRow
		for _, r := range dwRows() {
			if r.ISA == row.ISA && r.Cols == 0 && r.Pixels == row.Pixels {
				any = r
			}
		}
		require.NotNil(t, any, row.Name)
		x, weights := make([]float32, 5*w*c), make([]float32, c*25)
		check.FillRandom(x, 1)
		check.FillRandom(weights, 2)
		packed := make([]float32, DwPackLen(row.Lanes, c, 5*row.Cols))
		DwPack(packed, row.Lanes, c, 5*row.Cols, weights, nil)
		a := &DwArgs{
			WOff: 4 * row.Lanes, NY: 5, NX: row.Cols, RowX: 4 * w * c, ColX: 4 * c, PixX: 4 * c * row.Stride,
			RowW: 4 * row.Cols * row.Lanes, ColW: 4 * row.Lanes, LdW: 4 * row.Lanes * (1 + 5*row.Cols), C: c, Tiles: 1, PixY: 4 * c,
			Lo: float32(math.Inf(-1)), Hi: float32(math.Inf(1)), X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&packed[0]),
		}
		got, want := make([]float32, c*pixels), make([]float32, c*pixels)
		a.Y = unsafe.Pointer(&want[0])
		any.Call(a)
		a.Y = unsafe.Pointer(&got[0])
		row.Call(a)
		require.Equal(t, want, got, row.Name)
	}
}

func TestDwAllocs(t *testing.T) {
	for _, row := range dwRows() {
		nx, stride := max(1, row.Cols), max(1, row.Stride)
		x, w, y := make([]float32, 1024), make([]float32, 64*(1+nx)), make([]float32, 1024)
		a := &DwArgs{
			WOff: 4 * row.Lanes, NY: 1, NX: nx, RowX: 64, ColX: 64, PixX: 64 * stride, RowW: 64, ColW: 4 * row.Lanes,
			LdW: 4 * row.Lanes * (1 + nx), C: 16, Tiles: 1, PixY: 64,
			X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&y[0]),
		}
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(a) }), row.Name)
	}
}

// BenchmarkDw runs each kernel on one tile in L1: 3 rows of taps (5 for 5 columns), 64 channels.
func BenchmarkDw(b *testing.B) {
	const c = 64
	for _, row := range dwRows() {
		n, stride := max(3, row.Cols), max(1, row.Stride)
		columns := stride*(row.Pixels-1) + n
		x, y := make([]float32, n*columns*c), make([]float32, row.Pixels*c)
		w := make([]float32, DwPackLen(row.Lanes, c, n*n))
		a := &DwArgs{
			WOff: 4 * row.Lanes, NY: n, NX: n, RowX: 4 * columns * c, ColX: 4 * c, PixX: 4 * c * stride, C: c, Tiles: 1, PixY: 4 * c,
			RowW: 4 * n * row.Lanes, ColW: 4 * row.Lanes, LdW: 4 * row.Lanes * (1 + n*n), Hi: 6,
			X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&y[0]),
		}
		b.Run(row.Name, func(b *testing.B) {
			for b.Loop() {
				row.Call(a)
			}
			b.ReportMetric(float64(2*row.Pixels*c*n*n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}
