package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// depthwiseInPlace runs depthwise convolutions of 3 by 3 taps on NCHW tensors as they stand, with the pixels of a row in the lanes.
// Nothing is copied, and the padding is masked. A task is some planes, or some rows of one.
type depthwiseInPlace struct {
	pl      *Plan
	kern    *asm.DwPlaneRow
	weights []float32 // of a channel: the bias, and the taps
	group   int       // planes of a task
	groups  int
	bands   int // of rows, in tasks of one plane
	lo, hi  float32
}

// newDepthwiseInPlace returns nil where the kernels do not serve or do not pay.
func newDepthwiseInPlace(pl *Plan, weights []float32, lo, hi float32) *depthwiseInPlace {
	p, win := &pl.p, &pl.p.Window
	if p.Layout != tensor.NCHW || p.OutC != p.In.C || p.Residual || 9*pl.out.W > asm.MaxWork-dwMostWork ||
		win.KernelH != 3 || win.KernelW != 3 || win.DilationH != 1 || win.DilationW != 1 || win.StrideH != win.StrideW {
		return nil
	}
	for _, kern := range p.Kernels.DwPlane {
		if kern.Stride == win.StrideH && inPlacePays(kern, p) {
			d := planInPlace(pl, kern, weights)
			d.lo, d.hi = lo, hi
			return d
		}
	}
	return nil
}

// inPlacePays: rows no longer than a vector leave lanes idle. The kernels that slide down strips take less time for these,
// transposing included; where there are none, transposing pays for very short rows only.
func inPlacePays(kern *asm.DwPlaneRow, p *Params) bool {
	if kern.ISA == asm.Generic {
		return false
	}
	if p.Kernels.DwSlide[0].ISA < kern.ISA {
		return 2*p.In.W > kern.Lanes
	}
	return p.In.W > kern.Lanes
}

func planInPlace(pl *Plan, kern *asm.DwPlaneRow, weights []float32) *depthwiseInPlace {
	pl.native = true
	d := &depthwiseInPlace{pl: pl, kern: kern}
	d.weights = mem.Floats(10 * pl.p.In.C)
	for c := range pl.p.In.C {
		w := d.weights[10*c:]
		if pl.bias != nil {
			w[0] = pl.bias[c]
		}
		copy(w[1:10], weights[9*c:])
	}
	work := 9 * pl.out.H * pl.out.W // of a plane
	d.bands = min(pl.out.H, max((work+dwMostWork-1)/dwMostWork, min(dwTasks/(pl.p.In.N*pl.p.In.C), work/dwPlaneWork)))
	d.bands = max(1, d.bands)
	d.group = 1
	if d.bands == 1 {
		d.group = min(pl.p.In.C, (dwPlaneWork+work-1)/work)
	}
	d.groups = (pl.p.In.C + d.group - 1) / d.group
	return d
}

func (d *depthwiseInPlace) tasks() int { return d.pl.p.In.N * d.groups * d.bands }

func (d *depthwiseInPlace) scratch() int { return 0 }

func (d *depthwiseInPlace) String() string {
	return fmt.Sprintf("%s, tasks of %d planes, %d bands of rows", d.kern.Name, d.group, d.bands)
}

func (d *depthwiseInPlace) do(w *worker, task int, dst, src, _ []float32) {
	p, out := &d.pl.p, d.pl.out
	band, group, image := task%d.bands, task/d.bands%d.groups, task/d.bands/d.groups
	c0, c1 := par.Split(p.In.C, d.groups, group)
	y0, y1 := par.Split(out.H, d.bands, band)
	plane := image*p.In.C + c0
	a := &w.dwplane
	a.X = unsafe.Pointer(&src[plane*p.In.H*p.In.W])
	a.Y = unsafe.Pointer(&dst[(plane*out.H+y0)*out.W])
	a.W = unsafe.Pointer(&d.weights[10*c0])
	a.Planes, a.PlaneX, a.PlaneY = c1-c0, 4*p.In.H*p.In.W, 4*out.H*out.W
	a.RowX, a.RowY = 4*p.In.W, 4*out.W
	a.InRows, a.InCols = p.In.H, p.In.W
	a.Top, a.Left = p.Window.PadTop-y0*p.Window.StrideH, p.Window.PadLeft
	a.Rows, a.Cols = y1-y0, out.W
	a.Lo, a.Hi = d.lo, d.hi
	d.kern.Call(a)
	a.X, a.W, a.Y = nil, nil, nil
}
