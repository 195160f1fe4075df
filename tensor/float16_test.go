package tensor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestF16 converts every number of 16 bits, every number halfway between two and those beside it, and a sweep of others: the rounding of numbers of 64 bits and
// the definition say what is right.
func TestF16(t *testing.T) {
	value := func(h F16) float64 {
		sign := 1 - 2*float64(h>>15)
		e, frac := int(h>>10&31), float64(h&1023)
		switch {
		case e == 31 && frac != 0:
			return math.NaN()
		case e == 31:
			return math.Inf(int(sign))
		case e == 0:
			return math.Copysign(math.Ldexp(frac, -24), sign)
		}
		return sign * math.Ldexp(1024+frac, e-25)
	}
	same := func(h F16, f float32) {
		want := toF16(float64(f))
		require.Equal(t, want, ToF16(f), "%v", f)
		if f == f {
			require.Equal(t, h, want)
		}
	}
	for i := range 1 << 16 {
		h := F16(i)
		f := h.Float32()
		require.True(t, f != f || math.Float64bits(value(h)) == math.Float64bits(float64(f)), "%#x", i)
		require.Equal(t, f != f, value(h) != value(h))
		if f != f || math.IsInf(float64(f), 0) {
			continue
		}
		same(h, f)
		next := value(h + 1) // farther from 0
		if math.IsInf(next, 0) {
			next = math.Copysign(65536, next)
		}
		half := float32((float64(f) + next) / 2)
		for _, v := range []float32{half, math.Nextafter32(half, 0), math.Nextafter32(half, half*4)} {
			require.Equal(t, toF16(float64(v)), ToF16(v), "%v", v)
		}
	}
	for b := uint64(0); b < 1<<32; b += 30011 {
		v := math.Float32frombits(uint32(b))
		require.Equal(t, toF16(float64(v)), ToF16(v), "%v", v)
	}
}

func BenchmarkF16(b *testing.B) {
	x, y := make([]F16, 4096), make([]float32, 4096)
	for i := range x {
		x[i] = ToF16(float32(i%64) / 7)
	}
	b.Run("widen", func(b *testing.B) {
		for b.Loop() {
			for i, v := range x {
				y[i] = v.Float32()
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/elem")
	})
	b.Run("round", func(b *testing.B) {
		for b.Loop() {
			for i, v := range y {
				x[i] = ToF16(v)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/elem")
	})
}
