package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// planeProblem is a call of a depthwise kernel for planes. Gaps are in floats, beyond the dense layout.
type planeProblem struct {
	planes, rows, cols     int
	inRows, inCols         int
	top, left              int
	gapX, gapY, gapP, gapQ int // between rows of X and Y, planes of X and Y
	lo, hi                 float32
	fill                   string
}

func (p planeProblem) String() string {
	return fmt.Sprintf("planes%d out%dx%d in%dx%d pad%d,%d gaps%d,%d,%d,%d clamp%v..%v %s", p.planes, p.rows, p.cols,
		p.inRows, p.inCols, p.top, p.left, p.gapX, p.gapY, p.gapP, p.gapQ, p.lo, p.hi, p.fill)
}

func testDwPlane(t *testing.T, row *DwPlaneRow, p planeProblem, seed uint64) {
	t.Helper()
	rowX, rowY := p.inCols+p.gapX, p.cols+p.gapY
	side := row.Side()
	n := 1 + side*side // weights of a plane
	planeX, planeY := p.inRows*rowX+p.gapP, p.rows*rowY+p.gapQ
	for _, end := range check.Sides {
		a := check.New(t, row.Name, p.String(), seed)
		x := a.Floats("X", (p.planes-1)*planeX+(p.inRows-1)*rowX+p.inCols, end)
		w := a.Floats("W", n*p.planes, end)
		fillBy(p.fill, x, seed)
		if p.fill == "ints" {
			check.FillInts(w, seed+1, 8)
		} else {
			check.FillRandom(w, seed+1)
		}
		lenY := (p.planes-1)*planeY + (p.rows-1)*rowY + p.cols
		ref, cond := make([]float64, lenY), make([]float64, lenY)
		for i := range ref {
			ref[i] = math.NaN() // what lies between rows and planes stays as it was
		}
		for c := range p.planes {
			for y := range p.rows {
				for pix := range p.cols {
					s := float64(w[n*c])
					abs := math.Abs(s)
					for k := range side * side {
						if k/side >= row.KH || k%side >= row.KW {
							continue
						}
						iy, ix := y*row.Stride+k/side-p.top, pix*row.Stride+k%side-p.left
						if iy >= 0 && iy < p.inRows && ix >= 0 && ix < p.inCols {
							v := float64(w[n*c+1+k]) * float64(x[c*planeX+iy*rowX+ix])
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
					ref[c*planeY+y*rowY+pix], cond[c*planeY+y*rowY+pix] = s, abs
				}
			}
		}
		a.Freeze()
		y := a.Floats("Y", lenY, end)
		check.FillNaN(y)
		args := &DwPlaneArgs{
			X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&y[0]),
			Planes: p.planes, PlaneX: 4 * planeX, PlaneY: 4 * planeY, RowX: 4 * rowX, RowY: 4 * rowY,
			InRows: p.inRows, InCols: p.inCols, Top: p.top, Left: p.left, Rows: p.rows, Cols: p.cols, Lo: p.lo, Hi: p.hi,
		}
		a.Run(func() { row.Call(args) })
		if p.fill == "ints" {
			a.Exact("Y", y, check.Round(ref))
		} else {
			a.Bound("Y", y, ref, cond, n)
		}
		a.Close()
	}
}

func TestDwPlane(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, row := range supportedRows(dwplaneTable()) {
		t.Run(row.Name, func(t *testing.T) {
			h, l := row.Height, row.Lanes
			for _, fill := range []string{"ints", "random", "special"} {
				for _, rows := range []int{1, h - 1, h, h + 1, 2*h + 1} {
					for _, cols := range []int{1, 2, l - 1, l, l + 1, 2*l + 3, 3*l + 1} {
						if rows < 1 || cols < 1 {
							continue
						}
						for _, pad := range []int{0, 1, 2} {
							p := planeProblem{planes: 2, rows: rows, cols: cols, top: pad, left: pad, lo: -inf, hi: inf, fill: fill}
							p.inRows, p.inCols = max(1, (rows-1)*row.Stride+row.KH-2*pad), max(1, (cols-1)*row.Stride+row.KW-2*pad)
							testDwPlane(t, row, p, uint64(rows))
						}
					}
				}
				// Any number of pixels in the last tile, with more of X than they reach: the loads of that tile are all inside, and its stores are not.
				for cols := l; cols < 2*l && fill == "ints"; cols++ {
					testDwPlane(t, row, planeProblem{planes: 1, rows: h, cols: cols, inRows: 4*h + 9, inCols: 7*l + 9, lo: -inf, hi: inf, fill: fill}, uint64(cols))
				}
				// Less of X than the outputs reach, and more; windows wholly outside; strides.
				for _, p := range []planeProblem{
					{planes: 3, rows: h + 1, cols: l + 2, inRows: 1, inCols: 1, top: 1, left: 1},
					{planes: 1, rows: 3*h + 2, cols: 4 * l, inRows: 5, inCols: 3, top: 4, left: 5},
					{planes: 1, rows: h, cols: l, inRows: 4*h + 9, inCols: 4*l + 9},
					{planes: 1, rows: 70, cols: 70, inRows: 2, inCols: 2, top: 68, left: 68},
					{planes: 3, rows: h + 1, cols: l + 2, inRows: 2*h + 3, inCols: 2*l + 5, top: 1, left: 1, gapX: 3, gapY: 5, gapP: 7, gapQ: 1},
				} {
					p.lo, p.hi, p.fill = -1, 1, fill
					testDwPlane(t, row, p, 7)
				}
			}
		})
	}
}

func FuzzDwPlane(f *testing.F) {
	f.Add(uint8(0), uint8(3), uint8(17), uint8(5), uint8(17), uint8(5), uint8(0), uint64(1))
	f.Fuzz(func(t *testing.T, row, rows, cols, inRows, inCols, pads, gaps uint8, seed uint64) {
		all := supportedRows(dwplaneTable())
		testDwPlane(t, all[int(row)%len(all)], planeProblem{
			planes: 1 + int(seed)&1, rows: 1 + int(rows)%20, cols: 1 + int(cols)%80, inRows: 1 + int(inRows)%40, inCols: 1 + int(inCols)%160,
			top: int(pads) & 15, left: int(pads) >> 4,
			gapX: int(gaps) & 3, gapY: int(gaps) >> 2 & 3, gapP: int(gaps) >> 4 & 3, gapQ: int(gaps) >> 6, lo: -4, hi: 5,
			fill: []string{"ints", "random", "special"}[seed%3],
		}, seed)
	})
}

// TestDwPlaneSameBits holds the kernels for planes to the bits of those with the channels in the lanes, where no column of
// taps is in the padding.
func TestDwPlaneSameBits(t *testing.T) {
	const rows, cols = 9, 37
	for _, row := range supportedRows(dwplaneTable()) {
		if row.ISA == Generic {
			continue // Go may fuse one and not the other
		}
		var any *DwRow
		for _, r := range dwRows() {
			if r.ISA == row.ISA && r.Cols == 0 && r.Pixels == 1 {
				any = r
			}
		}
		require.NotNil(t, any, row.Name)
		height, width := (rows-1)*row.Stride+row.KH, (cols-1)*row.Stride+row.KW
		side := row.Side()
		x, w := make([]float32, height*width), make([]float32, 1+side*side)
		check.FillRandom(x, 1)
		check.FillRandom(w, 2)
		packed := make([]float32, DwPackLen(any.Lanes, 1, side*side))
		DwPack(packed, any.Lanes, 1, side*side, w[1:], w[:1])
		inf := float32(math.Inf(1))
		got, want := make([]float32, rows*cols), make([]float32, rows*cols)
		for y := range rows {
			any.Call(&DwArgs{
				WOff: 4 * any.Lanes, NY: row.KH, NX: row.KW, RowX: 4 * width, ColX: 4, PixX: 4 * row.Stride,
				RowW: 4 * side * any.Lanes, ColW: 4 * any.Lanes, LdW: 4 * len(packed), C: 1, Tiles: cols, PixY: 4, Lo: -inf, Hi: inf,
				X: unsafe.Pointer(&x[y*row.Stride*width]), W: unsafe.Pointer(&packed[0]), Y: unsafe.Pointer(&want[y*cols]),
			})
		}
		a := &DwPlaneArgs{
			X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&got[0]), Planes: 1, RowX: 4 * width, RowY: 4 * cols,
			InRows: height, InCols: width, Rows: rows, Cols: cols, Lo: -inf, Hi: inf,
		}
		row.Call(a)
		require.Equal(t, want, got, row.Name)
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(a) }), row.Name)
	}
}

// BenchmarkDwPlane runs each kernel on a padded plane of 28x28 outputs in L1.
func BenchmarkDwPlane(b *testing.B) {
	const size = 28
	for _, row := range supportedRows(dwplaneTable()) {
		in := size * row.Stride
		x, y, w := make([]float32, in*in), make([]float32, size*size), make([]float32, 26)
		a := &DwPlaneArgs{
			X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&y[0]), Planes: 1, RowX: 4 * in, RowY: 4 * size,
			InRows: in, InCols: in, Top: 1, Left: 1, Rows: size, Cols: size, Hi: 6,
		}
		b.Run(row.Name, func(b *testing.B) {
			for b.Loop() {
				row.Call(a)
			}
			b.ReportMetric(float64(2*row.KH*row.KW*size*size)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}
