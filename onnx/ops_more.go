package onnx

import (
	"fmt"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// reduction reads what all reductions have in common: the axes are an attribute before operator set 18 (13 for ReduceSum).
func reduction(op func(graph.Reduction) graph.Op) importer {
	return func(n *node) ([]*graph.Value, error) {
		r := graph.Reduction{Drop: !n.bool("keepdims", true), NoopEmpty: n.bool("noop_with_empty_axes", false)}
		return n.add(op(r), n.input(0), n.attrOrInput(1, "axes"))
	}
}

var reduceOps = map[string]importer{
	"ReduceSum":       reduction(func(r graph.Reduction) graph.Op { return graph.ReduceSum{Reduction: r} }),
	"ReduceMean":      reduction(func(r graph.Reduction) graph.Op { return graph.ReduceMean{Reduction: r} }),
	"ReduceMax":       reduction(func(r graph.Reduction) graph.Op { return graph.ReduceMax{Reduction: r} }),
	"ReduceMin":       reduction(func(r graph.Reduction) graph.Op { return graph.ReduceMin{Reduction: r} }),
	"ReduceProd":      reduction(func(r graph.Reduction) graph.Op { return graph.ReduceProd{Reduction: r} }),
	"ReduceL1":        reduction(func(r graph.Reduction) graph.Op { return graph.ReduceL1{Reduction: r} }),
	"ReduceL2":        reduction(func(r graph.Reduction) graph.Op { return graph.ReduceL2{Reduction: r} }),
	"ReduceSumSquare": reduction(func(r graph.Reduction) graph.Op { return graph.ReduceSumSquare{Reduction: r} }),
	"ReduceLogSum":    reduction(func(r graph.Reduction) graph.Op { return graph.ReduceLogSum{Reduction: r} }),
	"ReduceLogSumExp": reduction(func(r graph.Reduction) graph.Op { return graph.ReduceLogSumExp{Reduction: r} }),
	"ArgMax": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.ArgMax{Axis: n.int("axis", 0), Drop: !n.bool("keepdims", true), Last: n.bool("select_last_index", false)})
	},
	"ArgMin": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.ArgMin{Axis: n.int("axis", 0), Drop: !n.bool("keepdims", true), Last: n.bool("select_last_index", false)})
	},
	"Softmax":    softmax(func(axis int) graph.Op { return graph.Softmax{Axis: axis} }),
	"LogSoftmax": softmax(func(axis int) graph.Op { return graph.LogSoftmax{Axis: axis} }),
	"Hardmax":    softmax(func(axis int) graph.Op { return graph.Hardmax{Axis: axis} }),
	"TopK": func(n *node) ([]*graph.Value, error) {
		k := n.input(1)
		if k == nil && n.has("k") {
			k = n.vector(n.int("k", 0))
		}
		return n.add(graph.TopK{Axis: n.int("axis", -1), Smallest: !n.bool("largest", true)}, n.input(0), k)
	},
	"CumProd": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.CumProd{Exclusive: n.bool("exclusive", false), Reverse: n.bool("reverse", false)})
	},
	"CumSum": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.CumSum{Exclusive: n.bool("exclusive", false), Reverse: n.bool("reverse", false)})
	},
}

// softmax is along an axis, and before operator set 13 along all axes from that on, as one.
func softmax(op func(axis int) graph.Op) importer {
	return func(n *node) ([]*graph.Value, error) {
		if n.opset() >= 13 || n.input(0) == nil {
			return n.all(op(n.int("axis", -1)))
		}
		d := n.in[0].Type().Dims
		axis, err := tensor.Axis(n.int("axis", 1), d.Rank())
		if err != nil {
			return nil, fmt.Errorf("attribute \"axis\": %w", err)
		}
		if axis == d.Rank()-1 {
			return n.all(op(axis))
		}
		flat, err := n.add(graph.Reshape{AllowZero: true}, n.in[0], n.vector(append(d.Slice()[:axis:axis], d.Span(axis, d.Rank()))...))
		if err != nil {
			return nil, err
		}
		y, err := n.add(op(axis), flat[0])
		if err != nil {
			return nil, err
		}
		return n.add(graph.Reshape{AllowZero: true}, y[0], n.vector(d.Slice()...))
	}
}

