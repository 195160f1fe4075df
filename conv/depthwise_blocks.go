package conv

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
)

// dwBlocks says how the channels of a convolution of groups lie in vectors of lanes channels. A block is a vector of output channels, those
// of as many groups as fit, or of a part of a group.
type dwBlocks struct {
	inC, outC int
	k, ocg    int // channels of a group, of input and output
	lanes     int
	in0, out0 int // channels of a block, if it is not the last one
	parts     int // blocks of a group that is not in one block with others, or 1
	blocks    int
}

// dwBlock is the channels of a block: those that it computes from oc on, those that it reads from ic on.
type dwBlock struct{ oc, out, ic, in int }

// end is the output channel after the block.
func (b dwBlock) end() int { return b.oc + b.out }

func newDwBlocks(inC, outC, groups, lanes int) dwBlocks {
	d := dwBlocks{inC: inC, outC: outC, k: inC / groups, ocg: outC / groups, lanes: lanes, parts: 1}
	if d.ocg > lanes {
		d.parts = (d.ocg + lanes - 1) / lanes
		d.in0, d.out0 = d.k, (d.ocg+d.parts-1)/d.parts
		d.parts = (d.ocg + d.out0 - 1) / d.out0
		d.blocks = groups * d.parts
		return d
	}
	n := min(groups, lanes/max(d.k, d.ocg)) // groups of a block
	d.in0, d.out0 = n*d.k, n*d.ocg
	d.blocks = (groups + n - 1) / n
	return d
}

// dwFits reports whether the input channels of a group fit a vector.
func dwFits(p *Params) bool { return p.In.C/p.Groups <= p.Kernels.DwGroup[0].Lanes }

// grouped reports whether a vector of the output is made from other channels of the input than its own.
func (d *dwBlocks) grouped() bool { return d.k > 1 || d.ocg > 1 }

func (d *dwBlocks) block(b int) dwBlock {
	if d.parts > 1 {
		g, i := b/d.parts, b%d.parts*d.out0
		return dwBlock{g*d.ocg + i, min(d.out0, d.ocg-i), g * d.k, d.k}
	}
	oc, ic := b*d.out0, b*d.in0
	return dwBlock{oc, min(d.out0, d.outC-oc), ic, min(d.in0, d.inC-ic)}
}

// run is the number of blocks from b on, before end, that one call can compute: of groups only those of equal size, each of
// which reads what follows the input of the one before it.
func (d *dwBlocks) run(b, end int) int {
	switch {
	case !d.grouped():
		return end - b
	case d.parts > 1:
		return 1
	}
	if end == d.blocks && end-b > 1 && d.block(end-1).out != d.out0 {
		end--
	}
	return end - b
}

// setIndex says which channel of the input is the first for each lane of a block, if those are not the same.
func (d *depthwise) setIndex() {
	if !d.grouped() {
		return
	}
	d.index = make([]int32, d.lanes)
	for i := range d.out0 {
		d.index[i] = int32(i / d.ocg * d.k)
	}
}

// pack packs weights [outC][in.C/groups][kh][kw] and the bias, which may be nil.
func (d *depthwise) pack(weights, bias []float32) []float32 {
	taps := d.win.KernelH * d.win.KernelW
	packed := mem.Floats(d.blocks * d.lanes * (taps*d.k + 1))
	if !d.grouped() {
		asm.DwPack(packed, d.lanes, d.out.C, taps, weights, bias)
		return packed
	}
	size := asm.DwGroupPackLen(d.lanes, 1, 1, taps, d.k) // of a block
	for b := range d.blocks {
		c := d.block(b)
		var biases []float32
		if bias != nil {
			biases = bias[c.oc:c.end()]
		}
		asm.DwGroupPack(packed[b*size:], d.lanes, c.out, c.out, taps, d.k, weights[c.oc*d.k*taps:c.end()*d.k*taps], biases)
	}
	return packed
}

// setBlocks sets what the kernels have to know of blocks of channels.
func (d *depthwise) setBlocks(a *asm.DwArgs, taps int) {
	a.K, a.LdW = d.k, 4*(taps*d.k+1)*d.lanes
	if d.grouped() {
		a.Index = unsafe.Pointer(&d.index[0])
	}
}
