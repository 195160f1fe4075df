package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Direction says which way a recurrent operator walks over its sequence.
type Direction uint8

const (
	Forward Direction = iota
	Reverse
	Bidirectional // both: two directions in the outputs
)

func (d Direction) count() int {
	if d == Bidirectional {
		return 2
	}
	return 1
}

// recurrent is what LSTM, GRU and RNN share. x is [T, N, In], or with BatchFirst [N, T, In]; with D directions the weights are [D, G*Hidden, In], the recurrent ones
// [D, G*Hidden, Hidden], the biases, which may be left out, [D, 2*G*Hidden] (those of the input, then those of the recurrence), then come the lengths of the sequences
// [N], int32, and the first state [D, N, Hidden], which may both be left out. Outputs are all states [T, D, N, Hidden] and the last one [D, N, Hidden], or with
// BatchFirst [N, T, D, Hidden] and [N, D, Hidden].
type recurrent struct {
	Hidden     int
	Direction  Direction
	BatchFirst bool
	Clip       float32 // bounds what goes into activations; 0: nothing does
}

// sizes are those of a recurrent operator.
type rnnSizes struct{ t, n, in, d, h int }

func (o recurrent) sizes(x tensor.Dims) (s rnnSizes) {
	s = rnnSizes{x.At(0), x.At(1), x.At(2), o.Direction.count(), o.Hidden}
	if o.BatchFirst {
		s.t, s.n = s.n, s.t
	}
	return s
}

func (o recurrent) infer(in []Arg, gates, most int, cell bool) ([]tensor.Type, error) {
	if err := arity(in, 3, most); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 1, 2, 3, 5, 6, 7); err != nil {
		return nil, err
	}
	x := in[0].Type
	if x.Dims.Rank() != 3 || o.Hidden < 1 || o.Hidden > maxWindow || o.Direction > Bidirectional {
		return nil, fmt.Errorf("the input is %v with Hidden %d and Direction %d, want 3 axes, at least 1, and 0 to 2", x, o.Hidden, o.Direction)
	}
	s := o.sizes(x.Dims)
	state := tensor.D(s.d, s.n, s.h)
	all := tensor.D(s.t, s.d, s.n, s.h)
	if o.BatchFirst {
		state, all = tensor.D(s.n, s.d, s.h), tensor.D(s.n, s.t, s.d, s.h)
	}
	for _, f := range []struct {
		i    int
		name string
		d    tensor.Dims
	}{{1, "the weights", tensor.D(s.d, gates*s.h, s.in)}, {2, "the recurrent weights", tensor.D(s.d, gates*s.h, s.h)}, {3, "the biases", tensor.D(s.d, 2*gates*s.h)},
		{4, "the lengths", tensor.D(s.n)}, {5, "the first state", state}, {6, "the first cell", state}, {7, "the peepholes", tensor.D(s.d, 3*s.h)}} {
		if a := given(in, f.i); a.Given() && a.Type.Dims != f.d {
			return nil, fmt.Errorf("input %d, %s, is %v, want %v", f.i, f.name, a.Type, f.d)
		}
	}
	out := []tensor.Type{{DType: x.DType, Dims: all}, {DType: x.DType, Dims: state}}
	if cell {
		out = append(out, out[1])
	}
	return out, nil
}

