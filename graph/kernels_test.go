package graph

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// alikeEval compares a pass of the compiled graph with Eval: within tol of 1 plus the size of the number, NaN where Eval has NaN. No step may be left
// to Eval, and a pass does not allocate, with one thread or with two, whose bits are the same.
func alikeEval(t testing.TB, what string, g *Graph, tol float64, in ...tensor.Array) {
	t.Helper()
	want, err := g.Eval(in...)
	require.NoError(t, err, what)
	m, err := g.Compile(Options{Poison: true})
	require.NoError(t, err, what)
	for _, s := range m.steps {
		if e, ok := s.(*evalStep); ok {
			t.Fatalf("%s: %v", what, e)
		}
	}
	var first []tensor.Array
	for _, threads := range []int{1, 2} {
		s := m.NewSession(threads)
		var out []tensor.Array
		for _, p := range m.Outputs() {
			out = append(out, tensor.NewArray(p.Type))
		}
		require.NoError(t, s.Run(out, in), what)
		for i, x := range out {
			for j := range x.Len() {
				a, b := x.Float(j), want[i].Float(j)
				if a == b || a != a && b != b || math.Abs(a-b) <= tol*(1+math.Abs(b)) {
					continue
				}
				m.Explain(os.Stderr)
				t.Fatalf("%s: output %d, element %d of %v is %v, want %v", what, i, j, x.Dims(), a, b)
			}
		}
		if first != nil {
			for i := range out {
				require.Equal(t, first[i].Bytes(), out[i].Bytes(), what)
			}
		} else {
			first = out
			check.NoAllocs(t, func() { s.Run(out, in) }, what)
		}
	}
}

// special puts NaN and infinities among the elements.
func special(r *rand.Rand, x tensor.Array) {
	for range 1 + x.Len()/20 {
		if x.Len() > 0 {
			x.SetFloat(r.Intn(x.Len()), []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0}[r.Intn(4)])
		}
	}
}

// inAnOrder returns an input of the given dims that lies row-major, channels last, as some of the channels of a wider map, or turned around.
func inAnOrder(t testing.TB, r *rand.Rand, g *Graph, dims ...int) (*Value, tensor.Array) {
	rank := len(dims)
	input := func(dims ...int) (*Value, tensor.Array) {
		a := random(r, dims...)
		v, err := g.Input("", a.Type())
		require.NoError(t, err)
		return v, a
	}
	turned := func(dims, perm []int) (*Value, tensor.Array) {
		from := make([]int, rank)
		for i, p := range perm {
			from[p] = dims[i]
		}
		v, a := input(from...)
		return must(t, g, Transpose{tensor.D(perm...)}, v), a
	}
	kind := r.Intn(4)
	if kind == 0 || rank < 2 {
		return input(dims...)
	}
	last := []int{0, rank - 1} // a transposition whose result lies channels last
	for i := 1; i < rank-1; i++ {
		last = append(last, i)
	}
	switch kind {
	case 1:
		return turned(dims, last)
	case 2:
		return turned(dims, r.Perm(rank))
	}
	wide := append([]int(nil), dims...)
	wide[1] += 2
	v, a := turned(wide, last)
	return must(t, g, Slice{}, v, ints64(g, 1), ints64(g, int64(1+dims[1])), ints64(g, 1)), a
}

func ints64(g *Graph, x ...int64) *Value { return g.Const("", tensor.Vector(x)) }

// finishes makes y an output, alone or as a part of a Concat.
func finishes(t testing.TB, r *rand.Rand, g *Graph, y *Value) {
	if rank := y.typ.Dims.Rank(); rank > 0 && r.Intn(3) == 0 {
		y = must(t, g, Concat{r.Intn(rank)}, must(t, g, Identity{}, y), y)
		y = must(t, g, Identity{}, y)
	}
	require.NoError(t, g.Output("", y))
}

func TestResize(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for i := range 400 {
		o := Resize{
			Mode: ResizeMode(r.Intn(3)), Coordinates: []Coordinates{HalfPixel, HalfPixelSymmetric, PyTorchHalfPixel, AlignCorners, Asymmetric, HalfPixelForNN}[r.Intn(6)],
			Rounding: Rounding(r.Intn(4)), CubicA: -0.75, ExcludeOutside: r.Intn(3) == 0,
		}
		o.Antialias = o.Mode != Nearest && r.Intn(3) == 0
		rank := 2 + r.Intn(4)
		dims, sizes := make([]int, rank), make([]int64, rank)
		for i := range dims {
			dims[i] = 1 + r.Intn(7)
			sizes[i] = int64(dims[i])
			if r.Intn(3) > 0 || i >= 2 {
				sizes[i] = int64(1 + r.Intn(12))
			}
		}
		if i%3 == 0 && rank > 2 {
			dims[1] = 1 + r.Intn(40)
			sizes[1] = int64(dims[1])
		}
		g := New()
		x, in := inAnOrder(t, r, g, dims...)
		if r.Intn(2) == 0 {
			special(r, in)
		}
		y := must(t, g, o, x, nil, nil, ints64(g, sizes...))
		finishes(t, r, g, y)
		alikeEval(t, fmt.Sprintf("%+v %v to %v", o, dims, sizes), g, 2e-5, in)
	}
}

