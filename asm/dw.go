package asm

import "unsafe"

// DwArgs are the arguments of a depthwise convolution kernel: channels lie in the lanes, each channel
// has its own window of NY by NX taps. In Go, for a row with Pixels P and Lanes L, and p[i] standing
// for "the float32 i bytes after p":
//
//	for p := range Tiles*P {
//		for c := range C {
//			w := W[c/L*LdW + c%L*4]
//			s := w[0]                                  // the bias
//			for y := range NY {
//				for x := range NX {
//					s = fma(X[p*PixX+y*RowX+x*ColX+4*c], w[WOff+y*RowW+x*ColW], s)
//				}
//			}
//			Y[p*PixY+4*c] = min(max(s, Lo), Hi)
//		}
//	}
//
// The weights are packed in blocks of L channels (DwPack): one vector of biases, then one vector per tap;
// the last block is filled up to L lanes, which the kernel may read. Of X and Y it touches nothing
// but what the loop names. Taps that fall into the padding are left out by the caller, who shrinks
// NY and NX and moves X and WOff; with no tap at all the result is the bias, and X is nil. NaN passes
// through the clamp.
//
// A row with Cols above 0 serves only NX = Cols and PixX = Stride*ColX: neighbouring pixels share columns
// of X, each is loaded once per row of taps. (With rows and columns exchanged in the strides it
// computes pixels that lie below each other.)
//
// Tiles*P*C*NY*NX must not exceed MaxWork.
type DwArgs struct {
	X, W, Y          unsafe.Pointer
	WOff             int // bytes from a block's biases to its first tap
	NY, NX           int // rows and columns of taps, at least 0
	RowX, ColX, PixX int // bytes between taps of a column, taps of a row, pixels
	RowW, ColW, LdW  int // bytes between taps of a column, taps of a row, blocks
	C, Tiles         int // at least 1
	PixY             int // bytes between pixels
	Lo, Hi           float32

	// Of kernels for groups only.
	Index   unsafe.Pointer // Lanes int32: which channel of a block of X is the first of a lane's group
	K       int            // channels of a group of X
	In, Out int            // channels of a block of X and of Y, 1 to Lanes

	// Scratch of the kernels, not pointers to the collector: they run past the ends.
	//lint:ignore U1000 assembly uses it
	tileX, tileY, blockY uintptr
	//lint:ignore U1000 assembly uses it
	tilesLeft, channels, stepX, stepW, rowW int
}

// DwRow is a depthwise kernel that computes tiles of Pixels pixels, Lanes channels at a time.
type DwRow struct {
	Row
	Pixels, Lanes int
	Cols, Stride  int // the only NX and PixX/ColX it serves; 0: any
	fn            func(*DwArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *DwRow) Call(a *DwArgs) { r.fn(a) }

// Serves reports whether the row applies to windows of nx columns that move by stride of them from
// pixel to pixel.
func (r *DwRow) Serves(nx, stride int) bool {
	return r.Cols == 0 || r.Cols == nx && r.Stride == stride
}

// DwPackLen is the number of float32 that DwPack fills for c channels of taps taps.
func DwPackLen(lanes, c, taps int) int { return (c + lanes - 1) / lanes * lanes * (taps + 1) }

// DwPack packs weights [c][taps] and the bias, which may be nil, in blocks of lanes channels: the
// biases, then tap after tap. The last block is filled up with zeros.
func DwPack(dst []float32, lanes, c, taps int, w, bias []float32) {
	clear(dst[:DwPackLen(lanes, c, taps)])
	for i := range c {
		block := dst[i/lanes*lanes*(taps+1)+i%lanes:]
		if bias != nil {
			block[0] = bias[i]
		}
		for t := range taps {
			block[(t+1)*lanes] = w[i*taps+t]
		}
	}
}

// dwF32_1xn_generic is the portable kernel: four channels of one pixel, their sums in scalars.
func dwF32_1xn_generic(a *DwArgs) {
	for p := range a.Tiles {
		for c := 0; c < a.C; c += 4 {
			x := p*a.PixX + 4*c // bytes from X, which without taps is nil
			w := unsafe.Add(a.W, c/4*a.LdW)
			y := unsafe.Add(a.Y, p*a.PixY+4*c)
			if n := a.C - c; n >= 4 {
				s0, s1, s2, s3 := a.dwQuad(x, w)
				*at(y, 0), *at(y, 4) = a.dwClamp(s0), a.dwClamp(s1)
				*at(y, 8), *at(y, 12) = a.dwClamp(s2), a.dwClamp(s3)
			} else {
				for i := range n {
					*at(y, 4*i) = a.dwClamp(a.dwOne(x+4*i, unsafe.Add(w, 4*i)))
				}
			}
		}
	}
}

func (a *DwArgs) dwQuad(x int, w unsafe.Pointer) (s0, s1, s2, s3 float32) {
	b := (*[4]float32)(w)
	s0, s1, s2, s3 = b[0], b[1], b[2], b[3]
	for i := range a.NY {
		for j := range a.NX {
			u := (*[4]float32)(unsafe.Add(a.X, x+i*a.RowX+j*a.ColX))
			v := (*[4]float32)(unsafe.Add(w, a.WOff+i*a.RowW+j*a.ColW))
			s0 += u[0] * v[0]
			s1 += u[1] * v[1]
			s2 += u[2] * v[2]
			s3 += u[3] * v[3]
		}
	}
	return s0, s1, s2, s3
}

func (a *DwArgs) dwOne(x int, w unsafe.Pointer) float32 {
	s := *at(w, 0)
	for i := range a.NY {
		for j := range a.NX {
			s += *at(a.X, x+i*a.RowX+j*a.ColX) * *at(w, a.WOff+i*a.RowW+j*a.ColW)
		}
	}
	return s
}

func (a *DwArgs) dwClamp(s float32) float32 {
	if s < a.Lo {
		s = a.Lo
	}
	if s > a.Hi {
		s = a.Hi
	}
	return s
}
