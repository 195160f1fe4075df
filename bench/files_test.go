package main

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/ort"
)

// onnxFile writes the file of a small convolution, and returns its answer beside that of a case.
func onnxFile(t *testing.T) (path string, c *Case) {
	t.Helper()
	c = &Case{Net: "test", Layer: "conv", N: 1, C: 3, H: 9, W: 7, OutC: 8, KH: 3, KW: 3, Stride: 1, Pad: 1, Groups: 1}
	require.NoError(t, c.check())
	w, bias := make([]float32, c.weights()), make([]float32, c.OutC)
	fill(w, seedW)
	fill(bias, seedBias)
	path = filepath.Join(t.TempDir(), "small.onnx")
	require.NoError(t, os.WriteFile(path, ortConv(c, w, bias), 0o600))
	return path, c
}

func fileOptions(path string) *options {
	return &options{onnx: path, set: asm.MustKernels(), time: 3 * time.Millisecond, layers: regexp.MustCompile(""), libs: map[string]string{}, threads: 2}
}

// TestFile runs a file in processes of its own, and compares it with plain sums.
func TestFile(t *testing.T) {
	path, c := onnxFile(t)
	o := fileOptions(path)
	list, err := o.fileCases(t.TempDir())
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "small", list[0].name)
	contenders := []fileContender{{"simdnn", 1}, {"simdnn", 2}}
	if _, err := ort.Open(ort.Paths()...); err == nil {
		contenders = append(contenders, fileContender{"onnxruntime", 1})
	}
	row, err := o.measureFile(list[0], contenders, t.TempDir())
	require.NoError(t, err)
	for _, r := range row.results {
		require.NoError(t, r.Err)
		require.NoError(t, r.Wrong)
		require.True(t, r.ok())
		require.Len(t, r.Rounds, fileStarts*fileTurns)
		require.Positive(t, r.Ready)
		require.Greater(t, r.First, r.Ready)
		require.GreaterOrEqual(t, r.Median, r.Min)
		if _, err := os.Stat("/proc/self/status"); err == nil {
			require.Greater(t, r.Memory, 1<<20)
		}
	}
	rep := &fileReport{report: report{Machine: &machine{CPU: "Test <CPU>", ISA: "avx2", Threads: 2}}, contenders: contenders, rows: []*fileRow{row}}
	require.False(t, rep.failed())
	var text, bench, page strings.Builder
	rep.write(&text)
	require.Contains(t, text.String(), "small")
	require.NoError(t, rep.writeHTML(&page))
	require.Contains(t, page.String(), "Test &lt;CPU&gt;")
	require.NoError(t, rep.writeBenchfmt(&bench))
	saved, err := readRun(strings.NewReader(bench.String()), "test")
	require.NoError(t, err, bench.String())
	require.Len(t, saved.order, len(contenders))
	require.Len(t, saved.times[saved.order[0]], fileStarts*fileTurns)
	require.True(t, isOurs(saved.order[0]), saved.order[0])

	// The right answer, from plain sums; and one that is not.
	v := newVerifier(c)
	want := make([]float32, c.outElems())
	out := []fileTensor{{"y", "float32", []int{c.N, c.OutC, c.outH, c.outW}}}
	_, got := openHere(t, o, list[0])
	copy(want, got)
	require.NoError(t, v.check(want, nil, ""))
	answer := func(x []float32) []*cases.Answer {
		stored, err := cases.NewTensor("y", "float32", []int{len(x)}, rawBytes(x))
		require.NoError(t, err)
		return []*cases.Answer{{Name: "y", DType: "float32", Shape: out[0].Shape, Every: 1, Stored: stored, Rtol: 1e-5, Atol: 1e-5}}
	}
	list[0].stored = answer(want)
	off, err := list[0].check(out, got, row.results[0], nil, nil)
	require.NoError(t, err)
	require.Less(t, off, 1.0)
	wrong := append([]float32(nil), want...)
	wrong[7] += 1
	list[0].stored = answer(wrong)
	row, err = o.measureFile(list[0], contenders[:1], t.TempDir())
	require.NoError(t, err)
	require.ErrorContains(t, row.results[0].Wrong, "element 7")
	require.False(t, row.results[0].ok())
	rep.rows = []*fileRow{row}
	require.True(t, rep.failed())
	text.Reset()
	rep.write(&text)
	require.Contains(t, text.String(), "WRONG RESULT of simdnn 1t")
}

