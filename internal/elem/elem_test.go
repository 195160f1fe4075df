package elem

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
)

// eachSet runs a test with the kernels of every level that this machine has.
func eachSet(t *testing.T, f func(t *testing.T, s *asm.Set)) {
	for _, isa := range asm.Supported() {
		s, err := asm.For(isa)
		require.NoError(t, err)
		t.Run(isa.String(), func(t *testing.T) { f(t, s) })
	}
}

// ints returns n small integers, whose sums and products are exact.
func ints(n int, seed uint64) []float32 {
	x := make([]float32, n)
	check.FillInts(x, seed, 50)
	return x
}

// long is a length that takes several calls, the last one short.
const long = 3*asm.MaxElems + 37

func TestUnary(t *testing.T) {
	eachSet(t, func(t *testing.T, s *asm.Set) {
		var w Worker
		x, y := ints(long, 1), make([]float32, long)
		want := make([]float32, long)

		for i, v := range x {
			want[i] = max(v, 0)
		}
		w.Unary(s, asm.ReLU, -9, -9, y, x)
		check.Exact(t, "relu", y, want)

		for i, v := range x {
			want[i] = min(max(v, -3), 7)
		}
		w.Unary(s, asm.Clamp, -3, 7, y, x)
		check.Exact(t, "clamp", y, want)

		w.Unary(s, asm.Identity, 0, 0, y, x)
		check.Exact(t, "identity", y, x)
		w.Unary(s, asm.LeakyReLU, 1, 0, y, y)
		check.Exact(t, "leaky_relu in place", y, x)

		w.Unary(s, asm.SiLU, 0, 0, nil, nil)
	})
}

func TestBinary(t *testing.T) {
	eachSet(t, func(t *testing.T, s *asm.Set) {
		var w Worker
		x, y, z, want := ints(long, 1), ints(long, 2), make([]float32, long), make([]float32, long)
		for i, v := range x {
			want[i] = v + y[i]
		}
		w.Add(s, z, x, y)
		check.Exact(t, "add", z, want)
		for i, v := range x {
			want[i] = v * y[i]
		}
		w.Mul(s, z, x, y)
		check.Exact(t, "mul", z, want)
		for i, v := range x {
			want[i] = min(max(v-y[i], 0), 6)
		}
		w.Binary(s, asm.Sub, 0, 6, x, x, y)
		check.Exact(t, "sub in place, clamped", x, want)
	})
}

// TestBinaryRows: rows with gaps, one number for a row or for all, rows that come again, in place, backwards, and more than a call takes.
func TestBinaryRows(t *testing.T) {
	ways := func(n int) []Rows {
		return []Rows{{Ld: n, Step: 1}, {Ld: n + 3, Step: 1}, {Step: 1}, {Ld: 1}, {Ld: 5}, {}}
	}
	eachSet(t, func(t *testing.T, s *asm.Set) {
		var w Worker
		for _, c := range [][2]int{{1, 1}, {3, 1}, {40, 3}, {80, 7}, {1000, 7}, {70, 16}, {1003, 16}, {5, 63}, {9, 64}, {300, 65}, {asm.MaxElems + 3, 2}, {2, long}} {
			rows, n := c[0], c[1]
			for i, x := range ways(n) {
				for j, y := range ways(n) {
					if testing.Short() && rows*n > 5000 && (i+j)%3 != 0 {
						continue
					}
					x.At, y.At = i, j
					x.X, y.X = ints(x.At+(rows-1)*x.Ld+(n-1)*x.Step+1, 1), ints(y.At+(rows-1)*y.Ld+(n-1)*y.Step+1, 2)
					dst := Rows{At: 1, Ld: n + (i+j)%2*2, Step: 1}
					dst.X = make([]float32, 1+rows*dst.Ld)
					want := make([]float32, len(dst.X))
					check.FillNaN(dst.X)
					copy(want, dst.X)
					for r := range rows {
						for k := range n {
							want[1+r*dst.Ld+k] = min(x.X[x.At+r*x.Ld+k*x.Step]-y.X[y.At+r*y.Ld+k*y.Step], 20)
						}
					}
					w.BinaryRows(s, asm.Sub, negInf, 20, rows, n, dst, x, y)
					check.Exact(t, fmt.Sprint(rows, n, i, j), dst.X, want)
				}
			}
		}
		x, one := ints(300, 1), []float32{3}
		want := make([]float32, 300)
		for i := range want {
			want[i] = x[i] * 3
		}
		y := make([]float32, 300)
		w.BinaryRows(s, asm.Mul, negInf, posInf, 10, 30, Rows{X: y, At: 270, Ld: -30, Step: 1}, Rows{X: x, At: 270, Ld: -30, Step: 1}, Rows{X: one})
		check.Exact(t, "backwards", y, want)
		w.BinaryRows(s, asm.Mul, negInf, posInf, 10, 30, Rows{X: x, Ld: 30, Step: 1}, Rows{X: x, Ld: 30, Step: 1}, Rows{X: one})
		check.Exact(t, "in place", x, want)
		w.BinaryRows(s, asm.Add, 0, 1, 0, 5, Rows{}, Rows{}, Rows{})
		w.BinaryRows(s, asm.Add, 0, 1, 5, 0, Rows{}, Rows{}, Rows{})
		in := Rows{X: x, Ld: 30, Step: 1}
		for _, out := range []Rows{{X: x[:299], Ld: 30, Step: 1}, {X: x, At: 1, Ld: 30, Step: 1}, {X: x, At: 269, Ld: -30, Step: 1}} {
			require.Panics(t, func() { w.BinaryRows(s, asm.Add, 0, 1, 10, 30, out, in, in) })
			require.Panics(t, func() { w.BinaryRows(s, asm.Add, 0, 1, 10, 30, in, out, in) })
			require.Panics(t, func() { w.BinaryRows(s, asm.Add, 0, 1, 10, 30, in, in, out) })
		}
	})
}

