package pool

import (
	"fmt"

	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// Bytes says what the elements of a pooling of bytes are. They keep their scale and zero point.
type Bytes struct {
	Signed bool // int8; otherwise uint8
	Lo, Hi int  // the bounds of the results
}

// BytePlan is a pooling of bytes, as TensorFlow Lite has it: an average is the sum of the bytes in the window and the input over their number, rounded to nearest, ties away
// from zero. It has no workspace and no threads, and may be shared.
type BytePlan struct {
	p   Params
	b   Bytes
	out tensor.Shape
}

// NewBytes plans a pooling of bytes: the Layout is NHWC, and neither Global nor CountIncludePad is set. OutStride counts bytes. Padding counts in no average.
func NewBytes(p Params, b Bytes) (*BytePlan, error) {
	lo, hi := 0, 255
	if b.Signed {
		lo, hi = -128, 127
	}
	switch {
	case p.Layout != tensor.NHWC || p.Global || p.CountIncludePad:
		return nil, fmt.Errorf("pool: Layout is %v, Global %v and CountIncludePad %v, want NHWC, false and false for bytes", p.Layout, p.Global, p.CountIncludePad)
	case b.Lo < lo || b.Hi > hi || b.Lo > b.Hi:
		return nil, fmt.Errorf("pool: Lo is %d and Hi %d, want %d to %d and Lo at most Hi", b.Lo, b.Hi, lo, hi)
	}
	l, err := New(p) // it checks the rest
	if err != nil {
		return nil, err
	}
	if w := &l.p.Window; tensor.Mul(w.KernelH, w.KernelW) > mostAveraged {
		return nil, fmt.Errorf("pool: Window is %+v, want at most %d positions for bytes", p.Window, mostAveraged)
	}
	return &BytePlan{l.p, b, l.out}, nil
}

// mostAveraged bytes have a sum of 32 bits.
const mostAveraged = 1 << 20

// Out is the shape of the output.
func (l *BytePlan) Out() tensor.Shape { return l.out }

func (l *BytePlan) String() string {
	return fmt.Sprintf("%v of bytes %v r%v", l.p.Kind, l.p.In, l.p.Window)
}

// channelsAtOnce are reduced together.
const channelsAtOnce = 64

// Run reduces src to dst, which must not overlap. Both have as many bytes as the plan's shapes, dst those up to the last pixel's last channel with OutStride.
func (l *BytePlan) Run(dst, src []byte) {
	in, out, w := &l.p.In, &l.out, &l.p.Window
	ld := max(l.p.OutStride, out.C)
	switch {
	case len(src) != in.Elems():
		panic("pool: len(src) is not the size of the input")
	case out.Elems() > 0 && len(dst) != (out.N*out.H*out.W-1)*ld+out.C:
		panic("pool: len(dst) is not the size of the output")
	case !mem.Apart(dst, src):
		panic("pool: dst and src overlap")
	}
	flip := uint8(0)
	if l.b.Signed {
		flip = 0x80
	}
	for n := range out.N {
		for oy := range out.H {
			y := oy*w.StrideH - w.PadTop
			y0, y1 := tensor.Valid(y, w.KernelH, w.DilationH, in.H)
			for ox := range out.W {
				x := ox*w.StrideW - w.PadLeft
				x0, x1 := tensor.Valid(x, w.KernelW, w.DilationW, in.W)
				count := max(y1-y0, 0) * max(x1-x0, 0)
				to := dst[((n*out.H+oy)*out.W+ox)*ld:][:out.C]
				for c := 0; c < in.C; c += channelsAtOnce {
					var sums [channelsAtOnce]int32
					some := sums[:min(channelsAtOnce, in.C-c)]
					if l.p.Kind == Max {
						for i := range some {
							some[i] = -128
						}
					}
					for kh := y0; kh < y1; kh++ {
						for kw := x0; kw < x1; kw++ {
							from := src[((n*in.H+y+kh*w.DilationH)*in.W+x+kw*w.DilationW)*in.C+c:][:len(some)]
							l.take(some, from, flip)
						}
					}
					l.end(to[c:], some, int32(count))
				}
			}
		}
	}
}

// take adds pixels to sums, or keeps the largest.
func (l *BytePlan) take(sums []int32, from []byte, flip uint8) {
	shift := int32(flip)
	if l.p.Kind == Max {
		for i, b := range from {
			sums[i] = max(sums[i], int32(b^flip)-shift)
		}
		return
	}
	for i, b := range from {
		sums[i] += int32(b^flip) - shift
	}
}

// end makes bytes of sums of count bytes each.
func (l *BytePlan) end(to []byte, sums []int32, count int32) {
	for i, s := range sums {
		if l.p.Kind == Avg && count > 1 {
			if s > 0 {
				s += count / 2
			} else {
				s -= count / 2
			}
			s /= count
		}
		to[i] = byte(min(max(s, int32(l.b.Lo)), int32(l.b.Hi)))
	}
}
