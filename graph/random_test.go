package graph

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// drawing is a random graph in the making. Every value is computed as soon as it is added.
type drawing struct {
	r *rand.Rand
	g *Graph
	// exact graphs hold small integers and operators whose answers are exact: nothing may differ from Eval. Others hold any numbers
	// and operators that are continuous.
	exact  bool
	in     []tensor.Array
	pool   []*Value // float32, finite
	others []*Value // of other types
	arr    map[*Value]tensor.Array
	used   map[*Value]bool
	log    []string
	names  map[string]bool // of operators that were accepted
}

// draw makes a graph of some operators.
func draw(seed int64, exact bool) *drawing {
	d := &drawing{r: rand.New(rand.NewSource(seed)), g: New(), exact: exact, arr: make(map[*Value]tensor.Array), used: make(map[*Value]bool), names: make(map[string]bool)}
	rank := []int{4, 4, 4, 4, 3, 3, 2, 5, 1}[d.r.Intn(9)]
	for i := range 1 + d.r.Intn(5)/3 {
		var s []int
		for len(s) < rank {
			s = append(s, d.of(1, 2, 3, 4, 5, 7, 8, 9, 16))
		}
		s[0] = d.of(1, 1, 2, 3)
		for tensor.D(s...).Elems() > 2500 {
			s[d.r.Intn(rank)] = d.of(1, 2, 3, 5)
		}
		if i > 0 && d.r.Intn(2) == 0 {
			s = d.in[0].Dims().Slice()
		}
		a := d.numbers(s...)
		v, err := d.g.Input(fmt.Sprintf("x%d", i), a.Type())
		if err != nil {
			panic(err)
		}
		d.log = append(d.log, fmt.Sprintf("%s: %v", v.name, a.Type()))
		d.in, d.pool, d.arr[v] = append(d.in, a), append(d.pool, v), a
	}
	for range 2 + d.r.Intn(14) {
		d.step()
	}
	for _, v := range slices.Concat(d.pool, d.others) {
		if !d.used[v] && d.r.Intn(10) > 0 || d.r.Intn(8) == 0 {
			for range 1 + d.r.Intn(9)/8 { // at times twice
				_ = d.g.Output(fmt.Sprintf("out%d", len(d.g.outputs)), v)
			}
		}
	}
	if len(d.g.outputs) == 0 {
		_ = d.g.Output("", d.pool[len(d.pool)-1])
	}
	return d
}

func (d *drawing) of(list ...int) int { return list[d.r.Intn(len(list))] }
func (d *drawing) once(n int) bool    { return d.r.Intn(n) == 0 }

func (d *drawing) numbers(dims ...int) tensor.Array { return d.numbersOf(tensor.D(dims...)) }

func (d *drawing) numbersOf(dims tensor.Dims) tensor.Array {
	a := tensor.NewArray(tensor.Type{DType: tensor.Float32, Dims: dims})
	for i := range a.Len() {
		if d.exact {
			a.SetFloat(i, float64(d.r.Intn(7)-3))
		} else {
			a.SetFloat(i, 2*d.r.Float64()-1)
		}
	}
	return a
}

func (d *drawing) konst(a tensor.Array) *Value {
	v := d.g.Const("", a)
	d.arr[v] = a
	return v
}

func (d *drawing) floats(dims ...int) *Value { return d.konst(d.numbers(dims...)) }
func (d *drawing) ints(x ...int) *Value {
	y := make([]int64, len(x))
	for i, v := range x {
		y[i] = int64(v)
	}
	return d.konst(tensor.Vector(y))
}
func (d *drawing) scalar(x float32) *Value { return d.konst(tensor.Scalar(x)) }

// maybe is nil at times.
func (d *drawing) maybe(v *Value) *Value {
	if d.once(2) {
		return nil
	}
	return v
}

// pick draws a value, the newer the likelier.
func (d *drawing) pick() *Value {
	if d.once(2) {
		return d.pool[len(d.pool)-1]
	}
	return d.pool[d.r.Intn(len(d.pool))]
}

// ranked draws a value whose rank is from lo to hi, which nil says there is none.
func (d *drawing) ranked(lo, hi int) *Value {
	for range 20 {
		if v := d.pick(); v.typ.Dims.Rank() >= lo && v.typ.Dims.Rank() <= hi {
			return v
		}
	}
	return nil
}

// like draws a value of dims s, or makes a constant.
func (d *drawing) like(s tensor.Dims) *Value {
	for range 10 {
		if v := d.pick(); v.typ.Dims == s {
			return v
		}
	}
	return d.konst(d.numbersOf(s))
}

