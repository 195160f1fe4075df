package asm

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// groupProblem is a call of a kernel for groups. Gaps are in floats, beyond the dense layout.
type groupProblem struct {
	tiles, blocks, groups int // groups of a block
	k, out                int // channels of a group of X, and of Y
	ny, nx                int // valid taps
	skip                  int // taps left out before the first
	stride                int // columns of X between pixels
	gapC, gapRow, gapY    int // between columns and rows of X, between pixels of Y
	lo, hi                float32
	fill                  string
	vertical              bool // pixels lie below each other, as at the left and right edges
}

func (p groupProblem) String() string {
	return fmt.Sprintf("tiles%d blocks%d of %d groups of %d to %d, taps%dx%d skip%d stride%d gaps%d,%d,%d clamp%v..%v %s vertical=%v",
		p.tiles, p.blocks, p.groups, p.k, p.out, p.ny, p.nx, p.skip, p.stride, p.gapC, p.gapRow, p.gapY, p.lo, p.hi, p.fill, p.vertical)
}

func testDwGroup(t *testing.T, row *DwRow, p groupProblem, seed uint64) {
	t.Helper()
	lanes, in, out := row.Lanes, p.groups*p.k, p.groups*p.out
	pixels, c := p.tiles*row.Pixels, p.blocks*out
	for _, side := range check.Sides {
		args := &DwArgs{NY: p.ny, NX: p.nx, K: p.k, In: in, Out: out, C: c, Tiles: p.tiles, Lo: p.lo, Hi: p.hi}
		args.ColX = 4 * (p.blocks*in + p.gapC)
		args.RowX = (p.stride*(pixels-1)+max(1, p.nx))*args.ColX + 4*p.gapRow
		args.PixX = p.stride * args.ColX
		if p.vertical {
			args.PixX = p.stride * args.RowX
		}
		args.PixY = 4 * (c + p.gapY)
		args.ColW = 4 * lanes * p.k
		args.RowW = args.ColW * (p.nx + 1)
		args.WOff = 4*lanes + p.skip*args.ColW
		args.LdW = args.WOff + p.ny*args.RowW
		last := 0
		if p.ny > 0 && p.nx > 0 {
			last = ((p.ny-1)*args.RowX + (p.nx-1)*args.ColX) / 4
		}

		a := check.New(t, row.Name, p.String(), seed)
		x := a.Floats("X", (pixels-1)*args.PixX/4+last+p.blocks*in, side)
		w := a.Floats("W", p.blocks*args.LdW/4, side)
		index := a.Floats("Index", lanes, side)
		fillBy(p.fill, x, seed)
		check.FillNaN(w) // skipped taps and lanes beyond the block
		for l := range lanes {
			index[l] = math.Float32frombits(uint32(l / p.out * p.k % in)) // anything, beyond the block
		}
		values := make([]float32, c*(1+p.ny*p.nx*p.k))
		if p.fill == "special" {
			check.FillRandom(values, seed+1)
		} else {
			fillBy(p.fill, values, seed+1)
		}
		lenY := (pixels-1)*args.PixY/4 + c
		ref, cond := make([]float64, lenY), make([]float64, lenY)
		for i := range ref {
			ref[i] = math.NaN() // what lies between the pixels stays as it was
		}
		for i := range c {
			block, l := w[i/out*args.LdW/4:], i%out
			v := values[i*(1+p.ny*p.nx*p.k):]
			block[l] = v[0]
			for pix := range pixels {
				s := float64(v[0])
				abs, n := math.Abs(s), 1
				for y := range p.ny {
					for k := range p.k {
						for j := range p.nx {
							block[(args.WOff+y*args.RowW+j*args.ColW)/4+k*lanes+l] = v[n]
							z := float64(v[n]) * float64(x[(pix*args.PixX+y*args.RowX+j*args.ColX)/4+i/out*in+l/p.out*p.k+k])
							s, abs, n = s+z, abs+math.Abs(z), n+1
						}
					}
				}
				if s < float64(p.lo) {
					s = float64(p.lo)
				}
				if s > float64(p.hi) {
					s = float64(p.hi)
				}
				ref[pix*args.PixY/4+i], cond[pix*args.PixY/4+i] = s, abs
			}
		}
		a.Freeze()
		y := a.Floats("Y", lenY, side)
		check.FillNaN(y)
		args.W, args.Y, args.Index = unsafe.Pointer(&w[0]), unsafe.Pointer(&y[0]), unsafe.Pointer(&index[0])
		if p.ny > 0 && p.nx > 0 {
			args.X = unsafe.Pointer(&x[0])
		}
		a.Run(func() { row.Call(args) })
		if p.fill == "ints" {
			a.Exact("Y", y, check.Round(ref))
		} else {
			a.Bound("Y", y, ref, cond, 1+p.ny*p.nx*p.k)
		}
		a.Close()
	}
}

