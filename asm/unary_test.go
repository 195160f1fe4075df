package asm

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/internal/ref"
)

// unaryCase is a function with parameters, and how near its kernels come to the truth: within ulp units
// in the last place (of a float32, at the true value, above 2^-126) or within abs.
//
// The functions x·g(x) of this list lose what a denormal g loses, times x.
type unaryCase struct {
	op   Unary
	a, b float32
	ulp  float64
	abs  float64
	ref  func(x float64) float64
}

const (
	tiny  = 0x1p-149 // the smallest denormal
	tinyX = 0x1p-142 // what it becomes times 104
)

func unaryCases() []unaryCase {
	byName := func(name string, a, b float32) func(float64) float64 {
		return func(x float64) float64 { return ref.Unary(name, x, float64(a), float64(b)) }
	}
	return []unaryCase{
		{Clamp, 0, 6, 0, 0, byName("clamp", 0, 6)},
		{Clamp, -1.5, 0.5, 0, 0, byName("clamp", -1.5, 0.5)},
		{Clamp, 0, float32(math.Inf(1)), 0, 0, byName("relu", 0, 0)},
		{LeakyReLU, 0.01, 0, 0.5, tiny, byName("leaky_relu", 0.01, 0)},
		{LeakyReLU, 0.2, 0, 0.5, tiny, byName("leaky_relu", 0.2, 0)},
		{Sigmoid, 0, 0, 2.5, tiny, byName("sigmoid", 0, 0)},
		{Tanh, 0, 0, 2.6, tiny, byName("tanh", 0, 0)},
		{SiLU, 0, 0, 3.5, tinyX, byName("silu", 0, 0)},
		{HardSigmoid, 1. / 6, 0.5, 1, tiny, byName("hard_sigmoid", 1./6, 0.5)},
		{HardSigmoid, 0.2, 0.5, 1, tiny, byName("hard_sigmoid", 0.2, 0.5)},
		{HardSwish, 0, 0, 2.5, tiny, byName("hard_swish", 0, 0)},
		{ELU, 1, 0, 2, tiny, byName("elu", 1, 0)},
		{ELU, 0.7, 0, 2, tiny, byName("elu", 0.7, 0)},
		{GELU, 0, 0, 6, tinyX, byName("gelu", 0, 0)},
		{GELUTanh, 0, 0, 4, 0x1p-26, geluTanh},
		{Exp, 0, 0, 1, tiny, byName("exp", 0, 0)},
	}
}

// geluTanh is the definition without its cancellation: (1+tanh(u))/2 = 1/(1+exp(-2u)).
func geluTanh(x float64) float64 {
	u := math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x)
	return x * (1 / (1 + math.Exp(-2*u)))
}

// eachUnary calls f with every unary row that this machine can run.
func eachUnary(f func(r *UnaryRow)) {
	for _, isa := range Supported() {
		table := unaryTable()
		for i := range table {
			if table[i].ISA == isa {
				f(&table[i])
			}
		}
	}
}

// callUnary runs a row on slices.
func callUnary(r *UnaryRow, args *UnaryArgs, c unaryCase, y, x []float32) {
	args.X, args.Y, args.N, args.A, args.B = first(x), first(y), len(x), c.a, c.b
	r.Call(args)
}

// off is the error of got in units in the last place of want, less the case's abs. Where want is below 2^-126, or within the case's error
// above, 0 is right too, for all but Clamp.
func (c unaryCase) off(got float32, want float64) float64 {
	if got == 0 && c.op != Clamp && math.Abs(want) < 0x1p-126*(1+c.ulp*0x1p-23) {
		return 0
	}
	return ulps(got, want, c.abs)
}

// ulps is the distance of got from want in units in the last place of want, less abs.
func ulps(got float32, want, abs float64) float64 {
	if math.IsNaN(want) {
		if got != got {
			return 0
		}
		return math.Inf(1)
	}
	if math.Abs(want) >= 0x1.ffffffp127 { // rounds to an infinity
		if float64(got) == math.Copysign(math.Inf(1), want) {
			return 0
		}
		return math.Inf(1)
	}
	_, e := math.Frexp(want) // want in [2^(e-1), 2^e)
	return max(0, math.Abs(float64(got)-want)-abs) / math.Ldexp(1, max(e, -125)-24)
}

