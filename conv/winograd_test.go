package conv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/tensor"
)

// The matrices of asm.Wino.
var (
	winogradBT = [asm.NumWino][][]float64{
		{{-1, 0, 1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}},
		{
			{1, -1.5, -2, 1.5, 1, 0}, {0, -1, 0.5, 2.5, 1, 0}, {0, 1, -2.5, 0.5, 1, 0},
			{0, -2, -1, 2, 1, 0}, {0, 0.5, -1, -0.5, 1, 0}, {0, 1, -1.5, -2, 1.5, 1},
		},
	}
	winogradAT = [asm.NumWino][][]float64{
		{{1, 1, 1, 0}, {0, 1, -1, 1}},
		{{1, 1, 1, 1, 1, 0}, {0, 1, -1, 0.5, -2, 0}, {0, 1, 1, 0.25, 4, 0}, {0, 1, -1, 0.125, -8, 1}},
	}
)

// winogradCond is for Winograd's algorithm what cond is for a plain sum. With |.| element by element, the computed
// output differs from y = AT(sum over ic of U*V)A, U = G·w·GT, V = BT·x·B, by at most
//
//	gamma(n) |AT| (sum over ic of |U| * (|BT| |x| |B|)) |A|,     gamma(n) = n*2^-24/(1 - n*2^-24)
//
// to first order: every product that the transforms and sums multiply out to goes through at most n roundings: 4 in each
// of two passes over an input (a line of BT has 5 terms, two of them a difference that is rounded before), 1 of U, one
// for each input channel, 5 in each of two passes over the products, and 2 for bias and residual.
func winogradCond(p Params, o operands, wino asm.Wino) (cond []float64, depth int) {
	g, x := max(p.Groups, 1), o.x
	x = ref.Convert(p.InLayout, p.OutLayout, p.In, x)
	out := ref.Out(p.In, p.OutC, p.Window)
	m, n := wino.Out(), wino.In()
	icg, ocg := p.In.C/g, p.OutC/g
	elems := n * n
	u := make([]float64, p.OutC*icg*elems)
	for i := range p.OutC * icg {
		k := o.w[9*i:]
		for a, fa := range winogradG[wino] {
			for b, fb := range winogradG[wino] {
				var s float64
				for r := range 3 {
					for c := range 3 {
						s += fa[r] * fb[c] * float64(k[3*r+c])
					}
				}
				u[i*elems+a*n+b] = math.Abs(s)
			}
		}
	}
	abs := func(m [][]float64, x []float64, side int) []float64 {
		var y []float64
		for i := range m {
			for j := range m {
				var s float64
				for k := range side {
					for l := range side {
						s += math.Abs(m[i][k]*m[j][l]) * x[k*side+l]
					}
				}
				y = append(y, s)
			}
		}
		return y
	}
	cond = make([]float64, out.Elems())
	for image := range out.N {
		for ty := 0; ty < out.H; ty += m {
			for tx := 0; tx < out.W; tx += m {
				v := make([][]float64, p.In.C)
				for ic := range p.In.C {
					patch := make([]float64, elems)
					for r := range n {
						for c := range n {
							iy, ix := ty-p.Window.PadTop+r, tx-p.Window.PadLeft+c
							if iy >= 0 && iy < p.In.H && ix >= 0 && ix < p.In.W {
								patch[r*n+c] = math.Abs(float64(x[ref.Index(p.OutLayout, p.In, image, ic, iy, ix)]))
							}
						}
					}
					v[ic] = abs(winogradBT[wino], patch, n)
				}
				for oc := range p.OutC {
					s := make([]float64, elems)
					for ic := range icg {
						for e := range s {
							s[e] += u[(oc*icg+ic)*elems+e] * v[oc/ocg*icg+ic][e]
						}
					}
					y := abs(winogradAT[wino], s, n)
					for r := range min(m, out.H-ty) {
						for c := range min(m, out.W-tx) {
							i := ref.Index(p.OutLayout, out, image, oc, ty+r, tx+c)
							cond[i] = y[r*m+c] + math.Abs(float64(o.b[oc]))
							if o.res != nil {
								cond[i] += math.Abs(float64(o.res[i]))
							}
						}
					}
				}
			}
		}
	}
	return cond, icg + 8 + 1 + 10 + 2
}

// winogradConds is winogradCond computed once for each algorithm, when it is asked for.
func winogradConds(p Params, o operands) func(asm.Wino) ([]float64, int) {
	var conds [asm.NumWino][]float64
	var depth int
	return func(wino asm.Wino) ([]float64, int) {
		if conds[wino] == nil {
			conds[wino], depth = winogradCond(p, o, wino)
		}
		return conds[wino], depth
	}
}

