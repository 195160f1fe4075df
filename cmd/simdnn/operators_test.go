package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/internal/ort"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// draft is a file of one operator in the making.
type draft struct {
	r  *rand.Rand
	m  onnxfile.Model
	in []tensor.Array
}

type attrs map[string]any

func (d *draft) upTo(n int) int        { return 1 + d.r.Intn(n) }
func (d *draft) once(n int) bool       { return d.r.Intn(n) == 0 }
func (d *draft) of(list ...string) any { return list[d.r.Intn(len(list))] }
func (d *draft) bit() int              { return d.r.Intn(2) }

func (d *draft) sizes(n, most int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = d.upTo(most)
	}
	return s
}

func (d *draft) numbers(dims ...int) tensor.Array {
	a := tensor.NewArray(tensor.T(tensor.Float32, dims...))
	for i := range a.Len() {
		a.SetFloat(i, 2*d.r.Float64()-1)
	}
	return a
}

func (d *draft) input(dims ...int) string {
	name := fmt.Sprint("x", len(d.in))
	d.in = append(d.in, d.numbers(dims...))
	d.m.Inputs = append(d.m.Inputs, onnxfile.Port{Name: name, DType: "float32", Shape: dims})
	return name
}

func (d *draft) constant(a tensor.Array) string {
	name := fmt.Sprint("c", len(d.m.Constants))
	d.m.Constants = append(d.m.Constants, onnxfile.Tensor{Name: name, DType: a.DType().String(), Shape: a.Dims().Slice(), Data: bytes.Clone(a.Bytes())})
	return name
}

func (d *draft) weights(dims ...int) string { return d.constant(d.numbers(dims...)) }

func (d *draft) ints(v ...int64) string { return d.constant(tensor.Vector(v)) }

func (d *draft) node(op string, a attrs, outputs int, in ...string) {
	n := onnxfile.Node{Op: op, Inputs: in}
	for name, v := range a {
		n.Attrs = append(n.Attrs, onnxfile.Attr{Name: name, Value: v})
	}
	for i := range outputs {
		n.Outputs = append(n.Outputs, fmt.Sprint("y", i))
		d.m.Outputs = append(d.m.Outputs, onnxfile.Port{Name: n.Outputs[i]})
	}
	d.m.Nodes = append(d.m.Nodes, n)
}

// window draws the attributes of what slides: no stride is larger than the kernel, for which onnxruntime's pooling begins later where padding is found.
func (d *draft) window(kernel []int) attrs {
	n := len(kernel)
	a, strides, pads := attrs{}, make([]int, n), make([]int, 2*n)
	for i, k := range kernel {
		strides[i], pads[i], pads[n+i] = d.upTo(k), d.r.Intn(k), d.r.Intn(k)
	}
	if d.once(2) {
		a["strides"] = strides
	}
	switch d.r.Intn(4) {
	case 0:
		a["pads"] = pads
	case 1:
		a["auto_pad"] = d.of("SAME_UPPER", "SAME_LOWER", "VALID")
	}
	return a
}

// positions are sizes in which kernels fit, and c channels.
func (d *draft) positions(c int, kernel []int) []int {
	s := []int{d.upTo(2), c}
	for _, k := range kernel {
		s = append(s, 2*k+d.r.Intn(8))
	}
	return s
}

