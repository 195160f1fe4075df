package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// planar convolves NCHW tensors as they stand, with the pixels in the lanes and the weights as the rows
// of A: for each kernel position y[OutC x pixels] += w[OutC x C] · x[C x pixels]. Of a 1x1 kernel the
// planes of an image are the rows of B where they lie. For any other kernel a task copies the input
// rows that it needs into a strip, padded with zeros, whose rows are rows of B at every kernel position.
type planar struct {
	pl       *Plan
	fam      *families
	icg      int
	ld       int // floats between rows of the packed weights
	weights  []float32
	padded   *strip // nil: B is the input itself
	line     int    // pixels of the output that follow each other: a plane, or with a strip a row
	segment  int    // of them, with a strip: those that one has
	panels   panels // of a line
	rows     []rowRange
	taps     []asm.Tap
	steps    []planarStep
	fetch    int
	tasking      // an item is a segment of a line, or without a strip a panel of one; a block is a range of rows
	perImage int // items
}

// planarStep is a kernel call: k steps from k0 on of ntap taps.
type planarStep struct{ tap, ntap, k0, k int }

// panel is a range of pixels that one kernel column range computes.
type panel struct {
	x, n, family int
	short        bool // fewer pixels follow than the kernel reads
}

// rowRange is tiles of equal height of one group's output channels.
type rowRange struct {
	group, oc, rows, tiles int
}

func planarApplies(p *Params) bool {
	return p.both(tensor.NCHW) && (pointwiseApplies(p) || p.lineStrip() <= stripLimit)
}

// lineStrip is the size of the strip that one row of the output needs, or a segment of it.
func (p *Params) lineStrip() int {
	s, _ := p.plan().planarStrip()
	return s.floats(1)
}

// planarStrip returns a strip, and for how many pixels of a line it is. Few lines, which would not be tasks enough, and long ones, which would not
// stay in the second cache, are cut into segments of whole panels.
func (pl *Plan) planarStrip() (s *strip, segment int) {
	out := pl.out
	lines := tensor.Mul(out.N, out.H)
	s = newStrip(pl.p.In, out, pl.p.Window)
	most := max(1, min(wantTasks, pl.flops()/minTaskWork)) // tasks that are worth having
	if s.floats(1) <= stripMost && (lines >= fewTasks/2 || lines >= most) {
		return s, out.W
	}
	nr := newFamilies(pl.p.Kernels).nr[0]
	for n := (most + lines - 1) / lines; ; n *= 2 {
		segment = ((out.W+n-1)/n + nr - 1) / nr * nr
		if segment >= out.W {
			return s, out.W
		}
		s = segmentStrip(pl.p.In.C, segment, pl.p.Window)
		s.in, s.cut = pl.p.In, true
		if segment == nr || s.floats(1) <= narrowTimes {
			return s, segment
		}
	}
}

// planarPays compares estimates.
func planarPays(p *Params) bool {
	if !pointwiseApplies(p) && p.lineStrip() > stripMost {
		return false
	}
	return planarCycles(p) < directCycles(p)
}

// panels divide a line of pixels: as many of the widest panels as fit, and the rest to the narrowest that
// holds it.
type panels struct {
	fam    *families
	pixels int
}

func (p *panels) count() int { return (p.pixels + p.fam.nr[0] - 1) / p.fam.nr[0] }

func (p *panels) panel(i int) panel {
	x := i * p.fam.nr[0]
	fam := p.fam.fit(p.pixels - x)
	nr := p.fam.nr[fam]
	return panel{x: x, n: min(nr, p.pixels-x), family: fam, short: x+nr > p.pixels}
}

func newPlanar(pl *Plan, w weights) runner {
	in, out := pl.p.In, pl.out
	p := &planar{pl: pl, fam: newFamilies(pl.p.Kernels), icg: in.C / pl.p.Groups}
	p.pack(w)
	weightBytes := 4 * len(p.weights)
	if pointwiseApplies(&pl.p) {
		p.line = out.H * out.W
		p.panels = panels{p.fam, p.line}
		p.perImage = p.panels.count()
		p.taps = []asm.Tap{{}}
		p.cut(p.icg)
	} else {
		p.padded, p.segment = pl.planarStrip()
		p.line, p.perImage = out.W, out.H*segments(out.W, p.segment)
		p.panels = panels{p.fam, p.segment}
		taps, k := p.padded.taps(pl.p.Groups)
		p.taps = taps
		p.cut(k)
	}
	if 4*out.Elems() > cacheLimits().l2 && (p.padded != nil || p.icg >= 4*p.fam.mr()) {
		p.fetch = asm.BrgFetchC // of a plane in its place one row in 4 steps: all at once they are in the way
	}
	if p.padded != nil {
		p.tasking = planarTasking(pl, p.padded, p.segment)
	} else {
		p.tasking = newTasking(in.N*p.perImage, len(p.rows), 4*(in.Elems()+out.Elems()), weightBytes, pl.flops())
	}
	p.nblocks = len(p.rows)
	if p.padded != nil {
		for p.strips < p.nitems && p.padded.floats(min(out.H, p.strip())) > stripMost {
			p.strips = min(p.nitems, 2*p.strips) // what makes the strip large is padding
		}
	}
	pl.reachAsTheyLie(p.padded == nil && !flat(&pl.p))
	return p
}

