package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// depthwisePlanes runs depthwise on NCHW tensors: bands of rows of as many planes as a vector has lanes are
// transposed into scratch, computed there with the channels in the lanes, and transposed on the way out.
// The scratch of a band stays in the first or second cache.
//
// Where many columns of the output reach into the padding, they have zeros in scratch beside the rows, so that all columns are alike. Otherwise each
// of these columns would have taps of its own and be computed alone. Kernels of many taps read NHWC from scratch too, and write to its place.
type depthwisePlanes struct {
	*depthwise
	pl     *Plan
	group  int // of these in a task
	groups int // tasks per band
	height int // rows of the largest band's input
	padded bool
	copies *asm.PackRow // vectors of pixels of NHWC
}

const (
	dwPlaneScratch = 1 << 14 // floats of input and output of a band, if it has more than a few rows
	dwPlaneRows    = 4       // rows that a band has at least: the rows around it are read again
	dwPlaneWork    = 1 << 16 // multiply-adds that are worth a task
)

func newDepthwisePlanes(pl *Plan, d *depthwise) runner {
	pl.reachAsTheyLie(false)
	r := &depthwisePlanes{depthwise: d, pl: pl, padded: d.padPays(pl)}
	for _, kern := range pl.p.Kernels.Pack {
		if kern.Width == d.lanes {
			r.copies = kern
			break
		}
	}
	d.stride(d.lanes, d.lanes)
	if pl.p.OutLayout == tensor.NHWC {
		d.stride(d.lanes, pl.p.outStride())
	}
	least := dwPlaneRows
	if r.padded {
		w := &d.win
		d.in.W = max(d.in.W+w.PadLeft, (d.out.W-1)*w.StrideW+(w.KernelW-1)*w.DilationW+1)
		w.PadLeft, w.PadRight = 0, 0
		d.cols = tensor.Segments(d.out.W, d.in.W, w.KernelW, w.StrideW, w.DilationW, 0)
		least = w.KernelH // which read again no more rows than they have
	}
	row := tensor.Mul(d.lanes, d.out.W+min(d.win.StrideH, d.in.H)*d.in.W)
	rows := max(least, dwPlaneScratch/row)
	d.bands = (d.out.H + rows - 1) / rows
	rows = (d.out.H + d.bands - 1) / d.bands
	r.height = min(d.in.H, (rows-1)*d.win.StrideH+(d.win.KernelH-1)*d.win.DilationH+1)
	work := tensor.Mul(rows, d.out.W, d.lanes, d.win.KernelH, d.win.KernelW, d.k)
	r.group = min(r.blocks, 1+(dwPlaneWork-1)/work)
	r.groups = (r.blocks + r.group - 1) / r.group
	return r
}

func (d *depthwisePlanes) tasks() int { return d.in.N * d.bands * d.groups }

func (d *depthwisePlanes) scratch() int {
	rows := (d.out.H + d.bands - 1) / d.bands
	return tensor.Mul(d.lanes, d.height*d.in.W+rows*d.out.W)
}

func (d *depthwisePlanes) do(w *worker, task int, dst, src, _ []float32) {
	band, group := task%d.bands, task/d.bands%d.groups
	image := task / d.bands / d.groups
	y0, y1 := par.Split(d.out.H, d.bands, band)
	first, last := d.reads(y0, y1)
	out := d.out.H * d.out.W
	x, y := w.scratch[:d.lanes*d.height*d.in.W], w.scratch[d.lanes*d.height*d.in.W:]
	for b := group * d.group; b < min(d.blocks, (group+1)*d.group); b++ {
		block := d.block(b)
		d.load(w, x, src, image, block, first, last)
		if d.pl.p.OutLayout == tensor.NHWC {
			d.compute(&w.dw, dst[(image*out+y0*d.out.W)*d.ldout+block.oc:], x, first, y0, y1, b, b+1)
			continue
		}
		d.compute(&w.dw, y, x, first, y0, y1, b, b+1)
		w.transpose.Do(d.pl.p.Kernels, dst[(image*d.out.C+block.oc)*out+y0*d.out.W:], out, y, d.lanes, (y1-y0)*d.out.W, block.out)
	}
}

// copyPays reports whether pixels of NHWC are copied to scratch first: for so many taps of each, where zeros pay beside them or they lie far apart. Those of
// a vector of channels fall into few sets of L1 then.
func (d *depthwise) copyPays(pl *Plan) bool {
	w := &d.win
	return tensor.Mul(w.KernelH, w.KernelW) > dwCopyTaps*w.StrideH*w.StrideW && (4*pl.p.inStride() >= dwCopyFar || d.padPays(pl))
}

// padPays reports whether a quarter of the columns of the output or more reach into the padding, of kernels so large that the weights there
// had better be multiplied by zeros.
func (d *depthwise) padPays(pl *Plan) bool {
	inner := 0
	for _, s := range d.cols {
		if s.K1-s.K0 == d.win.KernelW {
			inner = s.Hi - s.Lo
		}
	}
	w := &d.win
	return w.KernelW >= dwPadColumns && 4*inner <= 3*d.out.W && w.PadLeft < w.KernelW*w.DilationW && w.PadRight < w.KernelW*w.DilationW &&
		pl.most <= paddedLimit(&pl.p)
}

const (
	dwCopyTaps   = 25   // of a pixel, which fewer would not be copied for
	dwCopyFar    = 1024 // bytes from pixel to pixel
	dwPadColumns = 5    // of a kernel that zeros in the padding pay for
)

// load copies rows first to last-1 of a block's channels into scratch.
func (d *depthwisePlanes) load(w *worker, x, src []float32, image int, block dwBlock, first, last int) {
	p := &d.pl.p
	if !d.padded && p.InLayout == tensor.NCHW {
		plane := p.In.H * p.In.W
		w.transpose.Do(p.Kernels, x, d.lanes, src[(image*p.In.C+block.ic)*plane+first*p.In.W:], plane, block.in, (last-first)*p.In.W)
		return
	}
	left := 0
	if d.padded {
		left = p.Window.PadLeft
		clear(x[:(last-first)*d.in.W*d.lanes])
	}
	for y := first; y < last; y++ {
		row := x[((y-first)*d.in.W+left)*d.lanes:]
		if p.InLayout == tensor.NCHW {
			plane := p.In.H * p.In.W
			w.transpose.Do(p.Kernels, row, d.lanes, src[(image*p.In.C+block.ic)*plane+y*p.In.W:], plane, block.in, p.In.W)
			continue
		}
		d.copyPixels(&w.pack, row, src[(image*p.In.H+y)*p.In.W*p.inStride()+block.ic:], p.In.W, block.in)
	}
}

// copyPixels copies n channels of so many pixels of NHWC to a vector for each.
func (d *depthwisePlanes) copyPixels(a *asm.PackArgs, dst, src []float32, pixels, n int) {
	ld := d.pl.p.inStride()
	a.LdSrc, a.Panels, a.N = 4*ld, 1, n
	for i := 0; i < pixels; i += a.K {
		a.K = min(pixels-i, asm.MaxWork/d.lanes)
		a.Dst, a.Src = unsafe.Pointer(&dst[i*d.lanes]), unsafe.Pointer(&src[i*ld])
		d.copies.Call(a)
	}
	a.Dst, a.Src = nil, nil
}

func (d *depthwisePlanes) String() string {
	return fmt.Sprintf("%v, in scratch by %d planes, %d bands of rows an image", d.kernel(), d.lanes, d.bands)
}
