package shapes

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// TestRoundTrip: canonical strings come back as they are, other spellings in canonical form.
func TestRoundTrip(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"gemm m12544n64k64", ""},
		{"gemm m1n2k3 ta", ""},
		{"gemm m1n2k3 tb ta", "gemm m1n2k3 ta tb"},
		{"gemm m0n2k3", ""},
	} {
		g, err := ParseGemm(c.in)
		require.NoError(t, err)
		check(t, c.in, c.out, g.String())
	}
	for _, c := range []struct{ in, out string }{
		{"conv n1c64h56w56 k64r3s3 p1", ""},
		{"conv n1c3h224w224 k64r7s7 s2 p3 NHWC", ""},
		{"conv n2c8h9w10 k16r3s2 s1x2 d2x1 p0,1,2,3 g4 NHWC", ""},
		{"conv n1c64h56w56 k64r3s3 s1x1 d1 p1,1,1,1 g1 NCHW", "conv n1c64h56w56 k64r3s3 p1"},
		{"conv n1c64h56w56  k64r3s3 NHWC p1 s2x2", "conv n1c64h56w56 k64r3s3 s2 p1 NHWC"},
		{"conv n1c64h56w56 k64r3s3 p1 NHWC: direct, workspace 3 KiB", "conv n1c64h56w56 k64r3s3 p1 NHWC"},
	} {
		v, err := ParseConv(c.in)
		require.NoError(t, err)
		check(t, c.in, c.out, v.String())
	}
	for _, c := range []struct{ in, out string }{
		{"pool max n1c64h112w112 r3s3 s2 p1", ""},
		{"pool avg n1c64h112w112 r3s2 s2x3 d2 p1 ceil countpad NHWC", ""},
		{"pool avg n1c64h112w112 r3s2 NHWC ceil", "pool avg n1c64h112w112 r3s2 ceil NHWC"},
	} {
		p, err := ParsePool(c.in)
		require.NoError(t, err)
		check(t, c.in, c.out, p.String())
	}
}

func check(t *testing.T, in, want, got string) {
	t.Helper()
	if want == "" {
		want = in
	}
	require.Equal(t, want, got)
}

func TestParse(t *testing.T) {
	c, err := ParseConv("conv n2c8h9w10 k16r3s2 s1x2 d2x3 p0,1,2,3 g4 NHWC")
	require.NoError(t, err)
	require.Equal(t, Conv{
		In: tensor.Shape{N: 2, C: 8, H: 9, W: 10}, OutC: 16, Groups: 4, Layout: tensor.NHWC,
		Window: tensor.Window{KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 2, DilationH: 2, DilationW: 3, PadLeft: 1, PadBottom: 2, PadRight: 3},
	}, c)
	require.Equal(t, tensor.Shape{N: 2, C: 16, H: 7, W: 6}, c.Out())
	require.Equal(t, 16*2*3*2, c.Weights())
	require.EqualValues(t, 16*2*3*2*2*7*6, c.MACs())

	p, err := ParsePool("pool avg n1c2h5w5 r2s2 s2 ceil")
	require.NoError(t, err)
	require.True(t, p.Avg)
	require.Equal(t, tensor.Shape{N: 1, C: 2, H: 3, W: 3}, p.Out())

	g, err := ParseGemm("gemm m2n3k5 tb")
	require.NoError(t, err)
	require.Equal(t, Gemm{TransB: true, M: 2, N: 3, K: 5}, g)
	require.EqualValues(t, 30, g.MACs())
}

func TestParseErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                                       `want a string that begins with "conv"`,
		"gemm m1n1k1":                            `want a string that begins with "conv"`,
		"conv":                                   `want a size for each of "nchw" in ""`,
		"conv n1c64h56 k64r3s3":                  `want a size for each of "nchw" in "n1c64h56"`,
		"conv n1c64h56w56":                       `want a size for each of "krs" in ""`,
		"conv n1c64h56w56 k64r3s":                `want a size for each of "krs"`,
		"conv n1c64h56w56x k64r3s3":              `"x" in "n1c64h56w56x" is too much`,
		"conv n1c64h56w56 k64r3s3 q1":            `unknown word "q1"`,
		"conv n1c64h56w56 k64r3s3 p1,2,3":        `unknown word "p1,2,3"`,
		"conv n1c64h56w56 k64r3s3 s":             `unknown word "s"`,
		"conv n1c64h56w56 k64r3s3 s2x":           `unknown word "s2x"`,
		"conv n1c64h56w56 k64r3s3 g2x2":          `unknown word "g2x2"`,
		"conv n1c64h56w56 k64r3s3 g5":            `groups must divide 64 and 64 channels`,
		"conv n1c64h56w56 k64r3s3 g0":            `groups must divide`,
		"conv n1c64h56w56 k0r3s3":                `groups must divide`,
		"conv n0c64h56w56 k64r3s3":               `N is 0`,
		"conv n1c64h2w2 k64r3s3":                 `want at least the kernel's reach 3`,
		"conv n1c64h56w56 k64r3s3 p-1":           `unknown word "p-1"`,
		"conv n99999999999999999999c1h1w1 k1r1s": `want a size for each of "nchw"`,
	} {
		_, err := ParseConv(in)
		require.ErrorContains(t, err, want, "%q", in)
	}
	_, err := ParseGemm("gemm m1n1k1 tc")
	require.ErrorContains(t, err, `shapes: "gemm m1n1k1 tc": unknown word "tc"`)
	for _, in := range []string{"pool", "pool min n1c1h1w1 r1s1", "pool max n1c1h1w1 r1s1 g2", "pool max n1c1h1w1 r2s2"} {
		_, err := ParsePool(in)
		require.Error(t, err, in)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("conv n2c8h9w10 k16r3s2 s1x2 d2x3 p0,1,2,3 g4 NHWC")
	f.Add("pool avg n1c64h112w112 r3s2 s2x3 d2 p1 ceil countpad NHWC")
	f.Add("gemm m1n2k3 ta tb")
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseConv(s); err == nil {
			w, err := ParseConv(v.String())
			require.NoError(t, err)
			require.Equal(t, v.String(), w.String())
			v.Out()
		}
		if v, err := ParsePool(s); err == nil {
			w, err := ParsePool(v.String())
			require.NoError(t, err)
			require.Equal(t, v.String(), w.String())
			v.Out()
		}
		if v, err := ParseGemm(s); err == nil {
			w, err := ParseGemm(v.String())
			require.NoError(t, err)
			require.Equal(t, v, w)
		}
	})
}

