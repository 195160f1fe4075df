package layers_test

import (
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// random returns n numbers in -scale to scale.
func random(seed uint64, n int, scale float32) []float32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, n)
	for i := range x {
		x[i] = scale * (2*rng.Float32() - 1)
	}
	return x
}

// block is a convolution with batch normalisation, as residual networks have it.
func block(seed uint64, in, out, kernel, stride int) layers.Sequential {
	var variance []float32
	for _, v := range random(seed+3, out, 0.5) {
		variance = append(variance, 1+v)
	}
	return layers.Sequential{
		layers.Conv2D{OutC: out, Window: tensor.Square(kernel, stride, kernel/2), Weights: random(seed, out*in*kernel*kernel, 0.5)},
		layers.BatchNorm{Gamma: random(seed+1, out, 2), Beta: random(seed+2, out, 1), Mean: random(seed+4, out, 1), Var: variance},
	}
}

// zoo has everything: all ways to fuse, all ways not to, flattening before linear, affine, concat and output.
func zoo() layers.Layer {
	return layers.Sequential{
		block(10, 3, 8, 3, 2), layers.ReLU6{},
		layers.Residual{Body: layers.Sequential{block(20, 8, 8, 3, 1), layers.SiLU{}, block(30, 8, 8, 1, 1)}},
		layers.ReLU{Name: "act"},
		layers.Residual{Body: block(40, 8, 12, 3, 1), Shortcut: block(50, 8, 12, 1, 1)},
		layers.LeakyReLU{Slope: 0.1},
		layers.Residual{Body: layers.Conv2D{OutC: 12, Window: tensor.Square(1, 1, 0), Weights: random(60, 144, 0.3)}, Shortcut: layers.MaxPool2D{Window: tensor.Square(3, 1, 1)}},
		layers.Residual{Body: layers.Tanh{}, Shortcut: layers.Sigmoid{}},
		layers.Scale{Shift: random(61, 12, 1)}, layers.Scale{Scale: random(62, 12, 1)}, layers.Clamp{Lo: -1, Hi: 2},
		layers.Parallel{Branches: []layers.Layer{
			layers.AvgPool2D{Window: tensor.Square(2, 1, 0)},
			layers.Sequential{layers.MaxPool2D{Window: tensor.Square(2, 1, 0)}, layers.ELU{Alpha: 0.5}},
			layers.Conv2D{OutC: 6, Groups: 3, Window: tensor.Square(2, 1, 0), Weights: random(63, 6*4*4, 1), Bias: random(64, 6, 1)},
		}},
		layers.LocalResponseNorm{Size: 5, Alpha: 0.3, Beta: 0.75, K: 1},
		layers.Dropout{},
		layers.Flatten{},
		layers.BatchNorm{Mean: random(65, 30*49, 1), Var: ones(30 * 49)},
		layers.Parallel{Branches: []layers.Layer{
			layers.Sequential{layers.Linear{Out: 9, Weights: random(66, 9*30*49, 0.05)}, layers.Scale{Scale: random(68, 9, 1), Shift: random(69, 9, 1)}, layers.ReLU{}},
			layers.Sequential{layers.Linear{Out: 5, Weights: random(67, 5*30*49, 0.05), Bias: random(70, 5, 1)}, layers.HardSwish{}},
			layers.Sequential{layers.HardSigmoid{Alpha: 0.2, Beta: 0.5}, layers.Identity{}},
		}},
		layers.GELU{},
		layers.Softmax{},
	}
}

func ones(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = 1
	}
	return x
}

var zooIn = tensor.Shape{N: 2, C: 3, H: 15, W: 16}

var layouts = []tensor.Layout{tensor.NCHW, tensor.NHWC}

// kernels returns a level's kernels.
func kernels(t testing.TB, isa asm.ISA) *asm.Set {
	k, err := asm.For(isa)
	require.NoError(t, err)
	return k
}

func outputs(m *layers.Model) [][]float32 {
	var out [][]float32
	for _, s := range m.Outputs() {
		out = append(out, make([]float32, s.Elems()))
	}
	return out
}

