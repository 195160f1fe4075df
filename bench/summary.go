package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// A report is all that a run found out.
type report struct {
	Machine  *machine
	Label    []string // what the flags chose, beside what the machine says
	Rows     []rowCheck
	Peers    []peerState
	Results  []*result
	Skipped  []*Case // for want of time
	Failures []string
}

type peerState struct {
	Name string
	Info *libInfo // nil if it is missing
	Why  string
}

// netSum is what one contender needs for all convolutions of a network.
type netSum struct {
	Net           string
	Contender     string
	Own           bool
	Seconds       float64
	GFLOPS        float64
	OfPeak        float64
	Ratio         float64 // its time by ours, in the same kind of layout, over the layers that both have
	Geomean       float64 // of the layers' ratios
	Layers, OfAll int
	Unsure        float64 // seconds of layers whose repetitions disagree
	isOurs        bool
}

// byCase groups results, in the order of the cases.
func byCase(results []*result) [][]*result {
	var out [][]*result
	for _, r := range results {
		if n := len(out); n > 0 && out[n-1][0].Case == r.Case {
			out[n-1] = append(out[n-1], r)
		} else {
			out = append(out, []*result{r})
		}
	}
	return out
}

// oursIn returns our quickest result of a case in one kind of layout.
func oursIn(rs []*result, own bool) *result {
	return quickest(rs, func(r *result) bool { return r.Contender.ours && r.Contender.own == own })
}

// bestPeerIn returns the quickest peer's. A peer in NCHW competes with those in their own layouts only
// in its own kind.
func bestPeerIn(rs []*result, own bool) *result {
	return quickest(rs, func(r *result) bool { return r.Contender.rival() && r.Contender.own == own })
}

func quickest(rs []*result, among func(*result) bool) *result {
	var best *result
	for _, r := range rs {
		if r.ok() && among(r) && (best == nil || r.Min < best.Min) {
			best = r
		}
	}
	return best
}

const bestPeerName = "best peer, layer by layer"