func TestPad(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for range 300 {
		o := Pad{PadMode(r.Intn(4))}
		rank := 1 + r.Intn(5)
		dims, pads := make([]int, rank), make([]int64, 2*rank)
		for i := range dims {
			dims[i] = 1 + r.Intn(9)
		}
		for i := range pads {
			if r.Intn(2) == 0 {
				pads[i] = int64(r.Intn(5) - 1)
			}
		}
		for i, n := range dims {
			if int64(n)+min(pads[i], 0)+min(pads[rank+i], 0) < 1 {
				pads[i], pads[rank+i] = 0, 1
			}
		}
		g := New()
		x, in := inAnOrder(t, r, g, dims...)
		if r.Intn(3) == 0 {
			special(r, in)
		}
		ins := []*Value{x, ints64(g, pads...)}
		if r.Intn(2) == 0 {
			ins = append(ins, g.Const("", tensor.Scalar(float32(1.5))))
		}
		finishes(t, r, g, must(t, g, o, ins...))
		alikeEval(t, fmt.Sprintf("%v %v pads %v", o, dims, pads), g, 0, in)
	}
}

// TestRowwise: every function of one operand, of two and of three, with broadcasting, NaN and infinities.
func TestRowwise(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	unary := []Op{Abs{}, Neg{}, Sqrt{}, Reciprocal{}, Floor{}, Ceil{}, Round{}, Sign{}, Log{}, Erf{}, Sin{}, Softplus{}, Selu{1.5, 1.1}, Atan{}}
	binary := []Op{Add{}, Sub{}, Mul{}, Div{}, Max{}, Min{}, PRelu{}, Equal{}, Less{}, LessOrEqual{}, Greater{}, GreaterOrEqual{}}
	for i := range 600 {
		rank := 1 + r.Intn(5)
		dims := make([]int, rank)
		for i := range dims {
			dims[i] = 1 + r.Intn(9)
		}
		g := New()
		x, in := inAnOrder(t, r, g, dims...)
		ins := []tensor.Array{in}
		operand := func() *Value {
			d := append([]int(nil), dims...)
			for i := range d {
				if r.Intn(3) == 0 {
					d[i] = 1
				}
			}
			switch r.Intn(3) {
			case 0:
				d = d[r.Intn(len(d)):]
				return g.Const("", random(r, d...))
			case 1:
				return g.Const("", tensor.Scalar(float32(0.25)))
			}
			v, err := g.Input(fmt.Sprintf("b%d", len(ins)), tensor.T(tensor.Float32, d...))
			require.NoError(t, err)
			ins = append(ins, random(r, d...))
			return v
		}
		var y *Value
		switch kind := i % 4; kind {
		case 0:
			y = must(t, g, unary[r.Intn(len(unary))], x)
		case 1:
			e := []float32{2, 0.5, -1, 3, -0.5}[r.Intn(5)]
			y = must(t, g, Pow{}, x, g.Const("", tensor.Scalar(e)))
		case 2:
			op := binary[r.Intn(len(binary))]
			b := operand()
			if _, ok := op.(PRelu); !ok && r.Intn(2) == 0 {
				x, b = b, x
			}
			y = must(t, g, op, x, b)
		case 3:
			a, b := must(t, g, Less{}, x, operand()), must(t, g, Greater{}, operand(), x)
			y = must(t, g, []Op{And{}, Or{}, Xor{}}[r.Intn(3)], must(t, g, Not{}, a), b)
			y = must(t, g, Where{}, y, operand(), x)
		}
		special(r, in)
		finishes(t, r, g, y)
		alikeEval(t, fmt.Sprintf("%v of %v", y.maker, dims), g, 2e-5, ins...)
	}
}

func TestCast(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	for pair := range casts {
		for range 10 {
			g := New()
			a := tensor.NewArray(tensor.T(pair[0], 1+r.Intn(5), 1+r.Intn(40), 1+r.Intn(3)))
			for i := range a.Len() {
				a.SetFloat(i, float64(r.Intn(9))*float64(1+r.Intn(2))/2)
			}
			x, err := g.Input("x", a.Type())
			require.NoError(t, err)
			x = must(t, g, Transpose{tensor.D(0, 2, 1)}, x)
			require.NoError(t, g.Output("y", must(t, g, Cast{pair[1]}, x)))
			alikeEval(t, fmt.Sprint(pair), g, 0, a)
		}
	}
}

