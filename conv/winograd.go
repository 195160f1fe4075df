package conv

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/tensor"
)

// winograd computes a 3x3 convolution with stride 1 by one of Winograd's minimal algorithms (asm.Wino): patches of
// the input are transformed, multiplied by transformed weights, and the products are transformed into tiles of the
// output. The multiplication is one product of matrices for each element of a patch: tiles by input channels times input
// channels by output channels. There are 36 of them in F(4x4,3x3), which multiplies 2.25 times for an
// output and input channel where the sum has 9 products, and 16 in F(2x2,3x3), which multiplies 4 times.
//
// A task is a strip of tiles, which may come from several rows and images, and a range of output channels. One worker
// transforms the patches, multiplies and transforms back, in scratch that it keeps in its caches, and transforms the
// patches once for all ranges of the strip that it computes one after the other.
type winograd struct {
	pl      *Plan
	wino    asm.Wino
	fam     *families
	in      *asm.WinoInRow
	out     *asm.WinoOutRow
	icg     int
	blocks  []block
	ranges  []blockRange
	weights []float32 // [element of a patch][block][icg][NR]
	size    int       // floats of an element
	bias    []float32 // of each block, from a multiple of asm's lanes on
	zeros   []float32 // a line of a patch in the padding
	th, tw  int       // tiles along a column and a row of an image
	tiles   int       // of the batch
	strip   int       // tiles in a task
	strips  int
	k       int  // input channels in one call
	ldV     int  // floats between the rows of transformed patches
	ldM     int  // and of products
	fetch   bool // the weights come from beyond L2
	tap     asm.Tap
}

// blockRange is a range of blocks of one group.
type blockRange struct{ lo, hi int }

// winogradLine is how many floats the rows of scratch, and the bias of a block, are a multiple of.
const winogradLine = 16

func winogradApplies(p *Params) bool {
	w := p.Window
	_, ok := tensor.MulOK(4*36, p.In.C/p.Groups, (p.OutC+31*p.Groups)&^31)
	return ok && w.KernelH == 3 && w.KernelW == 3 && w.StrideH == 1 && w.StrideW == 1 && w.DilationH == 1 && w.DilationW == 1
}

// winogradLimit is below the largest number by more than transformed weights are larger than weights. One that is
// infinite or NaN would make a whole tile so.
func winogradLimit(*Params) float32 { return math.MaxFloat32 / 4 }

// winogradPays and winograd2Pays say where the two algorithms were measured to be faster than a direct sum by a fifth
// and more, and faster than each other.
//
// The transformed weights of F(4x4,3x3) are four times as many as the weights, those of F(2x2,3x3) 16/9 times. In a
// network they come from memory, and what is done with them must take longer than to bring them: with 4 tiles (maps of
// 7x7) the former are not even there by the time a direct sum is done. From 16 tiles on (13x13)
// they are, and the fewest multiplications win. Few channels make transforms that cost more than they save.
func winogradPays(p *Params) bool {
	icg, ocg := p.In.C/p.Groups, p.OutC/p.Groups
	return p.Accuracy == Relaxed && icg >= 8 && ocg >= 8 && icg*ocg >= 256 && winogradTiles(p, asm.Wino4) >= 16 && winogradWithin(p, asm.Wino4)
}

func winograd2Pays(p *Params) bool {
	return p.Accuracy == Relaxed && min(p.In.C, p.OutC)/p.Groups >= 64 && winogradTiles(p, asm.Wino2) >= 16 && winogradWithin(p, asm.Wino2)
}

// winogradWithin reports whether the transformed weights are within the limit.
func winogradWithin(p *Params, wino asm.Wino) bool {
	if p.WeightLimit == 0 {
		return true
	}
	_, floats := newFamilies(p.Kernels).blocks(p.Groups, p.OutC/p.Groups, p.In.C/p.Groups)
	return tensor.Mul(4*wino.In()*wino.In(), floats) <= p.WeightLimit
}

// winogradTiles is the number of tiles of the output.
func winogradTiles(p *Params, wino asm.Wino) int {
	m := wino.Out()
	oh, ow, _ := p.Window.Out(p.In.H, p.In.W)
	return p.In.N * ((oh + m - 1) / m) * ((ow + m - 1) / m)
}

