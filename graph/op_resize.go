package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// ResizeMode says how new elements are found.
type ResizeMode uint8

const (
	Nearest ResizeMode = iota
	Linear
	Cubic
)

// Coordinates says which place of the input a place of the output stands for: ONNX's coordinate_transformation_mode.
type Coordinates uint8

const (
	HalfPixel          Coordinates = iota // (x + 1/2) / scale - 1/2
	HalfPixelSymmetric                    // the same, with the middle kept where sizes are rounded
	PyTorchHalfPixel                      // the same as HalfPixel, and 0 for an output of one element
	AlignCorners                          // the first and the last elements meet
	Asymmetric                            // x / scale
	CropAndResize                         // TensorFlow's: of a region of interest
	HalfPixelForNN                        // (x + 1/2) / scale: TensorFlow's for Nearest
)

// Rounding says how Nearest rounds: ONNX's nearest_mode.
type Rounding uint8

const (
	RoundPreferFloor Rounding = iota
	RoundPreferCeil
	RoundFloor
	RoundCeil
)

// Aspect says what becomes of sizes that would change the ratio of the axes: ONNX's keep_aspect_ratio_policy.
type Aspect uint8

const (
	Stretch Aspect = iota
	NotLarger
	NotSmaller
)

// Resize stretches axes: inputs are x, the region of interest (for CropAndResize), the scales and the sizes, of which one is given: for all axes, or for
// those of Axes.
type Resize struct {
	Mode           ResizeMode
	Coordinates    Coordinates
	Rounding       Rounding
	Aspect         Aspect
	Antialias      bool
	ExcludeOutside bool // weights of what lies outside are 0 in place of the nearest element's
	CubicA         float32
	Extrapolation  float32 // CropAndResize: what lies outside
	Axes           tensor.Dims
}

// maxResize bounds an axis of the output, so that the tables for it stay small.
const maxResize = 1 << 26

// resizing is what happens along one axis.
type resizing struct {
	in, out    int
	scale      float64
	start, end float64 // of the region
}

// axes returns what happens along every axis.
func (o Resize) axes(in []Arg) (r [tensor.MaxRank]resizing, err error) {
	if err = arity(in, 1, 4); err != nil {
		return
	}
	if o.Mode > Cubic || o.Coordinates > HalfPixelForNN || o.Rounding > RoundCeil || o.Aspect > NotSmaller {
		return r, fmt.Errorf("Mode, Coordinates, Rounding or Aspect is none")
	}
	d := in[0].Type.Dims
	rank := d.Rank()
	axes := o.Axes
	if axes.Rank() == 0 {
		for i := range rank {
			axes = axes.Append(i)
		}
	}
	for i := range rank {
		r[i] = resizing{d.At(i), d.At(i), 1, 0, 1}
	}
	var list [tensor.MaxRank]int
	for i := range axes.Rank() {
		if list[i], err = tensor.Axis(axes.At(i), rank); err != nil {
			return
		}
	}
	n := axes.Rank()
	scales, sizes := given(in, 2), given(in, 3)
	if scales.Given() && scales.Type.Elems() == 0 {
		scales = Arg{}
	}
	if sizes.Given() && sizes.Type.Elems() == 0 {
		sizes = Arg{}
	}
	switch {
	case scales.Given() == sizes.Given():
		return r, fmt.Errorf("want either the scales or the sizes")
	case scales.Given():
		if !scales.Const.Valid() || !scales.Type.DType.IsFloat() || scales.Const.Len() != n {
			return r, fmt.Errorf("input 2, the scales, is %v, want a constant of %d numbers", scales.Type, n)
		}
		for i := range n {
			a := &r[list[i]]
			a.scale = scales.Const.Float(i)
			out := math.Floor(float64(float32(a.in) * float32(a.scale))) // 10 times 0.7 is 7, if barely
			if !(a.scale > 0) || !(out >= 0 && out <= maxResize) {
				return r, fmt.Errorf("scale %v of axis %d of length %d, want above 0 and an output of at most %d", a.scale, list[i], a.in, maxResize)
			}
			a.out = int(out)
		}
	default:
		want, err := constInts(in, 3, "the sizes")
		if err != nil {
			return r, err
		}
		if len(want) != n {
			return r, fmt.Errorf("the sizes are %v, want %d of them", want, n)
		}
		policy := math.NaN()
		for i := range n {
			a := &r[list[i]]
			if want[i] < 0 || want[i] > maxResize || a.in == 0 {
				return r, fmt.Errorf("size %d of axis %d of length %d, want 0 to %d", want[i], list[i], a.in, maxResize)
			}
			a.out = want[i]
			a.scale = float64(a.out) / float64(a.in)
			if policy != policy || o.Aspect == NotLarger && a.scale < policy || o.Aspect == NotSmaller && a.scale > policy {
				policy = a.scale
			}
		}
		if o.Aspect != Stretch {
			for i := range n {
				a := &r[list[i]]
				a.scale = policy
				a.out = int(math.Floor(policy*float64(a.in) + 0.5))
			}
		}
	}
	if o.Coordinates == CropAndResize {
		roi := given(in, 1)
		if !roi.Const.Valid() || !roi.Type.DType.IsFloat() || roi.Const.Len() != 2*n {
			return r, fmt.Errorf("input 1, the region, is %v, want a constant of %d numbers", roi.Type, 2*n)
		}
		for i := range n {
			r[list[i]].start, r[list[i]].end = roi.Const.Float(i), roi.Const.Float(n+i)
		}
	}
	for i := range rank {
		if a := r[i]; a.in == 0 && a.out > 0 {
			return r, fmt.Errorf("axis %d of the input is empty", i)
		}
	}
	return r, nil
}

