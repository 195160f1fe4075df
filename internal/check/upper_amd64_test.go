//go:build !purego

package check

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/cpu"
)

// TestPlantedAssembly: a fault inside assembly, and dirty upper halves.
func TestPlantedAssembly(t *testing.T) {
	kernels := map[string]func(*float32){}
	if cpu.HasAVX2FMA() {
		kernels["avx2"] = loadY
	}
	if cpu.HasAVX512() {
		kernels["avx512"] = loadZ
	}
	width := map[string]int{"avx2": 8, "avx512": 16}
	for isa, kernel := range kernels {
		load := func(floats int) string {
			return record(func(t testing.TB) {
				a := New(t, "load_"+isa, "n", 3)
				x := a.Floats("X", floats, Tail)
				a.Run(func() { kernel(&x[0]) })
			})
		}
		t.Run(isa, func(t *testing.T) {
			if hasGuards {
				require.Contains(t, load(width[isa]-1), "touches memory 0 bytes after the end of operand X")
			}
			if !CanProbeUpper() {
				t.Skip("XGETBV does not tell which registers are in use on this machine")
			}
			require.Contains(t, load(width[isa]), `load_`+isa+` "n" seed 3: returns with dirty upper halves`)
			// What ran before is not blamed on the kernel.
			require.Empty(t, record(func(t testing.TB) {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				a := New(t, "nothing", "n", 3)
				kernel(&make([]float32, 16)[0])
				a.Run(func() {})
			}))
		})
	}
	t.Logf("XINUSE bits that tell: %#x", tracked())
}
