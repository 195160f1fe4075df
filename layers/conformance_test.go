package layers_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/internal/onnxnodes"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// TestConformance runs the stored cases of single operators, on every instruction set, in both
// layouts and with every algorithm, and lists those that nothing here computes yet.
func TestConformance(t *testing.T) {
	list := cases.List(t, "onnx", func(c *cases.Case) bool { return c.Tier == "core" })
	list = append(list, cases.List(t, "oracle", nil)...)
	missing := map[string]map[string]int{} // operator, reason, cases
	ran, variants := 0, 0
	for _, c := range list {
		why := ""
		for _, isa := range asm.Supported() {
			tr := &trial{t: t, c: c, n: &c.Nodes[0], k: kernels(t, isa), isa: isa}
			if why = tr.run(); why != "" {
				break
			}
			variants += tr.variants
		}
		if why == "" {
			ran++
			continue
		}
		if missing[c.Op] == nil {
			missing[c.Op] = map[string]int{}
		}
		missing[c.Op][why]++
	}
	t.Logf("%d of %d cases pass, in %d variants: what goes forward; gradients and the indices of max pooling are not there", ran, len(list), variants)
	require.GreaterOrEqual(t, ran, 302, "a case that ran once is not covered any more")
	for _, op := range slices.Sorted(maps.Keys(missing)) {
		for _, why := range slices.Sorted(maps.Keys(missing[op])) {
			t.Logf("not covered: %-26s %3d  %s", op, missing[op][why], why)
		}
	}
}

// trial is one case on one instruction set.
type trial struct {
	t        *testing.T
	c        *cases.Case
	n        *cases.Node
	k        *asm.Set
	isa      asm.ISA
	variants int
}

// run returns why the case is not covered, or "" after comparing what comes out.
func (tr *trial) run() (why string) {
	if len(tr.c.Nodes) != 1 {
		return "several operators"
	}
	for _, in := range tr.n.Inputs {
		if x := tr.c.Tensor(in); x != nil && x.DType != "float32" && x.DType != "int64" {
			return "dtype " + x.DType
		}
	}
	adapter := adapters[tr.n.Op]
	if adapter == nil {
		return "operator not there"
	}
	return adapter(tr)
}

// adapters compute an operator; they return why they cannot. Names in capitals are ONNX's, the others PyTorch's.
var adapters = map[string]func(*trial) string{
	"Conv": (*trial).conv, "conv2d": (*trial).conv,
	"MaxPool": (*trial).maxPool, "max_pool2d": (*trial).maxPool,
	"AveragePool": (*trial).avgPool, "avg_pool2d": (*trial).avgPool,
	"GlobalAveragePool": func(tr *trial) string { return tr.layer(layers.GlobalAvgPool2D{}) },
	"GlobalMaxPool":     func(tr *trial) string { return tr.layer(layers.GlobalMaxPool2D{}) },
	"adaptive_avg_pool2d": func(tr *trial) string {
		return tr.adaptive(layers.GlobalAvgPool2D{})
	},
	"adaptive_max_pool2d": func(tr *trial) string {
		return tr.adaptive(layers.GlobalMaxPool2D{})
	},
	"Gemm": (*trial).gemm, "gemm": (*trial).gemm,
	"MatMul": (*trial).matmul, "matmul": (*trial).matmul, "linear": (*trial).linear,
	"BatchNormalization": (*trial).batchNorm, "batch_norm": (*trial).batchNorm,
	"Softmax": (*trial).softmax, "softmax": (*trial).softmax, "LogSoftmax": (*trial).softmax, "log_softmax": (*trial).softmax,
	"LRN": (*trial).lrn, "local_response_norm": (*trial).lrn,
	"Concat": (*trial).concat, "Flatten": (*trial).flatten,
	"Add": (*trial).binary, "add": (*trial).binary, "Mul": (*trial).binary, "mul": (*trial).binary,
	"net_lenet": (*trial).lenet, "net_mobile": (*trial).mobile,

	"Relu": (*trial).unary, "Sigmoid": (*trial).unary, "Tanh": (*trial).unary, "HardSigmoid": (*trial).unary,
	"HardSwish": (*trial).unary, "LeakyRelu": (*trial).unary, "Elu": (*trial).unary, "Clip": (*trial).unary,
	"relu": (*trial).unary, "relu6": (*trial).unary, "sigmoid": (*trial).unary, "tanh": (*trial).unary,
	"hardsigmoid": (*trial).unary, "hardswish": (*trial).unary, "leaky_relu": (*trial).unary, "elu": (*trial).unary,
	"PRelu": (*trial).prelu, "prelu": (*trial).prelu,
	"hardtanh": (*trial).unary, "silu": (*trial).unary, "gelu": (*trial).unary, "exp": (*trial).unary,
}

