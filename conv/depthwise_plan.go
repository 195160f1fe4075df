package conv

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/tensor"
)

// depthwiseRunner runs depthwise as the algorithm of a plan.
type depthwiseRunner struct {
	*depthwise
	pl   *Plan
	band int // floats of the largest band of outputs, which with a residual is in scratch
}

// depthwiseApplies: every input channel has output channels of its own. With one input channel, and
// so one group, and several of them direct does better: its lanes are the output channels.
func depthwiseApplies(p *Params) bool {
	taps := p.Window.KernelH * p.Window.KernelW
	return (p.In.C > 1 || p.OutC == 1) && p.Groups == p.In.C && p.OutRowStride == 0 && taps <= asm.MaxWork/256
}

// depthwisePays: several output channels for each of the input make groups, which other algorithms may do better, but for planes that are
// convolved as they stand.
func depthwisePays(p *Params) bool {
	if p.In.C == 1 {
		return inPlaceKernel(p) != nil || foldPays(p)
	}
	return p.OutC == p.In.C || inPlaceKernel(p) != nil || groupedPays(p)
}

func newDepthwise(pl *Plan, w weights) runner {
	lo, hi := pl.lo, pl.hi
	if pl.p.Residual || !pl.clamped {
		lo, hi = float32(math.Inf(-1)), float32(math.Inf(1))
	}
	if d := newDepthwiseInPlace(pl, w, lo, hi); d != nil {
		return d
	}
	if f := newDepthwiseFold(pl, w, lo, hi); f != nil {
		return f
	}
	d, err := planDepthwise(pl.p.In, pl.p.OutC, pl.p.Groups, pl.p.Window, pl.p.Kernels, lo, hi)
	if err != nil {
		panic(err.Error()) // New and depthwiseApplies have checked everything
	}
	d.weights = pl.pack(w, format{name: "depthwise"}, func(oihw []float32) []float32 { return d.pack(oihw, pl.bias) })
	inPlace := pl.p.OutLayout == tensor.NHWC && !(d.copyPays(pl) && (pl.clamped || pl.p.outStride() == pl.p.OutC)) // where they lie
	if !inPlace && !pl.p.Residual {
		return newDepthwisePlanes(pl, d)
	}
	r := &depthwiseRunner{depthwise: d, pl: pl}
	if pl.p.Residual {
		d.pieces = 1
		d.stride(pl.ldin(), d.out.C)
		r.band = (d.out.H + d.bands - 1) / d.bands * d.out.W * d.out.C
	} else {
		d.stride(pl.ldin(), pl.p.outStride())
	}
	return r
}

// do runs a task. The kernels do not add a residual: the band of outputs is summed in scratch, and the
// residual added on the way out.
func (d *depthwiseRunner) do(w *worker, task int, dst, src, residual []float32) {
	lo, hi := d.span(task)
	c0, c1 := d.channels(task)
	if residual == nil {
		d.depthwise.do(&w.dw, task, dst[lo*d.ldout:], src)
	} else {
		d.depthwise.do(&w.dw, task, w.scratch, src)
		d.add(&w.elem, dst, w.scratch, residual, lo, hi)
	}
	d.pl.activate(w, d.pl.output(dst), lo, hi, c0, c1)
}

// add writes the sum of x and the residual, clamped, to the pixels lo to hi-1 of dst.
func (d *depthwiseRunner) add(w *elem.Worker, dst, x, residual []float32, lo, hi int) {
	p, c, step := &d.pl.p, d.out.C, 1
	ldc, ldres := p.outStride(), p.residualStride()
	if ldc == c && ldres == c {
		step = hi - lo
	}
	for i := lo; i < hi; i += step {
		n := step * c
		w.Binary(p.Kernels, asm.Add, d.pl.lo, d.pl.hi, dst[i*ldc:][:n], x[(i-lo)*c:][:n], residual[i*ldres:][:n])
	}
}

func (d *depthwiseRunner) scratch() int { return d.band }

func (d *depthwiseRunner) String() string {
	return fmt.Sprintf("%s, strips of %d pixels by %d blocks of %d channels, %d bands of rows an image by %d pieces", d.kernel(), d.strip, d.chunk, d.out0, d.bands, d.pieces)
}

// kernel names the kernel that computes most.
func (d *depthwise) kernel() string {
	if d.slides != nil {
		return d.slides[len(d.slides)-1].Name
	}
	return d.across.String()
}
