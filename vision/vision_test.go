package vision_test

import (
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
	"github.com/simdnn/simdnn/vision"
)

// pictures are of all types, some of them pieces of larger ones, so that they do not begin at 0.
func pictures(h, w int) map[string]image.Image {
	rng := rand.New(rand.NewPCG(1, uint64(h*w)))
	full := image.Rect(-3, 2, w+1, h+5)
	piece := image.Rect(-1, 4, w-1, h+4)
	fill := func(pix []uint8) {
		for i := range pix {
			pix[i] = uint8(rng.IntN(256))
		}
	}
	m := map[string]image.Image{}
	rgba := image.NewRGBA(full)
	fill(rgba.Pix)
	for i := 3; i < len(rgba.Pix); i += 4 {
		rgba.Pix[i] = 255
	}
	nrgba := image.NewNRGBA(full)
	fill(nrgba.Pix)
	gray := image.NewGray(full)
	fill(gray.Pix)
	paletted := image.NewPaletted(full, palette.Plan9)
	fill(paletted.Pix)
	cmyk := image.NewCMYK(full)
	fill(cmyk.Pix)
	m["rgba"], m["nrgba"], m["gray"] = rgba.SubImage(piece), nrgba.SubImage(piece), gray.SubImage(piece)
	m["paletted"], m["cmyk"] = paletted.SubImage(piece), cmyk.SubImage(piece)
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio411} {
		y := image.NewYCbCr(full, ratio)
		fill(y.Y)
		fill(y.Cb)
		fill(y.Cr)
		m[ratio.String()] = y.SubImage(piece)
	}
	alpha := image.NewNYCbCrA(full, image.YCbCrSubsampleRatio422)
	fill(alpha.Y)
	fill(alpha.Cb)
	fill(alpha.Cr)
	for i := range alpha.A {
		alpha.A[i] = 255
	}
	m["nycbcra"] = alpha.SubImage(piece)
	return m
}

// colour is a pixel's red, green and blue, or three times luma.
func colour(m image.Image, x, y int, gray bool) [3]float64 {
	b := m.Bounds()
	c := m.At(b.Min.X+x, b.Min.Y+y)
	red, green, blue, _ := c.RGBA()
	p := [3]float64{float64(red >> 8), float64(green >> 8), float64(blue >> 8)}
	if n, ok := c.(color.NRGBA); ok {
		p = [3]float64{float64(n.R), float64(n.G), float64(n.B)}
	}
	if gray {
		l := 0.299*p[0] + 0.587*p[1] + 0.114*p[2]
		return [3]float64{l, l, l}
	}
	return p
}

// resized is the value at a place of a picture that is resized to h x w, by one sum over all its pixels.
func resized(m image.Image, f vision.Filter, h, w, y, x int, gray bool) (p [3]float64) {
	size := m.Bounds().Size()
	weights := func(in, out, i int) []float64 {
		scale := float64(in) / float64(out)
		k := make([]float64, in)
		centre := (float64(i)+0.5)*scale - 0.5
		if f == vision.Linear {
			lo := math.Floor(centre)
			at := func(j float64) int { return int(min(max(j, 0), float64(in-1))) }
			k[at(lo)] += 1 - (centre - lo)
			k[at(lo+1)] += centre - lo
			return k
		}
		sum := 0.0
		for j := range k {
			k[j] = max(0, 1-math.Abs(float64(j)-centre)/max(scale, 1))
			sum += k[j]
		}
		for j := range k {
			k[j] /= sum
		}
		return k
	}
	rows, cols := weights(size.Y, h, y), weights(size.X, w, x)
	for i, a := range rows {
		for j, b := range cols {
			if a*b != 0 {
				for c, v := range colour(m, j, i, gray) {
					p[c] += a * b * v
				}
			}
		}
	}
	return p
}

// TestRead compares all kinds of pictures with sums over all pixels.
func TestRead(t *testing.T) {
	mean, std := [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225}
	for _, c := range []struct {
		h, w       int // of the picture
		o          vision.Options
		toH, toW   int // resized
		top, left  int
		everything bool
	}{
		{31, 20, vision.Options{H: 8, W: 9}, 8, 9, 0, 0, true},
		{31, 20, vision.Options{H: 8, W: 9, Filter: vision.Linear}, 8, 9, 0, 0, true},
		{9, 13, vision.Options{H: 20, W: 30}, 20, 30, 0, 0, false},
		{9, 13, vision.Options{H: 20, W: 30, Filter: vision.Linear, Gray: true}, 20, 30, 0, 0, true},
		{9, 13, vision.Options{H: 9, W: 13}, 9, 13, 0, 0, true},
		{31, 20, vision.Options{H: 8, W: 9, Shorter: 11}, 17, 11, 4, 1, false}, // 4.5 is rounded to the even 4
		{20, 33, vision.Options{H: 8, W: 7, Shorter: 8}, 8, 13, 0, 3, false},
		{1, 1, vision.Options{H: 3, W: 2}, 3, 2, 0, 0, true},
		{40, 3, vision.Options{H: 2, W: 2, Shorter: 2, Filter: vision.Linear}, 26, 2, 12, 0, false},
	} {
		for name, m := range pictures(c.h, c.w) {
			if !c.everything && name != "rgba" {
				continue
			}
			for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
				for _, bgr := range []bool{false, true} {
					o := c.o
					o.Layout, o.BGR, o.Mean, o.Std = layout, bgr && !o.Gray, mean, std
					r, err := vision.New(o)
					require.NoError(t, err)
					dst := make([]float32, r.Len())
					for i := range dst {
						dst[i] = float32(math.NaN())
					}
					require.NoError(t, r.Read(dst, m))
					channels := r.Len() / (o.H * o.W)
					for y := range o.H {
						for x := range o.W {
							p := resized(m, o.Filter, c.toH, c.toW, y+c.top, x+c.left, o.Gray)
							for k := range channels {
								from := k
								if o.BGR {
									from = 2 - k
								}
								at := (k*o.H+y)*o.W + x
								if layout == tensor.NHWC {
									at = (y*o.W+x)*channels + k
								}
								want := (p[from]/255 - float64(mean[k])) / float64(std[k])
								require.InDelta(t, want, dst[at], 2e-5, "%s %+v: row %d, column %d, channel %d", name, o, y, x, k)
							}
						}
					}
				}
			}
		}
	}
}

