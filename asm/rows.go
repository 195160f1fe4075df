package asm

import (
	"reflect"
	"slices"
	"strings"
)

// RowInfo describes one kernel of this build.
type RowInfo struct {
	Name      string // of the kernel
	Op        string // the field of Set that holds the kernel's kind, in lower case; brgf64 for one of its F64
	ISA       ISA
	Supported bool // this machine can run it
	Selected  bool // it is among the kernels that Kernels returns
}

// Rows lists every kernel of this build, supported or not: by operation, and within one the best
// level first and in the order of its table.
func Rows() []RowInfo {
	var rows []RowInfo
	seen := make(map[string]bool)
	chosen := make(map[string]bool)
	if s, err := Kernels(); err == nil {
		eachRow(s, func(_ string, r *Row) { chosen[r.Name] = true })
	}
	have := Supported()
	for isa := numISA; isa > 0; isa-- {
		eachRow(newSet(isa-1), func(op string, r *Row) {
			if seen[r.Name] {
				return
			}
			seen[r.Name] = true
			rows = append(rows, RowInfo{
				Name: r.Name, Op: op, ISA: r.ISA,
				Supported: slices.Contains(have, r.ISA), Selected: chosen[r.Name],
			})
		})
	}
	slices.SortStableFunc(rows, func(a, b RowInfo) int { return strings.Compare(a.Op, b.Op) })
	return rows
}

// eachRow visits the rows of a set with the names of their fields. It goes by reflection, so that
// a new operation is listed because its field is there.
func eachRow(s *Set, visit func(op string, r *Row)) {
	eachField(reflect.ValueOf(s).Elem(), func(op string, field reflect.Value) {
		walkRows(field, func(r *Row) { visit(op, r) })
	})
}

// eachField visits the fields of a set, and those of the Products in it: of one with a name, as F64, with that behind theirs.
func eachField(set reflect.Value, visit func(op string, field reflect.Value)) {
	for i := range set.NumField() {
		field := set.Type().Field(i)
		if field.Type != reflect.TypeFor[Product]() {
			visit(strings.ToLower(field.Name), set.Field(i))
			continue
		}
		eachField(set.Field(i), func(op string, f reflect.Value) {
			if !field.Anonymous {
				op += strings.ToLower(field.Name)
			}
			visit(op, f)
		})
	}
}

func walkRows(v reflect.Value, visit func(*Row)) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walkRows(v.Index(i), visit)
		}
	case reflect.Pointer:
		if !v.IsNil() && v.CanInterface() {
			if r, ok := v.Interface().(interface{ row() *Row }); ok {
				visit(r.row())
			}
		}
	}
}

// Named returns the name of a row, whatever its kind.
func (r *Row) Named() string { return r.Name }
