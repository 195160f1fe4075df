package graph_test

import (
	"fmt"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// Cube is an operator of one's own: x³, element by element.
type Cube struct{}

// Infer says that what comes out is as what goes in.
func (Cube) Infer(in []graph.Arg) ([]tensor.Type, error) {
	if len(in) != 1 || in[0].Type.DType != tensor.Float32 {
		return nil, fmt.Errorf("want one input of float32")
	}
	return []tensor.Type{in[0].Type}, nil
}

// Eval computes it.
func (Cube) Eval(out, in []tensor.Array) error {
	y := tensor.Data[float32](out[0])
	for i, x := range tensor.Data[float32](in[0]) {
		y[i] = x * x * x
	}
	return nil
}

// An operator of one's own is a type with Infer and Eval. Networks that have it are compiled as others.
func ExampleOp() {
	g := graph.New()
	x, err := g.Input("x", tensor.T(tensor.Float32, 1, 4))
	if err != nil {
		fmt.Println(err)
		return
	}
	half, err := g.Add("half", graph.Mul{}, x, g.Const("", tensor.Scalar[float32](0.5)))
	if err != nil {
		fmt.Println(err)
		return
	}
	cube, err := g.Add("cube", Cube{}, half...)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := g.Output("y", cube[0]); err != nil {
		fmt.Println(err)
		return
	}
	model, err := g.Compile(graph.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	y := make([]float32, 4)
	dst := []tensor.Array{tensor.Of(tensor.D(1, 4), y)}
	src := []tensor.Array{tensor.Of(tensor.D(1, 4), []float32{2, 4, -2, 6})}
	if err := model.Run(dst, src); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y)
	fmt.Println(model.Steps()[1])
	// Output:
	// [1 8 -1 27]
	// cube: eval Cube
}
