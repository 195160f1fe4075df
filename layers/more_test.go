package layers_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// array is a tensor of float64 that plain references read and write by index.
type array struct {
	dims []int
	x    []float64
}

func newArray(dims ...int) array {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return array{dims, make([]float64, n)}
}

func (a array) at(index ...int) *float64 {
	i := 0
	for k, d := range a.dims {
		i = i*d + index[k]
	}
	return &a.x[i]
}

// each calls f with every index.
func (a array) each(f func(i []int)) {
	index := make([]int, len(a.dims))
	for range a.x {
		f(index)
		for k := len(index) - 1; k >= 0; k-- {
			if index[k]++; index[k] < a.dims[k] {
				break
			}
			index[k] = 0
		}
	}
}

func randomArray(seed uint64, dims ...int) array {
	a := newArray(dims...)
	for i, v := range random(seed, len(a.x), 1) {
		a.x[i] = float64(v)
	}
	return a
}

func (a array) floats() []float32 {
	y := make([]float32, len(a.x))
	for i, v := range a.x {
		y[i] = float32(v)
	}
	return y
}

// agrees runs a layer on inputs and compares with what a plain loop says.
func agrees(t *testing.T, l layers.Layer, want array, in ...array) {
	t.Helper()
	for _, isa := range asm.Supported() {
		for _, unfused := range []bool{false, true} {
			g := layers.NewGraph()
			var vals []layers.Value
			var src [][]float32
			for i, x := range in {
				vals = append(vals, g.InputOf(fmt.Sprint("x", i), tensor.T(tensor.Float32, x.dims...)))
				src = append(src, x.floats())
			}
			y := g.Apply(l, vals...)
			require.NoError(t, g.Err(), "%+v", l)
			require.Equal(t, want.dims, y.Type().Dims.Slice(), "%T", l)
			g.Output(y)
			m, err := g.Compile(layers.Options{Exact: true, Kernels: kernels(t, isa), Unfused: unfused, Poison: true})
			require.NoError(t, err)
			got := make([]float32, len(want.x))
			for i := range got {
				got[i] = float32(math.NaN())
			}
			m.NewSession(2).ForwardAll([][]float32{got}, src)
			for i, w := range want.x {
				if d := math.Abs(float64(got[i]) - w); !(d <= 2e-5*(1+math.Abs(w))) {
					t.Fatalf("%T on %v: [%d] is %v, want %v", l, isa, i, got[i], w)
				}
			}
		}
	}
}

func TestLayers1D(t *testing.T) {
	const n, c, w, outC = 2, 6, 19, 8
	s := tensor.Shape{N: n, C: c, H: 1, W: w}
	x := randomArray(1, n, c, w)
	win := layers.Window1D{Kernel: 3, Stride: 2, Dilation: 2, PadLeft: 1, PadRight: 2}
	flat := tensor.Window{KernelH: 1, KernelW: 3, StrideW: 2, DilationW: 2, PadLeft: 1, PadRight: 2}
	weights, bias := random(2, outC*c/2*3, 1), random(3, outC, 1)
	y, _, _ := ref.Conv2D(tensor.NCHW, s, outC, flat, 2, x.x, weights, bias)
	conv := layers.Conv1D{OutC: outC, Window: win, Groups: 2, Weights: weights, Bias: bias}
	agrees(t, conv, array{[]int{n, outC, 9}, y}, x)
	agrees(t, conv, array{[]int{n, outC, 1, 9}, y}, array{[]int{n, c, 1, w}, x.x})

	agrees(t, layers.MaxPool1D{Window: win}, array{[]int{n, c, 9}, ref.MaxPool2D(tensor.NCHW, s, flat, x.x)}, x)
	for _, include := range []bool{false, true} {
		y, _, _ := ref.AvgPool2D(tensor.NCHW, s, flat, include, x.x)
		agrees(t, layers.AvgPool1D{Window: win, CountIncludePad: include}, array{[]int{n, c, 9}, y}, x)
	}
}

