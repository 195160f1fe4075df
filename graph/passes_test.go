package graph

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// CheckPasses runs the passes on a graph, and looks at the network after each. The tests of stored files call it.
func CheckPasses(g *Graph, o Options) error { return eachPass(g, o, (*net).check) }

// eachPass calls look with the network before the first pass and after each.
func eachPass(g *Graph, o Options, look func(w *net) error) error {
	w := newNet(g, new(shared))
	if err := look(w); err != nil {
		return fmt.Errorf("before the passes: %w", err)
	}
	for _, p := range passes {
		if o.off(p.name) {
			continue
		}
		if err := p.run(w, &o); err != nil {
			return fmt.Errorf("pass %s: %w", p.name, err)
		}
		w.compact()
		if err := look(w); err != nil {
			return fmt.Errorf("after pass %s: %w", p.name, err)
		}
	}
	return nil
}

// eval interprets the network as it stands: operators that passes have made compute by their own Eval.
func (w *net) eval(in []tensor.Array) ([]tensor.Array, error) {
	vals := make(map[*Value]tensor.Array)
	for i, v := range w.inputs {
		vals[v] = in[i]
	}
	get := func(v *Value) tensor.Array {
		switch {
		case v == nil:
			return tensor.Array{}
		case v.konst.Valid():
			return v.konst
		}
		return vals[v]
	}
	for _, n := range w.nodes {
		ins, outs := make([]tensor.Array, len(n.in)), make([]tensor.Array, len(n.out))
		for i, v := range n.in {
			ins[i] = get(v)
		}
		for i, v := range n.out {
			outs[i] = tensor.NewArray(v.typ)
			vals[v] = outs[i]
		}
		if err := evaluate(n.op, outs, ins); err != nil {
			return nil, fmt.Errorf("%v: %w", n, err)
		}
	}
	var out []tensor.Array
	for _, o := range w.outputs {
		out = append(out, get(o.v))
	}
	return out, nil
}

// TestPasses: after each pass a random network is whole, and means what it meant; with all passes, with each of them and each rule alone, and without
// each. What comes after the passes has no part in it.
func TestPasses(t *testing.T) {
	n := 400
	if testing.Short() {
		n = 100
	}
	names := Passes()
	for seed := range int64(n) {
		d := draw(seed, seed%2 == 0)
		want, err := d.g.Eval(d.in...)
		require.NoError(t, err)
		one := names[int(seed/2)%len(names)]
		var others []string // all but one, which does not run alone unless its pass is there
		for _, name := range names {
			if name != one && !slices.ContainsFunc(passes, func(p pass) bool { return p.name == name }) {
				others = append(others, name)
			}
		}
		for _, off := range [][]string{nil, {one}, others} {
			err := eachPass(d.g, Options{Off: off}, func(w *net) error {
				if err := w.check(); err != nil {
					return err
				}
				got, err := w.eval(d.in)
				if err != nil {
					return err
				}
				if bad := far(got, want, d.exact); bad != "" {
					return fmt.Errorf("%s", bad)
				}
				return nil
			})
			require.NoError(t, err, "seed %d, without %q\n%v", seed, off, d)
		}
	}
}

// TestAlone: each pass and each way of lowering by itself, all others left out, gives the answers of Eval.
func TestAlone(t *testing.T) {
	rounds := int64(4)
	if testing.Short() {
		rounds = 1
	}
	for i, one := range Passes() {
		off := slices.DeleteFunc(Passes(), func(name string) bool { return name == one })
		if slices.ContainsFunc(slices.Concat(canonRules, lookupRules, fuseRules), func(r rule) bool { return r.name == one }) { // a rule needs its pass
			off = slices.DeleteFunc(off, func(name string) bool { return name == "canon" || name == "lookup" || name == "fuse" })
		}
		for k := range 4 * rounds {
			seed := 1000 + int64(i)*4*rounds + k
			d := draw(seed, seed%2 == 0)
			want, err := d.g.Eval(d.in...)
			require.NoError(t, err)
			d.agrees(t, fmt.Sprintf("seed %d, %s alone", seed, one), Options{Exact: true, Off: off, Poison: k%2 == 0, ChannelsLast: k%4 == 1}, want)
		}
	}
}

