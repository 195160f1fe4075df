package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
)

// A quick check of every kernel this machine can run: small integers, whose sums are exact, against
// the contract spelled out. The tests of package asm do it thoroughly; this one says whether the
// figures below it come from kernels that work on this machine.

// rowCheck is what became of one kernel.
type rowCheck struct {
	asm.RowInfo
	Checked bool
	Err     error
}

// rowChecks is the check of every operation, by the names in asm.RowInfo. A new operation needs a
// line here.
var rowChecks = map[string]func(s *asm.Set, name string) error{
	"brg":          rowCheckOf(func(s *asm.Set) []*asm.BrgRow { return s.Brg }, checkBrg[float32]),
	"brgf64":       rowCheckOf(func(s *asm.Set) []*asm.BrgRow { return s.F64.Brg }, checkBrg[float64]),
	"brgu8":        rowCheckOf(func(s *asm.Set) []*asm.BrgU8Row { return s.BrgU8 }, checkBrgU8),
	"brgbf16":      rowCheckOf(func(s *asm.Set) []*asm.BrgRow { return s.BrgBF16 }, func(r *asm.BrgRow) error { return checkBrg16(r, 2) }),
	"brgmixed":     rowCheckOf(func(s *asm.Set) []*asm.BrgRow { return s.BrgMixed }, func(r *asm.BrgRow) error { return checkBrg16(r, 4) }),
	"gemvpmixed":   rowCheckOf(func(s *asm.Set) []*asm.GemvpRow { return s.GemvpMixed }, checkGemvpMixed),
	"peakbf16":     rowCheckOf(func(s *asm.Set) []*asm.PeakRow { return s.PeakBF16 }, func(r *asm.PeakRow) error { return checkPeak(r, 36) }),
	"quant":        rowCheckOf(func(s *asm.Set) []*asm.QuantRow { return s.Quant }, checkQuant),
	"maxpoolu8":    rowCheckOf(func(s *asm.Set) []*asm.PoolU8Row { return s.MaxPoolU8 }, func(r *asm.PoolU8Row) error { return checkPoolU8(r, false) }),
	"avgpoolu8":    rowCheckOf(func(s *asm.Set) []*asm.PoolU8Row { return s.AvgPoolU8 }, func(r *asm.PoolU8Row) error { return checkPoolU8(r, true) }),
	"dwu8":         rowCheckOf(func(s *asm.Set) []*asm.DwU8Row { return s.DwU8 }, checkDwU8),
	"pack":         rowCheckOf(func(s *asm.Set) []*asm.PackRow { return s.Pack }, checkPack[float32]),
	"packf64":      rowCheckOf(func(s *asm.Set) []*asm.PackRow { return s.F64.Pack }, checkPack[float64]),
	"transpose":    rowCheckOf(func(s *asm.Set) []*asm.TransposeRow { return s.Transpose }, checkTranspose[float32]),
	"transposef64": rowCheckOf(func(s *asm.Set) []*asm.TransposeRow { return s.F64.Transpose }, checkTranspose[float64]),
	"gemv":         rowCheckOf(func(s *asm.Set) []*asm.GemvRow { return s.Gemv }, checkGemv[float32]),
	"gemvs":        rowCheckOf(func(s *asm.Set) []*asm.GemvRow { return s.Gemvs }, checkGemv[float32]),
	"gemvf64":      rowCheckOf(func(s *asm.Set) []*asm.GemvRow { return s.F64.Gemv }, checkGemv[float64]),
	"gemvsf64":     rowCheckOf(func(s *asm.Set) []*asm.GemvRow { return s.F64.Gemvs }, checkGemv[float64]),
	"gemvt":        rowCheckOf(func(s *asm.Set) []*asm.GemvtRow { return s.Gemvt }, checkGemvt[float32]),
	"gemvtf64":     rowCheckOf(func(s *asm.Set) []*asm.GemvtRow { return s.F64.Gemvt }, checkGemvt[float64]),
	"gemvp":        rowCheckOf(func(s *asm.Set) []*asm.GemvpRow { return s.Gemvp }, checkGemvp),
	"dot":          rowCheckOf(func(s *asm.Set) []*asm.DotRow { return s.Dot }, checkDot[float32]),
	"dotf64":       rowCheckOf(func(s *asm.Set) []*asm.DotRow { return s.F64.Dot }, checkDot[float64]),
	"axpy":         rowCheckOf(func(s *asm.Set) []*asm.AxpyRow { return s.Axpy }, checkAxpy[float32]),
	"axpyf64":      rowCheckOf(func(s *asm.Set) []*asm.AxpyRow { return s.F64.Axpy }, checkAxpy[float64]),
	"moments":      rowCheckOf(func(s *asm.Set) []*asm.MomentsRow { return s.Moments }, checkMoments),
	"pick":         rowCheckOf(func(s *asm.Set) []*asm.PickRow { return s.Pick }, checkPick),
	"unzip":        rowCheckOf(func(s *asm.Set) []*asm.UnzipRow { return s.Unzip }, checkUnzip),
	"blend":        rowCheckOf(func(s *asm.Set) []*asm.BlendRow { return s.Blend }, checkBlend),
	"peak": rowCheckOf(func(s *asm.Set) []*asm.PeakRow { return s.Peak }, func(r *asm.PeakRow) error {
		if r.Adds {
			return checkPeak(r, 18) // 2*1 + s, nine times
		}
		return checkPeak(r, 511) // s*2 + 1
	}),
	"read":    rowCheckOf(func(s *asm.Set) []*asm.ReadRow { return s.Read }, checkRead),
	"unary":   rowCheckOf(func(s *asm.Set) []*asm.UnaryRow { return s.Unary }, checkUnary),
	"binary":  rowCheckOf(func(s *asm.Set) []*asm.BinaryRow { return s.Binary }, checkBinary),
	"affine":  rowCheckOf(func(s *asm.Set) []*asm.AffineRow { return s.Affine }, checkAffine),
	"softmax": rowCheckOf(func(s *asm.Set) []*asm.SoftmaxRow { return s.Softmax }, checkSoftmax),
	"dw":      rowCheckOf(func(s *asm.Set) []*asm.DwRow { return s.Dw }, checkDw),
	"dwgroup": rowCheckOf(func(s *asm.Set) []*asm.DwRow { return s.DwGroup }, checkDwGroup),
	"dwslide": rowCheckOf(func(s *asm.Set) []*asm.DwSlideRow { return s.DwSlide }, checkDwSlide),
	"dwplane": rowCheckOf(func(s *asm.Set) []*asm.DwPlaneRow { return s.DwPlane }, checkDwPlane),
	"maxpool": rowCheckOf(func(s *asm.Set) []*asm.PoolRow { return s.MaxPool }, checkMaxPool),
	"avgpool": rowCheckOf(func(s *asm.Set) []*asm.PoolRow { return s.AvgPool }, checkAvgPool),
	"winoin":  rowCheckOf(func(s *asm.Set) []*asm.WinoInRow { return s.WinoIn }, checkWinoIn),
	"winoout": rowCheckOf(func(s *asm.Set) []*asm.WinoOutRow { return s.WinoOut }, checkWinoOut),
}

