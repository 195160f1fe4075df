package graph

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/tensor"
)

// maxSamples bounds how many samples RoiAlign takes along an axis of a bin where the size of the region decides.
const maxSamples = 1 << 12

// RoiAlign samples regions of x [N, C, H, W] as Height x Width bins (He et al., arXiv:1703.06870): regions [R, 4] are left, top, right and bottom, to be multiplied by Scale, and
// the third input, int64 [R], says in which image each lies. A bin is the mean of Samples x Samples places, as many as it has elements if that is 0, or with Max the largest of their weighted
// neighbours. HalfPixel moves regions by half an element, so that whole coordinates are centres.
type RoiAlign struct {
	Max           bool
	Height, Width int
	Samples       int
	Scale         float32
	HalfPixel     bool
}

func (o RoiAlign) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	if o.Height < 1 || o.Width < 1 || max(o.Height, o.Width) > maxWindow || o.Samples < 0 || o.Samples > maxSamples {
		return nil, fmt.Errorf("Height is %d, Width %d and Samples %d, want at least 1, 1 and 0, and at most %d samples", o.Height, o.Width, o.Samples, maxSamples)
	}
	t, r := in[0].Type, in[1].Type
	if t.Dims.Rank() != 4 || t.Dims.At(2) < 1 || t.Dims.At(3) < 1 {
		return nil, fmt.Errorf("input 0 is %v, want 4 axes, none of positions empty", t)
	}
	if r.DType != t.DType || r.Dims.Rank() != 2 || r.Dims.At(1) != 4 {
		return nil, fmt.Errorf("input 1, the regions, is %v, want %v [R, 4]", r, t.DType)
	}
	if b := in[2].Type; !b.DType.IsInt() || b.Dims != tensor.D(r.Dims.At(0)) {
		return nil, fmt.Errorf("input 2, the images, is %v, want int64 [%d]", b, r.Dims.At(0))
	}
	t.Dims = tensor.D(r.Dims.At(0), t.Dims.At(1), o.Height, o.Width)
	return []tensor.Type{t}, nil
}

// bracket returns the two elements along an axis of n around x, and how far it is towards the second; none where x lies outside.
func bracket(x float64, n int) (a, b int, t float64, ok bool) {
	if !(x >= -1 && x <= float64(n)) {
		return 0, 0, 0, false
	}
	x = max(x, 0)
	if a = int(x); a >= n-1 {
		return n - 1, n - 1, 0, true
	}
	return a, a + 1, x - float64(a), true
}

func (o RoiAlign) Eval(out, in []tensor.Array) error {
	x, regions, y := in[0], in[1], out[0]
	c, h, w := x.Dims().At(1), x.Dims().At(2), x.Dims().At(3)
	for r := range regions.Dims().At(0) {
		image := in[2].Int(r)
		if image < 0 || image >= int64(x.Dims().At(0)) {
			return fmt.Errorf("region %d lies in image %d, want 0 to %d", r, image, x.Dims().At(0)-1)
		}
		var first, size [2]float64 // of a bin: rows, columns
		var samples [2]int
		for i, bins := range [2]int{o.Height, o.Width} {
			lo, hi := regions.Float(4*r+1-i)*float64(o.Scale), regions.Float(4*r+3-i)*float64(o.Scale)
			length := hi - lo
			if o.HalfPixel {
				lo -= 0.5
			} else {
				length = max(length, 1)
			}
			first[i], size[i], samples[i] = lo, length/float64(bins), o.Samples
			if o.Samples == 0 {
				n := math.Ceil(size[i])
				if !(n <= maxSamples) {
					return fmt.Errorf("region %d has bins of %v elements, want at most %d", r, size[i], maxSamples)
				}
				samples[i] = int(max(n, 0))
			}
		}
		for k := range c * o.Height * o.Width {
			ch, i, j := k/(o.Height*o.Width), k/o.Width%o.Height, k%o.Width
			plane := (int(image)*c + ch) * h * w
			sum, top := 0.0, math.Inf(-1)
			for p := range samples[0] {
				for q := range samples[1] {
					v := first[0] + (float64(i)+(float64(p)+0.5)/float64(samples[0]))*size[0]
					u := first[1] + (float64(j)+(float64(q)+0.5)/float64(samples[1]))*size[1]
					a, b, s, ok := bracket(v, h)
					d, e, t, ok2 := bracket(u, w)
					if !ok || !ok2 {
						top = max(top, 0)
						continue
					}
					at := func(row, col int) float64 { return x.Float(plane + row*w + col) }
					parts := [4]float64{(1 - s) * (1 - t) * at(a, d), (1 - s) * t * at(a, e), s * (1 - t) * at(b, d), s * t * at(b, e)}
					for _, f := range parts {
						sum, top = sum+f, max(top, f)
					}
				}
			}
			n := samples[0] * samples[1]
			switch {
			case n == 0:
				y.SetFloat(r*c*o.Height*o.Width+k, 0)
			case o.Max:
				y.SetFloat(r*c*o.Height*o.Width+k, top)
			default:
				y.SetFloat(r*c*o.Height*o.Width+k, sum/float64(n))
			}
		}
	}
	return nil
}

