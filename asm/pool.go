package asm

import (
	"math"
	"unsafe"
)

// PoolArgs are the arguments of a pooling kernel: channels lie in the lanes, and each pixel reduces
// NY by NX taps. In Go, for a row with Pixels P, and p[i] standing for "the float32 i bytes after p":
//
//	for p := range Tiles*P {
//		for c := range C {
//			s := first                                  // 0, of maxima -Inf
//			if Flags&PoolAccumulate != 0 { s = Y[p*PixY+4*c] }
//			for y := range NY {
//				for x := range NX {
//					s = reduce(s, X[p*PixX+y*RowX+x*ColX+4*c])
//				}
//			}
//			Y[p*PixY+4*c] = s                           // of averages s*Scale
//		}
//	}
//
// reduce is + in the avgpool kernels and the maximum in the maxpool kernels, where NaN wins. Taps
// that fall into the padding are left out by the caller, who shrinks NY and NX and moves X; with no tap at all X is nil.
// The kernel touches nothing but what the loop names. Y may be X itself with taps that lie ahead: they are read
// before what comes after them is written. A row of memory is one pixel of many channels: that is
// how planes are reduced along their columns. Rows with KH and KW are for windows of that size alone,
// and accumulate at the end; those that slide are for windows a column apart alone.
//
// Tiles*P*C*NY*NX must not exceed MaxWork.
type PoolArgs struct {
	X, Y             unsafe.Pointer
	NY, NX           int // rows and columns of taps, at least 0
	RowX, ColX, PixX int // bytes between taps of a column, taps of a row, pixels
	C, Tiles         int // at least 1
	PixY             int // bytes between pixels
	Flags            int
	Scale            float32

	// Scratch of the kernels, not pointers to the collector: they run past the ends.
	//lint:ignore U1000 assembly uses it
	tileX, tileY uintptr
	//lint:ignore U1000 assembly uses it
	tilesLeft int
}

// Flags of PoolArgs.
const (
	PoolAccumulate = 1 << iota // start from Y: a window in parts
)

// PoolRow is a pooling kernel that computes tiles of Pixels pixels, Lanes channels at a time.
type PoolRow struct {
	Row
	Pixels, Lanes int
	KH, KW        int  // what NY and NX must be; 0: anything
	Slides        bool // PixX must be ColX, and PoolAccumulate not set
	fn            func(*PoolArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *PoolRow) Call(a *PoolArgs) { r.fn(a) }

// The portable kernels: four channels of one pixel, their results in scalars.

func maxpoolF32_1x4_generic(a *PoolArgs) {
	negInf := float32(math.Inf(-1))
	for p := range a.Tiles {
		c := 0
		for ; c+4 <= a.C; c += 4 {
			x := p*a.PixX + 4*c // bytes from X, which without taps is nil
			y := (*[4]float32)(unsafe.Add(a.Y, p*a.PixY+4*c))
			s0, s1, s2, s3 := negInf, negInf, negInf, negInf
			if a.Flags&PoolAccumulate != 0 {
				s0, s1, s2, s3 = y[0], y[1], y[2], y[3]
			}
			for i := range a.NY {
				for j := range a.NX {
					u := (*[4]float32)(unsafe.Add(a.X, x+i*a.RowX+j*a.ColX))
					s0, s1, s2, s3 = maxNaN(s0, u[0]), maxNaN(s1, u[1]), maxNaN(s2, u[2]), maxNaN(s3, u[3])
				}
			}
			*y = [4]float32{s0, s1, s2, s3}
		}
		for ; c < a.C; c++ {
			x := p*a.PixX + 4*c // bytes from X, which without taps is nil
			y := at(a.Y, p*a.PixY+4*c)
			s := negInf
			if a.Flags&PoolAccumulate != 0 {
				s = *y
			}
			for i := range a.NY {
				for j := range a.NX {
					s = maxNaN(s, *at(a.X, x+i*a.RowX+j*a.ColX))
				}
			}
			*y = s
		}
	}
}

// maxNaN is the maximum; a NaN in s or in x wins.
func maxNaN(s, x float32) float32 {
	if x > s || x != x {
		return x
	}
	return s
}

func avgpoolF32_1x4_generic(a *PoolArgs) {
	for p := range a.Tiles {
		c := 0
		for ; c+4 <= a.C; c += 4 {
			x := p*a.PixX + 4*c // bytes from X, which without taps is nil
			y := (*[4]float32)(unsafe.Add(a.Y, p*a.PixY+4*c))
			var s0, s1, s2, s3 float32
			if a.Flags&PoolAccumulate != 0 {
				s0, s1, s2, s3 = y[0], y[1], y[2], y[3]
			}
			for i := range a.NY {
				for j := range a.NX {
					u := (*[4]float32)(unsafe.Add(a.X, x+i*a.RowX+j*a.ColX))
					s0 += u[0]
					s1 += u[1]
					s2 += u[2]
					s3 += u[3]
				}
			}
			*y = [4]float32{s0 * a.Scale, s1 * a.Scale, s2 * a.Scale, s3 * a.Scale}
		}
		for ; c < a.C; c++ {
			x := p*a.PixX + 4*c // bytes from X, which without taps is nil
			y := at(a.Y, p*a.PixY+4*c)
			var s float32
			if a.Flags&PoolAccumulate != 0 {
				s = *y
			}
			for i := range a.NY {
				for j := range a.NX {
					s += *at(a.X, x+i*a.RowX+j*a.ColX)
				}
			}
			*y = s * a.Scale
		}
	}
}
