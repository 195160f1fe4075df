package onnx

import (
	"fmt"
	"math"
	"slices"

	"github.com/simdnn/simdnn/tensor"
)

// Quantization says how Quantize makes a network of 8-bit integers of one of float32.
type Quantization struct {
	Options // sizes that the file leaves open
	// Sample returns the inputs of one of Samples passes, in the order of File.Inputs: numbers as the network will meet them. They say
	// what ranges its values have. It is called once for each, or twice with a Percentile.
	Sample  func(i int) ([]tensor.Array, error)
	Samples int
	// Percentile is how many of a value's numbers its range holds, the same share being left out at both ends: 99.99, for instance, where a few
	// numbers are far off. 0 stands for 100, all.
	Percentile float64
	Signed     bool     // values are int8, and not uint8
	Float      []string // names of nodes, or of their outputs, that stay in float32
	Threads    int      // of the passes; 0 means all processors
	// Progress is called after each pass, if it is set.
	Progress func(done, all int)
}

// Quantized is what Quantize makes.
type Quantized struct {
	File     []byte   // the ONNX file
	Products int      // convolutions and matrix products on bytes
	Others   int      // other operators on bytes
	Float    []string // convolutions and products that stay in float32, each with the reason
}

// Quantize writes the network as one of 8-bit integers, in the form in which values are quantised and dequantised around the operators (QDQ). Weights of
// convolutions and of products with constant matrices become int8 with a scale for each output channel, without zero points; biases int32; what these take and make
// bytes with a scale and a zero point from the ranges that the samples show. Batch normalisations and additions of constants that follow a convolution go into it before.
// Sums, products of two values, average pooling and Concat between bytes get bytes with ranges of their own, which the parts of a Concat share where that takes less than
// a bit from them; maximum pooling and what only moves numbers keep those of their input. A Relu or Clip whose range bytes have anyway is left away. Functions of one number stay as they are between bytes, where this library looks them up;
// what SiLU and hard swish take for nothing is left out of the range before them. The rest stays in float32.
//
// The file follows operator set 13 where it followed an older one, from 7 on, whose DequantizeLinear has no axis; where an operator may have changed between them in a way
// that is not known here, it keeps its operator set, from 10 on, and has the two operators from the domain com.microsoft.
func (f *File) Quantize(o Quantization) (*Quantized, error) {
	q, err := newQuantizer(f, o)
	if err == nil {
		err = q.choose()
	}
	if err == nil {
		err = q.calibrate()
	}
	if err != nil {
		return nil, fmt.Errorf("onnx: quantise: %w", err)
	}
	r := &Quantized{Float: q.refusals}
	for _, b := range q.ops {
		if b.product != nil {
			r.Products++
		} else {
			r.Others++
		}
	}
	if r.File, err = q.write(); err != nil {
		return nil, fmt.Errorf("onnx: quantise: %w", err)
	}
	return r, nil
}

// quantizer is one call of Quantize.
type quantizer struct {
	edit
	o        Quantization
	top      *scope // types and constants
	names    map[string]bool
	users    map[string][]*nodeProto // one entry for each use
	outputs  map[string]bool
	inputs   map[string]bool
	dropped  map[*nodeProto]bool
	ops      []*byteOp
	refusals []string

	ranges map[string]*spread   // of the values that become bytes
	class  map[string]string    // values with the same scale: the one that stands for them
	scales map[string][2]string // names of the scale and the zero point of a class
}

// byteOp is an operator that becomes one on bytes.
type byteOp struct {
	n       *nodeProto
	in      []string // the values that are bytes
	out     string
	product *product
	moves   bool // it keeps the scale
	// act is a clamp behind the operator, which is left away where the bytes of out clamp too.
	act    *nodeProto
	lo, hi float64
}

// product is a convolution or a matrix product with constant weights, in whose channels there may be more than the node has.
type product struct {
	weights tensor.Array // float32
	axis    int          // of the output channels
	bias    []float64    // nil: none
}