func forward(t testing.TB, l layers.Layer, in tensor.Shape, o layers.Options, threads int, x []float32) []float32 {
	m, err := layers.Compile(l, in, o)
	require.NoError(t, err)
	y := make([]float32, m.Outputs()[0].Elems())
	m.NewSession(threads).Forward(y, x)
	return y
}

func requireClose(t testing.TB, want, got []float32, tol float64) {
	require.Len(t, got, len(want))
	top := 0.0
	for _, v := range want {
		top = max(top, math.Abs(float64(v)))
	}
	for i := range want {
		require.InDelta(t, want[i], got[i], tol*top, "element %d", i)
	}
}

// TestFusing compares a network with every layer by itself, on the portable kernels, with all other ways to compile it.
func TestFusing(t *testing.T) {
	x := random(1, zooIn.Elems(), 1)
	want := forward(t, zoo(), zooIn, layers.Options{Exact: true, Unfused: true, Kernels: kernels(t, asm.Generic)}, 1, x)
	spread := map[float32]bool{}
	for _, v := range want {
		spread[v] = true
	}
	require.Greater(t, len(spread), 100, "the network says something")
	for _, isa := range asm.Supported() {
		for _, unfused := range []bool{false, true} {
			o := layers.Options{Exact: true, Kernels: kernels(t, isa), Unfused: unfused}
			one := forward(t, zoo(), zooIn, o, 1, x)
			requireClose(t, want, one, 1e-5)
			require.Equal(t, one, forward(t, zoo(), zooIn, o, 2, x), "threads change no bit")
			o.Layout = tensor.NHWC
			requireClose(t, want, forward(t, zoo(), zooIn, o, 1, ref.Convert(tensor.NCHW, tensor.NHWC, zooIn, x)), 1e-5)
		}
	}
}

// TestLayers compares layers with what they are made of, on integers: exactly.
func TestLayers(t *testing.T) {
	in := tensor.Shape{N: 2, C: 6, H: 5, W: 4}
	x := make([]float32, in.Elems())
	check.FillInts(x, 1, 4)
	w := make([]float32, 4*3*9)
	check.FillInts(w, 2, 4)
	b := []float32{1, -2, 3, -4}
	win := tensor.Window{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 1, PadTop: 1, PadLeft: 2, PadRight: 1}

	y, _, _ := ref.Conv2D(tensor.NCHW, in, 4, win, 2, x, w, b)
	got := forward(t, layers.Conv2D{OutC: 4, Groups: 2, Window: win, Weights: w, Bias: b}, in, layers.Options{Exact: true}, 1, x)
	require.Len(t, got, len(y))
	for i := range y {
		require.Equal(t, float32(y[i]), got[i])
	}
	require.Equal(t, ref.MaxPool2D(tensor.NCHW, in, win, x), forward(t, layers.MaxPool2D{Window: win}, in, layers.Options{Exact: true}, 1, x))

	// Flattening: C, H, W order, for the layer after it and for the caller.
	require.Equal(t, x, forward(t, layers.Flatten{}, in, layers.Options{Exact: true}, 1, x))
	require.Equal(t, ref.Convert(tensor.NCHW, tensor.NHWC, in, x), forward(t, layers.Flatten{Order: tensor.NHWC}, in, layers.Options{Exact: true}, 1, x))
	n := in.C * in.H * in.W
	pick := make([]float32, 3*n) // features 7, 50 and 119
	pick[7], pick[n+50], pick[2*n+119] = 1, 1, 1
	require.Equal(t, []float32{x[7], x[50], x[119], x[n+7], x[n+50], x[n+119]},
		forward(t, layers.Sequential{layers.Flatten{}, layers.Linear{Out: 3, Weights: pick}}, in, layers.Options{Exact: true}, 1, x))
	scale := make([]float32, n)
	scale[50] = 1
	require.Equal(t, x[50], forward(t, layers.Sequential{layers.Flatten{}, layers.Scale{Scale: scale}, layers.Scale{Scale: ones(n)}}, in, layers.Options{Exact: true}, 1, x)[50])

	// A gate for each channel.
	g := layers.NewGraph()
	a, gate := g.Input("x", in), g.Input("gate", tensor.Shape{N: 2, C: 6, H: 1, W: 1})
	g.Output(g.Apply(layers.Mul{}, a, gate))
	g.Output(a)
	g.Output(g.Apply(layers.Add{}, a, a, a))
	m, err := g.Compile(layers.Options{Exact: true})
	require.NoError(t, err)
	s := make([]float32, 12)
	check.FillInts(s, 3, 4)
	out := outputs(m)
	m.NewSession(1).ForwardAll(out, [][]float32{x, s})
	for i := range x {
		require.Equal(t, x[i]*s[i/20], out[0][i])
		require.Equal(t, x[i], out[1][i])
		require.Equal(t, 3*x[i], out[2][i])
	}

	// An input that is an output, twice; and a network without layers.
	g = layers.NewGraph()
	flat := g.Input("x", tensor.Shape{N: 1, C: 3, H: 1, W: 1})
	g.Output(flat)
	g.Output(flat)
	relu := g.Apply(layers.ReLU{}, flat)
	g.Output(relu)
	g.Output(relu)
	g.Apply(layers.Tanh{}, flat) // nobody wants it
	m, err = g.Compile(layers.Options{Exact: true})
	require.NoError(t, err)
	out = outputs(m)
	m.NewSession(1).ForwardAll(out, [][]float32{{-1, 2, 3}})
	require.Equal(t, [][]float32{{-1, 2, 3}, {-1, 2, 3}, {0, 2, 3}, {0, 2, 3}}, out)
}

