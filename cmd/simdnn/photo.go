package main

import (
	"bufio"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"math"
	"os"

	"github.com/simdnn/simdnn/tensor"
)

// maxPixels of a photo: a small file may say that it is larger.
const maxPixels = 1 << 28

// photo is a picture, row by row, with red, green and blue from 0 to 255 on black.
type photo struct{ image.Image }

func openPhoto(path string) (*photo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, _, err := image.DecodeConfig(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if n, ok := tensor.MulOK(c.Width, c.Height); !ok || n < 1 || n > maxPixels {
		return nil, fmt.Errorf("%s: %d x %d pixels, want 1 to %d", path, c.Width, c.Height, maxPixels)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	m, _, err := image.Decode(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &photo{m}, nil
}

// pictureAxes finds the axes of rows, columns and channels of an input for pictures: that of the channels has 1 or 3.
func pictureAxes(shape []int) (h, w, c int, err error) {
	r := len(shape)
	if r == 3 || r == 4 && shape[0] == 1 {
		channels := func(i int) bool { return shape[i] == 1 || shape[i] == 3 }
		switch {
		case channels(r - 3):
			return r - 2, r - 1, r - 3, nil
		case channels(r - 1):
			return r - 3, r - 2, r - 1, nil
		}
	}
	return 0, 0, 0, fmt.Errorf("it is %v, want one picture of 1 or 3 channels, [1, C, H, W] or [1, H, W, C]", shape)
}

// picture brings a photo to the size and the form of an input.
func (in *inputFlags) picture(p *photo, name string, t tensor.Type) (tensor.Array, error) {
	hAxis, wAxis, cAxis, err := pictureAxes(t.Dims.Slice())
	if err != nil {
		return tensor.Array{}, fmt.Errorf("input %q for a photo: %w", name, err)
	}
	for _, f := range []struct {
		name string
		v    floats
	}{{"mean", in.mean}, {"std", in.std}} {
		if n := t.Dims.At(cAxis); len(f.v) != 1 && len(f.v) != n {
			return tensor.Array{}, usagef("-%s has %d numbers, want 1 or %d", f.name, len(f.v), n)
		}
	}
	h, w, channels := t.Dims.At(hAxis), t.Dims.At(wAxis), t.Dims.At(cAxis)
	if h < 1 || w < 1 {
		return tensor.Array{}, fmt.Errorf("input %q: %d rows and %d columns", name, h, w)
	}
	x := resize(p, h, w, *in.crop)
	a := tensor.NewArray(t)
	stride := func(axis int) int { return t.Dims.Span(axis+1, t.Dims.Rank()) }
	for i := range h * w {
		v := [3]float64(x[3*i:])
		switch {
		case channels == 1: // luminance, ITU-R BT.601
			v[0] = 0.299*v[0] + 0.587*v[1] + 0.114*v[2]
		case *in.bgr:
			v[0], v[2] = v[2], v[0]
		}
		at := i/w*stride(hAxis) + i%w*stride(wAxis)
		for c := range channels {
			if t.DType.IsFloat() {
				a.SetFloat(at+c*stride(cAxis), (v[c]**in.scale-in.mean.at(c))/in.std.at(c))
			} else {
				a.SetInt(at+c*stride(cAxis), int64(math.Round(v[c])))
			}
		}
	}
	return a, nil
}

// resize scales a photo to h rows and w columns of three channels, with a triangle as wide as the coarser of the two grids: bilinear where it grows,
// and an average where it shrinks. With crop the middle is taken that has the proportions of the result.
func resize(p *photo, h, w int, crop bool) []float64 {
	b := p.Bounds()
	top, left, sh, sw := 0.0, 0.0, float64(b.Dy()), float64(b.Dx())
	if crop {
		if want := sh * float64(w) / float64(h); want < sw {
			left, sw = (sw-want)/2, want
		} else {
			want = sw * float64(h) / float64(w)
			top, sh = (sh-want)/2, want
		}
	}
	columns := triangle(w, left, sw, b.Dx())
	rows := triangle(h, top, sh, b.Dy())
	out := make([]float64, 3*h*w)
	wide := make(map[int][]float64) // lines that are scaled along their columns, as long as rows want them
	for y, r := range rows {
		for at := range wide {
			if at < r.first {
				delete(wide, at)
			}
		}
		for k, weight := range r.weights {
			at := r.first + k
			if wide[at] == nil {
				wide[at] = make([]float64, 3*w)
				for x, q := range columns {
					for i, f := range q.weights {
						red, green, blue, _ := p.At(b.Min.X+q.first+i, b.Min.Y+at).RGBA()
						wide[at][3*x] += f * float64(red) / 257
						wide[at][3*x+1] += f * float64(green) / 257
						wide[at][3*x+2] += f * float64(blue) / 257
					}
				}
			}
			for i, v := range wide[at] {
				out[3*w*y+i] += weight * v
			}
		}
	}
	return out
}

// tap is what of a line goes into one element of the result.
type tap struct {
	first   int
	weights []float64 // their sum is 1
}

// triangle spreads n elements over the piece of a line of size elements that begins at start and is length long.
func triangle(n int, start, length float64, size int) (taps []tap) {
	step := length / float64(n)
	half := max(step, 1)
	for i := range n {
		middle := start + (float64(i)+0.5)*step
		lo, hi := max(int(math.Floor(middle-half+0.5)), 0), min(int(math.Ceil(middle+half-0.5)), size-1)
		t := tap{first: lo}
		sum := 0.0
		for k := lo; k <= hi; k++ {
			f := max(1-math.Abs(float64(k)+0.5-middle)/half, 0)
			t.weights = append(t.weights, f)
			sum += f
		}
		for k := range t.weights {
			t.weights[k] /= sum
		}
		taps = append(taps, t)
	}
	return taps
}
