package asm

import (
	"math"
	"unsafe"
)

// DwU8Args are the arguments of a depthwise convolution kernel on bytes: activations u8 or s8, weights s8, exact sums of 32 bits. In Go,
// with p[i] standing for "the byte i bytes after p", and w, bias and scale for what Pack was given:
//
//	for p := range Pixels {
//		for c := range C {
//			s := bias[c]
//			for y := range NY {
//				for x := range NX {
//					s += int32(X[p*PixX+y*RowX+x*ColX+c]^FlipX) * int32(w[c][y][x])
//				}
//			}
//			Y[p*PixY+c] = byte(min(max(int32(roundToEven(float32(s)*scale[c])) + Zero, Lo), Hi)) ^ FlipY
//		}
//	}
//
// Flips are 0 where bytes are u8, and 0x80 where they are s8, which makes them u8 that are 128 more, as Zero, Lo and Hi must be then; the bias is
// what the layer adds less (zero point of X, with its flip) times the sum of the channel's weights. All taps are summed: where the window
// hangs over the border, X has zero points there. |s*scale| must stay below 2^31. Of X and Y the kernel touches nothing but what the loop names.
//
// A row with KH and KW above 0 serves only windows of that size with PixX = Stride*ColX. (With rows and columns exchanged in the strides and in the
// weights it computes pixels that lie below each other.) It heeds Left and Right, which are 0 or 1: the first column of taps of the first pixel, and the
// last one of the last pixel, are Border in place of what X has (with its flip), and are not read. With Left X is where the second column of the first
// pixel begins, so that for x in the loop stands x-Left.
//
// Pixels*C*NY*NX must not exceed MaxWork.
type DwU8Args struct {
	X, W, Y          unsafe.Pointer
	NY, NX           int // rows and columns of taps, at least 1
	RowX, ColX, PixX int // bytes between taps of a column, taps of a row, pixels
	C, Pixels        int // at least 1
	PixY             int // bytes between pixels
	Zero, Lo, Hi     int32
	FlipX, FlipY     uint8
	Border           uint8
	Left, Right      int

	// Scratch of the kernels.
	//lint:ignore U1000 assembly uses it
	flipsX, flipsY uint32 // flips in every byte
	//lint:ignore U1000 assembly uses it
	blockX, blockY uintptr // not pointers to the collector: they run past the ends
	//lint:ignore U1000 assembly uses it
	pixelsLeft, channels int
}

// DwU8Row is a depthwise kernel on bytes, for blocks of Block channels.
type DwU8Row struct {
	Row
	Block          int
	Tap            int // bytes of a packed weight, in rows for any window whose Block is above 1
	KH, KW, Stride int // the only NY, NX and PixX/ColX it serves; 0: any
	fn             func(*DwU8Args)
}

// Call runs the kernel.
//
//go:noinline
func (r *DwU8Row) Call(a *DwU8Args) { r.fn(a) }

// Serves reports whether the row applies to windows of ny rows and nx columns that move by stride of them from pixel to pixel.
func (r *DwU8Row) Serves(ny, nx, stride int) bool {
	return r.KH == 0 || r.KH == ny && r.KW == nx && r.Stride == stride
}

// PackLen is the number of bytes that Pack fills for c channels.
func (r *DwU8Row) PackLen(c, ny, nx int) int { return (c + r.Block - 1) / r.Block * r.blockLen(ny, nx) }

// blockLen is the length of what belongs to a block of channels. Of the portable row that is bias, scale and taps of one channel. Of rows for any window it
// is vectors of 32 bits, biases and scales, and tap after tap, in Tap bytes each. Of the others it is, for each column of taps, four vectors of four bytes a channel,
// the weights of the rows and zeros; then four vectors of biases and four of scales.
func (r *DwU8Row) blockLen(ny, nx int) int {
	switch {
	case r.Block == 1:
		return 8 + (ny*nx+3)/4*4
	case r.KH == 0:
		return r.Block * (r.Tap*ny*nx + 8)
	}
	return 4 * r.Block * (nx + 2)
}

// place is where channel c of a block has its four bytes in four vectors: interleaving bytes, then pairs of them, within 128 bits leaves it there.
func (r *DwU8Row) place(c int) int {
	return 4 * (c%16/4*(r.Block/4) + c/16*4 + c%4)
}