// add applies an operator, and returns its outputs, or nil if it refuses.
func (d *drawing) add(op Op, in ...*Value) []*Value {
	for _, v := range in {
		if v != nil && v.typ.Elems() > 20000 {
			return nil
		}
	}
	types, err := infer(op, args(in))
	if err != nil {
		return nil
	}
	for _, t := range types {
		if t.Elems() > 20000 || t.Elems() == 0 && !d.once(10) {
			return nil
		}
	}
	out, err := d.g.Add("", op, in...)
	if err != nil {
		panic(fmt.Sprintf("%s: Infer has nothing against it, and Add says %v", OpName(op), err))
	}
	ins, outs := make([]tensor.Array, len(in)), make([]tensor.Array, len(out))
	for i, v := range in {
		if v != nil {
			ins[i] = d.arr[v]
			d.used[v] = true
		}
	}
	for len(ins) > 0 && !ins[len(ins)-1].Valid() {
		ins = ins[:len(ins)-1]
	}
	for i, v := range out {
		outs[i] = tensor.NewArray(v.typ)
		d.arr[v] = outs[i]
	}
	if err := op.Eval(outs, ins); err != nil {
		panic(fmt.Sprintf("%s: %v", OpName(op), err))
	}
	d.names[OpName(op)] = true
	line := fmt.Sprintf("%s %+v of", OpName(op), op)
	for _, v := range in {
		if v == nil {
			line += " nothing"
		} else if v.konst.Valid() && v.konst.Len() < 9 && v.konst.DType() == tensor.Int64 {
			line += fmt.Sprint(" ", v.konst.Ints())
		} else {
			line += fmt.Sprintf(" %s(%v)", v.name, v.typ.Dims)
		}
	}
	for _, v := range out {
		line += fmt.Sprintf(" > %s %v", v.name, v.typ)
	}
	d.log = append(d.log, line)
	return out
}

// apply adds an operator and puts what it gives into the pool, clamped where it has become large.
func (d *drawing) apply(op Op, in ...*Value) *Value {
	out := d.add(op, in...)
	if out == nil {
		return nil
	}
	for _, v := range out {
		if v.typ.DType != tensor.Float32 {
			d.others = append(d.others, v)
			continue
		}
		top := 0.0
		for i := range d.arr[v].Len() {
			if x := math.Abs(d.arr[v].Float(i)); x > top || x != x {
				top = x
			}
		}
		switch {
		case v.typ.Elems() == 0 || math.IsInf(top, 0) || top != top:
			d.others = append(d.others, v)
		case top > 100:
			if w := d.add(Clip{}, v, d.scalar(-7), d.scalar(7)); w != nil {
				d.pool = append(d.pool, w[0])
			}
		default:
			d.pool = append(d.pool, v)
		}
	}
	return out[0]
}

func (d *drawing) window(rank int, kernel []int) Window {
	w := Window{}
	var s, dil, pads []int
	for _, k := range kernel {
		s, dil = append(s, d.of(1, 1, 2, 3)), append(dil, d.of(1, 1, 1, 2))
		pads = append(pads, d.of(0, k/2, d.r.Intn(k)))
	}
	for _, k := range kernel {
		pads = append(pads, d.of(k/2, d.r.Intn(k)))
	}
	if d.once(2) {
		w.Strides = tensor.D(s...)
	}
	if d.once(4) {
		w.Dilations = tensor.D(dil...)
	}
	switch d.r.Intn(4) {
	case 0, 1:
		w.Pads = tensor.D(pads...)
	case 2:
		w.AutoPad = AutoPad(d.r.Intn(4))
	}
	return w
}

func (d *drawing) kernel(x tensor.Dims) (k []int) {
	for i := 2; i < x.Rank(); i++ {
		k = append(k, d.of(1, 3, 1+d.r.Intn(min(4, x.At(i)))))
	}
	return k
}

// conv applies a convolution to x; same says that positions and the number of channels stay.
func (d *drawing) conv(x *Value, same bool) *Value {
	s := x.typ.Dims
	if s.Rank() < 3 || s.Rank() > 5 || s.At(1) == 0 {
		return nil
	}
	k := d.kernel(s)
	o := Conv{Window: d.window(s.Rank(), k)}
	oc := d.of(1, 2, 3, 4, 6, 8, 13, 16)
	if same {
		for i := range k {
			k[i] = d.of(1, 3)
		}
		oc = s.At(1)
		o.Window = Window{AutoPad: SameUpper}
	}
	c := s.At(1)
	switch d.r.Intn(4) {
	case 0:
		o.Group, oc = c, c
	case 1:
		for _, g := range []int{2, 3} {
			if c%g == 0 && oc%g == 0 {
				o.Group = g
			}
		}
	}
	w := d.numbers(append([]int{oc, c / o.group()}, k...)...)
	if !d.exact { // outputs as large as inputs
		f := 1 / math.Sqrt(float64(w.Len()/oc))
		for i := range w.Len() {
			w.SetFloat(i, w.Float(i)*f)
		}
	}
	return d.apply(o, x, d.konst(w), d.maybe(d.floats(oc)))
}