// TestPick: more rows and more columns than a call takes, and what does not lie within its operands.
func TestPick(t *testing.T) {
	eachSet(t, func(t *testing.T, s *asm.Set) {
		var w Worker
		for _, c := range [][2]int{{1, 1}, {3, 5}, {700, 34}, {5, 5000}, {2, asm.MaxElems + 5}} {
			rows, n := c[0], c[1]
			index, starts := make([]int32, n), make([]int, rows)
			for i := range index {
				index[i] = int32(i*3/2 - 1)
			}
			for i := range starts {
				starts[i] = i * 7 % 50
			}
			src, dst, want := make([]uint32, 50+2*n), make([]uint32, rows*(n+1)), make([]uint32, rows*(n+1))
			for i := range src {
				src[i] = uint32(i)
			}
			for r, from := range starts {
				for j, k := range index {
					if want[r*(n+1)+j] = 9; k >= 0 {
						want[r*(n+1)+j] = src[from+int(k)]
					}
				}
			}
			Pick(&w, s, dst, n+1, src, starts, NewTable(index), 9)
			require.Equal(t, want, dst)
		}
		table, src := NewTable([]int32{-1, 4}), make([]uint32, 10)
		require.Equal(t, 2, table.Len())
		Pick(&w, s, nil, 2, src, nil, table, 0)
		for _, f := range []func(){
			func() { Pick(&w, s, make([]uint32, 3), 2, src, []int{0, 1}, table, 0) },
			func() { Pick(&w, s, make([]uint32, 4), 1, src, []int{0, 1}, table, 0) },
			func() { Pick(&w, s, make([]uint32, 4), 2, src, []int{0, 6}, table, 0) },
			func() { Pick(&w, s, make([]uint32, 4), 2, src, []int{0, -1}, table, 0) },
		} {
			require.Panics(t, f)
		}
	})
}

