package graph

import (
	"math/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// onePass returns what runs a network on one thread, and the bytes of its inputs and outputs.
func onePass(b *testing.B, g *Graph) (run func(), bytes int) {
	m, err := g.Compile(Options{})
	require.NoError(b, err)
	s, r := m.NewSession(1), rand.New(rand.NewSource(1))
	var dst, src []tensor.Array
	for _, p := range m.Inputs() {
		a := random(r, p.Type.Dims.Slice()...)
		src, bytes = append(src, a), bytes+a.Type().Bytes()
	}
	for _, p := range m.Outputs() {
		a := tensor.NewArray(p.Type)
		dst, bytes = append(dst, a), bytes+a.Type().Bytes()
	}
	return func() {
		if err := s.Run(dst, src); err != nil {
			b.Fatal(err)
		}
	}, bytes
}

// against runs both in turns, b.N times and 200 at least, and reports the shortest time of f and how much of the speed of g that is.
func against(b *testing.B, f, g func()) {
	x, y := time.Duration(1<<62), time.Duration(1<<62)
	for range max(b.N, 200) {
		start := time.Now()
		f()
		middle := time.Now()
		g()
		x, y = min(x, middle.Sub(start)), min(y, time.Since(middle))
	}
	b.ReportMetric(float64(x.Nanoseconds())/1e3, "min-us")
	b.ReportMetric(100*float64(y)/float64(x), "%")
	b.ReportMetric(0, "ns/op") // of both in turns, which says nothing
}

// BenchmarkBandwidth: what moves or changes elements one by one beside a plain copy that reads and writes as many bytes in all; % is of the copy's bandwidth. Maps have
// 256 KiB, those that are called large 4 MiB: in the second cache and beyond it. Two passes over memory, one that reads and one that reads and writes, are 67 %.
func BenchmarkBandwidth(b *testing.B) {
	type maker func(b builder, x func(dims ...int) *Value) *Value
	one := func(op Op, dims ...int) maker {
		return func(b builder, x func(dims ...int) *Value) *Value { return b.op(op, x(dims...)) }
	}
	two := func(op Op, p, q []int) maker {
		return func(b builder, x func(dims ...int) *Value) *Value { return b.op(op, x(p...), x(q...)) }
	}
	chw, large := []int{1, 64, 32, 32}, []int{1, 64, 128, 128}
	resize := func(mode ResizeMode) maker {
		o := Resize{Mode: mode, Coordinates: HalfPixel, CubicA: -0.75}
		return func(b builder, x func(dims ...int) *Value) *Value {
			return b.op(o, x(chw...), nil, b.g.Const("", tensor.Vector([]float32{1, 1, 2, 2})))
		}
	}
	for _, c := range []struct {
		name string
		f    maker
	}{
		{"TransposeNHWC", one(Transpose{tensor.D(0, 2, 3, 1)}, chw...)},
		{"TransposeNCHW", one(Transpose{tensor.D(0, 3, 1, 2)}, 1, 32, 32, 64)},
		{"TransposeRows", one(Transpose{tensor.D(1, 0)}, 256, 256)},
		{"TransposeHeads", one(Transpose{tensor.D(0, 2, 1, 3)}, 1, 64, 16, 64)},
		{"TransposeLarge", one(Transpose{tensor.D(0, 2, 3, 1)}, large...)},
		{"ConcatChannels", two(Concat{1}, chw, chw)},
		{"ConcatRows", two(Concat{3}, chw, chw)},
		{"SliceChannels", func(b builder, x func(dims ...int) *Value) *Value {
			return b.op(Slice{}, x(1, 128, 32, 32), b.ints(32), b.ints(96), b.ints(1))
		}},
		{"SliceRows", func(b builder, x func(dims ...int) *Value) *Value {
			return b.op(Slice{}, x(1, 64, 32, 64), b.ints(16), b.ints(48), b.ints(3))
		}},
		{"SliceEverySecond", func(b builder, x func(dims ...int) *Value) *Value {
			return b.op(Slice{}, x(1, 64, 32, 64), b.ints(0), b.ints(64), b.ints(3), b.ints(2))
		}},
		{"Pad", func(b builder, x func(dims ...int) *Value) *Value {
			return b.op(Pad{}, x(chw...), b.ints(0, 0, 1, 1, 0, 0, 1, 1))
		}},
		{"ResizeNearest", resize(Nearest)},
		{"ResizeLinear", resize(Linear)},
		{"ResizeLinearNHWC", func(b builder, x func(dims ...int) *Value) *Value {
			y := b.op(Transpose{tensor.D(0, 3, 1, 2)}, x(1, 32, 32, 64))
			y = b.op(Resize{Mode: Linear, Coordinates: HalfPixel}, y, nil, b.g.Const("", tensor.Vector([]float32{1, 1, 2, 2})))
			return b.op(Transpose{tensor.D(0, 2, 3, 1)}, y)
		}},
		{"ResizeCubic", resize(Cubic)},
		{"Add", two(Add{}, chw, chw)},
		{"AddLarge", two(Add{}, large, large)},
		{"MulChannels", two(Mul{}, chw, []int{64, 1, 1})},
		{"MulRow", two(Mul{}, chw, []int{32})},
		{"MulRows", two(Mul{}, chw, []int{1, 64, 32, 1})},
		{"MulNHWC", two(Mul{}, []int{1, 32, 32, 64}, []int{64})},
		{"AddMulConcat", func(b builder, x func(dims ...int) *Value) *Value { // short rows into the rows of a wider tensor
			p, q := x(4096, 16), x(4096, 16)
			return b.op(Concat{1}, b.op(Add{}, p, q), b.op(Mul{}, p, q))
		}},
		{"Relu", one(Relu{}, chw...)},
		{"LayerNormalization", func(b builder, x func(dims ...int) *Value) *Value {
			return b.op(LayerNormalization{Axis: -1, Epsilon: 1e-5}, x(256, 256), b.random(256), b.random(256))
		}},
		{"InstanceNormalization", func(b builder, x func(dims ...int) *Value) *Value {
			return b.op(InstanceNormalization{1e-5}, x(chw...), b.random(64), b.random(64))
		}},
		{"GroupNormalization", func(b builder, x func(dims ...int) *Value) *Value {
			return b.op(GroupNormalization{8, 1e-5}, x(chw...), b.random(64), b.random(64))
		}},
		{"Softmax", one(Softmax{-1}, 256, 256)},
	} {
		b.Run(c.name, func(b *testing.B) {
			g := New()
			y := c.f(builder{t: b, g: g, r: rand.New(rand.NewSource(1))}, func(dims ...int) *Value {
				v, err := g.Input("", tensor.T(tensor.Float32, dims...))
				require.NoError(b, err)
				return v
			})
			require.NoError(b, g.Output("y", y))
			run, bytes := onePass(b, g)
			if _, ok := y.maker.op.(Slice); ok {
				bytes = 2 * y.typ.Bytes() // the rest of the input is not read
			}
			from, to := mem.Bytes(bytes/2), mem.Bytes(bytes/2)
			against(b, run, func() { copy(to, from) })
		})
	}
}

// BenchmarkConvTranspose: transposed convolutions beside those that they mirror, which have as many products; % is of their speed.
func BenchmarkConvTranspose(b *testing.B) {
	for _, c := range []struct {
		name                  string
		ic, oc, size, k, s, p int
	}{
		{"2x2", 64, 32, 32, 2, 2, 0}, {"3x3", 64, 64, 28, 3, 1, 1}, {"3x3Stride2", 64, 32, 28, 3, 2, 1}, {"4x4", 64, 32, 28, 4, 2, 1}, {"4x4Wide", 256, 128, 14, 4, 2, 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := rand.New(rand.NewSource(1))
			w := Window{Strides: tensor.D(c.s, c.s), Pads: tensor.D(c.p, c.p, c.p, c.p)}
			g, mirror := New(), New()
			x, err := g.Input("x", tensor.T(tensor.Float32, 1, c.ic, c.size, c.size))
			require.NoError(b, err)
			y := must(b, g, ConvTranspose{Window: w}, x, g.Const("", random(r, c.ic, c.oc, c.k, c.k)))
			require.NoError(b, g.Output("y", y))
			z, err := mirror.Input("y", y.typ)
			require.NoError(b, err)
			require.NoError(b, mirror.Output("x", must(b, mirror, Conv{Window: w}, z, mirror.Const("", random(r, c.ic, c.oc, c.k, c.k)))))
			f, _ := onePass(b, g)
			h, _ := onePass(b, mirror)
			against(b, f, h)
		})
	}
}

