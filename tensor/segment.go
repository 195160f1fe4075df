package tensor

// Segment is a run of outputs along one axis whose windows keep the same kernel positions: outputs
// Lo to Hi-1 use positions K0 to K1-1, the others fall into the padding. K0 = K1 where a window lies
// in the padding altogether.
type Segment struct{ Lo, Hi, K0, K1 int }

// Segments cuts the out outputs of an axis of size in into runs, in order: at most a few at each end
// and the long one between them. before is the leading padding.
func Segments(out, in, kernel, stride, dilation, before int) []Segment {
	var s []Segment
	for o := range out {
		k0, k1 := Valid(o*stride-before, kernel, dilation, in)
		if n := len(s); n > 0 && s[n-1].K0 == k0 && s[n-1].K1 == k1 {
			s[n-1].Hi = o + 1
			continue
		}
		s = append(s, Segment{o, o + 1, k0, k1})
	}
	return s
}