// in returns input i's tensor, nil if it is not given.
func (tr *trial) in(i int) *cases.Tensor {
	if name := tr.n.Input(i); name != "" {
		return tr.c.Tensor(name)
	}
	return nil
}

// floats returns input i, nil if it is not given.
func (tr *trial) floats(i int) []float32 {
	if x := tr.in(i); x != nil {
		return x.Float32s()
	}
	return nil
}

// compare fails the test when got is not output 0 within the case's tolerance.
func (tr *trial) compare(variant string, got []float32) {
	tr.variants++
	out := tr.c.Tensor(tr.n.Outputs[0])
	want := out.Float64s()
	what := fmt.Sprintf("%s, %s, %v", tr.c.Name, variant, tr.isa)
	if len(got) != len(want) {
		tr.t.Errorf("%s: %d elements, want %d", what, len(got), len(want))
		return
	}
	if tr.c.Exact {
		check.Exact(tr.t, what, got, check.Round(want))
		return
	}
	if s, ok := tr.c.Stats[tr.n.Outputs[0]]; ok {
		cond := make([]float64, len(want))
		for i := range cond {
			cond[i] = s.Cond
		}
		check.Bound(tr.t, what, got, want, cond, s.Depth)
		return
	}
	rtol, atol := tr.c.Rtol, tr.c.Atol
	if rtol == 0 { // answers in float64: some roundings, relative to the value and to the largest of all
		rtol = 2e-6
		switch {
		case strings.HasPrefix(tr.c.Name, "act_gelu") && strings.HasSuffix(tr.c.Name, "_wide"):
			atol = 2e-15 // PyTorch gets 0 for the GELU of -11: it computes 1 + erf
		case strings.HasSuffix(tr.c.Name, "_wide"):
			atol = 1e-29 // PyTorch gets 0 for the ELU of -1e-30
		default:
			share := 5e-7
			if strings.HasPrefix(tr.c.Name, "net_") { // as many roundings as layers
				share = 4e-6
			}
			for _, v := range want {
				if !math.IsInf(v, 0) {
					atol = max(atol, share*math.Abs(v))
				}
			}
		}
	}
	for i, w := range want {
		g := float64(got[i])
		switch {
		case math.IsNaN(w):
			if math.IsNaN(g) {
				continue
			}
		case g == w || float32(w) == got[i]: // infinities too; float32 may overflow where float64 does not
			continue
		case math.Abs(w) < 0x1p-126 && math.Abs(g) <= 0x1p-126: // denormals may be flushed
			continue
		case math.Abs(g-w) <= rtol*math.Abs(w)+atol:
			continue
		}
		tr.t.Errorf("%s: [%d] is %v, want %v", what, i, got[i], w)
		return
	}
}

// shape4 reads a tensor's shape: features, sequences (as rows of height 1) or maps.
func shape4(x *cases.Tensor) (s tensor.Shape, ok bool) {
	switch d := x.Shape; len(d) {
	case 2:
		return tensor.Shape{N: d[0], C: d[1], H: 1, W: 1}, true
	case 3:
		return tensor.Shape{N: d[0], C: d[1], H: 1, W: d[2]}, true
	case 4:
		return tensor.Shape{N: d[0], C: d[1], H: d[2], W: d[3]}, true
	}
	return s, false
}

func rank(x *cases.Tensor) string { return fmt.Sprintf("%d axes", len(x.Shape)) }

