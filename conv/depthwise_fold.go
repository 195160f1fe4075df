package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// depthwiseFold runs depthwise convolutions whose pixels have few channels, with stride 1 along the rows: planes of NCHW, whose pixels are
// single floats, and images of a few channels in NHWC. There the floats of a row, whatever pixel they belong to, fill the lanes of the kernels for
// NHWC, and a tap is as many floats away for all of them. The weights repeat along the lanes, and where the channels do not divide a vector they do
// so after several vectors, a pattern. Tiles are rows below each other.
//
// Where many columns reach into the padding, rows are copied to scratch with zeros beside them; otherwise such columns are computed apart.
type depthwiseFold struct {
	*depthwise       // of one image: a plane, or all channels in NHWC
	pl         *Plan // which has
	images     int   // of these,
	kinds      int   // and as many kinds of weights
	pattern    int   // vectors of a pattern
	padded     bool  // rows are copied
	height     int   // of the input of the largest band, copied
	group      int   // images of a task,
	groups     int   // and such groups
}

// folds reports whether the floats of a row can be lanes alike, and whether a row of the input has zeros put beside it.
func folds(p *Params) bool {
	return p.Groups == p.In.C && p.OutC == p.In.C && p.Window.StrideW == 1 && !p.Residual && p.InLayout == p.OutLayout &&
		p.inStride() == p.In.C && p.outStride() == p.OutC
}

// foldedChannels are the floats of a pixel that lie side by side.
func (p *Params) foldedChannels() int {
	if p.InLayout == tensor.NCHW {
		return 1
	}
	return p.In.C
}

// foldPattern is the number of vectors after which the channels lie in the same lanes again.
func foldPattern(c, lanes int) int {
	n := 1
	for n*lanes%c != 0 {
		n++
	}
	return n
}

// foldPays: the other ways have one pixel in a vector, with lanes idle where channels are few, and of NCHW transpose it first. Of planes enough to fill
// the lanes single rows fold.
func foldPays(p *Params) bool {
	lanes := p.Kernels.Dw[0].Lanes
	_, w, _ := p.Window.Out(p.In.H, p.In.W)
	return folds(p) && (2*p.In.C <= lanes || p.InLayout == tensor.NCHW && p.In.H == 1 && w >= foldRows*lanes)
}

// foldCopies compares what columns that reach into the padding take with what copying the rows does, in cycles for a row, which were measured.
func foldCopies(p *Params) bool {
	win, c, lanes := &p.Window, p.foldedChannels(), p.Kernels.Dw[0].Lanes
	if win.PadLeft >= win.KernelW*win.DilationW || win.PadRight >= win.KernelW*win.DilationW {
		return false // windows that see only padding
	}
	_, outW, _ := win.Out(p.In.H, p.In.W)
	edges := 0
	for _, s := range tensor.Segments(outW, p.In.W, win.KernelW, 1, win.DilationW, win.PadLeft) {
		if s.K1-s.K0 < win.KernelW {
			edges += s.Hi - s.Lo
		}
	}
	vectors := func(pixels int) int { return (pixels*c + lanes - 1) / lanes }
	more := vectors(outW) - vectors(outW-edges) // vectors of the inner columns, if all are
	return float64(edges-more)*(foldStep*float64(win.KernelH*win.KernelW)+foldEnd) > foldCopy+foldFloat*float64(p.In.W*c)
}

const (
	foldStep  = 1    // cycles of a tap of a vector
	foldEnd   = 6    // of what begins and ends it
	foldCopy  = 50   // of a row that is copied
	foldFloat = 0.25 // of a float of it
)

// newDepthwiseFold returns nil where the problem is no such one, or others are quicker.
func newDepthwiseFold(pl *Plan, w weights, lo, hi float32) runner {
	p := &pl.p
	if !folds(p) || !foldPays(p) {
		return nil
	}
	c := p.foldedChannels()
	in := tensor.Shape{N: 1, C: c, H: p.In.H, W: p.In.W}
	d, err := planDepthwise(in, c, c, p.Window, p.Kernels, lo, hi)
	if err != nil {
		panic(err.Error()) // New and depthwiseApplies have checked everything
	}
	pl.reachAsTheyLie(false)
	f := &depthwiseFold{depthwise: d, pl: pl, images: p.In.N, kinds: 1, pattern: foldPattern(c, d.lanes)}
	if p.InLayout == tensor.NCHW {
		f.images, f.kinds = p.In.N*p.In.C, p.In.C
	}
	f.weights = pl.pack(w, format{name: "fold", chunk: c}, f.pack)
	work := tensor.Mul(d.out.H, d.out.W, c, d.win.KernelH, d.win.KernelW)
	f.bands = min(d.out.H, max(1+(work-1)/dwMostWork, min(dwTasks/f.images, work/dwPlaneWork)))
	if f.padded = foldCopies(p) && pl.most <= paddedLimit(p); f.padded {
		win := &d.win
		d.in.W = max(d.in.W+win.PadLeft, d.out.W+(win.KernelW-1)*win.DilationW)
		win.PadLeft, win.PadRight = 0, 0
		d.cols = tensor.Segments(d.out.W, d.in.W, win.KernelW, 1, win.DilationW, 0)
		rows := max(win.KernelH, dwPlaneScratch/(d.in.W*c)/win.StrideH)
		f.bands = max(f.bands, (d.out.H+rows-1)/rows)
		rows = (d.out.H + f.bands - 1) / f.bands
		f.height = min(d.in.H, (rows-1)*win.StrideH+(win.KernelH-1)*win.DilationH+1)
	}
	f.bands = max(1, f.bands)
	f.group = 1
	if f.bands == 1 {
		f.group = min(f.images, 1+(dwPlaneWork-1)/work)
	}
	f.groups = (f.images + f.group - 1) / f.group
	return f
}

