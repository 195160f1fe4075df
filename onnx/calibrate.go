package onnx

import (
	"fmt"
	"math"
	"slices"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// spread is how the numbers of a value lie.
type spread struct {
	lo, hi float64
	bins   []int // how many there are in equal pieces from lo to hi; nil while lo and hi grow
}

// histogramBins is how finely a percentile is found.
const histogramBins = 1 << 13

// take adds the numbers of a pass.
func (s *spread) take(a tensor.Array) error {
	for _, v := range tensor.Data[float32](a) {
		x := float64(v)
		if !finite(x) {
			return fmt.Errorf("there is a %v in it", x)
		}
		if s.bins == nil {
			s.lo, s.hi = min(s.lo, x), max(s.hi, x)
		} else if s.hi > s.lo {
			s.bins[min(int((x-s.lo)/(s.hi-s.lo)*histogramBins), histogramBins-1)]++
		}
	}
	return nil
}

// cut leaves out numbers at both ends, so that a percentile of them remains; 0 stays in the range.
func (s *spread) cut(percentile float64) {
	all := 0
	for _, n := range s.bins {
		all += n
	}
	out := int(float64(all) * (100 - percentile) / 200)
	width := (s.hi - s.lo) / histogramBins
	first, last := 0, len(s.bins)-1
	for n := s.bins[first]; first < last && n <= out; n += s.bins[first] {
		first++
	}
	for n := s.bins[last]; last > first && n <= out; n += s.bins[last] {
		last--
	}
	s.lo, s.hi = min(0, s.lo+float64(first)*width), max(0, s.hi-float64(len(s.bins)-1-last)*width)
}

// calibrate runs the network as it is, and finds the ranges of values.
func (q *quantizer) calibrate() error {
	inside := make([]string, 0, len(q.ranges))
	for v := range q.ranges {
		q.ranges[v] = new(spread) // with 0 in it: padding is 0
		if !q.inputs[v] {
			inside = append(inside, v)
		}
	}
	slices.Sort(inside)
	o := q.o.Options
	o.Outputs = inside
	g, err := q.f.Graph(o)
	if err != nil {
		return err
	}
	m, err := g.Compile(o.Options)
	if err != nil {
		return err
	}
	var out []tensor.Array
	for _, p := range m.Outputs() {
		out = append(out, tensor.NewArray(p.Type))
	}
	s := m.NewSession(q.o.Threads)
	rounds := 1
	if q.o.Percentile < 100 {
		rounds = 2
	}
	for round := range rounds {
		for i := range q.o.Samples {
			if err := q.pass(m, s, out, i); err != nil {
				return fmt.Errorf("sample %d: %w", i, err)
			}
			if q.o.Progress != nil {
				q.o.Progress(round*q.o.Samples+i+1, rounds*q.o.Samples)
			}
		}
		for _, r := range q.ranges {
			if round+1 < rounds {
				r.bins = make([]int, histogramBins)
			} else if r.bins != nil {
				r.cut(q.o.Percentile)
			}
		}
	}
	q.flat()
	q.share()
	return nil
}

// Where functions are as good as 0: for smaller numbers bytes would be wasted.
const (
	siluFlat      = -7 // x/(1+exp(-x)) is above -0.0064
	hardSwishFlat = -3 // where it is 0
)

// flat leaves numbers out of ranges that the only function behind them takes for nothing.
func (q *quantizer) flat() {
	for v, r := range q.ranges {
		users := q.users[v]
		if q.outputs[v] || q.inputs[v] || len(users) == 0 {
			continue
		}
		if len(users) == 1 && users[0].op == "HardSwish" {
			r.lo = max(r.lo, hardSwishFlat)
		}
		if len(users) != 2 {
			continue
		}
		gate, product := users[0], users[1]
		if gate.op == "Mul" {
			gate, product = product, gate
		}
		if gate.op != "Sigmoid" || product.op != "Mul" || !slices.Contains(product.inputs, gate.outputs[0]) || len(q.users[gate.outputs[0]]) != 1 || q.outputs[gate.outputs[0]] {
			continue
		}
		r.lo = max(r.lo, siluFlat)
	}
}

// pass takes the numbers of one sample.
func (q *quantizer) pass(m *graph.Model, s *graph.Session, out []tensor.Array, i int) error {
	in, err := q.o.Sample(i)
	if err != nil {
		return err
	}
	// The network that ends at these values may have fewer inputs than the file.
	var src []tensor.Array
	for k, p := range q.f.Inputs() {
		if _, fixed := q.o.Values[p.Name]; fixed {
			continue
		}
		if k >= len(in) {
			return fmt.Errorf("there are %d inputs, want one for each of the file's", len(in))
		}
		src = append(src, in[k])
		if r := q.ranges[p.Name]; r != nil {
			if err := r.take(in[k]); err != nil {
				return fmt.Errorf("input %q: %w", p.Name, err)
			}
		}
	}
	if err := s.Run(out, src); err != nil {
		return err
	}
	for k, p := range m.Outputs() {
		if err := q.ranges[p.Name].take(out[k]); err != nil {
			return fmt.Errorf("value %q: %w", p.Name, err)
		}
	}
	return nil
}

// of is the value that stands for all with the scale of v.
func (q *quantizer) of(v string) string {
	for q.class[v] != "" {
		v = q.class[v]
	}
	return v
}

// join has two values have one scale.
func (q *quantizer) join(a, b string) {
	if a, b = q.of(a), q.of(b); a != b {
		q.class[b] = a
		r, s := q.ranges[a], q.ranges[b]
		r.lo, r.hi = min(r.lo, s.lo), max(r.hi, s.hi)
	}
}

// share finds the values with the same scale: those that are moved, and parts of a Concat that lose less than a bit by its scale.
func (q *quantizer) share() {
	for _, b := range q.ops {
		if b.moves && b.n.op != "Concat" {
			q.join(b.in[0], b.out)
		}
	}
	for _, b := range q.ops {
		if b.n.op != "Concat" {
			continue
		}
		for _, v := range b.in {
			r, s := q.ranges[q.of(b.out)], q.ranges[q.of(v)]
			if 2*(s.hi-s.lo) >= max(r.hi, s.hi)-min(r.lo, s.lo) {
				q.join(b.out, v)
			}
		}
	}
}

// scale returns what the bytes of a value stand for.
func (q *quantizer) scale(v string) (scale float32, zero, least int) {
	if q.o.Signed {
		least = -128
	}
	r := q.ranges[q.of(v)]
	if scale = float32((r.hi - r.lo) / 255); !(scale >= leastScale) {
		return 1, least, least // nothing but zeros
	}
	return scale, least + int(math.RoundToEven(-r.lo/float64(scale))), least
}

// leastScale is so large that products of two scales are numbers of full precision.
const leastScale = 0x1p-60

// Weights reach from -127 to 127. A bias is counted in units of the product of the scales of input and weights: where there are no weights that say how large
// these are, or much too small ones, the bias says it.
const (
	mostWeight = 127
	mostBias   = 1 << 30
	biasAlone  = 1 << 20
)

// quantize returns the weights as bytes, the scale of each channel, and the bias in units of the products of scales.
func (p *product) quantize(x float32) (w, scales, bias tensor.Array) {
	n := p.channels()
	most := make([]float64, n)
	inner := p.weights.Dims().Span(p.axis+1, p.weights.Dims().Rank())
	for i := range p.weights.Len() {
		c := i / inner % n
		most[c] = max(most[c], math.Abs(p.weights.Float(i)))
	}
	s := make([]float32, n)
	for c := range s {
		s[c] = float32(most[c] / mostWeight)
		b := 0.0
		if p.bias != nil {
			b = math.Abs(p.bias[c]) / float64(x)
		}
		switch {
		case b > 0 && !(s[c] >= leastScale):
			s[c] = float32(b / biasAlone)
		case float64(s[c])*mostBias < b:
			s[c] = float32(b / mostBias)
		}
		if !(s[c] >= leastScale) {
			s[c] = 1
		}
	}
	w = tensor.NewArray(tensor.Type{DType: tensor.Int8, Dims: p.weights.Dims()})
	for i := range w.Len() {
		q := math.RoundToEven(p.weights.Float(i) / float64(s[i/inner%n]))
		w.SetInt(i, int64(min(max(q, -mostWeight), mostWeight)))
	}
	if p.bias != nil {
		bias = tensor.NewArray(tensor.T(tensor.Int32, n))
		for c, b := range p.bias {
			bias.SetInt(c, int64(math.RoundToEven(b/float64(x*s[c]))))
		}
	}
	return w, tensor.Vector(s), bias
}

// write writes the file.
func (q *quantizer) write() ([]byte, error) {
	of := make(map[*nodeProto]*byteOp)
	for _, b := range q.ops {
		of[b.n] = b
	}
	kept := make(map[*nodeProto]bool)
	for _, b := range q.ops {
		if b.act != nil {
			scale, zero, least := q.scale(b.out)
			s := float64(scale)
			kept[b.act] = float64(least-zero)*s < b.lo-s/2 || float64(least+255-zero)*s > b.hi+s/2
		}
	}
	q.nodes = slices.DeleteFunc(q.nodes, func(n *nodeProto) bool { return q.dropped[n] && !kept[n] })
	rank := func(name string) (int, bool) {
		v := q.top.values[name]
		if v == nil {
			return 0, false
		}
		return v.Type().Dims.Rank(), true
	}
	if err := q.raise(rank, q.unique); err != nil {
		if q.opsets[""] < firstQuantized {
			return nil, err
		}
		q.opsets[microsoft] = max(q.opsets[microsoft], 1)
	}
	nodes := q.nodes
	q.nodes = nil
	renamed := make(map[string]string)
	for _, p := range q.f.Inputs() {
		if q.ranges[p.Name] != nil {
			renamed[p.Name] = q.unique(p.Name + "_dequantized")
			q.around(p.Name, p.Name, renamed[p.Name])
		}
	}
	for _, n := range nodes {
		if b := of[n]; b != nil {
			if out := b.out; b.act == nil || !kept[b.act] {
				n.outputs[0] = out
			} else {
				n.outputs[0] = b.act.inputs[0]
			}
			if b.product != nil {
				n = q.weights(b)
			}
		}
		for i, name := range n.inputs {
			if by, ok := renamed[name]; ok {
				n.inputs[i] = by
			}
		}
		q.nodes = append(q.nodes, n)
		for i, name := range n.outputs {
			if q.ranges[name] != nil {
				n.outputs[i] = q.unique(name + "_float")
				q.around(n.outputs[i], name, name)
			}
		}
	}
	return q.encode()
}

// firstQuantized is the operator set from which on there are operators on bytes, which other runtimes make of those between QuantizeLinear and
// DequantizeLinear.
const firstQuantized = 10

// microsoft is the domain of onnxruntime's own operators.
const microsoft = "com.microsoft"

// newNode is one of the operators that quantise.
func (q *quantizer) newNode(op string, inputs []string, output string, attrs ...message) *nodeProto {
	d := ""
	if q.opsets[""] < firstPerChannel {
		d = microsoft
	}
	return newNode(q.unique(output+"_"+op), op, d, inputs, output, attrs...)
}

// around quantises the value from, and dequantises it to another, with the scale of v.
func (q *quantizer) around(from, v, to string) {
	scale, zero, _ := q.scale(v)
	c := q.of(v)
	if _, ok := q.scales[c]; !ok {
		q.scales[c] = [2]string{q.unique(c + "_scale"), q.unique(c + "_zero_point")}
		z8 := tensor.NewArray(tensor.T(tensor.Uint8))
		if q.o.Signed {
			z8 = tensor.NewArray(tensor.T(tensor.Int8))
		}
		z8.SetInt(0, int64(zero))
		q.add(q.scales[c][0], tensor.Scalar(scale))
		q.add(q.scales[c][1], z8)
	}
	s, z := q.scales[c][0], q.scales[c][1]
	bytes := q.unique(v + "_quantized")
	q.nodes = append(q.nodes, q.newNode("QuantizeLinear", []string{from, s, z}, bytes), q.newNode("DequantizeLinear", []string{bytes, s, z}, to))
}

// weights returns the node of a product with quantised weights.
func (q *quantizer) weights(b *byteOp) *nodeProto {
	n, p := b.n, b.product
	x, _, _ := q.scale(b.in[0])
	w, scales, bias := p.quantize(x)
	dequantize := func(name string, a, scales tensor.Array, axis int) string {
		s, z, bytes, out := q.unique(name+"_scale"), q.unique(name+"_zero_point"), q.unique(name+"_quantized"), q.unique(name)
		q.add(bytes, a)
		q.add(s, scales)
		q.add(z, tensor.NewArray(tensor.Type{DType: a.DType(), Dims: scales.Dims()}))
		q.nodes = append(q.nodes, q.newNode("DequantizeLinear", []string{bytes, s, z}, out, intAttr("axis", axis)))
		return out
	}
	n.inputs = append(n.inputs[:1], dequantize(b.out+"_weight", w, scales, p.axis))
	if !bias.Valid() {
		return n
	}
	units := tensor.NewArray(scales.Type())
	for c := range units.Len() {
		units.SetFloat(c, float64(x*float32(scales.Float(c))))
	}
	n.inputs = append(n.inputs, dequantize(b.out+"_bias", bias, units, 0))
	if n.op == "MatMul" { // which has no bias
		return newNode(n.name, "Gemm", "", n.inputs, n.outputs[0])
	}
	return n
}
