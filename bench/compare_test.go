package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// recorded writes a run: nanoseconds of the rounds by name.
func recorded(t *testing.T, commit string, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), commit+".bench")
	text := "goos: linux\npkg: github.com/simdnn/simdnn/bench\ncpu: Test\ngoversion: go1.99\ncommit: " + commit + "\nUnit GFLOP/s better=higher\n\n"
	for _, l := range lines {
		name, times, _ := strings.Cut(l, " ")
		for _, ns := range strings.Fields(times) {
			text += fmt.Sprintf("Benchmark%s\t10\t%s ns/op\t5 GFLOP/s\n", name, ns)
		}
	}
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestCompare(t *testing.T) {
	const (
		a = "Conv/net=x/layer=a/n=1/lib=simdnn/mode=nhwc-1"
		b = "Conv/net=x/layer=b/n=1/lib=simdnn/mode=nhwc-1"
		c = "Conv/net=x/layer=c/n=1/lib=simdnn/mode=nhwc-1"
		d = "Gemm/mnk=8x8x8/lib=simdnn/mode=packed"
		e = "Gemm/mnk=9x9x9/lib=simdnn/mode=packed"
		p = "Gemm/mnk=8x8x8/lib=openblas/mode=sgemm"
	)
	old := recorded(t, "aaa", a+" 1000 1010 1020", b+" 1000 1010 1020", c+" 1000 1200 1300", d+" 1000 1001 1002 1003 1004", e+" 7 8", p+" 500 501 502")
	now := recorded(t, "bbb", a+" 1100 1110 1120", b+" 1020 1025 1030", c+" 1100 1200 1300", d+" 900 901 902 903 904", p+" 900 901 902")
	var out bytes.Buffer
	slower, err := compareFiles(&out, old, now)
	require.NoError(t, err)
	require.True(t, slower)
	text := out.String()
	require.Contains(t, text, "old: commit aaa, go1.99, Test\nnew: commit bbb")
	require.Regexp(t, `Conv/net=x/layer=a/\S+ +1 +1.1 +1.100 +3.0% +- +SLOWER`, text)
	require.Regexp(t, `Gemm/mnk=8x8x8/lib=simdnn/\S+ +1 +0.9 +0.900 +3.0% +0.00794 +faster`, text)
	require.NotContains(t, text, "layer=b", "2% is noise")
	require.NotContains(t, text, "layer=c", "its rounds lie 20% apart")
	require.NotContains(t, text, "openblas", "the others are not judged")
	require.Contains(t, text, "4 of ours in both runs: 1 slower, 1 faster")

	out.Reset()
	slower, err = compareFiles(&out, old, old)
	require.NoError(t, err)
	require.False(t, slower)
	require.NotContains(t, out.String(), "moved beyond noise")
}

// What the other libraries changed by counts as noise.
func TestCompareControls(t *testing.T) {
	before, after := []string{"Gemm/mnk=1x1x1/lib=simdnn/mode=packed 1000 1001"}, []string{"Gemm/mnk=1x1x1/lib=simdnn/mode=packed 1100 1101"}
	for i := range 20 {
		name := fmt.Sprintf("Gemm/mnk=%dx1x1/lib=onednn/mode=packed", i)
		before, after = append(before, name+" 1000 1001"), append(after, fmt.Sprintf("%s %d %d", name, 1100+i, 1101+i))
	}
	var out bytes.Buffer
	slower, err := compareFiles(&out, recorded(t, "a", before...), recorded(t, "b", after...))
	require.NoError(t, err)
	require.False(t, slower, out.String())
	require.Contains(t, out.String(), "changed by less than 11.8%")
}

func TestCompareErrors(t *testing.T) {
	good := recorded(t, "a", "Gemm/mnk=1x1x1/lib=simdnn/mode=packed 1000")
	other := recorded(t, "b", "Gemm/mnk=2x1x1/lib=simdnn/mode=packed 1000")
	for _, q := range []struct{ old, now, want string }{
		{good, other, "no case of ours in common"},
		{good, filepath.Join(t.TempDir(), "absent"), "no such file"},
		{filepath.Join(t.TempDir(), "absent"), good, "no such file"},
		{recorded(t, "c"), good, "no results"},
	} {
		_, err := compareFiles(&bytes.Buffer{}, q.old, q.now)
		require.ErrorContains(t, err, q.want)
	}
	var out bytes.Buffer
	_, err := parseFlags([]string{"-compare=a", "b", "c"}, &out)
	require.ErrorContains(t, err, "unexpected argument")
	o, err := parseFlags([]string{"-compare=a", "b"}, &out)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, []string{o.compare, o.with})
}

// The runs that are kept can be read, and a run does not differ from itself.
func TestSavedRuns(t *testing.T) {
	files, err := filepath.Glob("results/*.bench")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		slower, err := compareFiles(&bytes.Buffer{}, f, f)
		require.NoError(t, err)
		require.False(t, slower)
	}
}
