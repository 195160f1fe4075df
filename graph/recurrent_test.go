package graph

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// recurrentCase returns a random recurrent operator on x, which may lie transposed, and whether there are kernels for it.
func recurrentCase(t testing.TB, r *rand.Rand) (g *Graph, in tensor.Array, lowered bool) {
	flip := func() bool { return r.Intn(2) == 0 }
	base := recurrent{1 + r.Intn(20), Direction(r.Intn(3)), flip(), 0}
	if flip() {
		base.Clip = 0.5
	}
	lowered = true
	acts := func(d int, to []RNNActivation) {
		for i := range to {
			switch k := RNNFunction(r.Intn(50)); {
			case k == RNNSoftsign || k == RNNScaledTanh || k == RNNAffine:
				to[i] = RNNActivation{k, 0.2, 0.5}
				lowered = lowered && d >= base.Direction.count()
			case k >= RNNSigmoid && k <= RNNElu && k != RNNThresholdedRelu:
				to[i] = RNNActivation{k, 0.2, 0.5}
			}
		}
	}
	gates, states := 1, 1
	var op Op
	switch r.Intn(4) {
	case 0, 1:
		o := LSTM{recurrent: base, Coupled: r.Intn(4) == 0}
		acts(0, o.Acts[0][:])
		acts(1, o.Acts[1][:])
		op, gates, states = o, 4, 2
	case 2:
		o := GRU{recurrent: base, ResetAfter: flip()}
		acts(0, o.Acts[0][:])
		acts(1, o.Acts[1][:])
		op, gates = o, 3
	default:
		o := RNN{recurrent: base}
		acts(0, o.Acts[0][:])
		acts(1, o.Acts[1][:])
		op = o
	}
	g = New()
	dims := []int{1 + r.Intn(6), 1 + r.Intn(4), 1 + r.Intn(20)}
	perm := r.Perm(3)
	turned := make([]int, 3)
	for i, p := range perm {
		turned[p] = dims[i]
	}
	in = random(r, turned...)
	x, err := g.Input("x", in.Type())
	require.NoError(t, err)
	x = must(t, g, Transpose{tensor.D(perm...)}, x)
	s := base.sizes(x.typ.Dims)
	small := func(dims ...int) *Value { // states do not grow without end, whatever the functions
		return g.Const("", mapped(random(r, dims...), func(_ int, v float64) float64 { return v / 4 }))
	}
	args := []*Value{x, small(s.d, gates*s.h, s.in), small(s.d, gates*s.h, s.h), nil, nil, nil, nil, nil}
	if flip() {
		args[3] = g.Const("b", random(r, s.d, 2*gates*s.h))
	}
	if r.Intn(3) == 0 {
		lens := make([]int32, s.n)
		for i := range lens {
			if lens[i] = int32(s.t); r.Intn(6) == 0 {
				lens[i] = int32(r.Intn(s.t))
				lowered = false
			}
		}
		args[4] = g.Const("lens", tensor.Vector(lens))
	}
	state := []int{s.d, s.n, s.h}
	if base.BatchFirst {
		state = []int{s.n, s.d, s.h}
	}
	for i := range states {
		if flip() {
			args[5+i] = g.Const("", random(r, state...))
		}
	}
	most := 6
	if states == 2 {
		most = 8
		if r.Intn(10) == 0 {
			args[7] = g.Const("p", random(r, s.d, 3*s.h))
			lowered = false
		}
	}
	args = args[:most]
	for len(args) > 3 && args[len(args)-1] == nil {
		args = args[:len(args)-1]
	}
	out, err := g.Add("rnn", op, args...)
	require.NoError(t, err)
	for _, y := range out {
		require.NoError(t, g.Output("", y))
	}
	return g, in, lowered
}

// TestRecurrent compares random LSTMs, GRUs and RNNs with Eval, and says which have kernels.
func TestRecurrent(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	evals := 0
	for range 1500 {
		g, in, lowered := recurrentCase(t, r)
		agree(t, g, Options{Poison: true}, in)
		m, err := g.Compile(Options{})
		require.NoError(t, err)
		steps := strings.Join(m.Steps(), "\n")
		require.Equal(t, !lowered, strings.Contains(steps, "eval"), steps)
		if !lowered {
			evals++
		}
	}
	require.Greater(t, evals, 50)
	require.Less(t, evals, 750)
}

func TestRecurrentDoesNotAllocate(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for range 30 {
		g, in, lowered := recurrentCase(t, r)
		if !lowered {
			continue
		}
		m, err := g.Compile(Options{})
		require.NoError(t, err)
		s := m.NewSession(1)
		var out []tensor.Array
		for _, p := range m.Outputs() {
			out = append(out, tensor.NewArray(p.Type))
		}
		src := []tensor.Array{in}
		require.NoError(t, s.Run(out, src))
		check.NoAllocs(t, func() { _ = s.Run(out, src) })
	}
}
