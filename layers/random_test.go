package layers_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// drawn is a random network and all that is known of it.
type drawn struct {
	rng    *rand.Rand
	relax  bool // Winograd's algorithm is tried too
	g      *layers.Graph
	values []drawnValue
	in     []int // values
	out    []int
	x      [][]float32 // the inputs, in NCHW
	log    []string    // what was applied to what
}

type drawnValue struct {
	of      layers.Value
	shape   tensor.Shape
	strict  known // what it must be
	relaxed known // and where Winograd's algorithm is permitted, if that is asked
	wanted  bool  // by another layer
}

// draw makes a network of some layers. Sizes are small, as the interpreter is slow, and few, so that values of one shape meet.
func draw(seed uint64) *drawn {
	d := &drawn{rng: rand.New(rand.NewPCG(seed, 77)), relax: seed%3 == 0, g: layers.NewGraph()}
	n := 1 + d.rng.IntN(3)
	for i := range 1 + d.rng.IntN(6)/4 {
		s := tensor.Shape{N: n, C: d.of(1, 2, 3, 4, 5, 8, 16, 17), H: d.of(1, 2, 3, 5, 7, 9), W: d.of(1, 2, 3, 6, 8, 13)}
		if i > 0 && d.rng.IntN(2) == 0 {
			s = d.values[0].shape
		}
		name := fmt.Sprintf("x%d", i)
		x := random(d.rng.Uint64(), s.Elems(), 1)
		d.in, d.x = append(d.in, len(d.values)), append(d.x, x)
		d.log = append(d.log, fmt.Sprintf("%s: input %v", name, s))
		d.values = append(d.values, drawnValue{of: d.g.Input(name, s), shape: s, strict: input(s, x), relaxed: input(s, x)})
	}
	for range 3 + d.rng.IntN(12) {
		d.step()
	}
	for i, v := range d.values {
		if !v.wanted || d.rng.IntN(8) == 0 {
			for range 1 + d.rng.IntN(8)/7 { // at times twice
				d.out = append(d.out, i)
				d.g.Output(v.of)
			}
		}
	}
	return d
}

func (d *drawn) of(list ...int) int { return list[d.rng.IntN(len(list))] }

func (d *drawn) floats(n int, scale float32) []float32 { return random(d.rng.Uint64(), n, scale) }

// maybe is nil half of the time.
func (d *drawn) maybe(x []float32) []float32 {
	if d.rng.IntN(2) == 0 {
		return nil
	}
	return x
}

// apply adds a layer and returns the value that it gives.
func (d *drawn) apply(l layers.Layer, in ...int) int {
	var of []layers.Value
	var strict, relaxed []known
	for _, i := range in {
		d.values[i].wanted = true
		of = append(of, d.values[i].of)
		strict, relaxed = append(strict, d.values[i].strict), append(relaxed, d.values[i].relaxed)
	}
	v := drawnValue{of: d.g.Apply(l, of...), strict: interpreter{}.apply(l, strict...)}
	if d.relax {
		v.relaxed = interpreter{relaxed: true}.apply(l, relaxed...)
	}
	v.shape = v.strict.shape
	if err := d.g.Err(); err != nil || v.shape != v.of.Shape() {
		panic(fmt.Sprintf("%v: %T of %v is %v, want %v", err, l, in, v.of.Shape(), v.shape))
	}
	d.log = append(d.log, fmt.Sprintf("%d: %T of %v, %v", len(d.values), l, in, v.shape))
	d.values = append(d.values, v)
	return len(d.values) - 1
}

// shape is what l makes of s.
func shape(l layers.Layer, s tensor.Shape) tensor.Shape {
	g := layers.NewGraph()
	return g.Apply(l, g.Input("x", s)).Shape()
}

