package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// Regret is the time of what conv.New chooses over that of the best algorithm that applies. A cliff is a problem that takes
// several times as long for a multiply-add as a usual layer of its size, its dense neighbour, though the memory does not bind it.

const (
	regretProblems = 360
	regretClass    = 1.15 // above it a choice is wrong
	cliffRatio     = 3    // times its neighbour's time; where it seems more both are measured again
	cliffMemory    = 2    // times the time of a copy of all that is read and written, below which memory binds
	badRegret      = 1.03 // above it a problem is measured again
	repetitions    = 6    // with the best alone, at most

	regretLeastMACs = 1 << 17
	regretMostMACs  = 1 << 29
	regretBytes     = 64 << 20 // of input, weights and output
)

// regretBuiltIn are the problems for where the stored tables are not at hand.
var regretBuiltIn = []string{
	"conv n1c3h224w224 k64r7s7 s2 p3", "conv n1c3h224w224 k96r4s4 s4", "conv n1c3h192w192 k64r3s3 s3", "conv n1c3h227w227 k96r11s11 s4",
	"conv n1c16h256w256 k16r4s4 s4", "conv n1c3h224w224 k32r3s3 s2 p1", "conv n1c1h28w28 k32r5s5 p2", "conv n1c64h56w56 k64r3s3 p1",
	"conv n1c128h28w28 k128r3s3 p1", "conv n1c256h14w14 k256r3s3 p1", "conv n1c512h7w7 k512r3s3 p1", "conv n1c64h56w56 k256r1s1",
	"conv n1c256h56w56 k64r1s1", "conv n1c1024h14w14 k256r1s1", "conv n1c256h56w56 k512r1s1 s2", "conv n1c64h56w56 k128r3s3 s2 p1",
	"conv n1c64h112w112 k3r3s3 p1", "conv n1c16h112w112 k16r3s3 p1", "conv n1c32h56w56 k32r3s3 p1", "conv n1c128h28w28 k128r3s3 p1 g16",
	"conv n1c128h28w28 k128r3s3 p1 g4", "conv n1c64h56w56 k64r3s3 p1 g64", "conv n1c64h56w56 k64r3s3 d2 p2", "conv n1c64h1w4000 k64r1s5 p0,2,0,2",
	"conv n1c64h4000w1 k64r5s1 p2,0,2,0", "conv n1c1h1w48000 k64r1s80 s1x4", "conv n1c128h17w17 k128r1s7 p0,3,0,3", "conv n1c128h17w17 k128r7s1 p3,0,3,0",
	"conv n1c13h13w13 k13r3s3 p1", "conv n1c512h13w13 k125r1s1", "conv n1c128h102w19 k256r3s19", "conv n1c64h25w5 k112r2s3 s1x2 d1x2 p2,0,0,0",
	"conv n1c64h41w41 k64r5s5 s2 p1,1,0,0 g64", "conv n1c16h202w202 k16r5s5 s2 p1,1,0,0 g16", "conv n1c128h13w13 k128r11s11 s2 p2 g128",
}

// regretClasses are the kinds of problems that a sample has alike.
var regretClasses = []struct {
	name string
	is   func(q *shapes.Conv) bool
}{
	{"depthwise", func(q *shapes.Conv) bool { return q.Groups > 1 && q.Groups == q.In.C }},
	{"grouped", func(q *shapes.Conv) bool { return q.Groups > 1 }},
	{"one-dimensional", func(q *shapes.Conv) bool { return q.In.H == 1 && q.In.W > 1 || q.In.W == 1 && q.In.H > 1 }},
	{"1x1", func(q *shapes.Conv) bool {
		return q.Window.KernelH*q.Window.KernelW == 1 && q.Window.StrideH*q.Window.StrideW == 1
	}},
	{"1x1 strided", func(q *shapes.Conv) bool { return q.Window.KernelH*q.Window.KernelW == 1 }},
	{"dilated", func(q *shapes.Conv) bool { return q.Window.DilationH > 1 || q.Window.DilationW > 1 }},
	{"stride above 2", func(q *shapes.Conv) bool { return q.Window.StrideH > 2 || q.Window.StrideW > 2 }},
	{"first layers", func(q *shapes.Conv) bool { return q.In.C <= 4 }},
	{"few channels", func(q *shapes.Conv) bool { return q.In.C <= 32 || q.OutC <= 16 }},
	{"oblong kernels", func(q *shapes.Conv) bool { return q.Window.KernelH != q.Window.KernelW }},
	{"stride 2", func(q *shapes.Conv) bool { return q.Window.StrideH > 1 || q.Window.StrideW > 1 }},
	{"3x3", func(q *shapes.Conv) bool { return q.Window.KernelH == 3 }},
	{"others", func(*shapes.Conv) bool { return true }},
}