func dwgroupRows() []*DwRow { return supportedRows(dwgroupTable()) }

func TestDwGroup(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, row := range dwgroupRows() {
		t.Run(row.Name, func(t *testing.T) {
			run := func(p groupProblem, seed uint64) {
				if p.lo == 0 && p.hi == 0 {
					p.lo, p.hi = -inf, inf
				}
				p.stride = max(1, p.stride)
				if row.Cols > 0 {
					p.nx, p.stride, p.vertical = row.Cols, row.Stride, false
				}
				testDwGroup(t, row, p, seed)
			}
			l := row.Lanes
			for _, fill := range []string{"ints", "random", "special"} {
				for k := 1; k <= l; k++ {
					for out := 1; out <= l; out++ {
						if l == 16 && k > 4 && k%5 != 0 && out > 4 && out%3 != 0 {
							continue
						}
						run(groupProblem{tiles: 1, blocks: 1, groups: l / max(k, out), k: k, out: out, ny: 3, nx: 3, fill: fill}, uint64(16*k+out))
					}
					run(groupProblem{tiles: 2, blocks: 3, groups: 1, k: k, out: l, ny: 2, nx: 2, skip: 3, stride: 2, fill: fill, lo: 0, hi: 6}, uint64(k))
				}
				for ny := range 4 {
					for nx := range 6 {
						run(groupProblem{tiles: 2, blocks: 2, groups: l / 2, k: 2, out: 2, ny: ny, nx: nx, skip: 1, gapC: 2, gapRow: 5, gapY: 3, fill: fill}, uint64(10*ny+nx))
					}
				}
				run(groupProblem{tiles: 2, blocks: 2, groups: 2, k: 1, out: 2, ny: 3, nx: 2, vertical: true, fill: fill, lo: -1, hi: inf}, 7)
				run(groupProblem{tiles: 2, blocks: 2, groups: 1, k: 2, out: 3, ny: 5, nx: 5, stride: 3, fill: fill, lo: 0, hi: inf}, 8)
			}
		})
	}
}

func FuzzDwGroup(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(2), uint8(4), uint8(4), uint8(3), uint8(3), uint8(1), uint8(0), uint64(1))
	f.Add(uint8(6), uint8(2), uint8(1), uint8(1), uint8(2), uint8(2), uint8(5), uint8(2), uint8(7), uint64(2))
	f.Fuzz(func(t *testing.T, row, tiles, blocks, k, out, ny, nx, stride, bits uint8, seed uint64) {
		rows := dwgroupRows()
		r := rows[int(row)%len(rows)]
		p := groupProblem{
			tiles: 1 + int(tiles)%4, blocks: 1 + int(blocks)%4, k: 1 + int(k)%r.Lanes, out: 1 + int(out)%r.Lanes, ny: int(ny) % 8, nx: int(nx) % 8,
			skip: int(seed>>8) % 9, stride: 1 + int(stride)%4, gapC: int(bits) & 3, gapY: int(bits) >> 2 & 3, gapRow: int(bits) >> 4 & 3,
			vertical: bits&64 != 0, lo: -4, hi: 5, fill: []string{"ints", "random", "special"}[seed%3],
		}
		p.groups = 1 + int(seed>>16)%(r.Lanes/max(p.k, p.out))
		if r.Cols > 0 {
			p.nx, p.stride, p.vertical = r.Cols, r.Stride, false
		}
		testDwGroup(t, r, p, seed)
	})
}

