package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// Operators on bytes that the pass qdq makes.

// clampBytes clamps the elements of a result.
func clampBytes(y tensor.Array, lo, hi int) {
	for i := range y.Len() {
		y.SetInt(i, min(max(y.Int(i), int64(lo)), int64(hi)))
	}
}

// fusedQLinearConv is a QLinearConv whose results are clamped.
type fusedQLinearConv struct {
	QLinearConv
	lo, hi int
}

func (fusedQLinearConv) OpName() string { return "QLinearConv" }

func (o fusedQLinearConv) Eval(out, in []tensor.Array) error {
	err := o.QLinearConv.Eval(out, in)
	if err == nil {
		clampBytes(out[0], o.lo, o.hi)
	}
	return err
}

// quantisedLinear multiplies the rows of its first input, all axes but the last, by constant weights [In, Out], or with transB [Out, In]. The inputs are those
// of QLinearMatMul and, if it is given, a bias, int32 in units of the scales' product; the results are clamped.
type quantisedLinear struct {
	transB bool
	lo, hi int
}

func (quantisedLinear) OpName() string { return "QLinearMatMul" }

func (o quantisedLinear) Infer(in []Arg) ([]tensor.Type, error) {
	w := in[3].Type
	if o.transB {
		w.Dims = tensor.D(w.Dims.At(1), w.Dims.At(0))
	}
	_, _, _, _, out, err := matDims(in[0].Type.Dims, w.Dims)
	return []tensor.Type{{DType: in[7].Type.DType, Dims: out}}, err
}

func (o quantisedLinear) Eval(out, in []tensor.Array) error {
	y, k := out[0], in[0].Dims().At(in[0].Dims().Rank()-1)
	n := y.Dims().At(y.Dims().Rank() - 1)
	x, wz, bias := shifted(in[0], in[2], 0), in[5], arg(in, 8)
	sums := tensor.NewArray(tensor.Type{DType: tensor.Float64, Dims: y.Dims()})
	for i := range y.Len() {
		row, j := i/n, i%n
		sum := 0.0
		if bias.Valid() {
			sum = bias.Float(j)
		}
		for p := range k {
			at := p*n + j
			if o.transB {
				at = j*k + p
			}
			sum += x.Float(row*k+p) * (in[3].Float(at) - wz.Float(min(j, wz.Len()-1)))
		}
		sums.SetFloat(i, sum)
	}
	requantize(y, sums, in[1], in[4], in[6], in[7], func(i int) int { return i % n })
	clampBytes(y, o.lo, o.hi)
	return nil
}

// quantisedBinary adds or multiplies two tensors of bytes with the same dims, and clamps the bytes of the result.
type quantisedBinary struct {
	kind    asm.Binary
	a, b, y scaling
	lo, hi  int
}

func (o quantisedBinary) OpName() string { return OpName(fusedBinary{kind: o.kind}.op()) }

func (o quantisedBinary) Infer(in []Arg) ([]tensor.Type, error) {
	return []tensor.Type{{DType: o.y.dtype, Dims: in[0].Type.Dims}}, nil
}

func (o quantisedBinary) Eval(out, in []tensor.Array) error {
	for i := range out[0].Len() {
		a, b := float32(o.a.float(int(in[0].Int(i)))), float32(o.b.float(int(in[1].Int(i))))
		v := a + b
		if o.kind == asm.Mul {
			v = a * b
		}
		out[0].SetInt(i, int64(o.y.quantize(float64(v))))
	}
	clampBytes(out[0], o.lo, o.hi)
	return nil
}

// quantisedAverage is an AveragePool of bytes whose results are clamped.
type quantisedAverage struct {
	AveragePool
	x, y   scaling
	lo, hi int
}

func (quantisedAverage) OpName() string { return "AveragePool" }

func (o quantisedAverage) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferPool(o.Window, in, integer)
	if err == nil {
		t[0].DType = o.y.dtype
	}
	return t, err
}

// ratio is what the sum of so many bytes less their zero points is multiplied by.
func (o quantisedAverage) ratio(count int) float32 {
	return float32(float64(o.x.scale) / (float64(o.y.scale) * float64(count)))
}

func (o quantisedAverage) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	s, _, err := o.over(o.Kernel, x.Dims())
	if err != nil {
		return err
	}
	pin, pout, _ := s.sizes()
	for i := range y.Len() {
		sum, count := 0, 0
		s.taps(s.position(i%pout), func(_, at int) {
			sum += int(x.Int(i/pout*pin+at)) - o.x.zero
			count++
		})
		if o.CountIncludePad {
			count = s.padded(s.position(i % pout))
		}
		q := math.RoundToEven(float64(float32(sum) * o.ratio(max(count, 1))))
		y.SetInt(i, saturate(o.y.dtype, q+float64(o.y.zero)))
	}
	clampBytes(y, o.lo, o.hi)
	return nil
}

func zeroArray(s scaling) tensor.Array {
	z := tensor.NewArray(tensor.T(s.dtype))
	z.SetInt(0, int64(s.zero))
	return z
}

// lookUp is any function of a byte.
type lookUp struct {
	to    tensor.DType
	table [256]byte
}

func (lookUp) OpName() string { return "LookUp" }

func (o lookUp) Infer(in []Arg) ([]tensor.Type, error) {
	if err := checkBytes(in, 0); err != nil {
		return nil, err
	}
	return []tensor.Type{{DType: o.to, Dims: in[0].Type.Dims}}, nil
}

func (o lookUp) Eval(out, in []tensor.Array) error {
	y := out[0].Bytes()
	for i, b := range in[0].Bytes() {
		y[i] = o.table[b]
	}
	return nil
}

func (o lookUp) lower(l *lowering, n *Node) (bool, error) {
	y := l.orderedOut(n.out[0], l.lead(n))
	x := l.stretched(n.in[0], y)
	t := &lookUpStep{table: &o.table, loops: newLoops(y, x), dst: y.buf.id, src: x.buf.id}
	l.emit(t, n.out[0], y, []view{x}, []view{x})
	return true, nil
}

// lookUpStep looks bytes up.
type lookUpStep struct {
	table    *[256]byte
	loops    *loops
	dst, src int
}

func (t *lookUpStep) String() string {
	return fmt.Sprintf("look up %d times %d", t.loops.rows, t.loops.n)
}
func (t *lookUpStep) run(s *Session) { s.fork(t) }
func (t *lookUpStep) parts() int     { return t.loops.parts() }

func (t *lookUpStep) part(s *Session, w *worker, i int) {
	dst, src := s.bufs[t.dst], s.bufs[t.src]
	t.loops.part(i, func(at [maxViews]int, n int) {
		y := dst[at[0]:][:n]
		if t.loops.inner[1] == 0 {
			b := t.table[src[at[1]]]
			for k := range y {
				y[k] = b
			}
			return
		}
		w.Lookup(s.m.kernels, t.table, y, src[at[1]:][:n])
	})
}
