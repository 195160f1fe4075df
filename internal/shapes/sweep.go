package shapes

import (
	"slices"

	"github.com/simdnn/simdnn/tensor"
)

// Around returns the sizes where code for tiles of that size goes wrong if it does: 1, and just below,
// at and above one tile and two.
func Around(tile int) []int {
	s := []int{1, tile - 1, tile, tile + 1, 2*tile - 1, 2 * tile, 2*tile + 1}
	s = slices.DeleteFunc(s, func(v int) bool { return v < 1 })
	slices.Sort(s)
	return slices.Compact(s)
}

// Gemms sweeps products around tiles of mr x nr and unroll steps of K, all transpositions.
func Gemms(mr, nr, unroll int) []Gemm {
	var l []Gemm
	for _, m := range Around(mr) {
		for _, n := range Around(nr) {
			for _, k := range Around(unroll) {
				l = append(l, Gemm{len(l)&1 != 0, len(l)&2 != 0, m, n, k})
			}
		}
	}
	return l
}

// Convs sweeps convolutions around tiles of mr output pixels and nr output channels: every kind of
// kernel, stride, dilation, padding and grouping that there is, at sizes around the tile; the
// layouts take turns. All are small.
func Convs(mr, nr int) []Conv {
	var l []Conv
	add := func(n, c, h, w, k, groups int, win tensor.Window) {
		l = append(l, Conv{
			In: tensor.Shape{N: n, C: c, H: h, W: w}, OutC: k, Groups: groups, Window: win,
			Layout: tensor.Layout(len(l) % 2),
		})
	}
	square := func(k, stride, dilation, pad int) tensor.Window {
		return tensor.Window{
			KernelH: k, KernelW: k, StrideH: stride, StrideW: stride, DilationH: dilation, DilationW: dilation,
			PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad,
		}
	}
	// Tile edges: output channels around nr, output columns around mr, twice for both layouts.
	for range 2 {
		for _, k := range Around(nr) {
			add(1, 5, 3, mr+1, k, 1, square(3, 1, 1, 1))
			add(2, 3, 2, 3, k, 1, square(1, 1, 1, 0))
		}
		for _, w := range Around(mr) {
			add(1, 4, 3, w, nr+1, 1, square(3, 1, 1, 1))
			add(1, 7, 1, w, 3, 1, square(1, 1, 1, 0))
		}
		add(1, 1, 1, 1, 1, 1, square(1, 1, 1, 0)) // and an odd number of them: the second time the layouts change places
	}
	// Windows: sizes, strides, dilations, paddings up to beyond the kernel, asymmetric ones.
	for _, g := range []int{1, 2, 6} { // dense, grouped, depthwise
		for _, win := range []tensor.Window{
			square(1, 2, 1, 0), square(1, 1, 1, 1), square(2, 1, 1, 0), square(2, 2, 1, 0),
			square(3, 1, 1, 0), square(3, 1, 1, 1), square(3, 2, 1, 0), square(3, 2, 1, 1), square(3, 3, 1, 2), square(3, 1, 2, 2), square(3, 2, 3, 3),
			square(5, 1, 1, 2), square(5, 2, 1, 2), square(7, 2, 1, 3), square(3, 1, 1, 4),
			{KernelH: 1, KernelW: 7, PadLeft: 3, PadRight: 3}, {KernelH: 7, KernelW: 1, PadTop: 3, PadBottom: 3},
			{KernelH: 3, KernelW: 2, StrideH: 2, StrideW: 3, DilationH: 2, DilationW: 1, PadTop: 1, PadLeft: 2},
			{KernelH: 2, KernelW: 4, StrideH: 1, StrideW: 2, DilationH: 1, DilationW: 3, PadBottom: 3, PadRight: 5},
			{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadBottom: 1, PadRight: 1}, // TensorFlow's SAME
			{KernelH: 3, KernelW: 3, PadTop: 0, PadLeft: 1, PadBottom: 2, PadRight: 3},
		} {
			add(2, 6, 9, 10, 6*(1+len(l)%2), g, win) // depthwise with a multiplier of 1 or 2
		}
		add(1, 6, 11, 4, 6, g, tensor.Window{KernelH: 11, KernelW: 4})                             // the whole image
		add(1, 6, 2, 2, 6, g, square(3, 1, 1, 1))                                                  // smaller than the kernel
		add(1, 6, 1, 1, 6, g, square(3, 1, 2, 2))                                                  // only the centre tap is inside
		add(3, 6, 4, 5, 12, g, tensor.Window{KernelH: 2, KernelW: 2, StrideH: 3, StrideW: 4})      // pixels left out
		add(1, 6*nr, 4, 3, 6*nr, g*nr, square(3, 1, 1, 1))                                         // channels beyond a tile
		add(1, 6*(nr+1), 3, mr+2, 6*(nr+1), g*(nr+1), square(3, 2, 1, 1))                          // and with a tail
		add(1, 6, 5, 2*mr+1, 6, g, tensor.Window{KernelH: 5, KernelW: 5, PadTop: 4, PadBottom: 4}) // rows of padding alone
	}
	// Padding up to three times the input, where whole tiles and tasks see nothing else, on each side and on all.
	for _, g := range []int{1, 2, 6, 12} {
		for i, win := range beyond(7, mr+2) {
			add(1+i%2, 12, 7, mr+2, 12*(1+i%3/2), g, win)
		}
	}
	return l
}

// beyond lists windows for maps of h by w pixels whose padding is up to three times the map, on each side and on all, with kernels larger
// than the map, strides larger than the kernel, and dilation.
func beyond(h, w int) []tensor.Window {
	var l []tensor.Window
	for _, win := range []tensor.Window{
		{KernelH: 3, KernelW: 3}, {KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2}, {KernelH: 2, KernelW: 2, StrideH: 3, StrideW: 5},
		{KernelH: h + 1, KernelW: w + 2, StrideH: 2, StrideW: 3}, {KernelH: 2, KernelW: 3, StrideH: 2, DilationH: h + 1, DilationW: 2},
	} {
		for side := range 5 {
			v := win
			for i, pad := range []*int{&v.PadTop, &v.PadLeft, &v.PadBottom, &v.PadRight} {
				if *pad = 1; i == side || side == 4 {
					*pad = 3 * []int{h, w}[i%2]
				}
			}
			if _, _, err := v.Out(h, w); err == nil {
				l = append(l, v)
			}
		}
	}
	return l
}

// Pools sweeps poolings with channels around a vector of lanes floats; the layouts take turns.
func Pools(lanes int) []Pool {
	var l []Pool
	for _, win := range append(beyond(8, 9), []tensor.Window{
		{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2},
		{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2},
		{KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
		{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
		{KernelH: 2, KernelW: 3, StrideH: 3, StrideW: 1, PadTop: 1, PadRight: 1},
		{KernelH: 3, KernelW: 2, DilationH: 2, DilationW: 3, PadLeft: 1, PadBottom: 2},
		{KernelH: 5, KernelW: 6},
		{KernelH: 1, KernelW: 1, StrideH: 2, StrideW: 3},
	}...) {
		for _, c := range Around(lanes) {
			for i := range 8 {
				w := win
				w.CeilMode = i&2 != 0
				p := Pool{
					Avg: i&4 != 0, In: tensor.Shape{N: 1 + i%2, C: c, H: 8, W: 9}, Window: w,
					CountIncludePad: i&4 != 0 && len(l)%3 == 0, Layout: tensor.Layout(i % 2),
				}
				l = append(l, p)
			}
		}
	}
	return l
}
