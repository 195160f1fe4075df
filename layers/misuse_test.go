package layers_test

import (
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// TestZeroGraph: a Graph needs no constructor.
func TestZeroGraph(t *testing.T) {
	var g layers.Graph
	x := g.Input("", tensor.Shape{N: 1, C: 3, H: 1, W: 1})
	g.Output(g.Apply(layers.ReLU{}, x))
	m, err := g.Compile(layers.Options{Exact: true})
	require.NoError(t, err)
	y := make([]float32, 3)
	m.NewSession(1).Forward(y, []float32{-1, 2, 3})
	require.Equal(t, []float32{0, 2, 3}, y)

	var none layers.Graph
	none.Output(layers.Value{})
	require.ErrorContains(t, none.Err(), "another graph")
	require.Equal(t, tensor.Shape{}, layers.Value{}.Shape())
}

type embedsLayer struct{ layers.Layer }
type embedsReLU struct{ layers.ReLU }
type embedsPointer struct{ *layers.ReLU }

// TestNoLayers: what has the methods of a layer, but is none of the package's, and blocks without end.
func TestNoLayers(t *testing.T) {
	in := tensor.Shape{N: 1, C: 4, H: 8, W: 8}
	endless := layers.Sequential{layers.ReLU{}, nil, nil}
	endless[1], endless[2] = endless, &endless
	gate := &layers.Gate{}
	gate.Body = layers.Sequential{layers.Residual{Body: gate}}
	for want, list := range map[string][]layers.Layer{
		"layers: a layer is a layers_test.embedsLayer, want one of the types of package layers":   {embedsLayer{}, embedsLayer{layers.ReLU{}}},
		"layers: a layer is a layers_test.embedsReLU, want one of the types of package layers":    {embedsReLU{}, &embedsReLU{}},
		"layers: a layer is a layers_test.embedsPointer, want one of the types of package layers": {embedsPointer{}},
		"layers: a layer is a nil *layers.ReLU":                                                   {(*layers.ReLU)(nil), layers.Sequential{(*layers.ReLU)(nil)}},
		"layers: a layer is a nil *layers.Sequential":                                             {(*layers.Sequential)(nil)},
		"layers: a layer is a nil *layers_test.embedsLayer":                                       {(*embedsLayer)(nil)},
		"layers: a layer is nil": {nil, layers.Residual{}, layers.Gate{}, layers.Parallel{Branches: []layers.Layer{nil}}},
		"1000 blocks lie within each other, want fewer: does one contain itself?": {endless, gate},
	} {
		for _, l := range list {
			_, err := layers.Compile(l, in, layers.Options{Exact: true})
			require.ErrorContains(t, err, want)
		}
	}
	deep := layers.Layer(layers.ReLU{})
	for range 999 {
		deep = layers.Sequential{deep}
	}
	_, err := layers.Compile(&layers.Sequential{&layers.Tanh{}, deep}, in, layers.Options{Exact: true}) // pointers serve
	require.NoError(t, err)
}

// apply runs a layer on 5 features.
func apply(t *testing.T, l layers.Layer, x ...float32) []float32 {
	m, err := layers.Compile(l, tensor.Shape{N: 1, C: len(x), H: 1, W: 1}, layers.Options{Exact: true})
	require.NoError(t, err, "%T %+v", l, l)
	y := make([]float32, len(x))
	m.NewSession(1).Forward(y, x)
	return y
}

// TestZeroValues: what is left out has the usual value, where there is one.
func TestZeroValues(t *testing.T) {
	x := []float32{-3, -0.5, 0, 0.5, 40}
	for _, c := range [][2]layers.Layer{
		{layers.LeakyReLU{}, layers.LeakyReLU{Slope: 0.01}},
		{layers.ELU{}, layers.ELU{Alpha: 1}},
		{layers.LocalResponseNorm{Size: 5}, layers.LocalResponseNorm{Size: 5, Alpha: 1e-4, Beta: 0.75, K: 1}},
		{layers.LocalResponseNorm{Size: 3, K: 2}, layers.LocalResponseNorm{Size: 3, Alpha: 1e-4, Beta: 0.75, K: 2}},
		{layers.BatchNorm{Mean: x, Var: []float32{0, 0, 1, 1, 1}}, layers.BatchNorm{Mean: x, Var: []float32{0, 0, 1, 1, 1}, Eps: 1e-5}},
	} {
		check.Exact(t, "zero value", apply(t, c[0], x...), apply(t, c[1], x...))
		require.NotEqual(t, x, apply(t, c[0], x...), "%T", c[0])
		require.NotEqual(t, apply(t, layers.ReLU{}, x...), apply(t, c[0], x...), "%T", c[0])
	}
	check.Exact(t, "a slope of 0", apply(t, layers.Activation{Func: conv.LeakyReLU(0)}, x...), apply(t, layers.ReLU{}, x...))
}

// TestParameters are values that are refused.
func TestParameters(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	one := []float32{1, 1}
	for _, c := range []struct {
		l    layers.Layer
		want string
	}{
		{layers.Clamp{}, `layers: clamp "clamp1": Lo is 0 and Hi 0, want Lo at most Hi and not both 0`},
		{layers.Clamp{Name: "c", Lo: 2, Hi: 1}, `layers: clamp "c": Lo is 2 and Hi 1`},
		{layers.Clamp{Lo: nan, Hi: 1}, "Lo is NaN"},
		{layers.Clamp{Hi: nan}, "Hi NaN"},
		{layers.Clamp{Lo: -inf, Hi: inf}, ""},
		{layers.Clamp{Lo: 1, Hi: 1}, ""},
		{layers.HardSigmoid{}, `layers: hardsigmoid "hardsigmoid1": Alpha is 0, want the slope: 1/6 as in PyTorch or 0.2 as in ONNX`},
		{layers.HardSigmoid{Beta: 0.5}, "Alpha is 0"},
		{layers.HardSigmoid{Alpha: nan}, "Alpha is NaN"},
		{layers.HardSigmoid{Alpha: 1, Beta: nan}, "Beta is NaN"},
		{layers.HardSigmoid{Alpha: 1}, ""},
		{layers.LeakyReLU{Slope: nan}, "Slope is NaN"},
		{layers.ELU{Alpha: nan}, "Alpha is NaN"},
		{layers.Activation{Func: conv.Clamp(0, 0)}, `layers: clamp "clamp1": A is 0 and B 0`},
		{layers.LocalResponseNorm{Size: 5, Alpha: -1}, "Alpha is -1, want a number, at least 0"},
		{layers.LocalResponseNorm{Size: 5, Beta: math.NaN()}, "Beta is NaN"},
		{layers.LocalResponseNorm{Size: 5, K: math.Inf(1)}, "K is +Inf"},
		{layers.LocalResponseNorm{}, "Size is 0, want at least 1"},
		{layers.BatchNorm{Mean: one, Var: []float32{1, -1}}, `layers: batchnorm "batchnorm1": Var[1] is -1, want at least 0`},
		{layers.BatchNorm{Mean: one, Var: []float32{nan, 1}}, "Var[0] is NaN"},
		{layers.BatchNorm{Mean: one, Var: one, Eps: -1}, "Eps is -1"},
		{layers.BatchNorm{Mean: one, Var: one, Eps: math.Inf(1)}, "Eps is +Inf"},
	} {
		_, err := layers.Compile(c.l, tensor.Shape{N: 1, C: 2, H: 1, W: 1}, layers.Options{Exact: true})
		if c.want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, c.want)
		}
	}
	_, err := layers.Compile(layers.ReLU{}, zooIn, layers.Options{Exact: true, Kernels: &asm.Set{}})
	require.ErrorContains(t, err, "layers: Options: asm: Kernels is a Set of the caller's making, want nil or one from asm.Kernels or asm.For")
}

