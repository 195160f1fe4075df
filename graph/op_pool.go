package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// MaxPool keeps the largest element of every window of x [N, C, positions...]; padding never wins, a NaN does. With Indices a second output, int64,
// says where it was found first: the index into x, positions row-major or with ColumnMajor column-major.
type MaxPool struct {
	Window
	Indices     bool
	ColumnMajor bool
}

func (o MaxPool) Infer(in []Arg) ([]tensor.Type, error) {
	t, err := inferPool(o.Window, in, numeric)
	if err == nil && o.Indices {
		t = append(t, tensor.Type{DType: tensor.Int64, Dims: t[0].Dims})
	}
	return t, err
}

func inferPool(w Window, in []Arg, k kinds) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	if err := want(in, 0, k); err != nil {
		return nil, err
	}
	x := in[0].Type
	_, pos, err := w.over(w.Kernel, x.Dims)
	if err != nil {
		return nil, err
	}
	for i := range pos.Rank() {
		x.Dims = x.Dims.Set(i+2, pos.At(i))
	}
	return []tensor.Type{x}, nil
}

func (o MaxPool) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	s, _, err := o.over(o.Kernel, x.Dims())
	if err != nil {
		return err
	}
	pin, pout, _ := s.sizes()
	isInt := x.DType().IsInt()
	for plane := range y.Len() / pout {
		for p := range pout {
			best := -1
			s.taps(s.position(p), func(_, at int) {
				at += plane * pin
				switch {
				case best < 0:
					best = at
				case isInt:
					if less(x.DType(), x.Int(best), x.Int(at)) {
						best = at
					}
				default:
					if v, top := x.Float(at), x.Float(best); v > top || v != v && top == top {
						best = at
					}
				}
			})
			i := plane*pout + p
			switch {
			case best < 0 && isInt:
				y.SetInt(i, lowest(x.DType()))
			case best < 0:
				y.SetFloat(i, math.Inf(-1))
			case isInt:
				y.SetInt(i, x.Int(best))
			default:
				y.SetFloat(i, x.Float(best))
			}
			if o.Indices {
				if o.ColumnMajor && best >= 0 {
					best = best/pin*pin + columnMajor(&s, best%pin)
				}
				out[1].SetInt(i, int64(best))
			}
		}
	}
	return nil
}

// lowest is the smallest integer of a type.
func lowest(d tensor.DType) int64 {
	if !d.IsSigned() {
		return 0
	}
	return -1 << (8*d.Size() - 1)
}

// columnMajor turns a row-major index of a position into a column-major one.
func columnMajor(s *slides, i int) int {
	var at [3]int
	for k := s.n - 1; k >= 0; k-- {
		at[k] = i % s.axis[k].in
		i /= s.axis[k].in
	}
	j := 0
	for k := s.n - 1; k >= 0; k-- {
		j = j*s.axis[k].in + at[k]
	}
	return j
}

func (o MaxPool) lower(l *lowering, n *Node) (bool, error) {
	if o.Indices && len(l.w.users[n.out[1]]) > 0 || o.Indices && l.w.wanted[n.out[1]] {
		return false, nil
	}
	if isByte(n.in[0]) {
		return o.lowerBytes(l, n)
	}
	return l.pool(n, o.Window, pool.Params{Kind: pool.Max})
}

// AveragePool averages every window of x [N, C, positions...] over the positions in x, or with CountIncludePad over those in its padding too.
type AveragePool struct {
	Window
	CountIncludePad bool
}

func (o AveragePool) Infer(in []Arg) ([]tensor.Type, error) { return inferPool(o.Window, in, floating) }

func (o AveragePool) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	s, _, err := o.over(o.Kernel, x.Dims())
	if err != nil {
		return err
	}
	pin, pout, _ := s.sizes()
	for plane := range y.Len() / pout {
		for p := range pout {
			sum, count := 0.0, 0
			pos := s.position(p)
			s.taps(pos, func(_, at int) {
				sum += x.Float(plane*pin + at)
				count++
			})
			if o.CountIncludePad {
				count = s.padded(pos)
			}
			y.SetFloat(plane*pout+p, sum/float64(max(count, 1))) // all of the window may be padding
		}
	}
	return nil
}

