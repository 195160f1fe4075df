//go:build !unguarded

package asm

import (
	"math"
	"runtime"
	"slices"
	"testing"
	"time"
)

// Not for emulators, whose times for one value and another are their own: the tag unguarded.

// small is a variable so that the compiler does not compute with it.
var small float32 = 0x1p-130

// TestDenormals: arguments and results below 2^-126 take no longer than others, in the element-wise kernels, and after the kernels
// the processor computes with denormals as before.
func TestDenormals(t *testing.T) {
	x, y := make([]float32, 2048), make([]float32, 2048)
	unary, step := new(UnaryArgs), new(SoftmaxArgs)
	steps := softmaxTable()
	check := func(name string, call func()) {
		times := make(map[float32]time.Duration)
		for range 30 { // others may be at work
			for _, v := range []float32{1, -1, 0x1p-130, -0x1p-130, -13.5, -90, -100, float32(math.Inf(-1))} {
				for i := range x {
					x[i] = v
				}
				begin := time.Now()
				call()
				if d := time.Since(begin); times[v] == 0 || d < times[v] {
					times[v] = d
				}
				if half := small * 0.5; half != 0x1p-131 {
					t.Fatalf("%s: half of 2^-130 is %v afterwards", name, half)
				}
			}
		}
		for v, d := range times {
			if usual := max(times[1], times[-1]); d > 4*usual {
				t.Errorf("%s takes %v for %v, and %v for 1 or -1", name, d, v, usual)
			}
		}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	eachUnary(func(r *UnaryRow) {
		check(r.Name, func() { callUnary(r, unary, unaryCase{a: 0.1, b: 0.5}, y, x) })
	})
	for i := range steps {
		if r := &steps[i]; slices.Contains(Supported(), r.ISA) {
			check(r.Name, func() {
				step.X, step.Y, step.N, step.Max, step.Sum = first(x), first(y), len(x), 0, 1
				r.Call(step)
			})
		}
	}
}
