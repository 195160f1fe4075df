package conv

import (
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/elem"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/internal/transpose"
)

// Workspace is the memory that running a plan needs besides its operands, and the limit on its
// threads. It serves one Run at a time.
type Workspace struct {
	busy    par.Busy
	workers []*worker
	shared  []float32 // x, y, r and g follow each other

	// The Run in progress.
	plan               *Plan
	phase              phase
	dst, src, residual []float32 // NHWC, but for the phases load and unload
	dstBytes, srcBytes []byte    // of a plan for bytes
	x, y, r            []float32 // NCHW: input, output and residual in NHWC
	g                  []float32 // the pixels that a strided 1x1 convolution uses
	h                  []float32 // the input as pairs of bfloat16
}

// worker is the part of a workspace that one worker writes to.
type worker struct {
	brg       asm.BrgArgs
	brgU8     asm.BrgU8Args
	dwU8      asm.DwU8Args
	dot       asm.DotArgs
	dw        dwWorker
	dwplane   asm.DwPlaneArgs
	elem      elem.Worker
	transpose transpose.Worker
	unzip     asm.UnzipArgs
	pack      asm.PackArgs
	winoIn    asm.WinoInArgs
	winoOut   asm.WinoOutArgs
	scratch   []float32
	// What earlier tasks of the run have left in scratch, for the next one to use.
	kept    int    // winograd: 1 + the number of the strip and group whose transformed patches are there; bytes: 1 + the first item of the strip whose rows are; 0 for none
	cleared bool   // planar: the columns of the padding are zeros
	pixels  [2]int // direct: the first pixel of the input that is there, and the one after the last
}

// forget drops the pointers to operands that a runner has left in the arguments of kernels: the operands are the caller's, and may not
// be memory for long.
func (w *worker) forget() {
	b, d := &w.brg, &w.dot
	b.A, b.B, b.C, b.Bias, b.Res = nil, nil, nil, nil, nil
	d.W, d.X, d.Y = nil, nil, nil
	w.brgU8.A, w.brgU8.C = nil, nil
	w.dwU8.X, w.dwU8.Y = nil, nil
	w.unzip.X = nil
	w.winoIn.X = nil
	w.winoOut.Y, w.winoOut.Res = nil, nil
}

// phase is a step of a run, between two joins of its workers.
type phase int

const (
	loadHalf      phase = iota // NCHW: input to NHWC, for
	roundHalf                  // input to bfloat16
	gather                     // a strided 1x1 convolution's pixels
	load                       // NCHW: input to NHWC
	loadResidual               // NCHW: residual to NHWC
	convolve                   // the runner's tasks
	convolveBytes              // the same for bytes
	activate                   // an activation that is not a clamp, where the tasks leave it out
	unload                     // NCHW: output from NHWC
)

// NewWorkspace returns a workspace that serves all the given plans, one run at a time, with at most
// the given number of threads; 0 means GOMAXPROCS, and a negative number panics.
func NewWorkspace(threads int, plans ...*Plan) *Workspace {
	ws := &Workspace{workers: make([]*worker, par.Limit(threads))}
	scratch, shared := needs(plans)
	for i := range ws.workers {
		ws.workers[i] = &worker{scratch: mem.Floats(scratch), dw: dwWorker{others: len(ws.workers) > 1}}
	}
	ws.shared = mem.Floats(shared)
	return ws
}

// WorkspaceBytes is the memory that NewWorkspace takes.
func WorkspaceBytes(threads int, plans ...*Plan) int {
	scratch, shared := needs(plans)
	return par.Limit(threads)*(mem.Taken(4*scratch)+int(unsafe.Sizeof(worker{}))) + mem.Taken(4*shared)
}

// needs is the most that one of the plans needs, in floats: scratch for each worker, and what they share.
func needs(plans []*Plan) (scratch, shared int) {
	for _, pl := range plans {
		if pl == nil || pl.runner == nil {
			panic(noPlan)
		}
		scratch = max(scratch, pl.runner.scratch())
		shared = max(shared, pl.shared())
	}
	return scratch, shared
}

// Threads is the largest number of threads that a run uses.
func (ws *Workspace) Threads() int { return len(ws.workers) }

// serves reports whether the workspace is large enough for the plan.
func (ws *Workspace) serves(pl *Plan) bool {
	return len(ws.workers) > 0 && len(ws.shared) >= pl.shared() && len(ws.workers[0].scratch) >= pl.runner.scratch()
}

// shared is the number of floats that the workers of a run share.
func (pl *Plan) shared() int {
	n := pl.halfShared()
	if pl.reads&whole != 0 {
		n = align(pl.loaded())
	}
	if pl.writes&whole != 0 {
		n += align(pl.out.Elems())
		if pl.p.Residual {
			n += align(pl.out.Elems())
		}
	}
	if pl.reads&gathered != 0 {
		n += align(pl.used().Elems())
	}
	return n
}

// align rounds a number of floats up to whole cache lines.
func align(n int) int { return (n + 15) &^ 15 }

