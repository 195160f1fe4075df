package cases

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLoad(t *testing.T) {
	c, err := Load("testdata/all_dtypes.json")
	require.NoError(t, err)
	require.Equal(t, "all_dtypes", c.Name)
	require.Equal(t, Opset(13), c.Opset)
	require.Equal(t, Stat{Cond: 1.5, Depth: 6}, c.Stats["y"])
	require.Equal(t, "d_x", c.Backward.Grads["x"])
	require.Equal(t, []float32{1, -2, 0.5, float32(math.Inf(1)), 0, 3}, c.Tensor("x").Float32s())
	require.True(t, math.Signbit(c.Tensor("x").Float64s()[4]), "-0 keeps its sign")
	h := c.Tensor("h").Float64s()
	require.True(t, math.IsNaN(h[4]))
	require.Equal(t, []float64{1, -2, math.Ldexp(1, -24), math.Inf(1)}, h[:4])
	require.InDelta(t, 0.333252, h[5], 1e-6)
	require.Equal(t, []float64{1, -2.5}, c.Tensor("b").Float64s())
	for name, want := range map[string][]int{
		"int8": {-128, 127}, "uint8": {0, 255}, "int16": {-32768, 7}, "uint16": {65535, 7},
		"int32": {math.MinInt32, 7}, "int64": {-5, 7}, "uint64": {5, 7}, "bool": {1, 0},
	} {
		require.Equal(t, want, c.Tensor(name).Ints(), name)
	}
	require.Equal(t, []float64{math.MaxUint32, 7}, c.Tensor("uint32").Float64s())
	y := c.Tensor("y")
	require.Equal(t, 1, y.Len(), "a scalar")
	require.Equal(t, []float64{0.1}, y.Float64s())
	require.Panics(t, func() { y.Ints() })
	require.Nil(t, c.Tensor("absent"))

	n := &c.Nodes[0]
	require.Equal(t, "", n.Input(1))
	require.Equal(t, "h", n.Input(2))
	require.Equal(t, "", n.Input(3))
	require.True(t, n.Has("axis"))
	require.False(t, n.Has("group"))
	require.Equal(t, -1, n.Int("axis", 5))
	require.Equal(t, 5, n.Int("group", 5))
	require.Equal(t, []int{1, 2, 3, 4}, n.Ints("pads"))
	require.Equal(t, []int{1, 1}, n.Ints("strides", 1, 1))
	require.Equal(t, 0.25, n.Float("alpha", 1))
	require.Equal(t, "same", n.String("mode", ""))
	require.True(t, n.Bool("flag", false))
	require.Panics(t, func() { n.Int("mode", 0) })
}

// corrupt copies a case into a temporary folder after a change to its JSON or its numbers.
func corrupt(t *testing.T, name string, json, bin func(string) string) string {
	dir := t.TempDir()
	for ext, f := range map[string]func(string) string{".json": json, ".bin": bin, ".samples.bin": nil} {
		b, err := os.ReadFile(filepath.Join("testdata", name+ext))
		if os.IsNotExist(err) {
			continue
		}
		require.NoError(t, err)
		s := string(b)
		if f != nil {
			require.NotEqual(t, s, f(s), "the change changes nothing")
			s = f(s)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+ext), []byte(s), 0o600))
	}
	return filepath.Join(dir, name+".json")
}

func swap(old, new string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, new, 1) }
}

func TestLoadRefuses(t *testing.T) {
	for want, path := range map[string]string{
		"sha256":        corrupt(t, "all_dtypes", nil, func(s string) string { return "?" + s[1:] }),
		"format":        corrupt(t, "all_dtypes", swap("cnncase/1", "cnncase/9"), nil),
		"unknown dtype": corrupt(t, "all_dtypes", swap(`"float16"`, `"float15"`), nil),
		`tensor "int8"`: corrupt(t, "all_dtypes", swap(`"int8",
   "shape": [
    2`, `"int8",
   "shape": [
    3`), nil),
		"no such file": "testdata/absent.json",
	} {
		_, err := Load(path)
		require.ErrorContains(t, err, want)
	}
	for want, path := range map[string]string{
		"the generator's value 1": corrupt(t, "tiny", swap("0.0421", "0.0422"), nil),
		"format is":               corrupt(t, "tiny", swap("cnnmodel/1", "cnncase/1"), nil),
		"2 values, want 3": corrupt(t, "tiny", swap(`"int64",
   "shape": [
    2`, `"int64",
   "shape": [
    3`), nil),
	} {
		_, err := LoadModel(path)
		require.ErrorContains(t, err, want)
	}
}

