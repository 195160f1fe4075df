package layers_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/layers"
)

// eachWay compiles the network that has everything, and a random one, in every way, on the kernels that change returns.
func eachWay(t *testing.T, seed uint64, change func(*asm.Set) *asm.Set, f func(m *layers.Model, y, x [][]float32)) {
	d := draw(seed)
	for _, isa := range asm.Supported() {
		for _, layout := range layouts {
			for _, unfused := range []bool{false, true} {
				o := layers.Options{Exact: true, Kernels: change(kernels(t, isa)), Layout: layout, Unfused: unfused}
				m, err := layers.Compile(zoo(), zooIn, o)
				require.NoError(t, err)
				f(m, outputs(m), [][]float32{random(1, zooIn.Elems(), 1)})
				m, err = d.g.Compile(o)
				require.NoError(t, err)
				f(m, outputs(m), d.x)
			}
		}
	}
}

// TestPointers: what the arguments of kernels point to is theirs.
func TestPointers(t *testing.T) {
	watch := check.Watch{T: t}
	for seed := range uint64(20) {
		look := func(k *asm.Set) *asm.Set { return k.Watched(watch.Look) }
		eachWay(t, seed, look, func(m *layers.Model, y, x [][]float32) {
			s := m.NewSession(1)
			watch.Run(fmt.Sprintf("random network %d, or everything", seed), func() { s.ForwardAll(y, x) }, m, s, y, x)
			require.Empty(t, check.Kept(s, append(y, x...)...))
		})
	}
}

// TestCollector runs networks beside the garbage collector.
func TestCollector(t *testing.T) {
	seed := uint64(0)
	check.Collect(t, func() {
		seed++
		eachWay(t, seed, func(k *asm.Set) *asm.Set { return k }, func(m *layers.Model, y, x [][]float32) {
			s := m.NewSession(2)
			for range 3 {
				s.ForwardAll(y, x)
			}
		})
	})
}
