package onnx

import (
	"fmt"

	"github.com/simdnn/simdnn/graph"
)

// Operators of the domain com.microsoft, which exporters and optimisers leave in files: made of the standard's.

// floatOf is input i as floating-point numbers, with the scale and the zero point that follow it.
func (n *node) floatOf(i int) (*graph.Value, error) {
	v, err := n.add(graph.DequantizeLinear{Axis: 1}, n.input(i), n.input(i+1), n.input(i+2))
	if err != nil {
		return nil, err
	}
	return v[0], nil
}

// quantised is x with the scale and the zero point of inputs i and i+1.
func (n *node) quantised(x *graph.Value, i int) ([]*graph.Value, error) {
	return n.add(graph.QuantizeLinear{Axis: 1}, x, n.input(i), n.input(i+1))
}

// qlinear is an operator on quantised numbers that computes in float32: inputs are count quantised values, each with scale and zero point, then the scale and the zero
// point of the output.
func qlinear(count int, op func(n *node) graph.Op) importer {
	return func(n *node) ([]*graph.Value, error) {
		var in []*graph.Value
		for i := range count {
			x, err := n.floatOf(3 * i)
			if err != nil {
				return nil, err
			}
			in = append(in, x)
		}
		y, err := n.add(op(n), in...)
		if err != nil {
			return nil, err
		}
		return n.quantised(y[0], 3*count)
	}
}

// same is an operator without attributes, for qlinear.
func same(op graph.Op) func(*node) graph.Op { return func(*node) graph.Op { return op } }

// activate applies the function that a fused node ends with.
func (n *node) activate(x *graph.Value) ([]*graph.Value, error) {
	p := n.floats("activation_params")
	at := func(i int, def float32) float32 {
		if i < len(p) {
			return p[i]
		}
		return def
	}
	switch f := n.string("activation", ""); f {
	case "":
		return []*graph.Value{x}, n.err
	case "Relu":
		return n.add(graph.Relu{}, x)
	case "Sigmoid":
		return n.add(graph.Sigmoid{}, x)
	case "Tanh":
		return n.add(graph.Tanh{}, x)
	case "HardSwish":
		return n.add(graph.HardSwish{}, x)
	case "LeakyRelu":
		return n.add(graph.LeakyRelu{Alpha: at(0, 0.01)}, x)
	case "HardSigmoid":
		return n.add(graph.HardSigmoid{Alpha: at(0, 0.2), Beta: at(1, 0.5)}, x)
	case "Clip":
		return n.add(graph.Clip{}, x, n.number(at(0, 0)), n.number(at(1, 0)))
	default:
		return nil, fmt.Errorf("attribute \"activation\" is %q, which is not supported", f)
	}
}

