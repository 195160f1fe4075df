package asm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var hexDump = regexp.MustCompile(`(?m)^\t0x[0-9a-f]{4} ((?:[0-9a-f]{2} )+)`)

// TestVNNIMacro proves vnni_amd64.h for all registers: its VPDPBUSD is the assembler's VPMADDUBSW, which has the same operands and the same
// prefix, with another opcode.
func TestVNNIMacro(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil || runtime.GOARCH != "amd64" && testing.Short() {
		t.Skip("needs the go command; emulated it would be slow")
	}
	var macro, own strings.Builder
	for i := range 16 {
		for _, r := range [][3]int{{i, 3, 12}, {9, i, 5}, {6, 11, i}} {
			fmt.Fprintf(&macro, "\tVPDPBUSDY(%d, %d, %d)\n", r[0], r[1], r[2])
			fmt.Fprintf(&own, "\tVPMADDUBSW Y%d, Y%d, Y%d\n", r[0], r[1], r[2])
		}
	}
	header, err := os.ReadFile("vnni_amd64.h")
	require.NoError(t, err)
	assemble := func(body string) []string {
		dir := t.TempDir()
		source := "#include \"textflag.h\"\n#include \"vnni_amd64.h\"\nTEXT ·x(SB), NOSPLIT, $0\n" + body + "\tVZEROUPPER\n\tRET\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, "x.s"), []byte(source), 0o666))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "vnni_amd64.h"), header, 0o666))
		root, err := exec.Command(goTool, "env", "GOROOT").Output()
		require.NoError(t, err)
		c := exec.Command(goTool, "tool", "asm", "-S", "-I", filepath.Join(strings.TrimSpace(string(root)), "pkg", "include"), "-p", "x", "-o", "x.o", "x.s")
		c.Dir = dir
		c.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOFLAGS=")
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		var bytes []string
		for _, m := range hexDump.FindAllStringSubmatch(string(out), -1) {
			bytes = append(bytes, strings.Fields(m[1])...)
		}
		return bytes
	}
	got, want := assemble(macro.String()), assemble(own.String())
	require.Len(t, want, 5*3*16+3+1)
	for i := 3; i < 5*3*16; i += 5 {
		require.Equal(t, "04", want[i])
		want[i] = "50"
	}
	require.Equal(t, want, got)
}
