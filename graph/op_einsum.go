package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/tensor"
)

// Einsum sums products of elements of its inputs as Equation says, in Einstein's notation as numpy has it: "bik,bkj->bij" is a product of matrices. A letter stands for an axis, an ellipsis for those that
// are not named, which broadcast. Without an arrow the output has the letters that come once, in the order of the alphabet.
type Einsum struct{ Equation string }

// maxLabels bounds how many different axes an equation has.
const maxLabels = 3 * tensor.MaxRank

// einsum is an equation with the sizes of its axes: the axes of the output come first.
type einsum struct {
	labels []rune
	sizes  []int
	out    int     // axes of the output
	stride [][]int // of every input, by label
}

// EinsumTerms splits an equation into the letters of the inputs and of the output. Axes under an ellipsis get letters too, which are numbers from 1 on, the innermost having the largest.
func EinsumTerms(equation string, ranks []int) (in [][]rune, out []rune, err error) {
	equation = strings.ReplaceAll(equation, " ", "")
	left, right, arrow := strings.Cut(equation, "->")
	parts := strings.Split(left, ",")
	if len(parts) != len(ranks) {
		return nil, nil, fmt.Errorf("Equation %q has %d terms for %d inputs", equation, len(parts), len(ranks))
	}
	expand := func(s string, hidden int) ([]rune, error) {
		var axes []rune
		before, after, dots := strings.Cut(s, "...")
		for _, c := range before {
			axes = append(axes, c)
		}
		if dots {
			for i := range hidden {
				axes = append(axes, rune(tensor.MaxRank-hidden+i+1))
			}
		}
		for _, c := range after {
			axes = append(axes, c)
		}
		for _, c := range before + after {
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
				return nil, fmt.Errorf("Equation %q has %q, want letters, commas, an ellipsis in a term and one arrow", equation, c)
			}
		}
		return axes, nil
	}
	most := 0
	count := make(map[rune]int)
	for i, s := range parts {
		named := len(strings.Replace(s, "...", "", 1))
		hidden := ranks[i] - named
		if hidden < 0 || hidden > 0 && !strings.Contains(s, "...") {
			return nil, nil, fmt.Errorf("Equation %q has %d axes for input %d, want %d", equation, named, i, ranks[i])
		}
		axes, err := expand(s, hidden)
		if err != nil {
			return nil, nil, err
		}
		most = max(most, hidden)
		for _, c := range axes {
			count[c]++
		}
		in = append(in, axes)
	}
	if arrow {
		if out, err = expand(right, most); err != nil {
			return nil, nil, err
		}
	} else {
		for i := range most {
			out = append(out, rune(tensor.MaxRank-most+i+1))
		}
		var once []rune
		for c, n := range count {
			if n == 1 && c > tensor.MaxRank {
				once = append(once, c)
			}
		}
		slices.Sort(once)
		out = append(out, once...)
	}
	for i, c := range out {
		if count[c] == 0 || slices.Contains(out[:i], c) {
			return nil, nil, fmt.Errorf("Equation %q: an axis of the output is in no input, or comes twice", equation)
		}
	}
	return in, out, nil
}

func (o Einsum) parse(dims []tensor.Dims) (*einsum, error) {
	ranks := make([]int, len(dims))
	for i, d := range dims {
		ranks[i] = d.Rank()
	}
	in, out, err := EinsumTerms(o.Equation, ranks)
	if err != nil {
		return nil, err
	}
	e := &einsum{labels: slices.Clone(out), out: len(out)}
	for _, axes := range in {
		for _, c := range axes {
			if !slices.Contains(e.labels, c) {
				e.labels = append(e.labels, c)
			}
		}
	}
	if len(e.labels) > maxLabels {
		return nil, fmt.Errorf("Equation %q has %d different axes, want at most %d", o.Equation, len(e.labels), maxLabels)
	}
	e.sizes = make([]int, len(e.labels))
	for i := range e.sizes {
		e.sizes[i] = 1
	}
	for i, axes := range in {
		stride := make([]int, len(e.labels))
		step := 1
		for a := len(axes) - 1; a >= 0; a-- {
			l, n := slices.Index(e.labels, axes[a]), dims[i].At(a)
			if n != 1 {
				if e.sizes[l] != 1 && e.sizes[l] != n {
					return nil, fmt.Errorf("Equation %q: axis %d of input %d has %d elements, want %d", o.Equation, a, i, n, e.sizes[l])
				}
				e.sizes[l] = n
				stride[l] += step // a letter that comes twice is a diagonal
			}
			step *= n
		}
		e.stride = append(e.stride, stride)
	}
	return e, nil
}

func (o Einsum) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, max(1, len(in))); err != nil {
		return nil, err
	}
	var dims []tensor.Dims
	for i, a := range in {
		if !a.Given() {
			return nil, fmt.Errorf("input %d is left out", i)
		}
		if err := want(in, i, numeric); err != nil {
			return nil, err
		}
		if a.Type.DType != in[0].Type.DType {
			return nil, fmt.Errorf("input %d is %v, want %v as input 0 is", i, a.Type.DType, in[0].Type.DType)
		}
		dims = append(dims, a.Type.Dims)
	}
	e, err := o.parse(dims)
	if err != nil {
		return nil, err
	}
	d, err := tensor.MakeDims(e.sizes[:e.out])
	return []tensor.Type{{DType: in[0].Type.DType, Dims: d}}, err
}

func (o Einsum) Eval(out, in []tensor.Array) error {
	var dims []tensor.Dims
	for _, x := range in {
		dims = append(dims, x.Dims())
	}
	e, err := o.parse(dims)
	if err != nil {
		return err
	}
	y := out[0]
	at := make([]int, len(e.labels))
	index := make([]int, len(in))
	next := func(lo, hi int) bool { // goes to the next place of some axes, and says whether there is one
		for l := hi - 1; l >= lo; l-- {
			at[l]++
			for i := range index {
				index[i] += e.stride[i][l]
			}
			if at[l] < e.sizes[l] {
				return true
			}
			for i := range index {
				index[i] -= e.sizes[l] * e.stride[i][l]
			}
			at[l] = 0
		}
		return false
	}
	empty := slices.Contains(e.sizes[e.out:], 0)
	isInt := y.DType().IsInt()
	for i := range y.Len() {
		sum, count := 0.0, int64(0)
		for more := !empty; more; more = next(e.out, len(e.labels)) {
			f, n := 1.0, int64(1)
			for k, x := range in {
				if isInt {
					n *= x.Int(index[k])
				} else {
					f *= x.Float(index[k])
				}
			}
			sum, count = sum+f, count+n
		}
		if isInt {
			y.SetInt(i, count)
		} else {
			y.SetFloat(i, sum)
		}
		next(0, e.out)
	}
	return nil
}
