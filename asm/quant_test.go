package asm

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// onAll calls f with every row of one kind that this machine can run.
func onAll[R interface {
	comparable
	Named() string
}](t testing.TB, rows func(*Set) []R, f func(row R)) {
	var none R
	seen := map[string]bool{}
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		require.NotEmpty(t, rows(s), "%v", isa)
		for _, r := range rows(s) {
			if r != none && !seen[r.Named()] {
				seen[r.Named()] = true
				f(r)
			}
		}
	}
}

// wide is a float64 rounded to float32: products, sums and quotients of two float32 made in float64 and rounded so are those of float32.
func wide(v float64) float64 { return float64(float32(v)) }

// quantEnd is the end of QuantArgs' loop.
func quantEnd(a *QuantArgs, v float64) byte {
	lo, hi := float64(a.Lo-a.ZeroY), float64(a.Hi-a.ZeroY)
	if math.IsNaN(v) {
		v = lo
	}
	return byte(int32(math.RoundToEven(min(max(v, lo), hi)))+a.ZeroY) ^ a.FlipY
}

// nearestBF16 is the upper half of the nearest number that has no lower one, of two as near the even one; a NaN is made quiet.
func nearestBF16(b uint32) uint16 {
	lo := b &^ 0xffff
	hi := lo + 1<<16 // away from zero: infinity after the largest
	switch x := math.Float32frombits(b); {
	case x != x:
		return uint16(b>>16 | 0x40)
	case b-lo > hi-b, b-lo == hi-b && lo>>16&1 != 0:
		return uint16(hi >> 16)
	}
	return uint16(lo >> 16)
}

