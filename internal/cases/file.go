package cases

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/simdnn/simdnn/tensor"
)

// FileCase is an ONNX file with inputs and right answers (onnxcase/1).
type FileCase struct {
	Name, Source, Licence, Note string

	Path   string         // of the ONNX file
	Opset  Opset          // of the default domain
	Bind   map[string]int // values of the file's dynamic dimensions, by name; shapes here have them
	Ops    map[string]int // nodes by operator, those of subgraphs too
	Params int
	MACs   float64 // multiply-adds of Conv, ConvTranspose, Gemm, MatMul, LSTM and GRU outside subgraphs; 0: not known
	Quant  Quant

	// Carry says which output of a sample is which input of the next one, by the input's name: state. The stored
	// inputs are these outputs as the reference had them.
	Carry   map[string]string
	Samples []FileSample

	RefSeconds float64 // of the reference's fastest run on one thread: an orientation
}

// Quant says how a file's numbers are quantised; all is "" in files of floats.
type Quant struct{ Form, Activations, Weights string }

// FileSample is one set of inputs, in the file's types and order, and what must come out.
type FileSample struct {
	Label   string
	Inputs  []*Tensor
	Outputs []*Answer
}

// Answer is a right answer. A result y is right where |y - want| <= Atol + Rtol*|want|.
type Answer struct {
	Name, DType string
	Shape       []int
	Every       int     // only the flat elements 0, Every, 2*Every, ... are stored
	Stored      *Tensor // these, in one row
	Rtol, Atol  float64
	MaxAbs      float64
	Steps       int     // of quantised networks: by how many steps an answer may differ, Atol says the same
	Step        float64 // their size
}

// Compare returns the largest error of a whole output in units of what is tolerated (more than 1 is wrong), and
// where it is.
func (a *Answer) Compare(got []float64) (worst float64, where string) {
	if n, _ := tensor.MulOK(a.Shape...); n != len(got) {
		return math.Inf(1), fmt.Sprintf("output %q has %d elements, want %d", a.Name, len(got), n)
	}
	for i, want := range a.Stored.Float64s() {
		y := got[i*a.Every]
		d := math.Abs(y-want) / (a.Atol + a.Rtol*math.Abs(want))
		if y == want || math.IsNaN(y) && math.IsNaN(want) {
			d = 0 // infinities, and where nothing is tolerated
		}
		if !(d <= worst) { // a NaN too
			if worst = d; math.IsNaN(d) {
				worst = math.Inf(1)
			}
			where = fmt.Sprintf("output %q, element %d is %v, want %v within %.3g", a.Name, i*a.Every, y, want, a.Atol+a.Rtol*math.Abs(want))
		}
	}
	return worst, where
}

// fileCase is onnxcase/1 as it stands.
type fileCase struct {
	FileCase
	Format, File, Io string
	Mmac             *float64
	OrtMs            float64 `json:"ort_ms"`
	Labels           []string
	Samples          int
	SampleBytes      int `json:"sample_bytes"`
	Inputs           []struct {
		Tensor
		Stored  string
		ToFloat *struct {
			Sub, Div []float64
			Axis     int
		} `json:"to_float"`
	}
	Outputs []struct {
		Tensor
		Every      int
		Rtol, Atol float64
		Steps      int
		Step       float64
	}
}

// OpenFileCase reads a case from its .json file; the ONNX file itself is left to its reader.
func OpenFileCase(path string) (*FileCase, error) {
	c, err := openFileCase(path)
	if err != nil {
		return nil, fmt.Errorf("cases: %s: %w", path, err)
	}
	return c, nil
}