func TestConvTranspose2D(t *testing.T) {
	const n, c, outC, groups, h, w = 2, 6, 4, 2, 5, 4
	win := tensor.Window{KernelH: 3, KernelW: 4, StrideH: 2, StrideW: 3, DilationH: 2, DilationW: 1, PadTop: 1, PadBottom: 2, PadLeft: 0, PadRight: 1}
	x, weights, bias := randomArray(1, n, c, h, w), randomArray(2, c, outC/groups, 3, 4), randomArray(3, outC)
	want := newArray(n, outC, 2*(h-1)+2*2+1-3+1, 3*(w-1)+3+1-1+2)
	want.each(func(i []int) { *want.at(i...) = bias.x[i[1]] })
	x.each(func(i []int) {
		for o := range outC / groups {
			for kh := range 3 {
				for kw := range 4 {
					r, q := 2*i[2]+2*kh-1, 3*i[3]+kw
					if oc := i[1]/(c/groups)*(outC/groups) + o; r >= 0 && r < want.dims[2] && q < want.dims[3] {
						*want.at(i[0], oc, r, q) += *x.at(i...) * *weights.at(i[1], o, kh, kw)
					}
				}
			}
		}
	})
	agrees(t, layers.ConvTranspose2D{
		OutC: outC, Window: win, OutputPadH: 1, OutputPadW: 2, Groups: groups, Weights: weights.floats(), Bias: bias.floats(),
	}, want, x)
}

// stretched is a map stretched along both axes by a kernel over pixels: at says which place of the input an output stands for.
func stretched(x array, h, w int, at func(out, inSize, outSize int) float64, kernel func(d float64) float64, reach int) array {
	y := newArray(x.dims[0], x.dims[1], h, w)
	y.each(func(i []int) {
		r, q := at(i[2], x.dims[2], h), at(i[3], x.dims[3], w)
		sum := 0.0
		for a := int(math.Floor(r)) - reach; a <= int(math.Floor(r))+reach+1; a++ {
			for b := int(math.Floor(q)) - reach; b <= int(math.Floor(q))+reach+1; b++ {
				v := *x.at(i[0], i[1], min(max(a, 0), x.dims[2]-1), min(max(b, 0), x.dims[3]-1))
				sum += v * kernel(r-float64(a)) * kernel(q-float64(b))
			}
		}
		*y.at(i...) = sum
	})
	return y
}

func TestUpsample(t *testing.T) {
	x := randomArray(1, 2, 3, 5, 7)
	half := func(out, inSize, outSize int) float64 {
		return (float64(out)+0.5)*float64(inSize)/float64(outSize) - 0.5
	}
	corners := func(out, inSize, outSize int) float64 {
		return float64(out) * float64(inSize-1) / float64(outSize-1)
	}
	linear := func(d float64) float64 { return max(0, 1-math.Abs(d)) }
	cubic := func(d float64) float64 { // Keys, with a = -3/4
		const a = -0.75
		switch d = math.Abs(d); {
		case d <= 1:
			return (a+2)*d*d*d - (a+3)*d*d + 1
		case d < 2:
			return a*d*d*d - 5*a*d*d + 8*a*d - 4*a
		}
		return 0
	}
	for _, size := range [][2]int{{10, 14}, {8, 9}, {3, 20}} {
		h, w := size[0], size[1]
		nearest := newArray(2, 3, h, w)
		nearest.each(func(i []int) { *nearest.at(i...) = *x.at(i[0], i[1], i[2]*5/h, i[3]*7/w) })
		agrees(t, layers.Upsample{H: h, W: w}, nearest, x)
		agrees(t, layers.Upsample{H: h, W: w, Mode: graph.Linear}, stretched(x, h, w, half, linear, 1), x)
		agrees(t, layers.Upsample{H: h, W: w, Mode: graph.Cubic}, stretched(x, h, w, half, cubic, 2), x)
		agrees(t, layers.Upsample{H: h, W: w, Mode: graph.Linear, AlignCorners: true}, stretched(x, h, w, corners, linear, 1), x)
	}
	agrees(t, layers.Upsample{Scale: 2, Mode: graph.Linear}, stretched(x, 10, 14, half, linear, 1), x)
}

func TestPixelShuffleAndPad(t *testing.T) {
	const f = 3
	x := randomArray(1, 2, 2*f*f, 4, 5)
	want := newArray(2, 2, 4*f, 5*f)
	want.each(func(i []int) { *want.at(i...) = *x.at(i[0], (i[1]*f+i[2]%f)*f+i[3]%f, i[2]/f, i[3]/f) })
	agrees(t, layers.PixelShuffle{Factor: f}, want, x)

	for mode, from := range map[graph.PadMode]func(i, n int) int{
		graph.PadConstant: func(i, n int) int { return i },
		graph.PadEdge:     func(i, n int) int { return min(max(i, 0), n-1) },
		graph.PadReflect: func(i, n int) int {
			if i = max(i, -i); i < n {
				return i
			}
			return 2*(n-1) - i
		},
		graph.PadWrap: func(i, n int) int { return (i + n) % n },
	} {
		want := newArray(2, 18, 4+2+1, 5+3-1)
		want.each(func(i []int) {
			r, q := from(i[2]-2, 4), from(i[3]-3, 5)
			if *want.at(i...) = 1.5; r >= 0 && r < 4 && q >= 0 && q < 5 {
				*want.at(i...) = *x.at(i[0], i[1], r, q)
			}
		})
		agrees(t, layers.Pad{Top: 2, Left: 3, Bottom: 1, Right: -1, Mode: mode, Value: 1.5}, want, x)
	}
}

