package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

const checkHelp = `Compares an ONNX file, compiled, with the plain interpreter of its operators, step by step, and names the first step that differs; or, for files that
end in .json, runs stored cases (onnxcase/1) and says how large the worst error is in terms of what is tolerated. The interpreter is slow: some seconds for a
large network. With -against onnxruntime it is compared with that library in place of the interpreter, value by value: they all are outputs then, so that nothing
is fused, and the outputs of the network as it runs come last. Where a quantised network rounds a number that lies between two, one step may differ by one, and what follows with it: give a -tolerance. The
exit code is 1 where something is beyond its tolerance.

    simdnn check model.onnx -input photo.jpg
    simdnn check model.onnx -against onnxruntime
    simdnn check cases/*.json`

// check compares a file with the interpreter, or stored cases with their answers.
func check(c *call) error {
	m, in := c.modelFlags(), c.inputFlags()
	threads := c.flags.Int("threads", 0, "most threads; 0 is all processors")
	tolerance := c.flags.Float64("tolerance", 1e-3, "how far a step may be off, in terms of the largest element of its output; 16 times as far for float16, 128 times for bfloat16")
	exact := c.flags.Bool("exact", false, "without algorithms that round differently from plain sums")
	against := c.againstFlags("compare with")
	paths, err := c.parse()
	if err != nil {
		return err
	}
	rival, err := against.open()
	if err != nil {
		return err
	}
	if *threads < 0 || !(*tolerance >= 0) {
		return usagef("-threads is %d and -tolerance %v, want at least 0", *threads, *tolerance)
	}
	var wrong []string
	for _, p := range paths {
		var ok bool
		switch {
		case strings.EqualFold(filepath.Ext(p), ".json"):
			ok, err = c.checkCase(p, *threads, graph.Options{Exact: *exact})
		case rival != nil:
			ok, err = c.checkAgainst(rival, p, m, in, *threads, *tolerance, *exact)
		default:
			ok, err = c.checkModel(p, m, in, *threads, *tolerance, *exact)
		}
		if err != nil {
			return err
		}
		if !ok {
			wrong = append(wrong, p)
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("beyond the tolerance: %s", strings.Join(wrong, ", "))
	}
	return nil
}

// checkCase runs the samples of a stored case.
func (c *call) checkCase(path string, threads int, o graph.Options) (ok bool, err error) {
	k, err := cases.OpenFileCase(path)
	if err != nil {
		return false, err
	}
	f, err := onnx.Open(k.Path)
	if err != nil {
		return false, err
	}
	shapes := make(map[string][]int)
	for _, x := range k.Samples[0].Inputs {
		shapes[x.Name] = x.Shape
	}
	g, err := f.Graph(onnx.Options{Dims: k.Bind, Shapes: shapes})
	if err != nil {
		return false, err
	}
	m, err := g.Compile(o)
	if err != nil {
		return false, err
	}
	s := m.NewSession(threads)
	var out []tensor.Array
	for _, p := range m.Outputs() {
		out = append(out, tensor.NewArray(p.Type))
	}
	most, where := 0.0, "nothing is off"
	for _, sample := range k.Samples {
		src, err := caseInputs(m, sample)
		if err != nil {
			return false, fmt.Errorf("%s: %w", path, err)
		}
		if err := c.during("running "+path, func() error { return s.Run(out, src) }); err != nil {
			return false, err
		}
		for _, a := range sample.Outputs {
			i := slices.IndexFunc(m.Outputs(), func(p graph.Port) bool { return p.Name == a.Name })
			if i < 0 {
				return false, fmt.Errorf("%s: the network has no output %q", path, a.Name)
			}
			got := make([]float64, out[i].Len())
			for n := range got {
				got[n] = out[i].Float(n)
			}
			if worst, at := a.Compare(got); worst > most {
				most, where = worst, fmt.Sprintf("sample %q, %s", sample.Label, at)
			}
		}
	}
	fmt.Fprintf(c.out, "%s: %d samples, worst error/tolerance %.3g: %s\n", k.Name, len(k.Samples), most, where)
	return most <= 1, nil
}

// caseInputs are the inputs of a sample in the order of the model.
func caseInputs(m *graph.Model, sample cases.FileSample) (src []tensor.Array, err error) {
	for _, p := range m.Inputs() {
		i := slices.IndexFunc(sample.Inputs, func(x *cases.Tensor) bool { return x.Name == p.Name })
		if i < 0 {
			return nil, fmt.Errorf("the case has no input %q", p.Name)
		}
		x := sample.Inputs[i]
		if x.DType != p.Type.DType.String() || len(x.Raw()) != p.Type.Bytes() {
			return nil, fmt.Errorf("input %q of the case is %s%v, want %v", p.Name, x.DType, x.Shape, p.Type)
		}
		src = append(src, tensor.FromBytes(p.Type, x.Raw()))
	}
	return src, nil
}

// difference is how far a step is off.
type difference struct {
	step, node string
	off        float64 // in terms of the largest element
	at         int
	got, want  float64
	kinds      string // where they are of two kinds
}

func (d difference) String() string {
	if d.kinds != "" {
		return fmt.Sprintf("%s, %s: %s", d.node, d.step, d.kinds)
	}
	return fmt.Sprintf("%s, %s: element %d is %.7g, want %.7g, off by %.3g of the largest", d.node, d.step, d.at, d.got, d.want, d.off)
}

// checkModel compares the steps of a pass with the nodes of the interpreter.
func (c *call) checkModel(path string, m *modelFlags, in *inputFlags, threads int, tolerance float64, exact bool) (ok bool, err error) {
	l, err := c.load(path, m, in)
	if err != nil {
		return false, err
	}
	model := l.model
	if exact {
		if model, err = l.graph.Compile(graph.Options{Exact: true}); err != nil {
			return false, err
		}
	}
	steps := make(map[string]string) // what is done, by node
	for _, s := range model.NewProfile().Steps {
		steps[s.Node] = s.What
	}
	got := make(map[string]tensor.Array)
	s := model.NewSession(threads)
	s.Trace = func(node string, x tensor.Array) { got[node] = x }
	out := l.outputs()
	if err := c.during("running "+path, func() error { return s.Run(out, l.inputs) }); err != nil {
		return false, err
	}
	var want []shown
	var end []tensor.Array
	err = c.during("interpreting "+path, func() (err error) {
		end, err = l.graph.EvalEach(func(node string, x tensor.Array) error {
			want = append(want, shown{node, x})
			return nil
		}, l.inputs...)
		return err
	})
	if err != nil {
		return false, err
	}
	r := &comparison{tolerance: tolerance}
	for _, w := range last(want) {
		if x, ok := got[w.node]; ok {
			r.add(w.node, steps[w.node], x, w.x)
		}
	}
	for i, p := range model.Outputs() {
		r.add("output "+p.Name, "at the end", out[i], end[i])
	}
	c.report(r, path, "steps and outputs compared")
	return r.first == nil, nil
}

// report says what came of a comparison.
func (c *call) report(r *comparison, path, what string) {
	fmt.Fprintf(c.out, "%s: %d %s\n", path, r.compared, what)
	if r.worst != nil {
		fmt.Fprintf(c.out, "worst: %v\n", *r.worst)
	}
	if r.first != nil {
		fmt.Fprintf(c.out, "first beyond the tolerance of %g: %v\n", r.tolerance, *r.first)
	}
}

// shown is what a node computes.
type shown struct {
	node string
	x    tensor.Array
}

// last keeps of nodes with the same name the last one, which is what a step shows: an operator of a file may have become several of the graph's.
func last(all []shown) (list []shown) {
	at := make(map[string]int)
	for i, s := range all {
		at[s.node] = i
	}
	for i, s := range all {
		if at[s.node] == i {
			list = append(list, s)
		}
	}
	return list
}

// comparison collects differences.
type comparison struct {
	tolerance    float64
	strict       bool // other kinds are a difference
	compared     int
	worst, first *difference
}

// add compares what a step shows with what its node computes. Unless the comparison is strict, both are of one kind or left out: a step may have taken other
// nodes into itself.
func (r *comparison) add(node, step string, got, want tensor.Array) {
	var d difference
	switch {
	case got.Dims() == want.Dims() && (got.DType() == want.DType() || got.DType().IsFloat() && want.DType().IsFloat()):
		d = differ(got, want)
	case r.strict:
		d = difference{off: math.Inf(1), kinds: fmt.Sprintf("it is %v, want %v", got.Type(), want.Type())}
	default:
		return
	}
	r.compared++
	d.node, d.step = node, brief(step)
	if r.worst == nil || !(d.off <= r.worst.off) {
		r.worst = &d
	}
	if r.first == nil && !(d.off <= r.tolerance*coarse(want.DType())) {
		r.first = &d
	}
}

// coarse is how much more may be off where the interpreter rounds every node's output to few bits, and a compiled network does not.
func coarse(d tensor.DType) float64 {
	switch d {
	case tensor.Float16:
		return 16
	case tensor.BFloat16:
		return 128
	}
	return 1
}

// differ finds the element that is farthest off. A NaN where there should be none, or the other way round, is infinitely far off.
func differ(got, want tensor.Array) (d difference) {
	most := 0.0
	for i := range want.Len() {
		if v := math.Abs(want.Float(i)); !math.IsInf(v, 0) && v > most {
			most = v
		}
	}
	for i := range want.Len() {
		x, y := got.Float(i), want.Float(i)
		if x == y || math.IsNaN(x) && math.IsNaN(y) {
			continue
		}
		off := math.Abs(x-y) / most
		if math.IsNaN(off) || most == 0 {
			off = math.Inf(1)
		}
		if off > d.off {
			d = difference{off: off, at: i, got: x, want: y}
		}
	}
	return d
}
