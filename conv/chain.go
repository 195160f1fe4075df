package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// chain is a depthwise convolution with the 1x1 convolution after it, and perhaps the one before it, and perhaps the depthwise
// convolution before that, in NHWC. A task takes a band of the (last) depthwise convolution's rows: it computes the rows of the input
// that the band needs, expands them, some channels at a time, runs the depthwise kernels over these, and multiplies the band by the
// last weights while it is in the cache. Rows that two bands need are computed twice. Every element is the same sum as without the chain.
type chain struct {
	expand, project *direct // expand may be nil
	dw              depthwise
	first           *depthwise // what makes the input of expand, or nil
	ld              int        // floats between pixels of the expanded rows, and
	ldBand          int        // of the band
	bands           int        // of an image
	groups          [][]int    // of expand's blocks: the first and the one after the last
	outer           int        // floats of the first depthwise convolution's rows,
	inner, band     int        // of the expanded rows, and of the band
	tap             asm.Tap
}

const (
	longestChain = 4 // plans

	longestBand = 1 << 20 // floats of a band, in any of its forms: rows that are longer do not stay in a cache
	bandTasks   = 4       // bands of an image that a chain has at least, for several workers
)

// Chain returns what to run in place of plans that follow each other, each on the output of the one before, which nothing else reads. The result
// has an element for every plan: a plan to run, or nil where what it computes is part of the next one that is not nil. The bits are the same;
// tensors between plans that were joined no longer exist. What is joined is a depthwise convolution and the 1x1 convolution after it, or both
// and the 1x1 convolution before them, or these and another depthwise one before them all, in NHWC, with strides and a residual at the edges of the
// whole only; of all ways to do that it takes the one that saves most. The plans stay as they are, and share their weights with the
// result. Chain panics for a plan that New has not made.
func Chain(plans ...*Plan) []*Plan {
	type choice struct {
		gain int // of the plans from here on
		n    int // how many are joined here
		plan *Plan
	}
	best := make([]choice, len(plans)+1)
	for i := len(plans) - 1; i >= 0; i-- {
		best[i] = choice{best[i+1].gain, 1, plans[i]}
		for n := 1; n <= min(longestChain, len(plans)-i); n++ {
			pl := join(plans[i : i+n])
			if pl == nil {
				continue
			}
			if gain := pl.gain() + best[i+n].gain; gain > best[i].gain {
				best[i] = choice{gain, n, pl}
			}
		}
	}
	run := make([]*Plan, len(plans))
	for i := 0; i < len(plans); i += best[i].n {
		run[i+best[i].n-1] = best[i].plan
	}
	return run
}

// join returns a plan in place of all the given ones, or nil where there is none or where it does not pay.
func join(plans []*Plan) *Plan {
	c, pl := newChain(plans)
	if c == nil || !c.pays() {
		return nil
	}
	return pl
}

// newChain returns nil where there is no such chain.
func newChain(plans []*Plan) (*chain, *Plan) {
	for _, pl := range plans {
		if pl == nil || pl.runner == nil {
			panic(noPlan)
		}
	}
	n := len(plans)
	if n < 2 || n > longestChain {
		return nil, nil
	}
	for i, pl := range plans {
		p := &pl.p
		if pl.half != nil || !p.both(tensor.NHWC) || p.Kernels != plans[0].p.Kernels ||
			p.OutRowStride != 0 || i > 0 && (p.In != plans[i-1].out || pl.turned != plans[i-1].turned || p.inStride() != p.In.C) ||
			i < n-1 && (p.Residual || !pl.clamped || p.outStride() != p.OutC) {
			return nil, nil
		}
	}
	dw := plans[n-2].slides()
	if dw == nil {
		return nil, nil
	}
	c := &chain{dw: *dw}
	if c.project = plans[n-1].multiplies(); c.project == nil {
		return nil, nil
	}
	if n > 2 {
		if c.expand = plans[n-3].multiplies(); c.expand == nil {
			return nil, nil
		}
	}
	if n > 3 {
		dw := plans[n-4].slides()
		if dw == nil {
			return nil, nil
		}
		first := *dw
		c.first = &first
	}
	c.cut()
	first, last := &plans[0].p, &plans[n-1].p
	return c, &Plan{
		p: Params{
			In: first.In, OutC: last.OutC, Window: plans[n-2].p.Window, Groups: 1, InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Activation: last.Activation,
			Residual: last.Residual, InStride: first.InStride, OutStride: last.OutStride, ResidualStride: last.ResidualStride,
			Accuracy: last.Accuracy, Kernels: last.Kernels,
		},
		out: plans[n-1].out, turned: plans[n-1].turned, algorithm: "chain", runner: c, parts: append([]*Plan(nil), plans...),
	}
}