// normalised is x with the pieces that have the same key normalised.
func normalised(x array, eps float64, key func(i []int) int, scale, shift func(i []int) float64) array {
	sum, square, n := map[int]float64{}, map[int]float64{}, map[int]float64{}
	x.each(func(i []int) {
		sum[key(i)] += *x.at(i...)
		n[key(i)]++
	})
	x.each(func(i []int) {
		d := *x.at(i...) - sum[key(i)]/n[key(i)]
		square[key(i)] += d * d
	})
	y := newArray(x.dims...)
	x.each(func(i []int) {
		k := key(i)
		*y.at(i...) = (*x.at(i...)-sum[k]/n[k])/math.Sqrt(square[k]/n[k]+eps)*scale(i) + shift(i)
	})
	return y
}

func TestNorms(t *testing.T) {
	x := randomArray(1, 2, 6, 4, 5)
	for i := range x.x {
		x.x[i] = float64(float32(x.x[i]*3 + 1))
	}
	gamma, beta := randomArray(2, 6), randomArray(3, 6)
	g, b := gamma.floats(), beta.floats()
	scale, shift := func(i []int) float64 { return gamma.x[i[1]] }, func(i []int) float64 { return beta.x[i[1]] }
	one, none := func([]int) float64 { return 1 }, func([]int) float64 { return 0 }
	instance := func(i []int) int { return i[0]*6 + i[1] }
	agrees(t, layers.InstanceNorm{Gamma: g, Beta: b, Eps: 0.1}, normalised(x, 0.1, instance, scale, shift), x)
	agrees(t, layers.InstanceNorm{}, normalised(x, 1e-5, instance, one, none), x)
	group := func(i []int) int { return i[0]*3 + i[1]/2 }
	agrees(t, layers.GroupNorm{Groups: 3, Gamma: g, Beta: b}, normalised(x, 1e-5, group, scale, shift), x)
	agrees(t, layers.GroupNorm{Groups: 3, Beta: b, Eps: 0.5}, normalised(x, 0.5, group, one, shift), x)

	row := func(i []int) int { return (i[0]*6+i[1])*4 + i[2] }
	agrees(t, layers.LayerNorm{}, normalised(x, 1e-5, row, one, none), x)
	gamma, beta = randomArray(4, 6, 4, 5), randomArray(5, 6, 4, 5)
	whole := layers.LayerNorm{Axis: 1, Gamma: gamma.floats(), Beta: beta.floats(), Eps: 0.1}
	agrees(t, whole, normalised(x, 0.1, func(i []int) int { return i[0] },
		func(i []int) float64 { return *gamma.at(i[1:]...) }, func(i []int) float64 { return *beta.at(i[1:]...) }), x)

	slope := random(6, 6, 1)
	for _, n := range []int{1, 6} {
		want := newArray(x.dims...)
		want.each(func(i []int) {
			if *want.at(i...) = *x.at(i...); *x.at(i...) < 0 {
				*want.at(i...) *= float64(slope[i[1]%n])
			}
		})
		agrees(t, layers.PReLU{Slope: slope[:n]}, want, x)
	}
}

// double is an operator that only this test knows.
type double struct{}

func (double) Infer(in []graph.Arg) ([]tensor.Type, error) {
	if len(in) != 2 {
		return nil, fmt.Errorf("%d inputs, want 2", len(in))
	}
	return []tensor.Type{in[1].Type}, nil
}

func (double) Eval(out, in []tensor.Array) error {
	for i := range out[0].Len() {
		out[0].SetFloat(i, 2*in[1].Float(i)+in[0].Float(0))
	}
	return nil
}

