package graph

import (
	"fmt"
	"math/rand"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/tensor"
)

// netBuilder is a network under construction.
type netBuilder struct {
	t testing.TB
	r *rand.Rand
	g *Graph
	x *Value
	c int // channels of x
}

// newNetBuilder has pictures of h x h.
func newNetBuilder(t testing.TB, h int) *netBuilder {
	b := &netBuilder{t: t, r: rand.New(rand.NewSource(1)), g: New(), c: 3}
	var err error
	b.x, err = b.g.Input("x", tensor.T(tensor.Float32, 1, 3, h, h))
	require.NoError(t, err)
	return b
}

func (b *netBuilder) constant(scale float64, dims ...int) *Value {
	return b.g.Const("", mapped(random(b.r, dims...), func(_ int, v float64) float64 { return scale * (1.5 + v) }))
}

// conv adds a convolution without a bias, a normalization and an activation.
func (b *netBuilder) conv(oc, kernel, stride, groups int, act Op) {
	p := kernel / 2
	w := b.g.Const("", mapped(random(b.r, oc, b.c/groups, kernel, kernel), func(_ int, v float64) float64 { return v / float64(kernel) }))
	b.x = must(b.t, b.g, Conv{Window: Window{Strides: tensor.D(stride, stride), Pads: tensor.D(p, p, p, p)}, Group: groups}, b.x, w)
	b.x = must(b.t, b.g, BatchNormalization{Epsilon: 1e-5}, b.x, b.constant(0.3, oc), b.constant(0.1, oc), b.constant(0.1, oc), b.constant(1, oc))
	if act != nil {
		b.x = must(b.t, b.g, act, b.x)
	}
	b.c = oc
}

// classify adds a mean over each map and a product.
func (b *netBuilder) classify() *Graph {
	b.x = must(b.t, b.g, Flatten{1}, must(b.t, b.g, GlobalAveragePool{}, b.x))
	b.x = must(b.t, b.g, Gemm{Alpha: 1, Beta: 1, TransB: true}, b.x, b.constant(0.01, 1000, b.c), b.constant(0.1, 1000))
	require.NoError(b.t, b.g.Output("y", b.x))
	return b.g
}

// resNet has the blocks of ResNet-50, with one part in thin of its channels.
func resNet(t testing.TB, h, thin int) *Graph {
	b := newNetBuilder(t, h)
	b.conv(64/thin, 7, 2, 1, Relu{})
	for stage, blocks := range []int{3, 4, 6, 3} {
		c := 64 << stage / thin
		for i := range blocks {
			stride := 1
			if i == 0 {
				stride = 2
			}
			x, from := b.x, b.c
			b.conv(c, 1, 1, 1, Relu{})
			b.conv(c, 3, stride, 1, Relu{})
			b.conv(4*c, 1, 1, 1, nil)
			y := b.x
			if b.x, b.c = x, from; i == 0 {
				b.conv(4*c, 1, stride, 1, nil)
			}
			b.x, b.c = must(t, b.g, Relu{}, must(t, b.g, Add{}, y, b.x)), 4*c
		}
	}
	return b.classify()
}

// mobileNet has the blocks of MobileNet v1.
func mobileNet(t testing.TB, h, thin int) *Graph {
	b := newNetBuilder(t, h)
	relu6 := func() {
		b.x = must(t, b.g, Clip{}, b.x, b.g.Const("", tensor.Scalar[float32](0)), b.g.Const("", tensor.Scalar[float32](6)))
	}
	b.conv(32/thin, 3, 2, 1, nil)
	relu6()
	for _, l := range [][2]int{{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}} {
		b.conv(b.c, 3, l[1], b.c, nil)
		relu6()
		b.conv(l[0]/thin, 1, 1, 1, nil)
		relu6()
	}
	return b.classify()
}

// several has what derives constants: weights of 16 bits, weights that are transposed while the graph is built, a transposed convolution, and features of
// maps.
func several(t testing.TB, h, thin int) *Graph {
	b := newNetBuilder(t, h)
	half := tensor.NewArray(tensor.T(tensor.Float16, 8, 3, 3, 3))
	for i := range half.Len() {
		half.SetFloat(i, b.r.Float64()-0.5)
	}
	w := must(t, b.g, Cast{tensor.Float32}, b.g.Const("", half))
	b.x = must(t, b.g, Conv{Window: Window{Pads: tensor.D(1, 1, 1, 1), Strides: tensor.D(2, 2)}}, b.x, w)
	w = must(t, b.g, Transpose{Perm: tensor.D(1, 0, 2, 3)}, b.constant(0.1, 8, 12, 1, 1))
	b.x = must(t, b.g, Conv{}, b.x, w)
	b.x = must(t, b.g, ConvTranspose{Window: Window{Strides: tensor.D(2, 2), Pads: tensor.D(1, 1, 1, 1)}}, b.x, b.constant(0.1, 12, 5, 4, 4), b.constant(0.1, 5))
	b.x = must(t, b.g, Conv{Window: Window{Strides: tensor.D(4, 4)}}, b.x, b.constant(0.1, 6, 5, 3, 3))
	b.x = must(t, b.g, AveragePool{Window: Window{Kernel: tensor.D(2, 2)}}, b.x)
	b.x = must(t, b.g, Flatten{1}, b.x)
	b.x = must(t, b.g, Gemm{Alpha: 0.5, Beta: 1}, b.x, b.constant(0.1, b.x.Type().Dims.At(1), 10))
	require.NoError(t, b.g.Output("y", b.x))
	return b.g
}

