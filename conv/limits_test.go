package conv

import (
	"testing"

	"github.com/simdnn/simdnn/internal/cpu"
	"github.com/stretchr/testify/require"
)

// TestLimits: small caches bound what a task keeps, large ones leave it as it was measured.
func TestLimits(t *testing.T) {
	measured := limits{task: 384 << 10, l2: 2 << 20, between: 1 << 20, l3: 12 << 20, patches: 256 << 10, products: 512 << 10}
	require.Equal(t, measured, limitsOf(cpu.Caches{L1D: 48 << 10, L2: 2 << 20, L3: 260 << 20}))
	require.Equal(t, measured, limitsOf(cpu.Caches{L1D: 64 << 10, L2: 12 << 20, L3: 24 << 20}))
	small := limitsOf(cpu.Caches{L1D: 32 << 10, L2: 256 << 10, L3: 256 << 10})
	require.Equal(t, limits{task: 192 << 10, l2: 256 << 10, between: 128 << 10, l3: 256 << 10, patches: 64 << 10, products: 128 << 10}, small)
	require.LessOrEqual(t, small.patches+small.products, small.l2)
	for _, l := range []limits{cacheLimits(), small} {
		require.Positive(t, min(l.task, l.l2, l.between, l.l3, l.patches, l.products))
	}
}
