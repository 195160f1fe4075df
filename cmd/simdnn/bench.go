package main

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/par"
)

const benchHelp = `Times passes of an ONNX file, and then each step of them: its share of the pass, and GFLOP/s where it has sums of products. Times are the shortest of many.

    simdnn bench model.onnx -threads 1,2 -html steps.html
    simdnn bench model.onnx -against onnxruntime

onnxruntime runs in this process, after our passes on as many threads and never beside them.`

// timing is what passes on some threads took.
type timing struct {
	threads     int
	min, median time.Duration
	passes      int
	profile     *graph.Profile
	rival       *rival // nil: there is none
}

func bench(c *call) error {
	m, in := c.modelFlags(), c.inputFlags()
	threads := c.threadsFlag("1")
	long := c.flags.Duration("time", time.Second, "how long passes are timed, and steps again, for each number of threads")
	steps := c.flags.Int("steps", 20, "list so many steps, those that take longest; 0 lists all in their order")
	page := c.flags.String("html", "", "write a page with bars to this file")
	against := c.againstFlags("time passes beside")
	path, err := c.one()
	if err != nil {
		return err
	}
	list, err := threads()
	if err != nil {
		return err
	}
	switch {
	case *long <= 0:
		return usagef("-time is %v, want more than 0", *long)
	case *steps < 0:
		return usagef("-steps is %d, want at least 0", *steps)
	}
	lib, err := against.open()
	if err != nil {
		return err
	}
	l, err := c.load(path, m, in)
	if err != nil {
		return err
	}
	var all []*timing
	for _, n := range list {
		t := &timing{threads: n, profile: l.model.NewProfile()}
		if err := c.during(fmt.Sprintf("timing %s, %d thread(s)", path, n), func() error { return t.measure(l, *long) }); err != nil {
			return err
		}
		if lib != nil {
			err := c.during(fmt.Sprintf("timing %s in onnxruntime, %d thread(s)", path, n), func() (err error) {
				t.rival, err = measureRival(lib, l, path, par.Limit(n), *long)
				return err
			})
			if err != nil {
				return err
			}
		}
		all = append(all, t)
	}
	macs := l.graph.MACs()
	fmt.Fprintf(c.out, "%s: prepared in %v, %s multiply-adds\n", path, l.took.Round(10*time.Microsecond), count(macs))
	for _, t := range all {
		fmt.Fprintf(c.out, "%d thread(s): %v, median %v, of %d passes, %s GFLOP/s\n", t.threads, t.min, t.median, t.passes, rate(macs, t.min))
		if r := t.rival; r != nil {
			fmt.Fprintf(c.out, "    onnxruntime %s: %v, median %v, of %d passes, prepared in %v; ours takes %.2f of its time\n",
				lib.Version, r.min, r.median, r.passes, r.ready.Round(10*time.Microsecond), t.ratio())
		}
	}
	fmt.Fprintln(c.out)
	if err := writeSteps(c.out, all, *steps); err != nil {
		return err
	}
	if *page == "" {
		return nil
	}
	var b strings.Builder
	writePage(&b, path, macs, all)
	if err := os.WriteFile(*page, []byte(b.String()), 0o644); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "wrote", *page)
	return nil
}

// measure times passes, and then passes step by step.
func (t *timing) measure(l *loaded, d time.Duration) error {
	s, out := l.model.NewSession(t.threads), l.outputs()
	if err := s.Run(out, l.inputs); err != nil { // meets cold caches
		return err
	}
	pass := func() error { return s.Run(out, l.inputs) }
	var err error
	if t.min, t.median, t.passes, err = samples(d, pass); err != nil {
		return err
	}
	s.Profile = t.profile
	_, _, _, err = samples(d, pass)
	return err
}

// samples makes passes for so long, three at least.
func samples(d time.Duration, pass func() error) (shortest, median time.Duration, n int, err error) {
	const most = 1 << 20
	var all []time.Duration
	for start := time.Now(); len(all) < 3 || time.Since(start) < d && len(all) < most; {
		begin := time.Now()
		if err := pass(); err != nil {
			return 0, 0, 0, err
		}
		all = append(all, time.Since(begin))
	}
	slices.Sort(all)
	return all[0], all[len(all)/2], len(all), nil
}

// ratio is our time in terms of the rival's.
func (t *timing) ratio() float64 { return float64(t.min) / float64(max(t.rival.min, 1)) }

// total is the sum of the steps' shortest times.
func (t *timing) total() (sum time.Duration) {
	for _, s := range t.profile.Steps {
		sum += s.Min
	}
	return sum
}

// rate is GFLOP/s, two operations for a multiply-add; "-" where there are none.
func rate(macs int, d time.Duration) string {
	if macs == 0 || macs == math.MaxInt || d <= 0 {
		return "-"
	}
	return fmt.Sprintf("%.3g", 2*float64(macs)/float64(d.Nanoseconds()))
}

// micros writes a time in microseconds.
func micros(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Nanoseconds())/1e3) }

