package main

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/cases"
)

// TestPhoto names what is on a photo with a stored network.
func TestPhoto(t *testing.T) {
	dir := cases.Dir(t, "models", "data", "onnxfiles")
	var out strings.Builder
	require.NoError(t, run([]string{"-model", filepath.Join(dir, "onnxfiles", "mobilenet_v2_10_224_qdq.onnx"), "-labels", filepath.Join(dir, "models", "imagenet_labels_1001.txt"),
		"-mean", "0.502,0.502,0.502", "-std", "0.502,0.502,0.502", "-top", "3", filepath.Join(dir, "data", "photos", "chelsea.png")}, &out))
	list := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, list, 3)
	require.Contains(t, list[0], "cat")
}

// TestDrawing: what is drawn fills a square, bright on black, whatever the colour of the paper.
func TestDrawing(t *testing.T) {
	for _, paper := range []uint8{250, 10} {
		m := image.NewGray(image.Rect(5, 5, 305, 205))
		for i := range m.Pix {
			m.Pix[i] = paper
		}
		for i := range 102 { // a plus
			m.SetGray(150+i, 100, color.Gray{Y: 255 - paper})
			m.SetGray(201, 49+i, color.Gray{Y: 255 - paper})
		}
		d := drawing(m).(*image.Gray)
		require.Equal(t, 112, d.Bounds().Dx())
		require.Equal(t, 112, d.Bounds().Dy())
		require.EqualValues(t, 0, d.GrayAt(0, 0).Y)
		require.EqualValues(t, 255, d.GrayAt(56, 56).Y, "paper %d", paper)
		require.EqualValues(t, 255, d.GrayAt(5, 56).Y)
		require.EqualValues(t, 0, d.GrayAt(4, 56).Y)
	}
}

func TestMessages(t *testing.T) {
	t.Chdir(t.TempDir())
	f, err := os.Create("white.png")
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, image.NewGray(image.Rect(0, 0, 8, 8))))
	require.NoError(t, f.Close())
	require.ErrorContains(t, run([]string{"white.png"}, nil), "npm pack detypify-service@0.3.0")
	require.ErrorContains(t, run(nil, nil), "want one picture")
	require.ErrorContains(t, run([]string{"-model", "m.onnx", "white.png"}, nil), "both or none")
	require.ErrorContains(t, run([]string{"-mean", "1,2", "white.png"}, nil), "want 3 numbers")
	require.ErrorContains(t, run([]string{"-std", "1,2,x", "white.png"}, nil), "no number")
	require.ErrorContains(t, run([]string{"nowhere.png"}, nil), "nowhere.png")
}
