package conv

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// Quantisation says what the bytes of a convolution of quantised numbers stand for, and what becomes of its sums. With x and w less their zero points
//
//	sum[oc] = bias[oc] + sum over ic, kh, kw of w * x
//
// which is exact, and what lies in the padding is 0, a byte of the output is
//
//	min(max(roundToEven(float32(sum) * Scale[oc]) + OutZero, Lo), Hi)
//
// as ONNX's QLinearConv has it. With Multiplier and Shift in place of Scale it is, in integers all the way,
//
//	min(max(rounded(sum * Multiplier[oc] * 2^(Shift[oc]-31)) + OutZero, Lo), Hi)
//
// as TensorFlow Lite's kernels have it, which round twice: the product with the multiplier to nearest, ties upward, and then what is shifted to the right to nearest,
// ties away from zero.
type Quantisation struct {
	Signed  bool         // the input is int8; otherwise it is uint8
	Out     tensor.DType // Uint8, Int8, or Int32 for the sums, or Float32 for the sums times Scale
	InZero  int          // zero point of the input
	OutZero int          // zero point of an output of bytes, and
	Lo, Hi  int          // the bounds of its bytes
	Scale   []float32    // OutC of them; nil with Out Int32, and with
	// Multiplier and Shift, OutC of each, for an output of bytes: from 0 on, and from -31 to 30.
	Multiplier, Shift []int32
}

// quantised convolves bytes as direct convolves floats: on tiles whose rows are pixels of the input where they lie. A sum is never cut. Where there is
// padding a task copies the rows that it reads with a border of zero points, so that all sums of a row of the output have the same taps. The kernel's rows
// that lie above the input or below it are left out, and the bias is changed by what the zero points of the others are not.
type quantised struct {
	bordered
	pl      *Plan
	q       Quantisation
	k       int     // bytes of a tap that have weights,
	reach   int     // those that the kernel reads, and
	steps   int     // of its weights, in units of 4 NR
	ntap    int     // of a sum
	weights []int8  // [group][block][tap][k/4][NR][4]
	bias    []int32 // [group][block][NR], less what the zero point of the input adds
	scale   []float32
	outside []int32   // [row of the kernel][group][block][NR], what the bias lacks where it is left out; nil where none is
	blocks  int       // of a group
	wide    byteTiles // of all blocks of a group but
	last    byteTiles // the last one, which may be narrower
	border  int       // bytes of scratch, where there is padding
	flat    bool      // all pixels are one row
	tasking
}

// byteTiles are tiles of one width, and an item of the output cut into them.
type byteTiles struct {
	kern     []*asm.BrgU8Row // by rows, from 1 on; nil where there is none
	nr       int
	places   []int     // of the columns
	panel    int       // bytes of the weights of a block
	taps     []asm.Tap // for row 0 of the kernel's window
	segments []segment // of an item, a row of the output, and
	rest     []segment // of the last one, which has fewer pixels where all are one row
}

// sumsOfCall are those of a call of a kernel in scratch, where they become bytes in fixed point.
const sumsOfCall = asm.MaxElems

// segment is tiles of as many rows that follow each other.
type segment struct{ rows, tiles int }

