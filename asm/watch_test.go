package asm

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// TestWatched: every kernel of a set is there, and tells its arguments.
func TestWatched(t *testing.T) {
	for _, isa := range Supported() {
		set, err := For(isa)
		require.NoError(t, err)
		watched := set.Watched(func(any) {})
		others := map[string]reflect.Value{}
		eachField(reflect.ValueOf(watched).Elem(), func(name string, b reflect.Value) { others[name] = b })
		eachField(reflect.ValueOf(set).Elem(), func(name string, a reflect.Value) {
			b := others[name]
			if a.Kind() != reflect.Slice {
				require.True(t, a.Equal(b), name)
				return
			}
			require.Equal(t, a.Len(), b.Len(), name)
			for j := range a.Len() {
				x, y := a.Index(j), b.Index(j)
				require.Equal(t, x.IsNil(), y.IsNil(), name)
				if x.IsNil() {
					continue
				}
				for k := range x.Elem().NumField() {
					field := x.Elem().Type().Field(k)
					if field.Name == "fn" {
						require.NotEqual(t, x.Elem().Field(k).Pointer(), y.Elem().Field(k).Pointer(), "%s %d", name, j)
					} else {
						require.True(t, x.Elem().Field(k).Equal(y.Elem().Field(k)), "%s %d %s", name, j, field.Name)
					}
				}
			}
		})
	}
	set, _ := For(Generic)
	var seen []any
	x := []float32{-1, 2}
	args := &UnaryArgs{X: unsafe.Pointer(&x[0]), Y: unsafe.Pointer(&x[0]), N: 2, A: 0, B: 1}
	set.Watched(func(args any) { seen = append(seen, args, x[0]) }).Unary[Clamp].Call(args)
	require.Equal(t, []any{args, float32(-1), args, float32(0)}, seen, "before and after")
}

// TestPointersStay: no kernel writes to a pointer of its arguments, which the collector sees.
func TestPointersStay(t *testing.T) {
	pointer := map[string]bool{}
	table, err := For(Generic)
	require.NoError(t, err)
	eachField(reflect.ValueOf(table).Elem(), func(_ string, field reflect.Value) {
		if field.Kind() != reflect.Slice {
			return
		}
		fn, _ := field.Type().Elem().Elem().FieldByName("fn")
		args := fn.Type.In(0).Elem()
		for j := range args.NumField() {
			switch f := args.Field(j); f.Type.Kind() {
			case reflect.UnsafePointer, reflect.Pointer:
				pointer[args.Name()+"_"+f.Name] = true
			}
		}
	})
	require.True(t, pointer["BrgArgs_Taps"] && pointer["DwArgs_X"])
	// The last operand is the one that is written, of comparisons alone it is not; on arm64 a store's is in memory too.
	line := regexp.MustCompile(`^\s*([A-Z0-9.]+)\s.*,\s*(\w+Args_\w+)\(\w+\)$`)
	var files []string
	for _, pattern := range []string{"*.s", "*.h"} {
		l, err := filepath.Glob(pattern)
		require.NoError(t, err)
		files = append(files, l...)
	}
	require.NotEmpty(t, files)
	written := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for l := range strings.Lines(string(text)) {
			code, _, _ := strings.Cut(l, "//")
			for _, instruction := range strings.Split(strings.TrimRight(code, " \t\r\n\\"), ";") {
				m := line.FindStringSubmatch(strings.TrimRight(instruction, " \t"))
				if m == nil || strings.HasPrefix(m[1], "CMP") || strings.HasPrefix(m[1], "TEST") {
					continue
				}
				written++
				require.False(t, pointer[m[2]], "%s writes to %s: %s", file, m[2], l)
			}
		}
	}
	require.Greater(t, written, 20, "scratch is written")
}
