package asm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
)

// denormals is a kind of data of its own: random numbers, some of them denormal, none infinite.
const denormals = numFills

// fillBF16 fills x with numbers that bfloat16 holds.
func fillBF16(x []float32, kind fill, seed uint64) {
	switch kind {
	case ints:
		check.FillInts(x, seed, 8)
	case special:
		check.FillSpecial(x, seed)
	default:
		check.FillRandom(x, seed)
	}
	r := rand.New(rand.NewPCG(seed, 7))
	for i, v := range x {
		switch {
		case kind == special && isDenormal(v): // a denormal as zero times infinity is NaN
			x[i] = 0
		case kind == denormals && r.IntN(3) == 0:
			x[i] = math.Float32frombits(r.Uint32() & 0x807f0000)
		default:
			x[i] = fromBF16(toBF16(v))
		}
	}
}

func isDenormal(v float32) bool {
	return v != 0 && math.Float32bits(v)&0x7f800000 == 0
}

// brgKind is a kind of rows with weights in bfloat16.
type brgKind struct {
	name  string
	rows  func(*Set) []*BrgRow
	sizeA int // bytes of an element of A
}

var brgKinds = []brgKind{
	{"bf16", func(s *Set) []*BrgRow { return s.BrgBF16 }, 2},
	{"mixed", func(s *Set) []*BrgRow { return s.BrgMixed }, 4},
}

// half are the flags beside those of brgFlags.
const half = BrgRes16 | BrgOut16

