package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// GridPadding says what lies outside of the input of GridSample.
type GridPadding uint8

const (
	GridZeros      GridPadding = iota // zeros
	GridBorder                        // the elements at the border
	GridReflection                    // the input, mirrored at its borders as often as it takes
)

// GridSample is x [N, C, positions...] at places that the second input [N, outputs..., axes] gives, as coordinates from -1 to 1 along every axis of positions, the last axis
// first. With Corners -1 and 1 are the centres of the first and the last element, else their outer edges (Jaderberg et al., arXiv:1506.02025).
type GridSample struct {
	Mode    ResizeMode
	Padding GridPadding
	Corners bool
}

func (o GridSample) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	if err := want(in, 1, floating); err != nil {
		return nil, err
	}
	if o.Mode > Cubic || o.Padding > GridReflection {
		return nil, fmt.Errorf("Mode is %d and Padding %d, want at most %d and %d", o.Mode, o.Padding, Cubic, GridReflection)
	}
	t, g := in[0].Type, in[1].Type.Dims
	d := t.Dims
	n := d.Rank() - 2
	if n < 1 || n > 3 {
		return nil, fmt.Errorf("input 0 is %v, want 3 to 5 axes", t)
	}
	if g.Rank() != n+2 || g.At(0) != d.At(0) || g.At(n+1) != n {
		return nil, fmt.Errorf("input 1 is %v, want %d axes, the first of %d elements and the last of %d", in[1].Type, n+2, d.At(0), n)
	}
	for i := range n {
		if d.At(i+2) < 1 {
			return nil, fmt.Errorf("input 0 is %v, want no empty axis", t)
		}
		t.Dims = t.Dims.Set(i+2, g.At(i+1))
	}
	return []tensor.Type{t}, nil
}

// mirror folds x at lo and hi until it lies between them.
func mirror(x, lo, hi float64) float64 {
	if lo >= hi {
		return lo
	}
	d := math.Mod(math.Abs(x-lo), 2*(hi-lo))
	if d > hi-lo {
		d = 2*(hi-lo) - d
	}
	return lo + d
}

// place is the coordinate g in elements along an axis of n.
func (o GridSample) place(g float64, n int) float64 {
	last := float64(n - 1)
	x, lo, hi := ((g+1)*float64(n)-1)/2, -0.5, last+0.5
	if o.Corners {
		x, lo, hi = (g+1)/2*last, 0, last
	}
	if o.Mode == Nearest {
		x = math.RoundToEven(x)
	}
	if x < lo || x > hi {
		switch o.Padding {
		case GridBorder:
			if x = min(max(x, -4), last+4); o.Mode != Cubic { // whose elements are each taken from the border
				x = min(max(x, 0), last)
			}
		case GridReflection:
			x = mirror(x, lo, hi)
		}
	}
	return x
}

// taps lists the elements along an axis of n that x is made of, and their weights. Those that count as zero are left out.
func (o GridSample) taps(list []tap, x float64, n int) []tap {
	if !(math.Abs(x) < 1<<40) { // far outside, or not a number
		x = -4
	}
	lo, hi := -0.5, float64(n)-0.5
	if o.Corners {
		lo, hi = 0, float64(n-1)
	}
	add := func(k int, w float64) {
		if k < 0 || k >= n {
			switch o.Padding {
			case GridZeros:
				return
			case GridReflection:
				k = int(math.Round(mirror(float64(k), lo, hi)))
			}
			k = min(max(k, 0), n-1)
		}
		list = append(list, tap{k, w})
	}
	k := int(math.Floor(x))
	t := x - float64(k)
	switch o.Mode {
	case Nearest:
		add(int(math.RoundToEven(x)), 1)
	case Linear:
		add(k, 1-t)
		add(k+1, t)
	case Cubic:
		for i := -1; i <= 2; i++ {
			add(k+i, cubic(math.Abs(t-float64(i)), -0.75))
		}
	}
	return list
}

func (o GridSample) Eval(out, in []tensor.Array) error {
	x, grid, y := in[0], in[1], out[0]
	d := x.Dims()
	n := d.Rank() - 2
	plane, places := d.Span(2, n+2), y.Dims().Span(2, n+2)
	var along [3][]tap // the axes of positions; those that are missing have one element
	for i := n; i < 3; i++ {
		along[i] = []tap{{0, 1}}
	}
	size := [3]int{1, 1, 1}
	for i := range n {
		size[i] = d.At(i + 2)
	}
	for p := range d.At(0) * places {
		for i := range n {
			along[i] = o.taps(along[i][:0], o.place(grid.Float(p*n+n-1-i), size[i]), size[i])
		}
		for c := range d.At(1) {
			first := (p/places*d.At(1) + c) * plane
			sum := 0.0
			for _, a := range along[0] {
				for _, b := range along[1] {
					for _, e := range along[2] {
						sum += a.weight * b.weight * e.weight * x.Float(first+(a.at*size[1]+b.at)*size[2]+e.at)
					}
				}
			}
			y.SetFloat((p/places*d.At(1)+c)*places+p%places, sum)
		}
	}
	return nil
}

// AffineGrid is a grid for GridSample: the matrices of the first input, [N, 2, 3] or [N, 3, 4], applied to every place of the outputs whose dims the second input
// lists, a constant [N, C, H, W] or [N, C, D, H, W]. Corners is that of GridSample.
type AffineGrid struct{ Corners bool }

func (o AffineGrid) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	size, err := constInts(in, 1, "the size")
	if err != nil {
		return nil, err
	}
	n := len(size) - 2
	if n < 2 || n > 3 {
		return nil, fmt.Errorf("the size is %v, want 4 or 5 numbers", size)
	}
	t := in[0].Type
	if t.Dims != tensor.D(size[0], n, n+1) {
		return nil, fmt.Errorf("input 0 is %v, want [%d, %d, %d] for a size of %v", t, size[0], n, n+1, size)
	}
	t.Dims = tensor.D(size[0])
	for _, s := range size[2:] {
		t.Dims = t.Dims.Append(s)
	}
	t.Dims = t.Dims.Append(n)
	return []tensor.Type{t}, nil
}

func (o AffineGrid) Eval(out, in []tensor.Array) error {
	theta, y := in[0], out[0]
	d := y.Dims()
	n := d.Rank() - 2
	places := d.Span(1, n+1)
	for p := range d.At(0) * places {
		var at [4]float64 // the last axis first, as a grid has it; then 1
		rest := p % places
		for i := range n {
			size := d.At(n - i)
			k := float64(rest % size)
			rest /= size
			switch {
			case o.Corners && size == 1:
				at[i] = 0
			case o.Corners:
				at[i] = 2*k/float64(size-1) - 1
			default:
				at[i] = (2*k+1)/float64(size) - 1
			}
		}
		at[n] = 1
		for i := range n {
			sum := 0.0
			for j := range n + 1 {
				sum += theta.Float((p/places*n+i)*(n+1)+j) * at[j]
			}
			y.SetFloat(p*n+i, sum)
		}
	}
	return nil
}
