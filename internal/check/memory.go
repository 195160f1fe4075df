package check

import (
	"cmp"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"testing"
)

// Watch holds the pointers in kernels' arguments to the memory that they may point into: before and after every call, each
// is nil or inside. For asm.Set.Watched, and for one worker:
//
//	w := check.Watch{T: t}
//	plan := ... set.Watched(w.Look) ...
//	w.Run("what it is", func() { plan.Run(ws, y, x) }, plan, ws, y, x)
type Watch struct {
	T      testing.TB
	what   string
	values []any
	memory *Memory
}

// Run calls f. Kernels that it calls may be given pointers to what the values hold. The garbage collector rests, which would
// end the process before a failure is reported.
func (w *Watch) Run(what string, f func(), values ...any) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	w.what, w.values, w.memory = what, values, MemoryOf(values...)
	f()
	w.values, w.memory = nil, nil
}

// Look is told the arguments of a kernel. Outside of Run it does nothing.
func (w *Watch) Look(args any) {
	if w.memory == nil || w.memory.Outside(args) == "" {
		return
	}
	w.memory = MemoryOf(w.values...) // they may have grown
	if bad := w.memory.Outside(args); bad != "" {
		w.T.Errorf("%s: %s", w.what, bad)
		w.memory = nil // once is enough
	}
}

// Memory is what some values hold: the elements of slices and what pointers point to, all the way down.
type Memory struct {
	spans []span // sorted by lo, without overlap
}

type span struct{ lo, hi uintptr }

// MemoryOf returns the memory that values hold.
func MemoryOf(values ...any) *Memory {
	w := walker{seen: make(map[seen]bool)}
	for _, v := range values {
		w.walk(reflect.ValueOf(v))
	}
	slices.SortFunc(w.spans, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
	m := &Memory{}
	for _, s := range w.spans {
		if last := len(m.spans) - 1; last >= 0 && s.lo <= m.spans[last].hi {
			m.spans[last].hi = max(m.spans[last].hi, s.hi)
			continue
		}
		m.spans = append(m.spans, s)
	}
	return m
}

// Outside names the pointers of a struct that point into no memory of m, one past its end being outside. The result is empty if
// there are none; nil is none. args is a pointer to the struct.
func (m *Memory) Outside(args any) string {
	v, text := reflect.ValueOf(args).Elem(), ""
	for i := range v.NumField() {
		f := v.Field(i)
		if k := f.Kind(); k != reflect.UnsafePointer && k != reflect.Pointer || f.IsNil() || m.holds(f.Pointer()) {
			continue
		}
		text += fmt.Sprintf("%v.%s = %#x points outside of every operand; ", v.Type(), v.Type().Field(i).Name, f.Pointer())
	}
	return text
}

func (m *Memory) holds(p uintptr) bool {
	_, found := slices.BinarySearchFunc(m.spans, p, func(s span, p uintptr) int {
		switch {
		case s.hi <= p:
			return -1
		case s.lo > p:
			return 1
		}
		return 0
	})
	return found
}

// Kept names a pointer in what value holds that leads into an operand: kept after a run, it keeps the caller's memory alive, or leads
// into memory that is not the caller's any more. The result is empty if there is none.
func Kept(value any, operands ...[]float32) (text string) {
	w := walker{seen: make(map[seen]bool)}
	w.visit = func(p uintptr) {
		for i, x := range operands {
			first := reflect.ValueOf(x).Pointer()
			if first <= p && p < first+uintptr(4*len(x)) {
				text += fmt.Sprintf("%s points into operand %d; ", w.field, i)
			}
		}
	}
	w.walk(reflect.ValueOf(value))
	return text
}

type seen struct {
	p uintptr
	t reflect.Type
	n int
}

type walker struct {
	spans []span
	seen  map[seen]bool
	visit func(p uintptr) // of every pointer; nil is none
	field string          // the one at hand
}

func (w *walker) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			w.walk(v.Elem())
		}
	case reflect.Pointer:
		if w.add(v, v.Type().Elem(), 1) {
			w.walk(v.Elem())
		}
	case reflect.Slice:
		if w.add(v, v.Type().Elem(), v.Cap()) {
			w.elements(v)
		}
	case reflect.Array:
		w.elements(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if w.visit != nil {
				w.field = v.Type().String() + "." + v.Type().Field(i).Name
			}
			w.walk(v.Field(i))
		}
	case reflect.UnsafePointer:
		if w.visit != nil {
			w.visit(v.Pointer())
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			w.walk(it.Key())
			w.walk(it.Value())
		}
	}
}

// add notes the n elements at a pointer or slice, and reports whether they are new.
func (w *walker) add(v reflect.Value, elem reflect.Type, n int) bool {
	if w.visit != nil {
		w.visit(v.Pointer())
	}
	key := seen{v.Pointer(), v.Type(), n}
	if v.IsNil() || n == 0 || w.seen[key] {
		return false
	}
	w.seen[key] = true
	w.spans = append(w.spans, span{key.p, key.p + uintptr(n)*elem.Size()})
	return true
}

func (w *walker) elements(v reflect.Value) {
	if v.Len() == 0 || v.Index(0).Kind() <= reflect.Complex128 {
		return // numbers
	}
	for i := range v.Len() {
		w.walk(v.Index(i))
	}
}
