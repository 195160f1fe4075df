package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/ort"
	"github.com/simdnn/simdnn/npy"
	"github.com/simdnn/simdnn/tensor"
)

// message is a protocol buffer that is built from the inside out.
type message []byte

func (m message) bytes(field int, b []byte) message {
	m = binary.AppendUvarint(m, uint64(field<<3|2))
	return append(binary.AppendUvarint(m, uint64(len(b))), b...)
}

func (m message) text(field int, s string) message { return m.bytes(field, []byte(s)) }

func (m message) int(field, v int) message {
	return binary.AppendUvarint(binary.AppendUvarint(m, uint64(field<<3)), uint64(v))
}

func node(op, out string, attrs []message, in ...string) (m message) {
	for _, i := range in {
		m = m.text(1, i)
	}
	m = m.text(2, out).text(3, out).text(4, op)
	for _, a := range attrs {
		m = m.bytes(5, a)
	}
	return m
}

func ints(name string, v ...int) message {
	m := message{}.text(1, name)
	for _, i := range v {
		m = m.int(8, i)
	}
	return m.int(20, 7)
}

// weights are initial values of 32 bits each: 0.1, -0.2, 0.3, ...
func weights(name string, sizes ...int) (m message) {
	n := 1
	for _, s := range sizes {
		m, n = m.int(1, s), n*s
	}
	var raw []byte
	for i := range n {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(i%7+1)*float32(1-2*(i%2))/10))
	}
	return m.int(2, 1).text(8, name).bytes(9, raw)
}

// port is an input or output of float32; negative sizes are open, and called d1, d2, ...
func port(name string, sizes ...int) message {
	var shape message
	for i, s := range sizes {
		d := message{}.int(1, s)
		if s < 0 {
			d = message{}.text(2, "d"+string(rune('0'+i)))
		}
		shape = shape.bytes(1, d)
	}
	return message{}.text(1, name).bytes(2, message{}.bytes(1, message{}.int(1, 1).bytes(2, shape)))
}

func model(nodes, initial []message, in, out message) []byte {
	g := message{}
	for _, n := range nodes {
		g = g.bytes(1, n)
	}
	g = g.text(2, "tiny")
	for _, w := range initial {
		g = g.bytes(5, w)
	}
	g = g.bytes(11, in).bytes(12, out)
	return message{}.int(1, 8).text(2, "the test").bytes(7, g).bytes(8, message{}.int(2, 13))
}

// tiny is a network with a convolution on pictures whose size is open, and four classes. Op makes the classes of the sums.
func tiny(t *testing.T, op string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.onnx")
	b := model([]message{
		node("Conv", "conv", []message{ints("pads", 1, 1, 1, 1)}, "x", "w"),
		node("Relu", "relu", nil, "conv"),
		node("GlobalAveragePool", "mean", nil, "relu"),
		node("Flatten", "flat", nil, "mean"),
		node(op, "y/../y", nil, "flat"),
	}, []message{weights("w", 4, 3, 3, 3)}, port("x", 1, 3, -1, -1), port("y/../y", 1, 4))
	require.NoError(t, os.WriteFile(path, b, 0o600))
	return path
}

// simdnn runs the program.
func simdnn(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(args, &o, &e)
	return code, o.String(), e.String()
}

// picture writes a photo of one colour with a white pixel.
func picture(t *testing.T, w, h int) string {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.Set(i%w, i/w, color.NRGBA{255, 51, 0, 255})
	}
	m.Set(0, 0, color.White)
	path := filepath.Join(t.TempDir(), "photo.png")
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, m))
	require.NoError(t, f.Close())
	return path
}

func TestHelp(t *testing.T) {
	code, out, errs := simdnn()
	require.Equal(t, exitUsage, code)
	require.Empty(t, out)
	require.Contains(t, errs, "usage:")
	for _, a := range []string{"-h", "--help", "-help", "help"} {
		code, out, errs := simdnn(a)
		require.Equal(t, exitOK, code)
		require.Empty(t, errs)
		require.Contains(t, out, "usage:")
	}
	for _, c := range commands() {
		for _, args := range [][]string{{c.name, "-help"}, {c.name, "--help"}, {c.name, "-h"}, {c.name, "x.onnx", "-h"}, {"help", c.name}} {
			code, out, errs := simdnn(args...)
			require.Equal(t, exitOK, code, args)
			require.Empty(t, errs)
			require.Contains(t, out, "usage: simdnn "+c.name)
			require.Contains(t, out, "flags:\n  -")
		}
	}
}