// testQuant runs one function on n elements; how chooses scales and zero points.
func testQuant(t testing.TB, row *QuantRow, n int, seed uint64, side check.Side) {
	t.Helper()
	a := check.New(t, row.Name, fmt.Sprintf("n%d; %v", n, side), seed)
	defer a.Close()
	r := rand.New(rand.NewPCG(seed, 3))
	in, out := 1, 1 // bytes of an element
	if row.Op == Quantize {
		in = 4
	}
	if row.Op == Dequantize {
		out = 4
	}
	switch row.Op {
	case Narrow:
		in, out = 4, 2
	case Widen:
		in, out = 2, 4
	}
	args := new(QuantArgs)
	args.N = n
	args.ScaleA, args.ScaleB, args.ScaleY = r.Float32()+0.01, r.Float32()+0.01, r.Float32()+0.01
	if seed%3 == 0 { // many quotients halfway between integers
		args.ScaleA, args.ScaleB, args.ScaleY = 0.25, 0.5, 0.5
	}
	if seed%7 == 0 { // far results
		args.ScaleY = []float32{1e-30, 1e-20, 1e30}[r.IntN(3)]
	}
	args.ZeroA, args.ZeroB, args.ZeroY = int32(r.IntN(256)), int32(r.IntN(256)), int32(r.IntN(256))
	args.Lo, args.Hi = 0, 255
	if seed%2 == 0 {
		args.Lo = int32(r.IntN(256))
		args.Hi = args.Lo + int32(r.IntN(256-int(args.Lo)))
	}
	flips := [2]uint8{0, 0x80}
	if r.IntN(2) == 0 {
		args.FlipA, args.FlipB, args.FlipY = flips[r.IntN(2)], flips[r.IntN(2)], flips[r.IntN(2)]
	}

	A, B, table := a.Bytes("A", in*n, side), a.Bytes("B", n, side), a.Bytes("Table", 256, side)
	for _, x := range [][]byte{A, B, table} {
		for i := range x {
			x[i] = byte(r.Uint32())
		}
	}
	if row.Op == Narrow { // many ties, and NaN whose bits all lie in the lower half
		for i := range n {
			if v := binary.NativeEndian.Uint32(A[4*i:]); i%3 != 0 {
				binary.NativeEndian.PutUint32(A[4*i:], v&0xffff0000|[]uint32{0x8000, 0x7fff, 0x8001, 0}[v%4])
			} else if i%2 == 0 {
				binary.NativeEndian.PutUint32(A[4*i:], v|0x7f800000)
			}
		}
	}
	if row.Op == Quantize {
		x := make([]float32, n)
		switch seed % 4 {
		case 0:
			check.FillInts(x, seed, 300)
			for i := range x {
				x[i] *= args.ScaleY / 2
			}
		case 1:
			check.FillSpecial(x, seed)
		default:
			check.FillRandom(x, seed)
			for i := range x {
				x[i] *= 300 * args.ScaleY
			}
		}
		for i, v := range x {
			binary.NativeEndian.PutUint32(A[4*i:], math.Float32bits(v))
		}
	}
	a.Freeze()
	Y := a.Bytes("Y", out*n, side)
	for i := range Y {
		Y[i] = byte(r.Uint32())
	}
	args.A, args.B, args.Y = unsafe.Pointer(unsafe.SliceData(A)), unsafe.Pointer(unsafe.SliceData(B)), unsafe.Pointer(unsafe.SliceData(Y))
	args.Table = unsafe.Pointer(&table[0])

	want := make([]byte, len(Y))
	for i := range n {
		number := func(x []byte, flip uint8, zero int32, scale float32) float64 {
			return wide(float64(int32(x[i]^flip)-zero) * float64(scale))
		}
		switch row.Op {
		case Quantize:
			x := math.Float32frombits(binary.NativeEndian.Uint32(A[4*i:]))
			want[i] = quantEnd(args, wide(float64(x)/float64(args.ScaleY)))
		case Dequantize:
			binary.NativeEndian.PutUint32(want[4*i:], math.Float32bits(float32(number(A, args.FlipA, args.ZeroA, args.ScaleA))))
		case QuantAdd:
			s := wide(number(A, args.FlipA, args.ZeroA, args.ScaleA) + number(B, args.FlipB, args.ZeroB, args.ScaleB))
			want[i] = quantEnd(args, wide(s/float64(args.ScaleY)))
		case Lookup:
			want[i] = table[A[i]]
		case Narrow:
			binary.NativeEndian.PutUint16(want[2*i:], nearestBF16(binary.NativeEndian.Uint32(A[4*i:])))
		case Widen:
			binary.NativeEndian.PutUint32(want[4*i:], uint32(binary.NativeEndian.Uint16(A[2*i:]))<<16)
		}
	}
	a.Run(func() { row.Call(args) })
	sameBytes(t, a, "Y", Y, want)

	if in == out { // in place
		y := slices.Clone(A)
		args.A, args.Y = unsafe.Pointer(unsafe.SliceData(y)), unsafe.Pointer(unsafe.SliceData(y))
		row.Call(args)
		require.Equal(t, want, y, "%v: in place", a)
	}
}

func TestQuant(t *testing.T) {
	onAll(t, func(s *Set) []*QuantRow { return s.Quant }, func(row *QuantRow) {
		t.Run(row.Name, func(t *testing.T) {
			if row.Op == Fixed {
				testFixedAll(t, row)
				return
			}
			for n := range 200 {
				for i, side := range check.Sides {
					testQuant(t, row, n, uint64(2*n+i), side)
				}
			}
			testQuant(t, row, 2000, 1, check.Tail)
		})
	})
}

// fixedPoint is a sum times multiplier 2^(shift-31), rounded as TensorFlow Lite does: first the product to nearest, ties upward, then what is shifted to the right, ties away
// from zero. It is exact: products of 62 bits are cut by division.
func fixedPoint(s, multiplier, shift int32) int64 {
	p := int64(s) << max(shift, 0) * int64(multiplier)
	p = int64(math.Floor(float64((p+1<<30)>>20) / (1 << 11))) // 2^31 less what a float64 holds
	d := int64(1) << max(-shift, 0)
	q := (2*max(p, -p) + d) / (2 * d)
	if p < 0 {
		return -q
	}
	return q
}

