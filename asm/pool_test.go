package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// poolProblem is a call of a pooling kernel. Gaps are in floats, beyond the dense layout.
type poolProblem struct {
	tiles, c     int
	ny, nx       int
	stride       int // columns of X between pixels
	gapC, gapRow int // between columns and rows of X
	gapY         int // between pixels of Y
	flags        int
	scale        float32
	fill         string
}

func (p poolProblem) String() string {
	return fmt.Sprintf("tiles%d c%d taps%dx%d stride%d gaps%d,%d,%d flags%d scale%v %s",
		p.tiles, p.c, p.ny, p.nx, p.stride, p.gapC, p.gapRow, p.gapY, p.flags, p.scale, p.fill)
}

func testPool(t *testing.T, row *PoolRow, avg bool, p poolProblem, seed uint64) {
	t.Helper()
	if row.KH > 0 {
		p.ny, p.nx = row.KH, row.KW
	}
	if row.Slides {
		p.stride, p.flags = 1, 0
	}
	pixels := p.tiles * row.Pixels
	args := &PoolArgs{NY: p.ny, NX: p.nx, C: p.c, Tiles: p.tiles, Flags: p.flags, Scale: p.scale}
	args.ColX = 4 * (p.c + p.gapC)
	args.PixX = p.stride * args.ColX
	args.RowX = (p.stride*(pixels-1)+max(1, p.nx))*args.ColX + 4*p.gapRow
	args.PixY = 4 * (p.c + p.gapY)
	lenX := ((pixels-1)*args.PixX+max(0, p.ny-1)*args.RowX+max(0, p.nx-1)*args.ColX)/4 + p.c
	lenY := (pixels-1)*args.PixY/4 + p.c
	for _, side := range check.Sides {
		a := check.New(t, row.Name, p.String(), seed)
		x := a.Floats("X", lenX, side)
		fillBy(p.fill, x, seed)
		a.Freeze()
		y := a.Floats("Y", lenY, side)
		check.FillNaN(y)
		if p.flags&PoolAccumulate != 0 {
			fillBy(p.fill, y, seed+1)
		}
		ref, cond := make([]float64, lenY), make([]float64, lenY)
		for i, v := range y {
			ref[i], cond[i] = float64(v), math.Abs(float64(v)) // what lies between the pixels stays as it was
		}
		for pix := range pixels {
			for c := range p.c {
				i := pix*args.PixY/4 + c
				s := 0.0
				if !avg {
					s = math.Inf(-1)
				}
				if p.flags&PoolAccumulate != 0 {
					s = ref[i]
				}
				abs := math.Abs(s)
				for ky := range p.ny {
					for kx := range p.nx {
						v := float64(x[(pix*args.PixX+ky*args.RowX+kx*args.ColX)/4+c])
						if avg {
							s += v
							abs += math.Abs(v)
						} else if v > s || v != v {
							s = v
						}
					}
				}
				if avg {
					s *= float64(p.scale)
					abs *= math.Abs(float64(p.scale))
				}
				ref[i], cond[i] = s, abs
			}
		}
		args.X, args.Y = unsafe.Pointer(&x[0]), unsafe.Pointer(&y[0])
		if p.ny*p.nx == 0 {
			args.X = nil
		}
		a.Run(func() { row.Call(args) })
		if !avg || p.fill == "ints" && p.scale == 1 {
			a.Exact("Y", y, check.Round(ref))
		} else {
			a.Bound("Y", y, ref, cond, max(1, p.ny*p.nx)) // one addition less, and the scale, which rounds denormals without taps too
		}
		a.Close()
	}
}

// eachPool runs a subtest for each row of both operations.
func eachPool(t *testing.T, f func(t *testing.T, row *PoolRow, avg bool)) {
	for _, row := range supportedRows(maxpoolTable()) {
		t.Run(row.Name, func(t *testing.T) { f(t, row, false) })
	}
	for _, row := range supportedRows(avgpoolTable()) {
		t.Run(row.Name, func(t *testing.T) { f(t, row, true) })
	}
}

