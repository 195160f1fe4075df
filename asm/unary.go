package asm

import (
	"fmt"
	"math"
	"unsafe"
)

// Unary is a function of one float32, applied element by element.
type Unary uint8

// The functions. A and B are the parameters of UnaryArgs; functions that name none ignore them. The last
// column is the largest error of any kernel, in units in the last place (of a float32, at the true
// value), as tests hold all kernels to it by a sweep over all exponents.
//
//	             f(x)                                              error
//	ReLU         max(x, 0)                                         0
//	Clamp        min(max(x, A), B)                                 0
//	LeakyReLU    x if x >= 0, else A·x                             0.5
//	Sigmoid      1 / (1 + exp(-x))                                 2.5
//	Tanh         tanh(x)                                           2.6
//	SiLU         x / (1 + exp(-x)), also called swish              3.5
//	HardSigmoid  min(max(A·x + B, 0), 1)                           1
//	HardSwish    x · min(max(x + 3, 0), 6) / 6                     2.5
//	ELU          x if x > 0, else A·(exp(x) - 1)                   2
//	GELU         x · (1 + erf(x/√2)) / 2                           6
//	GELUTanh     x · (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2      4, or 2^-26
//	Exp          exp(x)                                            1
//
// Arguments and results below 2^-126 (denormal ones) may count as 0, but for Clamp: on amd64 they do, as each would take more than a hundred
// cycles. Where they do not, results are right to half of the smallest denormal; those of SiLU and GELU, which are products of x with a factor
// that may be denormal, to 2^-142. The relative error of GELUTanh grows as its value falls below 2^-26, as the argument of tanh
// is only a float32.
//
// NaN gives NaN. The functions of the form x·g(x) with g(-Inf) = 0 (SiLU, HardSwish, GELU, GELUTanh) give
// NaN at -Inf, as in PyTorch. The assembly kernels of one architecture give the same bits.
const (
	Identity Unary = iota // no kernel: a copy
	ReLU                  // no kernel: Clamp with A = 0, B = +Inf
	Clamp
	LeakyReLU
	Sigmoid
	Tanh
	SiLU
	HardSigmoid
	HardSwish
	ELU
	GELU
	GELUTanh
	Exp
	NumUnary
)

var unaryNames = [NumUnary]string{
	"identity", "relu", "clamp", "leaky_relu", "sigmoid", "tanh", "silu", "hardsigmoid", "hardswish", "elu",
	"gelu", "gelu_tanh", "exp",
}

func (u Unary) String() string {
	if u.Valid() {
		return unaryNames[u]
	}
	return fmt.Sprintf("Unary(%d)", uint8(u))
}

// Valid reports whether u is one of the functions above.
func (u Unary) Valid() bool { return u < NumUnary }

// MaxElems bounds the elements of one call to an element-wise kernel: 2^14 of the dearest function
// take less than 50 microseconds at 2 cycles an element, as do 2^14 that come from memory.
const MaxElems = MaxWork / 64

// UnaryArgs are the arguments of a unary kernel:
//
//	for i := range N {
//		Y[i] = f(X[i])
//	}
//
// Y may equal X, but must not overlap it otherwise. N is 0 to MaxElems.
type UnaryArgs struct {
	X, Y unsafe.Pointer
	N    int
	A, B float32
}

