package pool

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// TestBytes compares poolings of bytes with plain ones, in memory that ends at pages that must not be touched.
func TestBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for seed := range uint64(300) {
		w := tensor.Window{
			KernelH: 1 + r.IntN(4), KernelW: 1 + r.IntN(4), StrideH: 1 + r.IntN(3), StrideW: 1 + r.IntN(3), DilationH: 1 + r.IntN(2), DilationW: 1 + r.IntN(2),
			PadTop: r.IntN(5), PadLeft: r.IntN(5), PadBottom: r.IntN(5), PadRight: r.IntN(5), CeilMode: r.IntN(2) == 0,
		}
		p := Params{Kind: Kind(r.IntN(2)), In: tensor.Shape{N: 1 + r.IntN(2), C: 1 + r.IntN(150), H: 7 + r.IntN(4), W: 7 + r.IntN(4)}, Window: w, Layout: tensor.NHWC}
		if r.IntN(2) == 0 {
			p.OutStride = p.In.C + r.IntN(4)
		}
		b := Bytes{Signed: r.IntN(2) == 0, Hi: 255}
		if b.Signed {
			b.Lo, b.Hi = -128, 127
		}
		if r.IntN(2) == 0 {
			b.Lo, b.Hi = b.Lo+r.IntN(100), b.Hi-r.IntN(100)
		}
		l, err := NewBytes(p, b)
		require.NoError(t, err)
		out, ld := l.Out(), max(p.OutStride, p.In.C)
		a := check.New(t, l.String(), "", seed)
		side := check.Sides[seed%2]
		src := a.Bytes("src", p.In.Elems(), side)
		for i := range src {
			src[i] = byte(r.Uint32())
		}
		a.Freeze()
		dst := a.Bytes("dst", (out.N*out.H*out.W-1)*ld+out.C, side)
		want := slices.Clone(dst)
		for i := range out.Elems() {
			pixel, c := i/out.C, i%out.C
			n, oy, ox := pixel/(out.H*out.W), pixel/out.W%out.H, pixel%out.W
			most, sum, count := math.Inf(-1), 0.0, 0
			for k := range w.KernelH * w.KernelW {
				y, x := oy*w.StrideH-w.PadTop+k/w.KernelW*w.DilationH, ox*w.StrideW-w.PadLeft+k%w.KernelW*w.DilationW
				if y < 0 || y >= p.In.H || x < 0 || x >= p.In.W {
					continue
				}
				q := src[((n*p.In.H+y)*p.In.W+x)*p.In.C+c]
				v := float64(q)
				if b.Signed {
					v = float64(int8(q))
				}
				most, sum, count = max(most, v), sum+v, count+1
			}
			v := max(most, -128)
			if p.Kind == Avg {
				v = math.Round(sum / float64(max(count, 1))) // ties away from zero
			}
			want[pixel*ld+c] = byte(int(min(max(v, float64(b.Lo)), float64(b.Hi))))
		}
		a.Run(func() { l.Run(dst, src) })
		require.Equal(t, want, dst, "%v %+v %+v", l, p, b)
		a.Close()
	}
}

// TestBytesMisuse: errors name the parameter, and wrong lengths panic.
func TestBytesMisuse(t *testing.T) {
	good := Params{In: tensor.Shape{N: 1, C: 3, H: 4, W: 4}, Window: tensor.Window{KernelH: 2, KernelW: 2}, Layout: tensor.NHWC}
	for want, change := range map[string]func(p *Params, b *Bytes){
		"Layout is NCHW":       func(p *Params, _ *Bytes) { p.Layout = tensor.NCHW },
		"Global true":          func(p *Params, _ *Bytes) { p.Global = true },
		"CountIncludePad true": func(p *Params, _ *Bytes) { p.CountIncludePad = true },
		"Lo is -1":             func(_ *Params, b *Bytes) { b.Lo = -1 },
		"Hi 128":               func(_ *Params, b *Bytes) { b.Signed, b.Hi = true, 128 },
		"Lo is 9 and Hi 8":     func(_ *Params, b *Bytes) { b.Lo, b.Hi = 9, 8 },
		"Kind is 7":            func(p *Params, _ *Bytes) { p.Kind = 7 },
		"at most 1048576":      func(p *Params, _ *Bytes) { p.In.H, p.In.W, p.Window.KernelH, p.Window.KernelW = 1025, 1024, 1025, 1024 },
	} {
		p, b := good, Bytes{Hi: 255}
		change(&p, &b)
		_, err := NewBytes(p, b)
		require.ErrorContains(t, err, want)
	}
	l, err := NewBytes(good, Bytes{Hi: 255})
	require.NoError(t, err)
	src, dst := make([]byte, 48), make([]byte, 27)
	require.PanicsWithValue(t, "pool: len(src) is not the size of the input", func() { l.Run(dst, src[1:]) })
	require.PanicsWithValue(t, "pool: len(dst) is not the size of the output", func() { l.Run(dst[1:], src) })
	require.PanicsWithValue(t, "pool: dst and src overlap", func() { l.Run(src[:27], src) })
	require.Zero(t, testing.AllocsPerRun(10, func() { l.Run(dst, src) }))
}
