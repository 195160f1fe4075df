package onnx

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// importer adds what a node of one operator does, and returns its outputs.
type importer func(n *node) ([]*graph.Value, error)

// tables are the operators that are understood, by name, a table for each family. Names of other domains than the standard's have the
// domain before them.
func tables() []map[string]importer {
	return []map[string]importer{convOps, moreConvOps, elementOps, logicOps, viewOps, moveOps, reduceOps, normOps, quantOps, rnnOps, microsoftOps, controlOps,
		sampleOps, attentionOps, sequenceOps, loopOps()}
}

// refused are operators that are known and not supported, with the reason.
var refused = merged(map[string][]string{
	"every run would give other numbers":              {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial"},
	"sequences are lists, and no inputs of functions": {"SequenceMap"},
	"values are tensors, and never missing":           {"Optional", "OptionalGetElement", "OptionalHasElement"},
	"it works on strings": {"StringNormalizer", "StringConcat", "StringSplit", "RegexFullMatch", "TfIdfVectorizer", "ai.onnx.ml.LabelEncoder", "com.microsoft.Tokenizer",
		"ai.onnx.ml.ZipMap"},
	"decode pictures before, and give their pixels": {"ImageDecoder"},
	"it is for training": {"SoftmaxCrossEntropyLoss", "NegativeLogLikelihoodLoss", "Gradient", "ai.onnx.preview.training.Gradient", "ai.onnx.preview.training.Adagrad",
		"ai.onnx.preview.training.Adam", "ai.onnx.preview.training.Momentum"},
	"it is made for language models, whose past grows while they run": {"com.microsoft.GroupQueryAttention", "com.microsoft.MultiHeadAttention", "com.microsoft.Attention",
		"com.microsoft.DecoderMaskedMultiHeadAttention", "com.microsoft.PagedAttention", "TensorScatter"},
	"weights of 4 bits are": {"com.microsoft.MatMulNBits", "com.microsoft.MatMulBnb4", "com.microsoft.GatherBlockQuantized"},
})

// merged turns a list of names for each reason into the reason for each name.
func merged(names map[string][]string) map[string]string {
	m := make(map[string]string)
	for why, list := range names {
		for _, name := range list {
			m[name] = why
		}
	}
	return m
}

// plain is an operator without attributes.
func plain(op graph.Op) importer {
	return func(n *node) ([]*graph.Value, error) { return n.all(op) }
}

// window reads the attributes of what slides.
func window(n *node) graph.Window {
	return graph.Window{
		Kernel: n.dims("kernel_shape"), Strides: n.dims("strides"), Dilations: n.dims("dilations"), Pads: n.dims("pads"),
		AutoPad: graph.AutoPad(n.choice("auto_pad", "NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")),
		Ceil:    n.bool("ceil_mode", false),
	}
}

var convOps = map[string]importer{
	"Conv": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Conv{Window: window(n), Group: n.int("group", 1)})
	},
	"MaxPool": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.MaxPool{Window: window(n), Indices: len(n.p.outputs) > 1, ColumnMajor: n.int("storage_order", 0) == 1})
	},
	"AveragePool": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.AveragePool{Window: window(n), CountIncludePad: n.bool("count_include_pad", false)})
	},
	"GlobalAveragePool": plain(graph.GlobalAveragePool{}),
	"GlobalMaxPool":     plain(graph.GlobalMaxPool{}),
	"MatMul":            plain(graph.MatMul{}),
	"Gemm": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Gemm{Alpha: n.float("alpha", 1), Beta: n.float("beta", 1), TransA: n.bool("transA", false), TransB: n.bool("transB", false)})
	},
	"BatchNormalization": func(n *node) ([]*graph.Value, error) {
		switch {
		case n.bool("training_mode", false):
			return nil, fmt.Errorf("attribute \"training_mode\" is 1, which is not supported: it is for training")
		case !n.bool("spatial", true):
			return nil, fmt.Errorf("attribute \"spatial\" is 0, want 1")
		}
		return n.all(graph.BatchNormalization{Epsilon: n.float("epsilon", 1e-5)})
	},
}