// branch makes something of x whose dims are those of x but for axis.
func (d *drawing) branch(x *Value, axis int) *Value {
	s := x.typ.Dims
	var v *Value
	switch d.r.Intn(8) {
	case 0:
		return x
	case 1:
		v = d.apply(Relu{}, x)
	case 2, 3:
		if axis == 1 && s.Rank() > 2 {
			oc := d.of(1, 2, 3, 8)
			w := append([]int{oc, s.At(1)}, make([]int, s.Rank()-2)...)
			for i := range w[2:] {
				w[2+i] = 1
			}
			v = d.apply(Conv{}, x, d.floats(w...))
		}
	case 4:
		n := 1 + d.r.Intn(s.At(axis))
		v = d.apply(Slice{}, x, d.ints(0), d.ints(n), d.ints(axis))
	case 5:
		v = d.floats(s.Set(axis, d.of(1, 2, 3)).Slice()...)
	case 6:
		v = d.apply(Add{}, x, d.floats(1))
	case 7:
		if s.Rank() > 2 {
			k := make([]int, s.Rank()-2)
			for i := range k {
				k[i] = 3
			}
			v = d.apply(MaxPool{Window: Window{Kernel: tensor.D(k...), AutoPad: SameLower}}, x)
		}
	}
	if v == nil {
		return x
	}
	return v
}

// broadcasts draws dims that broadcast with s.
func (d *drawing) broadcasts(s tensor.Dims) []int {
	x := s.Slice()
	for i := range x {
		if d.once(2) {
			x[i] = 1
		}
	}
	x = x[d.r.Intn(len(x)+1):]
	if d.once(6) && len(x) == len(s.Slice()) && len(x) < 5 {
		x = append([]int{d.of(1, 2)}, x...)
	}
	return x
}

var (
	unaries  = []Op{Relu{}, LeakyRelu{0.5}, Abs{}, Neg{}, Identity{}, ThresholdedRelu{1}, Shrink{1, 2}}
	rounded1 = []Op{Floor{}, Ceil{}, Round{}, Sign{}}
	smooth   = []Op{LeakyRelu{0.1}, Elu{1.5}, Sigmoid{}, HardSigmoid{0.2, 0.5}, HardSwish{}, Tanh{}, Exp{}, Selu{1.67, 1.05}, Celu{0.8}, Softplus{}, Softsign{}, Mish{}, Gelu{},
		Gelu{true}, Swish{1}, Swish{1.7}, Erf{}, Sin{}, Cos{}, Atan{}, Sinh{}, Asinh{}}
	binaries = []Op{Add{}, Add{}, Sub{}, Mul{}, Max{}, Min{}, Sum{}}
	reduces  = []func(Reduction) Op{
		func(r Reduction) Op { return ReduceSum{r} }, func(r Reduction) Op { return ReduceMax{r} }, func(r Reduction) Op { return ReduceMin{r} },
		func(r Reduction) Op { return ReduceL1{r} }, func(r Reduction) Op { return ReduceSumSquare{r} },
		func(r Reduction) Op { return ReduceMean{r} }, func(r Reduction) Op { return ReduceL2{r} }, func(r Reduction) Op { return ReduceLogSumExp{r} },
	}
	softs = []func(int) Op{func(a int) Op { return Softmax{a} }, func(a int) Op { return LogSoftmax{a} }, func(a int) Op { return LpNormalization{a, 2} }}
)

func oneOf[T any](d *drawing, list []T) T { return list[d.r.Intn(len(list))] }