func newWinograd(pl *Plan, w weights) runner  { return buildWinograd(pl, asm.Wino4, w) }
func newWinograd2(pl *Plan, w weights) runner { return buildWinograd(pl, asm.Wino2, w) }

func buildWinograd(pl *Plan, wino asm.Wino, from weights) *winograd {
	w := &winograd{
		pl: pl, wino: wino, fam: newFamilies(pl.p.Kernels), icg: pl.p.In.C / pl.p.Groups,
		in: pl.p.Kernels.WinoIn[wino], out: pl.p.Kernels.WinoOut[wino],
	}
	m := wino.Out()
	w.th, w.tw = (pl.out.H+m-1)/m, (pl.out.W+m-1)/m
	w.tiles = pl.out.N * w.th * w.tw
	w.blocks, w.size = w.fam.blocks(pl.p.Groups, pl.p.OutC/pl.p.Groups, w.icg)
	w.cut()
	w.weights = pl.pack(from, format{name: wino.String()}, w.transformWeights)
	w.bias = mem.Floats(len(w.blocks) * w.biasStride())
	for i, b := range w.blocks {
		if pl.bias != nil {
			copy(w.bias[i*w.biasStride():], pl.bias[b.oc:b.oc+b.n])
		}
	}
	w.zeros = mem.Floats((wino.In()-1)*pl.ldin() + w.icg)
	w.k = min(w.icg, asm.MaxWork/(w.fam.mr()*w.fam.nr[0]))
	w.fetch = 4*len(w.weights) > cacheLimits().task
	return w
}

// biasStride is the number of floats from the bias of one block to that of the next.
func (w *winograd) biasStride() int { return align(w.fam.nr[0]) }

// cut chooses the strips of tiles and the ranges of blocks.
func (w *winograd) cut() {
	elems := w.wino.In() * w.wino.In()
	w.ldV = align(w.icg)
	// Few weights stay in L2 while strip after strip goes by. More of them are read again for every strip, which
	// may then grow beyond L2 as well: its patches are read once for every range.
	weights := 4 * elems * w.icg * len(w.blocks) * w.fam.nr[0]
	l := cacheLimits()
	budget := min(max(weights/2, l.patches), winogradMost)
	w.strip = w.tiles
	if most := max(w.fam.mr(), budget/(4*elems*w.ldV)/w.fam.mr()*w.fam.mr()); w.tiles > most {
		n := (w.tiles + most - 1) / most
		w.strip = (w.tiles + n - 1) / n
	}
	w.strips = (w.tiles + w.strip - 1) / w.strip
	span := max(1, l.products/(4*elems*w.strip*align(w.fam.nr[0])))
	if want := min(winogradTasks, w.pl.flops()/minTaskWork); w.strips*((len(w.blocks)+span-1)/span) < want {
		span = max(1, len(w.blocks)*w.strips/want)
	}
	for b := 0; b < len(w.blocks); {
		r := blockRange{lo: b}
		for b < len(w.blocks) && b-r.lo < span && w.blocks[b].group == w.blocks[r.lo].group {
			b++
		}
		r.hi = b
		w.ranges = append(w.ranges, r)
		w.ldM = max(w.ldM, (r.hi-r.lo)*align(w.fam.nr[0]))
	}
	if 4*w.ldV%2048 == 0 {
		w.ldV += winogradLine // rows a multiple of 4096 bytes apart would fall into one set of L1
	}
}

const (
	winogradMost  = 4 << 20 // bytes of transformed patches that a task keeps, with many weights
	winogradTasks = 8       // enough for some workers: each transforms a strip's patches for itself
)

func (w *winograd) stepV() int { return spaced(w.strip * w.ldV) }
func (w *winograd) stepM() int { return spaced(w.strip * w.ldM) }

func (w *winograd) scratch() int {
	elems := w.wino.In() * w.wino.In()
	return elems * (w.stepV() + w.stepM())
}

func (w *winograd) tasks() int { return w.strips * len(w.ranges) }

func (w *winograd) String() string {
	return fmt.Sprintf("%v, %s, %d strips of %d tiles, %d ranges of %d blocks", w.wino, w.fam.kern[0][w.fam.mr()].Name,
		w.strips, w.strip, len(w.ranges), w.ranges[0].hi-w.ranges[0].lo)
}

