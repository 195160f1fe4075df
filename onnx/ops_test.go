package onnx

import (
	"bytes"
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/tensor"
)

// oneNode is a file of one node whose inputs are x0, x1, ... of the given arrays; an invalid one is left out.
func oneNode(t *testing.T, opset int, n onnxfile.Node, outputs int, in ...tensor.Array) *File {
	m := &onnxfile.Model{Name: "one", Opsets: map[string]int{"": opset, "com.microsoft": 1}}
	for i, x := range in {
		name := ""
		if x.Valid() {
			name = string(rune('a' + i))
			m.Inputs = append(m.Inputs, onnxfile.Port{Name: name, DType: x.DType().String(), Shape: x.Dims().Slice()})
		}
		n.Inputs = append(n.Inputs, name)
	}
	for i := range outputs {
		n.Outputs = append(n.Outputs, string(rune('p'+i)))
		m.Outputs = append(m.Outputs, onnxfile.Port{Name: n.Outputs[i]})
	}
	m.Nodes = []onnxfile.Node{n}
	f, err := Read(bytes.NewReader(m.Bytes()))
	require.NoError(t, err)
	return f
}

// answers runs a node compiled and by Eval, which must agree, and returns what it answers. Inputs of integers are fixed.
func answers(t *testing.T, f *File, in ...tensor.Array) []tensor.Array {
	t.Helper()
	o := Options{Values: make(map[string]tensor.Array)}
	var run []tensor.Array
	for i, x := range in {
		if x.Valid() && !x.DType().IsFloat() && x.DType() != tensor.Bool {
			o.Values[string(rune('a'+i))] = x
		} else if x.Valid() {
			run = append(run, x)
		}
	}
	g, err := f.Graph(o)
	require.NoError(t, err)
	want, err := g.Eval(run...)
	require.NoError(t, err)
	m, err := g.Compile(graph.Options{})
	require.NoError(t, err)
	var got []tensor.Array
	for _, p := range m.Outputs() {
		a := tensor.NewArray(p.Type)
		poison(a)
		got = append(got, a)
	}
	require.NoError(t, m.NewSession(1).Run(got, run))
	for i := range want {
		for k := range want[i].Len() {
			require.InDelta(t, want[i].Float(k), got[i].Float(k), 1e-5)
		}
	}
	return got
}

func randomArray(r *rand.Rand, dims ...int) tensor.Array {
	a := tensor.NewArray(tensor.T(tensor.Float32, dims...))
	for i := range a.Len() {
		a.SetFloat(i, 2*r.Float64()-1)
	}
	return a
}

// TestEinsumProducts compares equations that become products of matrices with the operator's own sums.
func TestEinsumProducts(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, c := range []struct {
		equation string
		a, b     []int
		product  bool
	}{
		{"bhid,bhjd->bhij", []int{2, 3, 4, 5}, []int{2, 3, 6, 5}, true},
		{"bij,bjk->bik", []int{2, 3, 4}, []int{2, 4, 5}, true},
		{"nchw,kc->nkhw", []int{2, 3, 4, 5}, []int{6, 3}, true},
		{"ij,kl->likj", []int{2, 3}, []int{4, 5}, true},
		{"ijk,jil->kl", []int{2, 3, 4}, []int{3, 2, 5}, true},
		{"i,i->", []int{7}, []int{7}, true},
		{"...ij,...jk", []int{2, 3, 4}, []int{2, 4, 5}, true},
		{"bctn,bnm->bctm", []int{2, 3, 4, 5}, []int{2, 5, 5}, true},
		{"...ij,...jk", []int{2, 3, 4}, []int{1, 4, 5}, false}, // one broadcasts
		{"ii,ij->j", []int{3, 3}, []int{3, 4}, false},          // a diagonal
		{"ijk,jl->il", []int{2, 3, 4}, []int{3, 5}, false},     // a sum over one side alone
	} {
		a, b := randomArray(r, c.a...), randomArray(r, c.b...)
		f := oneNode(t, 17, onnxfile.Node{Op: "Einsum", Attrs: []onnxfile.Attr{{Name: "equation", Value: c.equation}}}, 1, a, b)
		y := answers(t, f, a, b)[0]
		op := graph.Einsum{Equation: c.equation}
		types, err := op.Infer([]graph.Arg{{Type: a.Type()}, {Type: b.Type()}})
		require.NoError(t, err)
		want := tensor.NewArray(types[0])
		require.NoError(t, op.Eval([]tensor.Array{want}, []tensor.Array{a, b}))
		require.Equal(t, want.Type(), y.Type(), c.equation)
		for i := range want.Len() {
			require.InDelta(t, want.Float(i), y.Float(i), 1e-5, c.equation)
		}
		m, err := f.Graph(Options{})
		require.NoError(t, err)
		model, err := m.Compile(graph.Options{})
		require.NoError(t, err)
		var text bytes.Buffer
		model.Explain(&text)
		require.Equal(t, c.product, !bytes.Contains(text.Bytes(), []byte("eval Einsum")), "%s: %s", c.equation, &text)
	}
}

