package graph

import (
	"fmt"
	"math"
	"sort"

	"github.com/simdnn/simdnn/tensor"
)

// Operators whose results are as large as the values of their inputs say: those inputs are constants, since every size is known before a network runs.

// known is input i, which must be a constant.
func known(in []Arg, i int, what string) (tensor.Array, error) {
	if !given(in, i).Const.Valid() {
		return tensor.Array{}, fmt.Errorf("input %d, %s, is known only when the network runs, want a constant: the size of the output depends on it", i, what)
	}
	return in[i].Const, nil
}

// nonzero says that an element is neither 0 nor false.
func nonzero(x tensor.Array, i int) bool {
	if x.DType().IsFloat() {
		return x.Float(i) != 0
	}
	return x.Int(i) != 0
}

// NonZero is the places [axes, count] of the elements of a constant that are not 0, in order.
type NonZero struct{}

func (NonZero) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	x, err := known(in, 0, "the data")
	if err != nil {
		return nil, err
	}
	n := 0
	for i := range x.Len() {
		if nonzero(x, i) {
			n++
		}
	}
	return []tensor.Type{tensor.T(tensor.Int64, max(x.Dims().Rank(), 1), n)}, nil
}

func (NonZero) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	n, k := y.Dims().At(1), 0
	w := broadcast{dims: x.Dims()}
	for i := range x.Len() {
		if nonzero(x, i) {
			for a := range y.Dims().At(0) {
				y.SetInt(a*n+k, int64(w.at[a]))
			}
			k++
		}
		w.next()
	}
	return nil
}

// Compress keeps, along Axis or with Flat of all elements, those for which the second input, a constant of bools, is true; it may be shorter than the axis.
type Compress struct {
	Axis int
	Flat bool
}

// dims are those of the input as Compress sees it, and the axis.
func (o Compress) dims(d tensor.Dims) (tensor.Dims, int, error) {
	if o.Flat {
		return tensor.D(d.Elems()), 0, nil
	}
	axis, err := tensor.Axis(o.Axis, d.Rank())
	return d, axis, err
}

func (o Compress) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	t := in[0].Type
	d, axis, err := o.dims(t.Dims)
	if err != nil {
		return nil, err
	}
	c, err := known(in, 1, "the condition")
	if err != nil {
		return nil, err
	}
	if c.DType() != tensor.Bool || c.Dims().Rank() != 1 || c.Len() > d.At(axis) {
		return nil, fmt.Errorf("input 1, the condition, is %v, want at most %d bools", c.Type(), d.At(axis))
	}
	n := 0
	for i := range c.Len() {
		n += int(c.Int(i))
	}
	t.Dims = d.Set(axis, n)
	return []tensor.Type{t}, nil
}

func (o Compress) Eval(out, in []tensor.Array) error {
	x, c, y := in[0], in[1], out[0]
	d, axis, err := o.dims(x.Dims())
	if err != nil {
		return err
	}
	size := d.Span(axis+1, d.Rank()) * x.DType().Size()
	to := 0
	for i := range d.Span(0, axis) {
		for k := range c.Len() {
			if c.Int(k) != 0 {
				copy(y.Bytes()[to:][:size], x.Bytes()[(i*d.At(axis)+k)*size:])
				to += size
			}
		}
	}
	return nil
}

// Unique is the different elements of a constant, or with its Axis the different slices across an axis, sorted or with Unsorted in the order in which they come. Further outputs are, as int64, where each
// comes first, which of them every element is, and how often each comes.
type Unique struct {
	Axis     int
	Flat     bool // all elements, whatever their axes
	Unsorted bool
}

// groups returns the places of the first of equal slices, which of them each slice is, and the counts.
func (o Unique) groups(x tensor.Array) (first, which, count []int, err error) {
	d, axis, err := Compress{o.Axis, o.Flat}.dims(x.Dims())
	if err != nil {
		return nil, nil, nil, err
	}
	n, inner := d.At(axis), d.Span(axis+1, d.Rank())
	outer := d.Span(0, axis)
	compare := func(a, b int) int {
		for i := range outer * inner {
			p, q := (i/inner*n+a)*inner+i%inner, (i/inner*n+b)*inner+i%inner
			if x.DType().IsFloat() {
				if u, v := x.Float(p), x.Float(q); u < v {
					return -1
				} else if u > v {
					return 1
				}
			} else if u, v := x.Int(p), x.Int(q); u != v {
				if less(x.DType(), u, v) {
					return -1
				}
				return 1
			}
		}
		return 0
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return compare(order[i], order[j]) < 0 })
	which = make([]int, n)
	for i, k := range order {
		if i == 0 || compare(order[i-1], k) != 0 {
			first, count = append(first, k), append(count, 0)
		}
		which[k] = len(first) - 1
		count[len(first)-1]++
	}
	if o.Unsorted {
		by := make([]int, len(first))
		for i := range by {
			by[i] = i
		}
		sort.Slice(by, func(i, j int) bool { return first[by[i]] < first[by[j]] })
		to, f, c := make([]int, len(by)), make([]int, len(by)), make([]int, len(by))
		for i, k := range by {
			to[k], f[i], c[i] = i, first[k], count[k]
		}
		for i := range which {
			which[i] = to[which[i]]
		}
		first, count = f, c
	}
	return first, which, count, nil
}

