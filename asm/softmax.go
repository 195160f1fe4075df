package asm

import (
	"fmt"
	"unsafe"
)

// Softmax is a step of softmax or log-softmax over a contiguous row.
type Softmax uint8

const (
	RowMax    Softmax = iota // Max = max(Max, max(X)); what NaN in X does to it is not defined
	RowExp                   // Y = exp(X - Max), Sum += the sum of Y
	RowSumExp                // Sum += the sum of exp(X - Max)
	RowScale                 // Y = X * Sum
	RowShift                 // Y = (X - Max) - Sum
	NumSoftmax
)

var softmaxNames = [NumSoftmax]string{"rowmax", "rowexp", "rowsumexp", "rowscale", "rowshift"}

func (s Softmax) String() string {
	if s < NumSoftmax {
		return softmaxNames[s]
	}
	return fmt.Sprintf("Softmax(%d)", uint8(s))
}

// SoftmaxArgs are the arguments of a step over N elements, 0 to MaxElems: Max and Sum carry the row's
// state from step to step and from call to call of a long row. Steps that write no Y do not touch it;
// Y may equal X, but must not overlap it otherwise.
//
// As in Unary, what is below 2^-126 may count as 0.
//
// A row whose maximum is not finite must come out NaN, as must a row with a NaN: exp(X - Max) and with
// it Sum is then NaN, whatever RowMax made of the NaN.
type SoftmaxArgs struct {
	X, Y     unsafe.Pointer
	N        int
	Max, Sum float32
}

// SoftmaxRow is a kernel for one step.
type SoftmaxRow struct {
	Row
	Op Softmax
	fn func(*SoftmaxArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *SoftmaxRow) Call(a *SoftmaxArgs) { r.fn(a) }

func (r *SoftmaxRow) op() int { return int(r.Op) }

func rowmaxF32_1_generic(a *SoftmaxArgs) {
	m := a.Max
	for _, v := range floats(a.X, a.N) {
		if v > m {
			m = v
		}
	}
	a.Max = m
}

func rowexpF32_1_generic(a *SoftmaxArgs) {
	x, y, sum := floats(a.X, a.N), floats(a.Y, a.N), 0.0
	for i, v := range x {
		e := exp64(float64(v) - float64(a.Max))
		y[i] = float32(e)
		sum += e
	}
	a.Sum += float32(sum)
}

func rowsumexpF32_1_generic(a *SoftmaxArgs) {
	sum := 0.0
	for _, v := range floats(a.X, a.N) {
		sum += exp64(float64(v) - float64(a.Max))
	}
	a.Sum += float32(sum)
}

func rowscaleF32_1_generic(a *SoftmaxArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		y[i] = scale64(v, a.Sum)
	}
}

func rowshiftF32_1_generic(a *SoftmaxArgs) {
	x, y := floats(a.X, a.N), floats(a.Y, a.N)
	for i, v := range x {
		y[i] = v - a.Max - a.Sum
	}
}