// TestAttention compares Attention with its definition.
func TestAttention(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	const n, hq, hk, lq, lk, lp, d, dv = 2, 4, 2, 3, 5, 2, 6, 7
	q, k, v := randomArray(r, n, hq, lq, d), randomArray(r, n, hk, lk, d), randomArray(r, n, hk, lk, dv)
	pk, pv := randomArray(r, n, hk, lp, d), randomArray(r, n, hk, lp, dv)
	// flat is [N, H, L, D] as [N, L, H·D].
	flat := func(x tensor.Array) tensor.Array {
		s := x.Dims().Slice()
		y := tensor.NewArray(tensor.T(tensor.Float32, s[0], s[2], s[1]*s[3]))
		for i := range x.Len() {
			b, h, l, e := i/(s[1]*s[2]*s[3]), i/(s[2]*s[3])%s[1], i/s[3]%s[2], i%s[3]
			y.SetFloat(((b*s[2]+l)*s[1]+h)*s[3]+e, x.Float(i))
		}
		return y
	}
	bools := tensor.NewArray(tensor.T(tensor.Bool, lq, lk))
	for i := range bools.Len() {
		bools.SetInt(i, int64(i%3%2^1))
	}
	for name, c := range map[string]struct {
		attrs  []onnxfile.Attr
		mask   tensor.Array
		past   bool
		flat   bool
		causal bool
		cap    float64
		scale  float64
	}{
		"plain":  {},
		"causal": {attrs: []onnxfile.Attr{{Name: "is_causal", Value: 1}}, causal: true},
		"mask":   {mask: randomArray(r, n, 1, lq, lk)},
		"bools":  {mask: bools},
		"past":   {past: true, mask: randomArray(r, lq, lp+lk)},
		"scaled": {attrs: []onnxfile.Attr{{Name: "scale", Value: float32(0.25)}, {Name: "softcap", Value: float32(0.5)}}, scale: 0.25, cap: 0.5},
		"flat":   {attrs: []onnxfile.Attr{{Name: "q_num_heads", Value: hq}, {Name: "kv_num_heads", Value: hk}}, flat: true},
	} {
		t.Run(name, func(t *testing.T) {
			in := []tensor.Array{q, k, v, c.mask}
			if c.flat {
				in = []tensor.Array{flat(q), flat(k), flat(v), c.mask}
			}
			outputs, past := 1, 0
			if c.past {
				in, outputs, past = append(in, pk, pv), 3, lp
			}
			y := answers(t, oneNode(t, 23, onnxfile.Node{Op: "Attention", Attrs: c.attrs}, outputs, in...), in...)
			keys := past + lk
			key := func(old, x tensor.Array, b, h, j, e int) float64 {
				size := x.Dims().At(3)
				if j < past {
					return old.Float(((b*hk+h)*lp+j)*size + e)
				}
				return x.Float(((b*hk+h)*lk+j-past)*size + e)
			}
			scale := c.scale
			if scale == 0 {
				scale = 1 / math.Sqrt(d)
			}
			want := tensor.NewArray(tensor.T(tensor.Float32, n, hq, lq, dv))
			for i := range n * hq * lq {
				b, h, l := i/(hq*lq), i/lq%hq, i%lq
				s, sum := make([]float64, keys), 0.0
				for j := range s {
					for e := range d {
						s[j] += q.Float(i*d+e) * key(pk, k, b, h/(hq/hk), j, e) * scale
					}
					if c.mask.Valid() {
						at := l*keys + j
						if c.mask.Dims().Rank() == 4 {
							at += b * lq * keys
						}
						if c.mask.DType() != tensor.Bool {
							s[j] += c.mask.Float(at)
						} else if c.mask.Int(at) == 0 {
							s[j] = math.Inf(-1)
						}
					}
					if c.cap != 0 {
						s[j] = c.cap * math.Tanh(s[j]/c.cap)
					}
					if c.causal && j > l {
						s[j] = math.Inf(-1)
					}
					s[j] = math.Exp(s[j])
					sum += s[j]
				}
				for e := range dv {
					o := 0.0
					for j := range s {
						o += s[j] / sum * key(pv, v, b, h/(hq/hk), j, e)
					}
					want.SetFloat(i*dv+e, o)
				}
			}
			if c.flat {
				want = flat(want)
			}
			require.Equal(t, want.Type(), y[0].Type())
			for i := range want.Len() {
				require.InDelta(t, want.Float(i), y[0].Float(i), 1e-5)
			}
			if c.past {
				require.Equal(t, tensor.T(tensor.Float32, n, hk, lp+lk, dv), y[2].Type())
			}
		})
	}
}