// NewQuantised plans a convolution of bytes, which lie channels last: both layouts are tensor.NHWC. The weights are OIHW less their zero points, from -255 to 255,
// in an int8 where that holds them all; they are not kept. The bias has OutC elements in units of the sums or is nil. Packed is as for NewShared: plans that share one must have been given the same weights. There are no residuals, no
// algorithms to choose from, and Lo and Hi take the place of activations. InStride and OutStride count elements.
func NewQuantised[W int8 | int16](p Params, q Quantisation, weights []W, bias []int32, packed *Packed) (*Plan, error) {
	if packed == nil {
		return nil, fmt.Errorf("conv: packed is nil")
	}
	if p.Groups == 0 {
		p.Groups = 1
	}
	out, err := p.check()
	if err != nil {
		return nil, err
	}
	p.Window = p.Window.Normal()
	switch {
	case p.InLayout != tensor.NHWC || p.OutLayout != tensor.NHWC:
		return nil, fmt.Errorf("conv: InLayout is %v and OutLayout %v, want NHWC for bytes", p.InLayout, p.OutLayout)
	case p.Precision != Float32:
		return nil, fmt.Errorf("conv: Precision is %d, want Float32 for bytes", p.Precision)
	case p.Residual || p.Activation != Activation{} || p.Algorithm != "":
		return nil, fmt.Errorf("conv: Residual is %v, Activation %v and Algorithm %q, want none for bytes", p.Residual, p.Activation, p.Algorithm)
	}
	want, ok := tensor.MulOK(4, p.OutC, p.In.C/p.Groups, p.Window.KernelH, p.Window.KernelW)
	if !ok || len(weights) != want/4 {
		return nil, fmt.Errorf("conv: len(weights) is %d, want OutC*In.C/Groups*KernelH*KernelW", len(weights))
	}
	if bias != nil && len(bias) != p.OutC {
		return nil, fmt.Errorf("conv: len(bias) is %d, want OutC = %d or nil", len(bias), p.OutC)
	}
	if err := q.check(p.OutC); err != nil {
		return nil, err
	}
	if p.Kernels, err = p.Kernels.Or(); err != nil {
		return nil, fmt.Errorf("conv: %w", err)
	}
	known, err := sumWeights(&q, p.OutC, weights, bias)
	if err != nil {
		return nil, err
	}
	pl := &Plan{p: p, out: out, algorithm: "quantised", outSize: q.Out.Size()}
	pl.lo, pl.hi, pl.clamped = pl.p.Activation.clamp()
	if p.Groups == p.In.C && p.OutC == p.In.C && known.terms == 1 && q.Scale != nil && q.Out.Size() == 1 {
		pl.runner = onBytes{newQuantisedDepthwise(pl, q, weights, bias)}
	} else {
		pl.runner = onBytes{newQuantised(pl, q, weights, known, bias, packed)}
	}
	if pl.runner.scratch() > mem.MostFloats {
		return nil, fmt.Errorf("conv: In is %v, which needs a workspace that overflows the address space", p.In)
	}
	return pl, nil
}

func (q *Quantisation) check(oc int) error {
	lo, hi := 0, 255
	if q.Signed {
		lo, hi = -128, 127
	}
	if q.InZero < lo || q.InZero > hi {
		return fmt.Errorf("conv: InZero is %d, want %d to %d", q.InZero, lo, hi)
	}
	switch q.Out {
	case tensor.Uint8:
		lo, hi = 0, 255
	case tensor.Int8:
		lo, hi = -128, 127
	case tensor.Int32, tensor.Float32:
		lo, hi = 0, 0
	default:
		return fmt.Errorf("conv: Out is %v, want uint8, int8, int32 or float32", q.Out)
	}
	if q.OutZero < lo || q.OutZero > hi || q.Lo < lo || q.Hi > hi || q.Lo > q.Hi {
		return fmt.Errorf("conv: OutZero is %d, Lo %d and Hi %d, want %d to %d and Lo at most Hi with Out %v", q.OutZero, q.Lo, q.Hi, lo, hi, q.Out)
	}
	if q.Multiplier != nil || q.Shift != nil {
		return q.checkFixed(oc)
	}
	if q.Out == tensor.Int32 {
		if q.Scale != nil {
			return fmt.Errorf("conv: len(Scale) is %d, want nil with Out int32", len(q.Scale))
		}
		return nil
	}
	if len(q.Scale) != oc {
		return fmt.Errorf("conv: len(Scale) is %d, want OutC = %d", len(q.Scale), oc)
	}
	for i, s := range q.Scale {
		if !(s > 0 && s <= math.MaxFloat32) {
			return fmt.Errorf("conv: Scale[%d] is %v, want a positive number", i, s)
		}
	}
	return nil
}

// checkFixed checks what takes the place of scales.
func (q *Quantisation) checkFixed(oc int) error {
	if q.Scale != nil || q.Out.Size() != 1 {
		return fmt.Errorf("conv: len(Scale) is %d and Out %v, want nil and uint8 or int8 with Multiplier and Shift", len(q.Scale), q.Out)
	}
	if len(q.Multiplier) != oc || len(q.Shift) != oc {
		return fmt.Errorf("conv: len(Multiplier) is %d and len(Shift) %d, want OutC = %d", len(q.Multiplier), len(q.Shift), oc)
	}
	for i, m := range q.Multiplier {
		if s := q.Shift[i]; m < 0 || s < -31 || s > 30 {
			return fmt.Errorf("conv: Multiplier[%d] is %d and Shift[%d] %d, want at least 0, and -31 to 30", i, m, i, s)
		}
	}
	return nil
}

