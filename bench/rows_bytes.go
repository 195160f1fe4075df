package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
)

// The checks of the kernels on bytes but the products.

func anyBytes(n int, rng *rand.Rand) []byte {
	x := make([]byte, max(n, 1))
	for i := range x {
		x[i] = byte(rng.Uint32())
	}
	return x
}

func sameBytes(got, want []byte) error {
	for i := range got {
		if got[i] != want[i] {
			return fmt.Errorf("byte %d is %d, want %d", i, got[i], want[i])
		}
	}
	return nil
}

// Scales are powers of two here: every product and quotient is exact.
func checkQuant(r *asm.QuantRow) error {
	const n = 203
	rng := rand.New(rand.NewPCG(7, 8))
	x, z, y, table := anyBytes(n, rng), anyBytes(n, rng), make([]byte, n), anyBytes(256, rng)
	f, g := ints(n, rng), make([]float32, n)
	a := &asm.QuantArgs{
		A: unsafe.Pointer(&x[0]), B: unsafe.Pointer(&z[0]), Y: unsafe.Pointer(&y[0]), N: n, Table: unsafe.Pointer(&table[0]),
		ScaleA: 0.5, ScaleB: 0.25, ScaleY: 2, ZeroA: 100, ZeroB: 30, ZeroY: 9, Lo: 2, Hi: 200, FlipA: 0x80,
	}
	want := make([]byte, n)
	end := func(v float32) byte { return byte(min(max(math.RoundToEven(float64(v))+9, 2), 200)) }
	number := func(i int) float32 { return 0.5 * float32(int32(x[i]^0x80)-100) }
	for i := range want {
		switch r.Op {
		case asm.Quantize:
			want[i] = end(f[i] / 2)
		case asm.QuantAdd:
			want[i] = end((number(i) + 0.25*float32(int32(z[i])-30)) / 2)
		case asm.Lookup:
			want[i] = table[x[i]]
		}
	}
	switch r.Op {
	case asm.Fixed:
		return checkFixed(r, a)
	case asm.Narrow, asm.Widen: // the integers of f have an empty lower half
		h := bfloats(f)
		back, there := make([]uint16, n), unsafe.Pointer(&f[0])
		if a.A, a.Y = there, unsafe.Pointer(&back[0]); r.Op == asm.Widen {
			a.A, a.Y = unsafe.Pointer(&h[0]), unsafe.Pointer(&g[0])
		}
		r.Call(a)
		if r.Op == asm.Widen {
			back = bfloats(g)
		}
		if !slices.Equal(back, h) {
			return fmt.Errorf("Y is %v, want %v", back, h)
		}
		return nil
	case asm.Quantize:
		a.A = unsafe.Pointer(&f[0])
	case asm.Dequantize:
		a.Y = unsafe.Pointer(&g[0])
		r.Call(a)
		for i, v := range g {
			if err := equal(fmt.Sprintf("Y[%d]", i), v, number(i)); err != nil {
				return err
			}
		}
		return nil
	}
	r.Call(a)
	return sameBytes(y, want)
}

// checkFixed halves sums, and takes them whole where the shift is 1.
func checkFixed(r *asm.QuantRow, a *asm.QuantArgs) error {
	const rows = 3
	rng := rand.New(rand.NewPCG(9, 8))
	sums, half, shift := make([]int32, rows*a.N), make([]int32, a.N), make([]int32, a.N)
	y, want := make([]byte, rows*a.N), make([]byte, rows*a.N)
	for i := range half {
		half[i], shift[i] = 1<<30, int32(i%2)
	}
	for i := range sums {
		sums[i] = int32(rng.IntN(600) - 200)
		v := (sums[i] + 1) >> 1
		if shift[i%a.N] == 1 {
			v = sums[i]
		}
		want[i] = byte(min(max(v+a.ZeroY, a.Lo), a.Hi))
	}
	a.A, a.B, a.Table, a.Y = unsafe.Pointer(&sums[0]), unsafe.Pointer(&half[0]), unsafe.Pointer(&shift[0]), unsafe.Pointer(&y[0])
	a.Rows, a.StepA, a.StepY = rows, 4*a.N, a.N
	r.Call(a)
	return sameBytes(y, want)
}