func TestErrors(t *testing.T) {
	in := tensor.Shape{N: 1, C: 4, H: 8, W: 8}
	w := make([]float32, 1000)
	for want, l := range map[string]layers.Layer{
		`layers: conv2d "res2a": OutC is 0, want at least 1`:                            layers.Conv2D{Name: "res2a", Window: tensor.Square(3, 1, 1)},
		`layers: conv2d "res2a": Groups is 3, want a divisor of the input's 4 channels`: layers.Conv2D{Name: "res2a", OutC: 6, Groups: 3},
		`layers: conv2d "conv2d1": len(Weights) is 1000, want OutC*C/Groups*KernelH*KernelW = 4*4*3*3`: layers.Conv2D{
			OutC: 4, Window: tensor.Square(3, 1, 1), Weights: w},
		`layers: conv2d "conv2d1": Window on an input n1c4h8w8: tensor: input H is 8`: layers.Conv2D{OutC: 4, Window: tensor.Square(9, 1, 0), Weights: w},
		`layers: conv2d "conv2d1": Window.CeilMode is true`:                           layers.Conv2D{OutC: 4, Window: tensor.Window{KernelH: 1, KernelW: 1, CeilMode: true}},
		`layers: conv2d "c": len(Bias) is 2, want OutC = 4 or nil`:                    layers.Conv2D{Name: "c", OutC: 4, Window: tensor.Square(1, 1, 0), Weights: w[:16], Bias: w[:2]},
		`layers: linear "fc": the input is n1c4h8w8, want h1w1: put a Flatten before`: layers.Linear{Name: "fc", Out: 3},
		`layers: linear "fc": len(Weights) is 2, want Out*In = 3*256`:                 layers.Sequential{layers.Flatten{}, layers.Linear{Name: "fc", Out: 3, Weights: w[:2]}},
		`layers: batchnorm "batchnorm1": Mean or Var is nil, want C = 4 elements`:     layers.BatchNorm{},
		`layers: batchnorm "batchnorm1": len(Gamma) is 5, want C = 4 or nil`:          layers.BatchNorm{Gamma: w[:5], Mean: w[:4], Var: w[:4]},
		`layers: scale "scale1": Scale and Shift are both nil`:                        layers.Scale{},
		`layers: maxpool2d "p": Window on an input n1c4h8w8: tensor: StrideH is -1`:   layers.MaxPool2D{Name: "p", Window: tensor.Square(2, -1, 0)},
		`layers: lrn "lrn1": Size is 0`:                                               layers.LocalResponseNorm{},
		`layers: add "sum": input 1 is n1c4h4w4, want n1c4h8w8 as input 0 is`: layers.Residual{
			Name: "sum", Body: layers.Identity{}, Shortcut: layers.MaxPool2D{Window: tensor.Square(2, 2, 0)}},
		`layers: concat "cat": input 1 is n1c4h4w4, want n1, h8 and w8 as input 0 has`: layers.Parallel{
			Name: "cat", Branches: []layers.Layer{layers.Identity{}, layers.MaxPool2D{Window: tensor.Square(2, 2, 0)}}},
		`layers: concat "cat" has 0 inputs, want at least 1`: layers.Parallel{Name: "cat"},
		`layers: add "add1" has 1 inputs, want at least 2`:   layers.Add{},
		`layers: a layer is nil`:                             layers.Sequential{nil},
		`Kind is Unary(200)`:                                 layers.Activation{Func: conv.Activation{Kind: 200}},
	} {
		_, err := layers.Compile(l, in, layers.Options{Exact: true})
		require.ErrorContains(t, err, want)
	}
	_, err := layers.Compile(layers.ReLU{}, tensor.Shape{N: 1, C: 0, H: 1, W: 1}, layers.Options{Exact: true})
	require.ErrorContains(t, err, `layers: input "input": tensor: C is 0`)
	_, err = layers.Compile(layers.ReLU{}, in, layers.Options{Exact: true, Layout: 7})
	require.ErrorContains(t, err, "Options.Layout is Layout(7)")
	_, err = layers.NewGraph().Compile(layers.Options{Exact: true})
	require.ErrorContains(t, err, "there are no outputs")
	g := layers.NewGraph()
	g.Output(g.Apply(layers.Mul{Name: "gate"}, g.Input("x", tensor.Shape{N: 2, C: 4, H: 8, W: 8}), g.Input("y", tensor.Shape{N: 1, C: 4, H: 1, W: 1})))
	_, err = g.Compile(layers.Options{})
	require.ErrorContains(t, err, `layers: mul "gate": input 1 is n1c4h1w1, want n2c4h8w8 as input 0 is, or h1w1`)
	g, other := layers.NewGraph(), layers.NewGraph()
	g.Output(g.Apply(layers.ReLU{Name: "r"}, other.Input("x", in)))
	_, err = g.Compile(layers.Options{Exact: true})
	require.ErrorContains(t, err, `layers: relu "r": input 0 belongs to another graph`)

	m, err := layers.Compile(layers.ReLU{}, in, layers.Options{Exact: true})
	require.NoError(t, err)
	s := m.NewSession(1)
	x := make([]float32, in.Elems())
	require.PanicsWithValue(t, "layers: len(src) is not the input's size", func() { s.Forward(x, x[1:]) })
	require.PanicsWithValue(t, "layers: len(dst) is not the output's size", func() { s.Forward(x[1:], x) })
	require.PanicsWithValue(t, "layers: ForwardAll: len(src) is not the number of inputs", func() { s.ForwardAll([][]float32{x}, nil) })
	require.PanicsWithValue(t, "layers: ForwardAll: len(dst) is not the number of outputs", func() { s.ForwardAll(nil, [][]float32{x}) })
}

