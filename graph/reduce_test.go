package graph

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// TestReduceWays: short runs, long ones, few rows and so many that sums go on in float64, of all kinds, and with numbers that are none.
func TestReduceWays(t *testing.T) {
	kinds := []func(Reduction) Op{
		func(r Reduction) Op { return ReduceSum{r} }, func(r Reduction) Op { return ReduceMean{r} },
		func(r Reduction) Op { return ReduceMax{r} }, func(r Reduction) Op { return ReduceMin{r} },
		func(r Reduction) Op { return ReduceL1{r} }, func(r Reduction) Op { return ReduceL2{r} },
		func(r Reduction) Op { return ReduceSumSquare{r} }, func(r Reduction) Op { return ReduceLogSum{r} },
	}
	for _, c := range []struct{ dims, axes []int }{
		{[]int{2100, 2}, []int{1}}, {[]int{41, 16}, []int{1}}, {[]int{41, 17}, []int{1}}, {[]int{9, 5, 3}, []int{0, 2}},
		{[]int{2, 1023}, []int{1}}, {[]int{2, 1024}, []int{1}}, {[]int{1, 6000}, []int{1}},
		{[]int{3, 600}, []int{0}}, {[]int{8, 300}, []int{0}}, {[]int{9, 300}, []int{0}}, {[]int{50, 7}, []int{0}}, {[]int{4, 5, 6}, []int{1}},
		{[]int{2, 3, 4, 5}, []int{1, 3}},
	} {
		for _, special := range []bool{false, true} {
			r := rand.New(rand.NewSource(7))
			x := random(r, c.dims...)
			data := tensor.Data[float32](x)
			for i := range data {
				data[i] = float32(math.Abs(float64(data[i]))) + 0.5 // the logarithm of a sum
			}
			if special {
				for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 3e38, 3e38, 1e30, 1e-40} {
					data[i*7919%len(data)] = float32(v)
				}
			}
			if special { // a sum that leaves the range of float32, and comes back
				last := data[len(data)-c.dims[len(c.dims)-1]:]
				for i := range last {
					last[i] = float32(3e38 - 6e38*float64(i/2%2))
				}
			}
			g := New()
			in, err := g.Input("x", x.Type())
			require.NoError(t, err)
			axes := make([]int64, len(c.axes))
			for i, a := range c.axes {
				axes[i] = int64(a)
			}
			for i, kind := range kinds {
				y := must(t, g, kind(Reduction{Drop: i%2 == 0}), in, g.Const("", tensor.Vector(axes)))
				require.NoError(t, g.Output(fmt.Sprint("y", i), y))
			}
			t.Run(fmt.Sprint(c.dims, c.axes, special), func(t *testing.T) {
				want, err := g.Eval(x)
				require.NoError(t, err)
				m, err := g.Compile(Options{})
				require.NoError(t, err)
				got := make([]tensor.Array, len(want))
				for i, p := range m.Outputs() {
					got[i] = tensor.NewArray(p.Type)
				}
				require.NoError(t, m.NewSession(2).Run(got, []tensor.Array{x}))
				for i := range want {
					for j := range want[i].Len() {
						a, b := got[i].Float(j), want[i].Float(j)
						if a != b && !(a != a && b != b) && !(math.Abs(a-b) <= 2e-6*math.Abs(b)) {
							t.Errorf("%v, element %d: %v, want %v", OpName(kinds[i](Reduction{})), j, a, b)
						}
					}
				}
			})
		}
	}
}