// padded is the number of taps at output position o that lie in the input or its padding: what Ceil lets hang over does not count.
func (s *slides) padded(o [3]int) int {
	count := 1
	for i := range s.n {
		a := s.axis[i]
		_, n := tensor.Valid(o[i]*a.stride, a.kernel, a.dilation, a.before+a.in+a.after)
		count *= n
	}
	return count
}

func (o AveragePool) lower(l *lowering, n *Node) (bool, error) {
	return l.pool(n, o.Window, pool.Params{Kind: pool.Avg, CountIncludePad: o.CountIncludePad})
}

// GlobalAveragePool averages every channel of x [N, C, positions...].
type GlobalAveragePool struct{}

// GlobalMaxPool keeps the largest element of every channel of x [N, C, positions...].
type GlobalMaxPool struct{}

func (GlobalAveragePool) Infer(in []Arg) ([]tensor.Type, error) { return inferGlobal(in) }
func (GlobalMaxPool) Infer(in []Arg) ([]tensor.Type, error)     { return inferGlobal(in) }

func inferGlobal(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	t := in[0].Type
	if t.Dims.Rank() < 2 {
		return nil, fmt.Errorf("the input is %v, want at least 2 axes", t)
	}
	for i := 2; i < t.Dims.Rank(); i++ {
		t.Dims = t.Dims.Set(i, 1)
	}
	return []tensor.Type{t}, nil
}

func (GlobalAveragePool) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	n := x.Len() / max(1, y.Len())
	for i := range y.Len() {
		sum := 0.0
		for j := range n {
			sum += x.Float(i*n + j)
		}
		y.SetFloat(i, sum/float64(n))
	}
	return nil
}

func (GlobalMaxPool) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	n := x.Len() / max(1, y.Len())
	for i := range y.Len() {
		top := math.Inf(-1)
		for j := range n {
			top = max(top, x.Float(i*n+j))
		}
		y.SetFloat(i, top)
	}
	return nil
}

func (GlobalAveragePool) lower(l *lowering, n *Node) (bool, error) {
	return l.pool(n, Window{}, pool.Params{Kind: pool.Avg})
}

func (GlobalMaxPool) lower(l *lowering, n *Node) (bool, error) {
	return l.pool(n, Window{}, pool.Params{Kind: pool.Max})
}

// pool lowers a pooling, in the order in which its input lies. A window without a kernel is the whole of the input.
func (l *lowering) pool(n *Node, w Window, p pool.Params) (bool, error) {
	in, ok := shape4(n.in[0].typ.Dims)
	if !ok || !float32s(n.in[0]) {
		return false, nil
	}
	p.In, p.Kernels, p.Global = in, l.kernels(), w.Kernel.Rank() == 0
	if !p.Global {
		s, _, err := w.over(w.Kernel, n.in[0].typ.Dims)
		if err != nil {
			return false, err
		}
		if p.Window, ok = s.window2d(w.Ceil); !ok {
			return false, nil
		}
	}
	x := l.at(n.in[0])
	o := channelsLast
	if x.is(rowMajor) && !x.is(channelsLast) && len(l.w.users[n.in[0]]) == 1 {
		o = rowMajor
	} else {
		x = l.in(n.in[0], channelsLast)
	}
	p.Layout = tensor.NCHW
	if o == channelsLast {
		p.Layout = tensor.NHWC
	}
	var y view
	if p.Global {
		y = l.out(n.out[0], channelsLast, false)
	} else {
		y = l.out(n.out[0], o, o == channelsLast)
		if o == channelsLast {
			p.OutStride = pixelStride(y)
		}
	}
	plan, err := pool.New(p)
	if err != nil {
		return false, err
	}
	l.m.pools = append(l.m.pools, plan)
	l.emit(&poolStep{plan: plan, dst: y.ref(), src: x.ref()}, n.out[0], y, []view{x}, nil)
	return true, nil
}

type poolStep struct {
	plan     *pool.Plan
	dst, src ref
}

func (t *poolStep) String() string { return t.plan.String() }
func (t *poolStep) run(s *Session) { t.plan.Run(s.pool, s.f32(t.dst), s.f32(t.src)) }

// LpPool is the P-norm of every window of x [N, C, positions...]: the P-th root of the sum of absolute values to the power of P. P 0 means 2.
type LpPool struct {
	Window
	P int
}

