package vision

import (
	"image"
	"image/color"
)

// source gives rows of a picture, one of whose fields is set.
type source struct {
	rgba      []uint8 // four bytes a pixel
	stride    int
	gray      *image.Gray
	paletted  *image.Paletted
	ycbcr     *image.YCbCr
	any       image.Image
	min, size image.Point
}

func (r *Reader) source(m image.Image) source {
	b := m.Bounds()
	s := source{min: b.Min, size: b.Size()}
	switch m := m.(type) {
	case *image.RGBA:
		s.rgba, s.stride = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
	case *image.NRGBA:
		s.rgba, s.stride = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
	case *image.Gray:
		s.gray = m
	case *image.YCbCr:
		s.ycbcr = m
	case *image.NYCbCrA:
		s.ycbcr = &m.YCbCr
	case *image.Paletted:
		s.paletted = m
		for i, c := range m.Palette[:min(len(m.Palette), len(r.palette))] {
			r.palette[i] = bytesOf(c)
		}
		clear(r.palette[min(len(m.Palette), len(r.palette)):])
	default:
		s.any = m
	}
	return s
}

// bytesOf is a colour as it is stored, from 0 to 255.
func bytesOf(c color.Color) [3]float32 {
	if n, ok := c.(color.NRGBA); ok {
		return [3]float32{float32(n.R), float32(n.G), float32(n.B)}
	}
	red, green, blue, _ := c.RGBA()
	return [3]float32{float32(red >> 8), float32(green >> 8), float32(blue >> 8)}
}

// row writes row y of the picture to dst, three colours a pixel, or for a Reader of one channel luma first.
func (s *source) row(r *Reader, dst []float32, y int) {
	w := s.size.X
	switch {
	case s.rgba != nil:
		for x := range w {
			p := s.rgba[y*s.stride+4*x:][:3:3]
			q := dst[3*x:][:3:3]
			q[0], q[1], q[2] = float32(p[0]), float32(p[1]), float32(p[2])
		}
	case s.gray != nil:
		for x, v := range s.gray.Pix[s.gray.PixOffset(s.min.X, s.min.Y+y):][:w] {
			q := dst[3*x:][:3:3]
			q[0], q[1], q[2] = float32(v), float32(v), float32(v)
		}
		return // it is luma
	case s.paletted != nil:
		for x, v := range s.paletted.Pix[s.paletted.PixOffset(s.min.X, s.min.Y+y):][:w] {
			copy(dst[3*x:][:3], r.palette[v][:])
		}
	case s.ycbcr != nil:
		m := s.ycbcr
		luma := m.Y[m.YOffset(s.min.X, s.min.Y+y):][:w]
		for x, v := range luma {
			c := m.COffset(s.min.X+x, s.min.Y+y)
			red, green, blue := color.YCbCrToRGB(v, m.Cb[c], m.Cr[c])
			q := dst[3*x:][:3:3]
			q[0], q[1], q[2] = float32(red), float32(green), float32(blue)
		}
	default:
		for x := range w {
			c := bytesOf(s.any.At(s.min.X+x, s.min.Y+y))
			copy(dst[3*x:][:3], c[:])
		}
	}
	if r.channels == 1 {
		for x := range w { // ITU-R BT.601, as Pillow has it
			q := dst[3*x:][:3:3]
			q[0] = 0.299*q[0] + 0.587*q[1] + 0.114*q[2]
		}
	}
}
