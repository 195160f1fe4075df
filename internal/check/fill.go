package check

import (
	"math"
	"math/rand/v2"
	"unsafe"
)

func generator(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5eed)) }

// FillInts fills x with integers from -lim to lim. Sums of their products are exact, in any order, as
// long as they stay below 2^24.
func FillInts[T Float](x []T, seed uint64, lim int) {
	r := generator(seed)
	for i := range x {
		x[i] = T(r.IntN(2*lim+1) - lim)
	}
}

// FillRandom fills x with values from -1 to 1, all 24 or 53 bits of them random.
func FillRandom[T Float](x []T, seed uint64) {
	r := generator(seed)
	for i := range x {
		x[i] = 2*unit[T](r) - 1
	}
}

// FillNaN fills x with NaN: padding that must not be read, results that must all be written.
func FillNaN[T Float](x []T) {
	nan := T(math.NaN())
	for i := range x {
		x[i] = nan
	}
}

// FillSpecial is FillRandom with, in one of eight places, NaN, an infinity, a zero of either sign, a
// denormal or the smallest normal number.
func FillSpecial[T Float](x []T, seed uint64) {
	r := generator(seed)
	for i := range x {
		x[i] = 2*unit[T](r) - 1
		if r.IntN(8) != 0 {
			continue
		}
		if n := r.IntN(len(special)); unsafe.Sizeof(T(0)) == 8 {
			x[i] = T(special64[n])
		} else {
			x[i] = T(special[n])
		}
	}
}

// unit is a number from 0 to 1.
func unit[T Float](r *rand.Rand) T {
	if unsafe.Sizeof(T(0)) == 8 {
		return T(r.Float64())
	}
	return T(r.Float32())
}

var special = [...]float32{
	float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
	0, float32(math.Copysign(0, -1)),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32,
	0x1.fffffcp-127, -0x1.fffffcp-127, // the largest denormals
	0x1p-126, -0x1p-126,
}

var special64 = [len(special)]float64{
	math.NaN(), math.Inf(1), math.Inf(-1),
	0, math.Copysign(0, -1),
	math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64,
	0x1.ffffffffffffep-1023, -0x1.ffffffffffffep-1023, // the largest denormals
	0x1p-1022, -0x1p-1022,
}
