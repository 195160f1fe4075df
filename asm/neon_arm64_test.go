//go:build !purego

package asm

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// portableOnNEON are the operations that have no kernels for NEON yet; those on float64 get them one by one.
var portableOnNEON = []string{"quant", "maxpoolu8", "avgpoolu8", "dwu8"}

// TestNEONRuns: on arm64 the tests of this package run NEON kernels, for every other operation. A run that fell back to portable ones
// would prove nothing.
func TestNEONRuns(t *testing.T) {
	require.Equal(t, []ISA{Generic, NEON}, Supported())
	s, err := For(NEON)
	require.NoError(t, err)
	n := 0
	eachRow(s, func(op string, r *Row) {
		if slices.Contains(portableOnNEON, op) || strings.HasSuffix(op, "f64") {
			return
		}
		require.Equal(t, NEON, r.ISA, "%s of %s", r.Name, op)
		n++
	})
	require.Greater(t, n, 100)
	t.Logf("%d kernels for %v", n, s.ISA)
}
