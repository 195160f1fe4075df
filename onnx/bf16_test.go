package onnx

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/nets"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/tensor"
)

// bf16 are the options under which a network computes in bfloat16 whatever the processor is quick at.
func bf16() graph.Options { return graph.Options{Precision: graph.BF16, Force: true} }

// TestBF16Agrees: on the pictures and words stored beside them trained networks find the same class in bfloat16 as the stored answers have, all but one of
// forty at most.
func TestBF16Agrees(t *testing.T) {
	all, other := 0, 0
	eachModel(t, func(m *cases.Model, g *graph.Graph) {
		if len(m.Samples[0].Top) == 0 {
			return
		}
		net, err := g.Compile(bf16())
		require.NoError(t, err)
		s, out := net.NewSession(1), outputs(net)
		for i := range m.Samples {
			require.NoError(t, s.Run(out, feed(net, m.Samples[i].Input)))
			all++
			if want := int(m.Samples[i].Top[0][0]); largest(out[len(out)-1]) != want {
				other++
				t.Logf("%s, sample %d: class %d, want %d", m.Name, i, largest(out[len(out)-1]), want)
			}
		}
	})
	t.Logf("%d of %d pictures have another class", other, all)
	require.GreaterOrEqual(t, all, 30)
	require.LessOrEqual(t, other*40, all)
}

// TestBF16Accuracy: of 1000 labelled words bfloat16 recognises as many as float32, five more or less.
func TestBF16Accuracy(t *testing.T) {
	dir := cases.Dir(t, "models", "data")
	m, err := cases.LoadModel(filepath.Join(dir, "models", "kws_dscnn_int8.json"))
	require.NoError(t, err)
	w, err := onnxfile.OfModel(m)
	require.NoError(t, err)
	f, err := Read(bytes.NewReader(w.Bytes()))
	require.NoError(t, err)
	g, err := f.Graph(Options{})
	require.NoError(t, err)
	words, err := os.ReadFile(filepath.Join(dir, "data", "kws1000.bin"))
	require.NoError(t, err)
	var known struct{ Correct int }
	b, err := os.ReadFile(filepath.Join(dir, "data", "kws1000.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &known))
	net, err := g.Compile(bf16())
	require.NoError(t, err)
	const record = 1 + 49*10
	s, out, right := net.NewSession(1), outputs(net), 0
	for i := range len(words) / record {
		x := make([]float32, 49*10)
		for k := range x {
			x[k] = float32((float64(int8(words[i*record+1+k])) - 83) / 1.71027029)
		}
		require.NoError(t, s.Run(out, feed(net, x)))
		if largest(out[0]) == int(words[i*record]) {
			right++
		}
	}
	t.Logf("%d right, %d in float32", right, known.Correct)
	require.InDelta(t, known.Correct, right, 5)
}

// TestBF16Error: how far the outputs of the stored networks are off, relative to the largest, on the portable kernels too for a small one.
func TestBF16Error(t *testing.T) {
	eachModel(t, func(m *cases.Model, g *graph.Graph) {
		for _, isa := range asm.Supported() {
			if isa == asm.Generic && m.MACs > 10e6 || isa != asm.Generic && isa != asm.MustKernels().ISA {
				continue
			}
			o := bf16()
			o.Kernels = kernels(t, isa)
			net, err := g.Compile(o)
			require.NoError(t, err)
			out := outputs(net)
			require.NoError(t, net.NewSession(1).Run(out, feed(net, m.Samples[0].Input)))
			worst := 0.0
			for i, a := range m.Samples[0].Outputs {
				worst = max(worst, relative(out[i], a.Float64s()))
			}
			t.Logf("%s on %v: %.2g of the largest", m.Name, isa, worst)
			require.Less(t, worst, 0.15, "%s on %v", m.Name, isa)
		}
	})
}

// relative is the largest difference in terms of the largest number.
func relative(got tensor.Array, want []float64) float64 {
	off, most := 0.0, 0.0
	for i, w := range want {
		off, most = max(off, got.Float(i)-w, w-got.Float(i)), max(most, w, -w)
	}
	return off / most
}

// BenchmarkBF16 is a picture through known networks on one thread, in turns: with plain sums in float32, as usual, and with the two precisions of bfloat16. BF16 is forced:
// where the processor multiplies float32 faster its times say by how much.
func BenchmarkBF16(b *testing.B) {
	for _, name := range []string{"resnet50", "mobilenetv2", "vgg16"} {
		m, err := nets.Model(name, 1, 224)
		require.NoError(b, err)
		g, err := modelGraph(m)
		require.NoError(b, err)
		ways := []struct {
			name string
			o    graph.Options
		}{{"exact", graph.Options{Exact: true}}, {"float32", graph.Options{}}, {"bf16linear", graph.Options{Precision: graph.BF16Linear}}, {"bf16", bf16()}}
		var sessions []*graph.Session
		var in, out []tensor.Array
		for _, w := range ways {
			net, err := g.Compile(w.o)
			require.NoError(b, err)
			sessions = append(sessions, net.NewSession(1))
			in, out = feed(net, m.Samples[0].Input), outputs(net)
		}
		b.Run(name, func(b *testing.B) {
			best := make([]time.Duration, len(ways))
			for b.Loop() {
				for i, s := range sessions {
					start := time.Now()
					require.NoError(b, s.Run(out, in))
					if d := time.Since(start); best[i] == 0 || d < best[i] {
						best[i] = d
					}
				}
			}
			for i, w := range ways {
				b.ReportMetric(float64(best[i].Microseconds())/1000, "ms-"+w.name)
			}
		})
	}
}
