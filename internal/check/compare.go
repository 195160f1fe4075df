package check

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unsafe"
)

// Float is the element type of what is filled and compared.
type Float interface{ float32 | float64 }

// Round converts a reference to float32, for comparison by Exact.
func Round(ref []float64) []float32 { return RoundTo[float32](ref) }

// RoundTo is Round for any type.
func RoundTo[T Float](ref []float64) []T {
	y := make([]T, len(ref))
	for i, v := range ref {
		y[i] = T(v)
	}
	return y
}

// Exact fails the test unless got equals want. NaN equals NaN, and the zeros equal each other.
func Exact[T Float](t testing.TB, what string, got, want []T) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d elements, want %d", what, len(got), len(want))
		return
	}
	var d differences
	for i := range got {
		if g, w := got[i], want[i]; g != w && (g == g || w == w) {
			d.add("[%d] is %v, want %v", i, g, w)
		}
	}
	d.report(t, what, len(got))
}

// Bound fails the test unless every element of got is as near to ref as the rounding errors of a
// float32 sum of depth terms allow, in any order and with or without fused multiply-adds:
//
//	|got-ref| <= min(8*sqrt(depth), depth) * 2^-24*cond + depth*2^-149
//
// cond being the sum of the terms' absolute values. The last part is what denormals lose. With float64 it is 2^-53 and 2^-1074, and the
// reference is to be summed in more than float64 (ref.Sum).
//
// Where ref is NaN or infinite, got must be that. Where ref is finite but cond is not (an infinity
// that was clamped), got must be ref rounded. Where partial sums may overflow although ref does not,
// got may be infinite or NaN.
func Bound[T Float](t testing.TB, what string, got []T, ref, cond []float64, depth int) {
	t.Helper()
	if len(got) != len(ref) || len(got) != len(cond) {
		t.Errorf("%s: %d elements, want %d (cond has %d)", what, len(got), len(ref), len(cond))
		return
	}
	n := float64(depth)
	eps, tiny, most := 0x1p-24, 0x1p-149, math.MaxFloat32
	if unsafe.Sizeof(T(0)) == 8 {
		eps, tiny, most = 0x1p-53, 0x1p-1074, math.MaxFloat64
	}
	factor := min(8*math.Sqrt(n), n) * eps
	var d differences
	for i := range got {
		g, r, c := float64(got[i]), ref[i], cond[i]
		tol := factor*c + n*tiny
		ok := math.Abs(g-r) <= tol
		switch finite := !math.IsNaN(c) && !math.IsInf(c, 0); {
		case math.IsNaN(r):
			ok = math.IsNaN(g)
		case math.IsInf(r, 0):
			ok = g == r
		case !finite:
			ok = got[i] == T(r)
			tol = 0
		case c+tol > most:
			ok = ok || math.IsNaN(g) || math.IsInf(g, 0)
		}
		if !ok {
			d.add("[%d] is %v, want %v, off by %.3g with %.3g allowed", i, got[i], r, math.Abs(g-r), tol)
		}
	}
	d.report(t, what, len(got))
}

// differences keeps the first few and counts the rest.
type differences struct {
	count int
	text  []string
}

func (d *differences) add(format string, args ...any) {
	if d.count++; d.count <= 5 {
		d.text = append(d.text, fmt.Sprintf(format, args...))
	}
}

func (d *differences) report(t testing.TB, what string, of int) {
	t.Helper()
	if d.count > 0 {
		t.Errorf("%s: %d of %d elements are wrong:\n\t%s", what, d.count, of, strings.Join(d.text, "\n\t"))
	}
}
