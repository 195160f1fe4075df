package graph

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// example is an operator with inputs that it takes: arrays are constants, types are known at run time only, nil is left out.
type example struct {
	op Op
	in []any
}

func floatType(dims ...int) tensor.Type { return tensor.T(tensor.Float32, dims...) }
func byteType(dims ...int) tensor.Type  { return tensor.T(tensor.Uint8, dims...) }
func boolType(dims ...int) tensor.Type  { return tensor.T(tensor.Bool, dims...) }
func intType(dims ...int) tensor.Type   { return tensor.T(tensor.Int64, dims...) }
func list(x ...int64) tensor.Array      { return tensor.Vector(x) }

func examples() []example {
	var all []example
	add := func(op Op, in ...any) { all = append(all, example{op, in}) }
	x4, x3, x2 := floatType(2, 6, 5, 4), floatType(2, 4, 7), floatType(3, 4)
	w := random(rand.New(rand.NewSource(1)), 4, 6, 3, 3)
	for _, op := range slices.Concat(unaries, rounded1, smooth, []Op{Reciprocal{}, Sqrt{}, Log{}, Tan{}, Asin{}, Acos{}, Cosh{}, Acosh{}, Atanh{}, IsNaN{}, IsInf{},
		GlobalAveragePool{}, GlobalMaxPool{}, GlobalLpPool{2}, Cast{tensor.Int32}, Flatten{1}, Shape{}, Size{}, LRN{3, 1, 0.75, 1}, MeanVarianceNormalization{},
		Softmax{1}, LogSoftmax{-1}, Hardmax{1}, LpNormalization{1, 2}, DynamicQuantizeLinear{}, DepthToSpace{1, false}, SpaceToDepth{1}, Transpose{tensor.D(0, 2, 3, 1)},
		ArgMax{Axis: 1}, ArgMin{Axis: 1}, Split{1, 3}, Squeeze{}, Trilu{}, Clip{}, users{1},
		ReduceSum{}, ReduceMean{}, ReduceMax{}, ReduceMin{}, ReduceProd{}, ReduceL1{}, ReduceL2{}, ReduceSumSquare{}, ReduceLogSum{}, ReduceLogSumExp{},
		MaxPool{Window: Window{Kernel: tensor.D(2, 2)}}, AveragePool{Window: Window{Kernel: tensor.D(2, 2)}}, LpPool{Window{Kernel: tensor.D(2, 2)}, 2}}) {
		add(op, x4)
	}
	for _, op := range []Op{Add{}, Sub{}, Mul{}, Div{}, Max{}, Min{}, Sum{}, Mean{}, Pow{}, PRelu{}, Equal{}, Less{}, LessOrEqual{}, Greater{}, GreaterOrEqual{}} {
		add(op, x4, floatType(6, 1, 4))
		add(op, x4, random(rand.New(rand.NewSource(2)), 4))
	}
	for _, op := range []Op{BitwiseAnd{}, BitwiseOr{}, BitwiseXor{}, BitShift{}, Mod{}, Div{}, Pow{}, Min{}, Max{}} {
		add(op, byteType(3, 4), byteType(4))
		add(op, intType(3, 4), intType(4))
	}
	for _, op := range []Op{And{}, Or{}, Xor{}} {
		add(op, boolType(3, 4), boolType(4))
	}
	add(Not{}, boolType(3))
	add(BitwiseNot{}, byteType(3))
	add(Abs{}, intType(4))
	add(Relu{}, intType(4))
	add(Where{}, boolType(3, 1), x2, floatType(4))
	add(Clip{}, x4, tensor.Scalar[float32](0), tensor.Scalar[float32](6))
	add(BatchNormalization{1e-5}, x4, floatType(6), floatType(6), floatType(6), floatType(6))
	add(BatchNormalization{1e-5}, x4, random(rand.New(rand.NewSource(1)), 6), random(rand.New(rand.NewSource(1)), 6), random(rand.New(rand.NewSource(1)), 6), tensor.Vector([]float32{1, 1, 1, 1, 1, 1}))
	add(Conv{}, x4, w, nil)
	add(Conv{Group: 2}, x4, random(rand.New(rand.NewSource(1)), 4, 3, 2, 1), random(rand.New(rand.NewSource(1)), 4))
	add(Conv{}, x3, floatType(2, 4, 3), floatType(2))
	add(ConvTranspose{}, x4, random(rand.New(rand.NewSource(1)), 6, 2, 3, 3))
	add(ConvTranspose{}, x3, floatType(4, 2, 3), floatType(2))
	add(DeformConv{}, x4, floatType(4, 6, 3, 3), floatType(2, 18, 3, 2), floatType(4), floatType(2, 9, 3, 2))
	add(Col2Im{}, floatType(2, 8, 12), list(4, 5), list(2, 2))
	add(ConstantOfShape{Float: 1}, list(2, 3))
	add(Range{}, tensor.Scalar[int64](0), tensor.Scalar[int64](9), tensor.Scalar[int64](2))
	add(Range{}, tensor.Scalar[float32](0), tensor.Scalar[float32](9), tensor.Scalar[float32](0.7))
	add(Tile{}, x2, list(2, 1))
	add(TopK{Axis: 1}, x2, list(2))
	add(CumSum{}, x2, tensor.Scalar[int64](1))
	add(CumProd{}, x2, tensor.Scalar[int64](1))
	add(BitCast{tensor.Int32}, x4)
	add(TensorScatter{Axis: -2}, x4, floatType(2, 6, 3, 4), intType(2))
	add(TensorScatter{Axis: 1, Circular: true}, x2, floatType(3, 4))
	add(OneHot{-1}, intType(3), tensor.Scalar[int64](4), floatType(2))
	add(Trilu{}, x2, tensor.Scalar[int64](1))
	add(Reshape{}, x2, list(2, -1))
	add(Squeeze{}, floatType(1, 3, 1), list(0))
	add(Unsqueeze{}, x2, list(0, -1))
	add(Identity{}, x2)
	add(Expand{}, x2, list(2, 1, 4))
	add(Slice{}, x4, list(0, -1), list(9, -9), list(1, 3), list(2, -1))
	add(Split{Axis: 1}, x4, list(1, 2, 3))
	add(Concat{1}, x4, floatType(2, 1, 5, 4), x4)
	add(Gather{1}, x4, list(0, -1))
	add(Gather{1}, x4, intType(2, 2))
	add(GatherElements{1}, x2, intType(3, 2))
	add(GatherND{1}, x4, intType(2, 3, 1))
	add(ScatterElements{1, ScatterAdd}, x2, intType(3, 2), floatType(3, 2))
	add(ScatterND{}, x2, intType(2, 1), floatType(2, 4))
	add(Pad{}, x4, list(0, 0, 1, 1, 0, 0, 1, 2), tensor.Scalar[float32](1))
	add(Pad{PadReflect}, x4, list(1, 1), nil, list(2))
	add(Resize{Mode: Linear}, x4, nil, tensor.Vector([]float32{1, 1, 2, 1.5}))
	add(Resize{Mode: Cubic, CubicA: -0.75, Coordinates: CropAndResize}, x4, tensor.Vector(make([]float32, 8)), nil, list(2, 6, 3, 9))
	add(Resize{Aspect: NotLarger, Axes: tensor.D(2, 3)}, x4, nil, nil, list(3, 9))
	for _, op := range []Op{ReduceSum{Reduction{Drop: true}}, ReduceMax{}, ReduceMean{}} {
		add(op, x4, list(1, -1))
	}
	add(MaxUnpool{Window{Kernel: tensor.D(2, 2), Strides: tensor.D(2, 2)}}, floatType(1, 1, 2, 2), intType(1, 1, 2, 2))
	add(MaxUnpool{Window{Kernel: tensor.D(2, 2), Strides: tensor.D(2, 2)}}, floatType(1, 1, 2, 2), intType(1, 1, 2, 2), list(1, 1, 5, 5))
	add(LayerNormalization{Axis: -1, Epsilon: 1e-5, Stats: true}, x4, floatType(4), floatType(4))
	add(RMSNormalization{Axis: -1, Epsilon: 1e-5}, x4, floatType(4))
	add(GroupNormalization{2, 1e-5}, x4, floatType(6), floatType(6))
	add(InstanceNormalization{1e-5}, x4, floatType(6), floatType(6))
	add(MatMul{}, floatType(2, 3, 4), floatType(4, 5))
	add(MatMul{}, floatType(2, 3, 4), random(rand.New(rand.NewSource(1)), 4, 5))
	add(MatMul{}, floatType(4), floatType(2, 4, 5))
	add(Gemm{Alpha: 1, Beta: 1}, x2, random(rand.New(rand.NewSource(1)), 4, 5), random(rand.New(rand.NewSource(1)), 5))
	add(Gemm{Alpha: 1, Beta: 1, TransA: true}, x2, floatType(3, 5), floatType(4, 1))
	add(MatMulInteger{}, byteType(3, 4), byteType(4, 5), byteType(), byteType(5))
	add(ConvInteger{}, byteType(1, 2, 5, 5), byteType(3, 2, 3, 3), byteType(), byteType(3))
	s := tensor.Scalar[float32](0.5)
	add(QLinearConv{}, byteType(1, 2, 5, 5), s, byteType(), byteType(3, 2, 3, 3), tensor.Vector([]float32{1, 2, 3}), byteType(3), s, byteType(), tensor.T(tensor.Int32, 3))
	add(QLinearMatMul{}, byteType(3, 4), s, byteType(), byteType(4, 5), s, byteType(), s, byteType())
	add(QuantizeLinear{Axis: 1}, x2, tensor.Vector([]float32{1, 2, 3, 4}), byteType(4))
	add(QuantizeLinear{Axis: 1, Block: 2}, x2, floatType(3, 2))
	add(DequantizeLinear{}, byteType(3, 4), floatType(), byteType())
	add(NewLSTM(5, Bidirectional, false, 0), floatType(3, 2, 4), floatType(2, 20, 4), floatType(2, 20, 5), floatType(2, 40), tensor.T(tensor.Int32, 2), floatType(2, 2, 5), floatType(2, 2, 5), floatType(2, 15))
	add(NewGRU(5, Forward, true, 1, true), floatType(2, 3, 4), floatType(1, 15, 4), floatType(1, 15, 5), floatType(1, 30))
	add(NewRNN(5, Reverse, false, 0), floatType(3, 2, 4), floatType(1, 5, 4), floatType(1, 5, 5))
	add(Einsum{"bik,kj->bij"}, floatType(2, 3, 4), floatType(4, 5))
	add(Einsum{"...ii->...i"}, floatType(2, 3, 3))
	add(GridSample{}, x4, floatType(2, 3, 3, 2))
	add(AffineGrid{}, floatType(2, 2, 3), list(2, 3, 4, 5))
	add(Det{}, floatType(2, 3, 3))
	branch := func(op Op) *Graph {
		g := New()
		x, _ := g.Input("x", x2)
		y, _ := g.Add("", op, x)
		_ = g.Output("", y[0])
		return g
	}
	add(If{Then: branch(Relu{}), Else: branch(Tanh{})}, boolType(), x2)
	return all
}

