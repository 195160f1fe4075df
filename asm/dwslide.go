package asm

import "unsafe"

// DwSlideArgs are the arguments of a depthwise convolution kernel for windows of 3 by 3 taps: it slides
// down a strip of pixels, loads every row of X once, and keeps the sums of all outputs that the row is
// part of. Channels lie in the lanes. In Go, for a row with Stride S and Lanes L, p[i] standing for "the
// float32 i bytes after p", and X0 for X moved back to where the first tap of the first window is or would be:
//
//	for c := range C {
//		w := W[c/L*LdW + c%L*4]
//		for y := range Rows {
//			for p := range Pixels {
//				s := w[0]                          // the bias
//				for i := range 3 {
//					for j := range 3 {
//						if missing(y, p, i, j) { continue }
//						s = fma(X0[(y*S+i)*RowX+(p*S+j)*ColX+4*c], w[(1+3*i+j)*4*L], s)
//					}
//				}
//				Y[y*RowY+p*PixY+4*c] = min(max(s, Lo), Hi)
//			}
//		}
//	}
//
// Taps in the padding are missing: with DwNoTop in Edges those with y+i = 0, with DwNoBottom those with
// y = Rows-1 and i = 2, with DwNoLeft those with p+j = 0, with DwNoRight those with p = Pixels-1 and j = 2.
// X points to the first tap that is there. The weights are packed as for DwArgs, with the biases
// in front; of X and Y the kernel touches nothing but what the loop names. NaN passes through the clamp.
//
// Rows*Pixels*C*9 must not exceed MaxWork.
type DwSlideArgs struct {
	X, W, Y         unsafe.Pointer
	RowX, ColX      int // bytes between rows and columns of X
	RowY, PixY      int // bytes between rows and pixels of Y
	LdW             int // bytes between blocks of weights
	C, Rows, Pixels int // at least 1; Pixels is the row's, where it has them
	Edges           int // DwNoTop and so on
	Lo, Hi          float32

	// Scratch of the kernels, not pointers to the collector: they run past the ends.
	//lint:ignore U1000 assembly uses it
	blockX, blockY, blockW uintptr
}

// Edges of DwSlideArgs.
const (
	DwNoLeft = 1 << iota
	DwNoRight
	DwNoTop
	DwNoBottom
)

// DwSlideRow is a depthwise kernel that slides down strips of Pixels pixels, Lanes channels at a time.
type DwSlideRow struct {
	Row
	Pixels, Lanes int // Pixels 0: any number
	Stride        int // of rows and columns
	fn            func(*DwSlideArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *DwSlideRow) Call(a *DwSlideArgs) { r.fn(a) }

func dwslideF32_nx3s1_generic(a *DwSlideArgs) { a.slide(1) }

func dwslideF32_nx3s2_generic(a *DwSlideArgs) { a.slide(2) }

// slide is the portable kernel: output by output, the taps that are there.
func (a *DwSlideArgs) slide(stride int) {
	const lanes = 4
	left, top := a.Edges&DwNoLeft/DwNoLeft, a.Edges&DwNoTop/DwNoTop
	for y := range a.Rows {
		i0, i1 := 0, 3
		if y == 0 {
			i0 = top
		}
		if y == a.Rows-1 && a.Edges&DwNoBottom != 0 {
			i1 = 2
		}
		for p := range a.Pixels {
			j0, j1 := 0, 3
			if p == 0 {
				j0 = left
			}
			if p == a.Pixels-1 && a.Edges&DwNoRight != 0 {
				j1 = 2
			}
			x := unsafe.Add(a.X, (y*stride+i0-top)*a.RowX+(p*stride+j0-left)*a.ColX)
			out := unsafe.Add(a.Y, y*a.RowY+p*a.PixY)
			for c := range a.C {
				w := unsafe.Add(a.W, c/lanes*a.LdW+c%lanes*4)
				s := *at(w, 0)
				for i := i0; i < i1; i++ {
					for j := j0; j < j1; j++ {
						s += *at(x, (i-i0)*a.RowX+(j-j0)*a.ColX+4*c) * *at(w, (1+3*i+j)*4*lanes)
					}
				}
				if s < a.Lo {
					s = a.Lo
				}
				if s > a.Hi {
					s = a.Hi
				}
				*at(out, 4*c) = s
			}
		}
	}
}