// winogradG are the matrices that transform the weights (asm.Wino).
var winogradG = [asm.NumWino][][3]float64{
	{{-1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}},
	{
		{1, 0, 0}, {1. / 3, 1. / 3, 1. / 3}, {-1. / 3, 1. / 3, -1. / 3},
		{-16. / 15, -8. / 15, -4. / 15}, {1. / 15, -2. / 15, 4. / 15}, {0, 0, 1},
	},
}

// transformWeights returns G·w·GT, computed in float64 and rounded once.
func (w *winograd) transformWeights(weights []float32) []float32 {
	elems := w.wino.In() * w.wino.In()
	packed := mem.Floats(elems * w.size)
	g := winogradG[w.wino]
	var rows [6][3]float64 // G·w
	for _, b := range w.blocks {
		nr := w.fam.nr[b.family]
		for ic := range w.icg {
			for j := range b.n {
				k := weights[((b.oc+j)*w.icg+ic)*9:][:9]
				for i, f := range g {
					for c := range 3 {
						rows[i][c] = f[0]*float64(k[c]) + f[1]*float64(k[3+c]) + f[2]*float64(k[6+c])
					}
				}
				at := b.base + ic*nr + j
				for i := range g {
					row := &rows[i]
					for _, f := range g {
						packed[at] = float32(row[0]*f[0] + row[1]*f[1] + row[2]*f[2])
						at += w.size
					}
				}
			}
		}
	}
	return packed
}

func (w *winograd) do(wk *worker, task int, dst, src, residual []float32) {
	s, r := task/len(w.ranges), w.ranges[task%len(w.ranges)]
	t0, t1 := s*w.strip, min((s+1)*w.strip, w.tiles)
	group := w.blocks[r.lo].group
	elems := w.wino.In() * w.wino.In()
	v := wk.scratch[:elems*w.stepV()]
	m := wk.scratch[len(v):]
	if patches := s*w.pl.p.Groups + group + 1; wk.kept != patches {
		wk.kept = patches
		w.transformPatches(&wk.winoIn, v, src, t0, t1, group)
	}
	for e := range elems {
		for i := r.lo; i < r.hi; i++ {
			b := &w.blocks[i]
			next := e*w.size + b.base + w.icg*w.fam.nr[b.family]
			if i == r.hi-1 {
				next = (e+1)*w.size + w.blocks[r.lo].base
			}
			w.multiply(&wk.brg, b, e*w.size+b.base, next, v[e*w.stepV():], m[e*w.stepM()+(i-r.lo)*align(w.fam.nr[0]):], t1-t0)
		}
	}
	w.transformProducts(wk, m, dst, residual, t0, t1, r)
}

// place is where a tile lies.
func (w *winograd) place(t int) (image, ty, tx int) {
	return t / (w.th * w.tw), t / w.tw % w.th, t % w.tw
}

// transformPatches transforms the patches of tiles t0 to t1, the channels of a group.
func (w *winograd) transformPatches(a *asm.WinoInArgs, v, src []float32, t0, t1, group int) {
	in, win, m, p := w.pl.p.In, w.pl.p.Window, w.wino.Out(), w.wino.In()
	stride := w.pl.ldin()
	a.X = unsafe.Pointer(unsafe.SliceData(src))
	a.RowX, a.ColX, a.TileX = 4*in.W*stride, 4*stride, 4*m*stride
	a.Zeros = unsafe.Pointer(unsafe.SliceData(w.zeros))
	a.C = w.icg
	a.LdE, a.TileY = 4*w.stepV(), 4*w.ldV
	most := max(1, asm.MaxWork/(p*p*w.icg))
	for t := t0; t < t1; t += a.Tiles {
		image, ty, tx := w.place(t)
		iy, ix := ty*m-win.PadTop, tx*m-win.PadLeft
		a.Y0, a.Y1 = tensor.Valid(iy, p, 1, in.H)
		a.X0, a.X1 = tensor.Valid(ix, p, 1, in.W)
		a.Tiles = 1
		if a.X0 == 0 && a.X1 == p {
			// As many as follow in the row and have all their columns.
			a.Tiles = min(t1-t, w.tw-tx, (in.W-p-ix)/m+1, most)
		}
		a.XOff = 4 * (((image*in.H+iy)*in.W+ix)*stride + group*w.icg)
		a.Y = unsafe.Pointer(&v[(t-t0)*w.ldV])
		w.in.Call(a)
	}
}

