//go:build !purego

package asm

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// portableOnNEON are the operations that have no kernels for NEON yet.
var portableOnNEON = []string{"brgbf16", "brgmixed", "gemvpmixed", "peakbf16", "pick"}

// TestNEONRuns: on arm64 the tests of this package run NEON kernels, for every other operation. A run that fell back to portable ones
// would prove nothing.
func TestNEONRuns(t *testing.T) {
	require.Subset(t, Supported(), []ISA{Generic, NEON})
	s, err := For(NEON)
	require.NoError(t, err)
	n := 0
	eachRow(s, func(op string, r *Row) {
		if slices.Contains(portableOnNEON, op) || op == "dwu8" && r.ISA == Generic { // behind one for all windows
			return
		}
		require.Equal(t, NEON, r.ISA, "%s of %s", r.Name, op)
		n++
	})
	require.Equal(t, NEON, s.DwU8[0].ISA)
	require.Greater(t, n, 100)
	t.Logf("%d kernels for %v", n, s.ISA)
}

// TestNEONDotRuns: with dot products bytes are multiplied by them, and the rest is NEON's.
func TestNEONDotRuns(t *testing.T) {
	s, err := For(NEONDot)
	if err != nil {
		t.Skipf("dot products: %v", err)
	}
	for _, r := range s.BrgU8 {
		require.Equal(t, NEONDot, r.ISA, r.Name)
	}
	require.Equal(t, NEON, s.Brg[0].ISA)
}