var elementOps = map[string]importer{
	"Relu":       plain(graph.Relu{}),
	"Sigmoid":    plain(graph.Sigmoid{}),
	"Tanh":       plain(graph.Tanh{}),
	"Exp":        plain(graph.Exp{}),
	"HardSwish":  plain(graph.HardSwish{}),
	"Softplus":   plain(graph.Softplus{}),
	"Softsign":   plain(graph.Softsign{}),
	"Mish":       plain(graph.Mish{}),
	"Abs":        plain(graph.Abs{}),
	"Neg":        plain(graph.Neg{}),
	"Sign":       plain(graph.Sign{}),
	"Reciprocal": plain(graph.Reciprocal{}),
	"Sqrt":       plain(graph.Sqrt{}),
	"Log":        plain(graph.Log{}),
	"Erf":        plain(graph.Erf{}),
	"Floor":      plain(graph.Floor{}),
	"Ceil":       plain(graph.Ceil{}),
	"Round":      plain(graph.Round{}),
	"Sin":        plain(graph.Sin{}),
	"Cos":        plain(graph.Cos{}),
	"Tan":        plain(graph.Tan{}),
	"Asin":       plain(graph.Asin{}),
	"Acos":       plain(graph.Acos{}),
	"Atan":       plain(graph.Atan{}),
	"Sinh":       plain(graph.Sinh{}),
	"Cosh":       plain(graph.Cosh{}),
	"Asinh":      plain(graph.Asinh{}),
	"Acosh":      plain(graph.Acosh{}),
	"Atanh":      plain(graph.Atanh{}),
	"IsNaN":      plain(graph.IsNaN{}),
	"Add":        arithmetic(graph.Add{}),
	"Sub":        arithmetic(graph.Sub{}),
	"Mul":        arithmetic(graph.Mul{}),
	"Div":        arithmetic(graph.Div{}),
	"Pow":        arithmetic(graph.Pow{}),
	"Max":        plain(graph.Max{}),
	"Min":        plain(graph.Min{}),
	"Sum":        plain(graph.Sum{}),
	"Mean":       plain(graph.Mean{}),
	"LeakyRelu":  func(n *node) ([]*graph.Value, error) { return n.all(graph.LeakyRelu{Alpha: n.float("alpha", 0.01)}) },
	"Elu":        func(n *node) ([]*graph.Value, error) { return n.all(graph.Elu{Alpha: n.float("alpha", 1)}) },
	"Celu":       func(n *node) ([]*graph.Value, error) { return n.all(graph.Celu{Alpha: n.float("alpha", 1)}) },
	"Swish":      func(n *node) ([]*graph.Value, error) { return n.all(graph.Swish{Alpha: n.float("alpha", 1)}) },
	"Selu": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Selu{Alpha: n.float("alpha", 1.67326319217681884765625), Gamma: n.float("gamma", 1.05070102214813232421875)})
	},
	"ThresholdedRelu": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.ThresholdedRelu{Alpha: n.float("alpha", 1)})
	},
	"HardSigmoid": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.HardSigmoid{Alpha: n.float("alpha", 0.2), Beta: n.float("beta", 0.5)})
	},
	"Shrink": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Shrink{Bias: n.float("bias", 0), Lambd: n.float("lambd", 0.5)})
	},
	"Gelu": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Gelu{Tanh: n.choice("approximate", "none", "none", "tanh") == 1})
	},
	"IsInf": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.IsInf{NoNegative: !n.bool("detect_negative", true), NoPositive: !n.bool("detect_positive", true)})
	},
	"Mod": func(n *node) ([]*graph.Value, error) { return n.all(graph.Mod{Fmod: n.bool("fmod", false)}) },
	"Clip": func(n *node) ([]*graph.Value, error) {
		if n.opset() >= 11 || !n.has("min") && !n.has("max") {
			return n.all(graph.Clip{})
		}
		var lo, hi *graph.Value
		if n.has("min") {
			lo = n.number(n.float("min", 0))
		}
		if n.has("max") {
			hi = n.number(n.float("max", 0))
		}
		return n.add(graph.Clip{}, n.in[0], lo, hi)
	},
	"Cast": func(n *node) ([]*graph.Value, error) {
		d, err := dtype(int64(n.int("to", 0)))
		if err != nil {
			return nil, fmt.Errorf("attribute \"to\": %w", err)
		}
		return n.all(graph.Cast{To: d})
	},
	"BitCast": func(n *node) ([]*graph.Value, error) {
		d, err := dtype(int64(n.int("to", 0)))
		if err != nil {
			return nil, fmt.Errorf("attribute \"to\": %w", err)
		}
		return n.all(graph.BitCast{To: d})
	},
}

