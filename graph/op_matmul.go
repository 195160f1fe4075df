package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/tensor"
)

// MatMul is the matrix product of the last two axes of a and b, as numpy's matmul: the axes before them broadcast; a vector is a row on the
// left and a column on the right, and has no axis in the result.
type MatMul struct{}

// matDims splits the dims of the operands into those of the batches and the sizes of the matrices.
func matDims(a, b tensor.Dims) (batch tensor.Dims, m, n, k int, out tensor.Dims, err error) {
	fail := func(format string, args ...any) (tensor.Dims, int, int, int, tensor.Dims, error) {
		return batch, 0, 0, 0, out, fmt.Errorf(format, args...)
	}
	if a.Rank() == 0 || b.Rank() == 0 {
		return fail("the inputs are %v and %v, want at least 1 axis each", a, b)
	}
	m, k, n = 1, a.At(a.Rank()-1), 1
	var ab, bb tensor.Dims
	if a.Rank() > 1 {
		m = a.At(a.Rank() - 2)
		ab = tensor.D(a.Slice()[:a.Rank()-2]...)
	}
	kb := b.At(0)
	if b.Rank() > 1 {
		n, kb = b.At(b.Rank()-1), b.At(b.Rank()-2)
		bb = tensor.D(b.Slice()[:b.Rank()-2]...)
	}
	if k != kb {
		return fail("the inputs are %v and %v, want as many columns of the first as rows of the second", a, b)
	}
	if batch, err = tensor.Broadcast(ab, bb); err != nil {
		return fail("inputs: %w", err)
	}
	out = batch
	if a.Rank() > 1 {
		out = out.Append(m)
	}
	if b.Rank() > 1 {
		out = out.Append(n)
	}
	return batch, m, n, k, out, nil
}

func (MatMul) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	if err := want(in, 0, numeric); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 1); err != nil {
		return nil, err
	}
	_, _, _, _, out, err := matDims(in[0].Type.Dims, in[1].Type.Dims)
	return []tensor.Type{{DType: in[0].Type.DType, Dims: out}}, err
}

// batchDims are the axes before the last two.
func batchDims(d tensor.Dims) tensor.Dims {
	if d.Rank() <= 2 {
		return tensor.Dims{}
	}
	return tensor.D(d.Slice()[:d.Rank()-2]...)
}

func (MatMul) Eval(out, in []tensor.Array) error {
	a, b, y := in[0], in[1], out[0]
	batch, m, n, k, _, err := matDims(a.Dims(), b.Dims())
	if err != nil {
		return err
	}
	w := newBroadcast(batch, batchDims(a.Dims()), batchDims(b.Dims()))
	for t := range batch.Elems() {
		a0, b0 := w.index[0]*m*k, w.index[1]*k*n
		for i := range m {
			for j := range n {
				at := (t*m+i)*n + j
				if a.DType().IsInt() {
					var sum int64
					for l := range k {
						sum += a.Int(a0+i*k+l) * b.Int(b0+l*n+j)
					}
					y.SetInt(at, sum)
					continue
				}
				sum := 0.0
				for l := range k {
					sum += a.Float(a0+i*k+l) * b.Float(b0+l*n+j)
				}
				y.SetFloat(at, sum)
			}
		}
		w.next()
	}
	return nil
}

