package main

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
)

// Every operation has a check here, and every kernel this machine runs passes it.
func TestRows(t *testing.T) {
	for _, c := range checkRows() {
		require.Contains(t, rowChecks, c.Op, "%s: an operation needs a line in rowChecks", c.Name)
		require.NoError(t, c.Err, c.Name)
		require.Equal(t, c.Supported, c.Checked, c.Name)
	}
}

// A check that could not fail would be none: compare against a reference that is wrong on purpose.
func TestComparisonsFail(t *testing.T) {
	require.Error(t, sameAll("x", []float32{1, 2}, []float32{1, 3}))
	require.Error(t, closeAll("x", []float32{1}, []float32{1.00001}))
	require.NoError(t, closeAll("x", []float32{1}, []float32{1.0000001}))
	require.Error(t, guarded(func() error { panic("boom") }))
	set, err := asm.For(asm.Generic)
	require.NoError(t, err)
	require.Error(t, rowChecks["brg"](set, "no such kernel"))
	// A row taken for another operation's must be noticed.
	a := &asm.BinaryArgs{}
	x := []float32{1, 2, 3}
	y := []float32{3, 2, 1}
	out := make([]float32, 3)
	a.A, a.B, a.Y, a.Rows, a.N, a.Lo, a.Hi = unsafe.Pointer(&x[0]), unsafe.Pointer(&y[0]), unsafe.Pointer(&out[0]), 1, 3, -100, 100
	a.StepA, a.StepB = 4, 4
	set.Binary[asm.Sub].Call(a)
	require.Error(t, sameAll("sub as add", out, []float32{4, 4, 4}))
}
