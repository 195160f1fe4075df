package onnx

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/internal/ort"
	"github.com/simdnn/simdnn/tensor"
)

// builderOf writes small networks.
type builderOf struct {
	m onnxfile.Model
	r *rand.Rand
}

func newBuilderOf(opset int, shape ...int) *builderOf {
	return &builderOf{
		onnxfile.Model{Name: "small", Opsets: map[string]int{"": opset}, Inputs: []onnxfile.Port{{Name: "x", DType: "float32", Shape: shape}}}, rand.New(rand.NewPCG(3, 5)),
	}
}

func (b *builderOf) floats(name string, lo, hi float64, shape ...int) string {
	x := make([]float32, tensor.D(shape...).Elems())
	for i := range x {
		x[i] = float32(lo + (hi-lo)*b.r.Float64())
	}
	b.m.Constants = append(b.m.Constants, onnxfile.Floats(name, shape, x))
	return name
}

func (b *builderOf) node(op, out string, attrs []onnxfile.Attr, in ...string) string {
	b.m.Nodes = append(b.m.Nodes, onnxfile.Node{Op: op, Inputs: in, Outputs: []string{out}, Attrs: attrs})
	return out
}

func (b *builderOf) conv(out, in string, oc, ic, k, group int, bias bool) string {
	in2 := []string{in, b.floats(out+".w", -1, 1, oc, ic/group, k, k)}
	if bias {
		in2 = append(in2, b.floats(out+".b", -1, 1, oc))
	}
	return b.node("Conv", out, []onnxfile.Attr{{Name: "pads", Value: []int{k / 2, k / 2, k / 2, k / 2}}, {Name: "group", Value: group}}, in2...)
}

func (b *builderOf) batchNorm(out, in string, c int) string {
	return b.node("BatchNormalization", out, nil, in, b.floats(out+".s", 0.3, 1.5, c), b.floats(out+".o", -1, 1, c), b.floats(out+".m", -1, 1, c), b.floats(out+".v", 0.5, 9, c))
}

func (b *builderOf) bytes(outputs ...string) []byte {
	for _, o := range outputs {
		b.m.Outputs = append(b.m.Outputs, onnxfile.Port{Name: o})
	}
	return b.m.Bytes()
}

// residual is a small network with most of what is quantised, and everything in float32 only at its ends.
func residual(opset int) []byte {
	b := newBuilderOf(opset, 1, 3, 12, 12)
	clip := func(out, in string) string {
		if opset < 11 {
			return b.node("Clip", out, []onnxfile.Attr{{Name: "min", Value: float32(0)}, {Name: "max", Value: float32(6)}}, in)
		}
		return b.node("Clip", out, nil, in, b.floats("zero", 0, 0), b.floats("six", 6, 6))
	}
	v := b.batchNorm("bn1", b.conv("c1", "x", 16, 3, 3, 1, true), 16)
	v = b.node("Relu", "r1", nil, v)
	v = b.node("MaxPool", "p1", []onnxfile.Attr{{Name: "kernel_shape", Value: []int{2, 2}}, {Name: "strides", Value: []int{2, 2}}}, v)
	left := b.node("Add", "biased", nil, b.conv("c2", v, 16, 16, 3, 1, false), b.floats("bias", -1, 1, 16, 1, 1))
	right := clip("dw", b.conv("c3", v, 16, 16, 3, 16, true))
	v = b.node("Relu", "sum", nil, b.node("Add", "added", nil, left, right))
	v = b.node("Concat", "cat", []onnxfile.Attr{{Name: "axis", Value: 1}}, v, b.node("Sigmoid", "sig", nil, b.conv("c4", v, 8, 16, 1, 1, true)))
	v = b.node("Dropout", "drop", nil, b.conv("c5", v, 24, 24, 1, 1, true))
	v = b.node("Mul", "swish", nil, v, b.node("Sigmoid", "gate", nil, v))
	v = b.conv("c6", v, 24, 24, 1, 1, true)
	v = b.node("Flatten", "flat", nil, b.node("GlobalAveragePool", "mean", nil, v))
	v = b.node("Gemm", "g", []onnxfile.Attr{{Name: "transB", Value: 1}}, v, b.floats("g.w", -1, 1, 10, 24), b.floats("g.b", -1, 1, 10))
	v = b.node("MatMul", "mm", nil, v, b.floats("mm.w", -1, 1, 10, 10))
	v = b.node("Add", "logits", nil, v, b.floats("mm.b", -1, 1, 10))
	b.node("Softmax", "y", []onnxfile.Attr{{Name: "axis", Value: 1}}, v)
	return b.bytes("logits", "y")
}

