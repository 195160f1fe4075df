package asm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
)

// brgRows is every row for an element type that this machine can run.
func brgRows[T Float](t testing.TB) []*BrgRow {
	var rows []*BrgRow
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for _, r := range Products[T](s).Brg {
			if !slices.ContainsFunc(rows, func(o *BrgRow) bool { return o.Name == r.Name }) {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// brgProblem is what a kernel is asked to do, written as "brg m2t3k9n17 a1b0c5r2 beta bias": m tiles,
// t taps of k steps, n columns; rows of A, B, C and Res a, b, c, r floats longer than they need be; then
// the flags.
type brgProblem struct {
	tiles, taps, k, n      int
	padA, padB, padC, padR int
	flags                  int
}

// brgFlags are the words for BrgAlpha, BrgAccumulate and so on.
var brgFlags = [...]string{"alpha", "beta", "bias", "biasrow", "residual", "clamp", "fetch", "maskb", "fetcha"}

func (p brgProblem) String() string {
	s := fmt.Sprintf("brg m%dt%dk%dn%d a%db%dc%dr%d", p.tiles, p.taps, p.k, p.n, p.padA, p.padB, p.padC, p.padR)
	for i, w := range brgFlags {
		if p.flags>>i&1 != 0 {
			s += " " + w
		}
	}
	return s
}

func parseBrg(s string) (p brgProblem, err error) {
	w := strings.Fields(s)
	if len(w) < 3 {
		return p, fmt.Errorf("%q: want at least three words", s)
	}
	_, err = fmt.Sscanf(strings.Join(w[:3], " "), "brg m%dt%dk%dn%d a%db%dc%dr%d",
		&p.tiles, &p.taps, &p.k, &p.n, &p.padA, &p.padB, &p.padC, &p.padR)
	for _, f := range w[3:] {
		i := slices.Index(brgFlags[:], f)
		if i < 0 {
			return p, fmt.Errorf("%q: unknown flag %q", s, f)
		}
		p.flags |= 1 << i
	}
	return p, err
}

// fill is a kind of data.
type fill uint8

const (
	ints fill = iota
	random
	special
	numFills
)

var fillNames = [numFills]string{"ints", "random", "special"}

// testBrg runs one problem on one row.
//
// All operands are flush against an inaccessible page and as short as the contract allows; operands that
// the flags leave out have no bytes at all. What lies between the rows of an operand is NaN, and so are
// the columns of B from n on, and C unless it is accumulated to.
func testBrg[T Float](t testing.TB, row *BrgRow, p brgProblem, seed uint64, side check.Side, kind fill) {
	t.Helper()
	a := check.New(t, row.Name, fmt.Sprintf("%v; %v %v", p, side, fillNames[kind]), seed)
	defer a.Close()
	r := rand.New(rand.NewPCG(seed, 1))

	size := int(unsafe.Sizeof(T(0)))
	rows, has := row.MR*p.tiles, func(flag int) bool { return p.flags&flag != 0 }
	colsB := row.NR // that may be read
	if has(BrgMaskB) {
		colsB = p.n
	}
	ldA, ldB, ldC, ldR := p.k+p.padA, colsB+p.padB, p.n+p.padC, p.n+p.padR
	values := func(x []T) {
		switch kind {
		case ints:
			check.FillInts(x, r.Uint64(), 8)
		case random:
			check.FillRandom(x, r.Uint64())
		case special:
			check.FillSpecial(x, r.Uint64())
		}
	}
	// matrix is an operand of rows of n floats; it has no padding after the last one.
	matrix := func(name string, rows, n, ld int) []T {
		if rows == 0 || n == 0 {
			return check.Alloc[T](a, name, 0, side)
		}
		x := check.Alloc[T](a, name, (rows-1)*ld+n, side)
		check.FillNaN(x)
		for i := range rows {
			values(x[i*ld : i*ld+n])
		}
		return x
	}

	// The taps start anywhere in the first rows and overlap; one of them at 0 and one at the far end.
	// Their panels of B lie in any order.
	offA := make([]int, p.taps)
	far := r.IntN(2*ldA + 3)
	for i := range offA {
		offA[i] = r.IntN(far + 1)
	}
	if p.taps > 0 {
		offA[r.IntN(p.taps)] = far
		offA[r.IntN(p.taps)] = 0
	}
	sizeA := 0
	if p.taps > 0 && p.k > 0 {
		sizeA = slices.Max(offA) + (rows-1)*ldA + p.k
	}
	A := check.Alloc[T](a, "A", sizeA, side)
	check.FillNaN(A)
	for _, off := range offA {
		for i := range rows {
			if p.k > 0 {
				values(A[off+i*ldA : off+i*ldA+p.k])
			}
		}
	}
	B := matrix("B", p.taps*p.k, colsB, ldB)
	for i := range p.taps * p.k {
		check.FillNaN(B[i*ldB+p.n : i*ldB+colsB])
	}
	offB := r.Perm(p.taps)
	base := r.IntN(max(1, len(A))) // where A points to, inside, is the caller's choice
	taps := check.Alloc[Tap](a, "Taps", p.taps, side)
	shift := r.IntN(100) - 50
	for i := range taps {
		taps[i] = Tap{A: size * (offA[i] - shift), B: size * offB[i] * p.k * ldB}
	}
	sizeBias := 0
	if has(BrgBias) {
		sizeBias = p.n
	}
	if has(BrgBiasRow) {
		sizeBias = max(sizeBias, rows)
	}
	bias := matrix("Bias", 1, sizeBias, 0)
	rowsR := 0
	if has(BrgResidual) {
		rowsR = rows
	}
	res := matrix("Res", rowsR, p.n, ldR)
	a.Freeze()
	C := matrix("C", rows, p.n, ldC)
	if !has(BrgAccumulate) {
		check.FillNaN(C)
	}

	args := new(BrgArgs)
	args.A = unsafe.Add(unsafe.Pointer(unsafe.SliceData(A)), size*base)
	args.AOff = size * (shift - base)
	args.B = unsafe.Pointer(unsafe.SliceData(B))
	args.C = unsafe.Pointer(unsafe.SliceData(C))
	args.Taps, args.NTap = unsafe.SliceData(taps), p.taps
	args.K, args.Tiles, args.N = p.k, p.tiles, p.n
	args.LdA, args.LdB, args.LdC, args.LdRes = size*ldA, size*ldB, size*ldC, size*ldR
	args.Bias = unsafe.Pointer(unsafe.SliceData(bias))
	args.Res = unsafe.Pointer(unsafe.SliceData(res))
	args.Flags = p.flags
	if p.flags&BrgFetchC != 0 {
		args.Ahead = 1 << 30 // where there is nothing
	}
	args.Alpha, args.Beta, args.Lo, args.Hi = 3, 5, 7, 11 // of the other type: not to be looked at
	args.Alpha64, args.Beta64, args.Lo64, args.Hi64 = 3, 5, 7, 11
	alpha, beta, lo, hi := Scalars[T](args)
	*alpha, *beta, *lo, *hi = -0.75, 0.625, -0.5, 0.75
	if kind == ints {
		*alpha, *beta, *lo, *hi = -2, 3, -40, 50
	}
	if seed%3 == 0 {
		*hi = T(math.Inf(1)) // as for a ReLU
	}

	// The reference, in the order of the contract. What lies between the rows of C keeps its value.
	want, cond := make([]float64, len(C)), make([]float64, len(C))
	for i, v := range C {
		want[i] = float64(v)
	}
	for i := range rows {
		for j := range p.n {
			var sum ref.Sum
			var abs float64
			add := func(x, y T) {
				sum.AddProduct(float64(x), float64(y))
				abs += math.Abs(float64(x) * float64(y))
			}
			for t := range p.taps {
				for k := range p.k {
					add(A[offA[t]+i*ldA+k], B[(offB[t]*p.k+k)*ldB+j])
				}
			}
			if has(BrgAlpha) {
				sum.Scale(float64(*alpha))
				abs *= math.Abs(float64(*alpha))
			}
			if has(BrgAccumulate) {
				add(C[i*ldC+j], *beta)
			}
			if has(BrgBias) {
				add(bias[j], 1)
			}
			if has(BrgBiasRow) {
				add(bias[i], 1)
			}
			if has(BrgResidual) {
				add(res[i*ldR+j], 1)
			}
			y := sum.Value()
			if has(BrgClamp) {
				if y < float64(*lo) {
					y = float64(*lo)
				}
				if y > float64(*hi) {
					y = float64(*hi)
				}
			}
			want[i*ldC+j], cond[i*ldC+j] = y, abs
		}
	}
	depth := p.taps * p.k
	for _, f := range []int{BrgAlpha, BrgAccumulate, BrgBias, BrgBiasRow, BrgResidual} { // a rounding each
		if has(f) {
			depth++
		}
	}

	a.Run(func() { row.Call(args) })
	if kind == ints {
		check.Exact(t, fmt.Sprintf("%v: C", a), C, check.RoundTo[T](want))
	} else {
		check.Bound(t, fmt.Sprintf("%v: C", a), C, want, cond, depth)
	}
}

// TestBrg runs every row on all its numbers of columns, all small numbers of tiles, taps and steps and all
// sets of flags, with the rest at random.
func TestBrg(t *testing.T) {
	if kernel, problem, seed, ok := check.Replay(t); ok {
		replayBrg(t, kernel, problem, seed)
		return
	}
	testBrgRows[float32](t)
	testBrgRows[float64](t)
}

func testBrgRows[T Float](t *testing.T) {
	for _, row := range brgRows[T](t) {
		t.Run(row.Name, func(t *testing.T) {
			seed := uint64(1)
			r := rand.New(rand.NewPCG(seed, 2))
			run := func(change func(p *brgProblem)) {
				p := brgProblem{
					tiles: 1 + r.IntN(3), taps: 1 + r.IntN(3), k: 1 + r.IntN(9), n: 1 + r.IntN(row.NR),
					padA: r.IntN(3), padB: r.IntN(3), padC: r.IntN(3), padR: r.IntN(3),
					flags: r.IntN(1 << len(brgFlags)),
				}
				change(&p)
				for _, side := range check.Sides {
					for kind := range numFills {
						seed++
						if testing.Short() && r.IntN(6) != 0 {
							continue
						}
						testBrg[T](t, row, p, seed, side, kind)
					}
				}
				if t.Failed() {
					t.FailNow()
				}
			}
			for n := 1; n <= row.NR; n++ {
				run(func(p *brgProblem) { p.n = n })
			}
			for k := 0; k <= 9; k++ {
				for taps := 0; taps <= 3; taps++ {
					run(func(p *brgProblem) { p.k, p.taps, p.n = k, taps, row.NR })
				}
			}
			for tiles := 1; tiles <= 3; tiles++ {
				run(func(p *brgProblem) { p.tiles, p.k, p.taps = tiles, 40, 9 })
			}
			for flags := range 1 << len(brgFlags) {
				run(func(p *brgProblem) { p.flags = flags })
			}
		})
	}
}

// replayBrg runs one case as a failure names it.
func replayBrg(t *testing.T, kernel, problem string, seed uint64) {
	var side check.Side
	var kind fill
	text, how, _ := strings.Cut(problem, "; ")
	p, err := parseBrg(text)
	require.NoError(t, err)
	where, what, _ := strings.Cut(how, " ")
	if where == check.Tail.String() {
		side = check.Tail
	}
	kind = fill(slices.Index(fillNames[:], what))
	require.Less(t, kind, numFills, "no such data: %q", what)
	named := func(r *BrgRow) bool { return r.Name == kernel }
	if rows := brgRows[float64](t); slices.ContainsFunc(rows, named) {
		testBrg[float64](t, rows[slices.IndexFunc(rows, named)], p, seed, side, kind)
		return
	}
	rows := brgRows[float32](t)
	i := slices.IndexFunc(rows, named)
	require.GreaterOrEqual(t, i, 0, "no row %s on this machine", kernel)
	testBrg[float32](t, rows[i], p, seed, side, kind)
}

// TestBrgSameBits: all assembly rows of an architecture for an element type give the same bits.
func TestBrgSameBits(t *testing.T) {
	testBrgSameBits[float32](t)
	testBrgSameBits[float64](t)
}

func testBrgSameBits[T Float](t *testing.T) {
	const taps, k = 3, 37
	size := int(unsafe.Sizeof(T(0)))
	type result struct {
		name string
		c    []T
	}
	var results []result
	rows := slices.DeleteFunc(brgRows[T](t), func(r *BrgRow) bool { return r.ISA == Generic })
	n := math.MaxInt // columns that all have
	for _, row := range rows {
		n = min(n, row.NR)
	}
	for _, row := range rows {
		a, b, c := make([]T, row.MR*k+taps), make([]T, taps*k*row.NR), make([]T, row.MR*n)
		check.FillRandom(a, 1)
		cols := make([]T, taps*k*n)
		check.FillRandom(cols, 2)
		for i := range taps * k {
			copy(b[i*row.NR:], cols[i*n:(i+1)*n])
		}
		tap := []Tap{{0, 0}, {size, size * k * row.NR}, {2 * size, 2 * size * k * row.NR}}
		row.Call(&BrgArgs{
			A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]),
			Taps: &tap[0], NTap: taps, K: k, Tiles: 1, N: n,
			LdA: size * k, LdB: size * row.NR, LdC: size * n,
		})
		results = append(results, result{row.Name, c})
	}
	for _, x := range results {
		for _, y := range results {
			m := min(len(x.c), len(y.c))
			require.Equal(t, x.c[:m], y.c[:m], "%s and %s", x.name, y.name)
		}
	}
}

func TestBrgAllocations(t *testing.T) {
	for _, row := range brgRows[float32](t) {
		args := brgWork[float32](row)
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(args) }), row.Name)
	}
	for _, row := range brgRows[float64](t) {
		args := brgWork[float64](row)
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(args) }), row.Name)
	}
}