// slides returns the plan's runner if that is a depthwise convolution that can run band by band.
func (pl *Plan) slides() *depthwise {
	d, ok := pl.runner.(*depthwiseRunner)
	if !ok || d.grouped() || d.stream {
		return nil
	}
	return d.depthwise
}

// multiplies returns the plan's runner if that is one product of all pixels and the weights.
func (pl *Plan) multiplies() *direct {
	d, ok := pl.runner.(*direct)
	if !ok || !pointwiseApplies(&pl.p) || pl.reads&gathered != 0 || d.groups != 1 || len(d.chunks) != 1 || pl.p.Window.StrideH != 1 || pl.p.Window.StrideW != 1 {
		return nil
	}
	return d
}

// cut decides the rows of a band and the channels that are expanded at a time.
func (c *chain) cut() {
	d, budget := &c.dw, cacheLimits().task
	c.ldBand = spaced(d.out.C)
	rows := max(1, min(budget/2/(4*c.ldBand*d.out.W), (d.out.H+bandTasks-1)/bandTasks))
	if c.expand != nil {
		least := 4 * d.in.W * spaced(c.expand.blocks[0].n) // bytes of a row
		for rows > 1 && c.reach(rows)*least > budget {
			rows--
		}
	}
	c.bands = (d.out.H + rows - 1) / rows
	if c.bands < d.out.H {
		c.bands += c.bands % 2 // of an even number two workers have halves
	}
	rows = (d.out.H + c.bands - 1) / c.bands
	c.band = rows * d.out.W * c.ldBand
	d.ldout = c.ldBand
	if c.expand == nil {
		return
	}
	if c.first != nil {
		c.first.ldout = apart(c.first.out.C, dwConflict)
		c.outer = c.reach(rows) * d.in.W * c.first.ldout
	}
	most := budget / (4 * d.in.W * c.reach(rows)) // channels
	blocks := c.expand.blocks
	for i := 0; i < len(blocks); {
		j := i + 1
		for j < len(blocks) && (blocks[j].oc+blocks[j].n-blocks[i].oc <= most || blocks[j].oc%d.lanes != 0) {
			j++
		}
		c.groups = append(c.groups, []int{i, j})
		c.ld = max(c.ld, apart(blocks[j-1].oc+blocks[j-1].n-blocks[i].oc, dwConflict))
		i = j
	}
	c.inner = c.reach(rows) * d.in.W * c.ld
	d.ldin = c.ld
}

// reach is the number of rows that a band needs.
func (c *chain) reach(rows int) int {
	return min(c.dw.in.H, (rows-1)*c.dw.win.StrideH+(c.dw.win.KernelH-1)*c.dw.win.DilationH+1)
}

// pays reports whether what lies between would leave L2, little of it is computed twice, and the weights that every band reads stay
// there beside it.
func (c *chain) pays() bool {
	l := cacheLimits()
	if 4*c.project.floats > l.task/2 || c.band > longestBand || c.inner > longestBand || c.outer > longestBand {
		return false
	}
	if c.expand == nil {
		return 4*c.dw.out.Elems() > l.between
	}
	rows := (c.dw.out.H + c.bands - 1) / c.bands
	return 4*c.dw.in.Elems() > l.between && 10*(c.bands*c.reach(rows)-c.dw.in.H) <= c.dw.in.H && 4*c.outer <= l.task
}

// gain says how much a chain saves: the bytes that lie between its plans, less what it computes twice, a byte written and read being
// worth two multiply-adds. It is 0 for other plans.
func (pl *Plan) gain() int {
	c, ok := pl.runner.(*chain)
	if !ok {
		return 0
	}
	gain := 4 * c.dw.out.Elems()
	if c.expand != nil {
		rows := (c.dw.out.H + c.bands - 1) / c.bands
		twice := max(0, c.bands*c.reach(rows)-c.dw.in.H) * c.dw.in.N * c.dw.in.W // pixels
		gain += 4*c.dw.in.Elems() - twice*c.dw.in.C*c.expand.in.C/2
		if c.first != nil {
			gain += 4*c.first.out.Elems() - twice*c.first.out.C*c.first.win.KernelH*c.first.win.KernelW/2
		}
	}
	return gain
}