// spaced is how many floats apart rows of n floats lie in scratch: an odd number of cache lines, for rows that are an even number of them apart
// share few sets of the first cache.
func spaced(n int) int {
	n = align(n)
	if n/16%2 == 0 {
		n += 16
	}
	return n
}

// apart is spaced where room is short: it adds a line only where rows would lie a multiple of so many bytes apart.
func apart(n, conflict int) int {
	if n = align(n); 4*n%conflict == 0 {
		n += 16
	}
	return n
}

// run goes through the phases of a run. The slices are kept in the workspace while it lasts, which is
// what keeps them alive and in place for the kernels.
func (ws *Workspace) run(pl *Plan, dst, src, residual []float32) {
	ws.plan, ws.dst, ws.src, ws.residual = pl, dst, src, residual
	free := ws.shared
	take := func(n int) []float32 {
		s := free[:n]
		free = free[align(n):]
		return s
	}
	if pl.half != nil && !pl.half.InBF16 {
		if pl.loadsHalf() {
			ws.x = take(pl.half.In.Elems())
			ws.do(loadHalf, pl.p.In.N*layoutSplit)
			ws.src = ws.x
		}
		ws.h = take(pl.p.In.Elems())
		ws.do(roundHalf, pl.narrowTasks())
		ws.src = ws.h
	}
	if pl.reads&gathered != 0 {
		ws.g = take(pl.used().Elems())
		ws.do(gather, gatherSplit)
		ws.src = ws.g
	}
	if pl.reads&whole != 0 {
		ws.x = take(pl.loaded())
		ws.do(load, pl.p.In.N*layoutSplit)
		ws.src = ws.x
	}
	if pl.writes&whole != 0 {
		ws.y = take(len(dst))
		ws.dst = ws.y
		if residual != nil {
			ws.r = take(len(dst))
			ws.do(loadResidual, pl.p.In.N*layoutSplit)
			ws.residual = ws.r
		}
	}
	ws.do(convolve, pl.runner.tasks())
	if pl.writes&actAfter != 0 {
		ws.do(activate, passTasks(len(dst)))
	}
	if pl.writes&whole != 0 {
		ws.dst, ws.src = dst, ws.y
		ws.do(unload, pl.p.In.N*layoutSplit)
	}
}

// release ends a run, also one that panics. The operands are the caller's: they are not kept alive, and what is in scratch of them serves no other run.
func (ws *Workspace) release() {
	for _, w := range ws.workers {
		w.kept, w.cleared, w.pixels = 0, false, [2]int{}
	}
	ws.plan, ws.dst, ws.src, ws.residual = nil, nil, nil, nil
	ws.dstBytes, ws.srcBytes = nil, nil
	ws.x, ws.y, ws.r, ws.g, ws.h = nil, nil, nil, nil, nil
	ws.busy.Leave()
}

func (ws *Workspace) do(p phase, tasks int) {
	ws.phase = p
	par.Run(job{ws}, tasks, min(len(ws.workers), tasks))
}

// job makes a workspace a task of the package par without showing it to users.
type job struct{ *Workspace }

// layoutSplit is the number of tasks that changing the layout of one image is divided into.
const layoutSplit = 8

// gatherSplit is the number of tasks of the phase gather.
const gatherSplit = 8

// passChunk is the number of elements of one task of a pass over the output.
const passChunk = 1 << 14

func passTasks(n int) int { return (n + passChunk - 1) / passChunk }

// Do runs one task of the present phase.
func (ws job) Do(worker, task int) {
	pl, w := ws.plan, ws.workers[worker]
	switch ws.phase {
	case loadHalf:
		toNHWC(pl.p.Kernels, w, ws.x, pl.half.In.C, ws.src, pl.half.In, task/layoutSplit, task%layoutSplit)
	case roundHalf:
		pl.narrow(w, ws.h, ws.src, task)
	case load:
		toNHWC(pl.p.Kernels, w, ws.x, pl.ldin(), ws.src, pl.used(), task/layoutSplit, task%layoutSplit)
	case loadResidual:
		toNHWC(pl.p.Kernels, w, ws.r, pl.out.C, ws.residual, pl.out, task/layoutSplit, task%layoutSplit)
	case gather:
		pl.gather(ws.g, ws.src, task)
	case convolve:
		pl.runner.do(w, task, ws.dst, ws.src, ws.residual)
		w.forget()
	case convolveBytes:
		pl.runner.(onBytes).doBytes(w, task, ws.dstBytes, ws.srcBytes)
		w.forget()
	case activate:
		part := ws.dst[task*passChunk : min((task+1)*passChunk, len(ws.dst))]
		a := pl.p.Activation
		w.elem.Unary(pl.p.Kernels, a.Kind, a.A, a.B, part, part)
	case unload:
		toNCHW(pl.p.Kernels, w, ws.dst, ws.src, pl.out, task/layoutSplit, task%layoutSplit)
	}
}
