package asm

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// eachSoftmax calls f with every row of the steps of softmax that this machine can run.
func eachSoftmax(f func(r *SoftmaxRow)) {
	for _, isa := range Supported() {
		table := softmaxTable()
		for i := range table {
			if table[i].ISA == isa {
				f(&table[i])
			}
		}
	}
}

// runSoftmax runs one step in an arena and compares with float64: exponentials within 2 units in the last
// place (their argument, a rounded difference, is off by up to half a unit of itself), the sum within what
// its additions may lose.
func runSoftmax(t *testing.T, r *SoftmaxRow, args *SoftmaxArgs, n int, side check.Side, inPlace bool, seed uint64) {
	a := check.New(t, r.Name, fmt.Sprintf("n%d inplace=%v", n, inPlace), seed)
	defer a.Close()
	x := a.Floats("X", n, side)
	check.FillRandom(x, seed)
	for i := range x {
		x[i] *= 20
	}
	start, sum := float32(-30), float32(0.75)
	if r.Op != RowMax {
		start = 0x1.4p4 // 20: the difference with it is often exact, and at most 0
	}
	if n > 2 && seed%3 == 0 {
		x[seed%uint64(n)] = -inf
	}
	in := slices.Clone(x)
	y := x
	if !inPlace || r.Op == RowMax || r.Op == RowSumExp {
		a.Freeze()
		y = a.Floats("Y", n, side)
		check.FillNaN(y)
	}
	args.X, args.Y, args.N, args.Max, args.Sum = first(x), first(y), n, start, sum
	a.Run(func() { r.Call(args) })

	if r.Op == RowMax || r.Op == RowSumExp {
		for i, v := range y {
			require.True(t, v != v, "%v: Y[%d] was written", a, i)
		}
	}
	wantMax, wantSum := start, float64(sum)
	for i, v := range in {
		d := float64(v) - float64(start)
		switch r.Op {
		case RowMax:
			wantMax = max(wantMax, v)
		case RowExp, RowSumExp:
			e := math.Exp(d)
			wantSum += e
			if r.Op == RowExp && e == 0 {
				require.Zero(t, y[i], "%v: exp(%v)", a, d)
			} else if r.Op == RowExp {
				require.LessOrEqual(t, math.Abs(float64(y[i])-e), (math.Abs(d)/2+2)*0x1p-23*e+0x1p-149, "%v: exp(%v) is %v", a, d, y[i])
			}
		case RowScale:
			require.Equal(t, v*sum, y[i], "%v: element %d", a, i)
		case RowShift:
			want := v - start
			require.Equal(t, want-sum, y[i], "%v: element %d", a, i)
		}
	}
	require.Equal(t, wantMax, args.Max, "%v: Max", a)
	if r.Op == RowExp || r.Op == RowSumExp {
		require.InEpsilon(t, wantSum, args.Sum, (float64(n)/32+20)*0x1p-24, "%v: Sum", a)
	} else {
		require.Equal(t, sum, args.Sum, "%v: Sum", a)
	}
}

func TestSoftmax(t *testing.T) {
	args := new(SoftmaxArgs)
	eachSoftmax(func(r *SoftmaxRow) {
		t.Run(r.Name, func(t *testing.T) {
			for _, n := range lengths() {
				for i, side := range check.Sides {
					runSoftmax(t, r, args, n, side, i == n%2, uint64(n))
				}
			}
			runSoftmax(t, r, args, 5000, check.Tail, false, 1)
		})
	})
}

// TestSoftmaxMax puts the maximum in every place.
func TestSoftmaxMax(t *testing.T) {
	x := make([]float32, 150)
	args := &SoftmaxArgs{X: first(x), N: len(x)}
	eachSoftmax(func(r *SoftmaxRow) {
		if r.Op != RowMax {
			return
		}
		for i := range x {
			for j := range x {
				x[j] = -3
			}
			x[i] = -2
			args.Max = -inf
			r.Call(args)
			require.Equal(t, float32(-2), args.Max, "%s: place %d", r.Name, i)
		}
	})
}

// TestSoftmaxNaN: NaN and rows without a finite maximum must show in the sum.
func TestSoftmaxNaN(t *testing.T) {
	nan := float32(math.NaN())
	args := new(SoftmaxArgs)
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for _, n := range []int{1, 5, 16, 70, 100} {
			for i := range n {
				for _, v := range []float32{nan, inf} {
					x := make([]float32, n)
					x[i] = v
					args.X, args.Y, args.N, args.Max, args.Sum = first(x), first(x), n, -inf, 0
					s.Softmax[RowMax].Call(args)
					s.Softmax[RowSumExp].Call(args)
					require.True(t, args.Sum != args.Sum, "%v: n %d, %v at %d: %v", isa, n, v, i, args.Sum)
					args.Sum = 0
					s.Softmax[RowExp].Call(args)
					require.True(t, args.Sum != args.Sum, "%v: n %d, %v at %d: %v", isa, n, v, i, args.Sum)
				}
			}
			x := make([]float32, n)
			for i := range x {
				x[i] = -inf
			}
			args.X, args.Y, args.N, args.Max, args.Sum = first(x), first(x), n, -inf, 0
			s.Softmax[RowMax].Call(args)
			s.Softmax[RowExp].Call(args)
			require.True(t, args.Sum != args.Sum, "%v: n %d of -Inf: %v", isa, n, args.Sum)
		}
	}
}

func TestSoftmaxNames(t *testing.T) {
	require.Equal(t, "rowexp", RowExp.String())
	require.Equal(t, "Softmax(5)", NumSoftmax.String())
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for b := range NumSoftmax {
			require.Equal(t, b, s.Softmax[b].Op)
		}
	}
}

func FuzzSoftmax(f *testing.F) {
	f.Add(uint8(RowExp), 70, uint64(1), true)
	args := new(SoftmaxArgs)
	f.Fuzz(func(t *testing.T, op uint8, n int, seed uint64, tail bool) {
		n = (n%300 + 300) % 300
		side := check.Head
		if tail {
			side = check.Tail
		}
		eachSoftmax(func(r *SoftmaxRow) {
			if uint8(r.Op) == op%uint8(NumSoftmax) {
				runSoftmax(t, r, args, n, side, seed%2 == 0, seed)
			}
		})
	})
}

// BenchmarkSoftmax runs every row on data that stays in the first-level cache.
func BenchmarkSoftmax(b *testing.B) {
	x, y := make([]float32, 2048), make([]float32, 2048)
	check.FillRandom(x, 1)
	args := &SoftmaxArgs{X: first(x), Y: first(y), N: len(x)}
	eachSoftmax(func(r *SoftmaxRow) {
		b.Run(r.Name, func(b *testing.B) {
			b.SetBytes(4 * int64(len(x)))
			for b.Loop() {
				args.Max, args.Sum = 1, 0.5
				r.Call(args)
			}
		})
	})
}
