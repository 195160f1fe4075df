// Package conv computes two-dimensional convolutions (cross-correlations, as neural networks have
// them) in float32:
//
//	y[n][oc][oy][ox] = act(bias[oc] + residual[n][oc][oy][ox] +
//	    sum over ic, kh, kw of w[oc][ic][kh][kw] *
//	        x[n][g*C/Groups+ic][oy*StrideH-PadTop+kh*DilationH][ox*StrideW-PadLeft+kw*DilationW])
//
// where g is the group of oc, and what lies outside x is left out of the sum: a weight there has no effect, even
// one that is infinite or NaN. A convolution is planned once (New: the algorithm is chosen, the weights are
// packed) and run many times. A Plan is immutable: any
// number of goroutines may run it at once, each with a Workspace of its own.
package conv

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// Accuracy says which sums a convolution may compute.
type Accuracy uint8

const (
	// Strict, the zero value, multiplies as the definition says: every output is a sum of the products of its window,
	// by fused multiply-adds, in an order that the plan fixes.
	Strict Accuracy = iota
	// Relaxed also permits algorithms that compute the same sums from fewer multiplications and round differently:
	// Winograd's for 3x3 kernels at stride 1, where they are faster. With inputs and weights as networks have
	// them the error of F(4x4,3x3), relative to the output and in the L2 norm, is 3 to 4 times that of a sum in float32 in order
	// (9e-7 with 64 channels, 2.4e-6 with 512), that of F(2x2,3x3) no larger. A NaN or an infinity in the input makes all outputs
	// not finite (NaN or infinite, before the activation) whose windows have it, and may make those of the same
	// tile so, up to 5 pixels away. Sums of inputs are up to 49 times as large as inputs, and overflow earlier.
	Relaxed
)

// Params says what a convolution computes.
type Params struct {
	In         tensor.Shape  // of the input
	OutC       int           // output channels
	Window     tensor.Window // kernel, stride, dilation, padding; CeilMode must be false
	Groups     int           // In.C and OutC are divisible by it; 0 means 1
	InLayout   tensor.Layout // of the input
	OutLayout  tensor.Layout // of the output and the residual
	Activation Activation
	Accuracy   Accuracy // which sums may be computed
	Residual   bool     // Run adds a tensor of the output's shape before the activation

	// Floats from one pixel to the next of input, output and residual in NHWC, so that a convolution reads
	// and writes some of the channels of a wider tensor; the slices given to Run begin at the first of them.
	// 0 means that there are no others: In.C, OutC and OutC.
	InStride, OutStride, ResidualStride int
	// Floats from one row of the output to the next in NHWC, those of all images alike, so that a convolution writes some of the rows and
	// pixels of a larger picture: a transposed convolution is made of such. 0 means that the rows follow each other. With it there is no
	// residual, the algorithms are winograd, winograd2, narrow, pointwise and direct, and nothing between the pixels may be part of src.
	OutRowStride int

	// Precision says which numbers are multiplied: see BF16. With it input and output may be bfloat16 in memory, for RunBF16; the residual is as the output. They lie channels
	// last, in even numbers of channels. A convolution that would be no faster in bfloat16 is an error, unless Force is set: that is for tests.
	Precision       Precision
	InBF16, OutBF16 bool
	Force           bool

	// One of Algorithms, or "" for the first that applies and is quick. Some are not for all weights: winograd and winograd2 take
	// none larger than a quarter of the largest float32, planar and narrow none that are infinite or NaN where there is padding.
	Algorithm string
	// Bytes of packed weights that Winograd's algorithms may take where they are chosen by New: theirs are 4 or 1.8 times as large as
	// the weights. 0 means that there is no limit.
	WeightLimit int
	Kernels     *asm.Set // nil means asm.Kernels()
}

// Plan is a convolution ready to run.
type Plan struct {
	p         Params // what is computed: what New was given, or that with its axes exchanged
	out       tensor.Shape
	turned    bool // the axes are exchanged
	algorithm string
	runner    runner
	reads     access    // how the runner gets at the input, and
	writes    access    // at output and residual
	bias      []float32 // nil or OutC of them
	packed    []float32 // the weights, as the runner reads them
	most      float32   // the largest magnitude of a weight, +Inf where a weight is not finite
	lo, hi    float32
	clamped   bool    // the activation is a clamp, fused into the kernels
	parts     []*Plan // of a chain
	outSize   int     // bytes of an element of the output, of plans for bytes
	half      *Params // what New was given, of a plan in bfloat16: p is then the same on pairs of channels
}