func newQuantizer(f *File, o Quantization) (*quantizer, error) {
	if o.Samples < 1 || o.Sample == nil {
		return nil, fmt.Errorf("there are %d samples, want at least 1", o.Samples)
	}
	if o.Percentile == 0 {
		o.Percentile = 100
	}
	if !(o.Percentile > 50 && o.Percentile <= 100) {
		return nil, fmt.Errorf("the percentile is %v, want more than 50 and at most 100", o.Percentile)
	}
	plain := o.Options
	plain.Outputs = nil
	b, err := f.built(plain)
	if err != nil {
		return nil, err
	}
	q := &quantizer{
		o: o, top: b.top, names: make(map[string]bool), users: make(map[string][]*nodeProto), outputs: make(map[string]bool), inputs: make(map[string]bool),
		dropped: make(map[*nodeProto]bool), ranges: make(map[string]*spread), class: make(map[string]string), scales: make(map[string][2]string),
	}
	q.edit = edit{f: f, initial: make(map[string]tensor.Array), opsets: make(map[string]int64)}
	for d, v := range f.opsets {
		q.opsets[d] = v
	}
	order, err := sorted(nil, f.m.graph.nodes)
	if err != nil {
		return nil, err
	}
	for _, n := range order {
		switch n.op {
		case "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger":
			return nil, fmt.Errorf("node %s: the file is quantised already", n.called())
		}
		c := *n
		c.inputs, c.outputs = slices.Clone(n.inputs), slices.Clone(n.outputs)
		q.nodes = append(q.nodes, &c)
	}
	for _, i := range f.Inputs() {
		q.inputs[i.Name], q.names[i.Name] = true, true
	}
	for _, t := range f.m.graph.initializers {
		q.names[t.name] = true
	}
	walk(f.m.graph, func(g *graphProto) {
		for _, n := range g.nodes {
			for _, name := range slices.Concat(n.inputs, n.outputs, []string{n.name}) {
				q.names[name] = true
			}
		}
	})
	for _, p := range f.m.graph.outputs {
		q.outputs[p.name] = true
	}
	for _, name := range o.Float {
		if !slices.ContainsFunc(q.nodes, func(n *nodeProto) bool { return n.name == name || slices.Contains(n.outputs, name) }) {
			return nil, fmt.Errorf("there is no node %q to stay in float32", name)
		}
	}
	q.bypass()
	for _, n := range q.nodes {
		for _, name := range n.wants() {
			q.users[name] = append(q.users[name], n)
		}
	}
	return q, nil
}

// bypass takes nodes away that do nothing.
func (q *quantizer) bypass() {
	to := make(map[string]string)
	inside := make(map[string]bool) // wanted by graphs inside nodes
	for _, n := range q.nodes {
		for _, name := range n.wants()[len(n.inputs):] {
			inside[name] = true
		}
	}
	for _, n := range q.nodes {
		for i, name := range n.inputs {
			if by, ok := to[name]; ok {
				n.inputs[i] = by
			}
		}
		if n.op != "Dropout" && n.op != "Identity" || domain(n.domain) != "" || len(n.inputs) == 0 || q.outputs[n.outputs[0]] || inside[n.outputs[0]] {
			continue
		}
		mask := len(n.outputs) > 1 && n.outputs[1] != "" // somebody may want it
		if _, known := q.konst(n.inputs[0]); known || mask || len(n.inputs) > 2 {
			continue
		}
		to[n.outputs[0]] = n.inputs[0]
		q.dropped[n] = true
	}
	q.nodes = slices.DeleteFunc(q.nodes, func(n *nodeProto) bool { return q.dropped[n] })
}

// unique is a name that the file does not have yet.
func (q *quantizer) unique(name string) string {
	for s, i := name, 2; ; i++ {
		if !q.names[s] {
			q.names[s] = true
			return s
		}
		s = fmt.Sprintf("%s_%d", name, i)
	}
}

func (q *quantizer) konst(name string) (a tensor.Array, ok bool) {
	if v := q.top.values[name]; v != nil {
		return v.Const()
	}
	return a, false
}

func (q *quantizer) dims(name string) tensor.Dims { return q.top.values[name].Type().Dims }

// float32s reports whether a name stands for numbers that a pass computes in float32.
func (q *quantizer) float32s(name string) bool {
	v := q.top.values[name]
	if v == nil || v.Type().DType != tensor.Float32 || v.Type().Elems() == 0 {
		return false
	}
	_, known := v.Const()
	return !known
}

// next is the one node that takes a value, nil where that is not all that becomes of it.
func (q *quantizer) next(name string) *nodeProto {
	if u := q.users[name]; len(u) == 1 && !q.outputs[name] && domain(u[0].domain) == "" && len(u[0].inputs) > 0 && len(u[0].outputs) > 0 && !q.keeps(u[0]) {
		return u[0]
	}
	return nil
}

// keeps reports whether the caller wants a node to stay.
func (q *quantizer) keeps(n *nodeProto) bool {
	return slices.ContainsFunc(q.o.Float, func(name string) bool { return n.name == name || slices.Contains(n.outputs, name) })
}