// multiply computes the products of one element and one block, whose weights begin at base, for n tiles. The weights that are read after them begin at
// next.
func (w *winograd) multiply(a *asm.BrgArgs, b *block, base, next int, v, m []float32, n int) {
	nr, mr := w.fam.nr[b.family], w.fam.mr()
	a.Taps = &w.tap
	a.NTap = 1
	a.N = b.n
	a.LdA, a.LdB, a.LdC = 4*w.ldV, 4*nr, 4*w.ldM
	a.AOff = 0
	a.Beta = 1
	count := (n + mr - 1) / mr
	for k := 0; k < w.icg; k += w.k {
		a.K = min(w.k, w.icg-k)
		a.B = unsafe.Pointer(&w.weights[base+k*nr])
		ahead := 4 * nr * a.K
		if k+a.K == w.icg {
			ahead = 4 * (next - base - k*nr)
		}
		a.Flags = 0
		if k > 0 {
			a.Flags = asm.BrgAccumulate
		}
		for t, row := 0, 0; t < count; {
			rows, same := par.Alike(n, count, t)
			a.Tiles = min(same, max(1, asm.MaxWork/(a.K*rows*nr)))
			a.Ahead = 0
			if w.fetch && t < 2 {
				// The weights that follow are asked for, every second line of them by each of the first two tiles.
				a.Tiles, a.Ahead = 1, ahead+64*t
			}
			a.A = unsafe.Pointer(&v[row*w.ldV+k])
			a.C = unsafe.Pointer(&m[row*w.ldM])
			w.fam.kern[b.family][rows].Call(a)
			t += a.Tiles
			row += a.Tiles * rows
		}
	}
	a.Ahead = 0
}

// transformProducts makes the outputs of tiles t0 to t1, the channels of a range of blocks.
func (w *winograd) transformProducts(wk *worker, products, dst, residual []float32, t0, t1 int, r blockRange) {
	a, out, m, p := &wk.winoOut, w.pl.out, w.wino.Out(), w.wino.In()
	y, ldres := w.pl.output(dst), w.pl.p.residualStride()
	first, last := &w.blocks[r.lo], &w.blocks[r.hi-1]
	a.LdE, a.TileX = 4*w.stepM(), 4*w.ldM
	a.RowY, a.ColY, a.TileY = 4*(out.W*y.ld+y.gap), 4*y.ld, 4*m*y.ld
	a.RowRes, a.ColRes, a.TileRes = 4*out.W*ldres, 4*ldres, 4*m*ldres
	a.Lo, a.Hi = w.pl.lo, w.pl.hi
	a.Flags = 0
	if residual != nil {
		a.Flags = asm.WinoResidual
	}
	for t := t0; t < t1; t += a.Tiles {
		image, ty, tx := w.place(t)
		a.OH, a.OW = min(m, out.H-ty*m), min(m, out.W-tx*m)
		a.Tiles = 1
		if a.OW == m {
			a.Tiles = min(t1-t, out.W/m-tx, max(1, asm.MaxWork/(p*p*w.fam.nr[0])))
		}
		pixel := (image*out.H+ty*m)*out.W + tx*m
		for bi := r.lo; bi < r.hi; bi++ {
			b := &w.blocks[bi]
			a.C = b.n
			a.X = unsafe.Pointer(&products[(t-t0)*w.ldM+(bi-r.lo)*align(w.fam.nr[0])])
			a.Bias = unsafe.Pointer(&w.bias[bi*w.biasStride()])
			a.Y = unsafe.Pointer(&dst[y.at(pixel, b.oc)])
			if residual != nil {
				a.Res = unsafe.Pointer(&residual[pixel*ldres+b.oc])
			}
			w.out.Call(a)
		}
		for range a.OH {
			w.pl.activate(wk, y, pixel, pixel+a.Tiles*a.OW, first.oc, last.oc+last.n)
			pixel += out.W
		}
	}
}
