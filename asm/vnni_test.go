package asm

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var hexDump = regexp.MustCompile(`(?m)^\t0x[0-9a-f]{4} ((?:[0-9a-f]{2} )+)`)

// assembled returns the bytes of instructions in which the macros of a header are known, as the assembler lists them.
func assembled(t *testing.T, header, body string) []string {
	t.Helper()
	goTool, err := exec.LookPath("go")
	if err != nil || runtime.GOARCH != "amd64" && testing.Short() {
		t.Skip("needs the go command; emulated it would be slow")
	}
	text, err := os.ReadFile(header)
	require.NoError(t, err)
	dir := t.TempDir()
	source := "#include \"textflag.h\"\n#include \"" + header + "\"\nTEXT ·x(SB), NOSPLIT, $0\n" + body + "\tVZEROUPPER\n\tRET\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.s"), []byte(source), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, header), text, 0o666))
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

// TestVNNIMacro proves vnni_amd64.h for all registers: its VPDPBUSD is the assembler's VPMADDUBSW, which has the same operands and the same
// prefix, with another opcode.
func TestVNNIMacro(t *testing.T) {
	var macro, own strings.Builder
	for i := range 16 {
		for _, r := range [][3]int{{i, 3, 12}, {9, i, 5}, {6, 11, i}} {
			fmt.Fprintf(&macro, "\tVPDPBUSDY(%d, %d, %d)\n", r[0], r[1], r[2])
			fmt.Fprintf(&own, "\tVPMADDUBSW Y%d, Y%d, Y%d\n", r[0], r[1], r[2])
		}
	}
	got, want := assembled(t, "vnni_amd64.h", macro.String()), assembled(t, "vnni_amd64.h", own.String())
	require.Len(t, want, 5*3*16+3+1)
	for i := 3; i < 5*3*16; i += 5 {
		require.Equal(t, "04", want[i])
		want[i] = "50"
	}
	require.Equal(t, want, got)
}

// TestBF16Macros proves evex_amd64.h for all registers: its instructions are the assembler's VPDPBUSD, which has the same operands, with another
// mandatory prefix and opcode.
func TestBF16Macros(t *testing.T) {
	for _, x := range []struct {
		macro, prefix, opcode string
		operands              int
	}{{"VDPBF16PS", "2", "52", 3}, {"VCVTNE2PS2BF16", "3", "72", 3}, {"VCVTNEPS2BF16", "2", "72", 2}} {
		var macro, own strings.Builder
		for i := range 32 {
			for _, r := range [][3]int{{i, 3, 20}, {9, i, 5}, {6, 27, i}} {
				if x.operands == 2 {
					r[1] = 0
					fmt.Fprintf(&macro, "\t%s(%d, %d)\n", x.macro, r[0], r[2])
				} else {
					fmt.Fprintf(&macro, "\t%s(%d, %d, %d)\n", x.macro, r[0], r[1], r[2])
				}
				fmt.Fprintf(&own, "\tVPDPBUSD Z%d, Z%d, Z%d\n", r[0], r[1], r[2])
			}
		}
		got, want := assembled(t, "evex_amd64.h", macro.String()), assembled(t, "evex_amd64.h", own.String())
		require.Len(t, want, 6*3*32+3+1)
		for i := 0; i < 6*3*32; i += 6 { // 62, three of EVEX, opcode, operands; the prefix is the third's lowest two bits, 01 for 66
			require.Equal(t, "50", want[i+4])
			b, err := strconv.ParseUint(want[i+2], 16, 8)
			require.NoError(t, err)
			require.EqualValues(t, 1, b&3)
			p, err := strconv.ParseUint(x.prefix, 16, 8)
			require.NoError(t, err)
			want[i+2], want[i+4] = fmt.Sprintf("%02x", b&^3|p), x.opcode
		}
		require.Equal(t, want, got, x.macro)
		objdump(t, x.macro, x.operands, got[:6*3*32])
	}
}

// objdump wants that GNU objdump, where there is one, reads the bytes as TestBF16Macros has written them.
func objdump(t *testing.T, macro string, operands int, bytes []string) {
	tool, err := exec.LookPath("objdump")
	if err != nil {
		return
	}
	raw, err := hex.DecodeString(strings.Join(bytes, ""))
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "x.bin")
	require.NoError(t, os.WriteFile(name, raw, 0o666))
	out, err := exec.Command(tool, "-D", "-b", "binary", "-m", "i386:x86-64", name).CombinedOutput()
	require.NoError(t, err, "%s", out)
	if strings.Contains(string(out), "(bad)") {
		t.Logf("objdump does not know %s", macro)
		return
	}
	got := regexp.MustCompile(`(?m)\t(v\w+) +(%.*?)\s*$`).FindAllStringSubmatch(string(out), -1)
	require.Len(t, got, 3*32)
	n := 0
	for i := range 32 {
		for _, r := range [][3]int{{i, 3, 20}, {9, i, 5}, {6, 27, i}} {
			want := fmt.Sprintf("%%zmm%d,%%zmm%d,%%zmm%d", r[0], r[1], r[2])
			if operands == 2 {
				want = fmt.Sprintf("%%zmm%d,%%ymm%d", r[0], r[2])
			}
			require.Equal(t, []string{strings.ToLower(macro), want}, got[n][1:])
			n++
		}
	}
}