// choose finds the operators that become ones on bytes.
func (q *quantizer) choose() error {
	root := make(map[string]string) // of a value that is a function of one with bytes: that one
	for _, n := range q.nodes {
		if q.dropped[n] || len(n.outputs) == 0 {
			continue
		}
		b, why := q.byteOp(n, root)
		switch {
		case why != "":
			q.refusals = append(q.refusals, fmt.Sprintf("%s: %s", n.called(), why))
		case b != nil:
			q.ops = append(q.ops, b)
			root[b.out] = b.out
		case domain(n.domain) == "" && len(n.outputs) == 1:
			if r := q.function(n, root); r != "" {
				root[n.outputs[0]] = r
			}
		}
	}
	// What only moves numbers, and has nobody behind it who wants bytes, stays in float32.
	wanted := make(map[string]bool)
	for i, b := range slices.Backward(q.ops) {
		if b.moves && !wanted[b.out] {
			q.ops = slices.Delete(q.ops, i, i+1)
			continue
		}
		for _, v := range b.in {
			wanted[v] = true
			if r := root[v]; r != "" {
				wanted[r] = true
			}
		}
	}
	if len(q.ops) == 0 {
		if len(q.refusals) > 0 {
			return fmt.Errorf("no operator can be quantised: %s", q.refusals[0])
		}
		return fmt.Errorf("there is no convolution and no product with a constant matrix")
	}
	for _, b := range q.ops {
		q.ranges[b.out] = nil
		for _, v := range b.in {
			q.ranges[v] = nil
		}
	}
	return nil
}

// byteOp returns what a node becomes on bytes, nil where it stays as it is; why tells of convolutions and products the reason.
func (q *quantizer) byteOp(n *nodeProto, root map[string]string) (b *byteOp, why string) {
	if domain(n.domain) != "" {
		return nil, ""
	}
	b = &byteOp{n: n, out: n.outputs[0]}
	look := n.look()
	switch n.op {
	case "Conv", "Gemm", "MatMul":
		if q.keeps(n) {
			return nil, "it was to stay"
		}
		if b.product, why = q.product(n, look); why != "" || b.product == nil {
			return nil, why
		}
		b.in = []string{n.inputs[0]}
		q.fold(b)
	case "Add", "Mul":
		for _, v := range n.inputs {
			if root[v] == "" || q.dims(v) != q.dims(n.outputs[0]) {
				return nil, ""
			}
		}
		if root[n.inputs[0]] == root[n.inputs[1]] {
			return nil, "" // a function of one value
		}
		b.in = slices.Clone(n.inputs)
	case "AveragePool", "GlobalAveragePool":
		b.in = slices.Clone(n.inputs)
	case "Concat":
		b.in, b.moves = slices.Clone(n.inputs), true
	case "MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice":
		b.in, b.moves = []string{n.inputs[0]}, true
	default:
		return nil, ""
	}
	if b.product == nil {
		if q.keeps(n) || len(n.outputs) > 1 {
			return nil, ""
		}
		for _, v := range b.in {
			if root[v] == "" {
				return nil, ""
			}
		}
	}
	if !b.moves {
		q.clamp(b)
	}
	return b, ""
}

// product returns the weights of a convolution or a product, or why it stays in float32; neither where it is not one of float32.
func (q *quantizer) product(n *nodeProto, look *node) (p *product, why string) {
	if !q.float32s(n.inputs[0]) {
		if v := q.top.values[n.inputs[0]]; v != nil && v.Type().DType != tensor.Float32 {
			return nil, fmt.Sprintf("it is one of %v", v.Type().DType)
		}
		return nil, ""
	}
	w, ok := q.konst(n.inputs[1])
	if !ok {
		return nil, "its weights are no constant"
	}
	for i := range w.Len() {
		if !finite(w.Float(i)) {
			return nil, "there is a weight that is no number"
		}
	}
	p = &product{weights: w.Clone()}
	switch n.op {
	case "Gemm":
		switch {
		case look.bool("transA", false) || look.float("alpha", 1) != 1 || look.float("beta", 1) != 1 && len(n.inputs) > 2:
			return nil, "it has transA, alpha or beta"
		case !look.bool("transB", false):
			p.axis = 1
		}
	case "MatMul":
		if p.axis = 1; w.Dims().Rank() != 2 || q.dims(n.inputs[0]).Rank() < 2 {
			return nil, "it is no product with a matrix"
		}
	}
	if len(n.inputs) > 2 && n.inputs[2] != "" {
		c, ok := q.konst(n.inputs[2])
		if !ok {
			return nil, "its bias is no constant"
		}
		if p.bias, ok = perChannel(c, tensor.D(p.channels()), 0, p.channels()); !ok && (c.Dims().Rank() != 2 || c.Dims().At(0) != 1) {
			return nil, fmt.Sprintf("its bias is %v", c.Dims())
		}
		if !ok {
			p.bias, _ = perChannel(c.Reshape(tensor.D(c.Len())), tensor.D(p.channels()), 0, p.channels())
		}
	}
	return p, ""
}

func (p *product) channels() int { return p.weights.Dims().At(p.axis) }