// window reads the window of a node on input x, ONNX's or PyTorch's attributes, over one axis or two.
func (tr *trial) window(x tensor.Shape, kernel []int) (tensor.Window, error) {
	n := *tr.n
	if n.Domain == "torch" {
		p := n.Ints("pads")
		if p == nil {
			p = n.Ints("padding", 0, 0)
			p = []int{p[0], p[1], p[0], p[1]}
		}
		k, s, d := n.Ints("kernel"), n.Ints("stride", 1, 1), n.Ints("dilation", 1, 1)
		return tensor.Window{
			KernelH: k[0], KernelW: k[1], StrideH: s[0], StrideW: s[1], DilationH: d[0], DilationW: d[1],
			PadTop: p[0], PadLeft: p[1], PadBottom: p[2], PadRight: p[3], CeilMode: n.Bool("ceil_mode", false),
		}, nil
	}
	if k := n.Ints("kernel_shape", kernel...); len(k) == 1 { // a sequence: the second axis
		wide := cases.Node{Attrs: maps.Clone(n.Attrs)}
		for attr, one := range map[string]string{"kernel_shape": "1", "strides": "1", "dilations": "1"} {
			if v := n.Ints(attr); v != nil {
				wide.Attrs[attr] = fmt.Appendf(nil, "[%s,%d]", one, v[0])
			}
		}
		if p := n.Ints("pads"); p != nil {
			wide.Attrs["pads"] = fmt.Appendf(nil, "[0,%d,0,%d]", p[0], p[1])
		}
		return onnxnodes.Window(&wide, x.H, x.W, 1, k[0])
	} else if len(k) == 2 {
		return onnxnodes.Window(&n, x.H, x.W, k[0], k[1])
	}
	return tensor.Window{}, fmt.Errorf("a window over %d axes", len(n.Ints("kernel_shape", kernel...)))
}

var layouts = []tensor.Layout{tensor.NCHW, tensor.NHWC}

func (tr *trial) conv() string {
	x, w := tr.in(0), tr.in(1)
	s, ok := shape4(x)
	if !ok {
		return rank(x)
	}
	win, err := tr.window(s, w.Shape[2:])
	if err != nil {
		return err.Error()
	}
	p := conv.Params{In: s, OutC: w.Shape[0], Window: win, Groups: tr.n.Int("group", tr.n.Int("groups", 1)), Kernels: tr.k}
	for _, name := range conv.Algorithms() {
		if name == "winograd" {
			continue // the cases' bounds are those of a plain sum; the tests of conv have one for F(4x4,3x3)
		}
		for _, l := range layouts {
			p.Layout, p.Algorithm = l, name
			if !conv.Applies(name, p) {
				continue
			}
			plan, err := conv.New(p, w.Float32s(), tr.floats(2))
			require.NoError(tr.t, err, tr.c.Name)
			y := make([]float32, plan.Out().Elems())
			plan.Run(conv.NewWorkspace(1, plan), y, ref.Convert(tensor.NCHW, l, s, x.Float32s()), nil)
			tr.compare(plan.String(), ref.Convert(l, tensor.NCHW, plan.Out(), y))
		}
	}
	return ""
}

func (tr *trial) pool(p pool.Params) string {
	x := tr.in(0)
	var ok bool
	if p.In, ok = shape4(x); !ok {
		return rank(x)
	}
	var err error
	if p.Window, err = tr.window(p.In, nil); err != nil {
		return err.Error()
	}
	p.Kernels = tr.k
	for _, p.Layout = range layouts {
		plan, err := pool.New(p)
		if err != nil {
			return err.Error()
		}
		y := make([]float32, plan.Out().Elems())
		plan.Run(pool.NewWorkspace(1, plan), y, ref.Convert(tensor.NCHW, p.Layout, p.In, x.Float32s()))
		tr.compare(plan.String(), ref.Convert(p.Layout, tensor.NCHW, plan.Out(), y))
	}
	return ""
}

func (tr *trial) maxPool() string { return tr.pool(pool.Params{Kind: pool.Max}) }

func (tr *trial) avgPool() string {
	if tr.n.Int("divisor_override", 0) != 0 {
		return "divisor_override"
	}
	include := false
	if tr.n.Domain == "torch" {
		include = tr.n.Bool("count_include_pad", true)
	} else {
		include = tr.n.Int("count_include_pad", 0) != 0
	}
	return tr.pool(pool.Params{Kind: pool.Avg, CountIncludePad: include})
}