func openFileCase(path string) (*FileCase, error) {
	var f fileCase
	if err := readJSON(path, &f); err != nil {
		return nil, err
	}
	if f.Format != "onnxcase/1" {
		return nil, fmt.Errorf("format is %q, want onnxcase/1", f.Format)
	}
	bin, err := os.ReadFile(filepath.Join(filepath.Dir(path), f.Io))
	if err != nil {
		return nil, err
	}
	if n, ok := tensor.MulOK(f.Samples, f.SampleBytes); !ok || f.Samples < 1 || n != len(bin) {
		return nil, fmt.Errorf("%d samples of %d bytes, and %s has %d", f.Samples, f.SampleBytes, f.Io, len(bin))
	}
	if len(f.Labels) != f.Samples {
		return nil, fmt.Errorf("%d labels for %d samples", len(f.Labels), f.Samples)
	}
	c := f.FileCase
	c.Path = filepath.Join(filepath.Dir(path), f.File)
	c.RefSeconds = f.OrtMs / 1e3
	if f.Mmac != nil {
		c.MACs = *f.Mmac * 1e6
	}
	for k, label := range f.Labels {
		part := bin[k*f.SampleBytes:][:f.SampleBytes]
		s := FileSample{Label: label}
		for i := range f.Inputs {
			in := &f.Inputs[i]
			x := in.Tensor
			if in.ToFloat != nil {
				x.DType = in.Stored
			}
			if err := x.attach(part); err != nil {
				return nil, err
			}
			if q := in.ToFloat; q != nil {
				if err := x.picture(in.DType, q.Sub, q.Div, q.Axis); err != nil {
					return nil, err
				}
			}
			s.Inputs = append(s.Inputs, &x)
		}
		for i := range f.Outputs {
			out := &f.Outputs[i]
			a := &Answer{
				Name: out.Name, DType: out.DType, Shape: out.Shape, Every: max(out.Every, 1), Rtol: out.Rtol, Atol: out.Atol,
				MaxAbs: out.MaxAbs, Steps: out.Steps, Step: out.Step,
			}
			n, ok := tensor.MulOK(out.Shape...)
			if !ok || out.Every < 0 {
				return nil, fmt.Errorf("output %q: shape %v, every %d", out.Name, out.Shape, out.Every)
			}
			x := out.Tensor
			x.Shape = []int{(n + a.Every - 1) / a.Every}
			if err := x.attach(part); err != nil {
				return nil, err
			}
			a.Stored = &x
			s.Outputs = append(s.Outputs, a)
		}
		c.Samples = append(c.Samples, s)
	}
	for in, out := range c.Carry {
		i := slices.IndexFunc(c.Samples[0].Inputs, func(x *Tensor) bool { return x.Name == in })
		o := slices.IndexFunc(c.Samples[0].Outputs, func(a *Answer) bool { return a.Name == out })
		if i < 0 || o < 0 || !slices.Equal(c.Samples[0].Inputs[i].Shape, c.Samples[0].Outputs[o].Shape) {
			return nil, fmt.Errorf("carry: output %q cannot be input %q", out, in)
		}
	}
	return &c, nil
}

// picture turns a tensor of integers into the float32 input (q - sub[c]) / div[c], c along an axis.
func (t *Tensor) picture(dtype string, sub, div []float64, axis int) error {
	if dtype != "float32" || axis < 0 || axis >= len(t.Shape) || len(sub) != t.Shape[axis] || len(div) != len(sub) {
		return fmt.Errorf("input %q: to_float has %d and %d numbers for axis %d of %s%v", t.Name, len(sub), len(div), axis, dtype, t.Shape)
	}
	inner := 1
	for _, n := range t.Shape[axis+1:] {
		inner *= n
	}
	raw := make([]byte, 0, 4*t.Len())
	for i, q := range t.Ints() {
		c := i / inner % len(sub)
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32((float64(q)-sub[c])/div[c])))
	}
	t.DType, t.data, t.Bytes = dtype, raw, len(raw)
	return nil
}

// NewTensor wraps numbers that lie in memory as a file would have them, little-endian.
func NewTensor(name, dtype string, shape []int, raw []byte) (*Tensor, error) {
	t := &Tensor{Name: name, DType: dtype, Shape: shape, Bytes: len(raw)}
	if err := t.attach(raw); err != nil {
		return nil, fmt.Errorf("cases: %w", err)
	}
	return t, nil
}

// FileCases opens all cases of the folder onnxfiles, sorted by name; without them the test is skipped.
func FileCases(t testing.TB) []*FileCase {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(Dir(t, "onnxfiles"), "onnxfiles", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatal("cases: no cases in onnxfiles")
	}
	var list []*FileCase
	for _, p := range paths {
		c, err := OpenFileCase(p)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}
