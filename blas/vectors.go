package simdblas

import (
	"sync"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
)

// long is the number of elements from which on the kernels' wider vectors make up for the way to them.
const long = 512

// isLong reports whether two vectors are there, without gaps and long.
func isLong[T asm.Float](n int, x []T, incX int, y []T, incY int) bool {
	return n >= long && incX == 1 && incY == 1 && len(x) >= n && len(y) >= n
}

// call is what a kernel call needs, for the kernels keep their arguments in memory.
type call struct {
	args asm.GemvArgs
	one  [8]byte // an element
}

var calls = sync.Pool{New: func() any { return new(call) }}

// The vectors are taken as a matrix of one row, some elements at a time: a call is not to last too long.
const most = asm.MaxWork / 64

// axpy adds alpha*x to y.
func axpy[T asm.Float](n int, alpha T, x, y []T) {
	c := calls.Get().(*call)
	g := &c.args
	*(*T)(unsafe.Pointer(&c.one)) = alpha
	row := asm.Products[T](asm.MustKernels()).Gemvt[0]
	g.Rows, g.X = 1, unsafe.Pointer(&c.one)
	for i := 0; i < n; i += most {
		g.Cols = min(most, n-i)
		g.W, g.Y = unsafe.Pointer(&x[i]), unsafe.Pointer(&y[i])
		row.Call(g)
	}
	g.W, g.X, g.Y = nil, nil, nil
	calls.Put(c)
}

// dot returns the sum of x[i]*y[i].
func dot[T asm.Float](n int, x, y []T) (sum T) {
	c := calls.Get().(*call)
	g := &c.args
	row := asm.Products[T](asm.MustKernels()).Gemvs[0]
	g.Rows, g.Y = 1, unsafe.Pointer(&c.one)
	for i := 0; i < n; i += most {
		g.Cols = min(most, n-i)
		g.W, g.X = unsafe.Pointer(&x[i]), unsafe.Pointer(&y[i])
		row.Call(g)
		sum += *(*T)(unsafe.Pointer(&c.one))
	}
	g.W, g.X, g.Y = nil, nil, nil
	calls.Put(c)
	return sum
}