// runner is a convolution divided into tasks, which may run in any order and at once. What do is given has the layouts that Plan.reads and
// Plan.writes say. Each element of the output is written by exactly one task, complete with residual and activation unless Plan.writes
// says otherwise. The residual may be dst: a task reads what it adds to an element before it writes there.
type runner interface {
	tasks() int
	do(w *worker, task int, dst, src, residual []float32)
	scratch() int   // floats of worker scratch that do needs
	String() string // kernel and blocking
}

// algorithm is an entry of the list that New goes through.
type algorithm struct {
	name    string
	applies func(p *Params) bool
	pays    func(p *Params) bool    // nil: always
	limit   func(p *Params) float32 // of the weights' magnitudes; nil: none, they need not be finite
	build   func(pl *Plan, w weights) runner
}

// algorithms is the list, best first: the first that applies and pays is taken.
var algorithms = []algorithm{
	{"depthwise", depthwiseApplies, depthwisePays, nil, newDepthwise},
	{"grouped", groupedApplies, groupedPays, nil, newDepthwise},
	{"winograd", winogradApplies, winogradPays, winogradLimit, newWinograd},
	{"winograd2", winogradApplies, winograd2Pays, winogradLimit, newWinograd2},
	{"planar", planarApplies, planarPays, paddedLimit, newPlanar},
	{"narrow", narrowApplies, narrowPays, paddedLimit, newNarrow},
	{"pointwise", pointwiseApplies, nil, nil, newPointwise},
	{"direct", always, nil, nil, newDirect},
}

func always(*Params) bool { return true }

// paddedLimit is the limit of algorithms that copy the input with zeros around it: where there is padding the weights are
// multiplied by these zeros, which is nothing if the weights are finite, and NaN otherwise.
func paddedLimit(p *Params) float32 {
	if w := &p.Window; w.PadTop|w.PadLeft|w.PadBottom|w.PadRight != 0 {
		return math.MaxFloat32
	}
	return float32(math.Inf(1))
}

// magnitude is the largest magnitude of x, +Inf where an element is not finite.
func magnitude(x []float32) float32 {
	most := float32(0)
	for _, v := range x {
		if v = max(v, -v); !(v <= most) {
			if !(v <= math.MaxFloat32) {
				return float32(math.Inf(1))
			}
			most = v
		}
	}
	return most
}

// Algorithms lists the names of the algorithms, best first.
func Algorithms() []string {
	var names []string
	for _, a := range algorithms {
		names = append(names, a.name)
	}
	return names
}

// Applies reports whether the named algorithm can compute what p says, with p.Kernels: "grouped" takes groups no wider than their vectors. It is
// false where New returns an error for p.
func Applies(name string, p Params) bool {
	var err error
	if p.Kernels, err = p.Kernels.Or(); err != nil {
		return false
	}
	if p.Groups == 0 {
		p.Groups = 1
	}
	if _, err := p.check(); err != nil {
		return false
	}
	if p.Window = p.Window.Normal(); p.Precision == BF16 {
		return name == "direct" || name == "pointwise" && pointwiseApplies(&p)
	}
	if p.turns() {
		p.turn()
	}
	for _, a := range algorithms {
		if a.name == name {
			return a.applies(&p)
		}
	}
	return false
}

// New plans a convolution. The weights are OIHW, [OutC][In.C/Groups][KernelH][KernelW], and the bias
// has OutC elements or is nil; both are copied. An error names the argument, its value and what is
// allowed.
func New(p Params, weights, bias []float32) (*Plan, error) {
	return NewShared(p, weights, bias, new(Packed))
}

