package layers_test

import (
	"fmt"
	"os"

	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// A network with two small layers: find the columns where brightness rises to the right.
func Example() {
	net := layers.Sequential{
		layers.Conv2D{Name: "edge", OutC: 1, Window: tensor.Window{KernelH: 1, KernelW: 2}, Weights: []float32{-1, 1}},
		layers.ReLU{},
		layers.MaxPool2D{Window: tensor.Window{KernelH: 3, KernelW: 1}},
		layers.Flatten{},
	}
	model, err := layers.Compile(net, tensor.Shape{N: 1, C: 1, H: 3, W: 5}, layers.Options{Exact: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	session := model.NewSession(1) // one for every goroutine that runs the model
	image := []float32{
		0, 0, 9, 9, 0,
		0, 0, 9, 9, 0,
		0, 0, 9, 9, 5,
	}
	edges := make([]float32, 4)
	session.Forward(edges, image)
	fmt.Println(edges)
	// Output: [0 9 0 0]
}

// A mistake is reported with the name of the layer.
func ExampleCompile() {
	_, err := layers.Compile(layers.Sequential{
		layers.Conv2D{Name: "stem", OutC: 8, Window: tensor.Square(3, 2, 1), Weights: make([]float32, 8*3*3*3)},
		layers.Linear{Name: "classes", Out: 10},
	}, tensor.Shape{N: 1, C: 3, H: 32, W: 32}, layers.Options{Exact: true})
	fmt.Println(err)
	// Output: layers: linear "classes": the input is n1c8h16w16, want h1w1: put a Flatten before
}

func ExampleModel_Summary() {
	model, err := layers.Compile(layers.Sequential{
		layers.Conv2D{Name: "conv", OutC: 16, Window: tensor.Square(3, 1, 1), Weights: make([]float32, 16*3*3*3), Bias: make([]float32, 16)},
		layers.ReLU{},
		layers.GlobalAvgPool2D{Name: "mean"},
		layers.Linear{Name: "classes", Out: 10, Weights: make([]float32, 160), Bias: make([]float32, 10)},
	}, tensor.Shape{N: 1, C: 3, H: 32, W: 32}, layers.Options{Exact: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := model.Summary(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// layer    kind               output  parameters  multiply-adds
	// input    input             3x32x32
	// conv     conv2d           16x32x32         448        442,368
	// relu1    relu             16x32x32
	// mean     globalavgpool2d        16
	// classes  linear                 10         170            160
	// total                                      618        442,528
	// parameters   2.41 KiB
	// feature maps 64.1 KiB in 64.1 KiB of memory (batch 1)
	// a fully connected network with the same feature maps: 50,348,202 parameters (192 MiB), 81,469 times as many
}

// Branches: a residual block whose two ways are added, and an inception block whose ways are joined.
// Batch normalisation costs nothing, and the addition and the activations are done by the convolutions.
func ExampleResidual() {
	identity := []float32{1, 0, 0, 1} // of two channels
	double := layers.Conv2D{OutC: 2, Window: tensor.Square(1, 1, 0), Weights: []float32{2, 0, 0, 2}}
	norm := layers.BatchNorm{Mean: []float32{1, 1}, Var: []float32{0, 0}, Eps: 1}
	net := layers.Sequential{
		layers.Residual{Body: layers.Sequential{double, norm, layers.ReLU{}, layers.Conv2D{OutC: 2, Window: tensor.Square(1, 1, 0), Weights: identity}}},
		layers.ReLU{},
		layers.Parallel{Branches: []layers.Layer{layers.Identity{}, double}},
	}
	model, err := layers.Compile(net, tensor.Shape{N: 1, C: 2, H: 1, W: 1}, layers.Options{Exact: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	y := make([]float32, 4)
	model.NewSession(1).Forward(y, []float32{3, -4}) // 3 + relu(2*3-1), -4 + relu(2*-4-1)
	fmt.Println(y)
	// Output: [8 0 16 0]
}

// A Graph expresses any network without cycles, with any number of inputs and outputs.
func ExampleGraph() {
	g := layers.NewGraph()
	x := g.Input("x", tensor.Shape{N: 1, C: 3, H: 1, W: 1})
	y := g.Input("y", tensor.Shape{N: 1, C: 3, H: 1, W: 1})
	sum := g.Apply(layers.Add{}, x, y)
	g.Output(sum)
	g.Output(g.Apply(layers.Mul{}, sum, x))
	model, err := g.Compile(layers.Options{Exact: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	a, b := make([]float32, 3), make([]float32, 3)
	model.NewSession(1).ForwardAll([][]float32{a, b}, [][]float32{{1, 2, 3}, {10, 20, 30}})
	fmt.Println(a, b)
	// Output: [11 22 33] [11 44 99]
}