// weightSums is what is known of weights: the sum of those of each output channel, and how many terms they need of bytes each.
type weightSums struct {
	sums  []int32
	terms int
}

// sumWeights wants sums, and bytes before they are clamped, that are integers of 32 bits whatever the input.
func sumWeights[W int8 | int16](q *Quantisation, oc int, weights []W, bias []int32) (s weightSums, err error) {
	zero := q.InZero
	if q.Signed {
		zero += 128
	}
	far := float64(max(zero, 255-zero)) // the largest magnitude of the input
	each := len(weights) / oc
	s = weightSums{make([]int32, oc), 1}
	least, most := 0, 0
	for k := range oc {
		sum := 0
		w := weights[k*each : (k+1)*each]
		if unsafe.Sizeof(W(0)) == 1 { // bytes are in range, and there may be 100 million of them
			for _, v := range w {
				sum += int(v)
			}
		} else {
			for _, v := range w {
				sum += int(v)
				least, most = min(least, int(v)), max(most, int(v))
			}
		}
		if least < -255 || most > 255 {
			return s, fmt.Errorf("conv: weights has %d, want -255 to 255", max(most, -least))
		}
		s.sums[k] = int32(sum)
		if q.reaches(k, 256*float64(each)*far, bias) == nil {
			continue // whatever the weights are
		}
		magnitudes := 0
		for _, v := range w {
			magnitudes += max(int(v), -int(v))
		}
		if err := q.reaches(k, float64(magnitudes)*far, bias); err != nil {
			return s, err
		}
	}
	for most > 127*s.terms || least < -128*s.terms {
		s.terms++
	}
	return s, nil
}

// reaches returns an error where products that sum to as much, for output channel k, leave the integers.
func (q *Quantisation) reaches(k int, reach float64, bias []int32) error {
	if bias != nil {
		reach += math.Abs(float64(bias[k]))
	}
	if reach > mostSum || q.Out.IsInt() && q.Scale != nil && reach*float64(q.Scale[k]) > mostSum {
		return fmt.Errorf("conv: the sums of output channel %d may be as large as %.0f, want at most %d, and the same times Scale", k, reach, mostSum)
	}
	if q.Shift != nil && math.Ldexp(reach, int(max(q.Shift[k], 0))) > mostSum {
		return fmt.Errorf("conv: the sums of output channel %d may be as large as %.0f, want at most %d times 2^Shift, which is %d", k, reach, mostSum, q.Shift[k])
	}
	return nil
}

// mostSum is the largest magnitude of a sum: one that float32 rounds to an integer of 32 bits.
const mostSum = 1<<31 - 256

func newQuantised[W int8 | int16](pl *Plan, q Quantisation, weights []W, known weightSums, bias []int32, packed *Packed) *quantised {
	d := &quantised{bordered: bordered{geometry: pl.geometry(), zero: byte(q.InZero)}, pl: pl, q: q}
	if flat(&pl.p) {
		d.geometry, d.flat = d.geometry.flat(), true
	}
	rows := pl.p.Kernels.BrgU8
	d.wide = newByteTiles(rows, rows[0].NR)
	d.blocks = (d.ocg() + d.wide.nr - 1) / d.wide.nr
	d.last = newByteTiles(rows, d.ocg()-(d.blocks-1)*d.wide.nr)
	d.cutTaps(known.terms, &d.wide, &d.last)
	d.cutRow(&d.wide)
	d.cutRow(&d.last)
	d.pack(packed, func([]float32) []float32 { return packBytes(d, weights) })
	d.packEnds(known.sums, bias)
	if known.terms == 1 && d.win.PadTop|d.win.PadBottom != 0 {
		packOutside(d, weights)
	}
	work := pl.flops() / 4 // floating-point operations that take as long
	items := d.out.N * d.out.H
	if d.flat {
		items = (d.out.W + flatPixels - 1) / flatPixels
	}
	d.tasking = newTasking(items, d.blocks*d.groups, d.in.Elems()+d.out.Elems(), len(d.weights), work)
	if d.padded() {
		d.border = d.copied(min(d.strip(), d.out.H))*d.rowBytes() + d.reach - d.k
	}
	return d
}

// flatPixels are those of an item where all pixels are one row: some microseconds of work.
const flatPixels = 112

