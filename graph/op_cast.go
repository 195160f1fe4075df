package graph

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// Cast converts elements to another type: to integers towards zero, to bool by x != 0, to floating-point numbers to the nearest, ties to even.
type Cast struct{ To tensor.DType }

func (o Cast) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferUnary(in, anything)
	if err != nil {
		return nil, err
	}
	if o.To.Size() == 0 {
		return nil, fmt.Errorf("To is %v, want a type of elements", o.To)
	}
	t[0].DType = o.To
	return t, nil
}

func (o Cast) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	for i := range y.Len() {
		if x.DType().IsFloat() || x.DType() == tensor.Uint64 && o.To.IsFloat() {
			y.SetFloat(i, x.Float(i))
		} else {
			y.SetInt(i, x.Int(i))
		}
	}
	return nil
}

func (o Cast) lower(l *lowering, n *Node) (bool, error) {
	if n.in[0].typ.DType == o.To {
		l.alias(n.out[0], l.at(n.in[0]))
		return true, nil
	}
	if f := casts[[2]tensor.DType{n.in[0].typ.DType, o.To}]; f != nil {
		return l.rowwise(n, n.in, "cast", f), nil
	}
	return false, nil
}

// casts are the loops of common conversions.
var casts = map[[2]tensor.DType]rowFunc{
	{tensor.Bool, tensor.Float32}:    rows1(converted[float32, uint8]),
	{tensor.Uint8, tensor.Float32}:   rows1(converted[float32, uint8]),
	{tensor.Int8, tensor.Float32}:    rows1(converted[float32, int8]),
	{tensor.Int32, tensor.Float32}:   rows1(converted[float32, int32]),
	{tensor.Bool, tensor.Int32}:      rows1(converted[int32, uint8]),
	{tensor.Bool, tensor.Int64}:      rows1(converted[int64, uint8]),
	{tensor.Uint8, tensor.Int32}:     rows1(converted[int32, uint8]),
	{tensor.Uint8, tensor.Int64}:     rows1(converted[int64, uint8]),
	{tensor.Int32, tensor.Int64}:     rows1(converted[int64, int32]),
	{tensor.Int64, tensor.Int32}:     rows1(converted[int32, int64]),
	{tensor.Float32, tensor.Bool}:    rows1(truths[float32]),
	{tensor.Int32, tensor.Bool}:      rows1(truths[int32]),
	{tensor.Int64, tensor.Bool}:      rows1(truths[int64]),
	{tensor.Float32, tensor.Float64}: rows1(converted[float64, float32]),
	{tensor.Float64, tensor.Float32}: rows1(converted[float32, float64]),
	{tensor.Int64, tensor.Float32}: rows1(func(y []float32, x []int64) {
		for i, v := range x {
			y[i] = float32(float64(v)) // rounded twice, as Eval does
		}
	}),
	{tensor.Float32, tensor.Uint8}: rows1(func(y []uint8, x []float32) {
		for i, v := range x {
			y[i] = uint8(int64(v))
		}
	}),
	{tensor.Float32, tensor.Int32}: rows1(func(y []int32, x []float32) {
		for i, v := range x {
			y[i] = int32(int64(v))
		}
	}),
	{tensor.Float32, tensor.Int64}: rows1(func(y []int64, x []float32) {
		for i, v := range x {
			y[i] = int64(v)
		}
	}),
	{tensor.Float16, tensor.Float32}: rows1(func(y []float32, x []tensor.F16) {
		for i, v := range x {
			y[i] = v.Float32()
		}
	}),
	{tensor.Float32, tensor.Float16}: rows1(func(y []tensor.F16, x []float32) {
		for i, v := range x {
			y[i] = tensor.ToF16(v)
		}
	}),
	{tensor.BFloat16, tensor.Float32}: kernel1((*elem.Worker).Widen),
	{tensor.Float32, tensor.BFloat16}: kernel1((*elem.Worker).Narrow),
}

type castable interface {
	~int8 | ~uint8 | ~int32 | ~int64 | ~float32 | ~float64
}

func converted[T, U castable](y []T, x []U) {
	for i, v := range x {
		y[i] = T(v)
	}
}

func truths[T castable](y []uint8, x []T) {
	for i, v := range x {
		r := uint8(0)
		if v != 0 {
			r = 1
		}
		y[i] = r
	}
}

// retype keeps 16-bit numbers in float32.
func (o Cast) retype() Op {
	if narrow(o.To) {
		o.To = tensor.Float32
	}
	return o
}

// retyper is an operator that names a type of elements.
type retyper interface{ retype() Op }

func narrow(d tensor.DType) bool { return d == tensor.Float16 || d == tensor.BFloat16 }

// widen has 16-bit floating-point values computed in float32: it is what the kernels take. Inputs and outputs of the network keep their types, and so does what
// an operator takes or gives that is for 16 bits alone.
func widen(w *net, o *Options) error {
	var nodes []*Node
	wide := make(map[*Value]*Value) // the same in float32
	lost := make(map[*Value]bool)   // of these there is nothing else
	float := func(t tensor.Type) tensor.Type {
		if narrow(t.DType) {
			t.DType = tensor.Float32
		}
		return t
	}
	cast := func(in, out *Value) {
		out.maker = &Node{name: out.name, op: Cast{out.typ.DType}, in: []*Value{in}, out: []*Value{out}}
		nodes = append(nodes, out.maker)
	}
	widened := func(v *Value) *Value {
		if v == nil || !narrow(v.typ.DType) {
			return v
		}
		x := wide[v]
		switch {
		case x != nil:
		case v.konst.Valid():
			c, _ := w.shared.derived("widen", v.identified(), "", func() (tensor.Array, error) {
				a := tensor.NewArray(float(v.typ))
				for i := range a.Len() {
					a.SetFloat(i, v.konst.Float(i))
				}
				return a, nil
			})
			x = w.constant(v.name, c.array)
			x.origin = c.id
		default:
			x = w.value(v.name, float(v.typ))
			cast(v, x)
		}
		wide[v] = x
		return x
	}
	keep := func(v *Value) {
		if lost[v] {
			delete(lost, v)
			cast(wide[v], v)
		}
	}
	for _, n := range w.nodes {
		op := n.op
		if r, ok := op.(retyper); ok {
			op = r.retype()
		}
		var asked []Arg
		var types []tensor.Type
		touched := false
		for _, v := range n.in {
			var a Arg
			if v != nil {
				touched = touched || narrow(v.typ.DType)
				if a = (Arg{float(v.typ), v.konst}); v.konst.Valid() {
					a.Const = widened(v).konst
				}
			}
			asked = append(asked, a)
		}
		for _, v := range n.out {
			touched = touched || narrow(v.typ.DType)
			types = append(types, float(v.typ))
		}
		if touched {
			if t, err := infer(op, asked); err == nil && slices.Equal(t, types) {
				n.op = op
				for i, v := range n.in {
					n.in[i] = widened(v)
				}
				for i, v := range n.out {
					if narrow(v.typ.DType) {
						x := w.value(v.name, types[i])
						x.maker, n.out[i], wide[v], lost[v] = n, x, x, true
					}
				}
			} else {
				for _, v := range n.in {
					keep(v)
				}
			}
		}
		nodes = append(nodes, n)
	}
	for _, o := range w.outputs {
		keep(o.v)
	}
	w.nodes = nodes
	clear(w.users)
	for _, n := range nodes {
		w.use(n)
	}
	return nil
}
