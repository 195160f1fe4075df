package conv

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
)

// depthwiseRunner runs depthwise as the algorithm of a plan.
type depthwiseRunner struct{ *depthwise }

// depthwiseApplies: every input channel has output channels of its own. With one input channel, and
// so one group, direct does better: its lanes are the output channels.
func depthwiseApplies(p *Params) bool {
	taps := p.Window.KernelH * p.Window.KernelW
	return p.In.C > 1 && p.Groups == p.In.C && taps <= asm.MaxWork/256
}

func newDepthwise(pl *Plan, weights []float32) runner {
	lo, hi := pl.lo, pl.hi
	pl.addsLate = pl.p.Residual
	if pl.addsLate || !pl.clamped {
		lo, hi = float32(math.Inf(-1)), float32(math.Inf(1))
	}
	d, err := planDepthwise(pl.p.In, pl.p.OutC/pl.p.In.C, pl.p.Window, pl.p.Kernels, weights, pl.bias, lo, hi)
	if err != nil {
		panic(err.Error()) // New and depthwiseApplies have checked everything
	}
	return &depthwiseRunner{d}
}

func (d *depthwiseRunner) do(w *worker, task int, dst, src, _ []float32) {
	w.dw.scratch = w.scratch
	d.depthwise.do(&w.dw, task, dst, src)
}

func (d *depthwiseRunner) scratch() int { return d.scratchLen() }

func (d *depthwiseRunner) String() string {
	return fmt.Sprintf("%v, strips of %d pixels by %d channels, %d bands of rows an image", d.across, d.strip, d.chunk, d.bands)
}