// TestMoments: more rows and longer ones than a call takes.
func TestMoments(t *testing.T) {
	eachSet(t, func(t *testing.T, s *asm.Set) {
		var w Worker
		for _, c := range [][2]int{{1, 1}, {3, 5}, {700, 34}, {2, long}} {
			rows, n := c[0], c[1]
			x := ints(rows*n, 1)
			first, sum, square := make([]float64, rows), make([]float64, rows), make([]float64, rows)
			wantSum, wantSquare := make([]float64, rows), make([]float64, rows)
			for r := range rows {
				first[r], sum[r], wantSum[r] = float64(r%7), 2, 2
				for _, v := range x[r*n:][:n] {
					d := float64(v) - first[r]
					wantSum[r] += d
					wantSquare[r] += d * d
				}
			}
			w.Moments(s, x, n, first, sum, square)
			require.Equal(t, wantSum, sum)
			require.Equal(t, wantSquare, square)
		}
		w.Moments(s, nil, 5, nil, nil, nil)
		d := make([]float64, 2)
		require.Panics(t, func() { w.Moments(s, make([]float32, 9), 5, d, d, d) })
		require.Panics(t, func() { w.Moments(s, make([]float32, 10), 5, d, d[:1], d) })
		require.Panics(t, func() { w.Moments(s, make([]float32, 10), 5, d, d, d[:1]) })
	})
}

func TestBlend(t *testing.T) {
	eachSet(t, func(t *testing.T, s *asm.Set) {
		var w Worker
		for _, c := range [][3]int{{1, 1, 1}, {5, 7, 9}, {3000, 20, 20}, {2, long, long + 3}} {
			rows, n, ldd := c[0], c[1], c[2]
			x, b := ints(n+rows, 1), ints(n+rows, 2)
			y, want := make([]float32, rows*ldd), make([]float32, rows*ldd)
			taps, sum := make([]asm.BlendTap, rows), make([]asm.BlendTap, rows)
			for r := range taps {
				taps[r] = asm.BlendTap{A: 4 * r, B: 4 * (rows - r), P: 2, Q: float32(r % 5)}
				sum[r] = asm.BlendTap{A: 4 * r * ldd, B: 4 * r, P: 1, Q: 3}
				for j := range n {
					want[r*ldd+j] = 2*x[r+j] + float32(r%5)*b[rows-r+j]
				}
			}
			w.Blend(s, y, ldd, x, b, taps, n)
			check.Exact(t, "blend", y, want)
			for r := range taps {
				for j := range n {
					want[r*ldd+j] += 3 * x[r+j]
				}
			}
			w.Blend(s, y, ldd, y, x, sum, n)
			check.Exact(t, "sum", y, want)
		}
		w.Blend(s, nil, 0, nil, nil, nil, 0)
		tap := []asm.BlendTap{{A: 4, P: 1, Q: 1}}
		require.Panics(t, func() { w.Blend(s, make([]float32, 4), 4, make([]float32, 4), make([]float32, 4), tap, 4) })
		require.Panics(t, func() { w.Blend(s, make([]float32, 3), 4, make([]float32, 5), make([]float32, 4), tap, 4) })
	})
}

// affineCases are channels, pixels (or elements of a plane) and images: few channels (which are repeated),
// a vector's worth, more than a call's, planes larger than a call.
var affineCases = [][3]int{
	{1, 1, 1}, {3, 5, 2}, {3, 5000, 1}, {16, 1000, 2}, {63, 333, 1}, {64, 333, 1}, {65, 100, 3}, {200, 49, 2}, {7, asm.MaxElems + 5, 1}, {asm.MaxElems + 9, 3, 1},
}

func TestAffine(t *testing.T) {
	eachSet(t, func(t *testing.T, s *asm.Set) {
		var w Worker
		for _, c := range affineCases {
			channels, plane, images := c[0], c[1], c[2]
			n := channels * plane * images
			scale, shift, x, y, want := ints(channels, 1), ints(channels, 2), ints(n, 3), make([]float32, n), make([]float32, n)
			for _, lo := range []float32{negInf, -100} {
				for kind := range 3 {
					sc, sh := scale, shift
					switch kind {
					case 1:
						sc = nil
					case 2:
						sh = nil
					}
					apply := func(x float32, c int) float32 {
						if sc != nil {
							x *= sc[c]
						}
						if sh != nil {
							x += sh[c]
						}
						return max(x, lo)
					}
					for i, v := range x {
						want[i] = apply(v, i%channels)
					}
					check.FillNaN(y)
					w.Channels(s, y, x, sc, sh, lo, posInf)
					check.Exact(t, fmt.Sprintf("Channels %v kind %d", c, kind), y, want)

					for i, v := range x {
						want[i] = apply(v, i/plane%channels)
					}
					copy(y, x)
					w.Planes(s, y, y, sc, sh, plane, lo, posInf)
					check.Exact(t, fmt.Sprintf("Planes %v kind %d", c, kind), y, want)
				}
			}
		}
	})
}