func TestPool(t *testing.T) {
	eachPool(t, func(t *testing.T, row *PoolRow, avg bool) {
		l := row.Lanes
		for _, fill := range []string{"ints", "random", "special"} {
			for _, c := range []int{1, 2, 7, 8, 9, 15, 16, 17, l - 1, l, l + 1, l + l/2 + 1, 2*l + 7} {
				testPool(t, row, avg, poolProblem{tiles: 1, c: c, ny: 3, nx: 3, stride: 1, scale: 1, fill: fill}, uint64(c))
				testPool(t, row, avg, poolProblem{tiles: 3, c: c, ny: 2, nx: 2, stride: 2, scale: 0.25, fill: fill, flags: PoolAccumulate}, uint64(c+100))
			}
			for ny := range 4 {
				for nx := range 6 {
					testPool(t, row, avg, poolProblem{tiles: 2, c: l + 3, ny: ny, nx: nx, stride: 2, gapC: 2, gapRow: 5, gapY: 3, scale: 1, fill: fill}, uint64(10*ny+nx))
				}
			}
		}
	})
}

// TestPoolNaN puts one NaN at every tap in turn, and into what is accumulated on.
func TestPoolNaN(t *testing.T) {
	const c = 19
	eachPool(t, func(t *testing.T, row *PoolRow, avg bool) {
		ny, nx := 3, 5
		if row.KH > 0 {
			ny, nx = row.KH, row.KW
		}
		flags := PoolAccumulate
		if row.Slides {
			flags = 0
		}
		x := make([]float32, ny*(nx+row.Pixels-1)*c)
		y := make([]float32, row.Pixels*c)
		args := &PoolArgs{
			NY: ny, NX: nx, RowX: 4 * (nx + row.Pixels - 1) * c, ColX: 4 * c, PixX: 4 * c, PixY: 4 * c, C: c, Tiles: 1, Scale: 1,
			X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&y[0]), Flags: flags,
		}
		nan := float32(math.NaN())
		for k := range ny * nx {
			for _, sign := range []float32{1, -1} {
				check.FillRandom(x, uint64(k))
				check.FillRandom(y, uint64(k+1))
				x[k/nx*args.RowX/4+k%nx*c+k%c] = float32(math.Copysign(float64(nan), float64(sign)))
				row.Call(args)
				require.True(t, y[k%c] != y[k%c], "tap %d is lost", k)
				require.True(t, y[(k+1)%c] == y[(k+1)%c], "tap %d spreads", k)
			}
		}
		if row.Slides {
			return
		}
		check.FillRandom(x, 1)
		check.FillRandom(y, 2)
		y[18] = nan
		row.Call(args)
		require.True(t, y[18] != y[18], "NaN in Y is lost")
	})
}

// TestPoolSlideNaN: one NaN in a row of windows is in those outputs alone that it is a tap of.
func TestPoolSlideNaN(t *testing.T) {
	eachPool(t, func(t *testing.T, row *PoolRow, _ bool) {
		if !row.Slides {
			return
		}
		c, pixels, nan := row.Lanes+3, 6, float32(math.NaN())
		w := pixels + row.KW - 1
		x, y := make([]float32, row.KH*w*c), make([]float32, pixels*c)
		args := &PoolArgs{
			NY: row.KH, NX: row.KW, RowX: 4 * w * c, ColX: 4 * c, PixX: 4 * c, PixY: 4 * c, C: c, Tiles: pixels, Scale: 1,
			X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&y[0]),
		}
		for i := range row.KH {
			for j := range w {
				for _, lane := range []int{0, 17, c - 1} {
					check.FillRandom(x, uint64(i+j))
					x[(i*w+j)*c+lane] = nan
					row.Call(args)
					for p := range pixels {
						for l := range c {
							require.Equal(t, l == lane && p <= j && j < p+row.KW, y[p*c+l] != y[p*c+l], "tap %d,%d: pixel %d channel %d", i, j, p, l)
						}
					}
				}
			}
		}
	})
}