func (MatMul) lower(l *lowering, n *Node) (bool, error) {
	a, b := n.in[0], n.in[1]
	if !float32s(a, b, n.out[0]) || a.typ.Dims.Rank() < 1 || b.typ.Dims.Rank() < 1 {
		return false, nil
	}
	if _, ok := b.Const(); ok && b.typ.Dims.Rank() == 2 {
		return fusedLinear{}.lower(l, n)
	}
	batch, m, cols, k, _, err := matDims(a.typ.Dims, b.typ.Dims)
	if err != nil {
		return false, err
	}
	t := &matmulStep{m: m, n: cols, k: k, batch: batch.Elems(), alpha: 1}
	var x, y view
	x, t.a, t.lda, t.ta = l.matrix(a, m, k, batch)
	if b.typ.Dims.Rank() == 1 {
		y = l.in(b, rowMajor)
		t.b, t.ldb = make([]int, t.batch), 1
	} else {
		y, t.b, t.ldb, t.tb = l.matrix(b, k, cols, batch)
	}
	for i := range t.b {
		if b.typ.Dims.Rank() == 1 {
			t.b[i] = y.off
		}
	}
	t.bufA, t.bufB = x.buf.id, y.buf.id
	z := l.out(n.out[0], rowMajor, false)
	t.dst = z.ref()
	t.needs(l.m)
	l.emit(t, n.out[0], z, []view{x, y}, nil)
	return true, nil
}

// matrix returns the operand of a product: where each of its matrices begins, the leading dimension, and whether they are stored transposed.
func (l *lowering) matrix(v *Value, rows, cols int, batch tensor.Dims) (x view, at []int, ld int, trans bool) {
	r := v.typ.Dims.Rank()
	x = l.at(v)
	ok := false
	if r >= 2 {
		rs, cs := x.stride[r-2], x.stride[r-1]
		switch {
		case (cs == 1 || cols == 1) && (rs >= cols || rows == 1):
			ok, ld = true, max(rs, cols)
		case (rs == 1 || rows == 1) && (cs >= rows || cols == 1):
			ok, ld, trans = true, max(cs, rows), true
		}
		for i := range r {
			ok = ok && x.stride[i] >= 0
		}
	}
	if !ok {
		x, ld, trans = l.in(v, rowMajor), cols, false
	}
	bd := batchDims(v.typ.Dims)
	var at0 [tensor.MaxRank]int
	skip := batch.Rank() - bd.Rank()
	for range batch.Elems() {
		off := x.off
		for i := range bd.Rank() {
			if bd.At(i) != 1 {
				off += at0[skip+i] * x.stride[i]
			}
		}
		at = append(at, off)
		for i := batch.Rank() - 1; i >= 0; i-- {
			if at0[i]++; at0[i] < batch.At(i) {
				break
			}
			at0[i] = 0
		}
	}
	return x, at, ld, trans
}

// matmulStep multiplies matrices: one pair after the other, or many small ones at once.
type matmulStep struct {
	m, n, k     int
	batch       int
	alpha, beta float32
	a, b        []int // where each matrix begins
	bufA, bufB  int
	lda, ldb    int
	ta, tb      bool
	dst         ref
}

// smallProduct is the number of multiply-adds up to which a product is not worth dividing among threads.
const smallProduct = 1 << 20

func (t *matmulStep) String() string {
	s := fmt.Sprintf("matmul %d of %dx%dx%d", t.batch, t.m, t.n, t.k)
	if t.beta != 0 {
		s += " added"
	}
	return s
}

// forks reports whether each worker multiplies some of the pairs.
func (t *matmulStep) forks() bool { return t.batch > 1 && t.m*t.n*t.k <= smallProduct }

// needs notes the products whose scratch a session has.
func (t *matmulStep) needs(m *Model) {
	p := gemm.Product{TA: gemm.Transpose(t.ta), TB: gemm.Transpose(t.tb), M: t.m, N: t.n, K: t.k, LdA: t.lda, LdB: t.ldb, LdC: t.n}
	if t.forks() {
		m.small = append(m.small, p)
	} else {
		m.products = append(m.products, p)
	}
}

func (t *matmulStep) run(s *Session) {
	if t.forks() {
		s.fork(t)
		return
	}
	t.multiply(s, s.gemm, 0, t.batch)
}

func (t *matmulStep) perPart() int { return max(1, 1<<18/max(1, t.m*t.n*t.k)) }
func (t *matmulStep) parts() int   { return (t.batch + t.perPart() - 1) / t.perPart() }