var normOps = map[string]importer{
	"LayerNormalization": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.LayerNormalization{Axis: n.int("axis", -1), Epsilon: n.float("epsilon", 1e-5), Stats: len(n.p.outputs) > 1})
	},
	"RMSNormalization": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.RMSNormalization{Axis: n.int("axis", -1), Epsilon: n.float("epsilon", 1e-5)})
	},
	"GroupNormalization": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.GroupNormalization{Groups: n.int("num_groups", 0), Epsilon: n.float("epsilon", 1e-5)})
	},
	"InstanceNormalization": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.InstanceNormalization{Epsilon: n.float("epsilon", 1e-5)})
	},
	"LpNormalization": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.LpNormalization{Axis: n.int("axis", -1), P: n.int("p", 2)})
	},
	"MeanVarianceNormalization": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.MeanVarianceNormalization{Axes: n.dims("axes")})
	},
	"LRN": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.LRN{Size: n.int("size", 0), Alpha: n.float("alpha", 1e-4), Beta: n.float("beta", 0.75), Bias: n.float("bias", 1)})
	},
}

var logicOps = map[string]importer{
	"Equal": arithmetic(graph.Equal{}), "Less": arithmetic(graph.Less{}), "LessOrEqual": plain(graph.LessOrEqual{}),
	"Greater": arithmetic(graph.Greater{}), "GreaterOrEqual": plain(graph.GreaterOrEqual{}),
	"And": arithmetic(graph.And{}), "Or": arithmetic(graph.Or{}), "Xor": arithmetic(graph.Xor{}), "Not": plain(graph.Not{}),
	"BitwiseAnd": plain(graph.BitwiseAnd{}), "BitwiseOr": plain(graph.BitwiseOr{}), "BitwiseXor": plain(graph.BitwiseXor{}),
	"BitwiseNot": plain(graph.BitwiseNot{}),
	"BitShift": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.BitShift{Right: n.choice("direction", "", "LEFT", "RIGHT") == 1})
	},
	"Where": plain(graph.Where{}),
	"PRelu": func(n *node) ([]*graph.Value, error) {
		x, slope := n.input(0), n.input(1)
		// Before operator set 7 a slope of C elements was one for each channel.
		if x != nil && slope != nil && n.opset() < 7 && x.Type().Dims.Rank() > 2 && slope.Type().Dims == tensor.D(x.Type().Dims.At(1)) {
			d := slope.Type().Dims
			for range x.Type().Dims.Rank() - 2 {
				d = d.Append(1)
			}
			v, err := n.add(graph.Reshape{}, slope, n.vector(d.Slice()...))
			if err != nil {
				return nil, err
			}
			slope = v[0]
		}
		return n.add(graph.PRelu{}, x, slope)
	},
}

