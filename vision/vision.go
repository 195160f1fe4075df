// Package vision makes tensors of pictures: it resizes, crops and normalises an image.Image as the frameworks do that networks are trained with,
// and allocates nothing for a picture.
//
// The order is that of torchvision: the picture is resized, its centre is cut out, bytes become numbers from 0 to 1, and every channel is
// normalised. Nothing is rounded between, as PyTorch does it with tensors of floats; with bytes it rounds after each step.
package vision

import (
	"fmt"
	"image"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// Filter says how a picture is resized.
type Filter uint8

const (
	// Antialiased is bilinear, with a triangle as wide as the pixels of the output where these are larger: what Pillow does, and PyTorch's interpolate
	// with antialias.
	Antialiased Filter = iota
	// Linear is bilinear between the four nearest pixels: ONNX's Resize in mode linear with half_pixel, and PyTorch's interpolate without antialias.
	Linear
)

// Options say what becomes of a picture. Mean and Std are of numbers from 0 to 1: torchvision's networks want 0.485, 0.456, 0.406 and
// 0.229, 0.224, 0.225. For a network that wants bytes, Std is 1/255.
type Options struct {
	H, W      int // rows and columns of the tensor
	Shorter   int // the shorter side is resized to this before the centre is cut out, as torchvision's Resize does; 0: the picture is stretched to H and W
	Filter    Filter
	Gray      bool // one channel, luma, in place of red, green and blue
	BGR       bool // blue first
	Mean, Std [3]float32
	Layout    tensor.Layout // of the channels, rows and columns
}

// Reader turns pictures into tensors. It is for one goroutine at a time.
type Reader struct {
	o        Options
	channels int
	scale    [3]float32 // of a byte
	shift    [3]float32
	size     image.Point // of the last picture
	rows     axis
	cols     axis
	line     []float32 // a row of the picture
	ring     []float32 // rows of the picture that are resized along themselves
	palette  [256][3]float32
}

// New returns a reader. A Std of 0 is 1.
func New(o Options) (*Reader, error) {
	switch {
	case o.H < 1 || o.W < 1 || o.H > maxSide || o.W > maxSide:
		return nil, fmt.Errorf("vision: H is %d and W %d, want 1 to %d", o.H, o.W, maxSide)
	case o.Shorter != 0 && o.Shorter < max(o.H, o.W) || o.Shorter > maxSide:
		return nil, fmt.Errorf("vision: Shorter is %d, want 0, or at least H = %d and W = %d and at most %d", o.Shorter, o.H, o.W, maxSide)
	case o.Filter > Linear:
		return nil, fmt.Errorf("vision: Filter is %d, want Antialiased or Linear", o.Filter)
	case o.Layout != tensor.NCHW && o.Layout != tensor.NHWC:
		return nil, fmt.Errorf("vision: Layout is %v, want NCHW or NHWC", o.Layout)
	case o.Gray && o.BGR:
		return nil, fmt.Errorf("vision: Gray and BGR are true, want one of them")
	}
	r := &Reader{o: o, channels: 3}
	if o.Gray {
		r.channels = 1
	}
	for c := range 3 {
		std := o.Std[c]
		if std == 0 {
			std = 1
		}
		r.scale[c], r.shift[c] = 1/(255*std), -o.Mean[c]/std
		if f := r.scale[c] + r.shift[c]; f-f != 0 {
			return nil, fmt.Errorf("vision: Mean[%d] is %v and Std[%d] %v, want finite numbers", c, o.Mean[c], c, o.Std[c])
		}
	}
	return r, nil
}

// maxSide bounds pictures, so that sizes do not overflow.
const maxSide = 1 << 16

// Len is the number of elements of a tensor.
func (r *Reader) Len() int { return r.channels * r.o.H * r.o.W }

// Read writes the tensor of a picture to dst, which has Len elements. Pictures of the types RGBA, NRGBA, YCbCr, NYCbCrA, Gray and Paletted are
// read where they lie; others are asked for every pixel. Transparency is left out: colours count as they are stored, those of an RGBA, which are stored
// darker, as over black. Memory is taken when a picture is larger than all before.
func (r *Reader) Read(dst []float32, m image.Image) error {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	switch {
	case len(dst) != r.Len():
		return fmt.Errorf("vision: len(dst) is %d, want %d", len(dst), r.Len())
	case w < 1 || h < 1 || w > maxSide || h > maxSide:
		return fmt.Errorf("vision: the picture has %d rows and %d columns, want 1 to %d", h, w, maxSide)
	}
	if err := r.plan(h, w); err != nil {
		return err
	}
	src := r.source(m)
	n, next := r.o.W*r.channels, r.rows.first[0]
	out := r.ring[r.rows.most*n:][:n]
	for y := range r.o.H {
		first, weights := r.rows.at(y)
		for next = max(next, first); next < first+len(weights); next++ {
			src.row(r, r.line[:w*3], next)
			r.cols.along(r.ring[next%r.rows.most*n:][:n], r.line, r.channels)
		}
		clear(out)
		for k, f := range weights {
			for i, v := range r.ring[(first+k)%r.rows.most*n:][:n] {
				out[i] += f * v
			}
		}
		r.store(dst, out, y)
	}
	return nil
}

// plan makes the tables for pictures of h rows and w columns.
func (r *Reader) plan(h, w int) error {
	if r.size == (image.Point{X: w, Y: h}) {
		return nil
	}
	rows, cols := r.o.H, r.o.W
	if s := r.o.Shorter; s != 0 {
		longer := int64(s) * int64(max(h, w)) / int64(min(h, w))
		if longer > maxSide*16 {
			return fmt.Errorf("vision: the picture has %d rows and %d columns: too long to have %d on the shorter side", h, w, s)
		}
		if rows, cols = s, int(longer); h > w {
			rows, cols = cols, rows
		}
	}
	r.size = image.Point{}
	r.rows.fill(h, rows, r.o.H, r.o.Filter)
	r.cols.fill(w, cols, r.o.W, r.o.Filter)
	r.line = grown(r.line, 3*w)
	r.ring = grown(r.ring, (r.rows.most+1)*r.o.W*r.channels)
	r.size = image.Point{X: w, Y: h}
	return nil
}

func grown[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	return x[:n]
}

// store normalises a row of the output and writes it where it belongs.
func (r *Reader) store(dst, row []float32, y int) {
	n := r.o.W
	for c := range r.channels {
		from := c
		if r.o.BGR {
			from = 2 - c
		}
		a, b := r.scale[c], r.shift[c]
		if r.o.Layout == tensor.NHWC {
			for x := range n {
				dst[(y*n+x)*r.channels+c] = row[x*r.channels+from]*a + b
			}
			continue
		}
		out := dst[(c*r.o.H+y)*n:][:n]
		for x := range out {
			out[x] = row[x*r.channels+from]*a + b
		}
	}
}

// axis says which pixels of the input an output is the sum of, and with what weights.
type axis struct {
	first   []int
	from    []int // where the weights of an output begin; one more than outputs
	weights []float32
	most    int // weights of an output
}

func (a *axis) at(i int) (first int, weights []float32) {
	return a.first[i], a.weights[a.from[i]:a.from[i+1]]
}

// fill makes the table for an axis of in pixels that is resized to size, of which the n in the middle are wanted.
func (a *axis) fill(in, size, n int, f Filter) {
	a.first, a.from = grown(a.first, n), grown(a.from, n+1)
	a.weights, a.most = a.weights[:0], 1
	skip := int(math.RoundToEven(float64(size-n) / 2)) // as Python rounds
	scale := float64(in) / float64(size)
	reach := 1.0
	if f == Antialiased {
		reach = max(1, scale)
	}
	for i := range n {
		centre := (float64(i+skip) + 0.5) * scale
		lo, hi := int(math.Floor(centre-reach+0.5)), int(math.Floor(centre+reach+0.5))
		if f == Antialiased { // what lies outside has no weight
			lo, hi = max(lo, 0), min(hi, in)
		}
		weight := func(k int) float64 { return max(0, 1-math.Abs((float64(k)+0.5-centre)/reach)) }
		sum := 0.0
		for k := lo; k < hi; k++ {
			sum += weight(k)
		}
		a.first[i], a.from[i] = min(max(lo, 0), in-1), len(a.weights)
		outside := 0.0 // the outermost pixels stand for what lies outside
		for k := lo; k < hi; k++ {
			v := weight(k)/sum + outside
			if outside = 0; k < 0 {
				outside = v
			} else if k >= in {
				a.weights[len(a.weights)-1] += float32(v)
			} else {
				a.weights = append(a.weights, float32(v))
			}
		}
		a.most = max(a.most, len(a.weights)-a.from[i])
	}
	a.from[n] = len(a.weights)
}

// along resizes a row of pixels with three colours each to dst, of which one is wanted or all.
func (a *axis) along(dst, src []float32, channels int) {
	if channels == 1 {
		for i := range a.first {
			first, weights := a.at(i)
			var sum float32
			for k, f := range weights {
				sum += f * src[3*(first+k)]
			}
			dst[i] = sum
		}
		return
	}
	for i := range a.first {
		first, weights := a.at(i)
		var red, green, blue float32
		p := src[3*first:][:3*len(weights)]
		for k, f := range weights {
			red += f * p[3*k]
			green += f * p[3*k+1]
			blue += f * p[3*k+2]
		}
		dst[3*i], dst[3*i+1], dst[3*i+2] = red, green, blue
	}
}
