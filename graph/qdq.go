package graph

import (
	"fmt"
	"math"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// Files of quantised networks say of each operator that its inputs are dequantised, and its output quantised. The pass qdq turns such islands into
// one operator on bytes. What it does not know stays as it is, in float32.

var qdqRules = []rule{
	{"qdq+conv", quantiseConv},
	{"qdq+linear", quantiseLinear},
	{"qdq+binary", quantiseBinary},
	{"qdq+average", quantiseAverage},
	{"qdq+move", quantiseMove},
	{"qdq+table", quantiseTable},
	{"qdq+dynamic", dynamicProduct},
}

func qdq(w *net, o *Options) error { return apply(w, o, qdqRules) }

// foldScales computes the constants that are still dequantised when the pass qdq is through: other passes and kernels want them as numbers.
func foldScales(w *net, o *Options) error {
	for i, n := range w.nodes {
		op, ok := n.op.(DequantizeLinear)
		if !ok {
			continue
		}
		in := make([]tensor.Array, len(n.in))
		known := true
		var by string
		for k, v := range n.in {
			if v == nil {
				continue
			}
			in[k] = v.konst
			if known = known && v.konst.Valid(); known && k > 0 {
				by += string(v.konst.Bytes()) + "/"
			}
		}
		out := n.out[0]
		if !known || w.wanted[out] {
			continue
		}
		c, err := w.shared.derived("dequantised", n.in[0].identified(), fmt.Sprint(op, out.typ, by), func() (tensor.Array, error) {
			a := tensor.NewArray(out.typ)
			return a, evaluate(op, []tensor.Array{a}, in)
		})
		if err != nil {
			return err
		}
		out.konst, out.origin, out.maker = c.array, c.id, nil
		w.nodes[i] = nil
		w.unuse(n)
	}
	return nil
}

// scaling is what the bytes q of a tensor stand for: scale (q - zero).
type scaling struct {
	dtype tensor.DType
	scale float32
	zero  int
}

// scalingOf returns the scaling that inputs 1 and 2 of a QuantizeLinear or a DequantizeLinear give bytes, if it is one for all of them.
func scalingOf(n *Node, bytes *Value) (s scaling, ok bool) {
	if !isByte(bytes) || n.in[1].typ.DType != tensor.Float32 {
		return s, false
	}
	scale, ok1 := one(n, 1)
	zero, ok2 := one(n, 2)
	return scaling{bytes.typ.DType, float32(scale), int(zero)}, ok1 && ok2 && scale > 0
}

// dequantised returns the bytes that v is made from, where they are known at run time only.
func dequantised(v *Value) (x *Value, s scaling, ok bool) {
	if v == nil || v.maker == nil || v.typ.Elems() == 0 {
		return nil, s, false
	}
	if _, ok := v.maker.op.(DequantizeLinear); !ok || v.maker.in[0].konst.Valid() {
		return nil, s, false
	}
	s, ok = scalingOf(v.maker, v.maker.in[0])
	return v.maker.in[0], s, ok
}

// island is the end of one: n quantises what c makes and nobody else wants, to the bytes from lo to hi.
type island struct {
	n, c   *Node
	y      scaling
	lo, hi int
}

// islandOf also looks through an activation that is a clamp: rounding keeps the order of numbers, so that bytes can be clamped instead.
func islandOf(w *net, n *Node) (s island, ok bool) {
	if _, is := n.op.(QuantizeLinear); !is {
		return s, false
	}
	s.n = n
	if s.y, ok = scalingOf(n, n.out[0]); !ok {
		return s, false
	}
	lo, hi := limits(s.y.dtype)
	s.lo, s.hi = int(lo), int(hi)
	v := n.in[0]
	if !float32s(v) || v.maker == nil || !w.sole(v) {
		return s, false
	}
	s.c = v.maker
	f, act := activationOf(s.c)
	least, most, clamps := bounds(f)
	if v := s.c.in[0]; act && clamps && least <= most && v.maker != nil && w.sole(v) {
		s.c = v.maker
		s.lo, s.hi = s.y.quantize(float64(least)), s.y.quantize(float64(most))
	}
	return s, len(s.c.out) == 1
}

// quantize returns x as a byte, as the operator QuantizeLinear does.
func (s scaling) quantize(x float64) int {
	q := float64(float32(x) / s.scale)
	if q != q {
		q = math.Inf(-1)
	}
	return int(saturate(s.dtype, math.RoundToEven(q)+float64(s.zero)))
}

// float returns what q stands for.
func (s scaling) float(q int) float64 { return float64(float32(float64(q-s.zero) * float64(s.scale))) }

// number is what a byte is as a number of the type.
func (s scaling) number(b int) int {
	if s.dtype == tensor.Int8 {
		return int(int8(b))
	}
	return b
}

// constants are the inputs that say the scaling.
func (s scaling) constants(w *net) (scale, zero *Value) {
	return w.constant("scale", tensor.Scalar(s.scale)), w.constant("zero", zeroArray(s))
}

// quantisedWeights are constant bytes with a scale for all or for each place along an axis, and the bias that goes with them in units of the product of their scales and
// that of the input.
func quantisedWeights(w *net, c *Node, x scaling, axis, oc int) (in []*Value, ok bool) {
	v := c.in[1]
	if v.maker == nil {
		return nil, false
	}
	d, ok := v.maker.op.(DequantizeLinear)
	if !ok || d.Block != 0 || !v.maker.in[0].konst.Valid() || !isByte(v.maker.in[0]) || v.typ.Elems() == 0 {
		return nil, false
	}
	bytes, scale := v.maker.in[0], v.maker.in[1]
	zero := w.constant("zero", tensor.NewArray(tensor.T(bytes.typ.DType)))
	if len(v.maker.in) > 2 && v.maker.in[2] != nil {
		zero = v.maker.in[2]
	}
	if !scale.konst.Valid() || scale.typ.DType != tensor.Float32 || !zero.konst.Valid() {
		return nil, false
	}
	if scale.typ.Elems() != 1 {
		if at, err := tensor.Axis(d.Axis, v.typ.Dims.Rank()); err != nil || at != axis || scale.typ.Elems() != oc {
			return nil, false
		}
	}
	in = []*Value{bytes, scale, zero}
	if len(c.in) < 3 || c.in[2] == nil {
		return in, true
	}
	b, ok := constant32(c.in[2])
	if !ok || b.Len() != oc {
		return nil, false
	}
	bias := tensor.NewArray(tensor.T(tensor.Int32, oc))
	for i := range oc {
		q := math.RoundToEven(b.Float(i) / (float64(x.scale) * scale.konst.Float(min(i, scale.konst.Len()-1))))
		if !(math.Abs(q) < mostSum) {
			return nil, false
		}
		bias.SetInt(i, int64(q))
	}
	return append(in, w.constant("bias", bias)), true
}

// constant32 returns a constant, or what is dequantised from one.
func constant32(v *Value) (a tensor.Array, ok bool) {
	if v.konst.Valid() {
		return v.konst, true
	}
	if v.maker == nil {
		return a, false
	}
	if _, ok := v.maker.op.(DequantizeLinear); !ok {
		return a, false
	}
	in := make([]tensor.Array, len(v.maker.in))
	for i, x := range v.maker.in {
		if x == nil {
			continue
		}
		if !x.konst.Valid() {
			return a, false
		}
		in[i] = x.konst
	}
	a = tensor.NewArray(v.typ)
	return a, evaluate(v.maker.op, []tensor.Array{a}, in) == nil
}

// becomesQLinear has the quantising node be an operator with the inputs of ONNX's QLinear operators.
func (s *island) becomesQLinear(w *net, op Op, x *Value, xs scaling, weights []*Value) bool {
	a, az := xs.constants(w)
	y, yz := s.y.constants(w)
	in := append([]*Value{x, a, az}, weights[:3]...)
	in = append(in, y, yz)
	in = append(in, weights[3:]...)
	t, err := infer(op, args(in))
	if err != nil || t[0] != s.n.out[0].typ {
		return false
	}
	w.become(s.n, op, in...)
	return true
}

func quantiseConv(w *net, n *Node) bool {
	s, ok := islandOf(w, n)
	if !ok {
		return false
	}
	o, ok := s.c.op.(Conv)
	if !ok {
		return false
	}
	x, xs, ok := dequantised(s.c.in[0])
	if !ok {
		return false
	}
	weights, ok := quantisedWeights(w, s.c, xs, 0, s.c.in[1].typ.Dims.At(0))
	return ok && s.becomesQLinear(w, fusedQLinearConv{QLinearConv{o}, s.lo, s.hi}, x, xs, weights)
}

func quantiseLinear(w *net, n *Node) bool {
	s, ok := islandOf(w, n)
	if !ok {
		return false
	}
	var transB bool
	switch o := s.c.op.(type) {
	case MatMul:
	case Gemm:
		if o.TransA || o.Alpha != 1 || o.Beta != 1 && len(s.c.in) > 2 || s.c.in[0].typ.Dims.Rank() != 2 {
			return false
		}
		transB = o.TransB
	default:
		return false
	}
	x, xs, ok := dequantised(s.c.in[0])
	if !ok || x.typ.Dims.Rank() < 2 || s.c.in[1].typ.Dims.Rank() != 2 {
		return false
	}
	axis := 1
	if transB {
		axis = 0
	}
	weights, ok := quantisedWeights(w, s.c, xs, axis, s.c.in[1].typ.Dims.At(axis))
	return ok && s.becomesQLinear(w, quantisedLinear{transB, s.lo, s.hi}, x, xs, weights)
}

func quantiseBinary(w *net, n *Node) bool {
	s, ok := islandOf(w, n)
	if !ok {
		return false
	}
	var kind asm.Binary
	switch s.c.op.(type) {
	case Add:
		kind = asm.Add
	case Mul:
		kind = asm.Mul
	default:
		return false
	}
	a, as, ok1 := dequantised(s.c.in[0])
	b, bs, ok2 := dequantised(s.c.in[1])
	if !ok1 || !ok2 || a.typ.Dims != b.typ.Dims {
		return false
	}
	w.become(n, quantisedBinary{kind, as, bs, s.y, s.lo, s.hi}, a, b)
	return true
}

func quantiseAverage(w *net, n *Node) bool {
	s, ok := islandOf(w, n)
	if !ok {
		return false
	}
	x, xs, ok := dequantised(s.c.in[0])
	if !ok {
		return false
	}
	op := quantisedAverage{x: xs, y: s.y, lo: s.lo, hi: s.hi}
	switch o := s.c.op.(type) {
	case AveragePool:
		op.AveragePool = o
	case GlobalAveragePool:
		for i := 2; i < x.typ.Dims.Rank(); i++ {
			op.Kernel = op.Kernel.Append(x.typ.Dims.At(i))
		}
		if op.Kernel.Rank() == 0 {
			return false
		}
	default:
		return false
	}
	w.become(n, op, x)
	return true
}

// quantiseMove has operators that only choose among elements choose among bytes. Where their scalings differ the inputs are converted before.
func quantiseMove(w *net, n *Node) bool {
	s, ok := islandOf(w, n)
	if !ok {
		return false
	}
	lo, hi := limits(s.y.dtype)
	count := 1 // of the inputs that are moved
	switch o := s.c.op.(type) {
	case Concat:
		count = len(s.c.in)
	case MaxPool:
		if o.Indices {
			return false
		}
	case Reshape, Flatten, Transpose, Squeeze, Unsqueeze, Slice, Identity:
	default:
		return false
	}
	if s.lo != int(lo) || s.hi != int(hi) { // a clamp came between
		return false
	}
	in := append([]*Value(nil), s.c.in...)
	for i, v := range in[:count] {
		x, xs, ok := dequantised(v)
		if !ok || xs != s.y && !w.sole(v) {
			return false
		}
		in[i] = x
	}
	for i, v := range s.c.in[:count] {
		if x, xs, _ := dequantised(v); xs != s.y {
			d := v.maker
			t, _ := tableOf(xs, s.y, nil, nil)
			w.looksUp(d, t, x)
			v.typ.DType = s.y.dtype
			in[i] = v
		}
	}
	w.become(n, s.c.op, in...)
	return true
}

// quantiseTable has functions of one number look bytes up, whatever they are made of.
func quantiseTable(w *net, n *Node) bool {
	if _, ok := n.op.(QuantizeLinear); !ok {
		return false
	}
	y, ok := scalingOf(n, n.out[0])
	if !ok {
		return false
	}
	e := &expression{typ: n.in[0].typ}
	if !e.take(n.in[0]) || e.x == nil {
		return false
	}
	if len(e.nodes) == 0 && e.scaling == y && e.x.typ == n.out[0].typ {
		return w.replace(n.out[0], e.x)
	}
	t, ok := tableOf(e.scaling, y, e.nodes, n.in[0])
	if ok {
		w.looksUp(n, t, e.x)
	}
	return ok
}

// looksUp has a node look the bytes x up. Where these are looked up themselves, one table does both.
func (w *net) looksUp(n *Node, t lookUp, x *Value) {
	if x.maker != nil {
		if first, ok := x.maker.op.(lookUp); ok {
			for i, b := range first.table {
				first.table[i] = t.table[b]
			}
			t.table, x = first.table, x.maker.in[0]
		}
	}
	w.become(n, t, x)
}

// mostNodes bounds an expression: the longest that people write, GELU by tanh, has nine nodes.
const mostNodes = 32

// expression is what is computed of every element of one tensor of bytes, alike.
type expression struct {
	typ     tensor.Type // of all values in it
	x       *Value
	scaling scaling
	nodes   []*Node // in running order
}

// take adds what makes v; it returns false where that is no expression of the same bytes.
func (e *expression) take(v *Value) bool {
	if x, s, ok := dequantised(v); ok {
		if e.x == nil {
			e.x, e.scaling = x, s
		}
		return e.x == x && e.scaling == s
	}
	f := v.maker
	if f == nil || v.typ != e.typ || !float32s(v) || len(f.out) != 1 || len(f.in) == 0 {
		return false
	}
	if slices.Contains(e.nodes, f) {
		return true
	}
	switch f.op.(type) {
	case Clip, Swish, activated, function:
		if f.in[0] == nil || f.in[0].konst.Valid() {
			return false
		}
	case Add, Sub, Mul, Div, Pow:
	default:
		return false
	}
	for _, in := range f.in {
		if in == nil || in.konst.Valid() && in.konst.Len() == 1 {
			continue
		}
		if in.konst.Valid() || in.typ != e.typ || !e.take(in) {
			return false
		}
	}
	e.nodes = append(e.nodes, f)
	return len(e.nodes) <= mostNodes
}

// tableOf returns what becomes of every byte when nodes compute v of it, or where there are none of its number itself. It is false where one of them cannot be computed.
func tableOf(x, y scaling, nodes []*Node, v *Value) (t lookUp, ok bool) {
	t.to = y.dtype
	a := tensor.NewArray(tensor.T(tensor.Float32, 256))
	for i := range 256 {
		a.SetFloat(i, x.float(x.number(i)))
	}
	of := make(map[*Value]tensor.Array)
	for _, f := range nodes {
		var in []tensor.Array
		for _, u := range f.in {
			c := a
			if made, ok := of[u]; ok {
				c = made
			} else if u == nil {
				c = tensor.Array{}
			} else if u.konst.Valid() {
				c = u.konst.Reshape(tensor.Dims{})
			}
			in = append(in, c)
		}
		out := tensor.NewArray(a.Type())
		if evaluate(f.op, []tensor.Array{out}, in) != nil {
			return t, false
		}
		of[f.out[0]] = out
	}
	if len(nodes) > 0 {
		a = of[v]
	}
	for i := range 256 {
		t.table[i] = byte(y.quantize(a.Float(i)))
	}
	return t, true
}
