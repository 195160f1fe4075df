package conv_test

import (
	"fmt"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/tensor"
)

// A plan is made once for sizes and weights, and run many times.
func Example() {
	plan, err := conv.New(conv.Params{
		In: tensor.Shape{N: 1, C: 1, H: 2, W: 4}, OutC: 1, Window: tensor.Window{KernelH: 1, KernelW: 2}, Activation: conv.ReLU,
	}, []float32{-1, 1}, nil) // where the numbers rise
	if err != nil {
		fmt.Println(err)
		return
	}
	y := make([]float32, plan.Out().Elems())
	plan.Run(conv.NewWorkspace(1, plan), y, []float32{1, 4, 9, 9, 5, 4, 3, 8}, nil)
	fmt.Println(y)
	// Output: [3 5 0 0 0 5]
}
