package graph_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/tensor"
)

// TestOracle runs the stored cases that have PyTorch's operators, by Eval and compiled, on every instruction set, and lists
// those that are not run.
func TestOracle(t *testing.T) {
	list := cases.List(t, "oracle", nil)
	require.NotEmpty(t, list)
	var out []string
	ran := map[string]int{}
	for _, c := range list {
		n := &c.Nodes[0]
		require.Len(t, c.Nodes, 1)
		require.Equal(t, "torch", n.Domain)
		if why := notRun[n.Op]; why != "" {
			out = append(out, c.Name+": "+why)
			continue
		}
		o := &oracle{c: c, n: n, g: graph.New(), values: map[string]*graph.Value{}}
		for _, name := range n.Inputs {
			if name == "" {
				continue
			}
			x := c.Tensor(name).Array()
			if name != n.Inputs[0] && !slices.Contains(twoInputs, n.Op) {
				o.values[name] = o.g.Const(name, x)
				continue
			}
			v, err := o.g.Input(name, x.Type())
			require.NoError(t, err)
			o.values[name], o.in = v, append(o.in, x)
		}
		add := operators[n.Op]
		if add == nil {
			t.Errorf("%s: nothing is known of operator %s: have it run, or say why not", c.Name, n.Op)
			continue
		}
		v, why := add(o)
		if why != "" {
			out = append(out, c.Name+": "+why)
			continue
		}
		require.NoError(t, o.err, c.Name)
		o.run(t, v)
		ran[n.Op]++
	}
	for op := range operators {
		if ran[op] == 0 {
			t.Errorf("no case of %s was run", op)
		}
	}
	sort.Strings(out)
	t.Logf("%d of %d cases, of %d operators; not run:\n%s", len(list)-len(out), len(list), len(ran), strings.Join(out, "\n"))
	require.LessOrEqual(t, len(out), 35)
}

// notRun are operators that this library does not have, each with the reason.
var notRun = map[string]string{
	"optim_adagrad": "training", "optim_sgd": "training", "optim_adam": "training", "optim_adamw": "training", "optim_rmsprop": "training",
	"net_mlp": "training", "net_residual": "batch normalisation in training",
	"cross_entropy": "a loss: training", "mse": "a loss: training", "l1": "a loss: training", "smooth_l1": "a loss: training", "bce_with_logits": "a loss: training",
	"unfold": "ONNX has no such operator",
}

// twoInputs are operators whose second input is one of the network, and not a constant.
var twoInputs = []string{"add", "mul", "matmul", "qgemm"}

// oracle is a case that becomes a graph.
type oracle struct {
	c      *cases.Case
	n      *cases.Node
	g      *graph.Graph
	values map[string]*graph.Value
	in     []tensor.Array
	err    error
	output string // its name; "" for the first
}

// op applies an operator of the graph.
func (o *oracle) op(op graph.Op, in ...*graph.Value) *graph.Value {
	if o.err != nil {
		return nil
	}
	out, err := o.g.Add("", op, in...)
	if err != nil {
		o.err = err
		return nil
	}
	return out[0]
}

// arg is input i, nil where it is left out.
func (o *oracle) arg(i int) *graph.Value { return o.values[o.n.Input(i)] }

func (o *oracle) ints(x ...int) *graph.Value {
	v := make([]int64, len(x))
	for i, e := range x {
		v[i] = int64(e)
	}
	return o.g.Const("", tensor.Vector(v))
}

func (o *oracle) number(x float64) *graph.Value { return o.g.Const("", tensor.Scalar(float32(x))) }

// run compares with the case's answer.
func (o *oracle) run(t *testing.T, v *graph.Value) {
	name := o.output
	if name == "" {
		name = o.n.Outputs[0]
	}
	require.NoError(t, o.g.Output("y", v), o.c.Name)
	out, err := o.g.Eval(o.in...)
	require.NoError(t, err, o.c.Name)
	o.c.Compare(t, "eval", name, out[0])
	for _, isa := range asm.Supported() {
		k, err := asm.For(isa)
		require.NoError(t, err)
		for _, off := range [][]string{nil, graph.Unfused()} {
			m, err := o.g.Compile(graph.Options{Exact: true, Kernels: k, Off: off, Poison: true})
			require.NoError(t, err, o.c.Name)
			y := tensor.NewArray(out[0].Type())
			for i := range y.Len() {
				if y.DType().IsFloat() {
					y.SetFloat(i, math.NaN())
				} else {
					y.SetInt(i, 0x55)
				}
			}
			require.NoError(t, m.NewSession(2).Run([]tensor.Array{y}, o.in), o.c.Name)
			o.c.Compare(t, fmt.Sprintf("compiled, without %v, %v", off, isa), name, y)
		}
	}
}

