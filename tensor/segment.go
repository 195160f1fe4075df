package tensor

import "sort"

// Segment is a run of outputs along one axis whose windows keep the same kernel positions: outputs
// Lo to Hi-1 use positions K0 to K1-1, the others fall into the padding. K0 = K1 where a window lies
// in the padding altogether.
type Segment struct{ Lo, Hi, K0, K1 int }

// Segments cuts the out outputs of an axis of size in into runs, in order: at most a few at each end
// and the long one between them. before is the leading padding.
func Segments(out, in, kernel, stride, dilation, before int) []Segment {
	var s []Segment
	for lo := 0; lo < out; {
		k0, k1 := Valid(lo*stride-before, kernel, dilation, in)
		// Neither end ever grows: a run goes on to where one of them is first another.
		hi := lo + sort.Search(out-lo, func(i int) bool {
			a, b := Valid((lo+i)*stride-before, kernel, dilation, in)
			return a != k0 || b != k1
		})
		s = append(s, Segment{lo, hi, k0, k1})
		lo = hi
	}
	return s
}