// testFixed runs rows of n sums; many of them end in the middle between two integers.
func testFixed(t testing.TB, row *QuantRow, rows, n int, seed uint64, side check.Side) {
	t.Helper()
	a := check.New(t, row.Name, fmt.Sprintf("rows%d n%d; %v", rows, n, side), seed)
	defer a.Close()
	r := rand.New(rand.NewPCG(seed, 8))
	gapA, gapY := 4*r.IntN(3), r.IntN(3)
	args := &QuantArgs{N: n, Rows: rows, StepA: 4*n + gapA, StepY: n + gapY, ZeroY: int32(r.IntN(256)), Hi: 255, FlipY: uint8(r.IntN(2)) << 7}
	if seed%2 == 0 {
		args.Lo = int32(r.IntN(256))
		args.Hi = args.Lo + int32(r.IntN(256-int(args.Lo)))
	}
	A, B, T := a.Bytes("A", (rows-1)*args.StepA+4*n, side), a.Bytes("B", 4*n, side), a.Bytes("Table", 4*n, side)
	multiplier, shift := make([]int32, n), make([]int32, n)
	for i := range n {
		multiplier[i], shift[i] = 1<<30+r.Int32N(1<<30), int32(r.IntN(62)-31)
		switch r.IntN(4) {
		case 0:
			multiplier[i], shift[i] = 1<<30, -int32(r.IntN(6))
		case 1:
			shift[i] = -int32(r.IntN(16))
		case 2:
			multiplier[i] = r.Int32N(1 << 20)
		}
		binary.NativeEndian.PutUint32(B[4*i:], uint32(multiplier[i]))
		binary.NativeEndian.PutUint32(T[4*i:], uint32(shift[i]))
	}
	for k := range rows {
		for i := range n {
			most := int32(1<<31-256) >> max(shift[i], 0)
			v := r.Int32N(most)
			switch r.IntN(3) {
			case 0: // near what becomes a byte
				v = int32(min(int64(most), int64(math.Ldexp(300*r.Float64(), 31-int(shift[i]))/float64(multiplier[i]+1))))
			case 1:
				v = min(most, int32(r.IntN(300)))
			}
			if r.IntN(2) == 0 {
				v = -v
			}
			binary.NativeEndian.PutUint32(A[k*args.StepA+4*i:], uint32(v))
		}
	}
	a.Freeze()
	Y := a.Bytes("Y", (rows-1)*args.StepY+n, side)
	for i := range Y {
		Y[i] = byte(r.Uint32())
	}
	want := slices.Clone(Y)
	for k := range rows {
		for i := range n {
			s := int32(binary.NativeEndian.Uint32(A[k*args.StepA+4*i:]))
			q := fixedPoint(s, multiplier[i], shift[i]) + int64(args.ZeroY)
			want[k*args.StepY+i] = byte(min(max(q, int64(args.Lo)), int64(args.Hi))) ^ args.FlipY
		}
	}
	args.A, args.B, args.Table, args.Y = unsafe.Pointer(unsafe.SliceData(A)), unsafe.Pointer(unsafe.SliceData(B)), unsafe.Pointer(unsafe.SliceData(T)), unsafe.Pointer(unsafe.SliceData(Y))
	a.Run(func() { row.Call(args) })
	sameBytes(t, a, "Y", Y, want)
}

func testFixedAll(t *testing.T, row *QuantRow) {
	for n := range 100 {
		for i, side := range check.Sides {
			testFixed(t, row, 1+n%4, n, uint64(2*n+i), side)
		}
	}
	testFixed(t, row, 4, 1000, 1, check.Tail)
}

// TestFixedPoint has the roundings worked out by hand.
func TestFixedPoint(t *testing.T) {
	const half = 1 << 30          // a multiplier of 0.5
	for _, c := range [][4]int32{ // sum, multiplier, shift, result
		{1, half, 0, 1}, {-1, half, 0, 0}, {3, half, 0, 2}, {-3, half, 0, -1}, // the product: ties upward
		{6, half, -1, 2}, {-6, half, -1, -2}, {2, half, -1, 1}, {-2, half, -1, -1}, // the shift: away from zero
		{5, half, -1, 2}, {-5, half, -1, -1}, // both, one after another
		{7, half, 3, 28}, {1<<31 - 257, half, -24, 64}, {100, 0, 0, 0}, {-1 << 20, half, -31, 0},
	} {
		require.EqualValues(t, c[3], fixedPoint(c[0], c[1], c[2]), "%v", c)
	}
}

