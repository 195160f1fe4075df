// Command mca predicts what the kernels reach on processors that are not at hand: it builds the test binary of
// package asm for arm64 and for amd64, cuts the inner loop of each main kernel out of the disassembly and
// runs llvm-mca on it.
//
// A line gives the cycles that a turn of the loop takes, the part of the processor that bounds it and the
// cycles of that, and the share of the multiply-add units that is used. Everything is taken to be in the first
// cache, and loop ends, tails and the calls are left out: it is the ceiling of a kernel, not its speed.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"text/tabwriter"
)

// model is a processor of llvm-mca's, with the multiply-adds on whole vectors that it begins in a cycle.
type model struct {
	name string
	fma  float64
}

// target is what one architecture's kernels are run on.
type target struct {
	goarch, triple string
	models         []model
	want           float64  // the share of the multiply-add units that the main tiles must use on every model
	main           []string // tiles that carry the products
	kernels        []string
}

var targets = []target{
	{
		"arm64", "aarch64-linux-gnu",
		[]model{{"neoverse-n1", 2}, {"neoverse-n2", 2}, {"neoverse-v1", 4}, {"neoverse-v2", 4}},
		0.95,
		[]string{"brgF32_7x12_neon"},
		[]string{
			"brgF32_6x12_neon", "brgF32_5x12_neon", "brgF32_4x12_neon", "brgF32_7x8_neon", "brgF32_7x4_neon",
			"gemvF32_8x4_neon", "gemvtF32_8x4_neon", "gemvpF32_4x12_neon",
			"dwF32_8x3s1_neon", "dwF32_8x3s2_neon", "dwF32_8x5s1_neon", "dwF32_8xn_neon",
			"maxpoolF32_4x4_neon", "addF32_16_neon", "sigmoidF32_16_neon", "expF32_16_neon", "peakF32_24x4_neon",
		},
	},
	{
		"amd64", "x86_64-linux-gnu",
		[]model{{"haswell", 2}, {"skylake", 2}, {"znver3", 2}},
		0.95,
		[]string{"brgF32_6x16_avx2"},
		[]string{"brgF32_5x16_avx2", "brgF32_4x16_avx2", "brgF32_6x8_avx2", "dwF32_8x3s1_avx2", "dwF32_8xn_avx2", "peakF32_12x8_avx2"},
	},
	{
		"amd64", "x86_64-linux-gnu",
		[]model{{"skylake-avx512", 2}},
		0.9, // one of its two units shares its port with all integer work
		[]string{"brgF32_14x32_avx512"},
		[]string{"brgF32_12x32_avx512", "brgF32_7x32_avx512", "brgF32_14x16_avx512", "dwF32_8x3s1_avx512", "dwF32_8xn_avx512", "peakF32_24x16_avx512"},
	},
}

const help = `usage: go run ./bench/mca [-llvm N]

Predicts the kernels' inner loops with llvm-mca on neoverse-n1, n2, v1, v2, haswell, skylake, znver3 and skylake-avx512.
Models that are known to be wrong for such loops are not used: cortex-a76, apple-m1, znver5, icelake-server and
sapphirerapids lack units or latencies that measurements show.
Needs llvm-mca and llvm-objdump (Debian: apt-get install llvm-22, or the newest there is).
`

