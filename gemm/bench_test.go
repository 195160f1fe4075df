package gemm

import (
	"fmt"
	"testing"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
)

// BenchmarkSgemm is C = A*B on one thread, for every instruction set.
func BenchmarkSgemm(b *testing.B) {
	for _, s := range [][3]int{{8, 8, 8}, {16, 16, 16}, {32, 32, 32}, {64, 64, 64}, {128, 128, 128}, {256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024}, {2048, 2048, 2048}, {1, 1000, 2048}, {8, 1000, 2048}, {3136, 64, 64}} {
		m, n, k := s[0], s[1], s[2]
		x, y, z := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
		check.FillRandom(x, 1)
		check.FillRandom(y, 2)
		for _, isa := range asm.Supported() {
			set, err := asm.For(isa)
			if err != nil {
				b.Fatal(err)
			}
			run := func(name string, f func()) {
				b.Run(fmt.Sprintf("%s/%v/m%dn%dk%d", name, isa, m, n, k), func(b *testing.B) {
					for b.Loop() {
						f()
					}
					b.ReportMetric(2*float64(m)*float64(n)*float64(k)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
				})
			}
			w := NewWorkspaceFor(set, 1)
			run("plain", func() { w.Sgemm(NoTrans, NoTrans, m, n, k, 1, x, k, y, n, 0, z, n) })
			run("linear", func() { w.Sgemm(NoTrans, Trans, m, n, k, 1, x, k, y, k, 0, z, n) })
			packed, err := PackB(set, NoTrans, k, n, y, n)
			if err != nil {
				b.Fatal(err)
			}
			x64, y64, z64 := make([]float64, m*k), make([]float64, k*n), make([]float64, m*n)
			check.FillRandom(x64, 1)
			check.FillRandom(y64, 2)
			run("float64", func() { w.Dgemm(NoTrans, NoTrans, m, n, k, 1, x64, k, y64, n, 0, z64, n) })
			run("packed", func() { w.MulPacked(NoTrans, m, 1, x, k, packed, 0, z, n, nil) })
		}
	}
}