// planarTasking makes tasks of lines. A task has all of the weights, for the strip's sake; a strip stays, and what it gives passes by.
func planarTasking(pl *Plan, s *strip, segment int) tasking {
	lines := pl.out.N * pl.out.H * segments(pl.out.W, segment)
	return newTasking(lines, 1, 4*pl.p.In.Elems(), 0, overlapping(pl.flops(), lines, s.overlap()))
}

// segments is the number of segments of a line, the last of which may be shorter.
func segments(line, segment int) int { return (line + segment - 1) / segment }

// pack lays OIHW weights out as [OutC][KernelW][KernelH][C], each output channel from a cache line on.
func (p *planar) pack(w weights) {
	kh, kw := p.pl.p.Window.KernelH, p.pl.p.Window.KernelW
	p.ld = apart(p.icg*kh*kw, 4096)
	p.weights = p.pl.pack(w, format{name: "planar"}, func(oihw []float32) []float32 {
		packed := mem.Floats(p.pl.p.OutC * p.ld)
		columnWeights(packed, oihw, p.ld, p.icg, &p.pl.p.Window)
		return packed
	})
}

// evenRows are the fewest rows of a tile whose accumulators hide the latency of the multipliers with room to spare.
const evenRows = 8

// cut divides the sum of k steps for each tap into calls, and the output channels into ranges.
func (p *planar) cut(k int) {
	mr, ocg := p.fam.mr(), p.pl.p.OutC/p.pl.p.Groups
	limit := asm.MaxWork / (mr * p.fam.nr[0])
	work := 0 // the largest step
	for t := 0; t < len(p.taps); {
		n := max(1, min(len(p.taps)-t, limit/k))
		for k0 := 0; k0 < k; k0 += limit {
			s := planarStep{tap: t, ntap: n, k0: k0, k: min(limit, k-k0)}
			p.steps = append(p.steps, s)
			work = max(work, s.ntap*s.k)
		}
		t += n
	}
	tiles := (ocg + mr - 1) / mr
	if ocg*work*p.fam.nr[0] < shortCall {
		// Equal tiles are one range and one call: a few more of them cost nothing down to 8 rows.
		for t := tiles; t <= ocg/evenRows; t++ {
			if ocg%t == 0 {
				tiles = t
				break
			}
		}
	}
	for g := range p.pl.p.Groups {
		oc := g * ocg
		for t := 0; t < tiles; {
			rows, n := par.Alike(ocg, tiles, t)
			n = min(n, max(1, asm.MaxWork/(work*rows*p.fam.nr[0])))
			p.rows = append(p.rows, rowRange{group: g, oc: oc, rows: rows, tiles: n})
			oc += n * rows
			t += n
		}
	}
}

func (p *planar) scratch() int {
	if p.padded == nil {
		return p.icg * p.fam.nr[0] // a panel
	}
	return p.padded.floats(min(p.pl.out.H, p.strip())) + p.fam.nr[0] // what the last panel reads beyond its pixels
}

func (p *planar) String() string {
	return fmt.Sprintf("%s, tiles %dx%d, %v", p.fam.kern[0][p.fam.mr()].Name, p.rows[0].rows, p.fam.nr[p.panels.panel(0).family], p.tasking)
}