var drafts = map[string]func(d *draft){
	"Conv": func(d *draft) {
		g, k := d.upTo(3), d.sizes(d.upTo(3), 4)
		c, o := g*d.upTo(6), g*d.upTo(6)
		a := d.window(k)
		a["group"] = g
		d.node("Conv", a, 1, d.input(d.positions(c, k)...), d.weights(append([]int{o, c / g}, k...)...), d.weights(o))
	},
	"ConvTranspose": func(d *draft) {
		g, k := d.upTo(3), d.sizes(d.upTo(3), 4)
		c, o := g*d.upTo(4), d.upTo(4)
		a := d.window(k)
		a["group"] = g
		d.node("ConvTranspose", a, 1, d.input(d.positions(c, k)...), d.weights(append([]int{c, o}, k...)...), d.weights(o*g))
	},
	"pooling": func(d *draft) {
		k := d.sizes(d.upTo(3), 4)
		a := d.window(k)
		a["kernel_shape"], a["ceil_mode"] = k, d.bit()
		switch x := d.input(d.positions(d.upTo(9), k)...); d.r.Intn(3) {
		case 0:
			d.node("MaxPool", a, 2, x)
		case 1:
			a["count_include_pad"] = d.bit()
			d.node("AveragePool", a, 1, x)
		case 2:
			a["p"] = d.upTo(3)
			d.node("LpPool", a, 1, x)
		}
	},
	"recurrent": func(d *draft) {
		t, n, c, h, directions := d.upTo(5), d.upTo(3), d.upTo(6), d.upTo(6), 1
		a := attrs{"hidden_size": h, "direction": d.of("forward", "reverse", "bidirectional")}
		if a["direction"] == "bidirectional" {
			directions = 2
		}
		kind := d.r.Intn(3)
		gates, functions := []int{1, 3, 4}[kind], []int{1, 2, 3}[kind]*directions
		if d.once(2) {
			var names []string
			var alpha, beta []float32
			for range functions {
				f := d.of("Relu", "Tanh", "Sigmoid", "LeakyRelu", "HardSigmoid", "Elu", "Softsign", "ScaledTanh").(string)
				names = append(names, f)
				switch f {
				case "HardSigmoid", "ScaledTanh":
					beta = append(beta, 0.4)
					fallthrough
				case "LeakyRelu", "Elu":
					alpha = append(alpha, 0.1+0.5*d.r.Float32())
				}
			}
			a["activations"], a["activation_alpha"], a["activation_beta"] = names, alpha, beta
		}
		if kind == 1 {
			a["linear_before_reset"] = d.bit()
		}
		lengths := tensor.NewArray(tensor.T(tensor.Int32, n))
		for i := range n {
			lengths.SetInt(i, int64(d.upTo(t)))
		}
		in := []string{d.input(t, n, c), d.weights(directions, gates*h, c), d.weights(directions, gates*h, h), d.weights(directions, 2*gates*h), d.constant(lengths)}
		d.node([]string{"RNN", "GRU", "LSTM"}[kind], a, 2, in...)
	},
	"Resize": func(d *draft) {
		x := d.input(append(d.sizes(2, 3), d.sizes(2, 9)...)...)
		a := attrs{"mode": d.of("nearest", "linear", "cubic"), "nearest_mode": d.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
			"coordinate_transformation_mode": d.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")}
		if d.once(2) {
			scale := func() float32 { return []float32{0.3, 0.5, 0.7, 1, 1.5, 2, 3}[d.r.Intn(7)] }
			d.node("Resize", a, 1, x, "", d.constant(tensor.Vector([]float32{1, 1, scale(), scale()})))
			return
		}
		dims := d.in[0].Dims()
		d.node("Resize", a, 1, x, "", "", d.ints(int64(dims.At(0)), int64(dims.At(1)), int64(d.upTo(12)), int64(d.upTo(12))))
	},
	"GridSample": func(d *draft) {
		a := attrs{"mode": d.of("linear", "nearest", "cubic"), "padding_mode": d.of("zeros", "border", "reflection"), "align_corners": d.bit()}
		d.node("GridSample", a, 1, d.input(append([]int{1}, d.sizes(3, 7)...)...), d.input(1, d.upTo(5), d.upTo(5), 2))
		grid := d.in[1]
		for i := range grid.Len() {
			grid.SetFloat(i, 1.6*grid.Float(i))
		}
	},
	"reduction": func(d *draft) {
		s := d.sizes(d.upTo(5), 6)
		var axes []int64
		for i := range s {
			if d.once(2) {
				axes = append(axes, int64(i-len(s)*d.bit()))
			}
		}
		a := attrs{"keepdims": d.bit(), "noop_with_empty_axes": d.bit()}
		d.node(d.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp").(string), a, 1, d.input(s...), d.ints(axes...))
	},
	"normalisation": func(d *draft) {
		c := 2 * d.upTo(4)
		x := d.input(append([]int{d.upTo(2), c}, d.sizes(2, 6)...)...)
		switch d.r.Intn(4) {
		case 0:
			d.node("InstanceNormalization", nil, 1, x, d.weights(c), d.weights(c))
		case 1:
			d.node("LRN", attrs{"size": 1 + 2*d.r.Intn(3)}, 1, x)
		case 2:
			d.node("GroupNormalization", attrs{"num_groups": 2}, 1, x, d.weights(c), d.weights(c))
		case 3:
			w := d.in[0].Dims().At(3)
			d.node("LayerNormalization", attrs{"axis": -1}, 1, x, d.weights(w), d.weights(w))
		}
	},
}

// TestOperators compares random operators with onnxruntime: by Eval, compiled, and compiled without what rewrites networks.
func TestOperators(t *testing.T) {
	lib, err := ort.Open(ort.Paths()...)
	if err != nil {
		t.Skipf("onnxruntime is not on this machine (npm install --ignore-scripts onnxruntime-node, or %s)", ort.Env)
	}
	rounds := int64(100)
	if testing.Short() {
		rounds = 20
	}
	for name, f := range drafts {
		t.Run(name, func(t *testing.T) {
			for seed := range rounds {
				d := &draft{r: rand.New(rand.NewSource(seed)), m: onnxfile.Model{Name: "one", Opsets: map[string]int{"": 21}}}
				f(d)
				file := d.m.Bytes()
				s, err := lib.Session(file, ort.Options{Level: ort.None})
				if err != nil {
					continue // not everything that the standard has
				}
				var in []*ort.Tensor
				for _, a := range d.in {
					in = append(in, ort.Of(tensor.Data[float32](a), a.Dims().Slice()...))
				}
				want, err := s.Run(in...)
				s.Close()
				if err != nil {
					continue
				}
				says := fmt.Sprintf("seed %d: %+v\ninputs %v", seed, d.m.Nodes, d.m.Inputs)
				for _, got := range everyWay(t, file, d.in, says) {
					for i, a := range got {
						require.Equal(t, want[i].Shape, a.Dims().Slice(), says)
						x := tensor.FromBytes(a.Type(), want[i].Data)
						for k := range a.Len() {
							if u, v := x.Float(k), a.Float(k); !(math.Abs(u-v) <= 1e-4*max(1, math.Abs(u))) && u != v {
								require.Failf(t, "another answer", "%s\noutput %d, element %d of %v is %v, onnxruntime has %v", says, i, k, a.Dims(), v, u)
							}
						}
					}
				}
			}
		})
	}
}

// everyWay are the answers of Eval and of two ways of compiling.
func everyWay(t *testing.T, file []byte, in []tensor.Array, says string) (answers [][]tensor.Array) {
	f, err := onnx.Read(bytes.NewReader(file))
	require.NoError(t, err, says)
	g, err := f.Graph(onnx.Options{})
	require.NoError(t, err, says)
	y, err := g.Eval(in...)
	require.NoError(t, err, says)
	answers = append(answers, y)
	for _, o := range []graph.Options{{}, {Off: graph.Unfused(), Exact: true}} {
		m, err := g.Compile(o)
		require.NoError(t, err, says)
		var out []tensor.Array
		for _, p := range m.Outputs() {
			out = append(out, tensor.NewArray(p.Type))
		}
		require.NoError(t, m.NewSession(1).Run(out, in), says)
		answers = append(answers, out)
	}
	return answers
}
