package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
)

// A class is a kind of work, over all of its cases: where this library stands.
type class struct {
	Name    string
	Cases   int                // where there are ours and a peer's
	OfPeak  float64            // ours, geometric mean, over all cases where there are ours
	Ratios  map[string]float64 // by library, the geometric mean of its time by ours, over the cases it has
	Best    float64            // the same of the best peer of each case
	Quicker int                // cases where no peer is quicker than ours
	Worst   float64            // the smallest of the best peers' times by ours
}

// className names the class of a case in one kind of layout.
func className(c *Case, own bool) string {
	layout := map[bool]string{true: "NHWC", false: "NCHW"}[own]
	switch c.kind() {
	case kindGemm:
		return map[bool]string{true: "SGEMM, packed", false: "SGEMM"}[own]
	case kindPool:
		return "pooling " + layout
	case kindNet:
		return "whole networks"
	}
	if c.depthwise() {
		return "depthwise " + layout
	}
	return "convolution " + layout
}

// classOrder is the order in which they are shown.
var classOrder = []string{
	"SGEMM, packed", "SGEMM", "convolution NHWC", "convolution NCHW", "depthwise NHWC", "depthwise NCHW", "pooling NHWC", "pooling NCHW",
	"Winograd NHWC", "Winograd NCHW", "whole networks", "whole networks, Winograd",
}

// classes sums up by class. Layers count once, however often they occur.
func classes(results []*result) []class {
	type acc struct {
		peak, best []float64
		ratios     map[string][]float64
	}
	accs := make(map[string]*acc)
	for _, rs := range byCase(results) {
		for _, own := range []bool{true, false} {
			for _, variant := range []string{"", variantWinograd} {
				us := quickest(rs, func(r *result) bool {
					return r.Contender.own == own && (variant == "" && r.Contender.ours || variant != "" && r.Contender.variant == variant)
				})
				if us == nil {
					continue
				}
				name := className(us.Case, own)
				if variant != "" {
					if name = "Winograd " + map[bool]string{true: "NHWC", false: "NCHW"}[own]; us.Case.kind() == kindNet {
						name = "whole networks, Winograd"
					}
				}
				a := accs[name]
				if a == nil {
					a = &acc{ratios: make(map[string][]float64)}
					accs[name] = a
				}
				a.peak = append(a.peak, us.ofPeak())
				byLib := make(map[string]float64)
				for _, r := range rs {
					if r.ok() && r.Contender.rival() && r.Contender.own == own {
						if t := byLib[r.Contender.name]; t == 0 || r.Min < t {
							byLib[r.Contender.name] = r.Min
						}
					}
				}
				for lib, t := range byLib {
					a.ratios[lib] = append(a.ratios[lib], t/us.Min)
				}
				if them := bestPeerIn(rs, own); them != nil {
					a.best = append(a.best, them.Min/us.Min)
				}
			}
		}
	}
	var out []class
	for _, name := range classOrder {
		a := accs[name]
		if a == nil {
			continue
		}
		c := class{Name: name, Cases: len(a.best), OfPeak: geomean(a.peak), Ratios: make(map[string]float64), Best: geomean(a.best), Worst: math.NaN()}
		for lib, r := range a.ratios {
			c.Ratios[lib] = geomean(r)
		}
		for _, r := range a.best {
			if r >= 1 {
				c.Quicker++
			}
		}
		if len(a.best) > 0 {
			c.Worst = slices.Min(a.best)
		}
		out = append(out, c)
	}
	return out
}

// classLibs are the peers that a table of classes has columns for.
func classLibs(cs []class) []string {
	return slices.DeleteFunc(slices.Clone(peerNames), func(lib string) bool {
		return !slices.ContainsFunc(cs, func(c class) bool { return c.Ratios[lib] > 0 })
	})
}

// classTable has a line for every class.
func (r *report) classTable() (header []string, rows [][]string) {
	cs := classes(r.Results)
	libs := classLibs(cs)
	header = append([]string{"class by class: time/ours", "cases", "% of peak"}, libs...)
	header = append(header, "best peer", "quicker in", "worst")
	for _, c := range cs {
		row := []string{c.Name, fmt.Sprint(c.Cases), num(100*c.OfPeak, "%.0f")}
		for _, lib := range libs {
			v := c.Ratios[lib]
			if v == 0 {
				v = math.NaN()
			}
			row = append(row, num(v, "%.2f"))
		}
		rows = append(rows, append(row, num(c.Best, "%.2f"), fmt.Sprint(c.Quicker), num(c.Worst, "%.2f")))
	}
	return header, rows
}

