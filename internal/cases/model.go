package cases

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Model is a whole network, ONNX operators with batch 1 in NCHW, with inputs and right answers.
type Model struct {
	Name, Source, Licence string
	Opset                 Opset
	MACs, Params          int

	Input     string // the name of the one input
	InShape   []int
	Outputs   []string
	Constants map[string]*Tensor // generated ones are made when their values are asked for
	Nodes     []Node             // in running order
	Samples   []Sample
	Trace     []Trace // of sample 0, by node output in running order
}

// Sample is an input and what must come out.
type Sample struct {
	Label   string
	Input   []float32
	Outputs []*Tensor
	Top     [][2]float64 // best classes and their values, best first
}

// Trace is what one node's output looks like, to find the first layer that goes wrong.
type Trace struct {
	Name                string
	Shape               []int
	Min, Max, Mean, RMS float64
	At                  []int // flat indices
	Values              []float64
}

// modelFile is cnnmodel/1 as it stands, of trained networks (samples in a file of their own) and of
// generated ones (one generated input, its answers in Bin).
type modelFile struct {
	Format, Name, Source, Licence string
	Opset                         Opset
	MACs, Params                  int
	Bin                           string
	SamplesBin                    string `json:"samples_bin"`
	Inputs                        []struct {
		Tensor
		ToFloat *struct{ Sub, Div []float64 } `json:"to_float"`
	}
	Outputs   []json.RawMessage // names, or tensors of Bin: the answers to the generated input
	Constants []*Tensor
	Nodes     []Node
	Samples   []struct {
		Label   string
		Input   Tensor
		Outputs []*Tensor
		Top     [][2]float64
	}
	Trace0 []Trace `json:"trace_of_sample_0"`
	Trace  []Trace
}

// LoadModel reads a network from its .json file.
func LoadModel(path string) (*Model, error) {
	m, err := loadModel(path)
	if err != nil {
		return nil, fmt.Errorf("cases: %s: %w", path, err)
	}
	return m, nil
}

func loadModel(path string) (*Model, error) {
	var f modelFile
	if err := readJSON(path, &f); err != nil {
		return nil, err
	}
	if f.Format != "cnnmodel/1" {
		return nil, fmt.Errorf("format is %q, want cnnmodel/1", f.Format)
	}
	if len(f.Inputs) != 1 {
		return nil, fmt.Errorf("%d inputs, want 1", len(f.Inputs))
	}
	bin, err := os.ReadFile(filepath.Join(filepath.Dir(path), f.Bin))
	if err != nil {
		return nil, err
	}
	in := &f.Inputs[0]
	m := &Model{
		Name: f.Name, Source: f.Source, Licence: f.Licence, Opset: f.Opset, MACs: f.MACs, Params: f.Params,
		Input: in.Name, InShape: in.Shape, Constants: make(map[string]*Tensor, len(f.Constants)), Nodes: f.Nodes,
		Trace: append(f.Trace0, f.Trace...),
	}
	for _, c := range f.Constants {
		if err := c.attach(bin); err != nil {
			return nil, err
		}
		m.Constants[c.Name] = c
	}
	var answers []*Tensor
	for _, raw := range f.Outputs {
		var name string
		if json.Unmarshal(raw, &name) != nil {
			t := new(Tensor)
			if err := json.Unmarshal(raw, t); err != nil {
				return nil, err
			}
			if err := t.attach(bin); err != nil {
				return nil, err
			}
			answers, name = append(answers, t), t.Name
		}
		m.Outputs = append(m.Outputs, name)
	}
	if in.Gen != nil {
		if err := in.attach(nil); err != nil {
			return nil, err
		}
		m.Samples = []Sample{{Label: "generated", Input: in.Float32s(), Outputs: answers}}
		return m, nil
	}
	if bin, err = os.ReadFile(filepath.Join(filepath.Dir(path), f.SamplesBin)); err != nil {
		return nil, err
	}
	for i := range f.Samples {
		s := &f.Samples[i]
		for _, t := range append([]*Tensor{&s.Input}, s.Outputs...) {
			if err := t.attach(bin); err != nil {
				return nil, fmt.Errorf("sample %d: %w", i, err)
			}
		}
		x := s.Input.Float32s()
		if q := in.ToFloat; q != nil {
			if err := toFloat(x, m.InShape, q.Sub, q.Div); err != nil {
				return nil, err
			}
		}
		m.Samples = append(m.Samples, Sample{Label: s.Label, Input: x, Outputs: s.Outputs, Top: s.Top})
	}
	return m, nil
}

// toFloat turns a stored integer picture into the float input.
func toFloat(x []float32, shape []int, sub, div []float64) error {
	if len(shape) != 4 || shape[0] != 1 || len(sub) != len(div) || len(sub) != 1 && len(sub) != shape[1] {
		return fmt.Errorf("to_float has %d and %d numbers for an input of shape %v", len(sub), len(div), shape)
	}
	plane := len(x) / shape[1]
	for i := range x {
		c := min(i/plane, len(sub)-1)
		x[i] = float32((float64(x[i]) - sub[c]) / div[c])
	}
	return nil
}

// LoadInit reads the initial weights of a training run (cnntrain/1), in its order.
func LoadInit(path string) ([]*Tensor, error) {
	var f struct {
		Format string
		Init   []*Tensor
	}
	if err := readJSON(path, &f); err != nil {
		return nil, fmt.Errorf("cases: %s: %w", path, err)
	}
	if f.Format != "cnntrain/1" {
		return nil, fmt.Errorf("cases: %s: format is %q, want cnntrain/1", path, f.Format)
	}
	for _, t := range f.Init {
		t.DType = "float32"
		if err := t.attach(nil); err != nil {
			return nil, fmt.Errorf("cases: %s: %w", path, err)
		}
	}
	return f.Init, nil
}

func readJSON(path string, v any) error {
	js, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(js, v)
}
