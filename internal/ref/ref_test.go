package ref

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

var nan = float32(math.NaN())

// iota fills a slice with 1, 2, 3 ...
func iota(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i + 1)
	}
	return x
}

func TestConv2D(t *testing.T) {
	// 1 2 3
	// 4 5 6  with a 2x2 kernel 1 -2 / 3 -4 and a column of padding on the right.
	// 7 8 9
	in := tensor.Shape{N: 1, C: 1, H: 3, W: 3}
	win := tensor.Window{KernelH: 2, KernelW: 2, PadRight: 1}
	w := []float32{1, -2, 3, -4}
	for _, l := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
		y, cond, depth := Conv2D(l, in, 1, win, 1, iota(9), w, []float32{10})
		require.Equal(t, []float64{1 - 4 + 12 - 20 + 10, 2 - 6 + 15 - 24 + 10, 3 + 18 + 10, 4 - 10 + 21 - 32 + 10, 5 - 12 + 24 - 36 + 10, 6 + 27 + 10}, y)
		require.Equal(t, []float64{47, 57, 31, 77, 87, 43}, cond)
		require.Equal(t, 5, depth)
	}

	// Stride 2, dilation 2, padding on the top only: windows start at row -1.
	y, _, _ := Conv2D(tensor.NCHW, tensor.Shape{N: 1, C: 1, H: 4, W: 3}, 1,
		tensor.Window{KernelH: 2, KernelW: 2, StrideH: 2, DilationH: 2, DilationW: 2, PadTop: 1}, 1, iota(12), []float32{1, 10, 100, 1000}, nil)
	require.Equal(t, []float64{100*4 + 1000*6, 4 + 10*6 + 100*10 + 1000*12}, y)

	// Two groups of two input channels, three output channels each; both layouts agree.
	in = tensor.Shape{N: 2, C: 4, H: 1, W: 2}
	x, w := iota(16), iota(12)
	y, _, depth := Conv2D(tensor.NCHW, in, 6, tensor.Window{KernelH: 1, KernelW: 1}, 2, x, w, nil)
	require.Equal(t, 2, depth)
	require.Equal(t, []float64{
		1*1 + 2*3, 1*2 + 2*4, 3*1 + 4*3, 3*2 + 4*4, 5*1 + 6*3, 5*2 + 6*4, // outputs 0 to 2 see channels 0 and 1
		7*5 + 8*7, 7*6 + 8*8, 9*5 + 10*7, 9*6 + 10*8, 11*5 + 12*7, 11*6 + 12*8,
	}, y[:12])
	y2, _, _ := Conv2D(tensor.NHWC, in, 6, tensor.Window{KernelH: 1, KernelW: 1}, 2, Convert(tensor.NCHW, tensor.NHWC, in, x), w, nil)
	require.Equal(t, y, Convert(tensor.NHWC, tensor.NCHW, tensor.Shape{N: 2, C: 6, H: 1, W: 2}, y2))
}

func TestGemm(t *testing.T) {
	a := []float32{1, 2, 0, 3, 4, 0}     // 1 2 / 3 4 in rows of 3
	b := []float32{5, 6, 7, 8, 9, 10}    // 5 6 7 / 8 9 10
	c := []float32{1, 1, 1, 77, 1, 1, 1} // rows of 4
	y, cond := Gemm(false, false, 2, 3, 2, -2, a, 3, b, 3, 10, c, 4)
	require.Equal(t, []float64{-42 + 10, -48 + 10, -54 + 10, 77, -94 + 10, -108 + 10, -122 + 10}, y)
	require.Equal(t, []float64{52, 58, 64, 0, 104, 118, 132}, cond)

	bT := []float32{5, 8, 6, 9, 7, 10}
	aT := []float32{1, 3, 2, 4}
	y2, cond2 := Gemm(true, true, 2, 3, 2, -2, aT, 2, bT, 2, 10, c, 4)
	require.Equal(t, y, y2)
	require.Equal(t, cond, cond2)

	y, _ = Gemm(false, false, 1, 1, 1, 1, []float32{2}, 1, []float32{3}, 1, 0, []float32{nan}, 1)
	require.Equal(t, []float64{6}, y, "beta 0 must not read C")
	y, _ = Gemm(false, false, 1, 1, 0, 1, nil, 1, nil, 1, 2, []float32{3}, 1)
	require.Equal(t, []float64{6}, y, "an empty sum still scales C")
}