// NewShared plans a convolution whose packed weights it shares with others, which must have been given the same weights and the same bias: what they
// read is the same memory where they read the weights in the same order.
func NewShared(p Params, oihw, bias []float32, packed *Packed) (*Plan, error) {
	if packed == nil {
		return nil, errors.New("conv: packed is nil")
	}
	if p.Groups == 0 {
		p.Groups = 1
	}
	out, err := p.check()
	if err != nil {
		return nil, err
	}
	p.Window = p.Window.Normal()
	want, ok := tensor.MulOK(4, p.OutC, p.In.C/p.Groups, p.Window.KernelH, p.Window.KernelW)
	if !ok {
		return nil, fmt.Errorf("conv: the weights for OutC %d overflow the address space", p.OutC)
	}
	if len(oihw) != want/4 {
		return nil, fmt.Errorf("conv: len(weights) is %d, want OutC*In.C/Groups*KernelH*KernelW = %d", len(oihw), want/4)
	}
	if bias != nil && len(bias) != p.OutC {
		return nil, fmt.Errorf("conv: len(bias) is %d, want OutC = %d or nil", len(bias), p.OutC)
	}
	if p.Kernels, err = p.Kernels.Or(); err != nil {
		return nil, fmt.Errorf("conv: %w", err)
	}
	pl := &Plan{p: p, out: out, most: packed.magnitude(oihw), bias: slices.Clone(bias)}
	pl.lo, pl.hi, pl.clamped = p.Activation.clamp()
	if p.Precision == BF16 {
		return pl.inPairs(weights{oihw, packed})
	}
	if pl.turned = p.turns(); pl.turned {
		pl.p.turn()
		pl.out.H, pl.out.W = pl.out.W, pl.out.H
	}
	for _, a := range algorithms {
		if p.Algorithm != "" && p.Algorithm != a.name {
			continue
		}
		applies := a.applies(&pl.p)
		if p.Algorithm != "" && !applies {
			return nil, fmt.Errorf("conv: Algorithm %q does not apply to %v", a.name, pl)
		}
		if applies && a.limit != nil && pl.most > a.limit(&pl.p) {
			if p.Algorithm != "" {
				most := fmt.Sprint(pl.most)
				if pl.most > math.MaxFloat32 {
					most += " or NaN"
				}
				return nil, fmt.Errorf("conv: the largest weight is %s, want at most %v with Algorithm %q", most, a.limit(&pl.p), a.name)
			}
			continue
		}
		if p.Algorithm != "" || applies && (a.pays == nil || a.pays(&pl.p)) {
			pl.algorithm = a.name
			pl.reachNHWC(false)
			pl.runner = a.build(pl, weights{oihw, packed})
			if max(pl.shared(), pl.runner.scratch()) > mem.MostFloats {
				return nil, fmt.Errorf("conv: In is %v, for which Algorithm %q needs a workspace that overflows the address space", p.In, a.name)
			}
			return pl, nil
		}
	}
	return nil, fmt.Errorf("conv: unknown Algorithm %q, want one of %s", p.Algorithm, strings.Join(Algorithms(), " "))
}

// check returns the output shape.
func (p *Params) check() (out tensor.Shape, err error) {
	fail := func(format string, args ...any) (tensor.Shape, error) {
		return tensor.Shape{}, fmt.Errorf("conv: "+format, args...)
	}
	if err := p.In.Check(); err != nil {
		return fail("In: %w", err)
	}
	switch {
	case p.InLayout != tensor.NCHW && p.InLayout != tensor.NHWC:
		return fail("InLayout is %v, want NCHW or NHWC", p.InLayout)
	case p.OutLayout != tensor.NCHW && p.OutLayout != tensor.NHWC:
		return fail("OutLayout is %v, want NCHW or NHWC", p.OutLayout)
	case p.OutC < 1:
		return fail("OutC is %d, want at least 1", p.OutC)
	case p.Groups < 1 || p.In.C%p.Groups != 0 || p.OutC%p.Groups != 0:
		return fail("Groups is %d, want a divisor of In.C = %d and OutC = %d", p.Groups, p.In.C, p.OutC)
	case p.Window.CeilMode:
		return fail("Window.CeilMode is true, want false: it is for pooling")
	case p.WeightLimit < 0:
		return fail("WeightLimit is %d, want at least 0", p.WeightLimit)
	case p.Accuracy > Relaxed:
		return fail("Accuracy is %d, want Strict or Relaxed", p.Accuracy)
	}
	if err := p.Activation.Check(); err != nil {
		return fail("Activation: %w", err)
	}
	oh, ow, err := p.Window.Out(p.In.H, p.In.W)
	if err != nil {
		return fail("Window: %w", err)
	}
	out = tensor.Shape{N: p.In.N, C: p.OutC, H: oh, W: ow}
	if err := out.Check(); err != nil {
		return fail("output: %w", err)
	}
	if p.In.Elems() > math.MaxInt/4-out.Elems() {
		return fail("In is %v and the output %v, which together overflow the address space", p.In, out)
	}
	for _, s := range []struct {
		name      string
		stride, c int
		of        string
		layout    tensor.Layout
	}{
		{"InStride", p.InStride, p.In.C, "In.C", p.InLayout}, {"OutStride", p.OutStride, p.OutC, "OutC", p.OutLayout},
		{"ResidualStride", p.ResidualStride, p.OutC, "OutC", p.OutLayout},
	} {
		if s.stride == 0 {
			continue
		}
		if s.layout != tensor.NHWC {
			return fail("%s is %d, want 0 in NCHW", s.name, s.stride)
		}
		if s.stride < s.c {
			return fail("%s is %d, want 0 or at least %s = %d", s.name, s.stride, s.of, s.c)
		}
		pixels := max(p.In.N*p.In.H*p.In.W, out.N*out.H*out.W)
		if _, ok := tensor.MulOK(4, pixels, s.stride); !ok {
			return fail("%s is %d, which overflows the address space", s.name, s.stride)
		}
	}
	if row := p.OutRowStride; row != 0 {
		// Within the address space by the check of OutStride.
		least := (out.W-1)*p.outStride() + p.OutC
		switch {
		case p.OutLayout != tensor.NHWC:
			return fail("OutRowStride is %d, want 0 in NCHW", row)
		case p.Residual:
			return fail("OutRowStride is %d, want 0 with Residual", row)
		case row < least:
			return fail("OutRowStride is %d, want 0 or at least a row's %d", row, least)
		}
		if _, ok := tensor.MulOK(4, out.N*out.H, row); !ok {
			return fail("OutRowStride is %d, which overflows the address space", row)
		}
	}
	if p.ResidualStride != 0 && !p.Residual {
		return fail("ResidualStride is %d, want 0 without Residual", p.ResidualStride)
	}
	if err := p.checkPrecision(); err != nil {
		return fail("%w", err)
	}
	return out, nil
}

