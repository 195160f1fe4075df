package conv

import (
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// Estimates of the cycles that one core needs decide between algorithms, where several apply. They were fitted to the times of 400 random
// convolutions in both layouts with AVX-512 and AVX2, and are within a fifth of most of them: see NOTES.md. What they have in common, memory
// that is slower than the caches above all, they leave out.

// clearGain is the part of the time of direct that what is taken in its place may need by an estimate.
const clearGain = 0.95

// Cycles of what is not multiplying.
const (
	callCost   = 85  // a kernel call of direct, with what leads to it; of the other algorithms
	panelCost  = 50  // such calls, or what begins and ends a tile
	tapCost    = 2   // from one tap of a tile to the next, which shows where a tap is a step or two
	rowCost    = 35  // a row of a channel copied into a strip, in NCHW
	unzipCost  = 0.7 // a float of it at stride 2
	pickCost   = 2.8 // a float of it at a larger stride
	pixelCost  = 3   // of a pixel at least
	farCost    = 1.7 // more for a float in memory of more planes than a processor knows pages at once
	setCost    = 4   // more for a line of B in planes a multiple of 4096 bytes apart, if they are more than one set of L2 holds
	dotCost    = 1.3 // for sums with the channels in the lanes, a time if the input is not in the second cache
	acrossCost = 1.1 // a step of narrow beside one of planar: measured, not explained
	linesCost  = 10  // a row of a channel transposed into a strip, in NHWC
	singleCost = 8   // of a pixel at least
	vectorCost = 4   // a vector moved beside its sums
	apartCost  = 1   // more for a float of more planes than a processor knows pages at once, whose layout changes for groups
)

// plan is a plan before its algorithm is chosen.
func (p *Params) plan() *Plan {
	h, w, _ := p.Window.Out(p.In.H, p.In.W)
	pl := &Plan{p: *p, out: tensor.Shape{N: p.In.N, C: p.OutC, H: h, W: w}}
	pl.reachNHWC(false)
	return pl
}

// lanes is the number of floats that one instruction of a set works on.
func lanes(s *asm.Set) int {
	if s.ISA == asm.Generic {
		return 1
	}
	nr := newFamilies(s).nr
	return nr[len(nr)-1]
}

// weightBytes is the size of the weights.
func (p *Params) weightBytes() int {
	return tensor.Mul(4, p.OutC, p.In.C/p.Groups, p.Window.KernelH, p.Window.KernelW)
}

// flat reports whether all pixels of a batch are as one row.
func flat(p *Params) bool {
	return p.OutRowStride == 0 && pointwiseApplies(p) && p.Window.StrideH == 1 && p.Window.StrideW == 1
}

// flat is the geometry of a 1x1 convolution whose pixels are one row.
func (g geometry) flat() geometry {
	n := g.out.N * g.out.H * g.out.W
	g.win = tensor.Window{KernelH: 1, KernelW: 1}.Normal()
	g.in = tensor.Shape{N: 1, C: g.in.C, H: 1, W: n}
	g.out = tensor.Shape{N: 1, C: g.out.C, H: 1, W: n}
	return g
}

// product estimates the cycles of a product of so many rows and columns, k products each.
func (f *families) product(rows, columns, k int) float64 {
	tiles := (rows + f.mr() - 1) / f.mr()
	height := (rows + tiles - 1) / tiles
	panels := func(n, family int) float64 {
		work := float64(tiles*height*f.nr[family]) * float64(k)
		calls := math.Ceil(work / asm.MaxWork)
		return float64(n) * (float64(tiles)*float64(k)*f.cycles(height, family) + panelCost*calls)
	}
	sum := panels(columns/f.nr[0], 0)
	if rest := columns % f.nr[0]; rest > 0 {
		sum += panels(1, f.fit(rest))
	}
	return sum
}

// inside is the part of a convolution's kernel rows that fall inside the input.
func (g *geometry) inside() float64 {
	w := &g.win
	missing := 0
	count := func(oy int) {
		lo, hi := tensor.Valid(oy*w.StrideH-w.PadTop, w.KernelH, w.DilationH, g.in.H)
		missing += w.KernelH - (hi - lo)
	}
	top := min(g.out.H, (w.PadTop+w.StrideH-1)/w.StrideH)
	for oy := range top {
		count(oy)
	}
	for oy := g.out.H - 1; oy >= top && oy*w.StrideH-w.PadTop+(w.KernelH-1)*w.DilationH >= g.in.H; oy-- {
		count(oy)
	}
	return 1 - float64(missing)/(float64(g.out.H)*float64(w.KernelH))
}

// total estimates the cycles of a run, without what changes the layout of its operands.
func (d *direct) total() float64 {
	rows := float64(d.out.N) * float64(d.out.H)
	return rows * (d.inside()*d.cycles() + callCost*float64(d.width*len(d.blocks)*len(d.chunks)))
}

const (
	farPlanes = 64 // that number of planes
	setPlanes = 512
	fewRows   = 4 // rows of a tile up to which the latency of the multipliers hides all else
)

// turnCost is for a float that changes its place from NCHW to NHWC, returnCost for the way back.
func turnCost(lanes int) float64   { return 0.2 + 2.4/float64(lanes) }
func returnCost(lanes int) float64 { return 0.6 + 2/float64(lanes) }

// moves estimates the cycles in which direct changes the layout of the input that it uses, and of the output.
func (pl *Plan) moves() float64 {
	sum, s := 0.0, pl.used()
	lanes := lanes(pl.p.Kernels)
	if pl.reads.changes() {
		rows := float64(s.N) * float64(s.H)
		if reach := (pl.p.Window.KernelH-1)*pl.p.Window.DilationH + 1; pl.reads&gathered == 0 && reach < pl.p.Window.StrideH && pl.p.weightBytes() <= cacheLimits().task {
			// A task leaves out rows above and below its own. With more weights the whole input is converted first.
			lines := pl.out.N * pl.out.H
			t := newTasking(lines, 1, 4*(pl.p.In.Elems()+pl.out.Elems()), 0, pl.flops())
			rows = min(rows, float64(lines)*float64(pl.p.Window.StrideH)-float64(t.strips*(pl.p.Window.StrideH-reach)))
		}
		sum += rows * float64(s.W) * max(pixelCost, turnCost(lanes)*float64(s.C))
	}
	if pl.writes.changes() {
		sum += returnCost(lanes) * float64(pl.out.Elems())
	}
	if pl.p.Groups > 1 && pl.p.OutLayout == tensor.NCHW && s.C > farPlanes && 4*(s.Elems()+pl.out.Elems()) > cacheLimits().l2 {
		sum += apartCost * float64(s.Elems()+pl.out.Elems()) // fitted to groups of 16 and 32 channels; dense layers have work enough to hide it
	}
	return sum
}

// gatherCycles estimates the copy of the pixels that a strided 1x1 convolution uses.
func (pl *Plan) gatherCycles() float64 {
	pixels := float64(pl.out.N) * float64(pl.out.H) * float64(pl.out.W)
	if pl.p.InLayout == tensor.NCHW {
		return pixels * float64(pl.p.In.C) * (1.6 + 0.4*float64(pl.p.Window.StrideW))
	}
	return pixels * (panelCost + float64(pl.p.In.C)/8)
}

// directCycles estimates pointwise, or direct where that does not apply.
func directCycles(p *Params) float64 {
	pl := p.plan()
	if pointwiseApplies(p) {
		g := pl.pointwiseGeometry()
		sum := bestCut(pl, g).total() + pl.moves()
		if pl.reads&gathered != 0 {
			sum += pl.gatherCycles()
		}
		return sum
	}
	return bestCut(pl, pl.directGeometry()).total() + pl.moves()
}

// planarCycles estimates planar.
func planarCycles(p *Params) float64 {
	pl, f := p.plan(), newFamilies(p.Kernels)
	out, w := pl.out, &p.Window
	k := p.In.C / p.Groups * w.KernelH * w.KernelW
	line := func(pixels int) float64 {
		if p.Groups == 1 {
			return f.product(out.C, pixels, k)
		}
		calls := panelCost * math.Ceil(float64(pixels)/float64(f.nr[0])) // each group has its own
		return float64(p.Groups) * (f.product(out.C/p.Groups, pixels, k) + calls)
	}
	if pointwiseApplies(p) {
		sum := float64(out.N) * line(out.H*out.W)
		if !flat(p) {
			sum += pl.gatherCycles()
		}
		if out.C > farPlanes && 4*(p.In.Elems()+out.Elems()) > cacheLimits().l3 {
			sum += farCost * float64(out.Elems())
		}
		if plane := 4 * out.H * out.W; plane%4096 == 0 && p.In.C/p.Groups >= setPlanes {
			tiles := float64(p.Groups) * float64(segments(out.C/p.Groups, f.mr()))
			sum += setCost * float64(out.N) * float64(plane/64) * float64(p.In.C/p.Groups) * tiles
		}
		return sum
	}
	s, segment := pl.planarStrip()
	parts := segments(out.W, segment)
	lines := out.N * out.H * parts
	strips := planarTasking(pl, s, segment).strips
	rows := (lines + strips - 1) / strips // of a task
	each := s.used(rows)                  // rows of the input
	if parts > 1 {
		each = (rows + out.H - 1) / out.H * s.used(min(rows, out.H))
	}
	float := 0.0
	switch {
	case w.StrideW == 2:
		float = unzipCost
	case w.StrideW > 2:
		float = pickCost * float64(min(w.StrideW, (w.KernelW-1)*w.DilationW+1)) / float64(w.StrideW)
	}
	load := float64(strips) * float64(each) * float64(p.In.C) * (rowCost + float*float64(p.In.W)/float64(parts))
	taps, _ := s.taps(p.Groups)
	tiles := segments(out.C/p.Groups, f.mr()) * p.Groups * segments(segment, f.nr[0])
	return float64(lines)*(line(segment)+tapCost*float64(tiles)*float64(len(taps))) + load
}

// narrowCycles estimates narrow, and what it takes with the channels in the lanes.
func narrowCycles(p *Params) (strips, dots float64) {
	pl, f := p.plan(), newFamilies(p.Kernels)
	lanes := lanes(p.Kernels)
	d := cutNarrow(pl, f)
	w := &d.win
	pixels := float64(d.out.N) * float64(d.out.H) * float64(d.out.W)
	back := vectorCost / float64(lanes) * pixels * float64(d.out.C)
	rows := d.out.N * d.out.H * d.nseg
	each := min(d.lines, (rows+d.strips-1)/d.strips)
	columns := (d.segment-1)*w.StrideW + (w.KernelW-1)*w.DilationW + 1
	phases := min(w.StrideW, (w.KernelW-1)*w.DilationW+1)
	loaded := float64(rows) / float64(each) * float64(d.strip.used(each)) * float64(d.in.C)
	load := loaded * (linesCost*float64(phases) + max(vectorCost/float64(lanes), singleCost/float64(d.in.C))*float64(columns)*float64(phases)/float64(w.StrideW))
	sums := float64(rows) * f.product(d.out.C, d.segment, d.in.C*w.KernelH*w.KernelW)
	if d.out.C > fewRows {
		sums *= acrossCost
	}
	strips = sums + load + back
	dots = math.Inf(1)
	if flat(p) {
		vectors, block := (p.In.C+lanes-1)/lanes, p.Kernels.Dot[0].Block // a block takes as long for one pixel
		dots = math.Ceil(pixels/float64(block)) * float64(block) * float64(p.OutC) * (float64(vectors)/2 + 3)
		if 4*p.In.Elems() >= cacheLimits().l2 {
			dots *= dotCost
		}
		dots += back
	}
	return strips, dots
}