func (c *chain) tasks() int { return c.dw.in.N * c.bands }

func (c *chain) scratch() int { return c.band + c.inner + c.outer }

func (c *chain) String() string {
	return fmt.Sprintf("%s, %d bands of rows an image, expanded in %d parts", c.dw.kernel(), c.bands, len(c.groups))
}

func (c *chain) do(w *worker, task int, dst, src, residual []float32) {
	d := &c.dw
	image := task / c.bands
	y0, y1 := par.Split(d.out.H, c.bands, task%c.bands)
	band := w.scratch[:c.band]
	if c.expand == nil {
		d.compute(&w.dw, band, src[image*d.in.H*d.in.W*d.ldin:], 0, y0, y1, 0, d.blocks)
	} else {
		c.expandRows(w, band, src, image, y0, y1)
	}
	lo, hi := (image*d.out.H+y0)*d.out.W, (image*d.out.H+y1)*d.out.W
	y := c.project.pl.output(dst)
	res := piece{x: residual, ld: c.project.ldresidual}
	c.project.pixels(&w.brg, &c.tap, 0, len(c.project.blocks), c.project.fetch, lo, hi, &y, &piece{x: band, ld: c.ldBand, pixel: lo}, &res)
	c.project.pl.activate(w, y, lo, hi, 0, c.project.out.C)
}

// expandRows computes the band y0 to y1-1 from the rows that it needs.
func (c *chain) expandRows(w *worker, band, src []float32, image, y0, y1 int) {
	d := &c.dw
	first, last := d.reads(y0, y1)
	lo, hi := (image*d.in.H+first)*d.in.W, (image*d.in.H+last)*d.in.W
	x := piece{x: src, ld: c.expand.ldin}
	if f := c.first; f != nil {
		x = piece{x: w.scratch[c.band+c.inner:], ld: f.ldout, pixel: lo}
		f.compute(&w.dw, x.x, src[image*f.in.H*f.in.W*f.ldin:], 0, first, last, 0, f.blocks)
	}
	for _, g := range c.groups {
		end := &c.expand.blocks[g[1]-1]
		c0, c1 := c.expand.blocks[g[0]].oc, end.oc+end.n
		y := piece{x: w.scratch[c.band:], ld: c.ld, pixel: lo, channel: c0}
		c.expand.pixels(&w.brg, &c.tap, g[0], g[1], 0, lo, hi, &y, &x, &piece{})
		d.compute(&w.dw, band[c0:], y.x, first, y0, y1, c0/d.lanes, (c1+d.lanes-1)/d.lanes)
	}
}

// pixels multiplies pixels lo to hi-1 by the weights of blocks block0 to block1-1. flags are those of all calls.
func (d *direct) pixels(a *asm.BrgArgs, tap *asm.Tap, block0, block1, flags, lo, hi int, y, x, res *piece) {
	a.Taps, a.NTap, a.K, a.AOff, a.Ahead = tap, 1, d.chunks[0].n, 0, 0
	a.LdA, a.LdC, a.LdRes = 4*x.ld, 4*y.ld, 4*res.ld
	a.Beta, a.Lo, a.Hi = 1, d.pl.lo, d.pl.hi
	flags |= d.pl.finish()
	for i := block0; i < block1; i++ {
		b := &d.blocks[i]
		kern := d.fam.kern[b.family]
		nr := d.fam.nr[b.family]
		a.N, a.LdB = b.n, 4*nr
		a.B = unsafe.Pointer(&d.weights[b.base])
		if d.pl.bias != nil {
			a.Bias = unsafe.Pointer(&d.pl.bias[b.oc])
		}
		mr := tileRows(d.mr, a.LdA)
		tiles := (hi - lo + mr - 1) / mr
		for t, p := 0, lo; t < tiles; t += a.Tiles {
			rows, same := par.Alike(hi-lo, tiles, t)
			a.Tiles = min(same, max(1, asm.MaxWork/(rows*nr*a.K)))
			a.A = unsafe.Pointer(&x.x[x.at(p, 0)])
			a.Flags = flags
			d.begin(a, false, p, b.oc, y, res)
			kern[rows].Call(a)
			p += a.Tiles * rows
		}
	}
}
