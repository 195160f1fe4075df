package asm

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"unsafe"
)

// EnvISA is the environment variable that forces an instruction set by its name, for example
// SIMDNN_ISA=avx2. It is read once, at the first use of the package.
const EnvISA = "SIMDNN_ISA"

// Set holds the kernels of one instruction set: for every operation the rows of that level and,
// where a level lacks the operation, those of the best level below.
type Set struct {
	made bool // by newSet

	ISA     ISA
	Product         // for float32
	F64     Product // for float64

	BrgU8 []*BrgU8Row // on bytes: widest NR first, then most rows first; of two with the same rows and NR the first is the quicker one

	BrgBF16    []*BrgRow // on pairs of bfloat16 (BrgRes16): in the order of Brg, and
	BrgMixed   []*BrgRow // those of float32 with pairs of bfloat16
	GemvpMixed []*GemvpRow

	Peak     []*PeakRow
	PeakBF16 []*PeakRow // of multiply-adds of pairs
	Read     []*ReadRow

	// Element-wise kernels, one for each function: indexed by it.
	Unary   []*UnaryRow // nil for Identity and ReLU
	Binary  []*BinaryRow
	Affine  []*AffineRow
	Softmax []*SoftmaxRow

	Dw               []*DwRow      // special shapes first, then most pixels first; the last serves all
	DwGroup          []*DwRow      // the same for groups of channels
	DwSlide          []*DwSlideRow // stride after stride, most pixels first
	DwPlane          []*DwPlaneRow // stride after stride
	MaxPool, AvgPool []*PoolRow    // those of single pixels, then those of several
	Unzip            []*UnzipRow
	Pick             []*PickRow
	Moments          []*MomentsRow
	Blend            []*BlendRow

	Quant                []*QuantRow // indexed by function
	MaxPoolU8, AvgPoolU8 []*PoolU8Row
	DwU8                 []*DwU8Row // special shapes first; the last serves all

	WinoIn  []*WinoInRow // indexed by Wino
	WinoOut []*WinoOutRow
}

// Product holds the kernels that products of matrices are made of, for one element type.
type Product struct {
	Brg []*BrgRow // widest NR first, then most rows first; at the end tiles that are wider, but have fewer rows

	Gemv      []*GemvRow // of this level, then of those below: narrower vectors, for rows that are not whole lines apart
	Gemvs     []*GemvRow // for few rows
	Gemvt     []*GemvtRow
	Gemvp     []*GemvpRow // none for float64: tiles of one row do it
	Dot       []*DotRow   // most rows first
	Axpy      []*AxpyRow  // most rows first
	Pack      []*PackRow  // widest first
	Transpose []*TransposeRow
}

// Products returns the kernels for an element type.
func Products[T Float](s *Set) *Product {
	if unsafe.Sizeof(T(0)) == 4 {
		return &s.Product
	}
	return &s.F64
}

// newSet picks the rows for a level from the tables.
func newSet(isa ISA) *Set {
	return &Set{
		made: true,

		ISA: isa,
		Product: Product{
			Brg:       best(brgTable(), isa),
			Gemv:      down(gemvTable(), isa),
			Gemvs:     best(gemvsTable(), isa),
			Gemvt:     down(gemvtTable(), isa),
			Gemvp:     best(gemvpTable(), isa),
			Dot:       best(dotTable(), isa),
			Axpy:      best(axpyTable(), isa),
			Pack:      best(packTable(), isa),
			Transpose: best(transposeTable(), isa),
		},
		F64: Product{
			Brg:       best(brgF64Table(), isa),
			Gemv:      down(gemvF64Table(), isa),
			Gemvs:     best(gemvsF64Table(), isa),
			Gemvt:     down(gemvtF64Table(), isa),
			Dot:       best(dotF64Table(), isa),
			Axpy:      best(axpyF64Table(), isa),
			Pack:      best(packF64Table(), isa),
			Transpose: best(transposeF64Table(), isa),
		},

		BrgU8: best(brgU8Table(), isa),

		BrgBF16:    best(brgBF16Table(), isa),
		BrgMixed:   best(brgMixedTable(), isa),
		GemvpMixed: best(gemvpMixedTable(), isa),

		Peak:     best(peakTable(), isa),
		PeakBF16: best(peakBF16Table(), isa),
		Read:     best(readTable(), isa),

		Unary:   byOp(unaryTable(), isa, int(NumUnary)),
		Binary:  byOp(binaryTable(), isa, int(NumBinary)),
		Affine:  byOp(affineTable(), isa, int(NumAffine)),
		Softmax: byOp(softmaxTable(), isa, int(NumSoftmax)),

		Dw:      best(dwTable(), isa),
		DwGroup: best(dwgroupTable(), isa),
		DwSlide: best(dwslideTable(), isa),
		DwPlane: best(dwplaneTable(), isa),
		MaxPool: best(maxpoolTable(), isa),
		AvgPool: best(avgpoolTable(), isa),
		Unzip:   best(unzipTable(), isa),
		Pick:    best(pickTable(), isa),
		Moments: best(momentsTable(), isa),
		Blend:   best(blendTable(), isa),

		Quant:     byOp(quantTable(), isa, int(NumQuant)),
		MaxPoolU8: best(maxpoolU8Table(), isa),
		AvgPoolU8: best(avgpoolU8Table(), isa),
		DwU8:      all(dwU8Table(), isa),

		WinoIn:  byOp(winoInTable(), isa, int(NumWino)),
		WinoOut: byOp(winoOutTable(), isa, int(NumWino)),
	}
}

