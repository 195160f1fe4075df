package conv

import (
	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
)

// block is a run of output channels that one kernel column range computes.
type block struct {
	oc, n  int // first output channel, and how many
	group  int
	family int // index into families.nr
	base   int // first float of its weights
}

// families are the batch-reduce kernels of a set by NR, widest first, and MR.
type families struct {
	nr   []int
	kern [][]*asm.BrgRow // [family][rows], rows 1 to MR
}

func newFamilies(s *asm.Set) *families {
	f := new(families)
	for _, r := range s.Brg {
		i := len(f.nr) - 1
		if i < 0 || f.nr[i] != r.NR {
			f.nr = append(f.nr, r.NR)
			f.kern = append(f.kern, make([]*asm.BrgRow, r.MR+1))
			i++
		}
		f.kern[i][r.MR] = r
	}
	return f
}

// mr is the largest number of rows that all families have.
func (f *families) mr() int { return len(f.kern[0]) - 1 }

// blocks divides the output channels of every group: as many of the widest family as fit, then one
// block of the narrowest that holds the rest.
func (f *families) blocks(groups, ocg, k int) (b []block, floats int) {
	for g := range groups {
		for oc := 0; oc < ocg; {
			n := min(ocg-oc, f.nr[0])
			fam := 0
			for fam+1 < len(f.nr) && f.nr[fam+1] >= n {
				fam++
			}
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
