package simdblas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/blas/testblas"
	lapack "gonum.org/v1/gonum/lapack/gonum"
	"gonum.org/v1/gonum/lapack/testlapack"

	"github.com/simdnn/simdnn/asm"
)

// TestGonum runs gonum's own tests of what is replaced.
func TestGonum(t *testing.T) {
	impl := New()
	for name, test := range map[string]func(t *testing.T){
		"gemm": func(t *testing.T) { testblas.TestDgemm(t, impl) },
		"gemv": func(t *testing.T) { testblas.DgemvTest(t, impl) },
		"axpy": func(t *testing.T) { testblas.DaxpyTest(t, impl) },
		"trsm": func(t *testing.T) { testblas.DtrsmTest(t, impl) },
		"trmm": func(t *testing.T) { testblas.DtrmmTest(t, impl) },
		"syrk": func(t *testing.T) { testblas.DsyrkTest(t, impl) },
	} {
		t.Run(name, test)
	}
}

// TestLapack runs gonum's tests of factorizations, which call what is replaced.
func TestLapack(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	before := blas64.Implementation()
	blas64.Use(New())
	defer blas64.Use(before)
	impl := lapack.Implementation{}
	for name, test := range map[string]func(t *testing.T){
		"getrf": func(t *testing.T) { testlapack.DgetrfTest(t, impl) },
		"getri": func(t *testing.T) { testlapack.DgetriTest(t, impl) },
		"getrs": func(t *testing.T) { testlapack.DgetrsTest(t, impl) },
		"gesv":  func(t *testing.T) { testlapack.DgesvTest(t, impl) },
		"potrf": func(t *testing.T) { testlapack.DpotrfTest(t, impl) },
		"potri": func(t *testing.T) { testlapack.DpotriTest(t, impl) },
		"geqrf": func(t *testing.T) { testlapack.DgeqrfTest(t, impl) },
		"gelqf": func(t *testing.T) { testlapack.DgelqfTest(t, impl) },
		"ormqr": func(t *testing.T) { testlapack.DormqrTest(t, impl) },
		"gels":  func(t *testing.T) { testlapack.DgelsTest(t, impl) },
		"gebrd": func(t *testing.T) { testlapack.DgebrdTest(t, impl) },
		"syev":  func(t *testing.T) { testlapack.DsyevTest(t, impl) },
		"trtri": func(t *testing.T) { testlapack.DtrtriTest(t, impl) },
	} {
		t.Run(name, test)
	}
}

// implementation is the functions of a type, here and in gonum, under one name each.
type implementation[T asm.Float] struct {
	gemm       func(tA, tB blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int)
	gemv       func(tA blas.Transpose, m, n int, alpha T, a []T, lda int, x []T, incX int, beta T, y []T, incY int)
	axpy       func(n int, alpha T, x []T, incX int, y []T, incY int)
	dot        func(n int, x []T, incX int, y []T, incY int) T
	trsm, trmm triangle[T]
	syrk       func(ul blas.Uplo, tA blas.Transpose, n, k int, alpha T, a []T, lda int, beta T, c []T, ldc int)
}

func TestFloat32(t *testing.T) {
	o, g := New(), gonum.Implementation{}
	testAgainst(t, 0x1p-24, implementation[float32]{o.Sgemm, o.Sgemv, o.Saxpy, o.Sdot, o.Strsm, o.Strmm, o.Ssyrk},
		implementation[float32]{g.Sgemm, g.Sgemv, g.Saxpy, g.Sdot, g.Strsm, g.Strmm, g.Ssyrk})
}

func TestFloat64(t *testing.T) {
	o, g := New(), gonum.Implementation{}
	testAgainst(t, 0x1p-53, implementation[float64]{o.Dgemm, o.Dgemv, o.Daxpy, o.Ddot, o.Dtrsm, o.Dtrmm, o.Dsyrk},
		implementation[float64]{g.Dgemm, g.Dgemv, g.Daxpy, g.Ddot, g.Dtrsm, g.Dtrmm, g.Dsyrk})
}