func TestNoAllocation(t *testing.T) {
	for _, threads := range []int{1, 2} {
		m, err := layers.Compile(zoo(), zooIn, layers.Options{Exact: true})
		require.NoError(t, err)
		s := m.NewSession(threads)
		x, y := random(1, zooIn.Elems(), 1), make([]float32, m.Outputs()[0].Elems())
		s.Forward(y, x)
		check.NoAllocs(t, func() { s.Forward(y, x) }, "threads %d", threads)
	}
}

// TestThreads wants the same bits from any number of threads.
func TestThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	m, err := layers.Compile(zoo(), zooIn, layers.Options{Exact: true})
	require.NoError(t, err)
	x := random(1, zooIn.Elems(), 1)
	var want []float32
	for _, threads := range []int{1, 2, 3, 8} {
		y := make([]float32, m.Outputs()[0].Elems())
		m.NewSession(threads).Forward(y, x)
		if want == nil {
			want = y
		}
		require.Equal(t, want, y, "%d threads", threads)
	}
}

func TestConcurrent(t *testing.T) {
	m, err := layers.Compile(zoo(), zooIn, layers.Options{Exact: true})
	require.NoError(t, err)
	n := m.Outputs()[0].Elems()
	want := make([][]float32, 4)
	for i := range want {
		want[i] = make([]float32, n)
		m.NewSession(1).Forward(want[i], random(uint64(i), zooIn.Elems(), 1))
	}
	var wg sync.WaitGroup
	for i := range want {
		wg.Go(func() {
			s, y := m.NewSession(2), make([]float32, n)
			for range 5 {
				s.Forward(y, random(uint64(i), zooIn.Elems(), 1))
				for j := range y {
					if y[j] != want[i][j] {
						t.Errorf("session %d: element %d is %v, want %v", i, j, y[j], want[i][j])
						return
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestTraceIsNCHW(t *testing.T) {
	in := tensor.Shape{N: 1, C: 3, H: 4, W: 5}
	x := random(1, in.Elems(), 1)
	m, err := layers.Compile(layers.Sequential{
		layers.Scale{Name: "a", Scale: ones(3)}, layers.Flatten{}, layers.Scale{Name: "b", Scale: ones(60)},
	}, in, layers.Options{Exact: true, Unfused: true})
	require.NoError(t, err)
	s := m.NewSession(1)
	seen := map[string][]float32{}
	s.Trace = func(name string, _ tensor.Shape, x []float32) { seen[name] = x }
	s.Forward(make([]float32, 60), x)
	require.Equal(t, x, seen["a"])
	require.Equal(t, x, seen["b"])
}

func TestSummary(t *testing.T) {
	m, err := layers.Compile(layers.Sequential{
		layers.Conv2D{Name: "c1", OutC: 6, Window: tensor.Square(5, 1, 2), Weights: make([]float32, 150), Bias: make([]float32, 6)},
		layers.BatchNorm{Mean: make([]float32, 6), Var: ones(6)},
		layers.ReLU{},
		layers.MaxPool2D{Window: tensor.Square(2, 2, 0)},
		layers.Flatten{},
		layers.Linear{Name: "fc", Out: 10, Weights: make([]float32, 11760)},
	}, tensor.Shape{N: 4, C: 1, H: 28, W: 28}, layers.Options{Exact: true})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, m.Summary(&b))
	// 784*4704+4704 and 1176*10+10 parameters if all were fully connected.
	for _, want := range []string{
		"c1          conv2d     6x28x28         156        117,600\n", "6x14x14", "batchnorm1", "fc          linear          10      11,760         11,760\n",
		"11,928        129,360\n", "3,704,410 parameters", "310 times as many", "(batch 4)",
	} {
		require.Contains(t, b.String(), want)
	}
	b.Reset()
	require.NoError(t, m.Summary(&b, layers.NoDense))
	require.NotContains(t, b.String(), "fully connected")
	require.Contains(t, b.String(), "11,928        129,360\n")
	b.Reset()
	require.NoError(t, m.Explain(&b))
	require.Equal(t, 4, strings.Count(b.String(), "\n"), "conv with all that is fused, pool, linear, arena:\n%s", b.String())

	// Of two groups: 4 channels of 8 for each output.
	m, err = layers.Compile(layers.Conv2D{Name: "grouped", OutC: 6, Groups: 2, Window: tensor.Square(3, 1, 1), Weights: make([]float32, 6*4*9)},
		tensor.Shape{N: 1, C: 8, H: 10, W: 10}, layers.Options{})
	require.NoError(t, err)
	b.Reset()
	require.NoError(t, m.Summary(&b))
	require.Contains(t, b.String(), "6x10x10         216         21,600\n")

	// 3 channels of 5 pixels become 4 of 9, by kernels of 3 without padding at stride 2; a sequence of 9 has no rows.
	g := layers.NewGraph()
	g.Output(g.Apply(layers.Conv1D{OutC: 4, Window: layers.Window1D{Kernel: 2}, Weights: make([]float32, 24)}, g.InputOf("s", tensor.T(tensor.Float32, 2, 3, 9))))
	y := g.Apply(layers.ConvTranspose2D{OutC: 4, Window: tensor.Window{KernelH: 1, KernelW: 3, StrideW: 2}, Weights: make([]float32, 36), Bias: make([]float32, 4)},
		g.Input("x", tensor.Shape{N: 2, C: 3, H: 1, W: 5}))
	g.Output(g.Apply(layers.Reshape{Dims: []int{0, 2, 2, 1, 11}}, y))
	m, err = g.Compile(layers.Options{})
	require.NoError(t, err)
	b.Reset()
	require.NoError(t, m.Summary(&b))
	for _, want := range []string{"4x8          24            192\n", "4x1x11          40            180\n", "2x2x1x11"} {
		require.Contains(t, b.String(), want)
	}
}

// TestOneCallAtATime: a session that is in use is not touched, by its Trace either, and one that a panic has left serves again.
func TestOneCallAtATime(t *testing.T) {
	in := tensor.Shape{N: 1, C: 8, H: 30, W: 30}
	m, err := layers.Compile(layers.Sequential{
		layers.Conv2D{OutC: 8, Window: tensor.Square(3, 1, 1), Weights: random(1, 8*8*9, 1)},
		layers.MaxPool2D{Window: tensor.Square(2, 2, 0)}, layers.Softmax{},
	}, in, layers.Options{Exact: true})
	require.NoError(t, err)
	x, out := random(2, in.Elems(), 1), m.Outputs()[0].Elems()
	s := m.NewSession(2)
	want, y := make([]float32, out), make([]float32, out)
	s.Forward(want, x)

	const busy = "layers: the session is in use: it serves one call at a time"
	traced := 0
	s.Trace = func(string, tensor.Shape, []float32) {
		traced++
		require.PanicsWithValue(t, busy, func() { s.Forward(y, x) })
		require.PanicsWithValue(t, busy, func() { s.ForwardAll([][]float32{y}, [][]float32{x}) })
	}
	s.Forward(y, x)
	check.Exact(t, "with a Trace that calls again", y, want)
	require.NotZero(t, traced)
	s.Trace = func(string, tensor.Shape, []float32) { panic("Trace") }
	require.PanicsWithValue(t, "Trace", func() { s.Forward(y, x) })
	s.Trace = nil
	clear(y)
	s.Forward(y, x)
	check.Exact(t, "after a panic", y, want)
	check.Shared(t, busy, func() (call, verify func()) {
		y := make([]float32, out)
		return func() { s.Forward(y, x) }, func() { check.Exact(t, "shared", y, want) }
	})
}

func TestOverlap(t *testing.T) {
	const overlap = "layers: dst overlaps src, or another output"
	s := tensor.Shape{N: 1, C: 4, H: 3, W: 3}
	var g layers.Graph
	a, b := g.Input("a", s), g.Input("b", s)
	g.Output(g.Apply(layers.Add{}, a, b))
	g.Output(g.Apply(layers.ReLU{}, a))
	m, err := g.Compile(layers.Options{Exact: true})
	require.NoError(t, err)
	x := make([]float32, 200)
	session := m.NewSession(1)
	at := func(i int) []float32 { return x[i : i+36] }
	run := func(y0, y1, x0, x1 int) { session.ForwardAll([][]float32{at(y0), at(y1)}, [][]float32{at(x0), at(x1)}) }
	run(0, 36, 72, 108)
	run(0, 36, 72, 72)
	for _, c := range [][4]int{{0, 0, 72, 108}, {0, 35, 72, 108}, {72, 0, 72, 108}, {0, 107, 36, 72}, {37, 0, 72, 108}} {
		require.PanicsWithValue(t, overlap, func() { run(c[0], c[1], c[2], c[3]) })
	}
}

// TestNotMade: zero values and nil where something made by a constructor is due.
func TestNotMade(t *testing.T) {
	for _, m := range []*layers.Model{nil, {}} {
		require.PanicsWithValue(t, "layers: the model is nil or was not made by Compile", func() { m.NewSession(1) })
		require.EqualError(t, m.Summary(io.Discard), "layers: the model is nil or was not made by Compile")
		require.EqualError(t, m.Explain(io.Discard), "layers: the model is nil or was not made by Compile")
	}
	for _, s := range []*layers.Session{nil, {}} {
		require.PanicsWithValue(t, "layers: the session is nil or was not made by NewSession", func() { s.Forward(nil, nil) })
		require.PanicsWithValue(t, "layers: the session is nil or was not made by NewSession", func() { s.ForwardAll(nil, nil) })
	}
}
