package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/npy"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// TestQuantize: a network is calibrated with a folder of photos and arrays, and is compared before and after, with labels.
func TestQuantize(t *testing.T) {
	path, dir := tiny(t, "Softmax"), t.TempDir()
	folder := filepath.Join(dir, "samples")
	require.NoError(t, os.Mkdir(folder, 0o755))
	photo, err := os.ReadFile(picture(t, 8, 6))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.png"), photo, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("no sample"), 0o600))
	x := tensor.NewArray(tensor.T(tensor.Float32, 1, 3, 6, 8))
	for i := range x.Len() {
		x.SetFloat(i, float64(i%7)/4-1)
	}
	require.NoError(t, npy.WriteFile(filepath.Join(folder, "b.npy"), x))
	labels := filepath.Join(dir, "labels.txt")
	require.NoError(t, os.WriteFile(labels, []byte("a.png 0\nb.npy,2\n"), 0o600))

	to := filepath.Join(dir, "out.onnx")
	code, out, errs := simdnn("quantize", path, "-calibrate", folder, "-labels", labels, "-o", to, "-percentile", "99.9")
	require.Equal(t, exitOK, code, errs)
	require.Empty(t, errs)
	require.Contains(t, out, "wrote "+to+": 1 of 1 convolutions and products on bytes")
	require.Regexp(t, `(?m)^y/\.\./y float32 1x4: signal to noise \d+\.\d dB, .* the largest in 2 of 2 samples$`, out)
	require.Regexp(t, `(?m)^right by y/\.\./y: \d of 2 before, \d after$`, out)
	f, err := onnx.Open(to)
	require.NoError(t, err)
	require.Equal(t, "[1, 3, d2, d3]", f.Inputs()[0].String()[len("x float32 "):], "sizes stay open")
	require.Positive(t, f.Operators()["QuantizeLinear"])

	// What nobody names lies beside the model, and what is there can be calibrated again by nothing.
	code, out, errs = simdnn("quantize", path, "-calibrate", "random", "-dim", "d2=6", "-dim", "d3=5", "-samples", "3", "-signed", "-float", "conv", "-float", "mean")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, errs, "it was to stay")
	code, out, errs = simdnn("quantize", path, "-calibrate", "random", "-dim", "d2=6", "-dim", "d3=5", "-samples", "3", "-signed", "-float", "mean")
	require.Equal(t, exitOK, code, errs)
	require.Contains(t, out, "and 0 other operators")
	require.Contains(t, out, "of 3 samples")
	written := strings.TrimSuffix(path, ".onnx") + ".int8.onnx"
	require.FileExists(t, written)
	code, _, errs = simdnn("quantize", written, "-calibrate", "random")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "quantised already")
}

// TestReadLabels: lines with names, and lines with numbers alone in the order of the samples.
func TestReadLabels(t *testing.T) {
	path := filepath.Join(t.TempDir(), "labels")
	for _, c := range []struct {
		text, err string
		want      []int
	}{
		{"3\n\n1\n", "", []int{3, 1}},
		{"x/b.png 1\na b.png\t3\n", "", []int{3, 1}},
		{"3\n", "1 numbers alone", nil},
		{"3\nb.png 1\n", "1 numbers alone and 1 with names", nil},
		{"b.png 1\n", "no class for a b.png", nil},
		{"a b.png one\n", `line 1 is "a b.png one"`, nil},
		{"3\n-1\n", `line 2 is "-1"`, nil},
	} {
		require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
		s := &samplesOf{names: []string{"d/a b.png", "d/b.png"}}
		err := s.readLabels(path)
		if c.err != "" {
			require.ErrorContains(t, err, c.err, c.text)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.want, s.labels, c.text)
	}
}
