package conv

import (
	"fmt"

	"github.com/simdnn/simdnn/internal/par"
)

// depthwisePlanes runs depthwise on NCHW tensors: bands of rows of as many planes as a vector has lanes are
// transposed into scratch, computed there with the channels in the lanes, and transposed on the way out.
// The scratch of a band stays in the first or second cache.
type depthwisePlanes struct {
	*depthwise
	pl     *Plan
	blocks int // of channels
	group  int // of these in a task
	groups int // tasks per band
	height int // rows of the largest band's input
}

const (
	dwPlaneScratch = 1 << 14 // floats of input and output of a band, if it has more than a few rows
	dwPlaneRows    = 4       // rows that a band has at least: the rows around it are read again
	dwPlaneWork    = 1 << 16 // multiply-adds that are worth a task
)

func newDepthwisePlanes(pl *Plan, d *depthwise) runner {
	pl.native = true
	r := &depthwisePlanes{depthwise: d, pl: pl}
	d.stride(d.lanes, d.lanes)
	row := d.lanes * (d.out.W + d.win.StrideH*d.in.W)
	rows := max(dwPlaneRows, dwPlaneScratch/row)
	d.bands = (d.out.H + rows - 1) / rows
	rows = (d.out.H + d.bands - 1) / d.bands
	r.height = min(d.in.H, (rows-1)*d.win.StrideH+(d.win.KernelH-1)*d.win.DilationH+1)
	r.blocks = (d.out.C + d.lanes - 1) / d.lanes
	work := rows * d.out.W * d.lanes * d.win.KernelH * d.win.KernelW
	r.group = min(r.blocks, (dwPlaneWork+work-1)/work)
	r.groups = (r.blocks + r.group - 1) / r.group
	return r
}

func (d *depthwisePlanes) tasks() int { return d.in.N * d.bands * d.groups }

func (d *depthwisePlanes) scratch() int {
	rows := (d.out.H + d.bands - 1) / d.bands
	return d.lanes * (d.height*d.in.W + rows*d.out.W)
}

func (d *depthwisePlanes) do(w *worker, task int, dst, src, _ []float32) {
	band, group := task%d.bands, task/d.bands%d.groups
	image := task / d.bands / d.groups
	y0, y1 := par.Split(d.out.H, d.bands, band)
	first, last := d.reads(y0, y1)
	in, out := d.in.H*d.in.W, d.out.H*d.out.W
	x, y := w.scratch[:d.lanes*d.height*d.in.W], w.scratch[d.lanes*d.height*d.in.W:]
	for block := group * d.group; block < min(d.blocks, (group+1)*d.group); block++ {
		c0 := block * d.lanes
		c := min(d.lanes, d.out.C-c0)
		plane := image*d.out.C + c0
		w.transpose.Do(d.pl.p.Kernels, x, d.lanes, src[plane*in+first*d.in.W:], in, c, (last-first)*d.in.W)
		d.compute(&w.dw, y, x, first, y0, y1, c0, c0+c)
		w.transpose.Do(d.pl.p.Kernels, dst[plane*out+y0*d.out.W:], out, y, d.lanes, (y1-y0)*d.out.W, c)
	}
}

func (d *depthwisePlanes) String() string {
	return fmt.Sprintf("%v, in scratch by %d planes, %d bands of rows an image", d.kernel(), d.lanes, d.bands)
}