// writeSteps lists the steps, and sums them up by kind.
func writeSteps(w io.Writer, all []*timing, most int) error {
	steps := all[0].profile.Steps
	order := make([]int, len(steps))
	for i := range order {
		order[i] = i
	}
	left := 0
	if most > 0 {
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(steps[j].Min, steps[i].Min) })
		left = max(0, len(order)-most)
		order = order[:len(order)-left]
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head := "step"
	for _, x := range all {
		head += fmt.Sprintf("\tus, %dt\tshare\tGFLOP/s", x.threads)
	}
	fmt.Fprintln(t, head+"\tnode\twhat")
	line := func(name string, of func(*timing) (time.Duration, int), rest string) {
		for _, x := range all {
			d, macs := of(x)
			name += fmt.Sprintf("\t%s\t%.1f%%\t%s", micros(d), 100*float64(d)/float64(max(x.total(), 1)), rate(macs, d))
		}
		fmt.Fprintln(t, name+rest)
	}
	for _, i := range order {
		line(fmt.Sprint(i), func(x *timing) (time.Duration, int) { return x.profile.Steps[i].Min, steps[i].MACs }, "\t"+steps[i].Node+"\t"+brief(steps[i].What))
	}
	if left > 0 {
		fmt.Fprintf(t, "and %d more\n", left)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	t = tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.Replace(head, "step", "steps of a kind", 1)+"\tnumber")
	var kinds []string
	for _, s := range steps {
		if k := kind(s); !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	of := func(k string) func(x *timing) (time.Duration, int) {
		return func(x *timing) (d time.Duration, macs int) {
			for _, s := range x.profile.Steps {
				if kind(s) == k {
					d, macs = d+s.Min, min(macs, math.MaxInt-s.MACs)+s.MACs
				}
			}
			return d, macs
		}
	}
	slices.SortStableFunc(kinds, func(a, b string) int {
		da, _ := of(a)(all[0])
		db, _ := of(b)(all[0])
		return cmp.Compare(db, da)
	})
	for _, k := range kinds {
		n := 0
		for _, s := range steps {
			if kind(s) == k {
				n++
			}
		}
		line(k, of(k), fmt.Sprintf("\t%d", n))
	}
	return t.Flush()
}

// brief is the beginning of what a step does: the problem, the algorithm and the kernel.
func brief(what string) string {
	if parts := strings.SplitN(what, ", ", 3); len(parts) == 3 {
		return parts[0] + ", " + parts[1]
	}
	return what
}

// kind is the first word of what a step does; of one without kernel the operator too.
func kind(s graph.StepTime) string {
	words := strings.FieldsFunc(s.What, func(r rune) bool { return r == ' ' || r == ',' || r == ':' })
	switch {
	case len(words) == 0:
		return ""
	case words[0] == "eval" && len(words) > 1:
		return "eval " + words[1]
	}
	return words[0]
}

const pageHead = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>simdnn bench</title>
<style>
:root { --bg: #fff; --fg: #1c2128; --dim: #667080; --line: #d8dee6; --bar: #d9480f; --slow: #1c6fb8 }
@media (prefers-color-scheme: dark) { :root { --bg: #14181d; --fg: #e6e9ee; --dim: #97a3b3; --line: #313a45; --bar: #ff8a4c; --slow: #5fb0f5 } }
body { margin: 0; background: var(--bg); color: var(--fg); font: 14px/1.45 system-ui, sans-serif } main { max-width: 1200px; margin: 0 auto; padding: 20px 14px 50px }
h1 { font-size: 22px } h2 { font-size: 17px; margin: 28px 0 6px } p { color: var(--dim); margin: 4px 0 }
.row { display: grid; grid-template-columns: minmax(120px, 340px) 1fr 190px; gap: 10px; padding: 1px 0; font-size: 12px; font-variant-numeric: tabular-nums }
.row span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis } .row div { border-left: 1px solid var(--line) }
.row i { display: block; height: 13px; background: var(--bar) } .row i.slow { background: var(--slow) } .row i.their { background: var(--dim) } .row span:last-child { color: var(--dim) }
</style></head><body><main>`

// writePage draws a bar for every step.
func writePage(b *strings.Builder, path string, macs int, all []*timing) {
	b.WriteString(pageHead)
	fmt.Fprintf(b, "<h1>%s</h1><p>%s multiply-adds. Shortest times of many passes. Steps without a kernel are blue.</p>\n", html.EscapeString(path), count(macs))
	for _, t := range all {
		fmt.Fprintf(b, "<h2>%d thread(s): %v</h2><p>median %v, %s GFLOP/s; the steps alone %v</p>\n", t.threads, t.min, t.median, rate(macs, t.min), t.total())
		if r := t.rival; r != nil {
			fmt.Fprintf(b, "<p>onnxruntime %v, median %v: ours takes %.2f of its time</p>\n", r.min, r.median, t.ratio())
			whole := float64(max(t.min, r.min, 1))
			for _, x := range []struct {
				name, class string
				d           time.Duration
			}{{"simdnn", "", t.min}, {"onnxruntime", " class=their", r.min}} {
				fmt.Fprintf(b, "<div class=row><span>%s, the whole pass</span><div><i%s style='width: %.2f%%'></i></div><span>%s us</span></div>\n",
					x.name, x.class, 100*float64(x.d)/whole, micros(x.d))
			}
		}
		longest := time.Duration(1)
		for _, s := range t.profile.Steps {
			longest = max(longest, s.Min)
		}
		for _, s := range t.profile.Steps {
			class := ""
			if strings.HasPrefix(s.What, "eval ") {
				class = " class=slow"
			}
			name := html.EscapeString(s.Node + ": " + s.What)
			fmt.Fprintf(b, "<div class=row title=\"%s\"><span>%s</span><div><i%s style='width: %.2f%%'></i></div><span>%s us, %.1f%%, %s GFLOP/s</span></div>\n",
				name, name, class, 100*float64(s.Min)/float64(longest), micros(s.Min), 100*float64(s.Min)/float64(max(t.total(), 1)), rate(s.MACs, s.Min))
		}
	}
	b.WriteString("</main></body></html>\n")
}