// TestUsage: wrong arguments are a line on stderr and exit code 2.
func TestUsage(t *testing.T) {
	path := tiny(t, "Softmax")
	for _, c := range []struct{ args, want string }{
		{"frob", `"frob"`},
		{"help frob", `"frob"`},
		{"info", "no file"},
		{"info a b", `"b"`},
		{"info " + path + " -dim x=2", "d2, d3"},
		{"info " + path + " -dim d2=0", "at least 1"},
		{"info " + path + " -shape z=2x3", "there is: x"},
		{"info " + path + " -shape x=2x", "size"},
		{"run " + path + " -nothing", "-nothing"},
		{"run " + path + " -input z=random", "there is: x"},
		{"run " + path + " -input photo.tiff", ".jpg"},
		{"run " + path + " -mean a", "numbers"},
		{"run " + path + " -threads -1", "-threads"},
		{"bench " + path + " -threads 1,x", `"x"`},
		{"bench " + path + " -time 0s", "-time"},
		{"bench " + path + " -steps -1", "-steps"},
		{"bench " + path + " -against caffe", "-against caffe, want onnxruntime"},
		{"check " + path + " -ort lib.so", "-ort without -against"},
		{"check " + path + " -tolerance nan", "-tolerance"},
		{"quantize " + path, "-calibrate is missing"},
		{"quantize " + path + " -calibrate random -samples -1", "-samples -1"},
		{"quantize " + path + " -calibrate random -percentile 3", "-percentile is 3"},
		{"quantize " + path + " -calibrate random -labels l", "-labels"},
		{"quantize " + path + " -calibrate random -o " + path, "the model itself"},
	} {
		code, out, errs := simdnn(strings.Fields(c.args)...)
		require.Equal(t, exitUsage, code, "%s: %s", c.args, errs)
		require.Empty(t, out)
		require.Contains(t, errs, c.want, c.args)
		require.Equal(t, 1, strings.Count(errs, "\n"), "one line: %s", errs)
	}
}

// TestFailures: what does not work is a line on stderr and exit code 1.
func TestFailures(t *testing.T) {
	path, unknown := tiny(t, "Softmax"), tiny(t, "Frobnicate")
	dir := t.TempDir()
	wrong := filepath.Join(dir, "wrong.npy")
	require.NoError(t, npy.WriteFile(wrong, tensor.NewArray(tensor.T(tensor.Float32, 1, 2, 4, 4))))
	broken := filepath.Join(dir, "broken.png")
	require.NoError(t, os.WriteFile(broken, []byte("no picture"), 0o600))
	for _, c := range []struct{ args, want string }{
		{"info " + dir + "/absent.onnx", "absent.onnx"},
		{"info " + broken, "broken.png"},
		{"info " + unknown, "Frobnicate"},
		{"run " + unknown, "Frobnicate"},
		{"run " + path + " -shape x=1x3x0x4", "size"},
		{"run " + path + " -input " + wrong, "x"},
		{"run " + path + " -input " + broken, "broken.png"},
		{"run " + path + " -input " + dir + "/absent.npz", "absent.npz"},
		{"run " + path + " -labels " + dir + "/absent", "absent"},
		{"check " + dir + "/absent.json", "absent.json"},
		{"quantize " + path + " -calibrate " + dir + "/absent", "absent"},
		{"quantize " + path + " -calibrate " + t.TempDir(), "no file that ends in"},
		{"quantize " + path + " -calibrate " + dir, "broken.png"},
		{"quantize " + path + " -calibrate random -float c9", `"c9"`},
		{"quantize " + path + " -calibrate random -o " + dir + "/absent/out.onnx", "absent"},
		{"quantize " + unknown + " -calibrate random", "Frobnicate"},
	} {
		code, _, errs := simdnn(strings.Fields(c.args)...)
		require.NotEqual(t, exitOK, code, c.args)
		require.Contains(t, errs, c.want, c.args)
		require.Equal(t, 1, strings.Count(errs, "\n"), "one line: %s", errs)
	}
	_, out, _ := simdnn("info", unknown)
	require.Contains(t, out, "not supported  Frobnicate")
}