// noise are samples of uniform numbers.
func noise(lo, hi float64, dims ...int) func(i int) ([]tensor.Array, error) {
	return func(i int) ([]tensor.Array, error) {
		r := rand.New(rand.NewPCG(uint64(i), 1))
		a := tensor.NewArray(tensor.T(tensor.Float32, dims...))
		for k := range a.Len() {
			a.SetFloat(k, lo+(hi-lo)*r.Float64())
		}
		return []tensor.Array{a}, nil
	}
}

// signalToNoise compares the outputs of two networks, in dB, over samples.
func signalToNoise(t *testing.T, want, got *graph.Model, samples int, sample func(int) ([]tensor.Array, error)) (db float64) {
	var signal, off float64
	for i := range samples {
		in, err := sample(i)
		require.NoError(t, err)
		a, b := outputs(want), outputs(got)
		require.NoError(t, want.NewSession(1).Run(a, in))
		require.NoError(t, got.NewSession(1).Run(b, in))
		for k := range a[0].Len() {
			x, y := a[0].Float(k), b[0].Float(k)
			signal, off = signal+x*x, off+(x-y)*(x-y)
		}
	}
	return 10 * math.Log10(signal/off)
}

func load(t *testing.T, file []byte) (*File, *graph.Model) {
	t.Helper()
	f, err := Read(bytes.NewReader(file))
	require.NoError(t, err)
	g, err := f.Graph(Options{})
	require.NoError(t, err)
	m, err := g.Compile(graph.Options{})
	require.NoError(t, err)
	return f, m
}

// onOrt runs a file in onnxruntime, where that is there.
func onOrt(t *testing.T, file []byte, level ort.Level, in tensor.Array) []tensor.Array {
	t.Helper()
	lib, err := ort.Open(ort.Paths()...)
	if err != nil {
		t.Skipf("onnxruntime is not on this machine (npm install --ignore-scripts onnxruntime-node, or %s)", ort.Env)
	}
	s, err := lib.Session(file, ort.Options{Threads: 1, Level: level})
	require.NoError(t, err)
	defer s.Close()
	out, err := s.Run(ort.Of(tensor.Data[float32](in), in.Dims().Slice()...))
	require.NoError(t, err)
	var all []tensor.Array
	for _, o := range out {
		all = append(all, tensor.Of(tensor.D(o.Shape...), slices.Clone(ort.Values[float32](o))))
	}
	return all
}

// onBytes checks that a quantised network computes in float32 only at its ends: one step makes bytes of the input, and one numbers of the answers, which Softmax may follow.
// Bytes are looked up at most so many times: what moves them keeps their scale.
func onBytes(t *testing.T, m *graph.Model, tables int) {
	t.Helper()
	depthwise := conv.Params{In: tensor.Shape{N: 1, C: 8, H: 9, W: 9}, OutC: 8, Groups: 8, Window: tensor.Window{KernelH: 3, KernelW: 3}}
	if !conv.QuantisedPays(depthwise) {
		t.Log("depthwise convolutions have no kernels for bytes here: they are computed in float32")
		return
	}
	count := make(map[string]int)
	for _, s := range m.Steps() {
		_, what, _ := strings.Cut(s, ": ")
		kind := strings.Fields(what)[0]
		count[kind]++
		switch kind {
		case "quantize", "dequantize", "look", "move:", "softmax":
		case "max", "average", "add":
			require.Contains(t, what, "bytes")
		default:
			require.Contains(t, what, "quantised", s)
		}
	}
	require.Equal(t, 1, count["quantize"], "%q", m.Steps())
	require.Equal(t, 1, count["dequantize"], "%q", m.Steps())
	require.LessOrEqual(t, count["look"], tables, "%q", m.Steps())
}