// layer runs a layer on inputs in both layouts.
func (tr *trial) layer(l layers.Layer, more ...*cases.Tensor) string {
	for _, layout := range layouts {
		g := layers.NewGraph()
		var in []layers.Value
		var src [][]float32
		for _, x := range append([]*cases.Tensor{tr.in(0)}, more...) {
			s, ok := shape4(x)
			if !ok {
				return rank(x)
			}
			in = append(in, g.Input(x.Name, s))
			src = append(src, ref.Convert(tensor.NCHW, layout, s, x.Float32s()))
		}
		g.Output(g.Apply(l, in...))
		m, err := g.Compile(layers.Options{Layout: layout, Kernels: tr.k})
		require.NoError(tr.t, err, tr.c.Name)
		out := outputs(m)
		m.NewSession(1).ForwardAll(out, src)
		tr.compare(fmt.Sprintf("%T %v", l, layout), ref.Convert(layout, tensor.NCHW, m.Outputs()[0], out[0]))
	}
	return ""
}

func (tr *trial) adaptive(global layers.Layer) string {
	x, size := tr.in(0), tr.n.Ints("output_size")
	switch {
	case slices.Equal(size, []int{1, 1}):
		return tr.layer(global)
	case slices.Equal(size, x.Shape[2:]):
		return tr.layer(layers.Identity{})
	}
	return "adaptive pooling to more than one pixel"
}

func (tr *trial) gemm() string {
	a, b, n := tr.in(0), tr.in(1), tr.n
	tA, tB := gemm.Transpose(n.Int("transA", n.Int("transa", 0)) != 0), gemm.Transpose(n.Int("transB", n.Int("transb", 0)) != 0)
	m, k, cols := a.Shape[0], a.Shape[1], b.Shape[1]
	if tA {
		m, k = k, m
	}
	if tB {
		cols = b.Shape[0]
	}
	alpha, beta := float32(n.Float("alpha", 1)), float32(n.Float("beta", 1))
	start := make([]float32, m*cols)
	if c := tr.in(2); c != nil {
		v := c.Float32s()
		rows, per := 1, c.Len()
		if len(c.Shape) == 2 {
			rows, per = c.Shape[0], c.Shape[1]
		}
		for i := range start {
			start[i] = v[i/cols%rows*per+i%cols%per]
		}
	} else {
		beta = 0
	}
	ws := gemm.NewWorkspaceFor(tr.k, 1)
	y := slices.Clone(start)
	ws.Sgemm(tA, tB, m, cols, k, alpha, a.Float32s(), a.Shape[1], b.Float32s(), b.Shape[1], beta, y, cols)
	tr.compare("Sgemm", y)
	packed, err := gemm.PackB(tr.k, tB, k, cols, b.Float32s(), b.Shape[1])
	require.NoError(tr.t, err)
	y = slices.Clone(start)
	ws.MulPacked(tA, m, alpha, a.Float32s(), a.Shape[1], packed, beta, y, cols, nil)
	tr.compare("MulPacked", y)
	return ""
}

func (tr *trial) matmul() string {
	a, b := tr.in(0), tr.in(1)
	as, bs := a.Shape, b.Shape
	if len(as) < 2 || len(bs) < 2 || !slices.Equal(as[:len(as)-2], bs[:len(bs)-2]) {
		return "broadcast batches, or vectors"
	}
	m, k, n := as[len(as)-2], as[len(as)-1], bs[len(bs)-1]
	x, w := a.Float32s(), b.Float32s()
	y := make([]float32, len(x)/k*n)
	ws := gemm.NewWorkspaceFor(tr.k, 1)
	for i := range len(x) / (m * k) {
		ws.Sgemm(gemm.NoTrans, gemm.NoTrans, m, n, k, 1, x[i*m*k:], k, w[i*k*n:], n, 0, y[i*m*n:], n)
	}
	tr.compare("Sgemm for each of the batch", y)
	return ""
}

func (tr *trial) linear() string {
	x, w := tr.in(0), tr.in(1)
	k := w.Shape[1]
	rows := *x
	rows.Shape = []int{x.Len() / k, k}
	c := *tr
	c.c = &cases.Case{Name: tr.c.Name, Exact: tr.c.Exact, Stats: tr.c.Stats}
	for _, y := range tr.c.Tensors {
		if y == x {
			y = &rows
		}
		c.c.Tensors = append(c.c.Tensors, y)
	}
	why := c.layer(layers.Linear{Out: w.Shape[0], Weights: w.Float32s(), Bias: tr.floats(2)})
	tr.variants += c.variants
	return why
}

