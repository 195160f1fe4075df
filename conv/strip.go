package conv

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// strip is how some rows of an NCHW image lie in a worker's scratch, padded with zeros on all sides:
//
//	[row][channel][column % StrideW][column / StrideW]
//
// with rows and columns counted from the padding's corner, or, of a part of the columns, from the first of them. What one kernel position reaches from pixels
// beside each other in an output row is then contiguous, whatever the stride.
type strip struct {
	in  tensor.Shape
	win tensor.Window
	ld  int  // floats of a channel of a row, and
	row int  // of a row
	cut bool // it has some columns, and those of the padding are to be cleared
}

// Floats of a strip: what pays, since more does not stay in the second cache, and what an algorithm can be made to use at all.
const (
	stripMost  = 1 << 19
	stripLimit = 1 << 28
)

func newStrip(in, out tensor.Shape, win tensor.Window) *strip {
	s := &strip{in: in, win: win}
	lines := align(max(s.phase(win.PadLeft+in.W-1)+1, out.W+s.phase((win.KernelW-1)*win.DilationW))) / 16
	s.ld = 16 * win.StrideW * (lines | 1) // an odd number of cache lines spreads over the sets of L1
	s.row = tensor.Mul(in.C, s.ld)
	return s
}

// phase is where a column lies among those with the same remainder.
func (s *strip) phase(column int) int { return column / s.win.StrideW }

// at is where a column of a channel of a row lies.
func (s *strip) at(column int) int {
	return column%s.win.StrideW*(s.ld/s.win.StrideW) + column/s.win.StrideW
}

// taps returns the kernel positions, a tap for each column of the kernel where all its rows and channels
// follow each other, a tap for each position otherwise, and the steps of a tap. The weights of an output channel
// are [KernelW][KernelH][C].
func (s *strip) taps(groups int) (taps []asm.Tap, k int) {
	icg, rows := s.in.C/groups, s.win.KernelH
	k = icg
	if groups == 1 && s.win.DilationH == 1 {
		k, rows = icg*rows, 1
	}
	for x := range s.win.KernelW {
		for y := range rows {
			taps = append(taps, asm.Tap{
				A: 4 * k * len(taps),
				B: 4 * (y*s.win.DilationH*s.row + s.at(x*s.win.DilationW)),
			})
		}
	}
	return taps, k
}

// reach is the number of input rows that n output rows need.
func (s *strip) reach(n int) int { return (n-1)*s.win.StrideH + (s.win.KernelH-1)*s.win.DilationH + 1 }

// used is the number of them that the kernel's rows reach.
func (s *strip) used(n int) int {
	reach := (s.win.KernelH-1)*s.win.DilationH + 1
	return (n-1)*min(s.win.StrideH, reach) + reach
}

// overlap is the number of output rows whose inputs a strip reads beside those of its own.
func (s *strip) overlap() int {
	return max(0, (s.win.KernelH-1)*s.win.DilationH+1-s.win.StrideH) / s.win.StrideH
}

// floats is the size of the strip that n output rows need.
func (s *strip) floats(n int) int { return tensor.Mul(s.reach(n), s.row) }

// load copies the rows of an image that n output rows from the first one on need, without those between the rows of the kernel. A strip
// of all columns has zeros in those of the padding already; of others it gets what so many pixels from column ox of the output on need.
func (s *strip) load(k *asm.Set, w *worker, dst, src []float32, first, n, ox, pixels int) {
	y0 := first*s.win.StrideH - s.win.PadTop
	x0 := ox*s.win.StrideW - s.win.PadLeft
	x1 := s.in.W
	if s.cut {
		x1 = x0 + (pixels-1)*s.win.StrideW + (s.win.KernelW-1)*s.win.DilationW + 1
	}
	lo, hi := min(max(x0, 0), s.in.W), max(min(x1, s.in.W), 0) // columns that exist
	for i := range s.reach(n) {
		if i%s.win.StrideH > (s.win.KernelH-1)*s.win.DilationH {
			continue
		}
		row := dst[i*s.row : (i+1)*s.row]
		y := y0 + i
		outside := y < 0 || y >= s.in.H || lo >= hi
		if outside || s.cut && (lo > x0 || hi < x1) {
			clear(row)
		}
		if outside {
			continue
		}
		for c := range s.in.C {
			s.spread(k, &w.unzip, row[c*s.ld:(c+1)*s.ld], src[(c*s.in.H+y)*s.in.W:][lo:hi], lo-x0)
		}
	}
}

// spread copies the columns of a row of one channel, without those between the columns of the kernel. The first is column pad of the strip.
func (s *strip) spread(k *asm.Set, a *asm.UnzipArgs, dst, src []float32, pad int) {
	stride := s.win.StrideW
	x := 0
	switch stride {
	case 1:
		copy(dst[pad:], src)
		return
	case 2:
		even, odd := s.at(pad), s.at(pad+1)
		for ; x+1 < len(src); x += 2 * a.N {
			a.N = min(len(src)-x, asm.MaxWork) / 2
			a.X = unsafe.Pointer(&src[x])
			a.Even = unsafe.Pointer(&dst[even+x/2])
			a.Odd = unsafe.Pointer(&dst[odd+x/2])
			k.Unzip[0].Call(a)
		}
	}
	for end := min(x+stride, len(src)); x < end; x++ {
		if (pad+x)%stride > (s.win.KernelW-1)*s.win.DilationW {
			continue
		}
		to := dst[s.at(pad+x):]
		for i := range (len(src) - x + stride - 1) / stride {
			to[i] = src[x+i*stride]
		}
	}
}
