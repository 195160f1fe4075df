package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLog32 goes over all exponents and many mantissas: the error stays at half a unit in the last place, and a little.
func TestLog32(t *testing.T) {
	for _, v := range []float32{0, float32(math.Copysign(0, -1)), -1, 1, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 1e-45, 1e-40, 0x1p-126, math.MaxFloat32} {
		want := float32(math.Log(float64(v)))
		require.Equal(t, math.Float32bits(want), math.Float32bits(log32(v)), "of %v", v)
	}
	worst := 0.0
	step := uint32(997)
	if testing.Short() {
		step = 99991
	}
	for b := uint32(0x00800000); b < 0x7f800000; b += step {
		v := math.Float32frombits(b)
		want := math.Log(float64(v))
		if want == 0 {
			continue
		}
		_, e := math.Frexp(want)
		worst = max(worst, math.Abs(float64(log32(v))-want)/math.Ldexp(1, e-24))
	}
	for b := math.Float32bits(0.7); b < math.Float32bits(1.5); b += 3 * step / 997 { // where it goes through 0
		v := math.Float32frombits(b)
		want := math.Log(float64(v))
		_, e := math.Frexp(want)
		if want != 0 {
			worst = max(worst, math.Abs(float64(log32(v))-want)/math.Ldexp(1, e-24))
		}
	}
	t.Logf("%.4f units", worst)
	require.Less(t, worst, 0.51)
}
