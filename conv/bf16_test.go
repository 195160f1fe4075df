package conv

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/cpu"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

// asBytes is a tensor in memory, as bfloat16 or as it is.
func asBytes(x []float32, half bool) []byte {
	if x == nil {
		return nil
	}
	if !half {
		return slices.Clone(tensor.Vector(x).Bytes())
	}
	y := make([]tensor.BF16, len(x))
	for i, v := range x {
		y[i] = tensor.ToBF16(v)
	}
	return slices.Clone(tensor.Vector(y).Bytes())
}

// floatsOf is the reverse.
func floatsOf(b []byte, half bool) []float32 {
	words := mem.Floats((len(b) + 3) / 4)
	copy(tensor.Vector(words).Bytes(), b)
	if !half {
		return words
	}
	y := make([]float32, len(b)/2)
	for i := range y {
		y[i] = bfloats(words)[i].Float32()
	}
	return y
}

// testBF16 runs a convolution in bfloat16 and in float32 on the same operands, whose products and sums are exact unless slack says otherwise.
func testBF16(t *testing.T, p Params, o operands, threads int, slack float64) *Plan {
	t.Helper()
	p.Precision, p.Force, p.Algorithm = BF16, true, ""
	pl, err := New(p, o.w, o.b)
	require.NoError(t, err)
	full := p
	full.Precision, full.Force, full.InBF16, full.OutBF16 = Float32, false, false, false
	exact, err := New(full, o.w, o.b)
	require.NoError(t, err)
	want := o.run(t, exact, 1, false)
	ws := NewWorkspace(threads, pl)
	check.FillNaN(ws.shared)
	for _, w := range ws.workers {
		check.FillNaN(w.scratch)
	}
	y, x, res := o.wide(pl)
	dst, src, residual := asBytes(y, p.OutBF16), asBytes(x, p.InBF16), asBytes(res, p.OutBF16)
	clear := slices.Clone(dst)
	run := func() { pl.RunBF16(ws, dst, src, residual) }
	run()
	got := floatsOf(dst, p.OutBF16)
	c, stride := p.OutC, max(p.OutStride, p.OutC)
	for i, v := range got {
		switch pixel, channel := i/stride, i%stride; {
		case stride > p.OutC && channel >= c:
			require.NotEqual(t, v, v, "%v: between the channels of pixel %d", pl, pixel)
		default:
			at := i
			if stride > p.OutC {
				at = pixel*c + channel
			}
			w := float64(want[at])
			if p.OutBF16 {
				if slack == 0 {
					w = float64(tensor.ToBF16(want[at]).Float32())
				} else {
					slack = max(slack, 0x1p-8*max(w, -w)+slack/1000)
				}
			}
			if d := float64(v) - w; !(max(d, -d) <= slack) {
				require.Failf(t, "wrong", "%v: element %d is %v, want %v", pl, at, v, w)
			}
		}
	}
	if p.Residual && p.ResidualStride == p.OutStride { // in place
		copy(clear, residual)
		pl.RunBF16(ws, clear, src, clear)
		got, again := floatsOf(clear, p.OutBF16), floatsOf(dst, p.OutBF16)
		for i := range got {
			if i%stride < c || stride == c {
				require.Equal(t, again[i], got[i], "%v: in place", pl)
			}
		}
	}
	check.NoAllocs(t, run, pl)
	return pl
}

// bf16Sets are the kernels that differ.
func bf16Sets(t *testing.T) (sets []*asm.Set) {
	for _, isa := range asm.Supported() {
		s, err := asm.For(isa)
		require.NoError(t, err)
		if isa == asm.Generic || s.BrgBF16[0].ISA == isa {
			sets = append(sets, s)
		}
	}
	return sets
}

// evened is a random problem that bfloat16 has.
func evened(rng *rand.Rand, p Params) Params {
	p.OutRowStride = 0
	p.InBF16, p.OutBF16 = rng.IntN(2) == 0, rng.IntN(2) == 0
	if p.Groups > 1 || p.InBF16 {
		p.In.C *= 2
	}
	p.InStride, p.OutStride, p.ResidualStride = 0, 0, 0
	if p.InBF16 {
		p.InLayout = tensor.NHWC
	}
	if p.InLayout == tensor.NHWC && rng.IntN(2) == 0 {
		p.InStride = p.In.C + 2*rng.IntN(5)
		if p.InBF16 {
			p.InStride = (p.InStride + 1) &^ 1
		}
	}
	if p.OutBF16 {
		p.OutC *= 2
		p.OutLayout = tensor.NHWC
	}
	if p.OutLayout == tensor.NHWC && rng.IntN(2) == 0 {
		p.OutStride = p.OutC + 2*rng.IntN(5)
		if p.Residual {
			p.ResidualStride = p.OutStride
		}
	}
	return p
}

