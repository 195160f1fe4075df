package conv

import (
	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// block is a run of output channels that one kernel column range computes.
type block struct {
	oc, n  int // first output channel, and how many
	group  int
	family int // index into families.nr
	base   int // first float of its weights
}

// families are batch-reduce kernels of a set by NR, widest first, and MR.
type families struct {
	nr   []int
	kern [][]*asm.BrgRow // [family][rows], rows 1 to MR
}

// newFamilies returns the kernels of a set that have the most rows.
func newFamilies(s *asm.Set) *families { return tallFamilies(s.Brg) }

// tallFamilies returns those of a list that have the most rows.
func tallFamilies(rows []*asm.BrgRow) *families {
	f := new(families)
	for _, r := range rows {
		i := len(f.nr) - 1
		if i >= 0 && r.NR > f.nr[0] {
			break // wide tiles follow
		}
		if i < 0 || f.nr[i] != r.NR {
			f.nr = append(f.nr, r.NR)
			f.kern = append(f.kern, make([]*asm.BrgRow, r.MR+1))
			i++
		}
		f.kern[i][r.MR] = r
	}
	return f
}

// wideFamilies returns the widest kernels, with those of tallFamilies for what they leave over, or nil if there is
// no such kernel.
func wideFamilies(rows []*asm.BrgRow) *families {
	tall := tallFamilies(rows)
	f := new(families)
	for _, r := range rows {
		if r.NR <= tall.nr[0] {
			continue
		}
		if f.nr == nil {
			f.nr = append([]int{r.NR}, tall.nr...)
			f.kern = append(f.kern, make([]*asm.BrgRow, r.MR+1))
			for _, k := range tall.kern {
				f.kern = append(f.kern, k[:r.MR+1])
			}
		}
		f.kern[0][r.MR] = r
	}
	if f.nr == nil {
		return nil
	}
	return f
}

// cycles estimates a step of k of a tile: two multiply-adds and two loads a cycle, and four cycles, in practice a
// little more, until an accumulator can be added to again. Where loads do not bind they still wait for each other.
func (f *families) cycles(rows, family int) float64 {
	lanes := f.nr[len(f.nr)-1]
	vectors := f.nr[family] / lanes
	loads := float64(rows + vectors)
	return max(float64(rows*vectors)/2, loads/2, 4.4) + loads/16
}

// end estimates the cycles that what follows the sums of a tile holds up the next one: the more accumulators there are the less of it
// finds room beside them. Measured with AVX-512: 60 cycles for 14x32, 15 for 7x32, 45 for 8x48, 25 for 14x16.
func (f *families) end(rows, family int) float64 {
	n := float64(rows * (f.nr[family] / f.nr[len(f.nr)-1]))
	return max(0.075*n*n, 1.75*float64(rows))
}

// shorter returns numbers of rows of tiles, fewer than mr, that short sums may gain by: enough accumulators to hide the latency of the
// multipliers, where the largest tile has many more.
func (f *families) shorter() []int {
	if f.mr()*f.nr[0]/f.nr[len(f.nr)-1] < 28 {
		return nil
	}
	return []int{7, 6}
}

// mr is the largest number of rows that all families have.
func (f *families) mr() int { return len(f.kern[0]) - 1 }

// fit is the narrowest family that holds n columns, or the widest.
func (f *families) fit(n int) int {
	i := 0
	for i+1 < len(f.nr) && f.nr[i+1] >= n {
		i++
	}
	return i
}

// blocks divides the output channels of every group: as many of the widest family as fit, then one
// block of the narrowest that holds the rest.
func (f *families) blocks(groups, ocg, k int) (b []block, floats int) {
	for g := range groups {
		for oc := 0; oc < ocg; {
			n := min(ocg-oc, f.nr[0])
			fam := f.fit(n)
			b = append(b, block{oc: g*ocg + oc, n: n, group: g, family: fam, base: floats})
			floats += f.nr[fam] * k
			oc += n
		}
	}
	return b, floats
}

// packWeights lays OIHW weights out as the kernels stream them: for each block of output channels and
// each chunk of chunk input channels [kh][kw][chunk][NR], with zeros for channels beyond the block.
func packWeights(f *families, blocks []block, floats int, w []float32, icg, kh, kw, chunk int) []float32 {
	packed := mem.Floats(floats)
	taps := kh * kw
	for _, b := range blocks {
		nr := f.nr[b.family]
		i := b.base
		for c0 := 0; c0 < icg; c0 += chunk {
			for t := range taps {
				for ic := c0; ic < min(c0+chunk, icg); ic++ {
					for j := range b.n {
						packed[i+j] = w[((b.oc+j)*icg+ic)*taps+t]
					}
					i += nr
				}
			}
		}
	}
	return packed
}

// columnWeights lays OIHW weights of c channels out in dst as [OutC][KernelW][KernelH][C], ld floats from one output channel to the next:
// the columns of the kernel first, whose rows and channels may follow each other in memory.
func columnWeights(dst, w []float32, ld, c int, win *tensor.Window) {
	kh, kw := win.KernelH, win.KernelW
	for i, v := range w {
		x, y, ic, oc := i%kw, i/kw%kh, i/(kw*kh)%c, i/(kw*kh*c)
		dst[oc*ld+(x*kh+y)*c+ic] = v
	}
}