// step applies one or a few layers. The values made last are the likeliest inputs.
func (d *drawn) step() {
	v := d.rng.IntN(len(d.values))
	if d.rng.IntN(2) == 0 {
		v = len(d.values) - 1
	}
	s := d.values[v].shape
	switch d.rng.IntN(14) {
	case 12, 13:
		if s.H*s.W == 1 { // features have no rows and columns to be moved
			return
		}
		if l := d.later(s); l != nil && shape(l, s).Elems() <= 4000 {
			d.apply(l, v)
		}
	case 11: // a convolution beside something else, the one made first or the other
		if s.C > manyChannels {
			return
		}
		a, b := d.sums(s, s.C, d.of(1, 3)), d.body(s)
		if d.rng.IntN(2) == 0 {
			a, b = b, a
		}
		in := []int{d.apply(a, v), d.apply(b, v)}
		d.rng.Shuffle(2, func(i, j int) { in[i], in[j] = in[j], in[i] })
		d.apply(layers.Add{}, in...)
	case 0: // values of one shape
		in := []int{v}
		for i, o := range d.values {
			if o.shape == s && i != v && d.rng.IntN(3) > 0 {
				in = append(in, i)
			}
		}
		if len(in) == 1 {
			in = append(in, d.apply(d.body(s), v))
		}
		d.rng.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		if d.rng.IntN(3) == 0 {
			d.apply(layers.Mul{}, in[:2]...)
		} else {
			d.apply(layers.Add{}, in[:min(len(in), 4)]...)
		}
	case 1: // a gate
		for i, o := range d.values {
			if o.shape == (tensor.Shape{N: s.N, C: s.C, H: 1, W: 1}) && i != v {
				d.apply(layers.Mul{}, v, i)
				return
			}
		}
		d.apply(layers.Mul{}, v, d.apply(layers.Sigmoid{}, d.apply(layers.GlobalAvgPool2D{}, v)))
	case 2, 3: // values of one size
		in := []int{v}
		for i, o := range d.values {
			if o.shape.H == s.H && o.shape.W == s.W && d.rng.IntN(2) == 0 {
				in = append(in, i)
			}
		}
		if len(in) == 1 {
			in = append(in, d.apply(d.same(s), v))
		}
		d.rng.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		if in = in[:min(len(in), 4)]; d.channels(in) <= 400 {
			d.apply(layers.Concat{}, in...)
		}
	case 4, 5: // features: of a map, some layers on, joined with others
		if s.H*s.W > 1 {
			l := layers.Flatten{}
			if d.rng.IntN(4) == 0 {
				l.Order = tensor.NHWC
			}
			v = d.apply(l, v)
			s = d.values[v].shape
		}
		for range d.rng.IntN(3) {
			v = d.apply(d.wise(s), v)
		}
		if d.rng.IntN(2) == 0 && s.C <= 600 {
			d.apply(d.linear(s.C, d.of(1, 5, 16, 33)), v)
		}
	default:
		l := d.block(s, 2)
		if out := shape(l, s); out.Elems() <= 4000 {
			d.apply(l, v)
		}
	}
}

// manyChannels are too many for a convolution with as many outputs: those of a flattened map.
const manyChannels = 64

func (d *drawn) channels(in []int) (n int) {
	for _, i := range in {
		n += d.values[i].shape.C
	}
	return n
}

func (d *drawn) linear(in, out int) layers.Layer {
	return layers.Linear{Out: out, Weights: d.floats(out*in, 2/float32(math.Sqrt(float64(in)))), Bias: d.maybe(d.floats(out, 1))}
}

// convolve is a convolution of s with any window that fits.
func (d *drawn) convolve(s tensor.Shape, outC, groups int, w tensor.Window) layers.Layer {
	n := s.C / groups * w.KernelH * w.KernelW
	return layers.Conv2D{OutC: outC, Window: w, Groups: groups, Weights: d.floats(outC*n, 2/float32(math.Sqrt(float64(n)))), Bias: d.maybe(d.floats(outC, 1))}
}

