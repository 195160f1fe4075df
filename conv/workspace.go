package conv

import (
	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/internal/transpose"
	"github.com/simdnn/simdnn/tensor"
)

// Workspace is the memory that running a plan needs besides its operands, and the limit on its
// threads. It serves one Run at a time.
type Workspace struct {
	workers []*worker
	shared  []float32 // x, y, r and g follow each other

	// The Run in progress.
	plan               *Plan
	phase              phase
	dst, src, residual []float32 // NHWC, but for the phases load and unload
	x, y, r            []float32 // NCHW: input, output and residual in NHWC
	g                  []float32 // the pixels that a strided 1x1 convolution uses
}

// worker is the part of a workspace that one worker writes to.
type worker struct {
	brg       asm.BrgArgs
	dot       asm.DotArgs
	dw        dwWorker
	dwplane   asm.DwPlaneArgs
	elem      elem.Worker
	transpose transpose.Worker
	unzip     asm.UnzipArgs
	winoIn    asm.WinoInArgs
	winoOut   asm.WinoOutArgs
	held      int    // what winograd has in scratch: 1 + its number, 0 for nothing; of planar 1 for a strip
	pixels    [2]int // those of the input that direct has in scratch
	scratch   []float32
}

// phase is a step of a run, between two joins of its workers.
type phase int

const (
	gather       phase = iota // a strided 1x1 convolution's pixels
	load                      // NCHW: input to NHWC
	loadResidual              // NCHW: residual to NHWC
	convolve                  // the runner's tasks
	activate                  // an activation that is not a clamp, where the runner works in NCHW
	unload                    // NCHW: output from NHWC
)

// NewWorkspace returns a workspace that serves all the given plans, one run at a time, with at most
// the given number of threads; 0 means GOMAXPROCS.
func NewWorkspace(threads int, plans ...*Plan) *Workspace {
	ws := &Workspace{workers: make([]*worker, par.Limit(threads))}
	scratch, shared := 0, 0
	for _, pl := range plans {
		scratch = max(scratch, pl.runner.scratch())
		shared = max(shared, pl.shared())
	}
	for i := range ws.workers {
		ws.workers[i] = &worker{scratch: mem.Floats(scratch), dw: dwWorker{others: len(ws.workers) > 1}}
	}
	ws.shared = mem.Floats(shared)
	return ws
}

// Threads is the largest number of threads that a run uses.
func (ws *Workspace) Threads() int { return len(ws.workers) }

// serves reports whether the workspace is large enough for the plan.
func (ws *Workspace) serves(pl *Plan) bool {
	return len(ws.shared) >= pl.shared() && len(ws.workers[0].scratch) >= pl.runner.scratch()
}

// shared is the number of floats that the workers of a run share.
func (pl *Plan) shared() int {
	n := 0
	if pl.loads() {
		n = align(pl.loaded())
	}
	if pl.unloads() {
		n += align(pl.out.Elems())
		if pl.p.Residual {
			n += align(pl.out.Elems())
		}
	}
	if pl.gathers {
		n += align(pl.used().Elems())
	}
	return n
}

// loads and unloads report whether the plan works in NHWC on copies of what is NCHW: input, and output with
// residual.
func (pl *Plan) loads() bool { return pl.changesIn() && !pl.piecesIn }

func (pl *Plan) unloads() bool { return pl.changesOut() && !pl.piecesOut }

// changesIn and changesOut report whether the plan changes the layout of input, and of output with residual, in whatever
// way. With one channel or one pixel the two layouts are the same.
func (pl *Plan) changesIn() bool {
	return pl.p.inLayout() == tensor.NCHW && !pl.native && !pl.planes && !sameLayout(pl.used())
}

func (pl *Plan) changesOut() bool {
	return pl.p.Layout == tensor.NCHW && !pl.native && !sameLayout(pl.out)
}

func sameLayout(s tensor.Shape) bool { return s.C == 1 || s.H*s.W == 1 }

// align rounds a number of floats up to whole cache lines.
func align(n int) int { return (n + 15) &^ 15 }

// spaced is the floats from one row of n to the next in scratch: an odd number of cache lines, so that rows do not fall into few
// sets of L1.
func spaced(n int) int {
	n = align(n)
	if n/16%2 == 0 {
		n += 16
	}
	return n
}

// apart is the same for scratch that has to fit the second cache: rows are moved only where those of n would fall into few sets.
func apart(n int) int {
	if n = align(n); 4*n%dwConflict == 0 {
		n += 16
	}
	return n
}

// run goes through the phases of a run. The slices are kept in the workspace while it lasts, which is
// what keeps them alive and in place for the kernels.
func (ws *Workspace) run(pl *Plan, dst, src, residual []float32) {
	ws.plan, ws.dst, ws.src, ws.residual = pl, dst, src, residual
	for _, w := range ws.workers {
		w.held, w.pixels = 0, [2]int{}
	}
	free := ws.shared
	take := func(n int) []float32 {
		s := free[:n]
		free = free[align(n):]
		return s
	}
	if pl.gathers {
		ws.g = take(pl.used().Elems())
		ws.do(gather, gatherSplit)
		ws.src = ws.g
	}
	if pl.loads() {
		ws.x = take(pl.loaded())
		ws.do(load, pl.p.In.N*layoutSplit)
		ws.src = ws.x
	}
	if pl.unloads() {
		ws.y = take(len(dst))
		ws.dst = ws.y
		if residual != nil {
			ws.r = take(len(dst))
			ws.do(loadResidual, pl.p.In.N*layoutSplit)
			ws.residual = ws.r
		}
	}
	ws.do(convolve, pl.runner.tasks())
	if !pl.clamped && pl.native {
		ws.do(activate, passTasks(len(dst)))
	}
	if pl.unloads() {
		ws.dst, ws.src = dst, ws.y
		ws.do(unload, pl.p.In.N*layoutSplit)
	}
	ws.plan, ws.dst, ws.src, ws.residual = nil, nil, nil, nil
	ws.x, ws.y, ws.r, ws.g = nil, nil, nil, nil
}

func (ws *Workspace) do(p phase, tasks int) {
	ws.phase = p
	par.Run(ws, tasks, min(len(ws.workers), tasks))
}

// layoutSplit is the number of tasks that changing the layout of one image is divided into.
const layoutSplit = 8

// gatherSplit is the number of tasks of the phase gather.
const gatherSplit = 8

// passChunk is the number of elements of one task of a pass over the output.
const passChunk = 1 << 14

func passTasks(n int) int { return (n + passChunk - 1) / passChunk }

// Do runs one task of the present phase.
func (ws *Workspace) Do(worker, task int) {
	pl, w := ws.plan, ws.workers[worker]
	switch ws.phase {
	case load:
		toNHWC(pl.p.Kernels, w, ws.x, pl.ldin(), ws.src, pl.used(), task/layoutSplit, task%layoutSplit)
	case loadResidual:
		toNHWC(pl.p.Kernels, w, ws.r, pl.out.C, ws.residual, pl.out, task/layoutSplit, task%layoutSplit)
	case gather:
		pl.gather(ws.g, ws.src, task)
	case convolve:
		pl.runner.do(w, task, ws.dst, ws.src, ws.residual)
	case activate:
		part := ws.dst[task*passChunk : min((task+1)*passChunk, len(ws.dst))]
		a := pl.p.Activation
		w.elem.Unary(pl.p.Kernels, a.Kind, a.A, a.B, part, part)
	case unload:
		toNCHW(pl.p.Kernels, w, ws.dst, ws.src, pl.out, task/layoutSplit, task%layoutSplit)
	}
}
