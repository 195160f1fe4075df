package elem

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
)

// TestQuant has numbers whose bytes are known, of both signs and more than one call takes; wrong lengths panic.
func TestQuant(t *testing.T) {
	n := asm.MaxElems + 5
	for _, isa := range asm.Supported() {
		s, err := asm.For(isa)
		require.NoError(t, err)
		w := new(Worker)
		for _, signed := range []bool{false, true} {
			x := &Scaling{Signed: signed, Scale: 0.5, Zero: 3}
			half := &Scaling{Signed: signed, Scale: 1, Zero: -2 & 0x7f}
			src, b, back := make([]float32, n), make([]byte, n), make([]float32, n)
			for i := range src {
				src[i] = float32(i%100) / 2
			}
			w.Quantize(s, x, 5, 99, b, src)
			w.Dequantize(s, x, back, b)
			sum, turned := make([]byte, n), make([]byte, n)
			w.QuantAdd(s, x, x, half, 0, 127, sum, b, b)
			table := new([256]byte)
			for i := range table {
				table[i] = byte(255 - i)
			}
			w.Lookup(s, table, turned, b)
			for _, i := range []int{0, 1, 7, 50, 99, n - 2, n - 1} {
				q := min(max(i%100+3, 5), 99)
				require.EqualValues(t, q, b[i], "%v, element %d", isa, i)
				require.Equal(t, float32(q-3)/2, back[i])
				require.EqualValues(t, min(q-3+126, 127), sum[i])
				require.EqualValues(t, 255-q, turned[i])
			}
		}
		require.Panics(t, func() { w.Quantize(s, new(Scaling), 0, 1, make([]byte, 1), nil) })
		require.Panics(t, func() { w.Dequantize(s, new(Scaling), nil, make([]byte, 1)) })
		require.Panics(t, func() { w.QuantAdd(s, new(Scaling), new(Scaling), new(Scaling), 0, 1, nil, nil, make([]byte, 1)) })
		require.Panics(t, func() { w.Lookup(s, new([256]byte), nil, make([]byte, 1)) })
	}
}

func TestBFloat16(t *testing.T) {
	for _, isa := range asm.Supported() {
		s, err := asm.For(isa)
		require.NoError(t, err)
		for _, n := range []int{0, 1, 31, asm.MaxElems + 5} {
			x, y := make([]float32, n), make([]float32, n)
			for i := range x {
				x[i] = float32(i%256) - 100 + 1.0/512
			}
			h := make([]uint16, n)
			w := new(Worker)
			w.Narrow(s, h, x)
			w.Widen(s, y, h)
			for i, v := range y {
				require.InDelta(t, x[i], v, float64(0x1p-8*(1+max(x[i], -x[i]))), isa)
			}
			check.NoAllocs(t, func() { w.Narrow(s, h, x); w.Widen(s, y, h) })
		}
		require.Panics(t, func() { new(Worker).Narrow(s, nil, make([]float32, 1)) })
		require.Panics(t, func() { new(Worker).Widen(s, nil, make([]uint16, 1)) })
	}
}