// TestInplace: values take the memory of those that die with them, and take more where that is switched off.
func TestInplace(t *testing.T) {
	smaller := 0
	for seed := range int64(60) {
		d := draw(seed, false)
		m, err := d.g.Compile(Options{})
		require.NoError(t, err)
		apart, err := d.g.Compile(Options{Off: []string{"inplace"}})
		require.NoError(t, err)
		shared, _ := m.Arena()
		if each, _ := apart.Arena(); shared < each {
			smaller++
		}
	}
	require.Greater(t, smaller, 10)
}

// shape tells what an operator of a rewritten network does besides its own.
func (n *Node) shape() string {
	act := func(s string, f conv.Activation) string {
		if f.Kind != asm.Identity {
			s += fmt.Sprintf("+%v", f.Kind)
		}
		return s
	}
	third := func(s string) string {
		if len(n.in) > 2 && n.in[2] != nil {
			s += "+bias"
		}
		return s
	}
	switch o := n.op.(type) {
	case Conv:
		return third("Conv")
	case fusedConv:
		s := third("Conv")
		if o.residual {
			s += "+sum"
		}
		return act(s, o.act)
	case fusedConvTranspose:
		return act(third("ConvTranspose"), o.act)
	case fusedLinear:
		return act(third("Linear"), o.act)
	case fusedBinary:
		return act(OpName(o), o.act)
	}
	return OpName(n.op)
}