// TestReadAsResize compares with the operator Resize, which for PyTorch leaves out what lies outside.
func TestReadAsResize(t *testing.T) {
	const h, w, toH, toW = 37, 53, 16, 60
	m := pictures(h, w)["rgba"]
	x := tensor.NewArray(tensor.T(tensor.Float32, 1, 3, h, w))
	for y := range h {
		for c := range w {
			for k, v := range colour(m, c, y, false) {
				x.SetFloat((k*h+y)*w+c, v)
			}
		}
	}
	for filter, antialias := range []bool{true, false} {
		g := graph.New()
		in, err := g.Input("x", x.Type())
		require.NoError(t, err)
		sizes := g.Const("sizes", tensor.Vector([]int64{1, 3, toH, toW}))
		out, err := g.Add("", graph.Resize{Mode: graph.Linear, Antialias: antialias, ExcludeOutside: antialias}, in, nil, nil, sizes)
		require.NoError(t, err)
		require.NoError(t, g.Output("y", out[0]))
		want, err := g.Eval(x)
		require.NoError(t, err)
		s := float32(1. / 255)
		r, err := vision.New(vision.Options{H: toH, W: toW, Filter: vision.Filter(filter), Std: [3]float32{s, s, s}})
		require.NoError(t, err)
		dst := make([]float32, r.Len())
		require.NoError(t, r.Read(dst, m))
		require.InDeltaSlice(t, tensor.Data[float32](want[0]), dst, 2e-3, "antialias %v", antialias)
	}
}

// TestAllocations: none for pictures of one size, nor for smaller ones after larger ones.
func TestAllocations(t *testing.T) {
	r, err := vision.New(vision.Options{H: 16, W: 16, Shorter: 18})
	require.NoError(t, err)
	dst := make([]float32, r.Len())
	small := pictures(25, 33)
	for name, m := range pictures(50, 60) {
		if name == "cmyk" {
			continue
		}
		require.NoError(t, r.Read(dst, m))
		check.NoAllocs(t, func() {
			_ = r.Read(dst, m)
			_ = r.Read(dst, small[name])
		}, name)
	}
}

func TestErrors(t *testing.T) {
	for want, o := range map[string]vision.Options{
		"H is 0":          {W: 1},
		"W -1":            {H: 1, W: -1},
		"Shorter is 7":    {H: 8, W: 4, Shorter: 7},
		"Filter is 2":     {H: 1, W: 1, Filter: 2},
		"Layout is":       {H: 1, W: 1, Layout: 9},
		"Gray and BGR":    {H: 1, W: 1, Gray: true, BGR: true},
		"Mean[1] is +Inf": {H: 1, W: 1, Mean: [3]float32{0, float32(math.Inf(1))}},
		"Std[0] NaN":      {H: 1, W: 1, Std: [3]float32{float32(math.NaN())}},
	} {
		_, err := vision.New(o)
		require.ErrorContains(t, err, want)
	}
	r, err := vision.New(vision.Options{H: 4, W: 4, Shorter: 1 << 15})
	require.NoError(t, err)
	dst := make([]float32, r.Len())
	require.ErrorContains(t, r.Read(dst[1:], image.NewGray(image.Rect(0, 0, 1, 1))), "len(dst) is 47, want 48")
	require.ErrorContains(t, r.Read(dst, image.NewGray(image.Rectangle{})), "0 rows and 0 columns")
	require.ErrorContains(t, r.Read(dst, image.NewGray(image.Rect(0, 0, 1, 1<<15))), "too long")
}

func Example() {
	r, err := vision.New(vision.Options{H: 2, W: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	for i := range m.Pix {
		m.Pix[i] = uint8(17 * i)
	}
	x := make([]float32, r.Len()) // [3][2][2]
	if err := r.Read(x, m); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f\n", x[:4])
	// Output: [0.238 0.343 0.657 0.762]
}

func BenchmarkRead(b *testing.B) {
	r, err := vision.New(vision.Options{H: 224, W: 224, Shorter: 256})
	require.NoError(b, err)
	dst := make([]float32, r.Len())
	for name, m := range pictures(480, 640) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := r.Read(dst, m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
