package layers

import "sort"

// span is a request for memory.
type span struct {
	first, last int // the operations during which it is in use
	size        int // floats
	offset      int // the answer
}

// arrange gives the spans offsets, such that none in use at the same time overlap, and returns the
// size of the whole. The largest come first, each at the lowest offset where it fits (Pisarchyk and Lee,
// arXiv:2001.03288: greedy by size). Sizes are rounded up to whole cache lines.
func arrange(spans []*span) (total int) {
	order := append([]*span(nil), spans...)
	sort.SliceStable(order, func(i, j int) bool { return order[i].size > order[j].size })
	var placed []*span // by offset
	for _, s := range order {
		s.offset = 0
		for _, p := range placed {
			if p.first > s.last || s.first > p.last {
				continue
			}
			if s.offset+line(s.size) <= p.offset {
				break
			}
			s.offset = max(s.offset, p.offset+line(p.size))
		}
		at := sort.Search(len(placed), func(i int) bool { return placed[i].offset > s.offset })
		placed = append(placed, nil)
		copy(placed[at+1:], placed[at:])
		placed[at] = s
		total = max(total, s.offset+line(s.size))
	}
	return total
}

// line rounds a number of floats up to whole cache lines.
func line(n int) int { return (n + 15) &^ 15 }