// sweep is float32 values of every exponent and both signs, denser where the functions do something.
func sweep(short bool) []float32 {
	step, fine := uint64(4099), 1<<18
	if short {
		step, fine = 65537, 1<<14
	}
	x := specials()
	for b := uint64(0); b < 1<<32; b += step {
		x = append(x, math.Float32frombits(uint32(b)))
	}
	for i := range fine {
		u := 2*float64(i)/float64(fine) - 1
		x = append(x, float32(110*u), float32(10*u), float32(u))
	}
	return x
}

func specials() []float32 {
	var x []float32
	for _, v := range []float64{
		0, math.SmallestNonzeroFloat32, 0x1p-127, 0x1p-126, 0x1p-24, 0x1p-12, 0.5, 1, 3, 6, 17.4,
		87.33654, 87.33655, 88.72283, 88.72284, 103.27893, 103.97208, 104, 1e4, math.MaxFloat32, math.Inf(1), math.NaN(),
	} {
		x = append(x, float32(v), -float32(v))
	}
	return append(x, math.Float32frombits(0xffc00000)) // NaN with the sign set
}

// TestUnaryULP holds every kernel to the errors that the table of Unary states, and the assembly kernels
// to the same bits.
func TestUnaryULP(t *testing.T) {
	x := sweep(testing.Short())
	want := make([]float64, len(x))
	y, z := make([]float32, len(x)), make([]float32, len(x))
	args := new(UnaryArgs)
	for _, c := range unaryCases() {
		for i, v := range x {
			want[i] = c.ref(float64(v))
		}
		var other *UnaryRow
		eachUnary(func(r *UnaryRow) {
			if r.Op != c.op {
				return
			}
			for i := 0; i < len(x); i += MaxElems {
				n := min(MaxElems, len(x)-i)
				callUnary(r, args, c, y[i:i+n], x[i:i+n])
			}
			if r.ISA != Generic {
				for i := range x {
					if other != nil && !same(y[i], z[i]) {
						t.Fatalf("f(%v) = %v by %s, %v by %s", x[i], y[i], r.Name, z[i], other.Name)
					}
				}
				copy(z, y)
				other = r
			}
			worst, at := 0.0, 0
			for i := range x {
				if u := c.off(y[i], want[i]); u > worst {
					worst, at = u, i
				}
			}
			t.Logf("%-26s A=%-6.4g B=%-6.4g %.2f ulp", r.Name, c.a, c.b, worst)
			if worst > c.ulp {
				t.Errorf("%s A=%v B=%v: f(%v) = %v, want %v: %.3g ulp, more than %v", r.Name, c.a, c.b, x[at], y[at], want[at], worst, c.ulp)
			}
		})
	}
}

// TestUnaryShapes runs every kernel on all lengths around its block, with its operands flush against
// inaccessible pages, in place and not.
func TestUnaryShapes(t *testing.T) {
	args := new(UnaryArgs)
	eachUnary(func(r *UnaryRow) {
		t.Run(r.Name, func(t *testing.T) {
			c := unaryCases()[slices.IndexFunc(unaryCases(), func(c unaryCase) bool { return c.op == r.Op })]
			for _, n := range lengths() {
				for _, side := range check.Sides {
					for _, inPlace := range []bool{false, true} {
						a := check.New(t, r.Name, fmt.Sprintf("n%d A=%v B=%v inplace=%v", n, c.a, c.b, inPlace), uint64(n))
						x := a.Floats("X", n, side)
						check.FillSpecial(x, uint64(n))
						in := slices.Clone(x)
						y := x
						if !inPlace {
							a.Freeze()
							y = a.Floats("Y", n, side)
							check.FillNaN(y)
						}
						a.Run(func() { callUnary(r, args, c, y, x) })
						for i, v := range in {
							want := c.ref(float64(v))
							if u := c.off(y[i], want); u > c.ulp {
								t.Fatalf("%v: element %d: f(%v) = %v, want %v: %.3g ulp", a, i, v, y[i], want, u)
							}
						}
						a.Close()
					}
				}
			}
		})
	})
}

