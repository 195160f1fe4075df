package main

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/internal/shapes"
)

// A verifier knows what a case's output must be at some places, from a plain sum in float64, and
// how far a float32 sum may be from it.
type verifier struct {
	c     *Case
	at    []int // indices into the output, NCHW or by rows
	want  []float64
	bound []float64
}

const verifyPlaces = 48

// netBound is how far the outputs of a network may lie apart, in terms of their root mean square. Errors of some 2^-24
// in each of some ten to fifty layers come to about 1e-5 at most.
const netBound = 1e-4

// newVerifier computes a case's output at a few places: the corners, and others all over.
func newVerifier(c *Case) *verifier {
	v := &verifier{c: c}
	if c.kind() == kindNet {
		return v // what libraries compute is compared
	}
	n := c.outElems()
	seen := map[int]bool{}
	add := func(i int) {
		if !seen[i] {
			seen[i] = true
			v.at = append(v.at, i)
		}
	}
	add(0)
	add(n - 1)
	if !c.isGemm() {
		add(c.outW - 1)
		add((c.outH - 1) * c.outW)
	}
	s := uint32(7)
	for range verifyPlaces {
		s = s*1664525 + 1013904223
		add(int(uint64(s) * uint64(n) >> 32))
	}
	var x, w, bias []float32
	var a, b matrix
	var bytes *byteOperands
	switch c.kind() {
	case kindGemm:
		a, b = c.aMatrix(), c.bMatrix()
	case kindPool:
		x = make([]float32, c.inElems())
		fill(x, seedX)
	case kindConv:
		if c.Bytes {
			bytes = c.byteOperands()
			x, w = bytes.floats()
			break
		}
		x, w, bias = make([]float32, c.inElems()), make([]float32, c.weights()), make([]float32, c.OutC)
		fill(x, seedX)
		fill(w, seedW)
		fill(bias, seedBias)
	}
	for _, i := range v.at {
		var sum, abs float64
		switch c.kind() {
		case kindGemm:
			row, col := i/c.GemmN, i%c.GemmN
			for k := range c.GemmK {
				p := float64(a.at(row, k, c.TransA)) * float64(b.at(k, col, c.TransB))
				sum, abs = sum+p, abs+math.Abs(p)
			}
		case kindPool:
			sum, abs = poolAt(c, x, i)
		default:
			sum, abs = convAt(c.conv(), x, w, i)
			if c.Bytes {
				v.want = append(v.want, bytes.output(sum, i/(c.outH*c.outW)%c.OutC))
				v.bound = append(v.bound, byteBound)
				continue
			}
			b := float64(bias[i/(c.outH*c.outW)%c.OutC])
			sum, abs = max(sum+b, 0), abs+math.Abs(b)
		}
		v.want = append(v.want, sum)
		v.bound = append(v.bound, errorBound(c.depth(), abs))
	}
	return v
}

// at is an element of op(m).
func (m matrix) at(row, col int, transposed bool) float32 {
	if transposed {
		row, col = col, row
	}
	return m.data[row*m.ld+col]
}

// errorBound is what a float32 sum of that many products may be off, for a sum of magnitudes abs.
func errorBound(depth int, abs float64) float64 {
	return 8 * math.Sqrt(float64(depth)) * 0x1p-24 * abs
}

// convAt is one output of a convolution without its bias, and the sum of its terms' magnitudes.
func convAt(q *shapes.Conv, x, w []float32, i int) (sum, abs float64) {
	in, out, win := q.In, q.Out(), q.Window.Normal()
	ox, oy := i%out.W, i/out.W%out.H
	o, n := i/(out.W*out.H)%out.C, i/(out.W*out.H*out.C)
	icg := in.C / max(q.Groups, 1)
	first := o / (out.C / max(q.Groups, 1)) * icg
	for ch := range icg {
		for ky := range win.KernelH {
			iy := oy*win.StrideH - win.PadTop + ky*win.DilationH
			if iy < 0 || iy >= in.H {
				continue
			}
			for kx := range win.KernelW {
				ix := ox*win.StrideW - win.PadLeft + kx*win.DilationW
				if ix < 0 || ix >= in.W {
					continue
				}
				p := float64(x[((n*in.C+first+ch)*in.H+iy)*in.W+ix]) * float64(w[((o*icg+ch)*win.KernelH+ky)*win.KernelW+kx])
				sum, abs = sum+p, abs+math.Abs(p)
			}
		}
	}
	return sum, abs
}

// poolAt is one output of a pooling, and how large it may be: 0 for a maximum, which is exact.
func poolAt(c *Case, x []float32, i int) (v, most float64) {
	ox, oy, plane := i%c.outW, i/c.outW%c.outH, i/(c.outW*c.outH)
	largest, sum, n := math.Inf(-1), 0.0, 0
	for iy := max(oy*c.Stride-c.Pad, 0); iy < min(oy*c.Stride-c.Pad+c.KH, c.H); iy++ {
		for ix := max(ox*c.Stride-c.Pad, 0); ix < min(ox*c.Stride-c.Pad+c.KW, c.W); ix++ {
			e := float64(x[(plane*c.H+iy)*c.W+ix])
			largest, sum, n = max(largest, e), sum+e, n+1
		}
	}
	if c.Pool == "max" {
		return largest, 0
	}
	return sum / float64(n), 1
}

// check compares an output with what is known at some places, and everywhere with another library's
// output, if one is given.
func (v *verifier) check(got, other []float32, otherName string) error {
	if len(got) != v.c.outElems() {
		return fmt.Errorf("%s: %d results, want %d", v.c, len(got), v.c.outElems())
	}
	for i, at := range v.at {
		if d := math.Abs(float64(got[at]) - v.want[i]); !(d <= v.bound[i]) {
			return fmt.Errorf("%s: result %d is %v, want %v within %.2g", v.c, at, got[at], v.want[i], v.bound[i])
		}
	}
	if other == nil {
		return nil
	}
	// The terms are products of numbers in [-1, 1]; two sums may each be off.
	limit := float32(2 * errorBound(v.c.depth(), float64(v.c.depth()+1)))
	switch {
	case v.c.kind() == kindNet:
		var square float64
		for _, o := range other {
			square += float64(o) * float64(o) / float64(len(other))
		}
		limit = float32(netBound * math.Sqrt(square))
	case v.c.Bytes:
		limit = byteBound
	case v.c.Pool == "max":
		limit = 0
	case v.c.Pool == "avg":
		limit = float32(2 * errorBound(v.c.depth(), 1))
	}
	for i, g := range got {
		if d := g - other[i]; !(d <= limit && d >= -limit) {
			return fmt.Errorf("%s: result %d is %v, %s has %v", v.c, i, g, otherName, other[i])
		}
	}
	return nil
}