func (t *matmulStep) part(s *Session, w *worker, i int) {
	t.multiply(s, w.gemm, i*t.perPart(), min((i+1)*t.perPart(), t.batch))
}

// multiply makes products lo to hi-1.
func (t *matmulStep) multiply(s *Session, g *gemm.Workspace, lo, hi int) {
	a, b, y := as[float32](s.bufs[t.bufA]), as[float32](s.bufs[t.bufB]), s.f32(t.dst)
	for i := lo; i < hi; i++ {
		g.Sgemm(gemm.Transpose(t.ta), gemm.Transpose(t.tb), t.m, t.n, t.k, t.alpha, a[t.a[i]:], t.lda, b[t.b[i]:], t.ldb, t.beta, y[i*t.m*t.n:], t.n)
	}
}

// Gemm is Alpha op(a) op(b) + Beta c for matrices, where op transposes with TransA and TransB, and c may be left out and broadcasts to the result. As in
// BLAS c is not read where Beta is 0, nor the others where Alpha is 0.
type Gemm struct {
	Alpha, Beta    float32
	TransA, TransB bool
}

func (o Gemm) sizes(in []Arg) (m, n, k int, err error) {
	a, b := in[0].Type.Dims, in[1].Type.Dims
	if a.Rank() != 2 || b.Rank() != 2 {
		return 0, 0, 0, fmt.Errorf("the inputs are %v and %v, want 2 axes each", a, b)
	}
	m, k = a.At(0), a.At(1)
	if o.TransA {
		m, k = k, m
	}
	kb, n := b.At(0), b.At(1)
	if o.TransB {
		kb, n = n, kb
	}
	if k != kb {
		return 0, 0, 0, fmt.Errorf("the inputs are %v and %v, want as many columns of the first as rows of the second, after transposing", a, b)
	}
	return m, n, k, nil
}

func (o Gemm) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, numeric); err != nil {
		return nil, err
	}
	if err := alike(in, 0, 1, 2); err != nil {
		return nil, err
	}
	m, n, _, err := o.sizes(in)
	if err != nil {
		return nil, err
	}
	out := tensor.D(m, n)
	if c := given(in, 2); c.Given() {
		if d, err := tensor.Broadcast(out, c.Type.Dims); err != nil || d != out {
			return nil, fmt.Errorf("input 2 is %v, want what broadcasts to %v", c.Type.Dims, out)
		}
	}
	return []tensor.Type{{DType: in[0].Type.DType, Dims: out}}, nil
}

func (o Gemm) Eval(out, in []tensor.Array) error {
	a, b, c, y := in[0], in[1], arg(in, 2), out[0]
	m, n := y.Dims().At(0), y.Dims().At(1)
	k := a.Len() / max(1, m)
	lda, ldb := a.Dims().At(1), b.Dims().At(1)
	at := func(x tensor.Array, i, j, ld int, trans bool) float64 {
		if trans {
			i, j = j, i
		}
		return x.Float(i*ld + j)
	}
	w := newBroadcast(y.Dims(), c.Dims())
	for i := range m {
		for j := range n {
			sum := 0.0
			if o.Alpha != 0 {
				for l := range k {
					sum += at(a, i, l, lda, o.TransA) * at(b, l, j, ldb, o.TransB)
				}
				sum *= float64(o.Alpha)
			}
			if c.Valid() && o.Beta != 0 {
				sum += float64(o.Beta) * c.Float(w.index[0])
			}
			y.SetFloat(i*n+j, sum)
			w.next()
		}
	}
	return nil
}

