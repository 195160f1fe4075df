package main

import (
	"bytes"
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

	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// ONNX files, whole: package onnx beside onnxruntime, each in processes of its own, on one thread and on as many as -threads says. A file with
// stored answers is compared with them, any other with the other library.

const (
	storedFiles = "stored" // the value of -onnx that stands for the files with stored answers
	fileStarts  = 3        // processes of each contender
	fileTurns   = 3        // of each process
	fileTime    = 6        // times as long as one layer is measured
	fileBound   = 1e-3     // how far answers of two libraries may differ, in terms of the largest
)

// A fileCase is an ONNX file with inputs.
type fileCase struct {
	name   string
	task   fileTask
	data   []byte // the inputs
	stored []*cases.Answer
	bound  float64 // how far answers of two libraries may differ, in terms of the largest
	macs   float64 // 0: not known
}

// A fileContender is a library on some threads.
type fileContender struct {
	lib     string
	threads int
}

func (c fileContender) String() string { return fmt.Sprintf("%s %dt", c.lib, c.threads) }

// A fileResult is what one contender did with one file.
type fileResult struct {
	stats
	fileContender
	Rounds       []float64
	Ready, First time.Duration // the shortest
	Memory       int
	Off          float64 // the largest error, in terms of what is tolerated
	Err, Wrong   error
}

func (r *fileResult) ok() bool { return r != nil && r.Err == nil && r.Wrong == nil && r.Min > 0 }

// A fileRow is a file with its results, in the order of the contenders.
type fileRow struct {
	*fileCase
	results []*fileResult
}

// storedCases lists the files that have stored answers, with the first sample of each.
func storedCases() (list []*fileCase, err error) {
	dir, _, err := cases.Find()
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "onnxfiles", "*.json"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no stored ONNX files in %s", dir)
	}
	for _, p := range paths {
		c, err := cases.OpenFileCase(p)
		if err != nil {
			return nil, err
		}
		f := &fileCase{name: c.Name, task: fileTask{Path: c.Path, Dims: c.Bind}, stored: c.Samples[0].Outputs, macs: c.MACs}
		for _, in := range c.Samples[0].Inputs {
			f.task.Inputs = append(f.task.Inputs, fileTensor{in.Name, in.DType, in.Shape})
			f.data = append(f.data, in.Raw()...)
		}
		list = append(list, f)
	}
	return list, nil
}

// pathCase is a file by its path, with inputs that are made up: numbers in [-1, 1), and 0 and 1 where they are no floats.
func pathCase(path string, dims map[string]int) (*fileCase, error) {
	file, err := onnx.Open(path)
	if err != nil {
		return nil, err
	}
	c := &fileCase{name: strings.TrimSuffix(filepath.Base(path), ".onnx"), task: fileTask{Path: path, Dims: dims}, bound: fileBound}
	for _, p := range file.Inputs() {
		t := fileTensor{Name: p.Name, DType: p.DType.String()}
		for i, n := range p.Sizes {
			if n <= 0 {
				if n = 1; dims[p.Symbols[i]] > 0 {
					n = dims[p.Symbols[i]]
				}
			}
			t.Shape = append(t.Shape, n)
		}
		typ, err := t.typ()
		if err != nil {
			return nil, fmt.Errorf("%s: input %q: %w", path, p.Name, err)
		}
		a, x := tensor.NewArray(typ), make([]float32, typ.Elems())
		fill(x, seedX)
		for i, v := range x {
			if typ.DType.IsFloat() {
				a.SetFloat(i, float64(v))
			} else {
				a.SetInt(i, int64(math.Float32bits(v)>>31)) // its sign
			}
		}
		c.task.Inputs = append(c.task.Inputs, t)
		c.data = append(c.data, a.Bytes()...)
	}
	return c, nil
}

// parseSizes reads name=size,name=size.
func parseSizes(s string) (map[string]int, error) {
	dims := make(map[string]int)
	for _, part := range strings.Split(s, ",") {
		name, size, ok := strings.Cut(part, "=")
		n, err := strconv.Atoi(size)
		if !ok || name == "" || err != nil || n < 1 {
			return nil, fmt.Errorf("%q, want name=size with a size of at least 1", part)
		}
		dims[name] = n
	}
	return dims, nil
}

