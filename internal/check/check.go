// Package check is the harness that kernels are tested in.
//
// An Arena hands out operands that lie flush against inaccessible pages and runs a kernel on them: a
// read or write past either end, damage to the bytes around an operand and vector registers left with
// dirty upper halves become test failures that name the kernel, the problem, the seed and the operand.
// Fill functions make data; Exact and Bound compare results.
//
// A kernel's test looks like this:
//
//	for _, side := range check.Sides {
//		a := check.New(t, row.Name, problem, seed)
//		x := a.Floats("X", n, side)
//		check.FillRandom(x, seed)
//		a.Freeze() // X is an input
//		y := a.Floats("Y", n, side)
//		check.FillNaN(y)
//		a.Run(func() { row.Call(args) })
//		a.Bound("Y", y, ref, cond, depth)
//		a.Close()
//	}
package check

import (
	"bytes"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
	"unsafe"
)

// Side is the end of an operand that lies against an inaccessible page.
type Side uint8

const (
	Head Side = iota // the operand begins where the page ends
	Tail             // the operand ends where the page begins
)

// Sides is both, for loops.
var Sides = [...]Side{Head, Tail}

func (s Side) String() string {
	if s == Head {
		return "head"
	}
	return "tail"
}

// Arena holds the operands of one problem. It serves one goroutine.
type Arena struct {
	t               testing.TB
	kernel, problem string
	seed            uint64
	operands        []operand
}

// operand is data inside a region; what surrounds it there is filled with canaries.
type operand struct {
	name   string
	region *region
	lo, hi int    // of the data in region.data
	before []byte // a copy of the data, once frozen
}

// New starts an empty arena. kernel, problem and seed are what failures are reported with: enough to
// run the case again.
func New(t testing.TB, kernel, problem string, seed uint64) *Arena {
	a := &Arena{t: t, kernel: kernel, problem: problem, seed: seed}
	t.Cleanup(a.Close)
	return a
}

// Close ends the life of all operands. It need not be called: the end of the test does it; loops over
// many problems call it to reuse the memory.
func (a *Arena) Close() {
	for i := range a.operands {
		a.operands[i].region.release()
	}
	a.operands = nil
}

// Floats returns an operand of n floats whose head or tail lies against an inaccessible page. It holds
// arbitrary values. With n = 0 its data pointer lies inside the page, ready to fault, where there is one.
func (a *Arena) Floats(operand string, n int, side Side) []float32 {
	return Alloc[float32](a, operand, n, side)
}

// Bytes is Floats for bytes.
func (a *Arena) Bytes(operand string, n int, side Side) []byte {
	return Alloc[byte](a, operand, n, side)
}

// Alloc is Floats for elements of any type without Go pointers.
func Alloc[T any](a *Arena, name string, n int, side Side) []T {
	var zero T
	size := n * int(unsafe.Sizeof(zero))
	r := newRegion(size)
	o := operand{name: name, region: r, lo: lead, hi: lead + size}
	if side == Tail && size > 0 || size == 0 && hasGuards {
		o.hi = len(r.data) - lead
		o.lo = o.hi - size
	}
	copy(r.data[:o.lo], canary)
	copy(r.data[o.hi:], canary)
	a.operands = append(a.operands, o)
	return unsafe.Slice((*T)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(r.data)), o.lo)), n)
}

// Freeze makes all operands so far inputs: a kernel that changes one of them fails.
func (a *Arena) Freeze() {
	for i := range a.operands {
		if o := &a.operands[i]; o.before == nil {
			o.before = bytes.Clone(o.data())
		}
	}
}

func (o *operand) data() []byte { return o.region.data[o.lo:o.hi] }