// best returns the rows of the highest level up to isa that a table has.
func best[T any, R interface {
	*T
	row() *Row
}](table []T, isa ISA) []R {
	top := Generic
	for i := range table {
		if l := R(&table[i]).row().ISA; l <= isa && l > top {
			top = l
		}
	}
	var rows []R
	for i := range table {
		if r := R(&table[i]); r.row().ISA == top {
			rows = append(rows, r)
		}
	}
	return rows
}

// down returns the rows of all levels up to isa, the highest first; the portable ones where there are no others.
func down[T any, R interface {
	*T
	row() *Row
}](table []T, isa ISA) []R {
	var rows []R
	for ; isa > Generic; isa-- {
		for i := range table {
			if r := R(&table[i]); r.row().ISA == isa {
				rows = append(rows, r)
			}
		}
	}
	if rows == nil {
		return best[T, R](table, Generic)
	}
	return rows
}

// all returns the rows of all levels up to isa, the highest first and the portable ones last.
func all[T any, R interface {
	*T
	row() *Row
}](table []T, isa ISA) []R {
	rows := down[T, R](table, isa)
	if rows[0].row().ISA != Generic {
		rows = append(rows, best[T, R](table, Generic)...)
	}
	return rows
}

// byOp returns, for each of the functions 0 to ops-1 that a table has rows for, the first row of the
// highest level up to isa.
func byOp[T any, R interface {
	*T
	row() *Row
	op() int
}](table []T, isa ISA, ops int) []R {
	rows := make([]R, ops)
	for i := range table {
		r := R(&table[i])
		if at := rows[r.op()]; r.row().ISA <= isa && (at == nil || r.row().ISA > at.row().ISA) {
			rows[r.op()] = r
		}
	}
	return rows
}

// Supported lists the levels that this machine and this build can run, lowest first.
func Supported() []ISA { return append([]ISA{Generic}, supported()...) }

var sets = sync.OnceValue(func() map[ISA]*Set {
	m := make(map[ISA]*Set)
	for _, isa := range Supported() {
		m[isa] = newSet(isa)
	}
	return m
})

// For returns the kernels of one level, or an error that lists what there is.
func For(isa ISA) (*Set, error) {
	if s := sets()[isa]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("asm: no %v on this machine or in this build, there is: %s", isa, supportedNames())
}

// Parse finds a level by its name.
func Parse(name string) (ISA, error) {
	for i, n := range isaNames {
		if n == name {
			return ISA(i), nil
		}
	}
	return 0, fmt.Errorf("asm: unknown instruction set %q, there is: %s", name, supportedNames())
}

func supportedNames() string {
	var names []string
	for _, i := range Supported() {
		names = append(names, i.String())
	}
	return strings.Join(names, " ")
}

var selected = sync.OnceValues(func() (*Set, error) {
	if name := os.Getenv(EnvISA); name != "" {
		isa, err := Parse(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", EnvISA, err)
		}
		s, err := For(isa)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", EnvISA, err)
		}
		return s, nil
	}
	all := Supported()
	return For(all[len(all)-1])
})

// Kernels returns the kernels of the best level of this machine, or of the one that SIMDNN_ISA
// forces. The error says that the forced level is missing, and which levels there are.
func Kernels() (*Set, error) { return selected() }

// Or returns s, or the kernels of Kernels if s is nil. The error is that of Kernels, or says that s comes neither from there nor from For.
func (s *Set) Or() (*Set, error) {
	if s == nil {
		return Kernels()
	}
	if !s.made {
		return nil, fmt.Errorf("asm: Kernels is a Set of the caller's making, want nil or one from asm.Kernels or asm.For")
	}
	return s, nil
}

// MustKernels is Kernels for calls that cannot return an error: it panics instead.
func MustKernels() *Set {
	s, err := selected()
	if err != nil {
		panic(err.Error())
	}
	return s
}
