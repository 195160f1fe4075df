package main

import (
	"fmt"
	"math"
	"math/rand/v2"
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