// MaxRoiPool is the largest elements of Height x Width bins of regions of x [N, C, H, W] (Girshick, arXiv:1504.08083): regions [R, 5] are the image, left, top, right and bottom, to be
// multiplied by Scale and rounded. An empty bin is 0.
type MaxRoiPool struct {
	Height, Width int
	Scale         float32
}

func (o MaxRoiPool) Infer(in []Arg) ([]tensor.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	if err := want(in, 0, floating); err != nil {
		return nil, err
	}
	if o.Height < 1 || o.Width < 1 || max(o.Height, o.Width) > maxWindow {
		return nil, fmt.Errorf("Height is %d and Width %d, want 1 to %d", o.Height, o.Width, maxWindow)
	}
	t, r := in[0].Type, in[1].Type
	if t.Dims.Rank() != 4 {
		return nil, fmt.Errorf("input 0 is %v, want 4 axes", t)
	}
	if r.DType != t.DType || r.Dims.Rank() != 2 || r.Dims.At(1) != 5 {
		return nil, fmt.Errorf("input 1, the regions, is %v, want %v [R, 5]", r, t.DType)
	}
	t.Dims = tensor.D(r.Dims.At(0), t.Dims.At(1), o.Height, o.Width)
	return []tensor.Type{t}, nil
}

func (o MaxRoiPool) Eval(out, in []tensor.Array) error {
	x, regions, y := in[0], in[1], out[0]
	c, dims := x.Dims().At(1), [2]int{x.Dims().At(2), x.Dims().At(3)}
	for r := range regions.Dims().At(0) {
		image := regions.Float(5 * r)
		if !(image >= 0 && image < float64(x.Dims().At(0))) {
			return fmt.Errorf("region %d lies in image %v, want 0 to %d", r, image, x.Dims().At(0)-1)
		}
		span := func(axis, bin, bins int) (lo, hi int) {
			from := math.Round(regions.Float(5*r+2-axis) * float64(o.Scale))
			to := math.Round(regions.Float(5*r+4-axis) * float64(o.Scale))
			size := max(to-from+1, 1) / float64(bins)
			inside := func(v float64) int { // and 0 for what is no number
				if !(v > 0) {
					return 0
				}
				return int(min(v, float64(dims[axis])))
			}
			return inside(from + math.Floor(float64(bin)*size)), inside(from + math.Ceil(float64(bin+1)*size))
		}
		for k := range c * o.Height * o.Width {
			ch, i, j := k/(o.Height*o.Width), k/o.Width%o.Height, k%o.Width
			top, bottom := span(0, i, o.Height)
			left, right := span(1, j, o.Width)
			best := 0.0
			for row := top; row < bottom; row++ {
				for col := left; col < right; col++ {
					v := x.Float(((int(image)*c+ch)*dims[0]+row)*dims[1] + col)
					if row == top && col == left || v > best || v != v {
						best = v
					}
				}
			}
			y.SetFloat(r*c*o.Height*o.Width+k, best)
		}
	}
	return nil
}