func TestPool(t *testing.T) {
	// A row of 5, windows of 3 with stride 2 and one padded element before: [p 1 2] [2 3 4] [4 5 -],
	// the last of them in ceil mode only.
	in := tensor.Shape{N: 1, C: 1, H: 1, W: 5}
	win := tensor.Window{KernelH: 1, KernelW: 3, StrideW: 2, PadLeft: 1}
	require.Equal(t, []float32{2, 4}, MaxPool2D(tensor.NCHW, in, win, iota(5)))
	win.CeilMode = true
	require.Equal(t, []float32{2, 4, 5}, MaxPool2D(tensor.NHWC, in, win, iota(5)))
	require.Equal(t, []float32{-1, -2, -4}, MaxPool2D(tensor.NHWC, in, win, []float32{-1, -2, -3, -4, -5}), "padding is no 0")

	y, cond, depth := AvgPool2D(tensor.NCHW, in, win, false, []float32{-1, 2, 3, 4, 5})
	require.Equal(t, []float64{0.5, 3, 4.5}, y)
	require.Equal(t, []float64{1.5, 3, 4.5}, cond)
	require.Equal(t, 3, depth)
	y, _, _ = AvgPool2D(tensor.NCHW, in, win, true, iota(5))
	require.Equal(t, []float64{1, 3, 4.5}, y, "the part beyond the padding does not count")
	win.PadRight = 1
	y, _, _ = AvgPool2D(tensor.NCHW, in, win, true, iota(5))
	require.Equal(t, []float64{1, 3, 3}, y)

	got := MaxPool2D(tensor.NCHW, in, tensor.Window{KernelH: 1, KernelW: 3}, []float32{1, nan, 9, 4, 5})
	require.True(t, got[0] != got[0] && got[1] != got[1] && got[2] == 9, "NaN wins: %v", got)

	y, _, _ = GlobalAvgPool2D(tensor.NHWC, tensor.Shape{N: 2, C: 2, H: 1, W: 2}, iota(8))
	require.Equal(t, []float64{2, 3, 6, 7}, y)
}

func TestUnary(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name             string
		x, a, b, want, e float64
	}{
		{"identity", -3, 0, 0, -3, 0},
		{"relu", -3, 0, 0, 0, 0}, {"relu", 3, 0, 0, 3, 0}, {"relu", inf, 0, 0, inf, 0},
		{"clamp", 7, 0, 6, 6, 0}, {"clamp", -7, -1, 6, -1, 0}, {"clamp", 2, -1, 6, 2, 0},
		{"leaky_relu", -2, 0.25, 0, -0.5, 0}, {"leaky_relu", 2, 0.25, 0, 2, 0},
		{"sigmoid", 0, 0, 0, 0.5, 0}, {"sigmoid", math.Log(3), 0, 0, 0.75, 1e-15}, {"sigmoid", -inf, 0, 0, 0, 0}, {"sigmoid", -1000, 0, 0, 0, 0},
		{"tanh", math.Log(2), 0, 0, 0.6, 1e-15},
		{"silu", math.Log(3), 0, 0, 0.75 * math.Log(3), 1e-15}, {"silu", -10000, 0, 0, 0, 0}, {"silu", -inf, 0, 0, math.NaN(), 0},
		{"hard_sigmoid", 1, 0.2, 0.5, 0.7, 1e-15}, {"hard_sigmoid", 9, 0.2, 0.5, 1, 0}, {"hard_sigmoid", -9, 0.2, 0.5, 0, 0},
		{"hard_swish", 1, 0, 0, 4.0 / 6, 1e-15}, {"hard_swish", 5, 0, 0, 5, 0}, {"hard_swish", -5, 0, 0, 0, 0},
		{"elu", -math.Ln2, 2, 0, -1, 1e-15}, {"elu", 3, 2, 0, 3, 0}, {"elu", -inf, 2, 0, -2, 0},
		{"selu", 1, 0, 0, 1.0507009873554805, 1e-15}, {"selu", -inf, 0, 0, -1.7580993408473766, 1e-15},
		{"gelu", 1, 0, 0, 0.8413447460685429, 1e-15}, {"gelu", -10, 0, 0, -7.61985302416e-23, 1e-33}, {"gelu", inf, 0, 0, inf, 0},
		{"gelu_tanh", 1, 0, 0, 0.841191990608303, 1e-12},
		{"softplus", 0, 0, 0, math.Ln2, 1e-15}, {"softplus", 800, 0, 0, 800, 0}, {"softplus", -inf, 0, 0, 0, 0},
		{"mish", 1, 0, 0, 0.8650983882673103, 1e-12},
		{"exp", 1, 0, 0, math.E, 0}, {"log", math.E, 0, 0, 1, 0}, {"sqrt", 9, 0, 0, 3, 0}, {"abs", -2, 0, 0, 2, 0}, {"neg", 2, 0, 0, -2, 0},
	} {
		got := Unary(c.name, c.x, c.a, c.b)
		ok := got == c.want || math.Abs(got-c.want) <= c.e || math.IsNaN(c.want) && math.IsNaN(got)
		require.True(t, ok, "%s(%v, %v, %v) = %v, want %v", c.name, c.x, c.a, c.b, got, c.want)
		require.True(t, math.IsNaN(Unary(c.name, math.NaN(), c.a, c.b)), "%s(NaN)", c.name)
	}
	require.Panics(t, func() { Unary("none", 0, 0, 0) })
	require.Equal(t, []float64{0, 2}, Map("relu", 0, 0, []float32{-1, 2}))
}

