package onnx

import (
	"fmt"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// maxUnrolled bounds how many nodes the loops of a file become.
const maxUnrolled = 1 << 14

// loop is the body of a Loop or a Scan, whose steps are written out one after the other.
type loop struct {
	n    *node
	g    *graphProto
	s    *scope // what all steps share
	step int
}

func (n *node) loop() (*loop, error) {
	a := n.attr("body", attrGraph)
	if n.err != nil || a == nil {
		return nil, fmt.Errorf("attribute \"body\" is left out or no graph")
	}
	s := newScope(n.s, n.s.opset)
	s.attrs = n.s.attrs
	return &loop{n: n, g: a.g, s: s}, n.b.initializers(s, a.g)
}

// next adds the nodes of a step with the given inputs of the body, and returns its outputs.
func (l *loop) next(in []*graph.Value) ([]*graph.Value, error) {
	b := l.n.b
	if *b.unrolled += len(l.g.nodes) + 1; *b.unrolled > maxUnrolled {
		return nil, fmt.Errorf("loops that become more than %d nodes are not supported", maxUnrolled)
	}
	if len(in) != len(l.g.inputs) {
		return nil, fmt.Errorf("the body has %d inputs, want %d", len(l.g.inputs), len(in))
	}
	s := newScope(l.s, l.s.opset)
	s.attrs = l.s.attrs
	for i, v := range l.g.inputs {
		if err := s.set(v.name, "an input", in[i]); err != nil {
			return nil, err
		}
	}
	if err := b.nodes(s, l.g.nodes); err != nil {
		return nil, fmt.Errorf("step %d: %w", l.step, err)
	}
	l.step++
	var out []*graph.Value
	for _, o := range l.g.outputs {
		v := s.find(o.name)
		if v == nil {
			return nil, fmt.Errorf("body: output %q is made by no node", o.name)
		}
		out = append(out, v)
	}
	return out, nil
}

// stack joins what the steps made along a new axis.
func (n *node) stack(parts []*graph.Value, axis int, reverse bool) (*graph.Value, error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("a loop of no steps that stacks results is not supported")
	}
	joined := make([]*graph.Value, len(parts))
	for i, p := range parts {
		v, err := n.add(graph.Unsqueeze{}, p, n.vector(axis))
		if err != nil {
			return nil, err
		}
		if reverse {
			i = len(parts) - 1 - i
		}
		joined[i] = v[0]
	}
	v, err := n.add(graph.Concat{Axis: axis}, joined...)
	if err != nil {
		return nil, err
	}
	return v[0], nil
}

// loopNode writes out a Loop whose number of steps is known.
func loopNode(n *node) ([]*graph.Value, error) {
	l, err := n.loop()
	if err != nil {
		return nil, err
	}
	most := int64(-1) // without a limit
	if v := n.input(0); v != nil {
		a, ok := v.Const()
		if !ok || a.Len() != 1 {
			return nil, fmt.Errorf("a loop is not supported whose number of steps is known only when it runs")
		}
		most = max(a.Int(0), 0)
	}
	on := n.input(1)
	if on == nil {
		on = n.b.g.Const("", tensor.Scalar(true))
	}
	carried := append([]*graph.Value(nil), n.in[min(2, len(n.in)):]...)
	stacked := make([][]*graph.Value, max(len(l.g.outputs)-1-len(carried), 0))
	for int64(l.step) != most {
		a, ok := on.Const()
		if !ok || a.Len() != 1 {
			return nil, fmt.Errorf("a loop is not supported whose condition is known only when it runs")
		}
		if a.Int(0) == 0 {
			break
		}
		out, err := l.next(append([]*graph.Value{n.b.g.Const("", tensor.Scalar(int64(l.step))), on}, carried...))
		if err != nil {
			return nil, err
		}
		if len(out) < 1+len(carried) {
			return nil, fmt.Errorf("the body has %d outputs, want at least %d", len(out), 1+len(carried))
		}
		on = out[0]
		copy(carried, out[1:])
		for i, v := range out[1+len(carried):] {
			stacked[i] = append(stacked[i], v)
		}
	}
	for _, parts := range stacked {
		v, err := n.stack(parts, 0, false)
		if err != nil {
			return nil, err
		}
		carried = append(carried, v)
	}
	return carried, nil
}

// scanNode writes out a Scan: the sizes of its inputs say how many steps it has.
func scanNode(n *node) ([]*graph.Value, error) {
	if n.opset() < 9 {
		return nil, fmt.Errorf("the Scan of operator set 8 is not supported")
	}
	l, err := n.loop()
	if err != nil {
		return nil, err
	}
	scanned := n.int("num_scan_inputs", 0)
	states := len(n.in) - scanned
	outputs := len(l.g.outputs) - states
	if scanned < 1 || states < 0 || outputs < 0 {
		return nil, fmt.Errorf("attribute \"num_scan_inputs\" is %d with %d inputs, and %d outputs of the body", scanned, len(n.in), len(l.g.outputs))
	}
	list := func(name string, size int) []int {
		v := n.ints(name, make([]int, size)...)
		if len(v) != size && n.err == nil {
			n.err = fmt.Errorf("attribute %q has %d elements, want %d", name, len(v), size)
		}
		return v
	}
	axes, backwards := list("scan_input_axes", scanned), list("scan_input_directions", scanned)
	outAxes, outBackwards := list("scan_output_axes", outputs), list("scan_output_directions", outputs)
	if n.err != nil {
		return nil, n.err
	}
	steps := -1
	for i, x := range n.in[states:] {
		if x == nil {
			return nil, fmt.Errorf("input %d is left out", states+i)
		}
		d := x.Type().Dims
		if axes[i], err = tensor.Axis(axes[i], d.Rank()); err != nil {
			return nil, fmt.Errorf("attribute \"scan_input_axes\": %w", err)
		}
		if size := d.At(axes[i]); steps >= 0 && steps != size {
			return nil, fmt.Errorf("input %d has %d steps, want %d", states+i, size, steps)
		} else {
			steps = size
		}
	}
	state := append([]*graph.Value(nil), n.in[:states]...)
	stacked := make([][]*graph.Value, outputs)
	for t := range steps {
		in := append([]*graph.Value(nil), state...)
		for i, x := range n.in[states:] {
			at := t
			if backwards[i] == 1 {
				at = steps - 1 - t
			}
			c := &chain{n: n}
			v := c.slice(x, axes[i], at, at+1, 1)
			if c.err == nil {
				v = c.add(graph.Squeeze{}, v, n.vector(axes[i]))
			}
			if c.err != nil {
				return nil, c.err
			}
			in = append(in, v)
		}
		out, err := l.next(in)
		if err != nil {
			return nil, err
		}
		copy(state, out)
		for i, v := range out[states:] {
			stacked[i] = append(stacked[i], v)
		}
	}
	for i, parts := range stacked {
		v, err := n.stack(parts, outAxes[i], outBackwards[i] == 1)
		if err != nil {
			return nil, err
		}
		state = append(state, v)
	}
	return state, nil
}

// loopOps is a function because bodies of loops hold operators of all tables.
func loopOps() map[string]importer { return map[string]importer{"Loop": loopNode, "Scan": scanNode} }