func main() {
	version := flag.Int("llvm", 0, "LLVM's major version; 0: the newest that is installed")
	flag.Usage = func() { fmt.Fprint(os.Stderr, help); flag.PrintDefaults() }
	flag.Parse()
	mca, objdump, err := tools(*version)
	if err != nil {
		fmt.Println("not run:", err)
		return
	}
	if err := run(os.Stdout, mca, objdump); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// tools finds llvm-mca and llvm-objdump of one version. Before 16 the models of neoverse-v1 and v2 are missing.
func tools(version int) (mca, objdump string, err error) {
	first, last := 40, 16
	if version != 0 {
		first, last = version, version
	}
	for v := first; v >= last; v-- {
		m, err1 := exec.LookPath(fmt.Sprintf("llvm-mca-%d", v))
		o, err2 := exec.LookPath(fmt.Sprintf("llvm-objdump-%d", v))
		if err1 == nil && err2 == nil {
			return m, o, nil
		}
	}
	return "", "", errors.New("no llvm-mca-N and llvm-objdump-N with N from 16 on (Debian: apt-get install llvm-22, or the newest there is)")
}

func run(w io.Writer, mca, objdump string) error {
	dir, err := os.MkdirTemp("", "mca")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	v, err := exec.Command(mca, "--version").Output()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\n\n", strings.TrimSpace(regexp.MustCompile(`LLVM version \S+`).FindString(string(v))))
	var below []string
	built := make(map[string]string)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "kernel\tprocessor\tinstructions\tmultiply-adds\tcycles\tbound\tits cycles\tuse of the multiply-add units")
	for _, t := range targets {
		if built[t.goarch] == "" {
			built[t.goarch] = filepath.Join(dir, t.goarch+".test")
			c := exec.Command("go", "test", "-c", "-o", built[t.goarch], "github.com/simdnn/simdnn/asm")
			c.Env = append(os.Environ(), "GOARCH="+t.goarch, "GOOS=linux", "CGO_ENABLED=0")
			if out, err := c.CombinedOutput(); err != nil {
				return fmt.Errorf("building for %s: %w: %s", t.goarch, err, out)
			}
		}
		for i, name := range append(t.main[:len(t.main):len(t.main)], t.kernels...) {
			text, err := exec.Command(objdump, "-d", "--no-show-raw-insn", "--disassemble-symbols=github.com/simdnn/simdnn/asm."+name+".abi0", built[t.goarch]).Output()
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			loop := innerLoop(string(text))
			if loop == nil {
				return fmt.Errorf("%s: no loop found", name)
			}
			for _, m := range t.models {
				p, err := predict(mca, t.triple, m.name, loop)
				if err != nil {
					return fmt.Errorf("%s on %s: %w", name, m.name, err)
				}
				use := float64(multiplyAdds(loop)) / p.cycles / m.fma
				fmt.Fprintf(tw, "%s\t%s\t%d\t%d\t%.1f\t%s\t%.1f\t%.0f%%\n", name, m.name, len(loop), multiplyAdds(loop), p.cycles, p.bound, p.least, 100*use)
				if i < len(t.main) && use < t.want {
					below = append(below, fmt.Sprintf("%s on %s: %.0f%% of %.0f%%", name, m.name, 100*use, 100*t.want))
				}
			}
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if below != nil {
		return fmt.Errorf("below what is wanted: %s", strings.Join(below, ", "))
	}
	return nil
}

var (
	instruction = regexp.MustCompile(`^\s*([0-9a-f]+):\s+(.*)$`)
	branch      = regexp.MustCompile(`^(?:j\w+|b\.\w+|cbn?z\s+\w+,|tbn?z\s+\w+, #\S+,)\s+(?:0x)?([0-9a-f]+)\b`)
)

// innerLoop cuts out of a function's disassembly the loop with the most multiply-adds, then the most instructions, of
// those that contain no other. The branch at its end is left out.
func innerLoop(disassembly string) []string {
	var text []string
	at := make(map[string]int)
	for line := range strings.Lines(disassembly) {
		if m := instruction.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			at[m[1]] = len(text)
			code, _, _ := strings.Cut(m[2], "//")
			code, _, _ = strings.Cut(code, "<")
			code, _, _ = strings.Cut(code, "# ")
			text = append(text, strings.TrimSpace(code))
		}
	}
	var loops [][2]int
	for i, t := range text {
		if m := branch.FindStringSubmatch(t); m != nil {
			if j, ok := at[m[1]]; ok && j < i {
				loops = append(loops, [2]int{j, i})
			}
		}
	}
	var best []string
	for i, l := range loops {
		inner := true
		for j, o := range loops {
			if i != j && l[0] <= o[0] && o[1] <= l[1] {
				inner = false
			}
		}
		loop := text[l[0]:l[1]]
		n, b := multiplyAdds(loop), multiplyAdds(best)
		if inner && (n > b || n == b && len(loop) > len(best)) {
			best = loop
		}
	}
	return best
}

// multiplyAdds counts them.
func multiplyAdds(loop []string) int {
	n := 0
	for _, t := range loop {
		if strings.HasPrefix(t, "fmla") || strings.HasPrefix(t, "fmls") || strings.HasPrefix(t, "vfmadd") || strings.HasPrefix(t, "vfnmadd") {
			n++
		}
	}
	return n
}

// prediction is of one turn of a loop.
type prediction struct {
	cycles float64
	bound  string // the part that is busiest
	least  float64
}

const turns = 200

func predict(mca, triple, cpu string, loop []string) (prediction, error) {
	c := exec.Command(mca, "-mtriple="+triple, "-mcpu="+cpu, fmt.Sprintf("-iterations=%d", turns))
	c.Stdin = strings.NewReader(strings.Join(loop, "\n") + "\n")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return prediction{}, fmt.Errorf("%w: %s", err, stderr.Bytes())
	}
	return parse(string(out))
}

var (
	summary  = regexp.MustCompile(`(?m)^(Total Cycles|Total uOps|Dispatch Width):\s+(\d+)`)
	resource = regexp.MustCompile(`^\[([\d.]+)\]\s+- (\S+)`)
)

// parse reads llvm-mca's report.
func parse(report string) (prediction, error) {
	n := make(map[string]float64)
	for _, m := range summary.FindAllStringSubmatch(report, -1) {
		n[m[1]], _ = strconv.ParseFloat(m[2], 64)
	}
	if n["Total Cycles"] == 0 || n["Dispatch Width"] == 0 {
		return prediction{}, errors.New("no summary in llvm-mca's report")
	}
	p := prediction{cycles: n["Total Cycles"] / turns, bound: "dispatch", least: n["Total uOps"] / turns / n["Dispatch Width"]}
	var names []string
	_, rest, _ := strings.Cut(report, "Resources:\n")
	lines := strings.Split(rest, "\n")
	for i, l := range lines {
		if m := resource.FindStringSubmatch(l); m != nil {
			names = append(names, m[2])
		}
		if strings.HasPrefix(l, "Resource pressure per iteration:") && i+2 < len(lines) {
			for j, f := range strings.Fields(lines[i+2]) {
				if v, err := strconv.ParseFloat(f, 64); err == nil && j < len(names) && v > p.least {
					p.bound, p.least = names[j], v
				}
			}
			break
		}
	}
	return p, nil
}
