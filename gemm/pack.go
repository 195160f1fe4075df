package gemm

import (
	"errors"
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
)

// Packed is a k x n matrix of weights in the order in which the kernels read it: blocks of K, in each
// block panels of columns, in each panel row after row. The last panel is filled with zeros. It is
// not changed by products and serves any number of them at a time.
type Packed struct {
	f    *family
	k, n int
	data []float32
}

// PackB packs op(B), a k x n matrix: b holds k rows of n elements, or with tB = Trans n rows of k, ldb
// apart. kernels nil means asm.Kernels(). b may be changed afterwards.
func PackB(kernels *asm.Set, tB Transpose, k, n int, b []float32, ldb int) (*Packed, error) {
	if kernels == nil {
		var err error
		if kernels, err = asm.Kernels(); err != nil {
			return nil, err
		}
	}
	rows, cols, least := k, n, "n"
	if tB {
		rows, cols, least = n, k, "k"
	}
	switch {
	case k < 0:
		return nil, fmt.Errorf("gemm: k is %d, must not be negative", k)
	case n < 0:
		return nil, fmt.Errorf("gemm: n is %d, must not be negative", n)
	case ldb < max(1, cols):
		return nil, fmt.Errorf("gemm: ldb is %d, must be at least 1 and %s = %d", ldb, least, cols)
	case !holds(len(b), rows, cols, ldb):
		return nil, fmt.Errorf("gemm: len(b) is %d, too short for %d rows of %d elements, %d apart", len(b), rows, cols, ldb)
	}
	f := familyOf(kernels)
	if k > 0 && n > math.MaxInt/4/k-f.nr {
		return nil, errors.New(badPackSize)
	}
	p := &Packed{f: f, k: k, n: n, data: mem.Floats(f.padded(n) * k)}
	kc := f.kBlock(k)
	for k0 := 0; k0 < k; k0 += kc {
		kb := min(kc, k-k0)
		for j := 0; j < n; j += f.nr {
			cols := min(f.nr, n-j)
			f.packPanel(p.block(k0, kb, j), f.width(cols), tB, b, ldb, k0, kb, j, cols)
		}
	}
	return p, nil
}

// K and N are the sizes of the matrix.
func (p *Packed) K() int { return p.k }
func (p *Packed) N() int { return p.n }

// block is the rest of the block that starts at step k0 and has kb steps, from the panel of column j on.
func (p *Packed) block(k0, kb, j int) []float32 {
	return p.data[k0*p.f.padded(p.n)+j*kb:]
}

// packPanel packs columns j to j+cols of steps k0 to k0+kb of op(B) as rows of width elements.
func (f *family) packPanel(dst []float32, width int, tB Transpose, b []float32, ldb, k0, kb, j, cols int) {
	if tB {
		transpose(dst, width, b[j*ldb+k0:], ldb, cols, kb)
		if cols < width {
			for k := range kb {
				clear(dst[k*width+cols : (k+1)*width])
			}
		}
		return
	}
	for k := range kb {
		d := dst[k*width : (k+1)*width]
		copy(d, b[(k0+k)*ldb+j:][:cols])
		clear(d[cols:])
	}
}

// strideA is the leading dimension of copied rows of kb steps: an odd number of cache lines, so that
// the rows of a tile do not fall into the same set of the first cache.
func (f *family) strideA(kb int) int { return (kb+15)&^15 + 16 }

// packA copies rows i to i+rows, steps k0 to k0+kb of op(A), to rows lda apart.
func packA(dst []float32, ld int, tA Transpose, a []float32, lda, i, rows, k0, kb int) {
	if tA {
		transpose(dst, ld, a[k0*lda+i:], lda, kb, rows)
		return
	}
	for r := range rows {
		copy(dst[r*ld:], a[(i+r)*lda+k0:][:kb])
	}
}

// transpose writes the transpose of rows x cols elements of src: dst[c][r] = src[r][c].
func transpose(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	for r := range rows {
		s := src[r*lds:][:cols]
		for c, v := range s {
			dst[c*ldd+r] = v
		}
	}
}