func TestInfo(t *testing.T) {
	code, out, errs := simdnn("info", tiny(t, "Softmax"), "-dim", "d2=5", "-dim", "d3=6", "-steps")
	require.Equal(t, exitOK, code, errs)
	for _, want := range []string{
		"graph          tiny", "producer       the test", "operator set   13", "input          x float32 [1, 3, d2, d3]", "output         y/../y float32 [1, 4]",
		"parameters     108", "Conv 1", "multiply-adds  3,240", "without kernel none", "conv n1c3h5w6",
	} {
		require.Contains(t, out, want)
	}
	_, out, _ = simdnn("info", tiny(t, "Hardmax"))
	require.Contains(t, out, "without kernel Hardmax 1")
}

// TestRunPhoto: a photo, scaled and normalised by hand, and the same as an array.
func TestRunPhoto(t *testing.T) {
	path, photo, dir := tiny(t, "Softmax"), picture(t, 8, 6), t.TempDir()
	labels := filepath.Join(dir, "labels.txt")
	require.NoError(t, os.WriteFile(labels, []byte("one\ntwo\nthree\nfour\n"), 0o600))
	code, out, errs := simdnn("run", "-input", photo, path, "-mean", "0.5,0.4,0.3", "-std", "0.25", "-top", "2", "-labels", labels, "-output", filepath.Join(dir, "a"))
	require.Equal(t, exitOK, code, errs)
	require.Regexp(t, `(?m)^ +\d  0\.\d+ +(one|two|three|four)$`, out)
	require.Contains(t, out, "wrote")
	file := filepath.Join(dir, "a", "y_y_0.npy") // the name cannot leave the folder
	y, err := npy.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, tensor.T(tensor.Float32, 1, 4), y.Type())

	x := tensor.NewArray(tensor.T(tensor.Float32, 1, 3, 6, 8))
	for i := range 48 {
		for c, v := range []float64{1, 0.2, 0} {
			if i == 0 {
				v = 1
			}
			x.SetFloat(c*48+i, (v-[]float64{0.5, 0.4, 0.3}[c])/0.25)
		}
	}
	require.NoError(t, npy.WriteZipFile(filepath.Join(dir, "x.npz"), map[string]tensor.Array{"x": x}))
	code, _, errs = simdnn("run", path, "-input", "x="+filepath.Join(dir, "x.npz"), "-output", filepath.Join(dir, "b"))
	require.Equal(t, exitOK, code, errs)
	z, err := npy.ReadFile(filepath.Join(dir, "b", "y_y_0.npy"))
	require.NoError(t, err)
	for i := range 4 {
		require.InDelta(t, y.Float(i), z.Float(i), 1e-5)
	}
	sum := y.Float(0) + y.Float(1) + y.Float(2) + y.Float(3)
	require.InDelta(t, 1, sum, 1e-5)
}