// window is one that fits s.
func (d *drawn) window(s tensor.Shape, pooling bool) tensor.Window {
	for {
		w := tensor.Window{
			KernelH: d.of(1, 2, 3, 3, 5), KernelW: d.of(1, 2, 3, 3, 7), StrideH: d.of(1, 1, 2, 3), StrideW: d.of(1, 1, 2, 3),
			PadTop: d.of(0, 1, 2), PadLeft: d.of(0, 1, 2), PadBottom: d.of(0, 1, 2), PadRight: d.of(0, 1, 2), CeilMode: pooling && d.rng.IntN(3) == 0,
		}
		if !pooling {
			w.DilationH, w.DilationW = d.of(1, 1, 2), d.of(1, 1, 2)
		}
		if pooling { // a window of padding alone has no maximum
			w.PadTop, w.PadLeft = min(w.PadTop, w.KernelH-1), min(w.PadLeft, w.KernelW-1)
			w.PadBottom, w.PadRight = min(w.PadBottom, w.KernelH-1), min(w.PadRight, w.KernelW-1)
		}
		if w.KernelH > s.H+w.PadTop || w.KernelW > s.W+w.PadLeft {
			continue
		}
		if _, _, err := w.Out(s.H, s.W); err == nil {
			return w
		}
	}
}

// wise is a layer that goes over elements or channels.
func (d *drawn) wise(s tensor.Shape) layers.Layer {
	switch d.rng.IntN(16) {
	case 0, 1, 2:
		l := layers.Scale{Scale: d.maybe(d.floats(s.C, 2)), Shift: d.floats(s.C, 1)}
		if l.Scale != nil {
			l.Shift = d.maybe(l.Shift)
		}
		return l
	case 3, 4, 5:
		v := d.floats(s.C, 0.5)
		for i := range v {
			v[i]++
		}
		return layers.BatchNorm{Gamma: d.maybe(d.floats(s.C, 2)), Beta: d.maybe(d.floats(s.C, 1)), Mean: d.floats(s.C, 1), Var: v}
	case 6:
		return layers.Clamp{Lo: -0.5, Hi: 0.75}
	case 7:
		return layers.ReLU6{}
	case 8:
		return layers.LeakyReLU{Slope: 0.25}
	case 9:
		return []layers.Layer{layers.Sigmoid{}, layers.Tanh{}, layers.SiLU{}, layers.GELU{}, layers.ELU{Alpha: 0.5}}[d.rng.IntN(5)]
	case 10:
		return []layers.Layer{layers.HardSwish{}, layers.HardSigmoid{Alpha: 0.2, Beta: 0.5}, layers.Activation{Func: conv.GELUTanh}}[d.rng.IntN(3)]
	case 11:
		return []layers.Layer{layers.Dropout{}, layers.Identity{}, layers.Activation{}}[d.rng.IntN(3)]
	}
	return layers.ReLU{}
}

// later is a layer that moves elements, spreads them or normalises them; nil where none is for s.
func (d *drawn) later(s tensor.Shape) layers.Layer {
	some := func(n int) []float32 { return d.maybe(d.floats(n, 1)) }
	switch d.rng.IntN(15) {
	case 0:
		return layers.PReLU{Slope: d.floats(d.of(1, s.C), 1)}
	case 1:
		if s.C%4 == 0 {
			return layers.PixelShuffle{Factor: 2}
		}
	case 2:
		return layers.Pad{Top: d.of(0, 1, 2), Left: d.of(0, 1), Bottom: d.of(0, 1, 3), Right: d.of(1, 2), Value: float32(d.of(0, 0, 1))}
	case 3:
		return layers.Upsample{Scale: float64(d.of(2, 3)), Mode: graph.Nearest}
	case 4:
		axis := d.of(1, 2, 3)
		size := []int{s.N, s.C, s.H, s.W}[axis]
		from := d.rng.IntN(size)
		return layers.Slice{Axis: axis, Start: from, End: from + 1 + d.rng.IntN(size-from), Step: d.of(1, 1, 2)}
	case 5:
		return layers.Transpose{Perm: [][]int{{0, 1, 3, 2}, {0, 2, 1, 3}, {0, 3, 1, 2}, {0, 2, 3, 1}}[d.rng.IntN(4)]}
	case 6:
		return layers.Reshape{Dims: [][]int{{s.N, s.C * s.H, 1, s.W}, {s.N, s.C, 1, s.H * s.W}, {s.N, s.C, s.W, s.H}}[d.rng.IntN(3)]}
	case 7:
		if s.C <= manyChannels {
			o, k := d.of(1, 3, 8, 16), d.of(2, 3, 4)
			return layers.ConvTranspose2D{OutC: o, Window: tensor.Square(k, d.of(1, 2), d.of(0, k/2-1)), Bias: some(o),
				Weights: d.floats(s.C*o*k*k, 2/float32(math.Sqrt(float64(s.C*k*k))))}
		}
	case 8:
		return layers.LayerNorm{Axis: -1, Gamma: some(s.W), Beta: some(s.W)}
	case 9:
		g := 1
		if s.C%2 == 0 {
			g = 2
		}
		return layers.GroupNorm{Groups: g, Gamma: some(s.C), Beta: some(s.C)}
	case 10:
		return layers.InstanceNorm{Gamma: some(s.C), Beta: some(s.C)}
	case 11:
		return layers.Custom{Op: mirror{}}
	default:
		if s.H == 1 {
			return d.row(s)
		}
	}
	return nil
}

