// Command mca predicts what the kernels reach on processors that are not at hand: it builds the test binary of
// package asm for arm64 and for amd64, cuts the inner loop of each kernel out of the disassembly and
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
	"slices"
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
	goarch, triple, isa string
	feature             string // that the kernels need beyond the instruction set, at the end of their tiles
	models              []model
	want                float64  // the share of the multiply-add units that the main tiles must use on every model
	main                []string // tiles that carry the products
}

var targets = []target{
	{
		"arm64", "aarch64-linux-gnu", "neon", "",
		[]model{{"neoverse-n1", 2}, {"neoverse-n2", 2}, {"neoverse-v1", 4}, {"neoverse-v2", 4}},
		0.95,
		[]string{"brgF32_7x12_neon"},
	},
	{
		"arm64", "aarch64-linux-gnu", "neondot", "",
		[]model{{"neoverse-n1", 2}, {"neoverse-n2", 2}, {"neoverse-v1", 4}, {"neoverse-v2", 4}},
		0.79, // of nine operations of the vector pipes eight are dot products; four pipes wait for the front end too
		[]string{"brgU8_8x8_neondot"},
	},
	{
		"amd64", "x86_64-linux-gnu", "avx2", "",
		[]model{{"haswell", 2}, {"skylake", 2}, {"znver3", 2}},
		0.95,
		[]string{"brgF32_6x16_avx2"},
	},
	{
		"amd64", "x86_64-linux-gnu", "avx512", "",
		[]model{{"skylake-avx512", 2}},
		0.9, // one of its two units shares its port with all integer work
		[]string{"brgF32_14x32_avx512"},
	},
	{
		"amd64", "x86_64-linux-gnu", "avx512vnni", "",
		[]model{{"cascadelake", 2}},
		0.9,
		[]string{"brgU8_14x32_avx512vnni"},
	},
	{
		"amd64", "x86_64-linux-gnu", "avx2", "vnni",
		[]model{{"alderlake", 2}},
		0.9,
		[]string{"brgU8_6x16vnni_avx2"},
	},
	{
		"amd64", "x86_64-linux-gnu", "avx512", "vbmi",
		[]model{{"icelake-server", 2}}, // the others lack the instruction
		0,
		nil,
	},
}

// What stands before and after the name of a kernel in the symbol of its assembly.
const (
	prefix = "github.com/simdnn/simdnn/asm."
	suffix = ".abi0"
)

var features = regexp.MustCompile(`(vnni|vbmi)$`)

// kernels lists the main tiles and then all others of the instruction set by name, as the binary has them.
func (t *target) kernels(binary string) ([]string, error) {
	out, err := exec.Command("go", "tool", "nm", binary).Output()
	if err != nil {
		return nil, fmt.Errorf("go tool nm: %w", err)
	}
	list := t.main[:len(t.main):len(t.main)]
	for _, word := range strings.Fields(string(out)) {
		name, ok := strings.CutSuffix(strings.TrimPrefix(word, prefix), "_"+t.isa+suffix)
		if ok && features.FindString(name) == t.feature && !slices.Contains(t.main, name+"_"+t.isa) {
			list = append(list, name+"_"+t.isa)
		}
	}
	slices.Sort(list[len(t.main):])
	return list, nil
}

