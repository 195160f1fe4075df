package transpose

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
)

func TestDo(t *testing.T) {
	for _, isa := range asm.Supported() {
		set, err := asm.For(isa)
		require.NoError(t, err)
		w := new(Worker)
		for _, s := range [][4]int{{0, 3, 3, 1}, {3, 0, 1, 3}, {1, 1, 1, 1}, {1, 40, 41, 1}, {1, 40, 40, 3}, {2, 40, 43, 2}, {2, 40, 40, 5}, {3, 49, 49, 3}, {64, 128, 128, 64}, {65, 129, 131, 70}, {200, 300, 300, 200}} {
			rows, cols, lds, ldd := s[0], s[1], s[2], s[3]
			src, dst := make([]float32, rows*lds), make([]float32, cols*ldd)
			check.FillRandom(src, 1)
			check.FillRandom(dst, 2)
			want := append([]float32(nil), dst...)
			for r := range rows {
				for c := range cols {
					want[c*ldd+r] = src[r*lds+c]
				}
			}
			check.NoAllocs(t, func() { w.Do(set, dst, ldd, src, lds, rows, cols) })
			check.Exact(t, isa.String(), dst, want)
		}
		require.Panics(t, func() { w.Do(set, make([]float32, 5), 2, make([]float32, 6), 3, 2, 3) })
		require.Panics(t, func() { w.Do(set, make([]float32, 6), 2, make([]float32, 5), 3, 2, 3) })
	}
}