// step adds something.
func (d *drawing) step() {
	x := d.pick()
	s := x.typ.Dims
	rank := s.Rank()
	axis := 0
	if rank > 0 {
		axis = d.r.Intn(rank)
	}
	maps := d.ranked(3, 5)
	signed := axis
	if d.once(3) {
		signed = axis - rank
	}
	switch d.r.Intn(40) {
	case 0, 1, 2, 3:
		if maps != nil {
			d.conv(maps, false)
		}
	case 4: // a residual block
		if maps == nil {
			return
		}
		y := d.conv(maps, true)
		if y == nil {
			return
		}
		if d.once(2) {
			if z := d.apply(oneOf(d, unaries), y); z != nil {
				y = z
			}
		}
		if d.once(3) {
			maps, y = y, maps
		}
		if z := d.apply(Add{}, maps, y); z != nil && d.once(2) {
			d.apply(Relu{}, z)
		}
	case 5:
		if maps == nil {
			return
		}
		m := maps.typ.Dims
		k := d.kernel(m)
		o := ConvTranspose{Window: d.window(m.Rank(), k)}
		if o.AutoPad == NotSet && d.once(3) {
			var p []int
			for i := range k {
				p = append(p, d.r.Intn(attr(o.Strides, i, 1)))
			}
			o.OutputPadding = tensor.D(p...)
		}
		oc := d.of(1, 2, 3, 5)
		if m.At(1)%2 == 0 && d.once(3) {
			o.Group = 2
		}
		if v := d.apply(o, maps, d.floats(append([]int{m.At(1), oc}, k...)...), d.maybe(d.floats(oc*max(o.Group, 1)))); v != nil && d.once(2) {
			d.apply(Relu{}, v)
		}
	case 6, 7:
		if maps == nil {
			return
		}
		k := d.kernel(maps.typ.Dims)
		w := d.window(len(k), k)
		w.Kernel, w.Ceil = tensor.D(k...), d.once(3)
		if d.exact || d.once(2) {
			d.apply(MaxPool{Window: w, Indices: d.once(4) && d.exact, ColumnMajor: d.once(2)}, maps)
		} else if d.once(4) {
			d.apply(LpPool{Window: w, P: d.of(0, 1, 2)}, maps)
		} else {
			d.apply(AveragePool{Window: w, CountIncludePad: d.once(2)}, maps)
		}
	case 8:
		if maps == nil {
			return
		}
		if d.exact || d.once(3) {
			d.apply(GlobalMaxPool{}, maps)
		} else if d.once(3) {
			d.apply(GlobalLpPool{2}, maps)
		} else {
			d.apply(GlobalAveragePool{}, maps)
		}
	case 9:
		if x = d.ranked(2, 2); x == nil {
			return
		}
		o := Gemm{Alpha: 1, Beta: 1, TransA: d.once(4), TransB: d.once(2)}
		if d.once(3) {
			o.Alpha, o.Beta = float32(d.of(1, 2, -1)), float32(d.of(0, 1, 2))
		}
		m, k := x.typ.Dims.At(0), x.typ.Dims.At(1)
		if o.TransA {
			m, k = k, m
		}
		n := d.of(1, 2, 5, 8, 17)
		b := []int{k, n}
		if o.TransB {
			b = []int{n, k}
		}
		c := [][]int{{n}, {1, n}, {m, 1}, {1}, {m, n}, {}}[d.r.Intn(6)]
		if v := d.apply(o, x, d.floats(b...), d.maybe(d.floats(c...))); v != nil && d.once(2) {
			d.apply(oneOf(d, unaries), v)
		}
	case 10, 11:
		if rank < 1 {
			return
		}
		k := s.At(rank - 1)
		var y *Value
		switch d.r.Intn(4) {
		case 0:
			y = d.floats(k)
		case 1:
			y = d.floats(k, d.of(1, 2, 3, 8, 16))
		case 2:
			if rank > 2 {
				y = d.floats(append(d.broadcasts(tensor.D(s.Slice()[:rank-2]...)), k, d.of(1, 2, 3, 8))...)
			}
		case 3: // with itself, transposed
			p := make([]int, rank)
			for i := range p {
				p[i] = i
			}
			if rank > 1 {
				p[rank-1], p[rank-2] = p[rank-2], p[rank-1]
				y = d.apply(Transpose{tensor.D(p...)}, x)
			}
		}
		if y == nil {
			return
		}
		if d.once(5) && rank > 1 { // the constant on the left
			x, y = d.floats(d.of(1, 3), s.At(rank-2)), x
		}
		if v := d.apply(MatMul{}, x, y); v != nil && d.once(2) {
			w := v
			if n := v.typ.Dims.Rank(); n > 0 && d.once(2) {
				w = d.apply(oneOf(d, []Op{Add{}, Mul{}, Sub{}}), v, d.floats(v.typ.Dims.At(n-1)))
			}
			if w != nil {
				d.apply(oneOf(d, unaries), w)
			}
		}
	case 12, 13, 14:
		var y *Value
		switch d.r.Intn(3) {
		case 0:
			y = d.like(s)
		case 1:
			y = d.floats(d.broadcasts(s)...)
		case 2:
			y = d.pick()
		}
		if d.once(2) {
			x, y = y, x
		}
		op := oneOf(d, binaries)
		if !d.exact && d.once(5) {
			op = Mean{}
		}
		if _, ok := op.(Sum); ok && d.once(2) {
			d.apply(op, x, y, d.pick())
			return
		}
		if v := d.apply(op, x, y); v != nil && d.once(3) {
			d.apply(oneOf(d, unaries), v)
		}
	case 15:
		if d.exact {
			y := d.floats(d.broadcasts(s)...)
			if c := d.add(oneOf(d, []Op{Equal{}, Less{}, LessOrEqual{}, Greater{}, GreaterOrEqual{}}), x, y); c != nil {
				cond := c[0]
				if d.once(3) {
					cond = d.add(Not{}, cond)[0]
				}
				if e := d.add(Greater{}, x, d.scalar(1)); e != nil && d.once(2) {
					if f := d.add(oneOf(d, []Op{And{}, Or{}, Xor{}}), cond, e[0]); f != nil {
						cond = f[0]
					}
				}
				d.others = append(d.others, cond)
				d.apply(Where{}, cond, x, d.floats(d.broadcasts(s)...))
			}
			return
		}
		y := d.numbersOf(tensor.D(d.broadcasts(s)...))
		for i := range y.Len() {
			y.SetFloat(i, 0.5+math.Abs(y.Float(i)))
		}
		if d.once(2) {
			d.apply(Div{}, x, d.konst(y))
		} else if a := d.add(Abs{}, x); a != nil {
			d.apply(Pow{}, d.add(Add{}, a[0], d.scalar(1))[0], d.konst(y))
		}
	case 16, 17:
		op := oneOf(d, unaries)
		if d.exact && d.once(3) {
			op = oneOf(d, rounded1)
		} else if !d.exact && d.once(2) {
			op = oneOf(d, smooth)
		}
		d.apply(op, x)
	case 18:
		if !d.exact {
			d.apply(oneOf(d, smooth), x)
			return
		}
		lo, hi := d.scalar(float32(d.of(-3, -1, 0))), d.scalar(float32(d.of(0, 1, 6)))
		d.apply(Clip{}, x, d.maybe(lo), d.maybe(hi))
	case 19, 20:
		p := d.r.Perm(rank)
		if rank == 4 && d.once(2) {
			p = [][]int{{0, 2, 3, 1}, {0, 3, 1, 2}, {0, 1, 3, 2}}[d.r.Intn(3)]
		}
		d.apply(Transpose{tensor.D(p...)}, x)
	case 21, 22:
		to := regrouped(d.r, s).Slice()
		if len(to) > 0 && d.once(2) {
			to[d.r.Intn(len(to))] = -1
		}
		d.apply(Reshape{}, x, d.ints(to...))
	case 23:
		switch d.r.Intn(4) {
		case 0:
			d.apply(Flatten{d.r.Intn(rank + 1)}, x)
		case 1:
			d.apply(Squeeze{}, x)
		case 2:
			if rank < 5 {
				d.apply(Unsqueeze{}, x, d.ints(d.r.Intn(rank+1)))
			}
		case 3: // as exporters write it
			if sh := d.add(Shape{}, x); sh != nil && rank > 0 {
				n := d.add(Gather{0}, sh[0], d.konst(tensor.Scalar(int64(0))))[0]
				n = d.add(Unsqueeze{}, n, d.ints(0))[0]
				d.apply(Reshape{}, x, d.add(Concat{0}, n, d.ints(-1))[0])
			}
		}
	case 24, 25:
		var starts, ends, axes, steps []int
		for a := range rank {
			if d.once(2) {
				st := d.of(1, 1, 1, 2, 3, -1, -2)
				lo, hi := d.r.Intn(s.At(a)), math.MaxInt32
				if st < 0 {
					hi = -1 - s.At(a)
				} else if d.once(2) {
					hi = lo + 1 + d.r.Intn(s.At(a))
				}
				starts, ends, axes, steps = append(starts, lo), append(ends, hi), append(axes, a), append(steps, st)
			}
		}
		d.apply(Slice{}, x, d.ints(starts...), d.ints(ends...), d.ints(axes...), d.ints(steps...))
	case 26:
		if rank < 1 {
			return
		}
		n := 1 + d.r.Intn(min(3, s.At(axis)))
		if d.once(2) {
			d.apply(Split{Axis: signed, Outputs: n}, x)
			return
		}
		sizes, rest := []int{}, s.At(axis)
		for range n - 1 {
			sizes = append(sizes, d.r.Intn(rest+1))
			rest -= sizes[len(sizes)-1]
		}
		d.apply(Split{Axis: signed}, x, d.ints(append(sizes, rest)...))
	case 27, 28, 29:
		if rank < 1 {
			return
		}
		if rank > 2 && d.once(2) {
			axis, signed = 1, 1
		}
		var parts []*Value
		for range 1 + d.r.Intn(4) {
			parts = append(parts, d.branch(x, axis))
		}
		d.apply(Concat{signed}, parts...)
	case 30:
		if rank < 1 {
			return
		}
		switch d.r.Intn(6) {
		case 0:
			d.apply(Expand{}, x, d.ints(append([]int{d.of(1, 2)}, s.Slice()...)...))
		case 1:
			n := make([]int, rank)
			for i := range n {
				n[i] = d.of(1, 1, 2, 3)
			}
			d.apply(Tile{}, x, d.ints(n...))
		case 2:
			idx := tensor.NewArray(tensor.T(tensor.Int64, [][]int{{}, {1}, {2}, {2, 2}, {3}}[d.r.Intn(5)]...))
			for i := range idx.Len() {
				idx.SetInt(i, int64(d.r.Intn(2*s.At(axis))-s.At(axis)))
			}
			d.apply(Gather{signed}, x, d.konst(idx))
		case 3:
			idx := tensor.NewArray(tensor.Type{DType: tensor.Int64, Dims: s.Set(axis, d.of(1, 2))})
			for i := range idx.Len() {
				idx.SetInt(i, int64(d.r.Intn(s.At(axis))))
			}
			d.apply(GatherElements{signed}, x, d.konst(idx))
			d.apply(ScatterElements{signed, Scatter(d.r.Intn(3))}, x, d.konst(idx), d.floats(idx.Dims().Slice()...))
		case 4:
			idx := tensor.NewArray(tensor.T(tensor.Int64, 3, 1))
			for i := range idx.Len() {
				idx.SetInt(i, int64(d.r.Intn(s.At(0))))
			}
			d.apply(GatherND{}, x, d.konst(idx))
		case 5: // rows of a table
			if !d.exact {
				return
			}
			n := d.of(1, 3, s.At(axis))
			if hot := d.apply(OneHot{-1}, d.apply(ArgMax{Axis: axis}, x), d.ints(n), d.konst(tensor.Vector([]float32{0, 1}))); hot != nil {
				if v := d.apply(MatMul{}, hot, d.floats(n, d.of(1, 2, 8))); v != nil && d.once(2) {
					d.apply(oneOf(d, unaries), v)
				}
			}
		}
	case 31:
		p := make([]int, 2*rank)
		for i := range p {
			p[i] = d.of(0, 0, 1, 2)
			if s.At(i%rank) > 2 && d.once(6) {
				p[i] = -1
			}
		}
		d.apply(Pad{PadMode(d.r.Intn(4))}, x, d.ints(p...), d.maybe(d.scalar(2)))
	case 32:
		if x = d.ranked(3, 5); x == nil {
			return
		}
		o := Resize{Mode: ResizeMode(d.r.Intn(3)), Coordinates: Coordinates(d.r.Intn(5)), Rounding: Rounding(d.r.Intn(4)), CubicA: -0.75, Antialias: d.once(4)}
		sc := tensor.NewArray(tensor.T(tensor.Float32, x.typ.Dims.Rank()))
		for i := range sc.Len() {
			sc.SetFloat(i, 1)
			if i >= 2 {
				sc.SetFloat(i, []float64{1, 2, 0.5, 1.5, 3}[d.r.Intn(5)])
			}
		}
		if d.exact {
			o.Mode, o.Antialias = Nearest, false
		}
		d.apply(o, x, nil, d.konst(sc))
	case 33, 34:
		kinds := reduces[:5]
		if !d.exact {
			kinds = reduces
		}
		var list []int
		for a := range rank {
			if d.once(2) {
				list = append(list, a)
			}
		}
		d.apply(oneOf(d, kinds)(Reduction{Drop: d.once(2), NoopEmpty: d.once(4)}), x, d.maybe(d.ints(list...)))
	case 35:
		if rank < 1 {
			return
		}
		if !d.exact {
			d.apply(oneOf(d, softs)(signed), x)
			return
		}
		switch d.r.Intn(6) {
		case 0:
			if v := d.add(ArgMax{signed, d.once(2), d.once(2)}, x); v != nil {
				d.others = append(d.others, v[0])
				d.apply(OneHot{-1}, v[0], d.konst(tensor.Scalar(int64(4))), d.floats(2))
			}
		case 1:
			d.apply(ArgMin{signed, d.once(2), d.once(2)}, x)
		case 2:
			d.apply(TopK{signed, d.once(2)}, x, d.ints(1+d.r.Intn(s.At(axis))))
		case 3:
			axis := d.konst(tensor.Scalar(int64(signed)))
			if s.At(s.Rank()-1) < 4 && d.once(3) {
				d.apply(CumProd{d.once(2), d.once(2)}, x, axis)
			} else {
				d.apply(CumSum{d.once(2), d.once(2)}, x, axis)
			}
		case 4:
			d.apply(Hardmax{signed}, x)
		case 5:
			if rank > 1 {
				d.apply(Trilu{d.once(2)}, x, d.konst(tensor.Scalar(int64(d.of(-1, 0, 1)))))
			}
		}
	case 36:
		if x = d.ranked(2, 5); x == nil {
			return
		}
		c := x.typ.Dims.At(1)
		variance := tensor.NewArray(tensor.T(tensor.Float32, c))
		for i := range c {
			variance.SetFloat(i, 1)
			if !d.exact {
				variance.SetFloat(i, 0.5+d.r.Float64())
			}
		}
		v := d.apply(BatchNormalization{}, x, d.floats(c), d.floats(c), d.floats(c), d.konst(variance))
		if v != nil && d.once(2) {
			d.apply(Relu{}, v)
		}
	case 37:
		if x = d.ranked(3, 4); x == nil || d.exact {
			return
		}
		c := x.typ.Dims.At(1)
		switch d.r.Intn(6) {
		case 0:
			d.apply(InstanceNormalization{1e-2}, x, d.floats(c), d.floats(c))
		case 1:
			g := 1
			if c%2 == 0 {
				g = 2
			}
			d.apply(GroupNormalization{g, 1e-2}, x, d.floats(c), d.floats(c))
		case 2:
			n := x.typ.Dims.At(x.typ.Dims.Rank() - 1)
			d.apply(LayerNormalization{-1, 1e-2, d.once(2)}, x, d.floats(n), d.maybe(d.floats(n)))
		case 3:
			d.apply(RMSNormalization{-1, 1e-2}, x, d.floats(x.typ.Dims.At(x.typ.Dims.Rank()-1)))
		case 4:
			d.apply(LRN{d.of(1, 3, 5), 0.1, 0.75, 1}, x)
		case 5:
			d.apply(PRelu{}, x, d.floats(append([]int{c}, slices.Repeat([]int{1}, x.typ.Dims.Rank()-2)...)...))
		}
	case 38:
		switch d.r.Intn(5) {
		case 0:
			d.apply(DepthToSpace{2, d.once(2)}, x)
		case 1:
			d.apply(SpaceToDepth{2}, x)
		case 2:
			if d.exact {
				to := []tensor.DType{tensor.Int32, tensor.Int8, tensor.Float16, tensor.Float64, tensor.Float32}[d.r.Intn(5)]
				if v := d.add(Cast{to}, x); v != nil {
					d.others = append(d.others, v[0])
					d.apply(Cast{tensor.Float32}, v[0])
				}
			}
		case 3:
			if d.exact {
				if v := d.add(QuantizeLinear{To: tensor.Int8}, x, d.scalar(1)); v != nil {
					d.apply(DequantizeLinear{}, v[0], d.scalar(1))
				}
			}
		case 4:
			if d.exact && x.typ.Dims.Rank() > 0 {
				v := d.add(DynamicQuantizeLinear{}, x)
				if v == nil {
					return
				}
				d.others = append(d.others, v[0])
				w := tensor.NewArray(tensor.T(tensor.Int8, x.typ.Dims.At(x.typ.Dims.Rank()-1), d.of(1, 3, 20)))
				for i := range w.Len() {
					w.SetInt(i, int64(d.r.Intn(256)))
				}
				if v = d.add(MatMulInteger{}, v[0], d.konst(w), v[2]); v != nil {
					d.others = append(d.others, v[0])
				}
			}
		}
	case 39:
		d.apply(users{float32(d.of(1, 2))}, x)
	}
}