// testBrg16 runs one problem on one row, as testBrg does.
func testBrg16(t testing.TB, kind brgKind, row *BrgRow, p brgProblem, seed uint64, side check.Side, data fill) {
	t.Helper()
	a := check.New(t, row.Name, fmt.Sprintf("%v %#x; %v %d", p, p.flags&half, side, data), seed)
	defer a.Close()
	r := rand.New(rand.NewPCG(seed, 1))
	rows, has := row.MR*p.tiles, func(flag int) bool { return p.flags&flag != 0 }
	ldA, ldC, ldR := 2*(p.k+p.padA), p.n+p.padC, p.n+p.padR
	// floats makes an operand and the numbers in it, as wide as size says.
	floats := func(name string, rows, n, ld, size int) ([]byte, []float32) {
		if rows == 0 || n == 0 {
			return a.Bytes(name, 0, side), nil
		}
		x := make([]float32, (rows-1)*ld+n)
		check.FillNaN(x)
		for i := range rows {
			if row := x[i*ld : i*ld+n]; size == 2 || data == denormals {
				fillBF16(row, data, r.Uint64())
			} else {
				[]func([]float32, uint64){func(x []float32, s uint64) { check.FillInts(x, s, 8) }, check.FillRandom[float32], check.FillSpecial[float32]}[data](row, r.Uint64())
			}
		}
		b := a.Bytes(name, size*len(x), side)
		for i, v := range x {
			if size == 2 {
				*(*uint16)(unsafe.Pointer(&b[2*i])) = toBF16(v)
			} else {
				*(*float32)(unsafe.Pointer(&b[4*i])) = v
			}
		}
		return b, x
	}
	A, numbersA := floats("A", min(1, p.taps*p.k), (p.taps+rows-1)*ldA+2*p.k, 0, kind.sizeA) // a tap is a row further down
	B, numbersB := floats("B", min(1, p.taps*p.k), p.taps*2*p.k*row.NR, 0, 2)
	taps := check.Alloc[Tap](a, "Taps", p.taps, side)
	shift := r.IntN(100) - 50
	for i := range taps {
		taps[i] = Tap{A: kind.sizeA*i*ldA - shift, B: 4 * i * p.k * row.NR}
	}
	sizeBias := 0
	if has(BrgBias) {
		sizeBias = p.n
	}
	if has(BrgBiasRow) {
		sizeBias = max(sizeBias, rows)
	}
	bias, numbersBias := floats("Bias", 1, sizeBias, 0, 4)
	sizeR, rowsR := 4, 0
	if has(BrgRes16) {
		sizeR = 2
	}
	if has(BrgResidual) {
		rowsR = rows
	}
	res, numbersR := floats("Res", rowsR, p.n, ldR, sizeR)
	a.Freeze()
	sizeC := 4
	if has(BrgOut16) {
		sizeC = 2
	}
	C, numbersC := floats("C", rows, p.n, ldC, sizeC)
	if !has(BrgAccumulate) {
		for i := range C {
			C[i] = 0xff
		}
	}

	args := new(BrgArgs)
	args.A, args.AOff = unsafe.Pointer(unsafe.SliceData(A)), shift
	args.B, args.C = unsafe.Pointer(unsafe.SliceData(B)), unsafe.Pointer(unsafe.SliceData(C))
	args.Taps, args.NTap = unsafe.SliceData(taps), p.taps
	args.K, args.Tiles, args.N = p.k, p.tiles, p.n
	args.LdA, args.LdB, args.LdC, args.LdRes = kind.sizeA*ldA, 4*row.NR, sizeC*ldC, sizeR*ldR
	args.Bias, args.Res = unsafe.Pointer(unsafe.SliceData(bias)), unsafe.Pointer(unsafe.SliceData(res))
	args.Flags = p.flags
	args.Alpha, args.Beta, args.Lo, args.Hi = -0.75, 0.625, -0.5, 0.75
	if data == ints {
		args.Alpha, args.Beta, args.Lo, args.Hi = -2, 3, -40, 48
	}
	if seed%3 == 0 {
		args.Hi = float32(math.Inf(1))
	}

	depth := 2*p.taps*p.k + 5
	factor := min(8*math.Sqrt(float64(depth)), float64(depth)) * 0x1p-24
	want, cond := make([]float64, len(C)/sizeC), make([]float64, len(C)/sizeC)
	for i := range want {
		want[i] = float64(numbersC[i])
		if !has(BrgAccumulate) {
			want[i] = math.NaN()
		}
	}
	for i := range rows {
		for j := range p.n {
			var sum ref.Sum
			var abs, flushed float64
			for t := range p.taps {
				for k := range 2 * p.k {
					x, w := numbersA[(t+i)*ldA+k], numbersB[(t*p.k+k/2)*2*row.NR+2*j+k%2]
					sum.AddProduct(float64(x), float64(w))
					product := math.Abs(float64(x) * float64(w))
					abs += product
					if isDenormal(x) || isDenormal(w) {
						flushed += product
					}
					flushed += 0x1p-126
				}
			}
			add := func(x, y float64) {
				sum.AddProduct(x, y)
				abs += math.Abs(x * y)
			}
			if has(BrgAlpha) {
				sum.Scale(float64(args.Alpha))
				abs *= math.Abs(float64(args.Alpha))
				flushed *= math.Abs(float64(args.Alpha))
			}
			if has(BrgAccumulate) {
				add(float64(numbersC[i*ldC+j]), float64(args.Beta))
			}
			if has(BrgBias) {
				add(float64(numbersBias[j]), 1)
			}
			if has(BrgBiasRow) {
				add(float64(numbersBias[i]), 1)
			}
			if has(BrgResidual) {
				add(float64(numbersR[i*ldR+j]), 1)
			}
			y := sum.Value()
			if has(BrgClamp) {
				if y < float64(args.Lo) {
					y = float64(args.Lo)
				}
				if y > float64(args.Hi) {
					y = float64(args.Hi)
				}
			}
			if (data == denormals || data == special) && kind.sizeA == 2 {
				abs += flushed / factor
			}
			if has(BrgOut16) && data != ints && !math.IsInf(y, 0) {
				abs += (math.Abs(y)*0x1p-8 + 0x1p-126) / factor
			}
			want[i*ldC+j], cond[i*ldC+j] = y, abs
		}
	}

	a.Run(func() { row.Call(args) })
	got := make([]float32, len(want))
	for i := range got {
		if sizeC == 2 {
			got[i] = fromBF16(*(*uint16)(unsafe.Pointer(&C[2*i])))
			if data == ints {
				want[i] = float64(fromBF16(toBF16(float32(want[i]))))
			}
		} else {
			got[i] = *(*float32)(unsafe.Pointer(&C[4*i]))
		}
	}
	if data == ints {
		check.Exact(t, fmt.Sprintf("%v: C", a), got, check.Round(want))
	} else {
		check.Bound(t, fmt.Sprintf("%v: C", a), got, want, cond, depth)
	}
}

