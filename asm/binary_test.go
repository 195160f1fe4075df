package asm

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

var inf = float32(math.Inf(1))

// eachBinary calls f with every binary row that this machine can run.
func eachBinary(f func(r *BinaryRow)) {
	for _, isa := range Supported() {
		table := binaryTable()
		for i := range table {
			if table[i].ISA == isa {
				f(&table[i])
			}
		}
	}
}

// binaryRef is the contract of a binary kernel for one element. Every function rounds once, so that
// kernels must give just this.
func binaryRef(op Binary, a, b, lo, hi float32) float32 {
	x, y := float64(a), float64(b)
	v := float32([]float64{x + y, x - y, x * y, math.Max(x, y), math.Min(x, y), x / y}[op]) // float64 holds each but x±y and x/y exactly, and those are rounded innocuously
	if a != a || b != b {
		v = float32(math.NaN())
	}
	if v < lo {
		v = lo
	}
	if v > hi {
		v = hi
	}
	return v
}

// operands says how the rows of a test lie: elements between them, and which operand is one number for a row.
type operands struct {
	padA, padB, padY int
	oneA, oneB       bool
	sameA, sameB     bool // the same row, or number, for all
}

// runBinary runs a row in an arena and compares. alias says which operand Y is: 0 neither, 1 A, 2 B. What lies between the rows of Y must stay.
func runBinary(t *testing.T, r *BinaryRow, args *BinaryArgs, rows, n int, o operands, side check.Side, alias int, lo, hi float32, seed uint64) {
	a := check.New(t, r.Name, fmt.Sprintf("r%dn%d %+v lo=%v hi=%v alias=%d", rows, n, o, lo, hi, alias), seed)
	defer a.Close()
	lay := func(name string, pad int, one, same bool) (x []float32, ld, step int) {
		row := n
		step = 1
		if one {
			row, step = 1, 0
		}
		if ld = row + pad; same {
			ld = 0
		}
		size := max(0, (rows-1)*ld+row)
		if rows == 0 || n == 0 {
			size = 0
		}
		return a.Floats(name, size, side), ld, step
	}
	x, ldx, stepX := lay("A", o.padA, o.oneA, o.sameA)
	y, ldy, stepY := lay("B", o.padB, o.oneB, o.sameB)
	check.FillSpecial(x, seed)
	check.FillSpecial(y, seed+1)
	p, q := slices.Clone(x), slices.Clone(y)
	z, ldz := [][]float32{nil, x, y}[alias], []int{n + o.padY, ldx, ldy}[alias]
	if alias == 0 {
		a.Freeze()
		z, _, _ = lay("Y", o.padY, false, false)
		check.FillNaN(z)
	}
	want := slices.Clone(z)
	for i := range rows {
		for j := range n {
			want[i*ldz+j] = binaryRef(r.Op, p[i*ldx+j*stepX], q[i*ldy+j*stepY], lo, hi)
		}
	}
	*args = BinaryArgs{A: first(x), B: first(y), Y: first(z), Rows: rows, N: n, LdA: 4 * ldx, LdB: 4 * ldy, LdY: 4 * ldz, StepA: 4 * stepX, StepB: 4 * stepY, Lo: lo, Hi: hi}
	a.Run(func() { r.Call(args) })
	a.Exact("Y", z, want)
}

func TestBinary(t *testing.T) {
	args := new(BinaryArgs)
	ways := []operands{
		{}, {padA: 1, padB: 2, padY: 3}, {oneB: true}, {oneA: true, padY: 1}, {oneA: true, oneB: true, padB: 2}, {sameB: true}, {sameA: true, padB: 4},
		{oneB: true, sameB: true, padA: 5}, {oneA: true, sameA: true},
	}
	eachBinary(func(r *BinaryRow) {
		t.Run(r.Name, func(t *testing.T) {
			for _, n := range lengths() {
				for _, side := range check.Sides {
					runBinary(t, r, args, 1, n, operands{}, side, n%3, -inf, inf, uint64(n))
					runBinary(t, r, args, n%4, n, operands{}, side, (n+1)%3, 0, 0.5, uint64(n))
					for i, o := range ways[1:] {
						runBinary(t, r, args, 1+(n+i)%4, n, o, side, 0, -inf, inf, uint64(n))
					}
				}
			}
		})
	})
}

func TestBinaryNames(t *testing.T) {
	require.Equal(t, "add", Add.String())
	require.Equal(t, "Binary(6)", NumBinary.String())
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for b := range NumBinary {
			require.Equal(t, b, s.Binary[b].Op)
		}
	}
}

