package tensor

import "math"

// F16 holds the bits of an IEEE 754 binary16 number.
type F16 uint16

// BF16 holds the bits of a bfloat16 number: the upper half of a float32.
type BF16 uint16

// Float32 returns the number, which float32 holds exactly. A NaN stays a NaN.
func (h F16) Float32() float32 {
	b, sign := uint32(h&0x7fff)<<13, uint32(h)>>15<<31
	switch {
	case b < 1<<23: // zero or denormal: what it has more than 2^-14 with an exponent of that
		return math.Float32frombits(math.Float32bits(math.Float32frombits(b+113<<23)-0x1p-14) | sign)
	case b >= 31<<23:
		b += 112 << 23
	}
	return math.Float32frombits(b + 112<<23 | sign)
}

// ToF16 rounds to the nearest binary16 number, ties to even. What is too large becomes an infinity.
func ToF16(f float32) F16 {
	b := math.Float32bits(f)
	sign := F16(b >> 16 & 0x8000)
	switch b &= 0x7fffffff; {
	case b > 0xff<<23:
		return sign | 0x7e00
	case b >= 0x477ff000: // 65520: halfway from the largest number to the next
		return sign | 0x7c00
	case b < 0x38800000: // below 2^-14, a denormal: the sum with 1/2 is rounded to a multiple of 2^-24
		return sign | F16(math.Float32bits(math.Float32frombits(b)+0.5)-0x3f000000)
	}
	return sign | F16((b-(127-15)<<23+0xfff+b>>13&1)>>13)
}

// toF16 rounds once, from a number that float64 holds.
func toF16(f float64) F16 {
	sign := F16(math.Float64bits(f) >> 63 << 15)
	a := math.Abs(f)
	switch {
	case a != a:
		return sign | 0x7e00
	case a >= 65520: // halfway from the largest number to the next
		return sign | 0x7c00
	case a < 1.0/(1<<14): // denormal: a multiple of 2^-24
		return sign | F16(math.RoundToEven(a*(1<<24)))
	}
	frac, exp := math.Frexp(a)                       // frac in [1/2, 1)
	m := F16(math.RoundToEven(math.Ldexp(frac, 11))) // 1024 to 2048; 2048 carries into the exponent
	return sign | (F16(exp+13)<<10 + m)
}

// Float32 returns the number, which float32 holds exactly.
func (b BF16) Float32() float32 { return math.Float32frombits(uint32(b) << 16) }

// ToBF16 rounds to the nearest bfloat16 number, ties to even.
func ToBF16(f float32) BF16 {
	b := math.Float32bits(f)
	if f != f {
		return BF16(b>>16 | 0x40) // quiet: the lower half may have held all that made it a NaN
	}
	return BF16((b + 0x7fff + b>>16&1) >> 16)
}

// toOdd32 rounds to a float32 that a second rounding, to fewer bits, cannot tell from x: where x is no float32 the last bit
// is set (rounding to odd; Boldo and Melquiond, IEEE TC 57(4), 2008).
func toOdd32(x float64) float32 {
	f := float32(x)
	if float64(f) == x || x != x || math.IsInf(float64(f), 0) {
		return f
	}
	b := math.Float32bits(f)
	if math.Abs(float64(f)) > math.Abs(x) {
		b-- // towards zero
	}
	return math.Float32frombits(b | 1)
}
