package main

import (
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strings"
)

// writeHTML writes the report as one page that needs no other: style and drawings are inside.
func (r *report) writeHTML(w io.Writer) error {
	m := r.Machine
	p := &page{}
	p.add(htmlHead)
	p.addf("<h1>simdnn on %s</h1>", esc(m.CPU))
	p.addf("<p class=sub>%s/%s, %s, commit %s, %s, kernels %s, %d thread(s); shortest time of many, contenders in turns</p>",
		esc(m.OS), esc(m.Arch), esc(m.Go), esc(m.Commit), esc(m.Date), esc(m.ISA), m.Threads)
	if len(r.Failures) > 0 {
		p.add("<div class=fail><b>Wrong results</b><ul>")
		for _, f := range r.Failures {
			p.addf("<li>%s</li>", esc(f))
		}
		p.add("</ul></div>")
	}
	if slices.ContainsFunc(r.Results, func(x *result) bool { return x.ok() && x.unsure() }) {
		p.addf("<p class=sub>%s</p>", esc(unsureNote))
	}
	r.htmlClasses(p)
	r.htmlSums(p)
	r.htmlRoofline(p)
	r.htmlCases(p)
	r.htmlBars(p)
	r.htmlLeftOut(p)
	r.htmlMachine(p)
	p.add("</main></body></html>\n")
	_, err := io.WriteString(w, p.String())
	return err
}

type page struct{ strings.Builder }

func (p *page) add(s string)                 { p.WriteString(s); p.WriteByte('\n') }
func (p *page) addf(format string, a ...any) { p.add(fmt.Sprintf(format, a...)) }

func esc(s string) string { return html.EscapeString(s) }

