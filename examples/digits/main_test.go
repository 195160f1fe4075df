package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/cases"
)

// TestDigits: of the 10,000 test images the network gets those right that it gets right elsewhere.
func TestDigits(t *testing.T) {
	dir := cases.Dir(t, "models", "data")
	model, err := network(dir)
	require.NoError(t, err)
	set, err := mnist("")
	require.NoError(t, err)
	require.Equal(t, 10000, set.Count())
	wrong := mistakes(readAll(model, set, 10000, 2, func(int) {}), set)
	require.Equal(t, 9891, 10000-len(wrong))

	js, err := os.ReadFile(filepath.Join(dir, "data", "mnist8_t10k.json"))
	require.NoError(t, err)
	var want struct {
		Wrong []int `json:"wrong_indices"`
	}
	require.NoError(t, json.Unmarshal(js, &want))
	require.Equal(t, want.Wrong, wrong)
}

func TestRun(t *testing.T) {
	dir := cases.Dir(t, "models", "data")
	var out, progress strings.Builder
	require.NoError(t, run([]string{"-cases", dir, "-n", "100", "-threads", "1", "-index", "92"}, &out, &progress))
	for _, want := range []string{"99 of 100 right (99.00%)", "image 92, a 9", "█", "images per second on 1 threads", "#92 (a 9, read as "} {
		require.Contains(t, out.String(), want)
	}
	require.Empty(t, progress.String())
	for want, args := range map[string][]string{
		"-n is 10001":          {"-n", "10001"},
		"-index is -1":         {"-index", "-1"},
		"unexpected argument":  {"extra"},
		"no such file":         {"-cases", t.TempDir()},
		"t10k-images":          {"-mnist", t.TempDir()},
		"flag: help requested": {"-help"},
	} {
		require.ErrorContains(t, run(args, &out, &progress), want)
	}
	require.Contains(t, progress.String(), "-threads")
}

// TestWithoutWeights: it says what to do where there are no weights, which is so in every fresh clone.
func TestWithoutWeights(t *testing.T) {
	empty := t.TempDir()
	t.Setenv(cases.Env, "")
	t.Chdir(empty)
	for _, args := range [][]string{nil, {"-cases", empty}} {
		err := run(args, io.Discard, io.Discard)
		require.ErrorContains(t, err, "name a folder that has models/mnist8.json with -cases or SIMDNN_CASES")
	}
}
