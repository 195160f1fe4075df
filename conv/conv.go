// Package conv computes two-dimensional convolutions (cross-correlations, as neural networks have
// them) in float32:
//
//	y[n][oc][oy][ox] = act(bias[oc] + residual[n][oc][oy][ox] +
//	    sum over ic, kh, kw of w[oc][ic][kh][kw] *
//	        x[n][g*C/Groups+ic][oy*StrideH-PadTop+kh*DilationH][ox*StrideW-PadLeft+kw*DilationW])
//
// where g is the group of oc and what lies outside x counts as zero. A convolution is planned once
// (New: the algorithm is chosen, the weights are packed) and run many times. A Plan is immutable: any
// number of goroutines may run it at once, each with a Workspace of its own.
package conv

import (
	"fmt"
	"math"
	"strings"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// Activation is what a convolution does to its sums last. The zero value does nothing.
type Activation struct {
	Kind asm.Unary
	A, B float32 // parameters, as Kind has them: Clamp lo and hi, LeakyReLU the slope
}

// clamp returns the activation as bounds, if it is a clamp.
func (a Activation) clamp() (lo, hi float32, ok bool) {
	inf := float32(math.Inf(1))
	switch a.Kind {
	case asm.Identity:
		return -inf, inf, true
	case asm.ReLU:
		return 0, inf, true
	case asm.Clamp:
		return a.A, a.B, true
	}
	return -inf, inf, false
}

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
	Layout     tensor.Layout // of input, output and residual
	InNCHW     bool          // the input is NCHW whatever Layout is: what a network that is NHWC inside is fed
	Activation Activation
	Accuracy   Accuracy // which sums may be computed
	Residual   bool     // Run adds a tensor of the output's shape before the activation

	// Floats from one pixel to the next of input, output and residual in NHWC, so that a convolution reads
	// and writes some of the channels of a wider tensor; the slices given to Run begin at the first of them.
	// 0 means that there are no others: In.C, OutC and OutC.
	InStride, OutStride, ResidualStride int

	Algorithm string   // one of Algorithms, or "" for the first that applies
	Kernels   *asm.Set // nil means asm.Kernels()
}

// Plan is a convolution ready to run.
type Plan struct {
	p         Params
	out       tensor.Shape
	algorithm string
	runner    runner
	bias      []float32 // nil or OutC of them
	lo, hi    float32
	clamped   bool    // the activation is a clamp, fused into the kernels
	native    bool    // the runner works in the plan's own layout, which is NCHW
	parts     []*Plan // of a chain
	planes    bool    // the runner reads an input that is NCHW as it stands
	piecesIn  bool    // the runner's tasks change the layout of what they read, and
	piecesOut bool    // of what they write
	gathers   bool    // the runner works on a copy of the pixels that a strided 1x1 kernel uses
}

// runner is a convolution in NHWC (or, if it sets Plan.native or Plan.piecesIn and piecesOut, in the plan's layout), divided into
// tasks that may run in any order and at once. All
// of the output is written by exactly one task, complete with residual and activation (but for
// Plan.native: an activation that is not a clamp is a phase of its own there). The residual may be dst:
// a task reads what it adds to an element before it writes there.
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
	pays    func(p *Params) bool // nil: always
	build   func(pl *Plan, weights []float32) runner
}

// algorithms is the list, best first: the first that applies and pays is taken.
var algorithms = []algorithm{
	{"depthwise", depthwiseApplies, nil, newDepthwise},
	{"winograd", winogradApplies, winogradPays, newWinograd},
	{"winograd2", winogradApplies, winograd2Pays, newWinograd2},
	{"planar", planarApplies, planarPays, newPlanar},
	{"narrow", narrowApplies, narrowPays, newNarrow},
	{"pointwise", pointwiseApplies, nil, newPointwise},
	{"direct", always, nil, newDirect},
}

func always(*Params) bool { return true }