func classOf(q *shapes.Conv) string {
	for _, c := range regretClasses {
		if c.is(q) {
			return c.name
		}
	}
	return ""
}

// regretCase is a problem of the sample.
type regretCase struct {
	shapes.Conv
	class   string
	threads int
}

func (c *regretCase) name() string { return fmt.Sprintf("%v t%d", c.Conv, c.threads) }

// regretCases lists the sample, and says where it comes from.
func regretCases() (list []regretCase, from string, err error) {
	var all []shapes.Conv
	dir, forced, err := cases.Find()
	switch {
	case err != nil && forced:
		return nil, "", err
	case err != nil:
		for _, s := range regretBuiltIn {
			q, err := shapes.ParseConv(s)
			if err != nil {
				return nil, "", err
			}
			all = append(all, q)
		}
		from = fmt.Sprintf("%d problems that are built in: %v", len(all), err)
	default:
		for _, name := range []string{"conv2d_nets.csv", "conv2d_cases.csv"} {
			path := filepath.Join(dir, "shapes", name)
			f, err := os.Open(path)
			if err != nil {
				return nil, "", err
			}
			q, err := readConvs(f)
			f.Close()
			if err != nil {
				return nil, "", fmt.Errorf("%s: %w", path, err)
			}
			all = append(all, q...)
		}
		from = fmt.Sprintf("a sample of the %d problems in %s", len(all), filepath.Join(dir, "shapes"))
	}
	return sampleConvs(all, regretProblems), from, nil
}

// readConvs reads a table of convolutions, with one image each.
func readConvs(table io.Reader) ([]shapes.Conv, error) {
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("no table of convolutions: %w", err)
	}
	var list []shapes.Conv
	for i, row := range rows[1:] {
		q := shapes.Conv{In: tensor.Shape{N: 1}}
		w := &q.Window
		for name, v := range map[string]*int{
			"ic": &q.In.C, "ih": &q.In.H, "iw": &q.In.W, "oc": &q.OutC, "groups": &q.Groups, "kh": &w.KernelH, "kw": &w.KernelW, "sh": &w.StrideH, "sw": &w.StrideW,
			"dh": &w.DilationH, "dw": &w.DilationW, "ph": &w.PadTop, "pw": &w.PadLeft, "pb": &w.PadBottom, "pr": &w.PadRight,
		} {
			column := slices.Index(rows[0], name)
			if column < 0 {
				return nil, fmt.Errorf("there is no column %q", name)
			}
			if *v, err = strconv.Atoi(row[column]); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+2, err)
			}
		}
		w.PadBottom, w.PadRight = max(w.PadBottom, 0), max(w.PadRight, 0)
		if _, _, err := w.Out(q.In.H, q.In.W); err == nil {
			list = append(list, q)
		}
	}
	return list, nil
}

