package layers_test

import (
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/nets"
	"github.com/simdnn/simdnn/internal/onnxnodes"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// network compiles one of the known networks, and gives it an input.
func network(t testing.TB, name string, batch, size int, o layers.Options) (net *layers.Model, src []float32) {
	m, err := nets.Model(name, batch, size)
	require.NoError(t, err)
	g, err := onnxnodes.Build(m)
	require.NoError(t, err)
	net, err = g.Compile(o)
	require.NoError(t, err)
	return net, m.Samples[0].Input
}

// BenchmarkBetween compares passes of the known networks, batch 1, one thread, with their steps run alone, over and over
// on the same memory, for as long as a pass takes: what a network costs beyond its layers; and with passes on two threads.
// With -v it lists the steps, microseconds alone and within a pass.
func BenchmarkBetween(b *testing.B) {
	for _, name := range nets.Names {
		for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
			b.Run(name+"/"+layout.String(), func(b *testing.B) {
				net, src := network(b, name, 1, nets.Size, layers.Options{Layout: layout})
				s, dst, in := net.NewSession(1), outputs(net), [][]float32{src}
				steps := net.Steps()
				within, alone := make([]time.Duration, len(steps)), make([]time.Duration, len(steps))
				least := func(d *time.Duration, since time.Time) {
					if t := time.Since(since); *d == 0 || t < *d {
						*d = t
					}
				}
				two := net.NewSession(2)
				var pass, both, sum time.Duration
				for b.Loop() {
					for range 4 {
						start := time.Now()
						s.ForwardAll(dst, in)
						least(&pass, start)
					}
					for range 4 {
						start := time.Now()
						two.ForwardAll(dst, in)
						least(&both, start)
					}
					s.Bind(dst, in)
					for i := range steps {
						start := time.Now()
						s.RunStep(i)
						least(&within[i], start)
					}
					for i := range steps {
						// The mean of runs that together take as long as a pass: a single run meets fewer of the
						// interruptions that a pass cannot avoid.
						n, start := 0, time.Now()
						for time.Since(start) < pass {
							s.RunStep(i)
							n++
						}
						if t := time.Since(start) / time.Duration(n); alone[i] == 0 || t < alone[i] {
							alone[i] = t
						}
					}
				}
				for i, step := range steps {
					sum += alone[i]
					if testing.Verbose() {
						b.Logf("%8.1f %8.1f  %s", alone[i].Seconds()*1e6, within[i].Seconds()*1e6, step)
					}
				}
				b.ReportMetric(pass.Seconds()*1e3, "ms/pass")
				b.ReportMetric(sum.Seconds()*1e3, "ms/alone")
				b.ReportMetric(pass.Seconds()/sum.Seconds(), "pass/alone")
				b.ReportMetric(pass.Seconds()/both.Seconds(), "speedup2")
			})
		}
	}
}

// TestNetworks runs the known networks on small images: the same bits for any number of threads, nothing allocated,
// and the same answer, but for rounding, as when every layer is by itself.
func TestNetworks(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	for _, name := range nets.Names {
		for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
			if testing.Short() && (name == "vgg16" || layout == tensor.NHWC) {
				continue
			}
			net, src := network(t, name, 2, 40, layers.Options{Layout: layout})
			want := make([]float32, net.Outputs()[0].Elems())
			net.NewSession(1).Forward(want, src)
			for _, threads := range []int{2, 3, 8} {
				s, got := net.NewSession(threads), make([]float32, len(want))
				s.Forward(got, src)
				require.Equal(t, want, got, "%s with %d threads", name, threads)
				if threads == 2 {
					require.Zero(t, testing.AllocsPerRun(2, func() { s.Forward(got, src) }), name)
					require.Equal(t, want, got, "%s again", name)
				}
			}
			single, _ := network(t, name, 2, 40, layers.Options{Layout: layout, Unfused: true})
			got := make([]float32, len(want))
			single.NewSession(0).Forward(got, src)
			most := 0.0
			for _, x := range want {
				most = max(most, math.Abs(float64(x)))
			}
			for i, x := range want {
				require.InDelta(t, x, got[i], 2e-5*most, "%s: feature %d", name, i)
			}
		}
	}
}

