package graph

import (
	"math"
	"time"

	"github.com/simdnn/simdnn/tensor"
)

// Profile is how long the steps of a model take. A Session that has one adds to it with every pass that ends well; reading the clock costs some
// tens of nanoseconds a step.
type Profile struct {
	Passes int
	Steps  []StepTime // in running order

	now []time.Duration // of this pass
}

// StepTime is what a step took.
type StepTime struct {
	Node string        // the last node that the step computes
	What string        // the algorithm and the kernel, or "eval" and the operator where there is no kernel
	MACs int           // multiply-adds of its sums of products, those with padding included
	Min  time.Duration // of the quickest pass; steps have theirs in different passes
	Sum  time.Duration // of all passes
}

// NewProfile returns an empty profile of the model's steps, for a Session of it.
func (m *Model) NewProfile() *Profile {
	p := &Profile{Steps: make([]StepTime, len(m.steps)), now: make([]time.Duration, len(m.steps))}
	for i, s := range m.steps {
		p.Steps[i] = StepTime{Node: m.traced[i].name, What: s.String(), Min: math.MaxInt64}
		if c, ok := s.(interface{ macs() int }); ok {
			p.Steps[i].MACs = c.macs()
		}
	}
	return p
}

// add ends a pass.
func (p *Profile) add() {
	p.Passes++
	for i, d := range p.now {
		p.Steps[i].Min = min(p.Steps[i].Min, d)
		p.Steps[i].Sum += d
	}
}

func (t *convStep) macs() int   { return t.plan.MACs() }
func (t *matmulStep) macs() int { return tensor.Mul(t.batch, t.m, t.n, t.k) }
func (t *linearStep) macs() int { return tensor.Mul(t.rows, t.k, t.n) }

func (t *evalStep) macs() int {
	in := make([]tensor.Type, len(t.in))
	for i, x := range t.in {
		in[i] = x.typ
	}
	return macs(t.op, in, t.out[0].typ)
}

// MACs is the number of multiply-adds of the convolutions, products of matrices and recurrent networks, those with padding included, or the largest
// int. Of a branch it counts the one that has more.
func (g *Graph) MACs() int {
	sum := 0
	for _, n := range g.nodes {
		if n.out[0].konst.Valid() {
			continue
		}
		in := make([]tensor.Type, len(n.in))
		for i, v := range n.in {
			if v != nil {
				in[i] = v.typ
			}
		}
		c := macs(n.op, in, n.out[0].typ)
		sum = min(sum, math.MaxInt-c) + c
	}
	return sum
}

// macs is the number of multiply-adds of an operator for inputs and a first output of these types; 0 for those without sums of products.
func macs(op Op, in []tensor.Type, out tensor.Type) int {
	elems := func(i int) int { return in[i].Elems() }
	// Every output, times the weights of an output channel.
	conv := func(weights int) int {
		d := in[weights].Dims
		return tensor.Mul(out.Elems(), d.Span(1, d.Rank()))
	}
	// Every output, times the length of a row.
	product := func(a int) int {
		d := in[a].Dims
		return tensor.Mul(out.Elems(), d.At(d.Rank()-1))
	}
	switch op := op.(type) {
	case Conv, fusedConv, DeformConv, ConvInteger:
		return conv(1)
	case QLinearConv:
		return conv(3)
	case ConvTranspose, fusedConvTranspose:
		d := in[1].Dims
		return tensor.Mul(elems(0), d.Span(1, d.Rank()))
	case MatMul, MatMulInteger, QLinearMatMul, dynamicLinear, fusedLinear:
		return product(0)
	case Gemm:
		if op.TransA {
			return tensor.Mul(out.Elems(), in[0].Dims.At(0))
		}
		return product(0)
	case LSTM, GRU, RNN:
		x := in[0].Dims
		return tensor.Mul(x.At(0), x.At(1), min(elems(1), math.MaxInt-elems(2))+elems(2))
	case If:
		most := 0
		for _, b := range branches(op, in) {
			most = max(most, b.MACs())
		}
		return most
	}
	return 0
}

// branches are those of an If that can be taken.
func branches(op If, in []tensor.Type) (list []*Graph) {
	g, err := op.fit(in[1:])
	if err != nil {
		return nil
	}
	for _, b := range g {
		if b != nil {
			list = append(list, b)
		}
	}
	return list
}

func (t *quantisedStep) macs() int { return t.plan.MACs() }