// TestQuantAddQuotients holds the sums of all pairs of bytes to a true division, for scales whose quotients lie at, or a rounding beside, the
// middle between two integers.
func TestQuantAddQuotients(t *testing.T) {
	a, b, y, want := make([]byte, 1<<16), make([]byte, 1<<16), make([]byte, 1<<16), make([]byte, 1<<16)
	for i := range a {
		a[i], b[i] = byte(i), byte(i>>8)
	}
	r := rand.New(rand.NewPCG(1, 2))
	scales := 200
	if testing.Short() {
		scales = 12
	}
	for i := range scales {
		args := &QuantArgs{ZeroA: int32(r.IntN(256)), ZeroB: int32(r.IntN(256)), ZeroY: int32(r.IntN(256)), Hi: 255, N: MaxElems}
		args.ScaleY = float32(math.Ldexp(1+r.Float64(), r.IntN(20)-10))
		if i%5 == 0 {
			args.ScaleY = math.Float32frombits(math.Float32bits(args.ScaleY) | 0x7fffff) // where the theorem ends
		}
		args.ScaleA, args.ScaleB = args.ScaleY*float32(1+r.IntN(8))/8, args.ScaleY*float32(1+r.IntN(64))/64
		if i%3 == 0 {
			args.ScaleB = args.ScaleY * r.Float32()
		}
		for k := range want {
			s := wide(wide(float64(int32(a[k])-args.ZeroA)*float64(args.ScaleA)) + wide(float64(int32(b[k])-args.ZeroB)*float64(args.ScaleB)))
			want[k] = quantEnd(args, wide(s/float64(args.ScaleY)))
		}
		onAll(t, func(s *Set) []*QuantRow { return s.Quant[QuantAdd : QuantAdd+1] }, func(row *QuantRow) {
			for k := 0; k < len(a); k += MaxElems {
				args.A, args.B, args.Y = unsafe.Pointer(&a[k]), unsafe.Pointer(&b[k]), unsafe.Pointer(&y[k])
				row.Call(args)
			}
			for k := range y {
				if y[k] != want[k] {
					t.Fatalf("%s %+v: %d and %d give %d, want %d", row.Name, *args, a[k], b[k], y[k], want[k])
				}
			}
		})
	}
}

// TestQuantAddHalves: quotients that are halves only because they are rounded, where a product with the reciprocal is none.
func TestQuantAddHalves(t *testing.T) {
	const n = 64
	for _, q := range [][2]float32{
		{0x1.ffffd2p+22, 0x1.ffffdp+23}, {0x1.8cbfd2p+28, 0x1.6fffd4p+23}, {0x1.4e780ep+29, 0x1.34000ep+23}, {0x1.699822p+30, 0x1.c8002cp+23},
		{0x1.fbddfcp+30, 0x1.d1fffep+23}, {0x1.d4e02cp+30, 0x1.60002p+23}, {0x1.e3fbd4p+30, 0x1.2bffe4p+23}, {0x1.29492p+31, 0x1.360022p+23},
	} {
		a, b, y := make([]byte, n), make([]byte, n), make([]byte, n)
		for i := range a {
			a[i] = 4
		}
		args := &QuantArgs{A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), Y: unsafe.Pointer(&y[0]), N: n, ScaleA: q[0] / 4, ScaleB: 1, ScaleY: q[1], Hi: 255}
		onAll(t, func(s *Set) []*QuantRow { return s.Quant[QuantAdd : QuantAdd+1] }, func(row *QuantRow) {
			row.Call(args)
			require.Equal(t, slices.Repeat([]byte{quantEnd(args, wide(float64(q[0])/float64(q[1])))}, n), y, "%s %v", row.Name, q)
		})
	}
}

// TestQuantSets: every set has every function.
func TestQuantSets(t *testing.T) {
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for op, r := range s.Quant {
			require.NotNil(t, r, "%v %d", isa, op)
		}
	}
}

