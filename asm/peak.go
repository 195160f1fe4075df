package asm

import "unsafe"

// PeakArgs are the arguments of a peak kernel, which measures how many multiply-adds a core can do:
// independent chains of them, enough to fill the units' latency, on registers alone. In Go:
//
//	for i := range Chains * Lanes {
//		var s float32
//		for range Steps {
//			s = fma(s, X, Y)                            // with Adds: fma(X, Y, s)
//		}
//		Out[i] = s
//	}
//
// Those of Set.PeakBF16 add the product of X and Y, which bfloat16 holds, twice: once for each of a pair. That is 2*Chains*Lanes*Steps floating-point
// operations, or twice as many of pairs. Steps is at least 1, and
// Chains*Lanes*Steps must not exceed MaxWork.
type PeakArgs struct {
	Out   unsafe.Pointer // Chains*Lanes floats
	Steps int
	X, Y  float32
}

// PeakRow is a peak kernel.
type PeakRow struct {
	Row
	Chains, Lanes int
	Adds          bool // its multiply-add overwrites the addend: the sum is the chain
	fn            func(*PeakArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *PeakRow) Call(a *PeakArgs) { r.fn(a) }

// peakF32_8x1_generic keeps its chains in scalars: 16 registers hold 8 of them with the products.
func peakF32_8x1_generic(a *PeakArgs) {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	x, y := a.X, a.Y
	for range a.Steps {
		s0 = s0*x + y
		s1 = s1*x + y
		s2 = s2*x + y
		s3 = s3*x + y
		s4 = s4*x + y
		s5 = s5*x + y
		s6 = s6*x + y
		s7 = s7*x + y
	}
	*(*[8]float32)(a.Out) = [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
}

// peakBF16_8x1_generic adds in pairs, as brgDot.
func peakBF16_8x1_generic(a *PeakArgs) {
	x, y := fromBF16(toBF16(a.X)), fromBF16(toBF16(a.Y))
	var s [8]float32
	for range a.Steps {
		for i := range s {
			s[i] += x * y
			s[i] += x * y
		}
	}
	*(*[8]float32)(a.Out) = s
}

// ReadArgs are the arguments of a read kernel, which measures how fast a core reads memory: it adds
// N floats, in an order of its own. In Go:
//
//	Sum = 0
//	for i := range N {
//		Sum += X[i]
//	}
//
// N is a positive multiple of the row's Block and must not exceed MaxWork.
type ReadArgs struct {
	X   unsafe.Pointer // N floats; the full speed needs vectors that cross no cache line
	N   int
	Sum float32 // the result
}

// ReadRow is a read kernel.
type ReadRow struct {
	Row
	Block int // floats per turn of its loop
	fn    func(*ReadArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *ReadRow) Call(a *ReadArgs) { r.fn(a) }

func readF32_8x1_generic(a *ReadArgs) {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for i := 0; i < a.N; i += 8 {
		x := (*[8]float32)(unsafe.Add(a.X, 4*i))
		s0 += x[0]
		s1 += x[1]
		s2 += x[2]
		s3 += x[3]
		s4 += x[4]
		s5 += x[5]
		s6 += x[6]
		s7 += x[7]
	}
	a.Sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
}
