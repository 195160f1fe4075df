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
	Fixed                   // sums to bytes in fixed point, rows of them
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
//		case Fixed:      Y[i] = byte(min(max(rounded(A[i], B[i], Table[i])+ZeroY, Lo), Hi)) ^ FlipY // A, B and Table int32
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
// Fixed is the end of a sum in TensorFlow Lite's integer kernels: B[i] is a multiplier in units of 2^-31, at least 0, and Table[i] a power of two from -31 to 30. Every
// rounding is to nearest, ties upward in the product and away from zero in the shift to the right:
//
//	rounded := func(s, multiplier, shift int32) int32 {
//		p := int32((int64(s<<max(shift, 0))*int64(multiplier) + 1<<30) >> 31)
//		e := max(-shift, 0)
//		q, rest := p>>e, p&(1<<e-1)
//		if rest > (1<<e-1)>>1 + (1 if p < 0) { q++ }
//		return q
//	}
//
// Neither what is shifted to the left nor the sum with ZeroY may leave the integers of 32 bits. Fixed does the same Rows times, with A StepA and Y StepY bytes
// further each time: rows of channels, whose multipliers and shifts are the same. Rows*N is at most MaxElems.
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
	Rows                   int // of Fixed, at least 1
	StepA, StepY           int
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

func fixedU8_1_generic(a *QuantArgs) {
	for r := range a.Rows {
		for i := range a.N {
			s := *(*int32)(unsafe.Add(a.A, r*a.StepA+4*i))
			multiplier, shift := *(*int32)(unsafe.Add(a.B, 4*i)), *(*int32)(unsafe.Add(a.Table, 4*i))
			p := int32((int64(s<<max(shift, 0))*int64(multiplier) + 1<<30) >> 31)
			e := max(-shift, 0)
			mask := int32(1)<<e - 1
			middle := mask>>1 - p>>31
			q := p >> e
			if p&mask > middle {
				q++
			}
			*(*uint8)(unsafe.Add(a.Y, r*a.StepY+i)) = uint8(min(max(q+a.ZeroY, a.Lo), a.Hi)) ^ a.FlipY
		}
	}
}