// users is an operator of a user's: x times a number, and the number of elements.
type users struct{ by float32 }

func (o users) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, floating)
	if err == nil && t[0].DType != tensor.Float32 {
		err = fmt.Errorf("the input is %v, want float32", t[0])
	}
	return append(t, tensor.T(tensor.Int64)), err
}

func (o users) Eval(out, in []tensor.Array) error {
	x, y := tensor.Data[float32](in[0]), tensor.Data[float32](out[0])
	for i, v := range x {
		y[i] = o.by * v
	}
	out[1].SetInt(0, int64(len(x)))
	return nil
}

// outside returns arrays as a caller has them whose memory lies in order o, and back makes them row-major again.
func outside(a []tensor.Array, o order, back bool) []tensor.Array {
	var out []tensor.Array
	for _, x := range a {
		y := tensor.NewArray(x.Type())
		plainView, other := denseView(x.Type()), denseView(x.Type())
		other.stride = o.dense(x.Dims())
		from, to := plainView, other
		if back {
			from, to = other, plainView
		}
		m := newMove(to, from)
		m.do(new(worker), asm.MustKernels(), y.Bytes(), x.Bytes(), 0, 0, 0, m.units)
		out = append(out, y)
	}
	return out
}

// outputsOf runs a session on row-major inputs and returns row-major outputs.
func outputsOf(t testing.TB, s *Session, in []tensor.Array) []tensor.Array {
	o := s.m.options.outside()
	var out []tensor.Array
	for _, p := range s.m.outputs {
		y := tensor.NewArray(p.Type)
		for i := range y.Bytes() {
			y.Bytes()[i] = 0xff // NaN
		}
		out = append(out, y)
	}
	require.NoError(t, s.Run(out, outside(in, o, false)))
	return outside(out, o, true)
}