func TestLoadModel(t *testing.T) {
	m, err := LoadModel("testdata/tiny.json")
	require.NoError(t, err)
	require.Equal(t, "input", m.Input)
	require.Equal(t, []int{1, 2, 1, 2}, m.InShape)
	require.Equal(t, []string{"y"}, m.Outputs)
	require.Equal(t, []float32{-2, 2, 1.5, 2}, m.Constants["w"].Float32s(), "scale[c]*(q-zero)")
	require.Equal(t, []int{-3, 5, 7, 9}, m.Constants["w"].Ints())
	require.Equal(t, []float32{1, -1}, m.Constants["b"].Float32s())
	require.Equal(t, []int{1, -1}, m.Constants["s"].Ints())
	require.Equal(t, []float64{1, -1}, m.Constants["s"].Float64s())
	require.Equal(t, []float32{0.5, 1.5}, m.Constants["f"].Float32s())
	require.Equal(t, []float32{0.026527917, 0.04218958, 0.18462664}, m.Constants["g"].Float32s())
	require.Len(t, m.Samples, 1)
	s := m.Samples[0]
	require.Equal(t, []float32{0, 0.2, 1, 4}, s.Input, "(pixel-sub[c])/div[c]")
	require.Equal(t, []float64{1.25, -2.5}, s.Outputs[0].Float64s())
	require.Equal(t, 1e-7, s.Outputs[0].OrtF32MaxDiff)
	require.Equal(t, [2]float64{1, -2.5}, s.Top[1])
	require.Equal(t, "y", m.Trace[0].Name)
}

func TestDir(t *testing.T) {
	t.Setenv(Env, t.TempDir())
	_, forced, err := Find()
	require.True(t, forced)
	require.ErrorContains(t, err, Env)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "README.md"), nil, 0o600))
	t.Setenv(Env, dir)
	require.Equal(t, dir, Dir(t))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "onnx"), 0o700))
	require.Equal(t, dir, Dir(t, "onnx"))
	end := ending(func(t testing.TB) { Dir(t, "onnx", "nets", "models") })
	require.True(t, strings.HasPrefix(end, "failed: stored cases not found: nets, models ("), end)

	t.Setenv(Env, "")
	t.Chdir(t.TempDir())
	_, forced, err = Find()
	require.False(t, forced)
	require.ErrorContains(t, err, "not inside the module")
	end = ending(func(t testing.TB) { List(t, "oracle", nil) })
	require.True(t, strings.HasPrefix(end, "skipped: stored cases not found: oracle ("), end)
}

// ending says how a test function ends that does not come to its end.
func ending(test func(testing.TB)) (how string) {
	defer func() { how, _ = recover().(string) }()
	test(ends{})
	return ""
}

type ends struct{ testing.TB }

func (ends) Helper()                   {}
func (ends) Fatalf(f string, a ...any) { panic("failed: " + fmt.Sprintf(f, a...)) }
func (ends) Skipf(f string, a ...any)  { panic("skipped: " + fmt.Sprintf(f, a...)) }

// TestStored reads everything that is stored.
func TestStored(t *testing.T) {
	dir := Dir(t, "onnx", "oracle", "int8", "nets", "models", "train")
	for _, folder := range []string{"onnx", "oracle", "int8"} {
		require.NotEmpty(t, List(t, folder, nil))
	}
	for _, folder := range []string{"nets", "models"} {
		paths, err := filepath.Glob(filepath.Join(dir, folder, "*.json"))
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, p := range paths {
			m, err := LoadModel(p)
			require.NoError(t, err)
			require.NotEmpty(t, m.Samples, p)
			require.Len(t, m.Samples[0].Outputs, len(m.Outputs), p)
			require.NotEmpty(t, m.Trace, p)
		}
	}
	w, err := LoadInit(filepath.Join(dir, "train", "train_lenet_sgd.json"))
	require.NoError(t, err)
	require.Equal(t, []int{6, 1, 5, 5}, w[0].Shape)
}