// row is a layer for sequences, as maps of one row are.
func (d *drawn) row(s tensor.Shape) layers.Layer {
	w := layers.Window1D{Kernel: d.of(1, 2, 3), Stride: d.of(1, 1, 2), PadLeft: d.of(0, 1), PadRight: d.of(0, 1)}
	if w.Kernel > s.W {
		w.Kernel = 1
	}
	if w.Kernel == 1 {
		w.PadLeft, w.PadRight = 0, 0
	}
	switch pools := d.rng.IntN(3); {
	case pools == 0:
		return layers.MaxPool1D{Window: w}
	case pools == 1:
		return layers.AvgPool1D{Window: w, CountIncludePad: d.rng.IntN(2) == 0}
	case s.C > manyChannels:
		return nil
	}
	w.Dilation = d.of(1, 1, 2)
	if (w.Kernel-1)*w.Dilation >= s.W {
		w.Dilation = 1
	}
	o, groups := d.of(2, 4, 8, 16), 1
	if s.C%2 == 0 {
		groups = d.of(1, 2)
	}
	n := s.C / groups * w.Kernel
	return layers.Conv1D{OutC: o, Window: w, Groups: groups, Weights: d.floats(o*n, 2/float32(math.Sqrt(float64(n)))), Bias: d.maybe(d.floats(o, 1))}
}

// mirror turns rows round: an operator of the user's own.
type mirror struct{}

func (mirror) Infer(in []graph.Arg) ([]tensor.Type, error) { return []tensor.Type{in[0].Type}, nil }

func (mirror) Eval(out, in []tensor.Array) error {
	d := in[0].Dims()
	w := d.At(d.Rank() - 1)
	for i := range in[0].Len() {
		out[0].SetFloat(i, in[0].Float(i-i%w+w-1-i%w))
	}
	return nil
}

// same is a layer that keeps rows and columns, body one that keeps the shape.
func (d *drawn) same(s tensor.Shape) layers.Layer {
	switch k := d.of(1, 1, 3, 3, 5); d.rng.IntN(5) {
	case 0:
		return layers.MaxPool2D{Window: tensor.Square(3, 1, 1)}
	case 1:
		return d.wise(s)
	default:
		return d.convolve(s, d.of(1, 2, 4, 8, 16, 33), 1, tensor.Square(k, 1, k/2))
	}
}

func (d *drawn) body(s tensor.Shape) layers.Layer {
	if s.C > manyChannels {
		return layers.Sequential{d.wise(s), d.wise(s)}
	}
	switch k := d.of(1, 1, 3, 3, 5); d.rng.IntN(6) {
	case 0:
		return layers.Sequential{d.wise(s), d.wise(s)}
	case 1:
		return layers.AvgPool2D{Window: tensor.Square(3, 1, 1), CountIncludePad: d.rng.IntN(2) == 0}
	case 2:
		wide := s
		wide.C = min(48, s.C*d.of(1, 2, 3))
		return d.depthwise(s, wide.C, s.C, 1)
	default:
		return d.sums(s, s.C, k)
	}
}

