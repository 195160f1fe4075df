// Package cpu answers what this machine can do: instruction sets, cache sizes, its name.
//
// Instruction sets are those of golang.org/x/sys/cpu, which knows whether the system saves the
// registers and which GODEBUG=cpu.*=off switches off: one flag at a time, so that each is asked for whose absence
// is to be seen. Cache sizes and names come from github.com/klauspost/cpuid, on linux else from /sys, and
// are assumed where nobody tells.
package cpu

import (
	"github.com/klauspost/cpuid/v2"
	"golang.org/x/sys/cpu"
)

// HasAVX2FMA reports whether 256-bit AVX2 and FMA kernels may run.
func HasAVX2FMA() bool { return cpu.X86.HasAVX && cpu.X86.HasAVX2 && cpu.X86.HasFMA }

// HasAVX512 reports whether 512-bit kernels may run: they use F, BW, DQ and VL.
func HasAVX512() bool {
	x := &cpu.X86
	return HasAVX2FMA() && x.HasAVX512 && x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL
}

// HasAVX512VNNI reports whether HasAVX512 holds and VPDPBUSD may be used on ZMM registers.
func HasAVX512VNNI() bool { return HasAVX512() && cpu.X86.HasAVX512VNNI }

// HasAVX512BF16 reports whether HasAVX512VNNI holds and VDPBF16PS may be used on ZMM registers.
func HasAVX512BF16() bool { return HasAVX512VNNI() && cpu.X86.HasAVX512BF16 }

// FastBF16 reports whether HasAVX512BF16 holds and VDPBF16PS, which does two multiply-adds, takes no longer than one of float32. On Intel's
// processors, where bfloat16 is the business of AMX, it takes four times as long (measured on Sapphire Rapids).
func FastBF16() bool { return HasAVX512BF16() && cpuid.CPU.VendorID != cpuid.Intel }

// HasAVXVNNI reports whether HasAVX2FMA holds and VPDPBUSD may be used on YMM registers in its VEX form. Processors have it with
// AVX-512 or without.
func HasAVXVNNI() bool { return HasAVX2FMA() && cpu.X86.HasAVXVNNI }

// HasAVX512VBMI reports whether HasAVX512 holds and bytes may be permuted across ZMM registers.
func HasAVX512VBMI() bool { return HasAVX512() && cpu.X86.HasAVX512VBMI }

// HasNEON reports whether 128-bit NEON kernels may run: on every arm64.
func HasNEON() bool { return cpu.ARM64.HasASIMD }

// HasNEONDot reports whether HasNEON holds and SDOT and UDOT may be used.
func HasNEONDot() bool { return HasNEON() && cpu.ARM64.HasASIMDDP }

// Features lists the instruction sets that concern kernels, by the names that linux uses. The flags
// are independent of each other: what a kernel may use is for the Has functions to say.
func Features() []string {
	x, a := &cpu.X86, &cpu.ARM64
	var names []string
	for _, f := range []struct {
		name string
		has  bool
	}{
		{"sse4_1", x.HasSSE41},
		{"avx", x.HasAVX},
		{"avx2", x.HasAVX2},
		{"fma", x.HasFMA},
		{"avx_vnni", x.HasAVXVNNI},
		{"avx512f", x.HasAVX512F},
		{"avx512bw", x.HasAVX512BW},
		{"avx512dq", x.HasAVX512DQ},
		{"avx512vl", x.HasAVX512VL},
		{"avx512_vnni", x.HasAVX512VNNI},
		{"avx512_bf16", x.HasAVX512BF16},
		{"amx_tile", x.HasAMXTile},
		{"amx_int8", x.HasAMXInt8},
		{"amx_bf16", x.HasAMXBF16},
		{"asimd", a.HasASIMD},
		{"asimdhp", a.HasASIMDHP},
		{"asimddp", a.HasASIMDDP},
		{"i8mm", a.HasI8MM},
		{"sve", a.HasSVE},
		{"sve2", a.HasSVE2},
	} {
		if f.has {
			names = append(names, f.name)
		}
	}
	return names
}
