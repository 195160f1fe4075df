package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// depthwiseInPlace runs depthwise convolutions of 3 by 3, 1 by 3, 3 by 1, 2 by 2 or 5 by 5 taps on NCHW tensors as they stand, with the pixels of a row in the lanes.
// Nothing is copied, and the padding is masked. A task is some planes, or some rows of one.
type depthwiseInPlace struct {
	pl      *Plan
	kern    *asm.DwPlaneRow
	mult    int       // outputs of an input plane
	weights []float32 // of a channel: the bias, and the taps; the first outputs of all planes come first, then the second ones
	group   int       // planes of a task, of the input
	groups  int
	bands   int // of rows, in tasks of one plane
	segment int // a single row is computed as rows of so many pixels, which the kernels take several of at a time, or 0
	lo, hi  float32
}

// newDepthwiseInPlace returns nil where the kernels do not serve or do not pay. They multiply by zeros in the padding.
func newDepthwiseInPlace(pl *Plan, w weights, lo, hi float32) *depthwiseInPlace {
	kern := inPlaceKernel(&pl.p)
	if kern == nil || pl.most > paddedLimit(&pl.p) {
		return nil
	}
	d := planInPlace(pl, kern, w)
	d.lo, d.hi = lo, hi
	return d
}

// inPlaceKernel is the kernel that serves and pays, or nil.
func inPlaceKernel(p *Params) *asm.DwPlaneRow {
	win := &p.Window
	_, w, _ := win.Out(p.In.H, p.In.W)
	if !p.both(tensor.NCHW) || p.Groups != p.In.C || p.Residual || w > (asm.MaxWork-dwMostWork)/25 ||
		win.DilationH != 1 || win.DilationW != 1 || win.StrideH != win.StrideW {
		return nil
	}
	for _, kern := range p.Kernels.DwPlane {
		if kern.KH == win.KernelH && kern.KW == win.KernelW && kern.Stride == win.StrideH && inPlacePays(kern, p) {
			return kern
		}
	}
	return nil
}

// inPlacePays: rows no longer than a vector leave lanes idle. The kernels that slide down strips take less time for these,
// transposing included; where there are none, transposing pays for very short rows only.
func inPlacePays(kern *asm.DwPlaneRow, p *Params) bool {
	if kern.ISA == asm.Generic || kern.KW > 3 && p.In.W < inPlaceWide {
		return false
	}
	if p.Kernels.DwSlide[0].ISA < kern.ISA {
		return 2*p.In.W > kern.Lanes
	}
	return p.In.W > kern.Lanes
}

// inPlaceWide is the shortest row for which kernels of more than 3 columns pay.
const inPlaceWide = 20

func planInPlace(pl *Plan, kern *asm.DwPlaneRow, w weights) *depthwiseInPlace {
	pl.reachAsTheyLie(false)
	d := &depthwiseInPlace{pl: pl, kern: kern}
	d.mult = pl.p.OutC / pl.p.In.C
	d.weights = pl.pack(w, format{name: "plane"}, d.pack)
	work := tensor.Mul(kern.Side(), kern.Side(), pl.out.H, pl.out.W) // of a plane
	d.bands = min(pl.out.H, max(1+(work-1)/dwMostWork, min(dwTasks/(pl.p.In.N*pl.p.In.C), work/dwPlaneWork)))
	d.bands = max(1, d.bands)
	d.group = 1
	if d.bands == 1 {
		d.group = min(pl.p.In.C, 1+(dwPlaneWork-1)/tensor.Mul(work, d.mult))
	}
	d.groups = (pl.p.In.C + d.group - 1) / d.group
	if pl.p.In.H*pl.out.H*kern.KH == 1 {
		d.segment = max(0, pl.p.In.W-kern.KW+1) / kern.Height
	}
	return d
}

// floats is the number of weights of a channel, with its bias.
func (d *depthwiseInPlace) floats() int { return 1 + d.kern.Side()*d.kern.Side() }

// pack lays the bias and the taps of each channel side by side, with zeros for those that a square has more.
func (d *depthwiseInPlace) pack(oihw []float32) []float32 {
	packed := mem.Floats(d.floats() * d.pl.p.OutC)
	kh, kw := d.kern.KH, d.kern.KW
	for oc := range d.pl.p.OutC {
		to := packed[d.floats()*(oc%d.mult*d.pl.p.In.C+oc/d.mult):]
		if d.pl.bias != nil {
			to[0] = d.pl.bias[oc]
		}
		for i := range kh {
			copy(to[1+d.kern.Side()*i:][:kw], oihw[(oc*kh+i)*kw:])
		}
	}
	return packed
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
	a.Planes, a.PlaneX, a.PlaneY = c1-c0, 4*p.In.H*p.In.W, 4*d.mult*out.H*out.W
	a.RowX, a.RowY = 4*p.In.W, 4*out.W
	a.InRows, a.InCols = p.In.H, p.In.W
	a.Top, a.Left = p.Window.PadTop-y0*p.Window.StrideH, p.Window.PadLeft
	a.Rows, a.Cols = y1-y0, out.W
	a.Lo, a.Hi = d.lo, d.hi
	for i := range d.mult {
		y := ((plane*d.mult+i)*out.H + y0) * out.W
		a.W = unsafe.Pointer(&d.weights[d.floats()*(i*p.In.C+c0)])
		if d.segment > 0 {
			d.line(a, dst[y:], src[plane*p.In.W:])
			continue
		}
		a.Y = unsafe.Pointer(&dst[y])
		d.kern.Call(a)
	}
	a.X, a.W, a.Y = nil, nil, nil
}

// line computes planes of a single row: what no window reaches into the padding for in segments below each other, and the rest at both ends.
func (d *depthwiseInPlace) line(a *asm.DwPlaneArgs, dst, src []float32) {
	in, left, done := d.pl.p.In.W, d.pl.p.Window.PadLeft, d.kern.Height*d.segment
	call := func(y, x, rows, cols, inCols int) {
		a.Y, a.X = unsafe.Pointer(&dst[y]), unsafe.Pointer(&src[x])
		a.Rows, a.Cols, a.InRows, a.InCols = rows, cols, rows, inCols
		d.kern.Call(a)
	}
	if left > 0 {
		call(0, 0, 1, left, in)
	}
	a.Left, a.RowX, a.RowY = 0, 4*d.segment, 4*d.segment
	call(left, 0, d.kern.Height, d.segment, d.segment+d.kern.KW-1)
	if rest := d.pl.out.W - left - done; rest > 0 {
		call(left+done, done, 1, rest, in-done)
	}
	a.Left = left
}