func FuzzQuant(f *testing.F) {
	f.Add(uint16(77), uint64(1))
	var rows []*QuantRow
	onAll(f, func(s *Set) []*QuantRow { return s.Quant }, func(r *QuantRow) { rows = append(rows, r) })
	f.Fuzz(func(t *testing.T, n uint16, seed uint64) {
		for _, row := range rows {
			for _, side := range check.Sides {
				if row.Op == Fixed {
					testFixed(t, row, 1+int(seed%4), int(n%1000), seed, side)
					continue
				}
				testQuant(t, row, int(n%1000), seed, side)
			}
		}
	})
}

func BenchmarkQuant(b *testing.B) {
	const n = 8192
	x, y, z, table := make([]byte, 4*n), make([]byte, 4*n), make([]byte, 4*n), make([]byte, 4*n)
	onAll(b, func(s *Set) []*QuantRow { return s.Quant }, func(row *QuantRow) {
		b.Run(row.Name, func(b *testing.B) {
			args := &QuantArgs{Rows: 1, A: unsafe.Pointer(&x[0]), B: unsafe.Pointer(&z[0]), Y: unsafe.Pointer(&y[0]), N: n, ScaleA: 1, ScaleB: 2, ScaleY: 3, Hi: 255, Table: unsafe.Pointer(&table[0])}
			b.SetBytes(n)
			for b.Loop() {
				row.Call(args)
			}
		})
	})
}

// byteWindows is a problem for pooling and depthwise kernels, written as "c5p3 k3x2 s1 y1": channels, pixels, a window of rows and columns, stride, and how
// many bytes the pixels of Y are longer than they need be.
type byteWindows struct {
	c, pixels, ny, nx, stride, pad int
	left, right                    int // columns of the border
}

func (p byteWindows) String() string {
	return fmt.Sprintf("c%dp%d k%dx%d s%d y%d border %d,%d", p.c, p.pixels, p.ny, p.nx, p.stride, p.pad, p.left, p.right)
}

// byteCase is what a kernel with windows is run on, as short as its contract allows.
type byteCase struct {
	byteWindows
	x, y, want             []byte
	rowX, colX, pixX, pixY int
	flipX, flipY, border   uint8
	zero, lo, hi           int32
}

func newByteCase(a *check.Arena, p byteWindows, r *rand.Rand, side check.Side) *byteCase {
	q := &byteCase{byteWindows: p}
	q.colX = p.c + r.IntN(3)
	q.pixX, q.pixY = p.stride*q.colX, p.c+p.pad
	q.rowX = (p.pixels-1)*q.pixX + p.nx*q.colX + r.IntN(3)
	q.x = a.Bytes("X", (p.ny-1)*q.rowX+(p.nx-1-p.left-p.right)*q.colX+(p.pixels-1)*q.pixX+p.c, side)
	for i := range q.x {
		if q.x[i] = byte(r.Uint32()); r.IntN(3) == 0 {
			q.x[i] = []byte{0, 0x7f, 0x80, 0xff}[r.IntN(4)]
		}
	}
	a.Freeze()
	q.y = a.Bytes("Y", (p.pixels-1)*q.pixY+p.c, side)
	for i := range q.y {
		q.y[i] = byte(r.Uint32())
	}
	q.flipX, q.flipY = uint8(r.IntN(2))<<7, uint8(r.IntN(2))<<7
	q.border = byte(r.Uint32())
	q.zero, q.lo, q.hi = int32(r.IntN(256)), 0, 255
	if r.IntN(2) == 0 {
		q.lo = int32(r.IntN(256))
		q.hi = q.lo + int32(r.IntN(256-int(q.lo)))
	}
	q.want = slices.Clone(q.y)
	return q
}

// each calls f for every result with the taps of its window.
func (q *byteCase) each(f func(c int, taps []int32) int32) {
	for p := range q.pixels {
		for c := range q.c {
			var taps []int32
			for y := range q.ny {
				for x := range q.nx {
					if x < q.left && p == 0 || x >= q.nx-q.right && p == q.pixels-1 {
						taps = append(taps, int32(q.border))
						continue
					}
					taps = append(taps, int32(q.x[p*q.pixX+y*q.rowX+(x-q.left)*q.colX+c]^q.flipX))
				}
			}
			q.want[p*q.pixY+c] = byte(f(c, taps)) ^ q.flipY
		}
	}
}

