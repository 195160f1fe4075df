package check

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// Hostile sets fields of the struct that p points to, and of the structs in it, to values that arguments should not have: n of them, drawn
// at random. Slices become nil, shorter, longer or filled with NaN, pointers nil or zero values.
func Hostile(rng *rand.Rand, p any, n int) {
	var fields []reflect.Value
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
			return
		}
		fields = append(fields, v)
	}
	walk(reflect.ValueOf(p).Elem())
	for range n {
		spoil(rng, fields[rng.IntN(len(fields))])
	}
}

// spoil sets one field.
func spoil(rng *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		sizes := []int{math.MinInt, math.MinInt + 1, -1 << 31, -7, -1, 0, 1, 2, 3, 5, 8, 17, 1 << 14, 1<<14 + 1, 1 << 20, 1<<31 - 1, math.MaxInt / 4, math.MaxInt - 1, math.MaxInt}
		v.SetInt(int64(sizes[rng.IntN(len(sizes))]))
	case reflect.Uint8:
		v.SetUint(uint64([]uint8{0, 1, 2, 3, 7, 13, 200, 255}[rng.IntN(8)]))
	case reflect.Bool:
		v.SetBool(rng.IntN(2) == 0)
	case reflect.Float32, reflect.Float64:
		v.SetFloat([]float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e30, -1e30, 1e-40}[rng.IntN(9)])
	case reflect.String:
		v.SetString([]string{"", "x", "direct", "narrow", "planar", "depthwise", "pointwise", "winograd", "winograd2", "\x00"}[rng.IntN(10)])
	case reflect.Pointer:
		v.SetZero()
		if rng.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
		}
	case reflect.Interface:
		v.SetZero()
	case reflect.Slice:
		switch n := v.Len(); rng.IntN(4) {
		case 0:
			v.SetZero()
		case 1:
			v.SetLen(n / 2)
		case 2:
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		case 3:
			if v.Type().Elem().Kind() == reflect.Float32 && n > 0 {
				v.Set(reflect.AppendSlice(reflect.Zero(v.Type()), v)) // the caller keeps his
				v.Index(rng.IntN(n)).SetFloat([]float64{math.NaN(), math.Inf(1), -1}[rng.IntN(3)])
			}
		}
	}
}

// Refusal fails the test unless err is nil or a message as users want them: which package's, what argument, its value and what is allowed.
func Refusal(t testing.TB, pkg string, err error, what any) {
	t.Helper()
	if err == nil {
		return
	}
	s := err.Error()
	says := strings.Contains(s, "want ") || strings.Contains(s, "overflow") || strings.Contains(s, "does not apply") || strings.Contains(s, "put a ")
	if !strings.HasPrefix(s, pkg+": ") || !says || strings.Contains(s, "%!") {
		t.Errorf("%+v: the message is %q", what, s)
	}
}
