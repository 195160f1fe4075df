package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// slideProblem is a call of a sliding depthwise kernel. Gaps are in floats, beyond the dense layout.
type slideProblem struct {
	rows, pixels, c          int
	edges                    int
	gapC, gapRow, gapY, gapO int // between columns and rows of X, pixels and rows of Y
	lo, hi                   float32
	fill                     string
}

func (p slideProblem) String() string {
	return fmt.Sprintf("rows%d pixels%d c%d edges%04b gaps%d,%d,%d,%d clamp%v..%v %s",
		p.rows, p.pixels, p.c, p.edges, p.gapC, p.gapRow, p.gapY, p.gapO, p.lo, p.hi, p.fill)
}

func (p slideProblem) missing(y, x, i, j int) bool {
	return p.edges&DwNoTop != 0 && y+i == 0 || p.edges&DwNoBottom != 0 && y == p.rows-1 && i == 2 ||
		p.edges&DwNoLeft != 0 && x+j == 0 || p.edges&DwNoRight != 0 && x == p.pixels-1 && j == 2
}

func testDwSlide(t *testing.T, row *DwSlideRow, p slideProblem, seed uint64) {
	t.Helper()
	if row.Pixels != 0 {
		p.pixels = row.Pixels
	}
	flag := func(f int) int { return p.edges & f / f }
	columns := (p.pixels-1)*row.Stride + 3 - flag(DwNoLeft) - flag(DwNoRight)
	height := (p.rows-1)*row.Stride + 3 - flag(DwNoTop) - flag(DwNoBottom)
	colX, pixY := p.c+p.gapC, p.c+p.gapY
	rowX, rowY := columns*colX+p.gapRow, p.pixels*pixY+p.gapO
	for _, side := range check.Sides {
		a := check.New(t, row.Name, p.String(), seed)
		x := a.Floats("X", (height-1)*rowX+(columns-1)*colX+p.c, side)
		w := a.Floats("W", DwPackLen(row.Lanes, p.c, 9), side)
		fillBy(p.fill, x, seed)
		taps, bias := make([]float32, 9*p.c), make([]float32, p.c)
		if p.fill == "ints" {
			check.FillInts(taps, seed+1, 8)
			check.FillInts(bias, seed+2, 8)
		} else {
			check.FillRandom(taps, seed+1)
			check.FillRandom(bias, seed+2)
		}
		DwPack(w, row.Lanes, p.c, 9, taps, bias)
		lenY := (p.rows-1)*rowY + (p.pixels-1)*pixY + p.c
		ref, cond := make([]float64, lenY), make([]float64, lenY)
		for i := range ref {
			ref[i] = math.NaN() // what lies between the pixels stays as it was
		}
		for y := range p.rows {
			for pix := range p.pixels {
				for c := range p.c {
					s := float64(bias[c])
					abs := math.Abs(s)
					for k := range 9 {
						if i, j := k/3, k%3; !p.missing(y, pix, i, j) {
							v := float64(taps[9*c+k]) * float64(x[(y*row.Stride+i-flag(DwNoTop))*rowX+(pix*row.Stride+j-flag(DwNoLeft))*colX+c])
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
					ref[y*rowY+pix*pixY+c], cond[y*rowY+pix*pixY+c] = s, abs
				}
			}
		}
		a.Freeze()
		y := a.Floats("Y", lenY, side)
		check.FillNaN(y)
		args := &DwSlideArgs{
			X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&y[0]),
			RowX: 4 * rowX, ColX: 4 * colX, RowY: 4 * rowY, PixY: 4 * pixY, LdW: 40 * row.Lanes,
			C: p.c, Rows: p.rows, Pixels: p.pixels, Edges: p.edges, Lo: p.lo, Hi: p.hi,
		}
		a.Run(func() { row.Call(args) })
		if p.fill == "ints" {
			a.Exact("Y", y, check.Round(ref))
		} else {
			a.Bound("Y", y, ref, cond, 10)
		}
		a.Close()
	}
}

func TestDwSlide(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, row := range supportedRows(dwslideTable()) {
		t.Run(row.Name, func(t *testing.T) {
			l := row.Lanes
			for _, fill := range []string{"ints", "random", "special"} {
				for edges := range 16 {
					for rows := 1; rows <= 5; rows++ {
						testDwSlide(t, row, slideProblem{rows: rows, pixels: 3, c: l + 3, edges: edges, lo: -inf, hi: inf, fill: fill}, uint64(rows))
					}
				}
				for _, c := range []int{1, 2, l - 1, l, l + 1, 2 * l, 3*l + 5} {
					testDwSlide(t, row, slideProblem{rows: 4, pixels: 1, c: c, edges: 15, lo: 0, hi: 6, fill: fill}, uint64(c))
					testDwSlide(t, row, slideProblem{rows: 3, pixels: 6, c: c, gapC: 5, gapRow: 3, gapY: 2, gapO: 7, lo: -1, hi: 1, fill: fill}, uint64(c))
				}
			}
		})
	}
}

func FuzzDwSlide(f *testing.F) {
	f.Add(uint8(0), uint8(3), uint8(4), uint8(17), uint8(5), uint8(0), uint64(1))
	f.Fuzz(func(t *testing.T, row, rows, pixels, c, edges, gaps uint8, seed uint64) {
		all := supportedRows(dwslideTable())
		testDwSlide(t, all[int(row)%len(all)], slideProblem{
			rows: 1 + int(rows)%9, pixels: 1 + int(pixels)%9, c: 1 + int(c)%80, edges: int(edges) % 16,
			gapC: int(gaps) & 3, gapRow: int(gaps) >> 2 & 3, gapY: int(gaps) >> 4 & 3, gapO: int(gaps) >> 6, lo: -4, hi: 5,
			fill: []string{"ints", "random", "special"}[seed%3],
		}, seed)
	})
}

// TestDwSlideSameBits holds the sliding kernels to the bits of the kernels for any taps.
func TestDwSlideSameBits(t *testing.T) {
	const c, rows = 37, 5
	for _, row := range supportedRows(dwslideTable()) {
		if row.ISA == Generic {
			continue // Go may fuse one and not the other
		}
		var any *DwRow
		for _, r := range dwRows() {
			if r.ISA == row.ISA && r.Cols == 0 && r.Pixels == row.Pixels {
				any = r
			}
		}
		require.NotNil(t, any, row.Name)
		width := row.Stride*row.Pixels + 2
		x, weights := make([]float32, (row.Stride*rows+2)*width*c), make([]float32, c*9)
		check.FillRandom(x, 1)
		check.FillRandom(weights, 2)
		packed := make([]float32, DwPackLen(row.Lanes, c, 9))
		DwPack(packed, row.Lanes, c, 9, weights, weights[:c])
		inf := float32(math.Inf(1))
		got, want := make([]float32, rows*row.Pixels*c), make([]float32, rows*row.Pixels*c)
		for y := range rows {
			any.Call(&DwArgs{
				WOff: 4 * row.Lanes, NY: 3, NX: 3, RowX: 4 * width * c, ColX: 4 * c, PixX: 4 * c * row.Stride,
				RowW: 12 * row.Lanes, ColW: 4 * row.Lanes, LdW: 40 * row.Lanes, C: c, Tiles: 1, PixY: 4 * c, Lo: -inf, Hi: inf,
				X: unsafe.Pointer(&x[y*row.Stride*width*c]), W: unsafe.Pointer(&packed[0]), Y: unsafe.Pointer(&want[y*row.Pixels*c]),
			})
		}
		a := &DwSlideArgs{
			RowX: 4 * width * c, ColX: 4 * c, RowY: 4 * row.Pixels * c, PixY: 4 * c, LdW: 40 * row.Lanes,
			C: c, Rows: rows, Pixels: row.Pixels, Lo: -inf, Hi: inf,
			X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&packed[0]), Y: unsafe.Pointer(&got[0]),
		}
		row.Call(a)
		require.Equal(t, want, got, row.Name)
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(a) }), row.Name)
	}
}

// BenchmarkDwSlide runs each kernel on 16 rows of outputs in L1, 16 channels.
func BenchmarkDwSlide(b *testing.B) {
	const c, rows = 16, 16
	for _, row := range supportedRows(dwslideTable()) {
		pixels := max(row.Pixels, 4)
		width := row.Stride*pixels + 2
		x, y := make([]float32, (row.Stride*rows+2)*width*c), make([]float32, rows*pixels*c)
		w := make([]float32, DwPackLen(row.Lanes, c, 9))
		a := &DwSlideArgs{
			RowX: 4 * width * c, ColX: 4 * c, RowY: 4 * pixels * c, PixY: 4 * c, LdW: 40 * row.Lanes, C: c, Rows: rows, Pixels: pixels, Hi: 6,
			X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&y[0]),
		}
		b.Run(row.Name, func(b *testing.B) {
			for b.Loop() {
				row.Call(a)
			}
			b.ReportMetric(float64(18*rows*pixels*c)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}