// eval walks over the sequences: step computes a new state h (and cell c) from the products of the gates.
func (o recurrent) eval(out, in []tensor.Array, gates int, step func(dir int, h, c, xw, hr []float64)) error {
	x, w, r, bias, lens := in[0], in[1], in[2], arg(in, 3), arg(in, 4)
	s := o.sizes(x.Dims())
	g := gates * s.h
	h, c := make([]float64, s.h), make([]float64, s.h)
	xw, hr := make([]float64, g), make([]float64, g)
	stateAt := func(d, n int) int {
		if o.BatchFirst {
			return (n*s.d + d) * s.h
		}
		return (d*s.n + n) * s.h
	}
	for i := range out[0].Len() {
		out[0].SetFloat(i, 0)
	}
	for d := range s.d {
		for n := range s.n {
			for i := range s.h {
				h[i], c[i] = 0, 0
				if a := arg(in, 5); a.Valid() {
					h[i] = a.Float(stateAt(d, n) + i)
				}
				if a := arg(in, 6); a.Valid() {
					c[i] = a.Float(stateAt(d, n) + i)
				}
			}
			length := s.t
			if lens.Valid() {
				length = int(min(max(lens.Int(n), 0), int64(s.t)))
			}
			for k := range length {
				t := k
				if d == 1 || o.Direction == Reverse {
					t = length - 1 - k
				}
				at := (t*s.n + n) * s.in
				if o.BatchFirst {
					at = (n*s.t + t) * s.in
				}
				for j := range g {
					xw[j], hr[j] = 0, 0
					if bias.Valid() {
						xw[j], hr[j] = bias.Float(d*2*g+j), bias.Float(d*2*g+g+j)
					}
					for i := range s.in {
						xw[j] += x.Float(at+i) * w.Float((d*g+j)*s.in+i)
					}
					for i := range s.h {
						hr[j] += h[i] * r.Float((d*g+j)*s.h+i)
					}
				}
				step(d, h, c, xw, hr)
				at = ((t*s.d+d)*s.n + n) * s.h
				if o.BatchFirst {
					at = ((n*s.t+t)*s.d + d) * s.h
				}
				for i, v := range h {
					out[0].SetFloat(at+i, v)
				}
			}
			for i := range s.h {
				out[1].SetFloat(stateAt(d, n)+i, h[i])
				if len(out) > 2 {
					out[2].SetFloat(stateAt(d, n)+i, c[i])
				}
			}
		}
	}
	return nil
}

func (o recurrent) clip(x float64) float64 {
	if o.Clip == 0 {
		return x
	}
	return clamp(x, -float64(o.Clip), float64(o.Clip))
}

// RNNActivation is a function inside a recurrent operator, with its parameters.
type RNNActivation struct {
	Kind        RNNFunction
	Alpha, Beta float32
}

// RNNFunction is one of the functions that ONNX allows inside recurrent operators.
type RNNFunction uint8

const (
	RNNDefault RNNFunction = iota // the operator's usual one
	RNNSigmoid
	RNNTanh
	RNNRelu
	RNNLeakyRelu
	RNNThresholdedRelu
	RNNScaledTanh
	RNNHardSigmoid
	RNNElu
	RNNSoftsign
	RNNSoftplus
	RNNAffine
)

func (a RNNActivation) apply(x float64, def RNNFunction) float64 {
	p, q := float64(a.Alpha), float64(a.Beta)
	k := a.Kind
	if k == RNNDefault {
		k = def
	}
	switch k {
	case RNNSigmoid:
		return sigmoid(x)
	case RNNRelu:
		return max(x, 0)
	case RNNLeakyRelu:
		return leaky(x, p)
	case RNNThresholdedRelu:
		return above(x, p)
	case RNNScaledTanh:
		return p * math.Tanh(q*x)
	case RNNHardSigmoid:
		return clamp(p*x+q, 0, 1)
	case RNNElu:
		return elu(x, p)
	case RNNSoftsign:
		return x / (1 + math.Abs(x))
	case RNNSoftplus:
		return softplus(x)
	case RNNAffine:
		return p*x + q
	}
	return math.Tanh(x)
}

// LSTM is a long short-term memory (Hochreiter and Schmidhuber, 1997), gates in the order input, output, forget, cell. Inputs are those of recurrent, the first cell
// and the peepholes [D, 3*Hidden]; outputs all states, the last state and the last cell. Gate, Cell and State are the functions of both directions.
type LSTM struct {
	recurrent
	Coupled bool // input + forget = 1
	Acts    [2][3]RNNActivation
}

// NewLSTM returns an LSTM of the given kind.
func NewLSTM(hidden int, d Direction, batchFirst bool, clip float32) LSTM {
	return LSTM{recurrent: recurrent{hidden, d, batchFirst, clip}}
}

