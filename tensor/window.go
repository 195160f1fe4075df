package tensor

import "fmt"

// Window is a kernel that slides over the rows and columns of a tensor, as convolution and pooling
// have it. The zero values of Stride and Dilation mean 1.
type Window struct {
	KernelH, KernelW                     int
	StrideH, StrideW                     int
	DilationH, DilationW                 int
	PadTop, PadLeft, PadBottom, PadRight int
	CeilMode                             bool // pooling only: a last, partly covered window counts
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

// Check returns an error that names the first field with a value that is not allowed.
func (w Window) Check() error {
	w = w.Normal()
	for _, f := range [...]struct {
		name       string
		value, min int
	}{
		{"KernelH", w.KernelH, 1}, {"KernelW", w.KernelW, 1},
		{"StrideH", w.StrideH, 1}, {"StrideW", w.StrideW, 1},
		{"DilationH", w.DilationH, 1}, {"DilationW", w.DilationW, 1},
		{"PadTop", w.PadTop, 0}, {"PadLeft", w.PadLeft, 0},
		{"PadBottom", w.PadBottom, 0}, {"PadRight", w.PadRight, 0},
	} {
		if f.value < f.min || f.value > maxExtent {
			return fmt.Errorf("tensor: %s is %d, want %d to %d", f.name, f.value, f.min, maxExtent)
		}
	}
	return nil
}

// maxExtent bounds every size of a window, so that their products and sums cannot overflow 32 bits.
const maxExtent = 1 << 14

// Out returns the size of the map that w makes of an h by w map. Along each axis
//
//	out = floor((in + pads - ((kernel-1)*dilation + 1)) / stride) + 1
//
// and in CeilMode ceil instead of floor, less one window if that starts beyond the input and its
// leading padding (PyTorch's and ONNX's rule).
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
	reach := (kernel-1)*dilation + 1
	room := in + before + after - reach
	if room < 0 {
		return 0, fmt.Errorf("tensor: input %s is %d, with padding %d, want at least the kernel's reach %d",
			axis, in, in+before+after, reach)
	}
	out := room/stride + 1
	if ceil && room%stride != 0 && out*stride < in+before {
		out++
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
