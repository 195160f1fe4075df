package onnxfile

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/simdnn/simdnn/internal/cases"
)

// OfModel writes a stored or a known network. Nodes have the names of their first outputs.
func OfModel(m *cases.Model) (*Model, error) {
	f := &Model{Name: m.Name, Opsets: map[string]int{"": int(m.Opset)}, Inputs: []Port{{m.Input, "float32", m.InShape}}}
	for _, name := range slices.Sorted(maps.Keys(m.Constants)) {
		f.Constants = append(f.Constants, constant(m.Constants[name]))
	}
	for _, name := range m.Outputs {
		f.Outputs = append(f.Outputs, Port{Name: name})
	}
	return f, f.nodes(m.Nodes)
}

// OfCase writes a stored case. Those of its inputs for which constant says so become constants of the file; inputs lists the
// others.
func OfCase(c *cases.Case, constants func(name string) bool) (f *Model, inputs []string, err error) {
	f = &Model{Name: c.Name, Opsets: map[string]int{"": int(c.Opset)}}
	for _, name := range c.Constants {
		f.Constants = append(f.Constants, constant(c.Tensor(name)))
	}
	for _, name := range c.Inputs {
		if x := c.Tensor(name); constants(name) {
			f.Constants = append(f.Constants, constant(x))
		} else {
			f.Inputs = append(f.Inputs, Port{name, x.DType, x.Shape})
			inputs = append(inputs, name)
		}
	}
	for _, name := range c.Outputs {
		f.Outputs = append(f.Outputs, Port{Name: name})
	}
	return f, inputs, f.nodes(c.Nodes)
}

func (m *Model) nodes(nodes []cases.Node) error {
	for _, n := range nodes {
		if n.Domain != "" {
			m.Opsets[n.Domain] = 1
		}
		node := Node{Op: n.Op, Domain: n.Domain, Inputs: slices.Clone(n.Inputs), Outputs: slices.Clone(n.Outputs)}
		for _, name := range slices.Sorted(maps.Keys(n.Attrs)) {
			v, err := attribute(n.Attrs[name])
			if err != nil {
				return fmt.Errorf("onnxfile: %s: %s: attribute %s: %w", m.Name, n.Op, name, err)
			}
			node.Attrs = append(node.Attrs, Attr{name, v})
		}
		m.Nodes = append(m.Nodes, node)
	}
	return nil
}

// attribute reads a value: numbers with a point or an exponent are floats.
func attribute(raw json.RawMessage) (any, error) {
	tries := []any{new(int), new(float32), new(string), new([]int), new([]float32), new([]string)}
	for _, v := range tries {
		if json.Unmarshal(raw, v) != nil {
			continue
		}
		switch v := v.(type) {
		case *int:
			return *v, nil
		case *float32:
			return *v, nil
		case *string:
			return *v, nil
		case *[]int:
			return *v, nil
		case *[]float32:
			return *v, nil
		case *[]string:
			return *v, nil
		}
	}
	return nil, fmt.Errorf("it is %s, want a number, a string, or a list of them", raw)
}

// constant takes over a stored tensor, a generated or quantised one as the float32 that it stands for.
func constant(t *cases.Tensor) Tensor {
	if t.Gen != nil || len(t.Scale) > 0 {
		return Floats(t.Name, t.Shape, t.Float32s())
	}
	if t.Values == nil {
		return Tensor{t.Name, t.DType, t.Shape, t.Raw()}
	}
	var b []byte
	for _, v := range t.Ints() { // listed ones are int64
		b = binary.LittleEndian.AppendUint64(b, uint64(int64(v)))
	}
	return Tensor{t.Name, "int64", t.Shape, b}
}