// far says where got differs from want by more than rounding, or, if exact, at all. NaN equals NaN.
func far(got, want []tensor.Array, exact bool) string {
	for i, x := range want {
		y := got[i]
		top := 1.0
		for j := range x.Len() {
			if v := math.Abs(x.Float(j)); v > top && !math.IsInf(v, 0) {
				top = v
			}
		}
		for j := range x.Len() {
			a, b := y.Float(j), x.Float(j)
			if a == b || a != a && b != b || !exact && x.DType().IsFloat() && math.Abs(a-b) <= 2e-4*top {
				continue
			}
			return fmt.Sprintf("output %d (%v), element %d is %v, want %v", i, x.Type(), j, a, b)
		}
	}
	return ""
}

func (d *drawing) String() string { return strings.Join(d.log, "\n") }

// agrees compiles the graph and compares a pass with Eval.
func (d *drawing) agrees(t testing.TB, what string, o Options, want []tensor.Array) *Model {
	m, err := d.g.Compile(o)
	if err != nil {
		t.Fatalf("%s: %v\n%v", what, err, d)
	}
	defer func() {
		if p := recover(); p != nil {
			t.Logf("%s: panic\n%v\n%s", what, d, strings.Join(m.Steps(), "\n"))
			panic(p)
		}
	}()
	if bad := far(outputsOf(t, m.NewSession(1), d.in), want, d.exact); bad != "" {
		t.Fatalf("%s: %s\n%v\nsteps:\n%s", what, bad, d, strings.Join(m.Steps(), "\n"))
	}
	return m
}