// fileCases lists what -onnx asks for. Files that are made for it go into dir.
func (o *options) fileCases(dir string) (list []*fileCase, err error) {
	for _, p := range strings.Split(o.onnx, ",") {
		if p == storedFiles {
			stored, err := storedCases()
			if err != nil {
				return nil, err
			}
			list = append(list, stored...)
			continue
		}
		if p == quantisedNets {
			made, err := o.quantisedCases(dir)
			if err != nil {
				return nil, err
			}
			list = append(list, made...)
			continue
		}
		c, err := pathCase(p, o.dims)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	list = slices.DeleteFunc(list, func(c *fileCase) bool { return !o.layers.MatchString(c.name) })
	if len(list) == 0 {
		return nil, errors.New("no file matches the flags")
	}
	return list, nil
}

// fileSpec is the process of a contender.
func (o *options) fileSpec(c fileContender) *peerSpec {
	s := &peerSpec{name: c.lib, paths: libraryPaths(c.lib, o.libs[c.lib])}
	if c.lib == "simdnn" {
		s.env = []string{"SIMDNN_ISA=" + o.set.ISA.String(), fmt.Sprintf("GOMAXPROCS=%d", c.threads)}
	}
	return s
}

// measureFile has the contenders run a file in turns. In dir is room for the inputs.
func (o *options) measureFile(c *fileCase, contenders []fileContender, dir string) (*fileRow, error) {
	t := c.task
	t.Data = filepath.Join(dir, "inputs")
	if err := os.WriteFile(t.Data, c.data, 0o600); err != nil {
		return nil, err
	}
	row := &fileRow{fileCase: c}
	for _, k := range contenders {
		row.results = append(row.results, &fileResult{fileContender: k})
	}
	outputs := make([][]fileTensor, len(contenders))
	values := make([][]float32, len(contenders))
	samples := make([][]float64, len(contenders))
	each := o.time * fileTime / (fileStarts * fileTurns)
	for range fileStarts {
		if err := o.fileTurn(&t, row, each, outputs, values, samples); err != nil {
			return nil, err
		}
	}
	for i, r := range row.results {
		r.stats = summarize(samples[i])
		if r.Err == nil {
			r.Off, r.Wrong = c.check(outputs[i], values[i], row.results[0], outputs[0], values[0])
		}
	}
	return row, nil
}

// fileTurn starts a process for each contender and measures them in turns.
func (o *options) fileTurn(t *fileTask, row *fileRow, each time.Duration, outputs [][]fileTensor, values [][]float32, samples [][]float64) error {
	processes := make([]*peerProcess, len(row.results))
	jobs := make([]int, len(row.results))
	defer func() {
		for _, q := range processes {
			if q != nil {
				q.Close()
			}
		}
	}()
	for i, r := range row.results {
		if r.Err != nil {
			continue
		}
		q, err := startPeer(o.fileSpec(r.fileContender), r.threads)
		if err != nil {
			return fmt.Errorf("%s: %w", r.lib, err)
		}
		processes[i] = q
		a, _, err := q.ask(request{Op: "open", File: t})
		if err != nil {
			r.Err = err
			continue
		}
		jobs[i], outputs[i] = a.Job, a.Outputs
		if r.First == 0 || a.First < r.First {
			r.Ready, r.First = a.Ready, a.First
		}
	}
	for range fileTurns {
		for i, r := range row.results {
			if r.Err != nil {
				continue
			}
			a, _, err := processes[i].ask(request{Op: "sample", Job: jobs[i], Duration: each})
			if err != nil {
				r.Err = err
				continue
			}
			samples[i] = append(samples[i], a.Samples...)
			r.Rounds = append(r.Rounds, summarize(a.Samples).Min)
		}
	}
	for i, r := range row.results {
		if r.Err != nil {
			continue
		}
		a, _, err := processes[i].ask(request{Op: "memory"})
		if err == nil {
			r.Memory = max(r.Memory, a.Memory)
			_, values[i], err = processes[i].ask(request{Op: "output", Job: jobs[i]})
		}
		r.Err = err
	}
	return nil
}

// check compares outputs with the stored answers, or with those of the first contender. off is the largest error in terms of what is tolerated.
func (c *fileCase) check(outputs []fileTensor, got []float32, first *fileResult, want []fileTensor, other []float32) (off float64, err error) {
	at := 0
	for i, o := range outputs {
		n, ok := tensor.MulOK(o.Shape...)
		if !ok || n > len(got)-at {
			return math.Inf(1), fmt.Errorf("%s: %d elements in %d outputs", c.name, len(got), len(outputs))
		}
		y := make([]float64, n)
		for k := range y {
			y[k] = float64(got[at+k])
		}
		var worst float64
		var where string
		if c.stored != nil {
			k := slices.IndexFunc(c.stored, func(a *cases.Answer) bool { return a.Name == o.Name })
			if k < 0 {
				at += n
				continue
			}
			worst, where = c.stored[k].Compare(y)
		} else if first.Err == nil && other != nil {
			if len(want) != len(outputs) || want[i].Name != o.Name || !slices.Equal(want[i].Shape, o.Shape) {
				return math.Inf(1), fmt.Errorf("%s: output %d is %v, of %v it is %v", c.name, i, o, first, want[min(i, len(want)-1)])
			}
			worst, where = farthest(y, other[at:at+n], c.bound)
			where = fmt.Sprintf("output %q, %s of %v", o.Name, where, first)
		}
		if worst > 1 && err == nil {
			err = fmt.Errorf("%s: %s", c.name, where)
		}
		off = max(off, worst)
		at += n
	}
	return off, err
}

// farthest is the largest difference in terms of bound times the largest number.
func farthest(got []float64, want []float32, bound float64) (worst float64, where string) {
	most := 0.0
	for _, w := range want {
		if a := math.Abs(float64(w)); !math.IsInf(a, 0) && a > most {
			most = a
		}
	}
	for i, w := range want {
		d := math.Abs(got[i]-float64(w)) / (bound * most)
		if got[i] == float64(w) || math.IsNaN(got[i]) && w != w {
			continue
		}
		if !(d <= worst) {
			if worst = d; math.IsNaN(d) {
				worst = math.Inf(1)
			}
			where = fmt.Sprintf("element %d is %v, for %v", i, got[i], w)
		}
	}
	return worst, where
}

// A fileReport is all that a run over ONNX files found out.
type fileReport struct {
	report
	contenders []fileContender
	rows       []*fileRow
}

// runFiles measures ONNX files.
func (o *options) runFiles(start time.Time) (failed, slower bool, err error) {
	var old *savedRun
	if o.compare != "" {
		if old, err = readRunFile(o.compare); err != nil {
			return false, false, err
		}
	}
	dir, err := os.MkdirTemp("", "simdnn-bench")
	if err != nil {
		return false, false, err
	}
	defer os.RemoveAll(dir)
	list, err := o.fileCases(dir)
	if err != nil {
		return false, false, err
	}
	debug.SetGCPercent(400)
	runtime.LockOSThread()
	rep := &fileReport{report: report{Machine: describeMachine(o.set, o.threads), Label: []string{"onnx"}}}
	if o.onnx == quantisedNets {
		rep.Label = append(rep.Label, quantisedNets)
	}
	if s := o.layers.String(); s != "" {
		rep.Label = append(rep.Label, s)
	}
	rep.Machine.Peaks = measurePeaks(250 * time.Millisecond)
	var text strings.Builder
	w := io.MultiWriter(os.Stdout, &text)
	rep.writeMachine(w)
	libs := []string{"simdnn"}
	if o.wants("onnxruntime") {
		if q, err := startPeer(o.fileSpec(fileContender{"onnxruntime", 1}), 1); err != nil {
			rep.Peers = append(rep.Peers, peerState{Name: "onnxruntime", Why: fmt.Sprintf("%v (%s)", err, peerHints["onnxruntime"])})
		} else {
			rep.Peers = append(rep.Peers, peerState{Name: "onnxruntime", Info: &q.info})
			q.Close()
			libs = append(libs, "onnxruntime")
		}
	}
	rep.writePeers(w)
	for _, threads := range slices.Compact([]int{1, o.threads}) {
		for _, lib := range libs {
			rep.contenders = append(rep.contenders, fileContender{lib, threads})
		}
	}
	p := newProgress(os.Stderr)
	for i, c := range list {
		p.show(fmt.Sprintf("%3d/%d %s", i+1, len(list), c.name))
		row, err := o.measureFile(c, rep.contenders, dir)
		if err != nil {
			return false, false, err
		}
		rep.rows = append(rep.rows, row)
	}
	p.clear()
	rep.write(w)
	fmt.Fprintf(w, "\n%d files, %.0f s\n", len(list), time.Since(start).Seconds())
	if old != nil {
		var b bytes.Buffer
		if err := rep.writeBenchfmt(&b); err != nil {
			return false, false, err
		}
		now, err := readRun(&b, "this run")
		if err != nil {
			return false, false, err
		}
		if slower, err = writeComparison(os.Stdout, old, now); err != nil {
			return false, false, err
		}
	}
	return rep.failed(), slower, o.keepFiles(rep, text.String())
}

// keepFiles makes the files that were asked for.
func (o *options) keepFiles(rep *fileReport, text string) error {
	if o.benchfmt != "" {
		if err := writeTo(o.benchfmt, rep.writeBenchfmt); err != nil {
			return err
		}
	}
	if o.html != "" {
		if err := writeTo(o.html, rep.writeHTML); err != nil {
			return err
		}
	}
	if !o.save {
		return nil
	}
	dir, err := resultsDir()
	if err != nil {
		return err
	}
	base := filepath.Join(dir, rep.fileName())
	if err := writeTo(base+".txt", func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		return err
	}
	return writeTo(base+".bench", rep.writeBenchfmt)
}

// failed says that something computed was wrong, or that a file did not run with this library.
func (r *fileReport) failed() bool {
	for _, row := range r.rows {
		for _, x := range row.results {
			if x.Wrong != nil || x.Err != nil && x.lib == "simdnn" {
				return true
			}
		}
	}
	return false
}

// pair finds the results of both libraries on so many threads.
func (row *fileRow) pair(threads int) (us, them *fileResult) {
	for _, x := range row.results {
		if x.threads == threads && x.lib == "simdnn" {
			us = x
		} else if x.threads == threads {
			them = x
		}
	}
	return us, them
}

// threads lists how many the contenders have.
func (r *fileReport) threads() (list []int) {
	for _, c := range r.contenders {
		if !slices.Contains(list, c.threads) {
			list = append(list, c.threads)
		}
	}
	return list
}

// A fileMeasure is something that is compared: the time of a pass, the time to the first answer, or memory.
type fileMeasure struct {
	name string
	of   func(*fileResult) float64
	show func(float64) string
}

var fileMeasures = []fileMeasure{
	{"a pass", func(r *fileResult) float64 { return r.Min }, duration},
	{"loading to first answer", func(r *fileResult) float64 { return r.First.Seconds() }, duration},
	{"peak memory", func(r *fileResult) float64 { return float64(r.Memory) }, func(v float64) string { return sig(v/(1<<20)) + " MiB" }},
}

// ratios lists their figure by ours, file by file; NaN where there are not both.
func (r *fileReport) ratios(m fileMeasure, threads int) (list []float64) {
	for _, row := range r.rows {
		v := math.NaN()
		if us, them := row.pair(threads); us.ok() && them.ok() && m.of(us) > 0 {
			v = m.of(them) / m.of(us)
		}
		list = append(list, v)
	}
	return list
}

// fileTable has a line for every file: the figures of all contenders, and theirs by ours.
func (r *fileReport) fileTable(m fileMeasure) (header []string, lines [][]string) {
	header = []string{m.name}
	for _, threads := range r.threads() {
		for _, c := range r.contenders {
			if c.threads == threads {
				header = append(header, c.String())
			}
		}
		header = append(header, "theirs/ours")
	}
	pass := m.name == fileMeasures[0].name
	if pass {
		header = append(header, "error/tolerance")
	}
	for i, row := range r.rows {
		line, off := []string{row.name}, 0.0
		for _, threads := range r.threads() {
			for _, x := range row.results {
				if x.threads != threads {
					continue
				}
				off = max(off, x.Off)
				switch {
				case x.Wrong != nil:
					line = append(line, "WRONG")
				case !x.ok():
					line = append(line, "-")
				default:
					cell := m.show(m.of(x))
					if pass {
						cell += " (" + duration(x.Median) + ")" + x.mark()
					}
					line = append(line, cell)
				}
			}
			line = append(line, sig(r.ratios(m, threads)[i]))
		}
		if pass {
			line = append(line, sig(off))
		}
		lines = append(lines, line)
	}
	return header, lines
}

// mark follows a time whose rounds disagree.
func (r *fileResult) mark() string {
	if len(r.Rounds) < 2 || spread(r.Rounds) > unsureSpread {
		return "~"
	}
	return ""
}

// summaryTable has a line for every measure and number of threads.
func (r *fileReport) summaryTable() (header []string, lines [][]string) {
	for _, m := range fileMeasures {
		for _, threads := range r.threads() {
			list := slices.DeleteFunc(r.ratios(m, threads), math.IsNaN)
			if len(list) == 0 {
				continue
			}
			better := 0
			for _, v := range list {
				if v >= 1 {
					better++
				}
			}
			lines = append(lines, []string{
				fmt.Sprintf("%s, %d thread(s)", m.name, threads), fmt.Sprint(len(list)), sig(geomean(list)), fmt.Sprint(better), sig(slices.Min(list)),
				sig(1 / geomean(list)),
			})
		}
	}
	return []string{"theirs/ours", "files", "geomean", "at least 1 in", "worst", "ours/theirs"}, lines
}

// write prints the tables.
func (r *fileReport) write(w io.Writer) {
	for _, m := range fileMeasures {
		fmt.Fprintln(w)
		header, lines := r.fileTable(m)
		table(w, header, lines)
	}
	if header, lines := r.summaryTable(); len(lines) > 0 {
		fmt.Fprintln(w)
		table(w, header, lines)
	}
	fmt.Fprintf(w, "\nTimes are the shortest, and in brackets the median. Above 1 we are quicker, or smaller. Loading is from the file's name to the first answer, the library "+
		"being loaded; memory is the most that the process had resident.\n%s\n", unsureNote)
	for _, row := range r.rows {
		for _, x := range row.results {
			if x.Err != nil {
				fmt.Fprintf(w, "\n%v failed: %s: %v\n", x, row.name, x.Err)
			}
			if x.Wrong != nil {
				fmt.Fprintf(w, "\nWRONG RESULT of %v: %v\n", x, x.Wrong)
			}
		}
	}
}

// writeBenchfmt writes a line for every round; loading and memory are those of all rounds.
func (r *fileReport) writeBenchfmt(w io.Writer) error {
	b := &strings.Builder{}
	r.benchfmtHead(b)
	fmt.Fprint(b, "Unit GFLOP/s better=higher\n\n")
	for _, row := range r.rows {
		for _, x := range row.results {
			if !x.ok() {
				continue
			}
			for _, s := range x.Rounds {
				fmt.Fprintf(b, "BenchmarkFile/file=%s/lib=%s/mode=onnx-%d\t%d\t%.6g ns/op\t%.6g first-ns\t%d peak-B", token(row.name), x.lib, x.threads,
					max(1, x.Samples/len(x.Rounds)), s*1e9, float64(x.First.Nanoseconds()), x.Memory)
				if row.macs > 0 {
					fmt.Fprintf(b, "\t%.5g GFLOP/s", 2*row.macs/s/1e9)
				}
				fmt.Fprintln(b)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeHTML writes the report as one page: bars for each file and measure, the tables below.
func (r *fileReport) writeHTML(w io.Writer) error {
	m := r.Machine
	p := &page{}
	p.add(htmlHead)
	p.addf("<h1>ONNX files on %s</h1><p class=sub>%s/%s, %s, commit %s, %s, kernels %s; shortest time of many, contenders in turns</p>",
		esc(m.CPU), esc(m.OS), esc(m.Arch), esc(m.Go), esc(m.Commit), esc(m.Date), esc(m.ISA))
	if header, lines := r.summaryTable(); len(lines) > 0 {
		p.table(header, lines, nil)
	}
	p.add("<p class=key><span class=us>simdnn</span><span class=peer>onnxruntime</span></p>")
	for _, q := range fileMeasures {
		p.addf("<h2>%s</h2>", esc(strings.ToUpper(q.name[:1])+q.name[1:]))
		p.axis("bars labelled", 1)
		for _, row := range r.rows {
			most := 0.0
			for _, x := range row.results {
				if x.ok() {
					most = max(most, q.of(x))
				}
			}
			var bars []bar
			for _, x := range row.results {
				if !x.ok() || most == 0 {
					continue
				}
				class := "peer"
				if x.lib == "simdnn" {
					class = "us"
				}
				bars = append(bars, bar{Class: class, Share: q.of(x) / most, Label: fmt.Sprintf("%dt %s", x.threads, q.show(q.of(x)))})
			}
			p.row(row.name, "", bars, "")
		}
		p.add("</div>")
		header, lines := r.fileTable(q)
		p.table(header, lines, nil)
	}
	p.add("</main></body></html>\n")
	_, err := io.WriteString(w, p.String())
	return err
}