func TestReduce(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	for i := range 500 {
		rank := 1 + r.Intn(5)
		dims := make([]int, rank)
		for i := range dims {
			dims[i] = 1 + r.Intn(8)
		}
		if i%5 == 0 {
			dims[r.Intn(rank)] = 250 + r.Intn(30)
		}
		var axes []int64
		for a := range dims {
			if r.Intn(2) == 0 {
				axes = append(axes, int64(a-rank*r.Intn(2)))
			}
		}
		if rank > 2 && i%7 == 0 {
			axes = nil
			for a := 2; a < rank; a++ {
				axes = append(axes, int64(a))
			}
		}
		o := Reduction{Drop: r.Intn(2) == 0, NoopEmpty: r.Intn(2) == 0}
		axis := r.Intn(rank)
		arg := false
		op := []Op{
			ReduceSum{o}, ReduceMean{o}, ReduceMax{o}, ReduceMin{o}, ReduceL1{o}, ReduceL2{o}, ReduceSumSquare{o}, ReduceLogSum{o},
			ArgMax{axis, o.Drop, o.NoopEmpty}, ArgMin{axis, o.Drop, o.NoopEmpty},
		}[r.Intn(10)]
		g := New()
		x, in := inAnOrder(t, r, g, dims...)
		if r.Intn(2) == 0 {
			special(r, in)
		}
		switch op.(type) {
		case ArgMax, ArgMin:
			arg = true
			for i := range in.Len() { // equals
				in.SetFloat(i, math.Round(3*in.Float(i)))
			}
		}
		var y *Value
		if arg {
			y = must(t, g, op, x)
		} else {
			y = must(t, g, op, x, ints64(g, axes...))
		}
		finishes(t, r, g, y)
		alikeEval(t, fmt.Sprintf("%T %+v of %v over %v", op, op, dims, axes), g, 2e-5, in)
	}
}

func TestNormalization(t *testing.T) {
	r := rand.New(rand.NewSource(8))
	for range 300 {
		rank := 2 + r.Intn(3)
		dims := make([]int, rank)
		for i := range dims {
			dims[i] = 1 + r.Intn(6)
		}
		group := 1 + r.Intn(5)
		groups := 1 + r.Intn(5)
		if r.Intn(8) == 0 {
			group = 60 + r.Intn(240)
		}
		dims[1] = group * groups
		g := New()
		x, in := inAnOrder(t, r, g, dims...)
		shift := float64(r.Intn(2) * 300) // a mean far from 0
		for i := range in.Len() {
			in.SetFloat(i, in.Float(i)+shift)
		}
		if r.Intn(4) == 0 {
			special(r, in)
		}
		param := func(n int) *Value { return g.Const("", random(r, n)) }
		var y *Value
		var op Op
		switch r.Intn(4) {
		case 0:
			op = GroupNormalization{groups, 1e-3}
			n := []int{groups, dims[1]}
			y = must(t, g, op, x, param(n[r.Intn(2)]), param(n[r.Intn(2)]))
		case 1:
			op = InstanceNormalization{1e-3}
			y = must(t, g, op, x, param(dims[1]), param(dims[1]))
		default:
			axis := r.Intn(rank)
			to := append([]int(nil), dims[axis:]...)
			scale := g.Const("", random(r, to...))
			for i := range to {
				if r.Intn(3) == 0 {
					to[i] = 1
				}
			}
			if r.Intn(3) == 0 {
				to = append([]int{1}, to...)[max(0, len(to)+1-rank):]
			}
			if r.Intn(2) == 0 {
				op = RMSNormalization{axis - rank, 1e-3}
				y = must(t, g, op, x, scale)
				break
			}
			op = LayerNormalization{Axis: axis, Epsilon: 1e-3}
			ins := []*Value{x, scale, g.Const("", random(r, to...))}
			y = must(t, g, op, ins[:2+r.Intn(2)]...)
		}
		finishes(t, r, g, y)
		alikeEval(t, fmt.Sprintf("%T %+v of %v", op, op, dims), g, 2e-5, in)
	}
}

