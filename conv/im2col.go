package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// im2col gathers, for a strip of output pixels, all inputs of each pixel into a row of a matrix and
// multiplies that with the weights: one long sum in place of many short ones, which pays where a
// kernel position has few channels and the positions are not contiguous (K. Chellapilla, S. Puri,
// P. Simard: High Performance Convolutional Neural Networks for Document Processing, 2006). It
// computes every convolution.
type im2col struct {
	pl      *Plan
	fam     *families
	blocks  []block
	weights []float32
	k, ld   int // length of a row of the matrix, and floats from one to the next
	chunk   int // steps of k in one call
	mr      int
	tap     asm.Tap
	tasking // an item is a pixel
}

// gatherBudget bounds the bytes of the matrix that a task gathers at a time.
const gatherBudget = 192 << 10

func newIm2col(pl *Plan, weights []float32) runner {
	w := pl.p.Window
	icg := pl.p.In.C / pl.p.Groups
	m := &im2col{pl: pl, fam: newFamilies(pl.p.Kernels), k: icg * w.KernelH * w.KernelW}
	var floats int
	m.blocks, floats = m.fam.blocks(pl.p.Groups, pl.p.OutC/pl.p.Groups, m.k)
	m.weights = packWeights(m.fam, m.blocks, floats, weights, icg, w.KernelH, w.KernelW, icg)
	m.mr = m.fam.mr()
	m.ld = align(m.k)
	if 4*m.ld%4096 == 0 {
		m.ld += 16
	}
	m.chunk = min(m.k, asm.MaxWork/(m.mr*m.fam.nr[0]))
	m.tasking = newTasking(pl.out.N*pl.out.H*pl.out.W, len(m.blocks), 4*(pl.p.In.Elems()+pl.out.Elems()), 4*floats, 2*pl.MACs())
	return m
}

// rows is the number of pixels that are gathered at a time.
func (m *im2col) rows() int {
	n := gatherBudget / (4 * m.ld) / m.mr * m.mr
	return min(max(n, m.mr), max(m.strip, 1))
}

func (m *im2col) scratch() int { return m.rows() * m.ld }

func (m *im2col) String() string {
	return fmt.Sprintf("%s, %d pixels of %d at a time, %v", m.fam.kern[0][m.mr].Name, m.rows(), m.k, m.tasking)
}

func (m *im2col) do(w *worker, task int, dst, src, residual []float32) {
	item0, item1, block0, block1 := m.bounds(task)
	for p := item0; p < item1; p += m.rows() {
		n := min(m.rows(), item1-p)
		for bi := block0; bi < block1; {
			g := m.blocks[bi].group
			m.gather(w.scratch, src, p, n, g)
			for ; bi < block1 && m.blocks[bi].group == g; bi++ {
				m.multiply(&w.brg, &m.blocks[bi], w.scratch, p, n, dst, residual)
			}
		}
	}
	last := &m.blocks[block1-1]
	m.pl.activate(w, dst, item0, item1, m.blocks[block0].oc, last.oc+last.n)
}

// gather writes the inputs of n output pixels from p on, those of group g.
func (m *im2col) gather(rows, src []float32, p, n, g int) {
	in, out, win := m.pl.p.In, m.pl.out, m.pl.p.Window
	icg, stride := in.C/m.pl.p.Groups, m.pl.ldin()
	for r := range n {
		row := rows[r*m.ld : r*m.ld+m.k]
		image := (p + r) / (out.H * out.W)
		oy, ox := (p+r)/out.W%out.H, (p+r)%out.W
		iy, ix := oy*win.StrideH-win.PadTop, ox*win.StrideW-win.PadLeft
		kh0, kh1 := tensor.Valid(iy, win.KernelH, win.DilationH, in.H)
		kw0, kw1 := tensor.Valid(ix, win.KernelW, win.DilationW, in.W)
		for kh := range win.KernelH {
			line := row[kh*win.KernelW*icg : (kh+1)*win.KernelW*icg]
			if kh < kh0 || kh >= kh1 {
				clear(line)
				continue
			}
			clear(line[:kw0*icg])
			clear(line[kw1*icg:])
			from := ((image*in.H+iy+kh*win.DilationH)*in.W+ix)*stride + g*icg
			for kw := kw0; kw < kw1; kw++ {
				x := from + kw*win.DilationW*stride
				copy(line[kw*icg:(kw+1)*icg], src[x:x+icg])
			}
		}
	}
}

// multiply sums one block of channels of n pixels from p on.
func (m *im2col) multiply(a *asm.BrgArgs, b *block, rows []float32, p, n int, dst, residual []float32) {
	nr := m.fam.nr[b.family]
	ldc, ldres := m.pl.p.outStride(), m.pl.p.residualStride()
	a.Taps = &m.tap
	a.NTap = 1
	a.N = b.n
	a.LdA, a.LdB, a.LdC, a.LdRes = 4*m.ld, 4*nr, 4*ldc, 4*ldres
	a.AOff = 0
	a.Beta = 1
	a.Lo, a.Hi = m.pl.lo, m.pl.hi
	if m.pl.bias != nil {
		a.Bias = unsafe.Pointer(&m.pl.bias[b.oc])
	}
	tiles := (n + m.mr - 1) / m.mr
	for k := 0; k < m.k; k += m.chunk {
		a.K = min(m.chunk, m.k-k)
		a.B = unsafe.Pointer(&m.weights[b.base+k*nr])
		a.Flags = m.pl.start()
		if k > 0 {
			a.Flags = asm.BrgAccumulate
		}
		if k+a.K == m.k {
			a.Flags |= m.pl.finish()
		}
		for t, r := 0, 0; t < tiles; t++ {
			count := n / tiles
			if t < n%tiles {
				count++
			}
			a.A = unsafe.Pointer(&rows[r*m.ld+k])
			a.C = unsafe.Pointer(&dst[(p+r)*ldc+b.oc])
			if a.Flags&asm.BrgResidual != 0 {
				a.Res = unsafe.Pointer(&residual[(p+r)*ldres+b.oc])
			}
			a.Tiles = 1
			m.fam.kern[b.family][count].Call(a)
			r += count
		}
	}
}
