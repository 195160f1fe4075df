package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// planar computes a 1x1 convolution with stride 1 on NCHW tensors as they stand: it is the row-major
// product y[OutC x pixels] = w[OutC x C] · x[C x pixels] of each image, with the pixels in the lanes
// and the weights as the rows of A. Nothing is packed but the weights, and the last pixels of a plane
// where they do not fill a vector.
type planar struct {
	pl      *Plan
	fam     *families
	icg     int
	ld      int // floats between rows of the packed weights
	weights []float32
	panels  []panel // of one image and group
	rows    []rowRange
	k       int // channels in one call
	tap     asm.Tap
	tasking // an item is a panel of an image, a block a range of rows
}

// panel is a range of pixels that one kernel column range computes.
type panel struct {
	x, n, family int
	copied       bool // fewer pixels follow than the kernel reads
}

// rowRange is tiles of equal height of one group's output channels.
type rowRange struct {
	group, oc, rows, tiles int
}

func planarApplies(p *Params) bool {
	return p.Layout == tensor.NCHW && pointwiseApplies(p) && p.Window.StrideH == 1 && p.Window.StrideW == 1
}

// planarPays reports whether the pixels fill the vectors well. Changing the layout costs less than one lane
// in eight.
func planarPays(p *Params) bool {
	f := newFamilies(p.Kernels)
	pixels := p.In.H * p.In.W
	lanes := 0
	for _, n := range cutPanels(f, pixels) {
		lanes += f.nr[n.family]
	}
	return 8*pixels >= 7*lanes && p.OutC/p.Groups >= f.mr()/2
}

// cutPanels divides pixels into as many of the widest panels as fit, and the rest into the narrowest
// that hold it.
func cutPanels(f *families, pixels int) []panel {
	var panels []panel
	for x := 0; x < pixels; {
		fam := 0
		for fam+1 < len(f.nr) && f.nr[fam+1] >= pixels-x {
			fam++
		}
		n := min(f.nr[fam], pixels-x)
		panels = append(panels, panel{x: x, n: n, family: fam, copied: x+f.nr[fam] > pixels})
		x += n
	}
	return panels
}

func newPlanar(pl *Plan, weights []float32) runner {
	p := &planar{pl: pl, fam: newFamilies(pl.p.Kernels), icg: pl.p.In.C / pl.p.Groups}
	p.ld = align(p.icg)
	if 4*p.ld%4096 == 0 {
		p.ld += 16 // rows a multiple of 4096 bytes apart would fall into one set of L1
	}
	p.weights = mem.Floats(pl.p.OutC * p.ld)
	for oc := range pl.p.OutC {
		copy(p.weights[oc*p.ld:], weights[oc*p.icg:(oc+1)*p.icg])
	}
	p.panels = cutPanels(p.fam, pl.p.In.H*pl.p.In.W)
	mr, ocg := p.fam.mr(), pl.p.OutC/pl.p.Groups
	p.k = min(p.icg, asm.MaxWork/(mr*p.fam.nr[0]))
	for g := range pl.p.Groups {
		tiles := (ocg + mr - 1) / mr
		oc := g * ocg
		for t := 0; t < tiles; {
			rows, n := ocg/tiles, tiles-t
			if t < ocg%tiles {
				rows, n = rows+1, ocg%tiles-t
			}
			n = min(n, max(1, asm.MaxWork/(p.k*rows*p.fam.nr[0])))
			p.rows = append(p.rows, rowRange{group: g, oc: oc, rows: rows, tiles: n})
			oc += n * rows
			t += n
		}
	}
	pl.native = true
	p.tasking = newTasking(pl.p.In.N*len(p.panels), len(p.rows), 4*(pl.p.In.Elems()+pl.out.Elems()), 4*len(p.weights), 2*pl.MACs())
	return p
}

func (p *planar) scratch() int { return p.icg * p.fam.nr[0] }

func (p *planar) String() string {
	return fmt.Sprintf("%s, tiles %dx%d, %v", p.fam.kern[0][p.fam.mr()].Name, p.rows[0].rows, p.fam.nr[p.panels[0].family], p.tasking)
}

func (p *planar) do(w *worker, task int, dst, src, residual []float32) {
	a := &w.brg
	item0, item1, block0, block1 := p.bounds(task)
	pixels := p.pl.p.In.H * p.pl.p.In.W
	a.Taps, a.NTap = &p.tap, 1
	a.AOff = 0
	a.LdA, a.LdC, a.LdRes = 4*p.ld, 4*pixels, 4*pixels
	a.Beta = 1
	a.Lo, a.Hi = p.pl.lo, p.pl.hi
	finish := p.pl.finish()
	if finish&asm.BrgBias != 0 {
		finish ^= asm.BrgBias | asm.BrgBiasRow
	}
	for item := item0; item < item1; item++ {
		image, pan := item/len(p.panels), &p.panels[item%len(p.panels)]
		a.N = pan.n
		kern := p.fam.kern[pan.family]
		group := -1
		for bi := block0; bi < block1; bi++ {
			r := &p.rows[bi]
			x := (image*p.pl.p.In.C+r.group*p.icg)*pixels + pan.x
			if pan.copied && r.group != group {
				group = r.group
				p.copyPanel(w.scratch, src[x:], pan)
			}
			y := (image*p.pl.p.OutC+r.oc)*pixels + pan.x
			a.C = unsafe.Pointer(&dst[y])
			if residual != nil {
				a.Res = unsafe.Pointer(&residual[y])
			}
			if p.pl.bias != nil {
				a.Bias = unsafe.Pointer(&p.pl.bias[r.oc])
			}
			a.Tiles = r.tiles
			for k := 0; k < p.icg; k += p.k {
				a.K = min(p.k, p.icg-k)
				a.A = unsafe.Pointer(&p.weights[r.oc*p.ld+k])
				if pan.copied {
					a.B, a.LdB = unsafe.Pointer(&w.scratch[k*p.fam.nr[pan.family]]), 4*p.fam.nr[pan.family]
				} else {
					a.B, a.LdB = unsafe.Pointer(&src[x+k*pixels]), 4*pixels
				}
				a.Flags = p.pl.start()
				if k > 0 {
					a.Flags = asm.BrgAccumulate
				}
				if k+a.K == p.icg {
					a.Flags |= finish
				}
				kern[r.rows].Call(a)
			}
		}
	}
}

// copyPanel copies the pixels of a panel of all channels of a group. What lies in a panel beyond its
// pixels is multiplied, but never stored.
func (p *planar) copyPanel(dst, src []float32, pan *panel) {
	pixels, nr := p.pl.p.In.H*p.pl.p.In.W, p.fam.nr[pan.family]
	for c := range p.icg {
		copy(dst[c*nr:c*nr+pan.n], src[c*pixels:])
	}
}