// testAgainst compares with gonum: all sizes around a leaf, both sides, triangles and transposes. What lies between the rows, and the other
// triangle, is NaN and stays it.
func testAgainst[T asm.Float](t *testing.T, eps float64, ours, theirs implementation[T]) {
	rng := rand.New(rand.NewPCG(1, 2))
	nan := T(math.NaN())
	matrix := func(rows, cols, ld int) []T {
		x := make([]T, max(0, (rows-1)*ld+cols))
		for i := range x {
			x[i] = nan
			if i%ld < cols {
				x[i] = T(2*rng.Float64() - 1)
			}
		}
		return x
	}
	triangle := func(ul blas.Uplo, n, ld int) []T { // well conditioned
		x := matrix(n, n, ld)
		for i := range n {
			for j := range n {
				switch {
				case i == j:
					x[i*ld+j] = 2
				case (j > i) != (ul == blas.Upper):
					x[i*ld+j] = nan
				default:
					x[i*ld+j] /= T(n)
				}
			}
		}
		return x
	}
	// compare calls both on copies of y.
	compare := func(what string, scale float64, y []T, call func(impl implementation[T], y []T)) {
		t.Helper()
		got, want := append([]T(nil), y...), append([]T(nil), y...)
		call(ours, got)
		call(theirs, want)
		for i, w := range want {
			if w != w {
				require.True(t, got[i] != got[i], "%s: [%d] is %v, want NaN", what, i, got[i])
				continue
			}
			require.InDelta(t, float64(w), float64(got[i]), scale*eps, "%s: [%d]", what, i)
		}
	}
	transposes := []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans}
	stored := func(tr blas.Transpose, rows, cols int) (x []T, ld int) { // of op(X)
		if tr != blas.NoTrans {
			rows, cols = cols, rows
		}
		ld = cols + rng.IntN(3)
		return matrix(rows, cols, ld), ld
	}
	for _, n := range []int{1, 7, 32, 33, 65, 130} {
		for _, m := range []int{1, 5, 40} {
			for v := range 9 {
				tA, beta := transposes[v%3], []T{0, 1, -0.5}[v/3]
				tB, k := transposes[rng.IntN(3)], 1+rng.IntN(50)
				a, lda := stored(tA, m, k)
				b, ldb := stored(tB, k, n)
				compare(fmt.Sprintf("gemm %c%c m%dn%dk%d beta%v", tA, tB, m, n, k, beta), float64(8*k), matrix(m, n, n+1), func(impl implementation[T], c []T) {
					impl.gemm(tA, tB, m, n, k, 0.5, a, lda, b, ldb, beta, c, n+1)
				})
				a, lda = stored(tA, m, n) // as it is given to gemv it is rows x cols
				rows, cols := m, n
				if tA != blas.NoTrans {
					rows, cols = n, m
				}
				x := matrix(n, 1, 2)
				compare(fmt.Sprintf("gemv %c m%dn%d beta%v", tA, rows, cols, beta), float64(8*n), matrix(m, 1, 3), func(impl implementation[T], y []T) {
					impl.gemv(tA, rows, cols, -2, a, lda, x, 2, beta, y, 3)
				})
				ul := []blas.Uplo{blas.Upper, blas.Lower}[rng.IntN(2)]
				a, lda = stored(tA, n, m)
				compare(fmt.Sprintf("syrk %c%c n%dk%d beta%v", ul, tA, n, m, beta), float64(8*m+8), triangle(ul, n, n+1), func(impl implementation[T], c []T) {
					impl.syrk(ul, tA, n, m, 1.5, a, lda, beta, c, n+1)
				})
			}
			x := matrix(m*n, 1, 1)
			compare(fmt.Sprintf("axpy n%d", m*n), 8, matrix(m*n, 1, 1), func(impl implementation[T], y []T) { impl.axpy(m*n, 1.5, x, 1, y, 1) })
			for v := range 24 {
				s, ul, d := []blas.Side{blas.Left, blas.Right}[v&1], []blas.Uplo{blas.Upper, blas.Lower}[v>>1&1], []blas.Diag{blas.NonUnit, blas.Unit}[v>>2&1]
				tA, a := transposes[v>>3], triangle(ul, n, n+1)
				rows, cols := n, m
				if s == blas.Right {
					rows, cols = m, n
				}
				what := fmt.Sprintf("%c%c%c%c m%dn%d", s, ul, tA, d, rows, cols)
				b := matrix(rows, cols, cols+2)
				compare("trsm "+what, float64(8*n), b, func(impl implementation[T], b []T) { impl.trsm(s, ul, tA, d, rows, cols, 1.5, a, n+1, b, cols+2) })
				compare("trmm "+what, float64(8*n), b, func(impl implementation[T], b []T) { impl.trmm(s, ul, tA, d, rows, cols, -0.5, a, n+1, b, cols+2) })
			}
		}
	}
	for _, n := range []int{0, 1, long - 1, long, long + 1, long + 77, 3*most + 5} {
		x, y := matrix(n, 1, 1), matrix(n, 1, 1)
		compare(fmt.Sprintf("dot n%d", n), float64(n), make([]T, 2), func(impl implementation[T], z []T) {
			z[0] = impl.dot(n, x, 1, y, 1)
			if n > 0 {
				z[1] = impl.dot((n+1)/2, x, 2, y, 2)
			}
		})
		if n > 0 {
			x[n-1] = nan
			compare(fmt.Sprintf("dot n%d of NaN", n), 0, make([]T, 1), func(impl implementation[T], z []T) { z[0] = impl.dot(n, x, 1, y, 1) })
		}
	}
	// More elements than a call of the kernel takes.
	x := matrix(3*most+5, 1, 1)
	compare("long axpy", 8, matrix(len(x), 1, 1), func(impl implementation[T], y []T) { impl.axpy(len(x), -2, x, 1, y, 1) })
}

