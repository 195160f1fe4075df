package main

import (
	"fmt"
	"io"
	"strings"
)

// writeBenchfmt writes the results for benchstat: a line for every round, as a test's -count makes.
// `benchstat -col /lib file` compares the libraries, `benchstat old new` two runs.
func (r *report) writeBenchfmt(w io.Writer) error {
	b := &strings.Builder{}
	r.benchfmtHead(b)
	fmt.Fprintf(b, "Unit GFLOP/s better=higher\nUnit GB/s better=higher\nUnit %%peak better=higher\n\n")
	for _, res := range r.Results {
		if !res.ok() {
			continue
		}
		c := res.Case
		name := fmt.Sprintf("BenchmarkConv/net=%s/layer=%s/n=%d", c.Net, c.Layer, c.N)
		switch c.kind() {
		case kindGemm:
			name = "BenchmarkGemm/mnk=" + c.Layer
		case kindNet:
			name = fmt.Sprintf("BenchmarkNetwork/net=%s/n=%d", c.Layer, c.N)
		case kindPool:
			name = fmt.Sprintf("BenchmarkPool/layer=%s/n=%d", c.Layer, c.N)
		}
		mode, threads := res.Contender.mode, r.Machine.Threads
		if res.Contender.variant == variantWinograd {
			mode += "-" + variantWinograd
		}
		if res.Contender.threads > 0 {
			threads = res.Contender.threads
		}
		name += fmt.Sprintf("/lib=%s/mode=%s-%d", token(res.Contender.name), token(mode), threads)
		calls := max(1, res.Samples/max(1, len(res.Rounds)))
		for _, s := range res.Rounds {
			fmt.Fprintf(b, "%s\t%d\t%.6g ns/op\t%.5g %s\t%.4g %%peak\n", name, calls, s*1e9, c.work()/s/1e9, c.unit(), 100*c.work()/s/res.Peak)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// token makes a name fit for a benchmark's name.
func token(s string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '/' || c == '=' || c == '\t' {
			return '_'
		}
		return c
	}, s)
}

// benchfmtHead writes what was measured on and with.
func (r *report) benchfmtHead(b *strings.Builder) {
	m := r.Machine
	fmt.Fprintf(b, "goos: %s\ngoarch: %s\npkg: github.com/simdnn/simdnn/bench\ncpu: %s\n", m.OS, m.Arch, m.CPU)
	fmt.Fprintf(b, "goversion: %s\ncommit: %s\ndate: %s\nisa: %s\n", m.Go, m.Commit, m.Date, m.ISA)
	for _, p := range m.Peaks {
		fmt.Fprintf(b, "peak-%s: %.1f GFLOP/s\n", p.ISA, p.GFLOPS)
	}
	for i, trip := range m.Trips {
		fmt.Fprintf(b, "core-to-core-%d: %d ns\n", i, trip.Nanoseconds())
	}
	for _, p := range r.Peers {
		if p.Info != nil {
			fmt.Fprintf(b, "%s: %s %s\n", p.Name, p.Info.Version, p.Info.Kernel)
		}
	}
}