// rowCheckOf finds a row of its operation by the name and checks it.
func rowCheckOf[T any, R interface {
	*T
	Named() string
}](rows func(*asm.Set) []R, check func(R) error) func(*asm.Set, string) error {
	return func(s *asm.Set, name string) error {
		for _, r := range rows(s) {
			if r != nil && r.Named() == name {
				return check(r)
			}
		}
		return fmt.Errorf("is not in its set")
	}
}

func checkRows() []rowCheck {
	var out []rowCheck
	for _, info := range asm.Rows() {
		c := rowCheck{RowInfo: info}
		if check := rowChecks[info.Op]; check != nil && info.Supported {
			c.Checked = true
			s, err := asm.For(info.ISA)
			if err == nil {
				err = guarded(func() error { return check(s, info.Name) })
			}
			c.Err = err
		}
		out = append(out, c)
	}
	return out
}

// guarded turns a panic into an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// ints are small integers: sums of their products are exact in float32.
func ints(n int, rng *rand.Rand) []float32 { return numbers[float32](n, rng) }

// numbers are ints of a type.
func numbers[T asm.Float](n int, rng *rand.Rand) []T {
	x := make([]T, n, max(n, 1))
	for i := range x {
		x[i] = T(rng.IntN(9) - 4)
	}
	return x
}

func equal[T asm.Float](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s is %v, want %v", what, got, want)
	}
	return nil
}