// TestExamples: every operator of the package is among the examples, is comparable, takes the example, and refuses no inputs and too many.
func TestExamples(t *testing.T) {
	seen := make(map[string]bool)
	for _, e := range examples() {
		typ := reflect.TypeOf(e.op)
		seen[typ.Name()] = true
		require.True(t, typ.Comparable(), "%v", typ)
		_, err := infer(e.op, e.args())
		require.NoError(t, err, "%v", typ)
		_, err = infer(e.op, nil)
		require.Error(t, err, "%v without inputs", typ)
		if _, variadic := e.op.(interface{ variadic() }); !variadic {
			_, err = infer(e.op, append(e.args(), make([]Arg, 9)...))
			require.Error(t, err, "%v with 9 more inputs", typ)
		}
		require.Equal(t, e.op, reflect.ValueOf(e.op).Interface())
	}
	for _, name := range operators(t) {
		if !seen[name] && !slices.Contains(withoutExample, name) {
			t.Errorf("no example of %s", name)
		}
	}
}

// withoutExample are operators that have tests of their own.
var withoutExample = []string{"EyeLike", "ReverseSequence", "RoiAlign", "MaxRoiPool", "NonZero", "Compress", "Unique", "NonMaxSuppression", "HannWindow", "HammingWindow",
	"BlackmanWindow", "MelWeightMatrix", "DFT", "STFT"}

