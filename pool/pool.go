// Package pool computes maximum and average pooling of 4-D tensors in float32, and of bytes (NewBytes).
//
// A Plan is made once for a problem and run many times with a Workspace. A plan is safe for concurrent use; a
// workspace is not: every goroutine that runs plans needs its own.
package pool

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/tensor"
)

// Kind is what a window is reduced to.
type Kind uint8

const (
	Max Kind = iota // the largest element; a NaN wins; padding never does
	Avg             // the mean
)

func (k Kind) String() string {
	switch k {
	case Max:
		return "max"
	case Avg:
		return "avg"
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Params describe a pooling problem.
type Params struct {
	Kind   Kind
	In     tensor.Shape
	Window tensor.Window
	Global bool // every channel is reduced to one value; Window is zero then

	// CountIncludePad makes an average divide by the positions of its window that lie in the input or its
	// padding; otherwise it divides by those in the input. What CeilMode lets hang over the padding counts
	// in neither case (PyTorch's and ONNX's rule). The zeros of the padding are part of the sum either way.
	CountIncludePad bool

	Layout tensor.Layout

	// OutStride is the number of floats from one pixel of the output to the next in NHWC, so that a pooling writes
	// some of the channels of a wider tensor; the slice given to Run begins at the first of them. 0 means In.C.
	OutStride int

	Kernels *asm.Set // nil: asm.Kernels()
}

// Plan is a pooling problem with its method chosen.
type Plan struct {
	p          Params
	out        tensor.Shape
	rows, cols []segment
	kernels    []*asm.PoolRow // those of the kind
	single     *asm.PoolRow   // single pixels
	multi      *asm.PoolRow   // tiles of several pixels for few channels, or nil
	sized      []*asm.PoolRow // single pixels, windows of one size
	unzip      *asm.UnzipRow
	ldout      int // floats between pixels of the output, NHWC
	maps, c    int // maps of pixels of c floats
	step       int // floats from a pixel of a map's output to the next

	// The way maps are reduced: one of these, or by tiles.
	blocks *blocks
	whole  *whole
	lines  *lines
	ranges *ranges

	bands   int // of the rows of a map
	chunks  int // of the channels of a band
	cuts    int // of the columns of a chunk
	units   int // all of these, or blocks
	group   int // units of a task
	tasks   int
	work    int // elements read, for the choice of threads
	scratch int // floats per worker
}

// segment is a run of outputs along one axis with the same valid taps.
type segment struct {
	tensor.Segment
	count int // what an average divides by, along this axis
}

// New plans a problem. The error names the parameter that is not allowed.
func New(p Params) (*Plan, error) {
	if p.Kind != Max && p.Kind != Avg {
		return nil, fmt.Errorf("pool: Kind is %d, want Max or Avg", uint8(p.Kind))
	}
	if p.Layout != tensor.NCHW && p.Layout != tensor.NHWC {
		return nil, fmt.Errorf("pool: Layout is %d, want NCHW or NHWC", uint8(p.Layout))
	}
	if err := p.In.Check(); err != nil {
		return nil, fmt.Errorf("pool: In: %w", err)
	}
	if p.Global {
		if p.Window != (tensor.Window{}) {
			return nil, fmt.Errorf("pool: Window is %+v, want the zero Window with Global", p.Window)
		}
		p.Window, p.Global = tensor.Window{KernelH: p.In.H, KernelW: p.In.W}, false
	}
	outH, outW, err := p.Window.Out(p.In.H, p.In.W)
	if err != nil {
		return nil, fmt.Errorf("pool: Window: %w", err)
	}
	p.Window = p.Window.Normal()
	out := tensor.Shape{N: p.In.N, C: p.In.C, H: outH, W: outW}
	if err := out.Check(); err != nil {
		return nil, fmt.Errorf("pool: output: %w", err)
	}
	if p.In.Elems() > math.MaxInt/4-out.Elems() {
		return nil, fmt.Errorf("pool: In is %v and the output %v, which together overflow the address space", p.In, out)
	}
	switch {
	case p.OutStride == 0:
	case p.Layout != tensor.NHWC:
		return nil, fmt.Errorf("pool: OutStride is %d, want 0 with Layout %v", p.OutStride, p.Layout)
	case p.OutStride < p.In.C:
		return nil, fmt.Errorf("pool: OutStride is %d, want 0 or at least In.C = %d", p.OutStride, p.In.C)
	default:
		if _, ok := tensor.MulOK(4, out.N, outH, outW, p.OutStride); !ok {
			return nil, fmt.Errorf("pool: OutStride is %d, which overflows the address space", p.OutStride)
		}
	}
	if p.Kernels, err = p.Kernels.Or(); err != nil {
		return nil, fmt.Errorf("pool: %w", err)
	}
	l := &Plan{p: p, out: out, ldout: max(p.OutStride, p.In.C), unzip: p.Kernels.Unzip[0]}
	w := &l.p.Window
	l.rows = l.segments(outH, p.In.H, w.KernelH, w.StrideH, w.DilationH, w.PadTop, w.PadBottom)
	l.cols = l.segments(outW, p.In.W, w.KernelW, w.StrideW, w.DilationW, w.PadLeft, w.PadRight)
	l.kernels = p.Kernels.MaxPool
	if p.Kind == Avg {
		l.kernels = p.Kernels.AvgPool
	}
	for _, r := range l.kernels {
		switch {
		case r.KH > 0:
			l.sized = append(l.sized, r)
		case r.Pixels > 1:
			l.multi = r
		case l.single == nil:
			l.single = r
		}
	}
	l.divide()
	if l.scratch > mem.MostFloats {
		return nil, fmt.Errorf("pool: In is %v, which needs a workspace that overflows the address space", p.In)
	}
	return l, nil
}

func (l *Plan) segments(out, in, kernel, stride, dilation, before, after int) []segment {
	var s []segment
	for _, g := range tensor.Segments(out, in, kernel, stride, dilation, before) {
		if l.p.Kind != Avg || !l.p.CountIncludePad {
			s = append(s, segment{g, g.K1 - g.K0})
			continue
		}
		// Within a segment the count of positions before the end of the padding may still change: it only falls.
		for _, n := range tensor.Segments(g.Hi-g.Lo, before+in+after, kernel, stride, dilation, -g.Lo*stride) {
			s = append(s, segment{tensor.Segment{Lo: g.Lo + n.Lo, Hi: g.Lo + n.Hi, K0: g.K0, K1: g.K1}, n.K1})
		}
	}
	return s
}

// scale is what the sum of a window is multiplied by: 1/count, and 0 where there is nothing to count.
func scale(rows, cols *segment) float32 {
	if rows.count == 0 || cols.count == 0 {
		return 0
	}
	return float32(1 / (float64(rows.count) * float64(cols.count)))
}

// In is the shape of the input.
func (l *Plan) In() tensor.Shape { return l.p.In }

// Out is the shape of the output.
func (l *Plan) Out() tensor.Shape { return l.out }

// String describes the plan: problem, way of reducing, kernels, division into tasks and workspace.
func (l *Plan) String() string {
	kind := "max"
	if l.p.Kind == Avg {
		kind = "avg"
	}
	s := fmt.Sprintf("pool %s %v %v", kind, l.p.In, l.p.Window)
	if l.p.CountIncludePad {
		s += " countpad"
	}
	if l.p.Layout != tensor.NCHW {
		s += " " + l.p.Layout.String()
	}
	if l.p.OutStride != 0 {
		s += fmt.Sprintf(" stride %d", l.p.OutStride)
	}
	s += ": " + l.way() + ", "
	for _, r := range l.kernels {
		s += r.Name + " "
	}
	return s + fmt.Sprintf("tasks %d workspace %d B", l.tasks, 4*l.scratch)
}

// way names how maps are reduced.
func (l *Plan) way() string {
	switch {
	case l.blocks != nil:
		return "blocks of " + l.blocks.inner.way()
	case l.whole != nil:
		return "whole"
	case l.lines != nil:
		return "lines"
	case l.ranges != nil:
		return "ranges"
	}
	return "tiles"
}
