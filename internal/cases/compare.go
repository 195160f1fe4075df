package cases

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// Array is the tensor as an array: its bytes.
func (t *Tensor) Array() tensor.Array {
	d, err := tensor.ParseDType(t.DType)
	if err != nil {
		panic(fmt.Sprintf("cases: tensor %q: %v", t.Name, err))
	}
	return tensor.FromBytes(tensor.T(d, t.Shape...), t.Raw())
}

// Compare fails the test unless got is the case's output of that name: exactly, within the bound of its sums, or else within
// some roundings, relative to the element and to the largest of all, which is less than the cases themselves allow.
func (c *Case) Compare(t testing.TB, what, name string, got tensor.Array) {
	t.Helper()
	out := c.Tensor(name)
	want := out.Array()
	what = fmt.Sprintf("%s: %s: %s", c.Name, what, name)
	exact := func(w float64) float64 { return w }
	if want.DType() == tensor.Float64 && got.DType() == tensor.Float32 { // answers in double precision
		exact = func(w float64) float64 { return float64(float32(w)) }
	} else if want.DType() != got.DType() {
		t.Errorf("%s is %v, want %v", what, got.Type(), want.Type())
		return
	}
	if want.Dims() != got.Dims() {
		t.Errorf("%s is %v, want %v", what, got.Type(), want.Type())
		return
	}
	if s, ok := c.Stats[name]; ok && !c.Exact && got.DType() == tensor.Float32 {
		cond := make([]float64, want.Len())
		for i := range cond {
			cond[i] = s.Cond
		}
		check.Bound(t, what, tensor.Data[float32](got), out.Float64s(), cond, s.Depth)
		return
	}
	rtol, atol := c.tolerance(want)
	for i := range want.Len() {
		w, g := want.Float(i), got.Float(i)
		switch {
		case !want.DType().IsFloat():
			if want.Int(i) == got.Int(i) {
				continue
			}
		case g == exact(w) || w != w && g != g: // infinities too
			continue
		case math.Abs(g-w) <= rtol*math.Abs(w)+atol && !c.Exact:
			continue
		}
		t.Errorf("%s[%d] is %v, want %v", what, i, g, w)
		return
	}
}

// tolerance of an output without a bound.
func (c *Case) tolerance(want tensor.Array) (rtol, atol float64) {
	switch want.DType() {
	case tensor.Float16:
		rtol = 0x1p-10
	case tensor.BFloat16:
		rtol = 0x1p-7
	default:
		rtol, atol = 2e-6, 0x1p-126 // denormals may be flushed
	}
	switch {
	case c.Name == "averagepool_2d_ceil_last_window_starts_on_pad":
		return c.Rtol, atol // its answers have four digits
	case strings.HasPrefix(c.Name, "act_gelu") && strings.HasSuffix(c.Name, "_wide"):
		return rtol, 2e-15 // PyTorch gets 0 for the GELU of -11: it computes 1 + erf
	case strings.HasSuffix(c.Name, "_wide"):
		return rtol, 1e-29 // PyTorch gets 0 for the ELU of -1e-30
	}
	share := rtol / 4
	if strings.HasPrefix(c.Name, "net_") { // as many roundings as layers
		share = 2 * rtol
	}
	for i := range want.Len() {
		if v := want.Float(i); !math.IsInf(v, 0) {
			atol = max(atol, share*math.Abs(v))
		}
	}
	return rtol, atol
}
