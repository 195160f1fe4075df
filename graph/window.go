package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// AutoPad says how padding is found.
type AutoPad uint8

const (
	NotSet    AutoPad = iota // Pads says it
	SameUpper                // an output is as large as its input over the stride, rounded up; of an odd number the end has one more
	SameLower                // the same, and the beginning has one more
	Valid                    // none
)

func (a AutoPad) String() string {
	names := [...]string{"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"}
	if int(a) < len(names) {
		return names[a]
	}
	return fmt.Sprintf("AutoPad(%d)", uint8(a))
}

// Window is what slides over the positions of a tensor [N, C, positions...]: one to three axes, ONNX's attributes.
type Window struct {
	Kernel    tensor.Dims // of a pooling; a convolution has it from its weights
	Strides   tensor.Dims // rank 0: all 1
	Dilations tensor.Dims // rank 0: all 1
	Pads      tensor.Dims // the beginnings of all axes, then their ends; rank 0: all 0
	AutoPad   AutoPad
	Ceil      bool // poolings: a last, partly covered window counts
}

// slide is a window along one axis.
type slide struct {
	in, out       int
	kernel        int
	stride        int
	dilation      int
	before, after int
}

// slides is a window along all axes.
type slides struct {
	n    int
	axis [3]slide
}

// maxWindow bounds kernels, strides, dilations and padding, so that products of two of them and a size do not overflow.
const maxWindow = 1 << 28

func attr(d tensor.Dims, i, def int) int {
	if d.Rank() == 0 {
		return def
	}
	return d.At(i)
}

// check returns the window along each axis, without sizes.
func (w Window) check(kernel tensor.Dims) (s slides, err error) {
	s.n = kernel.Rank()
	if s.n < 1 || s.n > 3 {
		return s, fmt.Errorf("kernel %v has %d axes, want 1 to 3", kernel, s.n)
	}
	for _, f := range []struct {
		name string
		d    tensor.Dims
		n    int
	}{{"Strides", w.Strides, s.n}, {"Dilations", w.Dilations, s.n}, {"Pads", w.Pads, 2 * s.n}} {
		if f.d.Rank() != 0 && f.d.Rank() != f.n {
			return s, fmt.Errorf("%s has %d elements, want %d or none", f.name, f.d.Rank(), f.n)
		}
	}
	for i := range s.n {
		a := slide{
			kernel: kernel.At(i), stride: attr(w.Strides, i, 1), dilation: attr(w.Dilations, i, 1),
			before: attr(w.Pads, i, 0), after: attr(w.Pads, s.n+i, 0),
		}
		for _, f := range []struct {
			name       string
			value, min int
		}{{"the kernel", a.kernel, 1}, {"Strides", a.stride, 1}, {"Dilations", a.dilation, 1}, {"Pads", a.before, 0}, {"Pads", a.after, 0}} {
			if f.value < f.min || f.value > maxWindow {
				return s, fmt.Errorf("%s is %d on axis %d, want %d to %d", f.name, f.value, i, f.min, maxWindow)
			}
		}
		if w.AutoPad > Valid {
			return s, fmt.Errorf("AutoPad is %v, want one of NOTSET SAME_UPPER SAME_LOWER VALID", w.AutoPad)
		}
		s.axis[i] = a
	}
	return s, nil
}

// over returns the window over a tensor x [N, C, positions...] and the dims of the positions of the output.
func (w Window) over(kernel, x tensor.Dims) (s slides, out tensor.Dims, err error) {
	if s, err = w.check(kernel); err != nil {
		return s, out, err
	}
	if x.Rank() != s.n+2 {
		return s, out, fmt.Errorf("the input is %v, want %d axes for a kernel %v", x, s.n+2, kernel)
	}
	for i := range s.n {
		a := &s.axis[i]
		a.in = x.At(i + 2)
		if a.in < 1 {
			return s, out, fmt.Errorf("the input is %v, want no empty axis", x)
		}
		jump, ok := tensor.MulOK(a.kernel-1, a.dilation)
		if !ok || a.in > math.MaxInt/4 || jump > math.MaxInt/4 {
			return s, out, fmt.Errorf("axis %d of the input is %d, and the kernel %d with dilation %d, which overflows", i+2, a.in, a.kernel, a.dilation)
		}
		reach := jump + 1
		switch w.AutoPad {
		case Valid:
			a.before, a.after = 0, 0
		case SameUpper, SameLower:
			a.before, a.after = tensor.Same(a.in, a.kernel, a.stride, a.dilation, w.AutoPad == SameLower)
		}
		room := a.in + a.before + a.after - reach
		if room < 0 {
			return s, out, fmt.Errorf("axis %d of the input is %d, with padding %d, want at least the kernel's reach %d",
				i+2, a.in, a.in+a.before+a.after, reach)
		}
		a.out = room/a.stride + 1
		if w.Ceil {
			if room%a.stride != 0 {
				a.out++
			}
			a.out = min(a.out, (a.in+a.before-1)/a.stride+1) // no window begins beyond the input and its leading padding
		}
		out = out.Append(a.out)
	}
	return s, out, nil
}

// window2d is a window over one or two axes as conv and pool have it; false where they do not take it.
func (s slides) window2d(ceil bool) (tensor.Window, bool) {
	if s.n > 2 {
		return tensor.Window{}, false
	}
	h, w := slide{kernel: 1, stride: 1, dilation: 1}, s.axis[s.n-1]
	if s.n == 2 {
		h = s.axis[0]
	}
	win := tensor.Window{
		KernelH: h.kernel, KernelW: w.kernel, StrideH: h.stride, StrideW: w.stride, DilationH: h.dilation, DilationW: w.dilation,
		PadTop: h.before, PadLeft: w.before, PadBottom: h.after, PadRight: w.after, CeilMode: ceil,
	}
	return win, win.Check() == nil
}

// taps calls f for every position of the kernel that lies inside the input at output position o, with the indices of the tap and of the
// element, row-major.
func (s *slides) taps(o [3]int, f func(tap, at int)) {
	var lo, hi, k [3]int
	for i := range s.n {
		a := &s.axis[i]
		lo[i], hi[i] = tensor.Valid(o[i]*a.stride-a.before, a.kernel, a.dilation, a.in)
		if k[i] = lo[i]; lo[i] >= hi[i] {
			return
		}
	}
	for {
		at, tap := 0, 0
		for i := range s.n {
			a := &s.axis[i]
			at = at*a.in + o[i]*a.stride - a.before + k[i]*a.dilation
			tap = tap*a.kernel + k[i]
		}
		f(tap, at)
		i := s.n - 1
		for ; i >= 0; i-- {
			if k[i]++; k[i] < hi[i] {
				break
			}
			k[i] = lo[i]
		}
		if i < 0 {
			return
		}
	}
}

// sizes are the numbers of input and output positions and of taps.
func (s *slides) sizes() (in, out, taps int) {
	in, out, taps = 1, 1, 1
	for i := range s.n {
		in *= s.axis[i].in
		out *= s.axis[i].out
		taps *= s.axis[i].kernel
	}
	return in, out, taps
}

// position returns output position i along each axis.
func (s *slides) position(i int) (o [3]int) {
	for k := s.n - 1; k >= 0; k-- {
		o[k] = i % s.axis[k].out
		i /= s.axis[k].out
	}
	return o
}
