package asm

import (
	"math"
	"unsafe"
)

// Quant is a function of bytes that stand for numbers, scale·(byte - zero point), or of bfloat16, applied element by element.
type Quant uint8

// The functions, as QuantArgs has them.
const (
	Quantize   Quant = iota // float32 to bytes: ONNX's QuantizeLinear
	Dequantize              // bytes to float32: DequantizeLinear
	QuantAdd                // the sum of two, in another scale
	Lookup                  // any function of one byte, as a table
	Narrow                  // float32 to bfloat16
	Widen                   // bfloat16 to float32
	NumQuant
)

// QuantArgs are the arguments of the kernels for quantised numbers, element by element:
//
//	for i := range N {
//		a := float32(int32(A[i]^FlipA) - ZeroA)         // a byte
//		b := float32(int32(B[i]^FlipB) - ZeroB)
//		switch function {
//		case Quantize:   Y[i] = end(float32(A[i]) / ScaleY)      // A float32
//		case Dequantize: Y[i] = a * ScaleA                       // Y float32
//		case QuantAdd:   Y[i] = end((a*ScaleA + b*ScaleB) / ScaleY)
//		case Lookup:     Y[i] = Table[A[i]]                      // a byte
//		case Narrow:     Y[i] = bfloat16(A[i])                   // A float32, rounded to nearest even; NaN stays, quiet
//		case Widen:      Y[i] = float32(A[i])                    // A bfloat16
//		}
//	}
//	end := func(v float32) byte {
//		v = min(max(v, float32(Lo-ZeroY)), float32(Hi-ZeroY))   // NaN: Lo
//		return byte(int32(roundToEven(v))+ZeroY) ^ FlipY
//	}
//
// Every operation rounds to float32 by itself, as ONNX's operators are defined: all rows give the same bits. A flip is 0 where bytes are u8. Where
// they are s8 it is 0x80, which makes them u8 that are 128 more, and so must be their zero point, Lo and Hi. All of these lie between 0 and 255,
// and Lo <= Hi.
//
// Y may equal A or B where elements have the same size, but must not overlap them otherwise. Table has 256 bytes. N is 0 to MaxElems.
type QuantArgs struct {
	A, B, Y                unsafe.Pointer
	N                      int
	ScaleA, ScaleB, ScaleY float32
	ZeroA, ZeroB, ZeroY    int32
	Lo, Hi                 int32
	FlipA, FlipB, FlipY    uint8
	Table                  unsafe.Pointer
}

// QuantRow is a kernel for one function of quantised numbers.
type QuantRow struct {
	Row
	Op Quant
	fn func(*QuantArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *QuantRow) Call(a *QuantArgs) { r.fn(a) }

func (r *QuantRow) op() int { return int(r.Op) }

// end rounds, limits and stores a result.
func (a *QuantArgs) end(i int, v float32) {
	lo, hi := float32(a.Lo-a.ZeroY), float32(a.Hi-a.ZeroY)
	if !(v > lo) { // or NaN
		v = lo
	}
	if v > hi {
		v = hi
	}
	*(*uint8)(unsafe.Add(a.Y, i)) = uint8(int32(math.RoundToEven(float64(v)))+a.ZeroY) ^ a.FlipY
}

func (a *QuantArgs) a(i int) float32 {
	return float32(int32(*(*uint8)(unsafe.Add(a.A, i))^a.FlipA) - a.ZeroA)
}

func quantizeU8_1_generic(a *QuantArgs) {
	for i := range a.N {
		a.end(i, *at(a.A, 4*i)/a.ScaleY)
	}
}

func dequantizeU8_1_generic(a *QuantArgs) {
	for i := range a.N {
		*at(a.Y, 4*i) = a.a(i) * a.ScaleA
	}
}

func addU8_1_generic(a *QuantArgs) {
	for i := range a.N {
		b := float32(int32(*(*uint8)(unsafe.Add(a.B, i))^a.FlipB) - a.ZeroB)
		x, y := float32(a.a(i)*a.ScaleA), float32(b*a.ScaleB) // conversions keep the compiler from fusing them with the sum
		a.end(i, (x+y)/a.ScaleY)
	}
}

func lookupU8_1_generic(a *QuantArgs) {
	table := (*[256]uint8)(a.Table)
	for i := range a.N {
		*(*uint8)(unsafe.Add(a.Y, i)) = table[*(*uint8)(unsafe.Add(a.A, i))]
	}
}