var microsoftOps = map[string]importer{
	"com.microsoft.FusedConv": func(n *node) ([]*graph.Value, error) {
		y, err := n.add(graph.Conv{Window: window(n), Group: n.int("group", 1)}, n.input(0), n.input(1), n.input(2))
		if err != nil {
			return nil, err
		}
		if z := n.input(3); z != nil {
			if y, err = n.add(graph.Add{}, y[0], z); err != nil {
				return nil, err
			}
		}
		return n.activate(y[0])
	},
	"com.microsoft.FusedGemm": func(n *node) ([]*graph.Value, error) {
		y, err := n.all(graph.Gemm{Alpha: n.float("alpha", 1), Beta: n.float("beta", 1), TransA: n.bool("transA", false), TransB: n.bool("transB", false)})
		if err != nil {
			return nil, err
		}
		return n.activate(y[0])
	},
	"com.microsoft.FusedMatMul": func(n *node) ([]*graph.Value, error) {
		in := []*graph.Value{n.input(0), n.input(1)}
		for i, name := range []string{"transA", "transB"} {
			if !n.bool(name, false) || in[i] == nil {
				continue
			}
			r := in[i].Type().Dims.Rank()
			if r < 2 {
				return nil, fmt.Errorf("attribute %q is 1 for an input of %d axes", name, r)
			}
			var perm graph.Transpose
			for k := range r {
				perm.Perm = perm.Perm.Append(k)
			}
			perm.Perm = perm.Perm.Set(r-2, r-1).Set(r-1, r-2)
			v, err := n.add(perm, in[i])
			if err != nil {
				return nil, err
			}
			in[i] = v[0]
		}
		y, err := n.add(graph.MatMul{}, in...)
		if alpha := n.float("alpha", 1); err == nil && alpha != 1 {
			return n.add(graph.Mul{}, y[0], n.number(alpha))
		}
		return y, err
	},
	"com.microsoft.Gelu":      plain(graph.Gelu{}),
	"com.microsoft.FastGelu":  biased(graph.Gelu{Tanh: true}),
	"com.microsoft.BiasGelu":  biased(graph.Gelu{}),
	"com.microsoft.QuickGelu": func(n *node) ([]*graph.Value, error) { return n.all(graph.Swish{Alpha: n.float("alpha", 1.702)}) },
	"SimplifiedLayerNormalization": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.RMSNormalization{Axis: n.int("axis", -1), Epsilon: n.float("epsilon", 1e-5)})
	},
	"com.microsoft.SkipLayerNormalization": func(n *node) ([]*graph.Value, error) {
		sum, err := n.add(graph.Add{}, n.input(0), n.input(1))
		if err != nil {
			return nil, err
		}
		if bias := n.input(4); bias != nil {
			if sum, err = n.add(graph.Add{}, sum[0], bias); err != nil {
				return nil, err
			}
		}
		y, err := n.add(graph.LayerNormalization{Axis: -1, Epsilon: n.float("epsilon", 1e-12)}, sum[0], n.input(2), n.input(3))
		if err != nil {
			return nil, err
		}
		return []*graph.Value{y[0], nil, nil, sum[0]}, nil
	},
	"com.microsoft.SkipSimplifiedLayerNormalization": func(n *node) ([]*graph.Value, error) {
		sum, err := n.add(graph.Add{}, n.input(0), n.input(1))
		if err != nil {
			return nil, err
		}
		if bias := n.input(3); bias != nil {
			if sum, err = n.add(graph.Add{}, sum[0], bias); err != nil {
				return nil, err
			}
		}
		y, err := n.add(graph.RMSNormalization{Axis: -1, Epsilon: n.float("epsilon", 1e-12)}, sum[0], n.input(2))
		if err != nil {
			return nil, err
		}
		return []*graph.Value{y[0], nil, nil, sum[0]}, nil
	},
	"com.microsoft.BiasAdd": func(n *node) ([]*graph.Value, error) {
		y, err := n.add(graph.Add{}, n.input(0), n.input(1))
		if err != nil || n.input(2) == nil {
			return y, err
		}
		return n.add(graph.Add{}, y[0], n.input(2))
	},
	"com.microsoft.Trilu":    func(n *node) ([]*graph.Value, error) { return n.all(graph.Trilu{Lower: !n.bool("upper", true)}) },
	"com.microsoft.GatherND": plain(graph.GatherND{}),
	"com.microsoft.Range":    plain(graph.Range{}),
	"com.microsoft.Pad": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Pad{Mode: graph.PadMode(n.choice("mode", "constant", "constant", "edge", "reflect"))})
	},
	"com.microsoft.QuantizeLinear": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.QuantizeLinear{Axis: n.int("axis", 1)})
	},
	"com.microsoft.DequantizeLinear": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.DequantizeLinear{Axis: n.int("axis", 1)})
	},
	"com.microsoft.QLinearAdd":       qlinear(2, same(graph.Add{})),
	"com.microsoft.QLinearMul":       qlinear(2, same(graph.Mul{})),
	"com.microsoft.QLinearSigmoid":   qlinear(1, same(graph.Sigmoid{})),
	"com.microsoft.QLinearLeakyRelu": qlinear(1, func(n *node) graph.Op { return graph.LeakyRelu{Alpha: n.float("alpha", 0.01)} }),
	"com.microsoft.QLinearSoftmax": func(n *node) ([]*graph.Value, error) {
		x, err := n.floatOf(0)
		if err != nil {
			return nil, err
		}
		y, err := n.add(graph.Softmax{Axis: n.int("axis", -1)}, x)
		if err != nil {
			return nil, err
		}
		return n.quantised(y[0], 3)
	},
	"com.microsoft.QLinearConv": func(n *node) ([]*graph.Value, error) {
		if n.bool("channels_last", false) {
			return nil, fmt.Errorf("attribute \"channels_last\" is 1, want 0")
		}
		return n.all(graph.QLinearConv{Conv: graph.Conv{Window: window(n), Group: n.int("group", 1)}})
	},
	"com.microsoft.QLinearAveragePool": qlinear(1, func(n *node) graph.Op {
		return graph.AveragePool{Window: window(n), CountIncludePad: n.bool("count_include_pad", false)}
	}),
	"com.microsoft.QLinearGlobalAveragePool": func(n *node) ([]*graph.Value, error) {
		if n.bool("channels_last", false) {
			return nil, fmt.Errorf("attribute \"channels_last\" is 1, want 0")
		}
		return qlinear(1, same(graph.GlobalAveragePool{}))(n)
	},
	"com.microsoft.QLinearConcat": func(n *node) ([]*graph.Value, error) {
		var in []*graph.Value
		for i := 2; i+2 < len(n.in); i += 3 {
			x, err := n.floatOf(i)
			if err != nil {
				return nil, err
			}
			in = append(in, x)
		}
		y, err := n.add(graph.Concat{Axis: n.int("axis", 0)}, in...)
		if err != nil {
			return nil, err
		}
		return n.quantised(y[0], 0)
	},
	"com.microsoft.QGemm": func(n *node) ([]*graph.Value, error) {
		a, err := n.floatOf(0)
		if err != nil {
			return nil, err
		}
		axis := 1 // of the scales of b: its columns
		if n.bool("transB", false) {
			axis = 0
		}
		b, err := n.add(graph.DequantizeLinear{Axis: axis}, n.input(3), n.input(4), n.input(5))
		if err != nil {
			return nil, err
		}
		in := []*graph.Value{a, b[0]}
		if c := n.input(6); c != nil { // int32, in units of the scales' product
			scale, err := n.add(graph.Mul{}, n.input(1), n.input(4))
			if err != nil {
				return nil, err
			}
			f, err := n.add(graph.Cast{To: scale[0].Type().DType}, c)
			if err != nil {
				return nil, err
			}
			if f, err = n.add(graph.Mul{}, f[0], scale[0]); err != nil {
				return nil, err
			}
			in = append(in, f[0])
		}
		y, err := n.add(graph.Gemm{Alpha: n.float("alpha", 1), Beta: 1, TransA: n.bool("transA", false), TransB: n.bool("transB", false)}, in...)
		if err != nil || n.input(7) == nil {
			return y, err
		}
		return n.quantised(y[0], 7)
	},
	"com.microsoft.DynamicQuantizeMatMul": func(n *node) ([]*graph.Value, error) {
		q, err := n.add(graph.DynamicQuantizeLinear{}, n.input(0))
		if err != nil {
			return nil, err
		}
		a, err := n.add(graph.DequantizeLinear{}, q...)
		if err != nil {
			return nil, err
		}
		return n.integerProduct(a[0], 1, 2, 3, 4)
	},
	"com.microsoft.MatMulIntegerToFloat": func(n *node) ([]*graph.Value, error) {
		a, err := n.add(graph.DequantizeLinear{Axis: -1}, n.input(0), n.input(2), n.input(4))
		if err != nil {
			return nil, err
		}
		return n.integerProduct(a[0], 1, 3, 5, 6)
	},
}

// integerProduct is a times quantised weights, with the given inputs their scale, zero point and the bias.
func (n *node) integerProduct(a *graph.Value, b, scale, zero, bias int) ([]*graph.Value, error) {
	w, err := n.add(graph.DequantizeLinear{Axis: -1}, n.input(b), n.input(scale), n.input(zero))
	if err != nil {
		return nil, err
	}
	y, err := n.add(graph.MatMul{}, a, w[0])
	if err != nil || n.input(bias) == nil {
		return y, err
	}
	return n.add(graph.Add{}, y[0], n.input(bias))
}

// biased is a function of x and a bias that is added before.
func biased(op graph.Op) importer {
	return func(n *node) ([]*graph.Value, error) {
		if n.input(1) == nil {
			return n.add(op, n.input(0))
		}
		x, err := n.add(graph.Add{}, n.input(0), n.input(1))
		if err != nil {
			return nil, err
		}
		return n.add(op, x[0])
	}
}