// perChannel are the numbers of a constant that varies along one axis alone when it is broadcast to dims.
func perChannel(c tensor.Array, dims tensor.Dims, axis, channels int) (x []float64, ok bool) {
	d := c.Dims()
	if !c.DType().IsFloat() || d.Rank() > dims.Rank() {
		return nil, false
	}
	for i := range d.Rank() {
		if n := d.At(i); n != 1 && (dims.Rank()-d.Rank()+i != axis || n != channels) {
			return nil, false
		}
	}
	for i := range channels {
		x = append(x, c.Float(min(i, c.Len()-1)))
	}
	return x, true
}

// scale multiplies the weights and the bias of each channel.
func (p *product) scale(by []float64) {
	inner := p.weights.Dims().Span(p.axis+1, p.weights.Dims().Rank())
	for i := range p.weights.Len() {
		p.weights.SetFloat(i, p.weights.Float(i)*by[i/inner%len(by)])
	}
	for c := range p.bias {
		p.bias[c] *= by[c]
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// fold takes batch normalisations and additions of constants into a product.
func (q *quantizer) fold(b *byteOp) {
	p, channels := b.product, b.product.channels()
	for {
		n := q.next(b.out)
		if n == nil {
			return
		}
		dims := q.dims(b.out)
		axis := 1
		if b.n.op != "Conv" {
			axis = dims.Rank() - 1
		}
		add := make([]float64, channels)
		switch {
		case n.op == "BatchNormalization" && axis == 1 && n.inputs[0] == b.out && len(n.inputs) == 5 && (len(n.outputs) == 1 || n.outputs[1] == "") && n.attrs["spatial"] == nil &&
			!n.look().bool("training_mode", false):
			if b.n.op == "MatMul" && dims.Rank() != 2 {
				return
			}
			var of [4]tensor.Array // scale, bias, mean, variance
			for i := range of {
				c, ok := q.konst(n.inputs[1+i])
				if !ok || c.Len() != channels {
					return
				}
				of[i] = c
			}
			by := make([]float64, channels)
			epsilon := float64(n.look().float("epsilon", 1e-5))
			for c := range by {
				by[c] = of[0].Float(c) / math.Sqrt(of[3].Float(c)+epsilon)
				add[c] = of[1].Float(c) - of[2].Float(c)*by[c]
				if !finite(by[c]) || !finite(add[c]) {
					return
				}
			}
			p.scale(by)
		case n.op == "Add":
			other := n.inputs[0]
			if other == b.out {
				other = n.inputs[1]
			}
			c, ok := q.konst(other)
			if !ok || c.Dims().Rank() > dims.Rank() || b.n.op == "MatMul" && dims.Rank() != 2 {
				return
			}
			if add, ok = perChannel(c, dims, axis, channels); !ok {
				return
			}
		default:
			return
		}
		if p.bias == nil {
			p.bias = make([]float64, channels)
		}
		for c := range add {
			p.bias[c] += add[c]
		}
		q.dropped[n] = true
		b.out = n.outputs[0]
	}
}

// clamp has an operator end behind the clamp that follows it.
func (q *quantizer) clamp(b *byteOp) {
	n := q.next(b.out)
	if n == nil {
		return
	}
	lo, hi := math.Inf(-1), math.Inf(1)
	switch n.op {
	case "Relu":
		lo = 0
	case "Clip":
		for i, to := range []*float64{&lo, &hi} {
			name := []string{"min", "max"}[i]
			if q.opsets[""] < 11 {
				if n.attrs[name] != nil {
					*to = float64(n.look().float(name, 0))
				}
			} else if len(n.inputs) > 1+i && n.inputs[1+i] != "" {
				c, ok := q.konst(n.inputs[1+i])
				if !ok || c.Len() != 1 {
					return
				}
				*to = c.Float(0)
			}
		}
	default:
		return
	}
	if lo > hi {
		return
	}
	b.act, b.lo, b.hi = n, lo, hi
	q.dropped[n] = true // from what is looked at: write decides
	b.out = n.outputs[0]
}

// functions are operators of one number.
var functions = []string{"Relu", "LeakyRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Elu", "Selu", "Celu", "Softplus", "Softsign", "Mish", "Gelu", "Swish", "Clip", "Erf", "Exp", "Log",
	"Sqrt", "Abs", "Neg", "ThresholdedRelu", "Reciprocal"}

// function returns the value with bytes that a node computes a function of, element by element; "" where it does not.
func (q *quantizer) function(n *nodeProto, root map[string]string) (r string) {
	switch {
	case slices.Contains(functions, n.op):
	case slices.Contains([]string{"Add", "Sub", "Mul", "Div", "Pow", "Max", "Min"}, n.op):
	default:
		return ""
	}
	for _, v := range n.inputs {
		if c, ok := q.konst(v); v == "" || ok && c.Len() == 1 {
			continue
		}
		if root[v] == "" || r != "" && root[v] != r || q.dims(v) != q.dims(n.outputs[0]) {
			return ""
		}
		r = root[v]
	}
	return r
}