// tied uses the same constants in different ways.
func tied(t testing.TB, h, thin int) *Graph {
	b := newNetBuilder(t, h)
	w := b.g.Const("", random(b.r, 6, 3, 3, 3))
	x := b.x
	var sum *Value
	add := func(y *Value) {
		if sum == nil {
			sum = y
			return
		}
		sum = must(t, b.g, Add{}, sum, y)
	}
	add(must(t, b.g, Conv{}, x, w))
	add(must(t, b.g, Conv{}, x, w, b.constant(0.5, 6)))
	add(must(t, b.g, Conv{}, x, w, b.constant(0.5, 6)))
	for range 2 {
		y := must(t, b.g, Conv{}, x, w)
		add(must(t, b.g, BatchNormalization{Epsilon: 1e-5}, y, b.constant(0.3, 6), b.constant(0.1, 6), b.constant(0.1, 6), b.constant(1, 6)))
	}
	sum = must(t, b.g, GlobalAveragePool{}, must(t, b.g, Relu{}, sum))
	sum = must(t, b.g, Flatten{1}, sum)
	v := b.g.Const("", random(b.r, 6, 6))
	y := must(t, b.g, Gemm{Alpha: 1, Beta: 1}, sum, v)
	for _, o := range []Gemm{{Alpha: 2}, {Alpha: 3}, {Alpha: 3, TransB: true}} {
		y = must(t, b.g, Add{}, y, must(t, b.g, o, sum, v))
	}
	u := b.g.Const("", random(b.r, 3, 2, 4, 4))
	up := must(t, b.g, ConvTranspose{Window: Window{Strides: tensor.D(2, 2)}}, x, u)
	other := must(t, b.g, ConvTranspose{Window: Window{Strides: tensor.D(2, 2), Pads: tensor.D(1, 1, 0, 0)}}, x, u)
	for _, v := range []*Value{up, other} {
		y = must(t, b.g, Add{}, y, must(t, b.g, ReduceMean{}, v))
	}
	u = b.g.Const("", random(b.r, 3, 3, 2, 2))
	norm := []*Value{b.constant(0.3, 3), b.constant(0.1, 3), b.constant(0.1, 3), b.constant(1, 3)}
	for _, o := range []Op{Conv{}, ConvTranspose{}} {
		z := must(t, b.g, BatchNormalization{Epsilon: 1e-5}, append([]*Value{must(t, b.g, o, x, u)}, norm...)...)
		y = must(t, b.g, Add{}, y, must(t, b.g, ReduceMean{}, z))
	}
	require.NoError(t, b.g.Output("y", y))
	return b.g
}

// halves has 16-bit weights.
func halves(t testing.TB) *Graph {
	g := New()
	x, err := g.Input("x", tensor.T(tensor.Float16, 1, 3, 64, 64))
	require.NoError(t, err)
	w := tensor.NewArray(tensor.T(tensor.Float16, 5, 3, 3, 3))
	for i := range w.Len() {
		w.SetFloat(i, float64(i%7))
	}
	require.NoError(t, g.Output("y", must(t, g, GlobalMaxPool{}, must(t, g, Conv{}, x, g.Const("w", w)))))
	return g
}

// packedBytes is what the convolutions of all models that share have packed.
func (s *shared) packedBytes() int {
	n := 0
	for _, v := range s.made {
		if w, ok := v.(*conv.Packed); ok {
			n += w.Bytes()
		}
	}
	return n
}

// weightBytes is the size of a model's packed weights.
func weightBytes(m *Model) int {
	n := 0
	for _, s := range m.steps {
		if t, ok := s.(*convStep); ok {
			n += t.plan.WeightBytes()
		}
	}
	for _, p := range m.packed {
		n += 4 * p.K() * p.N()
	}
	return n
}

// orders lists the algorithms and the kernels of a model's convolutions: what their orders of weights depend on.
func orders(m *Model) (s []string) {
	for _, p := range m.convs {
		_, how, _ := strings.Cut(p.String(), ": ")
		s = append(s, strings.Join(strings.SplitN(how, ", ", 3)[:2], ", "))
	}
	return s
}

