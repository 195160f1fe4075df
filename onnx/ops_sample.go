package onnx

import (
	"fmt"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// optionalType is an attribute that names a type of elements, or 0 where it is left out.
func (n *node) optionalType(name string) tensor.DType {
	if !n.has(name) {
		return 0
	}
	d, err := dtype(int64(n.int(name, 0)))
	if err != nil && n.err == nil {
		n.err = fmt.Errorf("attribute %q: %w", name, err)
	}
	return d
}

func gridSample(n *node) ([]*graph.Value, error) {
	mode := n.choice("mode", "linear", "nearest", "linear", "cubic", "", "bilinear", "bicubic") // the last two are those of operator set 16
	if mode > 2 {
		mode -= 3
	}
	return n.all(graph.GridSample{
		Mode:    graph.ResizeMode(mode),
		Padding: graph.GridPadding(n.choice("padding_mode", "zeros", "zeros", "border", "reflection")),
		Corners: n.bool("align_corners", false),
	})
}

var sampleOps = map[string]importer{
	"GridSample":               gridSample,
	"com.microsoft.GridSample": gridSample,
	"AffineGrid": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.AffineGrid{Corners: n.bool("align_corners", false)})
	},
	"RoiAlign": func(n *node) ([]*graph.Value, error) {
		half := n.choice("coordinate_transformation_mode", "half_pixel", "output_half_pixel", "half_pixel") == 1
		return n.all(graph.RoiAlign{
			Max: n.choice("mode", "avg", "avg", "max") == 1, Height: n.int("output_height", 1), Width: n.int("output_width", 1),
			Samples: n.int("sampling_ratio", 0), Scale: n.float("spatial_scale", 1), HalfPixel: half && n.opset() >= 16,
		})
	},
	"MaxRoiPool": func(n *node) ([]*graph.Value, error) {
		d := n.dims("pooled_shape")
		if d.Rank() != 2 {
			return nil, fmt.Errorf("attribute \"pooled_shape\" is %v, want 2 numbers", d)
		}
		return n.all(graph.MaxRoiPool{Height: d.At(0), Width: d.At(1), Scale: n.float("spatial_scale", 1)})
	},
	"NonZero": plain(graph.NonZero{}),
	"Compress": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Compress{Axis: n.int("axis", 0), Flat: !n.has("axis")})
	},
	"Unique": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.Unique{Axis: n.int("axis", 0), Flat: !n.has("axis"), Unsorted: !n.bool("sorted", true)})
	},
	"NonMaxSuppression": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.NonMaxSuppression{Center: n.bool("center_point_box", false)})
	},
	"ReverseSequence": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.ReverseSequence{Batch: n.int("batch_axis", 1), Time: n.int("time_axis", 0)})
	},
	"Det": plain(graph.Det{}),
	"EyeLike": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.EyeLike{K: n.int("k", 0), DType: n.optionalType("dtype")})
	},
	"CastLike": func(n *node) ([]*graph.Value, error) {
		if len(n.in) != 2 || n.in[1] == nil {
			return nil, fmt.Errorf("%d inputs, want 2", len(n.in))
		}
		return n.add(graph.Cast{To: n.in[1].Type().DType}, n.in[0])
	},
	"CenterCropPad": centerCropPad,
	"HannWindow": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.HannWindow{Periodic: n.bool("periodic", true), DType: n.optionalType("output_datatype")})
	},
	"HammingWindow": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.HammingWindow{Periodic: n.bool("periodic", true), DType: n.optionalType("output_datatype")})
	},
	"BlackmanWindow": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.BlackmanWindow{Periodic: n.bool("periodic", true), DType: n.optionalType("output_datatype")})
	},
	"MelWeightMatrix": func(n *node) ([]*graph.Value, error) {
		return n.all(graph.MelWeightMatrix{DType: n.optionalType("output_datatype")})
	},
	"DFT": func(n *node) ([]*graph.Value, error) {
		axis := n.input(2)
		if n.opset() < 20 {
			axis = n.vector(n.int("axis", 1))
		}
		return n.add(graph.DFT{Inverse: n.bool("inverse", false), OneSided: n.bool("onesided", false)}, n.input(0), n.input(1), axis)
	},
	"STFT":   func(n *node) ([]*graph.Value, error) { return n.all(graph.STFT{OneSided: n.bool("onesided", true)}) },
	"Einsum": einsum,
}