func TestShapeLayers(t *testing.T) {
	x := randomArray(1, 2, 6, 4, 5)
	agrees(t, layers.Reshape{Dims: []int{0, 3, -1}}, array{[]int{2, 3, 40}, x.x}, x)
	want := newArray(2, 5, 6, 4)
	want.each(func(i []int) { *want.at(i...) = *x.at(i[0], i[2], i[3], i[1]) })
	agrees(t, layers.Transpose{Perm: []int{0, 3, 1, 2}}, want, x)
	want = newArray(2, 2, 4, 5)
	want.each(func(i []int) { *want.at(i...) = *x.at(i[0], 1+2*i[1], i[2], i[3]) })
	agrees(t, layers.Slice{Axis: 1, Start: 1, End: 5, Step: 2}, want, x)
	want = newArray(2, 6, 4, 3)
	want.each(func(i []int) { *want.at(i...) = *x.at(i[0], i[1], i[2], 2+i[3]) })
	agrees(t, layers.Slice{Axis: -1, Start: -3}, want, x)
	want = newArray(2, 6, 4, 5)
	want.each(func(i []int) { *want.at(i...) = 2**x.at(i...) + 0.5 })
	agrees(t, layers.Custom{Op: double{}}, want, array{[]int{1}, []float64{0.5}}, x)
}

// TestMoreErrors: every wrong argument is named.
func TestMoreErrors(t *testing.T) {
	in := tensor.Shape{N: 1, C: 6, H: 4, W: 5}
	for want, l := range map[string]layers.Layer{
		"the input is 1x6x4x5, want [N, C, W] or [N, C, 1, W]": layers.Conv1D{OutC: 1, Window: layers.Window1D{Kernel: 1}},
		`maxpool1d "p": the input is`:                          layers.MaxPool1D{Name: "p", Window: layers.Window1D{Kernel: 1}},
		`avgpool1d "avgpool1d1": the input is`:                 layers.AvgPool1D{Window: layers.Window1D{Kernel: 1}},
		"OutC is 0":                                            layers.ConvTranspose2D{},
		"Groups is 4":                                          layers.ConvTranspose2D{OutC: 4, Groups: 4},
		"len(Weights)":                                         layers.ConvTranspose2D{OutC: 4, Window: tensor.Square(2, 2, 0), Weights: make([]float32, 95)},
		"len(Bias) is 3":                                       layers.ConvTranspose2D{OutC: 4, Window: tensor.Square(2, 2, 0), Weights: make([]float32, 96), Bias: make([]float32, 3)},
		"OutputPadH":                                           layers.ConvTranspose2D{OutC: 4, OutputPadH: -1, Window: tensor.Square(2, 2, 0), Weights: make([]float32, 96)},
		"KernelH":                                              layers.ConvTranspose2D{OutC: 4},
		"H is 0, W 3":                                          layers.Upsample{W: 3},
		"Scale 2":                                              layers.Upsample{H: 3, W: 3, Scale: 2},
		"AlignCorners":                                         layers.Upsample{H: 3, W: 3, AlignCorners: true},
		"Factor is 0":                                          layers.PixelShuffle{},
		`pixelshuffle "x": `: layers.PixelShuffle{
			Name: "x", Factor: 4,
		},
		`pad "pad1"`:      layers.Pad{Top: -9},
		"len(Slope) is 2": layers.PReLU{Slope: make([]float32, 2)},
		"Axis is 4":       layers.LayerNorm{Axis: 4},
		"Axis is -4":      layers.LayerNorm{Axis: -4},
		"Eps is -1":       layers.LayerNorm{Eps: -1},
		"Groups is 5":     layers.GroupNorm{Groups: 5},
		"len(Gamma) is 2": layers.GroupNorm{Groups: 2, Gamma: make([]float32, 2)},
		"len(Beta) is 5":  layers.InstanceNorm{Beta: make([]float32, 5)},
		`reshape "r": `:   layers.Reshape{Name: "r", Dims: []int{7, -1}},
		"Dims has 9":      layers.Reshape{Dims: make([]int, 9)},
		"Perm is [0 1 1 2], want each of the axes of 1x6x4x5 once": layers.Transpose{Perm: []int{0, 1, 1, 2}},
		"Perm is [0]":   layers.Transpose{Perm: []int{0}},
		"Axis is 7":     layers.Slice{Axis: 7},
		"Step is -1":    layers.Slice{Step: -1},
		"Start is 5":    layers.Slice{Axis: 1, Start: 5, End: 2},
		"Op is nil":     layers.Custom{},
		`custom "mine"`: layers.Custom{Name: "mine", Op: double{}},
	} {
		_, err := layers.Compile(l, in, layers.Options{})
		require.ErrorContains(t, err, want, "%+v", l)
	}
}
