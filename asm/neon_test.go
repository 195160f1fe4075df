package asm

import (
	"bytes"
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

var (
	neonMacro   = regexp.MustCompile(`^#define (\w+)\(([\w, ]+)\) WORD \$\((.*)\) // (.+)$`)
	neonOperand = regexp.MustCompile(`<(\w+)(\+1)?>`)
	objdumpLine = regexp.MustCompile(`^\s+x\.s:\d+\s+0x[0-9a-f]+\s+([0-9a-f]{8})\s.*?(?:// (.*?)|\?)\s*$`)
)

// bits32 draws the instructions that the disassembler does not know as Arm's manual does: bit 31 comes first, and a
// letter stands for the next bit of the register of that name; H and L are the lane's two bits.
var bits32 = map[string]string{
	"sdot v<d>.4s, v<n>.16b, v<m>.16b":        "01001110100mmmmm100101nnnnnddddd",
	"sdot v<d>.4s, v<n>.16b, v<m>.4b[<lane>]": "0100111110Lmmmmm1110H0nnnnnddddd",
}

// encoded puts the operands into a drawing of bits32.
func encoded(bits string, values map[string]int) string {
	left := map[rune]int{'m': 5, 'n': 5, 'd': 5}
	var word uint32
	for _, b := range bits {
		word <<= 1
		switch b {
		case '1':
			word |= 1
		case 'H':
			word |= uint32(values["lane"]) >> 1
		case 'L':
			word |= uint32(values["lane"]) & 1
		case 'm', 'n', 'd':
			left[b]--
			word |= uint32(values[string(b)]) >> left[b] & 1
		}
	}
	return fmt.Sprintf("%08x", word)
}

// TestNEONMacros proves neon_arm64.h: every macro in it is assembled with many operands, and the disassembler
// must say what the macro's comment says. It needs the go command alone and runs on every machine that
// has one.
func TestNEONMacros(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil || runtime.GOARCH != "amd64" && testing.Short() {
		t.Skip("needs the go command; emulated it would be slow")
	}
	header, err := os.ReadFile("neon_arm64.h")
	require.NoError(t, err)

	var source strings.Builder
	var want []string
	source.WriteString("#include \"textflag.h\"\n#include \"neon_arm64.h\"\nTEXT ·x(SB), NOSPLIT, $0\n")
	macros := 0
	for line := range strings.Lines(string(header)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			continue
		}
		m := neonMacro.FindStringSubmatch(line)
		require.NotNil(t, m, "want #define NAME(operands) WORD $(encoding) // instruction: %s", line)
		macros++
		name, text := m[1], m[4]
		operands := strings.Split(m[2], ", ")
		for _, o := range operands {
			require.Contains(t, text, "<"+o+">", "%s: its operand %s is not in the instruction", name, o)
		}
		// Each register in turn is 0 to 31 while the others are different ones; each lane and shift likewise.
		for vary := range operands {
			for v := range 32 {
				values := make(map[string]int)
				var list []string
				for i, o := range operands {
					n := (7*i + 11) % 31
					if i == vary {
						n = v
					}
					switch {
					case o == "lane" && strings.Contains(text, "2d"):
						n %= 2
					case o == "lane":
						n %= 4
					case o == "shift":
						n = 1 + n%31
					case strings.Contains(text, "x<"+o+">"):
						n %= 31 // 31 is the stack pointer, or zero
					case o == "m" && n == values["n"], o == "n" && n == values["m"]:
						n = (n + 1) % 32 // some have another name when both are the same
					}
					values[o] = n
					list = append(list, fmt.Sprint(n))
				}
				fmt.Fprintf(&source, "\t%s(%s)\n", name, strings.Join(list, ", "))
				if bits := bits32[text]; bits != "" {
					want = append(want, encoded(bits, values))
					continue
				}
				want = append(want, neonOperand.ReplaceAllStringFunc(text, func(s string) string {
					o := neonOperand.FindStringSubmatch(s)
					n := values[o[1]]
					if o[2] != "" {
						n = (n + 1) % 32
					}
					return fmt.Sprint(n)
				}))
			}
		}
	}
	require.Greater(t, macros, 25)
	source.WriteString("\tRET\n")

	dir, run := t.TempDir(), goCommand(t, goTool)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.s"), []byte(source.String()), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "neon_arm64.h"), header, 0o666))
	root := strings.TrimSpace(string(run(dir, "env", "GOROOT")))
	run(dir, "tool", "asm", "-I", filepath.Join(root, "pkg", "include"), "-p", "x", "-o", "x.o", "x.s")
	var got []string
	for line := range strings.Lines(string(run(dir, "tool", "objdump", "-gnu", "x.o"))) {
		line = strings.ReplaceAll(line, dir+string(filepath.Separator), "")
		if m := objdumpLine.FindStringSubmatch(line); m != nil {
			if m[2] == "" {
				m[2] = m[1]
			}
			got = append(got, m[2])
		}
	}
	require.Greater(t, len(got), len(want))
	require.Equal(t, "ret", got[len(want)])
	for i, w := range want {
		require.Equal(t, w, got[i])
	}
}

// goCommand returns a function that runs the go command in a directory, for arm64.
func goCommand(t *testing.T, goTool string) func(dir string, args ...string) []byte {
	return func(dir string, args ...string) []byte {
		c := exec.Command(goTool, args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "GOFLAGS=")
		var stderr bytes.Buffer
		c.Stderr = &stderr
		out, err := c.Output()
		require.NoError(t, err, "go %v: %s", args, stderr.Bytes())
		return out
	}
}

var (
	neonSymbol   = regexp.MustCompile(`^TEXT .*/asm\.\w+_neon\.abi0\(SB\)`)
	notForNEON   = regexp.MustCompile(`\b[xw](18|27|28)\b`)
	disassembled = regexp.MustCompile(`^\s+\S+\.[sh]:\d+\s.*// (.*?)\s*$`)
)

// TestNEONRegisters disassembles the kernels for arm64: none names R18, which belongs to the system on darwin and windows, R27, the
// assembler's, or R28, which is g. Macros take registers by number, where the text does
// not show it.
func TestNEONRegisters(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil || testing.Short() {
		t.Skip("needs the go command, and takes its time")
	}
	run, binary := goCommand(t, goTool), filepath.Join(t.TempDir(), "asm.test")
	run(".", "test", "-c", "-o", binary, ".")
	kernels, instructions, in := 0, 0, false
	for line := range strings.Lines(string(run(".", "tool", "objdump", "-gnu", "-s", "_neon", binary))) {
		if strings.HasPrefix(line, "TEXT ") {
			if in = neonSymbol.MatchString(line); in {
				kernels++
			}
		}
		m := disassembled.FindStringSubmatch(line)
		if !in || m == nil {
			continue
		}
		instructions++
		require.NotRegexp(t, notForNEON, m[1], line)
	}
	require.Greater(t, kernels, 100)
	require.Greater(t, instructions, 100*kernels)
	t.Logf("%d instructions of %d kernels", instructions, kernels)
}
