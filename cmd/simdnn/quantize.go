package main

import (
	"bufio"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

const quantizeHelp = `Writes a network of float32 as one of 8-bit integers: an ONNX file in which values are quantised and dequantised around the operators (QDQ), as other
runtimes take it too. Weights get a scale for each output channel. The ranges of values come from samples: every file in a folder is one, a photo or a .npy array as
"run -input" takes them, or a .npz file with an array for each input; or they are random. Then both networks run on all samples, and their answers are compared; with
-labels, a file with lines of a sample's name and the number of its class, or only of numbers in the order of the names, it says how many are right before and after.

    simdnn quantize resnet.onnx -calibrate photos -mean 0.485,0.456,0.406 -std 0.229,0.224,0.225 -o resnet.int8.onnx
    simdnn quantize model.onnx -calibrate arrays -percentile 99.99 -samples 100 -labels labels.txt`

// randomSamples is how many there are if the flags do not say it.
const randomSamples = 16

// samplesOf are what a network is calibrated and compared with.
type samplesOf struct {
	names  []string // of files; empty where the samples are random
	n      int
	in     *inputFlags
	file   *onnx.File
	types  []tensor.Type // of the inputs
	labels []int         // nil: unknown
}

// quantize writes a network of 8-bit integers.
func quantize(c *call) error {
	m, in := c.modelFlags(), c.pictureFlags()
	from := c.flags.String("calibrate", "", "`folder` with samples, or random")
	to := c.flags.String("o", "", "the `file` to write (default the model's name with .int8.onnx)")
	samples := c.flags.Int("samples", 0, fmt.Sprintf("calibrate with so many of the samples, the first ones; 0 is all, or %d random ones", randomSamples))
	percentile := c.flags.Float64("percentile", 100, "how many percent of a value's numbers its range holds; 99.99 where a few are far off")
	signed := c.flags.Bool("signed", false, "values become int8, not uint8")
	labels := c.flags.String("labels", "", "`file` with the classes of the samples")
	threads := c.flags.Int("threads", 0, "most threads; 0 is all processors")
	var float []string
	c.flags.Func("float", "`name` of a node, or of what it makes, that stays in float32; may be repeated", func(s string) error {
		float = append(float, s)
		return nil
	})
	path, err := c.one()
	switch {
	case err != nil:
		return err
	case *from == "":
		return usagef("-calibrate is missing: want a folder with samples, or random")
	case *threads < 0 || *samples < 0:
		return usagef("-threads is %d and -samples %d, want at least 0", *threads, *samples)
	case !(*percentile > 50 && *percentile <= 100):
		return usagef("-percentile is %v, want more than 50 and at most 100", *percentile)
	case len(in.mean) == 0 || len(in.std) == 0:
		return usagef("-mean and -std want numbers")
	case *labels != "" && *from == "random":
		return usagef("-labels wants a folder with samples, not random ones")
	}
	if *to == "" {
		*to = strings.TrimSuffix(path, filepath.Ext(path)) + ".int8.onnx"
	}
	if same(*to, path) {
		return usagef("-o %s is the model itself", *to)
	}
	f, err := onnx.Open(path)
	if err != nil {
		return err
	}
	o, err := m.options(f)
	if err != nil {
		return err
	}
	s := &samplesOf{in: in, file: f, n: *samples}
	if *from == "random" {
		if s.n == 0 {
			s.n = randomSamples
		}
	} else if err := s.list(*from, *labels); err != nil {
		return err
	}
	if err := s.shapes(&o); err != nil {
		return err
	}
	var before *graph.Model
	err = c.during("preparing "+path, func() error {
		g, err := m.graph(f, o)
		if err != nil {
			return err
		}
		before, err = g.Compile(o.Options)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range before.Inputs() {
		s.types = append(s.types, p.Type)
	}
	q := onnx.Quantization{Options: o, Sample: s.sample, Samples: s.n, Percentile: *percentile, Signed: *signed, Float: float, Threads: *threads}
	if *samples > 0 {
		q.Samples = min(*samples, s.n)
	}
	tell, done := c.progress("calibrating " + path)
	q.Progress = tell
	r, err := f.Quantize(q)
	done()
	if err != nil {
		return err
	}
	if err := os.WriteFile(*to, r.File, 0o644); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "wrote %s: %d of %d convolutions and products on bytes, and %d other operators; %s, before %s\n", *to, r.Products, r.Products+len(r.Float), r.Others,
		size(len(r.File)), size(int(info.Size())))
	for _, why := range r.Float {
		fmt.Fprintf(c.out, "in float32: %s\n", why)
	}
	after, err := onnx.Load(*to, o)
	if err != nil {
		return err
	}
	return c.compare(s, before, after, *threads)
}

// same reports whether two names are of one file.
func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// list finds the files of a folder, and the labels.
func (s *samplesOf) list(folder, labels string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".jpg", ".jpeg", ".png", ".gif", ".npy", ".npz":
			s.names = append(s.names, filepath.Join(folder, e.Name()))
		}
	}
	if s.n = len(s.names); s.n == 0 {
		return fmt.Errorf("%s has no file that ends in .jpg, .png, .gif, .npy or .npz", folder)
	}
	if labels == "" {
		return nil
	}
	return s.readLabels(labels)
}

