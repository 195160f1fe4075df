package simdblas_test

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	simdblas "github.com/simdnn/simdnn/blas"
)

// One line, and package mat runs on the kernels.
func Example() {
	blas64.Use(simdblas.New())

	a := mat.NewDense(2, 2, []float64{4, 1, 1, 3})
	var square, x mat.Dense
	square.Mul(a, a)
	fmt.Println(mat.Formatted(&square))
	if err := x.Solve(a, mat.NewDense(2, 1, []float64{9, 5})); err != nil {
		panic(err)
	}
	fmt.Printf("%.3f\n", x.RawMatrix().Data)
	var svd mat.SVD
	svd.Factorize(mat.NewDense(2, 2, []float64{3, 0, 0, -2}), mat.SVDNone)
	fmt.Printf("%.3f\n", svd.Values(nil))
	// Output:
	// ⎡17   7⎤
	// ⎣ 7  10⎦
	// [2.000 1.000]
	// [3.000 2.000]
}
