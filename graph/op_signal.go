package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// cosineWindow is a window of as many elements as the input, a constant integer, says: the sum of a[k]·cos(2πki/n) with alternating signs. A window is symmetric,
// or with periodic one element of the next period is left away.
type cosineWindow struct {
	periodic bool
	dtype    tensor.DType
	a        [3]float64
}

func (o cosineWindow) infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	n, err := constInts(in, 0, "the size")
	if err != nil {
		return nil, err
	}
	if len(n) != 1 || n[0] < 0 || n[0] > maxWindow {
		return nil, fmt.Errorf("the size is %v, want one number from 0 to %d", n, maxWindow)
	}
	t := tensor.T(o.dtype, n[0])
	if o.dtype == 0 {
		t.DType = tensor.Float32
	}
	if !numeric.has(t.DType) {
		return nil, fmt.Errorf("DType is %v, want %v", t.DType, numeric)
	}
	return []tensor.Type{t}, nil
}

func (o cosineWindow) eval(out []tensor.Array) error {
	y := out[0]
	n := y.Len()
	if !o.periodic {
		n--
	}
	for i := range y.Len() {
		t := 2 * math.Pi * float64(i) / float64(max(n, 1))
		y.SetFloat(i, o.a[0]-o.a[1]*math.Cos(t)+o.a[2]*math.Cos(2*t))
	}
	return nil
}

// HannWindow is Hann's window of as many elements as its input says, of type DType (float32 if it is 0); with Periodic for transforms of that length.
type HannWindow struct {
	Periodic bool
	DType    tensor.DType
}

func (o HannWindow) window() cosineWindow {
	return cosineWindow{o.Periodic, o.DType, [3]float64{0.5, 0.5}}
}

func (o HannWindow) Infer(in []Arg) ([]tensor.Type, error) { return o.window().infer(in) }
func (o HannWindow) Eval(out, in []tensor.Array) error     { return o.window().eval(out) }

// HammingWindow is Hamming's window of as many elements as its input says, of type DType (float32 if it is 0); with Periodic for transforms of that length.
type HammingWindow struct {
	Periodic bool
	DType    tensor.DType
}

func (o HammingWindow) window() cosineWindow {
	return cosineWindow{o.Periodic, o.DType, [3]float64{25. / 46, 21. / 46}}
}

func (o HammingWindow) Infer(in []Arg) ([]tensor.Type, error) { return o.window().infer(in) }
func (o HammingWindow) Eval(out, in []tensor.Array) error     { return o.window().eval(out) }

// BlackmanWindow is Blackman's window of as many elements as its input says, of type DType (float32 if it is 0); with Periodic for transforms of that length.
type BlackmanWindow struct {
	Periodic bool
	DType    tensor.DType
}

func (o BlackmanWindow) window() cosineWindow {
	return cosineWindow{o.Periodic, o.DType, [3]float64{0.42, 0.5, 0.08}}
}

func (o BlackmanWindow) Infer(in []Arg) ([]tensor.Type, error) { return o.window().infer(in) }
func (o BlackmanWindow) Eval(out, in []tensor.Array) error     { return o.window().eval(out) }

// MelWeightMatrix is the matrix [bins, filters] that takes a spectrum to triangular filters, which are evenly spaced on the mel scale. Its inputs are constants: the number of
// filters, the length of the transform, of which the first half and one are the bins, the sample rate, and the lowest and the highest frequency. Its elements
// have the type DType (float32 if it is 0).
type MelWeightMatrix struct{ DType tensor.DType }

func (o MelWeightMatrix) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 5, 5); err != nil {
		return nil, err
	}
	for i, a := range in {
		if !a.Const.Valid() || a.Const.Len() != 1 {
			return nil, fmt.Errorf("input %d is %v, want a constant scalar", i, a.Type)
		}
	}
	filters, length, rate := in[0].Const.Int(0), in[1].Const.Int(0), in[2].Const.Int(0)
	if filters < 0 || filters > maxWindow || length < 1 || length > maxWindow || rate < 1 {
		return nil, fmt.Errorf("%d filters of a transform of %d samples at a rate of %d, want at least 0, 1 and 1", filters, length, rate)
	}
	lo, hi := in[3].Const.Float(0), in[4].Const.Float(0)
	if !(lo >= 0 && lo <= hi && hi <= float64(rate)) {
		return nil, fmt.Errorf("frequencies from %v to %v, want 0 to %d in order", lo, hi, rate)
	}
	t := tensor.T(o.DType, int(length)/2+1, int(filters))
	if o.DType == 0 {
		t.DType = tensor.Float32
	}
	return []tensor.Type{t}, nil
}