// sums is a convolution with what is often fused with it.
func (d *drawn) sums(s tensor.Shape, outC, k int) layers.Layer {
	l := layers.Sequential{d.convolve(s, outC, 1, tensor.Square(k, 1, k/2))}
	out := s
	out.C = outC
	for range d.rng.IntN(3) {
		l = append(l, d.wise(out))
	}
	return l
}

// depthwise is a 1x1 convolution, a depthwise one, and another 1x1 one.
func (d *drawn) depthwise(s tensor.Shape, wide, outC, stride int) layers.Layer {
	l := layers.Sequential{d.sums(s, wide, 1)}
	s.C = wide
	k := d.of(3, 3, 3, 5)
	l = append(l, d.convolve(s, wide, wide, tensor.Square(k, stride, k/2)), layers.ReLU{})
	s = shape(l[1], s)
	return append(l, d.sums(s, outC, 1))
}

// block is any layer, or any block of layers whose blocks are not nested deeper than given.
func (d *drawn) block(s tensor.Shape, deep int) layers.Layer {
	kind := d.rng.IntN(16)
	if deep == 0 {
		kind = d.rng.IntN(11)
	}
	switch kind {
	case 0:
		return layers.MaxPool2D{Window: d.window(s, true)}
	case 1:
		return layers.AvgPool2D{Window: d.window(s, true), CountIncludePad: d.rng.IntN(2) == 0}
	case 2:
		return []layers.Layer{layers.GlobalAvgPool2D{}, layers.GlobalMaxPool2D{}, layers.Softmax{}, layers.Softmax{}}[d.rng.IntN(4)]
	case 3:
		return layers.LocalResponseNorm{Size: d.of(1, 2, 3, 5), Alpha: 0.5, Beta: []float64{0.75, 0.5, 1}[d.rng.IntN(3)], K: 1}
	case 4:
		return d.wise(s)
	case 5:
		return d.depthwise(s, d.of(3, 8, 16, 20, 48), d.of(1, 4, 8, 17), d.of(1, 1, 2))
	case 6: // groups, among them depthwise ones with a multiplier
		g := d.of(1, s.C)
		if s.C%2 == 0 {
			g = d.of(2, s.C, s.C/2)
		}
		return d.convolve(s, g*d.of(1, 1, 2, 3), g, d.window(s, false))
	case 7, 8:
		return d.convolve(s, d.of(1, 2, 3, 8, 16, 24, 40), 1, d.window(s, false))
	case 9:
		return d.sums(s, d.of(1, 4, 8, 16), 3)
	case 10:
		return d.same(s)
	case 11:
		l := layers.Sequential{}
		for range 1 + d.rng.IntN(4) {
			m := d.block(s, deep-1)
			l, s = append(l, m), shape(m, s)
		}
		return l
	case 12:
		return layers.Residual{Body: d.body(s)}
	case 13:
		if s.C > manyChannels {
			return layers.Residual{Body: d.body(s)}
		}
		m := d.same(s)
		return layers.Residual{Body: d.sums(s, shape(m, s).C, 3), Shortcut: m}
	case 14:
		c := d.of(1, 2, 4)
		return layers.Gate{Body: layers.Sequential{layers.GlobalAvgPool2D{}, d.linear(s.C, c), layers.ReLU{}, d.linear(c, s.C), layers.HardSigmoid{Alpha: 0.2, Beta: 0.5}}}
	default:
		l := layers.Parallel{}
		for range 1 + d.rng.IntN(4) {
			l.Branches = append(l.Branches, layers.Sequential{d.same(s), layers.ReLU{}}[:1+d.rng.IntN(2)])
		}
		return l
	}
}