// Pack packs weights [c][ny][nx], biases and scales [c] for the row. What it fills up is zeros.
func (r *DwU8Row) Pack(dst []byte, c, ny, nx int, w []int8, bias []int32, scale []float32) {
	clear(dst[:r.PackLen(c, ny, nx)])
	put := func(at int, v uint32) { *(*uint32)(unsafe.Pointer(&dst[at : at+4][0])) = v }
	for i := range c {
		block := i / r.Block * r.blockLen(ny, nx)
		taps := w[i*ny*nx:][:ny*nx]
		if r.Block == 1 {
			put(block, uint32(bias[i]))
			put(block+4, math.Float32bits(scale[i]))
			for t, v := range taps {
				dst[block+8+t] = byte(v)
			}
			continue
		}
		if r.KH == 0 {
			at := block + 4*(i%r.Block)
			put(at, uint32(bias[i]))
			put(at+4*r.Block, math.Float32bits(scale[i]))
			for t, v := range taps {
				tap := block + 8*r.Block + r.Tap*(r.Block*t+i%r.Block)
				*(*int16)(unsafe.Pointer(&dst[tap : tap+2][0])) = int16(v) // and zeros in what is wider
			}
			continue
		}
		at := block + r.place(i%r.Block)
		for y := range ny {
			for x := range nx {
				dst[at+4*r.Block*x+y] = byte(taps[y*nx+x])
			}
		}
		put(at+4*r.Block*nx, uint32(bias[i]))
		put(at+4*r.Block*(nx+1), math.Float32bits(scale[i]))
	}
}

// dwU8_1xn_generic is the portable kernel: four channels of one pixel, their sums in scalars, then single ones.
func dwU8_1xn_generic(a *DwU8Args) {
	step := 8 + (a.NY*a.NX+3)/4*4
	for p := range a.Pixels {
		c := 0
		for ; c+4 <= a.C; c += 4 {
			w0 := unsafe.Add(a.W, c*step)
			w1, w2, w3 := unsafe.Add(w0, step), unsafe.Add(w0, 2*step), unsafe.Add(w0, 3*step)
			s0, s1, s2, s3 := *(*int32)(w0), *(*int32)(w1), *(*int32)(w2), *(*int32)(w3)
			t := 8
			for y := range a.NY {
				x := p*a.PixX + y*a.RowX + c
				for range a.NX {
					u := (*[4]uint8)(unsafe.Add(a.X, x))
					s0 += int32(u[0]^a.FlipX) * int32(*(*int8)(unsafe.Add(w0, t)))
					s1 += int32(u[1]^a.FlipX) * int32(*(*int8)(unsafe.Add(w1, t)))
					s2 += int32(u[2]^a.FlipX) * int32(*(*int8)(unsafe.Add(w2, t)))
					s3 += int32(u[3]^a.FlipX) * int32(*(*int8)(unsafe.Add(w3, t)))
					x += a.ColX
					t++
				}
			}
			*(*[4]uint8)(unsafe.Add(a.Y, p*a.PixY+c)) = [4]uint8{a.end(s0, w0), a.end(s1, w1), a.end(s2, w2), a.end(s3, w3)}
		}
		for ; c < a.C; c++ {
			w := unsafe.Add(a.W, c*step)
			s := *(*int32)(w)
			for y := range a.NY {
				for x := range a.NX {
					v := *(*uint8)(unsafe.Add(a.X, p*a.PixX+y*a.RowX+x*a.ColX+c)) ^ a.FlipX
					s += int32(v) * int32(*(*int8)(unsafe.Add(w, 8+y*a.NX+x)))
				}
			}
			*(*uint8)(unsafe.Add(a.Y, p*a.PixY+c)) = a.end(s, w)
		}
	}
}

// end scales a sum of the channel whose scale w has, rounds and limits it.
func (a *DwU8Args) end(s int32, w unsafe.Pointer) uint8 {
	q := int32(math.RoundToEven(float64(float32(s)**at(w, 4)))) + a.Zero
	return uint8(min(max(q, a.Lo), a.Hi)) ^ a.FlipY
}
