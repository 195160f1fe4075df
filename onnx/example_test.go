package onnx_test

import (
	"bytes"
	"fmt"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// file is a network of one operator, y = max(x, 0), as a file has it.
func file() []byte {
	m := &onnxfile.Model{
		Name: "relu", Opsets: map[string]int{"": 20},
		Inputs:  []onnxfile.Port{{Name: "x", DType: "float32", Shape: []int{1, 4}}},
		Outputs: []onnxfile.Port{{Name: "y"}},
		Nodes:   []onnxfile.Node{{Op: "Relu", Inputs: []string{"x"}, Outputs: []string{"y"}}},
	}
	return m.Bytes()
}

// A network is read from a file, compiled and run. onnx.Load does the first two steps for a path.
func Example() {
	f, err := onnx.Read(bytes.NewReader(file()))
	if err != nil {
		panic(err)
	}
	g, err := f.Graph(onnx.Options{})
	if err != nil {
		panic(err)
	}
	model, err := g.Compile(graph.Options{})
	if err != nil {
		panic(err)
	}
	session := model.NewSession(0) // as many threads as there are processors
	x := tensor.Of(tensor.D(1, 4), []float32{-1, 2, -3, 4})
	y := tensor.NewArray(model.Outputs()[0].Type)
	if err := session.Run([]tensor.Array{y}, []tensor.Array{x}); err != nil {
		panic(err)
	}
	fmt.Println(tensor.Data[float32](y))
	// Output: [0 2 0 4]
}