// sampleConvs takes about n problems, as many of every class, of all sizes: the same ones every time. Layouts and numbers of
// threads take turns.
func sampleConvs(all []shapes.Conv, n int) []regretCase {
	seen := make(map[string]bool)
	byClass := make(map[string][]shapes.Conv)
	for _, q := range all {
		out := q.Out()
		if macs := q.MACs(); macs < regretLeastMACs || macs > regretMostMACs || 4*(q.In.Elems()+q.Weights()+out.Elems()) > regretBytes || seen[q.String()] {
			continue
		}
		seen[q.String()] = true
		class := classOf(&q)
		byClass[class] = append(byClass[class], q)
	}
	taken := func(quota int) (sum int) {
		for _, of := range byClass {
			sum += min(quota, len(of))
		}
		return sum
	}
	var list []regretCase
	quota, threads := n/len(regretClasses), min(2, runtime.NumCPU())
	for most := taken(len(all)); taken(quota) < min(n, most); { // some classes are small
		quota++
	}
	for _, class := range regretClasses {
		of := byClass[class.name]
		slices.SortStableFunc(of, func(a, b shapes.Conv) int {
			return cmp.Or(cmp.Compare(a.MACs(), b.MACs()), cmp.Compare(a.String(), b.String()))
		})
		take := min(quota, len(of))
		for i := range take {
			c := regretCase{Conv: of[(2*i+1)*len(of)/(2*take)], class: class.name, threads: 1 + i/2%threads}
			c.Layout = tensor.Layout(i % 2)
			list = append(list, c)
		}
	}
	return list
}

// neighbour is the dense neighbour of a problem: as many steps in its sums and outputs, in whole vectors, of a
// kernel at stride 1 on a map that is as good as square.
func neighbour(q *shapes.Conv) shapes.Conv {
	out := q.Out()
	side := min(max(int(math.Sqrt(float64(out.N*out.H*out.W))), 14), 56)
	round := func(n, to, most int) int { return min((n+to-1)/to*to, most) }
	d := shapes.Conv{
		In: tensor.Shape{N: 1, C: round(q.In.C/max(q.Groups, 1), 16, 512), H: side, W: side}, OutC: round(q.OutC, 32, 512), Groups: 1, Layout: q.Layout,
		Window: tensor.Window{KernelH: 1, KernelW: 1},
	}
	if q.Window.KernelH*q.Window.KernelW > 1 {
		d.Window = tensor.Window{KernelH: 3, KernelW: 3, PadTop: 1, PadLeft: 1, PadBottom: 1, PadRight: 1}
	}
	return d
}

// regretPlan is one way to compute a problem.
type regretPlan struct {
	ourConv
	best  float64 // seconds
	group int     // calls between two looks at the clock
}

func newRegretPlan(q *shapes.Conv, algorithm string, set *asm.Set, threads int) (*regretPlan, error) {
	w, bias := mem.Floats(q.Weights()), mem.Floats(q.OutC)
	fill(w, seedW)
	fill(bias, seedBias)
	plan, err := conv.New(conv.Params{
		In: q.In, OutC: q.OutC, Window: q.Window, Groups: q.Groups, InLayout: q.Layout, OutLayout: q.Layout, Algorithm: algorithm,
		Activation: conv.ReLU, Kernels: set,
	}, w, bias)
	if err != nil {
		return nil, err
	}
	r := &regretPlan{ourConv: ourConv{plan: plan, ws: conv.NewWorkspace(threads, plan), x: input(q.In, q.Layout), y: mem.Floats(plan.Out().Elems())}, best: math.Inf(1)}
	return r, nil
}

// measure makes some calls and keeps the shortest time.
func (r *regretPlan) measure() error {
	if r.group == 0 { // caches are cold
		r.group = 1
		if err := r.measure(); err != nil {
			return err
		}
		r.group = 1 + int(minGroup.Seconds()/r.best)
	}
	start := time.Now()
	err := r.Run(r.group)
	r.best = min(r.best, time.Since(start).Seconds()/float64(r.group))
	return err
}

// check compares some outputs with sums in float64.
func (r *regretPlan) check(q *shapes.Conv) error {
	out := r.plan.Out()
	y := inNCHW(r.y, out, q.Layout)
	x, w, bias := mem.Floats(q.In.Elems()), mem.Floats(q.Weights()), mem.Floats(q.OutC)
	fill(x, seedX)
	fill(w, seedW)
	fill(bias, seedBias)
	s := uint32(11)
	for i := range verifyPlaces {
		s = s*1664525 + 1013904223
		at := int(uint64(s) * uint64(len(y)) >> 32)
		if i < 2 {
			at = i * (len(y) - 1)
		}
		sum, abs := convAt(q, x, w, at)
		b := float64(bias[at/(out.H*out.W)%out.C])
		want, bound := max(sum+b, 0), errorBound(q.Weights()/q.OutC+1, abs+math.Abs(b))
		if d := math.Abs(float64(y[at]) - want); !(d <= bound) {
			return fmt.Errorf("%v: result %d is %v, want %v within %.2g", r.plan, at, y[at], want, bound)
		}
	}
	return nil
}