func (o LSTM) Infer(in []Arg) ([]tensor.Type, error) { return o.infer(in, 4, 8, true) }

func (o LSTM) Eval(out, in []tensor.Array) error {
	n := o.Hidden
	p := arg(in, 7)
	return o.eval(out, in, 4, func(dir int, h, c, xw, hr []float64) {
		act := o.Acts[dir]
		peep := func(gate, i int) float64 {
			if !p.Valid() {
				return 0
			}
			return p.Float(dir*3*n + gate*n + i)
		}
		for i := range n {
			in := act[0].apply(o.clip(xw[i]+hr[i]+peep(0, i)*c[i]), RNNSigmoid)
			forget := act[0].apply(o.clip(xw[2*n+i]+hr[2*n+i]+peep(2, i)*c[i]), RNNSigmoid)
			if o.Coupled {
				forget = 1 - in
			}
			c2 := forget*c[i] + in*act[1].apply(o.clip(xw[3*n+i]+hr[3*n+i]), RNNTanh)
			out := act[0].apply(o.clip(xw[n+i]+hr[n+i]+peep(1, i)*c2), RNNSigmoid)
			c[i], h[i] = c2, out*act[2].apply(c2, RNNTanh)
		}
	})
}

// GRU is a gated recurrent unit (Cho et al., arXiv:1406.1078), gates in the order update, reset, hidden. With ResetAfter the reset gate multiplies what the
// recurrent weights give, bias included, in place of the state that goes into them (ONNX's linear_before_reset).
type GRU struct {
	recurrent
	ResetAfter bool
	Acts       [2][2]RNNActivation
}

// NewGRU returns a GRU of the given kind.
func NewGRU(hidden int, d Direction, batchFirst bool, clip float32, resetAfter bool) GRU {
	return GRU{recurrent: recurrent{hidden, d, batchFirst, clip}, ResetAfter: resetAfter}
}

func (o GRU) Infer(in []Arg) ([]tensor.Type, error) { return o.infer(in, 3, 6, false) }

func (o GRU) Eval(out, in []tensor.Array) error {
	n := o.Hidden
	r, bias := in[2], arg(in, 3)
	reset := make([]float64, n)
	return o.eval(out, in, 3, func(dir int, h, _, xw, hr []float64) {
		act := o.Acts[dir]
		for i := range n {
			reset[i] = act[0].apply(o.clip(xw[n+i]+hr[n+i]), RNNSigmoid)
		}
		hidden := make([]float64, n)
		for i := range n {
			v := reset[i] * hr[2*n+i]
			if !o.ResetAfter {
				v = 0
				if bias.Valid() {
					v = bias.Float(dir*6*n + 5*n + i)
				}
				for j := range n {
					v += reset[j] * h[j] * r.Float((dir*3*n+2*n+i)*n+j)
				}
			}
			hidden[i] = act[1].apply(o.clip(xw[2*n+i]+v), RNNTanh)
		}
		for i := range n {
			z := act[0].apply(o.clip(xw[i]+hr[i]), RNNSigmoid)
			h[i] = (1-z)*hidden[i] + z*h[i]
		}
	})
}

// RNN is a plain recurrent layer.
type RNN struct {
	recurrent
	Acts [2][1]RNNActivation
}

// NewRNN returns an RNN of the given kind.
func NewRNN(hidden int, d Direction, batchFirst bool, clip float32) RNN {
	return RNN{recurrent: recurrent{hidden, d, batchFirst, clip}}
}

func (o RNN) Infer(in []Arg) ([]tensor.Type, error) { return o.infer(in, 1, 6, false) }

func (o RNN) Eval(out, in []tensor.Array) error {
	return o.eval(out, in, 1, func(dir int, h, _, xw, hr []float64) {
		for i := range h {
			h[i] = o.Acts[dir][0].apply(o.clip(xw[i]+hr[i]), RNNTanh)
		}
	})
}