func TestSoftmaxBatchNorm(t *testing.T) {
	y := Softmax(2, 2, []float32{0, float32(math.Log(3)), 1000, 1000})
	require.InDeltaSlice(t, []float64{0.25, 0.75, 0.5, 0.5}, y, 1e-7)
	for _, v := range Softmax(1, 2, []float32{0, nan}) {
		require.True(t, math.IsNaN(v))
	}

	// 1 + 6/3*(squares of a channel, the one before and the one after), to the power of 2; then 2 channels: itself and the one after.
	y = LRN(tensor.NCHW, tensor.Shape{N: 1, C: 3, H: 1, W: 1}, 3, 6, 2, 1, []float64{1, 2, 3})
	require.InDeltaSlice(t, []float64{1 / (11. * 11), 2 / (29. * 29), 3 / (27. * 27)}, y, 1e-15)
	y = LRN(tensor.NHWC, tensor.Shape{N: 1, C: 3, H: 1, W: 1}, 2, 6, 1, 1, iota(3))
	require.InDeltaSlice(t, []float64{1. / 16, 2. / 40, 3. / 28}, y, 1e-15)

	s := tensor.Shape{N: 1, C: 2, H: 1, W: 2}
	y, cond := BatchNorm(tensor.NHWC, s, []float32{2, 3}, []float32{0.5, -0.5}, []float32{1, 2}, []float32{3, 8}, 1, iota(4))
	require.Equal(t, []float64{0.5, -0.5, 2.5, 1.5}, y)
	require.Equal(t, []float64{2.5, 4.5, 4.5, 6.5}, cond)
	y, _ = BatchNorm(tensor.NHWC, s, nil, nil, []float32{1, 2}, []float32{4, 9}, 0, iota(4))
	require.Equal(t, []float64{0, 0, 1, 2.0 / 3}, y)
}

func TestSum(t *testing.T) {
	var s Sum
	s.Add(1)
	s.Add(0x1p60)
	s.AddProduct(-0x1p30, 0x1p30)
	require.Equal(t, 1.0, s.Value(), "nothing is lost")
	s = Sum{}
	s.AddProduct(1+0x1p-30, 1+0x1p-30)
	s.Add(-1)
	s.Add(-0x1p-29)
	require.Equal(t, 0x1p-60, s.Value(), "the product is exact")
	s.Scale(3)
	require.Equal(t, 3*0x1p-60, s.Value())
	s.Add(math.Inf(1))
	s.Add(1)
	require.Equal(t, math.Inf(1), s.Value())
	s.Add(math.Inf(-1))
	require.True(t, math.IsNaN(s.Value()))
}