func checkPoolU8(r *asm.PoolU8Row, average bool) error {
	const c, pixels, row = 77, 3, 6 * 77
	rng := rand.New(rand.NewPCG(9, 10))
	x, y, want := anyBytes(3*row, rng), make([]byte, pixels*c), make([]byte, pixels*c)
	for i := range want {
		most, sum := byte(0), int32(-50)
		for t := range 9 {
			v := x[i+t/3*row+t%3*c]
			most, sum = max(most, v), sum+int32(v)
		}
		if want[i] = most; average {
			want[i] = byte(min(max(math.RoundToEven(float64(sum)/8)+3, 2), 200))
		}
	}
	r.Call(&asm.PoolU8Args{
		X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&y[0]), NY: 3, NX: 3, RowX: row, ColX: c, PixX: c, C: c, Pixels: pixels, PixY: c,
		Bias: -50, Scale: 0.125, Zero: 3, Lo: 2, Hi: 200,
	})
	return sameBytes(y, want)
}

func checkDwU8(r *asm.DwU8Row) error {
	const c, pixels = 77, 3
	ny, nx, stride := r.KH, r.KW, r.Stride
	if ny == 0 {
		ny, nx, stride = 2, 3, 1
	}
	rng := rand.New(rand.NewPCG(11, 12))
	row := (pixels*stride + nx) * c
	x, y, want := anyBytes(ny*row, rng), make([]byte, pixels*c), make([]byte, pixels*c)
	w, bias, scale := make([]int8, c*ny*nx), make([]int32, c), make([]float32, c)
	for i := range w {
		w[i] = int8(rng.Uint32())
	}
	for i := range c {
		bias[i], scale[i] = int32(rng.IntN(2000)-1000), float32(math.Ldexp(1, -8-rng.IntN(3)))
	}
	for i := range want {
		p, ch := i/c, i%c
		s := bias[ch]
		for t := range ny * nx {
			s += int32(x[t/nx*row+(p*stride+t%nx)*c+ch]) * int32(w[ch*ny*nx+t])
		}
		want[i] = byte(min(max(math.RoundToEven(float64(s)*float64(scale[ch]))+100, 3), 250))
	}
	packed := make([]byte, r.PackLen(c, ny, nx))
	r.Pack(packed, c, ny, nx, w, bias, scale)
	r.Call(&asm.DwU8Args{
		X: unsafe.Pointer(&x[0]), W: unsafe.Pointer(&packed[0]), Y: unsafe.Pointer(&y[0]), NY: ny, NX: nx, RowX: row, ColX: c, PixX: stride * c, C: c, Pixels: pixels, PixY: c,
		Zero: 100, Lo: 3, Hi: 250,
	})
	return sameBytes(y, want)
}

// bfloats are the upper halves of numbers whose lower ones are empty.
func bfloats(x []float32) []uint16 {
	h := make([]uint16, len(x))
	for i, v := range x {
		h[i] = uint16(math.Float32bits(v) >> 16)
	}
	return h
}

// checkBrg16 checks tiles with weights in bfloat16, whose elements of A have so many bytes.
func checkBrg16(r *asm.BrgRow, sizeA int) error {
	const tiles = 2
	rng := rand.New(rand.NewPCG(31, 32))
	for _, n := range []int{r.NR, r.NR - 1, 1} {
		for _, k := range []int{1, 7, 16} {
			rows, lda, ldc := tiles*r.MR, 2*k+2, n+5
			a, b, c := ints(rows*lda, rng), ints(2*k*r.NR, rng), ints(rows*ldc, rng)
			ha, hb, want := bfloats(a), bfloats(b), slices.Clone(c)
			args := &asm.BrgArgs{
				A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&hb[0]), C: unsafe.Pointer(&c[0]),
				Taps: &asm.Tap{}, NTap: 1, K: k, Tiles: tiles, N: n, LdA: sizeA * lda, LdB: 4 * r.NR, LdC: 4 * ldc,
			}
			if sizeA == 2 {
				args.A = unsafe.Pointer(&ha[0])
			}
			for i := range rows {
				for j := range n {
					want[i*ldc+j] = 0
					for q := range 2 * k {
						want[i*ldc+j] += a[i*lda+q] * b[(q/2*r.NR+j)*2+q%2]
					}
				}
			}
			r.Call(args)
			if err := sameAll(fmt.Sprintf("n %d k %d: C", n, k), c, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkGemvpMixed(r *asm.GemvpRow) error {
	const panels, k = 4, 7
	rng := rand.New(rand.NewPCG(33, 34))
	panel := 2*k*r.NR + 16
	w, x, got := ints(panels*panel, rng), ints(2*k, rng), ints(panels*r.NR+1, rng)
	want := slices.Clone(got)
	for p := range panels {
		for j := range r.NR {
			for i := range 2 * k {
				want[p*r.NR+j] += x[i] * w[p*panel+(i/2*r.NR+j)*2+i%2]
			}
		}
	}
	h := bfloats(w)
	r.Call(&asm.GemvpArgs{W: unsafe.Pointer(&h[0]), X: first(x), Y: first(got), Panel: 2 * panel, K: k})
	return sameAll("Y", got, want)
}