// Run calls f, which calls the kernel and does nothing after. A fault or panic in f ends the test. An
// access outside an operand that no page caught, and dirty upper halves of vector registers when f
// returns, fail the test.
func (a *Arena) Run(f func()) {
	a.t.Helper()
	dirty, failure, stack := run(f)
	if failure != nil {
		if e, ok := failure.(interface{ Addr() uintptr }); ok {
			a.t.Fatalf("%v: %s", a, a.locate(e.Addr()))
		}
		a.t.Fatalf("%v: panic: %v\n%s", a, failure, stack)
	}
	if dirty != 0 {
		a.t.Errorf("%v: returns with dirty upper halves of vector registers (XINUSE %#x): VZEROUPPER is missing", a, dirty)
	}
	for i := range a.operands {
		o := &a.operands[i]
		head, tail := o.region.data[:o.lo], o.region.data[o.hi:]
		if d := difference(head, canary); d >= 0 {
			a.t.Errorf("%v: writes %d bytes before the start of operand %s", a, o.lo-d, o.name)
		}
		if d := difference(tail, canary); d >= 0 {
			a.t.Errorf("%v: writes %d bytes after the end of operand %s", a, d, o.name)
		}
		if o.before != nil {
			if d := difference(o.data(), o.before); d >= 0 {
				a.t.Errorf("%v: writes to byte %d of operand %s (%d bytes), which is an input", a, d, o.name, o.hi-o.lo)
			}
		}
	}
}

// run calls f on a thread of its own and looks at the vector registers right after.
func run(f func()) (dirty uint64, failure any, stack []byte) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if failure = recover(); failure != nil {
			upper()
			stack = debug.Stack()
		}
	}()
	upper() // what ran before f is not f's fault
	f()
	return upper(), nil, nil
}

// locate says which operand an address has to do with.
func (a *Arena) locate(addr uintptr) string {
	best, text := -1, ""
	for i := range a.operands {
		o := &a.operands[i]
		base := uintptr(unsafe.Pointer(unsafe.SliceData(o.region.data)))
		lo, hi := base+uintptr(o.lo), base+uintptr(o.hi)
		what := fmt.Sprintf("operand %s (%d bytes)", o.name, o.hi-o.lo)
		far, s := 0, ""
		if addr < lo {
			far = int(lo - addr)
			s = fmt.Sprintf("touches memory %d bytes before the start of %s", far, what)
		} else {
			far = int(addr - hi)
			s = fmt.Sprintf("touches memory %d bytes after the end of %s", far, what)
		}
		if best < 0 || far < best {
			best, text = far, s
		}
	}
	switch {
	case best < 0:
		text = "there is no operand"
	case best >= guard:
		text = "the nearest operand: " + text
	}
	return fmt.Sprintf("fault at %#x: %s", addr, text)
}

func (a *Arena) String() string {
	return fmt.Sprintf("%s %q seed %d", a.kernel, a.problem, a.seed)
}

var replay = flag.String("replay", "", "run only this case, as a failure names it: kernel \"problem\" seed N")

// Replay returns the case that the flag -replay asks for: what a failure begins with, up to the seed.
// Tests that sweep problems run this one alone if there is one.
func Replay(t testing.TB) (kernel, problem string, seed uint64, ok bool) {
	if *replay == "" {
		return "", "", 0, false
	}
	if _, err := fmt.Sscanf(*replay, "%s %q seed %d", &kernel, &problem, &seed); err != nil {
		t.Fatalf("-replay %s: %v", *replay, err)
	}
	return kernel, problem, seed, true
}

// Exact is the function Exact with the arena's names.
func (a *Arena) Exact(operand string, got, want []float32) {
	a.t.Helper()
	Exact(a.t, fmt.Sprintf("%v: %s", a, operand), got, want)
}

// Bound is the function Bound with the arena's names.
func (a *Arena) Bound(operand string, got []float32, ref, cond []float64, depth int) {
	a.t.Helper()
	Bound(a.t, fmt.Sprintf("%v: %s", a, operand), got, ref, cond, depth)
}

// guard is the size of the inaccessible memory on both sides of a region: enough to catch a kernel
// that is off by some rows.
const guard = 1 << 16

// canary is what fills the rest of an operand's first and last page: as floats NaN, so that a stray
// read shows in the result.
var canary = bytes.Repeat([]byte{0xad, 0xde, 0xc0, 0x7f}, guard/4)

// difference returns the first index where s differs from the beginning of want, -1 if there is none.
func difference(s, want []byte) int {
	if bytes.Equal(s, want[:len(s)]) {
		return -1
	}
	i := 0
	for s[i] == want[i] {
		i++
	}
	return i
}
