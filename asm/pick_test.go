package asm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/check"
)

// testPick has rows of n elements whose numbers step up by about far/4, from rows lds elements long; some want the value.
func testPick(t *testing.T, row *PickRow, args *PickArgs, rows, n, far, gap int, seed uint64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	index, starts := make([]int32, n), make([]int, rows)
	most, at := 0, rng.IntN(40)
	for j := range index {
		switch {
		case seed%3 == 0 && rng.IntN(6) == 0 || seed%5 == 1 && n > 40 && j < 32:
			index[j] = -1
			continue
		case seed%7 == 3:
			at = rng.IntN(1 + far*n)
		default:
			at += rng.IntN(far+3) / 4
		}
		index[j] = int32(at)
		most = max(most, at)
	}
	last := 0
	for r := range starts {
		starts[r] = rng.IntN(100)
		last = max(last, starts[r])
	}
	for _, side := range check.Sides {
		a := check.New(t, row.Name, fmt.Sprintf("r%dn%d far%d gap%d %v %v", rows, n, far, gap, index, starts), seed)
		x := a.Floats("X", last+most+1, side)
		for i := range x {
			x[i] = math.Float32frombits(rng.Uint32()) // any bits, which stay as they are
		}
		i32 := check.Alloc[float32](a, "Index", n, side)
		copy(i32, unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(index))), n))
		a.Freeze()
		y := a.Floats("Y", (rows-1)*(n+gap)+n, side)
		check.FillNaN(y)
		want := slices.Clone(y)
		for r, s := range starts {
			for j, k := range index {
				if want[r*(n+gap)+j] = 42; k >= 0 {
					want[r*(n+gap)+j] = x[s+int(k)]
				}
			}
		}
		*args = PickArgs{
			X: first(x), Y: first(y), Index: first(i32), Starts: unsafe.Pointer(&starts[0]), Rows: rows, N: n, LdY: 4 * (n + gap), Value: math.Float32bits(42),
		}
		a.Run(func() { row.Call(args) })
		for i := range y {
			require.Equal(t, math.Float32bits(want[i]), math.Float32bits(y[i]), "%v: element %d", a, i)
		}
		a.Close()
	}
}

func TestPick(t *testing.T) {
	args := new(PickArgs)
	for _, row := range supportedRows(pickTable()) {
		t.Run(row.Name, func(t *testing.T) {
			for n := 1; n < 70; n++ {
				for _, far := range []int{1, 2, 4, 8, 12, 40} {
					testPick(t, row, args, 1+n%3, n, far, n%4, uint64(n+far))
				}
			}
			x := make([]float32, 128)
			index, starts := []int32{0, 1, -1, 100}, []int{0, 3}
			*args = PickArgs{X: first(x), Y: first(x[120:]), Index: unsafe.Pointer(&index[0]), Starts: unsafe.Pointer(&starts[0]), Rows: 2, N: 4, LdY: 16}
			require.Zero(t, testing.AllocsPerRun(10, func() { row.Call(args) }))
		})
	}
}

func FuzzPick(f *testing.F) {
	f.Add(uint8(0), uint8(3), uint16(17), uint8(4), uint8(1), uint64(1))
	args := new(PickArgs)
	f.Fuzz(func(t *testing.T, row, rows uint8, n uint16, far, gap uint8, seed uint64) {
		table := supportedRows(pickTable())
		testPick(t, table[int(row)%len(table)], args, 1+int(rows)%9, 1+int(n)%300, int(far)%50, int(gap)%20, seed)
	})
}