// TestPicture: sizes, orders of channels, cropping.
func TestPicture(t *testing.T) {
	p, err := openPhoto(picture(t, 8, 6))
	require.NoError(t, err)
	in := &inputFlags{mean: floats{0}, std: floats{1}, crop: new(bool), bgr: new(bool), scale: new(float64)}
	*in.scale = 1
	get := func(d tensor.DType, sizes ...int) tensor.Array {
		a, err := in.picture(p, "x", tensor.T(d, sizes...))
		require.NoError(t, err)
		return a
	}
	require.Equal(t, []int{255, 51, 0}, get(tensor.Uint8, 1, 6, 8, 3).Ints()[45*3-3:45*3])
	require.Equal(t, []int{255, 255, 255, 255, 51, 0}, get(tensor.Uint8, 6, 8, 3).Ints()[:6])
	*in.bgr = true
	require.Equal(t, []int{0, 51, 255}, get(tensor.Uint8, 1, 6, 8, 3).Ints()[45*3-3:45*3])
	*in.bgr = false
	gray := get(tensor.Float32, 1, 1, 6, 8)
	require.InDelta(t, 0.299*255+0.587*51, gray.Float(47), 1e-4)
	// A quarter of the size: the white pixel is a part of the first one. The sum of a line's weights is 1.
	small := get(tensor.Float32, 1, 3, 3, 4)
	require.InDelta(t, 255, small.Float(11), 1e-4)
	require.InDelta(t, 51, small.Float(12+11), 1e-4)
	require.Greater(t, small.Float(12), 60.0)
	large := get(tensor.Float32, 1, 3, 13, 17)
	require.InDelta(t, 51, large.Float(2*13*17-1), 1e-4)
	// Cropping takes columns 1 to 6 of 8, where nothing is white.
	*in.crop = true
	square := get(tensor.Float32, 1, 3, 6, 6)
	for i := range 36 {
		require.InDelta(t, 51, square.Float(36+i), 1e-4)
	}
	_, err = in.picture(p, "x", tensor.T(tensor.Float32, 2, 3, 6, 6))
	require.ErrorContains(t, err, `"x"`)
	in.mean = floats{1, 2}
	_, err = in.picture(p, "x", tensor.T(tensor.Float32, 1, 3, 6, 6))
	require.ErrorContains(t, err, "-mean")
}

func TestTriangle(t *testing.T) {
	for _, c := range [][2]int{{5, 5}, {3, 9}, {9, 3}, {1, 100}, {100, 1}, {7, 10}} {
		taps := triangle(c[0], 0, float64(c[1]), c[1])
		require.Len(t, taps, c[0])
		for _, p := range taps {
			sum, middle := 0.0, 0.0
			require.GreaterOrEqual(t, p.first, 0)
			require.LessOrEqual(t, p.first+len(p.weights), c[1])
			for k, w := range p.weights {
				sum += w
				middle += w * (float64(p.first+k) + 0.5)
			}
			require.InDelta(t, 1, sum, 1e-12)
		}
	}
	same := triangle(4, 0, 4, 4)
	for i, p := range same {
		for k, w := range p.weights {
			require.InDelta(t, map[bool]float64{true: 1}[p.first+k == i], w, 1e-12, "equal sizes copy")
		}
	}
}

func TestBench(t *testing.T) {
	page := filepath.Join(t.TempDir(), "steps.html")
	code, out, errs := simdnn("bench", tiny(t, "Hardmax"), "-shape", "x=1x3x9x9", "-threads", "1,2", "-time", "5ms", "-html", page, "-steps", "2")
	require.Equal(t, exitOK, code, errs)
	for _, want := range []string{"1 thread(s):", "2 thread(s):", "GFLOP/s", "conv", "eval Hardmax", "and 1 more"} {
		require.Contains(t, out, want)
	}
	b, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Contains(t, string(b), "conv n1c3h9w9")
	require.Contains(t, string(b), "class=slow")
	require.Contains(t, string(b), "2 thread(s)")
}

func TestCheckModel(t *testing.T) {
	path := tiny(t, "Softmax")
	code, out, errs := simdnn("check", path, "-shape", "x=1x3x9x9")
	require.Equal(t, exitOK, code, errs)
	require.Contains(t, out, ": 4 steps and outputs compared")
	require.Contains(t, out, "worst:")
	code, out, errs = simdnn("check", path, "-shape", "x=1x3x9x9", "-tolerance", "0", "-exact")
	require.Equal(t, exitFailed, code, "a sum in float32 is not that in float64")
	require.Contains(t, out, "first beyond the tolerance of 0: relu")
	require.Contains(t, errs, "beyond the tolerance")
}