// both reports whether all tensors have a layout.
func (p *Params) both(l tensor.Layout) bool { return p.InLayout == l && p.OutLayout == l }

// inStride is the number of floats from one pixel of the input to the next in NHWC.
func (p *Params) inStride() int { return max(p.InStride, p.In.C) }

func (p *Params) outStride() int { return max(p.OutStride, p.OutC) }

func (p *Params) residualStride() int { return max(p.ResidualStride, p.OutC) }

// Params returns what the plan was made from, with defaults filled in. Those of a Chain are the input's of its first plan, the output's of
// its last, and the depthwise convolution's window.
func (pl *Plan) Params() Params {
	p := pl.p
	if pl.half != nil {
		return *pl.half
	}
	if pl.turned {
		p.turn()
	}
	return p
}

// Out is the shape of the output.
func (pl *Plan) Out() tensor.Shape {
	out := pl.out
	if pl.turned {
		out.H, out.W = out.W, out.H
	}
	return out
}

// Algorithm is the name of the algorithm that was chosen, or "chain".
func (pl *Plan) Algorithm() string { return pl.algorithm }

// MACs is the number of multiply-adds of one run, those with padding included, or the largest int.
func (pl *Plan) MACs() int {
	if pl.parts != nil {
		sum := 0
		for _, p := range pl.parts {
			sum = min(sum, math.MaxInt-p.MACs()) + p.MACs()
		}
		return sum
	}
	return tensor.Mul(pl.out.Elems(), pl.given().In.C/max(pl.p.Groups, 1), pl.p.Window.KernelH, pl.p.Window.KernelW)
}

// flops are the floating-point operations, for dividing them into tasks.
func (pl *Plan) flops() int { return tensor.Mul(2, pl.MACs()) }

// String names the problem, the algorithm, the kernel and its blocking, and the workspace.
func (pl *Plan) String() string {
	s := pl.problem()
	if pl.runner == nil {
		return s
	}
	return fmt.Sprintf("%s: %s, %v, workspace %d KiB and %d KiB a worker", s, pl.algorithm, pl.runner,
		(4*pl.shared()+1023)/1024, (4*pl.runner.scratch()+1023)/1024)
}

// problem says what is computed.
func (pl *Plan) problem() string {
	if pl.parts != nil {
		var s []string
		for _, p := range pl.parts {
			s = append(s, p.problem())
		}
		return strings.Join(s, " + ")
	}
	p := pl.Params()
	s := fmt.Sprintf("conv %v k%d%v", p.In, p.OutC, p.Window)
	if p.Groups != 1 {
		s += fmt.Sprintf(" g%d", p.Groups)
	}
	if p.InLayout != p.OutLayout {
		s += fmt.Sprintf(" %v from %v", p.OutLayout, p.InLayout)
	} else if p.InLayout != tensor.NCHW {
		s += " " + p.InLayout.String()
	}
	if i, o, r := p.InStride, p.OutStride, p.ResidualStride; i != 0 || o != 0 || r != 0 {
		s += fmt.Sprintf(" strides %d,%d,%d", i, o, r)
	}
	if p.OutRowStride != 0 {
		s += fmt.Sprintf(" rows %d", p.OutRowStride)
	}
	if p.Precision == BF16 {
		s += " bfloat16"
	}
	return s
}

