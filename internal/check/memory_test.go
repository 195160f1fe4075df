package check

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// TestMemory: everything that values hold is found, and nothing beside it.
func TestMemory(t *testing.T) {
	type inner struct{ scratch [7]float32 }
	type plan struct {
		weights []float32
		next    *plan
		workers []*inner
		any     any
		byName  map[string][]byte
		empty   []float32
	}
	type args struct {
		X, y unsafe.Pointer
		Tap  *int
		N    int
	}
	x := make([]float32, 100)
	tap := []int{1, 2}
	p := &plan{weights: make([]float32, 5, 9), workers: []*inner{nil, {}}, any: tap, byName: map[string][]byte{"b": make([]byte, 3)}, empty: x[:0:0]}
	p.next = &plan{next: p, weights: make([]float32, 3)}
	m := MemoryOf(p, x[10:20:20], nil)
	outside := func(pointer unsafe.Pointer) string { return m.Outside(&args{y: pointer}) }
	for _, inside := range []unsafe.Pointer{
		nil, unsafe.Pointer(p), unsafe.Pointer(&p.weights[0]), unsafe.Pointer(&p.weights[:9][8]), unsafe.Pointer(&p.next.weights[2]),
		unsafe.Pointer(&p.workers[1].scratch[6]), unsafe.Pointer(&tap[1]), unsafe.Pointer(&p.byName["b"][2]), unsafe.Pointer(&x[10]), unsafe.Pointer(&x[19]),
	} {
		require.Empty(t, outside(inside))
	}
	other := new(int)
	for _, out := range []unsafe.Pointer{unsafe.Pointer(&x[9]), unsafe.Pointer(&x[20]), unsafe.Pointer(other)} {
		require.Contains(t, outside(out), "check.args.y = 0x")
	}
	require.Contains(t, m.Outside(&args{Tap: other, X: unsafe.Pointer(&x[0]), y: unsafe.Pointer(&x[11])}), "check.args.Tap")
}

// TestWatch reports pointers that leave, and takes those into what has grown.
func TestWatch(t *testing.T) {
	type args struct{ X unsafe.Pointer }
	x, a, grown := make([]float32, 9), &args{}, struct{ s []float32 }{}
	look := func(to func() unsafe.Pointer) string {
		return record(func(t testing.TB) {
			w := Watch{T: t}
			w.Look(&args{unsafe.Pointer(&grown)}) // not yet
			w.Run("it", func() { a.X = to(); w.Look(a); a.X = nil }, x[1:8:8], &grown)
		})
	}
	require.Empty(t, look(func() unsafe.Pointer { return nil }))
	require.Empty(t, look(func() unsafe.Pointer { return unsafe.Pointer(&x[7]) }))
	require.Empty(t, look(func() unsafe.Pointer { grown.s = make([]float32, 100); return unsafe.Pointer(&grown.s[50]) }))
	require.Contains(t, look(func() unsafe.Pointer { return unsafe.Pointer(&x[8]) }), "it: check.args.X = 0x")
	require.Contains(t, look(func() unsafe.Pointer { return unsafe.Pointer(&x[0]) }), "outside of every operand")
}

// TestKept finds pointers to operands in slices, pointers and arguments of kernels.
func TestKept(t *testing.T) {
	type args struct{ X unsafe.Pointer }
	type workspace struct {
		workers []*args
		src     []float32
		first   *float32
	}
	x, y := make([]float32, 9), make([]float32, 9)
	ws := &workspace{workers: []*args{{}, {}}}
	require.Empty(t, Kept(ws, x, y, nil))
	ws.workers[1].X = unsafe.Pointer(&y[8])
	require.Equal(t, "check.args.X points into operand 1; ", Kept(ws, x, y))
	ws.workers[1].X, ws.src = nil, x[3:5]
	require.Equal(t, "check.workspace.src points into operand 0; ", Kept(ws, x, y))
	ws.src, ws.first = nil, &x[0]
	require.Equal(t, "check.workspace.first points into operand 0; ", Kept(ws, x, y))
}

// TestCollect calls its function, at least once.
func TestCollect(t *testing.T) {
	n := 0
	Collect(t, func() { n++ })
	require.Positive(t, n)
}
