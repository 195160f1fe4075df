package onnx

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/nets"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/tensor"
)

// best is the level that is chosen by default.
func best(t testing.TB) asm.ISA {
	k, err := asm.Kernels()
	require.NoError(t, err)
	return k.ISA
}

// modelGraph writes a stored network as a file and builds its graph.
func modelGraph(m *cases.Model) (*graph.Graph, error) {
	file, err := onnxfile.OfModel(m)
	if err != nil {
		return nil, err
	}
	f, err := Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		return nil, err
	}
	return f.Graph(Options{})
}

// outputs is memory for what a network computes.
func outputs(m *graph.Model) []tensor.Array {
	var out []tensor.Array
	for _, p := range m.Outputs() {
		out = append(out, tensor.NewArray(p.Type))
	}
	return out
}

// feed is a network's one input.
func feed(m *graph.Model, x []float32) []tensor.Array {
	return []tensor.Array{tensor.Of(m.Inputs()[0].Type.Dims, x)}
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

// compare returns how far a sample's outputs are off, in tolerances, and where. Probabilities whose logits are an output too
// are as far off, relative to themselves, as two of these are.
func compare(m *cases.Model, s *cases.Sample, got []tensor.Array) (worst float64, where string) {
	tols := map[string]float64{} // of the logits
	from := map[string]string{}  // of probabilities
	for _, n := range m.Nodes {
		if n.Op == "Softmax" {
			from[n.Outputs[0]] = n.Input(0)
		}
	}
	for i, a := range s.Outputs {
		want := a.Float64s()
		tols[a.Name] = tolerance(a, want)
		logits, relative := tols[from[a.Name]]
		if got[i].Len() != len(want) {
			return math.Inf(1), fmt.Sprintf("%s is %v, want %v", a.Name, got[i].Type(), a.Shape)
		}
		for j, w := range want {
			tol := tols[a.Name]
			if relative {
				tol = w*(2*logits+1e-6) + 0x1p-126
			}
			x := got[i].Float(j)
			d := math.Abs(x-w) / tol
			if !(d <= worst) { // a NaN too
				worst, where = d, fmt.Sprintf("%s[%d] is %v, want %v within %.2g", a.Name, j, x, w, tol)
			}
		}
	}
	return worst, where
}

// firstWrong runs sample 0 operator by operator and returns the first that differs from the trace.
func firstWrong(t testing.TB, m *cases.Model, isa asm.ISA) (wrong string, checked int) {
	g, err := modelGraph(m)
	require.NoError(t, err)
	net, err := g.Compile(graph.Options{Exact: true, Kernels: kernels(t, isa), Off: graph.Unfused()})
	require.NoError(t, err)
	s := net.NewSession(1)
	got := map[string]tensor.Array{} // of the last step of a node
	s.Trace = func(name string, x tensor.Array) { got[name] = x }
	require.NoError(t, s.Run(outputs(net), feed(net, m.Samples[0].Input)))
	for i := range m.Trace {
		tr := &m.Trace[i]
		x, ok := got[tr.Name]
		if !ok {
			continue
		}
		checked++
		scale := max(math.Abs(tr.Min), math.Abs(tr.Max))
		for i, at := range tr.At {
			if d := math.Abs(x.Float(at) - tr.Values[i]); !(d <= 3e-5*scale) {
				return fmt.Sprintf("%s %v: element %d is %v, want %v (largest: %.3g)", tr.Name, x.Type(), at, x.Float(at), tr.Values[i], scale), checked
			}
		}
		var sum float64
		for i := range x.Len() {
			sum += x.Float(i) * x.Float(i)
		}
		if rms := math.Sqrt(sum / float64(x.Len())); !(math.Abs(rms-tr.RMS) <= 1e-4*tr.RMS+1e-9) {
			return fmt.Sprintf("%s %v: rms is %v, want %v", tr.Name, x.Type(), rms, tr.RMS), checked
		}
	}
	return "", checked
}

// storedModels are all stored networks, and why one is not run: all are.
var storedModels = map[string]string{
	"nets/bvlc_alexnet":                "",
	"nets/densenet121":                 "",
	"nets/inception_v1":                "",
	"nets/resnet50":                    "",
	"nets/squeezenet":                  "",
	"nets/vgg19":                       "",
	"models/blazeface_front_128":       "",
	"models/espcn_x3":                  "",
	"models/fastestdet_352":            "",
	"models/kws_dscnn_int8":            "",
	"models/mnist8":                    "",
	"models/mobilenet_v1_025_128":      "",
	"models/mobilenet_v2_10_224":       "",
	"models/ppocr_cls":                 "",
	"models/resnet8_cifar10":           "",
	"models/resnet8_cifar10_int8":      "",
	"models/ultraface_slim_320":        "",
	"models/vww_mobilenet_v1_025_int8": "",
}

const (
	large, huge = 200, 10000 // million multiply-adds of a network
	// everywhere is the one large network that runs on every instruction set with assembly, with -short too.
	everywhere = "mobilenet_v2_10_224"
)

// eachModel calls f with every stored network that can be built, and fails where there is another one than storedModels
// has, or one less, or one in another state than it says.
func eachModel(t *testing.T, f func(m *cases.Model, g *graph.Graph)) {
	dir := cases.Dir(t, "nets", "models")
	seen := map[string]bool{}
	for _, folder := range []string{"nets", "models"} {
		paths, err := filepath.Glob(filepath.Join(dir, folder, "*.json"))
		require.NoError(t, err)
		for _, p := range paths {
			name := folder + "/" + strings.TrimSuffix(filepath.Base(p), ".json")
			want, ok := storedModels[name]
			if !ok {
				t.Errorf("%s is not in the list of stored networks", name)
				continue
			}
			seen[name] = true
			m, err := cases.LoadModel(p)
			require.NoError(t, err)
			if testing.Short() && m.MACs/1e6 > large && m.Name != everywhere { // its file alone takes hundreds of megabytes, and several times that beside the race detector
				continue
			}
			g, err := modelGraph(m)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("%s: why it is not run is %q, want %q", name, got, want)
			} else if err == nil {
				f(m, g)
			}
		}
	}
	for name := range storedModels {
		if !seen[name] {
			t.Errorf("%s is not there", name)
		}
	}
}