// TestBrg16 runs every row with weights in bfloat16 as TestBrg does those without.
func TestBrg16(t *testing.T) {
	for _, kind := range brgKinds {
		onAll(t, kind.rows, func(row *BrgRow) {
			t.Run(row.Name, func(t *testing.T) {
				seed := uint64(1)
				r := rand.New(rand.NewPCG(seed, 2))
				run := func(change func(p *brgProblem)) {
					p := brgProblem{
						tiles: 1 + r.IntN(3), taps: 1 + r.IntN(3), k: 1 + r.IntN(9), n: 1 + r.IntN(row.NR),
						padA: r.IntN(3), padC: r.IntN(3), padR: r.IntN(3), flags: r.IntN(1 << len(brgFlags)),
					}
					if kind.sizeA == 2 {
						p.flags |= r.IntN(4) * BrgRes16
					}
					change(&p)
					if p.flags&BrgOut16 != 0 {
						p.flags &^= BrgAccumulate
					}
					for _, side := range check.Sides {
						for data := range denormals + 1 {
							seed++
							if !testing.Short() || r.IntN(6) == 0 {
								testBrg16(t, kind, row, p, seed, side, data)
							}
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
					run(func(p *brgProblem) { p.flags = flags | p.flags&half })
				}
			})
		})
	}
}

// brg16Work returns arguments for a row with as much work as a call may have, on numbers whose sums have no denormals.
func brg16Work(kind brgKind, row *BrgRow, k, n int) *BrgArgs {
	tiles := max(1, MaxWork/(2*k*row.MR*row.NR))
	rows := tiles * row.MR
	numbers := make([]float32, rows*2*k)
	fillBF16(numbers, random, 1)
	b, c := make([]uint16, 2*k*row.NR), make([]float32, rows*n)
	a := unsafe.Pointer(&numbers[0])
	if kind.sizeA == 2 {
		x := make([]uint16, len(numbers))
		for i, v := range numbers {
			x[i] = toBF16(v)
		}
		a = unsafe.Pointer(&x[0])
	}
	columns := make([]float32, 2*k*n)
	fillBF16(columns, random, 2)
	for i, v := range columns {
		b[i/(2*n)*2*row.NR+i%(2*n)] = toBF16(v)
	}
	return &BrgArgs{
		A: a, B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]), Taps: &Tap{}, NTap: 1, K: k, Tiles: tiles, N: n,
		LdA: kind.sizeA * 2 * k, LdB: 4 * row.NR, LdC: 4 * n,
	}
}

// TestBrg16SameBits: where there are no denormals all rows on pairs of bfloat16 give the same bits, portable ones too, since products are exact. So do all assembly
// rows of mixed pairs.
func TestBrg16SameBits(t *testing.T) {
	for _, kind := range brgKinds {
		var want []float32
		onAll(t, kind.rows, func(row *BrgRow) {
			if kind.sizeA == 4 && row.ISA == Generic {
				return
			}
			args := brg16Work(kind, row, 37, 4)
			row.Call(args)
			got := unsafe.Slice((*float32)(args.C), 4)
			if want == nil {
				want = got
			}
			require.Equal(t, want, got, row.Name)
		})
	}
}

func TestBrg16Allocations(t *testing.T) {
	for _, kind := range brgKinds {
		onAll(t, kind.rows, func(row *BrgRow) {
			args := brg16Work(kind, row, 64, row.NR)
			check.NoAllocs(t, func() { row.Call(args) }, row.Name)
		})
	}
}

// TestDotOrder: VDPBF16PS adds the odd one of a pair first, and rounds after each.
func TestDotOrder(t *testing.T) {
	onAll(t, func(s *Set) []*BrgRow { return s.BrgBF16 }, func(row *BrgRow) {
		if row.MR != 1 {
			return
		}
		a := [2]uint16{toBF16(-1), toBF16(0x1p-24)}
		b, c := make([]uint16, 2*row.NR), float32(0)
		b[0], b[1] = toBF16(1), toBF16(1)
		bias := float32(1)
		args := &BrgArgs{A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c), Taps: &Tap{}, NTap: 1, K: 1, Tiles: 1, N: 1, LdB: 4 * row.NR,
			Bias: unsafe.Pointer(&bias), Flags: BrgBias}
		row.Call(args)
		require.Equal(t, float32(0x1p-24), c, row.Name) // 2^-24 - 1 is a tie, to the even 2^-24 - 1 itself, and 1 more exact
	})
}

func FuzzBrg16(f *testing.F) {
	f.Add(uint8(0), uint8(3), uint8(9), uint16(0), uint64(1))
	f.Fuzz(func(t *testing.T, taps, k, n uint8, flags uint16, seed uint64) {
		for _, kind := range brgKinds {
			onAll(t, kind.rows, func(row *BrgRow) {
				p := brgProblem{tiles: 1 + int(seed%2), taps: int(taps % 4), k: int(k % 20), n: 1 + int(n)%row.NR, flags: int(flags) & (1<<len(brgFlags) - 1)}
				if kind.sizeA == 2 {
					p.flags |= int(flags>>14) * BrgRes16
				}
				if p.flags&BrgOut16 != 0 {
					p.flags &^= BrgAccumulate
				}
				testBrg16(t, kind, row, p, seed, check.Sides[seed/2%2], fill(seed/4%4))
			})
		}
	})
}