func (o Resize) Infer(in []Arg) ([]tensor.Type, error) {
	r, err := o.axes(in)
	if err != nil {
		return nil, err
	}
	if err := want(in, 0, numeric); err != nil {
		return nil, err
	}
	t := in[0].Type
	for i := range t.Dims.Rank() {
		t.Dims = t.Dims.Set(i, r[i].out)
	}
	return []tensor.Type{t}, nil
}

// place is where element i of the output lies in the input.
func (o Resize) place(a resizing, i int) float64 {
	if o.Mode == Nearest { // halfway between two elements a rounding decides: those of float32 are everybody's
		return float64(place(o.Coordinates, float32(i), float32(a.in), float32(a.out), float32(a.scale), float32(a.start), float32(a.end)))
	}
	return place(o.Coordinates, float64(i), float64(a.in), float64(a.out), a.scale, a.start, a.end)
}

// place is where element x of an axis of length out lies in one of length in, whose region from start to end counts.
func place[T float32 | float64](c Coordinates, x, in, out, scale, start, end T) T {
	switch c {
	case HalfPixelSymmetric:
		exact := T(scale * in)
		return T(in/2*T(1-out/exact)) + T((x+0.5)/scale) - 0.5
	case PyTorchHalfPixel:
		if out <= 1 {
			return 0
		}
	case AlignCorners:
		if out <= 1 {
			return 0
		}
		return T(x*(in-1)) / (out - 1)
	case Asymmetric:
		return x / scale
	case CropAndResize:
		if out <= 1 {
			return T(0.5*(start+end)) * (in - 1)
		}
		return T(start*(in-1)) + T(T(x*(end-start))*(in-1))/(out-1)
	case HalfPixelForNN:
		return (x + 0.5) / scale
	}
	return T((x+0.5)/scale) - 0.5
}

// tap is an element of the input and its weight.
type tap struct {
	at     int
	weight float64
}

// taps returns the elements that element i of the output is made of, and whether it lies outside.
func (o Resize) taps(a resizing, i int) (list []tap, outside bool) {
	x := o.place(a, i)
	outside = o.Coordinates == CropAndResize && (x < 0 || x > float64(a.in-1))
	if a.scale == 1 && a.in == a.out && o.Coordinates != CropAndResize && o.Coordinates != HalfPixelForNN {
		return []tap{{i, 1}}, false
	}
	inside := func(k int) int { return min(max(k, 0), a.in-1) }
	if o.Mode == Nearest {
		switch o.Rounding {
		case RoundPreferFloor:
			x = math.Ceil(x - 0.5)
		case RoundPreferCeil:
			x = math.Floor(x + 0.5)
		case RoundFloor:
			x = math.Floor(x)
		case RoundCeil:
			x = math.Ceil(x)
		}
		return []tap{{inside(int(x)), 1}}, outside
	}
	squeeze := 1.0
	if o.Antialias {
		squeeze = min(1, a.scale)
	}
	reach := 1.0
	if o.Mode == Cubic {
		reach = 2
	}
	base := math.Floor(x)
	first := int(math.Floor(-reach/squeeze)) + 1
	last := 1 - first // as many above the base as below the one after it
	sum := 0.0
	for k := first; k <= last; k++ {
		at := int(base) + k
		t := math.Abs(float64(k)-(x-base)) * squeeze
		w := max(0, 1-t)
		if o.Mode == Cubic {
			w = cubic(t, float64(o.CubicA))
		}
		if o.ExcludeOutside && (at < 0 || at >= a.in) {
			w = 0
		}
		sum += w
		if w != 0 {
			list = append(list, tap{inside(at), w})
		}
	}
	for k := range list {
		list[k].weight /= sum
	}
	return list, outside
}