// Algorithms lists the names of the algorithms, best first.
func Algorithms() []string {
	var names []string
	for _, a := range algorithms {
		names = append(names, a.name)
	}
	return names
}

// Applies reports whether the named algorithm can compute what p says.
func Applies(name string, p Params) bool {
	if p.Groups == 0 {
		p.Groups = 1
	}
	p.Window = p.Window.Normal()
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
	if len(weights) != want/4 {
		return nil, fmt.Errorf("conv: len(weights) is %d, want OutC*In.C/Groups*KernelH*KernelW = %d", len(weights), want/4)
	}
	if bias != nil && len(bias) != p.OutC {
		return nil, fmt.Errorf("conv: len(bias) is %d, want OutC = %d or nil", len(bias), p.OutC)
	}
	if p.Kernels == nil {
		if p.Kernels, err = asm.Kernels(); err != nil {
			return nil, fmt.Errorf("conv: %w", err)
		}
	}
	pl := &Plan{p: p, out: out}
	if bias != nil {
		pl.bias = append(pl.bias, bias...)
	}
	pl.lo, pl.hi, pl.clamped = p.Activation.clamp()
	for _, a := range algorithms {
		if p.Algorithm != "" && p.Algorithm != a.name {
			continue
		}
		applies := a.applies(&pl.p)
		if p.Algorithm != "" && !applies {
			return nil, fmt.Errorf("conv: Algorithm %q does not apply to %v", a.name, pl)
		}
		if p.Algorithm != "" || applies && (a.pays == nil || a.pays(&pl.p)) {
			pl.algorithm = a.name
			pl.runner = a.build(pl, weights)
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
	case p.Layout != tensor.NCHW && p.Layout != tensor.NHWC:
		return fail("Layout is %v, want NCHW or NHWC", p.Layout)
	case p.OutC < 1:
		return fail("OutC is %d, want at least 1", p.OutC)
	case p.Groups < 1 || p.In.C%p.Groups != 0 || p.OutC%p.Groups != 0:
		return fail("Groups is %d, want a divisor of In.C = %d and OutC = %d", p.Groups, p.In.C, p.OutC)
	case p.Window.CeilMode:
		return fail("Window.CeilMode is true, want false: it is for pooling")
	case p.Accuracy > Relaxed:
		return fail("Accuracy is %d, want Strict or Relaxed", p.Accuracy)
	case !p.Activation.Kind.Valid():
		return fail("Activation.Kind is %v, want one of the unary operations", p.Activation.Kind)
	}
	oh, ow, err := p.Window.Out(p.In.H, p.In.W)
	if err != nil {
		return fail("Window: %w", err)
	}
	out = tensor.Shape{N: p.In.N, C: p.OutC, H: oh, W: ow}
	if err := out.Check(); err != nil {
		return fail("output: %w", err)
	}
	for _, s := range []struct {
		name      string
		stride, c int
		of        string
	}{{"InStride", p.InStride, p.In.C, "In.C"}, {"OutStride", p.OutStride, p.OutC, "OutC"}, {"ResidualStride", p.ResidualStride, p.OutC, "OutC"}} {
		if s.stride == 0 {
			continue
		}
		if p.Layout != tensor.NHWC || p.InNCHW && s.name == "InStride" {
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
	if p.ResidualStride != 0 && !p.Residual {
		return fail("ResidualStride is %d, want 0 without Residual", p.ResidualStride)
	}
	return out, nil
}

func (p *Params) inLayout() tensor.Layout {
	if p.InNCHW {
		return tensor.NCHW
	}
	return p.Layout
}

// inStride is the number of floats from one pixel of the input to the next in NHWC.
func (p *Params) inStride() int { return max(p.InStride, p.In.C) }

func (p *Params) outStride() int { return max(p.OutStride, p.OutC) }

func (p *Params) residualStride() int { return max(p.ResidualStride, p.OutC) }

// Params returns what the plan was made from, with defaults filled in. Those of a Chain are the input's of its first plan, the output's of
// its last, and the depthwise convolution's window.
func (pl *Plan) Params() Params { return pl.p }

// Out is the shape of the output.
func (pl *Plan) Out() tensor.Shape { return pl.out }

// Algorithm is the name of the algorithm that was chosen, or "chain".
func (pl *Plan) Algorithm() string { return pl.algorithm }

// MACs is the number of multiply-adds of one run, those with padding included.
func (pl *Plan) MACs() int {
	if pl.parts != nil {
		sum := 0
		for _, p := range pl.parts {
			sum += p.MACs()
		}
		return sum
	}
	return pl.out.Elems() * (pl.p.In.C / pl.p.Groups) * pl.p.Window.KernelH * pl.p.Window.KernelW
}

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
	s := fmt.Sprintf("conv %v k%d%v", pl.p.In, pl.p.OutC, pl.p.Window)
	if pl.p.Groups != 1 {
		s += fmt.Sprintf(" g%d", pl.p.Groups)
	}
	if pl.p.Layout != tensor.NCHW {
		s += " " + pl.p.Layout.String()
		if pl.p.InNCHW {
			s += " from NCHW"
		}
	}
	if i, o, r := pl.p.InStride, pl.p.OutStride, pl.p.ResidualStride; i != 0 || o != 0 || r != 0 {
		s += fmt.Sprintf(" strides %d,%d,%d", i, o, r)
	}
	return s
}

// The messages of what Run panics with.
const (
	shortDst      = "conv: len(dst) is not the output's size, or too short for OutStride"
	shortSrc      = "conv: len(src) is not the input's size, or too short for InStride"
	shortRes      = "conv: len(residual) is not the output's size, or too short for ResidualStride"
	notResidual   = "conv: residual is given, but Params.Residual is false"
	noWorkspace   = "conv: ws is nil or was not made for this plan"
	busyWorkspace = "conv: ws is in use"
)

// Run convolves src into dst, both in Params.Layout (but for Params.InNCHW). The residual has the output's shape and must be
// nil unless Params.Residual is set. It may be dst, with the same stride: the sum replaces it. Otherwise dst
// must overlap neither of the others, channels between strides aside: parts of it are written before
// all of them have been read. With a stride wider than its channels a slice may be longer than the
// tensor, and what lies between the channels is neither read nor written. Run panics when a length is
// wrong or ws was not made for the plan.
func (pl *Plan) Run(ws *Workspace, dst, src, residual []float32) {
	if !fits(len(dst), pl.out, pl.p.outStride()) {
		panic(shortDst)
	}
	if !fits(len(src), pl.p.In, pl.p.inStride()) {
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
	if ws.plan != nil {
		panic(busyWorkspace)
	}
	ws.run(pl, dst, src, residual)
}

// fits reports whether n is the length of a tensor whose pixels lie stride floats apart.
func fits(n int, s tensor.Shape, stride int) bool {
	if stride == s.C {
		return n == s.Elems()
	}
	return n >= (s.N*s.H*s.W-1)*stride+s.C
}

// finish returns the flags of the kernel call that completes a sum. The residual is added by the call that begins
// it, because the residual may be the output, where partial sums are going to lie.
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

// activate applies an activation that is not a clamp, and so not fused into the kernels, to channels c0 to c1-1 of
// the pixels lo to hi-1 of an output, which a task has just written.
func (pl *Plan) activate(w *worker, y piece, lo, hi, c0, c1 int) {
	if pl.clamped {
		return
	}
	kind, a, b := pl.p.Activation.Kind, pl.p.Activation.A, pl.p.Activation.B
	step := 1
	if c1-c0 == y.ld {
		step = hi - lo
	}
	for p := lo; p < hi; p += step {
		x := y.x[y.at(p, c0):][:step*(c1-c0)]
		w.elem.Unary(pl.p.Kernels, kind, a, b, x, x)
	}
}
