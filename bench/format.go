package main

import (
	"fmt"
	"math"
	"strconv"
)

// sig writes a number with three significant digits, and never with an exponent; "-" is no number.
func sig(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	if v == 0 {
		return "0"
	}
	// Rounding may add a digit: 99.96 is 100.
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 2, 64), 64)
	decimals := 2 - int(math.Floor(math.Log10(math.Abs(r))))
	return strconv.FormatFloat(r, 'f', max(decimals, 0), 64)
}

// duration writes seconds with three significant digits in the unit that fits.
func duration(s float64) string {
	switch v := s * (1 + 5e-4); { // as rounding will have it
	case math.IsNaN(s):
		return "-"
	case v < 1e-6:
		return sig(s*1e9) + " ns"
	case v < 1e-3:
		return sig(s*1e6) + " µs"
	case v < 1:
		return sig(s*1e3) + " ms"
	}
	return sig(s) + " s"
}

// unsureSpread is the spread of the rounds from which on a result is marked.
const unsureSpread = 0.15

// unsure says that a result's repetitions disagree, or that there was time for one only.
func (r *result) unsure() bool {
	return !r.Contender.slow && (len(r.Rounds) < 2 || spread(r.Rounds) > unsureSpread)
}

// mark follows a figure that rests on one of these results.
func mark(rs ...*result) string {
	for _, r := range rs {
		if r.unsure() {
			return "~"
		}
	}
	return ""
}

// unsureNote explains the mark.
var unsureNote = fmt.Sprintf("~: the repetitions disagree by more than %.0f%%, or there was time for one only, as happens on a busy machine: no good figure.", 100*unsureSpread)