func (o Gemm) lower(l *lowering, n *Node) (bool, error) {
	_, constant := n.in[1].Const()
	if constant && o.Alpha == 1 && !o.TransA && len(n.in) == 2 {
		return fusedLinear{transB: o.TransB}.lower(l, n)
	}
	m, cols, k, err := o.sizes(args(n.in))
	if err != nil || !float32s(n.in...) || !float32s(n.out[0]) {
		return false, err
	}
	t := &matmulStep{m: m, n: cols, k: k, batch: 1, alpha: o.Alpha}
	stored := func(v *Value, rows, cols int, trans bool) (x view, at []int, ld int, turned bool) {
		if trans {
			rows, cols = cols, rows
		}
		x, at, ld, turned = l.matrix(v, rows, cols, tensor.Dims{})
		return x, at, ld, turned != trans
	}
	var a, b view
	a, t.a, t.lda, t.ta = stored(n.in[0], m, k, o.TransA)
	b, t.b, t.ldb, t.tb = stored(n.in[1], k, cols, o.TransB)
	t.bufA, t.bufB = a.buf.id, b.buf.id
	z := l.out(n.out[0], rowMajor, false)
	t.dst = z.ref()
	reads := []view{a, b}
	if len(n.in) > 2 && n.in[2] != nil && o.Beta != 0 {
		// The product is added to what lies there.
		l.moveAs(nil, z, l.at(n.in[2]).expand(z.dims()))
		t.beta = o.Beta
		reads = append(reads, z)
	}
	t.needs(l.m)
	l.emit(t, n.out[0], z, reads, nil)
	return true, nil
}

// fusedLinear multiplies the rows of its first input, all axes but the last, by constant weights [In, Out], or with transB [Out, In], and adds a
// bias [Out] if it is given, and an activation.
type fusedLinear struct {
	transB bool
	act    conv.Activation
}

func (fusedLinear) OpName() string { return "Gemm" }

func (o fusedLinear) Infer(in []Arg) ([]tensor.Type, error) {
	b := in[1].Type
	if o.transB {
		b.Dims = tensor.D(b.Dims.At(1), b.Dims.At(0))
	}
	return MatMul{}.Infer([]Arg{in[0], {Type: b}})
}

func (o fusedLinear) Eval(out, in []tensor.Array) error {
	x := in[0]
	k := x.Dims().At(x.Dims().Rank() - 1)
	rows := x.Len() / k
	y := out[0].Reshape(tensor.D(rows, out[0].Len()/rows))
	g := Gemm{Alpha: 1, Beta: 1, TransB: o.transB}
	if err := g.Eval([]tensor.Array{y}, append([]tensor.Array{x.Reshape(tensor.D(rows, k))}, in[1:]...)); err != nil {
		return err
	}
	return evalActivation(o.act, out)
}

func (o fusedLinear) lower(l *lowering, n *Node) (bool, error) {
	w, ok := n.in[1].Const()
	var bias []float32
	if len(n.in) > 2 && n.in[2] != nil {
		b, known := n.in[2].Const()
		if !known || b.DType() != tensor.Float32 {
			return false, nil
		}
		bias = tensor.Data[float32](b)
	}
	if !ok || !float32s(n.in...) || !float32s(n.out[0]) {
		return false, nil
	}
	k, out := w.Dims().At(0), w.Dims().At(1)
	if o.transB {
		k, out = out, k
	}
	x, flat := l.flattened(n.in[0])
	weights := n.in[1].identified()
	if flat {
		d := x.dims()
		weights, _ = l.shared.derived("channels last", weights, fmt.Sprint(o.transB, d.At(1)), func() (tensor.Array, error) {
			return tensor.Of(w.Dims(), permuted(tensor.Data[float32](w), d, k, out, o.transB)), nil
		})
	} else {
		x = l.rows(n.in[0], rowMajor)
	}
	t := &linearStep{k: k, n: out, rows: n.in[0].typ.Elems() / k, lda: k, ldc: out}
	var err error
	if l.o.Precision >= BF16Linear {
		t.half, err = l.halfWeights(weights, o.transB, k, out)
		l.m.packed = append(l.m.packed, t.half)
	} else {
		t.weights, err = l.linearWeights(weights, o.transB, k, out)
		l.m.packed = append(l.m.packed, t.weights)
	}
	if err != nil {
		return false, err
	}
	if !flat && !x.is(rowMajor) {
		t.lda = x.rowStride(rowMajor)
	}
	y := l.out(n.out[0], rowMajor, true)
	if !y.is(rowMajor) {
		t.ldc = y.rowStride(rowMajor)
	}
	t.epilogue.Bias = bias
	if lo, hi, ok := bounds(o.act); !ok {
		t.act = o.act
	} else if o.act.Kind != asm.Identity {
		t.epilogue.Clamp, t.epilogue.Lo, t.epilogue.Hi = true, lo, hi
	}
	t.dst, t.src = y.ref(), x.ref()
	l.m.products = append(l.m.products, gemm.Product{M: t.rows, LdA: t.lda, LdC: t.ldc, Packed: t.weights, BF16: t.half})
	l.emit(t, n.out[0], y, []view{x}, nil)
	return true, nil
}

