package conv

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/shapes"
)

// TestPlanarPays has layers in NCHW for which planar was measured to be quicker or slower than direct, on AVX-512 and AVX2 alike.
func TestPlanarPays(t *testing.T) {
	for _, c := range []struct {
		problem string
		want    string
	}{
		{"conv n1c3h224w224 k96r4s4 s4", "direct"},
		{"conv n1c3h192w192 k64r3s3 s3", "direct"},
		{"conv n1c16h512w512 k16r4s4 s4", "direct"},
		{"conv n1c3h227w227 k96r11s11 s4", "direct"},
		{"conv n1c3h224w224 k768r16s16 s16", "direct"},
		{"conv n1c3h100w100 k32r3s3 p1", "planar"},
		{"conv n1c2h17w17 k128r3s3 p1", "planar"},
		{"conv n1c64h56w56 k12r1s1", "planar"},
		{"conv n1c4h1w15000 k32r1s1", "planar"},
		{"conv n1c64h112w112 k3r3s3 p1", "planar"},
		// Strided 1x1 kernels: the pixels that are used are not worth a copy.
		{"conv n1c336h9w9 k16r1s1 s2", "pointwise"},
		{"conv n1c64h24w24 k32r1s1 s2", "pointwise"},
		{"conv n1c256h11w11 k48r1s1 s2", "pointwise"},
		// Rows that the lanes do not suit, with padding that direct leaves out.
		{"conv n1c16h10w10 k16r3s3 p4", "direct"},
		{"conv n1c96h12w11 k8r5s5 d2 p4", "direct"},
		{"conv n1c196h16w16 k12r3s3 p1", "direct"},
		{"conv n1c64h29w29 k2r2s2 s2 p1", "direct"},
		{"conv n1c1024h14w14 k1024r3s3 p1 g32", "direct"},
		// One long line.
		{"conv n1c32h1w84350 k32r1s8 s1x4 p0,2,0,2", "direct"},
		{"conv n1c32h1w84350 k64r1s3 p0,1,0,1", "planar"},
		{"conv n1c64h1w21087 k64r1s5 p0,2,0,2", "planar"},
	} {
		for _, isa := range asm.Supported() {
			if isa != asm.AVX2 && isa != asm.AVX512 && isa != asm.AVX512VNNI { // where both algorithms were timed
				continue
			}
			set, err := asm.For(isa)
			require.NoError(t, err)
			q, err := shapes.ParseConv(c.problem)
			require.NoError(t, err)
			pl, err := New(Params{In: q.In, OutC: q.OutC, Window: q.Window, Groups: q.Groups, InLayout: q.Layout, OutLayout: q.Layout, Kernels: set}, make([]float32, q.Weights()), nil)
			require.NoError(t, err)
			require.Equal(t, c.want, pl.Algorithm(), "%v", pl)
		}
	}
}

// TestPlanarSegments has lines that are few and long, or too long for a strip: they are cut into segments, which meet the padding at
// the ends of a line only, or have nothing else.
func TestPlanarSegments(t *testing.T) {
	for _, s := range []string{
		"conv n1c8h1w5003 k16r1s7 p0,3,0,3",
		"conv n1c4h1w9001 k48r1s6 s1x2 p0,5,0,2",
		"conv n2c6h1w9500 k32r1s9 s1x3 d1x2 p0,4,0,7",
		"conv n1c4h2w5000 k16r3s3 p1",
		"conv n1c4h3w2000 k16r3s5 p1,700,1,900", // segments that see only padding
		"conv n1c3h2w2500 k32r2s30 s1x4 p1,9,0,30",
		"conv n1c64h5w9000 k2r3s3 p1", // one line would not fit a strip
		"conv n1c6h1w7001 k12r1s17 d1x40 p0,300,0,300 g2",
	} {
		q, err := shapes.ParseConv(s)
		require.NoError(t, err)
		for _, residual := range []bool{false, true} {
			p := Params{In: q.In, OutC: q.OutC, Window: q.Window, Groups: q.Groups, Algorithm: "planar", Residual: residual}
			o := newOperands(p, q.Out(), func(x []float32) { check.FillInts(x, 5, 3) })
			same := integers(t, p, o)
			for _, isa := range asm.Supported() {
				p.Kernels, err = asm.For(isa)
				require.NoError(t, err)
				pl, err := New(p, o.w, o.b)
				require.NoError(t, err)
				require.Less(t, pl.runner.(*planar).segment, pl.out.W, "%v", pl)
				same(pl, o.run(t, pl, 3, false))
			}
		}
	}
}
