package check

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// recorder is a testing.TB that writes failures down instead of failing.
type recorder struct {
	testing.TB
	failures []string
	cleanups []func()
}

func (r *recorder) Helper()                   {}
func (r *recorder) Cleanup(f func())          { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(f string, a ...any) { r.failures = append(r.failures, fmt.Sprintf(f, a...)) }
func (r *recorder) Fatalf(f string, a ...any) { r.Errorf(f, a...); runtime.Goexit() }

// record returns what f reports as failures.
func record(f func(t testing.TB)) string {
	r := &recorder{}
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() {
			for _, c := range r.cleanups {
				c()
			}
		}()
		f(r)
	}()
	<-done
	return strings.Join(r.failures, "\n")
}

// float returns the float32 i places after the start of x, in x or not.
func float(x []float32, i int) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(x)), 4*i))
}

// double is a kernel, y[i] = 2*x[i] for i from lo to hi. Bugs are planted by wrong bounds.
func double(x, y []float32, lo, hi int) {
	for i := lo; i < hi; i++ {
		*float(y, i) = 2 * *float(x, i)
	}
}

var sink float32

const n = 13

// try runs a kernel on operands X and Y of n floats and compares with the truth.
func try(side Side, kernel func(x, y []float32)) string {
	return record(func(t testing.TB) {
		a := New(t, "double_test", "n13", 7)
		x := a.Floats("X", n, side)
		FillInts(x, 7, 100)
		a.Freeze()
		y := a.Floats("Y", n, side)
		FillNaN(y)
		a.Run(func() { kernel(x, y) })
		want := make([]float32, n)
		double(x, want, 0, n)
		a.Exact("Y", y, want)
	})
}

func TestRightKernel(t *testing.T) {
	for _, side := range Sides {
		require.Empty(t, try(side, func(x, y []float32) { double(x, y, 0, n) }), side.String())
	}
}

// TestPlantedBugs shows that each kind of bug is caught, and what is said about it.
func TestPlantedBugs(t *testing.T) {
	type bug struct {
		name   string
		kernel func(x, y []float32)
		head   string // what is reported with operands at the head, "" for nothing
		tail   string
	}
	bugs := []bug{
		{"wrong element", func(x, y []float32) { double(x, y, 0, n); y[4]++ },
			`Y: 1 of 13 elements are wrong`, `Y: 1 of 13 elements are wrong`},
		{"element left out", func(x, y []float32) { double(x, y, 0, n-1) },
			`[12] is NaN`, `[12] is NaN`},
		{"output read", func(x, y []float32) { z := y[3]; double(x, y, 0, n); y[3] += 0 * z },
			`[3] is NaN`, `[3] is NaN`},
		{"over-write after", func(x, y []float32) { double(x, y, 0, n); *float(y, n) = 1 },
			`writes 0 bytes after the end of operand Y`, `touches memory 0 bytes after the end of operand Y (52 bytes)`},
		{"over-write before", func(x, y []float32) { double(x, y, 0, n); *float(y, -3) = 1 },
			`touches memory 12 bytes before the start of operand Y (52 bytes)`, `writes 12 bytes before the start of operand Y`},
		{"write to an input", func(x, y []float32) { double(x, y, 0, n); x[2] = 5 },
			`of operand X (52 bytes), which is an input`, `of operand X (52 bytes), which is an input`},
		{"over-read after", func(x, y []float32) { double(x, y, 0, n); sink = *float(x, n+2) },
			"", `touches memory 8 bytes after the end of operand X (52 bytes)`},
		{"over-read before", func(x, y []float32) { double(x, y, 0, n); sink = *float(x, -1) },
			`touches memory 4 bytes before the start of operand X (52 bytes)`, ""},
		{"over-read that counts", func(x, y []float32) { double(x, y, 0, n); y[0] = 2*x[0] + 0**float(x, n) },
			`[0] is NaN`, `touches memory 0 bytes after the end of operand X`},
		{"panic", func(x, y []float32) { panic("from the kernel") },
			`panic: from the kernel`, `panic: from the kernel`},
	}
	for _, b := range bugs {
		for side, want := range map[Side]string{Head: b.head, Tail: b.tail} {
			t.Run(fmt.Sprintf("%s/%v", b.name, side), func(t *testing.T) {
				if !hasGuards && strings.Contains(want, "touches memory") {
					t.Skip("no inaccessible pages on this system")
				}
				got := try(side, b.kernel)
				if want == "" {
					require.Empty(t, got)
					return
				}
				if !hasGuards && strings.Contains(want, "read-only") {
					want = "writes to operand X, which is an input"
				}
				require.Contains(t, got, `double_test "n13" seed 7: `)
				require.Contains(t, got, want)
			})
		}
	}
}

