package main

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/onnx"
)

// TestQuantisedCases: a network becomes a file whose products are all on bytes, which runs.
func TestQuantisedCases(t *testing.T) {
	if testing.Short() {
		t.Skip("quantises a network")
	}
	o := fileOptions(quantisedNets)
	o.layers = regexp.MustCompile("squeezenet")
	dir := t.TempDir()
	list, err := o.fileCases(dir)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, quantisedBound, list[0].bound)
	f, err := onnx.Open(filepath.Join(dir, list[0].name+".onnx"))
	require.NoError(t, err)
	ops := map[string]int{}
	for _, n := range f.Nodes() {
		ops[n.Op()]++
	}
	require.Greater(t, ops["QuantizeLinear"], 20)
	require.Greater(t, ops["DequantizeLinear"], ops["Conv"])
	_, y := openHere(t, o, list[0])
	require.Len(t, y, 1000)
	sum := 0.0
	for _, v := range y {
		sum += float64(v)
	}
	require.NotZero(t, sum)
}