// UnaryRow is a kernel for one function.
type UnaryRow struct {
	Row
	Op Unary
	fn func(*UnaryArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *UnaryRow) Call(a *UnaryArgs) { r.fn(a) }

func (r *UnaryRow) op() int { return int(r.Op) }

// floats returns the n float32 at p.
func floats(p unsafe.Pointer, n int) []float32 { return unsafe.Slice((*float32)(p), n) }

// The portable kernels of the transcendental functions compute in float64, where neither the
// exponent's range nor a rounding needs care: their results are off by little more than the last
// rounding.

// Coefficients that the assembly shares. exp(r) = 1 + r + r²·(expC2 + ... + expC6·r⁴) has a relative
// error of 3e-9 for |r| <= ln(2)/2; it is minimax with the first two coefficients held at 1, so that
// exp(r) - 1 is as accurate.
const (
	expC2 = 0.4999999345
	expC3 = 0.1666652063
	expC4 = 0.04166838809
	expC5 = 0.008368717091
	expC6 = 0.001381459638
)

// exp64 is exp(x), accurate to 3e-9. Beyond +-200 it stays at exp(+-200), which as a float32 is +Inf
// or 0.
func exp64(x float64) float64 {
	p, s := exp64Parts(x)
	return p*s + s
}

// expm64 is exp(x) - 1 with the relative accuracy of exp64, near 0 too.
func expm64(x float64) float64 {
	p, s := exp64Parts(x)
	return p*s + (s - 1)
}

// exp64Parts returns p and a power of two s with exp(x) = (1 + p)·s.
func exp64Parts(x float64) (p, s float64) {
	const magic = 3 << 51 // added to a number, it leaves the nearest integer in the low bits
	if x < -200 {
		x = -200
	}
	if x > 200 {
		x = 200
	}
	z := x*math.Log2E + magic
	r := x - (z-magic)*math.Ln2
	p = r + r*r*(expC2+r*(expC3+r*(expC4+r*(expC5+r*expC6))))
	return p, math.Float64frombits((math.Float64bits(z) + 1023) << 52)
}

// phi64 is the distribution function of the normal law, accurate to 2e-8 in both tails: below -t
// it is exp(-t²/2)·C(u)/(t+2.5) with u = (t-2.5)/(t+2.5) and C minimax for 0 <= t <= 14.5, beyond which
// it is 0 in float32. (A rational function of t needs fewer terms; in u rounding errors do not grow.)
func phi64(x float64) float64 {
	t := math.Abs(x)
	if t > 14.5 {
		t = 14.5
	}
	q := 1 / (t + 2.5)
	u := 1 - 5*q
	c := phiC0 + u*(phiC1+u*(phiC2+u*(phiC3+u*(phiC4+u*(phiC5+u*(phiC6+u*(phiC7+u*(phiC8+u*phiC9))))))))
	h := exp64(-0.5*t*t) * c * q
	if x >= 0 {
		return 1 - h
	}
	return h
}

const (
	phiC0 = 0.7066566601
	phiC1 = -0.4336920145
	phiC2 = 0.1319869654
	phiC3 = 0.009235914795
	phiC4 = -0.01638602179
	phiC5 = -0.001600961007
	phiC6 = 0.002523297919
	phiC7 = 0.0006843447728
	phiC8 = -0.0003108656181
	phiC9 = -0.0001572671985
)

// Of gelu_tanh: x/(1+exp(-x·(geluA + geluB·x²))).
const (
	geluA = 1.5957691216057308  // 2·√(2/π)
	geluB = 0.07135481627260025 // geluA·0.044715
)

func clampF32_1_generic(a *UnaryArgs) {
	x, y, lo, hi := floats(a.X, a.N), floats(a.Y, a.N), a.A, a.B
	for i, v := range x {
		if v < lo {
			v = lo
		}
		if v > hi {
			v = hi
		}
		y[i] = v
	}
}

// scale64 is x·g. In float64 it is exact and then rounded once, as in float32, but a denormal factor or result does not take a hundred cycles.
func scale64(x, g float32) float32 { return float32(float64(x) * float64(g)) }

func leakyreluF32_1_generic(a *UnaryArgs) {
	x, y, slope := floats(a.X, a.N), floats(a.Y, a.N), a.A
	for i, v := range x {
		if v < 0 {
			v = scale64(v, slope)
		}
		y[i] = v
	}
}

func sigmoidF32_1_generic(a *UnaryArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		y[i] = float32(1 / (1 + exp64(-float64(v))))
	}
}

func tanhF32_1_generic(a *UnaryArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		if v == 0 {
			y[i] = v // keeps the sign
			continue
		}
		e := expm64(2 * float64(v))
		y[i] = float32(e / (e + 2))
	}
}

func siluF32_1_generic(a *UnaryArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		y[i] = scale64(v, float32(1/(1+exp64(-float64(v)))))
	}
}

func hardsigmoidF32_1_generic(a *UnaryArgs) {
	x, y, alpha, beta := floats(a.X, a.N), floats(a.Y, a.N), float64(a.A), float64(a.B)
	for i, v := range x {
		s := alpha*float64(v) + beta
		if s < 0 {
			s = 0
		}
		if s > 1 {
			s = 1
		}
		y[i] = float32(s)
	}
}

func hardswishF32_1_generic(a *UnaryArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		s := v + 3
		if s < 0 {
			s = 0
		}
		if s > 6 {
			s = 6
		}
		y[i] = scale64(v, s*(1./6))
	}
}

func eluF32_1_generic(a *UnaryArgs) {
	x, y, alpha := floats(a.X, a.N), floats(a.Y, a.N), float64(a.A)
	for i, v := range x {
		if !(v > 0) {
			v = float32(alpha * expm64(float64(v)))
		}
		y[i] = v
	}
}

func geluF32_1_generic(a *UnaryArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		y[i] = scale64(v, float32(phi64(float64(v))))
	}
}

func gelutanhF32_1_generic(a *UnaryArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		d := float64(v)
		y[i] = scale64(v, float32(1/(1+exp64(-d*(geluA+geluB*d*d)))))
	}
}

func expF32_1_generic(a *UnaryArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		y[i] = float32(exp64(float64(v)))
	}
}