func kernels(t testing.TB, isa asm.ISA) *asm.Set {
	k, err := asm.For(isa)
	require.NoError(t, err)
	return k
}

// compare runs a random graph in many ways.
func compare(t testing.TB, seed int64) *drawing {
	d := draw(seed, seed%2 == 0)
	want, err := d.g.Eval(d.in...)
	require.NoError(t, err, "seed %d", seed)
	all := asm.Supported()
	ways := []Options{{Exact: true}, {Exact: true, ChannelsLast: true}, {Exact: true, Poison: true}}
	if !d.exact {
		ways = append(ways, Options{}, Options{ChannelsLast: true, Poison: true})
	}
	for i, o := range ways {
		o.Kernels = kernels(t, all[len(all)-1-(i+int(seed%1000))%len(all)])
		d.agrees(t, fmt.Sprintf("seed %d, %+v", seed, o), o, want)
	}
	names := Passes()
	o := Options{Exact: true, Off: []string{names[int(seed)%len(names)]}, ChannelsLast: seed%3 == 0, Poison: seed%5 == 0}
	d.agrees(t, fmt.Sprintf("seed %d, %+v", seed, o), o, want)
	if seed%4 < 2 {
		d.agrees(t, fmt.Sprintf("seed %d, unfused", seed), Options{Exact: true, Off: Unfused()}, want)
	}
	if seed%8 < 2 {
		d.sessions(t, seed)
	}
	return d
}

