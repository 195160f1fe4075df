package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Quantised numbers q stand for scale (q - zero): ONNX's linear quantisation. Rounding is to nearest, ties to even; what does not fit is
// the nearest number that does.

// saturate returns x as the nearest integer of a type.
func saturate(d tensor.DType, x float64) int64 {
	x = math.RoundToEven(x)
	lo, hi := limits(d)
	switch {
	case x != x:
		return 0
	case x <= lo:
		return int64(lo)
	case x >= hi:
		return int64(hi)
	}
	return int64(x)
}

// limits are the smallest and the largest number of an integer type of up to 32 bits.
func limits(d tensor.DType) (lo, hi float64) {
	n := 8 * d.Size()
	if d.IsSigned() {
		return -math.Ldexp(1, n-1), math.Ldexp(1, n-1) - 1
	}
	return 0, math.Ldexp(1, n) - 1
}

// blocks says which scale belongs to an element: one for all, one for each place along an axis, or one for each block of places.
type blocks struct {
	d, s  tensor.Dims // of the tensor and of the scales
	axis  int
	block int
}

func newBlocks(d, s tensor.Dims, axis, block int) (b blocks, err error) {
	b = blocks{d, s, -1, block}
	if s.Elems() == 1 && s.Rank() <= 1 {
		return b, nil
	}
	if b.axis, err = tensor.Axis(axis, d.Rank()); err != nil {
		return b, err
	}
	if s.Rank() == 1 && block == 0 {
		if s.At(0) != d.At(b.axis) {
			return b, fmt.Errorf("the scale is %v, want one element or %d as axis %d of %v", s, d.At(b.axis), b.axis, d)
		}
		return b, nil
	}
	if block < 1 || s.Rank() != d.Rank() {
		return b, fmt.Errorf("the scale is %v for %v with blocks of %d", s, d, block)
	}
	for i := range d.Rank() {
		n := d.At(i)
		if i == b.axis && n > 0 {
			n = (n-1)/block + 1
		}
		if s.At(i) != n {
			return b, fmt.Errorf("the scale is %v for %v with blocks of %d along axis %d", s, d, block, b.axis)
		}
	}
	return b, nil
}

// of returns the index of the scale of element i.
func (b blocks) of(i int) int {
	if b.axis < 0 {
		return 0
	}
	inner := b.d.Span(b.axis+1, b.d.Rank())
	k := i / inner % b.d.At(b.axis)
	if b.block == 0 {
		return k
	}
	outer := i / inner / b.d.At(b.axis)
	return (outer*b.s.At(b.axis)+k/b.block)*inner + i%inner
}

func zeroAt(zero tensor.Array, i int) float64 {
	if !zero.Valid() {
		return 0
	}
	return zero.Float(i)
}

// checkScale refuses scales that are known and not positive numbers.
func checkScale(in []Arg, i int) error {
	a := given(in, i)
	if !a.Given() || !a.Type.DType.IsFloat() {
		return fmt.Errorf("input %d, the scale, is %v, want floating-point numbers", i, a.Type)
	}
	for k := range a.Const.Len() {
		if s := a.Const.Float(k); !(s > 0) || math.IsInf(s, 1) {
			return fmt.Errorf("input %d, the scale, has %v, want positive numbers", i, s)
		}
	}
	return nil
}

// QuantizeLinear rounds x / scale + zero to To, or to the type of the zero point: inputs x, scale and, if it is given, zero point, for all of x, or each place along
// Axis, or blocks of Block of them.
type QuantizeLinear struct {
	Axis, Block int
	To          tensor.DType // 0: uint8, or the zero point's
}

func (o QuantizeLinear) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, numeric); err != nil {
		return nil, err
	}
	if err := checkScale(in, 1); err != nil {
		return nil, err
	}
	to := o.To
	if z := given(in, 2); z.Given() {
		if to != 0 && to != z.Type.DType || z.Type.Dims != in[1].Type.Dims {
			return nil, fmt.Errorf("input 2, the zero point, is %v for a scale %v", z.Type, in[1].Type)
		}
		to = z.Type.DType
	}
	if to == 0 {
		to = tensor.Uint8
	}
	if !to.IsInt() || to.Size() > 4 {
		return nil, fmt.Errorf("the result is %v, want an integer type of up to 32 bits", to)
	}
	_, err := newBlocks(in[0].Type.Dims, in[1].Type.Dims, o.Axis, o.Block)
	return []tensor.Type{{DType: to, Dims: in[0].Type.Dims}}, err
}