func TestNames(t *testing.T) {
	in := tensor.Shape{N: 1, C: 4, H: 1, W: 1}
	for _, l := range []layers.Layer{
		layers.Sequential{layers.ReLU{Name: "a"}, layers.Tanh{Name: "a"}},
		layers.Residual{Name: "a", Body: layers.ReLU{Name: "a"}},
		layers.Sequential{layers.ReLU{}, layers.ReLU{Name: "relu1"}},
		layers.ReLU{Name: "input"},
	} {
		_, err := layers.Compile(l, in, layers.Options{Exact: true})
		require.ErrorContains(t, err, `: the name is that of another `)
	}
	var g layers.Graph
	g.Input("x", in)
	g.Input("x", in)
	require.EqualError(t, g.Err(), `layers: input "x": the name is that of another input, want one that is free`)

	// A layer without a name takes one that is free.
	m, err := layers.Compile(layers.Sequential{layers.ReLU{Name: "relu1"}, layers.Tanh{}, layers.ReLU{}}, in, layers.Options{Exact: true, Unfused: true})
	require.NoError(t, err)
	var names []string
	s := m.NewSession(1)
	s.Trace = func(name string, _ tensor.Shape, _ []float32) { names = append(names, name) }
	s.Forward(make([]float32, 4), make([]float32, 4))
	require.Equal(t, []string{"relu1", "tanh1", "relu2"}, names)
}