// TestPoolInPlace: the outputs may replace the taps that they are from, while others lie ahead.
func TestPoolInPlace(t *testing.T) {
	const c, n, ahead = 83, 8, 21
	eachPool(t, func(t *testing.T, row *PoolRow, avg bool) {
		if row.KH > 0 && (row.KH != 1 || row.KW != 2) {
			return
		}
		x := make([]float32, n*(c+ahead))
		check.FillRandom(x, 1)
		want := append([]float32(nil), x...)
		for p := range n {
			for i := range c {
				a, b := x[p*(c+ahead)+i], x[p*(c+ahead)+i+ahead]
				if want[p*(c+ahead)+i] = max(a, b); avg {
					want[p*(c+ahead)+i] = a + b
				}
			}
		}
		row.Call(&PoolArgs{
			NY: 1, NX: 2, ColX: 4 * ahead, PixX: 4 * (c + ahead), PixY: 4 * (c + ahead), C: c, Tiles: n / row.Pixels, Scale: 1,
			X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&x[0]),
		})
		require.Equal(t, want, x)
	})
}

func FuzzPool(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(17), uint8(3), uint8(3), uint8(1), uint8(0), uint64(1))
	f.Add(uint8(4), uint8(2), uint8(33), uint8(2), uint8(5), uint8(2), uint8(71), uint64(2))
	f.Add(uint8(135), uint8(90), uint8(17), uint8(17), uint8(0), uint8(69), uint8(199), uint64(26)) // denormals scaled, no taps
	f.Fuzz(func(t *testing.T, row, tiles, c, ny, nx, stride, bits uint8, seed uint64) {
		maxima, averages := supportedRows(maxpoolTable()), supportedRows(avgpoolTable())
		i := int(row) % (len(maxima) + len(averages))
		avg := i >= len(maxima)
		r := append(maxima, averages...)[i]
		testPool(t, r, avg, poolProblem{
			tiles: 1 + int(tiles)%4, c: 1 + int(c), ny: int(ny) % 8, nx: int(nx) % 8, stride: 1 + int(stride)%4,
			gapC: int(bits) & 3, gapY: int(bits) >> 2 & 3, gapRow: int(bits) >> 4 & 3, flags: int(bits) >> 6 & 1,
			scale: []float32{1, 0.125}[bits>>7], fill: []string{"ints", "random", "special"}[seed%3],
		}, seed)
	})
}

func TestPoolAllocs(t *testing.T) {
	eachPool(t, func(t *testing.T, row *PoolRow, _ bool) {
		x, y := make([]float32, 256), make([]float32, 256)
		a := &PoolArgs{NY: 1, NX: 1, ColX: 64, PixX: 64, PixY: 64, C: 16, Tiles: 1, X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&y[0])}
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(a) }))
	})
}

// BenchmarkPool runs each kernel on 3x3 windows, or its own, at stride 2, or 1 if it slides, in L1; the bytes are those of X and Y.
func BenchmarkPool(b *testing.B) {
	const c, w = 64, 25
	x, y := make([]float32, 3*w*c), make([]float32, 12*c)
	for _, table := range [][]*PoolRow{supportedRows(maxpoolTable()), supportedRows(avgpoolTable())} {
		for _, row := range table {
			ny, nx := 3, 3
			if row.KH > 0 {
				ny, nx = row.KH, row.KW
			}
			a := &PoolArgs{
				NY: ny, NX: nx, RowX: 4 * w * c, ColX: 4 * c, PixX: 8 * c, PixY: 4 * c, C: c, Tiles: 12 / row.Pixels, Scale: 1. / 9,
				X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&y[0]),
			}
			if row.Slides {
				a.PixX = a.ColX
			}
			b.Run(row.Name, func(b *testing.B) {
				b.SetBytes(int64(4 * (len(x) + len(y))))
				for b.Loop() {
					row.Call(a)
				}
			})
		}
	}
}