// readLabels reads the classes of the samples.
func (s *samplesOf) readLabels(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	of := make(map[string]int)
	var plain []int
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		name, number := "", text
		if i := strings.LastIndexAny(text, " \t,"); i >= 0 {
			name, number = strings.TrimRight(text[:i], " \t,"), text[i+1:]
		}
		class, err := strconv.Atoi(number)
		if err != nil || class < 0 {
			return fmt.Errorf("%s: line %d is %q, want a sample's name and the number of its class, or the number alone", path, n, text)
		}
		if name == "" {
			plain = append(plain, class)
		} else {
			of[filepath.Base(name)] = class
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(of) == 0 && len(plain) != len(s.names) || len(of) > 0 && len(plain) > 0 {
		return fmt.Errorf("%s has %d numbers alone and %d with names, want one for each of %d samples", path, len(plain), len(of), len(s.names))
	}
	if s.labels = plain; len(of) == 0 {
		return nil
	}
	for _, name := range s.names {
		class, ok := of[filepath.Base(name)]
		if !ok {
			return fmt.Errorf("%s has no class for %s", path, filepath.Base(name))
		}
		s.labels = append(s.labels, class)
	}
	return nil
}

// source is where an input of a sample comes from.
func (s *samplesOf) source(i int, input string) (*source, error) {
	if len(s.names) == 0 {
		return &source{random: true}, nil
	}
	return readSource(s.names[i], input)
}

// shapes takes sizes that the file leaves open and no flag gives from the first sample.
func (s *samplesOf) shapes(o *onnx.Options) error {
	ports := s.file.Inputs()
	if len(ports) > 1 && slices.ContainsFunc(s.names, func(name string) bool { return !strings.EqualFold(filepath.Ext(name), ".npz") }) {
		return fmt.Errorf("the network has %d inputs: want samples that are .npz files with an array for each", len(ports))
	}
	for _, p := range ports {
		from, err := s.source(0, p.Name)
		if err != nil {
			return err
		}
		if _, given := o.Shapes[p.Name]; given || from.random {
			continue
		}
		if shape, ok := from.shape(p, o.Dims); ok {
			if o.Shapes = maps.Clone(o.Shapes); o.Shapes == nil {
				o.Shapes = make(map[string][]int)
			}
			o.Shapes[p.Name] = shape
		}
	}
	return nil
}

// sample makes the inputs of one.
func (s *samplesOf) sample(i int) (in []tensor.Array, err error) {
	with := *s.in
	seed := *s.in.seed + uint64(i)
	with.seed = &seed
	for k, p := range s.file.Inputs() {
		from, err := s.source(i, p.Name)
		if err != nil {
			return nil, err
		}
		a, err := with.make(from, p.Name, s.types[k])
		if err != nil {
			if len(s.names) > 0 {
				err = fmt.Errorf("%s: %w", s.names[i], err)
			}
			return nil, err
		}
		in = append(in, a)
	}
	return in, nil
}

// compare runs both networks on all samples.
func (c *call) compare(s *samplesOf, before, after *graph.Model, threads int) error {
	var runs [2]*graph.Session
	var out [2][]tensor.Array
	for k, m := range []*graph.Model{before, after} {
		runs[k] = m.NewSession(threads)
		for _, p := range m.Outputs() {
			out[k] = append(out[k], tensor.NewArray(p.Type))
		}
	}
	off := make([]distance, len(out[0]))
	var right [2]int
	tell, done := c.progress("comparing")
	defer done()
	for i := range s.n {
		in, err := s.sample(i)
		if err != nil {
			return err
		}
		for k := range runs {
			if err := runs[k].Run(out[k], in); err != nil {
				return err
			}
			if s.labels != nil && largest(out[k][0]) == s.labels[i] {
				right[k]++
			}
		}
		for k := range off {
			off[k].add(out[0][k], out[1][k])
		}
		tell(i+1, s.n)
	}
	done()
	for k, p := range before.Outputs() {
		fmt.Fprintf(c.out, "%s %v: %s\n", p.Name, p.Type, off[k].String())
	}
	if s.labels != nil {
		fmt.Fprintf(c.out, "right by %s: %d of %d before, %d after\n", before.Outputs()[0].Name, right[0], s.n, right[1])
	}
	return nil
}

// distance is how far an output of two networks is apart.
type distance struct {
	signal, noise, most, top float64
	same, samples            int
}

func (d *distance) add(want, got tensor.Array) {
	for i := range want.Len() {
		x, y := want.Float(i), got.Float(i)
		d.signal, d.noise = d.signal+x*x, d.noise+(x-y)*(x-y)
		d.top, d.most = max(d.top, math.Abs(x)), max(d.most, math.Abs(x-y))
	}
	if d.samples++; largest(want) == largest(got) {
		d.same++
	}
}

func (d *distance) String() string {
	snr := "no difference"
	if d.noise > 0 {
		snr = fmt.Sprintf("signal to noise %.1f dB, largest difference %.3g where the largest element is %.3g", 10*math.Log10(d.signal/d.noise), d.most, d.top)
	}
	return fmt.Sprintf("%s, the same element is the largest in %d of %d samples", snr, d.same, d.samples)
}

// largest is the place of the largest element.
func largest(a tensor.Array) (at int) {
	for i := range a.Len() {
		if a.Float(i) > a.Float(at) {
			at = i
		}
	}
	return at
}