// arithmetic is an operator of two inputs. Before operator set 7 the second was aligned to the first by attributes.
func arithmetic(op graph.Op) importer {
	return func(n *node) ([]*graph.Value, error) {
		if n.opset() >= 7 || !n.bool("broadcast", false) || !n.has("axis") || len(n.in) != 2 || n.in[0] == nil || n.in[1] == nil {
			return n.all(op)
		}
		a, b := n.in[0].Type().Dims, n.in[1].Type().Dims
		axis, err := tensor.Axis(n.int("axis", 0), a.Rank())
		if err != nil || axis+b.Rank() > a.Rank() {
			return nil, fmt.Errorf("attribute \"axis\" is %d for inputs %v and %v", n.int("axis", 0), a, b)
		}
		for range a.Rank() - axis - b.Rank() {
			b = b.Append(1)
		}
		v, err := n.add(graph.Reshape{}, n.in[1], n.vector(b.Slice()...))
		if err != nil {
			return nil, err
		}
		return n.add(op, n.in[0], v[0])
	}
}

var viewOps = map[string]importer{
	"Identity":  identity,
	"Transpose": func(n *node) ([]*graph.Value, error) { return n.all(graph.Transpose{Perm: n.dims("perm")}) },
	"Reshape": func(n *node) ([]*graph.Value, error) {
		return n.add(graph.Reshape{AllowZero: n.bool("allowzero", false)}, n.input(0), n.attrOrInput(1, "shape"))
	},
	"Flatten": func(n *node) ([]*graph.Value, error) { return n.all(graph.Flatten{Axis: n.int("axis", 1)}) },
	"Squeeze": func(n *node) ([]*graph.Value, error) {
		return n.add(graph.Squeeze{}, n.input(0), n.attrOrInput(1, "axes"))
	},
	"Unsqueeze": func(n *node) ([]*graph.Value, error) {
		return n.add(graph.Unsqueeze{}, n.input(0), n.attrOrInput(1, "axes"))
	},
	"Expand": plain(graph.Expand{}),
	"Slice": func(n *node) ([]*graph.Value, error) {
		return n.add(graph.Slice{}, n.input(0), n.attrOrInput(1, "starts"), n.attrOrInput(2, "ends"), n.attrOrInput(3, "axes"), n.input(4))
	},
	"Split": func(n *node) ([]*graph.Value, error) {
		outputs := n.int("num_outputs", len(n.p.outputs))
		return n.add(graph.Split{Axis: n.int("axis", 0), Outputs: outputs}, n.input(0), n.attrOrInput(1, "split"))
	},
	"Concat": func(n *node) ([]*graph.Value, error) { return n.all(graph.Concat{Axis: n.int("axis", 1)}) },
	"Shape": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Shape{Start: n.int("start", 0), End: n.int("end", 0), HasEnd: n.has("end")})
	},
	"Size": plain(graph.Size{}),
	"Dropout": func(n *node) ([]*graph.Value, error) {
		if v := n.input(2); v != nil {
			train, ok := v.Const()
			ratio, never := tensor.Array{}, false
			if r := n.input(1); r != nil {
				ratio, never = r.Const()
			}
			if (!ok || train.Len() != 1 || train.Int(0) != 0) && !(never && ratio.Len() == 1 && ratio.Float(0) == 0) {
				return nil, fmt.Errorf("input 2, \"training_mode\", is not known to be false, which is not supported: it is for training")
			}
		}
		out, err := n.add(graph.Identity{}, n.in[0])
		if err != nil || len(n.p.outputs) < 2 {
			return out, err
		}
		mask := tensor.NewArray(tensor.Type{DType: tensor.Bool, Dims: n.in[0].Type().Dims})
		for i := range mask.Len() {
			mask.SetInt(i, 1)
		}
		return append(out, n.b.g.Const("", mask)), nil
	},
}

