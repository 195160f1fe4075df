package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// quantisedDepthwise convolves every channel of bytes with a window of its own. All windows have all their taps: a task copies the rows that it reads, some at
// a time, with a border of zero points, where there is padding.
type quantisedDepthwise struct {
	bordered
	pl     *Plan
	q      Quantisation
	row    *asm.DwU8Row
	packed []byte // weights, biases and scales
	band   int    // rows of the output that a copy serves
	fold   int    // pixels that kernels have as one with as many times the channels
	step   int    // channels of a call
	tasking
}

// bandBytes is about how many bytes of the input a task copies at a time: they stay in the second cache.
const bandBytes = 128 << 10

// QuantisedPays reports whether a convolution of bytes whose groups are narrow has kernels of p.Kernels' instruction set, so that it is faster than one of floats.
// All others are. It is false where New returns an error for p.
func QuantisedPays(p Params) bool {
	k, err := p.Kernels.Or()
	if err != nil {
		return false
	}
	if _, err := p.check(); err != nil {
		return false
	}
	w := p.Window.Normal()
	if g := max(p.Groups, 1); p.In.C/g >= narrowGroup || g == 1 {
		return true
	}
	return p.Groups == p.In.C && p.OutC == p.In.C && (k.ISA == asm.Generic || depthwiseRow(k, &w, w.StrideW).Block > 1)
}

// narrowGroup is a number of channels so small that tiles would be mostly empty.
const narrowGroup = 4

func newQuantisedDepthwise(pl *Plan, q Quantisation, w []int16, bias []int32) *quantisedDepthwise {
	d := &quantisedDepthwise{bordered: bordered{geometry: pl.geometry(), zero: byte(q.InZero)}, pl: pl, q: q}
	win := &d.win
	d.row, d.fold = depthwiseRow(pl.p.Kernels, win, win.StrideW), 1
	// Two neighbouring pixels of few channels are one of twice as many, in steps of two.
	if d.out.W >= 2 && win.StrideW == 1 && d.ldout == d.in.C && (d.padded() || d.ldin == d.in.C) {
		if r := depthwiseRow(pl.p.Kernels, win, 2); 2*d.in.C <= r.Block && 2*d.in.C <= d.row.Block {
			d.row, d.fold = r, 2
		}
	}
	c, taps := d.fold*d.in.C, win.KernelH*win.KernelW
	narrow := make([]int8, c*taps)
	sums, scale := make([]int32, c), make([]float32, c)
	zero := int32(q.InZero)
	if q.Signed {
		zero += 128
	}
	for i := range c {
		k, sum := i%d.in.C, int32(0)
		for t, v := range w[k*taps:][:taps] {
			narrow[i*taps+t] = int8(v)
			sum += int32(v)
		}
		sums[i], scale[i] = -zero*sum, q.Scale[k]
		if bias != nil {
			sums[i] += bias[k]
		}
	}
	// The packed form has biases and scales too, so that it belongs to this plan alone.
	words := mem.Floats((d.row.PackLen(c, win.KernelH, win.KernelW) + 3) / 4)
	d.packed = floatBytes(words)
	d.row.Pack(d.packed, c, win.KernelH, win.KernelW, narrow, sums, scale)
	pl.packed = words

	d.step = min(c, max(1, asm.MaxWork/taps/d.row.Block)*d.row.Block)
	rows := max(1, bandBytes/max(1, d.rowBytes()))
	d.band = max(1, (rows-(win.KernelH-1)*win.DilationH+win.StrideH-1)/win.StrideH)
	d.tasking = newTasking(d.out.N*d.out.H, 1, d.in.Elems()+d.out.Elems(), len(d.packed), pl.flops()/2)
	d.band = min(d.band, d.strip())
	return d
}

// depthwiseRow returns the kernel for windows that move by stride pixels.
func depthwiseRow(k *asm.Set, win *tensor.Window, stride int) *asm.DwU8Row {
	for _, r := range k.DwU8 {
		if r.KH == 0 || win.DilationW == 1 && r.Serves(win.KernelH, win.KernelW, stride) {
			return r
		}
	}
	panic("conv: there is no kernel for all windows")
}

// floatBytes looks at floats as bytes.
func floatBytes(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}

func (d *quantisedDepthwise) scratch() int {
	if !d.padded() {
		return 0
	}
	return align((d.copied(d.band)*d.rowBytes() + 3) / 4)
}

func (d *quantisedDepthwise) String() string {
	s := fmt.Sprintf("%s, bands of %d rows, %d tasks", d.row.Name, d.band, d.tasks())
	if d.fold > 1 {
		s += fmt.Sprintf(", %d pixels as one", d.fold)
	}
	return s
}

func (d *quantisedDepthwise) doBytes(w *worker, task int, dst, src []byte) {
	item0, item1, _, _ := d.bounds(task)
	a := &w.dwU8
	win := &d.win
	ld, rowBytes := d.ldin, d.rowBytes()
	if d.padded() {
		ld = d.in.C
	}
	a.NY, a.NX = win.KernelH, win.KernelW
	a.RowX, a.ColX, a.PixX = win.DilationH*rowBytes, win.DilationW*ld, win.StrideW*ld
	pixX, pixY := a.PixX, d.ldout
	a.PixX, a.PixY = d.fold*pixX, d.fold*pixY
	shift := 0
	a.FlipX, a.FlipY = 0, 0
	if d.q.Signed {
		a.FlipX = 0x80
	}
	if d.q.Out.IsSigned() {
		shift, a.FlipY = 128, 0x80
	}
	a.Zero, a.Lo, a.Hi = int32(d.q.OutZero+shift), int32(d.q.Lo+shift), int32(d.q.Hi+shift)
	for item0 < item1 {
		image, y := item0/d.out.H, item0%d.out.H
		n := min(item1-item0, d.out.H-y, d.band)
		x, at := src[d.image(image):], y*win.StrideH*rowBytes
		if d.padded() {
			x, at = floatBytes(w.scratch)[:d.copied(n)*rowBytes], 0
			d.copyRows(x, src[d.image(image):], y*win.StrideH-win.PadTop, d.copied(n))
		}
		for i := range n {
			for c := 0; c < d.fold*d.in.C; c += d.step {
				a.C = min(d.step, d.fold*d.in.C-c)
				a.W = unsafe.Pointer(&d.packed[d.row.PackLen(c, win.KernelH, win.KernelW)])
				most := max(1, asm.MaxWork/(a.C*win.KernelH*win.KernelW))
				for p := 0; p < d.out.W; p += d.fold * a.Pixels {
					p = min(p, d.out.W-d.fold) // an odd one comes twice
					a.Pixels = min(most, (d.out.W-p)/d.fold)
					a.X = unsafe.Pointer(&x[at+p*pixX+c])
					a.Y = unsafe.Pointer(&dst[((item0+i)*d.out.W+p)*pixY+c])
					d.row.Call(a)
				}
			}
			at += win.StrideH * rowBytes
		}
		item0 += n
	}
}