// operators reads the names of all exported operators from the source.
func operators(t *testing.T) (names []string) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "Infer" {
				if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok && ast.IsExported(id.Name) {
					names = append(names, id.Name)
				}
			}
		}
	}
	require.Greater(t, len(names), 100)
	return names
}

func (e example) args() []Arg {
	a := make([]Arg, len(e.in))
	for i, x := range e.in {
		switch x := x.(type) {
		case tensor.Type:
			a[i].Type = x
		case tensor.Array:
			a[i] = Arg{x.Type(), x}
		}
	}
	return a
}

var hostileInts = []int{math.MinInt, math.MinInt + 1, math.MinInt32, -7, -2, -1, 0, 1, 2, 3, 4, 5, 8, 1 << 16, 1<<16 + 1, 1 << 20, 1 << 27, 1 << 28, 1<<28 + 1, math.MaxInt32, math.MaxInt / 4, math.MaxInt/4 + 1, math.MaxInt - 1, math.MaxInt}

func hostileInt(r *rand.Rand) int { return hostileInts[r.Intn(len(hostileInts))] }

func hostileDims(r *rand.Rand) (d tensor.Dims) {
	for n := r.Intn(tensor.MaxRank + 1); d.Rank() < n; {
		s := hostileInt(r)
		if r.Intn(2) == 0 {
			s = 1 + r.Intn(4)
		}
		d = d.Append(s)
	}
	return d
}