// TestQuantize: a small network with all that is quantised keeps its answers, has no step in float32 but at its ends, and is in onnxruntime what it is here, whichever
// operator set it was written for.
func TestQuantize(t *testing.T) {
	for _, c := range []struct {
		name  string
		opset int
		o     Quantization
		least float64 // dB
	}{
		{"set 17", 17, Quantization{}, 33},
		{"set 9, raised", 9, Quantization{}, 33},
		{"int8", 17, Quantization{Signed: true}, 33},
		{"percentile", 13, Quantization{Percentile: 99.9}, 32},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, before := load(t, residual(c.opset))
			c.o.Samples, c.o.Sample = 8, noise(-2, 2, 1, 3, 12, 12)
			passes := 0
			c.o.Progress = func(done, all int) {
				passes++
				require.Equal(t, passes, done)
				require.GreaterOrEqual(t, all, done)
			}
			q, err := f.Quantize(c.o)
			require.NoError(t, err)
			require.Equal(t, map[bool]int{false: 8, true: 16}[c.o.Percentile > 0], passes)
			require.Empty(t, q.Float)
			require.Equal(t, 8, q.Products)
			require.Equal(t, 5, q.Others, "MaxPool, Add, Concat, GlobalAveragePool and Flatten")
			f, after := load(t, q.File)
			require.Equal(t, max(c.opset, 13), f.Opset())
			for _, gone := range []string{"BatchNormalization", "Dropout", "MatMul", "Relu", "Clip"} {
				require.Zero(t, f.Operators()[gone], gone)
			}
			require.Equal(t, []string{"logits", "y"}, []string{f.Outputs()[0].Name, f.Outputs()[1].Name})
			db := signalToNoise(t, before, after, 8, c.o.Sample)
			t.Logf("%.1f dB", db)
			require.Greater(t, db, c.least)
			onBytes(t, after, 2) // the functions

			in, err := c.o.Sample(3)
			require.NoError(t, err)
			got := outputs(after)
			require.NoError(t, after.NewSession(1).Run(got, in))
			step := 0.0
			for _, i := range f.m.graph.initializers {
				if i.name == "logits_scale" {
					a, err := f.array(i)
					require.NoError(t, err)
					step = a.Float(0)
				}
			}
			require.Positive(t, step)
			for _, level := range []ort.Level{ort.None, ort.All} {
				want := onOrt(t, q.File, level, in[0])
				for k := range got[0].Len() {
					require.InDelta(t, want[0].Float(k), got[0].Float(k), 1.01*step, "%v, element %d", level, k)
				}
			}
		})
	}
}

// TestQuantizeStored: stored networks keep their answers when they are quantised with a few of their own samples, and run on bytes.
func TestQuantizeStored(t *testing.T) {
	dir := cases.Dir(t, "models")
	for _, c := range []struct {
		name  string
		least float64 // dB
	}{
		{"mnist8", 36}, {"resnet8_cifar10", 30}, {"kws_dscnn_int8", 27}, {"vww_mobilenet_v1_025_int8", 30}, {"mobilenet_v1_025_128", 19}, {"mobilenet_v2_10_224", 15},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.name == "mobilenet_v2_10_224" {
				t.Skip("a large one")
			}
			m, err := cases.LoadModel(filepath.Join(dir, "models", c.name+".json"))
			require.NoError(t, err)
			w, err := onnxfile.OfModel(m)
			require.NoError(t, err)
			f, before := load(t, w.Bytes())
			sample := func(i int) ([]tensor.Array, error) { return feed(before, m.Samples[i].Input), nil }
			q, err := f.Quantize(Quantization{Sample: sample, Samples: len(m.Samples)})
			require.NoError(t, err)
			require.Empty(t, q.Float)
			_, after := load(t, q.File)
			onBytes(t, after, 0)
			db := signalToNoise(t, before, after, len(m.Samples), sample)
			t.Logf("%.1f dB", db)
			require.Greater(t, db, c.least)
			for i := range m.Samples {
				a, b := outputs(before), outputs(after)
				in, _ := sample(i)
				require.NoError(t, before.NewSession(1).Run(a, in))
				require.NoError(t, after.NewSession(1).Run(b, in))
				require.Equal(t, largest(a[0]), largest(b[0]), m.Samples[i].Label)
			}
		})
	}
}

