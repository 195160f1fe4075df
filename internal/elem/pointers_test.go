package elem

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
)

// everything has every function called on operands of the heap, with the operands named.
func everything(s *asm.Set, w *Worker, rng *rand.Rand, call func(f func(), values ...any)) {
	c, plane := 1+rng.IntN(100), 1+rng.IntN(300)
	n := c * plane
	if rng.IntN(8) == 0 {
		c, plane, n = 1, long, long
	}
	x, y, z := make([]float32, n), make([]float32, n), make([]float32, n)
	scale, shift := make([]float32, c), make([]float32, c)
	for op := range asm.NumUnary {
		call(func() { w.Unary(s, op, 1, 2, y, x) }, x, y)
	}
	for op := range asm.NumBinary {
		call(func() { w.Binary(s, op, 0, 1, z, x, y) }, x, y, z)
	}
	call(func() {
		w.BinaryRows(s, asm.Mul, 0, 1, plane, c, Rows{X: z, Ld: c, Step: 1}, Rows{X: x, Ld: c, Step: 1}, Rows{X: scale, Step: 1})
	}, x, scale, z)
	call(func() {
		w.BinaryRows(s, asm.Add, 0, 1, c, plane, Rows{X: z, Ld: plane, Step: 1}, Rows{X: shift, Ld: 1}, Rows{X: x, Ld: plane, Step: 1})
	}, x, shift, z)
	for kind := range 3 {
		sc, sh := scale, shift
		switch kind {
		case 1:
			sc = nil
		case 2:
			sh = nil
		}
		call(func() { w.Channels(s, y, x, sc, sh, 0, 1) }, x, y, sc, sh)
		call(func() { w.Planes(s, y, x, sc, sh, plane, 0, 1) }, x, y, sc, sh)
	}
	table, words, picked, starts := NewTable([]int32{0, -1, 0}), make([]uint32, n), make([]uint32, 6), []int{0, n - 1}
	call(func() { Pick(w, s, picked, 3, words, starts, table, 1) }, words, picked, starts, table)
	sums := make([][]float64, 3)
	for i := range sums {
		sums[i] = make([]float64, c)
	}
	call(func() { w.Moments(s, x, plane, sums[0], sums[1], sums[2]) }, x, sums[0], sums[1], sums[2])
	taps := []asm.BlendTap{{A: 0, B: 0, P: 1, Q: 2}}
	call(func() { w.Blend(s, z, n, x, y, taps, n) }, x, y, z, taps)
	call(func() { w.Softmax(s, y, x, plane, 1) }, x, y)
	call(func() { w.Softmax(s, y, x, plane, c) }, x, y)
	call(func() { w.LogSoftmax(s, y, x, c, 1) }, x, y)
	call(func() { w.LogSoftmax(s, y, x, c, plane) }, x, y)
}

// TestPointers: what the arguments of kernels point to is theirs.
func TestPointers(t *testing.T) {
	eachSet(t, func(t *testing.T, s *asm.Set) {
		rng, w := rand.New(rand.NewPCG(1, 2)), new(Worker)
		watch := check.Watch{T: t}
		s = s.Watched(watch.Look)
		for range 20 {
			everything(s, w, rng, func(f func(), values ...any) {
				watch.Run("elem", f, append(values, w)...)
				for _, x := range values {
					if x, ok := x.([]float32); ok {
						require.Empty(t, check.Kept(w, x))
					}
				}
			})
		}
	})
}

// TestCollector calls all functions beside the garbage collector.
func TestCollector(t *testing.T) {
	rng, w := rand.New(rand.NewPCG(3, 4)), new(Worker)
	check.Collect(t, func() {
		eachSet(t, func(_ *testing.T, s *asm.Set) {
			everything(s, w, rng, func(f func(), _ ...any) { f() })
		})
	})
}
