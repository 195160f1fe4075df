package conv

import (
	"github.com/simdnn/simdnn/asm"
)

// What direct sums for a tile: chunks of the input channels, and for each the taps of the kernel positions that reach the tile.

// chunk is a range of the input channels of a group. Its products with all kernel positions are
// summed in one go.
type chunk struct {
	ic, n   int
	base    int // where its weights begin in a block, in units of NR floats
	variant int // 0, or 1 for a last chunk with fewer channels
}

// call sums the kernel columns that reach all of rows pixels from pixel x of an item on.
type call struct {
	x, rows int
	all     bool // these are all pixels of the item
	*columns
}

// columns are the taps of a range of kernel columns: for each kernel row perRow taps of k steps.
type columns struct {
	kw, n, perRow int
	k, most       [2]int         // [chunk variant]; taps of a kernel call at most
	taps          [2][][]asm.Tap // [chunk variant][family][kh*perRow + i]; nil where no block or chunk has them
}

// longestSum is the number of products that are summed in one chain, as far as a chunk of channels can be cut. The
// rounding errors grow with it; small tiles, which asm.MaxWork would permit longer chains, shall be as accurate as large ones.
const longestSum = 2304

// cutChunks divides the input channels so that the work of one tile stays below asm.MaxWork.
func (d *direct) cutChunks(positions, mr int) {
	icg := d.icg()
	limit := max(1, min(asm.MaxWork/(mr*d.fam.nr[0]), longestSum)/positions)
	n := (icg + limit - 1) / limit
	size := (icg + n - 1) / n
	for ic := 0; ic < icg; ic += size {
		c := chunk{ic: ic, n: min(size, icg-ic), base: ic * positions}
		if c.n < size {
			c.variant = 1
		}
		d.chunks = append(d.chunks, c)
	}
}

// cutTile groups the kernel columns by the pixels of a tile that they reach: the group that reaches
// all pixels, if there is one, comes last.
func (d *direct) cutTile(x, rows int, cols map[[2]int]*columns) []call {
	w := &d.win
	type group struct{ lo, hi, kw, n int } // pixels, and kernel columns
	var groups []group
	for kw := range w.KernelW {
		// Pixel ox reaches input column ox*StrideW - left.
		left := w.PadLeft - kw*w.DilationW
		lo, hi := x, x+rows
		if left > 0 {
			lo = max(lo, (left+w.StrideW-1)/w.StrideW)
		}
		if last := d.in.W - 1 + left; last >= 0 {
			hi = min(hi, last/w.StrideW+1)
		} else {
			hi = lo
		}
		if lo >= hi {
			continue
		}
		if n := len(groups); n > 0 && groups[n-1].lo == lo && groups[n-1].hi == hi {
			groups[n-1].n++
			continue
		}
		groups = append(groups, group{lo, hi, kw, 1})
	}
	calls := make([]call, len(groups))
	for i, g := range groups {
		calls[i] = call{x: g.lo - x, rows: g.hi - g.lo, all: g.hi-g.lo == rows, columns: d.columns(g.kw, g.n, cols)}
	}
	for i := range calls {
		if last := len(calls) - 1; calls[i].all {
			calls[i], calls[last] = calls[last], calls[i]
			break
		}
	}
	return calls
}

// columns returns the taps of n kernel columns from kw on.
func (d *direct) columns(kw, n int, cols map[[2]int]*columns) *columns {
	key := [2]int{kw, n}
	if c := cols[key]; c != nil {
		return c
	}
	c := &columns{kw: kw, n: n, perRow: n}
	steps, apart := 1, false // of each channel; a tap has one kernel position
	switch {
	case d.planes:
		c.perRow = d.in.C
	case len(d.chunks) == 1 && d.groups == 1 && d.win.DilationW == 1 && d.ldin == d.in.C && d.win.KernelW*d.in.C <= longestSum:
		steps, c.perRow = n, 1 // neighbouring pixels are contiguous
	default:
		apart = true
	}
	used := make([]bool, len(d.fam.nr))
	for i := range d.blocks {
		used[d.blocks[i].family] = true
	}
	for _, last := range []*chunk{&d.chunks[0], &d.chunks[len(d.chunks)-1]} {
		variant, chunk := last.variant, last.n
		if c.taps[variant] != nil {
			continue
		}
		c.k[variant] = steps * chunk
		if d.planes {
			c.k[variant] = n
		}
		c.most[variant] = max(1, asm.MaxWork/(d.mr*d.fam.nr[0]*c.k[variant]))
		for family, nr := range d.fam.nr {
			var taps []asm.Tap
			switch {
			case !used[family]:
				c.taps[variant] = append(c.taps[variant], nil)
				continue
			case apart && d.win.KernelH == 1 && n < d.win.KernelW: // part of a row of taps
				all := d.columns(0, d.win.KernelW, cols)
				c.taps[variant] = append(c.taps[variant], all.taps[variant][family][kw:kw+n])
				continue
			}
			for kh := range d.win.KernelH {
				row := kh * d.win.DilationH * d.ldrow
				for i := range c.perRow {
					t := asm.Tap{
						A: 4 * (row + (kw+i)*d.win.DilationW*d.ldin),
						B: 4 * nr * chunk * (kh*d.win.KernelW + kw + i),
					}
					if d.planes {
						t.A = 4 * (i*d.in.H*d.in.W + row + kw)
						t.B = 4 * nr * ((kh*d.in.C+i)*d.win.KernelW + kw)
					}
					taps = append(taps, t)
				}
			}
			c.taps[variant] = append(c.taps[variant], taps)
		}
	}
	cols[key] = c
	return c
}