// centerCropPad cuts axes to sizes, and puts zeros around those that are smaller.
func centerCropPad(n *node) ([]*graph.Value, error) {
	if len(n.in) != 2 || n.in[0] == nil || n.in[1] == nil {
		return nil, fmt.Errorf("%d inputs, want 2", len(n.in))
	}
	a, ok := n.in[1].Const()
	if !ok || !a.DType().IsInt() {
		return nil, fmt.Errorf("input 1, the shape, is %v, want constant integers", n.in[1].Type())
	}
	d := n.in[0].Type().Dims
	axes := n.ints("axes")
	if !n.has("axes") {
		for i := range d.Rank() {
			axes = append(axes, i)
		}
	}
	if a.Len() != len(axes) {
		return nil, fmt.Errorf("input 1, the shape, has %d elements for %d axes", a.Len(), len(axes))
	}
	starts, ends := make([]int, d.Rank()), d.Slice()
	pads := make([]int, 2*d.Rank())
	for i, k := range axes {
		axis, err := tensor.Axis(k, d.Rank())
		if err != nil {
			return nil, fmt.Errorf("attribute \"axes\": %w", err)
		}
		have, want := d.At(axis), int(a.Int(i))
		if want < 0 {
			return nil, fmt.Errorf("input 1, the shape, has %d, want at least 0", want)
		}
		if want < have {
			starts[axis] = (have - want) / 2
			ends[axis] = starts[axis] + want
		} else {
			pads[axis] = (want - have) / 2
			pads[d.Rank()+axis] = want - have - pads[axis]
		}
	}
	y, err := n.add(graph.Slice{}, n.in[0], n.vector(starts...), n.vector(ends...))
	if err != nil {
		return nil, err
	}
	return n.add(graph.Pad{}, y[0], n.vector(pads...))
}

// einsum makes a product of two tensors a product of matrices, which has kernels: their axes are those that both have and the result too, those of one alone, and
// those that are summed.
func einsum(n *node) ([]*graph.Value, error) {
	op := graph.Einsum{Equation: n.string("equation", "")}
	if len(n.in) != 2 || n.in[0] == nil || n.in[1] == nil || !n.in[0].Type().DType.IsFloat() {
		return n.all(op)
	}
	var dims [2]tensor.Dims
	for i, v := range n.in {
		dims[i] = v.Type().Dims
	}
	in, out, err := graph.EinsumTerms(op.Equation, []int{dims[0].Rank(), dims[1].Rank()})
	if err != nil {
		return nil, err
	}
	place := func(list []rune, c rune) int {
		at := -1
		for i, e := range list {
			if e == c {
				if at >= 0 {
					return -2 // twice: a diagonal
				}
				at = i
			}
		}
		return at
	}
	var batch, left, right, sum []rune
	for i, axes := range in {
		for k, c := range axes {
			other, result := place(in[1-i], c), place(out, c)
			switch {
			case place(axes, c) == -2 || other == -2, other < 0 && result < 0, other >= 0 && dims[i].At(k) != dims[1-i].At(other):
				return n.all(op)
			case other >= 0 && i == 1:
			case other >= 0 && result >= 0:
				batch = append(batch, c)
			case other >= 0:
				sum = append(sum, c)
			case i == 0:
				left = append(left, c)
			default:
				right = append(right, c)
			}
		}
	}
	size := func(axes []rune) (sizes []int, n int) {
		n = 1
		for _, c := range axes {
			i := 0
			if place(in[0], c) < 0 {
				i = 1
			}
			s := dims[i].At(place(in[i], c))
			sizes, n = append(sizes, s), n*s
		}
		return sizes, n
	}
	join := func(lists ...[]rune) (all []rune) {
		for _, l := range lists {
			all = append(all, l...)
		}
		return all
	}
	order := func(v *graph.Value, from, to []rune) (*graph.Value, error) {
		var t graph.Transpose
		for _, c := range to {
			t.Perm = t.Perm.Append(place(from, c))
		}
		if len(to) == 0 {
			return v, nil
		}
		y, err := n.add(t, v)
		if err != nil {
			return nil, err
		}
		return y[0], nil
	}
	_, nb := size(batch)
	_, nl := size(left)
	_, nr := size(right)
	_, ns := size(sum)
	var m [2]*graph.Value
	for i, side := range []struct {
		axes []rune
		dims []int
	}{{join(batch, left, sum), []int{nb, nl, ns}}, {join(batch, sum, right), []int{nb, ns, nr}}} {
		v, err := order(n.in[i], in[i], side.axes)
		if err != nil {
			return nil, err
		}
		y, err := n.add(graph.Reshape{AllowZero: true}, v, n.vector(side.dims...))
		if err != nil {
			return nil, err
		}
		m[i] = y[0]
	}
	y, err := n.add(graph.MatMul{}, m[0], m[1])
	if err != nil {
		return nil, err
	}
	axes := join(batch, left, right)
	if len(axes) > tensor.MaxRank {
		return n.all(op)
	}
	sizes, _ := size(axes)
	if y, err = n.add(graph.Reshape{AllowZero: true}, y[0], n.vector(sizes...)); err != nil {
		return nil, err
	}
	v, err := order(y[0], axes, out)
	return []*graph.Value{v}, err
}