// spoil changes some attributes of an operator to values that they should not have.
func spoil(r *rand.Rand, op Op) Op {
	p := reflect.New(reflect.TypeOf(op))
	p.Elem().Set(reflect.ValueOf(op))
	var fields []reflect.Value
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeOf(tensor.Dims{}):
			fields = append(fields, v)
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		case v.Kind() == reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		default:
			fields = append(fields, v)
		}
	}
	walk(p.Elem())
	for n := r.Intn(3); n > 0 && len(fields) > 0; n-- {
		v := fields[r.Intn(len(fields))]
		if !v.CanSet() {
			continue
		}
		switch v.Kind() {
		case reflect.Int, reflect.Int64:
			v.SetInt(int64(hostileInt(r)))
		case reflect.Uint8:
			v.SetUint(uint64([]uint8{0, 1, 2, 3, 4, 13, 14, 200, 255}[r.Intn(9)]))
		case reflect.Bool:
			v.SetBool(r.Intn(2) == 0)
		case reflect.Float32, reflect.Float64:
			v.SetFloat([]float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e30, -1e30, 1e-40, 0.3}[r.Intn(10)])
		case reflect.Pointer:
			v.SetZero()
		case reflect.Struct:
			d := hostileDims(r)
			if old := v.Interface().(tensor.Dims); r.Intn(2) == 0 && old.Rank() > 0 { // of the right rank
				for d = old; r.Intn(3) > 0; {
					d = d.Set(r.Intn(d.Rank()), hostileInt(r))
				}
			} else if r.Intn(2) == 0 { // a rank that may be right
				for d = (tensor.Dims{}); d.Rank() < []int{1, 2, 3, 4}[r.Intn(4)]; {
					d = d.Append([]int{0, 1, 2, 3, 1 << 28, hostileInt(r)}[r.Intn(6)])
				}
			}
			v.Set(reflect.ValueOf(d))
		}
	}
	return p.Elem().Interface().(Op)
}