func (o MelWeightMatrix) Eval(out, in []tensor.Array) error {
	y := out[0]
	clear(y.Bytes())
	bins, filters := y.Dims().At(0), y.Dims().At(1)
	length, rate := float64(in[1].Int(0)), float64(in[2].Int(0))
	mel := func(hz float64) float64 { return 2595 * math.Log10(1+hz/700) }
	lo, hi := mel(in[3].Float(0)), mel(in[4].Float(0))
	bin := func(k int) int { // of corner k: filters share their corners
		m := lo + float64(k)*(hi-lo)/float64(filters+2)
		hz := 700 * (math.Pow(10, m/2595) - 1)
		return int((length + 1) * hz / rate)
	}
	for f := range filters {
		a, b, c := bin(f), bin(f+1), bin(f+2)
		set := func(i int, v float64) {
			if i < bins {
				y.SetFloat(i*filters+f, v)
			}
		}
		if a == b {
			set(b, 1)
		}
		for i := a; i <= b && a < b; i++ {
			set(i, float64(i-a)/float64(b-a))
		}
		for i := b; i < c; i++ {
			set(i, float64(c-i)/float64(c-b))
		}
	}
	return nil
}

// maxTransform bounds the length of Fourier transforms.
const maxTransform = 1 << 20

// fourier computes n elements of the transform of x, which is complex, as if x had n elements: it is cut or continued with zeros. The elements of re and im
// that are asked for are written.
func fourier(re, im []float64, n int, inverse bool, x func(i int) (re, im float64), have int) {
	sin, cos := make([]float64, n), make([]float64, n)
	for i := range n {
		sin[i], cos[i] = math.Sincos(2 * math.Pi * float64(i) / float64(n))
		if !inverse {
			sin[i] = -sin[i]
		}
	}
	for k := range re {
		var a, b float64
		at := 0 // i·k modulo n
		for i := range min(n, have) {
			p, q := x(i)
			a += p*cos[at] - q*sin[at]
			b += p*sin[at] + q*cos[at]
			if at += k; at >= n {
				at -= n
			}
		}
		if inverse {
			a, b = a/float64(n), b/float64(n)
		}
		re[k], im[k] = a, b
	}
}

// DFT is the discrete Fourier transform along one axis of its input, whose last axis has 1 element, real, or 2, the real and the imaginary part. The second input is the
// length, to which the input is cut or continued with zeros, the third the axis; both are constants and may be left out (the axis is then the last but one). Inverse divides by the
// length; OneSided leaves away what follows from symmetry.
type DFT struct{ Inverse, OneSided bool }

func (o DFT) axis(in []tensor.Array, rank int) (int, error) {
	axis := -2
	if a := arg(in, 2); a.Valid() {
		axis = int(max(min(a.Int(0), 1<<20), -1<<20))
	}
	i, err := tensor.Axis(axis, rank)
	if err == nil && i == rank-1 {
		err = fmt.Errorf("axis is %d, which holds real and imaginary parts", axis)
	}
	return i, err
}

func (o DFT) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 1, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	t := in[0].Type
	r := t.Dims.Rank()
	if r < 2 || t.Dims.At(r-1) != 1 && t.Dims.At(r-1) != 2 {
		return nil, fmt.Errorf("input 0 is %v, want at least 2 axes, the last of 1 or 2 elements", t)
	}
	if o.Inverse && o.OneSided {
		return nil, fmt.Errorf("Inverse and OneSided are both set, want one of them")
	}
	if o.OneSided && t.Dims.At(r-1) != 1 {
		return nil, fmt.Errorf("OneSided is set for an input %v, want a real one: the last axis of 1 element", t)
	}
	given := []tensor.Array{{}, {}, {}}
	for i := 1; i < len(in); i++ {
		if !in[i].Given() {
			continue
		}
		n, err := constInts(in, i, [...]string{"", "the length", "the axis"}[i])
		if err != nil {
			return nil, err
		}
		if len(n) != 1 {
			return nil, fmt.Errorf("input %d is %v, want one number", i, n)
		}
		given[i] = in[i].Const
	}
	axis, err := o.axis(given, r)
	if err != nil {
		return nil, err
	}
	n := t.Dims.At(axis)
	if given[1].Valid() {
		n = int(max(min(given[1].Int(0), 1<<30), 0))
	}
	if n < 1 || n > maxTransform {
		return nil, fmt.Errorf("the length is %d, want 1 to %d", n, maxTransform)
	}
	if o.OneSided {
		n = n/2 + 1
	}
	t.Dims = t.Dims.Set(axis, n).Set(r-1, 2)
	return []tensor.Type{t}, nil
}