const htmlHead = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>simdnn benchmark</title>
<style>
:root { --bg: #fff; --fg: #1c2128; --dim: #667080; --line: #d8dee6; --us: #d9480f; --us2: #f4a261; --peer: #1c6fb8; --peer2: #8fbfe6; --fail: #b00020 }
@media (prefers-color-scheme: dark) { :root { --bg: #14181d; --fg: #e6e9ee; --dim: #97a3b3; --line: #313a45; --us: #ff8a4c; --us2: #a5592e; --peer: #5fb0f5; --peer2: #2d5f8c; --fail: #ff6b81 } }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.45 system-ui, sans-serif }
main { max-width: 1200px; margin: 0 auto; padding: 24px 16px 60px }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 18px; margin: 34px 0 8px } .sub { color: var(--dim); margin: 4px 0 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; margin: 6px 0 }
th, td { text-align: right; padding: 3px 10px; border-bottom: 1px solid var(--line); white-space: nowrap }
th:first-child, td:first-child { text-align: left; padding-left: 0; position: sticky; left: 0; background: var(--bg) }
th { color: var(--dim); font-weight: 600 } tr.ours td { color: var(--us); font-weight: 600 } .scroll { overflow-x: auto }
p { overflow-wrap: anywhere } .words td { text-align: left; white-space: normal; vertical-align: top; overflow-wrap: anywhere } .words td:first-child { white-space: nowrap }
.fail { border: 2px solid var(--fail); padding: 6px 14px; margin: 16px 0 }
svg { width: 100%; min-width: 720px; height: auto } svg text { fill: var(--fg); font: 11px system-ui, sans-serif } svg .dim { fill: var(--dim) }
.grid { stroke: var(--line) } .roof { stroke: var(--dim); fill: none }
.us { fill: var(--us); background: var(--us) } .us2 { background: var(--us2) } .peer { fill: var(--peer); background: var(--peer) } .peer2 { background: var(--peer2) }
.key span { white-space: nowrap; margin: 0 14px; padding-left: 6px; background: none; border-left: 10px solid } .key .us { border-color: var(--us) } .key .us2 { border-color: var(--us2) }
.key .peer { border-color: var(--peer) } .key .peer2 { border-color: var(--peer2) } .key { line-height: 1.7; color: var(--dim); font-size: 13px }
.bars { font-size: 12px; line-height: 12px; font-variant-numeric: tabular-nums }
.row { display: grid; grid-template-columns: 210px 1fr 70px; column-gap: 10px; align-items: center; padding: 3px 0 }
.name { text-align: right; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; line-height: 16px } .value { color: var(--dim); text-align: right; white-space: nowrap }
.track { position: relative; background: repeating-linear-gradient(90deg, var(--line) 0 1px, transparent 1px var(--step)) }
.labelled .track, .labelled .axis { margin-right: 110px } .bar { position: relative; display: flex; height: 7px; padding-top: 1px } .labelled .bar { height: 12px }
.bar span, .axis span { position: absolute; white-space: nowrap; color: var(--dim) } .axis { position: relative; height: 13px } .axis span { transform: translateX(-50%) }
@media (max-width: 640px) {
 main { padding: 16px 10px 40px } h1 { font-size: 20px } th, td { padding: 3px 6px; font-size: 12px }
 .row { grid-template-columns: 1fr 66px } .name { grid-column: 1 / -1; text-align: left } .bar { height: 9px }
}
</style></head><body><main>`

func (p *page) table(header []string, rows [][]string, ours func(i int) bool) {
	p.add("<div class=scroll><table>")
	if header != nil {
		p.add("<tr>")
		for _, h := range header {
			p.addf("<th>%s</th>", esc(h))
		}
		p.add("</tr>")
	}
	for i, row := range rows {
		class := ""
		if ours != nil && ours(i) {
			class = " class=ours"
		}
		p.addf("<tr%s>", class)
		for _, cell := range row {
			p.addf("<td>%s</td>", esc(cell))
		}
		p.add("</tr>")
	}
	p.add("</table></div>")
}

func (r *report) htmlSums(p *page) {
	all := sums(r.Results, r.Skipped)
	if len(all) == 0 {
		return
	}
	p.add("<h2>Convolutions of whole networks</h2><p class=sub>Sum of the layers' shortest times. “own” is the layout a library likes best, NCHW has NCHW tensors in and out. Time/ours is over the layers that both have.</p>")
	for i := 0; i < len(all); {
		first := i
		var rows [][]string
		for ; i < len(all) && all[i].Net == all[first].Net; i++ {
			rows = append(rows, all[i].cells())
		}
		p.table(append([]string{all[first].Net}, sumHeader...), rows, func(k int) bool { return all[first+k].isOurs })
	}
}

// A logScale places values between two others.
type logScale struct{ lo, hi, from, to float64 }

func (s logScale) at(v float64) float64 {
	t := (math.Log(v) - math.Log(s.lo)) / (math.Log(s.hi) - math.Log(s.lo))
	return s.from + min(max(t, 0), 1)*(s.to-s.from)
}

// htmlRoofline draws the machine's limits, and each case by its operations per byte.
func (r *report) htmlRoofline(p *page) {
	m := r.Machine
	if len(m.Peaks) == 0 || len(m.Bandwidth) == 0 {
		return
	}
	const width, height = 960, 430
	top := m.Peaks[0].GFLOPS * float64(m.Threads) * 1.3
	x := logScale{0.25, 512, 60, width - 20}
	y := logScale{top / 300, top, height - 40, 14}
	p.add("<h2>Roofline</h2><p class=sub>Operations per byte of the operands (each counted once) against the speed reached. Small cases stay in a cache and may lie above the slope of memory.</p>")
	p.add("<p class=key><span class=us>simdnn</span><span class=peer>best peer</span></p>")
	p.addf("<div class=scroll><svg viewBox='0 0 %d %d' role='img' aria-label='roofline'>", width, height)
	for v := x.lo; v <= x.hi; v *= 2 {
		p.addf("<line class=grid x1='%.1f' x2='%.1f' y1='14' y2='%d'/><text class=dim x='%.1f' y='%d' text-anchor='middle'>%g</text>", x.at(v), x.at(v), height-40, x.at(v), height-24, v)
	}
	for _, v := range []float64{0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000} {
		if v > y.lo && v < y.hi {
			p.addf("<line class=grid x1='60' x2='%d' y1='%.1f' y2='%.1f'/><text class=dim x='54' y='%.1f' text-anchor='end'>%g</text>", width-20, y.at(v), y.at(v), y.at(v)+4, v)
		}
	}
	p.addf("<text class=dim x='%d' y='%d' text-anchor='end'>FLOP/byte</text><text class=dim x='4' y='10'>GFLOP/s</text>", width-20, height-8)
	for _, k := range m.Peaks {
		v := k.GFLOPS * float64(m.Threads)
		if v > y.lo {
			p.addf("<line class=roof x1='60' x2='%d' y1='%.1f' y2='%.1f'/><text x='%d' y='%.1f' text-anchor='end'>%s peak %s</text>", width-20, y.at(v), y.at(v), width-24, y.at(v)-4, esc(k.ISA), sig(v))
		}
	}
	peak := m.Peaks[0].GFLOPS * float64(m.Threads)
	for _, b := range m.Bandwidth {
		from, to := max(x.lo, y.lo/b.GBs), min(peak/b.GBs, x.hi)
		if from >= to {
			continue
		}
		p.addf("<line class=roof x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>", x.at(from), y.at(from*b.GBs), x.at(to), y.at(to*b.GBs))
		p.addf("<text class=dim x='%.1f' y='%.1f'>%s %s GB/s</text>", x.at(from)+6, y.at(from*b.GBs)-4, esc(b.Level), sig(b.GBs))
	}
	for _, rs := range byCase(r.Results) {
		if k := rs[0].Case.kind(); k == kindPool || k == kindNet {
			continue
		}
		for _, q := range []struct {
			r     *result
			class string
		}{{bestPeerIn(rs, true), "peer"}, {oursIn(rs, true), "us"}} {
			if q.r == nil {
				continue
			}
			c := q.r.Case
			p.addf("<circle class=%s fill-opacity='.75' r='4' cx='%.1f' cy='%.1f'><title>%s %s: %s, %s, %s GFLOP/s</title></circle>", q.class,
				x.at(c.flops()/c.bytes()), y.at(q.r.rate()), esc(c.Net), esc(c.Layer), esc(c.String()), esc(q.r.Contender.String()), sig(q.r.rate()))
		}
	}
	p.add("</svg></div>")
}

func (r *report) htmlCases(p *page) {
	for _, q := range []struct{ kind, title string }{
		{kindNet, "Whole networks"}, {kindGemm, "Matrix products"}, {kindPool, "Poolings"},
	} {
		header, rows := r.caseTable(q.kind)
		if q.kind == kindNet {
			header, rows = r.wholeTable()
		}
		if len(rows) > 0 {
			p.addf("<h2>%s</h2><p class=sub>%s</p>", q.title, timeByOurs)
			p.table(header, rows, nil)
		}
	}
}

// htmlBars draws a group of bars for every layer: percentages of the peak measured beside it.
func (r *report) htmlBars(p *page) {
	groups := byCase(r.Results)
	for i := 0; i < len(groups); {
		net := groups[i][0].Case.series()
		first := i
		for i < len(groups) && groups[i][0].Case.series() == net {
			i++
		}
		kinds := []struct {
			class string
			pick  func(rs []*result) *result
		}{
			{"us", func(rs []*result) *result { return oursIn(rs, true) }},
			{"peer", func(rs []*result) *result { return bestPeerIn(rs, true) }},
			{"us2", func(rs []*result) *result { return oursIn(rs, false) }},
			{"peer2", func(rs []*result) *result { return bestPeerIn(rs, false) }},
		}
		title, own, plain := net+": % of peak", "own layout", "NCHW"
		switch groups[first][0].Case.kind() {
		case kindGemm:
			own, plain = "packed beforehand", "packed in the call"
		case kindPool:
			title = net + ": % of what a core reads from the cache that holds the data"
		}
		p.addf("<h2>%s</h2>", esc(title))
		p.addf("<p class=key>%s:<span class=us>simdnn</span><span class=peer>best peer</span> %s:<span class=us2>simdnn</span><span class=peer2>best peer</span></p>", own, plain)
		const most = 1.1
		p.axis("bars", 0.25/most, "25", "50", "75", "100")
		for _, rs := range groups[first:i] {
			c := rs[0].Case
			name := c.Layer
			if c.Count > 1 {
				name += fmt.Sprintf(" ×%d", c.Count)
			}
			var bars []bar
			var shown []*result
			for _, kind := range kinds {
				if q := kind.pick(rs); q != nil {
					shown = append(shown, q)
					bars = append(bars, bar{Class: kind.class, Share: min(q.ofPeak(), most) / most, Title: fmt.Sprintf("%s: %s%s, %s %s, %s%% of peak; %s",
						q.Contender, duration(q.Min), mark(q), sig(q.rate()), c.unit(), sig(100*q.ofPeak()), q.Impl)})
				}
			}
			value := ""
			if us := quickest(rs, func(x *result) bool { return x.Contender.ours }); us != nil {
				value = duration(us.Min)
			}
			p.row(name, c.String(), bars, value+mark(shown...))
		}
		p.add("</div>")
	}
}

// A bar is drawn to a share of the whole width.
type bar struct {
	Class, Title, Label string
	Share               float64
}

// axis begins a group of rows of bars, with marks a step apart, as a share of the width. Class "bars labelled" has room for labels beside the bars.
func (p *page) axis(class string, step float64, marks ...string) {
	p.addf("<div class='%s' style='--step: %.2f%%'><div class=row><span class=name></span><div class=axis>", class, 100*step)
	for i, m := range marks {
		p.addf("<span style='left: %.2f%%'>%s</span>", 100*step*float64(i+1), esc(m))
	}
	p.add("</div></div>")
}

// row draws bars beside a name, and a value after them.
func (p *page) row(name, title string, bars []bar, value string) {
	p.addf("<div class=row><span class=name title='%s'>%s</span><div class=track>", esc(title), esc(name))
	for _, b := range bars {
		label := ""
		if b.Label != "" {
			label = fmt.Sprintf("<span style='left: calc(%.2f%% + 5px)'>%s</span>", 100*b.Share, esc(b.Label))
		}
		p.addf("<div class=bar title='%s'><i class=%s style='width: %.2f%%'></i>%s</div>", esc(b.Title), b.Class, 100*b.Share, label)
	}
	p.addf("</div><span class=value>%s</span></div>", esc(value))
}

// htmlLeftOut names what was not measured.
func (r *report) htmlLeftOut(p *page) {
	for i, l := range r.leftOut() {
		if i == 0 {
			p.add("<h2>Left out</h2>")
		}
		p.addf("<p>%s: <span class=sub>%s</span></p>", esc(l.Why), esc(strings.Join(l.What, ", ")))
	}
}

func (r *report) htmlMachine(p *page) {
	m := r.Machine
	p.add("<h2>Machine</h2>")
	rows := [][]string{
		{"CPU", m.CPU}, {"caches", m.Caches.String()},
		{"levels", strings.Join(m.Supported, " ") + ", used: " + m.ISA},
	}
	for _, k := range m.Peaks {
		rows = append(rows, []string{"peak " + k.ISA, fmt.Sprintf("%s GFLOP/s on one core (%s)", sig(k.GFLOPS), k.Kernel)})
	}
	for _, b := range m.Bandwidth {
		rows = append(rows, []string{"reading " + b.Level, fmt.Sprintf("%s GB/s (%s)", sig(b.GBs), byteSize(b.Bytes))})
	}
	for _, q := range r.Peers {
		if q.Info == nil {
			rows = append(rows, []string{q.Name, "not measured: " + q.Why})
		} else {
			rows = append(rows, []string{q.Name, strings.TrimSpace(q.Info.Version + ", kernels " + q.Info.Kernel + ", " + q.Info.Path + " " + q.Info.Note)})
		}
	}
	rows = append(rows, []string{"features", strings.Join(m.Features, " ")})
	p.add("<div class=words>")
	p.table(nil, rows, nil)
	p.add("</div><h2>Kernels</h2>")
	header, lines := r.rowTable(false)
	p.table(header, lines, nil)
}
