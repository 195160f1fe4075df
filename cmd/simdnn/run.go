package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/npy"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

const runHelp = `Runs an ONNX file once. A photo is scaled to the input's size, and becomes (pixel*scale - mean)/std: with the default from 0 to 1. Open sizes are those of
the photo or the array, if no flag gives them. The outputs are described, with -top their largest elements, and with -output written as .npy files.

    simdnn run resnet.onnx -input cat.jpg -mean 0.485,0.456,0.406 -std 0.229,0.224,0.225 -top 5 -labels classes.txt
    simdnn run model.onnx -input x=x.npy -input y=random -output results`

// loaded is a file that is ready to run.
type loaded struct {
	file    *onnx.File
	options onnx.Options
	graph   *graph.Graph
	model   *graph.Model
	inputs  []tensor.Array
	took    time.Duration
}

// load opens a file and makes its inputs.
func (c *call) load(path string, m *modelFlags, in *inputFlags) (*loaded, error) {
	l := new(loaded)
	start := time.Now()
	f, err := onnx.Open(path)
	if err != nil {
		return nil, err
	}
	l.file = f
	o, err := m.options(f)
	if err != nil {
		return nil, err
	}
	from, err := in.sources(f, &o)
	if err != nil {
		return nil, err
	}
	err = c.during("preparing "+path, func() (err error) {
		if l.graph, err = m.graph(f, o); err != nil {
			return err
		}
		l.model, err = l.graph.Compile(o.Options)
		return err
	})
	if err != nil {
		return nil, err
	}
	l.took, l.options = time.Since(start), o
	for _, p := range l.model.Inputs() {
		a, err := in.make(from[p.Name], p.Name, p.Type)
		if err != nil {
			return nil, err
		}
		l.inputs = append(l.inputs, a)
	}
	return l, nil
}

// outputs are arrays for the outputs.
func (l *loaded) outputs() (out []tensor.Array) {
	for _, p := range l.model.Outputs() {
		out = append(out, tensor.NewArray(p.Type))
	}
	return out
}

// runModel runs a file once.
func runModel(c *call) error {
	m, in := c.modelFlags(), c.inputFlags()
	threads := c.flags.Int("threads", 0, "most threads; 0 is all processors")
	top := c.flags.Int("top", 0, "show so many of the largest elements of each row of an output")
	labels := c.flags.String("labels", "", "file with a name for each element of a row, one on a line, for -top")
	output := c.flags.String("output", "", "folder for the outputs as .npy files; it is made if it is not there")
	path, err := c.one()
	if err != nil {
		return err
	}
	if *threads < 0 || *top < 0 {
		return usagef("-threads is %d and -top %d, want at least 0", *threads, *top)
	}
	var names []string
	if *labels != "" {
		if names, err = readLabels(*labels); err != nil {
			return err
		}
	}
	l, err := c.load(path, m, in)
	if err != nil {
		return err
	}
	out := l.outputs()
	start := time.Now()
	if err := c.during("running "+path, func() error { return l.model.NewSession(*threads).Run(out, l.inputs) }); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: prepared in %v, ran in %v\n", path, l.took.Round(10*time.Microsecond), time.Since(start).Round(time.Microsecond))
	for i, p := range l.model.Outputs() {
		fmt.Fprintf(c.out, "%s %v: %s\n", p.Name, p.Type, describe(out[i]))
		if *top > 0 {
			showTop(c.out, out[i], *top, names)
		}
	}
	if *output == "" {
		return nil
	}
	if err := os.MkdirAll(*output, 0o755); err != nil {
		return err
	}
	for i, p := range l.model.Outputs() {
		a := out[i]
		if a.DType() == tensor.BFloat16 { // which numpy does not have
			a = tensor.NewArray(tensor.Type{DType: tensor.Float32, Dims: a.Dims()})
			for k := range a.Len() {
				a.SetFloat(k, out[i].Float(k))
			}
		}
		file := filepath.Join(*output, fileName(p.Name, i)+".npy")
		if err := npy.WriteFile(file, a); err != nil {
			return err
		}
		fmt.Fprintln(c.out, "wrote", file)
	}
	return nil
}

var unsafeInNames = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// fileName makes a file's name of an output's, which may be anything. A name that had to be changed has the output's number.
func fileName(name string, i int) string {
	if s := unsafeInNames.ReplaceAllString(name, "_"); s != name || s == "" {
		return fmt.Sprintf("%s_%d", s, i)
	}
	return name
}

func readLabels(path string) (names []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		names = append(names, strings.TrimSpace(s.Text()))
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return names, nil
}

// describe sums an array up.
func describe(a tensor.Array) string {
	if a.Len() == 0 {
		return "empty"
	}
	if a.Len() <= 8 {
		var s []string
		for i := range a.Len() {
			s = append(s, number(a, i))
		}
		return strings.Join(s, " ")
	}
	lo, hi, sum, bad := math.Inf(1), math.Inf(-1), 0.0, 0
	for i := range a.Len() {
		v := a.Float(i)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			bad++
			continue
		}
		lo, hi, sum = min(lo, v), max(hi, v), sum+v
	}
	if bad == a.Len() {
		return "no finite element"
	}
	s := fmt.Sprintf("%.6g to %.6g, mean %.6g", lo, hi, sum/float64(a.Len()-bad))
	if bad > 0 {
		s += fmt.Sprintf(", %d not finite", bad)
	}
	return s
}

// number writes element i.
func number(a tensor.Array, i int) string {
	if a.DType().IsFloat() {
		return fmt.Sprintf("%.6g", a.Float(i))
	}
	return fmt.Sprint(a.Int(i))
}

// showTop lists the largest elements of the rows along the last axis; of a picture's maps, whose rows are no classes, there is none for more than a few rows.
func showTop(w io.Writer, a tensor.Array, top int, names []string) {
	d := a.Dims()
	if d.Rank() == 0 || a.Len() == 0 {
		return
	}
	n := d.At(d.Rank() - 1)
	if m := a.Len(); d.At(0) == 1 && n == 1 { // [1, C, 1, 1]
		n = m
	}
	const most = 16
	rows := a.Len() / n
	for r := range min(rows, most) {
		order := make([]int, n)
		for i := range order {
			order[i] = r*n + i
		}
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(a.Float(j), a.Float(i)) })
		if rows > 1 {
			fmt.Fprintf(w, "  row %d\n", r)
		}
		for _, i := range order[:min(top, n)] {
			label := ""
			if k := i - r*n; k < len(names) {
				label = "  " + names[k]
			}
			fmt.Fprintf(w, "  %6d  %-12s%s\n", i-r*n, number(a, i), label)
		}
	}
	if rows > most {
		fmt.Fprintf(w, "  and %d rows more\n", rows-most)
	}
}