func (q *byteCase) end(s int32, scale float32) int32 {
	return min(max(int32(math.RoundToEven(wide(wide(float64(s))*float64(scale))))+q.zero, q.lo), q.hi)
}

func testPoolU8(t testing.TB, row *PoolU8Row, average bool, p byteWindows, seed uint64, side check.Side) {
	t.Helper()
	a := check.New(t, row.Name, fmt.Sprintf("%v; %v", p, side), seed)
	defer a.Close()
	r := rand.New(rand.NewPCG(seed, 4))
	q := newByteCase(a, p, r, side)
	args := &PoolU8Args{
		X: unsafe.Pointer(&q.x[0]), Y: unsafe.Pointer(&q.y[0]), NY: p.ny, NX: p.nx, RowX: q.rowX, ColX: q.colX, PixX: q.pixX, C: p.c, Pixels: p.pixels, PixY: q.pixY,
		Bias: int32(r.IntN(20000) - 10000), Scale: r.Float32() / float32(p.ny*p.nx), Zero: q.zero, Lo: q.lo, Hi: q.hi, FlipX: q.flipX, FlipY: q.flipY,
	}
	if seed%2 == 0 {
		args.Bias, args.Scale = int32(r.IntN(100)), 0.5
	}
	q.each(func(_ int, taps []int32) int32 {
		if !average {
			return slices.Max(taps)
		}
		s := args.Bias
		for _, v := range taps {
			s += v
		}
		return q.end(s, args.Scale)
	})
	a.Run(func() { row.Call(args) })
	sameBytes(t, a, "Y", q.y, q.want)
}

func TestPoolU8(t *testing.T) {
	for _, k := range []struct {
		average bool
		rows    func(*Set) []*PoolU8Row
	}{{false, func(s *Set) []*PoolU8Row { return s.MaxPoolU8 }}, {true, func(s *Set) []*PoolU8Row { return s.AvgPoolU8 }}} {
		onAll(t, k.rows, func(row *PoolU8Row) {
			t.Run(row.Name, func(t *testing.T) {
				seed := uint64(0)
				r := rand.New(rand.NewPCG(5, 5))
				for c := 1; c <= 200; c++ {
					for _, side := range check.Sides {
						seed++
						testPoolU8(t, row, k.average, byteWindows{c: c, pixels: 1 + r.IntN(3), ny: 1 + r.IntN(4), nx: 1 + r.IntN(4), stride: 1 + r.IntN(2), pad: r.IntN(3)}, seed, side)
					}
				}
				for _, side := range check.Sides {
					testPoolU8(t, row, k.average, byteWindows{c: 70, pixels: 2, ny: 17, nx: 19, stride: 1}, 2, side) // sums of more than 16 bits
				}
			})
		})
	}
}

func testDwU8(t testing.TB, row *DwU8Row, p byteWindows, seed uint64, side check.Side) {
	t.Helper()
	a := check.New(t, row.Name, fmt.Sprintf("%v; %v", p, side), seed)
	defer a.Close()
	r := rand.New(rand.NewPCG(seed, 6))
	taps := p.ny * p.nx
	w, bias, scale := make([]int8, p.c*taps), make([]int32, p.c), make([]float32, p.c)
	for i := range w {
		w[i] = int8(r.Uint32())
		if seed%3 == 0 {
			w[i] = []int8{-128, 127}[r.IntN(2)]
		}
	}
	for i := range bias {
		bias[i], scale[i] = int32(r.IntN(200000)-100000), r.Float32()/float32(50*taps)
		if seed%4 == 0 {
			scale[i] = 1.0 / 256
		}
	}
	W := a.Bytes("W", row.PackLen(p.c, p.ny, p.nx), side)
	row.Pack(W, p.c, p.ny, p.nx, w, bias, scale)
	q := newByteCase(a, p, r, side)
	args := &DwU8Args{
		X: unsafe.Pointer(&q.x[0]), W: unsafe.Pointer(&W[0]), Y: unsafe.Pointer(&q.y[0]), NY: p.ny, NX: p.nx, RowX: q.rowX, ColX: q.colX, PixX: q.pixX, C: p.c, Pixels: p.pixels, PixY: q.pixY,
		Zero: q.zero, Lo: q.lo, Hi: q.hi, FlipX: q.flipX, FlipY: q.flipY,
		Border: q.border, Left: q.left, Right: q.right,
	}
	q.each(func(c int, x []int32) int32 {
		s := bias[c]
		for i, v := range x {
			s += v * int32(w[c*taps+i])
		}
		return q.end(s, scale[c])
	})
	a.Run(func() { row.Call(args) })
	sameBytes(t, a, "Y", q.y, q.want)
}