// TestFuse: what goes into a convolution, a product or a sum, and what nearly does: a value that others want too, that is an output, whose constant is none or
// varies along another axis, an activation of another function.
func TestFuse(t *testing.T) {
	conv3 := func(b builder, x *Value) *Value { return b.op(Conv{}, x, b.random(3, 3, 1, 1)) }
	biased := func(b builder) *Value { return b.op(Conv{}, b.x, b.random(3, 3, 1, 1), b.random(3)) }
	up := func(b builder) *Value { return b.op(ConvTranspose{}, b.x, b.random(3, 2, 2, 2)) }
	product := func(b builder) *Value { return b.op(MatMul{}, b.x, b.random(5, 6)) }
	// output makes a value inside the network one of its outputs.
	output := func(b builder, v *Value) *Value {
		require.NoError(b.t, b.g.Output("inside", v))
		return v
	}
	input := func(b builder, d ...int) *Value {
		v, err := b.g.Input("", tensor.T(tensor.Float32, d...))
		require.NoError(b.t, err)
		return v
	}
	norm := func(b builder, x *Value) *Value {
		pos := b.g.Const("", tensor.Vector([]float32{0.5, 1, 2}))
		return b.op(BatchNormalization{Epsilon: 1e-3}, x, b.random(3), b.random(3), b.random(3), pos)
	}
	for _, c := range []struct {
		name, want string
		f          func(b builder) *Value
	}{
		{"scale", "Conv", func(b builder) *Value { return b.mul(conv3(b, b.x), b.random(3, 1, 1)) }},
		{"scale from the left", "Conv+bias", func(b builder) *Value { return b.mul(b.random(1, 3, 1, 1), biased(b)) }},
		{"number", "Conv", func(b builder) *Value { return b.mul(conv3(b, b.x), b.num(3)) }},
		{"shift", "Conv+bias", func(b builder) *Value { return b.add(conv3(b, b.x), b.random(3, 1, 1)) }},
		{"less", "Conv+bias", func(b builder) *Value { return b.op(Sub{}, conv3(b, b.x), b.random(3, 1, 1)) }},
		{"less than", "Conv+bias", func(b builder) *Value { return b.op(Sub{}, b.random(3, 1, 1), biased(b)) }},
		{"quotient", "Conv+bias", func(b builder) *Value { return b.op(Div{}, biased(b), b.num(0.3)) }},
		{"divided by it", "Conv+bias Div", func(b builder) *Value { return b.op(Div{}, b.num(0.3), biased(b)) }},
		{"norm", "Conv+bias", func(b builder) *Value { return norm(b, conv3(b, b.x)) }},
		{"norm and more", "Conv+bias", func(b builder) *Value { return b.mul(norm(b, biased(b)), b.random(3, 1, 1)) }},
		{"norm of the input", "BatchNormalization", func(b builder) *Value { return norm(b, b.x) }},
		{"norm, the convolution wanted", "Conv BatchNormalization Transpose Transpose Add", func(b builder) *Value {
			y := conv3(b, b.x)
			return b.op(Add{}, norm(b, y), b.op(Transpose{tensor.D(0, 1, 3, 2)}, b.op(Transpose{tensor.D(0, 1, 3, 2)}, y)))
		}},
		{"columns", "Conv Mul", func(b builder) *Value { return b.mul(conv3(b, b.x), b.random(5)) }},
		{"positions", "Conv Add", func(b builder) *Value { return b.add(conv3(b, b.x), b.random(4, 5)) }},
		{"batch", "Conv Mul", func(b builder) *Value { return b.mul(conv3(b, b.x), b.random(2, 1, 1, 1)) }},
		{"scale of the input", "Conv Mul", func(b builder) *Value { return b.mul(conv3(b, b.x), input(b, 3, 1, 1)) }},
		{"wider than the convolution", "Conv Mul", func(b builder) *Value { return b.mul(conv3(b, b.x), b.random(1, 1, 1, 1, 1)) }},
		{"an output too", "Conv Mul", func(b builder) *Value { return b.mul(output(b, conv3(b, b.x)), b.num(2)) }},
		{"squared", "Conv Mul", func(b builder) *Value { y := conv3(b, b.x); return b.mul(y, y) }},
		{"weights of the input", "Conv Mul", func(b builder) *Value { return b.mul(b.op(Conv{}, b.x, input(b, 3, 3, 1, 1)), b.num(2)) }},
		{"bias of the input", "Conv+bias Mul", func(b builder) *Value {
			return b.mul(b.op(Conv{}, b.x, b.random(3, 3, 1, 1), input(b, 3)), b.num(2))
		}},
		{"scale after the activation", "Conv+relu Mul", func(b builder) *Value { return b.mul(b.op(Relu{}, conv3(b, b.x)), b.random(3, 1, 1)) }},
		{"scale after the sum", "Conv+sum Mul", func(b builder) *Value { return b.mul(b.add(conv3(b, b.x), b.x), b.random(3, 1, 1)) }},
		{"transposed, scaled", "ConvTranspose", func(b builder) *Value { return b.mul(up(b), b.random(2, 1, 1)) }},

		{"transposed by groups, scaled", "ConvTranspose Mul", func(b builder) *Value {
			return b.mul(b.op(ConvTranspose{Group: 3}, b.x, b.random(3, 1, 2, 2)), b.random(3, 1, 1))
		}},

		{"gemm", "Linear+bias", func(b builder) *Value {
			return b.op(Gemm{Alpha: 0.5, Beta: 2, TransB: true}, input(b, 4, 5), b.random(6, 5), b.random(6))
		}},
		{"gemm, scaled", "Linear+bias", func(b builder) *Value {
			return b.mul(b.op(Gemm{Alpha: 1, Beta: 1}, input(b, 4, 6), b.random(6, 6), b.random(6)), b.random(6))
		}},
		{"gemm of rows, scaled", "Linear", func(b builder) *Value {
			return b.mul(b.op(Gemm{Alpha: 1, TransB: true}, input(b, 4, 6), b.random(6, 6)), b.random(6))
		}},
		{"gemm, no bias", "Linear", func(b builder) *Value { return b.op(Gemm{Alpha: 1}, input(b, 4, 5), b.random(5, 6), b.random(6)) }},
		{"gemm of columns", "Gemm", func(b builder) *Value { return b.op(Gemm{Alpha: 1, TransA: true}, input(b, 5, 4), b.random(5, 6)) }},
		{"gemm, bias of rows", "Gemm", func(b builder) *Value {
			return b.op(Gemm{Alpha: 1, Beta: 1}, input(b, 4, 5), b.random(5, 6), b.random(4, 1))
		}},
		{"gemm, bias of the input", "Gemm", func(b builder) *Value {
			return b.op(Gemm{Alpha: 1, Beta: 1}, input(b, 4, 5), b.random(5, 6), input(b, 6))
		}},
		{"gemm of inputs", "Gemm", func(b builder) *Value { return b.op(Gemm{Alpha: 1}, input(b, 4, 5), input(b, 5, 6)) }},
		{"gemm of nothing", "Gemm", func(b builder) *Value { return b.op(Gemm{Beta: 1}, input(b, 4, 5), b.random(5, 6), b.random(6)) }},

		{"product", "Linear", func(b builder) *Value { return b.mul(product(b), b.random(6)) }},
		{"product and bias", "Linear+bias", func(b builder) *Value { return b.add(product(b), b.random(6)) }},
		{"product of rows", "MatMul Add", func(b builder) *Value { return b.add(product(b), b.random(4, 1)) }},
		{"product with many", "MatMul Add", func(b builder) *Value { return b.add(b.op(MatMul{}, b.x, b.random(2, 1, 5, 6)), b.random(6)) }},
		{"product with another", "MatMul Add", func(b builder) *Value { return b.add(b.op(MatMul{}, b.x, input(b, 5, 6)), b.random(6)) }},
		{"product, wanted", "MatMul Add Mul", func(b builder) *Value { y := product(b); return b.mul(b.add(y, b.random(6)), y) }},

		{"sum", "Conv+sum", func(b builder) *Value { return b.add(conv3(b, b.x), b.x) }},
		{"sum, from the left", "Conv+bias+sum", func(b builder) *Value { return b.add(b.x, biased(b)) }},
		{"sum of two", "Conv Conv+sum", func(b builder) *Value { return b.add(conv3(b, b.x), conv3(b, b.x)) }},
		{"sum of two, the later one's", "Conv+bias Conv+sum", func(b builder) *Value { return b.add(biased(b), conv3(b, b.x)) }},
		{"sum with itself", "Conv Add", func(b builder) *Value { y := conv3(b, b.x); return b.add(y, y) }},
		{"sum of three", "Conv+sum Add", func(b builder) *Value { return b.add(b.add(conv3(b, b.x), b.x), b.x) }},
		{"sum that is wider", "Conv Add", func(b builder) *Value { return b.add(b.op(Conv{}, b.x, b.random(1, 3, 1, 1)), b.x) }},
		{"sum, an output", "Conv Add", func(b builder) *Value { return b.add(output(b, conv3(b, b.x)), b.x) }},
		{"sum of what is wanted", "Conv Add Mul", func(b builder) *Value { y := conv3(b, b.x); return b.mul(b.add(y, b.x), y) }},
		{"difference", "Conv Sub", func(b builder) *Value { return b.op(Sub{}, conv3(b, b.x), b.x) }},
		{"sum after the activation", "Conv+relu Add", func(b builder) *Value { return b.add(b.op(Relu{}, conv3(b, b.x)), b.x) }},
		{"sum, weights of the input", "Conv Add", func(b builder) *Value { return b.add(b.op(Conv{}, b.x, input(b, 3, 3, 1, 1)), b.x) }},

		{"activation", "Conv+relu", func(b builder) *Value { return b.op(Relu{}, conv3(b, b.x)) }},
		{"activation of a sum", "Conv+sum+relu", func(b builder) *Value { return b.op(Relu{}, b.add(conv3(b, b.x), b.x)) }},
		{"activation of a scale", "Conv+bias+sigmoid", func(b builder) *Value { return b.op(Sigmoid{}, b.mul(biased(b), b.num(3))) }},
		{"two activations", "Conv+tanh Relu", func(b builder) *Value { return b.op(Relu{}, b.op(Tanh{}, conv3(b, b.x))) }},
		{"activation, an output", "Conv Relu", func(b builder) *Value { return b.op(Relu{}, output(b, conv3(b, b.x))) }},
		{"activation, wanted", "Conv Tanh Mul", func(b builder) *Value { y := conv3(b, b.x); return b.mul(b.op(Tanh{}, y), y) }},
		{"no activation", "Conv Sin", func(b builder) *Value { return b.op(Sin{}, conv3(b, b.x)) }},
		{"swish", "Conv+silu", func(b builder) *Value { return b.op(Swish{Alpha: 1}, conv3(b, b.x)) }},
		{"swish of another slope", "Conv Swish", func(b builder) *Value { return b.op(Swish{Alpha: 2}, conv3(b, b.x)) }},
		{"clip", "Conv+clamp", func(b builder) *Value { return b.op(Clip{}, conv3(b, b.x), b.scalar(-0.1), b.scalar(0.2)) }},
		{"clip by the input", "Conv Clip", func(b builder) *Value { return b.op(Clip{}, conv3(b, b.x), input(b)) }},
		{"clip, bounds crossed", "Conv Clip", func(b builder) *Value { return b.op(Clip{}, conv3(b, b.x), b.scalar(0.2), b.scalar(-0.1)) }},
		{"transposed, activation", "ConvTranspose+relu", func(b builder) *Value { return b.op(Relu{}, up(b)) }},
		{"transposed, two", "ConvTranspose+relu Tanh", func(b builder) *Value { return b.op(Tanh{}, b.op(Relu{}, up(b))) }},
		{"transposed, wanted", "ConvTranspose Tanh Mul", func(b builder) *Value { y := up(b); return b.mul(b.op(Tanh{}, y), y) }},
		{"product, activation", "Linear+relu", func(b builder) *Value { return b.op(Relu{}, product(b)) }},
		{"product, two", "Linear+bias+tanh Relu", func(b builder) *Value { return b.op(Relu{}, b.op(Tanh{}, b.add(product(b), b.random(6)))) }},
		{"product with another, activation", "MatMul Relu", func(b builder) *Value { return b.op(Relu{}, b.op(MatMul{}, b.x, input(b, 5, 6))) }},
		{"product with many, activation", "MatMul Relu", func(b builder) *Value { return b.op(Relu{}, b.op(MatMul{}, b.x, b.random(2, 1, 5, 6))) }},
		{"activation of a product", "Mul+relu", func(b builder) *Value { return b.op(Relu{}, b.mul(b.x, input(b, 5))) }},
		{"activation of a difference", "Sub+tanh", func(b builder) *Value { return b.op(Tanh{}, b.op(Sub{}, b.x, input(b, 4, 5))) }},
		{"two activations of a sum", "Add+relu Tanh", func(b builder) *Value { return b.op(Tanh{}, b.op(Relu{}, b.add(b.x, input(b, 4, 5)))) }},
		{"activation of a quotient", "Div Relu", func(b builder) *Value { return b.op(Relu{}, b.op(Div{}, b.x, b.num(3))) }},
		{"activation of a sum that is wanted", "Add Relu Mul", func(b builder) *Value { y := b.add(b.x, input(b, 4, 5)); return b.mul(b.op(Relu{}, y), y) }},
		{"activation of the input", "Relu", func(b builder) *Value { return b.op(Relu{}, b.x) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewSource(5))
			b := builder{t, New(), r, nil}
			var err error
			b.x, err = b.g.Input("x", tensor.T(tensor.Float32, 2, 3, 4, 5))
			require.NoError(t, err)
			require.NoError(t, b.g.Output("y", c.f(b)))
			var ops []string
			require.NoError(t, eachPass(b.g, Options{Off: []string{"canon"}}, func(w *net) error {
				ops = nil
				for _, n := range w.nodes {
					ops = append(ops, n.shape())
				}
				return w.check()
			}))
			require.Equal(t, c.want, strings.Join(ops, " "))
			var in []tensor.Array
			for _, v := range b.g.inputs {
				in = append(in, random(r, v.typ.Dims.Slice()...))
			}
			agree(t, b.g, Options{}, in...)
		})
	}
}