func (o DFT) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	d := x.Dims()
	r := d.Rank()
	axis, err := o.axis(in, r)
	if err != nil {
		return err
	}
	n, have, bins, parts := d.At(axis), d.At(axis), y.Dims().At(axis), d.At(r-1)
	if a := arg(in, 1); a.Valid() {
		n = int(a.Int(0))
	}
	step := d.Span(axis+1, r-1)
	re, im := make([]float64, bins), make([]float64, bins)
	for i := range d.Span(0, axis) {
		for j := range step {
			fourier(re, im, n, o.Inverse, func(k int) (float64, float64) {
				at := ((i*have+k)*step + j) * parts
				if parts == 1 {
					return x.Float(at), 0
				}
				return x.Float(at), x.Float(at + 1)
			}, have)
			for k := range bins {
				at := ((i*bins+k)*step + j) * 2
				y.SetFloat(at, re[k])
				y.SetFloat(at+1, im[k])
			}
		}
	}
	return nil
}

// STFT is the Fourier transforms [N, frames, bins, 2] of pieces of a signal [N, samples] or [N, samples, 1 or 2]. Its inputs are the signal, the step from one piece to the next, the window
// and the length of a piece; step and length are constants. Of window and length one may be left out. OneSided leaves away what follows from symmetry.
type STFT struct{ OneSided bool }

func (o STFT) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 4); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	t := in[0].Type
	d := t.Dims
	if d.Rank() < 2 || d.Rank() > 3 || d.Rank() == 3 && d.At(2) != 1 && d.At(2) != 2 {
		return nil, fmt.Errorf("input 0 is %v, want [N, samples] and an axis of 1 or 2", t)
	}
	if o.OneSided && d.Rank() == 3 && d.At(2) == 2 {
		return nil, fmt.Errorf("OneSided is set for an input %v, want a real one: the last axis of 1 element", t)
	}
	if err := alike(in, 0, 2); err != nil {
		return nil, err
	}
	step, err := constInts(in, 1, "the step")
	if err != nil {
		return nil, err
	}
	if len(step) != 1 || step[0] < 1 {
		return nil, fmt.Errorf("the step is %v, want one number of at least 1", step)
	}
	w := given(in, 2)
	length := -1
	if w.Given() {
		if w.Type.Dims.Rank() != 1 {
			return nil, fmt.Errorf("input 2, the window, is %v, want one axis", w.Type)
		}
		length = w.Type.Dims.At(0)
	}
	if given(in, 3).Given() {
		n, err := constInts(in, 3, "the length")
		if err != nil {
			return nil, err
		}
		if len(n) != 1 || w.Given() && n[0] != length {
			return nil, fmt.Errorf("the length is %v with a window %v, want one number, that of the window's elements", n, w.Type)
		}
		length = n[0]
	}
	if length < 1 || length > min(d.At(1), maxTransform) {
		return nil, fmt.Errorf("the length of a piece is %d, want 1 to the %d samples and at most %d", length, d.At(1), maxTransform)
	}
	bins := length
	if o.OneSided {
		bins = length/2 + 1
	}
	t.Dims = tensor.D(d.At(0), (d.At(1)-length)/step[0]+1, bins, 2)
	return []tensor.Type{t}, nil
}

func (o STFT) Eval(out, in []tensor.Array) error {
	x, y := in[0], out[0]
	w := arg(in, 2)
	n := w.Len()
	if a := arg(in, 3); a.Valid() {
		n = int(a.Int(0))
	}
	samples, parts, step := x.Dims().At(1), x.Dims().Span(2, x.Dims().Rank()), int(in[1].Int(0))
	frames, bins := y.Dims().At(1), y.Dims().At(2)
	re, im := make([]float64, bins), make([]float64, bins)
	for i := range y.Dims().At(0) * frames {
		first := i/frames*samples + i%frames*step
		fourier(re, im, n, false, func(k int) (a, b float64) {
			a = x.Float((first + k) * parts)
			if parts == 2 {
				b = x.Float((first+k)*parts + 1)
			}
			if w.Valid() {
				a, b = a*w.Float(k), b*w.Float(k)
			}
			return a, b
		}, n)
		for k := range bins {
			y.SetFloat((i*bins+k)*2, re[k])
			y.SetFloat((i*bins+k)*2+1, im[k])
		}
	}
	return nil
}
