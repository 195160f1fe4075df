package layers

import (
	"fmt"
	"io"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// Model is a network ready to run. It is immutable; goroutines share it, each with its own Session.
type Model struct {
	kernels         *asm.Set
	inputs, outputs []port
	rows            []row // for Summary

	steps  []step
	traced []traced // by step
	places []place  // by root
	arena  int      // floats
	sum    int      // floats of all intermediate maps, without reuse

	convs []*conv.Plan
	pools []*pool.Plan
}

// port is an input or an output of a network.
type port struct {
	value int // root
	shape tensor.Shape
}

// traced is what a step shows to a Trace.
type traced struct {
	name   string
	root   int
	shape  tensor.Shape
	from   tensor.Shape // of value
	planar bool         // stored as NCHW
	stride int          // floats between pixels of a part of a wider map, else 0
}

// place is where a root lies.
type place struct {
	kind placeKind
	at   int // arena: offset in floats; else the number of the input or output
	n    int // floats
	skip int // floats of the caller's memory before it
}

type placeKind uint8

const (
	nowhere placeKind = iota // not a root, or of a dropped operation
	inArena
	inInput
	inOutput
)

// plan turns operations into steps and gives values their places.
func (c *compiler) plan(m *Model) error {
	for _, o := range c.ops {
		s, err := c.step(m, o)
		if err != nil {
			return fmt.Errorf("layers: %q: %w", o.name, err)
		}
		m.steps = append(m.steps, s)
		v := c.vals[o.out]
		m.traced = append(m.traced, traced{o.name, o.out, v.shape, v.from, o.kind == opToNCHW, c.stride(o.out)})
	}
	if !c.o.Unfused {
		c.chain(m)
	}
	c.place(m)
	return nil
}

// chain joins convolutions whose outputs the next step alone wants, where conv has a way to run them together: those that
// gain most, if a convolution could be joined to what comes before it or to what comes after it.
func (c *compiler) chain(m *Model) {
	type choice struct {
		gain int // of this and all steps after it
		n    int // steps that are joined
		plan *conv.Plan
	}
	best := make([]choice, len(m.steps)+1)
	for i := len(m.steps) - 1; i >= 0; i-- {
		best[i] = choice{gain: best[i+1].gain, n: 1}
		plans := c.followers(m, i)
		for n := 2; n <= len(plans); n++ {
			plan := conv.Chain(plans[:n]...)
			if plan == nil {
				continue
			}
			if gain := plan.Gain() + best[i+n].gain; gain > best[i].gain {
				best[i] = choice{gain, n, plan}
			}
		}
	}
	var steps []step
	var shown []traced
	var ops []*op
	for i := 0; i < len(m.steps); i += best[i].n {
		last := i + best[i].n - 1
		s, o := m.steps[last], c.ops[last]
		if plan := best[i].plan; plan != nil {
			t, joined := *s.(*convStep), *o
			t.plan, t.src = plan, m.steps[i].(*convStep).src
			joined.in = c.ops[i].in
			m.convs = append(m.convs, plan)
			s, o = &t, &joined
		}
		steps, shown, ops = append(steps, s), append(shown, m.traced[last]), append(ops, o)
	}
	m.steps, m.traced, c.ops = steps, shown, ops
}

// followers returns the plans of convolution i, and of up to three after it that alone want the output of the one before.
func (c *compiler) followers(m *Model, i int) (plans []*conv.Plan) {
	wants := c.wants(m.outputs)
	for j := i; j < min(i+4, len(m.steps)); j++ {
		t, ok := m.steps[j].(*convStep)
		if !ok || j > i && (t.src != c.ops[j-1].out || wants[t.src] != 1) {
			break
		}
		plans = append(plans, t.plan)
	}
	return plans
}

// step plans one operation.
func (c *compiler) step(m *Model, o *op) (step, error) {
	root := func(i int) int { return c.vals[o.in[i]].root }
	shape := c.vals[o.out].shape
	n := shape.Elems()
	lo, hi, _ := bounds(o.act)
	switch o.kind {
	case opConv:
		p := o.conv
		p.Layout, p.Kernels, p.Activation, p.Residual = tensor.NHWC, c.o.Kernels, o.act, o.res >= 0
		p.OutStride = c.stride(o.out)
		plan, err := conv.New(p, o.weights, o.bias)
		if err != nil {
			return nil, err
		}
		m.convs = append(m.convs, plan)
		t := &convStep{plan: plan, dst: o.out, src: root(0), res: -1}
		if o.res >= 0 {
			t.res = c.vals[o.res].root
		}
		return t, nil
	case opLinear:
		out, in := shape.C, len(o.weights)/shape.C
		w, err := gemm.PackB(c.o.Kernels, gemm.Trans, in, out, o.weights, in)
		if err != nil {
			return nil, err
		}
		t := &linearStep{weights: w, batch: shape.N, dst: o.out, src: root(0)}
		t.epilogue.Bias = append([]float32(nil), o.bias...)
		if _, _, ok := bounds(o.act); !ok {
			t.act = o.act
		} else if o.act.Kind != asm.Identity {
			t.epilogue.Clamp, t.epilogue.Lo, t.epilogue.Hi = true, lo, hi
		}
		return t, nil
	case opPool:
		p := o.pool
		p.Layout, p.Kernels, p.OutStride = tensor.NHWC, c.o.Kernels, c.stride(o.out)
		plan, err := pool.New(p)
		if err != nil {
			return nil, err
		}
		m.pools = append(m.pools, plan)
		return &poolStep{plan: plan, dst: o.out, src: root(0)}, nil
	case opAffine:
		return &affineStep{scale: o.weights, shift: o.bias, lo: lo, hi: hi, rows: newRows(shape), dst: o.out, src: root(0)}, nil
	case opUnary:
		return &unaryStep{f: o.act, n: n, dst: o.out, src: root(0)}, nil
	case opSoftmax:
		return &softmaxStep{rows: newRows(shape), dst: o.out, src: root(0)}, nil
	case opNorm:
		return &normStep{l: o.norm, rows: newRows(shape), dst: o.out, src: root(0)}, nil
	case opAdd:
		return &binaryStep{op: asm.Add, lo: lo, hi: hi, n: n, dst: o.out, x: root(0), y: root(1)}, nil
	case opMul:
		if c.vals[o.in[1]].shape != shape {
			return &gateStep{lo: lo, hi: hi, rows: newRows(shape), pixels: shape.H * shape.W, dst: o.out, src: root(0), gate: root(1)}, nil
		}
		return &binaryStep{op: asm.Mul, lo: lo, hi: hi, n: n, dst: o.out, x: root(0), y: root(1)}, nil
	case opConcat:
		t := &concatStep{rows: newRows(shape), dst: o.out}
		at := 0
		for i, v := range o.in {
			n := c.vals[v].shape.C
			if _, ok := c.inside[root(i)]; !ok {
				t.src, t.c, t.at = append(t.src, root(i)), append(t.c, n), append(t.at, at)
			}
			at += n
		}
		return t, nil
	case opToNHWC:
		return newLayoutStep(tensor.NHWC, o.shape, o.out, root(0)), nil
	case opToNCHW:
		return newLayoutStep(tensor.NCHW, o.shape, o.out, root(0)), nil
	case opCopy:
		return &copyStep{n: n, dst: o.out, src: root(0)}, nil
	}
	return nil, fmt.Errorf("unknown operation %d", o.kind)
}

// place gives every value memory: inputs and outputs lie with the caller, the rest in the arena, where
// what is not in use at the same time may overlap. An operation that can work in place does, when nobody needs
// its input any more; a convolution writes over what it adds.
func (c *compiler) place(m *Model) {
	const caller = math.MaxInt       // in use to the end
	last := make([]int, len(c.vals)) // by root: the last operation that uses it
	for i, o := range c.ops {
		for _, r := range append(c.reads(o), o.out, c.home(o.out).of) {
			last[r] = i
		}
	}
	external := make([]place, len(c.vals))
	for i, p := range m.inputs {
		external[p.value] = place{kind: inInput, at: i, n: p.shape.Elems()}
		last[p.value] = caller
	}
	for i, p := range m.outputs {
		external[p.value] = place{kind: inOutput, at: i, n: p.shape.Elems()}
		last[p.value] = caller
	}

	group := make([]*span, len(c.vals)) // by root: the memory it lies in
	home := map[*span]place{}           // memory that is the caller's
	for i, o := range c.ops {
		root := c.home(o.out).of
		n := c.vals[root].shape.Elems()
		m.sum += c.vals[o.out].shape.Elems()
		g := group[root]
		for _, r := range c.reusable(o) {
			if g == nil && root == o.out && last[r] == i && c.vals[r].shape.Elems() == n {
				g = group[r]
			}
		}
		if g == nil {
			g = &span{first: i, size: n}
		}
		g.last = last[root]
		group[root], group[o.out] = g, g
		if e := external[root]; e.kind == inOutput {
			home[g] = e
		}
	}
	var spans []*span
	seen := map[*span]bool{}
	for _, g := range group {
		if g != nil && !seen[g] {
			seen[g] = true
			if _, ok := home[g]; !ok {
				spans = append(spans, g)
			}
		}
	}
	m.arena = arrange(spans)
	m.places = external
	for r, g := range group {
		if g == nil {
			continue
		}
		at := c.home(r).at
		if p, ok := home[g]; ok {
			p.skip = at
			m.places[r] = p
		} else {
			m.places[r] = place{kind: inArena, at: g.offset + at, n: g.size - at}
		}
	}
}

// reusable lists the roots that an operation reads and may write over.
func (c *compiler) reusable(o *op) []int {
	switch {
	case o.kind.inPlace():
		return c.reads(o)
	case o.kind == opConv && o.res >= 0 && c.vals[o.res].root != c.vals[o.in[0]].root:
		return []int{c.vals[o.res].root}
	}
	return nil
}

// reads lists the roots that an operation reads.
func (c *compiler) reads(o *op) []int {
	var roots []int
	for _, v := range o.in {
		roots = append(roots, c.vals[v].root)
	}
	if o.res >= 0 {
		roots = append(roots, c.vals[o.res].root)
	}
	return roots
}

// Inputs returns the shapes of the network's inputs.
func (m *Model) Inputs() []tensor.Shape { return shapes(m.inputs) }

// Outputs returns the shapes of the network's outputs.
func (m *Model) Outputs() []tensor.Shape { return shapes(m.outputs) }

func shapes(ports []port) (s []tensor.Shape) {
	for _, p := range ports {
		s = append(s, p.shape)
	}
	return s
}

// Explain writes what a pass does: a line for every step, with the algorithm and the kernel that were
// chosen, and the place of what it computes.
func (m *Model) Explain(w io.Writer) error {
	for i, s := range m.steps {
		t := m.traced[i]
		where := "the caller's memory"
		if p := m.places[t.root]; p.kind == inArena {
			where = fmt.Sprintf("floats %d to %d", p.at, p.at+p.n)
		}
		if _, err := fmt.Fprintf(w, "%-20s %v -> %s\n", t.name, s, where); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "arena %d KiB for maps of %d KiB, kernels %v\n", m.arena/256, m.sum/256, m.kernels.ISA)
	return err
}
