// Package asm holds the compute kernels: hand-written assembly for each instruction set, and a
// portable Go kernel with the same contract for every operation. It is what gemm, conv, pool and graph are built from, and
// makes no promise of compatibility: its names and contracts change with the kernels. A program needs of it at most For, to choose an
// instruction set, and Set, to hand it on.
//
// A kernel is a row in a table (table_<arch>.go and table_generic.go); the row feeds dispatch, tests
// and benchmarks. The package speaks pointers, byte strides and counts: who calls a kernel answers
// for its contract. Kernels never allocate, never branch on CPU features and never touch memory
// outside what their contract names.
//
// # Calling a kernel
//
// A kernel takes one pointer to an argument struct. The struct must not be a local variable: a call
// through a func value makes it escape. Keep it in a workspace and set its fields one by one.
//
// The garbage collector may look at the struct at any time. A pointer in it is nil or points into its operand, before, during
// and after a call; one past the end is outside. What may lie outside is an integer, an offset from a pointer
// that does not (BrgArgs.AOff, Tap, WinoInArgs.XOff), or an uintptr that only the kernel uses. Set.Watched shows
// every struct to a test.
//
// Assembly cannot be preempted. Every call to a row goes through a method that is an ordinary
// Go function, never inlined, whose prologue is where the runtime may stop the goroutine, and the
// work of one call is bounded (MaxWork) so that it stays below about 50 microseconds.
package asm

import "fmt"

// ISA is a level of instructions. The levels of one architecture are ordered: a machine that has
// one has all below it.
type ISA uint8

const (
	Generic    ISA = iota // portable Go, every architecture
	AVX2                  // amd64: AVX2 and FMA
	AVX512                // amd64: AVX-512 F, BW, DQ and VL
	AVX512VNNI            // amd64: AVX512 and VNNI
	AVX512BF16            // amd64: AVX512VNNI and BF16
	NEON                  // arm64: the baseline
	NEONDot               // arm64: NEON and the dot-product instructions
	numISA
)

var isaNames = [numISA]string{"generic", "avx2", "avx512", "avx512vnni", "avx512bf16", "neon", "neondot"}

func (i ISA) String() string {
	if i < numISA {
		return isaNames[i]
	}
	return fmt.Sprintf("ISA(%d)", uint8(i))
}

// Row is what the rows of all tables have in common.
type Row struct {
	Name string // of the kernel, its TEXT symbol, its tests and its benchmarks: <op><DType>_<tile>_<isa>
	ISA  ISA
}

func (r *Row) row() *Row { return r }

// MaxWork bounds the multiply-adds (or, for kernels that only move data, the elements) of one
// assembly call: 2^20 of them take less than 50 microseconds on a core that does 16 float32
// multiply-adds a cycle at 2 GHz.
const MaxWork = 1 << 20