// TestPanics: wrong arguments give gonum's panics.
func TestPanics(t *testing.T) {
	x := make([]float64, 100)
	for what, call := range map[string]func(impl blas.Float64){
		"transpose":  func(impl blas.Float64) { impl.Dgemm('X', blas.NoTrans, 1, 1, 1, 1, x, 1, x, 1, 0, x, 1) },
		"m":          func(impl blas.Float64) { impl.Dgemm(blas.NoTrans, blas.NoTrans, -1, 1, 1, 1, x, 1, x, 1, 0, x, 1) },
		"lda":        func(impl blas.Float64) { impl.Dgemm(blas.NoTrans, blas.NoTrans, 2, 2, 2, 1, x, 1, x, 2, 0, x, 2) },
		"short a":    func(impl blas.Float64) { impl.Dgemm(blas.NoTrans, blas.NoTrans, 2, 2, 2, 1, x[:3], 2, x, 2, 0, x, 2) },
		"short b":    func(impl blas.Float64) { impl.Dgemm(blas.NoTrans, blas.Trans, 2, 2, 2, 1, x, 2, x[:3], 2, 0, x, 2) },
		"short c":    func(impl blas.Float64) { impl.Dgemm(blas.NoTrans, blas.NoTrans, 2, 2, 2, 1, x, 2, x, 2, 0, x[:3], 2) },
		"gemv incX":  func(impl blas.Float64) { impl.Dgemv(blas.NoTrans, 50, 50, 1, make([]float64, 2500), 50, x, 0, 0, x, 1) },
		"gemv short": func(impl blas.Float64) { impl.Dgemv(blas.NoTrans, 50, 50, 1, x, 50, x, 1, 0, x, 1) },
		"axpy short": func(impl blas.Float64) { impl.Daxpy(600, 1, make([]float64, 600), 1, x, 1) },
		"dot short":  func(impl blas.Float64) { impl.Ddot(600, make([]float64, 600), 1, x, 1) },
		"trsm side":  func(impl blas.Float64) { impl.Dtrsm('X', blas.Upper, blas.NoTrans, blas.Unit, 40, 40, 1, x, 40, x, 40) },
		"trsm short a": func(impl blas.Float64) {
			impl.Dtrsm(blas.Left, blas.Upper, blas.NoTrans, blas.Unit, 40, 2, 1, x, 40, x, 2)
		},
		"trmm diag":    func(impl blas.Float64) { impl.Dtrmm(blas.Left, blas.Upper, blas.NoTrans, 'X', 40, 2, 1, x, 40, x, 2) },
		"syrk uplo":    func(impl blas.Float64) { impl.Dsyrk('X', blas.NoTrans, 40, 2, 1, x, 2, 1, x, 40) },
		"syrk short c": func(impl blas.Float64) { impl.Dsyrk(blas.Upper, blas.NoTrans, 40, 2, 1, x, 2, 1, x, 40) },
	} {
		of := func(impl blas.Float64) (p any) {
			defer func() { p = recover() }()
			call(impl)
			return nil
		}
		want := of(gonum.Implementation{})
		require.NotNil(t, want, what)
		require.Equal(t, want, of(New()), what)
	}
}