// regretResult is what was measured of a problem.
type regretResult struct {
	regretCase
	chosen, best string
	chosenTime   float64 // seconds
	bestTime     float64
	cliff        float64 // its time for a multiply-add over its neighbour's; 0 where memory binds it
}

func (r *regretResult) regret() float64 { return r.chosenTime / r.bestTime }

func (r *regretResult) line() string {
	s := fmt.Sprintf("%6.3f  %-9s %11.2f us  %-9s %11.2f us", r.regret(), r.chosen, r.chosenTime*1e6, r.best, r.bestTime*1e6)
	if r.cliff > 0 {
		return s + fmt.Sprintf("  %5.2f  %s", r.cliff, r.name())
	}
	return s + fmt.Sprintf("  %5s  %s", "-", r.name())
}

// regretMeter measures problems.
type regretMeter struct {
	set        *asm.Set
	time       time.Duration      // for a way to compute a problem
	neighbours map[string]float64 // times for a multiply-add
}

// turns measures plans in turns. The time is this thread's own, as in sample.
func (m *regretMeter) turns(plans []*regretPlan) error {
	begin, start, most := cpuTime(), time.Now(), m.time*time.Duration(len(plans))
	for n := 0; n < 5 || cpuTime()-begin < most && time.Since(start) < patience*most; n++ {
		for _, p := range plans {
			if n > 1 && p != plans[0] && p.best > 2*plans[0].best && p.best > 2*bestPlan(plans).best {
				continue
			}
			if err := p.measure(); err != nil {
				return err
			}
		}
	}
	return nil
}

func bestPlan(plans []*regretPlan) *regretPlan {
	return slices.MinFunc(plans, func(a, b *regretPlan) int { return cmp.Compare(a.best, b.best) })
}

// run measures a problem.
func (m *regretMeter) run(c regretCase) (*regretResult, error) {
	chosen, err := newRegretPlan(&c.Conv, "", m.set, c.threads)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name(), err)
	}
	plans := []*regretPlan{chosen}
	for _, name := range conv.Algorithms() {
		// What computes other sums is not permitted unless it is asked for.
		if name == chosen.plan.Algorithm() || strings.HasPrefix(name, "winograd") || !conv.Applies(name, chosen.plan.Params()) {
			continue
		}
		p, err := newRegretPlan(&c.Conv, name, m.set, c.threads)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name(), err)
		}
		plans = append(plans, p)
	}
	if err := m.turns(plans); err != nil {
		return nil, err
	}
	for _, p := range plans {
		if err := p.check(&c.Conv); err != nil {
			return nil, err
		}
	}
	best := bestPlan(plans)
	for i := 0; i < repetitions && chosen.best > badRegret*best.best; i++ {
		if err := m.turns([]*regretPlan{chosen, best}); err != nil {
			return nil, err
		}
	}
	best = bestPlan(plans)
	r := &regretResult{regretCase: c, chosen: chosen.plan.Algorithm(), chosenTime: chosen.best, best: best.plan.Algorithm(), bestTime: best.best}
	if chosen.best < cliffMemory*copyTime(4*(c.In.Elems()+c.Weights()+chosen.plan.Out().Elems())) {
		return r, nil
	}
	q := neighbour(&c.Conv)
	key := fmt.Sprint(q, c.threads)
	cliff := func() float64 { return chosen.best / float64(c.MACs()) / m.neighbours[key] }
	if m.neighbours[key] > 0 {
		if r.cliff = cliff(); r.cliff <= cliffRatio {
			return r, nil
		}
	}
	near, err := newRegretPlan(&q, "", m.set, c.threads)
	if err != nil {
		return nil, err
	}
	// What else runs on the machine comes and goes: the neighbour may have had a core for itself, and this problem not.
	for i := 0; i == 0 || i < repetitions && r.cliff > cliffRatio; i++ {
		for _, p := range []*regretPlan{near, chosen} { // each by itself: of two unlike times the longer one would be measured less
			if err := m.turns([]*regretPlan{p}); err != nil {
				return nil, err
			}
		}
		m.neighbours[key] = near.best / float64(q.MACs())
		r.cliff = cliff()
	}
	return r, nil
}