// resize reads the attributes of Resize. Before operator set 11 it was Upsample, with fewer of them.
func resize(n *node) ([]*graph.Value, error) {
	r := graph.Resize{
		Mode:           graph.ResizeMode(n.choice("mode", "nearest", "nearest", "linear", "cubic")),
		Rounding:       graph.Rounding(n.choice("nearest_mode", "round_prefer_floor", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil")),
		Aspect:         graph.Aspect(n.choice("keep_aspect_ratio_policy", "stretch", "stretch", "not_larger", "not_smaller")),
		Antialias:      n.bool("antialias", false),
		ExcludeOutside: n.bool("exclude_outside", false),
		CubicA:         n.float("cubic_coeff_a", -0.75),
		Extrapolation:  n.float("extrapolation_value", 0),
		Axes:           n.dims("axes"),
		Coordinates: graph.Coordinates(n.choice("coordinate_transformation_mode", "half_pixel", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
			"align_corners", "asymmetric", "tf_crop_and_resize", "tf_half_pixel_for_nn")),
	}
	return n.add(r, n.in...)
}

// upsample is Resize as operator sets 7 to 10 have it: asymmetric, rounded down.
func upsample(n *node) ([]*graph.Value, error) {
	r := graph.Resize{Mode: graph.ResizeMode(n.choice("mode", "nearest", "nearest", "linear", "cubic")), Rounding: graph.RoundFloor, Coordinates: graph.Asymmetric}
	scales := n.input(1)
	if scales == nil && n.has("scales") {
		scales = n.b.g.Const(n.p.name, tensor.Vector(n.floats("scales")))
	}
	return n.add(r, n.input(0), nil, scales)
}

var moveOps = map[string]importer{
	"Resize": func(n *node) ([]*graph.Value, error) {
		if n.opset() < 11 {
			return upsample(n)
		}
		return resize(n)
	},
	"Upsample": upsample,
	"Pad": func(n *node) ([]*graph.Value, error) {
		mode := graph.PadMode(n.choice("mode", "constant", "constant", "edge", "reflect", "wrap"))
		pads := n.attrOrInput(1, "pads")
		if pads == nil {
			pads = n.attrOrInput(1, "paddings")
		}
		value := n.input(2)
		if value == nil && n.has("value") {
			value = n.number(n.float("value", 0))
		}
		return n.add(graph.Pad{Mode: mode}, n.input(0), pads, value, n.input(3))
	},
	"Gather":         func(n *node) ([]*graph.Value, error) { return n.all(graph.Gather{Axis: n.int("axis", 0)}) },
	"GatherElements": func(n *node) ([]*graph.Value, error) { return n.all(graph.GatherElements{Axis: n.int("axis", 0)}) },
	"GatherND":       func(n *node) ([]*graph.Value, error) { return n.all(graph.GatherND{BatchDims: n.int("batch_dims", 0)}) },
	"Scatter":        func(n *node) ([]*graph.Value, error) { return n.all(graph.ScatterElements{Axis: n.int("axis", 0)}) },
	"ScatterElements": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.ScatterElements{Axis: n.int("axis", 0), How: scatter(n)})
	},
	"TensorScatter": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.TensorScatter{Axis: n.int("axis", -2), Circular: n.choice("mode", "linear", "linear", "circular") == 1})
	},
	"ScatterND": func(n *node) ([]*graph.Value, error) { return n.all(graph.ScatterND{How: scatter(n)}) },
	"ConstantOfShape": func(n *node) ([]*graph.Value, error) {
		o := graph.ConstantOfShape{}
		if a := n.attr("value", attrTensor); a != nil {
			v, err := n.b.f.array(a.t)
			if err != nil {
				return nil, err
			}
			if v.Len() != 1 {
				return nil, fmt.Errorf("attribute \"value\" is %v, want one element", v.Type())
			}
			o = graph.ConstantOfShape{DType: v.DType(), Float: v.Float(0), Int: v.Int(0)}
		}
		return n.all(o)
	},
	"Range": plain(graph.Range{}),
	"Tile":  plain(graph.Tile{}),
	"DepthToSpace": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.DepthToSpace{Block: n.int("blocksize", 0), ColumnRow: n.choice("mode", "DCR", "DCR", "CRD") == 1})
	},
	"SpaceToDepth": func(n *node) ([]*graph.Value, error) { return n.all(graph.SpaceToDepth{Block: n.int("blocksize", 0)}) },
	"OneHot":       func(n *node) ([]*graph.Value, error) { return n.all(graph.OneHot{Axis: n.int("axis", -1)}) },
	"Trilu":        func(n *node) ([]*graph.Value, error) { return n.all(graph.Trilu{Lower: !n.bool("upper", true)}) },
	"Col2Im":       func(n *node) ([]*graph.Value, error) { return n.all(graph.Col2Im{Window: window(n)}) },
}

func scatter(n *node) graph.Scatter {
	return graph.Scatter(n.choice("reduction", "none", "none", "add", "mul", "max", "min"))
}

var moreConvOps = map[string]importer{
	"ConvTranspose": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.ConvTranspose{Window: window(n), Group: n.int("group", 1), OutputPadding: n.dims("output_padding"), OutputShape: n.dims("output_shape")})
	},
	"DeformConv": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.DeformConv{Window: window(n), Group: n.int("group", 1), OffsetGroup: n.int("offset_group", 1)})
	},
	"LpPool":       func(n *node) ([]*graph.Value, error) { return n.all(graph.LpPool{Window: window(n), P: n.int("p", 2)}) },
	"GlobalLpPool": func(n *node) ([]*graph.Value, error) { return n.all(graph.GlobalLpPool{P: n.int("p", 2)}) },
	"MaxUnpool":    func(n *node) ([]*graph.Value, error) { return n.all(graph.MaxUnpool{Window: window(n)}) },
}

var quantOps = map[string]importer{
	"QuantizeLinear": func(n *node) ([]*graph.Value, error) {
		o := graph.QuantizeLinear{Axis: n.int("axis", 1), Block: n.int("block_size", 0)}
		if d := n.int("output_dtype", 0); d != 0 {
			var err error
			if o.To, err = dtype(int64(d)); err != nil {
				return nil, err
			}
		}
		return n.all(o)
	},
	"DequantizeLinear": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.DequantizeLinear{Axis: n.int("axis", 1), Block: n.int("block_size", 0)})
	},
	"DynamicQuantizeLinear": plain(graph.DynamicQuantizeLinear{}),
	"MatMulInteger":         plain(graph.MatMulInteger{}),
	"ConvInteger": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.ConvInteger{Conv: graph.Conv{Window: window(n), Group: n.int("group", 1)}})
	},
	"QLinearConv": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.QLinearConv{Conv: graph.Conv{Window: window(n), Group: n.int("group", 1)}})
	},
	"QLinearMatMul": plain(graph.QLinearMatMul{}),
}
