package graph

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// lowerer is an operator that knows the steps it takes on the kernels. It returns false where it does not know any for these inputs: then
// Eval runs.
type lowerer interface {
	lower(l *lowering, n *Node) (bool, error)
}

// lowering turns nodes into steps, in their order. Every value has a view when its node has been lowered.
type lowering struct {
	o       Options
	w       *net
	m       *Model
	shared  *shared
	extra   int // bytes that remain for weights which are packed to more than they were
	views   map[*Value]view
	moved   map[moveKey]view // copies in another order, shared by all who want them
	buffers []*buffer
	steps   []*emitted
	now     *Node
	parts   map[*Value]part  // values that are written where a Concat wants them
	later   map[*Value]*Node // Reshapes that need a copy, which is made where somebody wants it
}

type moveKey struct {
	v *Value
	o order
}

// part is a piece of the output of a Concat.
type part struct {
	of   *Value
	axis int
	at   int // first element along the axis
}

// emitted is a step, and what it reads and writes.
type emitted struct {
	step   step
	name   string
	out    view   // the first of writes, for Explain
	shown  view   // for Trace
	reads  []view // of the arena, inputs, constants
	writes []view
	over   []view // reads that the step may write its output over
	value  *Value // for Trace; nil: it shows nothing
}

// shows has a Trace see v after the step, all of which lies at x.
func (e *emitted) shows(v *Value, x view) { e.value, e.shown = v, x }

func lower(g *Graph, w *net, o Options, s *shared) (*Model, error) {
	l := &lowering{
		o: o, w: w, m: &Model{kernels: o.Kernels, source: g, options: o, shared: s},
		shared: s, extra: extraWeights(w, o.WeightLimit),
		views: make(map[*Value]view), moved: make(map[moveKey]view), parts: make(map[*Value]part),
		later: make(map[*Value]*Node),
	}
	for i, v := range w.inputs {
		b := l.buffer(v.typ.Bytes())
		b.kind, b.index = inInput, i
		l.views[v] = view{buf: b, typ: v.typ, stride: o.outside().dense(v.typ.Dims)}
	}
	if !o.off("concat") {
		l.place()
	}
	for _, n := range w.nodes {
		l.now = n
		done := false
		if op, ok := n.op.(lowerer); ok && !o.off("eval") {
			var err error
			if done, err = op.lower(l, n); err != nil {
				return nil, fmt.Errorf("graph: %v: %w", n, err)
			}
		}
		if f, ok := n.op.(function); ok && !done && !o.off("eval") {
			done = l.function(n, f.f)
		}
		if !done {
			l.eval(n)
		}
	}
	l.finish()
	if o.Drop {
		l.m.source, l.m.shared = nil, nil
	}
	if !o.off("chain") {
		l.chain()
	}
	l.memory()
	return l.m, nil
}

func (l *lowering) buffer(bytes int) *buffer {
	b := &buffer{id: len(l.buffers), bytes: bytes}
	l.buffers = append(l.buffers, b)
	return b
}

// at returns where v lies.
func (l *lowering) at(v *Value) view {
	if x, ok := l.views[v]; ok {
		return x
	}
	if n := l.later[v]; n != nil {
		x, _ := l.in(n.in[0], rowMajor).reshape(v.typ.Dims)
		l.views[v] = x
		return x
	}
	if !v.konst.Valid() {
		panic(fmt.Sprintf("graph: %q is wanted before it is made", v.name))
	}
	b := l.buffer(v.typ.Bytes())
	b.kind, b.konst = isConst, v.konst.Bytes()
	if l.o.Drop { // a constant may be a piece of a file, all of which it would keep
		c := mem.Bytes(len(b.konst))
		copy(c, b.konst)
		b.konst = c
	}
	x := view{buf: b, typ: v.typ, stride: rowMajor.dense(v.typ.Dims)}
	l.views[v] = x
	return x
}

// in returns v in order o without gaps: as it lies, or a copy.
func (l *lowering) in(v *Value, o order) view {
	x := l.at(v)
	if x.is(o) {
		return x
	}
	key := moveKey{v, o}
	y, ok := l.moved[key]
	if !ok {
		y = l.copy(x, o.dense(v.typ.Dims))
		l.moved[key] = y
	}
	return y
}

