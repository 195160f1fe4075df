package conv

import (
	"fmt"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cpu"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// Precision says which numbers a convolution multiplies.
type Precision uint8

const (
	// Float32 is the zero value.
	Float32 Precision = iota
	// BF16 rounds weights and input to bfloat16, to nearest even: 8 bits of significand. Products are exact and sums float32, in another order than Float32's,
	// with denormals as zeros where the processor has it so. The error is that of the rounded operands, about 2^-9 of each product.
	BF16
)

// A convolution in bfloat16 is direct's on pairs: two channels are as one float32, in tensors, weights and kernels alike, so that it is planned as one of half the
// channels. What differs is where sums go that are not complete. An output in bfloat16 does not hold them: those of an item lie in a tile in scratch, from
// where its last call takes them, or, where several chunks of channels are summed or an activation follows that kernels do not have, those of a task.

// halves is what direct has beside the rest for an output in bfloat16.
type halves struct {
	tile  int  // floats of scratch for the sums of an item; 0 where a task has all its output in scratch, or the output is float32
	widen bool // a task has
}

// BF16Pays reports whether a convolution is faster with Precision BF16, as far as its shape and p.Kernels say. It is false where New returns an error for p.
func BF16Pays(p Params) bool {
	p.Precision = BF16
	if _, err := p.check(); err != nil {
		return false
	}
	return p.bf16Pays() == nil
}

// leastHalf is the number of channels of a group up to which the pairs of a kernel position are too few: what surrounds them takes longer.
const leastHalf = 16

// bf16Pays says why a convolution would be no faster.
func (p *Params) bf16Pays() error {
	k, err := p.Kernels.Or()
	if err != nil {
		return err
	}
	switch {
	case k.BrgBF16[0].ISA == asm.Generic:
		return fmt.Errorf("Precision is BF16, want Float32: %v has no kernels for it, which would be no faster", k.ISA)
	case !cpu.FastBF16():
		return fmt.Errorf("Precision is BF16, want Float32: this processor multiplies float32 faster")
	case p.In.C/max(p.Groups, 1) < leastHalf:
		return fmt.Errorf("Precision is BF16, want Float32 for groups of %d channels: it would be no faster for less than %d", p.In.C/max(p.Groups, 1), leastHalf)
	}
	return nil
}

// checkPrecision checks what concerns bfloat16; the rest is right.
func (p *Params) checkPrecision() error {
	g := max(p.Groups, 1)
	switch {
	case p.Precision > BF16:
		return fmt.Errorf("Precision is %d, want Float32 or BF16", p.Precision)
	case p.Precision == Float32 && (p.InBF16 || p.OutBF16):
		return fmt.Errorf("InBF16 is %v and OutBF16 %v, want false with Precision Float32", p.InBF16, p.OutBF16)
	case p.Precision == Float32:
		return nil
	case p.Algorithm != "" && p.Algorithm != "direct" && p.Algorithm != "pointwise":
		return fmt.Errorf("Algorithm is %q, want direct or pointwise with Precision BF16", p.Algorithm)
	case p.Algorithm == "pointwise" && !pointwiseApplies(p):
		return fmt.Errorf("Algorithm %q does not apply to %v", p.Algorithm, p.Window)
	case p.OutRowStride != 0:
		return fmt.Errorf("OutRowStride is %d, want 0 with Precision BF16", p.OutRowStride)
	case p.In.C/g%2 != 0 && (g > 1 || p.InBF16):
		return fmt.Errorf("In.C is %d in %d groups, want an even number in each with Precision BF16, unless it is float32 in one group", p.In.C, g)
	case p.InBF16 && (p.InLayout != tensor.NHWC || p.InStride%2 != 0):
		return fmt.Errorf("InLayout is %v and InStride %d, want NHWC and an even number with InBF16", p.InLayout, p.InStride)
	case p.OutBF16 && (p.OutLayout != tensor.NHWC || p.OutC/g%2 != 0 || p.OutStride%2 != 0 || p.ResidualStride%2 != 0):
		return fmt.Errorf("OutLayout is %v, OutC %d in %d groups, OutStride %d and ResidualStride %d, want NHWC and even numbers with OutBF16",
			p.OutLayout, p.OutC, g, p.OutStride, p.ResidualStride)
	}
	if !p.Force {
		return p.bf16Pays()
	}
	return nil
}

// inPairs plans the convolution on pairs of channels.
func (pl *Plan) inPairs(w weights) (*Plan, error) {
	given := pl.p
	pl.half = &given
	p := &pl.p
	p.In.C = p.Groups * ((p.In.C/p.Groups + 1) / 2)
	p.InLayout = tensor.NHWC
	if p.InStride /= 2; !p.InBF16 {
		p.InStride = 0 // that of the copy
	}
	pl.algorithm = "direct"
	build := newDirect
	if p.Algorithm != "direct" && pointwiseApplies(p) {
		pl.algorithm, build = "pointwise", newPointwise
	}
	pl.reachNHWC(false)
	pl.runner = build(pl, w)
	if max(pl.shared(), pl.runner.scratch()) > mem.MostFloats {
		return nil, fmt.Errorf("conv: In is %v, which needs a workspace that overflows the address space", given.In)
	}
	return pl, nil
}

// given is what New was given, but for the axes.
func (pl *Plan) given() *Params {
	if pl.half != nil {
		return pl.half
	}
	return &pl.p
}

// halfOut reports whether the output is bfloat16.
func (pl *Plan) halfOut() bool { return pl.half != nil && pl.half.OutBF16 }

// rows are the kernels that direct multiplies with.
func (pl *Plan) rows() []*asm.BrgRow {
	if pl.half != nil {
		return pl.p.Kernels.BrgBF16
	}
	return pl.p.Kernels.Brg
}

// pairWeights rounds OIHW weights and joins those of pairs of input channels. An odd number of these is filled up with zeros.
func (pl *Plan) pairWeights(oihw []float32) []float32 {
	p := pl.half
	positions, c := p.Window.KernelH*p.Window.KernelW, p.In.C/p.Groups
	pairs := (c + 1) / 2
	words := make([]float32, p.OutC*pairs*positions)
	for oc := range p.OutC {
		for ic := range c {
			for t := range positions {
				bfloats(words[(oc*pairs+ic/2)*positions+t:][:1])[ic%2] = tensor.ToBF16(oihw[(oc*c+ic)*positions+t])
			}
		}
	}
	return words
}

// bfloats looks at floats as pairs of bfloat16.
func bfloats(x []float32) []tensor.BF16 {
	return unsafe.Slice((*tensor.BF16)(unsafe.Pointer(unsafe.SliceData(x))), 2*len(x))
}

// pairBits looks at floats as the bits of pairs.
func pairBits(x []float32) []uint16 {
	return unsafe.Slice((*uint16)(unsafe.Pointer(unsafe.SliceData(x))), 2*len(x))
}

// loadsHalf reports whether an input in float32 changes its layout before it is rounded.
func (pl *Plan) loadsHalf() bool {
	return pl.half.InLayout == tensor.NCHW && !sameLayout(pl.half.In)
}

// halfShared is the number of floats that the copies of an input in float32 take.
func (pl *Plan) halfShared() int {
	if pl.half == nil || pl.half.InBF16 {
		return 0
	}
	n := align(pl.p.In.Elems())
	if pl.loadsHalf() {
		n += align(pl.half.In.Elems())
	}
	return n
}

// narrowPixels are those of a task that rounds the input.
func (pl *Plan) narrowPixels() int { return max(1, passChunk/pl.half.In.C) }

func (pl *Plan) narrowTasks() int {
	s := pl.half.In
	return (s.N*s.H*s.W + pl.narrowPixels() - 1) / pl.narrowPixels()
}

// narrow rounds the input, in NHWC, to pairs.
func (pl *Plan) narrow(w *worker, dst, src []float32, task int) {
	s, c, pairs := pl.half.In, pl.half.In.C, pl.p.In.C
	stride := pl.half.inStride()
	if pl.loadsHalf() {
		stride = c
	}
	lo := task * pl.narrowPixels()
	hi := min(lo+pl.narrowPixels(), s.N*s.H*s.W)
	if stride == c && c == 2*pairs {
		w.elem.Narrow(pl.p.Kernels, pairBits(dst[lo*pairs:hi*pairs]), src[lo*c:hi*c])
		return
	}
	for p := lo; p < hi; p++ {
		y := pairBits(dst[p*pairs : (p+1)*pairs])
		w.elem.Narrow(pl.p.Kernels, y[:c], src[p*stride:][:c])
		clear(y[c:])
	}
}

// cutHalves arranges where the sums of an output in bfloat16 lie.
func (d *direct) cutHalves() {
	if !d.pl.halfOut() {
		return
	}
	d.widen = len(d.chunks) > 1 || !d.pl.clamped
	for i := range d.runs {
		for _, c := range d.runs[i].calls {
			d.widen = d.widen || c.perRow*d.win.KernelH > c.most[0]
		}
	}
	if !d.widen {
		d.tile = align(d.mr * d.fam.nr[0])
		return
	}
	d.outer = d.outerFloats()
}

// tileLd is the floats from one pixel of a tile in scratch to the next.
func (d *direct) tileLd() int { return d.fam.nr[0] }

// tilePixel is pixel x of the tile in scratch.
func (d *direct) tilePixel(w *worker, x int) []float32 {
	return w.scratch[d.inner+d.outer+x*d.tileLd():][:d.tileLd()]
}

// aimHalf is aim where the output is bfloat16.
func (d *direct) aimHalf(w *worker, started, last bool, out, x, oc int, y, res *piece) {
	a := &w.brg
	if last {
		a.C, a.LdC = unsafe.Pointer(&y.x[y.at(out+x, oc)]), 4*y.ld
		a.Flags |= asm.BrgOut16
	} else {
		a.C, a.LdC = unsafe.Pointer(&d.tilePixel(w, x)[0]), 4*d.tileLd()
	}
	switch {
	case started && last:
		a.Res, a.LdRes = unsafe.Pointer(&d.tilePixel(w, x)[0]), 4*d.tileLd()
		a.Flags |= asm.BrgResidual
	case started:
		a.Flags |= asm.BrgAccumulate
	case res.x != nil:
		a.Res, a.LdRes = unsafe.Pointer(&res.x[res.at(out+x, oc)]), 4*res.ld
		a.Flags |= asm.BrgResidual | asm.BrgRes16
	}
}

// prepareHalf sets pixel r of the tile in scratch to the residual.
func (d *direct) prepareHalf(w *worker, r, out int, b *block, res *piece) {
	to := d.tilePixel(w, r)[:b.n]
	if res.x == nil {
		clear(to)
	} else {
		w.elem.Widen(d.pl.p.Kernels, to, pairBits(res.x[res.at(out+r, b.oc):])[:b.n])
	}
}

// doWide does a task whose output is summed in scratch, in float32, and rounded from there.
func (d *direct) doWide(w *worker, task int, x *piece, dst, residual []float32) {
	r := d.writes(task)
	n := r.c1 - r.c0
	y := piece{x: w.scratch[d.inner:], ld: spaced(n), pixel: r.p0, channel: r.c0}
	at := func(tensor []float32, stride, p int) []uint16 { return pairBits(tensor[(p*stride+r.c0)/2:])[:n] }
	var res piece
	if residual != nil {
		res = y
		for p := r.p0; p < r.p1; p++ {
			w.elem.Widen(d.pl.p.Kernels, y.x[y.at(p, r.c0):][:n], at(residual, d.ldresidual, p))
		}
	}
	d.sum(w, task, &y, x, &res)
	d.pl.activate(w, y, r.p0, r.p1, r.c0, r.c1)
	for p := r.p0; p < r.p1; p++ {
		w.elem.Narrow(d.pl.p.Kernels, at(dst, d.ldout, p), y.x[y.at(p, r.c0):][:n])
	}
}

// The messages of what Run and RunBF16 panic with.
const (
	isBF16     = "conv: the plan has tensors in bfloat16, which RunBF16 runs"
	notBF16    = "conv: the plan was not made with Precision BF16"
	unaligned  = "conv: a tensor in bytes is not aligned to 4 of them, or its length is not a multiple of 4"
	shortBytes = "conv: the length of a tensor in bytes is not its size, or too short for its stride"
)

// RunBF16 is Run for a plan with Precision BF16, whose tensors are bytes: of bfloat16 where Params says so, of float32 otherwise. They are aligned to 4 bytes.
func (pl *Plan) RunBF16(ws *Workspace, dst, src, residual []byte) {
	if pl == nil || pl.runner == nil {
		panic(noPlan)
	}
	p := pl.half
	if p == nil {
		panic(notBF16)
	}
	per := func(half bool) int { // elements of a float
		if half {
			return 2
		}
		return 1
	}
	in, out := per(p.InBF16), per(p.OutBF16)
	x, xs := asWords(src, p.In, p.inStride(), in)
	y, ys := asWords(dst, pl.out, p.outStride(), out)
	var r []float32
	var rs mem.Rows
	if p.Residual {
		r, rs = asWords(residual, pl.out, p.residualStride(), out)
	} else if residual != nil {
		panic(notResidual)
	}
	if ws == nil || !ws.serves(pl) {
		panic(noWorkspace)
	}
	if ys.Overlap(xs) {
		panic(overlap)
	}
	if p.Residual && rs != ys && rs.Overlap(ys) {
		panic(overlapRes)
	}
	ws.busy.Enter(busyWorkspace)
	defer ws.release()
	ws.run(pl, y, x, r)
}

// asWords looks at a tensor of bytes as floats, each of so many elements.
func asWords(b []byte, s tensor.Shape, stride, per int) ([]float32, mem.Rows) {
	p := unsafe.Pointer(unsafe.SliceData(b))
	if len(b)%4 != 0 || uintptr(p)%4 != 0 {
		panic(unaligned)
	}
	x := unsafe.Slice((*float32)(p), len(b)/4)
	s.C /= per
	if !fits(len(x), s, stride/per) {
		panic(shortBytes)
	}
	return x, pixels(x, s, stride/per)
}
