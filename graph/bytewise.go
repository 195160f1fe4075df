package graph

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// Steps on bytes that are no sums of products.

func (o quantisedBinary) lower(l *lowering, n *Node) (bool, error) {
	y := l.orderedOut(n.out[0], l.lead(n))
	a, b := l.stretched(n.in[0], y), l.stretched(n.in[1], y)
	p := newLoops(y, a, b)
	if p == nil || p.inner[1] == 0 || p.inner[2] == 0 {
		return false, nil
	}
	reads := []view{a, b}
	if o.kind == asm.Mul {
		t := &byteMulStep{rounder: o.y.rounder(o.lo, o.hi), divisor: o.y.scale, loops: p, dst: y.buf.id, a: a.buf.id, b: b.buf.id}
		for i := range 256 {
			t.x[i], t.z[i] = float32(o.a.float(o.a.number(i))), float32(o.b.float(o.b.number(i)))
		}
		l.emit(t, n.out[0], y, reads, reads)
		return true, nil
	}
	l.emit(&byteAddStep{x: o.a.elem(), z: o.b.elem(), y: o.y.elem(), lo: o.lo, hi: o.hi, loops: p, dst: y.buf.id, a: a.buf.id, b: b.buf.id}, n.out[0], y, reads, reads)
	return true, nil
}

// byteAddStep adds what bytes stand for.
type byteAddStep struct {
	x, z, y   elem.Scaling
	lo, hi    int
	loops     *loops
	dst, a, b int
}

func (t *byteAddStep) String() string {
	return fmt.Sprintf("add bytes %d times %d", t.loops.rows, t.loops.n)
}
func (t *byteAddStep) run(s *Session) { s.fork(t) }
func (t *byteAddStep) parts() int     { return t.loops.parts() }

func (t *byteAddStep) part(s *Session, w *worker, i int) {
	dst, a, b := s.bufs[t.dst], s.bufs[t.a], s.bufs[t.b]
	t.loops.part(i, func(at [maxViews]int, n int) {
		w.QuantAdd(s.m.kernels, &t.x, &t.z, &t.y, t.lo, t.hi, dst[at[0]:][:n], a[at[1]:][:n], b[at[2]:][:n])
	})
}

// byteMulStep multiplies what bytes stand for.
type byteMulStep struct {
	rounder
	x, z      [256]float32
	divisor   float32
	loops     *loops
	dst, a, b int
}

func (t *byteMulStep) String() string {
	return fmt.Sprintf("mul bytes %d times %d", t.loops.rows, t.loops.n)
}
func (t *byteMulStep) run(s *Session) { s.fork(t) }
func (t *byteMulStep) parts() int     { return t.loops.parts() }

func (t *byteMulStep) part(s *Session, _ *worker, i int) {
	dst, a, b := s.bufs[t.dst], s.bufs[t.a], s.bufs[t.b]
	t.loops.part(i, func(at [maxViews]int, n int) {
		x, z, y := a[at[1]:][:n], b[at[2]:][:n], dst[at[0]:][:n]
		for k := range y {
			y[k] = t.round(float32(t.x[x[k]]*t.z[z[k]]) / t.divisor)
		}
	})
}

func (o quantisedAverage) lower(l *lowering, n *Node) (bool, error) {
	if o.Kernel.Elems() > mostAveraged {
		return false, nil
	}
	t := &byteAverageStep{op: o, kernel: l.kernels().AvgPoolU8[0]}
	shift, flip := 0, uint8(0)
	if o.y.dtype == tensor.Int8 {
		shift, flip = 128, 0x80
	}
	t.zero, t.lo, t.hi, t.flip = int32(o.y.zero+shift), int32(o.lo+shift), int32(o.hi+shift), flip
	return l.byteWindow(n, o.Window, &t.byteWindow, t)
}

// mostAveraged bytes have a sum of 32 bits.
const mostAveraged = 1 << 20

// lowerBytes is MaxPool of bytes.
func (o MaxPool) lowerBytes(l *lowering, n *Node) (bool, error) {
	t := &byteMaxStep{kernel: l.kernels().MaxPoolU8[0]}
	return l.byteWindow(n, o.Window, &t.byteWindow, t)
}

// byteWindow is what poolings of bytes have in common. The channels lie last.
type byteWindow struct {
	in, out  tensor.Shape
	win      tensor.Window
	ldin     int // elements between pixels
	ldout    int
	dst, src ref
	flipX    uint8 // of input and output
	step     int   // channels of a call
}

