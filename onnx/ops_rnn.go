package onnx

import (
	"fmt"
	"strings"

	"github.com/simdnn/simdnn/graph"
)

// recurrent reads the attributes that LSTM, GRU and RNN share.
func recurrent(n *node) (hidden int, d graph.Direction, batchFirst bool, clip float32) {
	d = graph.Direction(n.choice("direction", "forward", "forward", "reverse", "bidirectional"))
	return n.int("hidden_size", 0), d, n.int("layout", 0) == 1, n.float("clip", 0)
}

// rnnFunctions are the functions inside recurrent operators, with the defaults of their parameters.
var rnnFunctions = map[string]graph.RNNActivation{
	"sigmoid": {Kind: graph.RNNSigmoid}, "tanh": {Kind: graph.RNNTanh}, "relu": {Kind: graph.RNNRelu}, "leakyrelu": {Kind: graph.RNNLeakyRelu, Alpha: 0.01},
	"thresholdedrelu": {Kind: graph.RNNThresholdedRelu, Alpha: 1}, "scaledtanh": {Kind: graph.RNNScaledTanh, Alpha: 1, Beta: 1},
	"hardsigmoid": {Kind: graph.RNNHardSigmoid, Alpha: 0.2, Beta: 0.5}, "elu": {Kind: graph.RNNElu, Alpha: 1}, "softsign": {Kind: graph.RNNSoftsign},
	"softplus": {Kind: graph.RNNSoftplus}, "affine": {Kind: graph.RNNAffine, Alpha: 1},
}

// activations reads the functions of all directions, each direction's after the other's. Functions without a parameter take none from its list.
func activations(n *node, each int, to []graph.RNNActivation) error {
	a := n.attr("activations", attrStrings)
	if a == nil {
		return n.err
	}
	alpha, beta := n.floats("activation_alpha"), n.floats("activation_beta")
	if len(a.strings) != each && len(a.strings) != len(to) {
		return fmt.Errorf("attribute \"activations\" has %d names, want %d for each direction", len(a.strings), each)
	}
	for i := range a.strings {
		f, ok := rnnFunctions[strings.ToLower(string(a.strings[i]))]
		if !ok {
			return fmt.Errorf("attribute \"activations\" has %q", a.strings[i])
		}
		// The default of every parameter but one is not 0.
		if len(alpha) > 0 && f.Alpha != 0 {
			f.Alpha, alpha = alpha[0], alpha[1:]
		}
		if len(beta) > 0 && (f.Beta != 0 || f.Kind == graph.RNNAffine) {
			f.Beta, beta = beta[0], beta[1:]
		}
		to[i] = f
	}
	return nil
}

var rnnOps = map[string]importer{
	"LSTM": func(n *node) ([]*graph.Value, error) {
		o := graph.NewLSTM(recurrent(n))
		o.Coupled = n.bool("input_forget", false)
		flat := make([]graph.RNNActivation, 6)
		if err := activations(n, 3, flat); err != nil {
			return nil, err
		}
		copy(o.Acts[0][:], flat)
		copy(o.Acts[1][:], flat[3:])
		return n.all(o)
	},
	"GRU": func(n *node) ([]*graph.Value, error) {
		hidden, d, first, clip := recurrent(n)
		o := graph.NewGRU(hidden, d, first, clip, n.bool("linear_before_reset", false))
		flat := make([]graph.RNNActivation, 4)
		if err := activations(n, 2, flat); err != nil {
			return nil, err
		}
		copy(o.Acts[0][:], flat)
		copy(o.Acts[1][:], flat[2:])
		return n.all(o)
	},
	"RNN": func(n *node) ([]*graph.Value, error) {
		o := graph.NewRNN(recurrent(n))
		flat := make([]graph.RNNActivation, 2)
		if err := activations(n, 1, flat); err != nil {
			return nil, err
		}
		o.Acts[0][0], o.Acts[1][0] = flat[0], flat[1]
		return n.all(o)
	},
}
