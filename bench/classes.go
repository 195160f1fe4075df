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
	Unsure  int                // cases whose repetitions disagree, ours or the best peer's
	mark    string             // of the worst
}

// className names the class of a case in one kind of layout.
func className(c *Case, own bool) string {
	switch c.kind() {
	case kindGemm:
		return c.class() + map[bool]string{true: ", packed", false: ""}[own]
	case kindNet:
		return c.class()
	}
	return c.class() + map[bool]string{true: " NHWC", false: " NCHW"}[own]
}

// classOrder is the order in which they are shown.
var classOrder = []string{
	"SGEMM, packed", "SGEMM", "DGEMM, packed", "DGEMM", "convolution NHWC", "convolution NCHW", "depthwise NHWC", "depthwise NCHW", "pooling NHWC", "pooling NCHW",
	"Winograd NHWC", "Winograd NCHW", "whole networks", "whole networks, Winograd",
}

// classes sums up by class. Layers count once, however often they occur.
func classes(results []*result) []class {
	type acc struct {
		peak, best []float64
		marks      []string // of best
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
					a.marks = append(a.marks, mark(us, them))
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
		for i, r := range a.best {
			if r >= 1 {
				c.Quicker++
			}
			if a.marks[i] != "" {
				c.Unsure++
			}
			if !(r >= c.Worst) {
				c.Worst, c.mark = r, a.marks[i]
			}
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
	header = append(header, "best peer", "quicker in", "worst", "cases ~")
	for _, c := range cs {
		row := []string{c.Name, fmt.Sprint(c.Cases), sig(100 * c.OfPeak)}
		for _, lib := range libs {
			v := c.Ratios[lib]
			if v == 0 {
				v = math.NaN()
			}
			row = append(row, sig(v))
		}
		rows = append(rows, append(row, sig(c.Best), fmt.Sprint(c.Quicker), sig(c.Worst)+c.mark, fmt.Sprint(c.Unsure)))
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
		rows = append(rows, []string{s.Name, fmt.Sprint(s.Cases), sig(s.Mean), sig(s.Lowest), s.Slowest.name()})
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
	const most = 4.0
	p.axis("bars labelled", 1/most, "1", "2", "3", "4")
	for _, c := range cs {
		var bars []bar
		for _, lib := range libs {
			if v := c.Ratios[lib]; v > 0 {
				b := bar{Class: "peer", Share: min(v, most) / most, Label: lib + " " + sig(v)}
				if v < 1 {
					b.Class = "us"
				}
				bars = append(bars, b)
			}
		}
		if len(bars) > 0 {
			p.row(c.Name, "", bars, "")
		}
	}
	p.add("</div>")
	if header, rows := r.speedUpTable(); len(rows) > 0 {
		p.add("<h2>Threads</h2>")
		p.table(header, rows, nil)
	}
}