// brgWork returns arguments for a row with as much work as a call may have.
func brgWork[T Float](row *BrgRow) *BrgArgs {
	const k = 256
	size := int(unsafe.Sizeof(T(0)))
	tiles := MaxWork / (k * row.MR * row.NR)
	rows := tiles * row.MR
	a, b, c := make([]T, rows*k), make([]T, k*row.NR), make([]T, rows*row.NR)
	check.FillRandom(a, 1)
	check.FillRandom(b, 2)
	return &BrgArgs{
		A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]),
		Taps: &Tap{}, NTap: 1, K: k, Tiles: tiles, N: row.NR,
		LdA: size * k, LdB: size * row.NR, LdC: size * row.NR,
	}
}

// BenchmarkBrg is the rate of every row with its operands in the first caches.
func BenchmarkBrg(b *testing.B) {
	benchmarkBrg[float32](b)
	benchmarkBrg[float64](b)
}

func benchmarkBrg[T Float](b *testing.B) {
	for _, row := range brgRows[T](b) {
		b.Run(row.Name, func(b *testing.B) {
			args := brgWork[T](row)
			args.Tiles = max(1, 16<<10/int(unsafe.Sizeof(T(0)))/(args.K*row.MR)) // 16 KiB of A
			flop := float64(2 * args.Tiles * row.MR * row.NR * args.K)
			for b.Loop() {
				row.Call(args)
			}
			b.ReportMetric(flop*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}

func FuzzBrg(f *testing.F) {
	for _, s := range []string{
		"brg m1t1k1n1 a0b0c0r0",
		"brg m2t3k9n17 a1b0c5r2 alpha beta bias clamp",
		"brg m3t9k4n32 a0b0c0r0 bias residual clamp",
		"brg m1t0k5n8 a0b0c0r0 beta biasrow",
		"brg m1t2k0n3 a0b1c2r3 alpha residual",
	} {
		p, err := parseBrg(s)
		require.NoError(f, err)
		require.Equal(f, s, p.String())
		f.Add(uint8(p.tiles), uint8(p.taps), uint8(p.k), uint8(p.n), uint8(p.padA), uint8(p.padB), uint8(p.padC), uint8(p.padR), uint8(p.flags), uint8(0), uint64(1))
	}
	rows, rows64 := brgRows[float32](f), brgRows[float64](f)
	f.Fuzz(func(t *testing.T, tiles, taps, k, n, padA, padB, padC, padR, flags, which uint8, seed uint64) {
		test, row := testBrg[float32], rows[int(which)%len(rows)]
		if i := int(which) % (len(rows) + len(rows64)); i >= len(rows) {
			test, row = testBrg[float64], rows64[i-len(rows)]
		}
		p := brgProblem{
			tiles: 1 + int(tiles)%5, taps: int(taps) % 10, k: int(k), n: 1 + int(n)%row.NR,
			padA: int(padA), padB: int(padB), padC: int(padC), padR: int(padR),
			flags: int(flags) % (1 << len(brgFlags)),
		}
		for _, side := range check.Sides {
			for kind := range numFills {
				test(t, row, p, seed, side, kind)
			}
		}
	})
}