// winogradOf says which of Winograd's algorithms a plan has.
func winogradOf(pl *Plan) (asm.Wino, bool) {
	w, ok := pl.runner.(*winograd)
	if !ok {
		return 0, false
	}
	return w.wino, true
}

// TestWinogradShapes goes through sizes of maps and paddings around those of tiles, with and without groups,
// and with strips of few tiles that begin and end anywhere, and sums over the channels in several calls, as layers of more
// channels than a call may have.
func TestWinogradShapes(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	floats := func(x []float32) { check.FillRandom(x, rng.Uint64()) }
	for range many(200) {
		g := 1 + rng.IntN(5)/4
		p := Params{
			In: tensor.Shape{N: 1 + rng.IntN(3), C: g * (1 + rng.IntN(40)), H: 1 + rng.IntN(14), W: 1 + rng.IntN(22)}, OutC: g * (1 + rng.IntN(40)), Groups: g,
			Window:   tensor.Window{KernelH: 3, KernelW: 3, PadTop: rng.IntN(5), PadLeft: rng.IntN(8), PadBottom: rng.IntN(5), PadRight: rng.IntN(8)},
			InLayout: tensor.Layout(rng.IntN(2)), OutLayout: tensor.Layout(rng.IntN(2)), Residual: rng.IntN(2) == 0, Activation: Activation{Kind: asm.ReLU},
		}
		if _, _, err := p.Window.Out(p.In.H, p.In.W); err != nil {
			continue
		}
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), floats)
		want, _, _ := reference(p, o)
		for wino, name := range []string{"winograd2", "winograd"} {
			cond, depth := winogradCond(p, o, asm.Wino(wino))
			p.Algorithm = name
			pl, err := New(p, o.w, o.b)
			require.NoError(t, err)
			w := pl.runner.(*winograd)
			strip := 1 + rng.IntN(w.tiles)
			w.strip, w.strips = strip, (w.tiles+strip-1)/strip
			w.k = 1 + rng.IntN(w.icg)
			y := nans(pl.Out().Elems())
			pl.Run(NewWorkspace(2, pl), y, o.x, o.res)
			check.Bound(t, fmt.Sprintf("%v %v", pl, p.Window), y, want, cond, depth)
		}
	}
}

// TestWinogradSpecial: what is not finite in the input makes the outputs not finite whose windows have it, and
// touches no output of another tile.
func TestWinogradSpecial(t *testing.T) {
	p := Params{
		In: tensor.Shape{N: 1, C: 5, H: 9, W: 17}, OutC: 37, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
		Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
	}
	o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func(x []float32) { check.FillRandom(x, 7) })
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, pixel := range []int{0, 4*17 + 8, 9*17 - 1} {
			was := o.x[5*pixel+2]
			o.x[5*pixel+2] = float32(v)
			iy, ix := pixel/17, pixel%17
			each(t, p, o, func(pl *Plan) {
				wino, ok := winogradOf(pl)
				if !ok {
					return
				}
				m := wino.Out()
				y := nans(pl.Out().Elems())
				pl.Run(NewWorkspace(1, pl), y, o.x, nil)
				for i, v := range y {
					oy, ox := i/37/17, i/37%17
					finite := !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
					if oy >= iy-1 && oy <= iy+1 && ox >= ix-1 && ox <= ix+1 {
						require.False(t, finite, "%v: output %d %d", pl, oy, ox)
					}
					ty, tx := oy/m*m-1, ox/m*m-1 // the first input of the tile's patch
					if iy < ty || iy >= ty+m+2 || ix < tx || ix >= tx+m+2 {
						require.True(t, finite, "%v: output %d %d", pl, oy, ox)
					}
				}
			})
			o.x[5*pixel+2] = was
		}
	}
}

// TestWinogradIsOptIn: nothing but the setting or the name chooses it.
func TestWinogradIsOptIn(t *testing.T) {
	p := Params{
		In: tensor.Shape{N: 1, C: 64, H: 56, W: 56}, OutC: 64, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
		Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
	}
	w := make([]float32, 64*64*9)
	pl, err := New(p, w, nil)
	require.NoError(t, err)
	require.Equal(t, "direct", pl.Algorithm())
	p.Accuracy = Relaxed
	pl, err = New(p, w, nil)
	require.NoError(t, err)
	require.Equal(t, "winograd", pl.Algorithm())
	p.Window.StrideH = 2
	pl, err = New(p, w, nil)
	require.NoError(t, err)
	require.Equal(t, "direct", pl.Algorithm())
	p.Accuracy = 2
	_, err = New(p, w, nil)
	require.ErrorContains(t, err, "Accuracy is 2, want Strict or Relaxed")
}