// newByteTiles returns the narrowest tiles that hold so many columns.
func newByteTiles(rows []*asm.BrgU8Row, columns int) (t byteTiles) {
	for _, r := range rows {
		if r.NR < columns {
			break
		}
		if r.NR != t.nr {
			t.nr, t.kern = r.NR, make([]*asm.BrgU8Row, r.MR+1)
		}
		if t.kern[r.MR] == nil { // the first one is the quicker
			t.kern[r.MR] = r
		}
	}
	t.places = make([]int, t.nr)
	for p := range t.nr {
		t.places[t.any().Column(p)] = p
	}
	return t
}

// any is one of the kernels: what all have in common.
func (t *byteTiles) any() *asm.BrgU8Row { return t.kern[len(t.kern)-1] }

func (d *quantised) ocg() int { return d.out.C / d.groups }

// of returns the tiles of a block of a group.
func (d *quantised) of(block int) *byteTiles {
	if block == d.blocks-1 {
		return &d.last
	}
	return &d.wide
}

// place is where a block of a group begins among all columns, those included that are only there to fill a tile.
func (d *quantised) place(g, block int) int {
	return g*((d.blocks-1)*d.wide.nr+d.last.nr) + block*d.wide.nr
}

// flags of the kernels.
func (d *quantised) flags() int {
	if d.q.Signed {
		return asm.BrgU8SignedA
	}
	return 0
}

// cutTaps lists the taps: one for a row of the kernel where its pixels follow each other, otherwise one for each position. Weights that do not fit a byte are the sum
// of some that do, and all taps come as many times.
func (d *quantised) cutTaps(terms int, tiles ...*byteTiles) {
	w, ld, row := &d.win, d.ldin, d.rowBytes()
	if d.padded() {
		ld = d.in.C
	}
	perRow, pixels := w.KernelW, 1
	if d.groups == 1 && w.DilationW == 1 && ld == d.in.C {
		perRow, pixels = 1, w.KernelW
	}
	d.k = pixels * d.icg()
	d.steps = (d.k + 3) / 4
	d.reach = d.k
	if d.padded() { // whole steps are quicker than their parts, and behind the rows that are copied there is room
		d.reach = 4 * d.steps
	}
	d.ntap = terms * w.KernelH * perRow
	for _, t := range tiles {
		t.panel = d.ntap * d.steps * 4 * t.nr
		for i := range d.ntap {
			kh, kw := i/perRow%w.KernelH, i%perRow
			t.taps = append(t.taps, asm.Tap{A: kh*w.DilationH*row + kw*w.DilationW*ld, B: i * d.steps * 4 * t.nr})
		}
	}
}

// pack has weights packed, if no plan before has done it.
func (d *quantised) pack(packed *Packed, arrange func([]float32) []float32) {
	d.weights = signedBytes(d.pl.pack(weights{packed: packed}, format{name: "bytes", panel: d.wide.nr, chunk: d.k}, arrange))
}

// packBytes packs weights.
func packBytes[W int8 | int16](d *quantised, oihw []W) []float32 {
	x := mem.Floats(d.place(d.groups, 0) * d.ntap * d.steps)
	b := signedBytes(x)
	each, ocg := len(oihw)/d.out.C, d.ocg()
	for g := range d.groups {
		for block := range d.blocks {
			t, oc := d.of(block), g*ocg+block*d.wide.nr
			packPanel(d, t, b[d.place(g, block)*d.ntap*d.steps*4:][:t.panel], oihw[oc*each:][:each*min(t.nr, ocg-block*d.wide.nr)])
		}
	}
	return x
}

// packPanel packs the weights of some output channels, [oc][ic][position], for all taps: [tap][k/4][NR][4]. A tap may be several positions side by side, and
// the taps come again for what the weights of those before them leave.
func packPanel[W int8 | int16](d *quantised, tiles *byteTiles, b []int8, w []W) {
	nr := tiles.nr
	icg, positions := d.icg(), d.win.KernelH*d.win.KernelW
	pixels, each := d.k/icg, icg*positions
	const lo, hi = -128, 127
	whole := 0 // input channels that are packed already
	if w, ok := any(w).([]int8); ok && positions == 1 {
		whole = each &^ 3
		packSteps(tiles, b, w, each)
	}
	for j := 0; j*each < len(w); j++ {
		column := w[j*each:][:each]
		for i := range d.ntap * pixels {
			tap, k := i/pixels, i%pixels*icg
			terms, from := i/positions, column[i%positions:]
			to := b[(tap*d.steps*nr+tiles.places[j])*4:]
			ic := whole
			if terms == 0 && k%4 == 0 {
				for ; ic+4 <= icg; ic += 4 {
					x, y := from[ic*positions:], (*[4]int8)(to[(k+ic)*nr:])
					x = x[:3*positions+1]
					*y = [4]int8{
						int8(min(max(x[0], lo), hi)), int8(min(max(x[positions], lo), hi)),
						int8(min(max(x[2*positions], lo), hi)), int8(min(max(x[3*positions], lo), hi)),
					}
				}
			}
			for ; ic < icg; ic++ {
				v := from[ic*positions]
				for range terms {
					v -= min(max(v, lo), hi)
				}
				at := k + ic
				to[at/4*nr*4+at%4] = int8(min(max(v, lo), hi))
			}
		}
	}
}

