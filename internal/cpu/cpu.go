// Package cpu answers what this machine can do: instruction sets, cache sizes, its name.
package cpu

import "golang.org/x/sys/cpu"

// HasAVX2FMA reports whether 256-bit AVX2 and FMA kernels may run.
func HasAVX2FMA() bool { return cpu.X86.HasAVX2 && cpu.X86.HasFMA }

// HasAVX512 reports whether 512-bit kernels may run: they use F, BW, DQ and VL.
func HasAVX512() bool {
	x := &cpu.X86
	return HasAVX2FMA() && x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL
}

// HasAVX512VNNI reports whether HasAVX512 holds and VPDPBUSD may be used on ZMM registers.
func HasAVX512VNNI() bool { return HasAVX512() && cpu.X86.HasAVX512VNNI }
