package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
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
	padded   *strip  // nil: B is the input itself
	line     int     // pixels of the output that follow each other: a plane, or with a strip a row
	panels   []panel // of a line
	rows     []rowRange
	taps     []asm.Tap
	steps    []planarStep
	fetch    int
	tasking      // an item is a line, or without a strip a panel of one; a block is a range of rows
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

func planarApplies(p *Params) bool { return p.Layout == tensor.NCHW }

// planarPays reports whether the lanes that the pixels leave idle cost less than changing the layout, which was
// measured to take as long as a twelfth of a lane for each channel of input and output.
// A strip pays for first layers, whose few channels make poor squares to transpose, and for wide layers of few channels, where
// converting moves much for each product; beyond stripChannels, or twice as many where the tensors come from memory, converting is quicker,
// because the rows of a strip lie across cache lines at most kernel positions.
func planarPays(p *Params) bool {
	if p.Groups == 1 {
		// Few output channels leave the lanes of direct idle.
		if sums, moves, _ := narrowCycles(p); sums+moves < 0.85*(directCycles(p)+moves) {
			return true
		}
	}
	f := newFamilies(p.Kernels)
	h, line, _ := p.Window.Out(p.In.H, p.In.W)
	if pointwiseApplies(p) {
		line *= h
	} else if most := stripChannels; p.In.C > most {
		if memory := 4*(p.In.Elems()+p.In.N*p.OutC*h*line) > streamBytes; !memory || p.In.C > 2*most {
			return false
		}
	}
	idle := -line
	for _, n := range cutPanels(f, line) {
		idle += f.nr[n.family]
	}
	k := p.In.C / p.Groups * p.Window.KernelH * p.Window.KernelW
	return idle*k*p.OutC <= 12*line*(p.In.C+p.OutC) && p.OutC/p.Groups >= f.mr()/2
}

// stripChannels is the largest number of input channels that a strip pays for.
const stripChannels = 16

// cutPanels divides pixels into as many of the widest panels as fit, and the rest into the narrowest
// that hold it.
func cutPanels(f *families, pixels int) []panel {
	var panels []panel
	for x := 0; x < pixels; {
		fam := f.fit(pixels - x)
		n := min(f.nr[fam], pixels-x)
		panels = append(panels, panel{x: x, n: n, family: fam, short: x+f.nr[fam] > pixels})
		x += n
	}
	return panels
}

func newPlanar(pl *Plan, weights []float32) runner {
	in, out := pl.p.In, pl.out
	p := &planar{pl: pl, fam: newFamilies(pl.p.Kernels), icg: in.C / pl.p.Groups}
	p.pack(weights)
	weightBytes := 4 * len(p.weights)
	if pointwiseApplies(&pl.p) {
		pl.gathers = pl.p.Window.StrideH != 1 || pl.p.Window.StrideW != 1
		p.line = out.H * out.W
		p.panels = cutPanels(p.fam, p.line)
		p.perImage = len(p.panels)
		p.taps = []asm.Tap{{}}
		p.cut(p.icg)
	} else {
		p.padded = newStrip(in, out, pl.p.Window)
		p.line, p.perImage = out.W, out.H
		p.panels = cutPanels(p.fam, p.line)
		taps, k := p.padded.taps(pl.p.Groups)
		p.taps = taps
		p.cut(k)
		weightBytes = 0 // all of them to a task, for the strip's sake
	}
	if 4*out.Elems() > fetchBytes && (p.padded != nil || p.icg >= 4*p.fam.mr()) {
		p.fetch = asm.BrgFetchC // of a plane in its place one row in 4 steps: all at once they are in the way
	}
	blocks, bytes := len(p.rows), 4*(in.Elems()+out.Elems())
	if p.padded != nil {
		blocks, bytes = 1, 4*in.Elems() // a strip stays, what it gives passes by
	}
	p.tasking = newTasking(in.N*p.perImage, blocks, bytes, weightBytes, 2*pl.MACs())
	p.nblocks = len(p.rows)
	pl.native = true
	return p
}

// pack lays OIHW weights out as [OutC][KernelW][KernelH][C], each output channel from a cache line on.
func (p *planar) pack(weights []float32) {
	kh, kw := p.pl.p.Window.KernelH, p.pl.p.Window.KernelW
	p.ld = align(p.icg * kh * kw)
	if 4*p.ld%4096 == 0 {
		p.ld += 16 // rows a multiple of 4096 bytes apart would fall into one set of L1
	}
	p.weights = mem.Floats(p.pl.p.OutC * p.ld)
	columnWeights(p.weights, weights, p.ld, p.icg, &p.pl.p.Window)
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
			rows, n := ocg/tiles, tiles-t
			if t < ocg%tiles {
				rows, n = rows+1, ocg%tiles-t
			}
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
	return p.padded.floats(p.strip()) + p.fam.nr[0] // what the last panel reads beyond its pixels
}

func (p *planar) String() string {
	return fmt.Sprintf("%s, tiles %dx%d, %v", p.fam.kern[0][p.fam.mr()].Name, p.rows[0].rows, p.fam.nr[p.panels[0].family], p.tasking)
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
			p.inStrip(w, rows, image, first, n, dst, x, residual)
		}
		item += n
	}
}

// inPlace computes n panels of an image from the first one on.
func (p *planar) inPlace(w *worker, rows []rowRange, image, first, n int, dst, src, residual []float32) {
	pixels := p.line
	for i := first; i < first+n; i++ {
		pan := &p.panels[i]
		group := -1
		for ri := range rows {
			r := &rows[ri]
			b, ld := src[r.group*p.icg*pixels+pan.x:], pixels
			if pan.short && p.copies() {
				ld = p.fam.nr[pan.family]
				if r.group != group {
					group = r.group
					p.copyPanel(w.scratch, b, pan)
				}
				b = w.scratch
			}
			p.multiply(&w.brg, r, pan, b, ld, image, 0, dst, residual)
		}
	}
}

// inStrip computes n lines of an image from the first one on.
func (p *planar) inStrip(w *worker, rows []rowRange, image, first, n int, dst, src, residual []float32) {
	s := p.padded
	if w.held == 0 {
		clear(w.scratch[:p.scratch()]) // the columns of the padding, into which no strip writes
		w.held = 1
	}
	s.load(p.pl.p.Kernels, w, w.scratch, src, first, n)
	for line := range n {
		for i := range p.panels {
			pan := &p.panels[i]
			for ri := range rows {
				r := &rows[ri]
				b := w.scratch[line*s.win.StrideH*s.row+r.group*p.icg*s.ld+pan.x:]
				p.multiply(&w.brg, r, pan, b, s.ld, image, first+line, dst, residual)
			}
		}
	}
}

// multiply computes a panel of a line for a range of rows, from a B whose rows are ld floats apart.
func (p *planar) multiply(a *asm.BrgArgs, r *rowRange, pan *panel, b []float32, ld, image, line int, dst, residual []float32) {
	out := &p.pl.out
	y := (image*out.C+r.oc)*out.H*out.W + line*p.line + pan.x
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