// packSteps packs the whole steps of k of bytes that lie as they are packed: some steps of all columns, which the first cache holds, then the next.
func packSteps(tiles *byteTiles, b, w []int8, each int) {
	const some = 256
	for k0 := 0; k0+4 <= each; k0 += some {
		n := min(some, each-k0) &^ 3
		for j := 0; j*each < len(w); j++ {
			from, to := w[j*each+k0:][:n], b[(k0/4*tiles.nr+tiles.places[j])*4:]
			for k := 0; k < n; k += 4 {
				*(*[4]int8)(to[k*tiles.nr:]) = [4]int8(from[k:])
			}
		}
	}
}

// zeroPoint is that of the input as the kernels see it.
func (d *quantised) zeroPoint() int32 { return int32(d.q.InZero) + d.wide.any().Shift(d.flags()) }

// packEnds packs biases and scales.
func (d *quantised) packEnds(sums, bias []int32) {
	places := d.place(d.groups, 0)
	d.bias, d.scale = make([]int32, places), make([]float32, places)
	for oc, sum := range sums {
		at := d.placeOf(oc)
		d.bias[at] = -d.zeroPoint() * sum
		if bias != nil {
			d.bias[at] += bias[oc]
		}
		if d.q.Scale != nil {
			d.scale[at] = d.q.Scale[oc]
		}
	}
}

// packOutside sums the weights of each row of the kernel.
func packOutside[W int8 | int16](d *quantised, oihw []W) {
	places := d.place(d.groups, 0)
	d.outside = make([]int32, d.win.KernelH*places)
	zero := d.zeroPoint()
	if zero == 0 {
		return
	}
	kw, each := d.win.KernelW, len(oihw)/d.out.C
	for oc := range d.out.C {
		at := d.placeOf(oc)
		for w := oihw[oc*each:][:each]; len(w) > 0; {
			for kh := range d.win.KernelH {
				sum := int32(0)
				for _, v := range w[:kw] {
					sum += int32(v)
				}
				w = w[kw:]
				d.outside[kh*places+at] += zero * sum
			}
		}
	}
}

// placeOf is where an output channel is among all columns.
func (d *quantised) placeOf(oc int) int {
	g, j := oc/d.ocg(), oc%d.ocg()
	block := min(j/d.wide.nr, d.blocks-1)
	return d.place(g, block) + d.of(block).places[j-block*d.wide.nr]
}

// signedBytes looks at floats as bytes.
func signedBytes(x []float32) []int8 {
	return unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}

