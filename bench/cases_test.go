package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGemmTable(t *testing.T) {
	cases, err := gemmCases(strings.NewReader(gemmTable))
	require.NoError(t, err)
	require.Equal(t, "gemm m8n8k8", cases[0].String())
	require.Equal(t, 2.0*8*8*8, cases[0].flops())
	sides := map[int]bool{}
	for _, c := range cases {
		if c.GemmM == c.GemmN && c.GemmN == c.GemmK {
			sides[c.GemmM] = true
		}
	}
	for n := 8; n <= 2048; n *= 2 {
		require.True(t, sides[n], "no square product of %d", n)
	}
}

func TestGemmTableErrors(t *testing.T) {
	for _, q := range []struct{ table, want string }{
		{"n,m,k\n1,2,3\n", `the header is "n,m,k"`},
		{"m,n,k\n1,x,3\n", "line 2"},
		{"m,n,k\n1,2\n", "wrong number of fields"},
		{"m,n,k\n1,2,3\n4,0,6\n", "line 3"},
	} {
		_, err := gemmCases(strings.NewReader(q.table))
		require.ErrorContains(t, err, q.want)
	}
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