var controlOps = map[string]importer{
	"Constant": func(n *node) ([]*graph.Value, error) {
		var a tensor.Array
		switch {
		case n.has("value"):
			t := n.attr("value", attrTensor)
			if t == nil {
				break
			}
			var err error
			if a, err = n.b.f.array(t.t); err != nil {
				return nil, err
			}
		case n.has("value_float"):
			a = tensor.Scalar(n.float("value_float", 0))
		case n.has("value_floats"):
			a = tensor.Vector(n.floats("value_floats"))
		case n.has("value_int"):
			a = tensor.Scalar(int64(n.int("value_int", 0)))
		case n.has("value_ints"):
			return []*graph.Value{n.vector(n.ints("value_ints")...)}, n.err
		default:
			return nil, fmt.Errorf("no value, or one that is not supported (strings, sparse tensors)")
		}
		if n.err != nil {
			return nil, n.err
		}
		return []*graph.Value{n.b.g.Const(n.p.outputs[0], a)}, nil
	},
	"If": ifNode,
}

// branch builds the graph of an attribute in the scope s, and returns its outputs.
func (n *node) branch(b *builder, s *scope, name string) ([]*graph.Value, error) {
	t := n.attr(name, attrGraph)
	if n.err != nil || t == nil {
		return nil, fmt.Errorf("attribute %q is left out or no graph", name)
	}
	s.attrs = n.s.attrs
	if err := b.initializers(s, t.g); err != nil {
		return nil, err
	}
	if err := b.nodes(s, t.g.nodes); err != nil {
		return nil, err
	}
	var out []*graph.Value
	for _, o := range t.g.outputs {
		v := s.find(o.name)
		if v == nil {
			return nil, fmt.Errorf("%s: output %q is made by no node", name, o.name)
		}
		out = append(out, v)
	}
	return out, nil
}

// ifNode takes the branch of a condition that is known in place of the node; else both become networks of their own, whose inputs are what they take
// from outside.
func ifNode(n *node) ([]*graph.Value, error) {
	c := n.input(0)
	if c == nil {
		return nil, fmt.Errorf("input 0, the condition, is left out")
	}
	if a, ok := c.Const(); ok && a.Len() == 1 {
		name := "else_branch"
		if a.Int(0) != 0 {
			name = "then_branch"
		}
		return n.branch(n.b, newScope(n.s, n.s.opset), name)
	}
	var outside []*graph.Value // in the order of the inputs of both networks
	names := []string{}
	for _, name := range n.p.wants()[len(n.p.inputs):] {
		if v := n.s.find(name); v != nil && !slices.Contains(names, name) {
			if _, ok := v.Const(); !ok {
				outside, names = append(outside, v), append(names, name)
			}
		}
	}
	op := graph.If{}
	for i, name := range []string{"then_branch", "else_branch"} {
		g, err := n.network(name, names, outside)
		switch {
		case err != nil && op.Why == "":
			op.Why = err.Error()
		case err != nil:
			return nil, err
		case i == 0:
			op.Then = g
		default:
			op.Else = g
		}
	}
	return n.add(op, append([]*graph.Value{c}, outside...)...)
}

// network builds a branch as a network of its own.
func (n *node) network(branch string, names []string, outside []*graph.Value) (*graph.Graph, error) {
	b := *n.b
	b.g = graph.New()
	s := newScope(&scope{outer: n.s, constants: b.g, values: map[string]*graph.Value{}}, n.s.opset)
	for i, v := range outside {
		in, err := b.g.Input(names[i], v.Type())
		if err != nil {
			return nil, err
		}
		s.values[names[i]] = in
	}
	out, err := n.branch(&b, s, branch)
	if err != nil {
		return nil, err
	}
	for i, v := range out {
		if err := b.g.Output(fmt.Sprint(i), v); err != nil {
			return nil, err
		}
	}
	return b.g, nil
}
