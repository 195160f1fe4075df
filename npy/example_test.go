package npy_test

import (
	"bytes"
	"fmt"

	"github.com/simdnn/simdnn/npy"
	"github.com/simdnn/simdnn/tensor"
)

// An array goes to a file that numpy.load reads, and comes back from one that numpy.save has written.
func Example() {
	var file bytes.Buffer
	if err := npy.Write(&file, tensor.Of(tensor.D(2, 3), []float32{1, 2, 3, 4, 5, 6})); err != nil {
		panic(err)
	}
	a, err := npy.Read(&file)
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Type(), tensor.Data[float32](a))
	// Output: float32 2x3 [1 2 3 4 5 6]
}
