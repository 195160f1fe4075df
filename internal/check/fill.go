package check

import (
	"math"
	"math/rand/v2"
)

func generator(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5eed)) }

// FillInts fills x with integers from -lim to lim. Sums of their products are exact, in any order, as
// long as they stay below 2^24.
func FillInts(x []float32, seed uint64, lim int) {
	r := generator(seed)
	for i := range x {
		x[i] = float32(r.IntN(2*lim+1) - lim)
	}
}

// FillRandom fills x with values from -1 to 1, all 24 bits of them random.
func FillRandom(x []float32, seed uint64) {
	r := generator(seed)
	for i := range x {
		x[i] = 2*r.Float32() - 1
	}
}

// FillNaN fills x with NaN: padding that must not be read, results that must all be written.
func FillNaN(x []float32) {
	nan := float32(math.NaN())
	for i := range x {
		x[i] = nan
	}
}

// FillSpecial is FillRandom with, in one of eight places, NaN, an infinity, a zero of either sign, a
// denormal or the smallest normal number.
func FillSpecial(x []float32, seed uint64) {
	r := generator(seed)
	for i := range x {
		x[i] = 2*r.Float32() - 1
		if r.IntN(8) == 0 {
			x[i] = special[r.IntN(len(special))]
		}
	}
}

var special = [...]float32{
	float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
	0, float32(math.Copysign(0, -1)),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32,
	0x1.fffffcp-127, -0x1.fffffcp-127, // the largest denormals
	0x1p-126, -0x1p-126,
}