// BenchmarkMatMul: products of many small matrices beside as many calls of gemm; % is of its speed.
func BenchmarkMatMul(b *testing.B) {
	for _, c := range []struct {
		name           string
		count, m, n, k int
	}{{"64", 16, 64, 64, 64}, {"128", 8, 128, 128, 128}, {"197x197x64", 12, 197, 197, 64}, {"197x64x197", 12, 197, 64, 197}} {
		b.Run(c.name, func(b *testing.B) {
			g, r := New(), rand.New(rand.NewSource(1))
			x, err := g.Input("x", tensor.T(tensor.Float32, c.count, c.m, c.k))
			require.NoError(b, err)
			y, err := g.Input("y", tensor.T(tensor.Float32, c.count, c.k, c.n))
			require.NoError(b, err)
			require.NoError(b, g.Output("z", must(b, g, MatMul{}, x, y)))
			f, _ := onePass(b, g)
			p, q := tensor.Data[float32](random(r, c.count, c.m, c.k)), tensor.Data[float32](random(r, c.count, c.k, c.n))
			z, ws := mem.Floats(c.count*c.m*c.n), gemm.NewWorkspace(1)
			against(b, f, func() {
				for i := range c.count {
					ws.Sgemm(gemm.NoTrans, gemm.NoTrans, c.m, c.n, c.k, 1, p[i*c.m*c.k:][:c.m*c.k], c.k, q[i*c.k*c.n:][:c.k*c.n], c.n, 0, z[i*c.m*c.n:][:c.m*c.n], c.n)
				}
			})
		})
	}
}