// closeTo compares with a relative error and, below 1e-30, an absolute one.
func closeTo(t *testing.T, what string, got []float32, want []float64, rel, abs float64) {
	t.Helper()
	for i, v := range want {
		g := float64(got[i])
		switch {
		case math.IsNaN(v) && math.IsNaN(g), g == v:
		case !(math.Abs(g-v) <= rel*math.Abs(v)+abs):
			t.Fatalf("%s: element %d of %d: got %v, want %v", what, i, len(want), g, v)
		}
	}
}

// lines gathers the elements of an axis, so that the reference can take them as rows.
func lines(x []float32, n, stride int) []float32 {
	y := make([]float32, 0, len(x))
	for o := 0; o < len(x); o += n * stride {
		for j := range stride {
			for i := range n {
				y = append(y, x[o+i*stride+j])
			}
		}
	}
	return y
}

func TestSoftmax(t *testing.T) {
	eachSet(t, func(t *testing.T, s *asm.Set) {
		w := new(Worker)
		for _, c := range [][3]int{{1, 1, 1}, {10, 1, 7}, {1000, 1, 3}, {21, 300, 2}, {5, 256, 1}, {5, 1, 100}, {2, 1, 4420}, {23, 1, 67}, {24, 1, 129}, {25, 1, 9}, {3, 513, 1}, {2, 3, 4}, {long, 1, 1}} {
			n, stride, outer := c[0], c[1], c[2]
			x := make([]float32, n*stride*outer)
			r := rand.New(rand.NewPCG(uint64(n), uint64(stride)))
			for i := range x {
				x[i] = float32(r.NormFloat64() * 8)
			}
			want := ref.Softmax(stride*outer, n, lines(x, n, stride))
			y := make([]float32, len(x))
			w.Softmax(s, y, x, n, stride)
			closeTo(t, fmt.Sprintf("softmax %v", c), lines(y, n, stride), want, 1e-5, 1e-36)

			for i := range want {
				want[i] = math.Log(want[i])
			}
			check.FillNaN(y)
			w.LogSoftmax(s, y, x, n, stride)
			closeTo(t, fmt.Sprintf("log_softmax %v", c), lines(y, n, stride), want, 1e-6, 2e-6)

			in := slices.Clone(x)
			w.LogSoftmax(s, in, in, n, stride)
			check.Exact(t, "log_softmax in place", in, y)
			w.Softmax(s, y, x, n, stride)
			w.Softmax(s, x, x, n, stride)
			check.Exact(t, "softmax in place", x, y)
		}
	})
}

// TestSoftmaxSpecial: large numbers do not overflow, and lines that have no answer are NaN.
func TestSoftmaxSpecial(t *testing.T) {
	nan := float32(math.NaN())
	eachSet(t, func(t *testing.T, s *asm.Set) {
		w := new(Worker)
		for _, stride := range []int{1, 2} {
			for _, c := range []struct{ in, want []float32 }{
				{[]float32{3e38, 3e38, -3e38}, []float32{0.5, 0.5, 0}},
				{[]float32{-3e38, -3e38}, []float32{0.5, 0.5}},
				{[]float32{negInf, 5, negInf}, []float32{0, 1, 0}},
				{[]float32{negInf, negInf}, []float32{nan, nan}},
				{[]float32{posInf, 1}, []float32{nan, nan}},
				{[]float32{1, nan, 2}, []float32{nan, nan, nan}},
				{[]float32{nan, 1, 2}, []float32{nan, nan, nan}},
			} {
				x, want := make([]float32, len(c.in)*stride), make([]float32, len(c.in)*stride)
				for i := range c.in {
					for j := range stride {
						x[i*stride+j], want[i*stride+j] = c.in[i], c.want[i]
					}
				}
				y := make([]float32, len(x))
				w.Softmax(s, y, x, len(c.in), stride)
				check.Exact(t, fmt.Sprintf("softmax of %v", c.in), y, want)
				for i := range want {
					want[i] = float32(math.Log(float64(want[i])))
				}
				if c.in[0] == 3e38 || c.in[0] == -3e38 {
					continue
				}
				w.LogSoftmax(s, y, x, len(c.in), stride)
				check.Exact(t, fmt.Sprintf("log_softmax of %v", c.in), y, want)
			}
		}
	})
}