func (tr *trial) batchNorm() string {
	if tr.n.Int("training_mode", 0) != 0 || tr.n.Domain == "torch" && tr.n.Bool("training", false) {
		return "training"
	}
	eps := tr.n.Float("epsilon", tr.n.Float("eps", 1e-5))
	return tr.layer(layers.BatchNorm{Gamma: tr.floats(1), Beta: tr.floats(2), Mean: tr.floats(3), Var: tr.floats(4), Eps: eps})
}

func (tr *trial) softmax() string {
	x := tr.in(0)
	d := x.Shape
	axis := tr.n.Int("axis", tr.n.Int("dim", -1))
	if tr.n.Domain != "torch" && tr.c.Opset < 13 { // flattened to two axes
		axis = tr.n.Int("axis", 1)
		rows := 1
		for _, s := range d[:axis] {
			rows *= s
		}
		d, axis = []int{rows, x.Len() / rows}, 1
	}
	if axis < 0 {
		axis += len(d)
	}
	stride := 1
	for _, s := range d[axis+1:] {
		stride *= s
	}
	w, y := new(elem.Worker), make([]float32, x.Len())
	if strings.HasPrefix(strings.ToLower(tr.n.Op), "log") {
		w.LogSoftmax(tr.k, y, x.Float32s(), d[axis], stride)
	} else {
		w.Softmax(tr.k, y, x.Float32s(), d[axis], stride)
		if axis == 1 && slices.Equal(d, x.Shape) {
			tr.layer(layers.Softmax{})
		}
	}
	tr.compare(fmt.Sprintf("axis %d", axis), y)
	return ""
}

func (tr *trial) lrn() string {
	n := tr.n
	size := n.Int("size", 0)
	if n.Domain == "torch" && size%2 == 0 {
		return "an even size: PyTorch's window is the mirror image of ONNX's"
	}
	return tr.layer(layers.LocalResponseNorm{
		Size: size, Alpha: n.Float("alpha", 1e-4), Beta: n.Float("beta", 0.75), K: n.Float("bias", n.Float("k", 1)),
	})
}

func (tr *trial) concat() string {
	x := tr.in(0)
	axis := tr.n.Int("axis", 1)
	if axis < 0 {
		axis += len(x.Shape)
	}
	if axis != 1 {
		return fmt.Sprintf("axis %d: channels alone are joined", axis)
	}
	var more []*cases.Tensor
	for i := 1; i < len(tr.n.Inputs); i++ {
		more = append(more, tr.in(i))
	}
	return tr.layer(layers.Concat{}, more...)
}

func (tr *trial) flatten() string {
	x := tr.in(0)
	axis := tr.n.Int("axis", 1)
	if axis < 0 {
		axis += len(x.Shape)
	}
	if axis != 1 {
		return fmt.Sprintf("axis %d: the batch stays apart", axis)
	}
	return tr.layer(layers.Flatten{})
}

// binary runs operands of equal shapes as they are, and a second one that is a number, a row or a number for each
// channel as constants.
func (tr *trial) binary() string {
	a, b := tr.in(0), tr.in(1)
	mul := strings.EqualFold(tr.n.Op, "mul")
	x, y := a.Float32s(), b.Float32s()
	if slices.Equal(a.Shape, b.Shape) {
		w, out := new(elem.Worker), make([]float32, len(x))
		if mul {
			w.Mul(tr.k, out, x, y)
		} else {
			w.Add(tr.k, out, x, y)
		}
		tr.compare("equal shapes", out)
		return ""
	}
	// Elements of b lie inner apart in a, and repeat: b has one axis, or one that is not 1.
	axis := -1
	for i, s := range b.Shape {
		if s != 1 {
			if axis >= 0 {
				return "broadcasting over several axes"
			}
			axis = i + len(a.Shape) - len(b.Shape)
		}
	}
	inner := 1
	if axis >= 0 {
		if a.Shape[axis] != b.Len() {
			return "broadcasting the first operand"
		}
		for _, s := range a.Shape[axis+1:] {
			inner *= s
		}
	}
	w, out := new(elem.Worker), make([]float32, len(x))
	lo, hi := float32(math.Inf(-1)), float32(math.Inf(1))
	scale, shift := []float32(nil), y
	if mul {
		scale, shift = y, nil
	}
	w.Planes(tr.k, out, x, scale, shift, inner, lo, hi)
	tr.compare("planes", out)
	if inner == 1 {
		w.Channels(tr.k, out, x, scale, shift, lo, hi)
		tr.compare("channels", out)
	}
	return ""
}