// sums adds up the networks' layers, for every contender and for the best peer of each layer.
func sums(results []*result, skipped []*Case) []netSum {
	type key struct {
		net, name string
		own       bool
	}
	type acc struct {
		seconds, flops, peak float64
		theirs, ours         float64 // of the layers both have
		ratios               []float64
		layers               int
		unsure               float64
		isOurs               bool
	}
	accs := make(map[key]*acc)
	all := make(map[string]int) // layers of each network, those without a result too
	for _, c := range skipped {
		all[c.Net]++
	}
	var order []key
	for _, rs := range byCase(results) {
		c := rs[0].Case
		if c.kind() != kindConv {
			continue
		}
		all[c.Net]++
		add := func(name string, own bool, r *result) {
			k := key{c.Net, name, own}
			a := accs[k]
			if a == nil {
				a = &acc{isOurs: r.Contender.ours}
				accs[k] = a
				order = append(order, k)
			}
			n := float64(c.Count)
			a.layers++
			a.seconds += n * r.Min
			if r.unsure() {
				a.unsure += n * r.Min
			}
			a.flops += n * c.flops()
			a.peak += n * c.flops() / r.Peak
			if us := oursIn(rs, own); us != nil {
				a.theirs += n * r.Min
				a.ours += n * us.Min
				a.ratios = append(a.ratios, r.Min/us.Min)
			}
		}
		for _, r := range rs {
			if r.ok() {
				add(r.Contender.String(), r.Contender.own, r)
			}
		}
		for _, own := range []bool{true, false} {
			if p := bestPeerIn(rs, own); p != nil {
				add(bestPeerName, own, p)
			}
		}
	}
	var out []netSum
	for _, k := range order {
		a := accs[k]
		s := netSum{
			Net: k.net, Contender: k.name, Own: k.own, Seconds: a.seconds, GFLOPS: a.flops / a.seconds / 1e9,
			OfPeak: a.peak / a.seconds, Ratio: math.NaN(), Geomean: geomean(a.ratios),
			Layers: a.layers, OfAll: all[k.net], Unsure: a.unsure, isOurs: a.isOurs,
		}
		if a.ours > 0 {
			s.Ratio = a.theirs / a.ours
		}
		out = append(out, s)
	}
	nets := slices.Clone(order)
	slices.SortStableFunc(out, func(a, b netSum) int {
		at := func(n string) int { return slices.IndexFunc(nets, func(k key) bool { return k.net == n }) }
		if d := cmp.Compare(at(a.Net), at(b.Net)); d != 0 {
			return d
		}
		if a.Own != b.Own {
			if a.Own {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.full(), a.full())
	})
	return out
}

var sumHeader = []string{"layout", "layers", "time", "GFLOP/s", "% of peak", "time/ours", "geomean"}

// cells is the sum as a line of a table under sumHeader.
func (s netSum) cells() []string {
	layout, layers := "NCHW", fmt.Sprint(s.Layers)
	if s.Own {
		layout = "own"
	}
	if s.Layers < s.OfAll {
		layers = fmt.Sprintf("%d/%d", s.Layers, s.OfAll)
	}
	sure := ""
	if s.Unsure > 0.1*s.Seconds {
		sure = "~"
	}
	return []string{
		s.Contender, layout, layers, duration(s.Seconds) + sure, sig(s.GFLOPS) + sure, sig(100 * s.OfPeak), sig(s.Ratio), sig(s.Geomean),
	}
}

// full orders complete sums before partial ones; otherwise the order stays.
func (s netSum) full() int { return s.Layers * 1000 / max(s.OfAll, 1) / 1000 }

// A contest is a case that a peer is quicker on, or not.
type contest struct {
	Case       *Case
	Ours, Peer *result
	Ratio      float64 // theirs by ours
}

// contests lists all layers where there are both, worst for us first.
func contests(results []*result) []contest {
	var out []contest
	for _, rs := range byCase(results) {
		for _, own := range []bool{true, false} {
			us, them := oursIn(rs, own), bestPeerIn(rs, own)
			if us != nil && them != nil {
				out = append(out, contest{Case: us.Case, Ours: us, Peer: them, Ratio: them.Min / us.Min})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b contest) int { return cmp.Compare(a.Ratio, b.Ratio) })
	return out
}

func table(w io.Writer, head []string, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(cells []string) {
		// The first cell is a name: padded on the right, where tabwriter aligns on the left.
		fmt.Fprintln(t, strings.Join(cells, "\t")+"\t")
	}
	head = slices.Clone(head)
	width := len(head[0])
	for _, r := range rows {
		width = max(width, len([]rune(r[0])))
	}
	pad := func(s string) string { return s + strings.Repeat(" ", width-len([]rune(s))) }
	head[0] = pad(head[0])
	line(head)
	for _, r := range rows {
		r = slices.Clone(r)
		r[0] = pad(r[0])
		line(r)
	}
	t.Flush()
}

// writeMachine prints what is known before anything but the machine is measured.
func (r *report) writeMachine(w io.Writer) {
	m := r.Machine
	fmt.Fprintf(w, "%s, %d CPUs, %s/%s, %s, commit %s\n", m.CPU, m.CPUs, m.OS, m.Arch, m.Go, m.Commit)
	fmt.Fprintf(w, "features   %s\n", wrap(strings.Join(m.Features, " "), 100, "           "))
	fmt.Fprintf(w, "caches     %s\n", m.Caches.String())
	fmt.Fprintf(w, "kernels    %s (this machine and build have: %s), %d thread(s)\n", m.ISA, strings.Join(m.Supported, " "), m.Threads)
	for i, p := range m.Peaks {
		name := ""
		if i == 0 {
			name = "peak"
		}
		fmt.Fprintf(w, "%-10s %-8s %7.1f GFLOP/s on one core   (%s)\n", name, p.ISA, p.GFLOPS, p.Kernel)
	}
	for i, b := range m.Bandwidth {
		name := ""
		if i == 0 {
			name = "reading"
		}
		fmt.Fprintf(w, "%-10s %-8s %7.1f GB/s, %s\n", name, b.Level, b.GBs, byteSize(b.Bytes))
	}
	r.writeTrips(w)
}

// writeTrips tells how far apart the cores are. In a virtual machine that may change while it runs.
func (r *report) writeTrips(w io.Writer) {
	for i, trip := range r.Machine.Trips {
		fmt.Fprintf(w, "%-10s a word to the other core and back takes %d ns\n", [...]string{"before", "after"}[i], trip.Nanoseconds())
	}
}

func wrap(s string, width int, indent string) string {
	var b strings.Builder
	col := 0
	for i, word := range strings.Fields(s) {
		if i > 0 {
			if col+1+len(word) > width {
				b.WriteString("\n" + indent)
				col = 0
			} else {
				b.WriteByte(' ')
				col++
			}
		}
		b.WriteString(word)
		col += len(word)
	}
	return b.String()
}

// writeRows prints the kernels, and every failure.
func (r *report) writeRows(w io.Writer, all bool) {
	header, rows := r.rowTable(all)
	table(w, header, rows)
	for _, c := range r.Rows {
		if c.Err != nil {
			fmt.Fprintf(w, "FAILED %s: %v\n", c.Name, c.Err)
		}
	}
}

// rowTable has a line for every kind of kernel and level, or for every kernel.
func (r *report) rowTable(all bool) (header []string, rows [][]string) {
	header = []string{"operation", "level", "supported", "selected", "check", "kernels", "the first"}
	yes := map[bool]string{true: "yes", false: "no"}
	for i := 0; i < len(r.Rows); {
		a := r.Rows[i]
		var n, checked, failed, selected int
		for ; i < len(r.Rows) && r.Rows[i].Op == a.Op && r.Rows[i].ISA == a.ISA && (n == 0 || !all); i++ {
			n++
			if r.Rows[i].Checked {
				checked++
			}
			if r.Rows[i].Err != nil {
				failed++
			}
			if r.Rows[i].Selected {
				selected++
			}
		}
		state := "ok"
		switch {
		case !a.Supported:
			state = "cannot run here"
		case failed > 0:
			state = fmt.Sprintf("%d FAILED", failed)
		case checked < n:
			state = fmt.Sprintf("%d not checked", n-checked)
		}
		rows = append(rows, []string{a.Op, a.ISA.String(), yes[a.Supported], yes[selected > 0], state, fmt.Sprint(n), a.Name})
	}
	return header, rows
}

func (r *report) writePeers(w io.Writer) {
	for _, p := range r.Peers {
		if p.Info == nil {
			fmt.Fprintf(w, "%-12s not measured: %s\n", p.Name, p.Why)
			continue
		}
		fmt.Fprintf(w, "%-12s %s, kernels %s, %s\n", p.Name, p.Info.Version, p.Info.Kernel, p.Info.Path)
		if p.Info.Note != "" {
			fmt.Fprintf(w, "%-12s %s\n", "", p.Info.Note)
		}
	}
}

// writeResults prints the tables at the end.
func (r *report) writeResults(w io.Writer) {
	r.writeCases(w, kindGemm)
	r.writeCases(w, kindPool)
	r.writeWhole(w)
	r.writeNets(w)
	r.writeClasses(w)
	r.writeWorst(w, 10)
	if slices.ContainsFunc(r.Results, func(x *result) bool { return x.ok() && x.unsure() }) {
		fmt.Fprintf(w, "\n%s\n", unsureNote)
	}
	for _, l := range r.leftOut() {
		const most = 12
		names := strings.Join(l.What[:min(most, len(l.What))], ", ")
		if n := len(l.What) - most; n > 0 {
			names += fmt.Sprintf(" and %d more", n)
		}
		fmt.Fprintf(w, "\n%s:\n    %s\n", l.Why, wrap(names, 120, "    "))
	}
	for _, f := range r.Failures {
		fmt.Fprintf(w, "\nFAILED %s", f)
	}
	if len(r.Failures) > 0 {
		fmt.Fprintln(w)
	}
}

// A leftOut is a reason why something was not measured, and what it was.
type leftOut struct {
	Why  string
	What []string
}

// leftOut names everything that was not measured: cases for which there was no time, by what they are summed in, then
// contenders that would have taken too long, and those that failed.
func (r *report) leftOut() (out []leftOut) {
	add := func(why, what string) {
		if i := slices.IndexFunc(out, func(l leftOut) bool { return l.Why == why }); i >= 0 {
			out[i].What = append(out[i].What, what)
		} else {
			out = append(out, leftOut{why, []string{what}})
		}
	}
	for _, c := range r.Skipped {
		add("not measured for want of time (-budget, -full), "+c.series(), c.Layer)
	}
	for _, x := range r.Results {
		switch {
		case errors.As(x.Err, new(tooSlow)):
			add(fmt.Sprintf("%s would have taken too long (-budget, -full) on", x.Contender), x.Case.name())
		case x.Err != nil:
			add(fmt.Sprintf("%s failed: %v, on", x.Contender, x.Err), x.Case.name())
		}
	}
	return out
}

func (r *report) contenders(kind string) []*contender {
	var out []*contender
	for _, res := range r.Results {
		if res.Contender.kind == kind && !slices.Contains(out, res.Contender) {
			out = append(out, res.Contender)
		}
	}
	return out
}

// timeByOurs explains the ratios of all tables.
const timeByOurs = "Time/ours is a peer's time by ours: above 1 we are quicker."

func (r *report) writeCases(w io.Writer, kind string) {
	header, rows := r.caseTable(kind)
	if len(rows) > 0 {
		fmt.Fprintln(w)
		table(w, header, rows)
	}
}

// caseTable has a line for every case of a kind: the speed of every contender, for ours the percentage of the
// peak, and the best peer's time by ours.
func (r *report) caseTable(kind string) (header []string, rows [][]string) {
	cs := r.contenders(kind)
	header = append(header, map[string]string{kindGemm: "matrix product, GFLOP/s", kindPool: "pooling, GB/s"}[kind])
	for _, c := range cs {
		header = append(header, c.String())
	}
	own, plain := "own: time/ours", "NCHW: time/ours"
	if kind == kindGemm {
		own, plain = "packed: time/ours", "sgemm: time/ours"
	}
	if kind == kindPool {
		header = append(header, "% of reading")
	} else {
		header = append(header, "% of peak")
	}
	header = append(header, own, plain)
	for _, rs := range byCase(r.Results) {
		c := rs[0].Case
		if c.kind() != kind {
			continue
		}
		name := c.Layer
		if c.Group != "" {
			name = c.Group + " " + name
		}
		row := []string{name}
		for _, k := range cs {
			cell := "-"
			for _, x := range rs {
				if x.Contender == k && x.ok() {
					cell = sig(x.rate()) + mark(x)
				} else if x.Contender == k && x.Wrong != nil {
					cell = "WRONG"
				}
			}
			row = append(row, cell)
		}
		pct := "-"
		if us := quickest(rs, func(x *result) bool { return x.Contender.ours }); us != nil {
			pct = strings.TrimSpace(us.Level+" "+sig(100*us.ofPeak())) + mark(us)
		}
		row = append(row, pct)
		for _, own := range []bool{true, false} {
			cell := "-"
			if us, them := oursIn(rs, own), bestPeerIn(rs, own); us != nil && them != nil {
				cell = sig(them.Min/us.Min) + mark(us, them)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return header, rows
}

func (r *report) writeWhole(w io.Writer) {
	header, rows := r.wholeTable()
	if len(rows) > 0 {
		fmt.Fprintln(w)
		table(w, header, rows)
	}
}

// wholeTable has a line for every whole network: the time of every contender, the best peer's time by ours, and
// beside ours what its convolutions need when they run alone.
func (r *report) wholeTable() (header []string, rows [][]string) {
	cs := r.contenders(kindNet)
	header = append(header, "whole network")
	for _, c := range cs {
		header = append(header, c.String())
	}
	header = append(header, "time/ours", "% of peak", "convolutions alone, NHWC")
	alone := make(map[string]string)
	for _, s := range sums(r.Results, r.Skipped) {
		if s.isOurs && s.Own && s.Layers == s.OfAll && alone[s.Net] == "" {
			alone[s.Net] = s.cells()[3]
		}
	}
	for _, rs := range byCase(r.Results) {
		c := rs[0].Case
		if c.kind() != kindNet {
			continue
		}
		row := []string{c.Layer}
		for _, k := range cs {
			cell := "-"
			for _, x := range rs {
				if x.Contender == k && x.ok() {
					cell = duration(x.Min) + mark(x)
				} else if x.Contender == k && x.Wrong != nil {
					cell = "WRONG"
				}
			}
			row = append(row, cell)
		}
		ratio, pct := "-", "-"
		if us := oursIn(rs, false); us != nil {
			pct = sig(100*us.ofPeak()) + mark(us)
			if them := bestPeerIn(rs, false); them != nil {
				ratio = sig(them.Min/us.Min) + mark(us, them)
			}
		}
		convs := alone[c.Layer]
		if convs == "" {
			convs = "-"
		}
		rows = append(rows, append(row, ratio, pct, convs))
	}
	return header, rows
}

func (r *report) writeNets(w io.Writer) {
	all := sums(r.Results, r.Skipped)
	for i := 0; i < len(all); {
		net := all[i].Net
		var rows [][]string
		for ; i < len(all) && all[i].Net == net; i++ {
			rows = append(rows, all[i].cells())
		}
		fmt.Fprintln(w)
		table(w, append([]string{net}, sumHeader...), rows)
	}
}

// writeWorst prints the layers that are slowest in comparison with the best peer.
func (r *report) writeWorst(w io.Writer, n int) {
	var rows [][]string
	for _, c := range contests(r.Results) {
		if len(rows) == n || c.Ratio >= 1 {
			break
		}
		rows = append(rows, []string{
			c.Case.Net + " " + c.Case.Layer, c.Case.String(), c.Ours.Contender.String(),
			duration(c.Ours.Min) + mark(c.Ours), c.Peer.Contender.String(), duration(c.Peer.Min) + mark(c.Peer), sig(c.Ratio) + mark(c.Ours, c.Peer),
		})
	}
	if len(rows) == 0 {
		return
	}
	fmt.Fprintln(w)
	table(w, []string{"worst against the best peer", "case", "ours", "time", "peer", "time", "time/ours"}, rows)
}