// A speedUp is what threads do for a class of cases.
type speedUp struct {
	Name         string
	Cases        int
	Mean, Lowest float64
	Slowest      *Case
}

// speedUps compares our times on one thread with those on all that the run has.
func speedUps(results []*result) []speedUp {
	ratios := make(map[string][]float64)
	lowest := make(map[string]*Case)
	for _, rs := range byCase(results) {
		one := quickest(rs, func(r *result) bool { return r.Contender.variant == variantOneThread })
		if one == nil {
			continue
		}
		if us := oursIn(rs, one.Contender.own); us != nil {
			name, v := className(us.Case, one.Contender.own), one.Min/us.Min
			if len(ratios[name]) == 0 || v < slices.Min(ratios[name]) {
				lowest[name] = us.Case
			}
			ratios[name] = append(ratios[name], v)
		}
	}
	var out []speedUp
	for name, v := range ratios {
		out = append(out, speedUp{name, len(v), geomean(v), slices.Min(v), lowest[name]})
	}
	slices.SortFunc(out, func(a, b speedUp) int {
		return cmp.Compare(slices.Index(classOrder, a.Name), slices.Index(classOrder, b.Name))
	})
	return out
}

func (r *report) speedUpTable() (header []string, rows [][]string) {
	for _, s := range speedUps(r.Results) {
		rows = append(rows, []string{s.Name, fmt.Sprint(s.Cases), fmt.Sprintf("%.2f", s.Mean), fmt.Sprintf("%.2f", s.Lowest), s.Slowest.name()})
	}
	return []string{fmt.Sprintf("threads: ours on %d against 1", r.Machine.Threads), "cases", "speed-up", "lowest", "in"}, rows
}

func (r *report) writeClasses(w io.Writer) {
	for _, t := range []func() ([]string, [][]string){r.classTable, r.speedUpTable} {
		if header, rows := t(); len(rows) > 0 {
			fmt.Fprintln(w)
			table(w, header, rows)
		}
	}
}

// htmlClasses draws bars for every class: each library's time by ours.
func (r *report) htmlClasses(p *page) {
	cs := classes(r.Results)
	libs := classLibs(cs)
	if len(libs) == 0 {
		return
	}
	p.addf("<h2>Class by class</h2><p class=sub>Geometric means over the cases of a class. %s</p>", timeByOurs)
	header, rows := r.classTable()
	p.table(header, rows, nil)
	const left, width, bar, gap, most = 230, 960, 12, 12, 4.0
	height := 26
	for _, c := range cs {
		height += len(c.Ratios)*bar + gap
	}
	at := func(v float64) float64 { return left + min(v, most)/most*(width-left-60) }
	p.addf("<svg viewBox='0 0 %d %d' role='img' aria-label='classes'>", width, height)
	for v := 0.0; v <= most; v++ {
		p.addf("<line class=grid x1='%.1f' x2='%.1f' y1='14' y2='%d'/><text class=dim x='%.1f' y='10' text-anchor='middle'>%g</text>", at(v), at(v), height, at(v), v)
	}
	y := 20
	for _, c := range cs {
		if len(c.Ratios) == 0 {
			continue
		}
		p.addf("<text x='%d' y='%d' text-anchor='end'>%s</text>", left-8, y+len(c.Ratios)*bar/2+4, esc(c.Name))
		for _, lib := range libs {
			v := c.Ratios[lib]
			if v == 0 {
				continue
			}
			style := "peer"
			if v < 1 {
				style = "us"
			}
			p.addf("<rect class=%s x='%d' y='%d' width='%.1f' height='%d'><title>%s: %s</title></rect><text class=dim x='%.1f' y='%d'>%s %.2f</text>",
				style, left, y, at(v)-left, bar-1, esc(c.Name), esc(lib), at(v)+4, y+bar-2, esc(lib), v)
			y += bar
		}
		y += gap
	}
	p.addf("<line class=roof x1='%.1f' x2='%.1f' y1='14' y2='%d'/></svg>", at(1), at(1), height)
	if header, rows := r.speedUpTable(); len(rows) > 0 {
		p.add("<h2>Threads</h2>")
		p.table(header, rows, nil)
	}
}
