package pool_test

import (
	"fmt"

	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

// The largest of every four pixels.
func Example() {
	plan, err := pool.New(pool.Params{Kind: pool.Max, In: tensor.Shape{N: 1, C: 1, H: 2, W: 4}, Window: tensor.Square(2, 2, 0)})
	if err != nil {
		fmt.Println(err)
		return
	}
	y := make([]float32, plan.Out().Elems())
	plan.Run(pool.NewWorkspace(1, plan), y, []float32{1, 4, 9, 9, 5, 4, 3, 8})
	fmt.Println(y)
	// Output: [5 9]
}