func (o LpPool) Infer(in []Arg) ([]tensor.Type, error) {
	if o.P < 0 {
		return nil, fmt.Errorf("P is %d, want at least 0", o.P)
	}
	return inferPool(o.Window, in, floating)
}

func (o LpPool) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	s, _, err := o.over(o.Kernel, x.Dims())
	if err != nil {
		return err
	}
	p := float64(o.P)
	if o.P == 0 {
		p = 2
	}
	pin, pout, _ := s.sizes()
	for i := range y.Len() {
		sum := 0.0
		s.taps(s.position(i%pout), func(_, at int) { sum += math.Pow(math.Abs(x.Float(i/pout*pin+at)), p) })
		y.SetFloat(i, math.Pow(sum, 1/p))
	}
	return nil
}

// GlobalLpPool is the P-norm of every channel of x [N, C, positions...]. P 0 means 2.
type GlobalLpPool struct{ P int }

func (o GlobalLpPool) Infer(in []Arg) ([]tensor.Type, error) { return inferGlobal(in) }

func (o GlobalLpPool) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	p := float64(max(o.P, 1))
	if o.P == 0 {
		p = 2
	}
	n := x.Len() / max(1, y.Len())
	for i := range y.Len() {
		sum := 0.0
		for j := range n {
			sum += math.Pow(math.Abs(x.Float(i*n+j)), p)
		}
		y.SetFloat(i, math.Pow(sum, 1/p))
	}
	return nil
}

// MaxUnpool puts the elements of x where its second input says, the indices that a MaxPool gave, and 0 elsewhere. The third input is the shape of the
// output; without it the output is as large as the smallest input of that MaxPool.
type MaxUnpool struct{ Window }

func (o MaxUnpool) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	x := in[0].Type
	if in[1].Type.Dims != x.Dims || in[1].Type.DType != tensor.Int64 {
		return nil, fmt.Errorf("input 1 is %v, want int64 %v", in[1].Type, x.Dims)
	}
	s, err := o.check(o.Kernel)
	if err != nil {
		return nil, err
	}
	if x.Dims.Rank() != s.n+2 {
		return nil, fmt.Errorf("the input is %v, want %d axes for a kernel %v", x, s.n+2, o.Kernel)
	}
	for i := range s.n {
		a := s.axis[i]
		x.Dims = x.Dims.Set(i+2, (x.Dims.At(i+2)-1)*a.stride-a.before-a.after+a.kernel)
	}
	if err := x.Check(); err != nil {
		return nil, err
	}
	if given(in, 2).Given() {
		sizes, err := constInts(in, 2, "the shape")
		if err != nil {
			return nil, err
		}
		d, err := tensor.MakeDims(sizes)
		if err != nil || d.Rank() != x.Dims.Rank() || d.At(0) != x.Dims.At(0) || d.At(1) != x.Dims.At(1) {
			return nil, fmt.Errorf("the shape is %v, want that of the input of the pooling", sizes)
		}
		x.Dims = d
	}
	return []tensor.Type{x}, nil
}

func (o MaxUnpool) Eval(out, in []tensor.Array) error {
	x, idx, y := in[0], in[1], out[0]
	for i := range y.Len() {
		y.SetFloat(i, 0)
	}
	// The indices count elements of the smallest output; a larger one has the same positions in its corner.
	small := y.Dims()
	for i := range o.Kernel.Rank() {
		before, after := attr(o.Pads, i, 0), attr(o.Pads, o.Kernel.Rank()+i, 0)
		small = small.Set(i+2, (x.Dims().At(i+2)-1)*attr(o.Strides, i, 1)-before-after+o.Kernel.At(i))
	}
	if small.Elems() > y.Len() || len(in) < 3 {
		small = y.Dims()
	}
	stride := rowMajor.dense(y.Dims())
	for i := range x.Len() {
		k := int(idx.Int(i))
		if k < 0 || k >= small.Elems() {
			return fmt.Errorf("index %d is outside the output of %d elements", k, small.Elems())
		}
		at, rest := 0, k
		for a := small.Rank() - 1; a >= 0; a-- {
			i := rest % small.At(a)
			if i >= y.Dims().At(a) {
				return fmt.Errorf("index %d is outside the output %v", k, y.Dims())
			}
			at += i * stride[a]
			rest /= small.At(a)
		}
		y.SetFloat(at, x.Float(i))
	}
	return nil
}