// copyKey is a constant that lies in another order.
type copyKey struct {
	from     *byte
	off      int
	typ      tensor.Type
	old, new [tensor.MaxRank]int
}

// copy returns a copy of x with other strides, which leave no gaps. Constants are copied at once.
func (l *lowering) copy(x view, stride [tensor.MaxRank]int) view {
	y := view{buf: l.buffer(x.typ.Bytes()), typ: x.typ, stride: stride}
	if x.buf.kind == isConst {
		key := copyKey{unsafe.SliceData(x.buf.konst), x.off, x.typ, x.stride, stride}
		y.buf.kind = isConst
		y.buf.konst, _ = once(l.shared, key, func() ([]byte, error) {
			to, m := mem.Bytes(x.typ.Bytes()), newMove(y, x)
			m.do(new(worker), l.o.Kernels, to, x.buf.konst, y.off, x.off, 0, m.units)
			return to, nil
		})
		return y
	}
	l.move(y, x)
	return y
}

// rows returns v with its innermost axis in order o without gaps and the other axes where that order has them, but perhaps with gaps between
// rows that are all of one size: some of the channels of a wider tensor.
func (l *lowering) rows(v *Value, o order) view {
	if x := l.at(v); x.isRows(o) {
		return x
	}
	return l.in(v, o)
}

// isRows reports whether v is dense in order o but for a stride of its rows.
func (v view) isRows(o order) bool {
	d := v.dims()
	r := d.Rank()
	if r < 2 || o == channelsLast && r < 3 {
		return v.is(o)
	}
	axes := o.axes(r)
	inner := axes[r-1]
	if d.At(inner) != 1 && v.stride[inner] != 1 {
		return false
	}
	step := 0
	for i := r - 2; i >= 0; i-- {
		a := axes[i]
		if d.At(a) == 1 {
			continue
		}
		if step != 0 && v.stride[a] != step {
			return false
		}
		if step == 0 && v.stride[a] < d.At(inner) {
			return false
		}
		step = v.stride[a] * d.At(a)
	}
	return true
}

// rowStride is the distance of the rows of a view that isRows.
func (v view) rowStride(o order) int {
	d := v.dims()
	axes := o.axes(d.Rank())
	for i := d.Rank() - 2; i >= 0; i-- {
		if d.At(axes[i]) != 1 {
			return v.stride[axes[i]]
		}
	}
	return d.At(axes[d.Rank()-1])
}

// fresh returns new memory for a value of type t.
func (l *lowering) fresh(t tensor.Type, o order) view {
	return view{buf: l.buffer(t.Bytes()), typ: t, stride: o.dense(t.Dims)}
}

// out gives v new memory, or the place in a Concat that was kept for it; strided says that the caller can write rows with gaps.
func (l *lowering) out(v *Value, o order, strided bool) view {
	x := l.fresh(v.typ, o)
	if p, ok := l.parts[v]; ok && strided {
		whole, ok := l.views[p.of]
		if !ok {
			whole = l.fresh(p.of.typ, o)
		}
		if y := whole.slice(p.axis, p.at, 1, v.typ.Dims.At(p.axis)); y.isRows(o) {
			l.views[p.of] = whole
			x = y
		}
	}
	l.views[v] = x
	return x
}

// alias makes v another view of what is there already.
func (l *lowering) alias(v *Value, x view) { l.views[v] = x }

// emit appends a step that writes out. It may write over those of its reads that are listed in over.
func (l *lowering) emit(s step, v *Value, out view, reads, over []view) {
	l.steps = append(l.steps, &emitted{step: s, name: l.now.name, out: out, reads: reads, writes: []view{out}, over: over, value: v, shown: out})
}

// ref makes a reference for use at run time.
func (v view) ref() ref {
	return ref{v.buf.id, v.off * v.typ.DType.Size(), v.extent()}
}