func (o QuantizeLinear) Eval(out, in []tensor.Array) error {
	x, scale, zero, y := in[0], in[1], arg(in, 2), out[0]
	b, err := newBlocks(x.Dims(), scale.Dims(), o.Axis, o.Block)
	if err != nil {
		return err
	}
	for i := range y.Len() {
		k := b.of(i)
		// The division is one of float32, as the operator is defined.
		q := float64(float32(x.Float(i)) / float32(scale.Float(k)))
		if q != q {
			q = math.Inf(-1) // a NaN has no byte: it becomes the least
		}
		y.SetInt(i, saturate(y.DType(), math.RoundToEven(q)+zeroAt(zero, k)))
	}
	return nil
}

// DequantizeLinear is scale (x - zero): inputs x, scale and, if it is given, zero point, as of QuantizeLinear.
type DequantizeLinear struct{ Axis, Block int }

// Weights stay bytes where an operator on bytes takes them: the pass scales computes the others.
func (DequantizeLinear) unfoldable() {}

func (o DequantizeLinear) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, integer); err != nil {
		return nil, err
	}
	if a := in[1]; !a.Given() || !a.Type.DType.IsFloat() {
		return nil, fmt.Errorf("input 1, the scale, is %v, want floating-point numbers", a.Type)
	}
	if z := given(in, 2); z.Given() && (z.Type.DType != in[0].Type.DType || z.Type.Dims != in[1].Type.Dims) {
		return nil, fmt.Errorf("input 2, the zero point, is %v, want %v as input 0 is, and %v as the scale", z.Type, in[0].Type.DType, in[1].Type.Dims)
	}
	_, err := newBlocks(in[0].Type.Dims, in[1].Type.Dims, o.Axis, o.Block)
	return []tensor.Type{{DType: in[1].Type.DType, Dims: in[0].Type.Dims}}, err
}

func (o DequantizeLinear) Eval(out, in []tensor.Array) error {
	x, scale, zero, y := in[0], in[1], arg(in, 2), out[0]
	b, err := newBlocks(x.Dims(), scale.Dims(), o.Axis, o.Block)
	if err != nil {
		return err
	}
	for i := range y.Len() {
		k := b.of(i)
		y.SetFloat(i, (x.Float(i)-zeroAt(zero, k))*scale.Float(k))
	}
	return nil
}

// DynamicQuantizeLinear quantises x to uint8 by its own range: outputs are the numbers, the scale and the zero point.
type DynamicQuantizeLinear struct{}

func (DynamicQuantizeLinear) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	if in[0].Type.DType != tensor.Float32 {
		return nil, fmt.Errorf("input 0 is %v, want float32", in[0].Type)
	}
	return []tensor.Type{{DType: tensor.Uint8, Dims: in[0].Type.Dims}, tensor.T(tensor.Float32), tensor.T(tensor.Uint8)}, nil
}

func (DynamicQuantizeLinear) Eval(out, in []tensor.Array) error {
	var lo, hi float32
	x := in[0]
	for i := range x.Len() {
		lo, hi = min(lo, float32(x.Float(i))), max(hi, float32(x.Float(i)))
	}
	scale, zero := dynamicScaling(lo, hi)
	for i := range x.Len() {
		q := 0.0
		if scale != 0 {
			q = math.RoundToEven(float64(float32(x.Float(i)) / scale))
		}
		out[0].SetInt(i, saturate(tensor.Uint8, q+float64(zero)))
	}
	out[1].SetFloat(0, float64(scale))
	out[2].SetInt(0, int64(zero))
	return nil
}

// dynamicScaling is what has the bytes of a DynamicQuantizeLinear reach over a range, 0 included. A range so small that its scale is 0 has nothing but zeros.
func dynamicScaling(lo, hi float32) (scale float32, zero uint8) {
	if scale = (hi - lo) / 255; scale != 0 {
		zero = uint8(saturate(tensor.Uint8, float64(-lo/scale)))
	}
	return scale, zero
}