func TestBF16(t *testing.T) {
	met, columns := map[string]bool{}, false
	for _, set := range bf16Sets(t) {
		rng := rand.New(rand.NewPCG(81, 82))
		for i := range many(600) {
			drawn := randomParams(rng)
			if i%8 == 0 && drawn.In.W < 20 { // a kernel as wide as the input, whose axes direct exchanges
				drawn.Window.KernelW, drawn.Window.DilationW, drawn.Window.PadLeft, drawn.Window.PadRight = drawn.In.W, 1, 0, 0
			}
			p := evened(rng, drawn)
			p.Kernels = set
			seed := uint64(i)
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) {
				seed++
				check.FillInts(x, seed, 3)
			})
			pl := testBF16(t, p, o, 1+i%3, 0)
			d := pl.runner.(*direct)
			columns = columns || d.down
			met[fmt.Sprint(p.InBF16, p.OutBF16, p.InLayout, p.OutLayout, d.tile > 0, d.widen)] = true
		}
	}
	require.GreaterOrEqual(t, len(met), 6, "%v", met)
	require.True(t, columns)
}

// TestBF16Large has what small problems do not: several chunks of channels, kernels in parts, long rows, and activations that are no clamps.
func TestBF16Large(t *testing.T) {
	nhwc := Params{InLayout: tensor.NHWC, OutLayout: tensor.NHWC, InBF16: true, OutBF16: true}
	for _, set := range bf16Sets(t) {
		for i, change := range []func(p *Params){
			func(p *Params) {
				p.In, p.OutC, p.Window = tensor.Shape{N: 1, C: 1100, H: 4, W: 5}, 34, tensor.Square(3, 1, 1)
			},
			func(p *Params) {
				p.In, p.OutC, p.Window = tensor.Shape{N: 1, C: 1100, H: 4, W: 5}, 34, tensor.Square(3, 1, 1)
				p.OutBF16 = false
			},
			func(p *Params) {
				p.In, p.OutC, p.Window = tensor.Shape{N: 1, C: 32, H: 20, W: 20}, 8, tensor.Square(31, 1, 15)
			},
			func(p *Params) {
				p.In, p.OutC, p.Window = tensor.Shape{N: 2, C: 64, H: 14, W: 14}, 70, tensor.Square(3, 1, 1)
			},
			func(p *Params) {
				p.In, p.OutC, p.Window = tensor.Shape{N: 2, C: 64, H: 15, W: 15}, 128, tensor.Square(1, 2, 0)
			},
			func(p *Params) {
				p.In, p.OutC, p.Window = tensor.Shape{N: 1, C: 48, H: 9, W: 30}, 40, tensor.Square(3, 1, 1)
				p.Activation = SiLU
			},
		} {
			p := nhwc
			change(&p)
			p.Kernels, p.Residual = set, i%2 == 0
			seed := uint64(i)
			fill := func(x []float32) { seed++; check.FillInts(x, seed, 2) }
			slack := 0.0
			if p.Activation.Kind != asm.Identity {
				slack = 1e-2
			}
			o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), fill)
			testBF16(t, p, o, 2, slack)
		}
	}
}

// TestBF16Rounds: operands are rounded, and the same bits come out for any number of threads.
func TestBF16Rounds(t *testing.T) {
	p := Params{
		In: tensor.Shape{N: 1, C: 96, H: 17, W: 19}, OutC: 66, Window: tensor.Square(3, 1, 1), Groups: 1, Precision: BF16, Force: true,
	}
	o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillRandom(x, uint64(len(x))) })
	short := operands{x: floatsOf(asBytes(o.x, true), true), w: floatsOf(asBytes(o.w, true), true), b: o.b}
	var want []float32
	for _, threads := range []int{1, 2, 5} {
		pl, err := New(p, o.w, o.b)
		require.NoError(t, err)
		y := make([]float32, pl.Out().Elems())
		pl.Run(NewWorkspace(threads, pl), y, o.x, nil)
		if want == nil {
			want = y
		}
		check.Exact(t, fmt.Sprint(threads), y, want)
		require.Equal(t, p.In.C*p.OutC*9*17*19, pl.MACs())
		require.Contains(t, pl.String(), "bfloat16")
	}
	sums, cond, depth := ref.Conv2D(p.InLayout, p.In, p.OutC, p.Window, 1, short.x, short.w, short.b)
	check.Bound(t, "y", want, sums, cond, depth)
}