func TestEmptyOperandFaults(t *testing.T) {
	if !hasGuards {
		t.Skip("no inaccessible pages on this system")
	}
	for _, side := range Sides {
		got := record(func(t testing.TB) {
			a := New(t, "k", "p", 1)
			x := a.Floats("X", 0, side)
			a.Run(func() { sink = *float(x, 0) })
		})
		require.Contains(t, got, "touches memory 0 bytes after the end of operand X (0 bytes)")
	}
}

func TestFaultFarFromOperands(t *testing.T) {
	if !hasGuards {
		t.Skip("no inaccessible pages on this system")
	}
	elsewhere := New(t, "k", "p", 1).Floats("Y", 1, Tail)
	got := record(func(t testing.TB) {
		a := New(t, "k", "p", 1)
		a.Run(func() { sink = *float(elsewhere, 1) })
	})
	require.Contains(t, got, ": there is no operand")
	got = record(func(t testing.TB) {
		a := New(t, "k", "p", 1)
		a.Floats("X", 1<<20, Head)
		a.Run(func() { sink = *float(elsewhere, 1) })
	})
	require.Contains(t, got, "operand X (4194304 bytes)")
}

// TestReuse: closed regions are handed out again, with fresh surroundings.
func TestReuse(t *testing.T) {
	for i := range 20 {
		a := New(t, "k", "p", uint64(i))
		for _, side := range Sides {
			x := a.Floats("X", 1000*i, side)
			FillRandom(x, 1)
			b := a.Bytes("B", 3*i, side)
			require.Len(t, b, 3*i)
		}
		a.Freeze()
		a.Run(func() {})
		a.Close()
	}
	type pair struct{ a, b int }
	a := New(t, "k", "p", 0)
	p := Alloc[pair](a, "P", 3, Tail)
	p[2] = pair{1, 2}
	require.Len(t, p, 3)
}

// TestReplay: what a failure begins with can be asked for.
func TestReplay(t *testing.T) {
	_, _, _, ok := Replay(t)
	require.False(t, ok)
	defer func() { *replay = "" }()
	a := New(t, "addF32_8_avx2", `add n3 "odd"; head`, 1<<63)
	*replay = a.String()
	kernel, problem, seed, ok := Replay(t)
	require.True(t, ok)
	require.Equal(t, a, &Arena{t: t, kernel: kernel, problem: problem, seed: seed})
	*replay = "nonsense"
	require.Contains(t, record(func(t testing.TB) { Replay(t) }), "-replay nonsense: ")
}

func TestFill(t *testing.T) {
	x, y := make([]float32, 4000), make([]float32, 4000)
	FillInts(x, 1, 3)
	seen := map[float32]bool{}
	for _, v := range x {
		seen[v] = true
	}
	require.Len(t, seen, 7)
	require.True(t, seen[-3] && seen[3])

	FillRandom(x, 5)
	FillRandom(y, 5)
	require.Equal(t, x, y)
	FillRandom(y, 6)
	require.NotEqual(t, x, y)

	FillSpecial(x, 1)
	kinds := map[uint32]bool{}
	for _, v := range x {
		kinds[math.Float32bits(v)] = true
	}
	for _, v := range special {
		require.True(t, kinds[math.Float32bits(v)], "%v", v)
	}
	FillNaN(x)
	require.True(t, x[0] != x[0] && x[3999] != x[3999])

	z := make([]float64, 4000)
	FillRandom(z, 5)
	require.NotEqual(t, float64(float32(z[0])), z[0], "all bits are random")
	FillSpecial(z, 1)
	all := map[uint64]bool{}
	for _, v := range z {
		all[math.Float64bits(v)] = true
	}
	for _, v := range special64 {
		require.True(t, all[math.Float64bits(v)], "%v", v)
	}
}