// TestRotaryEmbedding compares RotaryEmbedding with its definition.
func TestRotaryEmbedding(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	const n, h, l, d, most = 2, 3, 4, 6, 9
	x := randomArray(r, n, h, l, d)
	cos, sin := randomArray(r, most, 3), randomArray(r, most, 3)
	ids := tensor.NewArray(tensor.T(tensor.Int64, n, l))
	for i := range ids.Len() {
		ids.SetInt(i, int64(r.Intn(most)))
	}
	for _, pairs := range []int{0, 1} {
		for _, size := range []int{0, 4} {
			attrs := []onnxfile.Attr{{Name: "interleaved", Value: pairs}, {Name: "rotary_embedding_dim", Value: size}}
			in := []tensor.Array{x, cos, sin, ids}
			y := answers(t, oneNode(t, 23, onnxfile.Node{Op: "RotaryEmbedding", Attrs: attrs}, 1, in...), in...)[0]
			if size == 0 {
				size = d
			}
			for i := range n * h * l {
				at := int(ids.Int(i/(h*l)*l + i%l))
				want := make([]float64, d)
				for e := range want {
					want[e] = x.Float(i*d + e)
				}
				for e := range size / 2 {
					p, q := e, e+size/2
					if pairs == 1 {
						p, q = 2*e, 2*e+1
					}
					a, b, c, s := want[p], want[q], cos.Float(at*3+e), sin.Float(at*3+e)
					want[p], want[q] = a*c-b*s, a*s+b*c
				}
				for e, w := range want {
					require.InDelta(t, w, y.Float(i*d+e), 1e-5)
				}
			}
		}
	}
}

func TestCenterCropPad(t *testing.T) {
	x := tensor.Of(tensor.D(3, 2), []float32{1, 2, 3, 4, 5, 6})
	shape := tensor.Vector([]int64{1, 5})
	y := answers(t, oneNode(t, 18, onnxfile.Node{Op: "CenterCropPad"}, 1, x, shape), x, shape)[0]
	require.Equal(t, []float32{0, 3, 4, 0, 0}, tensor.Data[float32](y))
	shape = tensor.Vector([]int64{4})
	y = answers(t, oneNode(t, 18, onnxfile.Node{Op: "CenterCropPad", Attrs: []onnxfile.Attr{{Name: "axes", Value: []int{-2}}}}, 1, x, shape), x, shape)[0]
	require.Equal(t, []float32{1, 2, 3, 4, 5, 6, 0, 0}, tensor.Data[float32](y))
}