// TestConcatInPlace has all kinds of parts: convolutions and poolings written in place, wanted elsewhere too, neither,
// twice the same.
func TestConcatInPlace(t *testing.T) {
	const c = 5
	build := func() *layers.Graph {
		conv := func(name string, in, out int) layers.Conv2D {
			return layers.Conv2D{Name: name, OutC: out, Window: layers.Square(3, 1, 1), Weights: random(uint64(in*out), out*in*9, 0.3), Bias: random(9, out, 1)}
		}
		g := layers.NewGraph()
		x := g.Input("x", tensor.Shape{N: 2, C: c, H: 6, W: 7})
		a := g.Apply(conv("a", c, 3), x)
		b := g.Apply(layers.Sequential{conv("b", c, 4), layers.SiLU{}}, x)
		shared := g.Apply(layers.Sequential{conv("shared", c, 2), layers.ReLU{}}, x)
		p := g.Apply(layers.MaxPool2D{Window: layers.Square(3, 1, 1)}, x)
		q := g.Apply(layers.AvgPool2D{Name: "q", Window: layers.Square(3, 1, 1)}, x)
		tanh := g.Apply(layers.Tanh{}, x)
		joined := g.Apply(layers.Concat{Name: "joined"}, a, p, b, shared, tanh, shared)
		both := g.Apply(layers.Concat{Name: "both"}, g.Apply(conv("d", 21, 3), joined), q, g.Apply(conv("e", 21, 1), joined))
		sum := g.Apply(layers.Residual{Body: conv("f", 9, 9)}, both)
		g.Output(sum)
		g.Output(g.Apply(layers.Concat{Name: "last"}, shared, g.Apply(conv("h", 9, 2), sum)))
		return g
	}
	src := [][]float32{random(1, 2*c*42, 1)}
	for _, layout := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
		var want [][]float32
		traced := map[string][]float32{}
		for _, unfused := range []bool{true, false} {
			net, err := build().Compile(layers.Options{Layout: layout, Unfused: unfused})
			require.NoError(t, err)
			s, got := net.NewSession(2), outputs(net)
			s.Trace = func(name string, shape tensor.Shape, x []float32) {
				if unfused {
					traced[name] = x
				} else if want := traced[name]; want != nil {
					require.InDeltaSlice(t, want, x, 1e-4, name)
				}
			}
			s.ForwardAll(got, src)
			if unfused {
				want = got
				continue
			}
			for i := range got {
				require.InDeltaSlice(t, want[i], got[i], 1e-4)
			}
			for _, step := range net.Steps() {
				require.NotContains(t, step, "both: concat", "nothing to copy")
				if strings.HasPrefix(step, "joined: ") {
					require.Contains(t, step, "of [2 5 2]", "the shared convolution, the function, the convolution again")
				}
			}
		}
	}
}

// TestChain has the beginning of a MobileNet, where convolutions run band by band together: the same bits as one by one.
func TestChain(t *testing.T) {
	build := func() *layers.Graph {
		conv := func(name string, in, out, k, stride, groups int) layers.Layer {
			l := layers.Conv2D{
				Name: name, OutC: out, Groups: groups, Window: layers.Square(k, stride, k/2),
				Weights: random(uint64(in*out), out*in/groups*k*k, 0.3), Bias: random(9, out, 1),
			}
			return layers.Sequential{l, layers.ReLU{}}
		}
		g := layers.NewGraph()
		x := g.Apply(conv("first", 3, 32, 3, 2, 1), g.Input("x", tensor.Shape{N: 1, C: 3, H: 224, W: 224}))
		x = g.Apply(layers.Sequential{conv("dw1", 32, 32, 3, 1, 32), conv("pw1", 32, 16, 1, 1, 1)}, x)
		y := g.Apply(layers.Sequential{conv("up2", 16, 48, 1, 1, 1), conv("dw2", 48, 48, 3, 1, 48), conv("pw2", 48, 16, 1, 1, 1)}, x)
		y = g.Apply(layers.Add{Name: "sum"}, x, y)
		z := g.Apply(conv("up3", 16, 48, 1, 1, 1), y)
		g.Output(g.Apply(layers.Sequential{conv("dw3", 48, 48, 3, 2, 48), conv("pw3", 48, 24, 1, 1, 1)}, z))
		g.Output(z) // up3 is wanted elsewhere
		return g
	}
	src := [][]float32{random(1, 3*224*224, 1)}
	var want [][]float32
	for _, unfused := range []bool{true, false} {
		net, err := build().Compile(layers.Options{Layout: tensor.NHWC, Unfused: unfused})
		require.NoError(t, err)
		for _, threads := range []int{1, 3} {
			got := outputs(net)
			net.NewSession(threads).ForwardAll(got, src)
			if want == nil {
				want = got
			}
			require.Equal(t, want, got)
		}
		chains := 0
		for _, step := range net.Steps() {
			if strings.Contains(step, ": chain") {
				chains++
			}
		}
		if unfused {
			require.Zero(t, chains)
		} else {
			require.Equal(t, 2, chains, "dw1 with pw1, dw2 with its neighbours or one of them")
		}
	}
}