// TestUnaryPosition: a value gives the same bits in the block, in the last vectors and alone.
func TestUnaryPosition(t *testing.T) {
	args := new(UnaryArgs)
	x := sweep(true)
	x = x[:len(x)/64*64+63]
	y, z := make([]float32, len(x)), make([]float32, 1)
	eachUnary(func(r *UnaryRow) {
		for _, c := range unaryCases() {
			if c.op != r.Op {
				continue
			}
			for i := 0; i < len(x); i += MaxElems {
				n := min(MaxElems, len(x)-i)
				callUnary(r, args, c, y[i:i+n], x[i:i+n])
			}
			for i := range x {
				callUnary(r, args, c, z, x[i:i+1])
				if !same(y[i], z[0]) {
					t.Fatalf("%s: f(%v) is %v alone and %v in place %d", r.Name, x[i], z[0], y[i], i)
				}
			}
		}
	})
}

func TestUnarySigns(t *testing.T) {
	args := new(UnaryArgs)
	x := []float32{float32(math.Copysign(0, -1)), 0}
	y := make([]float32, 2)
	eachUnary(func(r *UnaryRow) {
		switch r.Op {
		case Clamp, LeakyReLU, Tanh, SiLU, HardSwish, GELU, GELUTanh:
			callUnary(r, args, unaryCase{a: 0, b: 1}, y, x)
			require.True(t, same(x[0], y[0]) && same(x[1], y[1]), "%s of -0 and 0 is %v", r.Name, y)
		}
	})
}

func TestUnaryNames(t *testing.T) {
	for _, n := range []struct {
		u    Unary
		want string
	}{{Identity, "identity"}, {ReLU, "relu"}, {Clamp, "clamp"}, {HardSwish, "hardswish"}, {Exp, "exp"}, {NumUnary, "Unary(13)"}} {
		require.Equal(t, n.want, n.u.String())
	}
	for _, isa := range Supported() {
		s, err := For(isa)
		require.NoError(t, err)
		for u := Clamp; u < NumUnary; u++ {
			require.NotNil(t, s.Unary[u], "%v %v", isa, u)
			require.Equal(t, u, s.Unary[u].Op)
		}
	}
}

func TestUnaryAllocs(t *testing.T) {
	x, args := make([]float32, 100), new(UnaryArgs)
	eachUnary(func(r *UnaryRow) {
		require.Zero(t, testing.AllocsPerRun(10, func() { callUnary(r, args, unaryCase{}, x, x) }), r.Name)
	})
}

func FuzzUnary(f *testing.F) {
	f.Add(uint8(SiLU), 70, uint64(1), uint32(0), true)
	cases := unaryCases()
	args := new(UnaryArgs)
	f.Fuzz(func(t *testing.T, which uint8, n int, seed uint64, bits uint32, tail bool) {
		c := cases[int(which)%len(cases)]
		n = (n%300 + 300) % 300
		side := check.Head
		if tail {
			side = check.Tail
		}
		eachUnary(func(r *UnaryRow) {
			if r.Op != c.op {
				return
			}
			a := check.New(t, r.Name, fmt.Sprintf("n%d A=%v B=%v", n, c.a, c.b), seed)
			x := a.Floats("X", n, side)
			check.FillSpecial(x, seed)
			if n > 0 {
				x[seed%uint64(n)] = math.Float32frombits(bits)
			}
			a.Freeze()
			y := a.Floats("Y", n, side)
			a.Run(func() { callUnary(r, args, c, y, x) })
			for i := range y {
				want := c.ref(float64(x[i]))
				if u := c.off(y[i], want); u > c.ulp {
					t.Fatalf("%v: f(%v) = %v, want %v: %.3g ulp", a, x[i], y[i], want, u)
				}
			}
			a.Close()
		})
	})
}

// BenchmarkUnary runs every row on data that stays in the first-level cache.
func BenchmarkUnary(b *testing.B) {
	x, y, args := make([]float32, 2048), make([]float32, 2048), new(UnaryArgs)
	check.FillRandom(x, 1)
	for i := range x {
		x[i] *= 8
	}
	eachUnary(func(r *UnaryRow) {
		b.Run(r.Name, func(b *testing.B) {
			b.SetBytes(8 * int64(len(x)))
			for b.Loop() {
				callUnary(r, args, unaryCase{a: 0, b: 6}, y, x)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(x)), "ns/elem")
		})
	})
}
