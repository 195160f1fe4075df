package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// Two saved runs (the .bench files), name by name. A case has moved if its quickest time changed by more than the
// noise, which is the largest of
//
//   - minNoise,
//   - how far the median of its rounds lies above the quickest, in either run,
//   - what nine in ten of the other libraries' cases changed by, which nobody has worked on in between;
//
// and if the rounds of both runs, where there are enough of them, differ by the Mann-Whitney U test as well.

const (
	minNoise    = 0.03
	fewSamples  = 4  // fewer say nothing in the U test
	fewControls = 10 // fewer cases of other libraries say nothing about noise
)

// A savedRun is what a .bench file holds.
type savedRun struct {
	title string
	times map[string][]float64 // seconds per call of each round, by the name of the benchmark
	order []string
}

// readRun reads what -benchfmt and -save write.
func readRun(r io.Reader, name string) (*savedRun, error) {
	s := &savedRun{times: make(map[string][]float64)}
	var commit, cpu, goVersion string
	reader := benchfmt.NewReader(r, name)
	for reader.Scan() {
		switch q := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, q
		case *benchfmt.Result:
			commit, cpu, goVersion = q.GetConfig("commit"), q.GetConfig("cpu"), q.GetConfig("goversion")
			sec, ok := q.Value("sec/op")
			if !ok || sec <= 0 {
				return nil, fmt.Errorf("%s: %s has no time", name, q.Name)
			}
			key := q.Name.String()
			if s.times[key] == nil {
				s.order = append(s.order, key)
			}
			s.times[key] = append(s.times[key], sec)
		}
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	if len(s.order) == 0 {
		return nil, fmt.Errorf("%s: no results", name)
	}
	s.title = strings.TrimSpace(fmt.Sprintf("commit %s, %s, %s", commit, goVersion, cpu))
	return s, nil
}

// isOurs says whether a benchmark's name is of this library's kernels.
func isOurs(name string) bool { return strings.Contains(name, "/lib=simdnn/") }

// isControl says whether it is of a library that takes part in every round and that we do not change.
func isControl(name string) bool {
	return !isOurs(name) && !strings.Contains(name, "/lib=portable/") && !strings.Contains(name, "/lib=gonum/")
}

// A change is one benchmark in two runs.
type change struct {
	Name     string
	Old, New float64 // quickest, in seconds
	Noise    float64
	P        float64 // of the U test; NaN where there are too few rounds
	Moved    bool
}

// compareRuns pairs names. control is the noise that the other libraries show, 0 without enough of them.
func compareRuns(old, now *savedRun) (changes []change, control float64) {
	var still []float64
	for _, name := range old.order {
		a, b := old.times[name], now.times[name]
		if len(b) == 0 {
			continue
		}
		c := change{Name: name, Old: slices.Min(a), New: slices.Min(b), P: math.NaN()}
		c.Noise = max(minNoise, spread(a), spread(b))
		if len(a) >= fewSamples && len(b) >= fewSamples {
			c.P = benchmath.AssumeNothing.Compare(
				benchmath.NewSample(slices.Clone(a), &benchmath.DefaultThresholds), benchmath.NewSample(slices.Clone(b), &benchmath.DefaultThresholds)).P
		}
		if isControl(name) {
			still = append(still, math.Abs(math.Log(c.New/c.Old)))
		}
		changes = append(changes, c)
	}
	if len(still) >= fewControls {
		slices.Sort(still)
		control = math.Exp(still[len(still)*9/10]) - 1
	}
	for i := range changes {
		c := &changes[i]
		c.Noise = max(c.Noise, control)
		c.Moved = math.Abs(math.Log(c.New/c.Old)) > math.Log1p(c.Noise) && !(c.P >= benchmath.DefaultThresholds.CompareAlpha)
	}
	return changes, control
}

// spread is how far the median lies above the smallest.
func spread(x []float64) float64 {
	s := summarize(x)
	return s.Median/s.Min - 1
}

// writeComparison prints what of ours has moved, slowest first, and says whether anything got slower.
func writeComparison(w io.Writer, old, now *savedRun) (slower bool, err error) {
	changes, control := compareRuns(old, now)
	ours := slices.DeleteFunc(slices.Clone(changes), func(c change) bool { return !isOurs(c.Name) })
	if len(ours) == 0 {
		return false, fmt.Errorf("the runs have no case of ours in common")
	}
	fmt.Fprintf(w, "old: %s\nnew: %s\n", old.title, now.title)
	if control > 0 {
		fmt.Fprintf(w, "noise: nine in ten of the other libraries' cases changed by less than %.1f%%\n", 100*control)
	} else {
		fmt.Fprintf(w, "noise: from the spread of the rounds alone, there are too few other libraries to compare\n")
	}
	slices.SortStableFunc(ours, func(a, b change) int { return cmp.Compare(b.New/b.Old, a.New/a.Old) })
	var rows [][]string
	var ratios []float64
	faster, slowerN := 0, 0
	for _, c := range ours {
		ratios = append(ratios, c.New/c.Old)
		if !c.Moved {
			continue
		}
		mark := "faster"
		if faster++; c.New > c.Old {
			mark = "SLOWER"
			faster--
			slowerN++
		}
		rows = append(rows, []string{
			strings.TrimPrefix(c.Name, "Benchmark"), fmt.Sprintf("%.4g", 1e6*c.Old), fmt.Sprintf("%.4g", 1e6*c.New),
			fmt.Sprintf("%.3f", c.New/c.Old), fmt.Sprintf("%.1f%%", 100*c.Noise), sig(c.P), mark,
		})
	}
	if len(rows) > 0 {
		fmt.Fprintln(w)
		table(w, []string{"moved beyond noise", "old us", "new us", "new/old", "noise", "p", ""}, rows)
	}
	fmt.Fprintf(w, "\n%d of ours in both runs: %d slower, %d faster, the others within noise; all together %.3f (geometric mean of new/old)\n",
		len(ours), slowerN, faster, geomean(ratios))
	return slowerN > 0, nil
}

// compareFiles compares two saved runs.
func compareFiles(w io.Writer, oldPath, newPath string) (slower bool, err error) {
	old, err := readRunFile(oldPath)
	if err != nil {
		return false, err
	}
	now, err := readRunFile(newPath)
	if err != nil {
		return false, err
	}
	return writeComparison(w, old, now)
}

func readRunFile(path string) (*savedRun, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readRun(f, path)
}