// TestMicrosoft has operators of com.microsoft with answers computed by hand.
func TestMicrosoft(t *testing.T) {
	v := func(x ...float32) tensor.Array { return tensor.Vector(x) }
	row := func(x ...float32) tensor.Array { return tensor.Of(tensor.D(1, len(x)), x) }
	left := tensor.Array{}
	for _, c := range []struct {
		op    string
		attrs []onnxfile.Attr
		in    []tensor.Array
		want  []float32
	}{
		{"SkipSimplifiedLayerNormalization", nil, []tensor.Array{row(1, 2), row(2, 1), v(10, 20), v(0, 1)}, []float32{8.485281, 22.627417}}, // 3 and 4 over the root of 12.5
		{"BiasAdd", nil, []tensor.Array{row(1, 2), v(10, 20), row(100, 200)}, []float32{111, 222}},
		{"Trilu", []onnxfile.Attr{{Name: "upper", Value: 0}}, []tensor.Array{tensor.Of(tensor.D(2, 2), []float32{1, 2, 3, 4})}, []float32{1, 0, 3, 4}},
		{"GatherND", nil, []tensor.Array{row(1, 2), tensor.Of(tensor.D(1, 2), []int64{0, 1})}, []float32{2}},
		{"Pad", []onnxfile.Attr{{Name: "mode", Value: "edge"}}, []tensor.Array{v(1, 2), tensor.Vector([]int64{1, 1}), left}, []float32{1, 1, 2, 2}},
		{"GridSample", []onnxfile.Attr{{Name: "mode", Value: "bilinear"}, {Name: "align_corners", Value: 1}},
			[]tensor.Array{tensor.Of(tensor.D(1, 1, 1, 2), []float32{1, 2}), tensor.Of(tensor.D(1, 1, 1, 2), []float32{0, 0})}, []float32{1.5}},
	} {
		y := answers(t, oneNode(t, 17, onnxfile.Node{Op: c.op, Domain: "com.microsoft", Attrs: c.attrs}, 1, c.in...), c.in...)[0]
		require.InDeltaSlice(t, c.want, tensor.Data[float32](y), 1e-5, c.op)
	}
}

// TestValuesAndOutputs fixes an input, and ends a network before a node that is not supported.
func TestValuesAndOutputs(t *testing.T) {
	m := &onnxfile.Model{
		Name: "cut", Opsets: map[string]int{"": 17},
		Inputs: []onnxfile.Port{{Name: "x", DType: "float32", Shape: []int{2, 3}}, {Name: "shape", DType: "int64", Shape: []int{1}}},
		Nodes: []onnxfile.Node{
			{Op: "Reshape", Inputs: []string{"x", "shape"}, Outputs: []string{"flat"}}, {Op: "Relu", Inputs: []string{"flat"}, Outputs: []string{"r"}},
			{Op: "NonZero", Inputs: []string{"r"}, Outputs: []string{"y"}},
		},
		Outputs: []onnxfile.Port{{Name: "y"}},
	}
	f, err := Read(bytes.NewReader(m.Bytes()))
	require.NoError(t, err)
	six := tensor.Vector([]int64{6})
	_, err = f.Graph(Options{Outputs: []string{"r"}})
	require.ErrorContains(t, err, "want a constant")
	_, err = f.Graph(Options{Values: map[string]tensor.Array{"shape": six}})
	require.ErrorContains(t, err, "NonZero")
	g, err := f.Graph(Options{Values: map[string]tensor.Array{"shape": six}, Outputs: []string{"r", "flat"}})
	require.NoError(t, err)
	require.Len(t, g.Inputs(), 1)
	require.Equal(t, []graph.Port{{Name: "r", Type: tensor.T(tensor.Float32, 6)}, {Name: "flat", Type: tensor.T(tensor.Float32, 6)}}, g.Outputs())
	six = tensor.Scalar(int64(6))
	_, err = f.Graph(Options{Values: map[string]tensor.Array{"shape": six}})
	require.ErrorContains(t, err, `input "shape": Options.Values has int64 scalar`)
	_, err = f.Graph(Options{Values: map[string]tensor.Array{"shape": tensor.Vector([]int32{6})}})
	require.ErrorContains(t, err, "want int64 1")
	_, err = f.Graph(Options{Values: map[string]tensor.Array{"size": six}})
	require.ErrorContains(t, err, `Options.Values has "size", which is no input`)
	_, err = f.Graph(Options{Outputs: []string{"z"}})
	require.ErrorContains(t, err, `output "z" is made by no node`)
}

