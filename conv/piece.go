package conv

import "github.com/simdnn/simdnn/tensor"

// piece is a part of an NHWC tensor.
type piece struct {
	x              []float32
	ld             int // floats between pixels
	pixel, channel int // of the tensor, that x begins with
	shift          int // 1 where two channels are a float: of a tensor in bfloat16
	width, gap     int // of an output with gaps between its rows: pixels of a row, and the floats that a gap adds to them
}

// at is the index of a channel of a pixel of the tensor.
func (p *piece) at(pixel, channel int) int {
	at := (pixel-p.pixel)*p.ld + (channel-p.channel)>>p.shift
	if p.gap != 0 {
		at += pixel / p.width * p.gap
	}
	return at
}

// output is all of it.
func (pl *Plan) output(dst []float32) piece {
	y := piece{x: dst, ld: pl.p.outStride()}
	if row := pl.p.OutRowStride; row != 0 {
		y.width, y.gap = pl.out.W, row-pl.out.W*y.ld
	}
	return y
}

// region is a range of the pixels of a batch by a range of channels.
type region struct{ p0, p1, c0, c1 int }

// images calls f for the pixels of a region, image by image, with the index in an NCHW tensor of s's shape where
// they begin.
func (r region) images(s tensor.Shape, f func(pixel, n, at int)) {
	plane := s.H * s.W
	for p := r.p0; p < r.p1; {
		n := min(r.p1-p, plane-p%plane)
		f(p, n, (p/plane*s.C+r.c0)*plane+p%plane)
		p += n
	}
}

// read copies a region of an NCHW tensor of s's shape into a piece.
func (p *piece) read(pl *Plan, w *worker, src []float32, s tensor.Shape, r region) {
	r.images(s, func(pixel, n, at int) {
		w.transpose.Do(pl.p.Kernels, p.x[p.at(pixel, r.c0):], p.ld, src[at:], s.H*s.W, r.c1-r.c0, n)
	})
}

// write copies a piece to a region of an NCHW tensor of s's shape.
func (p *piece) write(pl *Plan, w *worker, dst []float32, s tensor.Shape, r region) {
	r.images(s, func(pixel, n, at int) {
		w.transpose.Do(pl.p.Kernels, dst[at:], s.H*s.W, p.x[p.at(pixel, r.c0):], p.ld, n, r.c1-r.c0)
	})
}