// cubic is the weight at distance t of Keys' kernel (IEEE TASSP 29(6), 1981).
func cubic(t, a float64) float64 {
	switch {
	case t <= 1:
		return ((a+2)*t-(a+3))*t*t + 1
	case t < 2:
		return ((a*t-5*a)*t+8*a)*t - 4*a
	}
	return 0
}

func (o Resize) Eval(out, in []tensor.Array) error {
	r, err := o.axes(arraysAsArgs(in))
	if err != nil {
		return err
	}
	x, y := in[0], out[0]
	d := x.Dims()
	if o.Mode == Nearest {
		return o.nearest(y, x, r)
	}
	cur := make([]float64, x.Len())
	for i := range cur {
		cur[i] = x.Float(i)
	}
	// Axes that become shorter come first: nothing in between is larger than x or y.
	var axes []int
	for _, grows := range []bool{false, true} {
		for axis := range d.Rank() {
			if r[axis].out > r[axis].in == grows {
				axes = append(axes, axis)
			}
		}
	}
	for _, axis := range axes {
		a := r[axis]
		if a.in == a.out && a.scale == 1 && o.Coordinates != CropAndResize {
			continue
		}
		outer, inner := d.Span(0, axis), d.Span(axis+1, d.Rank())
		next := make([]float64, outer*a.out*inner)
		for i := range a.out {
			taps, _ := o.taps(a, i)
			for p := range outer {
				for q := range inner {
					sum := 0.0
					for _, t := range taps {
						sum += t.weight * cur[(p*a.in+t.at)*inner+q]
					}
					next[(p*a.out+i)*inner+q] = sum
				}
			}
		}
		cur, d = next, d.Set(axis, a.out)
	}
	if o.Coordinates == CropAndResize {
		w := broadcast{dims: y.Dims()}
		for i := range cur {
			for axis := range d.Rank() {
				if p := o.place(r[axis], w.at[axis]); p < 0 || p > float64(r[axis].in-1) {
					cur[i] = float64(o.Extrapolation)
				}
			}
			w.next()
		}
	}
	for i, v := range cur {
		y.SetFloat(i, v)
	}
	return nil
}

// nearest copies elements.
func (o Resize) nearest(y, x tensor.Array, r [tensor.MaxRank]resizing) error {
	d := y.Dims()
	stride := rowMajor.dense(x.Dims())
	var from [tensor.MaxRank][]int
	for axis := range d.Rank() {
		for i := range d.At(axis) {
			taps, outside := o.taps(r[axis], i)
			at := taps[0].at * stride[axis]
			if outside {
				at = -1
			}
			from[axis] = append(from[axis], at)
		}
	}
	size := x.DType().Size()
	w := broadcast{dims: d}
	for i := range y.Len() {
		at, outside := 0, false
		for axis := range d.Rank() {
			f := from[axis][w.at[axis]]
			outside = outside || f < 0
			at += f
		}
		if outside {
			y.SetFloat(i, float64(o.Extrapolation))
		} else {
			copy(y.Bytes()[i*size:][:size], x.Bytes()[at*size:])
		}
		w.next()
	}
	return nil
}

func (o Resize) lower(l *lowering, n *Node) (bool, error) {
	r, err := o.axes(args(n.in))
	if err != nil {
		return false, err
	}
	d := n.in[0].typ.Dims
	if o.Coordinates == CropAndResize || n.out[0].typ.Elems() == 0 {
		return false, nil
	}
	var taps [tensor.MaxRank][][]tap // of the axes that change
	for axis := range d.Rank() {
		a := r[axis]
		if a.in == a.out && a.scale == 1 && (o.Mode != Nearest || o.Coordinates != HalfPixelForNN) {
			continue
		}
		taps[axis] = make([][]tap, a.out)
		for i := range taps[axis] {
			taps[axis][i], _ = o.taps(a, i)
		}
	}
	if o.Mode == Nearest {
		var tables [tensor.MaxRank][]int
		for axis, list := range taps {
			for _, t := range list {
				tables[axis] = append(tables[axis], t[0].at)
			}
		}
		l.pick(n, "resize nearest", tables, nil)
		return true, nil
	}
	if !float32s(n.in[0]) {
		return false, nil
	}
	l.blend(n, taps)
	return true, nil
}
