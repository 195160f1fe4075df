package cases

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const twoSamples = `{"format": "onnxcase/1", "name": "two", "file": "../models/two.onnx", "source": "a test", "licence": "none", "note": "n",
 "opset": {"ai.onnx": 13, "com.microsoft": 1}, "ir": 7, "bind": {"batch": 1}, "io": "two.io.bin", "samples": 2, "sample_bytes": 80,
 "labels": ["first", "second"], "carry": {"state": "next"}, "quant": {"form": "qdq", "activations": "uint8", "weights": "int8"},
 "inputs": [
  {"name": "picture", "dtype": "float32", "shape": [1, 2, 2], "offset": 0, "bytes": 4, "stored": "uint8", "to_float": {"sub": [1, 10], "div": [2, 4], "axis": 1}},
  {"name": "rate", "dtype": "int64", "shape": [], "offset": 16, "bytes": 8},
  {"name": "state", "dtype": "float16", "shape": [2], "offset": 32, "bytes": 4}],
 "outputs": [
  {"name": "y", "dtype": "float32", "shape": [5], "offset": 48, "bytes": 12, "max_abs": 9, "every": 2, "rtol": 0.5, "atol": 0.25, "steps": 2, "step": 0.125},
  {"name": "next", "dtype": "float16", "shape": [2], "offset": 64, "bytes": 4, "max_abs": 9, "rtol": 0, "atol": 0.001}],
 "rtol": 0.5, "atol": 0.25, "ort_ms": 1.5, "ops": {"Conv": 2}, "params": 7, "mmac": 0.5}`

// writeTwo stores the case, with a change.
func writeTwo(t *testing.T, change func(string) string) string {
	dir := t.TempDir()
	le := binary.LittleEndian
	bin := make([]byte, 160)
	for k := range 2 {
		b := bin[80*k:]
		copy(b, []byte{1, 3, 10, byte(30 + k)})
		le.PutUint64(b[16:], uint64(16000+k))
		copy(b[32:], []byte{0, 0x3c, 0, 0xc0}) // 1, -2
		for i, v := range []float32{4, -2, float32(math.Inf(1))} {
			le.PutUint32(b[48+4*i:], math.Float32bits(v))
		}
		copy(b[64:], []byte{0, 0x3c, 0, 0xc0})
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "two.io.bin"), bin, 0o600))
	js := twoSamples
	if change != nil {
		require.NotEqual(t, js, change(js))
		js = change(js)
	}
	path := filepath.Join(dir, "two.json")
	require.NoError(t, os.WriteFile(path, []byte(js), 0o600))
	return path
}

func TestOpenFileCase(t *testing.T) {
	path := writeTwo(t, nil)
	c, err := OpenFileCase(path)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(filepath.Dir(filepath.Dir(path)), "models", "two.onnx"), c.Path)
	require.Equal(t, Opset(13), c.Opset)
	require.Equal(t, map[string]int{"batch": 1}, c.Bind)
	require.Equal(t, map[string]string{"state": "next"}, c.Carry)
	require.Equal(t, Quant{"qdq", "uint8", "int8"}, c.Quant)
	require.Equal(t, 0.5e6, c.MACs)
	require.InDelta(t, 1.5e-3, c.RefSeconds, 1e-12)
	require.Len(t, c.Samples, 2)
	s := c.Samples[1]
	require.Equal(t, "second", s.Label)
	require.Equal(t, "float32", s.Inputs[0].DType)
	require.Equal(t, []float32{0, 1, 0, 5.25}, s.Inputs[0].Float32s(), "(q - sub[c]) / div[c], c along axis 1")
	require.Len(t, s.Inputs[0].Raw(), 16)
	require.Equal(t, []float64{0, 1, 0, 5}, c.Samples[0].Inputs[0].Float64s())
	require.Equal(t, []int{16001}, s.Inputs[1].Ints())
	require.Equal(t, []float64{1, -2}, s.Inputs[2].Float64s())
	y := s.Outputs[0]
	require.Equal(t, []int{5}, y.Shape)
	require.Equal(t, []float64{4, -2, math.Inf(1)}, y.Stored.Float64s())
	require.Equal(t, 2, y.Steps)
	require.Equal(t, 0.125, y.Step)

	inf := math.Inf(1)
	worst, _ := y.Compare([]float64{4, 77, -2, 77, inf})
	require.Zero(t, worst)
	worst, where := y.Compare([]float64{4 + 2.25, 77, -2 - 0.25, 77, inf})
	require.Equal(t, 1.0, worst)
	require.Equal(t, `output "y", element 0 is 6.25, want 4 within 2.25`, where)
	for _, wrong := range [][]float64{{math.NaN(), 0, -2, 0, inf}, {4, 0, -2, 0, 1e38}, {4, 0, -2, 0, math.NaN()}, {4, 0, -2, 0}, {4, 0, 2, 0, inf}} {
		worst, where = y.Compare(wrong)
		require.Greater(t, worst, 1.0)
		require.NotEmpty(t, where)
	}
	worst, where = (&Answer{Name: "i", Shape: []int{2}, Every: 1, Stored: s.Outputs[1].Stored}).Compare([]float64{1, -3})
	require.True(t, math.IsInf(worst, 1), "nothing is tolerated")
	require.Contains(t, where, "element 1")
}