const help = `usage: go run ./bench/mca [-llvm N]

Predicts the kernels' inner loops with llvm-mca on neoverse-n1, n2, v1, v2, haswell, skylake, znver3, skylake-avx512,
cascadelake and alderlake.
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
		kernels, err := t.kernels(built[t.goarch])
		if err != nil {
			return err
		}
		symbols := prefix + strings.Join(kernels, suffix+","+prefix) + suffix
		text, err := exec.Command(objdump, "-d", "--no-show-raw-insn", "--disassemble-symbols="+symbols, built[t.goarch]).Output()
		if err != nil {
			return fmt.Errorf("%s: %w", objdump, err)
		}
		loops := make([][]string, len(kernels))
		for i, name := range kernels {
			_, code, _ := strings.Cut(string(text), "<"+prefix+name+suffix+">:\n")
			code, _, _ = strings.Cut(code, "\n\n")
			if loops[i] = innerLoop(code); loops[i] == nil {
				return fmt.Errorf("%s: no loop found", name)
			}
		}
		predictions := make([][]prediction, len(t.models))
		for i, m := range t.models {
			if predictions[i], err = predict(mca, t.triple, m.name, loops); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
		for i, name := range kernels {
			n := multiplyAdds(loops[i])
			for j, m := range t.models {
				p := predictions[j][i]
				use := float64(n) / p.cycles / m.fma
				fmt.Fprintf(tw, "%s\t%s\t%d\t%d\t%.1f\t%s\t%.1f\t%.0f%%\n", name, m.name, len(loops[i]), n, p.cycles, p.bound, p.least, 100*use)
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
	branch      = regexp.MustCompile(`^((?:j\w+|b|b\.\w+|cbn?z\s+\w+,|tbn?z\s+\w+, #\S+,)\s+)(?:0x)?([0-9a-f]+)\b`)
)

// innerLoop cuts out of a function's disassembly the first loop with the most multiply-adds, or where there are none that with
// the most instructions, of those that contain no other. The branch at its end is left out; those within are not taken.
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
	type jump struct{ from, to int }
	var jumps []jump
	for i, t := range text {
		if m := branch.FindStringSubmatch(t); m != nil {
			if to, ok := at[m[2]]; ok {
				jumps = append(jumps, jump{i, to})
			}
			text[i] = m[1] + "8" // the address means nothing to llvm-mca
		}
	}
	var loops []jump
	for _, l := range jumps {
		// Code that stands apart and jumps back makes no loop: it is entered from before, or lies behind the end.
		apart := func(j jump) bool { return j.from < l.to && l.to < j.to && j.to <= l.from }
		if l.to < l.from && !slices.ContainsFunc(jumps, apart) && !slices.ContainsFunc(text[l.to:l.from], isReturn) {
			loops = append(loops, l)
		}
	}
	var best []string
	for _, l := range loops {
		within := func(o jump) bool { return o != l && l.to <= o.to && o.from <= l.from }
		loop := text[l.to:l.from]
		n, b := multiplyAdds(loop), multiplyAdds(best)
		if !slices.ContainsFunc(loops, within) && (n > b || b == 0 && len(loop) > len(best)) {
			best = loop
		}
	}
	return best
}

func isReturn(instruction string) bool { return strings.HasPrefix(instruction, "ret") }

var multiplyAdd = regexp.MustCompile(`^(fml[as]|vfn?madd|sdot|({vex}\s+)?vpdpbusd|vpmaddwd)`)

// multiplyAdds counts them, those of bytes and words too.
func multiplyAdds(loop []string) int {
	n := 0
	for _, t := range loop {
		if multiplyAdd.MatchString(t) {
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

// region begins what llvm-mca says of one piece of code.
const region = "] Code Region - "

// predict runs llvm-mca on loops, each by itself.
func predict(mca, triple, cpu string, loops [][]string) ([]prediction, error) {
	comment := "#"
	if strings.HasPrefix(triple, "aarch64") {
		comment = "//"
	}
	var source strings.Builder
	for i, l := range loops {
		fmt.Fprintf(&source, "%[1]s LLVM-MCA-BEGIN %[2]d\n%[3]s\n%[1]s LLVM-MCA-END\n", comment, i, strings.Join(l, "\n"))
	}
	c := exec.Command(mca, "-mtriple="+triple, "-mcpu="+cpu, fmt.Sprintf("-iterations=%d", turns))
	c.Stdin = strings.NewReader(source.String())
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, stderr.Bytes())
	}
	reports := strings.Split(string(out), region)[1:]
	if len(reports) != len(loops) {
		return nil, fmt.Errorf("llvm-mca reports on %d of %d loops", len(reports), len(loops))
	}
	predictions := make([]prediction, len(loops))
	for i, r := range reports {
		if !strings.HasPrefix(r, fmt.Sprintf("%d\n", i)) {
			return nil, fmt.Errorf("llvm-mca's report %d is not on loop %d", i, i)
		}
		if predictions[i], err = parse(r); err != nil {
			return nil, err
		}
	}
	return predictions, nil
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
