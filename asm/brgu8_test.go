package asm

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// brgU8Rows is every row that this machine can run.
func brgU8Rows(t testing.TB) []*BrgU8Row {
	var rows []*BrgU8Row
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for _, r := range s.BrgU8 {
			if !slices.ContainsFunc(rows, func(o *BrgU8Row) bool { return o.Name == r.Name }) {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// brgU8Problem is what a kernel is asked to do, written as "brgu8 m2t3k9n17 a1c5 u8 signed hi": m tiles, t taps of k bytes, n columns;
// rows of A and C a and c elements longer than they need be; what is written; then the flags, and "hi" where Hi is less than the type's.
type brgU8Problem struct {
	tiles, taps, k, n int
	padA, padC        int
	out               int
	signed, hi        bool
}

// brgU8Outs are the words for BrgU8OutU8 and so on.
var brgU8Outs = [...]string{"u8", "s8", "s32", "f32"}

func (p brgU8Problem) String() string {
	s := fmt.Sprintf("brgu8 m%dt%dk%dn%d a%dc%d %s", p.tiles, p.taps, p.k, p.n, p.padA, p.padC, brgU8Outs[p.out])
	if p.signed {
		s += " signed"
	}
	if p.hi {
		s += " hi"
	}
	return s
}

func parseBrgU8(s string) (p brgU8Problem, err error) {
	w := strings.Fields(s)
	if len(w) < 4 {
		return p, fmt.Errorf("%q: want at least four words", s)
	}
	_, err = fmt.Sscanf(strings.Join(w[:3], " "), "brgu8 m%dt%dk%dn%d a%dc%d", &p.tiles, &p.taps, &p.k, &p.n, &p.padA, &p.padC)
	p.out = slices.Index(brgU8Outs[:], w[3])
	p.signed, p.hi = slices.Contains(w[4:], "signed"), slices.Contains(w[4:], "hi")
	if p.out < 0 {
		return p, fmt.Errorf("%q: unknown output", s)
	}
	return p, err
}

// byteFill is a kind of data.
type byteFill uint8

const (
	extremes    byteFill = iota // the ends of the types: what would overflow 16 bits, does
	randomBytes                 // all bytes
	halves                      // scales that are powers of two: many sums lie halfway between integers
	large                       // biases of 32 bits: sums that float32 rounds, and that wrap
	numByteFills
)

var byteFillNames = [numByteFills]string{"extremes", "random", "halves", "large"}

// testBrgU8 runs one problem on one row and wants the very bits of the contract. Operands are flush against an inaccessible page and as
// short as the contract allows; weights in the places of columns from N on are random.
func testBrgU8(t testing.TB, row *BrgU8Row, p brgU8Problem, seed uint64, side check.Side, kind byteFill) {
	t.Helper()
	a := check.New(t, row.Name, fmt.Sprintf("%v; %v %v", p, side, byteFillNames[kind]), seed)
	defer a.Close()
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func() byte {
		if kind == extremes {
			return []byte{0, 0, 0x7f, 0x80, 0xff, 0xff}[r.IntN(6)]
		}
		return byte(r.Uint32())
	}

	rows, steps := row.MR*p.tiles, (p.k+3)/4
	ldA := p.k + p.padA
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
	A := a.Bytes("A", sizeA, side)
	for i := range A {
		A[i] = pick()
	}
	offB := r.Perm(p.taps)
	B := a.Bytes("B", p.taps*steps*4*row.NR, side)
	w := func(tap, k, place int) *byte { return &B[4*((offB[tap]*steps+k/4)*row.NR+place)+k%4] }
	for tap := range p.taps {
		for k := range steps * 4 {
			for place := range row.NR {
				if *w(tap, k, place) = 0; k < p.k {
					*w(tap, k, place) = pick()
				}
			}
		}
	}
	taps := check.Alloc[Tap](a, "Taps", p.taps, side)
	shift, base := r.IntN(100)-50, r.IntN(max(1, len(A)))
	for i := range taps {
		taps[i] = Tap{A: offA[i] - shift, B: offB[i] * steps * 4 * row.NR}
	}
	bias, scale := check.Alloc[int32](a, "Bias", row.NR, side), check.Alloc[float32](a, "Scale", row.NR, side)
	for i := range bias {
		bias[i], scale[i] = int32(r.IntN(2001)-1000), r.Float32()*255/float32(1000*p.taps*p.k+1000)
		switch kind {
		case halves:
			scale[i] = float32(math.Ldexp(1, -1-r.IntN(12)))
		case large:
			bias[i], scale[i] = int32(r.Uint32()), r.Float32()*float32(math.Ldexp(1, -r.IntN(24)))
		}
	}
	a.Freeze()
	size := [...]int{1, 1, 4, 4}[p.out]
	ldC := size * (p.n + p.padC)
	C := a.Bytes("C", (rows-1)*ldC+size*p.n, side)
	for i := range C {
		C[i] = byte(r.Uint32())
	}

	args := new(BrgU8Args)
	args.A, args.AOff = unsafe.Add(unsafe.Pointer(unsafe.SliceData(A)), base), shift-base
	args.B = unsafe.Pointer(unsafe.SliceData(B))
	args.C = unsafe.Pointer(unsafe.SliceData(C))
	args.Taps, args.NTap = unsafe.SliceData(taps), p.taps
	args.K, args.Tiles, args.N = p.k, p.tiles, p.n
	args.LdA, args.LdC = ldA, ldC
	args.Bias, args.Scale = unsafe.Pointer(unsafe.SliceData(bias)), unsafe.Pointer(unsafe.SliceData(scale))
	args.Out = p.out
	if p.signed {
		args.Flags = BrgU8SignedA
	}
	least, most := 0, 255
	if p.out == BrgU8OutS8 {
		least, most = -128, 127
	}
	args.Zero, args.Lo, args.Hi = int32(least+r.IntN(256)), int32(least+r.IntN(100)), int32(most)
	if p.hi {
		args.Hi = args.Lo + int32(r.IntN(most-int(args.Lo)+1))
	}
	if seed%3 == 0 {
		args.Zero, args.Lo = int32(least), int32(least)
	}

	want := slices.Clone(C)
	for i := range rows {
		for place := range row.NR {
			s := bias[place]
			for tap := range p.taps {
				for k := range p.k {
					x := A[offA[tap]+i*ldA+k]
					v := int32(x)
					if p.signed {
						v = int32(int8(x))
					}
					s += (v + row.Shift(args.Flags)) * int32(int8(*w(tap, k, place)))
				}
			}
			j := row.Column(place)
			if j >= p.n {
				continue
			}
			y := float32(s) * scale[place]
			q := min(max(int(math.RoundToEven(float64(y)))+int(args.Zero), int(args.Lo)), int(args.Hi))
			at := want[i*ldC+size*j:]
			switch p.out {
			case BrgU8OutS32:
				binary.NativeEndian.PutUint32(at, uint32(s))
			case BrgU8OutF32:
				binary.NativeEndian.PutUint32(at, math.Float32bits(y))
			default:
				at[0] = byte(q)
			}
		}
	}
	a.Run(func() { row.Call(args) })
	sameBytes(t, a, "C", C, want)
}

// sameBytes fails the test at the first byte of got that is not want's.
func sameBytes(t testing.TB, a *check.Arena, operand string, got, want []byte) {
	t.Helper()
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%v: byte %d of %s is %d, want %d", a, i, operand, got[i], want[i])
		}
	}
}

// TestBrgU8 runs every row on all its numbers of columns, on all small numbers of tiles, taps and bytes, and with every output, with the
// rest at random.
func TestBrgU8(t *testing.T) {
	if kernel, problem, seed, ok := check.Replay(t); ok {
		replayBrgU8(t, kernel, problem, seed)
		return
	}
	for _, row := range brgU8Rows(t) {
		t.Run(row.Name, func(t *testing.T) {
			seed := uint64(1)
			r := rand.New(rand.NewPCG(seed, 2))
			run := func(change func(p *brgU8Problem)) {
				p := brgU8Problem{
					tiles: 1 + r.IntN(3), taps: 1 + r.IntN(3), k: 1 + r.IntN(21), n: 1 + r.IntN(row.NR), padA: r.IntN(3), padC: r.IntN(3),
					out: r.IntN(len(brgU8Outs)), signed: r.IntN(3) == 0, hi: r.IntN(3) == 0,
				}
				change(&p)
				for _, side := range check.Sides {
					for kind := range numByteFills {
						seed++
						if testing.Short() && r.IntN(12) != 0 {
							continue
						}
						testBrgU8(t, row, p, seed, side, kind)
					}
				}
			}
			for n := 1; n <= row.NR; n++ {
				run(func(p *brgU8Problem) { p.n = n })
			}
			for k := 0; k <= 36; k++ {
				run(func(p *brgU8Problem) { p.k, p.n = k, row.NR })
			}
			run(func(p *brgU8Problem) { p.taps = 0 })
			for tiles := 1; tiles <= 3; tiles++ {
				for i := range 8 {
					run(func(p *brgU8Problem) {
						p.tiles, p.k, p.taps, p.signed, p.hi, p.out = tiles, 40, 9, i&1 != 0, i&2 != 0, i>>2
					})
				}
			}
		})
	}
}

// replayBrgU8 runs one case as a failure names it.
func replayBrgU8(t *testing.T, kernel, problem string, seed uint64) {
	text, how, _ := strings.Cut(problem, "; ")
	p, err := parseBrgU8(text)
	require.NoError(t, err)
	side := check.Head
	where, what, _ := strings.Cut(how, " ")
	if where == check.Tail.String() {
		side = check.Tail
	}
	kind := slices.Index(byteFillNames[:], what)
	require.GreaterOrEqual(t, kind, 0, "no such data: %q", what)
	rows := brgU8Rows(t)
	i := slices.IndexFunc(rows, func(r *BrgU8Row) bool { return r.Name == kernel })
	require.GreaterOrEqual(t, i, 0, "no row %s on this machine", kernel)
	testBrgU8(t, rows[i], p, seed, side, byteFill(kind))
}

// TestBrgU8Sets: the rows of a set have one sign, the widest come first; those of one width are of one packing. They are families that begin with the most
// rows and end with a single one. Column is a permutation.
func TestBrgU8Sets(t *testing.T) {
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		require.NotEmpty(t, s.BrgU8)
		last := s.BrgU8[len(s.BrgU8)-1]
		require.Equal(t, 1, last.MR, last.Name)
		before := s.BrgU8[0]
		for _, r := range s.BrgU8 {
			require.LessOrEqual(t, r.NR, before.NR, r.Name)
			if r.NR == before.NR {
				require.Equal(t, before.Lanes, r.Lanes, r.Name)
			}
			if before.MR > 1 {
				require.Equal(t, before.NR, r.NR, r.Name)
				require.LessOrEqual(t, r.MR, before.MR, r.Name)
			}
			require.Equal(t, before.Signed, r.Signed, r.Name)
			require.GreaterOrEqual(t, r.Work, MaxWork, r.Name)
			seen := make([]bool, r.NR)
			for p := range r.NR {
				require.False(t, seen[r.Column(p)], r.Name)
				seen[r.Column(p)] = true
			}
			before = r
		}
	}
}