// TestComparison: of nodes with one name the last is compared; other kinds are not; types of few bits have more room.
func TestComparison(t *testing.T) {
	f := func(x ...float32) tensor.Array { return tensor.Vector(x) }
	list := last([]shown{{"a", f(1)}, {"b", f(2)}, {"a", f(3)}})
	require.Equal(t, []string{"b", "a"}, []string{list[0].node, list[1].node})
	require.Equal(t, []int{3}, list[1].x.Ints())
	r := &comparison{tolerance: 1e-3}
	r.add("kind", "", tensor.Vector([]uint8{9}), f(1))
	r.add("sizes", "", f(1, 2), f(1))
	require.Zero(t, r.compared)
	half := tensor.NewArray(tensor.T(tensor.Float16, 1))
	half.SetFloat(0, 1)
	r.add("half", "", f(1.01), half)
	require.Nil(t, r.first)
	r.add("third", "", f(1.002), f(1))
	r.add("fourth", "", f(1.1), f(1))
	require.Equal(t, "third", r.first.node)
	require.Equal(t, "fourth", r.worst.node)
	require.Equal(t, 3, r.compared)
	r = &comparison{tolerance: 1, strict: true}
	r.add("a", "Relu", f(2), f(1))
	r.add("kind", "Shape", tensor.Vector([]uint8{9}), f(1))
	r.add("absent", "Neg", f(2), tensor.Array{})
	require.Equal(t, 3, r.compared)
	require.Equal(t, "kind, Shape: it is uint8 1, want float32 1", r.first.String(), "a comparison that leaves nothing out")
}

// TestAddAll: of values that all are outputs the first that differs is named, and what makes it.
func TestAddAll(t *testing.T) {
	c := &call{command: command{name: "check"}, flags: flag.NewFlagSet("", flag.ContinueOnError), out: io.Discard, err: io.Discard}
	m, in := c.modelFlags(), c.inputFlags()
	m.shapes["x"] = []int{1, 3, 9, 9}
	l, err := c.load(tiny(t, "Softmax"), m, in)
	require.NoError(t, err)
	names, want := []string{"conv", "relu", "mean", "flat"}, make(map[string]tensor.Array)
	_, err = l.graph.EvalEach(func(node string, x tensor.Array) error {
		want[node] = x
		return nil
	}, l.inputs...)
	require.NoError(t, err)
	find := func() *comparison {
		r := &comparison{tolerance: 1e-5, strict: true}
		require.NoError(t, c.addAll(r, l, names, map[string]string{"mean": "GlobalAveragePool"}, want, 1, false))
		require.NoError(t, c.addAll(r, l, nil, nil, want, 1, false))
		require.Equal(t, 5, r.compared)
		return r
	}
	require.Nil(t, find().first)
	y := want["y/../y"]
	y.SetFloat(1, y.Float(1)*1.5)
	require.Equal(t, "output of the whole network", find().first.step)
	mean := want["mean"]
	mean.SetFloat(2, mean.Float(2)*1.25)
	d := find().first
	require.Equal(t, []any{"mean", "GlobalAveragePool", 2}, []any{d.node, d.step, d.at})
}

// TestAgainst compares with onnxruntime, where it is.
func TestAgainst(t *testing.T) {
	path := tiny(t, "Softmax")
	code, _, errs := simdnn("check", path, "-against", "onnxruntime", "-ort", "/nonexistent.so")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "npm install")
	if _, err := ort.Open(ort.Paths()...); err != nil {
		t.Skipf("onnxruntime is not on this machine (npm install --ignore-scripts onnxruntime-node, or %s)", ort.Env)
	}
	code, out, errs := simdnn("check", path, "-shape", "x=1x3x9x9", "-against", "onnxruntime", "-tolerance", "1e-5")
	require.Equal(t, exitOK, code, errs)
	require.Contains(t, out, ": 5 values compared with onnxruntime ", "four inside, and the output")
	code, out, errs = simdnn("check", path, "-shape", "x=1x3x9x9", "-against", "onnxruntime", "-tolerance", "0", "-input", "random")
	require.Contains(t, []int{exitOK, exitFailed}, code, errs) // sums in another order may happen to be the same
	require.Contains(t, out, "values compared")

	page := filepath.Join(t.TempDir(), "steps.html")
	code, out, errs = simdnn("bench", path, "-shape", "x=1x3x9x9", "-threads", "1,2", "-time", "5ms", "-html", page, "-against", "onnxruntime")
	require.Equal(t, exitOK, code, errs)
	require.Equal(t, 2, strings.Count(out, "    onnxruntime "), out)
	require.Contains(t, out, "of its time")
	b, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(b), "<span>onnxruntime, the whole pass</span>"))
}