// eachStep compiles a random graph, or one with steps that random graphs lack, on the kernels that change returns.
func eachStep(t *testing.T, seed int64, change func(*asm.Set) *asm.Set, f func(d *drawing, m *Model)) {
	d := draw(seed, seed%2 == 0)
	if rare := rareSteps(t); seed%2 == 0 {
		d = rare[int(seed/2)%len(rare)]
	}
	for i, isa := range asm.Supported() {
		o := Options{Exact: seed%3 > 0, Kernels: change(kernels(t, isa)), ChannelsLast: (seed+int64(i))%2 == 0}
		if seed%5 == 0 {
			o.Off = Unfused()
		}
		m, err := d.g.Compile(o)
		require.NoError(t, err, "%v", d)
		f(d, m)
	}
}

// operands are a model's outputs and random inputs in the order that it wants.
func (d *drawing) operands(m *Model) (out, in []tensor.Array) {
	for _, p := range m.Outputs() {
		out = append(out, tensor.NewArray(p.Type))
	}
	for i, p := range m.Inputs() {
		x := tensor.NewArray(p.Type)
		copy(x.Bytes(), d.in[i].Bytes()) // ChannelsLast has other dims for the same number of elements
		in = append(in, x)
	}
	return out, in
}

// TestPointers: what the arguments of kernels point to is the step's, and nothing is kept of the caller's memory.
func TestPointers(t *testing.T) {
	n := int64(120)
	if testing.Short() {
		n = 60 // all steps that random graphs lack
	}
	watch := check.Watch{T: t}
	for seed := range n {
		eachStep(t, seed, func(k *asm.Set) *asm.Set { return k.Watched(watch.Look) }, func(d *drawing, m *Model) {
			s := m.NewSession(1)
			out, in := d.operands(m)
			watch.Run(fmt.Sprintf("seed %d\n%v", seed, d), func() { _ = s.Run(out, in) }, m, s, out, in)
			s.m = nil // a branch's answer may be a constant of the model
			require.Empty(t, check.Kept(s, floatsOf(slices.Concat(out, in))...), "seed %d\n%v", seed, d)
		})
	}
}

