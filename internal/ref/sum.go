package ref

import "math"

// Sum is a sum in twice the precision of float64: what float64 kernels are compared with. Its zero value is 0.
//
// The two halves are kept as T. J. Dekker does it, "A floating-point technique for extending the available precision",
// Numerische Mathematik 18, 1971. NaN and infinities are as in a float64 sum.
type Sum struct{ hi, lo float64 }

// Add adds x.
func (s *Sum) Add(x float64) {
	h := s.hi + x
	v := h - s.hi
	s.lo += (s.hi - (h - v)) + (x - v)
	s.hi = h
}

// AddProduct adds x*y.
func (s *Sum) AddProduct(x, y float64) {
	p := float64(x * y) // the conversion keeps it from being fused with the sum
	s.Add(p)
	s.lo += math.FMA(x, y, -p)
}

// Scale multiplies by x.
func (s *Sum) Scale(x float64) {
	p := float64(s.hi * x)
	s.hi, s.lo = p, math.FMA(s.hi, x, -p)+s.lo*x
}

// Value is the sum, rounded.
func (s *Sum) Value() float64 {
	if math.IsInf(s.hi, 0) || math.IsNaN(s.hi) {
		return s.hi
	}
	return s.hi + s.lo
}
