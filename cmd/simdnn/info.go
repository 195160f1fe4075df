package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/onnx"
)

const infoHelp = `Says what is in an ONNX file: who wrote it, its operator sets, inputs and outputs, parameters, multiply-adds, the operators, those that
are not supported, and those that have no kernel for what the file asks of them: they are computed plainly, and slowly.
The exit code is 1 if the file cannot be run.`

// info says what is in a file.
func info(c *call) error {
	m := c.modelFlags()
	steps := c.flags.Bool("steps", false, "list the steps of a pass, with the kernels that were chosen")
	path, err := c.one()
	if err != nil {
		return err
	}
	f, err := onnx.Open(path)
	if err != nil {
		return err
	}
	o, err := m.options(f)
	if err != nil {
		return err
	}
	line := func(what, format string, args ...any) {
		fmt.Fprintf(c.out, "%-14s %s\n", what, fmt.Sprintf(format, args...))
	}
	line("file", "%s", path)
	for _, v := range []struct{ what, text string }{{"graph", f.Name()}, {"producer", f.Producer()}, {"description", strings.Join(strings.Fields(f.Doc()), " ")}} {
		if v.text != "" {
			line(v.what, "%s", v.text)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(f.Metadata())) {
		line("metadata", "%s: %.100s", k, strings.Join(strings.Fields(f.Metadata()[k]), " "))
	}
	sets := f.Opsets()
	for _, d := range slices.Sorted(maps.Keys(sets)) {
		line("operator set", "%d%s", sets[d], map[bool]string{false: " of " + d}[d == ""])
	}
	for _, p := range f.Inputs() {
		line("input", "%v", p)
	}
	for _, p := range f.Outputs() {
		line("output", "%v", p)
	}
	line("parameters", "%s", count(f.Params()))
	ops := f.Operators()
	names := slices.SortedFunc(maps.Keys(ops), func(a, b string) int { return cmp.Or(ops[b]-ops[a], strings.Compare(a, b)) })
	for i := range names {
		names[i] = fmt.Sprintf("%s %d", names[i], ops[names[i]])
	}
	line("operators", "%s", list(names))
	if bad := f.Unsupported(); len(bad) > 0 {
		for _, k := range slices.Sorted(maps.Keys(bad)) {
			line("not supported", "%s: %s", k, bad[k])
		}
		return fmt.Errorf("%s: %d operators are not supported: %s", path, len(bad), list(slices.Sorted(maps.Keys(bad))))
	}
	g, err := m.graph(f, o)
	if err != nil {
		return err
	}
	line("multiply-adds", "%s, with open sizes as given, or 1", count(g.MACs()))
	model, err := g.Compile(o.Options)
	if err != nil {
		return err
	}
	plain := make(map[string]int)
	p := model.NewProfile()
	for _, s := range p.Steps {
		if op, ok := strings.CutPrefix(s.What, "eval "); ok {
			plain[op]++
		}
	}
	slow := slices.Sorted(maps.Keys(plain))
	for i := range slow {
		slow[i] = fmt.Sprintf("%s %d", slow[i], plain[slow[i]])
	}
	line("without kernel", "%s", list(slow))
	arena, values := model.Arena()
	line("a pass", "%d steps, values of %s in %s of memory", len(p.Steps), size(values), size(arena))
	if *steps {
		fmt.Fprintln(c.out)
		return model.Explain(c.out)
	}
	return nil
}