func FuzzBinary(f *testing.F) {
	f.Add(uint8(Add), 3, 70, uint16(0), 1, 2, 3, uint64(1), float32(-1), float32(1))
	args := new(BinaryArgs)
	f.Fuzz(func(t *testing.T, op uint8, rows, n int, ways uint16, padA, padB, padY int, seed uint64, lo, hi float32) {
		if lo != lo || hi != hi || lo > hi {
			t.Skip()
		}
		wrap := func(v, m int) int { return (v%m + m) % m }
		bit := func(i int) bool { return ways>>i&1 != 0 }
		side := check.Head
		if bit(0) {
			side = check.Tail
		}
		o := operands{wrap(padA, 20), wrap(padB, 20), wrap(padY, 20), bit(1), bit(2), bit(3), bit(4)}
		alias := int(seed % 3)
		if alias == 1 && (o.oneA || o.sameA) || alias == 2 && (o.oneB || o.sameB) {
			alias = 0
		}
		eachBinary(func(r *BinaryRow) {
			if uint8(r.Op) == op%uint8(NumBinary) {
				runBinary(t, r, args, wrap(rows, 9), wrap(n, 150), o, side, alias, lo, hi, seed)
			}
		})
	})
}

// BenchmarkBinary runs every row on data that stays in the first-level cache.
func BenchmarkBinary(b *testing.B) {
	x, y, z := make([]float32, 2048), make([]float32, 2048), make([]float32, 2048)
	check.FillRandom(x, 1)
	check.FillRandom(y, 2)
	args := &BinaryArgs{A: first(x), B: first(y), Y: first(z), Rows: 1, N: len(x), StepA: 4, StepB: 4, Lo: 0, Hi: 6}
	eachBinary(func(r *BinaryRow) {
		b.Run(r.Name, func(b *testing.B) {
			b.SetBytes(12 * int64(len(x)))
			for b.Loop() {
				r.Call(args)
			}
		})
	})
}

// eachAffine calls f with every affine row that this machine can run.
func eachAffine(f func(r *AffineRow)) {
	for _, isa := range Supported() {
		table := affineTable()
		for i := range table {
			if table[i].ISA == isa {
				f(&table[i])
			}
		}
	}
}

// runAffine runs a row on a matrix with padX and padY elements between rows, and compares. One unit in the
// last place is allowed: the reference, in float64, rounds twice now and then. What lies between the rows
// of Y must stay.
func runAffine(t *testing.T, r *AffineRow, args *AffineArgs, rows, n, padX, padY int, side check.Side, inPlace bool, lo, hi float32, seed uint64) {
	if inPlace {
		padY = padX
	}
	a := check.New(t, r.Name, fmt.Sprintf("r%dn%d ldx%d ldy%d lo=%v hi=%v inplace=%v", rows, n, n+padX, n+padY, lo, hi, inPlace), seed)
	defer a.Close()
	perRow := r.Op == BiasRow || r.Op == ScaleRow || r.Op == NormRow
	channels := n
	if perRow {
		channels = rows
	}
	size := func(pad int) int { return max(0, rows*(n+pad)-pad) }
	s, sh := a.Floats("S", channels, side), a.Floats("T", channels, side)
	check.FillRandom(s, seed+1)
	check.FillSpecial(sh, seed+2)
	x := a.Floats("X", size(padX), side)
	check.FillSpecial(x, seed)
	in := slices.Clone(x)
	y := x
	if !inPlace {
		a.Freeze()
		y = a.Floats("Y", size(padY), side)
		check.FillNaN(y)
	}
	want := slices.Clone(y)
	for i := range rows {
		for j := range n {
			c := j
			if perRow {
				c = i
			}
			v := float64(in[i*(n+padX)+j])
			if r.Op != Bias && r.Op != BiasRow {
				v *= float64(s[c])
			}
			if r.Op != Scale && r.Op != ScaleRow {
				v += float64(sh[c])
			}
			want[i*(n+padY)+j] = clamp1(float32(v), lo, hi)
		}
	}
	args.X, args.Y, args.S, args.T = first(x), first(y), first(s), first(sh)
	if r.Op == Bias || r.Op == BiasRow {
		args.S = nil
	}
	if r.Op == Scale || r.Op == ScaleRow {
		args.T = nil
	}
	args.Rows, args.N, args.LdX, args.LdY, args.Lo, args.Hi = rows, n, 4*(n+padX), 4*(n+padY), lo, hi
	a.Run(func() { r.Call(args) })
	for i := range want {
		if d := ulps(y[i], float64(want[i]), 0); d > 1 {
			t.Fatalf("%v: element %d: got %v, want %v", a, i, y[i], want[i])
		}
	}
}