// TestModels runs every stored network and compares with the stored answers. The large ones run
// on the best instruction set and on AVX2, the largest on the best alone, and all but one of them not with -short.
func TestModels(t *testing.T) {
	eachModel(t, func(m *cases.Model, g *graph.Graph) {
		for _, isa := range asm.Supported() {
			switch {
			case m.Name == everywhere && isa != asm.Generic:
			case m.MACs/1e6 > large && testing.Short(), m.MACs/1e6 > large && isa != best(t) && isa != asm.AVX2, m.MACs/1e6 > huge && isa != best(t),
				m.MACs/1e6 > 3*large && isa == asm.Generic:
				t.Logf("not run on %v: %s, %d million multiply-adds", isa, m.Name, m.MACs/1e6)
				continue
			}
			t.Run(fmt.Sprintf("%s/%v", m.Name, isa), func(t *testing.T) { runModel(t, m, g, isa) })
		}
	})
}

func runModel(t *testing.T, m *cases.Model, g *graph.Graph, isa asm.ISA) {
	net, err := g.Compile(graph.Options{Exact: true, Kernels: kernels(t, isa)})
	require.NoError(t, err)
	s := net.NewSession(0)
	got := outputs(net)
	plain := ""
	for _, step := range net.Steps() {
		if _, what, _ := strings.Cut(step, ": "); strings.HasPrefix(what, "eval") {
			plain = step
		}
	}
	if first := feed(net, m.Samples[0].Input); plain == "" {
		check.NoAllocs(t, func() { _ = s.Run(got, first) }, "allocations of a pass")
	} else {
		t.Logf("its allocations are not looked at: there is no kernel for %s", plain)
	}
	overall := 0.0
	samples := m.Samples
	if isa == asm.Generic {
		samples = samples[:min(len(samples), 3)]
	} else if m.MACs/1e6 > large && testing.Short() {
		samples = samples[:1]
	}
	for i := range samples {
		sample := &samples[i]
		require.NoError(t, s.Run(got, feed(net, sample.Input)))
		worst, where := compare(m, sample, got)
		if !(worst <= 1) {
			wrong, _ := firstWrong(t, m, isa)
			if wrong == "" {
				wrong = "none: right when nothing is fused"
			}
			t.Fatalf("sample %q: %s\nfirst wrong operator: %s", sample.Label, where, wrong)
		}
		overall = max(overall, worst)
		if len(sample.Top) > 0 && got[0].Len() > int(sample.Top[0][0]) {
			top := 0
			for j := range got[0].Len() {
				if got[0].Float(j) > got[0].Float(top) {
					top = j
				}
			}
			require.Equal(t, int(sample.Top[0][0]), top, "best class of %q", sample.Label)
		}
	}
	t.Logf("%d samples, largest error %.2g of the tolerance", len(samples), overall)
}

