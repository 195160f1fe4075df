package layers_test

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/onnxnodes"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// kernels returns a level's kernels.
func kernels(t testing.TB, isa asm.ISA) *asm.Set {
	k, err := asm.For(isa)
	require.NoError(t, err)
	return k
}

// best is the level that is chosen by default.
func best(t testing.TB) asm.ISA {
	k, err := asm.Kernels()
	require.NoError(t, err)
	return k.ISA
}

func outputs(m *layers.Model) [][]float32 {
	var out [][]float32
	for _, s := range m.Outputs() {
		out = append(out, make([]float32, s.Elems()))
	}
	return out
}

// tolerance bounds the error of an output: some times that of another float32 runtime, whose order of
// summation is another, and which like this one rounds once per layer.
func tolerance(a *cases.Tensor, want []float64) float64 {
	top := 0.0
	for _, v := range want {
		top = max(top, math.Abs(v))
	}
	return 8*a.OrtF32MaxDiff + 4e-6*top
}

// compare returns how far a sample's outputs are off, in tolerances, and where.
func compare(s *cases.Sample, got [][]float32) (worst float64, where string) {
	for i, a := range s.Outputs {
		want := a.Float64s()
		tol := tolerance(a, want)
		for j, w := range want {
			d := math.Abs(float64(got[i][j])-w) / tol
			if !(d <= worst) { // a NaN too
				worst, where = d, fmt.Sprintf("%s[%d] is %v, want %v within %.2g", a.Name, j, got[i][j], w, tol)
			}
		}
	}
	return worst, where
}

// firstWrong runs sample 0 layer by layer and returns the first layer that differs from the trace.
func firstWrong(t testing.TB, m *cases.Model, isa asm.ISA) (wrong string, checked int) {
	g, err := onnxnodes.Build(m)
	require.NoError(t, err)
	net, err := g.Compile(layers.Options{Kernels: kernels(t, isa), Unfused: true})
	require.NoError(t, err)
	s := net.NewSession(1)
	byName := map[string]*cases.Trace{}
	for i := range m.Trace {
		byName[m.Trace[i].Name] = &m.Trace[i]
	}
	s.Trace = func(name string, shape tensor.Shape, x []float32) {
		tr := byName[name]
		if tr == nil || wrong != "" {
			return
		}
		checked++
		scale := max(math.Abs(tr.Min), math.Abs(tr.Max))
		for i, at := range tr.At {
			if d := math.Abs(float64(x[at]) - tr.Values[i]); !(d <= 3e-5*scale) {
				wrong = fmt.Sprintf("layer %s %v: element %d is %v, want %v (largest: %.3g)", name, shape, at, x[at], tr.Values[i], scale)
				return
			}
		}
		var sum float64
		for _, v := range x {
			sum += float64(v) * float64(v)
		}
		if rms := math.Sqrt(sum / float64(len(x))); !(math.Abs(rms-tr.RMS) <= 1e-4*tr.RMS+1e-9) {
			wrong = fmt.Sprintf("layer %s %v: rms is %v, want %v", name, shape, rms, tr.RMS)
		}
	}
	s.ForwardAll(outputs(net), [][]float32{m.Samples[0].Input})
	return wrong, checked
}

// TestModels runs every stored network that the layers can express, and compares with the stored
// answers. The large ones run on the best instruction set alone, the largest not on the portable
// kernels, and neither with -short.
func TestModels(t *testing.T) {
	const large, huge = 200e6, 600e6 // multiply-adds
	var cannot []string
	for _, folder := range []string{"nets", "models"} {
		paths, err := filepath.Glob(filepath.Join(cases.Dir(t), folder, "*.json"))
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, p := range paths {
			m, err := cases.LoadModel(p)
			require.NoError(t, err)
			g, err := onnxnodes.Build(m)
			if err != nil {
				cannot = append(cannot, err.Error())
				continue
			}
			for _, isa := range asm.Supported() {
				if m.MACs > large && isa != best(t) {
					continue
				}
				if m.MACs > huge && isa == asm.Generic || m.MACs > large && testing.Short() {
					t.Logf("not run: %s, %d million multiply-adds are too many for the portable kernels or for -short", m.Name, m.MACs/1e6)
					continue
				}
				t.Run(fmt.Sprintf("%s/%v", m.Name, isa), func(t *testing.T) { runModel(t, m, g, isa) })
			}
		}
	}
	for _, c := range cannot {
		t.Log("not expressible: ", c)
	}
}

func runModel(t *testing.T, m *cases.Model, g *layers.Graph, isa asm.ISA) {
	net, err := g.Compile(layers.Options{Kernels: kernels(t, isa)})
	require.NoError(t, err)
	s := net.NewSession(0)
	got := outputs(net)
	first := [][]float32{m.Samples[0].Input}
	require.Zero(t, testing.AllocsPerRun(1, func() { s.ForwardAll(got, first) }), "allocations of a pass")
	overall := 0.0
	samples := m.Samples
	if isa == asm.Generic {
		samples = samples[:min(len(samples), 3)]
	}
	for i := range samples {
		sample := &samples[i]
		s.ForwardAll(got, [][]float32{sample.Input})
		worst, where := compare(sample, got)
		if !(worst <= 1) {
			wrong, _ := firstWrong(t, m, isa)
			if wrong == "" {
				wrong = "none: right when no layers are fused"
			}
			t.Fatalf("sample %q: %s\nfirst wrong layer: %s", sample.Label, where, wrong)
		}
		overall = max(overall, worst)
		if len(sample.Top) > 0 && len(got) > 0 && len(got[0]) > int(sample.Top[0][0]) {
			top := 0
			for j, v := range got[0] {
				if v > got[0][top] {
					top = j
				}
			}
			require.Equal(t, int(sample.Top[0][0]), top, "best class of %q", sample.Label)
		}
	}
	t.Logf("%d samples, largest error %.2g of the tolerance", len(samples), overall)
}

// TestTrace compares every layer of the small networks with the stored traces.
func TestTrace(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(cases.Dir(t), "models", "*.json"))
	require.NoError(t, err)
	for _, p := range paths {
		m, err := cases.LoadModel(p)
		require.NoError(t, err)
		if _, err := onnxnodes.Build(m); err != nil || testing.Short() && m.MACs > 200e6 {
			continue
		}
		wrong, checked := firstWrong(t, m, best(t))
		require.Empty(t, wrong, m.Name)
		require.Greater(t, checked, len(m.Nodes)/2, m.Name)
	}
}

// BenchmarkNets times a pass of the stored networks, batch 1, one thread, from NCHW.
func BenchmarkNets(b *testing.B) {
	for _, name := range []string{"nets/resnet50", "nets/vgg19", "nets/squeezenet", "nets/densenet121", "nets/inception_v1", "models/mobilenet_v2_10_224", "models/mobilenet_v1_025_128"} {
		b.Run(filepath.Base(name), func(b *testing.B) {
			m, err := cases.LoadModel(filepath.Join(cases.Dir(b), name+".json"))
			require.NoError(b, err)
			g, err := onnxnodes.Build(m)
			require.NoError(b, err)
			net, err := g.Compile(layers.Options{})
			require.NoError(b, err)
			s, dst, src := net.NewSession(1), outputs(net), [][]float32{m.Samples[0].Input}
			s.ForwardAll(dst, src)
			b.ReportAllocs()
			for b.Loop() {
				s.ForwardAll(dst, src)
			}
			b.ReportMetric(2*float64(m.MACs)/1e9/(b.Elapsed().Seconds()/float64(b.N)), "GFLOP/s")
		})
	}
}
