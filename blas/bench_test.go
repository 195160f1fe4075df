package simdblas

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/mat"
)

// BenchmarkMat is what package mat gains: the same calls on gonum's functions and on these.
func BenchmarkMat(b *testing.B) {
	before := blas64.Implementation()
	defer blas64.Use(before)
	for _, n := range []int{64, 256, 512} {
		a, x, y := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
		for i := range n {
			for j := range n {
				a.Set(i, j, float64((i*7+j*3)%11)-5.5)
				y.Set(i, j, float64((i*5+j)%13)-6.5)
			}
			a.Set(i, i, float64(20*n))
		}
		for what, f := range map[string]func(){
			"mul":   func() { x.Mul(a, y) },
			"solve": func() { var z mat.Dense; _ = z.Solve(a, y) },
			"svd":   func() { var s mat.SVD; s.Factorize(a, mat.SVDThin) },
		} {
			if what == "svd" && n > 256 {
				continue
			}
			for name, impl := range map[string]blas.Float64{"gonum": gonum.Implementation{}, "simdnn": New()} {
				b.Run(fmt.Sprintf("%s/n%d/%s", what, n, name), func(b *testing.B) {
					blas64.Use(impl)
					for b.Loop() {
						f()
					}
				})
			}
		}
	}
}