// TestWinogradError measures errors as layers of networks have them: inputs after a ReLU, weights as He et al.
// (Delving Deep into Rectifiers, 2015) draw them. The table that it logs is in ARCHITECTURE.md.
func TestWinogradError(t *testing.T) {
	for _, c := range []int{64, 128, 256, 512} {
		rng := rand.New(rand.NewPCG(31, uint64(c)))
		p := Params{
			In: tensor.Shape{N: 1, C: c, H: 12, W: 12}, OutC: 16, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
			Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1},
		}
		o := newOperands(p, ref.Out(p.In, p.OutC, p.Window), func([]float32) {})
		for i := range o.x {
			o.x[i] = float32(max(rng.NormFloat64(), 0))
		}
		for i := range o.w {
			o.w[i] = float32(rng.NormFloat64() * math.Sqrt(2/float64(9*c)))
		}
		want, _, _ := reference(p, o)
		relative := func(y []float32) (l2, worst float64) {
			var err2, sum2 float64
			for i, y := range y {
				d := float64(y) - want[i]
				err2 += d * d
				sum2 += want[i] * want[i]
				worst = max(worst, math.Abs(d))
			}
			return math.Sqrt(err2 / sum2), worst / math.Sqrt(sum2/float64(len(want)))
		}
		naive, naiveWorst := relative(naiveSums(p, o))
		t.Logf("%d channels: relative L2 error (largest error over rms of y): naive %.2g (%.2g)", c, naive, naiveWorst)
		for name, most := range map[string]float64{"direct": 1.2, "winograd2": 1.2, "winograd": 4.5} {
			p.Algorithm = name
			pl, err := New(p, o.w, o.b)
			require.NoError(t, err)
			l2, worst := relative(o.run(t, pl, 1, false))
			t.Logf("\t%s %.2g (%.2g), %.1f times", name, l2, worst, l2/naive)
			require.Less(t, l2, most*naive, name)
		}
	}
}

// naiveSums adds the products of each output of a 3x3 convolution with padding 1 up one after the other in float32.
func naiveSums(p Params, o operands) []float32 {
	var y []float32
	for oy := range p.In.H {
		for ox := range p.In.W {
			for oc := range p.OutC {
				var s float32
				for k := range 9 {
					iy, ix := oy+k/3-1, ox+k%3-1
					if iy < 0 || iy >= p.In.H || ix < 0 || ix >= p.In.W {
						continue
					}
					for ic := range p.In.C {
						s += o.x[(iy*p.In.W+ix)*p.In.C+ic] * o.w[(oc*p.In.C+ic)*9+k]
					}
				}
				y = append(y, s)
			}
		}
	}
	return y
}

// TestWinogradChoice: which algorithm is taken where both apply.
func TestWinogradChoice(t *testing.T) {
	for _, c := range []struct {
		n, icg, ocg, groups, h, w int
		want                      string
	}{
		{1, 64, 64, 1, 56, 56, "winograd"}, {1, 256, 256, 1, 14, 14, "winograd"},
		{1, 512, 512, 1, 7, 7, "winograd2"}, {4, 512, 512, 1, 7, 7, "winograd"},
		{1, 512, 512, 1, 4, 4, "direct"}, {1, 16, 16, 1, 7, 7, "direct"}, {1, 3, 64, 1, 224, 224, "direct"},
		{1, 16, 16, 4, 28, 28, "winograd"}, {1, 4, 4, 32, 56, 56, "grouped"}, {1, 1, 1, 64, 56, 56, "depthwise"},
	} {
		p := Params{
			In: tensor.Shape{N: c.n, C: c.icg * c.groups, H: c.h, W: c.w}, OutC: c.ocg * c.groups, Groups: c.groups, InLayout: tensor.NHWC, OutLayout: tensor.NHWC,
			Window: tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}, Accuracy: Relaxed,
		}
		pl, err := New(p, make([]float32, p.OutC*c.icg*9), nil)
		require.NoError(t, err)
		if c.want == "grouped" && asm.MustKernels().ISA == asm.Generic {
			c.want = "direct"
		}
		require.Equal(t, c.want, pl.Algorithm(), pl.String())
	}
}
