package asm

import "unsafe"

// DwPlaneArgs are the arguments of a depthwise convolution kernel for windows of at most 3 by 3 taps, or 5 by 5, on planes as they stand: pixels of a row
// lie in the lanes. In Go, for a row with KH, KW and Stride S, p[i] standing for "the float32 i bytes after p":
//
//	for c := range Planes {
//		w := W[4*(1+Side*Side)*c:]                     // the bias, and Side by Side taps row by row, of which KH by KW are used
//		for y := range Rows {
//			for x := range Cols {
//				s := w[0]
//				for i := range KH {
//					iy := y*S + i - Top
//					if iy < 0 || iy >= InRows { continue }
//					for j := range KW {
//						ix := x*S + j - Left
//						v := 0 or, where 0 <= ix < InCols, X[c*PlaneX+iy*RowX+4*ix]
//						s = fma(v, w[4+4*Side*i+4*j], s)
//					}
//				}
//				Y[c*PlaneY+y*RowY+4*x] = min(max(s, Lo), Hi)
//			}
//		}
//	}
//
// Rows of taps outside the InRows rows of X are left out; of columns outside, zeros are multiplied. Of X and Y the kernel touches
// nothing but what the loop names. NaN passes through the clamp.
//
// Planes*Rows*Cols*Side*Side must not exceed MaxWork, and a row of X 2^30 columns.
type DwPlaneArgs struct {
	X, W, Y        unsafe.Pointer
	Planes         int // at least 1
	PlaneX, PlaneY int // bytes between planes
	RowX, RowY     int // bytes between rows
	InRows, InCols int // of X, at least 1
	Top, Left      int // rows and columns of padding before X; of rows, fewer than 0: those that the first window begins after
	Rows, Cols     int // of Y, at least 1
	Lo, Hi         float32

	// Scratch of the kernels, not pointers to the collector: they run past the ends.
	//lint:ignore U1000 assembly uses it
	planeX, planeY, planeW, rowX, rowY uintptr
	//lint:ignore U1000 assembly uses it
	above int
	//lint:ignore U1000 assembly uses it
	vectors [14 * 8]float32 // weights and masks of kernels with few registers
}

// DwPlaneRow is a depthwise kernel that computes tiles of Height rows of Lanes pixels.
type DwPlaneRow struct {
	Row
	Height, Lanes int
	KH, KW        int // rows and columns of taps
	Stride        int // of rows and columns
	fn            func(*DwPlaneArgs)
}

// Side is the rows and the columns of taps that a plane has weights for.
func (r *DwPlaneRow) Side() int { return planeSide(r.KH) }

func planeSide(kh int) int { return max(3, kh) }

// Call runs the kernel.
//
//go:noinline
func (r *DwPlaneRow) Call(a *DwPlaneArgs) { r.fn(a) }

func dwplaneF32_1x3s1_generic(a *DwPlaneArgs) { a.planes(3, 3, 1) }

func dwplaneF32_1x3s2_generic(a *DwPlaneArgs) { a.planes(3, 3, 2) }

func dwplaneF32_1x3s3_generic(a *DwPlaneArgs) { a.planes(3, 3, 3) }

func dwplaneF32_1k1x3s1_generic(a *DwPlaneArgs) { a.planes(1, 3, 1) }

func dwplaneF32_1k3x1s1_generic(a *DwPlaneArgs) { a.planes(3, 1, 1) }

func dwplaneF32_1k2x2s1_generic(a *DwPlaneArgs) { a.planes(2, 2, 1) }

func dwplaneF32_1k5x5s2_generic(a *DwPlaneArgs) { a.planes(5, 5, 2) }

// planes is the portable kernel: output by output, row of taps by row of taps.
func (a *DwPlaneArgs) planes(kh, kw, stride int) {
	side := planeSide(kh)
	for c := range a.Planes {
		w := unsafe.Slice((*float32)(a.W), (c+1)*(1+side*side))[c*(1+side*side):]
		for y := range a.Rows {
			row := unsafe.Add(a.Y, c*a.PlaneY+y*a.RowY)
			i0 := max(0, a.Top-y*stride)
			i1 := min(kh, a.InRows+a.Top-y*stride)
			for x := range a.Cols {
				ix := x*stride - a.Left
				s := w[0]
				for i := i0; i < i1; i++ {
					in := c*a.PlaneX + (y*stride+i-a.Top)*a.RowX
					for j := range kw {
						s += a.column(in, ix+j) * w[1+side*i+j]
					}
				}
				if s < a.Lo {
					s = a.Lo
				}
				if s > a.Hi {
					s = a.Hi
				}
				*at(row, 4*x) = s
			}
		}
	}
}

// column is column x of the row of X that is in bytes from its beginning.
func (a *DwPlaneArgs) column(in, x int) float32 {
	if x < 0 || x >= a.InCols {
		return 0
	}
	return *at(a.X, in+4*x)
}
