package conv

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
)

// dwSlides holds, for every number of pixels that a strip may have, the kernel that slides down it. Strips
// narrower than the narrowest kernel's have nil.
type dwSlides []*asm.DwSlideRow

// dwWidest is how wide strips are where a kernel does any width.
const dwWidest = 8

// Pixels dwConflict bytes apart, or a multiple, fall into few sets of L1, those of input and output into the same ones:
// few rows at a time and then the next channels, which fall into others, is quicker than all rows first. With
// stride 2, which uses twice as many pixels, and dwConflictS2 bytes the kernels for single rows are as quick.
const (
	dwConflict   = 512
	dwConflictS2 = 1024
	dwFewRows    = 2
)

// newDwSlides returns nil where the set has no such kernels, or only slower ones than for single rows.
func newDwSlides(set *asm.Set, stride, lanes int) dwSlides {
	var l dwSlides
	for _, r := range set.DwSlide {
		if r.Stride != stride || r.Lanes != lanes || r.ISA < set.Dw[0].ISA {
			continue
		}
		if r.Pixels == 0 {
			l = make(dwSlides, 1+dwWidest)
			for i := range l {
				l[i] = r
			}
			return l
		}
		for len(l) <= r.Pixels {
			l = append(l, nil)
		}
		l[r.Pixels] = r
	}
	return l
}

// slidable reports whether the sliding kernels apply: windows of 3 by 3 taps, of which at most the outer
// row or column is missing at an edge, and enough columns for a strip.
func (d *depthwise) slidable() bool {
	w := &d.win
	if w.KernelH != 3 || w.KernelW != 3 || w.DilationH != 1 || w.DilationW != 1 || w.StrideH != w.StrideW || d.out.W < 4 {
		return false
	}
	edges := func(n int, k0, k1, lo, hi int) bool {
		return k0 <= 1 && k1 >= 2 && (k0 == 0 || hi == 1) && (k1 == 3 || lo == n-1)
	}
	for _, s := range d.cols {
		if !edges(d.out.W, s.K0, s.K1, s.Lo, s.Hi) {
			return false
		}
	}
	for _, s := range d.rows {
		if !edges(d.out.H, s.K0, s.K1, s.Lo, s.Hi) {
			return false
		}
	}
	return true
}

// slide is compute, strip by strip of columns.
func (d *depthwise) slide(a *asm.DwSlideArgs, dst, src []float32, first, y0, y1, c0, c1 int) {
	a.LdW = 4 * 10 * d.lanes
	a.RowX, a.ColX = 4*d.in.W*d.ldin, 4*d.ldin
	a.RowY, a.PixY = 4*d.out.W*d.ldout, 4*d.ldout
	a.Lo, a.Hi = d.lo, d.hi
	last := len(d.slides) - 1
	strips := (d.out.W + last - 1) / last
	for c := 0; c < c1-c0; c += a.C {
		a.C = min(d.chunk*d.lanes, c1-c0-c)
		a.W = unsafe.Pointer(&d.weights[(c0+c)*10])
		for i := range strips {
			x0, x1 := par.Split(d.out.W, strips, i)
			a.Pixels = x1 - x0
			columns := 0
			if x0*d.win.StrideW < d.win.PadLeft {
				columns |= asm.DwNoLeft
			}
			if (x1-1)*d.win.StrideW-d.win.PadLeft+2 >= d.in.W {
				columns |= asm.DwNoRight
			}
			most := max(1, asm.MaxWork/(9*a.Pixels*max(a.C, d.lanes)))
			if a.ColX%dwConflict == 0 {
				most = min(most, dwFewRows)
			}
			for y := y0; y < y1; y += a.Rows {
				a.Rows = min(most, y1-y)
				a.Edges = columns
				iy := y*d.win.StrideH - d.win.PadTop
				if iy < 0 {
					a.Edges |= asm.DwNoTop
				}
				if iy+(a.Rows-1)*d.win.StrideH+2 >= d.in.H {
					a.Edges |= asm.DwNoBottom
				}
				ix := max(0, x0*d.win.StrideW-d.win.PadLeft)
				a.X = unsafe.Pointer(&src[((max(0, iy)-first)*d.in.W+ix)*d.ldin+c])
				a.Y = unsafe.Pointer(&dst[((y-y0)*d.out.W+x0)*d.ldout+c])
				d.slides[a.Pixels].Call(a)
			}
		}
	}
	a.X, a.W, a.Y = nil, nil, nil
}
