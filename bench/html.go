package main

import (
	"fmt"
	"html"
	"io"
	"math"
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
	r.htmlClasses(p)
	r.htmlSums(p)
	r.htmlRoofline(p)
	r.htmlCases(p)
	r.htmlBars(p)
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
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>simdnn benchmark</title>
<style>
:root { --bg: #fff; --fg: #1c2128; --dim: #667080; --line: #d8dee6; --us: #d9480f; --us2: #f4a261; --peer: #1c6fb8; --peer2: #8fbfe6; --fail: #b00020 }
@media (prefers-color-scheme: dark) { :root { --bg: #14181d; --fg: #e6e9ee; --dim: #97a3b3; --line: #313a45; --us: #ff8a4c; --us2: #a5592e; --peer: #5fb0f5; --peer2: #2d5f8c; --fail: #ff6b81 } }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.45 system-ui, sans-serif }
main { max-width: 1020px; margin: 0 auto; padding: 24px 16px 60px }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 18px; margin: 34px 0 8px } .sub { color: var(--dim); margin: 4px 0 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; margin: 6px 0 }
th, td { text-align: right; padding: 3px 10px; border-bottom: 1px solid var(--line) } th:first-child, td:first-child { text-align: left; padding-left: 0 }
th { color: var(--dim); font-weight: 600 } tr.ours td { color: var(--us); font-weight: 600 } .scroll { overflow-x: auto }
.fail { border: 2px solid var(--fail); padding: 6px 14px; margin: 16px 0 } .no { color: var(--fail) }
svg { max-width: 100%; height: auto } svg text { fill: var(--fg); font: 11px system-ui, sans-serif } svg .dim { fill: var(--dim) }
.grid { stroke: var(--line) } .roof { stroke: var(--dim); fill: none } .us { fill: var(--us) } .us2 { fill: var(--us2) } .peer { fill: var(--peer) } .peer2 { fill: var(--peer2) }
.key span { display: inline-block; width: 10px; height: 10px; margin: 0 5px 0 14px } .key { color: var(--dim); font-size: 13px }
</style></head><body><main>`

func (p *page) table(header []string, rows [][]string, ours func(i int) bool) {
	p.add("<div class=scroll><table><tr>")
	for _, h := range header {
		p.addf("<th>%s</th>", esc(h))
	}
	p.add("</tr>")
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
	p.add("<p class=key><span style='background:var(--us)'></span>simdnn<span style='background:var(--peer)'></span>best peer</p>")
	p.addf("<svg viewBox='0 0 %d %d' role='img' aria-label='roofline'>", width, height)
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
			p.addf("<line class=roof x1='60' x2='%d' y1='%.1f' y2='%.1f'/><text x='%d' y='%.1f' text-anchor='end'>%s peak %.0f</text>", width-20, y.at(v), y.at(v), width-24, y.at(v)-4, esc(k.ISA), v)
		}
	}
	peak := m.Peaks[0].GFLOPS * float64(m.Threads)
	for _, b := range m.Bandwidth {
		from, to := max(x.lo, y.lo/b.GBs), min(peak/b.GBs, x.hi)
		if from >= to {
			continue
		}
		p.addf("<line class=roof x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f'/>", x.at(from), y.at(from*b.GBs), x.at(to), y.at(to*b.GBs))
		p.addf("<text class=dim x='%.1f' y='%.1f'>%s %.0f GB/s</text>", x.at(from)+6, y.at(from*b.GBs)-4, esc(b.Level), b.GBs)
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
			p.addf("<circle class=%s fill-opacity='.75' r='4' cx='%.1f' cy='%.1f'><title>%s %s: %s, %s, %.1f GFLOP/s</title></circle>", q.class,
				x.at(c.flops()/c.bytes()), y.at(q.r.rate()), esc(c.Net), esc(c.Layer), esc(c.String()), esc(q.r.Contender.String()), q.r.rate())
		}
	}
	p.add("</svg>")
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
		const left, width, bar, gap = 230, 960, 7, 8
		bars := []struct {
			class, name string
			pick        func(rs []*result) *result
		}{
			{"us", "simdnn", func(rs []*result) *result { return oursIn(rs, true) }},
			{"peer", "best peer", func(rs []*result) *result { return bestPeerIn(rs, true) }},
			{"us2", "simdnn", func(rs []*result) *result { return oursIn(rs, false) }},
			{"peer2", "best peer", func(rs []*result) *result { return bestPeerIn(rs, false) }},
		}
		step := len(bars)*bar + gap
		height := (i-first)*step + 30
		title, own, plain := net+": % of peak", "own layout", "NCHW"
		switch groups[first][0].Case.kind() {
		case kindGemm:
			own, plain = "packed beforehand", "packed in the call"
		case kindPool:
			title = net + ": % of what a core reads from the cache that holds the data"
		}
		p.addf("<h2>%s</h2>", esc(title))
		p.addf("<p class=key>%s:<span style='background:var(--us)'></span>simdnn<span style='background:var(--peer)'></span>best peer &nbsp; %s:<span style='background:var(--us2)'></span>simdnn<span style='background:var(--peer2)'></span>best peer</p>", own, plain)
		p.addf("<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>", width, height, esc(net))
		at := func(share float64) float64 { return left + min(share, 1.1)/1.1*(width-left-60) }
		for v := 0.0; v <= 1; v += 0.25 {
			p.addf("<line class=grid x1='%.1f' x2='%.1f' y1='14' y2='%d'/><text class=dim x='%.1f' y='10' text-anchor='middle'>%.0f</text>", at(v), at(v), height, at(v), 100*v)
		}
		for k, rs := range groups[first:i] {
			c, yy := rs[0].Case, 18+k*step
			name := c.Layer
			if c.Count > 1 {
				name += fmt.Sprintf(" ×%d", c.Count)
			}
			p.addf("<text x='%d' y='%d' text-anchor='end'>%s<title>%s</title></text>", left-8, yy+step/2-gap/2+4, esc(name), esc(c.String()))
			for b, kind := range bars {
				q := kind.pick(rs)
				if q == nil {
					continue
				}
				y0 := yy + b*bar
				p.addf("<rect class=%s x='%d' y='%d' width='%.1f' height='%d'><title>%s %s: %s, %.1f µs, %.1f %s, %.0f%% of peak; %s</title></rect>", kind.class, left, y0, at(q.ofPeak())-left, bar-1,
					esc(c.Layer), esc(c.String()), esc(q.Contender.String()), q.Min*1e6, q.rate(), c.unit(), 100*q.ofPeak(), esc(q.Impl))
			}
			if us := oursIn(rs, true); us != nil {
				p.addf("<text class=dim x='%d' y='%d'>%.0f µs</text>", width-54, yy+step/2-gap/2+4, us.Min*1e6)
			}
		}
		p.add("</svg>")
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
		rows = append(rows, []string{"peak " + k.ISA, fmt.Sprintf("%.1f GFLOP/s on one core (%s)", k.GFLOPS, k.Kernel)})
	}
	for _, b := range m.Bandwidth {
		rows = append(rows, []string{"reading " + b.Level, fmt.Sprintf("%.1f GB/s (%s)", b.GBs, byteSize(b.Bytes))})
	}
	for _, q := range r.Peers {
		if q.Info == nil {
			rows = append(rows, []string{q.Name, "not measured: " + q.Why})
		} else {
			rows = append(rows, []string{q.Name, strings.TrimSpace(q.Info.Version + ", kernels " + q.Info.Kernel + ", " + q.Info.Path + " " + q.Info.Note)})
		}
	}
	rows = append(rows, []string{"features", strings.Join(m.Features, " ")})
	p.add("<style>#machine td { text-align: left }</style><div id=machine>")
	p.table([]string{"", ""}, rows, nil)
	p.add("</div><h2>Kernels</h2>")
	header, lines := r.rowTable(false)
	p.table(header, lines, nil)
}
