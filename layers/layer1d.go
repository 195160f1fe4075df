package layers

import (
	"fmt"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// Window1D is a window over positions in a row. The zero values of Stride and Dilation mean 1.
type Window1D struct {
	Kernel, Stride, Dilation int
	PadLeft, PadRight        int
	CeilMode                 bool // pooling only: a last, partly covered window counts
}

// flat is the window over maps of one row.
func (w Window1D) flat() tensor.Window {
	return tensor.Window{
		KernelH: 1, KernelW: w.Kernel, StrideW: w.Stride, DilationW: w.Dilation, PadLeft: w.PadLeft, PadRight: w.PadRight, CeilMode: w.CeilMode,
	}
}

// Conv1D convolves along a sequence with OutC kernels: [N, C, W] becomes [N, OutC, W'], and maps of one row [N, C, 1, W] become
// [N, OutC, 1, W'].
type Conv1D struct {
	Name    string
	OutC    int
	Window  Window1D  // CeilMode must be false
	Groups  int       // of channels that are convolved apart: a divisor of C and OutC; 0 means 1
	Weights []float32 // [OutC][C/Groups][Kernel]
	Bias    []float32 // [OutC], or nil
}

// MaxPool1D keeps the largest element of every window of a sequence [N, C, W] or of maps of one row; padding never wins.
type MaxPool1D struct {
	Name   string
	Window Window1D
}

// AvgPool1D averages over every window of a sequence [N, C, W] or of maps of one row.
type AvgPool1D struct {
	Name            string
	Window          Window1D
	CountIncludePad bool // divide by the window's size in its padding too
}

func (l Conv1D) label() (kind, name string)    { return "conv1d", l.Name }
func (l MaxPool1D) label() (kind, name string) { return "maxpool1d", l.Name }
func (l AvgPool1D) label() (kind, name string) { return "avgpool1d", l.Name }

// row runs a layer for maps on a sequence, as maps of one row.
func (b *builder) row(l primitive, x *graph.Value) (*graph.Value, error) {
	d := x.Type().Dims
	if r := d.Rank(); r != 3 && (r != 4 || d.At(2) != 1) {
		return nil, fmt.Errorf("the input is %v, want [N, C, W] or [N, C, 1, W]", d)
	}
	y, err := l.add(b, []*graph.Value{x})
	if err != nil || b.err != nil || d.Rank() == 4 {
		return y, err
	}
	return b.op(graph.Squeeze{}, y, b.ints(2)), nil
}

func (l Conv1D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	return b.row(Conv2D{OutC: l.OutC, Window: l.Window.flat(), Groups: l.Groups, Weights: l.Weights, Bias: l.Bias}, in[0])
}

func (l MaxPool1D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	return b.row(MaxPool2D{Window: l.Window.flat()}, in[0])
}

func (l AvgPool1D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	return b.row(AvgPool2D{Window: l.Window.flat(), CountIncludePad: l.CountIncludePad}, in[0])
}