// floatsOf are the elements of arrays of float32.
func floatsOf(all []tensor.Array) (list [][]float32) {
	for _, a := range all {
		if a.DType() == tensor.Float32 && a.Len() > 0 {
			list = append(list, tensor.Data[float32](a))
		}
	}
	return list
}

// TestCollector runs random graphs beside the garbage collector.
func TestCollector(t *testing.T) {
	seed := int64(0)
	check.Collect(t, func() {
		seed++
		eachStep(t, seed, func(k *asm.Set) *asm.Set { return k }, func(d *drawing, m *Model) {
			s := m.NewSession(2)
			out, in := d.operands(m)
			for range 2 {
				_ = s.Run(out, in)
			}
		})
	})
}

// stepTypes are the types of steps that the package has, from its source.
func stepTypes(t *testing.T) (names []string) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range files {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != "run" || fn.Recv == nil {
				continue
			}
			if p, ok := fn.Recv.List[0].Type.(*ast.StarExpr); ok {
				names = append(names, p.X.(*ast.Ident).Name)
			}
		}
	}
	return names
}

// counted is a step in whose place allocations are counted. The step runs more than once, on whatever is there then.
type counted struct {
	step
	allocs float64
}

func (c *counted) run(s *Session) { c.allocs = check.Allocs(func() { c.step.run(s) }) }