// The messages of what Run panics with.
const (
	shortDst      = "conv: len(dst) is not the output's size, or too short for OutStride and OutRowStride"
	shortSrc      = "conv: len(src) is not the input's size, or too short for InStride"
	shortRes      = "conv: len(residual) is not the output's size, or too short for ResidualStride"
	notResidual   = "conv: residual is given, but Params.Residual is false"
	overlap       = "conv: dst overlaps src"
	overlapRes    = "conv: dst overlaps residual, and is not the same tensor"
	noPlan        = "conv: the plan is nil or was not made by New"
	noWorkspace   = "conv: the workspace is nil or was not made for this plan"
	busyWorkspace = "conv: the workspace is in use: it serves one call at a time"
)

// Run convolves src, which has Params.InLayout, into dst, which has OutLayout. The residual has the output's shape and must be
// nil unless Params.Residual is set. It may be dst, with the same stride: the sum replaces it. Otherwise dst
// must overlap neither of the others, channels between strides aside: parts of it are written before
// all of them have been read. With a stride wider than its channels a slice may be longer than the
// tensor, and what lies between the channels is neither read nor written. Run panics when a length is
// wrong, when ws was not made for the plan or is in use, and when tensors overlap.
func (pl *Plan) Run(ws *Workspace, dst, src, residual []float32) {
	if pl == nil || pl.runner == nil {
		panic(noPlan)
	}
	if pl.half != nil && (pl.half.InBF16 || pl.half.OutBF16) {
		panic(isBF16)
	}
	if row := pl.p.OutRowStride; row != 0 && len(dst) < pl.span() || row == 0 && !fits(len(dst), pl.out, pl.p.outStride()) {
		panic(shortDst)
	}
	in := pl.given()
	if !fits(len(src), in.In, in.inStride()) {
		panic(shortSrc)
	}
	if pl.p.Residual {
		if !fits(len(residual), pl.out, pl.p.residualStride()) {
			panic(shortRes)
		}
	} else if residual != nil {
		panic(notResidual)
	}
	if ws == nil || !ws.serves(pl) {
		panic(noWorkspace)
	}
	y := pixels(dst, pl.out, pl.p.outStride())
	if pl.p.OutRowStride != 0 {
		y = mem.Dense(dst[:pl.span()])
	}
	if y.Overlap(pixels(src, in.In, in.inStride())) {
		panic(overlap)
	}
	if pl.p.Residual {
		if r := pixels(residual, pl.out, pl.p.residualStride()); r != y && r.Overlap(y) {
			panic(overlapRes)
		}
	}
	ws.busy.Enter(busyWorkspace)
	defer ws.release()
	ws.run(pl, dst, src, residual)
}

// pixels is where a tensor lies: the channels of pixels stride floats apart, or all of it.
func pixels(x []float32, s tensor.Shape, stride int) mem.Rows {
	return mem.Rows{First: unsafe.SliceData(x), N: s.N * s.H * s.W, Len: s.C, Step: stride}
}

// span is the floats from the first of the output to the last, with OutRowStride.
func (pl *Plan) span() int {
	return (pl.out.N*pl.out.H-1)*pl.p.OutRowStride + (pl.out.W-1)*pl.p.outStride() + pl.out.C
}

// fits reports whether n is the length of a tensor whose pixels lie stride floats apart.
func fits(n int, s tensor.Shape, stride int) bool {
	if stride == s.C {
		return n == s.Elems()
	}
	return n >= (s.N*s.H*s.W-1)*stride+s.C
}

// finish returns the flags of the kernel call that completes a sum. The residual is not among them: it is added by the call that begins the sum,
// because it may be the output itself, where partial sums overwrite it.
func (pl *Plan) finish() int {
	flags := 0
	if pl.bias != nil {
		flags |= asm.BrgBias
	}
	if pl.clamped && pl.p.Activation.Kind != asm.Identity {
		flags |= asm.BrgClamp
	}
	return flags
}

// activate applies an activation to channels c0 to c1-1 of pixels lo to hi-1 of an output, which a task has just written. Clamps are left to
// the kernels, which apply them to their sums.
func (pl *Plan) activate(w *worker, y piece, lo, hi, c0, c1 int) {
	if pl.clamped {
		return
	}
	kind, a, b := pl.p.Activation.Kind, pl.p.Activation.A, pl.p.Activation.B
	step := 1
	if c1-c0 == y.ld && y.gap == 0 {
		step = hi - lo
	}
	for p := lo; p < hi; p += step {
		x := y.x[y.at(p, c0):][:step*(c1-c0)]
		w.elem.Unary(pl.p.Kernels, kind, a, b, x, x)
	}
}
