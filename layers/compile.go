package layers

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// Options say how a network is compiled. The zero value is right for ONNX and PyTorch data.
type Options struct {
	Layout  tensor.Layout // of the network's inputs and outputs in the caller's memory
	Kernels *asm.Set      // nil means asm.Kernels()
	// Accuracy permits convolutions that round differently: conv.Relaxed brings Winograd's algorithm where it is
	// faster. The zero value is conv.Strict.
	Accuracy conv.Accuracy
	Unfused  bool // every layer by itself, so that a Session's Trace sees them all; slower
}

// compiler turns nodes into operations. Fusing happens while they are emitted: a layer that alone
// wants its input changes the operation that makes it.
type compiler struct {
	o    Options
	vals []value
	ops  []*op
	uses []int // by node: how many nodes and outputs want it

	inside map[int]part // by root: those that are written where a concatenation wants them
}

// part is some of the channels of another value.
type part struct {
	of int // root
	at int // first channel
}

// value is what an operation writes, in NHWC.
type value struct {
	shape tensor.Shape
	root  int // the value whose memory it is: itself, or what it flattens
	maker int // index of the operation that writes it, -1 for an input of the network
	// from is the map that was flattened, when the features lie in memory in another order than they are
	// numbered: numbered by channel, row, column of this shape, but stored by row, column, channel.
	from   tensor.Shape
	shared bool // wanted more than once
}

// op is one step of a pass before it is planned.
type op struct {
	kind opKind
	name string // of the last layer that it computes
	in   []int
	out  int
	res  int // opConv: the value that is added to the sums, or -1
	act  conv.Activation

	weights, bias []float32 // opConv: OIHW; opLinear: [Out][In]; opAffine: scale and shift, either may be nil
	owned         bool      // weights and bias are the compiler's own and may be changed

	conv  conv.Params
	pool  pool.Params
	norm  LocalResponseNorm
	shape tensor.Shape // opToNHWC, opToNCHW: of the map that changes its layout
}

type opKind uint8

const (
	opConv opKind = iota
	opLinear
	opAffine
	opUnary
	opPool
	opSoftmax
	opNorm
	opAdd // of two
	opMul // of two, the second perhaps a pixel
	opConcat
	opToNHWC
	opToNCHW
	opCopy
)

// takesAffine says which operations can scale and shift what they compute.
func (k opKind) takesAffine() bool { return k == opConv || k == opLinear || k == opAffine }

// takes says which operations can apply f to what they compute.
func (k opKind) takes(f conv.Activation) bool {
	switch k {
	case opConv, opLinear:
		return true
	case opAffine, opAdd, opMul:
		_, _, ok := bounds(f)
		return ok
	}
	return false
}

// inPlace says which operations can write over their inputs of the same size.
func (k opKind) inPlace() bool {
	switch k {
	case opAffine, opUnary, opSoftmax, opAdd, opMul:
		return true
	}
	return false
}

// takesStride says which operations can write some of the channels of a wider map.
func (k opKind) takesStride() bool { return k == opConv || k == opPool }

// bounds returns an activation as a clamp, if it is one.
func bounds(f conv.Activation) (lo, hi float32, ok bool) {
	inf := float32(math.Inf(1))
	switch f.Kind {
	case asm.Identity:
		return -inf, inf, true
	case asm.ReLU:
		return 0, inf, true
	case asm.Clamp:
		return f.A, f.B, true
	}
	return 0, 0, false
}

// sameOrder says that NCHW and NHWC are the same.
func sameOrder(s tensor.Shape) bool { return s.C == 1 || s.H*s.W == 1 }