func TestDiffer(t *testing.T) {
	f := func(x ...float32) tensor.Array { return tensor.Vector(x) }
	nan := float32(math.NaN())
	require.Zero(t, differ(f(1, nan, 3), f(1, nan, 3)).off)
	d := differ(f(1, 2, 4.5), f(1, 2, 4))
	require.Equal(t, 2, d.at)
	require.InDelta(t, 0.125, d.off, 1e-9)
	require.True(t, math.IsInf(differ(f(1, nan), f(1, 2)).off, 1))
	require.True(t, math.IsInf(differ(f(1e-9), f(0)).off, 1))
}

// TestCheckCase: a stored case made here, right and wrong.
func TestCheckCase(t *testing.T) {
	path := tiny(t, "Softmax")
	dir := filepath.Dir(path)
	code, _, errs := simdnn("run", path, "-shape", "x=1x3x4x5", "-output", dir, "-seed", "7", "-input", "random")
	require.Equal(t, exitOK, code, errs)
	y, err := npy.ReadFile(filepath.Join(dir, "y_y_0.npy"))
	require.NoError(t, err)
	in := &inputFlags{seed: new(uint64)}
	*in.seed = 7
	x, err := in.make(&source{random: true}, "x", tensor.T(tensor.Float32, 1, 3, 4, 5))
	require.NoError(t, err)
	write := func(name string, y tensor.Array) string {
		bin := append(append([]byte{}, x.Bytes()...), y.Bytes()...)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".bin"), bin, 0o600))
		js, err := json.Marshal(map[string]any{
			"format": "onnxcase/1", "name": name, "file": "tiny.onnx", "io": name + ".bin", "samples": 1, "sample_bytes": len(bin), "labels": []string{"it"},
			"bind":    map[string]int{"d2": 4, "d3": 5},
			"inputs":  []any{map[string]any{"name": "x", "dtype": "float32", "shape": []int{1, 3, 4, 5}, "offset": 0, "bytes": 240}},
			"outputs": []any{map[string]any{"name": "y/../y", "dtype": "float32", "shape": []int{1, 4}, "offset": 240, "bytes": 16, "rtol": 1e-5, "atol": 1e-5}},
		})
		require.NoError(t, err)
		file := filepath.Join(dir, name+".json")
		require.NoError(t, os.WriteFile(file, js, 0o600))
		return file
	}
	right := write("right", y)
	code, out, errs := simdnn("check", right)
	require.Equal(t, exitOK, code, errs)
	require.Contains(t, out, "right: 1 samples, worst error/tolerance 0")
	z := y.Clone()
	z.SetFloat(2, z.Float(2)+1e-4)
	wrong := write("wrong", z)
	code, out, errs = simdnn("check", right, wrong)
	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "element 2")
	require.Contains(t, errs, "wrong.json")
	require.NotContains(t, errs, "right.json")
}

// TestStored checks a stored case, where there are some.
func TestStored(t *testing.T) {
	dir := cases.Dir(t, "onnxfiles")
	code, out, errs := simdnn("check", filepath.Join(dir, "onnxfiles", "orig_mnist-8.json"))
	require.Equal(t, exitOK, code, errs)
	require.Contains(t, out, "orig_mnist-8: 2 samples")
}

func TestShowTop(t *testing.T) {
	var b strings.Builder
	showTop(&b, tensor.Of(tensor.D(2, 3), []float32{1, 3, 2, 6, 4, 5}), 2, []string{"zero", "one"})
	require.Equal(t, "  row 0\n       1  3             one\n       2  2           \n  row 1\n       0  6             zero\n       2  5           \n", b.String())
	b.Reset()
	showTop(&b, tensor.Of(tensor.D(1, 4, 1, 1), []int32{1, 3, 9, 4}), 1, nil)
	require.Equal(t, "       2  9           \n", b.String(), "maps of one pixel are one row")
}

func TestNames(t *testing.T) {
	require.Equal(t, "a_b-1", fileName("a_b-1", 3))
	require.Equal(t, "_etc_passwd_3", fileName("/etc/passwd", 3))
	require.Equal(t, "__2", fileName("..", 2))
	require.Equal(t, "_0", fileName("", 0))
	require.Equal(t, "1,234,567", count(1234567))
	require.Equal(t, "123", count(123))
	require.Equal(t, "1.5 KiB", size(1536))
}