// copyTime is the time in which so many bytes are read and written in all.
func copyTime(bytes int) float64 {
	src, dst := mem.Bytes(bytes/2), mem.Bytes(bytes/2)
	best := math.Inf(1)
	for range 5 {
		start := time.Now()
		n := 1 + (1<<18)/max(bytes, 1)
		for range n {
			copy(dst, src)
		}
		best = min(best, time.Since(start).Seconds()/float64(n))
	}
	return best
}

// regret measures the sample and prints what was found.
func (o *options) regret(w io.Writer, p *progress) error {
	list, from, err := regretCases()
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(c regretCase) bool { return !o.layers.MatchString(c.name()) && !o.layers.MatchString(c.class) })
	if len(list) == 0 {
		return errors.New("no problem matches the flags")
	}
	fmt.Fprintf(w, "\nregret: %s\n", from)
	fmt.Fprintf(w, "%6s  %-9s %14s  %-9s %14s  %5s  problem, and threads\n", "regret", "chosen", "", "best", "", "cliff")
	m := &regretMeter{set: o.set, time: o.time, neighbours: make(map[string]float64)}
	var results []*regretResult
	class := ""
	for i, c := range list {
		p.show(fmt.Sprintf("%3d/%d %s", i+1, len(list), c.name()))
		r, err := m.run(c)
		if err != nil {
			return err
		}
		p.clear()
		if c.class != class {
			class = c.class
			fmt.Fprintf(w, "%s\n", class)
		}
		fmt.Fprintln(w, r.line())
		results = append(results, r)
	}
	writeRegrets(w, results)
	return nil
}

// writeRegrets prints the mean and the worst.
func writeRegrets(w io.Writer, results []*regretResult) {
	var regrets []float64
	bad, cliffs := 0, 0
	for _, r := range results {
		regrets = append(regrets, r.regret())
		if r.regret() > regretClass {
			bad++
		}
		if r.cliff > cliffRatio {
			cliffs++
		}
	}
	fmt.Fprintf(w, "\n%d problems: regret %.4f by geometric mean, %.3f at worst, %d above %.2f; %d cliffs (more than %d times a dense neighbour's time for a multiply-add)\n",
		len(results), geomean(regrets), slices.Max(regrets), bad, regretClass, cliffs, cliffRatio)
	show := func(title string, value func(*regretResult) float64, least float64) {
		worst := slices.Clone(results)
		slices.SortStableFunc(worst, func(a, b *regretResult) int { return cmp.Compare(value(b), value(a)) })
		for i, r := range worst[:min(20, len(worst))] {
			if value(r) < least {
				break
			}
			if i == 0 {
				fmt.Fprintf(w, "\n%s\n", title)
			}
			fmt.Fprintln(w, r.line())
		}
	}
	show("the worst choices", (*regretResult).regret, badRegret)
	show("the steepest cliffs", func(r *regretResult) float64 { return r.cliff }, cliffRatio)
}

// runRegret does what -regret asks for.
func (o *options) runRegret(start time.Time) error {
	debug.SetGCPercent(400)
	runtime.LockOSThread()
	rep := &report{Machine: describeMachine(o.set, o.threads), Label: []string{"regret"}}
	rep.Machine.Peaks = measurePeaks(250 * time.Millisecond)
	var saved strings.Builder
	w := io.MultiWriter(os.Stdout, &saved)
	rep.writeMachine(w)
	if err := o.regret(w, newProgress(os.Stderr)); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%.0f s\n", time.Since(start).Seconds())
	if !o.save {
		return nil
	}
	dir, err := resultsDir()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, rep.fileName()+".txt")
	if err := os.WriteFile(path, []byte(saved.String()), 0o644); err != nil {
		return err
	}
	fmt.Println("wrote", path)
	return nil
}