// sessions runs one model with several threads, twice with other inputs, at once, and for another batch.
func (d *drawing) sessions(t testing.TB, seed int64) {
	m, err := d.g.Compile(Options{Exact: true})
	require.NoError(t, err)
	first := outputsOf(t, m.NewSession(1), d.in)
	var other []tensor.Array
	for _, x := range d.in {
		other = append(other, d.numbersOf(x.Dims()))
	}
	second := outputsOf(t, m.NewSession(1), other)
	same := func(what string, got, want []tensor.Array) {
		for i := range want {
			if !slices.Equal(got[i].Bytes(), want[i].Bytes()) {
				t.Errorf("seed %d: %s: output %d differs\n%v", seed, what, i, d)
				return
			}
		}
	}
	var running sync.WaitGroup
	for threads := 1; threads <= 3; threads++ {
		s := m.NewSession(threads)
		running.Go(func() {
			same(fmt.Sprint(threads, " threads"), outputsOf(t, s, d.in), first)
			same("another pass", outputsOf(t, s, other), second)
			same("the first again", outputsOf(t, s, d.in), first)
		})
	}
	running.Wait()
	// Another batch, and where it is not fixed by the graph another size.
	var types []tensor.Type
	var in []tensor.Array
	for _, x := range d.in {
		s := x.Dims()
		s = s.Set(0, s.At(0)+1)
		if r := s.Rank(); r > 2 && seed%16 < 2 {
			s = s.Set(r-1, s.At(r-1)+2)
		}
		types, in = append(types, tensor.Type{DType: tensor.Float32, Dims: s}), append(in, d.numbersOf(s))
	}
	n, err := m.With(types...)
	g, err2 := d.g.With(types...)
	require.Equal(t, err == nil, err2 == nil, "seed %d", seed)
	if err != nil {
		return // a Reshape that says the batch, for instance
	}
	fresh, err := g.Compile(Options{Exact: true})
	require.NoError(t, err)
	want, err := g.Eval(in...)
	if err != nil {
		return // indices that were inside before
	}
	got := outputsOf(t, n.NewSession(2), in)
	same("With", got, outputsOf(t, fresh.NewSession(1), in))
	if bad := far(got, want, d.exact); bad != "" && !(d.exact && large(want)) {
		t.Errorf("seed %d: With: %s\n%v", seed, bad, d)
	}
}

// large says that integers may have become too large to be exact.
func large(x []tensor.Array) bool {
	for _, a := range x {
		for i := range a.Len() {
			if math.Abs(a.Float(i)) > 1<<20 {
				return true
			}
		}
	}
	return false
}

// TestRandom compares random graphs with Eval, and makes sure that they have every operator.
func TestRandom(t *testing.T) {
	n := 2000
	if testing.Short() {
		n = 300
	}
	names := make(map[string]bool)
	for seed := range n {
		for name := range compare(t, int64(seed)).names {
			names[name] = true
		}
		if t.Failed() {
			return
		}
	}
	t.Log(len(names), "operators")
}

func FuzzGraph(f *testing.F) {
	f.Add(int64(1))
	f.Add(int64(2))
	f.Fuzz(func(t *testing.T, seed int64) { compare(t, seed&math.MaxInt64) })
}
