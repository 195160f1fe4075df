package gemm

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/transpose"
)

// Packed is a k x n matrix of weights in the order in which the kernels read it: blocks of K, in each
// block panels of columns, in each panel row after row. The last panel is filled up with zeros. It is
// not changed by products and serves any number of them at a time.
type Packed = PackedOf[float32]

// Packed64 is a Packed of float64.
type Packed64 = PackedOf[float64]

// PackedOf is a Packed for a type of element.
type PackedOf[T asm.Float] struct {
	f    *family
	k, n int
	data []T
	rows []T // the transpose, when it has a few rows, k elements each: A meets them as it stands
}

// PackB packs op(B), a k x n matrix: b holds k rows of n elements, or with tB = Trans n rows of k, ldb
// apart. kernels nil means asm.Kernels(). b may be changed afterwards.
func PackB(kernels *asm.Set, tB Transpose, k, n int, b []float32, ldb int) (*Packed, error) {
	return packB(kernels, tB, k, n, b, ldb)
}

// PackB64 is PackB for float64.
func PackB64(kernels *asm.Set, tB Transpose, k, n int, b []float64, ldb int) (*Packed64, error) {
	return packB(kernels, tB, k, n, b, ldb)
}

func packB[T asm.Float](kernels *asm.Set, tB Transpose, k, n int, b []T, ldb int) (*PackedOf[T], error) {
	kernels, err := kernels.Or()
	if err != nil {
		return nil, fmt.Errorf("gemm: %w", err)
	}
	if err := checkPack(tB, k, n, b, ldb); err != nil {
		return nil, err
	}
	f := familyOf[T](kernels)
	if k > 0 && n > math.MaxInt/f.size/k-f.nr {
		return nil, fmt.Errorf("gemm: k is %d and n %d, whose product overflows the address space", k, n)
	}
	p := &PackedOf[T]{f: f, k: k, n: n, data: mem.Make[T](f.padded(n) * k)}
	kc := f.kBlock(k)
	mv := new(mover[T])
	for k0 := 0; k0 < k; k0 += kc {
		kb := min(kc, k-k0)
		mv.packB(f, p.block(k0, kb, 0), kb, 0, kb, tB, b, ldb, k0, 0, n)
	}
	if n <= fewColumns && f.dot[2] != nil {
		p.rows = mem.Make[T](n * k)
		for j := range n {
			for s := range k {
				if tB {
					p.rows[j*k+s] = b[j*ldb+s]
				} else {
					p.rows[j*k+s] = b[s*ldb+j]
				}
			}
		}
	}
	return p, nil
}

// K and N are the sizes of the matrix.
func (p *PackedOf[T]) K() int { return p.k }
func (p *PackedOf[T]) N() int { return p.n }

// Bytes is the memory that the packed matrix takes.
func (p *PackedOf[T]) Bytes() int {
	n := mem.Taken(p.bytes() * len(p.data))
	if p.rows != nil {
		n += mem.Taken(p.bytes() * len(p.rows))
	}
	return n
}

func (p *PackedOf[T]) bytes() int { return int(unsafe.Sizeof(T(0))) }

// block is the rest of the block that starts at step k0 and has kb steps, from the panel of column j on.
func (p *PackedOf[T]) block(k0, kb, j int) []T {
	return p.data[k0*p.f.padded(p.n)+j*kb:]
}

// mover holds the arguments of kernels that move data.
type mover[T asm.Float] struct {
	pack asm.PackArgs
	turn transpose.Worker
}

// packB packs part of a block of op(B): of the block's kb steps, which begin at step k0 of op(B), those from
// s0 to s1, and cols columns from column j on. dst is the block from the panel of column j on.
func (v *mover[T]) packB(f *family, dst []T, kb, s0, s1 int, tB Transpose, b []T, ldb, k0, j, cols int) {
	full := cols / f.nr
	if tB {
		for p := range full {
			transpose.Matrix(&v.turn, f.set, dst[p*kb*f.nr+s0*f.nr:], f.nr, b[(j+p*f.nr)*ldb+k0+s0:], ldb, f.nr, s1-s0)
		}
	} else if full > 0 {
		v.packPanels(f.panels[0].pack, dst, kb, s0, s1, b, ldb, k0, j, full, f.nr)
	}
	rest := cols - full*f.nr
	if rest == 0 {
		return
	}
	dst, j = dst[full*f.nr*kb:], j+full*f.nr
	last := f.panel(rest)
	width := last.nr
	if tB {
		if rest < width {
			clear(dst[s0*width : s1*width])
		}
		transpose.Matrix(&v.turn, f.set, dst[s0*width:], width, b[j*ldb+k0+s0:], ldb, rest, s1-s0)
		return
	}
	v.packPanels(last.pack, dst, kb, s0, s1, b, ldb, k0, j, 1, rest)
}

// packCols is the number of columns that are packed at a time. The same row of neighbouring panels often
// lies a multiple of 4096 bytes apart, in one set of the first cache: with 21 panels at a time packing
// took nearly three times as long.
const packCols = 128

func (v *mover[T]) packPanels(row *asm.PackRow, dst []T, kb, s0, s1 int, b []T, ldb, k0, j, panels, n int) {
	w, a := row.Width, &v.pack
	group := packCols / w
	const steps = asm.MaxWork / packCols // of one call
	size := int(unsafe.Sizeof(T(0)))
	a.LdSrc, a.Panel, a.N = size*ldb, size*kb*w, n
	for p := 0; p < panels; p += group {
		a.Panels = min(group, panels-p)
		for s := s0; s < s1; s += steps {
			a.K = min(steps, s1-s)
			a.Src = unsafe.Pointer(&b[(k0+s)*ldb+j+p*w])
			a.Dst = unsafe.Pointer(&dst[p*kb*w+s*w])
			row.Call(a)
		}
	}
	a.Src, a.Dst = nil, nil
}

// strideA is the leading dimension of copied rows of kb steps: an odd number of cache lines, so that
// the rows of a tile do not fall into the same set of the first cache.
func (f *family) strideA(kb int) int {
	line := 64 / f.size
	return (kb+line-1)&^(line-1) | line
}

// packA copies rows i to i+rows, steps k0 to k0+kb of op(A), to rows ld apart.
func (v *mover[T]) packA(f *family, dst []T, ld int, tA Transpose, a []T, lda, i, rows, k0, kb int) {
	if tA {
		transpose.Matrix(&v.turn, f.set, dst, ld, a[k0*lda+i:], lda, kb, rows)
		return
	}
	for r := range rows {
		copy(dst[r*ld:][:kb], a[(i+r)*lda+k0:])
	}
}