func TestProducts(t *testing.T) {
	r := rand.New(rand.NewSource(9))
	operand := func(g *Graph, name string, ins *[]tensor.Array, dims ...int) *Value {
		a := random(r, dims...)
		if r.Intn(4) == 0 {
			return g.Const(name, a)
		}
		v, err := g.Input(name, a.Type())
		require.NoError(t, err)
		*ins = append(*ins, a)
		return v
	}
	for i := range 400 {
		m, n, k := 1+r.Intn(9), 1+r.Intn(9), 1+r.Intn(9)
		if i%50 == 0 {
			m, n, k = 150, 130, 120
		}
		g := New()
		var ins []tensor.Array
		var y *Value
		if i%2 == 0 {
			o := Gemm{Alpha: []float32{1, 0.5}[r.Intn(2)], Beta: []float32{1, 0, -2}[r.Intn(3)], TransA: r.Intn(2) == 0, TransB: r.Intn(2) == 0}
			a, b := []int{m, k}, []int{k, n}
			if o.TransA {
				a = []int{k, m}
			}
			if o.TransB {
				b = []int{n, k}
			}
			x, in := inAnOrder(t, r, g, a...)
			ins = append(ins, in)
			c := [][]int{{m, n}, {n}, {m, 1}, {1, 1}}[r.Intn(4)]
			vals := []*Value{x, operand(g, "b", &ins, b...), operand(g, "c", &ins, c...)}
			y = must(t, g, o, vals[:2+r.Intn(2)]...)
		} else {
			batch := []int{1 + r.Intn(4), 1 + r.Intn(30)}
			x, in := inAnOrder(t, r, g, append(batch, m, k)...)
			ins = append(ins, in)
			b := operand(g, "b", &ins, append([]int{1, batch[1]}[r.Intn(2):], k, n)...)
			y = must(t, g, MatMul{}, x, b)
		}
		if len(ins) == 0 {
			continue
		}
		finishes(t, r, g, y)
		alikeEval(t, fmt.Sprintf("%v %+v %dx%dx%d", y.maker, y.maker.op, m, n, k), g, 2e-5, ins...)
	}
}

// TestPadConv: zeros around the positions go into the convolution, and nothing else does.
func TestPadConv(t *testing.T) {
	r := rand.New(rand.NewSource(10))
	absorbed := 0
	for range 100 {
		g := New()
		x, in := inAnOrder(t, r, g, 1+r.Intn(2), 3, 4+r.Intn(4), 4+r.Intn(4))
		pads := []int64{0, 0, int64(r.Intn(3)), int64(r.Intn(3)), 0, 0, int64(r.Intn(3)), int64(r.Intn(3) - r.Intn(2))}
		ic := 3
		if r.Intn(4) == 0 {
			pads[5], ic = 1, 4
		}
		value, mode := float32(r.Intn(2)*r.Intn(2)), PadMode(r.Intn(2)*r.Intn(2))
		p := must(t, g, Pad{mode}, x, ints64(g, pads...), g.Const("", tensor.Scalar(value)))
		o := Conv{Window: Window{Pads: tensor.D(r.Intn(2), 0, r.Intn(2), 1), Strides: tensor.D(1, 1+r.Intn(2))}}
		y := must(t, g, o, p, g.Const("w", random(r, 5, ic, 3, 3)))
		if r.Intn(3) == 0 {
			require.NoError(t, g.Output("p", p))
		}
		finishes(t, r, g, y)
		what := fmt.Sprintf("%v %v value %v then %+v", mode, pads, value, o)
		alikeEval(t, what, g, 1e-4, in)
		w, err := rewrite(g, &Options{}, new(shared))
		require.NoError(t, err)
		for _, n := range w.nodes {
			c, ok := n.op.(Conv)
			if f, fused := n.op.(fusedConv); fused {
				c, ok = f.Conv, true
			}
			if ok && c.Pads != o.Pads {
				absorbed++
				require.True(t, mode == PadConstant && value == 0 && ic == 3 && pads[7] >= 0, what)
			}
		}
	}
	require.Greater(t, absorbed, 10)
}

// TestShortRows: rows of a few elements, one after the other, with an operand that stays within a row or from row to row.
func TestShortRows(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	for range 150 {
		n, rows := 1+r.Intn(40), 1+r.Intn(300)
		if r.Intn(3) == 0 {
			rows = 20000 / n
		}
		g := New()
		x, in := inAnOrder(t, r, g, 1+r.Intn(2), rows, n)
		b := random(r, [][]int{{rows, 1}, {n}, {1, 1, 1}, {rows, n}}[r.Intn(4)]...)
		k, err := g.Input("b", b.Type())
		require.NoError(t, err)
		y := must(t, g, []Op{Add{}, Sub{}, Mul{}, Max{}}[r.Intn(4)], x, k)
		if r.Intn(2) == 0 {
			y = must(t, g, Tanh{}, y)
		}
		require.NoError(t, g.Output("", y))
		alikeEval(t, fmt.Sprintf("%v of %v and %v", y.maker, in.Dims(), b.Dims()), g, 2e-5, in, b)
	}
}