// shifted returns x less its zero point as int32: one for all, or one for each place along an axis.
func shifted(x, zero tensor.Array, axis int) tensor.Array {
	y := tensor.NewArray(tensor.Type{DType: tensor.Float64, Dims: x.Dims()})
	inner := x.Dims().Span(axis+1, x.Dims().Rank())
	for i := range y.Len() {
		z := 0.0
		if zero.Valid() && zero.Len() == 1 {
			z = zero.Float(0)
		} else if zero.Valid() {
			z = zero.Float(i / inner % x.Dims().At(axis))
		}
		y.SetFloat(i, x.Float(i)-z)
	}
	return y
}

func checkZero(in []Arg, x, zero int, places int) error {
	z := given(in, zero)
	if !z.Given() {
		return nil
	}
	if z.Type.DType != in[x].Type.DType || z.Type.Elems() != 1 && z.Type.Elems() != places {
		return fmt.Errorf("input %d, the zero point, is %v, want 1 or %d elements of %v", zero, z.Type, places, in[x].Type.DType)
	}
	return nil
}

func checkBytes(in []Arg, which ...int) error {
	for _, i := range which {
		if d := in[i].Type.DType; d != tensor.Int8 && d != tensor.Uint8 {
			return fmt.Errorf("input %d is %v, want int8 or uint8", i, in[i].Type)
		}
	}
	return nil
}

// MatMulInteger is the product of matrices of 8-bit integers less their zero points, in int32: inputs a, b and, if they are given, their zero points, that of a
// for all or for each row, that of b for all or for each column.
type MatMulInteger struct{}

func (MatMulInteger) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 4); err != nil {
		return nil, err
	}
	if err := checkBytes(in, 0, 1); err != nil {
		return nil, err
	}
	_, m, n, _, out, err := matDims(in[0].Type.Dims, in[1].Type.Dims)
	if err != nil {
		return nil, err
	}
	if err := checkZero(in, 0, 2, m); err != nil {
		return nil, err
	}
	return []tensor.Type{{DType: tensor.Int32, Dims: out}}, checkZero(in, 1, 3, n)
}

func (MatMulInteger) Eval(out, in []tensor.Array) error {
	a := shifted(in[0], arg(in, 2), max(in[0].Dims().Rank()-2, 0))
	b := shifted(in[1], arg(in, 3), in[1].Dims().Rank()-1)
	return MatMul{}.Eval(out, []tensor.Array{a, b})
}

// ConvInteger is a convolution of 8-bit integers less their zero points, in int32: inputs x, weights and, if they are given, their zero points, that of the weights
// for all or for each output channel. Padding is the zero point.
type ConvInteger struct{ Conv Conv }

func (o ConvInteger) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 4); err != nil {
		return nil, err
	}
	if err := checkBytes(in, 0, 1); err != nil {
		return nil, err
	}
	d, err := o.Conv.dims(in[0].Type.Dims, in[1].Type.Dims, Arg{})
	if err != nil {
		return nil, err
	}
	if err := checkZero(in, 0, 2, 1); err != nil {
		return nil, err
	}
	return []tensor.Type{{DType: tensor.Int32, Dims: d}}, checkZero(in, 1, 3, in[1].Type.Dims.At(0))
}

func (o ConvInteger) Eval(out, in []tensor.Array) error {
	return o.Conv.Eval(out, []tensor.Array{shifted(in[0], arg(in, 2), 0), shifted(in[1], arg(in, 3), 0)})
}

// requantize writes sums times scale[k] plus zero, rounded, where k(i) is the place of element i: the product of the scales is one of float32, as is that
// with the sum.
func requantize(y tensor.Array, sums tensor.Array, xs, ws, ys tensor.Array, zero tensor.Array, k func(i int) int) {
	for i := range y.Len() {
		w := ws.Float(0)
		if ws.Len() > 1 {
			w = ws.Float(k(i))
		}
		m := float32(xs.Float(0)) * float32(w) / float32(ys.Float(0))
		y.SetInt(i, saturate(y.DType(), math.RoundToEven(float64(float32(sums.Float(i))*m))+zeroAt(zero, 0)))
	}
}

