package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// If computes one of two networks: Then where its first input, one bool, is true, else Else. Both take the other inputs and have outputs of the same
// types. A network that cannot be built for the given sizes may be nil: then Why says why, and taking that branch is an error.
type If struct {
	Then, Else *Graph
	Why        string
}

func (o If) branches() [2]*Graph { return [2]*Graph{o.Then, o.Else} }

// fit returns the branches for the given inputs.
func (o If) fit(in []tensor.Type) (g [2]*Graph, err error) {
	for i, b := range o.branches() {
		if b == nil {
			continue
		}
		same := len(b.inputs) == len(in)
		for k := range b.inputs {
			same = same && b.inputs[k].typ == in[k]
		}
		if g[i] = b; !same {
			if g[i], err = b.With(in...); err != nil {
				return g, err
			}
		}
	}
	return g, nil
}

func (o If) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, max(1, len(in))); err != nil {
		return nil, err
	}
	if in[0].Type.DType != tensor.Bool || in[0].Type.Elems() != 1 {
		return nil, fmt.Errorf("the condition is %v, want one bool", in[0].Type)
	}
	g, err := o.fit(argTypes(in[1:]))
	if err != nil {
		return nil, err
	}
	var out []tensor.Type
	for _, b := range g {
		if b == nil {
			continue
		}
		ports := b.Outputs()
		if out != nil && len(ports) != len(out) {
			return nil, fmt.Errorf("the branches have %d and %d outputs", len(out), len(ports))
		}
		for i, p := range ports {
			if len(out) == len(ports) {
				if out[i] != p.Type {
					return nil, fmt.Errorf("output %d is %v in one branch and %v in the other: types that depend on data are not supported", i, out[i], p.Type)
				}
				continue
			}
			out = append(out, p.Type)
		}
	}
	if out == nil {
		return nil, fmt.Errorf("neither branch can be built: %s", o.Why)
	}
	return out, nil
}

func argTypes(in []Arg) []tensor.Type {
	t := make([]tensor.Type, len(in))
	for i, a := range in {
		t[i] = a.Type
	}
	return t
}

// taken is the number of the branch.
func taken(cond tensor.Array) int {
	if cond.Int(0) != 0 {
		return 0
	}
	return 1
}

func (o If) Eval(out, in []tensor.Array) error {
	g, err := o.fit(argTypes(arraysAsArgs(in[1:])))
	if err != nil {
		return err
	}
	b := g[taken(in[0])]
	if b == nil {
		return fmt.Errorf("the branch cannot be taken: %s", o.Why)
	}
	y, err := b.Eval(in[1:]...)
	if err != nil {
		return err
	}
	for i := range out {
		copy(out[i].Bytes(), y[i].Bytes())
	}
	return nil
}

func (o If) lower(l *lowering, n *Node) (bool, error) {
	g, err := o.fit(argTypes(args(n.in[1:])))
	if err != nil {
		return false, err
	}
	t := &ifStep{number: len(l.m.branches), why: o.Why}
	inside := l.o
	inside.ChannelsLast = false
	var models [2]*Model
	for i, b := range g {
		if b == nil {
			continue
		}
		if models[i], err = b.compile(inside, l.shared); err != nil {
			return false, err
		}
	}
	l.m.branches = append(l.m.branches, models)
	e := &emitted{step: t, name: n.name, value: n.out[0]}
	for _, v := range n.in {
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
	return true, nil
}

// ifStep runs one of two models.
type ifStep struct {
	number  int
	in, out []operand
	why     string
}

func (t *ifStep) String() string { return "if" }

func (t *ifStep) run(s *Session) {
	b := s.inner[t.number][taken(s.array(t.in[0]))]
	if b == nil {
		s.err = fmt.Errorf("the branch cannot be taken: %s", t.why)
		return
	}
	in, out := s.operands(t.in[1:], t.out)
	s.err = b.Run(out, in)
}