func TestOpenFileCaseRefuses(t *testing.T) {
	swap := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	for want, change := range map[string]func(string) string{
		"format is":               swap("onnxcase/1", "cnncase/1"),
		"3 samples of 80 bytes":   swap(`"samples": 2`, `"samples": 3`),
		"1 labels for 2":          swap(`"first", `, ""),
		`to_float has 2 and 1`:    swap("[2, 4]", "[2]"),
		`for axis 3`:              swap(`"axis": 1`, `"axis": 3`),
		`tensor "rate": 8 bytes`:  swap(`"shape": []`, `"shape": [2]`),
		`tensor "y": 12 bytes`:    swap(`"every": 2`, `"every": 1`),
		"every -1":                swap(`"every": 2`, `"every": -1`),
		`unknown dtype "int128"`:  swap(`"int64"`, `"int128"`),
		`cannot be input "state"`: swap(`"next"}`, `"y"}`),
		"no such file":            swap(`"two.io.bin"`, `"absent.bin"`),
		`unknown dtype ""`:        swap(`"stored": "uint8", `, ""),
	} {
		_, err := OpenFileCase(writeTwo(t, change))
		require.ErrorContains(t, err, want)
	}
	_, err := NewTensor("x", "int32", []int{2}, make([]byte, 7))
	require.ErrorContains(t, err, `tensor "x"`)
	x, err := NewTensor("x", "int32", []int{2}, []byte{1, 0, 0, 0, 255, 255, 255, 255})
	require.NoError(t, err)
	require.Equal(t, []int{1, -1}, x.Ints())
}

// TestFileCases reads everything that is stored.
func TestFileCases(t *testing.T) {
	for _, c := range FileCases(t) {
		require.FileExists(t, c.Path)
		require.NotZero(t, c.Opset, c.Name)
		for k, s := range c.Samples {
			for _, a := range s.Outputs {
				require.Positive(t, a.Atol, "%s %s", c.Name, a.Name)
				whole := make([]float64, a.Every*len(a.Stored.Float64s()))
				for i, v := range a.Stored.Float64s() {
					require.LessOrEqual(t, math.Abs(v), a.MaxAbs*1.0001)
					whole[i*a.Every] = v
				}
				n := 1
				for _, d := range a.Shape {
					n *= d
				}
				worst, where := a.Compare(whole[:n])
				require.Zero(t, worst, where)
			}
			for in, out := range c.Carry {
				if k == 0 {
					continue
				}
				var x []float64
				for _, i := range s.Inputs {
					if i.Name == in {
						x = i.Float64s()
					}
				}
				for _, a := range c.Samples[k-1].Outputs {
					if a.Name == out {
						require.Equal(t, a.Stored.Float64s(), x, "%s: %s", c.Name, in)
					}
				}
			}
		}
	}
}