func (o Unique) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	x, err := known(in, 0, "the data")
	if err != nil {
		return nil, err
	}
	first, which, _, err := o.groups(x)
	if err != nil {
		return nil, err
	}
	d, axis, _ := Compress{o.Axis, o.Flat}.dims(x.Dims())
	list := tensor.T(tensor.Int64, len(first))
	return []tensor.Type{{DType: x.DType(), Dims: d.Set(axis, len(first))}, list, tensor.T(tensor.Int64, len(which)), list}, nil
}

func (o Unique) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	first, which, count, err := o.groups(x)
	if err != nil {
		return err
	}
	d, axis, _ := Compress{o.Axis, o.Flat}.dims(x.Dims())
	size := d.Span(axis+1, d.Rank()) * x.DType().Size()
	for i := range d.Span(0, axis) {
		for k, f := range first {
			copy(y.Bytes()[(i*len(first)+k)*size:][:size], x.Bytes()[(i*d.At(axis)+f)*size:])
		}
	}
	for i, list := range [][]int{first, which, count} {
		for k, v := range list {
			out[i+1].SetInt(k, int64(v))
		}
	}
	return nil
}

// NonMaxSuppression chooses, for every image and class, boxes in the order of their scores, without those that overlap a chosen one too much: int64 [chosen, 3] of image, class and box.
// Inputs are the boxes [N, B, 4], the scores [N, classes, B], and scalars: how many boxes there may be for each class (0 without it), the ratio of intersection to union from which on boxes exclude each
// other (0) and the score that is needed. All are constants. Boxes are two corners, rows first, or with Center centre, width and height, columns first.
type NonMaxSuppression struct{ Center bool }

func (o NonMaxSuppression) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 5); err != nil {
		return nil, err
	}
	var arrays []tensor.Array
	for i, a := range in {
		if !a.Given() {
			arrays = append(arrays, tensor.Array{})
			continue
		}
		x, err := known(in, i, [...]string{"the boxes", "the scores", "the number of boxes", "the overlap", "the score"}[i])
		if err != nil {
			return nil, err
		}
		if i > 1 && a.Type.Elems() != 1 {
			return nil, fmt.Errorf("input %d is %v, want one element", i, a.Type)
		}
		arrays = append(arrays, x)
	}
	b, s := in[0].Type, in[1].Type
	if !b.DType.IsFloat() || b.Dims.Rank() != 3 || b.Dims.At(2) != 4 {
		return nil, fmt.Errorf("input 0, the boxes, is %v, want float32 [N, B, 4]", b)
	}
	if !s.DType.IsFloat() || s.Dims.Rank() != 3 || s.Dims.At(0) != b.Dims.At(0) || s.Dims.At(2) != b.Dims.At(1) {
		return nil, fmt.Errorf("input 1, the scores, is %v, want float32 [%d, classes, %d]", s, b.Dims.At(0), b.Dims.At(1))
	}
	return []tensor.Type{tensor.T(tensor.Int64, len(o.choose(arrays)), 3)}, nil
}

func (o NonMaxSuppression) choose(in []tensor.Array) (chosen [][3]int) {
	boxes, scores := in[0], in[1]
	most, overlap, least := int64(0), 0.0, math.Inf(-1)
	if a := arg(in, 2); a.Valid() {
		most = a.Int(0)
	}
	if a := arg(in, 3); a.Valid() {
		overlap = a.Float(0)
	}
	if a := arg(in, 4); a.Valid() {
		least = a.Float(0)
	}
	n := boxes.Dims().At(1)
	corners := func(i int) (lo, hi [2]float64) {
		f := func(k int) float64 { return boxes.Float(4*i + k) }
		if o.Center {
			return [2]float64{f(1) - f(3)/2, f(0) - f(2)/2}, [2]float64{f(1) + f(3)/2, f(0) + f(2)/2}
		}
		return [2]float64{min(f(0), f(2)), min(f(1), f(3))}, [2]float64{max(f(0), f(2)), max(f(1), f(3))}
	}
	excludes := func(a, b int) bool {
		p, q := corners(a)
		u, v := corners(b)
		both, sum := 1.0, (q[0]-p[0])*(q[1]-p[1])+(v[0]-u[0])*(v[1]-u[1])
		for i := range 2 {
			both *= max(min(q[i], v[i])-max(p[i], u[i]), 0)
		}
		return both/(sum-both) > overlap
	}
	for ic := range scores.Dims().Span(0, 2) {
		image, class := ic/scores.Dims().At(1), ic%scores.Dims().At(1)
		var order, took []int
		for i := range n {
			if scores.Float(ic*n+i) > least {
				order = append(order, i)
			}
		}
		sort.SliceStable(order, func(i, j int) bool { return scores.Float(ic*n+order[i]) > scores.Float(ic*n+order[j]) })
		for _, i := range order {
			if int64(len(took)) >= most {
				break
			}
			free := true
			for _, k := range took {
				free = free && !excludes(image*n+i, image*n+k)
			}
			if free {
				took = append(took, i)
				chosen = append(chosen, [3]int{image, class, i})
			}
		}
	}
	return chosen
}

func (o NonMaxSuppression) Eval(out, in []tensor.Array) error {
	for i, c := range o.choose(in) {
		for k, v := range c {
			out[0].SetInt(3*i+k, int64(v))
		}
	}
	return nil
}