// oracle is how a function of the stored cases is called; absent ones are not offered.
func oracle(c *cases.Case) (op asm.Unary, a, b float64, ok bool) {
	n := &c.Nodes[0]
	switch n.Op {
	case "relu":
		return asm.ReLU, 0, 0, true
	case "relu6":
		return asm.Clamp, 0, 6, true
	case "hardtanh":
		return asm.Clamp, n.Float("min", -1), n.Float("max", 1), true
	case "leaky_relu":
		return asm.LeakyReLU, n.Float("slope", 0.01), 0, true
	case "elu":
		return asm.ELU, n.Float("alpha", 1), 0, true
	case "hardsigmoid":
		return asm.HardSigmoid, 1. / 6, 0.5, true
	case "gelu":
		if n.String("approximate", "none") == "tanh" {
			return asm.GELUTanh, 0, 0, true
		}
	}
	for u := asm.Identity; u < asm.NumUnary; u++ {
		if u.String() == n.Op {
			return u, 0, 0, true
		}
	}
	return 0, 0, 0, false
}

// TestOracle runs the stored cases of activations, softmax and broadcast-free add and mul.
func TestOracle(t *testing.T) {
	list := cases.List(t, "oracle", func(c *cases.Case) bool {
		if len(c.Nodes) != 1 {
			return false
		}
		switch c.Nodes[0].Op {
		case "softmax", "log_softmax", "add", "mul":
			return true
		}
		return len(c.Name) > 4 && c.Name[:4] == "act_"
	})
	eachSet(t, func(t *testing.T, s *asm.Set) {
		w, ran := new(Worker), 0
		for _, c := range list {
			n := &c.Nodes[0]
			xt, yt := c.Tensor(n.Inputs[0]), c.Tensor(n.Outputs[0])
			x, want := xt.Float32s(), yt.Float64s()
			y := make([]float32, len(want))
			rel, abs := 5*0x1p-23, 0x1p-126 // the cases allow results below 2^-126 to be 0
			switch n.Op {
			case "softmax", "log_softmax":
				axis := n.Int("dim", n.Int("axis", -1))
				if axis < 0 {
					axis += len(xt.Shape)
				}
				stride := 1
				for _, d := range xt.Shape[axis+1:] {
					stride *= d
				}
				if n.Op == "softmax" {
					w.Softmax(s, y, x, xt.Shape[axis], stride)
					rel = 2e-6
				} else {
					w.LogSoftmax(s, y, x, xt.Shape[axis], stride)
					rel, abs = 1e-6, 1e-6
				}
			case "add", "mul":
				z := c.Tensor(n.Inputs[1])
				if !slices.Equal(xt.Shape, z.Shape) {
					continue
				}
				if n.Op == "add" {
					w.Add(s, y, x, z.Float32s())
				} else {
					w.Mul(s, y, x, z.Float32s())
				}
			default:
				op, a, b, ok := oracle(c)
				if !ok {
					continue // celu, mish, selu, softplus ...: not offered
				}
				switch op {
				case asm.GELUTanh:
					abs = 0x1p-26
				case asm.ELU, asm.GELU:
					abs = 0x1p-50 // the answers cancel: they are exp(x)-1 and x*(1+erf(x/√2))/2, in float64
				case asm.HardSigmoid:
					abs = 0x1p-25 // 1/6 is a float32 here, and at -3 the sum cancels
				}
				w.Unary(s, op, float32(a), float32(b), y, x)
			}
			for i, v := range want {
				if math.Abs(v) > math.MaxFloat32 {
					want[i] = math.Copysign(math.Inf(1), v)
				}
			}
			closeTo(t, c.Name, y, want, rel, abs)
			ran++
		}
		t.Logf("%d of %d cases", ran, len(list))
		require.Greater(t, ran, 25)
	})
}