// asInts looks at floats as integers.
func asInts(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// cutRow divides the pixels of items into tiles.
func (d *quantised) cutRow(t *byteTiles) {
	if !d.flat {
		t.segments = d.cut(t, d.out.W)
		return
	}
	t.segments = d.cut(t, min(flatPixels, d.out.W))
	t.rest = d.cut(t, (d.out.W-1)%flatPixels+1)
}

// cut divides pixels into tiles that are as even as can be, where there are kernels for them. Rows of A that fall into the same set of the first cache have shorter ones.
func (d *quantised) cut(t *byteTiles, pixels int) (s []segment) {
	mr := len(t.kern) - 1
	if d.ldin*d.win.StrideW%4096 == 0 {
		mr = min(mr, 7)
	}
	for t.panel*mr > t.any().Work && mr > 1 {
		mr--
	}
	for pixels > 0 {
		tiles := (pixels + mr - 1) / mr
		rows := (pixels + tiles - 1) / tiles
		n := pixels % tiles // of so many rows, the others have one less
		if n == 0 {
			n = tiles
		}
		if t.kern[rows] == nil {
			for t.kern[rows] == nil {
				rows--
			}
			n = pixels / rows
		}
		s = append(s, segment{rows, n})
		pixels -= rows * n
	}
	return s
}

// perImage calls f for the rows of the output of every image that items item0 to item1-1 are.
func (d *quantised) perImage(item0, item1 int, f func(image, y, n int)) {
	for item0 < item1 {
		image, y := item0/d.out.H, item0%d.out.H
		n := min(item1-item0, d.out.H-y)
		f(image, y, n)
		item0 += n
	}
}

func (d *quantised) scratch() int {
	n := align((d.border + 3) / 4)
	if d.q.Multiplier != nil {
		n += sumsOfCall
	}
	if d.outside != nil {
		n += align(d.wide.nr)
	}
	return n
}

func (d *quantised) String() string {
	s := d.wide.any().Name
	if d.blocks == 1 {
		s = d.last.any().Name
	} else if d.last.nr != d.wide.nr {
		s += " and " + d.last.any().Name
	}
	if d.q.Multiplier != nil {
		s += " and " + d.pl.p.Kernels.Quant[asm.Fixed].Name
	}
	t := d.of(0)
	return fmt.Sprintf("%s, tiles %dx%d, %d taps of %d bytes, %v", s, t.segments[0].rows, t.nr, d.ntap, d.k, d.tasking)
}

func (d *quantised) doBytes(w *worker, task int, dst, src []byte) {
	item0, item1, block0, block1 := d.bounds(task)
	a := &w.brgU8
	a.Flags = d.flags()
	a.K = d.reach
	a.Zero, a.Lo, a.Hi = int32(d.q.OutZero), int32(d.q.Lo), int32(d.q.Hi)
	a.Out = outKind(d.q.Out)
	a.LdC = d.ldout * d.q.Out.Size()
	if d.q.Multiplier != nil {
		a.Out = asm.BrgU8OutS32
	}
	a.A = unsafe.Pointer(unsafe.SliceData(src))
	a.LdA = d.ldin * d.win.StrideW
	if d.flat {
		for item := item0; item < item1; item++ {
			p0 := item * flatPixels
			for b := block0; b < block1; b++ {
				d.row(w, dst, item == d.nitems-1, p0*d.ldin, p0, b, 0, d.win.KernelH)
			}
		}
		return
	}
	rowBytes := d.rowBytes()
	if d.padded() {
		a.LdA = d.in.C * d.win.StrideW
	}
	d.perImage(item0, item1, func(image, y, n int) {
		at := d.image(image) + y*d.win.StrideH*rowBytes
		if d.padded() {
			x := floatBytes(w.scratch)[:d.copied(n)*rowBytes]
			if kept := item0 + 1; w.kept != kept || n < item1-item0 {
				d.copyRows(x, src[d.image(image):], y*d.win.StrideH-d.win.PadTop, d.copied(n))
				w.kept = kept
			}
			a.A = unsafe.Pointer(unsafe.SliceData(x))
			at = 0
		}
		for b := block0; b < block1; b++ {
			for i := range n {
				kh0, kh1 := 0, d.win.KernelH
				if d.outside != nil {
					kh0, kh1 = tensor.Valid((y+i)*d.win.StrideH-d.win.PadTop, d.win.KernelH, d.win.DilationH, d.in.H)
				}
				d.row(w, dst, false, at+i*d.win.StrideH*rowBytes, (image*d.out.H+y+i)*d.out.W, b, kh0, kh1)
			}
		}
	})
}

// row computes block b, of those of all groups, of an item: of the last one where rest is set, whose pixels are fewer. It begins at pixel p of the output,
// and its first row of A lies at bytes from a.A. Of the kernel's rows those from kh0 to kh1-1 count.
func (d *quantised) row(w *worker, dst []byte, rest bool, at, p, b, kh0, kh1 int) {
	a := &w.brgU8
	size := d.q.Out.Size()
	free := w.scratch[align((d.border+3)/4):]
	var sums []int32 // of one call, in fixed point
	if d.q.Multiplier != nil {
		sums, free = asInts(free[:sumsOfCall]), free[sumsOfCall:]
	}
	g, block := b/d.blocks, b%d.blocks
	t := d.of(block)
	oc := g*d.ocg() + block*d.wide.nr
	a.N = min(t.nr, d.ocg()-block*d.wide.nr)
	place := d.place(g, block)
	a.B, a.Taps, a.NTap = unsafe.Pointer(&d.weights[place*d.ntap*d.steps*4]), &t.taps[0], d.ntap
	a.Bias, a.Scale = unsafe.Pointer(&d.bias[place]), unsafe.Pointer(&d.scale[place])
	if kh1-kh0 < d.win.KernelH {
		perRow := d.ntap / d.win.KernelH
		if a.NTap = (kh1 - kh0) * perRow; a.NTap > 0 {
			a.Taps = &t.taps[kh0*perRow]
		}
		bias := asInts(free)[:t.nr]
		copy(bias, d.bias[place:])
		for kh := range d.win.KernelH {
			if kh < kh0 || kh >= kh1 {
				for i, v := range d.outside[kh*len(d.bias)+place:][:t.nr] {
					bias[i] += v
				}
			}
		}
		a.Bias = unsafe.Pointer(&bias[0])
	}
	if sums != nil {
		a.LdC = 4 * t.nr
	}
	s := t.segments
	if rest {
		s = t.rest
	}
	pixel := 0
	for _, seg := range s {
		kern := t.kern[seg.rows]
		most := max(1, kern.Work/(t.panel*seg.rows))
		if sums != nil {
			most = min(most, max(1, sumsOfCall/(seg.rows*t.nr)))
		}
		for left := seg.tiles; left > 0; left -= a.Tiles {
			a.Tiles = min(left, most)
			a.AOff = at + pixel*a.LdA + g*d.icg()
			to := dst[((p+pixel)*d.ldout+oc)*size:]
			if sums == nil {
				a.C = unsafe.Pointer(&to[0])
				kern.Call(a)
			} else {
				a.C = unsafe.Pointer(&sums[0])
				kern.Call(a)
				w.elem.Fixed(d.pl.p.Kernels, &elem.Scaling{Signed: d.q.Out.IsSigned(), Zero: d.q.OutZero}, d.q.Lo, d.q.Hi, to, d.ldout, sums, t.nr,
					d.q.Multiplier[oc:][:a.N], d.q.Shift[oc:][:a.N], a.Tiles*seg.rows)
			}
			pixel += a.Tiles * seg.rows
		}
	}
}

func outKind(t tensor.DType) int {
	switch t {
	case tensor.Int8:
		return asm.BrgU8OutS8
	case tensor.Int32:
		return asm.BrgU8OutS32
	case tensor.Float32:
		return asm.BrgU8OutF32
	}
	return asm.BrgU8OutU8
}

// byteRunner is what a runner is for bytes.
type byteRunner interface {
	tasks() int
	doBytes(w *worker, task int, dst, src []byte)
	scratch() int
	String() string
}

// onBytes has a plan for bytes look like others to a workspace.
type onBytes struct{ byteRunner }

func (onBytes) do(*worker, int, []float32, []float32, []float32) { panic(isQuantised) }

// The messages of what Run and RunBytes panic with.
const (
	isQuantised   = "conv: the plan was made by NewQuantised, which RunBytes runs"
	notQuantised  = "conv: the plan was not made by NewQuantised"
	shortDstBytes = "conv: len(dst) is not the output's size in bytes, or too short for OutStride"
)

// RunBytes convolves src into dst, both NHWC: bytes, or as many bytes as an output of another type has, which are aligned for it. Neither may overlap the other; otherwise the rules are
// those of Run.
func (pl *Plan) RunBytes(ws *Workspace, dst, src []byte) {
	if pl == nil || pl.runner == nil {
		panic(noPlan)
	}
	if _, ok := pl.runner.(onBytes); !ok {
		panic(notQuantised)
	}
	size := pl.outSize
	if len(dst)%size != 0 || !fits(len(dst)/size, pl.out, pl.p.outStride()) {
		panic(shortDstBytes)
	}
	if !fits(len(src), pl.p.In, pl.p.inStride()) {
		panic(shortSrc)
	}
	if ws == nil || !ws.serves(pl) {
		panic(noWorkspace)
	}
	if !mem.Apart(dst, src) {
		panic(overlap)
	}
	ws.busy.Enter(busyWorkspace)
	defer ws.release()
	ws.plan, ws.dstBytes, ws.srcBytes = pl, dst, src
	ws.do(convolveBytes, pl.runner.tasks())
}
