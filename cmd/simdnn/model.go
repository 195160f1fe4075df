package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/onnx"
)

// modelFlags say how a file is opened.
type modelFlags struct {
	dims   map[string]int
	shapes map[string][]int
}

func (c *call) modelFlags() *modelFlags {
	f := &modelFlags{dims: make(map[string]int), shapes: make(map[string][]int)}
	c.flags.Func("dim", "`name=size` of an axis that the file leaves open, by the name that it gives it; may be repeated (default 1)", func(s string) error {
		name, size, _ := strings.Cut(s, "=")
		n, err := strconv.Atoi(size)
		if err != nil || name == "" || n < 1 {
			return fmt.Errorf("want name=size with a size of at least 1")
		}
		f.dims[name] = n
		return nil
	})
	c.flags.Func("shape", "`input=1x3x224x224`: the sizes of an input with open axes; may be repeated", func(s string) error {
		name, sizes, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return fmt.Errorf("want input=sizes with an x between the sizes")
		}
		var list []int
		for _, v := range strings.Split(sizes, "x") {
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 {
				return fmt.Errorf("%q is no size of at least 1", v)
			}
			list = append(list, n)
		}
		f.shapes[name] = list
		return nil
	})
	return f
}

// options of the file. Names that it does not have are errors.
func (m *modelFlags) options(f *onnx.File) (onnx.Options, error) {
	o := onnx.Options{Dims: m.dims, Shapes: maps.Clone(m.shapes)}
	var symbols, names []string
	for _, p := range f.Inputs() {
		names = append(names, p.Name)
		for _, s := range p.Symbols {
			if s != "" && !slices.Contains(symbols, s) {
				symbols = append(symbols, s)
			}
		}
	}
	for name := range m.dims {
		if !slices.Contains(symbols, name) {
			return o, usagef("-dim %s: the file has no such axis, there is: %s", name, list(symbols))
		}
	}
	for name := range m.shapes {
		if !slices.Contains(names, name) {
			return o, usagef("-shape %s: the file has no such input, there is: %s", name, list(names))
		}
	}
	return o, nil
}

// graph builds the network. Where it does not work, and sizes were left open that no flag gives, the error says so.
func (m *modelFlags) graph(f *onnx.File, o onnx.Options) (*graph.Graph, error) {
	g, err := f.Graph(o)
	if err == nil {
		return g, nil
	}
	for _, p := range f.Inputs() {
		for i, n := range p.Sizes {
			if _, given := o.Shapes[p.Name]; n <= 0 && !given && o.Dims[p.Symbols[i]] == 0 {
				return nil, fmt.Errorf("%w (axis %d of input %q is open, and was taken as 1: -dim and -shape give sizes)", err, i, p.Name)
			}
		}
	}
	return nil, err
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// threadsFlag reads a list of numbers of threads.
func (c *call) threadsFlag(def string) func() ([]int, error) {
	s := c.flags.String("threads", def, "numbers of threads, separated by commas; 0 is all processors")
	return func() (n []int, err error) {
		for _, v := range strings.Split(*s, ",") {
			t, err := strconv.Atoi(strings.TrimSpace(v))
			if err != nil || t < 0 || t > 1<<10 {
				return nil, usagef("-threads has %q, want numbers from 0 to %d", v, 1<<10)
			}
			n = append(n, t)
		}
		return n, nil
	}
}

// count groups digits by thousands.
func count(n int) string {
	if n == math.MaxInt {
		return "more than can be counted"
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size writes a number of bytes.
func size(n int) string {
	v, units := float64(n), []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	for v >= 1024 && len(units) > 1 {
		v, units = v/1024, units[1:]
	}
	return fmt.Sprintf("%.4g %s", v, units[0])
}