// Compile makes a model of the graph, which stays as it is.
func (g *Graph) Compile(o Options) (*Model, error) {
	if g.err != nil {
		return nil, g.err
	}
	if len(g.inputs) == 0 || len(g.outputs) == 0 {
		return nil, fmt.Errorf("layers: the graph has %d inputs and %d outputs, want at least 1 of each", len(g.inputs), len(g.outputs))
	}
	if o.Layout != tensor.NCHW && o.Layout != tensor.NHWC {
		return nil, fmt.Errorf("layers: Options.Layout is %v, want NCHW or NHWC", o.Layout)
	}
	if o.Kernels == nil {
		var err error
		if o.Kernels, err = asm.Kernels(); err != nil {
			return nil, fmt.Errorf("layers: %w", err)
		}
	}
	c := &compiler{o: o, uses: make([]int, len(g.nodes))}
	for _, n := range g.nodes {
		for _, i := range n.in {
			c.uses[i]++
		}
	}
	for _, i := range g.outputs {
		c.uses[i]++
	}
	m := &Model{kernels: o.Kernels}
	of := make([]int, len(g.nodes)) // value of a node
	for i, n := range g.nodes {
		m.rows = append(m.rows, row{n.kind, n.name, n.shape, n.costs})
		if n.layer == nil {
			of[i] = c.value(value{shape: n.shape, maker: -1})
			m.inputs = append(m.inputs, port{of[i], n.shape})
			if o.Layout == tensor.NCHW && !sameOrder(n.shape) {
				of[i] = c.emit(&op{kind: opToNHWC, name: n.name, in: []int{of[i]}, shape: n.shape}, n.shape)
			}
		} else {
			var in []int
			for _, p := range n.in {
				in = append(in, of[p])
			}
			of[i] = n.layer.lower(c, n, in)
		}
		if c.uses[i] != 1 {
			c.vals[of[i]].shared = true
		}
	}
	taken := map[int]bool{}
	for _, p := range m.inputs {
		taken[p.value] = true
	}
	for _, i := range g.outputs {
		n := g.nodes[i]
		v := c.ordered(of[i], n.name)
		switch {
		case o.Layout == tensor.NCHW && !sameOrder(n.shape):
			v = c.emit(&op{kind: opToNCHW, name: n.name, in: []int{v}, shape: n.shape}, n.shape)
		case taken[c.vals[v].root]: // the memory of an input, or of an output already
			v = c.emit(&op{kind: opCopy, name: n.name, in: []int{v}}, n.shape)
		}
		root := c.vals[v].root
		taken[root] = true
		m.outputs = append(m.outputs, port{root, n.shape})
	}
	c.prune(m.outputs)
	c.join(m.outputs)
	return m, c.plan(m)
}

// value adds a value with memory of its own.
func (c *compiler) value(v value) int {
	v.root = len(c.vals)
	c.vals = append(c.vals, v)
	return v.root
}

// emit appends an operation that writes a value of shape s, and returns that value.
func (c *compiler) emit(o *op, s tensor.Shape) int {
	if o.kind != opConv {
		o.res = -1
	}
	o.out = c.value(value{shape: s, maker: len(c.ops)})
	c.ops = append(c.ops, o)
	return o.out
}

// emitLike appends an operation that writes a value of the shape and order of its first input.
func (c *compiler) emitLike(o *op) int {
	x := c.vals[o.in[0]]
	v := c.emit(o, x.shape)
	c.vals[v].from = x.from
	return v
}

// sole returns the operation that made v, if node n, whose input i it is, may change it because it alone
// wants v.
func (c *compiler) sole(n *node, i, v int) *op {
	if c.o.Unfused || c.vals[v].maker < 0 || c.vals[v].shared || c.uses[n.in[i]] != 1 {
		return nil
	}
	return c.ops[c.vals[v].maker]
}

// ordered returns a value with the same features, stored in the order of their numbers.
func (c *compiler) ordered(v int, name string) int {
	from := c.vals[v].from
	if from == (tensor.Shape{}) {
		return v
	}
	return c.emit(&op{kind: opToNCHW, name: name, in: []int{v}, shape: from}, c.vals[v].shape)
}

// alike returns values stored in the same order.
func (c *compiler) alike(name string, in []int) []int {
	for _, v := range in {
		if c.vals[v].from != c.vals[in[0]].from {
			out := make([]int, len(in))
			for i, v := range in {
				out[i] = c.ordered(v, name)
			}
			return out
		}
	}
	return in
}

// prune drops operations whose results nobody wants.
func (c *compiler) prune(outputs []port) {
	want := make([]bool, len(c.vals)) // by root
	for _, p := range outputs {
		want[p.value] = true
	}
	for i := len(c.ops) - 1; i >= 0; i-- {
		o := c.ops[i]
		if !want[o.out] {
			continue
		}
		for _, v := range o.in {
			want[c.vals[v].root] = true
		}
		if o.res >= 0 {
			want[c.vals[o.res].root] = true
		}
	}
	var kept []*op
	for _, o := range c.ops {
		if want[o.out] {
			kept = append(kept, o)
		}
	}
	c.ops = kept
}

// join has the inputs of concatenations written where they belong, side by side, if nobody else wants
// them. A concatenation with nothing left to copy is dropped.
func (c *compiler) join(outputs []port) {
	c.inside = make(map[int]part)
	if c.o.Unfused {
		return
	}
	wants, makers := c.wants(outputs), make(map[int]*op) // by root
	for _, o := range c.ops {
		makers[o.out] = o
	}
	var kept []*op
	for _, o := range c.ops {
		copies := o.kind != opConcat
		if o.kind == opConcat {
			at := 0
			for _, v := range o.in {
				r, s := c.vals[v].root, c.vals[v].shape
				if p := makers[r]; p != nil && p.kind.takesStride() && wants[r] == 1 && c.vals[r].shape == s {
					c.inside[r] = part{o.out, at}
				} else {
					copies = true
				}
				at += s.C
			}
		}
		if copies {
			kept = append(kept, o)
		}
	}
	c.ops = kept
}

