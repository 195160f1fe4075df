package gemm_test

import (
	"fmt"

	"github.com/simdnn/simdnn/gemm"
)

// C = A B, with matrices of 2x3 and 3x2 in row-major order.
func ExampleWorkspace_Sgemm() {
	a, b, c := []float32{1, 2, 3, 4, 5, 6}, []float32{1, 0, 0, 1, 1, 1}, make([]float32, 4)
	w := gemm.NewWorkspace(1)
	w.Sgemm(gemm.NoTrans, gemm.NoTrans, 2, 2, 3, 1, a, 3, b, 2, 0, c, 2)
	fmt.Println(c)
	// Output: [4 5 10 11]
}