// spoilArg changes an input.
func spoilArg(r *rand.Rand, a Arg) Arg {
	switch r.Intn(6) {
	case 0:
		return Arg{}
	case 1:
		t := a.Type
		t.DType = tensor.DType(1 + r.Intn(13))
		if !a.Const.Valid() {
			return Arg{Type: t}
		}
		b := tensor.NewArray(t)
		for i := range b.Len() {
			b.SetFloat(i, a.Const.Float(i))
		}
		return Arg{t, b}
	case 2:
		t := tensor.Type{DType: a.Type.DType, Dims: hostileDims(r)}
		if t.Check() != nil {
			return a
		}
		return Arg{Type: t}
	case 3:
		if a.Type.Dims.Rank() > 0 {
			t := a.Type
			t.Dims = t.Dims.Set(r.Intn(t.Dims.Rank()), []int{0, 1, 2, 3}[r.Intn(4)])
			if r.Intn(4) == 0 {
				t.Dims = t.Dims.Set(r.Intn(t.Dims.Rank()), hostileInt(r))
			}
			if t.Check() == nil && t.Elems() < 1<<16 && a.Const.Valid() && a.Const.Len() > 0 {
				b := tensor.NewArray(t)
				for i := range b.Len() {
					b.SetFloat(i, a.Const.Float(i%a.Const.Len()))
				}
				return Arg{t, b}
			} else if t.Check() == nil {
				return Arg{Type: t}
			}
		}
	case 4, 5:
		if a.Const.Valid() && a.Const.Len() > 0 {
			b := a.Const.Clone()
			for range 1 + r.Intn(2) {
				if i := r.Intn(b.Len()); b.DType().IsFloat() {
					b.SetFloat(i, []float64{0, -1, 1e-30, 1e30, math.NaN(), math.Inf(1), 1 << 20, 0.001}[r.Intn(8)])
				} else {
					b.SetInt(i, int64(hostileInt(r)))
				}
			}
			return Arg{a.Type, b}
		}
	}
	return a
}