func TestAffine(t *testing.T) {
	args := new(AffineArgs)
	eachAffine(func(r *AffineRow) {
		t.Run(r.Name, func(t *testing.T) {
			for _, n := range lengths() {
				for i, side := range check.Sides {
					runAffine(t, r, args, 3, n, 0, 0, side, i == 0, -inf, inf, uint64(n))
					runAffine(t, r, args, n%4, n, 1, 2, side, n%2 == i, 0, 0.5, uint64(n))
				}
			}
		})
	})
}

// TestAffineExact holds all rows to the same bits where nothing is rounded.
func TestAffineExact(t *testing.T) {
	const rows, n = 5, 77
	x, y, want := make([]float32, rows*n), make([]float32, rows*n), make([]float32, rows*n)
	s, sh := make([]float32, n), make([]float32, n)
	check.FillInts(x, 1, 100)
	check.FillInts(s, 2, 100)
	check.FillInts(sh, 3, 100)
	args := &AffineArgs{X: first(x), Y: first(y), S: first(s), T: first(sh), Rows: rows, N: n, LdX: 4 * n, LdY: 4 * n, Lo: -1000, Hi: 2000}
	eachAffine(func(r *AffineRow) {
		for i := range want {
			c := i % n
			if r.Op%2 == 1 {
				c = i / n
			}
			v := x[i]
			if r.Op >= Scale {
				v *= s[c]
			}
			if r.Op < Scale || r.Op >= Norm {
				v += sh[c]
			}
			want[i] = min(max(v, -1000), 2000)
		}
		check.FillNaN(y)
		r.Call(args)
		check.Exact(t, r.Name, y, want)
	})
}

func TestAffineNames(t *testing.T) {
	require.Equal(t, "normrow", NormRow.String())
	require.Equal(t, "Affine(6)", NumAffine.String())
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for b := range NumAffine {
			require.Equal(t, b, s.Affine[b].Op)
		}
	}
}

func FuzzAffine(f *testing.F) {
	f.Add(uint8(Norm), 3, 70, 1, 2, uint64(1), float32(-1), float32(1), true)
	args := new(AffineArgs)
	f.Fuzz(func(t *testing.T, op uint8, rows, n, padX, padY int, seed uint64, lo, hi float32, tail bool) {
		if lo != lo || hi != hi || lo > hi {
			t.Skip()
		}
		wrap := func(v, m int) int { return (v%m + m) % m }
		side := check.Head
		if tail {
			side = check.Tail
		}
		eachAffine(func(r *AffineRow) {
			if uint8(r.Op) == op%uint8(NumAffine) {
				runAffine(t, r, args, wrap(rows, 9), wrap(n, 150), wrap(padX, 20), wrap(padY, 20), side, seed%2 == 0, lo, hi, seed)
			}
		})
	})
}

func TestElementwiseAllocs(t *testing.T) {
	x := make([]float32, 100)
	p := unsafe.Pointer(&x[0])
	b := &BinaryArgs{A: p, B: p, Y: p, Rows: 1, N: 100, StepA: 4, StepB: 4, Hi: 1}
	eachBinary(func(r *BinaryRow) {
		require.Zero(t, testing.AllocsPerRun(10, func() { r.Call(b) }), r.Name)
	})
	a := &AffineArgs{X: p, Y: p, S: p, T: p, Rows: 4, N: 25, LdX: 100, LdY: 100, Hi: 1}
	eachAffine(func(r *AffineRow) {
		require.Zero(t, testing.AllocsPerRun(10, func() { r.Call(a) }), r.Name)
	})
	s := &SoftmaxArgs{X: p, Y: p, N: 100}
	eachSoftmax(func(r *SoftmaxRow) {
		require.Zero(t, testing.AllocsPerRun(10, func() { r.Call(s) }), r.Name)
	})
}

// BenchmarkAffine runs every row on 32 pixels of 64 channels, in the first-level cache.
func BenchmarkAffine(b *testing.B) {
	x, y, s := make([]float32, 2048), make([]float32, 2048), make([]float32, 64)
	check.FillRandom(x, 1)
	check.FillRandom(s, 2)
	args := &AffineArgs{X: first(x), Y: first(y), S: first(s), T: first(s), Rows: 32, N: 64, LdX: 256, LdY: 256, Lo: 0, Hi: 6}
	eachAffine(func(r *AffineRow) {
		b.Run(r.Name, func(b *testing.B) {
			b.SetBytes(8 * int64(len(x)))
			for b.Loop() {
				r.Call(args)
			}
		})
	})
}