// dims is an attribute of integers.
func (o *oracle) dims(name string, def ...int) tensor.Dims {
	return tensor.D(o.n.Ints(name, def...)...)
}

// window has the kernel from the attributes if the operator has no weights.
func (o *oracle) window(kernel bool) graph.Window {
	w := graph.Window{Strides: o.dims("stride", 1, 1), Dilations: o.dims("dilation", 1, 1), Ceil: o.n.Bool("ceil_mode", false)}
	if kernel {
		w.Kernel = o.dims("kernel")
	}
	p := o.n.Ints("pads")
	if p == nil {
		p = o.n.Ints("padding", 0, 0)
		p = append(p, p...)
	}
	w.Pads = tensor.D(p...)
	return w
}

// unary is an operator without attributes.
func unary(op graph.Op) func(*oracle) (*graph.Value, string) {
	return func(o *oracle) (*graph.Value, string) { return o.op(op, o.arg(0)), "" }
}

// alpha is an operator with one number.
func alpha(name string, def float64, op func(a float32) graph.Op) func(*oracle) (*graph.Value, string) {
	return func(o *oracle) (*graph.Value, string) {
		return o.op(op(float32(o.n.Float(name, def))), o.arg(0)), ""
	}
}

// both is an operator of two values.
func both(op graph.Op) func(*oracle) (*graph.Value, string) {
	return func(o *oracle) (*graph.Value, string) { return o.op(op, o.arg(0), o.arg(1)), "" }
}

// normal is an operator with scale and bias.
func (o *oracle) normal(op graph.Op) (*graph.Value, string) {
	in := []*graph.Value{o.arg(0)}
	for i := range o.n.Inputs[1:] {
		in = append(in, o.arg(1+i))
	}
	return o.op(op, in...), ""
}

func (o *oracle) eps() float32 { return float32(o.n.Float("eps", 1e-5)) }

// global is an adaptive pooling, which ONNX has where all windows are alike.
func global(pool func(kernel, stride tensor.Dims) graph.Op) func(*oracle) (*graph.Value, string) {
	return func(o *oracle) (*graph.Value, string) {
		d, size := o.arg(0).Type().Dims, o.n.Ints("output_size")
		var k []int
		for i, s := range size {
			if d.At(2+i)%s != 0 {
				return nil, "adaptive pooling with windows of several sizes: ONNX has no such operator"
			}
			k = append(k, d.At(2+i)/s)
		}
		return o.op(pool(tensor.D(k...), tensor.D(k...)), o.arg(0)), ""
	}
}

// linear is x times w transposed, plus a bias.
func (o *oracle) linear(x, w, bias *graph.Value) *graph.Value {
	y := o.op(graph.MatMul{}, x, o.op(graph.Transpose{Perm: tensor.D(1, 0)}, w))
	if bias != nil {
		y = o.op(graph.Add{}, y, bias)
	}
	return y
}