// wants counts how many operations and outputs want a root.
func (c *compiler) wants(outputs []port) []int {
	wants := make([]int, len(c.vals))
	for _, p := range outputs {
		wants[p.value]++
	}
	for _, o := range c.ops {
		for _, r := range c.reads(o) {
			wants[r]++
		}
	}
	return wants
}

// home returns the root in whose memory r lies, and the first of its channels.
func (c *compiler) home(r int) part {
	if p, ok := c.inside[r]; ok {
		return p
	}
	return part{r, 0}
}

func (c *compiler) stride(r int) int {
	if p, ok := c.inside[r]; ok {
		return c.vals[p.of].shape.C
	}
	return 0
}

func (l Conv2D) lower(c *compiler, n *node, in []int) int {
	x, planes := c.ordered(in[0], n.name), false
	if o := c.sole(n, 0, x); o != nil && o.kind == opToNHWC {
		x, planes = o.in[0], true
	}
	return c.emit(&op{
		kind: opConv, name: n.name, in: []int{x}, res: -1, weights: l.Weights, bias: l.Bias,
		conv: conv.Params{In: c.vals[x].shape, OutC: l.OutC, Window: l.Window, Groups: l.Groups, InNCHW: planes, Accuracy: c.o.Accuracy},
	}, n.shape)
}

func (l Linear) lower(c *compiler, n *node, in []int) int {
	o := &op{kind: opLinear, name: n.name, in: in, weights: l.Weights, bias: l.Bias}
	if from := c.vals[in[0]].from; from != (tensor.Shape{}) {
		o.weights, o.bias, o.owned = permuted(l.Weights, from), append([]float32(nil), l.Bias...), true
	}
	return c.emit(o, n.shape)
}

// permuted brings rows of features from the order of their numbers to that of the map they flatten.
func permuted[T any](x []T, from tensor.Shape) []T {
	if x == nil {
		return nil
	}
	y := make([]T, len(x))
	pixels := from.H * from.W
	for row := 0; row < len(x); row += from.C * pixels {
		for c := range from.C {
			for p := range pixels {
				y[row+p*from.C+c] = x[row+c*pixels+p]
			}
		}
	}
	return y
}

func (l BatchNorm) lower(c *compiler, n *node, in []int) int {
	eps := l.Eps
	if eps == 0 {
		eps = 1e-5
	}
	scale, shift := make([]float64, n.shape.C), make([]float64, n.shape.C)
	for i := range scale {
		scale[i] = 1 / math.Sqrt(float64(l.Var[i])+eps)
		if l.Gamma != nil {
			scale[i] *= float64(l.Gamma[i])
		}
		shift[i] = -float64(l.Mean[i]) * scale[i]
		if l.Beta != nil {
			shift[i] += float64(l.Beta[i])
		}
	}
	return c.affine(n, in[0], scale, shift)
}

func (l Scale) lower(c *compiler, n *node, in []int) int {
	return c.affine(n, in[0], float64s(l.Scale), float64s(l.Shift))
}

// affine emits y = scale x + shift per channel, or has what makes x do it. Either may be nil.
func (c *compiler) affine(n *node, x int, scale, shift []float64) int {
	o := c.sole(n, 0, x)
	if o == nil || !o.kind.takesAffine() || o.act.Kind != asm.Identity || o.res >= 0 || c.vals[o.out].shape != c.vals[x].shape {
		a := &op{kind: opAffine, name: n.name, in: []int{x}, weights: float32s(scale), bias: float32s(shift), owned: true}
		if from := c.vals[x].from; from != (tensor.Shape{}) {
			a.weights, a.bias = permuted(a.weights, from), permuted(a.bias, from)
		}
		return c.emitLike(a)
	}
	o.name = n.name
	if !o.owned {
		o.weights, o.bias, o.owned = append([]float32(nil), o.weights...), append([]float32(nil), o.bias...), true
	}
	// The channels of an affine operation may be permuted: those of x are.
	if from := c.vals[x].from; from != (tensor.Shape{}) {
		scale, shift = permuted(scale, from), permuted(shift, from)
	}
	if scale != nil && o.kind == opAffine && o.weights == nil {
		o.weights = float32s(scale)
	} else if scale != nil {
		per := len(o.weights) / len(scale)
		for i, w := range o.weights {
			o.weights[i] = float32(float64(w) * scale[i/per])
		}
	}
	if o.bias == nil {
		o.bias = float32s(shift)
		return x
	}
	for i, b := range o.bias {
		y := float64(b)
		if scale != nil {
			y *= scale[i]
		}
		if shift != nil {
			y += shift[i]
		}
		o.bias[i] = float32(y)
	}
	return x
}