func TestExact(t *testing.T) {
	nan, inf, zero := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	require.Empty(t, record(func(t testing.TB) { Exact(t, "y", []float32{nan, inf, zero, 1}, []float32{nan, inf, 0, 1}) }))
	for _, c := range [][2][]float32{{{1}, {math.Nextafter32(1, 2)}}, {{nan}, {1}}, {{1}, {nan}}, {{inf}, {-inf}}, {{1}, {1, 2}}} {
		require.Contains(t, record(func(t testing.TB) { Exact(t, "y", c[0], c[1]) }), "y: 1", "%v", c)
	}
	require.Equal(t, []float32{1, 1 << 24}, Round([]float64{1, 1<<24 + 1}))
}

func TestBound(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	ulp := 0x1p-23
	for _, c := range []struct {
		got, ref, cond float64
		depth          int
		ok             bool
	}{
		{1, 1, 1, 1, true},
		{1 - ulp/2, 1, 1, 1, true}, {1 + ulp, 1, 1, 1, false}, {1 + ulp, 1, 1, 2, true}, {1 - 3*ulp/2, 1, 1, 2, false}, // a rounding for each term
		{1 + 40*ulp, 1, 1, 100, true}, {1 + 41*ulp, 1, 1, 100, false}, // 8*sqrt(100) of them
		{1 + 41*ulp, 1, 2, 100, true}, {1 - 41*ulp, 1, 1, 100, false},
		{0x1p-149, 0, 0, 1, true}, {0x1p-148, 0, 0, 1, false}, // denormals
		{nan, 1, 1, 9, false}, {nan, nan, nan, 9, true}, {1, nan, nan, 9, false}, {inf, nan, nan, 9, false},
		{inf, inf, inf, 9, true}, {-inf, inf, inf, 9, false}, {nan, inf, inf, 9, false}, {1, inf, inf, 9, false}, {inf, 1, 1, 9, false},
		{6, 6, inf, 9, true}, {6 + ulp*4, 6, inf, 9, false}, {nan, 6, inf, 9, false}, // an infinity was clamped
		{inf, 1, 3.5e38, 9, true}, {nan, 1, 3.5e38, 9, true}, // overflow on the way
	} {
		got := record(func(t testing.TB) {
			Bound(t, "y", []float32{float32(c.got)}, []float64{c.ref}, []float64{c.cond}, c.depth)
		})
		require.Equal(t, c.ok, got == "", "%+v: %s", c, got)
	}
	for _, c := range []struct {
		got   float64
		depth int
		ok    bool
	}{{1 - 0x1p-53, 1, true}, {1 + 0x1p-52, 1, false}, {1 + 0x1p-52, 2, true}, {1 + 40*0x1p-52, 100, true}, {1 + 41*0x1p-52, 100, false}, {math.NaN(), 9, false}} {
		got := record(func(t testing.TB) { Bound(t, "y", []float64{c.got}, []float64{1}, []float64{1}, c.depth) })
		require.Equal(t, c.ok, got == "", "float64 %+v: %s", c, got)
	}
	require.NotEmpty(t, record(func(t testing.TB) { Bound[float32](t, "y", nil, []float64{1}, []float64{1}, 1) }))
	many := record(func(t testing.TB) {
		Bound(t, "y", make([]float32, 9), []float64{1, 1, 1, 1, 1, 1, 1, 1, 1}, make([]float64, 9), 1)
	})
	require.Contains(t, many, "9 of 9 elements")
	require.Equal(t, 5, strings.Count(many, "want 1"), "the first few are enough")
}
