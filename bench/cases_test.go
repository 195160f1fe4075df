package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGemmTable(t *testing.T) {
	cases, more, err := gemmCases(strings.NewReader(gemmTable))
	require.NoError(t, err)
	require.Equal(t, "gemm m8n8k8", cases[0].String())
	require.Equal(t, 2.0*8*8*8, cases[0].flops())
	sides, rows, groups, names := map[int]bool{}, map[int]bool{}, map[string]int{}, map[string]bool{}
	for _, c := range cases {
		if c.GemmM == c.GemmN && c.GemmN == c.GemmK && !more[c] {
			sides[c.GemmM] = true
		}
		if c.Group == "rows" {
			rows[c.GemmM] = true
		}
		groups[c.Group]++
		require.False(t, names[c.Layer], "%s occurs twice", c.Layer)
		names[c.Layer] = true
	}
	for n := 8; n <= 2048; n *= 2 {
		require.True(t, sides[n], "no square product of %d", n)
	}
	for n := 1; n <= 8; n++ {
		require.True(t, rows[n], "no product of %d rows", n)
	}
	for _, g := range []string{"squares", "tall", "flat", "small-k", "large-k", "transposes", "strides", "rows"} {
		require.GreaterOrEqual(t, groups[g], 3, g)
	}
	for _, op := range []string{"256x256x256", "256x256x256-nt", "256x256x256-tn", "256x256x256-tt", "256x256x256-ld+24"} {
		require.True(t, names[op], op)
	}
	require.Less(t, len(cases)-len(more), 40, "a run without flags is to be short")
}

func TestGemmTableErrors(t *testing.T) {
	for _, q := range []struct{ table, want string }{
		{"n,m,k\n1,2,3\n", `the header is "n,m,k"`},
		{gemmHeader + "\na,1,x,3,nn,0,quick\n", "line 2"},
		{gemmHeader + "\n1,2\n", "wrong number of fields"},
		{gemmHeader + "\na,1,2,3,nn,0,quick\na,4,0,6,nn,0,quick\n", "line 3"},
		{gemmHeader + "\na,1,2,3,nx,0,quick\n", `op is "nx"`},
		{gemmHeader + "\na,1,2,3,nn,x,quick\n", "line 2"},
		{gemmHeader + "\na,1,2,3,nn,-1,quick\n", "line 2"},
		{gemmHeader + "\na,1,2,3,nn,0,often\n", `set is "often"`},
	} {
		_, _, err := gemmCases(strings.NewReader(q.table))
		require.ErrorContains(t, err, q.want)
	}
}

// An operand has the same numbers with gaps between its rows and without.
func TestMatrix(t *testing.T) {
	c := &Case{GemmM: 3, GemmN: 5, GemmK: 4, TransA: true}
	plain := c.aMatrix()
	require.Equal(t, []int{4, 3, 3}, []int{plain.rows, plain.cols, plain.ld})
	require.Equal(t, plain.data, plain.packed())
	c.LdPad = 2
	gaps := c.aMatrix()
	require.Equal(t, 5, gaps.ld)
	require.Equal(t, plain.data, gaps.packed())
	for i := range 3 {
		for j := range 4 {
			require.Equal(t, plain.data[j*3+i], gaps.at(i, j, true))
		}
	}
	require.Zero(t, gaps.data[3])
}

// The published sizes of the networks: layers, distinct ones, and multiply-adds of the convolutions.
func TestNetworks(t *testing.T) {
	for _, q := range []struct {
		name             string
		layers, distinct int
		macs             float64 // in millions
	}{
		{"resnet50", 53, 23, 4087.1},
		{"vgg16", 13, 9, 15346.6},
		{"mobilenetv1", 27, 19, 567.7},
		{"mobilenetv2", 52, 30, 299.5},
		{"squeezenet11", 26, 18, 349.2},
		{"googlenet", 57, 49, 1581.6},
		{"yolov2", 23, 14, 31469.1},
		{"unet", 13, 13, 7191.3},
	} {
		cases, err := netCases(q.name, 1)
		require.NoError(t, err)
		require.Len(t, cases, q.distinct, q.name)
		layers, macs := 0, 0.0
		names := map[string]bool{}
		for _, c := range cases {
			layers += c.Count
			macs += float64(c.Count) * c.flops() / 2e6
			require.False(t, names[c.Layer], "%s has two layers named %s", q.name, c.Layer)
			names[c.Layer] = true
		}
		require.Equal(t, q.layers, layers, q.name)
		require.InEpsilon(t, q.macs, macs, 0.001, q.name)
		eight, err := netCases(q.name, 8)
		require.NoError(t, err)
		require.Equal(t, 8*cases[0].flops(), eight[0].flops())
	}
	_, err := netCases("lenet", 1)
	require.ErrorContains(t, err, "resnet50")
}

func TestProblemString(t *testing.T) {
	c := &Case{N: 1, C: 96, H: 112, W: 112, OutC: 96, KH: 3, KW: 3, Stride: 2, Pad: 1, Groups: 96}
	require.NoError(t, c.check())
	require.Equal(t, "conv n1c96h112w112 k96r3s3 s2 p1 g96", c.String())
	require.Equal(t, 1*96*56*56, c.outElems())
	require.Equal(t, 9, c.depth())
	c.Groups = 5
	require.ErrorContains(t, c.check(), "5 groups")
	c.Groups, c.KH = 96, 500
	require.Error(t, c.check())
}

// The poolings are those the table says, and the batch multiplies their images.
func TestPoolTable(t *testing.T) {
	cases, more, err := poolCases(1)
	require.NoError(t, err)
	require.Len(t, cases, len(poolTable))
	global := 0
	for _, c := range cases {
		if c.global() {
			global++
		}
	}
	require.Equal(t, 4, global)
	require.Equal(t, 4.0*(64*112*112+64*56*56), cases[0].bytes())
	require.False(t, more[cases[0]])
	eight, _, err := poolCases(8)
	require.NoError(t, err)
	require.Equal(t, 8*cases[0].bytes(), eight[0].bytes())
	m := &machine{Bandwidth: []bandwidth{{"L1", 1, 300}, {"L2", 1, 100}, {"memory", 1, 10}}}
	m.Caches.L1D, m.Caches.L2 = 32<<10, 1<<20
	for bytes, want := range map[float64]string{1: "L1", 32 << 10: "L1", 33 << 10: "L2", 2 << 20: "memory"} {
		level, _ := m.holds(bytes)
		require.Equal(t, want, level)
	}
}

func TestWholeCases(t *testing.T) {
	list, more, err := wholeCases(2)
	require.NoError(t, err)
	require.Len(t, list, len(wholeNets))
	require.Equal(t, "network resnet50 n2c3h224w224", list[0].String())
	require.Equal(t, 2*1000, list[0].outElems())
	require.InEpsilon(t, 2*2*4089.2e6, list[0].flops(), 0.001)
	require.False(t, more[list[0]])
	require.Error(t, (&Case{Model: "lenet", N: 1, C: 3, H: 224, W: 224}).check())
	require.Error(t, (&Case{Model: "resnet50", N: 1, C: 3, H: 224, W: 220}).check())
}