// rareSteps are graphs with the steps that random ones lack.
func rareSteps(t *testing.T) (list []*drawing) {
	r := rand.New(rand.NewSource(3))
	add := func(g *Graph, in ...tensor.Array) { list = append(list, &drawing{g: g, in: in}) }
	for range 10 {
		g, in, _ := recurrentCase(t, r)
		add(g, in)
	}
	g, in := branching(t)
	add(g, in...)

	b := builder{t, New(), r, nil}
	var err error
	b.x, err = b.g.Input("x", tensor.T(tensor.Float32, 5, 4))
	require.NoError(t, err)
	indices := b.g.Const("", tensor.Of(tensor.D(2, 1), []int64{3, 1}))
	require.NoError(t, b.g.Output("", b.op(ScatterND{}, b.op(Relu{}, b.x), indices, b.op(Neg{}, b.op(Slice{}, b.x, b.ints(0), b.ints(2))))))
	add(b.g, random(r, 5, 4))

	for _, d := range []tensor.DType{tensor.Int32, tensor.Int64} {
		b = builder{t, New(), r, nil}
		b.x, err = b.g.Input("x", tensor.T(d, 2, 7))
		require.NoError(t, err)
		require.NoError(t, b.g.Output("", b.op(MatMul{}, b.op(OneHot{-1}, b.x, b.ints(5), b.g.Const("", tensor.Vector([]float32{0, 1}))), b.random(5, 3))))
		add(b.g, tensor.NewArray(b.x.typ))
	}

	b = builder{t, New(), r, nil}
	b.x, err = b.g.Input("x", tensor.T(tensor.Uint8, 1, 3, 9, 7))
	require.NoError(t, err)
	zero, weights := b.g.Const("", tensor.Scalar(uint8(3))), tensor.NewArray(tensor.T(tensor.Int8, 8, 3, 3, 3))
	require.NoError(t, b.g.Output("", b.op(QLinearConv{}, b.x, b.scalar(0.03), zero, b.g.Const("", weights), b.scalar(0.02), b.g.Const("", tensor.Scalar(int8(1))),
		b.scalar(1.7), zero)))
	add(b.g, tensor.NewArray(b.x.typ))

	x := random(r, 1, 6, 9, 7)
	add(dynamicGraph(t, r, x.Type()), x)

	for i, c := range islands {
		q := &quantisedGraph{t: t, g: New(), r: r}
		d := []tensor.DType{tensor.Int8, tensor.Uint8}[i%2]
		v := c.make(q, d)
		scale, zero := q.scaling(d, 0.31, 30)
		require.NoError(t, q.g.Output("y", must(t, q.g, QuantizeLinear{}, v, scale, zero)))
		add(q.g, q.in...)
	}
	return list
}

// TestStepsDoNotAllocate: no step of any kind but those that are left to Eval allocates in a pass, and all kinds are met.
func TestStepsDoNotAllocate(t *testing.T) {
	seen := make(map[string]bool)
	rare := rareSteps(t)
	all := rare
	for seed := range int64(150) {
		all = append(all, draw(seed, seed%2 == 0))
	}
	for i, d := range all {
		var o Options
		if i >= len(rare) && i%4 < 2 {
			o.Off = Unfused()
		}
		m, err := d.g.Compile(o)
		require.NoError(t, err)
		s := m.NewSession(1 + i%2)
		for i := range m.steps {
			m.steps[i] = &counted{step: m.steps[i]}
		}
		out, in := d.operands(m)
		_ = s.Run(out, in) // indices may be wrong the second time
		for k := range m.steps {
			c := m.steps[k].(*counted)
			kind := reflect.TypeOf(c.step).Elem().Name()
			seen[kind] = true
			if kind != "evalStep" {
				require.Zero(t, c.allocs, "graph %d, step %d: %v\n%v", i, k, c.step, d)
			}
		}
	}
	for _, kind := range stepTypes(t) {
		require.Contains(t, seen, kind, "no graph has such a step")
	}
}
