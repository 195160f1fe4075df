package layers_test

import (
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
// on the same memory: what a network costs beyond its layers. With -v it lists the steps, microseconds alone and within a pass.
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
				var pass, sum time.Duration
				for b.Loop() {
					for range 4 {
						start := time.Now()
						s.ForwardAll(dst, in)
						least(&pass, start)
					}
					s.Bind(dst, in)
					for i := range steps {
						start := time.Now()
						s.RunStep(i)
						least(&within[i], start)
					}
					for i := range steps {
						for range 4 {
							start := time.Now()
							s.RunStep(i)
							least(&alone[i], start)
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
			})
		}
	}
}