func TestPanics(t *testing.T) {
	s, w := asm.MustKernels(), new(Worker)
	two, three := make([]float32, 2), make([]float32, 3)
	for _, c := range []struct {
		msg string
		f   func()
	}{
		{"elem: Unary: len(dst) differs from len(src)", func() { w.Unary(s, asm.SiLU, 0, 0, two, three) }},
		{"elem: Binary: len(dst) differs from len(x)", func() { w.Add(s, two, three, two) }},
		{"elem: Binary: len(dst) differs from len(y)", func() { w.Add(s, two, two, three) }},
		{"elem: Channels: len(dst) differs from len(src)", func() { w.Channels(s, two, three, two, nil, 0, 1) }},
		{"elem: Channels: len(src) is no multiple of the channels", func() { w.Channels(s, three, three, two, nil, 0, 1) }},
		{"elem: Channels: len(src) is no multiple of the channels", func() { w.Channels(s, three, three, nil, nil, 0, 1) }},
		{"elem: len(scale) differs from len(shift)", func() { w.Channels(s, three, three, two, three, 0, 1) }},
		{"elem: Planes: len(dst) differs from len(src)", func() { w.Planes(s, two, three, two, nil, 1, 0, 1) }},
		{"elem: Planes: len(src) is no multiple of the channels and the plane", func() { w.Planes(s, two, two, two, nil, 2, 0, 1) }},
		{"elem: Planes: len(src) is no multiple of the channels and the plane", func() { w.Planes(s, two, two, two, nil, 0, 0, 1) }},
		{"elem: softmax: len(dst) differs from len(src)", func() { w.Softmax(s, two, three, 3, 1) }},
		{"elem: softmax: len(src) is no multiple of n*stride", func() { w.LogSoftmax(s, three, three, 3, 2) }},
		{"elem: softmax: len(src) is no multiple of n*stride", func() { w.Softmax(s, three, three, 0, 1) }},
	} {
		require.PanicsWithValue(t, c.msg, c.f)
	}
}

func TestAllocs(t *testing.T) {
	s, w := asm.MustKernels(), new(Worker)
	x, sc := make([]float32, 6000), make([]float32, 3)
	check.NoAllocs(t, func() {
		w.Unary(s, asm.SiLU, 0, 0, x, x)
		w.Add(s, x, x, x)
		w.Channels(s, x, x, sc, sc, 0, 1)
		w.Planes(s, x, x, sc, nil, 2000, 0, 1)
		w.Softmax(s, x, x, 1000, 1)
		w.LogSoftmax(s, x, x, 100, 60)
	})
}

func BenchmarkElem(b *testing.B) {
	s, w := asm.MustKernels(), new(Worker)
	x, y, z := make([]float32, 1<<20), make([]float32, 1<<20), make([]float32, 1<<20)
	check.FillRandom(x, 1)
	sc := make([]float32, 24)
	check.FillRandom(sc, 2)
	for _, c := range []struct {
		name string
		n    int // elements
		f    func(n int)
	}{
		{"silu", 1 << 20, func(n int) { w.Unary(s, asm.SiLU, 0, 0, y[:n], x[:n]) }},
		{"add", 1 << 20, func(n int) { w.Add(s, y[:n], x[:n], z[:n]) }},
		{"channels3", 3 << 14, func(n int) { w.Channels(s, y[:n], x[:n], sc[:3], sc[:3], 0, 6) }},
		{"channels24", 24 << 11, func(n int) { w.Channels(s, y[:n], x[:n], sc, sc, 0, 6) }},
		{"planes24x49", 24 * 49 * 40, func(n int) { w.Planes(s, y[:n], x[:n], sc, sc, 49, 0, 6) }},
		{"softmax2", 4096, func(n int) { w.Softmax(s, y[:n], x[:n], 2, 1) }},
		{"softmax21", 21 * 200, func(n int) { w.Softmax(s, y[:n], x[:n], 21, 1) }},
		{"softmax24", 24 * 128, func(n int) { w.Softmax(s, y[:n], x[:n], 24, 1) }},
		{"softmax1000", 1000, func(n int) { w.Softmax(s, y[:n], x[:n], n, 1) }},
		{"softmax21x4096", 21 * 4096, func(n int) { w.Softmax(s, y[:n], x[:n], 21, 4096) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.f(c.n)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.n), "ns/elem")
		})
	}
}