func float64s(x []float32) []float64 {
	if x == nil {
		return nil
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func float32s(x []float64) []float32 {
	if x == nil {
		return nil
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

func (l activation) lower(c *compiler, n *node, in []int) int {
	x := in[0]
	if l.f.Kind == asm.Identity {
		return x
	}
	if o := c.sole(n, 0, x); o != nil && o.act.Kind == asm.Identity && o.kind.takes(l.f) {
		o.name, o.act = n.name, l.f
		return x
	}
	return c.emitLike(&op{kind: opUnary, name: n.name, in: in, act: l.f})
}

func (l MaxPool2D) lower(c *compiler, n *node, in []int) int {
	return c.pool(n, in[0], pool.Params{Kind: pool.Max, Window: l.Window})
}

func (l AvgPool2D) lower(c *compiler, n *node, in []int) int {
	return c.pool(n, in[0], pool.Params{Kind: pool.Avg, Window: l.Window, CountIncludePad: l.CountIncludePad})
}

func (l GlobalAvgPool2D) lower(c *compiler, n *node, in []int) int {
	return c.pool(n, in[0], pool.Params{Kind: pool.Avg, Window: whole(c.vals[in[0]].shape)})
}

func (l GlobalMaxPool2D) lower(c *compiler, n *node, in []int) int {
	return c.pool(n, in[0], pool.Params{Kind: pool.Max, Window: whole(c.vals[in[0]].shape)})
}

func whole(s tensor.Shape) tensor.Window { return tensor.Window{KernelH: s.H, KernelW: s.W} }

func (c *compiler) pool(n *node, x int, p pool.Params) int {
	x = c.ordered(x, n.name)
	p.In = c.vals[x].shape
	return c.emit(&op{kind: opPool, name: n.name, in: []int{x}, pool: p}, n.shape)
}

func (l Softmax) lower(c *compiler, n *node, in []int) int {
	return c.emitLike(&op{kind: opSoftmax, name: n.name, in: in})
}

func (l LocalResponseNorm) lower(c *compiler, n *node, in []int) int {
	return c.emitLike(&op{kind: opNorm, name: n.name, in: []int{c.ordered(in[0], n.name)}, norm: l})
}

func (l Flatten) lower(c *compiler, n *node, in []int) int {
	x := c.vals[in[0]]
	if x.shape == n.shape {
		return in[0]
	}
	if l.Order == tensor.NCHW && !sameOrder(x.shape) {
		x.from = x.shape
	}
	x.shape = n.shape
	c.vals = append(c.vals, x) // with the root and the maker of what it flattens
	return len(c.vals) - 1
}

func (l Dropout) lower(c *compiler, n *node, in []int) int  { return in[0] }
func (l Identity) lower(c *compiler, n *node, in []int) int { return in[0] }

func (l Add) lower(c *compiler, n *node, in []int) int {
	v := c.alike(n.name, in)
	sum := v[0]
	first := c.residual(n, 0, v[0])
	for i := 1; i < len(v); i++ {
		// The later of two convolutions can add what the earlier computes.
		a, b := first, c.residual(n, i, v[i])
		switch {
		case b != nil && (a == nil || c.vals[v[i]].maker > c.vals[sum].maker) && c.vals[sum].maker < c.vals[v[i]].maker:
			b.res, b.name = sum, n.name
			sum, first = v[i], nil
		case a != nil && c.vals[v[i]].maker < c.vals[sum].maker:
			a.res, a.name = v[i], n.name
			first = nil
		default:
			sum, first = c.emitLike(&op{kind: opAdd, name: n.name, in: []int{sum, v[i]}}), nil
		}
	}
	return sum
}

// residual returns the convolution that made v, input i of n, if it may add to it.
func (c *compiler) residual(n *node, i, v int) *op {
	o := c.sole(n, i, v)
	if o == nil || o.kind != opConv || o.res >= 0 || o.act.Kind != asm.Identity || c.vals[o.out].shape != c.vals[v].shape {
		return nil
	}
	return o
}

func (l Mul) lower(c *compiler, n *node, in []int) int {
	return c.emitLike(&op{kind: opMul, name: n.name, in: c.alike(n.name, in)})
}

func (l Concat) lower(c *compiler, n *node, in []int) int {
	if len(in) == 1 {
		return in[0]
	}
	var parts []int
	for _, v := range in {
		parts = append(parts, c.ordered(v, n.name))
	}
	return c.emit(&op{kind: opConcat, name: n.name, in: parts}, n.shape)
}