// TestLoopBudget has a loop of very many steps in a small file, alone and inside another.
func TestLoopBudget(t *testing.T) {
	steps := &tensorProto{name: "n", dtype: 7, longs: []int64{1 << 40}}
	loop := func(body ...*nodeProto) *graphProto {
		g := &graphProto{initializers: []*tensorProto{steps}, nodes: body, inputs: []*valueInfo{{name: "i"}, {name: "on"}, {name: "v"}}, outputs: []*valueInfo{{name: "on"}, {name: "w"}}}
		n := &nodeProto{op: "Loop", name: "loop", inputs: []string{"n", "", "x"}, outputs: []string{"y"}, attrs: map[string]*attrProto{"body": {kind: attrGraph, g: g}}}
		x := &valueInfo{name: "x", kind: "tensor", dtype: 1, given: true, shape: []dim{{value: 2, known: true}}}
		return &graphProto{initializers: []*tensorProto{steps}, nodes: []*nodeProto{n}, inputs: []*valueInfo{x}, outputs: []*valueInfo{{name: "y"}}}
	}
	relu := &nodeProto{op: "Relu", inputs: []string{"v"}, outputs: []string{"w"}}
	inner := loop(relu).nodes[0]
	inner.inputs[2], inner.outputs[0] = "v", "w"
	for _, g := range []*graphProto{loop(relu), loop(inner)} {
		f := &File{m: &modelProto{graph: g}, opsets: map[string]int64{"": 17}, consts: make(map[*tensorProto]tensor.Array)}
		_, err := f.Graph(Options{})
		require.ErrorContains(t, err, "loops that become more than 16384 nodes are not supported")
		require.ErrorContains(t, err, `"loop" (Loop)`)
		steps.longs[0] = 3
		if g.nodes[0].attrs["body"].g.nodes[0].op == "Relu" {
			got, err := f.Graph(Options{})
			require.NoError(t, err)
			y, err := got.Eval(tensor.Vector([]float32{-1, 2}))
			require.NoError(t, err)
			require.Equal(t, []float32{0, 2}, tensor.Data[float32](y[0]))
		}
		steps.longs[0] = 1 << 40
	}
}

// TestRecurrentParameters: the parameters of functions are taken in order by those that have one.
func TestRecurrentParameters(t *testing.T) {
	x := tensor.Of(tensor.D(1, 1, 1), []float32{-1})
	w, r := tensor.Of(tensor.D(2, 1, 1), []float32{1, 1}), tensor.Of(tensor.D(2, 1, 1), []float32{0, 0})
	for _, c := range []struct {
		functions   []string
		alpha, beta []float32
		want        [2]float64
	}{
		{[]string{"Tanh", "LeakyRelu"}, []float32{0.2}, nil, [2]float64{math.Tanh(-1), -0.2}},
		{[]string{"Affine", "ScaledTanh"}, []float32{0.2, 0.3}, []float32{0.4, 0.5}, [2]float64{0.2, 0.3 * math.Tanh(-0.5)}},
		{[]string{"LeakyRelu", "Affine"}, []float32{0.2, 0.3}, []float32{0.4}, [2]float64{-0.2, 0.1}},
		{[]string{"LeakyRelu", "HardSigmoid"}, nil, nil, [2]float64{-0.01, 0.3}},
	} {
		n := onnxfile.Node{Op: "RNN", Attrs: []onnxfile.Attr{{Name: "hidden_size", Value: 1}, {Name: "direction", Value: "bidirectional"}, {Name: "activations", Value: c.functions}}}
		if c.alpha != nil {
			n.Attrs = append(n.Attrs, onnxfile.Attr{Name: "activation_alpha", Value: c.alpha})
		}
		if c.beta != nil {
			n.Attrs = append(n.Attrs, onnxfile.Attr{Name: "activation_beta", Value: c.beta})
		}
		y := answers(t, oneNode(t, 14, n, 1, x, w, r), x, w, r)[0]
		require.InDelta(t, c.want[0], y.Float(0), 1e-6, "%v", c)
		require.InDelta(t, c.want[1], y.Float(1), 1e-6, "%v", c)
	}
}
