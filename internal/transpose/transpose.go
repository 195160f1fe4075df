// Package transpose turns matrices, on the transpose kernels.
package transpose

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
)

// Worker does one transposition at a time. It belongs into a workspace, one for each worker.
type Worker struct{ args asm.TransposeArgs }

// bands returns the most rows and columns of a kernel call. Rows of src or of dst that lie a page or more apart, as the planes of large images do, are
// read or written few at a time and a long way: the processor fetches ahead along each of them, and has few pages to look up. Otherwise
// a call takes a block of dst that stays in the second cache until every line of it is complete.
func bands(ldd, lds, size int) (rows, cols int) {
	page := 4096 / size
	switch {
	case lds >= page && lds >= ldd:
		return 16, 4096
	case ldd >= page:
		return 4096, 16
	}
	return 64, 128
}

// Do writes the transpose of src to dst: dst[c*ldd+r] = src[r*lds+c] for r < rows and c < cols, which is all
// it touches. dst and src must not overlap. NCHW to NHWC is, for each image, rows = C, cols = H*W,
// lds = H*W, ldd = C; the way back has them exchanged.
func (w *Worker) Do(s *asm.Set, dst []float32, ldd int, src []float32, lds, rows, cols int) {
	Matrix(w, s, dst, ldd, src, lds, rows, cols)
}

// Matrix is Do for any type that has kernels.
func Matrix[T asm.Float](w *Worker, s *asm.Set, dst []T, ldd int, src []T, lds, rows, cols int) {
	if rows <= 0 || cols <= 0 {
		return
	}
	_ = dst[(cols-1)*ldd+rows-1]
	_ = src[(rows-1)*lds+cols-1]
	if rows <= 2 {
		few(dst, ldd, src, lds, rows, cols)
		return
	}
	size := int(unsafe.Sizeof(T(0)))
	bandRows, bandCols := bands(ldd, lds, size)
	k, a := asm.Products[T](s).Transpose[0], &w.args
	a.LdDst, a.LdSrc = size*ldd, size*lds
	for r := 0; r < rows; r += bandRows {
		a.Rows = min(bandRows, rows-r)
		for c := 0; c < cols; c += bandCols {
			a.Cols = min(bandCols, cols-c)
			a.Dst = unsafe.Pointer(&dst[c*ldd+r])
			a.Src = unsafe.Pointer(&src[r*lds+c])
			k.Call(a)
		}
	}
	a.Dst, a.Src = nil, nil
}

// few transposes one row or two, which leave most of a kernel's squares idle.
func few[T asm.Float](dst []T, ldd int, src []T, lds, rows, cols int) {
	a, b := src[:cols], src[(rows-1)*lds:][:cols]
	switch {
	case rows == 1 && ldd == 1:
		copy(dst, a)
	case rows == 1:
		for i, v := range a {
			dst[i*ldd] = v
		}
	case ldd == 2:
		d := dst[:2*cols]
		for i := 0; i < len(a) && i < len(b) && len(d) >= 2; i++ {
			d[0], d[1] = a[i], b[i]
			d = d[2:]
		}
	default:
		for i, v := range a {
			d := dst[i*ldd:][:2]
			d[0], d[1] = v, b[i]
		}
	}
}
