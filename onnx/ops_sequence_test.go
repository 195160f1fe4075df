package onnx

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/tensor"
)

// TestSequences: lists of tensors that are known while a file is read, and what is wrong with them.
func TestSequences(t *testing.T) {
	node := func(op, out, in1, in2, in3 string, attrs ...onnxfile.Attr) onnxfile.Node {
		n := onnxfile.Node{Op: op, Outputs: []string{out}, Attrs: attrs}
		for _, name := range []string{in1, in2, in3} {
			if name != "-" {
				n.Inputs = append(n.Inputs, name)
			}
		}
		return n
	}
	set := func(name string, v int) onnxfile.Attr { return onnxfile.Attr{Name: name, Value: v} }
	constants := []onnxfile.Tensor{
		{Name: "0", DType: "int64", Data: le64(0)}, {Name: "1", DType: "int64", Data: le64(1)}, {Name: "-1", DType: "int64", Data: le64(-1)},
		{Name: "3", DType: "int64", Data: le64(3)}, {Name: "2,4", DType: "int64", Shape: []int{2}, Data: le64(2, 4)},
	}
	all := node("ConcatFromSequence", "y", "s", "-", "-", set("axis", 0))
	for _, c := range []struct {
		name  string
		want  []float64
		wrong string
		nodes []onnxfile.Node
	}{
		{"construct", []float64{0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}, "", []onnxfile.Node{node("SequenceConstruct", "s", "x", "x", "-"), all}},
		{"stack", []float64{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5}, "", []onnxfile.Node{node("SequenceConstruct", "s", "x", "x", "-"),
			node("ConcatFromSequence", "y", "s", "-", "-", set("axis", -1), set("new_axis", 1))}},
		{"insert", []float64{0, -1, -2, -3, -4, -5, 0, 1, 2, 3, 4, 5}, "", []onnxfile.Node{node("SequenceEmpty", "e", "-", "-", "-"), node("Neg", "n", "x", "-", "-"),
			node("SequenceInsert", "f", "e", "x", "-"), node("SequenceInsert", "s", "f", "n", "0"), all}},
		{"insert before the last", []float64{0, -1, -2, -3, -4, -5, 0, 1, 2, 3, 4, 5}, "", []onnxfile.Node{node("Neg", "n", "x", "-", "-"), node("SequenceConstruct", "f", "x", "-", "-"),
			node("SequenceInsert", "s", "f", "n", "-1"), all}},
		{"at", []float64{3, 4, 5}, "", []onnxfile.Node{node("SplitToSequence", "s", "x", "3", "-"), node("SequenceAt", "y", "s", "-1", "-")}},
		{"sizes", []float64{2, 3, 4, 5}, "", []onnxfile.Node{node("SplitToSequence", "s", "x", "2,4", "-"), node("SequenceAt", "y", "s", "1", "-")}},
		{"single elements", []float64{1}, "", []onnxfile.Node{node("SplitToSequence", "s", "x", "-", "-", set("keepdims", 0)), node("SequenceAt", "y", "s", "1", "-")}},
		{"erase", []float64{1, 2, 3, 4}, "", []onnxfile.Node{node("SplitToSequence", "a", "x", "-", "-"), node("SequenceErase", "b", "a", "-", "-"),
			node("SequenceErase", "s", "b", "0", "-"), all}},
		{"length", []float64{6, 7, 8, 9, 10, 11}, "", []onnxfile.Node{node("SplitToSequence", "s", "x", "-", "-"), node("Identity", "i", "s", "-", "-"), node("SequenceLength", "l", "i", "-", "-"),
			node("Cast", "f", "l", "-", "-", set("to", 1)), node("Add", "y", "x", "f", "-")}},
		{"no sequence", nil, "no sequence", []onnxfile.Node{node("SequenceAt", "y", "x", "0", "-")}},
		{"no tensor", nil, "is a sequence", []onnxfile.Node{node("SequenceConstruct", "s", "x", "-", "-"), node("Neg", "y", "s", "-", "-")}},
		{"outside", nil, "place 3 of a sequence of 1", []onnxfile.Node{node("SequenceConstruct", "s", "x", "-", "-"), node("SequenceAt", "y", "s", "3", "-")}},
		{"erased outside", nil, "sequence of 0", []onnxfile.Node{node("SequenceEmpty", "s", "-", "-", "-"), node("SequenceErase", "y", "s", "-", "-")}},
		{"an output", nil, "is a sequence", []onnxfile.Node{node("SequenceConstruct", "y", "x", "-", "-")}},
		{"a place of the input", nil, "constant integer", []onnxfile.Node{node("SequenceConstruct", "s", "x", "-", "-"), node("SequenceAt", "y", "s", "x", "-")}},
		{"nothing joined", nil, "Concat", []onnxfile.Node{node("SequenceEmpty", "s", "-", "-", "-"), all}},
		{"nothing inserted", nil, "input 1", []onnxfile.Node{node("SequenceEmpty", "s", "-", "-", "-"), node("SequenceInsert", "y", "s", "", "-")}},
		{"no pieces", nil, "at least 1", []onnxfile.Node{node("SplitToSequence", "s", "x", "0", "-"), all}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := tensor.Of(tensor.D(6), []float32{0, 1, 2, 3, 4, 5})
			m := &onnxfile.Model{Name: "m", Opsets: map[string]int{"": 17}, Nodes: c.nodes, Constants: constants,
				Inputs: []onnxfile.Port{{Name: "x", DType: "float32", Shape: []int{6}}}, Outputs: []onnxfile.Port{{Name: "y"}}}
			f, err := Read(bytes.NewReader(m.Bytes()))
			require.NoError(t, err)
			g, err := f.Graph(Options{})
			if c.wrong != "" {
				require.ErrorContains(t, err, c.wrong)
				return
			}
			require.NoError(t, err)
			y, err := g.Eval(x)
			require.NoError(t, err)
			got := make([]float64, y[0].Len())
			for i := range got {
				got[i] = y[0].Float(i)
			}
			require.Equal(t, c.want, got)
		})
	}
}

// le64 is int64s as files hold them.
func le64(x ...int64) (b []byte) {
	for _, v := range x {
		b = binary.LittleEndian.AppendUint64(b, uint64(v))
	}
	return b
}