// TestGemvpMixed compares with the sums that the tiles make.
func TestGemvpMixed(t *testing.T) {
	onAll(t, func(s *Set) []*GemvpRow { return s.GemvpMixed }, func(row *GemvpRow) {
		for k := range 40 {
			for _, side := range check.Sides {
				for data := range numFills {
					a := check.New(t, row.Name, fmt.Sprintf("k%d; %v %d", k, side, data), uint64(k))
					panel := 4*k*row.NR + 4*(k%3)
					W, X := a.Bytes("W", 0, side), a.Floats("X", 2*k, side)
					if k > 0 {
						W = a.Bytes("W", 3*panel+4*k*row.NR, side)
					}
					numbers := make([]float32, len(W)/2)
					fillBF16(numbers, data, uint64(k)+1)
					for i, v := range numbers {
						*(*uint16)(unsafe.Pointer(&W[2*i])) = toBF16(v)
					}
					fillBF16(X, data, uint64(k)+2)
					a.Freeze()
					Y := a.Floats("Y", 4*row.NR, side)
					fillBF16(Y, data, uint64(k)+3)
					want, cond := make([]float64, len(Y)), make([]float64, len(Y))
					for i := range want {
						var sum ref.Sum
						sum.AddProduct(float64(Y[i]), 1)
						cond[i] = math.Abs(float64(Y[i]))
						for s, x := range X {
							w := float64(numbers[panel/2*(i/row.NR)+(s/2*row.NR+i%row.NR)*2+s%2])
							sum.AddProduct(float64(x), w)
							cond[i] += math.Abs(float64(x) * w)
						}
						want[i] = sum.Value()
					}
					args := &GemvpArgs{W: unsafe.Pointer(unsafe.SliceData(W)), X: unsafe.Pointer(unsafe.SliceData(X)), Y: unsafe.Pointer(&Y[0]), Panel: panel, K: k}
					a.Run(func() { row.Call(args) })
					if data == ints {
						a.Exact("Y", Y, check.Round(want))
					} else {
						a.Bound("Y", Y, want, cond, 2*k+1)
					}
					a.Close()
				}
			}
		}
	})
}

// BenchmarkBrg16 is the rate of the rows beside that of their multiply-adds on registers, in turns: of VDPBF16PS, or of float32's for mixed rows.
func BenchmarkBrg16(b *testing.B) {
	for _, kind := range brgKinds {
		onAll(b, kind.rows, func(row *BrgRow) {
			set, err := For(row.ISA)
			require.NoError(b, err)
			peak, products := set.Peak[0], 1
			if kind.sizeA == 2 {
				peak, products = set.PeakBF16[0], 2
			}
			out := make([]float32, peak.Chains*peak.Lanes)
			top := &PeakArgs{Out: unsafe.Pointer(&out[0]), Steps: MaxWork / len(out), X: 0.5, Y: 1}
			for _, k := range []int{64, 256, 1024} {
				b.Run(fmt.Sprintf("%s/k%d", row.Name, k), func(b *testing.B) {
					args := brg16Work(kind, row, k/2, row.NR)
					best := [2]time.Duration{math.MaxInt64, math.MaxInt64}
					for b.Loop() {
						start := time.Now()
						row.Call(args)
						middle := time.Now()
						peak.Call(top)
						best[0], best[1] = min(best[0], middle.Sub(start)), min(best[1], time.Since(middle))
					}
					rate := float64(args.Tiles*row.MR*row.NR*k) / float64(best[0])
					b.ReportMetric(rate, "GMAC/s")
					b.ReportMetric(100*rate*float64(best[1])/float64(products*len(out)*top.Steps), "%peak")
				})
			}
		})
	}
}

// TestSets16: every set has rows of all numbers of rows up to the largest.
func TestSets16(t *testing.T) {
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for _, kind := range brgKinds {
			rows := kind.rows(s)
			for mr := 1; mr <= rows[0].MR; mr++ {
				require.True(t, slices.ContainsFunc(rows, func(r *BrgRow) bool { return r.MR == mr && r.NR == rows[0].NR }), "%v %s %d", isa, kind.name, mr)
			}
		}
	}
}
