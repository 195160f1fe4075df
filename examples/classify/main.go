// Classify names what is on a picture.
//
//	npm pack detypify-service@0.3.0
//	go run ./examples/classify drawing.png
//
// The network of that package (detypify, MIT) knows 411 symbols that are drawn by hand, dark on bright paper or the other way round. No package of the
// registry has one for photos as an ONNX file: any such file does with its list of names, a line each.
//
//	go run ./examples/classify -model mobilenetv2.onnx -labels imagenet.txt -mean 0.485,0.456,0.406 -std 0.229,0.224,0.225 photo.jpg
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/simdnn/simdnn/examples/internal/modelfile"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
	"github.com/simdnn/simdnn/vision"
)

const pack = "detypify-service@0.3.0"

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "classify:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	f := flag.NewFlagSet("classify", flag.ContinueOnError)
	model := f.String("model", "", "the network: an .onnx file (default: drawn symbols, by the archive of "+pack+" in this folder)")
	labels := f.String("labels", "", "the names of the classes, a line each")
	mean := f.String("mean", "0,0,0", "what is taken from red, green and blue, which are 0 to 1")
	std := f.String("std", "1,1,1", "what they are then divided by")
	top := f.Int("top", 5, "how many names")
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "usage: classify [flags] picture.jpg|picture.png\n\nfirst: npm pack %s, or -model and -labels\n\n", pack)
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 1 || *top < 1 || (*model == "") != (*labels == "") {
		f.Usage()
		return errors.New("want one picture, and both or none of -model and -labels")
	}
	o := vision.Options{}
	for _, list := range []struct {
		text string
		to   *[3]float32
	}{{*mean, &o.Mean}, {*std, &o.Std}} {
		if err := numbers(list.text, list.to); err != nil {
			return err
		}
	}
	in, err := os.Open(f.Arg(0))
	if err != nil {
		return err
	}
	defer in.Close()
	picture, _, err := image.Decode(in)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Arg(0), err)
	}
	var file *onnx.File
	var names []string
	if *model == "" {
		file, names, err = symbols()
		picture = drawing(picture)
	} else if file, err = onnx.Open(*model); err == nil {
		names, err = lines(*labels)
	}
	if err != nil {
		return err
	}
	scores, err := classify(file, o, picture)
	if err != nil {
		return err
	}
	if len(scores) != len(names) {
		return fmt.Errorf("the network has %d classes, and there are %d names", len(scores), len(names))
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return scores[order[i]] > scores[order[j]] })
	for _, i := range order[:min(*top, len(order))] {
		fmt.Fprintf(out, "%5.1f%%  %s\n", 100*scores[i], names[i])
	}
	return nil
}

// numbers reads three numbers with commas between.
func numbers(text string, to *[3]float32) error {
	parts := strings.Split(text, ",")
	for i := range to {
		if len(parts) != len(to) {
			return fmt.Errorf("%q: want 3 numbers with commas between", text)
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 32)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%q: %q is no number", text, parts[i])
		}
		to[i] = float32(v)
	}
	return nil
}

func lines(path string) ([]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimRight(string(b), "\r\n"), "\n"), nil
}

// symbols is the network of drawn symbols, and their names.
func symbols() (*onnx.File, []string, error) {
	b, err := modelfile.Source{Pack: pack, File: "package/train/model.onnx"}.Read("")
	if err != nil {
		return nil, nil, err
	}
	list, err := modelfile.Source{Pack: pack, File: "package/train/infer.json"}.Read("")
	if err != nil {
		return nil, nil, err
	}
	var known []struct {
		Char  string
		Names []string
	}
	if err := json.Unmarshal(list, &known); err != nil {
		return nil, nil, fmt.Errorf("the names of %s: %w", pack, err)
	}
	var names []string
	for _, k := range known {
		names = append(names, k.Char+"  "+strings.Join(k.Names, ", "))
	}
	f, err := onnx.Read(bytes.NewReader(b))
	return f, names, err
}

// drawing cuts what is drawn out of a picture, as the network of symbols wants it: bright on black, in the middle of a square, with a small margin. Ink is
// what differs from the corner.
func drawing(m image.Image) image.Image {
	b := m.Bounds()
	gray := func(x, y int) int {
		r, g, b, _ := m.At(x, y).RGBA()
		return int((19595*r + 38470*g + 7471*b + 1<<15) >> 24)
	}
	paper := gray(b.Min.X, b.Min.Y)
	ink := func(x, y int) int { return min(255, 2*max(paper-gray(x, y), gray(x, y)-paper)) }
	box := image.Rectangle{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if ink(x, y) > 128 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if box.Empty() {
		box = b
	}
	side := max(box.Dx(), box.Dy()) * 224 / 204
	left, top := (box.Min.X+box.Max.X-side)/2, (box.Min.Y+box.Max.Y-side)/2
	out := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if p := image.Pt(left+x, top+y); p.In(b) {
				out.Pix[y*out.Stride+x] = uint8(ink(p.X, p.Y))
			}
		}
	}
	return out
}

// classify returns the probability of each class. The network has one input for a picture, [1, C, H, W] or [1, H, W, C], and its last output is scores or
// probabilities.
func classify(file *onnx.File, o vision.Options, picture image.Image) ([]float64, error) {
	g, err := file.Graph(onnx.Options{})
	if err != nil {
		return nil, err
	}
	m, err := g.Compile(graph.Options{})
	if err != nil {
		return nil, err
	}
	in, outs := m.Inputs(), m.Outputs()
	if len(in) != 1 || in[0].Type.DType != tensor.Float32 || in[0].Type.Dims.Rank() != 4 || in[0].Type.Dims.At(0) != 1 {
		return nil, fmt.Errorf("the network's inputs are %v, want one float32 [1, C, H, W] or [1, H, W, C]", in)
	}
	d := in[0].Type.Dims
	c := d.At(1)
	if o.H, o.W, o.Layout = d.At(2), d.At(3), tensor.NCHW; c != 1 && c != 3 {
		o.H, o.W, c, o.Layout = d.At(1), d.At(2), d.At(3), tensor.NHWC
	}
	if c != 1 && c != 3 {
		return nil, fmt.Errorf("the network's input is %v, want 1 or 3 channels", d)
	}
	o.Gray = c == 1
	o.Shorter = max(o.H, o.W)
	if c == 3 { // a photo: its middle
		o.Shorter = o.Shorter * 8 / 7
	}
	r, err := vision.New(o)
	if err != nil {
		return nil, err
	}
	x := tensor.NewArray(in[0].Type)
	if err := r.Read(tensor.Data[float32](x), picture); err != nil {
		return nil, err
	}
	var y []tensor.Array
	for _, p := range outs {
		y = append(y, tensor.NewArray(p.Type))
	}
	if err := m.NewSession(0).Run(y, []tensor.Array{x}); err != nil {
		return nil, err
	}
	last := y[len(y)-1]
	return probabilities(last), nil
}

// probabilities are scores as they are, if they add up to 1, and else what softmax makes of them.
func probabilities(y tensor.Array) []float64 {
	p := make([]float64, y.Len())
	sum, most, least := 0.0, math.Inf(-1), 0.0
	for i := range p {
		p[i] = y.Float(i)
		sum, most, least = sum+p[i], max(most, p[i]), min(least, p[i])
	}
	if least >= 0 && math.Abs(sum-1) < 0.02 {
		return p
	}
	sum = 0
	for i := range p {
		p[i] = math.Exp(p[i] - most)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}
