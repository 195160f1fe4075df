package graph

import (
	"sync"
	"unsafe"
	"weak"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/tensor"
)

// shared is what the models of one network for several batches and sizes have in common: weights packed for kernels, and constants that lie in other
// orders. They are found by the identity of the constant that they are made from; what is small is compared by its elements, as a string.
type shared struct {
	mu   sync.Mutex
	made map[any]any
}

// once returns what f returns, and remembers it by a comparable key whose type belongs to the caller.
func once[T any](s *shared, key any, f func() (T, error)) (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.made[key]; ok {
		return v.(T), nil
	}
	v, err := f()
	if err == nil {
		if s.made == nil {
			s.made = make(map[any]any)
		}
		s.made[key] = v
	}
	return v, err
}

// elements makes a key of small arrays.
func elements[T tensor.Element](x []T) string { return string(tensor.Vector(x).Bytes()) }

// identity says which constant a value is: its memory, if it was given, or what it was derived from.
func (v *Value) identity() any {
	if v.origin != nil {
		return v.origin
	}
	return v.konst
}

// origin is how a constant is derived from another.
type origin struct {
	what string
	from any    // the other's identity
	by   string // what else it depends on
}

// identified is a constant and its identity.
type identified struct {
	array tensor.Array
	id    any
}

func (v *Value) identified() identified { return identified{v.konst, v.identity()} }

// derived returns a constant that f computes from another. It is not kept beyond its use: mostly it is packed and then not wanted any more.
func (s *shared) derived(what string, from identified, by string, f func() (tensor.Array, error)) (identified, error) {
	id := origin{what, from.id, by}
	w, err := once(s, id, func() (*weakArray, error) { return new(weakArray), nil })
	if err != nil {
		return identified{}, err
	}
	a, err := w.get(f)
	return identified{a, id}, err
}

// weakArray is an array that is made again when it is wanted and nobody has kept it.
type weakArray struct {
	mu   sync.Mutex
	typ  tensor.Type
	data weak.Pointer[byte]
}

func (w *weakArray) get(f func() (tensor.Array, error)) (tensor.Array, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.data.Value(); p != nil {
		return tensor.FromBytes(w.typ, unsafe.Slice(p, w.typ.Bytes())), nil
	}
	a, err := f()
	if err == nil && a.Len() > 0 {
		w.typ, w.data = a.Type(), weak.Make(unsafe.SliceData(a.Bytes()))
	}
	return a, err
}

type convKey struct {
	id   any
	bias string
	some bool // there is a bias
}

type linearKey struct {
	id     any
	transB bool
}

// halfKey is that of the same weights in bfloat16.
type halfKey linearKey

// linearWeights returns the packed weights of a product, [k, n] or with transB [n, k].
func (l *lowering) linearWeights(w identified, transB bool, k, n int) (*gemm.Packed, error) {
	ldb := n
	if transB {
		ldb = k
	}
	return once(l.shared, linearKey{w.id, transB}, func() (*gemm.Packed, error) {
		return gemm.PackB(l.kernels(), gemm.Transpose(transB), k, n, tensor.Data[float32](w.array), ldb)
	})
}

// halfWeights are those of linearWeights in bfloat16.
func (l *lowering) halfWeights(w identified, transB bool, k, n int) (*gemm.PackedBF16, error) {
	ldb := n
	if transB {
		ldb = k
	}
	return once(l.shared, halfKey{w.id, transB}, func() (*gemm.PackedBF16, error) {
		return gemm.PackBF16(l.kernels(), gemm.Transpose(transB), k, n, tensor.Data[float32](w.array), ldb)
	})
}

// extraWeights is what remains of Options.WeightLimit for weights that are larger than they were given.
func extraWeights(w *net, limit int) int {
	for _, n := range w.nodes {
		if _, ok := n.op.(weighted); ok && n.in[1].konst.Valid() {
			limit -= n.in[1].typ.Bytes()
		}
	}
	return limit
}

// conv plans a convolution with constant weights.
func (l *lowering) conv(p conv.Params, w identified, bias []float32) (*conv.Plan, error) {
	given := w.array.Type().Bytes()
	if l.o.WeightLimit > 0 {
		p.WeightLimit = given + max(0, l.extra)
	}
	packed, _ := once(l.shared, convKey{w.id, elements(bias), bias != nil}, func() (*conv.Packed, error) { return new(conv.Packed), nil })
	plan, err := conv.NewShared(p, tensor.Data[float32](w.array), bias, packed)
	if err != nil {
		return nil, err
	}
	l.extra -= max(0, plan.WeightBytes()-given)
	l.m.convs = append(l.m.convs, plan)
	return plan, nil
}
