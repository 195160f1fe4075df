//go:build !purego

package check

import (
	"sync"

	"github.com/simdnn/simdnn/internal/cpu"
)

// The processor tracks which parts of its register file are in use (XINUSE), and XGETBV with ECX = 1
// tells: bit 2 is the upper halves of Y0-Y15, bit 6 those of Z0-Z15. VZEROUPPER puts both out of use.
// Bit 7, Z16-Z31, stays set, and harms nobody: no SSE instruction can name those registers.

// upper returns which upper halves of vector registers are in use, and clears them. It must run on the
// thread that used them.
func upper() uint64 {
	if m := tracked(); m != 0 {
		return takeUpper() & m
	}
	return 0
}

// CanProbeUpper reports whether Run sees dirty upper halves on this machine.
func CanProbeUpper() bool { return tracked() != 0 }

// tracked is the bits of XINUSE that this machine (real or emulated) sets on use and clears with
// VZEROUPPER, found by trying.
var tracked = sync.OnceValue(func() uint64 {
	const (
		osxsave = 1 << 27
		xgetbv1 = 1 << 2
	)
	if _, _, ecx, _ := cpuid(1, 0); ecx&osxsave == 0 || !cpu.HasAVX2FMA() {
		return 0
	}
	if eax, _, _, _ := cpuid(0xd, 1); eax&xgetbv1 == 0 {
		return 0
	}
	m := (soilY() &^ soilCleanY()) & (1 << 2)
	if cpu.HasAVX512() {
		m |= (soilZ() &^ soilCleanZ()) & (1 << 6)
	}
	return m
})

//go:noescape
func cpuid(leaf, sub uint32) (eax, ebx, ecx, edx uint32)

// takeUpper returns XINUSE and runs VZEROUPPER.
func takeUpper() uint64

// The soil functions use Y0 or Z0 and Z16, and return XINUSE as it is then, the Clean ones after a
// VZEROUPPER.
func soilY() uint64
func soilCleanY() uint64
func soilZ() uint64
func soilCleanZ() uint64

// loadY is a kernel with planted bugs, for the harness's own tests: it reads the 8 floats at p, however
// few there are, and returns without VZEROUPPER.
//
//go:noescape
func loadY(p *float32)

// loadZ is loadY for 16 floats.
//
//go:noescape
func loadZ(p *float32)