// run compiles the network, and compares what a session answers with the interpreter: where all that is dead in its memory is
// NaN, which says that no lifetime is too short, and, bit for bit, on any number of threads.
func (d *drawn) run(t testing.TB, o layers.Options) {
	what := fmt.Sprintf("%v %v, unfused %v, exact %v", o.Kernels.ISA, o.Layout, o.Unfused, o.Exact)
	m, err := d.g.Compile(o)
	require.NoError(t, err, what)
	o.Poison = true
	poisoned, err := d.g.Compile(o)
	require.NoError(t, err, what)
	var src [][]float32
	for i, x := range d.x {
		src = append(src, ref.Convert(tensor.NCHW, o.Layout, d.values[d.in[i]].shape, x))
	}
	var first [][]float32
	for threads := 1; threads <= 3; threads++ {
		got := outputs(m)
		if threads == 1 {
			poisoned.NewSession(1).ForwardAll(got, src)
		} else {
			m.NewSession(threads).ForwardAll(got, src)
		}
		if first == nil {
			first = got
			for i, y := range got {
				v := d.values[d.out[i]]
				want := v.strict
				if !o.Exact {
					want = v.relaxed
				}
				if diff := want.differs(ref.Convert(o.Layout, tensor.NCHW, v.shape, y)); diff != "" {
					t.Errorf("%s: output %d, which is value %d: %s", what, i, d.out[i], diff)
				}
			}
		}
		require.Equal(t, first, got, "%s: %d threads", what, threads)
	}
}

// verify runs the network compiled in all ways.
func (d *drawn) verify(t testing.TB) {
	for _, isa := range asm.Supported() {
		for _, layout := range layouts {
			for _, unfused := range []bool{false, true} {
				d.run(t, layers.Options{Exact: true, Kernels: kernels(t, isa), Layout: layout, Unfused: unfused})
			}
			if d.relax {
				d.run(t, layers.Options{Kernels: kernels(t, isa), Layout: layout})
			}
		}
	}
	if t.Failed() {
		t.Logf("the network:\n\t%s", strings.Join(d.log, "\n\t"))
	}
}

// TestRandomNetworks holds random networks, compiled in all ways, to the interpreter.
func TestRandomNetworks(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 150
	}
	for seed := range n {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { draw(uint64(seed)).verify(t) })
	}
}

func FuzzNetworks(f *testing.F) {
	f.Fuzz(func(t *testing.T, seed uint64) { draw(seed).verify(t) })
}

// TestLargeMaps: maps that no cache holds, of which convolutions run together, band by band: a depthwise one and the 1x1 one after
// it, those and the one before, and with another depthwise one before them.
func TestLargeMaps(t *testing.T) {
	d := &drawn{rng: rand.New(rand.NewPCG(3, 4)), g: layers.NewGraph()}
	in := tensor.Shape{N: 1, C: 16, H: 264, W: 36}
	wide := in
	wide.C = 32
	expand := layers.Sequential{d.convolve(in, 32, 1, tensor.Square(1, 1, 0)), layers.ReLU6{}}
	around := func(s tensor.Shape) layers.Sequential {
		return layers.Sequential{d.convolve(s, s.C, s.C, tensor.Square(3, 1, 1)), layers.ReLU{}}
	}
	project := d.convolve(wide, 16, 1, tensor.Square(1, 1, 0))
	first := d.convolve(in, 16, 1, tensor.Square(3, 1, 1))
	for n, net := range []layers.Sequential{
		{first, layers.SiLU{}, layers.Residual{Body: layers.Sequential{expand, layers.Sigmoid{}, around(wide), project}}},
		{first, layers.SiLU{}, layers.Residual{Body: layers.Sequential{expand, around(wide), project}}},
		{first, layers.SiLU{}, around(in), expand, around(wide), project},
	} {
		x := random(9, in.Elems(), 1)
		want := interpreter{}.apply(net, input(in, x))
		for _, isa := range asm.Supported() {
			o := layers.Options{Exact: true, Kernels: kernels(t, isa)}
			m, err := layers.Compile(net, in, o)
			require.NoError(t, err)
			o.Poison = true
			poisoned, err := layers.Compile(net, in, o)
			require.NoError(t, err)
			if steps := strings.Join(m.Steps(), "\n"); isa == asm.AVX512 || isa == asm.AVX512VNNI {
				require.Contains(t, steps, "chain", steps)
				require.Equal(t, n+1, strings.Count(steps, " + "), steps)
			}
			for i, m := range []*layers.Model{poisoned, m} {
				got := outputs(m)
				m.NewSession(i+1).ForwardAll(got, [][]float32{x})
				require.Empty(t, want.differs(got[0]), "%v, %d convolutions, %d threads", isa, n+2, i+1)
			}
		}
	}
}