// byteWindow lowers a pooling of bytes to step t, of which w is a part.
func (l *lowering) byteWindow(n *Node, win Window, w *byteWindow, t parted) (bool, error) {
	in, ok := shape4(n.in[0].typ.Dims)
	s, _, err := win.over(win.Kernel, n.in[0].typ.Dims)
	if err != nil || !ok || in.Elems() == 0 {
		return false, err
	}
	if w.win, ok = s.window2d(win.Ceil); !ok || win.Kernel.Elems() > mostAveraged {
		return false, nil
	}
	w.win = w.win.Normal()
	w.in = in
	w.out, _ = shape4(n.out[0].typ.Dims)
	x := l.rows(n.in[0], channelsLast)
	y := l.out(n.out[0], channelsLast, true)
	w.ldin, w.ldout = max(pixelStride(x), in.C), max(pixelStride(y), in.C)
	w.dst, w.src = y.ref(), x.ref()
	if n.in[0].typ.DType == tensor.Int8 {
		w.flipX = 0x80
	}
	w.step = min(in.C, max(1, asm.MaxWork/(w.win.KernelH*w.win.KernelW)))
	l.emit(t, n.out[0], y, []view{x}, nil)
	return true, nil
}

func (w *byteWindow) describe(kind string) string {
	return fmt.Sprintf("%s of bytes %v r%v", kind, w.in, w.win)
}
func (w *byteWindow) parts() int { return w.out.N * w.out.H }

// row calls pool for pieces of a row of the output whose windows reach into the input alike, with their place among the padding; none is true where they do not reach it.
func (w *byteWindow) row(s *Session, a *asm.PoolU8Args, i int, pool func(y, x int, none bool, to []byte)) {
	n, oy := i/w.out.H, i%w.out.H
	src, dst := s.bufs[w.src.buf][w.src.off:], s.bufs[w.dst.buf][w.dst.off:]
	y := oy*w.win.StrideH - w.win.PadTop
	kh0, kh1 := tensor.Valid(y, w.win.KernelH, w.win.DilationH, w.in.H)
	a.RowX, a.ColX, a.PixX = w.win.DilationH*w.in.W*w.ldin, w.win.DilationW*w.ldin, w.win.StrideW*w.ldin
	a.PixY, a.FlipX = w.ldout, w.flipX
	for ox := 0; ox < w.out.W; ox += a.Pixels {
		x := ox*w.win.StrideW - w.win.PadLeft
		kw0, kw1 := tensor.Valid(x, w.win.KernelW, w.win.DilationW, w.in.W)
		a.Pixels = 1
		if kw0 == 0 && kw1 == w.win.KernelW { // as have all to the last that reaches as far
			a.Pixels = (w.in.W-1-(w.win.KernelW-1)*w.win.DilationW-x)/w.win.StrideW + 1
			a.Pixels = min(a.Pixels, w.out.W-ox, max(1, asm.MaxWork/(w.step*w.win.KernelH*w.win.KernelW)))
		}
		a.NY, a.NX = kh1-kh0, kw1-kw0
		none := a.NY <= 0 || a.NX <= 0
		for c := 0; c < w.in.C; c += w.step {
			a.C = min(w.step, w.in.C-c)
			to := dst[(i*w.out.W+ox)*w.ldout+c:]
			a.Y = unsafe.Pointer(&to[0])
			if !none {
				a.X = unsafe.Pointer(&src[((n*w.in.H+y+kh0*w.win.DilationH)*w.in.W+x+kw0*w.win.DilationW)*w.ldin+c])
			}
			pool(y, x, none, to[:a.C])
		}
	}
	a.X, a.Y = nil, nil
}

// byteMaxStep keeps the largest bytes.
type byteMaxStep struct {
	byteWindow
	kernel *asm.PoolU8Row
}

func (t *byteMaxStep) String() string { return t.describe("max") }
func (t *byteMaxStep) run(s *Session) { s.fork(t) }

func (t *byteMaxStep) part(s *Session, w *worker, i int) {
	a := &w.poolU8
	a.FlipY = t.flipX
	t.row(s, a, i, func(_, _ int, none bool, to []byte) {
		if none {
			for k := range to {
				to[k] = t.flipX
			}
			return
		}
		t.kernel.Call(a)
	})
}

// byteAverageStep averages bytes.
type byteAverageStep struct {
	byteWindow
	op           quantisedAverage
	kernel       *asm.PoolU8Row
	zero, lo, hi int32
	flip         uint8
}

func (t *byteAverageStep) String() string { return t.describe("average") }
func (t *byteAverageStep) run(s *Session) { s.fork(t) }

func (t *byteAverageStep) part(s *Session, w *worker, i int) {
	a := &w.poolU8
	a.Zero, a.Lo, a.Hi, a.FlipY = t.zero, t.lo, t.hi, t.flip
	zero := int32(t.op.x.zero)
	if t.flipX != 0 {
		zero += 128
	}
	t.row(s, a, i, func(y, x int, none bool, to []byte) {
		if none {
			for k := range to {
				to[k] = byte(min(max(t.zero, t.lo), t.hi)) ^ t.flip
			}
			return
		}
		count := a.NY * a.NX
		a.Bias = -zero * int32(count)
		if win := &t.win; t.op.CountIncludePad {
			_, rows := tensor.Valid(y+win.PadTop, win.KernelH, win.DilationH, win.PadTop+t.in.H+win.PadBottom)
			_, columns := tensor.Valid(x+win.PadLeft, win.KernelW, win.DilationW, win.PadLeft+t.in.W+win.PadRight)
			count = rows * columns
		}
		a.Scale = t.op.ratio(count)
		t.kernel.Call(a)
	})
}
