package asm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// blendAt is the contract for one element, with both products rounded or one: the kernels differ by at most one rounding of each product.
func blendAt(a, b, p, q float32) (value, size float64) {
	x, y := float64(p)*float64(a), float64(q)*float64(b)
	return x + y, max(x, -x) + max(y, -y)
}

// runBlend runs a row over random taps and compares; what lies between the rows of Y must stay. sum has Y equal A.
func runBlend(t *testing.T, r *BlendRow, args *BlendArgs, rows, n, pad int, side check.Side, sum, special bool, seed uint64) {
	a := check.New(t, r.Name, fmt.Sprintf("r%dn%d ldy%d sum=%v special=%v", rows, n, n+pad, sum, special), seed)
	defer a.Close()
	rng := rand.New(rand.NewPCG(seed, 1))
	fill := check.FillRandom[float32]
	if special {
		fill = check.FillSpecial
	}
	places := 1 + rng.IntN(5)
	x, b := a.Floats("A", n+places-1, side), a.Floats("B", n+places-1, side)
	fill(x, seed+1)
	fill(b, seed+2)
	taps := check.Alloc[BlendTap](a, "Taps", rows, side)
	for i := range taps {
		taps[i] = BlendTap{4 * rng.IntN(places), 4 * rng.IntN(places), 2*rng.Float32() - 1, 2*rng.Float32() - 1}
		if sum {
			taps[i].A = 4 * i * (n + pad)
		}
	}
	a.Freeze()
	y := a.Floats("Y", (rows-1)*(n+pad)+n, side)
	check.FillNaN(y)
	in := x
	args.A, args.Taps = first(x), unsafe.Pointer(unsafe.SliceData(taps))
	if sum {
		fill(y, seed+3)
		args.A, in = first(y), slices.Clone(y)
	}
	want := slices.Clone(y)
	args.B, args.Y, args.Rows, args.N, args.LdY = first(b), first(y), rows, n, 4*(n+pad)
	a.Run(func() { r.Call(args) })
	for i := range taps {
		for j := range n {
			k := i*(n+pad) + j
			v, size := blendAt(in[taps[i].A/4+j], b[taps[i].B/4+j], taps[i].P, taps[i].Q)
			g := float64(y[k])
			switch {
			case v != v:
				if g == g {
					t.Fatalf("%v: row %d, element %d: got %v, want NaN", a, i, j, g)
				}
			case float64(float32(v)) == g:
			case !(max(g-v, v-g) <= size*0x1p-23+0x1p-148):
				t.Fatalf("%v: row %d, element %d: got %v, want %v", a, i, j, g, v)
			}
			want[k] = y[k]
		}
	}
	a.Exact("Y", y, want)
}

func TestBlend(t *testing.T) {
	args := new(BlendArgs)
	for _, r := range supportedRows(blendTable()) {
		t.Run(r.Name, func(t *testing.T) {
			for _, n := range lengths() {
				for i, side := range check.Sides {
					if n > 0 {
						runBlend(t, r, args, 1+n%4, n, n%3, side, n%2 == i, n%5 == 0, uint64(n))
					}
				}
			}
			require.Zero(t, testing.AllocsPerRun(10, func() { r.Call(args) }))
		})
	}
}

// TestBlendExact holds all rows to the same bits where nothing is rounded.
func TestBlendExact(t *testing.T) {
	const rows, n = 5, 77
	x, y, want := make([]float32, rows+n), make([]float32, rows*n), make([]float32, rows*n)
	check.FillInts(x, 1, 100)
	taps := make([]BlendTap, rows)
	for i := range taps {
		taps[i] = BlendTap{4 * i, 4 * (rows - i), float32(i), float32(2 - i)}
		for j := range n {
			want[i*n+j] = float32(i)*x[i+j] + float32(2-i)*x[rows-i+j]
		}
	}
	args := &BlendArgs{A: first(x), B: first(x), Y: first(y), Taps: unsafe.Pointer(&taps[0]), Rows: rows, N: n, LdY: 4 * n}
	for _, r := range supportedRows(blendTable()) {
		check.FillNaN(y)
		r.Call(args)
		check.Exact(t, r.Name, y, want)
	}
}

func FuzzBlend(f *testing.F) {
	f.Add(uint8(0), uint8(3), uint8(70), uint8(1), uint64(1), true, false)
	args := new(BlendArgs)
	f.Fuzz(func(t *testing.T, row, rows, n, pad uint8, seed uint64, tail, sum bool) {
		side := check.Head
		if tail {
			side = check.Tail
		}
		all := supportedRows(blendTable())
		runBlend(t, all[int(row)%len(all)], args, 1+int(rows)%9, 1+int(n), int(pad)%20, side, sum, seed%2 == 0, seed)
	})
}

// BenchmarkBlend runs every row on a line of 2048 and on 128 pixels of 16, in the first-level cache.
func BenchmarkBlend(b *testing.B) {
	x, y := make([]float32, 2049), make([]float32, 2048)
	check.FillRandom(x, 1)
	for _, n := range []int{2048, 16, 1} {
		rows := 2048 / n
		taps := make([]BlendTap, rows)
		for i := range taps {
			taps[i] = BlendTap{4 * i * n, 4*i*n + 4, 0.25, 0.75}
		}
		args := &BlendArgs{A: first(x), B: first(x), Y: first(y), Taps: unsafe.Pointer(&taps[0]), Rows: rows, N: n, LdY: 4 * n}
		for _, r := range supportedRows(blendTable()) {
			b.Run(fmt.Sprintf("%s/n%d", r.Name, n), func(b *testing.B) {
				b.SetBytes(12 * 2048)
				for b.Loop() {
					r.Call(args)
				}
			})
		}
	}
}