// eval lets the operator compute by itself.
func (l *lowering) eval(n *Node) {
	t := &evalStep{op: n.op}
	e := &emitted{step: t, name: n.name, value: n.out[0]}
	for _, v := range n.in {
		if v == nil {
			t.in = append(t.in, operand{})
			continue
		}
		x := l.in(v, rowMajor)
		t.in = append(t.in, operand{x.ref(), v.typ})
		e.reads = append(e.reads, x)
	}
	for _, v := range n.out {
		x := l.out(v, rowMajor, false)
		t.out = append(t.out, operand{x.ref(), v.typ})
		e.writes = append(e.writes, x)
	}
	l.takes(t.in, t.out)
	e.out, e.shown = e.writes[0], e.writes[0]
	l.steps = append(l.steps, e)
}

// takes has sessions keep room for the arrays of a step.
func (l *lowering) takes(in, out []operand) { l.m.arrays = max(l.m.arrays, len(in)+len(out)) }

// place finds the inputs of concatenations that can be written where they belong: those that one node makes for the Concat alone.
func (l *lowering) place() {
	for _, n := range l.w.nodes {
		c, ok := n.op.(Concat)
		if !ok {
			continue
		}
		axis, _ := tensor.Axis(c.Axis, n.out[0].typ.Dims.Rank())
		at := 0
		for i, v := range n.in {
			if v.maker != nil && l.belongs(v) && !slices.Contains(n.in[:i], v) {
				l.parts[v] = part{n.out[0], axis, at}
			}
			at += v.typ.Dims.At(axis)
		}
	}
}

// belongs reports whether v may lie in the Concat that wants it: besides only convolutions do, which read it there as well, even while they write
// other channels of it.
func (l *lowering) belongs(v *Value) bool {
	if l.w.wanted[v] {
		return false
	}
	concats := 0
	for _, u := range l.w.users[v] {
		switch u.op.(type) {
		case Concat:
			concats++
		case Conv, fusedConv:
		default:
			return false
		}
	}
	return concats == 1
}

// finish gives the network's outputs their memory, which is the caller's.
func (l *lowering) finish() {
	for i, o := range l.w.outputs {
		x := l.in(o.v, l.o.outside())
		if x.buf.kind != inArena || !x.whole() {
			y := l.fresh(o.v.typ, l.o.outside())
			l.now = &Node{name: o.name}
			l.move(y, x)
			x = y
		}
		x.buf.kind, x.buf.index = inOutput, i
		l.m.outputs = append(l.m.outputs, Port{o.name, o.v.typ})
	}
	for _, v := range l.w.inputs {
		l.m.inputs = append(l.m.inputs, Port{v.name, v.typ})
	}
}

// memory gives every buffer its place: inputs and outputs lie with the caller, the rest in the arena, where what is not in use at the same time may
// overlap. A step that can work in place does, when nobody needs its input any more.
func (l *lowering) memory() {
	const end = 1 << 30
	for _, b := range l.buffers {
		b.first, b.last = end, -1
	}
	for i, e := range l.steps {
		for _, v := range slices.Concat(e.reads, e.writes) {
			v.buf.first, v.buf.last = min(v.buf.first, i), max(v.buf.last, i)
		}
	}
	for _, b := range l.buffers {
		if b.kind == inInput || b.kind == inOutput {
			b.last = end
		}
	}
	for i, e := range l.steps {
		if l.o.off("inplace") || e.out.buf.first != i || e.out.buf.in != nil || !e.out.whole() {
			continue
		}
		for _, x := range e.over {
			r := x.buf.root()
			if r.kind == inArena && r.last == i && x.whole() && x.buf.bytes == e.out.buf.bytes && x.sameStrides(e.out.stride) && !l.wantedTwice(e, x) {
				// The buffer that dies lives on as the new one.
				if r.first < e.out.buf.first {
					e.out.buf.first = r.first
				}
				x.buf.root().in = e.out.buf
				break
			}
		}
	}
	var spans []*buffer
	for _, b := range l.buffers {
		if b.kind == inArena && b.in == nil && b.last >= 0 {
			spans = append(spans, b)
		}
	}
	l.m.arena = arrange(spans)
	for _, b := range l.buffers {
		l.m.buffers = append(l.m.buffers, *b.root())
	}
	for _, e := range l.steps {
		l.m.steps = append(l.m.steps, e.step)
		l.m.traced = append(l.m.traced, traced{e.name, e.out, e.shown, e.value != nil})
		l.m.sum += e.out.typ.Bytes()
	}
	if l.o.Poison {
		l.m.spans = spans
	}
}