func checkBrg[T asm.Float](r *asm.BrgRow) error {
	size := int(unsafe.Sizeof(T(0)))
	const taps, tiles = 2, 2
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{r.NR, r.NR - 1, 1} {
		for _, k := range []int{0, 1, 7, 16} {
			rows, lda, ldb, ldc := tiles*r.MR, k+3, r.NR, n+5
			a := numbers[T](rows*lda+taps, rng)
			b := numbers[T]((k+1)*taps*ldb, rng)
			c, res := numbers[T](rows*ldc, rng), numbers[T](rows*ldc, rng)
			bias := numbers[T](max(r.NR, rows), rng)
			want := make([]T, len(c))
			copy(want, c)
			args := &asm.BrgArgs{
				A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]),
				NTap: taps, K: k, Tiles: tiles, N: n, LdA: size * lda, LdB: size * ldb, LdC: size * ldc,
				Bias: unsafe.Pointer(&bias[0]), Res: unsafe.Pointer(&res[0]), LdRes: size * ldc,
				Flags: asm.BrgAlpha | asm.BrgAccumulate | asm.BrgBias | asm.BrgResidual | asm.BrgClamp,
			}
			alpha, beta, lo, hi := asm.Scalars[T](args)
			*alpha, *beta, *lo, *hi = 2, 3, -90, 80
			list := [taps]asm.Tap{{A: 0, B: 0}, {A: size, B: size * k * ldb}}
			args.Taps = &list[0]
			for i := range rows {
				for j := range n {
					var s T
					for t := range taps {
						for q := range k {
							s += a[i*lda+q+t] * b[(t*k+q)*ldb+j]
						}
					}
					s = 2*s + 3*want[i*ldc+j] + bias[j] + res[i*ldc+j]
					want[i*ldc+j] = min(max(s, -90), 80)
				}
			}
			r.Call(args)
			for i := range c {
				if err := equal(fmt.Sprintf("n %d k %d: C[%d][%d]", n, k, i/ldc, i%ldc), c[i], want[i]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkBrgU8(r *asm.BrgU8Row) error {
	const tiles = 2
	rng := rand.New(rand.NewPCG(5, 6))
	bytes := func(n int) []byte { return anyBytes(n, rng) }
	for _, n := range []int{r.NR, r.NR - 1, 1} {
		for _, k := range []int{0, 1, 7, 16} {
			rows, steps, lda, ldc := tiles*r.MR, (k+3)/4, k+3, n+5
			a, b, c := bytes(rows*lda), bytes(4*steps*r.NR), bytes(rows*ldc)
			bias, scale := make([]int32, r.NR), make([]float32, r.NR)
			for p := range r.NR {
				bias[p], scale[p] = int32(rng.IntN(2000)-1000), float32(math.Ldexp(1, -8-rng.IntN(4)))
				for i := k; i < 4*steps; i++ {
					b[4*(i/4*r.NR+p)+i%4] = 0
				}
			}
			want := bytes(len(c))
			copy(want, c)
			args := &asm.BrgU8Args{
				A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]),
				Taps: &asm.Tap{}, NTap: 1, K: k, Tiles: tiles, N: n, LdA: lda, LdC: ldc,
				Bias: unsafe.Pointer(&bias[0]), Scale: unsafe.Pointer(&scale[0]), Zero: 100, Lo: 3, Hi: 250,
			}
			for i := range rows {
				for p := range r.NR {
					s := bias[p]
					for q := range k {
						s += (int32(a[i*lda+q]) + r.Shift(0)) * int32(int8(b[4*(q/4*r.NR+p)+q%4]))
					}
					if j := r.Column(p); j < n {
						want[i*ldc+j] = byte(min(max(math.RoundToEven(float64(float32(s)*scale[p]))+100, 3), 250))
					}
				}
			}
			r.Call(args)
			for i := range c {
				if c[i] != want[i] {
					return fmt.Errorf("n %d k %d: C[%d][%d] is %d, want %d", n, k, i/ldc, i%ldc, c[i], want[i])
				}
			}
		}
	}
	return nil
}

func checkPeak(r *asm.PeakRow, want float32) error {
	out := mem.Floats(r.Chains * r.Lanes)
	a := &asm.PeakArgs{Out: unsafe.Pointer(&out[0]), Steps: 9, X: 2, Y: 1}
	r.Call(a)
	for i, v := range out {
		if err := equal(fmt.Sprintf("chain %d", i), v, want); err != nil {
			return err
		}
	}
	return nil
}

func checkRead(r *asm.ReadRow) error {
	x := ints(3*r.Block, rand.New(rand.NewPCG(3, 4)))
	var want float32
	for _, v := range x {
		want += v
	}
	a := &asm.ReadArgs{X: unsafe.Pointer(&x[0]), N: len(x)}
	r.Call(a)
	return equal("the sum", a.Sum, want)
}