// QLinearConv is a convolution of quantised numbers: inputs x, its scale and zero point, the weights, theirs (for all or for each output channel), those of the output
// and, if it is given, a bias, int32 in units of the scales' product.
type QLinearConv struct{ Conv Conv }

func (o QLinearConv) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 8, 9); err != nil {
		return nil, err
	}
	if err := checkBytes(in, 0, 3, 7); err != nil {
		return nil, err
	}
	for _, i := range []int{1, 4, 6} {
		if err := checkScale(in, i); err != nil {
			return nil, err
		}
	}
	bias := given(in, 8)
	if bias.Given() && bias.Type.DType != tensor.Int32 {
		return nil, fmt.Errorf("input 8, the bias, is %v, want int32", bias.Type)
	}
	d, err := o.Conv.dims(in[0].Type.Dims, in[3].Type.Dims, bias)
	if err != nil {
		return nil, err
	}
	oc := in[3].Type.Dims.At(0)
	for _, f := range []struct{ i, of, most int }{{2, 0, 1}, {5, 3, oc}} {
		if err := checkZero(in, f.of, f.i, f.most); err != nil {
			return nil, err
		}
	}
	if n := in[4].Type.Elems(); n != 1 && n != oc || in[1].Type.Elems() != 1 || in[6].Type.Elems() != 1 || in[7].Type.Elems() != 1 {
		return nil, fmt.Errorf("the scales are %v, %v and %v, want 1 element, 1 or %d, and 1", in[1].Type, in[4].Type, in[6].Type, oc)
	}
	return []tensor.Type{{DType: in[7].Type.DType, Dims: d}}, nil
}

func (o QLinearConv) Eval(out, in []tensor.Array) error {
	y := out[0]
	sums := tensor.NewArray(tensor.Type{DType: tensor.Float64, Dims: y.Dims()})
	args := []tensor.Array{shifted(in[0], in[2], 0), shifted(in[3], in[5], 0)}
	if b := arg(in, 8); b.Valid() {
		args = append(args, b)
	}
	if err := o.Conv.Eval([]tensor.Array{sums}, args); err != nil {
		return err
	}
	plane := y.Dims().Span(2, y.Dims().Rank())
	requantize(y, sums, in[1], in[4], in[6], in[7], func(i int) int { return i / plane % y.Dims().At(1) })
	return nil
}

// QLinearMatMul is a product of quantised matrices: inputs a, its scale and zero point, b, its, and those of the output.
type QLinearMatMul struct{}

func (QLinearMatMul) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 8, 8); err != nil {
		return nil, err
	}
	if err := checkBytes(in, 0, 3, 7); err != nil {
		return nil, err
	}
	for _, i := range []int{1, 4, 6} {
		if err := checkScale(in, i); err != nil {
			return nil, err
		}
	}
	_, _, n, _, out, err := matDims(in[0].Type.Dims, in[3].Type.Dims)
	if err != nil {
		return nil, err
	}
	if err := checkZero(in, 3, 5, n); err != nil {
		return nil, err
	}
	if k := in[4].Type.Elems(); in[1].Type.Elems() != 1 || k != 1 && k != n || in[6].Type.Elems() != 1 || in[7].Type.Elems() != 1 {
		return nil, fmt.Errorf("the scales are %v, %v and %v, want 1 element, 1 or %d, and 1", in[1].Type, in[4].Type, in[6].Type, n)
	}
	return []tensor.Type{{DType: in[7].Type.DType, Dims: out}}, checkZero(in, 0, 2, 1)
}

func (QLinearMatMul) Eval(out, in []tensor.Array) error {
	y := out[0]
	sums := tensor.NewArray(tensor.Type{DType: tensor.Float64, Dims: y.Dims()})
	a, b := shifted(in[0], in[2], 0), shifted(in[3], in[5], in[3].Dims().Rank()-1)
	if err := (MatMul{}).Eval([]tensor.Array{sums}, []tensor.Array{a, b}); err != nil {
		return err
	}
	n := y.Dims().At(y.Dims().Rank() - 1)
	requantize(y, sums, in[1], in[4], in[6], in[7], func(i int) int { return i % n })
	return nil
}
