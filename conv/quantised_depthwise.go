package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// quantisedDepthwise convolves every channel of bytes with a window of its own. Kernels for one window know a border of one column. Where that is enough, a
// window that begins above the input or ends below it becomes the nearest one inside, whose weights are moved by the rows between the two, with zeros in
// place of those that fall out. Otherwise all windows have all their taps: a task copies the rows that it reads, some at a time, with a border of zero points.
type quantisedDepthwise struct {
	bordered
	pl     *Plan
	q      Quantisation
	row    *asm.DwU8Row
	packed []byte // weights, biases and scales, moved by least rows, then by one more, to the last
	each   int    // bytes of one of them
	least  int
	copies bool // a task copies rows
	left   int  // columns of the border, where it does not
	right  int
	band   int // rows of the output that a copy serves
	fold   int // pixels that kernels have as one with as many times the channels
	step   int // channels of a call
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

func newQuantisedDepthwise[W int8 | int16](pl *Plan, q Quantisation, w []W, bias []int32) *quantisedDepthwise {
	d := &quantisedDepthwise{bordered: bordered{geometry: pl.geometry(), zero: byte(q.InZero)}, pl: pl, q: q}
	win := &d.win
	d.row, d.fold = depthwiseRow(pl.p.Kernels, win, win.StrideW), 1
	// Two neighbouring pixels of few channels are one of twice as many, in steps of two.
	if d.out.W >= 2 && win.StrideW == 1 && d.ldout == d.in.C && (d.padded() || d.ldin == d.in.C) {
		if r := depthwiseRow(pl.p.Kernels, win, 2); 2*d.in.C <= r.Block && 2*d.in.C <= d.row.Block {
			d.row, d.fold = r, 2
		}
	}
	most := 0
	if d.copies = d.padded() && !d.fitsBorder(); d.padded() && !d.copies {
		d.left, d.right = win.PadLeft, max(0, d.lastColumn()-d.in.W+1)
		lowest := (d.out.H-1)*win.StrideH - win.PadTop // the first row of the last window
		d.least, most = max(-win.PadTop, -win.KernelH), max(0, min(lowest-d.in.H+win.KernelH, win.KernelH))
	}
	c := d.fold * d.in.C
	d.each = 4 * align((d.row.PackLen(c, win.KernelH, win.KernelW)+3)/4)
	// The packed form has biases and scales too, so that it belongs to this plan alone.
	words := mem.Floats(d.each / 4 * (most - d.least + 1))
	d.packed = floatBytes(words)
	for moved := d.least; moved <= most; moved++ {
		packMoved(d, w, bias, moved)
	}
	pl.packed = words

	d.step = min(c, max(1, asm.MaxWork/(win.KernelH*win.KernelW)/d.row.Block)*d.row.Block)
	rows := max(1, bandBytes/max(1, d.rowBytes()))
	d.band = max(1, (rows-(win.KernelH-1)*win.DilationH+win.StrideH-1)/win.StrideH)
	d.tasking = newTasking(d.out.N*d.out.H, 1, d.in.Elems()+d.out.Elems(), len(d.packed), pl.flops()/2)
	d.band = min(d.band, d.strip())
	return d
}

// fitsBorder reports whether the kernel's border and moved weights do in place of a copy.
func (d *quantisedDepthwise) fitsBorder() bool {
	w := &d.win
	return d.row.KH > 0 && d.fold == 1 && w.DilationH == 1 && w.PadLeft <= 1 && d.lastColumn() <= d.in.W && d.in.H >= w.KernelH
}

// lastColumn is the column of the input where the last window of a row ends.
func (d *quantisedDepthwise) lastColumn() int {
	return (d.out.W-1)*d.win.StrideW - d.win.PadLeft + d.win.KernelW - 1
}

// moved returns what belongs to weights that are moved down by so many rows.
func (d *quantisedDepthwise) moved(rows int) []byte {
	return d.packed[(rows-d.least)*d.each:][:d.each]
}

// packMoved packs weights that are moved down by so many rows, with their biases and scales.
func packMoved[W int8 | int16](d *quantisedDepthwise, w []W, bias []int32, moved int) {
	win := &d.win
	c, taps := d.fold*d.in.C, win.KernelH*win.KernelW
	narrow := make([]int8, c*taps)
	sums, scale := make([]int32, c), make([]float32, c)
	for i := range c {
		k, sum := i%d.in.C, int32(0)
		for kh := max(0, -moved); kh < min(win.KernelH, win.KernelH-moved); kh++ {
			for kw := range win.KernelW {
				v := w[k*taps+kh*win.KernelW+kw]
				narrow[i*taps+(kh+moved)*win.KernelW+kw] = int8(v)
				sum += int32(v)
			}
		}
		sums[i], scale[i] = -d.zeroU8()*sum, d.q.Scale[k]
		if bias != nil {
			sums[i] += bias[k]
		}
	}
	d.row.Pack(d.moved(moved), c, win.KernelH, win.KernelW, narrow, sums, scale)
}

// zeroU8 is the zero point of the input as kernels see it, which turn s8 into u8.
func (d *quantisedDepthwise) zeroU8() int32 {
	if d.q.Signed {
		return int32(d.q.InZero) + 128
	}
	return int32(d.q.InZero)
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
	if !d.copies {
		return 0
	}
	return align((d.copied(d.band)*d.rowBytes() + 3) / 4)
}

func (d *quantisedDepthwise) String() string {
	s := fmt.Sprintf("%s, %d tasks", d.row.Name, d.tasks())
	if d.copies {
		s += fmt.Sprintf(", bands of %d rows", d.band)
	}
	if d.fold > 1 {
		s += fmt.Sprintf(", %d pixels as one", d.fold)
	}
	return s
}

func (d *quantisedDepthwise) doBytes(w *worker, task int, dst, src []byte) {
	item0, item1, _, _ := d.bounds(task)
	a := &w.dwU8
	win := &d.win
	a.NY, a.NX = win.KernelH, win.KernelW
	rowBytes := d.in.W * d.ldin
	a.ColX = win.DilationW * d.ldin
	if d.copies {
		rowBytes = d.rowBytes()
		a.ColX = win.DilationW * d.in.C
	}
	a.RowX = win.DilationH * rowBytes
	shift := 0
	a.FlipX, a.FlipY, a.Border = 0, 0, uint8(d.zeroU8())
	if d.q.Signed {
		a.FlipX = 0x80
	}
	if d.q.Out.IsSigned() {
		shift, a.FlipY = 128, 0x80
	}
	a.Zero, a.Lo, a.Hi = int32(d.q.OutZero+shift), int32(d.q.Lo+shift), int32(d.q.Hi+shift)
	for item0 < item1 {
		image, y := item0/d.out.H, item0%d.out.H
		first := y*win.StrideH - win.PadTop // row of the window
		if !d.copies {
			row := min(max(first, 0), d.in.H-(win.KernelH-1)*win.DilationH-1)
			d.outRow(a, d.moved(min(max(first-row, d.least), win.KernelH)), dst, item0, src[d.image(image)+row*rowBytes:])
			item0++
			continue
		}
		n := min(item1-item0, d.out.H-y, d.band)
		x := floatBytes(w.scratch)[:d.copied(n)*rowBytes]
		d.copyRows(x, src[d.image(image):], first, d.copied(n))
		for i := range n {
			d.outRow(a, d.packed, dst, item0+i, x[i*win.StrideH*rowBytes:])
		}
		item0 += n
	}
}

// outRow computes a row of the output from the rows of its windows on.
func (d *quantisedDepthwise) outRow(a *asm.DwU8Args, packed, dst []byte, item int, x []byte) {
	win := &d.win
	ld := a.ColX / win.DilationW
	a.PixX, a.PixY = d.fold*win.StrideW*ld, d.fold*d.ldout
	for c := 0; c < d.fold*d.in.C; c += d.step {
		a.C = min(d.step, d.fold*d.in.C-c)
		a.W = unsafe.Pointer(&packed[d.row.PackLen(c, win.KernelH, win.KernelW)])
		most := max(1, asm.MaxWork/(a.C*win.KernelH*win.KernelW))
		for p := 0; p < d.out.W; p += d.fold * a.Pixels {
			p = min(p, d.out.W-d.fold) // an odd one comes twice
			a.Pixels = min(most, (d.out.W-p)/d.fold)
			a.Left, a.Right = 0, 0
			if p == 0 {
				a.Left = d.left
			}
			if p+d.fold*a.Pixels == d.out.W {
				a.Right = d.right
			}
			a.X = unsafe.Pointer(&x[(p*win.StrideW-d.left+a.Left)*ld+c])
			a.Y = unsafe.Pointer(&dst[(item*d.out.W+p)*d.ldout+c])
			d.row.Call(a)
		}
	}
}
