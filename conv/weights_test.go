package conv

import (
	"fmt"
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// Plans for several batches and sizes read the same memory where they read the weights in the same order, and give the bits of plans
// with weights of their own.
func TestSharedWeights(t *testing.T) {
	for _, c := range []struct {
		algorithm string
		layout    tensor.Layout
		inC, outC int
		groups    int
		kernel    int
	}{
		{"depthwise", tensor.NCHW, 40, 40, 40, 3},
		{"depthwise", tensor.NHWC, 40, 40, 40, 5},
		{"grouped", tensor.NHWC, 32, 32, 8, 3},
		{"winograd", tensor.NHWC, 24, 300, 1, 3},
		{"winograd", tensor.NHWC, 24, 64, 2, 3},
		{"winograd2", tensor.NCHW, 24, 70, 1, 3},
		{"planar", tensor.NCHW, 19, 33, 1, 3},
		{"narrow", tensor.NHWC, 19, 3, 1, 3},
		{"pointwise", tensor.NHWC, 96, 100, 1, 1},
		{"direct", tensor.NHWC, 300, 48, 1, 3},
		{"direct", tensor.NCHW, 3, 24, 1, 7},
	} {
		t.Run(fmt.Sprintf("%s %v %d to %d", c.algorithm, c.layout, c.inC, c.outC), func(t *testing.T) {
			weights, bias := make([]float32, c.outC*c.inC/c.groups*c.kernel*c.kernel), make([]float32, c.outC)
			check.FillRandom(weights, 1)
			check.FillRandom(bias, 2)
			packed := new(Packed)
			var first *Plan
			for i, s := range []tensor.Shape{{N: 1, H: 30, W: 30}, {N: 2, H: 30, W: 30}, {N: 1, H: 30, W: 26}, {N: 3, H: 58, W: 30}} {
				p := Params{In: s, OutC: c.outC, Groups: c.groups, InLayout: c.layout, OutLayout: c.layout, Algorithm: c.algorithm, Activation: Activation{Kind: asm.ReLU}}
				p.In.C = c.inC
				p.Window = tensor.Window{KernelH: c.kernel, KernelW: c.kernel, PadTop: c.kernel / 2, PadLeft: c.kernel / 2, PadBottom: c.kernel / 2, PadRight: c.kernel / 2}
				pl, err := NewShared(p, weights, bias, packed)
				require.NoError(t, err)
				if i == 0 {
					first = pl
				}
				require.Equal(t, unsafe.SliceData(first.packed), unsafe.SliceData(pl.packed), "%v\n%v", first, pl)
				require.Equal(t, 4*len(pl.packed), pl.WeightBytes())
				require.Equal(t, pl.WeightBytes(), packed.Bytes())
				sameAsAlone(t, pl, p, weights, bias)
			}
		})
	}
}

// sameAsAlone compares a plan with one of the same parameters that shares nothing.
func sameAsAlone(t *testing.T, pl *Plan, p Params, weights, bias []float32) {
	alone, err := New(p, weights, bias)
	require.NoError(t, err)
	require.Equal(t, alone.String(), pl.String())
	x := make([]float32, p.In.Elems())
	check.FillRandom(x, 3)
	y, z := make([]float32, pl.Out().Elems()), make([]float32, pl.Out().Elems())
	alone.Run(NewWorkspace(1, alone), z, x, nil)
	pl.Run(NewWorkspace(2, pl), y, x, nil)
	require.Equal(t, z, y, "%v", pl)
}

// One Packed serves plans of every algorithm, layout, grouping, kernel set and shape of kernel of as many elements, many at a time: what is
// not the same order is not the same memory.
func TestSharedWeightsInManyOrders(t *testing.T) {
	const floats = 36 * 36 * 9
	weights := make([]float32, floats)
	check.FillRandom(weights, 1)
	packed := new(Packed)
	var wait sync.WaitGroup
	for _, k := range []struct{ inC, outC, groups, kh, kw, h, w int }{
		{36, 36, 1, 3, 3, 9, 12}, {72, 72, 4, 3, 3, 9, 12}, {36, 36, 1, 1, 9, 9, 12}, {36, 36, 1, 9, 1, 9, 12}, {36, 36, 1, 3, 3, 20, 1},
		{18, 72, 1, 3, 3, 9, 12}, {108, 108, 1, 1, 1, 9, 29}, {108, 108, 1, 1, 1, 9, 3}, {3, 432, 1, 3, 3, 15, 15}, {3, 432, 1, 3, 3, 9, 5}, {3, 432, 1, 3, 3, 9, 28}, {432, 3, 1, 3, 3, 8, 8}, {432, 3, 3, 9, 3, 8, 8}, {1296, 1296, 1296, 3, 3, 5, 5},
	} {
		for _, isa := range asm.Supported() {
			set, err := asm.For(isa)
			require.NoError(t, err)
			for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
				for _, algorithm := range Algorithms() {
					p := Params{In: tensor.Shape{N: 1, C: k.inC, H: k.h, W: k.w}, OutC: k.outC, Groups: k.groups, InLayout: layout, OutLayout: layout, Algorithm: algorithm, Kernels: set}
					p.Window = tensor.Window{KernelH: k.kh, KernelW: k.kw, PadTop: k.kh / 2, PadLeft: k.kw / 2, PadBottom: k.kh / 2, PadRight: k.kw / 2}
					if !Applies(algorithm, p) {
						continue
					}
					wait.Add(1)
					go func() {
						defer wait.Done()
						pl, err := NewShared(p, weights, nil, packed)
						if err != nil {
							t.Error(err)
							return
						}
						sameAsAlone(t, pl, p, weights, nil)
					}()
				}
			}
		}
	}
	wait.Wait()
}

func TestWeightLimit(t *testing.T) {
	p := Params{In: tensor.Shape{N: 1, C: 64, H: 28, W: 28}, OutC: 64, Accuracy: Relaxed, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
		Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}}
	weights := make([]float32, 64*64*9)
	plan := func(limit int) *Plan {
		p.WeightLimit = limit
		pl, err := New(p, weights, nil)
		require.NoError(t, err)
		return pl
	}
	free := plan(0)
	require.Equal(t, "winograd", free.Algorithm())
	require.Equal(t, 64*64*36*4, free.WeightBytes())
	require.Equal(t, "winograd", plan(64*64*36*4).Algorithm())
	require.Equal(t, "winograd2", plan(64*64*36*4-1).Algorithm())
	require.NotContains(t, plan(64*64*16*4-1).Algorithm(), "winograd")
	p.Algorithm = "winograd"
	require.Equal(t, "winograd", plan(1).Algorithm()) // who names it wants it
	p.WeightLimit = -1
	_, err := New(p, weights, nil)
	require.EqualError(t, err, "conv: WeightLimit is -1, want at least 0")
	_, err = NewShared(p, weights, nil, nil)
	require.EqualError(t, err, "conv: packed is nil")
}