func TestDwGroupPack(t *testing.T) {
	w := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} // 3 channels of 2 channels of 2 taps
	dst := make([]float32, DwGroupPackLen(4, 3, 2, 2, 2))
	check.FillNaN(dst)
	DwGroupPack(dst, 4, 3, 2, 2, 2, w, []float32{-1, -2, -3})
	require.Equal(t, []float32{
		-1, -2, 0, 0, 1, 5, 0, 0, 3, 7, 0, 0, 2, 6, 0, 0, 4, 8, 0, 0,
		-3, 0, 0, 0, 9, 0, 0, 0, 11, 0, 0, 0, 10, 0, 0, 0, 12, 0, 0, 0,
	}, dst)
}

// dwGroupBlock is a block of groups of 2 channels and Y's of 2, in 64 channels of X and Y.
func dwGroupBlock(row *DwRow, ny, nx int, x, w, y []float32, index []int32) *DwArgs {
	l := row.Lanes
	for i := range index {
		index[i] = int32(i &^ 1)
	}
	columns := max(1, row.Stride)*(row.Pixels-1) + nx
	return &DwArgs{
		WOff: 4 * l, NY: ny, NX: nx, K: 2, In: l, Out: l, C: 64, Tiles: 1, RowX: 4 * columns * 64, ColX: 4 * 64, PixX: 4 * 64 * max(1, row.Stride),
		RowW: 8 * l * nx, ColW: 8 * l, LdW: 4 * l * (1 + 2*nx*ny), PixY: 4 * 64, Lo: float32(math.Inf(-1)), Hi: float32(math.Inf(1)),
		X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&y[0]), Index: unsafe.Pointer(&index[0]),
	}
}

// TestDwGroupSameBits holds the special kernels to the bits of the kernels for any taps.
func TestDwGroupSameBits(t *testing.T) {
	for _, row := range dwgroupRows() {
		if row.Cols == 0 {
			continue
		}
		var any *DwRow
		for _, r := range dwgroupRows() {
			if r.ISA == row.ISA && r.Cols == 0 && r.Pixels == row.Pixels {
				any = r
			}
		}
		require.NotNil(t, any, row.Name)
		x, w := make([]float32, 5*20*64), make([]float32, 64*(1+2*5*row.Cols))
		check.FillRandom(x, 1)
		check.FillRandom(w, 2)
		got, want := make([]float32, 64*row.Pixels), make([]float32, 64*row.Pixels)
		index := make([]int32, row.Lanes)
		any.Call(dwGroupBlock(row, 5, row.Cols, x, w, want, index))
		row.Call(dwGroupBlock(row, 5, row.Cols, x, w, got, index))
		require.Equal(t, want, got, row.Name)
	}
}

func TestDwGroupAllocs(t *testing.T) {
	for _, row := range dwgroupRows() {
		nx := max(1, row.Cols)
		a := dwGroupBlock(row, 1, nx, make([]float32, 20*64), make([]float32, 64*(1+2*nx)), make([]float32, 64*row.Pixels), make([]int32, row.Lanes))
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(a) }), row.Name)
	}
}

// BenchmarkDwGroup runs each kernel on one tile in L1: 3 rows of 3 taps, 64 channels in groups of 2.
func BenchmarkDwGroup(b *testing.B) {
	for _, row := range dwgroupRows() {
		a := dwGroupBlock(row, 3, 3, make([]float32, 3*40*64), make([]float32, 64*(1+2*9)), make([]float32, 64*row.Pixels), make([]int32, row.Lanes))
		b.Run(row.Name, func(b *testing.B) {
			for b.Loop() {
				row.Call(a)
			}
			b.ReportMetric(float64(2*row.Pixels*64*2*9)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}