func largest(a tensor.Array) (at int) {
	for i := range a.Len() {
		if a.Float(i) > a.Float(at) {
			at = i
		}
	}
	return at
}

// TestQuantizeAccuracy: of 1000 labelled words the quantised network recognises nearly as many as the one in float32, calibrated with some of them.
func TestQuantizeAccuracy(t *testing.T) {
	dir := cases.Dir(t, "models", "data")
	m, err := cases.LoadModel(filepath.Join(dir, "models", "kws_dscnn_int8.json"))
	require.NoError(t, err)
	w, err := onnxfile.OfModel(m)
	require.NoError(t, err)
	words, err := os.ReadFile(filepath.Join(dir, "data", "kws1000.bin"))
	require.NoError(t, err)
	var known struct{ Correct int }
	b, err := os.ReadFile(filepath.Join(dir, "data", "kws1000.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &known))
	f, before := load(t, w.Bytes())
	const record = 1 + 49*10
	word := func(i int) ([]tensor.Array, error) {
		x := make([]float32, 49*10)
		for k := range x {
			x[k] = float32((float64(int8(words[i*record+1+k])) - 83) / 1.71027029)
		}
		return feed(before, x), nil
	}
	q, err := f.Quantize(Quantization{Sample: word, Samples: 100})
	require.NoError(t, err)
	_, after := load(t, q.File)
	right := func(m *graph.Model) (n int) {
		s, out := m.NewSession(1), outputs(m)
		for i := range len(words) / record {
			in, _ := word(i)
			require.NoError(t, s.Run(out, in))
			if largest(out[0]) == int(words[i*record]) {
				n++
			}
		}
		return n
	}
	was, is := right(before), right(after)
	t.Logf("%d right, %d in float32", is, was)
	require.Equal(t, known.Correct, was)
	require.GreaterOrEqual(t, is, was-10, "a percent is lost at most")
}

// TestQuantizeKeeps: what may not be touched is not: operators that are no bytes', nodes that the caller names, values that are outputs.
func TestQuantizeKeeps(t *testing.T) {
	b := newBuilderOf(17, 1, 4, 6, 6)
	v := b.conv("c1", "x", 8, 4, 3, 1, true)
	v = b.node("Relu", "r1", nil, v)
	stay := b.conv("stay", v, 8, 8, 1, 1, false)
	n := b.batchNorm("norm", stay, 8)
	v = b.node("Mul", "gated", nil, n, b.node("GlobalMaxPool", "max", nil, n))
	v = b.conv("c2", v, 8, 8, 1, 1, false)
	v = b.node("Relu", "y", nil, v)
	b.node("Reshape", "z", nil, v, func() string {
		b.m.Constants = append(b.m.Constants, onnxfile.Tensor{Name: "shape", DType: "int64", Shape: []int{1}, Data: []byte{255, 255, 255, 255, 255, 255, 255, 255}})
		return "shape"
	}())
	f, before := load(t, b.bytes("c1", "r1", "c2", "z"))
	q, err := f.Quantize(Quantization{Samples: 4, Sample: noise(-1, 3, 1, 4, 6, 6), Float: []string{"stay"}})
	require.NoError(t, err)
	require.Equal(t, 2, q.Products)
	require.Len(t, q.Float, 1)
	require.Contains(t, q.Float[0], "stay")
	f, after := load(t, q.File)
	require.Equal(t, 1, f.Operators()["BatchNormalization"])
	require.Equal(t, 2, f.Operators()["Relu"], "before them are outputs")
	for i, p := range before.Outputs() {
		require.Equal(t, p, after.Outputs()[i])
	}
	in, err := noise(-1, 3, 1, 4, 6, 6)(2)
	require.NoError(t, err)
	want, got := outputs(before), outputs(after)
	require.NoError(t, before.NewSession(1).Run(want, in))
	require.NoError(t, after.NewSession(1).Run(got, in))
	theirs := onOrt(t, q.File, ort.All, in[0])
	for i := range want {
		top := 0.0
		for k := range want[i].Len() {
			top = max(top, math.Abs(want[i].Float(k)))
		}
		for k := range want[i].Len() {
			require.InDelta(t, want[i].Float(k), got[i].Float(k), 0.05*top, "output %d, element %d", i, k)
			require.InDelta(t, theirs[i].Float(k), got[i].Float(k), 0.01*top, "output %d, element %d, in onnxruntime", i, k)
		}
	}
}

// TestQuantizeFlat: what the only function behind a value takes for nothing is left out of its range, and of no other's.
func TestQuantizeFlat(t *testing.T) {
	b := newBuilderOf(17, 1, 4, 6, 6)
	v := b.conv("c1", "x", 4, 4, 1, 1, true)
	v = b.conv("c2", b.node("Mul", "silu", nil, b.node("Sigmoid", "gate", nil, v), v), 4, 4, 1, 1, true)
	v = b.conv("c3", b.node("HardSwish", "hs", nil, v), 4, 4, 1, 1, true)
	v = b.conv("c4", b.node("Sigmoid", "sig", nil, v), 4, 4, 1, 1, true)
	b.node("HardSwish", "y", nil, v)
	f, _ := load(t, b.bytes("y", "c4"))
	q, err := newQuantizer(f, Quantization{Samples: 1, Sample: noise(0, 1, 1, 4, 6, 6)})
	require.NoError(t, err)
	require.NoError(t, q.choose())
	got := make(map[string]float64)
	for v := range q.ranges {
		q.ranges[v] = &spread{lo: -50, hi: 10}
	}
	q.flat()
	for v, r := range q.ranges {
		require.EqualValues(t, 10, r.hi)
		got[v] = r.lo
	}
	require.Equal(t, map[string]float64{"x": -50, "c1": -7, "silu": -50, "c2": -3, "hs": -50, "c3": -50, "sig": -50, "c4": -50}, got)
}

// TestQuantizeBias: a channel without weights keeps its bias, one with tiny ones as well, and a range without numbers is one.
func TestQuantizeBias(t *testing.T) {
	b := newBuilderOf(13, 1, 1, 2, 2)
	b.m.Constants = append(b.m.Constants, onnxfile.Floats("w", []int{4, 1, 1, 1}, []float32{0, 1e-30, 1e-12, 1}), onnxfile.Floats("b", []int{4}, []float32{0.3, -5, 3, 1}),
		onnxfile.Floats("none", []int{1, 4, 1, 1}, []float32{0, 0, 0, 0}))
	b.node("Conv", "y", nil, "x", "w", "b")
	b.node("Conv", "z", nil, "y", "none")
	f, before := load(t, b.bytes("y", "z"))
	sample := noise(-1, 1, 1, 1, 2, 2)
	q, err := f.Quantize(Quantization{Samples: 3, Sample: sample})
	require.NoError(t, err)
	_, after := load(t, q.File)
	in, err := sample(1)
	require.NoError(t, err)
	want, got := outputs(before), outputs(after)
	require.NoError(t, before.NewSession(1).Run(want, in))
	require.NoError(t, after.NewSession(1).Run(got, in))
	for k := range want[0].Len() {
		require.InDelta(t, want[0].Float(k), got[0].Float(k), 0.03)
	}
	for k := range got[1].Len() {
		require.Zero(t, got[1].Float(k))
	}
}

// TestQuantizeOldSet: a file whose operators may mean something else in operator set 13 keeps its own, and dequantises by onnxruntime's operator.
func TestQuantizeOldSet(t *testing.T) {
	b := newBuilderOf(11, 1, 3, 4, 4)
	v := b.conv("c", "x", 4, 3, 3, 1, true)
	b.m.Constants = append(b.m.Constants, onnxfile.Tensor{Name: "axis", DType: "int64", Shape: []int{1}, Data: []byte{3, 0, 0, 0, 0, 0, 0, 0}})
	b.node("CumSum", "y", nil, v, "axis")
	f, before := load(t, b.bytes("y"))
	sample := noise(-1, 1, 1, 3, 4, 4)
	q, err := f.Quantize(Quantization{Samples: 3, Sample: sample})
	require.NoError(t, err)
	f, after := load(t, q.File)
	require.Equal(t, map[string]int{"": 11, microsoft: 1}, f.Opsets())
	require.Equal(t, 2, f.Operators()[microsoft+".QuantizeLinear"])
	require.Greater(t, signalToNoise(t, before, after, 3, sample), 30.0)
	in, err := sample(0)
	require.NoError(t, err)
	got := outputs(after)
	require.NoError(t, after.NewSession(1).Run(got, in))
	want := onOrt(t, q.File, ort.All, in[0])
	for k := range got[0].Len() {
		require.InDelta(t, want[0].Float(k), got[0].Float(k), 1e-5)
	}
}

// TestQuantizeRaised: what an older operator set says by attributes the file says by inputs.
func TestQuantizeRaised(t *testing.T) {
	for _, opset := range []int{8, 9} {
		b := newBuilderOf(opset, 1, 3, 8, 8)
		v := b.conv("c", "x", 4, 3, 3, 1, true)
		v = b.node("Pad", "pad", []onnxfile.Attr{{Name: "pads", Value: []int{0, 0, 1, 1, 0, 0, 1, 1}}, {Name: "value", Value: float32(0.5)}}, v)
		v = b.node("Slice", "slice", []onnxfile.Attr{{Name: "starts", Value: []int{1, 2}}, {Name: "ends", Value: []int{9, 9}}, {Name: "axes", Value: []int{2, 3}}}, v)
		attrs, in, scales := []onnxfile.Attr{{Name: "mode", Value: "linear"}}, []string{v}, []float32{1, 1, 2, 2}
		if opset < 9 {
			attrs = append(attrs, onnxfile.Attr{Name: "scales", Value: scales})
		} else {
			b.m.Constants = append(b.m.Constants, onnxfile.Floats("scales", []int{4}, scales))
			in = append(in, "scales")
		}
		v = b.node("Upsample", "up", attrs, in...)
		v = b.node("ReduceSum", "sum", []onnxfile.Attr{{Name: "axes", Value: []int{2}}, {Name: "keepdims", Value: 1}}, v)
		v = b.node("Squeeze", "squeeze", []onnxfile.Attr{{Name: "axes", Value: []int{2}}}, v)
		b.node("Unsqueeze", "y", []onnxfile.Attr{{Name: "axes", Value: []int{0}}}, b.node("Softmax", "soft", []onnxfile.Attr{{Name: "axis", Value: 2}}, v))
		f, before := load(t, b.bytes("y", "squeeze"))
		sample := noise(-1, 1, 1, 3, 8, 8)
		q, err := f.Quantize(Quantization{Samples: 3, Sample: sample})
		require.NoError(t, err)
		f, after := load(t, q.File)
		require.Equal(t, map[string]int{"": 13}, f.Opsets())
		require.Greater(t, signalToNoise(t, before, after, 3, sample), 30.0)
		in1, err := sample(0)
		require.NoError(t, err)
		got := outputs(after)
		require.NoError(t, after.NewSession(1).Run(got, in1))
		want := onOrt(t, q.File, ort.All, in1[0])
		for k := range got[1].Len() {
			require.InDelta(t, want[1].Float(k), got[1].Float(k), 1e-4)
		}
	}
}

// TestQuantizeRefuses: errors name what is wrong.
func TestQuantizeRefuses(t *testing.T) {
	file := func(op string, opset int) *File {
		b := newBuilderOf(opset, 1, 3, 4, 4)
		if op == "Conv" {
			b.conv("y", "x", 2, 3, 1, 1, false)
		} else {
			b.node(op, "y", nil, "x")
		}
		f, _ := load(t, b.bytes("y"))
		return f
	}
	good := Quantization{Samples: 1, Sample: noise(0, 1, 1, 3, 4, 4)}
	done, err := file("Conv", 13).Quantize(good)
	require.NoError(t, err)
	twice, _ := load(t, done.File)
	for _, c := range []struct {
		name   string
		f      *File
		change func(*Quantization)
		want   string
	}{
		{"no samples", file("Conv", 13), func(q *Quantization) { q.Samples = 0 }, "0 samples"},
		{"percentile", file("Conv", 13), func(q *Quantization) { q.Percentile = 20 }, "percentile is 20"},
		{"unknown node", file("Conv", 13), func(q *Quantization) { q.Float = []string{"c9"} }, `no node "c9"`},
		{"all stay", file("Conv", 13), func(q *Quantization) { q.Float = []string{"y"} }, "it was to stay"},
		{"nothing to do", file("Relu", 13), nil, "no convolution"},
		{"twice", twice, nil, "quantised already"},
		{"old", file("Conv", 5), nil, "operator set 5"},
		{"too few inputs", file("Conv", 13), func(q *Quantization) { q.Sample = func(int) ([]tensor.Array, error) { return nil, nil } }, "0 inputs"},
		{"a sample fails", file("Conv", 13), func(q *Quantization) { q.Sample = func(int) ([]tensor.Array, error) { return nil, os.ErrNotExist } }, "sample 0: file does not exist"},
		{"a NaN", file("Conv", 13), func(q *Quantization) { q.Sample = noise(math.NaN(), 1, 1, 3, 4, 4) }, `input "x"`},
		{"another size", file("Conv", 13), func(q *Quantization) { q.Sample = noise(0, 1, 1, 3, 4, 5) }, "sample 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := good
			if c.change != nil {
				c.change(&q)
			}
			_, err := c.f.Quantize(q)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestDynamicFiles: what quantises while it runs, in onnxruntime's operator and spelled out, multiplies bytes, and gives what that library does.
func TestDynamicFiles(t *testing.T) {
	b := newBuilderOf(17, 1, 5, 40)
	b.m.Opsets[microsoft] = 1
	w, zero := make([]byte, 40*12), make([]byte, 12)
	for i := range w {
		w[i] = byte(b.r.Uint32())
	}
	b.m.Constants = append(b.m.Constants, onnxfile.Tensor{Name: "w", DType: "int8", Shape: []int{40, 12}, Data: w}, onnxfile.Tensor{Name: "z", DType: "int8", Shape: []int{12}, Data: zero})
	b.floats("s", 0.01, 0.02, 12)
	b.floats("bias", -1, 1, 12)
	b.m.Nodes = append(b.m.Nodes,
		onnxfile.Node{Op: "DynamicQuantizeMatMul", Domain: microsoft, Inputs: []string{"x", "w", "s", "z", "bias"}, Outputs: []string{"y"}},
		onnxfile.Node{Op: "DynamicQuantizeLinear", Inputs: []string{"x"}, Outputs: []string{"xq", "xs", "xz"}})
	b.node("MatMulInteger", "sums", nil, "xq", "w", "xz")
	b.node("Cast", "numbers", []onnxfile.Attr{{Name: "to", Value: 1}}, "sums")
	b.node("Mul", "scaled", nil, "numbers", b.node("Mul", "scales", nil, "xs", "s"))
	file := b.bytes("y", "scaled")
	_, m := load(t, file)
	require.NotContains(t, strings.Join(m.Steps(), "\n"), "eval")
	in, err := noise(-1, 2, 1, 5, 40)(0)
	require.NoError(t, err)
	got := outputs(m)
	require.NoError(t, m.NewSession(1).Run(got, in))
	want := onOrt(t, file, ort.All, in[0])
	for i := range want {
		for k := range want[i].Len() {
			require.InDelta(t, want[i].Float(k), got[i].Float(k), 1e-4, "output %d, element %d", i, k)
		}
	}
}