// openHere runs a file in this process.
func openHere(t *testing.T, o *options, c *fileCase) (*opened, []float32) {
	t.Helper()
	task := c.task
	task.Data = filepath.Join(t.TempDir(), "inputs")
	require.NoError(t, os.WriteFile(task.Data, c.data, 0o600))
	f, err := task.open(&simdnnLib{set: o.set, threads: 1})
	require.NoError(t, err)
	return f, f.Output()
}

func TestFileErrors(t *testing.T) {
	path, c := onnxFile(t)
	_, err := fileOptions("/nonexistent.onnx").fileCases(t.TempDir())
	require.ErrorContains(t, err, "/nonexistent.onnx")
	o := fileOptions(path)
	o.layers = regexp.MustCompile("other")
	_, err = o.fileCases(t.TempDir())
	require.ErrorContains(t, err, "no file matches")

	// A file that is spoiled after it was looked at: its line says so, and the exit code.
	o = fileOptions(path)
	list, err := o.fileCases(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte{1, 2, 3}, 0o600))
	row, err := o.measureFile(list[0], []fileContender{{"simdnn", 1}}, t.TempDir())
	require.NoError(t, err)
	require.Error(t, row.results[0].Err)
	rep := &fileReport{report: report{Machine: &machine{}}, contenders: []fileContender{{"simdnn", 1}}, rows: []*fileRow{row}}
	require.True(t, rep.failed())
	rep.write(io.Discard)
	var b bytes.Buffer
	require.NoError(t, rep.writeBenchfmt(&b))
	require.NotContains(t, b.String(), "BenchmarkFile")

	_, err = list[0].task.open(gonumLib{})
	require.ErrorContains(t, err, "gonum")
	list[0].task.Data = filepath.Join(t.TempDir(), "short")
	require.NoError(t, os.WriteFile(list[0].task.Data, make([]byte, 4*c.inElems()-1), 0o600))
	_, err = list[0].task.open(&simdnnLib{set: o.set, threads: 1})
	require.ErrorContains(t, err, `input "x"`)
	_, err = list[0].task.find("z")
	require.ErrorContains(t, err, `"z"`)
	for _, s := range []string{"n", "n=", "n=0", "=3", "n=3,"} {
		_, err := parseSizes(s)
		require.Error(t, err, s)
	}
	dims, err := parseSizes("n=3,h=4")
	require.NoError(t, err)
	require.Equal(t, map[string]int{"n": 3, "h": 4}, dims)
}

func TestFarthest(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	worst, _ := farthest([]float64{1, math.NaN(), math.Inf(1), 2}, []float32{1, nan, inf, 2}, fileBound)
	require.Zero(t, worst)
	worst, _ = farthest([]float64{1, 2}, []float32{1, 2.002}, fileBound)
	require.InDelta(t, 1, worst, 1e-3)
	worst, where := farthest([]float64{1, math.NaN()}, []float32{1, 2}, fileBound)
	require.True(t, math.IsInf(worst, 1))
	require.Contains(t, where, "element 1")
	worst, _ = farthest([]float64{1e-9}, []float32{0}, fileBound)
	require.True(t, math.IsInf(worst, 1))
}

// TestFileRatios: theirs by ours, and only where both are right.
func TestFileRatios(t *testing.T) {
	mk := func(lib string, s float64, memory int) *fileResult {
		return &fileResult{fileContender: fileContender{lib, 1}, stats: stats{Min: s}, First: time.Second, Memory: memory}
	}
	bad := mk("onnxruntime", 1, 1)
	bad.Wrong = io.EOF
	rep := &fileReport{contenders: []fileContender{{"simdnn", 1}, {"onnxruntime", 1}}, rows: []*fileRow{
		{&fileCase{name: "a"}, []*fileResult{mk("simdnn", 1, 10), mk("onnxruntime", 2, 30)}},
		{&fileCase{name: "b"}, []*fileResult{mk("simdnn", 4, 10), mk("onnxruntime", 2, 30)}},
		{&fileCase{name: "c"}, []*fileResult{mk("simdnn", 4, 10), bad}},
	}}
	r := rep.ratios(fileMeasures[0], 1)
	require.Equal(t, []float64{2, 0.5}, r[:2])
	require.True(t, math.IsNaN(r[2]))
	_, lines := rep.summaryTable()
	require.Equal(t, []string{"a pass, 1 thread(s)", "2", "1.00", "1", "0.500", "1.00"}, lines[0])
	require.Equal(t, []string{"peak memory, 1 thread(s)", "2", "3.00", "2", "3.00", "0.333"}, lines[2])
	_, lines = rep.fileTable(fileMeasures[0])
	require.Contains(t, lines[2], "WRONG")
}
