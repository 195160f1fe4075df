package tensor

import (
	"fmt"
	"math"
)

// Window is a kernel that slides over the rows and columns of a tensor, as convolution and pooling
// have it. The zero values of Stride and Dilation mean 1.
type Window struct {
	KernelH, KernelW                     int
	StrideH, StrideW                     int
	DilationH, DilationW                 int
	PadTop, PadLeft, PadBottom, PadRight int
	CeilMode                             bool // pooling only: a last, partly covered window counts
}

// Square is a kernel x kernel window with the same stride both ways and the same padding on all sides.
func Square(kernel, stride, pad int) Window {
	return Window{
		KernelH: kernel, KernelW: kernel, StrideH: stride, StrideW: stride,
		PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad,
	}
}

// Same returns w padded so that its output on h rows and wd columns is as large as the input divided by the stride, rounded up:
// TensorFlow's padding "SAME", which is ONNX's SAME_UPPER, or with lower SAME_LOWER.
func (w Window) Same(h, wd int, lower bool) Window {
	n := w.Normal()
	w.PadTop, w.PadBottom = Same(h, n.KernelH, n.StrideH, n.DilationH, lower)
	w.PadLeft, w.PadRight = Same(wd, n.KernelW, n.StrideW, n.DilationW, lower)
	return w
}

// Same returns the padding of one axis of in elements with which a window's output has in / stride elements, rounded up. Of an odd number
// of padded elements the larger half is at the end, or with lower at the beginning.
func Same(in, kernel, stride, dilation int, lower bool) (before, after int) {
	out := (in + stride - 1) / stride
	total := max(0, (out-1)*stride+(kernel-1)*dilation+1-in)
	before, after = total/2, total-total/2
	if lower {
		before, after = after, before
	}
	return before, after
}

// Normal returns w with zero strides and dilations replaced by 1.
func (w Window) Normal() Window {
	for _, p := range [...]*int{&w.StrideH, &w.StrideW, &w.DilationH, &w.DilationW} {
		if *p == 0 {
			*p = 1
		}
	}
	return w
}

// String is the window as problem strings have it: "r3s3 s2 p1" is a 3x3 kernel with stride 2 and padding
// 1. Strides and dilations ("d") of 1 and padding of 0 are left out; "s2x1" has rows first, "p0,0,1,1"
// top, left, bottom, right.
func (w Window) String() string {
	w = w.Normal()
	s := fmt.Sprintf("r%ds%d", w.KernelH, w.KernelW) + pairWord("s", w.StrideH, w.StrideW) + pairWord("d", w.DilationH, w.DilationW)
	switch t, l, b, r := w.PadTop, w.PadLeft, w.PadBottom, w.PadRight; {
	case t != l || t != b || t != r:
		s += fmt.Sprintf(" p%d,%d,%d,%d", t, l, b, r)
	case t != 0:
		s += fmt.Sprintf(" p%d", t)
	}
	if w.CeilMode {
		s += " ceil"
	}
	return s
}

func pairWord(letter string, h, w int) string {
	switch {
	case h != w:
		return fmt.Sprintf(" %s%dx%d", letter, h, w)
	case h != 1:
		return fmt.Sprintf(" %s%d", letter, h)
	}
	return ""
}

// Check returns an error that names the first field with a value that is not allowed. How large a kernel may be Out says, which
// knows the input.
func (w Window) Check() error {
	w = w.Normal()
	for _, f := range [...]struct {
		name            string
		value, min, max int
	}{
		{"KernelH", w.KernelH, 1, math.MaxInt}, {"KernelW", w.KernelW, 1, math.MaxInt},
		{"StrideH", w.StrideH, 1, maxExtent}, {"StrideW", w.StrideW, 1, maxExtent},
		{"DilationH", w.DilationH, 1, maxExtent}, {"DilationW", w.DilationW, 1, maxExtent},
		{"PadTop", w.PadTop, 0, maxExtent}, {"PadLeft", w.PadLeft, 0, maxExtent},
		{"PadBottom", w.PadBottom, 0, maxExtent}, {"PadRight", w.PadRight, 0, maxExtent},
	} {
		switch {
		case f.value >= f.min && f.value <= f.max:
		case f.max == math.MaxInt:
			return fmt.Errorf("tensor: %s is %d, want at least %d", f.name, f.value, f.min)
		default:
			return fmt.Errorf("tensor: %s is %d, want %d to %d", f.name, f.value, f.min, f.max)
		}
	}
	return nil
}

// maxExtent bounds strides, dilations and paddings, so that their products and sums cannot overflow 32 bits. A kernel may be as large
// as a map.
const maxExtent = 1 << 14

// Out returns the size of the map that w makes of an h by w map. Along each axis
//
//	out = floor((in + pads - ((kernel-1)*dilation + 1)) / stride) + 1
//
// and in CeilMode ceil instead of floor, but no more windows than begin inside the input or its leading padding (PyTorch's
// and ONNX's rule). An axis without a window is an error.
func (w Window) Out(inH, inW int) (outH, outW int, err error) {
	if err := w.Check(); err != nil {
		return 0, 0, err
	}
	w = w.Normal()
	if outH, err = extent("H", inH, w.KernelH, w.StrideH, w.DilationH, w.PadTop, w.PadBottom, w.CeilMode); err != nil {
		return 0, 0, err
	}
	if outW, err = extent("W", inW, w.KernelW, w.StrideW, w.DilationW, w.PadLeft, w.PadRight, w.CeilMode); err != nil {
		return 0, 0, err
	}
	return outH, outW, nil
}

func extent(axis string, in, kernel, stride, dilation, before, after int, ceil bool) (int, error) {
	if in < 1 {
		return 0, fmt.Errorf("tensor: input %s is %d, want at least 1", axis, in)
	}
	if most := math.MaxInt - 4*maxExtent; in > most {
		return 0, fmt.Errorf("tensor: input %s is %d, want at most %d", axis, in, most)
	}
	jump, ok := MulOK(kernel-1, dilation)
	if !ok || jump == math.MaxInt {
		return 0, fmt.Errorf("tensor: Kernel%s is %d and Dilation%s %d, whose product overflows", axis, kernel, axis, dilation)
	}
	room := in + before + after - jump - 1
	if ceil {
		room += stride - 1
	}
	if room < 0 {
		least, of := jump+1, ""
		if ceil {
			least, of = least-stride+1, fmt.Sprintf(" less Stride%s - 1 in CeilMode,", axis)
		}
		return 0, fmt.Errorf("tensor: input %s is %d, with padding %d, want at least the kernel's reach%s %d",
			axis, in, in+before+after, of, least)
	}
	out := room/stride + 1
	if ceil {
		out = min(out, (in+before-1)/stride+1)
	}
	return out, nil
}

// Valid returns the half-open range of kernel positions 0..kernel that fall inside an axis of size
// in, when position 0 lies at index start (which may be negative).
func Valid(start, kernel, dilation, in int) (lo, hi int) {
	if start < 0 {
		lo = (-start + dilation - 1) / dilation
	}
	hi = kernel
	if last := start + (kernel-1)*dilation; last >= in {
		hi = 0
		if start < in {
			hi = (in-1-start)/dilation + 1
		}
	}
	return min(lo, kernel), max(hi, min(lo, kernel))
}