// dwU8Served changes p where the row does not serve its windows: those that it serves may have a border.
func dwU8Served(row *DwU8Row, p byteWindows, r *rand.Rand) byteWindows {
	if row.KH != 0 {
		p.ny, p.nx, p.stride, p.left, p.right = row.KH, row.KW, row.Stride, r.IntN(2), r.IntN(2)
	}
	return p
}

func TestDwU8(t *testing.T) {
	onAll(t, func(s *Set) []*DwU8Row { return s.DwU8 }, func(row *DwU8Row) {
		t.Run(row.Name, func(t *testing.T) {
			seed := uint64(0)
			r := rand.New(rand.NewPCG(7, 7))
			for c := 1; c <= 200; c++ {
				for _, side := range check.Sides {
					seed++
					p := byteWindows{c: c, pixels: 1 + r.IntN(9), ny: 1 + r.IntN(5), nx: 1 + r.IntN(5), stride: 1 + r.IntN(3), pad: r.IntN(3)}
					testDwU8(t, row, dwU8Served(row, p, r), seed, side)
				}
			}
		})
	})
}

// TestDwU8Sets: the last row of every set serves all windows.
func TestDwU8Sets(t *testing.T) {
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		require.True(t, s.DwU8[len(s.DwU8)-1].Serves(7, 2, 3), "%v", isa)
	}
}

func FuzzByteWindows(f *testing.F) {
	f.Add(uint8(77), uint8(3), uint8(2), uint8(3), uint8(1), uint64(1))
	f.Fuzz(func(t *testing.T, c, pixels, ny, nx, stride uint8, seed uint64) {
		p := byteWindows{c: 1 + int(c), pixels: 1 + int(pixels)%20, ny: 1 + int(ny)%6, nx: 1 + int(nx)%6, stride: 1 + int(stride)%3, pad: int(seed % 3)}
		for _, side := range check.Sides {
			onAll(t, func(s *Set) []*PoolU8Row { return s.MaxPoolU8 }, func(r *PoolU8Row) { testPoolU8(t, r, false, p, seed, side) })
			onAll(t, func(s *Set) []*PoolU8Row { return s.AvgPoolU8 }, func(r *PoolU8Row) { testPoolU8(t, r, true, p, seed, side) })
			onAll(t, func(s *Set) []*DwU8Row { return s.DwU8 }, func(r *DwU8Row) {
				testDwU8(t, r, dwU8Served(r, p, rand.New(rand.NewPCG(seed, 8))), seed, side)
			})
		}
	})
}

func BenchmarkDwU8(b *testing.B) {
	const c, pixels = 192, 28
	x, y := make([]byte, 3*(2*pixels+2)*c), make([]byte, pixels*c)
	onAll(b, func(s *Set) []*DwU8Row { return s.DwU8 }, func(row *DwU8Row) {
		b.Run(row.Name, func(b *testing.B) {
			w := make([]byte, row.PackLen(c, 3, 3))
			args := &DwU8Args{X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&w[0]), Y: unsafe.Pointer(&y[0]), NY: 3, NX: 3, RowX: (2*pixels + 2) * c, ColX: c, PixX: max(1, row.Stride) * c, C: c, Pixels: pixels, PixY: c, Hi: 255}
			for b.Loop() {
				row.Call(args)
			}
			b.ReportMetric(9*c*pixels*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
		})
	})
}
