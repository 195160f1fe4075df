package conv

import (
	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// A convolution of groups of few channels runs as a depthwise one (depthwise.go), whose kernels permute the channels of the input to the
// lanes of the output channels that use them. The others, direct and planar, would fill a vector with the channels of one group, or with
// pixels for a few rows of weights. The groups never meet in a sum, not even multiplied by zeros, as they would in one product with a matrix of blocks: an infinity stays
// in its group.

func groupedApplies(p *Params) bool {
	win := &p.Window
	return p.Groups > 1 && p.Groups < p.In.C && p.OutRowStride == 0 && dwFits(p) && tensor.Mul(win.KernelH, win.KernelW, p.In.C/p.Groups) <= asm.MaxWork/256
}

// groupedPays compares estimates. The portable kernel, which sums one output at a time, takes three times as long as those of direct.
func groupedPays(p *Params) bool {
	if p.Kernels.DwGroup[0].ISA == asm.Generic {
		return false
	}
	best := directCycles(p)
	if planarApplies(p) && planarPays(p) {
		best = planarCycles(p)
	}
	return groupedCycles(p) < best
}

// groupedCycles estimates the kernels for groups. A step of a vector of sums was measured to take 0.8 cycles with 16 lanes and 0.65 with fewer for three
// columns of taps at stride 1, and half as many more for others; parts of a group are calls of their own.
func groupedCycles(p *Params) float64 {
	pl, win := p.plan(), &p.Window
	b := newDwBlocks(p.In.C, p.OutC, p.Groups, p.Kernels.DwGroup[0].Lanes)
	step, end := 0.65, 3.0
	if b.lanes >= 16 {
		step = 0.8
	}
	if win.KernelW != 3 || win.StrideW != 1 || win.DilationW != 1 {
		step *= 1.5
	}
	if b.parts > 1 {
		end = 9
	}
	vectors := func(s tensor.Shape) float64 { return float64(s.N) * float64(s.H) * float64(s.W) * float64(b.blocks) }
	sum := vectors(pl.out) * (step*float64(b.k*win.KernelH*win.KernelW) + end)
	if p.OutLayout == tensor.NCHW {
		sum += float64(b.lanes) * (vectors(p.In)*turnCost(b.lanes) + vectors(pl.out)*returnCost(b.lanes))
	}
	return sum
}