// pack lays the bias and the taps of each kind of image out, repeated along the lanes of a pattern.
func (f *depthwiseFold) pack(oihw []float32) []float32 {
	taps := f.win.KernelH * f.win.KernelW
	vector := f.pattern * f.lanes
	packed := mem.Floats(f.kinds * vector * (taps + 1))
	for i := range f.kinds * vector {
		c := i/vector*f.out.C + i%vector%f.out.C
		to := packed[i/f.lanes*f.lanes*(taps+1)+i%f.lanes:]
		if f.pl.bias != nil {
			to[0] = f.pl.bias[c]
		}
		for t := range taps {
			to[(1+t)*f.lanes] = oihw[c*taps+t]
		}
	}
	return packed
}

func (f *depthwiseFold) tasks() int { return f.groups * f.bands }

func (f *depthwiseFold) scratch() int { return tensor.Mul(f.height, f.in.W, f.out.C) }

func (f *depthwiseFold) String() string {
	how := "as they stand"
	if f.padded {
		how = "with zeros beside"
	}
	return fmt.Sprintf("%v, rows %s, tasks of %d images, %d bands of rows", f.down, how, f.group, f.bands)
}

func (f *depthwiseFold) do(w *worker, task int, dst, src, _ []float32) {
	band, group := task%f.bands, task/f.bands
	i0, i1 := par.Split(f.images, f.groups, group)
	y0, y1 := par.Split(f.out.H, f.bands, band)
	first, last := f.reads(y0, y1)
	row := f.pl.p.In.W * f.out.C // of the input as it stands
	if f.padded {
		clear(w.scratch[:f.scratch()])
	}
	for i := i0; i < i1; i++ {
		x := src[i*f.in.H*row+first*row : i*f.in.H*row+last*row]
		if f.padded {
			for y := range last - first {
				copy(w.scratch[(y*f.in.W+f.pl.p.Window.PadLeft)*f.out.C:], x[y*row:(y+1)*row])
			}
			x = w.scratch
		}
		f.compute(&w.dw.args, dst[(i*f.out.H+y0)*f.out.W*f.out.C:], x, first, y0, y1, i%f.kinds)
	}
	a := &w.dw.args
	a.X, a.W, a.Y = nil, nil, nil
}

// foldRows are fewer rows than make a tile whose sums hide the latency of the multipliers: tiles are vectors beside each other then.
const foldRows = 4

// compute computes rows y0 to y1-1 of an image with weights of a kind. x begins with row first of its input.
func (f *depthwiseFold) compute(a *asm.DwArgs, dst, x []float32, first, y0, y1, kind int) {
	c, taps := f.out.C, f.win.KernelH*f.win.KernelW
	block, vector := f.lanes*(taps+1), f.pattern*f.lanes
	a.W = unsafe.Pointer(&f.weights[kind*f.pattern*block])
	a.K, a.In, a.Out, a.LdW = 1, f.lanes, f.lanes, 4*block
	most := vector
	if f.pattern == 1 {
		a.LdW, most = 0, f.lanes*max(1, asm.MaxWork/((len(f.down)-1)*f.lanes*taps)) // all vectors of a row have the same weights
	}
	a.Lo, a.Hi = f.lo, f.hi
	for i := range f.cols {
		s := &f.cols[i]
		for j := range f.rows {
			r := &f.rows[j]
			lo, hi := max(r.Lo, y0), min(r.Hi, y1)
			if lo >= hi {
				continue
			}
			at := s.Lo * c
			if n := (s.Hi*c - at) / vector; n > 1 && hi-lo < foldRows {
				f.rowTaps(a, r, s)
				a.PixX, a.PixY, a.C = 4*vector, 4*vector, vector
				for y := lo; y < hi; y++ {
					f.general.call(a, &dst[(y-y0)*f.out.W*c+at], f.at(x, first, y, s.Lo, r, s, 0), n)
				}
				at += n * vector
			}
			for ; at < s.Hi*c; at += a.C {
				a.C = min(most, s.Hi*c-at)
				f.column(a, &dst[(lo-y0)*f.out.W*c+at], f.at(x, first, lo, at/c, r, s, 0), r, s, hi-lo)
			}
		}
	}
}
