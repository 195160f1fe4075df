package graph

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/tensor"
)

// view says where the elements of a value lie: element i0, i1, ... at off + i0*stride[0] + i1*stride[1] + ... of a buffer. All
// that moves nothing (Transpose, Slice, Split, most of Reshape, a part of a Concat) is another view of the same buffer.
type view struct {
	buf    *buffer
	typ    tensor.Type
	off    int // elements
	stride [tensor.MaxRank]int
}

func (v view) dims() tensor.Dims { return v.typ.Dims }

// order is a way to lay a tensor out without gaps.
type order uint8

const (
	rowMajor     order = iota
	channelsLast       // axis 1 innermost, the others row-major: NHWC for what is called NCHW
)

func (o order) String() string {
	if o == channelsLast {
		return "channels last"
	}
	return "row-major"
}

// axes lists the axes of a tensor from the outermost in memory.
func (o order) axes(rank int) (axes [tensor.MaxRank]int) {
	for i := range rank {
		axes[i] = i
	}
	if o == channelsLast && rank > 2 {
		copy(axes[1:], axes[2:rank])
		axes[rank-1] = 1
	}
	return axes
}

// dense returns the strides of a tensor without gaps.
func (o order) dense(d tensor.Dims) (stride [tensor.MaxRank]int) {
	axes, step := o.axes(d.Rank()), 1
	for i := d.Rank() - 1; i >= 0; i-- {
		stride[axes[i]] = step
		step *= d.At(axes[i])
	}
	return stride
}

// is reports whether v lies in order o without gaps.
func (v view) is(o order) bool { return v.sameStrides(o.dense(v.dims())) }

// sameStrides reports whether v has the given strides, where an axis of one element has any.
func (v view) sameStrides(stride [tensor.MaxRank]int) bool {
	d := v.dims()
	for i := range d.Rank() {
		if d.At(i) != 1 && v.stride[i] != stride[i] {
			return false
		}
	}
	return true
}

// isDense reports whether the elements of v fill a piece of memory without gaps, in whatever order of the axes.
func (v view) isDense() bool {
	d, step := v.dims(), 1
	for _, i := range v.byStride() {
		if d.At(i) == 1 {
			continue
		}
		if v.stride[i] != step {
			return false
		}
		step *= d.At(i)
	}
	return true
}

// byStride lists the axes from the innermost in memory; of axes with one stride the later comes first. Axes of one element, whose strides mean nothing, come
// last.
func (v view) byStride() []int {
	var axes, ones []int
	for i := v.dims().Rank() - 1; i >= 0; i-- {
		if v.dims().At(i) == 1 {
			ones = append(ones, i)
			continue
		}
		j := len(axes)
		for j > 0 && v.stride[i] < v.stride[axes[j-1]] {
			j--
		}
		axes = slices.Insert(axes, j, i)
	}
	return append(axes, ones...)
}

// extent is the number of elements from the first of v to the last, both included.
func (v view) extent() int {
	n := 1
	for i := range v.dims().Rank() {
		if v.dims().At(i) == 0 {
			return 0
		}
		n += (v.dims().At(i) - 1) * v.stride[i]
	}
	return n
}

// whole reports whether v fills its buffer.
func (v view) whole() bool {
	return v.off == 0 && v.typ.Bytes() == v.buf.bytes && v.isDense()
}

// transpose returns v with axis perm[i] in place i.
func (v view) transpose(perm tensor.Dims) view {
	w := v
	for i := range perm.Rank() {
		w.typ.Dims = w.typ.Dims.Set(i, v.dims().At(perm.At(i)))
		w.stride[i] = v.stride[perm.At(i)]
	}
	return w
}

// slice returns n elements along an axis, from start on, step apart. A negative step goes backwards.
func (v view) slice(axis, start, step, n int) view {
	if n > 0 {
		v.off += start * v.stride[axis]
	}
	v.stride[axis] *= step
	v.typ.Dims = v.typ.Dims.Set(axis, n)
	return v
}

// expand returns v stretched to dims, which v's broadcast to.
func (v view) expand(d tensor.Dims) view {
	w := v
	w.typ.Dims = d
	skip := d.Rank() - v.dims().Rank()
	for i := range d.Rank() {
		w.stride[i] = 0
		if i >= skip && v.dims().At(i-skip) != 1 {
			w.stride[i] = v.stride[i-skip]
		}
	}
	return w
}

// reshape returns v with other dims and the same elements in row-major order of the axes, if strides can say that: where axes that
// are merged nest.
func (v view) reshape(to tensor.Dims) (view, bool) {
	w := v
	w.typ.Dims = to
	w.stride = [tensor.MaxRank]int{}
	from := v.dims()
	if from.Elems() == 0 {
		w.stride = rowMajor.dense(to)
		return w, true
	}
	i, j := 0, 0 // axes of from and to
	for i < from.Rank() || j < to.Rank() {
		// The shortest runs of axes with the same product.
		i0, j0, a, b := i, j, 1, 1
		for first := true; first || a != b; first = false {
			switch {
			case a <= b && i < from.Rank() || j == to.Rank():
				if i == from.Rank() {
					return w, false
				}
				a *= from.At(i)
				i++
			default:
				b *= to.At(j)
				j++
			}
		}
		for i < from.Rank() && from.At(i) == 1 {
			i++
		}
		for j < to.Rank() && to.At(j) == 1 {
			j++
		}
		step, inner, last := 0, 1, -1
		for k := i - 1; k >= i0; k-- {
			n := from.At(k)
			if n == 1 {
				continue
			}
			if last >= 0 && v.stride[k] != step*inner {
				return w, false
			}
			if last < 0 {
				step, last = v.stride[k], k
			}
			inner *= n
		}
		for k := j - 1; k >= j0; k-- {
			w.stride[k] = step
			step *= to.At(k)
		}
	}
	return w, true
}

// String is the type, the strides where they are not those of row-major order, and the buffer.
func (v view) String() string {
	s := v.typ.String()
	switch {
	case v.is(rowMajor):
	case v.is(channelsLast):
		s += " last"
	default:
		s += fmt.Sprintf(" strides %v", v.stride[:v.dims().Rank()])
	}
	return s
}