// TestHostile gives layers and options values that they should not have: an error says which, and what is accepted runs.
func TestHostile(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	c := zooIn.C
	pool := tensor.Square(2, 1, 0)
	list := []layers.Layer{
		layers.Conv2D{OutC: 4, Window: tensor.Square(3, 1, 1), Weights: random(1, 4*c*9, 1), Bias: random(2, 4, 1)},
		layers.MaxPool2D{Window: pool}, layers.AvgPool2D{Window: pool}, layers.GlobalAvgPool2D{}, layers.GlobalMaxPool2D{},
		layers.Sequential{layers.GlobalMaxPool2D{}, layers.Linear{Out: 3, Weights: random(3, 3*c, 1), Bias: random(4, 3, 1)}},
		layers.Linear{Out: 3, Weights: random(3, 3*c, 1)},
		layers.BatchNorm{Gamma: ones(c), Beta: ones(c), Mean: ones(c), Var: ones(c)}, layers.Scale{Scale: ones(c), Shift: ones(c)},
		layers.Activation{Func: conv.SiLU}, layers.ReLU{}, layers.ReLU6{}, layers.Clamp{Hi: 1}, layers.LeakyReLU{}, layers.Sigmoid{}, layers.Tanh{},
		layers.SiLU{}, layers.HardSigmoid{Alpha: 0.2}, layers.HardSwish{}, layers.ELU{}, layers.GELU{},
		layers.Softmax{}, layers.LocalResponseNorm{Size: 3}, layers.Flatten{}, layers.Dropout{}, layers.Identity{},
		layers.Add{}, layers.Mul{}, layers.Concat{}, layers.Sequential{layers.ReLU{}},
		layers.Residual{Body: layers.ReLU{}, Shortcut: layers.Tanh{}}, layers.Gate{Body: layers.ReLU{}}, layers.Parallel{Branches: []layers.Layer{layers.ReLU{}, layers.Tanh{}}},
	}
	refused, ran := 0, 0
	for range 4000 {
		options := layers.Options{Layout: tensor.Layout(rng.IntN(2)), Exact: rng.IntN(2) == 0, Unfused: rng.IntN(2) == 0}
		in := zooIn
		if rng.IntN(4) == 0 {
			check.Hostile(rng, &options, 1)
		}
		if rng.IntN(4) == 0 {
			check.Hostile(rng, &in, 1)
		}
		if n, ok := tensor.MulOK(max(in.N, 1), max(in.C, 1), max(in.H, 1), max(in.W, 1)); ok && n > 1<<20 {
			options.Layout = 9 // an absurd size is not to be planned
		}
		l := list[rng.IntN(len(list))]
		p := reflect.New(reflect.TypeOf(l))
		p.Elem().Set(reflect.ValueOf(l))
		if reflect.TypeOf(l).Kind() == reflect.Struct && rng.IntN(8) != 0 {
			check.Hostile(rng, p.Interface(), 1+rng.IntN(2))
		}
		l = p.Elem().Interface().(layers.Layer)
		m, err := layers.Compile(layers.Sequential{layers.Dropout{Name: "x"}, l, layers.SiLU{}}, in, options)
		check.Refusal(t, "layers", err, []any{l, in, options})
		if t.Failed() {
			return
		}
		if err != nil {
			refused++
			continue
		}
		require.NoError(t, m.Summary(io.Discard))
		require.NoError(t, m.Explain(io.Discard))
		if m.Outputs()[0].Elems() > 1<<18 {
			continue
		}
		ran++
		m.NewSession(1).Forward(make([]float32, m.Outputs()[0].Elems()), make([]float32, m.Inputs()[0].Elems()))
	}
	require.Greater(t, refused, 1000)
	require.Greater(t, ran, 500)
}

// A limit of packed weights keeps Winograd out.
func TestWeightLimit(t *testing.T) {
	weights := func(limit int) int {
		g := layers.NewGraph()
		x := g.Input("", tensor.Shape{N: 1, C: 64, H: 28, W: 28})
		g.Output(g.Apply(layers.Conv2D{OutC: 64, Weights: make([]float32, 64*64*9), Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}}, x))
		m, err := g.Compile(layers.Options{WeightLimit: limit})
		require.NoError(t, err)
		return m.Memory(1).Weights
	}
	require.Greater(t, weights(0), 3*weights(1)/2)
	require.Equal(t, weights(0), weights(64*64*36*4))
	_, err := layers.Compile(layers.ReLU{}, tensor.Shape{N: 1, C: 1, H: 1, W: 1}, layers.Options{WeightLimit: -1})
	require.ErrorContains(t, err, "Options.WeightLimit is -1, want at least 0")
}
