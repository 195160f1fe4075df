package graph

import "sort"

// buffer is memory that views look at: a piece of the arena, or the caller's.
type buffer struct {
	id    int
	bytes int
	kind  bufferKind
	index int // of the input or output
	konst []byte

	first, last int     // the steps during which it is in use
	in          *buffer // the buffer whose memory this one takes over, or nil
	offset      int     // arena: bytes
}

type bufferKind uint8

const (
	inArena bufferKind = iota
	inInput
	inOutput
	isConst
)

// root is the buffer whose memory b has.
func (b *buffer) root() *buffer {
	for b.in != nil {
		b = b.in
	}
	return b
}

// line is what sizes in the arena are rounded up to: a cache line.
const line = 64

func lines(n int) int { return (n + line - 1) &^ (line - 1) }

// arrange gives buffers offsets such that none in use at the same time overlap, and returns the size of the whole. The
// largest come first, each at the lowest offset where it fits (Pisarchyk and Lee, arXiv:2001.03288: greedy by size).
func arrange(spans []*buffer) (total int) {
	order := append([]*buffer(nil), spans...)
	sort.SliceStable(order, func(i, j int) bool { return order[i].bytes > order[j].bytes })
	var placed []*buffer // by offset
	for _, s := range order {
		s.offset = 0
		for _, p := range placed {
			if p.first > s.last || s.first > p.last {
				continue
			}
			if s.offset+lines(s.bytes) <= p.offset {
				break
			}
			s.offset = max(s.offset, p.offset+lines(p.bytes))
		}
		at := sort.Search(len(placed), func(i int) bool { return placed[i].offset > s.offset })
		placed = append(placed, nil)
		copy(placed[at+1:], placed[at:])
		placed[at] = s
		total = max(total, s.offset+lines(s.bytes))
	}
	return total
}