func (p *planar) do(w *worker, task int, dst, src, residual []float32) {
	a := &w.brg
	item0, item1, block0, block1 := p.bounds(task)
	a.AOff = 0
	a.LdA = 4 * p.ld
	a.LdC = 4 * p.pl.out.H * p.pl.out.W
	a.LdRes = a.LdC
	a.Beta = 1
	a.Lo, a.Hi = p.pl.lo, p.pl.hi
	rows := p.rows[block0:block1]
	in := p.pl.used().Elems() / p.pl.p.In.N
	for item := item0; item < item1; {
		image, first := item/p.perImage, item%p.perImage
		n := min(item1-item, p.perImage-first)
		x := src[image*in : (image+1)*in]
		if p.padded == nil {
			p.inPlace(w, rows, image, first, n, dst, x, residual)
		} else {
			h := p.pl.out.H
			n = min(n, h-first%h)
			p.inStrip(w, rows, image, first/h*p.segment, first%h, n, dst, x, residual)
		}
		item += n
	}
}

// inPlace computes n panels of an image from the first one on.
func (p *planar) inPlace(w *worker, rows []rowRange, image, first, n int, dst, src, residual []float32) {
	pixels := p.line
	for i := first; i < first+n; i++ {
		pan := p.panels.panel(i)
		group := -1
		for ri := range rows {
			r := &rows[ri]
			b, ld := src[r.group*p.icg*pixels+pan.x:], pixels
			if pan.short && p.copies() {
				ld = p.fam.nr[pan.family]
				if r.group != group {
					group = r.group
					p.copyPanel(w.scratch, b, &pan)
				}
				b = w.scratch
			}
			p.multiply(&w.brg, r, &pan, b, ld, image, 0, 0, dst, residual)
		}
	}
}

// inStrip computes n lines of a segment of an image, from line first and column ox on.
func (p *planar) inStrip(w *worker, rows []rowRange, image, ox, first, n int, dst, src, residual []float32) {
	s := p.padded
	if !w.cleared {
		clear(w.scratch[:p.scratch()]) // the columns of the padding, into which no strip writes
		w.cleared = true
	}
	all := panels{p.fam, min(p.segment, p.line-ox)}
	s.load(p.pl.p.Kernels, w, w.scratch, src, first, n, ox, all.pixels)
	for line := range n {
		for i := range all.count() {
			pan := all.panel(i)
			for ri := range rows {
				r := &rows[ri]
				b := w.scratch[line*s.win.StrideH*s.row+r.group*p.icg*s.ld+pan.x:]
				p.multiply(&w.brg, r, &pan, b, s.ld, image, first+line, ox, dst, residual)
			}
		}
	}
}

// multiply computes a panel of a line, from its column ox on, for a range of rows, from a B whose rows are ld floats apart.
func (p *planar) multiply(a *asm.BrgArgs, r *rowRange, pan *panel, b []float32, ld, image, line, ox int, dst, residual []float32) {
	out := &p.pl.out
	y := (image*out.C+r.oc)*out.H*out.W + line*p.line + ox + pan.x
	a.N, a.Tiles, a.LdB = pan.n, r.tiles, 4*ld
	a.C = unsafe.Pointer(&dst[y])
	a.Flags = p.fetch
	if residual != nil {
		a.Flags |= asm.BrgResidual
		a.Res = unsafe.Pointer(&residual[y])
	}
	if p.pl.bias != nil {
		a.Bias = unsafe.Pointer(&p.pl.bias[r.oc])
	}
	kern, mask := p.fam.kern[pan.family][r.rows], 0
	if p.padded == nil && pan.short && !p.copies() {
		mask = asm.BrgMaskB
	}
	for i := range p.steps {
		s := &p.steps[i]
		a.Taps, a.NTap, a.K = &p.taps[s.tap], s.ntap, s.k
		a.A = unsafe.Pointer(&p.weights[r.oc*p.ld+s.k0])
		a.B = unsafe.Pointer(&b[s.k0*ld])
		if i == len(p.steps)-1 {
			a.Flags |= p.pl.finish()
			if a.Flags&asm.BrgBias != 0 {
				a.Flags ^= asm.BrgBias | asm.BrgBiasRow
			}
		}
		a.Flags |= mask
		kern.Call(a)
		a.Flags = asm.BrgAccumulate
	}
}

// copies reports whether short panels are copied. Kernels can read no more than is there, but not so fast: below some tiles for
// each panel that costs less.
func (p *planar) copies() bool { return p.pl.p.OutC/p.pl.p.Groups > 12*p.fam.mr() }

// copyPanel copies the pixels of a panel of all channels of a group. What lies in a panel beyond its
// pixels is multiplied, but never stored.
func (p *planar) copyPanel(dst, src []float32, pan *panel) {
	nr := p.fam.nr[pan.family]
	for c := range p.icg {
		copy(dst[c*nr:c*nr+pan.n], src[c*p.line:])
	}
}
