package elem

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
)

// Scaling says what bytes stand for: Scale (byte - Zero), where the bytes are uint8, or int8 if they are Signed.
type Scaling struct {
	Signed bool
	Scale  float32
	Zero   int
}

// shift is what is added to a byte, its zero point and its bounds to have them as uint8, and flip how that is done to the byte.
func (s *Scaling) shift() (shift int, flip uint8) {
	if s.Signed {
		return 128, 128
	}
	return 0, 0
}

func bytePtr(x []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }

// to sets how results become bytes from lo to hi.
func (w *Worker) to(y *Scaling, lo, hi int) {
	shift, flip := y.shift()
	a := &w.quant
	a.ScaleY, a.ZeroY, a.FlipY = y.Scale, int32(y.Zero+shift), flip
	a.Lo, a.Hi = int32(lo+shift), int32(hi+shift)
}

// Quantize sets dst to bytes from lo to hi that stand for src: rounded to nearest, ties to even.
func (w *Worker) Quantize(s *asm.Set, y *Scaling, lo, hi int, dst []byte, src []float32) {
	if len(dst) != len(src) {
		panic("elem: Quantize: len(dst) differs from len(src)")
	}
	a := &w.quant
	w.to(y, lo, hi)
	for len(src) > 0 {
		n := min(len(src), asm.MaxElems)
		a.A, a.Y, a.N = ptr(src), bytePtr(dst), n
		s.Quant[asm.Quantize].Call(a)
		src, dst = src[n:], dst[n:]
	}
	a.A, a.Y = nil, nil
}

// Dequantize sets dst to what the bytes src stand for.
func (w *Worker) Dequantize(s *asm.Set, x *Scaling, dst []float32, src []byte) {
	if len(dst) != len(src) {
		panic("elem: Dequantize: len(dst) differs from len(src)")
	}
	a := &w.quant
	shift, flip := x.shift()
	a.ScaleA, a.ZeroA, a.FlipA = x.Scale, int32(x.Zero+shift), flip
	for len(src) > 0 {
		n := min(len(src), asm.MaxElems)
		a.A, a.Y, a.N = bytePtr(src), ptr(dst), n
		s.Quant[asm.Dequantize].Call(a)
		src, dst = src[n:], dst[n:]
	}
	a.A, a.Y = nil, nil
}

// QuantAdd sets dst to bytes from lo to hi that stand for the sums of what x and z stand for.
func (w *Worker) QuantAdd(s *asm.Set, xs, zs, y *Scaling, lo, hi int, dst, x, z []byte) {
	if len(dst) != len(x) || len(dst) != len(z) {
		panic("elem: QuantAdd: len(dst) differs from len(x) or len(z)")
	}
	a := &w.quant
	w.to(y, lo, hi)
	shift, flip := xs.shift()
	a.ScaleA, a.ZeroA, a.FlipA = xs.Scale, int32(xs.Zero+shift), flip
	shift, flip = zs.shift()
	a.ScaleB, a.ZeroB, a.FlipB = zs.Scale, int32(zs.Zero+shift), flip
	for len(dst) > 0 {
		n := min(len(dst), asm.MaxElems)
		a.A, a.B, a.Y, a.N = bytePtr(x), bytePtr(z), bytePtr(dst), n
		s.Quant[asm.QuantAdd].Call(a)
		x, z, dst = x[n:], z[n:], dst[n:]
	}
	a.A, a.B, a.Y = nil, nil, nil
}

// Lookup sets dst[i] = table[src[i]].
func (w *Worker) Lookup(s *asm.Set, table *[256]byte, dst, src []byte) {
	if len(dst) != len(src) {
		panic("elem: Lookup: len(dst) differs from len(src)")
	}
	a := &w.quant
	for len(src) > 0 {
		n := min(len(src), asm.MaxElems)
		a.A, a.Y, a.Table, a.N = bytePtr(src), bytePtr(dst), unsafe.Pointer(table), n
		s.Quant[asm.Lookup].Call(a)
		src, dst = src[n:], dst[n:]
	}
	a.A, a.Y, a.Table = nil, nil, nil
}

// Narrow sets dst to src rounded to bfloat16, to nearest, ties to even; a NaN stays one.
func (w *Worker) Narrow(s *asm.Set, dst []uint16, src []float32) {
	if len(dst) != len(src) {
		panic("elem: Narrow: len(dst) differs from len(src)")
	}
	a := &w.quant
	for len(src) > 0 {
		n := min(len(src), asm.MaxElems)
		a.A, a.Y, a.N = ptr(src), unsafe.Pointer(unsafe.SliceData(dst)), n
		s.Quant[asm.Narrow].Call(a)
		src, dst = src[n:], dst[n:]
	}
	a.A, a.Y = nil, nil
}

// Widen sets dst to the numbers of src, which are bfloat16.
func (w *Worker) Widen(s *asm.Set, dst []float32, src []uint16) {
	if len(dst) != len(src) {
		panic("elem: Widen: len(dst) differs from len(src)")
	}
	a := &w.quant
	for len(src) > 0 {
		n := min(len(src), asm.MaxElems)
		a.A, a.Y, a.N = unsafe.Pointer(unsafe.SliceData(src)), ptr(dst), n
		s.Quant[asm.Widen].Call(a)
		src, dst = src[n:], dst[n:]
	}
	a.A, a.Y = nil, nil
}

// Fixed sets rows of n elements of dst to bytes from lo to hi: sums times multipliers 2^(shift-31), rounded as asm.Fixed has it, one for each place in a row, plus the zero
// point of y. Rows lie ldDst and ldSums elements apart; there may be asm.MaxElems elements in all.
func (w *Worker) Fixed(s *asm.Set, y *Scaling, lo, hi int, dst []byte, ldDst int, sums []int32, ldSums int, multiplier, shift []int32, rows int) {
	n := len(multiplier)
	if rows < 1 || n < 1 || rows*n > asm.MaxElems || len(shift) != n || len(dst) < (rows-1)*ldDst+n || len(sums) < (rows-1)*ldSums+n {
		panic("elem: Fixed: len(dst), len(sums) or len(shift) does not suit the rows")
	}
	a := &w.quant
	w.to(y, lo, hi)
	a.A, a.B, a.Table, a.Y = unsafe.Pointer(&sums[0]), unsafe.Pointer(&multiplier[0]), unsafe.Pointer(&shift[0]), bytePtr(dst)
	a.N, a.Rows, a.StepA, a.StepY = n, rows, 4*ldSums, ldDst
	s.Quant[asm.Fixed].Call(a)
	a.A, a.B, a.Table, a.Y = nil, nil, nil, nil
}
