package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/simdnn/simdnn/internal/ort"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// againstFlags say what a file is compared with.
type againstFlags struct{ name, path *string }

func (c *call) againstFlags(what string) *againstFlags {
	return &againstFlags{
		c.flags.String("against", "", what+" onnxruntime, which must be on this machine (npm install --ignore-scripts onnxruntime-node)"),
		c.flags.String("ort", "", "the `file` with onnxruntime's shared library (default what the environment's "+ort.Env+" names, then node_modules here and above, then the system's)"),
	}
}

// open loads the library; it is nil where none is asked for.
func (a *againstFlags) open() (*ort.Library, error) {
	paths := ort.Paths()
	switch {
	case *a.name == "" && *a.path != "":
		return nil, usagef("-ort without -against onnxruntime")
	case *a.name == "":
		return nil, nil
	case *a.name != "onnxruntime":
		return nil, usagef("-against %s, want onnxruntime", *a.name)
	case *a.path != "":
		paths = []string{*a.path}
	}
	lib, err := ort.Open(paths...)
	if err != nil {
		return nil, fmt.Errorf("onnxruntime: %w (npm install --ignore-scripts onnxruntime-node, or -ort)", err)
	}
	return lib, nil
}

// theirs are the inputs in the order and the form of a session.
func (l *loaded) theirs(s *ort.Session) (in []*ort.Tensor, err error) {
	for _, x := range s.Inputs {
		i := slices.IndexFunc(l.file.Inputs(), func(p onnx.Port) bool { return p.Name == x.Name })
		if i < 0 {
			return nil, fmt.Errorf("onnxruntime wants an input %q, which is none", x.Name)
		}
		a := l.inputs[i]
		typ, err := ort.ParseType(a.DType().String())
		if err != nil {
			return nil, err
		}
		in = append(in, &ort.Tensor{Type: typ, Shape: a.Dims().Slice(), Data: a.Bytes()})
	}
	return in, nil
}

// array is a tensor of onnxruntime's as one of ours, in the same memory.
func array(t *ort.Tensor) (a tensor.Array, err error) {
	var typ tensor.Type
	if typ.DType, err = tensor.ParseDType(t.Type.String()); err != nil {
		return a, err
	}
	if typ.Dims, err = tensor.MakeDims(t.Shape); err != nil {
		return a, err
	}
	return tensor.FromBytes(typ, t.Data), nil
}

// rival is what passes of onnxruntime took.
type rival struct {
	ready       time.Duration // from the file's name to a session
	min, median time.Duration
	passes      int
}

// measureRival times passes in onnxruntime, with all its optimisations.
func measureRival(lib *ort.Library, l *loaded, path string, threads int, d time.Duration) (*rival, error) {
	r := new(rival)
	start := time.Now()
	s, err := lib.SessionFile(path, ort.Options{Threads: threads, Level: ort.All})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	r.ready = time.Since(start)
	in, err := l.theirs(s)
	if err != nil {
		return nil, err
	}
	call, err := s.Bind(in...)
	if err != nil {
		return nil, err
	}
	defer call.Close()
	r.min, r.median, r.passes, err = samples(d, func() error { return call.Run(1) })
	return r, err
}

// checkAgainst compares every value of a file with what onnxruntime computes for it, without its optimisations. The values come out of a network in which
// they all are outputs, so that nothing is fused over them; the outputs of the network as it runs are compared after them.
func (c *call) checkAgainst(lib *ort.Library, path string, m *modelFlags, in *inputFlags, threads int, tolerance float64, exact bool) (ok bool, err error) {
	l, err := c.load(path, m, in)
	if err != nil {
		return false, err
	}
	values := make(map[string]string) // what makes them, by name
	var names []string
	for _, p := range l.model.Outputs() {
		values[p.Name] = ""
	}
	for _, n := range l.file.Nodes() {
		for _, v := range n.Outputs() {
			if _, out := values[v]; v == "" || out {
				continue
			}
			values[v] = fmt.Sprintf("%s %q", n.Op(), n.Name())
			names = append(names, v)
		}
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	want := make(map[string]tensor.Array)
	err = c.during("running "+path+" in onnxruntime", func() error {
		s, err := lib.Session(ort.WithOutputs(file, names...), ort.Options{Threads: threads})
		if err != nil {
			return err
		}
		defer s.Close()
		src, err := l.theirs(s)
		if err != nil {
			return err
		}
		all, err := s.Run(src...)
		if err != nil {
			return err
		}
		for i, t := range all {
			if want[s.Outputs[i].Name], err = array(t); err != nil {
				return fmt.Errorf("value %q in onnxruntime: %w", s.Outputs[i].Name, err)
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	r := &comparison{tolerance: tolerance, strict: true}
	if len(names) > 0 {
		if err := c.addAll(r, l, names, values, want, threads, exact); err != nil {
			return false, err
		}
	}
	if err := c.addAll(r, l, nil, values, want, threads, exact); err != nil {
		return false, err
	}
	c.report(r, path, fmt.Sprintf("values compared with onnxruntime %s", lib.Version))
	return r.first == nil, nil
}

// addAll runs the network that has these outputs, nil for its own, and compares them.
func (c *call) addAll(r *comparison, l *loaded, outputs []string, values map[string]string, want map[string]tensor.Array, threads int, exact bool) error {
	o := l.options
	o.Outputs, o.Exact = outputs, exact
	g, err := l.file.Graph(o)
	if err != nil {
		return err
	}
	model, err := g.Compile(o.Options)
	if err != nil {
		return err
	}
	var out []tensor.Array
	for _, p := range model.Outputs() {
		out = append(out, tensor.NewArray(p.Type))
	}
	err = c.during("running all steps", func() error { return model.NewSession(threads).Run(out, l.inputs) })
	if err != nil {
		return err
	}
	for i, p := range model.Outputs() {
		what := values[p.Name]
		if outputs == nil {
			what = "output of the whole network"
		}
		r.add(p.Name, what, out[i], want[p.Name])
	}
	return nil
}
