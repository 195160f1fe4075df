package check

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var kept []byte

func TestNoAllocs(t *testing.T) {
	calls := 0
	often := func() { kept = make([]byte, 100) }
	seldom := func() {
		if calls++; calls == 2 { // the first call is not looked at
			often()
		}
	}
	require.Contains(t, record(func(t testing.TB) { NoAllocs(t, often, "of", 100) }), "1 allocations of each of 4 calls [of 100]")
	require.Empty(t, record(func(t testing.TB) { NoAllocs(t, seldom) }))
	require.Equal(t, 4, calls)
	require.Empty(t, record(func(t testing.TB) { NoAllocs(t, func() {}) }))
}