// wantedTwice reports whether the step reads the buffer of x in another way as well, which does not allow it to be written over.
func (l *lowering) wantedTwice(e *emitted, x view) bool {
	count := 0
	for _, y := range e.reads {
		if y.buf.root() == x.buf.root() {
			count++
			if y.off != x.off || !y.sameStrides(x.stride) || y.typ != x.typ {
				return true
			}
		}
	}
	for _, y := range e.over {
		if y.buf.root() == x.buf.root() {
			count--
		}
	}
	return count > 0
}

// chain joins convolutions whose outputs the next step alone wants, where conv has a way to run them together.
func (l *lowering) chain() {
	var steps []*emitted
	uses := l.reads()
	for i := 0; i < len(l.steps); {
		plans := l.followers(i, uses)
		if len(plans) < 2 {
			steps = append(steps, l.steps[i])
			i++
			continue
		}
		first := i
		for k, plan := range conv.Chain(plans...) {
			e := l.steps[i+k]
			switch {
			case plan == nil:
				continue
			case plan != plans[k]:
				e = joined(l.steps[first], e, plan)
				l.m.convs = append(l.m.convs, plan)
			}
			steps = append(steps, e)
			first = i + k + 1
		}
		i += len(plans)
	}
	l.steps = steps
}

// joined is the step of a plan that computes what the convolutions from first to last do.
func joined(first, last *emitted, plan *conv.Plan) *emitted {
	t, e := *last.step.(*convStep), *last
	t.plan, t.src = plan, first.step.(*convStep).src
	e.step, e.reads = &t, slices.Concat(first.reads[:1], last.reads[1:])
	return &e
}

// reads counts the reads of each buffer.
func (l *lowering) reads() map[*buffer]int {
	uses := make(map[*buffer]int)
	for _, e := range l.steps {
		for _, v := range e.reads {
			uses[v.buf]++
		}
	}
	for _, b := range l.buffers {
		if b.kind == inOutput {
			uses[b]++
		}
	}
	return uses
}

// followers returns the plans of convolution i, and of those after it each of which alone wants the output of the one before.
func (l *lowering) followers(i int, uses map[*buffer]int) (plans []*conv.Plan) {
	for j := i; j < len(l.steps); j++ {
		t, ok := l.steps[j].step.(*convStep)
		if !ok || j > i && (t.src != l.steps[j-1].out.ref() || uses[l.steps[j].reads[0].buf] != 1 || !l.steps[j-1].out.whole()) {
			break
		}
		plans = append(plans, t.plan)
	}
	return plans
}

// shape4 is the 4-D shape on which conv and pool work: a tensor with one axis of positions has one row.
func shape4(d tensor.Dims) (tensor.Shape, bool) {
	switch d.Rank() {
	case 3:
		return tensor.Shape{N: d.At(0), C: d.At(1), H: 1, W: d.At(2)}, true
	case 4:
		return tensor.Shape{N: d.At(0), C: d.At(1), H: d.At(2), W: d.At(3)}, true
	}
	return tensor.Shape{}, false
}

// float32s reports whether all given values are float32 and none is empty.
func float32s(vals ...*Value) bool {
	for _, v := range vals {
		if v != nil && (v.typ.DType != tensor.Float32 || v.typ.Elems() == 0) {
			return false
		}
	}
	return true
}

// kernels of the model.
func (l *lowering) kernels() *asm.Set { return l.o.Kernels }

// accuracy of the convolutions.
func (l *lowering) accuracy() conv.Accuracy {
	if l.o.Exact {
		return conv.Strict
	}
	return conv.Relaxed
}