// flattened returns the maps that v is, one row for each image, where they lie channels last and nobody has copied them: the weights that
// follow are arranged as they lie.
func (l *lowering) flattened(v *Value) (view, bool) {
	n := l.later[v]
	if n == nil {
		return view{}, false
	}
	x := l.at(n.in[0])
	d := x.dims()
	_, copied := l.views[v]
	return x, !copied && d.Rank() > 2 && x.is(channelsLast) && v.typ.Dims == tensor.D(d.At(0), d.Span(1, d.Rank()))
}

// permuted brings weights of features from the order of their numbers, channel by channel, to that of maps which lie channels last.
func permuted(w []float32, d tensor.Dims, k, out int, transB bool) []float32 {
	y := make([]float32, len(w))
	c, pixels := d.At(1), d.Span(2, d.Rank())
	for i := range c {
		for p := range pixels {
			from, to := i*pixels+p, p*c+i
			for j := range out {
				if transB {
					y[j*k+to] = w[j*k+from]
				} else {
					y[to*out+j] = w[from*out+j]
				}
			}
		}
	}
	return y
}

// linearStep is a product with bias and clamp, whose outputs an activation goes over while they are in the caches.
type linearStep struct {
	weights  *gemm.Packed
	half     *gemm.PackedBF16 // in their place
	k, n     int
	epilogue gemm.Epilogue
	act      conv.Activation // those that are no clamp
	rows     int
	lda, ldc int
	dst, src ref
}

func (t *linearStep) String() string {
	s := fmt.Sprintf("linear n%d in %d out %d", t.rows, t.k, t.n)
	if t.half != nil {
		s += " bfloat16"
	}
	if t.act.Kind != asm.Identity {
		s += fmt.Sprintf(", %v", t.act.Kind)
	}
	return s
}

func (t *linearStep) run(s *Session) {
	if t.half != nil {
		s.gemm.MulPackedBF16(t.rows, s.f32(t.src), t.lda, t.half, 0, s.f32(t.dst), t.ldc, &t.epilogue)
	} else {
		s.gemm.MulPacked(gemm.NoTrans, t.rows, 1, s.f32(t.src), t.lda, t.weights, 0, s.f32(t.dst), t.ldc, &t.epilogue)
	}
	if t.act.Kind != asm.Identity {
		s.fork(t)
	}
}

func (t *linearStep) perPart() int { return max(1, chunk/t.n) }
func (t *linearStep) parts() int   { return (t.rows + t.perPart() - 1) / t.perPart() }

func (t *linearStep) part(s *Session, w *worker, i int) {
	y, n := s.f32(t.dst), t.n
	for r := i * t.perPart(); r < min((i+1)*t.perPart(), t.rows); r++ {
		row := y[r*t.ldc:][:n]
		w.Unary(s.m.kernels, t.act.Kind, t.act.A, t.act.B, row, row)
	}
}