func TestBrgU8Allocations(t *testing.T) {
	for _, row := range brgU8Rows(t) {
		args := brgU8Work(row)
		require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(args) }), row.Name)
	}
}

// brgU8Work returns arguments for a row with as much work as a call may have.
func brgU8Work(row *BrgU8Row) *BrgU8Args {
	const k = 256
	tiles := row.Work / (k * row.MR * row.NR)
	rows := tiles * row.MR
	a, b, c := make([]byte, rows*k), make([]byte, k*row.NR), make([]byte, rows*row.NR)
	bias, scale := make([]int32, row.NR), make([]float32, row.NR)
	return &BrgU8Args{
		A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]),
		Bias: unsafe.Pointer(&bias[0]), Scale: unsafe.Pointer(&scale[0]), Hi: 255,
		Taps: &Tap{}, NTap: 1, K: k, Tiles: tiles, N: row.NR, LdA: k, LdC: row.NR,
	}
}

// BenchmarkBrgU8 is the rate of every row with its operands in the first caches.
func BenchmarkBrgU8(b *testing.B) {
	for _, row := range brgU8Rows(b) {
		b.Run(row.Name, func(b *testing.B) {
			args := brgU8Work(row)
			args.Tiles = max(1, 16384/(args.K*row.MR)) // 16 KiB of A
			ops := float64(2 * args.Tiles * row.MR * row.NR * args.K)
			for b.Loop() {
				row.Call(args)
			}
			b.ReportMetric(ops*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GOP/s")
		})
	}
}

func FuzzBrgU8(f *testing.F) {
	for _, s := range []string{
		"brgu8 m1t1k1n1 a0c0 u8",
		"brgu8 m2t3k9n17 a1c5 s8 signed hi",
		"brgu8 m3t9k4n32 a0c0 s32",
		"brgu8 m1t0k5n8 a0c0 f32 signed",
		"brgu8 m1t2k0n3 a0c2 u8 hi",
	} {
		p, err := parseBrgU8(s)
		require.NoError(f, err)
		require.Equal(f, s, p.String())
		f.Add(uint8(p.tiles), uint8(p.taps), uint8(p.k), uint8(p.n), uint8(p.padA), uint8(p.padC), uint8(p.out), p.signed, p.hi, uint8(0), uint64(1))
	}
	rows := brgU8Rows(f)
	f.Fuzz(func(t *testing.T, tiles, taps, k, n, padA, padC, out uint8, signed, hi bool, which uint8, seed uint64) {
		row := rows[int(which)%len(rows)]
		p := brgU8Problem{
			tiles: 1 + int(tiles)%5, taps: int(taps) % 10, k: int(k), n: 1 + int(n)%row.NR, padA: int(padA), padC: int(padC),
			out: int(out) % len(brgU8Outs), signed: signed, hi: hi,
		}
		for _, side := range check.Sides {
			for kind := range numByteFills {
				testBrgU8(t, row, p, seed, side, kind)
			}
		}
	})
}