// TestSweeps: every problem is possible, none occurs twice, and all kinds occur.
func TestSweeps(t *testing.T) {
	require.Equal(t, []int{1, 13, 14, 15, 27, 28, 29}, Around(14))
	require.Equal(t, []int{1, 2, 3}, Around(1))

	seen := map[string]bool{}
	once := func(s string) { require.False(t, seen[s], s); seen[s] = true }
	for _, g := range Gemms(14, 32, 4) {
		once(g.String())
	}
	kinds := map[string]int{}
	for _, nr := range []int{4, 16, 32} {
		clear(seen)
		for _, c := range Convs(6, nr) {
			s := c.String()
			if c.In != (tensor.Shape{N: 1, C: 1, H: 1, W: 1}) {
				once(s)
			}
			back, err := ParseConv(s)
			require.NoError(t, err)
			require.Equal(t, s, back.String())
			require.Less(t, c.MACs(), int64(20_000_000), s)
			w := c.Window
			for kind, is := range map[string]bool{
				"NCHW": c.Layout == tensor.NCHW, "NHWC": c.Layout == tensor.NHWC, "batch": c.In.N > 1,
				"depthwise": c.Groups == c.In.C && c.In.C > 1 && c.OutC == c.In.C, "multiplier": c.Groups == c.In.C && c.OutC == 2*c.In.C,
				"grouped": c.Groups > 1 && c.Groups < c.In.C, "pointwise": w.KernelH == 1 && w.KernelW == 1,
				"strided": w.StrideH > 1, "dilated": w.DilationH > 1, "asymmetric": w.PadTop != w.PadBottom,
				"padding beyond the kernel": w.PadTop >= w.KernelH,
			} {
				if is {
					kinds[kind]++
				}
			}
		}
	}
	require.Len(t, kinds, 11, "%v", kinds)

	clear(seen)
	for _, p := range Pools(16) {
		s := p.String()
		once(s)
		back, err := ParsePool(s)
		require.NoError(t, err)
		require.Equal(t, s, back.String())
	}
}

// TestWild: all windows are allowed, and all kinds occur.
func TestWild(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	kinds := map[string]int{}
	for range 6000 {
		h, w := 1+rng.IntN(9), 1+rng.IntN(30)
		v := Wild(rng, h, w, 3000)
		oh, ow, err := v.Out(h, w)
		require.NoError(t, err)
		rows := tensor.Segments(oh, h, v.KernelH, v.StrideH, v.DilationH, v.PadTop)
		cols := tensor.Segments(ow, w, v.KernelW, v.StrideW, v.DilationW, v.PadLeft)
		empty := func(s tensor.Segment) int { return (s.Hi - s.Lo) * max(0, 1-s.K1+s.K0) }
		last := len(cols) - 1
		for kind, is := range map[string]bool{
			"rows above": empty(rows[0]) > 3, "rows below": empty(rows[len(rows)-1]) > 3, "columns to the left": empty(cols[0]) > 16,
			"columns to the right": empty(cols[last]) > 16, "a kernel larger than the map": v.KernelH > h && v.KernelW > w,
			"a stride larger than the kernel": v.StrideH > v.KernelH || v.StrideW > v.KernelW, "dilation": v.DilationH > 1,
			"3x3 and rows":        v.KernelH == 3 && v.KernelW == 3 && v.DilationW == 1 && v.StrideW < 3 && empty(rows[0]) > 9,
			"3x3 and one axis":    v.KernelH == 3 && v.KernelW == 3 && v.PadLeft == 1 && v.PadRight == 1 && empty(rows[0]) > 3,
			"nothing but padding": len(rows) == 1 && empty(rows[0]) == oh, "taps that jump over the map": len(rows) > 2 && empty(rows[1]) > 0,
			"three times the map": v.PadTop > 2*h && v.PadBottom > 2*h,
		} {
			if is {
				kinds[kind]++
			}
		}
	}
	require.Len(t, kinds, 12, "%v", kinds)
	for kind, n := range kinds {
		require.Greater(t, n, 3, kind)
	}
}