// TestTrace compares every operator of the stored networks with the stored traces.
func TestTrace(t *testing.T) {
	eachModel(t, func(m *cases.Model, _ *graph.Graph) {
		if testing.Short() && m.MACs/1e6 > large && m.Name != everywhere {
			return
		}
		wrong, checked := firstWrong(t, m, best(t))
		require.Empty(t, wrong, m.Name)
		require.Greater(t, checked, len(m.Nodes)/2, m.Name)
	})
}

// network compiles one of the known networks, and gives it an input.
func network(t testing.TB, name string, batch, size int, o graph.Options) (net *graph.Model, src []tensor.Array) {
	m, err := nets.Model(name, batch, size)
	require.NoError(t, err)
	g, err := modelGraph(m)
	require.NoError(t, err)
	net, err = g.Compile(o)
	require.NoError(t, err)
	return net, feed(net, m.Samples[0].Input)
}

// TestNetworks runs the known networks on small images: the same bits for any number of threads, nothing allocated,
// and the same answer, but for rounding, as when every operator is by itself.
func TestNetworks(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	for _, name := range nets.Names {
		for _, last := range []bool{false, true} {
			if testing.Short() && (name == "vgg16" || last) {
				continue
			}
			net, src := network(t, name, 2, 40, graph.Options{Exact: true, ChannelsLast: last})
			want := outputs(net)
			require.NoError(t, net.NewSession(1).Run(want, src))
			for _, threads := range []int{2, 3, 8} {
				s, got := net.NewSession(threads), outputs(net)
				require.NoError(t, s.Run(got, src))
				require.Equal(t, want[0].Bytes(), got[0].Bytes(), "%s with %d threads", name, threads)
				if threads == 2 {
					check.NoAllocs(t, func() { _ = s.Run(got, src) }, name)
					require.Equal(t, want[0].Bytes(), got[0].Bytes(), "%s again", name)
				}
			}
			single, _ := network(t, name, 2, 40, graph.Options{Exact: true, ChannelsLast: last, Off: graph.Unfused()})
			got := outputs(single)
			require.NoError(t, single.NewSession(0).Run(got, src))
			x, y := tensor.Data[float32](want[0]), tensor.Data[float32](got[0])
			most := 0.0
			for _, v := range x {
				most = max(most, math.Abs(float64(v)))
			}
			require.InDeltaSlice(t, x, y, 2e-5*most, name)
		}
	}
}

// BenchmarkNets times a pass of the stored networks, batch 1, one thread, from NCHW.
func BenchmarkNets(b *testing.B) {
	for _, name := range []string{"nets/resnet50", "nets/vgg19", "nets/squeezenet", "nets/densenet121", "nets/inception_v1", "models/mobilenet_v2_10_224", "models/mobilenet_v1_025_128"} {
		b.Run(filepath.Base(name), func(b *testing.B) {
			m, err := cases.LoadModel(filepath.Join(cases.Dir(b, filepath.Dir(name)), name+".json"))
			require.NoError(b, err)
			g, err := modelGraph(m)
			require.NoError(b, err)
			net, err := g.Compile(graph.Options{Exact: true})
			require.NoError(b, err)
			s, dst, src := net.NewSession(1), outputs(net), feed(net, m.Samples[0].Input)
			require.NoError(b, s.Run(dst, src))
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Run(dst, src); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(2*float64(m.MACs)/1e9/(b.Elapsed().Seconds()/float64(b.N)), "GFLOP/s")
		})
	}
}