// operators say how PyTorch's are written in those of the graph, or why they cannot be.
var operators = map[string]func(*oracle) (*graph.Value, string){
	"conv2d": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.Conv{Window: o.window(false), Group: o.n.Int("groups", 1)}, o.arg(0), o.arg(1), o.arg(2)), ""
	},
	"conv_transpose2d": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.ConvTranspose{Window: o.window(false), Group: o.n.Int("groups", 1), OutputPadding: o.dims("output_padding")}, o.arg(0), o.arg(1), o.arg(2)), ""
	},
	"max_pool2d": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.MaxPool{Window: o.window(true)}, o.arg(0)), ""
	},
	"avg_pool2d": func(o *oracle) (*graph.Value, string) {
		w, divisor := o.window(true), o.n.Int("divisor_override", 0)
		if divisor != 0 && w.Ceil {
			return nil, "a divisor of its own for windows that are cut off: ONNX has no such operator"
		}
		y := o.op(graph.AveragePool{Window: w, CountIncludePad: divisor != 0 || o.n.Bool("count_include_pad", true)}, o.arg(0))
		if divisor != 0 {
			y = o.op(graph.Mul{}, y, o.number(float64(w.Kernel.Elems())/float64(divisor)))
		}
		return y, ""
	},
	"adaptive_avg_pool2d": global(func(k, s tensor.Dims) graph.Op {
		return graph.AveragePool{Window: graph.Window{Kernel: k, Strides: s}}
	}),
	"adaptive_max_pool2d": global(func(k, s tensor.Dims) graph.Op {
		return graph.MaxPool{Window: graph.Window{Kernel: k, Strides: s}}
	}),
	"gemm": func(o *oracle) (*graph.Value, string) {
		c := o.arg(2)
		beta := float32(o.n.Float("beta", 1))
		if beta == 0 { // it must not be read, and ONNX multiplies it
			c, beta = nil, 1
		}
		return o.op(graph.Gemm{
			Alpha: float32(o.n.Float("alpha", 1)), Beta: beta, TransA: o.n.Int("transa", 0) != 0, TransB: o.n.Int("transb", 0) != 0,
		}, o.arg(0), o.arg(1), c), ""
	},
	"matmul": both(graph.MatMul{}), "add": both(graph.Add{}), "mul": both(graph.Mul{}),
	"linear": func(o *oracle) (*graph.Value, string) { return o.linear(o.arg(0), o.arg(1), o.arg(2)), "" },
	"batch_norm": func(o *oracle) (*graph.Value, string) {
		if o.n.Bool("training", false) {
			return nil, "batch normalisation in training"
		}
		return o.normal(graph.BatchNormalization{Epsilon: o.eps()})
	},
	"layer_norm": func(o *oracle) (*graph.Value, string) {
		return o.normal(graph.LayerNormalization{Axis: -o.n.Int("normalized_dims", 1), Epsilon: o.eps()})
	},
	"group_norm": func(o *oracle) (*graph.Value, string) {
		return o.normal(graph.GroupNormalization{Groups: o.n.Int("groups", 1), Epsilon: o.eps()})
	},
	"instance_norm": func(o *oracle) (*graph.Value, string) {
		return o.normal(graph.InstanceNormalization{Epsilon: o.eps()})
	},
	"local_response_norm": func(o *oracle) (*graph.Value, string) {
		size := o.n.Int("size", 0)
		if size%2 == 0 {
			return nil, "an even size: PyTorch's window is the mirror image of ONNX's"
		}
		return o.op(graph.LRN{Size: size, Alpha: float32(o.n.Float("alpha", 0)), Beta: float32(o.n.Float("beta", 0)), Bias: float32(o.n.Float("k", 1))}, o.arg(0)), ""
	},
	"softmax": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.Softmax{Axis: o.n.Int("dim", -1)}, o.arg(0)), ""
	},
	"log_softmax": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.LogSoftmax{Axis: o.n.Int("dim", -1)}, o.arg(0)), ""
	},
	"prelu": func(o *oracle) (*graph.Value, string) { // a slope for each channel
		return o.op(graph.PRelu{}, o.arg(0), o.op(graph.Reshape{}, o.arg(1), o.ints(-1, 1, 1))), ""
	},
	"pixel_shuffle": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.DepthToSpace{Block: o.n.Int("factor", 1), ColumnRow: true}, o.arg(0)), ""
	},
	"channel_shuffle": func(o *oracle) (*graph.Value, string) {
		d, groups := o.arg(0).Type().Dims, o.n.Int("groups", 1)
		x := o.op(graph.Reshape{}, o.arg(0), o.ints(d.At(0), groups, d.At(1)/groups, d.At(2), d.At(3)))
		x = o.op(graph.Transpose{Perm: tensor.D(0, 2, 1, 3, 4)}, x)
		return o.op(graph.Reshape{}, x, o.ints(d.Slice()...)), ""
	},
	"pad": func(o *oracle) (*graph.Value, string) {
		p := o.n.Ints("pads")
		mode := map[string]graph.PadMode{"constant": graph.PadConstant, "replicate": graph.PadEdge, "reflect": graph.PadReflect}[o.n.String("mode", "")]
		return o.op(graph.Pad{Mode: mode}, o.arg(0), o.ints(0, 0, p[0], p[1], 0, 0, p[2], p[3]), o.number(o.n.Float("value", 0))), ""
	},
	"interpolate": func(o *oracle) (*graph.Value, string) {
		d := o.arg(0).Type().Dims
		r := graph.Resize{CubicA: -0.75, Coordinates: graph.HalfPixel}
		switch o.n.String("mode", "") {
		case "nearest":
			r.Mode, r.Coordinates, r.Rounding = graph.Nearest, graph.Asymmetric, graph.RoundFloor
		case "bilinear":
			r.Mode = graph.Linear
		case "bicubic":
			r.Mode = graph.Cubic
		}
		size := o.n.Ints("size")
		return o.op(r, o.arg(0), nil, nil, o.ints(d.At(0), d.At(1), size[0], size[1])), ""
	},
	"qgemm": func(o *oracle) (*graph.Value, string) {
		a := o.g.Const("", tensor.Scalar(uint8(o.n.Int("a_zero", 0))))
		b := o.g.Const("", tensor.Scalar(int8(o.n.Int("b_zero", 0))))
		return o.op(graph.MatMulInteger{}, o.arg(0), o.arg(1), a, b), ""
	},
	"qconv2d": func(o *oracle) (*graph.Value, string) {
		zero := func(name string) *graph.Value { return o.g.Const("", tensor.Scalar(uint8(o.n.Int(name, 0)))) }
		o.output = o.n.Outputs[1] // after the sums in integers
		return o.op(graph.QLinearConv{Conv: graph.Conv{Window: o.window(false), Group: o.n.Int("groups", 1)}},
			o.arg(0), o.number(o.n.Float("x_scale", 1)), zero("x_zero"),
			o.arg(1), o.arg(3), o.g.Const("", tensor.Scalar(int8(o.n.Int("w_zero", 0)))),
			o.number(o.n.Float("y_scale", 1)), zero("y_zero"), o.arg(2)), ""
	},

	"relu": unary(graph.Relu{}), "sigmoid": unary(graph.Sigmoid{}), "tanh": unary(graph.Tanh{}), "exp": unary(graph.Exp{}),
	"sqrt": unary(graph.Sqrt{}), "log": unary(graph.Log{}), "softsign": unary(graph.Softsign{}), "mish": unary(graph.Mish{}),
	"silu": unary(graph.Swish{Alpha: 1}), "hardswish": unary(graph.HardSwish{}), "hardsigmoid": unary(graph.HardSigmoid{Alpha: 1. / 6, Beta: 0.5}),
	"selu": unary(graph.Selu{Alpha: 1.67326324, Gamma: 1.05070099}), "softplus": unary(graph.Softplus{}),
	"leaky_relu": alpha("slope", 0.01, func(a float32) graph.Op { return graph.LeakyRelu{Alpha: a} }),
	"elu":        alpha("alpha", 1, func(a float32) graph.Op { return graph.Elu{Alpha: a} }),
	"celu":       alpha("alpha", 1, func(a float32) graph.Op { return graph.Celu{Alpha: a} }),
	"gelu": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.Gelu{Tanh: o.n.String("approximate", "none") == "tanh"}, o.arg(0)), ""
	},
	"relu6": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.Clip{}, o.arg(0), o.number(0), o.number(6)), ""
	},
	"hardtanh": func(o *oracle) (*graph.Value, string) {
		return o.op(graph.Clip{}, o.arg(0), o.number(o.n.Float("min", -1)), o.number(o.n.Float("max", 1))), ""
	},

	"net_lenet": func(o *oracle) (*graph.Value, string) {
		half := graph.MaxPool{Window: graph.Window{Kernel: tensor.D(2, 2), Strides: tensor.D(2, 2)}}
		x := o.arg(0)
		for i, pad := range []int{2, 0} {
			c := graph.Conv{Window: graph.Window{Pads: tensor.D(pad, pad, pad, pad)}}
			x = o.op(half, o.op(graph.Relu{}, o.op(c, x, o.arg(2+2*i), o.arg(3+2*i))))
		}
		x = o.op(graph.Relu{}, o.linear(o.op(graph.Flatten{Axis: 1}, x), o.arg(6), o.arg(7)))
		return o.linear(x, o.arg(8), o.arg(9)), ""
	},
	"net_mobile": func(o *oracle) (*graph.Value, string) {
		x := o.arg(0)
		h := o.op(graph.HardSwish{}, o.op(graph.Conv{}, x, o.arg(1)))
		h = o.op(graph.HardSwish{}, o.op(graph.Conv{Window: graph.Window{Pads: tensor.D(1, 1, 1, 1)}, Group: 24}, h, o.arg(2)))
		s := o.op(graph.Flatten{Axis: 1}, o.op(graph.GlobalAveragePool{}, h))
		s = o.linear(o.op(graph.Relu{}, o.linear(s, o.arg(3), nil)), o.arg(4), nil)
		s = o.op(graph.Unsqueeze{}, o.op(graph.HardSigmoid{Alpha: 1. / 6, Beta: 0.5}, s), o.ints(2, 3))
		return o.op(graph.Add{}, x, o.op(graph.Conv{}, o.op(graph.Mul{}, h, s), o.arg(5))), ""
	},
}

// TestOracleOperators: what is not run is not in the list of what is.
func TestOracleOperators(t *testing.T) {
	for op := range maps.Keys(operators) {
		require.Empty(t, notRun[op], op)
	}
}