func (tr *trial) unary() string {
	n := tr.n
	kind, a, b := asm.Identity, 0.0, 0.0
	switch strings.ToLower(n.Op) {
	case "relu":
		kind = asm.ReLU
	case "relu6":
		kind, a, b = asm.Clamp, 0, 6
	case "clip":
		kind, a, b = asm.Clamp, n.Float("min", math.Inf(-1)), n.Float("max", math.Inf(1))
		if v := tr.floats(1); v != nil {
			a = float64(v[0])
		}
		if v := tr.floats(2); v != nil {
			b = float64(v[0])
		}
	case "hardtanh":
		kind, a, b = asm.Clamp, n.Float("min", -1), n.Float("max", 1)
	case "sigmoid":
		kind = asm.Sigmoid
	case "tanh":
		kind = asm.Tanh
	case "silu":
		kind = asm.SiLU
	case "hardswish":
		kind = asm.HardSwish
	case "hardsigmoid":
		kind, a, b = asm.HardSigmoid, n.Float("alpha", 0.2), n.Float("beta", 0.5)
		if n.Domain == "torch" {
			a = 1. / 6
		}
	case "leakyrelu", "leaky_relu":
		kind, a = asm.LeakyReLU, n.Float("alpha", n.Float("slope", 0.01))
	case "elu":
		kind, a = asm.ELU, n.Float("alpha", 1)
	case "gelu":
		kind = asm.GELU
		if n.String("approximate", "none") == "tanh" {
			kind = asm.GELUTanh
		}
	case "exp":
		kind = asm.Exp
	}
	x := tr.floats(0)
	y := make([]float32, len(x))
	new(elem.Worker).Unary(tr.k, kind, float32(a), float32(b), y, x)
	tr.compare(kind.String(), y)
	return ""
}

func (tr *trial) prelu() string {
	slope := tr.floats(1)
	if len(slope) != 1 {
		return "a slope for each channel"
	}
	x := tr.floats(0)
	y := make([]float32, len(x))
	new(elem.Worker).Unary(tr.k, asm.LeakyReLU, slope[0], 0, y, x)
	tr.compare("one slope", y)
	return ""
}

// network compares a whole small network's first output.
func (tr *trial) network(l layers.Layer) string {
	x := tr.in(0)
	s, _ := shape4(x)
	for _, unfused := range []bool{false, true} {
		y := forward(tr.t, l, s, layers.Options{Kernels: tr.k, Unfused: unfused}, 1, x.Float32s())
		tr.compare(fmt.Sprintf("unfused %v", unfused), y)
	}
	return ""
}

// conv2D reads the weights of an input as a convolution's.
func (tr *trial) conv2D(i, pad, groups int, bias []float32) layers.Conv2D {
	w := tr.in(i)
	return layers.Conv2D{OutC: w.Shape[0], Groups: groups, Window: layers.Square(w.Shape[2], 1, pad), Weights: w.Float32s(), Bias: bias}
}

func (tr *trial) lenet() string {
	half := layers.MaxPool2D{Window: layers.Square(2, 2, 0)}
	return tr.network(layers.Sequential{
		tr.conv2D(2, 2, 1, tr.floats(3)), layers.ReLU{}, half,
		tr.conv2D(4, 0, 1, tr.floats(5)), layers.ReLU{}, half,
		layers.Flatten{},
		layers.Linear{Out: 40, Weights: tr.floats(6), Bias: tr.floats(7)}, layers.ReLU{},
		layers.Linear{Out: 10, Weights: tr.floats(8), Bias: tr.floats(9)},
	})
}

func (tr *trial) mobile() string {
	squeeze, excite := tr.in(3), tr.in(4)
	return tr.network(layers.Residual{Body: layers.Sequential{
		tr.conv2D(1, 0, 1, nil), layers.HardSwish{},
		tr.conv2D(2, 1, 24, nil), layers.HardSwish{},
		layers.Gate{Body: layers.Sequential{
			layers.GlobalAvgPool2D{},
			layers.Linear{Out: squeeze.Shape[0], Weights: squeeze.Float32s()}, layers.ReLU{},
			layers.Linear{Out: excite.Shape[0], Weights: excite.Float32s()}, layers.HardSigmoid{Alpha: 1. / 6, Beta: 0.5},
		}},
		tr.conv2D(5, 0, 1, nil),
	}})
}