// TestHostileOperators gives operators attributes and inputs that they should not have. Infer may refuse them, and takes no memory to speak of;
// what it accepts runs, plainly and compiled.
func TestHostileOperators(t *testing.T) {
	n := 200_000
	if testing.Short() {
		n = 20_000
	}
	all := examples()
	accepted, ran := 0, 0
	for seed := range n {
		r := rand.New(rand.NewSource(int64(seed)))
		e := all[seed%len(all)]
		op, in := spoil(r, e.op), e.args()
		for k := r.Intn(3); k > 0 && len(in) > 0; k-- {
			i := r.Intn(len(in))
			in[i] = spoilArg(r, in[i])
		}
		if r.Intn(20) == 0 {
			in = in[:r.Intn(len(in)+1)]
		}
		what := fmt.Sprintf("seed %d: %s %+v of", seed, OpName(op), op)
		for _, a := range in {
			what += fmt.Sprintf(" (%v", a.Type)
			if a.Const.Valid() && a.Const.Len() < 10 {
				for i := range a.Const.Len() {
					what += fmt.Sprint(" ", a.Const.Float(i))
				}
			}
			what += ")"
		}
		ok, small := hostile(t, what, op, in)
		if ok {
			accepted++
		}
		if small {
			ran++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d of %d accepted, %d ran", accepted, n, ran)
	require.Greater(t, ran, n/10)
	require.Greater(t, n-accepted, n/10)
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// hostile infers, and runs what is accepted and small.
func hostile(t *testing.T, what string, op Op, in []Arg) (accepted, small bool) {
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic: %v\n%s", what, p, stack())
		}
	}()
	var types []tensor.Type
	var err error
	if allocs := allocates(func() { types, err = infer(op, in) }); allocs > 20<<20 {
		t.Errorf("%s: Infer allocates %d bytes", what, allocs)
	}
	if err != nil {
		if s := err.Error(); strings.Contains(s, "%!") || s == "" {
			t.Errorf("%s: the message is %q", what, s)
		}
		return false, false
	}
	bytes := 0
	for _, a := range in {
		if a.Given() {
			if a.Type.Elems() > 1<<12 || a.Type.Check() != nil {
				return true, false
			}
			bytes += a.Type.Bytes()
		}
	}
	for _, typ := range types {
		if typ.Elems() > 1<<12 {
			return true, false
		}
		bytes += typ.Bytes()
	}
	g := New()
	vals := make([]*Value, len(in))
	var arrays []tensor.Array
	evalIn := make([]tensor.Array, len(in))
	for i, a := range in {
		switch {
		case !a.Given():
		case a.Const.Valid():
			vals[i], evalIn[i] = g.Const("", a.Const), a.Const
		default:
			v, err := g.Input("", a.Type)
			require.NoError(t, err)
			x := tensor.NewArray(a.Type)
			for k := range x.Len() {
				if a.Type.DType == tensor.Bool {
					x.SetInt(k, int64(k%2))
				} else if a.Type.DType.IsFloat() {
					x.SetFloat(k, float64(k%7)/4+0.25)
				} else {
					x.SetInt(k, int64(k%2))
				}
			}
			vals[i], evalIn[i] = v, x
			arrays = append(arrays, x)
		}
	}
	outs := make([]tensor.Array, len(types))
	for i, typ := range types {
		outs[i] = tensor.NewArray(typ)
	}
	begin := time.Now()
	var evalErr error
	if allocs := allocates(func() { evalErr = evaluate(op, outs, evalIn) }); allocs > uint64(200*bytes+1<<20) {
		t.Errorf("%s: Eval allocates %d bytes for operands of %d", what, allocs, bytes)
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("%s: Eval takes %v", what, d)
	}
	if len(arrays) == 0 {
		return true, true
	}
	v, err := g.Add("", op, vals...)
	if err != nil {
		if evalErr == nil {
			t.Errorf("%s: Add says %v", what, err)
		}
		return true, true
	}
	for i := range v {
		_ = g.Output(fmt.Sprint("y", i), v[i])
	}
	m, err := g.Compile(Options{Exact: true})
	if err != nil {
		t.Errorf("%s: Compile says %v", what, err)
		return true, true
	}
	got := make([]tensor.Array, len(types))
	for i, typ := range types {
		got[i] = tensor.NewArray(typ)
	}
	err = m.NewSession(1).Run(got, arrays)
	if produced := slices.ContainsFunc(outs, func(x tensor.Array) bool { return x.Len() > 0 }); produced && (err == nil) != (evalErr == nil) {
		t.Errorf("%s: Run says %v, Eval %v", what, err, evalErr)
	}
	if err == nil {
		for i, x := range outs {
			if x.DType() == tensor.Float32 {
				if bad := far(got[i:i+1], outs[i:i+1], false); bad != "" {
					t.Errorf("%s: %s\n%v", what, bad, m.Steps())
				}
			}
		}
	}
	return true, true
}

func allocates(f func()) uint64 {
	before := allocated()
	f()
	return allocated() - before
}

func stack() string {
	b := make([]byte, 4096)
	return string(b[:runtime.Stack(b, false)])
}
