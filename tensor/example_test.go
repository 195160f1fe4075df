package tensor_test

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

func ExampleWindow_Out() {
	h, w, err := tensor.Square(3, 2, 1).Out(224, 224)
	fmt.Println(h, w, err)
	// Output: 112 112 <nil>
}

// TensorFlow's padding "SAME".
func ExampleWindow_Same() {
	fmt.Println(tensor.Square(3, 2, 0).Same(224, 224, false))
	// Output: r3s3 s2 p0,0,1,1
}