// TestBF16Refused: what bfloat16 does not have, and what would be no faster.
func TestBF16Refused(t *testing.T) {
	ok := Params{In: tensor.Shape{N: 1, C: 32, H: 9, W: 9}, OutC: 64, Window: tensor.Square(3, 1, 1), InLayout: tensor.NHWC, OutLayout: tensor.NHWC, Precision: BF16, Force: true, InBF16: true, OutBF16: true}
	weights := func(p Params) []float32 {
		return make([]float32, p.OutC*p.In.C/max(p.Groups, 1)*p.Window.KernelH*p.Window.KernelW)
	}
	for want, change := range map[string]func(p *Params){
		"conv: Precision is 9, want Float32 or BF16":                                                func(p *Params) { p.Precision = 9 },
		"conv: InBF16 is true and OutBF16 true, want false with Precision Float32":                  func(p *Params) { p.Precision = Float32 },
		`conv: Algorithm is "winograd", want direct or pointwise with Precision BF16`:               func(p *Params) { p.Algorithm = "winograd" },
		"conv: In.C is 31 in 1 groups, want an even number in each with Precision BF16":             func(p *Params) { p.In.C = 31 },
		"conv: In.C is 32 in 32 groups, want an even number":                                        func(p *Params) { p.Groups = 32 },
		"conv: InLayout is NCHW and InStride 0, want NHWC and an even number with InBF16":           func(p *Params) { p.InLayout = tensor.NCHW },
		"conv: InLayout is NHWC and InStride 33, want NHWC and an even number with InBF16":          func(p *Params) { p.InStride = 33 },
		"conv: OutLayout is NHWC, OutC 63 in 1 groups, OutStride 0 and ResidualStride 0, want NHWC": func(p *Params) { p.OutC = 63 },
		"conv: OutRowStride is 1000, want 0 with Precision BF16":                                    func(p *Params) { p.OutRowStride = 1000 },
	} {
		p := ok
		change(&p)
		_, err := New(p, weights(p), nil)
		require.ErrorContains(t, err, want)
	}
	generic, err := asm.For(asm.Generic)
	require.NoError(t, err)
	p := ok
	p.Force, p.Kernels = false, generic
	_, err = New(p, weights(p), nil)
	require.EqualError(t, err, "conv: Precision is BF16, want Float32: generic has no kernels for it, which would be no faster")
	require.False(t, BF16Pays(p))
	p.Kernels = nil
	require.Equal(t, cpu.FastBF16() && asm.MustKernels().BrgBF16[0].ISA != asm.Generic, BF16Pays(p))
	if !cpu.FastBF16() {
		_, err = New(p, weights(p), nil)
		require.ErrorContains(t, err, "conv: Precision is BF16, want Float32")
	}

	pl, err := New(ok, weights(ok), nil)
	require.NoError(t, err)
	ws := NewWorkspace(1, pl)
	x, y := asBytes(make([]float32, ok.In.Elems()), true), asBytes(make([]float32, pl.Out().Elems()), true)
	require.Equal(t, ok.In, pl.Params().In)
	for want, f := range map[string]func(){
		isBF16:      func() { pl.Run(ws, nil, nil, nil) },
		shortBytes:  func() { pl.RunBF16(ws, y, x[4:], nil) },
		unaligned:   func() { pl.RunBF16(ws, y, x[2:], nil) },
		notResidual: func() { pl.RunBF16(ws, y, x, y) },
		noWorkspace: func() { pl.RunBF16(nil, y, x, nil) },
		overlap:     func() { pl.RunBF16(ws, y, y[:len(x)], nil) },
		noPlan:      func() { (*Plan)(nil).RunBF16(ws, y, x, nil) },
	} {
		require.PanicsWithValue(t, want, f)
	}
	q := ok
	q.Precision, q.InBF16, q.OutBF16 = Float32, false, false
	full, err := New(q, weights(q), nil)
	require.NoError(t, err)
	require.PanicsWithValue(t, notBF16, func() { full.RunBF16(ws, y, x, nil) })
	require.Equal(t, []*Plan{full, pl}, Chain(full, pl))
}
