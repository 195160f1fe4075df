package asm

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// PoolU8Args are the arguments of a pooling kernel on bytes: PoolArgs for u8, or s8 whose top bit a flip turns over. In Go, with p[i] standing for "the
// byte i bytes after p":
//
//	for p := range Pixels {
//		for c := range C {
//			s := first                                  // 0, of averages Bias
//			for y := range NY {
//				for x := range NX {
//					s = reduce(s, int32(X[p*PixX+y*RowX+x*ColX+c] ^ FlipX))
//				}
//			}
//			if average { s = min(max(int32(roundToEven(float32(s)*Scale)) + Zero, Lo), Hi) }
//			Y[p*PixY+c] = byte(s) ^ FlipY
//		}
//	}
//
// reduce is + in the avgpool kernels and the maximum in the maxpool kernels. Flips are 0 where bytes are u8, and 0x80 where they are s8, which makes them
// u8 that are 128 more, as Zero, Lo and Hi must be then; Bias is what the zero point of X takes off the sum. |s*Scale| must stay below 2^31.
// Taps that fall into the padding are left out by the caller, who shrinks NY and NX and moves X. The kernel touches nothing but what the loop
// names. Y may be X itself with taps that lie ahead.
//
// Pixels*C*NY*NX must not exceed MaxWork.
type PoolU8Args struct {
	X, Y             unsafe.Pointer
	NY, NX           int // rows and columns of taps, at least 1
	RowX, ColX, PixX int // bytes between taps of a column, taps of a row, pixels
	C, Pixels        int // at least 1
	PixY             int // bytes between pixels

	// Of averages.
	Bias         int32
	Scale        float32
	Zero, Lo, Hi int32
	FlipX, FlipY uint8
}

// PoolU8Row is a pooling kernel on bytes.
type PoolU8Row struct {
	Row
	fn func(*PoolU8Args)
}

// Call runs the kernel.
//
//go:noinline
func (r *PoolU8Row) Call(a *PoolU8Args) { r.fn(a) }

// maxpoolU8_8_generic takes eight channels at a time, in one word of 64 bits.
func maxpoolU8_8_generic(a *PoolU8Args) {
	flip := uint64(a.FlipX) * 0x0101010101010101
	for p := range a.Pixels {
		c := 0
		for ; c+8 <= a.C; c += 8 {
			var s uint64
			for i := range a.NY {
				x := p*a.PixX + i*a.RowX + c
				for range a.NX {
					s = max8(s, binary.NativeEndian.Uint64((*[8]uint8)(unsafe.Add(a.X, x))[:])^flip)
					x += a.ColX
				}
			}
			binary.NativeEndian.PutUint64((*[8]uint8)(unsafe.Add(a.Y, p*a.PixY+c))[:], s^uint64(a.FlipY)*0x0101010101010101)
		}
		for ; c < a.C; c++ {
			x := p*a.PixX + c
			var s uint8
			for i := range a.NY {
				for j := range a.NX {
					s = max(s, *(*uint8)(unsafe.Add(a.X, x+i*a.RowX+j*a.ColX))^a.FlipX)
				}
			}
			*(*uint8)(unsafe.Add(a.Y, p*a.PixY+c)) = s ^ a.FlipY
		}
	}
}

// max8 is the maximum of each of eight bytes. Subtracting the lower 7 bits of y from those of x with a bit above them says which are larger; where the top bits
// differ they decide.
func max8(x, y uint64) uint64 {
	const top = 0x8080808080808080
	ge := (x | top) - (y &^ top) // top bits: the lower 7 of x are not less
	ge = (x&^y | ^(x^y)&ge) & top
	all := ge<<1 - ge>>7 // 255 where x is not less
	return y ^ (x^y)&all
}

func avgpoolU8_1_generic(a *PoolU8Args) {
	for p := range a.Pixels {
		for c := range a.C {
			x := p*a.PixX + c
			s := a.Bias
			for i := range a.NY {
				for j := range a.NX {
					s += int32(*(*uint8)(unsafe.Add(a.X, x+i*a.RowX+j*a.ColX)) ^ a.FlipX)
				}
			}
			q := int32(math.RoundToEven(float64(float32(s)*a.Scale))) + a.Zero
			*(*uint8)(unsafe.Add(a.Y, p*a.PixY+c)) = uint8(min(max(q, a.Lo), a.Hi)) ^ a.FlipY
		}
	}
}