// The models that With makes share packed weights and derived constants, and give the bits of a model of their own.
func TestWithShares(t *testing.T) {
	for name, g := range map[string]*Graph{"resnet": resNet(t, 64, 8), "mobilenet": mobileNet(t, 64, 4), "several": several(t, 32, 1), "tied": tied(t, 64, 1), "halves": halves(t)} {
		t.Run(name, func(t *testing.T) {
			first, err := g.Compile(Options{})
			require.NoError(t, err)
			made, bytes := len(first.shared.made), first.shared.packedBytes()
			require.NotZero(t, weightBytes(first))
			sizes := []tensor.Type{tensor.T(tensor.Float32, 1, 3, 64, 64), tensor.T(tensor.Float32, 2, 3, 64, 64), tensor.T(tensor.Float32, 1, 3, 96, 64)}
			if name == "several" {
				sizes = []tensor.Type{tensor.T(tensor.Float32, 1, 3, 32, 32), tensor.T(tensor.Float32, 3, 3, 32, 32)}
			}
			for i, in := range sizes {
				in.DType = g.Inputs()[0].Type.DType
				m, err := first.With(in)
				require.NoError(t, err)
				require.Same(t, first.shared, m.shared)
				require.Len(t, m.shared.made, made) // nothing new is derived
				if fmt.Sprint(orders(m)) == fmt.Sprint(orders(first)) {
					require.Equal(t, bytes, m.shared.packedBytes())
				} else {
					require.NotZero(t, i, "the same sizes give the same plans")
				}
				bytes = m.shared.packedBytes()

				alone, err := g.With(in)
				require.NoError(t, err)
				n, err := alone.Compile(Options{})
				require.NoError(t, err)
				require.Equal(t, n.Steps(), m.Steps())
				require.Equal(t, weightBytes(n), weightBytes(m))
				x := tensor.NewArray(in)
				require.NoError(t, Cast{in.DType}.Eval([]tensor.Array{x}, []tensor.Array{random(rand.New(rand.NewSource(5)), in.Dims.Slice()...)}))
				require.Equal(t, firstOutput(t, n, x), firstOutput(t, m, x))
				if name == "tied" {
					agree(t, alone, Options{}, x)
				}
			}
		})
	}
}

// firstOutput is that of one pass.
func firstOutput(t testing.TB, m *Model, in ...tensor.Array) []byte {
	out := make([]tensor.Array, len(m.Outputs()))
	for i, p := range m.Outputs() {
		out[i] = tensor.NewArray(p.Type)
	}
	require.NoError(t, m.NewSession(1).Run(out, in))
	return out[0].Bytes()
}

// A limit of weights is kept by leaving Winograd out where it takes most for what it saves, at the end.
func TestWeightLimit(t *testing.T) {
	g := resNet(t, 256, 2)
	plain := compileWith(t, g, Options{Exact: true})
	free := compileWith(t, g, Options{})
	last := weightBytes(plain)
	require.Greater(t, weightBytes(free), weightBytes(plain)*5/4)
	for i := range 9 {
		limit := weightBytes(plain) + (weightBytes(free)-weightBytes(plain))*i/8
		m := compileWith(t, g, Options{WeightLimit: limit})
		require.LessOrEqual(t, weightBytes(m), limit+limit/50) // panels that are filled up count where there is no choice
		require.GreaterOrEqual(t, weightBytes(m), last)
		last = weightBytes(m)
	}
	require.Equal(t, weightBytes(free), last)
	_, err := g.Compile(Options{WeightLimit: -1})
	require.EqualError(t, err, "graph: Options.WeightLimit is -1, want at least 0")
}

func compileWith(t testing.TB, g *Graph, o Options) *Model {
	m, err := g.Compile(o)
	require.NoError(t, err)
	return m
}

// BenchmarkWith is the time and the memory of a second model of a network, beside those of the first.
func BenchmarkWith(b *testing.B) {
	for _, c := range []struct {
		name string
		net  func(t testing.TB, h, thin int) *Graph
	}{{"resnet", resNet}, {"mobilenet", mobileNet}} {
		g := c.net(b, 224, 1)
		first := compileWith(b, g, Options{Kernels: asm.MustKernels()})
		measure := func(name string, f func() *Model) {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				var before, after runtime.MemStats
				for range b.N {
					b.StopTimer()
					runtime.GC()
					runtime.ReadMemStats(&before)
					b.StartTimer()
					m := f()
					b.StopTimer()
					runtime.GC()
					runtime.ReadMemStats(&after)
					runtime.KeepAlive(m)
					b.StartTimer()
				}
				b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20), "MiB")
			})
		}
		measure("first", func() *Model { return compileWith(b, g, Options{}) })
		for _, in := range []tensor.Type{tensor.T(tensor.Float32, 8, 3, 224, 224), tensor.T(tensor.Float32, 1, 3, 320, 256)} {
			measure(fmt.Sprint("With ", in.Dims), func() *Model {
				m, err := first.With(in)
				require.NoError(b, err)
				return m
			})
		}
	}
}
