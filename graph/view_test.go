package graph

import (
	"bytes"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/tensor"
)

// offsets lists where the elements of a view lie, row-major.
func offsets(v view) []int {
	w := broadcast{dims: v.dims()}
	w.stride[0], w.index[0] = v.stride, v.off
	at := make([]int, v.typ.Elems())
	for i := range at {
		at[i] = w.index[0]
		w.next()
	}
	return at
}

// gathered is a tensor as a list of element numbers: what views are compared with. It has no strides.
type gathered struct {
	dims tensor.Dims
	at   []int
}

// index is the place of an element in row-major order.
func (g gathered) index(i []int) int {
	k := 0
	for a, n := range g.dims.Slice() {
		k = k*n + i[a]
	}
	return k
}

// pick makes a tensor of dims d whose element i is the one that from says.
func (g gathered) pick(d tensor.Dims, from func(i []int) []int) gathered {
	h := gathered{d, make([]int, d.Elems())}
	for k := range h.at {
		i, rest := make([]int, d.Rank()), k
		for a := d.Rank() - 1; a >= 0; a-- {
			i[a] = rest % d.At(a)
			rest /= d.At(a)
		}
		h.at[k] = g.at[g.index(from(i))]
	}
	return h
}

// size draws the size of an axis: 1, primes, sizes that occur together.
func size(r *rand.Rand) int { return []int{1, 1, 2, 2, 3, 4, 5, 6, 7}[r.Intn(9)] }

func dimsOf(r *rand.Rand, most int) tensor.Dims {
	d, equal := tensor.Dims{}, r.Intn(4) == 0
	for n := r.Intn(5); d.Rank() <= n; {
		s := size(r)
		if equal {
			s = 3
		}
		if d.Elems()*s > most {
			s = 1
		}
		d = d.Append(s)
	}
	return d
}

func shuffled(r *rand.Rand, n int) []int { return r.Perm(n) }

// regrouped draws other dims of as many elements.
func regrouped(r *rand.Rand, d tensor.Dims) tensor.Dims {
	var primes []int
	for n, p := d.Elems(), 2; n > 1; p++ {
		for n%p == 0 {
			primes = append(primes, p)
			n /= p
		}
	}
	if r.Intn(2) == 0 { // keep the order of the axes: merge and split neighbours
		primes = primes[:0]
		for _, n := range d.Slice() {
			for p := 2; n > 1; p++ {
				for n%p == 0 {
					primes = append(primes, p)
					n /= p
				}
			}
		}
	} else {
		r.Shuffle(len(primes), func(i, j int) { primes[i], primes[j] = primes[j], primes[i] })
	}
	var to []int
	for _, p := range primes {
		if len(to) > 0 && (r.Intn(2) == 0 || len(to) >= 6) {
			to[len(to)-1] *= p
		} else {
			to = append(to, p)
		}
	}
	for len(to) < 6 && r.Intn(3) == 0 {
		i := r.Intn(len(to) + 1)
		to = append(to[:i], append([]int{1}, to[i:]...)...)
	}
	return tensor.D(to...)
}

// step applies one random view to v, and gathering to g. Where strides cannot say a Reshape ok is false.
func viewStep(r *rand.Rand, v view, g gathered) (view, gathered, string, bool) {
	d := v.dims()
	switch k := r.Intn(5); {
	case k == 0:
		p := shuffled(r, d.Rank())
		to := tensor.Dims{}
		for _, a := range p {
			to = to.Append(d.At(a))
		}
		return v.transpose(tensor.D(p...)), g.pick(to, func(i []int) []int {
			j := make([]int, len(i))
			for k, a := range p {
				j[a] = i[k]
			}
			return j
		}), fmt.Sprint("transpose ", p), true
	case k == 1 && d.Rank() > 0 && d.Elems() > 0:
		axis := r.Intn(d.Rank())
		size := d.At(axis)
		start, step := r.Intn(size), []int{1, 1, 2, 3, -1, -2}[r.Intn(6)]
		most := (size-1-start)/max(step, 1) + 1
		if step < 0 {
			most = start/-step + 1
		}
		n := 1 + r.Intn(most)
		if r.Intn(20) == 0 {
			n = 0
		}
		return v.slice(axis, start, step, n), g.pick(d.Set(axis, n), func(i []int) []int {
			i[axis] = start + step*i[axis]
			return i
		}), fmt.Sprintf("slice %d from %d by %d, %d", axis, start, step, n), true
	case k == 2:
		to := d
		for a := range d.Rank() {
			if d.At(a) == 1 && r.Intn(2) == 0 {
				to = to.Set(a, size(r))
			}
		}
		lead := 0
		for to.Rank() < 6 && r.Intn(3) == 0 {
			to, lead = tensor.D(append([]int{size(r)}, to.Slice()...)...), lead+1
		}
		if to.Elems() > 5000 {
			return v, g, "", true
		}
		return v.expand(to), g.pick(to, func(i []int) []int {
			i = i[lead:]
			for a := range d.Rank() {
				if d.At(a) == 1 {
					i[a] = 0
				}
			}
			return i
		}), fmt.Sprint("expand ", to), true
	case k == 3 && d.Elems() > 0:
		to := regrouped(r, d)
		w, ok := v.reshape(to)
		return w, gathered{to, g.at}, fmt.Sprint("reshape ", to), ok
	case k == 4:
		for a := range d.Rank() {
			if d.At(a) == 1 && r.Intn(2) == 0 {
				s := d.Slice()
				return v.drop(a), gathered{tensor.D(append(s[:a], s[a+1:]...)...), g.at}, fmt.Sprint("squeeze ", a), true
			}
		}
	}
	return v, g, "", true
}

// nests says whether strides can say that a tensor whose elements lie at at has dims d: by looking at every element.
func nests(d tensor.Dims, at []int) bool {
	var stride [tensor.MaxRank]int
	step := 1
	for i := d.Rank() - 1; i >= 0; i-- {
		if d.At(i) > 1 {
			stride[i] = at[step] - at[0]
		}
		step *= d.At(i)
	}
	w := broadcast{dims: d}
	w.stride[0] = stride
	for _, x := range at {
		if x != at[0]+w.index[0] {
			return false
		}
		w.next()
	}
	return true
}

// TestViews compares random chains of views with gathering, and what views say of themselves with looking.
func TestViews(t *testing.T) {
	n := 20000
	if testing.Short() {
		n = 2000
	}
	reshaped, refused := 0, 0
	for seed := range n {
		r := rand.New(rand.NewSource(int64(seed)))
		d := dimsOf(r, 600)
		typ := tensor.Type{DType: tensor.Float32, Dims: d}
		v := denseView(typ)
		if r.Intn(3) == 0 && d.Rank() > 2 {
			v.stride = channelsLast.dense(d)
		}
		g := gathered{d, offsets(v)}
		log := v.String()
		for range 1 + r.Intn(8) {
			w, h, what, ok := viewStep(r, v, g)
			if what == "" {
				continue
			}
			log += "; " + what
			if !ok {
				require.False(t, nests(h.dims, h.at), "seed %d: %s was refused", seed, log)
				refused++
				continue
			}
			if what[:2] == "re" {
				reshaped++
			}
			v, g = w, h
			if g.dims != v.dims() || !slices.Equal(g.at, offsets(v)) {
				t.Fatalf("seed %d: %s: %v at %v, want %v at %v", seed, log, v.dims(), offsets(v), g.dims, g.at)
			}
		}
		looked(t, v, g, fmt.Sprintf("seed %d: %s", seed, log))
	}
	require.Greater(t, reshaped, n/10)
	require.Greater(t, refused, n/100)
}

// looked compares what v says of itself with the places of its elements.
func looked(t *testing.T, v view, g gathered, what string) {
	if len(g.at) == 0 {
		require.Zero(t, v.extent(), what)
		return
	}
	lo, hi, distinct := g.at[0], g.at[0], make(map[int]bool)
	for _, x := range g.at {
		lo, hi = min(lo, x), max(hi, x)
		distinct[x] = true
	}
	dense := hi-lo+1 == len(g.at) && len(distinct) == len(g.at)
	if v.isDense() {
		require.True(t, dense && lo == v.off, "%s: isDense", what)
		require.Equal(t, len(g.at), v.extent(), what)
		require.Equal(t, v.like(v.dims()), denseStrides(v), "%s: like", what)
	}
	for _, o := range []order{rowMajor, channelsLast} {
		w := view{typ: v.typ, stride: o.dense(v.dims()), off: v.off}
		same := slices.Equal(offsets(w), g.at)
		require.Equal(t, same, v.is(o), "%s: is %v", what, o)
		// Rows: the innermost axis without gaps, the others as if it were wider.
		axes := o.axes(v.dims().Rank())
		rows := v.is(o)
		if r := v.dims().Rank(); !rows && r > 1 && (o == rowMajor || r > 2) {
			inner := axes[r-1]
			for wide := v.dims().At(inner); wide < v.dims().At(inner)+12 && !rows; wide++ {
				w := view{typ: v.typ, stride: o.dense(v.dims().Set(inner, wide)), off: v.off}
				rows = rows || slices.Equal(offsets(w), g.at)
			}
			if v.isRows(o) && v.rowStride(o) < v.dims().At(inner)+12 || rows {
				require.Equal(t, rows, v.isRows(o), "%s: isRows %v", what, o)
			}
		}
		if r := v.dims().Rank(); v.isRows(o) && r > 1 && v.dims().Elems() > v.dims().At(axes[r-1]) {
			w := view{typ: v.typ, stride: o.dense(v.dims().Set(axes[r-1], v.rowStride(o))), off: v.off}
			require.True(t, slices.Equal(g.at, offsets(w)), "%s: rowStride %v", what, o)
		}
	}
}

// denseStrides are those of v with axes of one element as like has them.
func denseStrides(v view) [tensor.MaxRank]int {
	s, l := v.stride, v.like(v.dims())
	for i := range v.dims().Rank() {
		if v.dims().At(i) == 1 {
			s[i] = l[i]
		}
	}
	for i := v.dims().Rank(); i < tensor.MaxRank; i++ {
		s[i] = 0
	}
	return s
}

// TestMoves compares moves with copies element by element, for elements of all sizes and every part of the move by itself.
func TestMoves(t *testing.T) {
	n := 6000
	if testing.Short() {
		n = 1000
	}
	types := []tensor.DType{tensor.Uint8, tensor.Float16, tensor.Float32, tensor.Float64}
	kinds := make(map[moveKind]int)
	for seed := range n {
		r := rand.New(rand.NewSource(int64(seed)))
		most := 600
		if seed%50 == 0 {
			most = 60000 // units that are cut
		}
		d := dimsOf(r, most)
		if most > 600 && d.Rank() > 0 {
			d = d.Set(r.Intn(d.Rank()), 4093+r.Intn(3000))
		}
		typ := tensor.Type{DType: types[r.Intn(len(types))], Dims: d}
		if r.Intn(2) == 0 {
			typ.DType = tensor.Float32
		}
		src := denseView(typ)
		g := gathered{d, offsets(src)}
		for range r.Intn(5) {
			if w, h, what, ok := viewStep(r, src, g); ok && what != "" && h.dims.Elems() < 80000 {
				src, g = w, h
			}
		}
		// The destination has any order of the axes, and perhaps lies in a wider tensor.
		wide := src.dims()
		axis, before := 0, 0
		if wide.Rank() > 0 && r.Intn(2) == 0 {
			axis = r.Intn(wide.Rank())
			before = r.Intn(3)
			wide = wide.Set(axis, wide.At(axis)+before+r.Intn(3))
		}
		dst := view{typ: tensor.Type{DType: typ.DType, Dims: wide}}
		step := 1
		for _, a := range shuffled(r, wide.Rank()) {
			dst.stride[a] = step
			step *= wide.At(a)
		}
		whole := dst
		if wide.Rank() > 0 {
			dst = dst.slice(axis, before, 1, src.dims().At(axis))
		}
		size := typ.DType.Size()
		from, to, want := make([]byte, typ.Bytes()), make([]byte, whole.typ.Bytes()), make([]byte, whole.typ.Bytes())
		r.Read(from)
		at := offsets(dst)
		for i, x := range g.at {
			copy(want[at[i]*size:][:size], from[x*size:])
		}
		m := newMove(dst, src)
		kinds[m.kind]++
		k, err := asm.For(asm.Supported()[seed%len(asm.Supported())])
		require.NoError(t, err)
		w := new(worker)
		for u := m.units; u > 0; { // from behind, in pieces
			n := 1 + r.Intn(min(u, 3*m.units/4+1))
			m.do(w, k, to, from, dst.off, src.off, u-n, u)
			u -= n
		}
		if !bytes.Equal(want, to) {
			t.Fatalf("seed %d: %v to %v, %+v", seed, src, dst, m)
		}
	}
	require.Len(t, kinds, 3)
}

// TestInterleave moves the bytes of pictures, with what lies behind the pixels kept as it is.
func TestInterleave(t *testing.T) {
	for _, n := range []int{1, 2, 5, 300, 20000} {
		d := tensor.D(1, 3, 1, n)
		typ := tensor.Type{DType: tensor.Uint8, Dims: d}
		src, dst := make([]byte, 3*n), make([]byte, 3*n+1)
		for i := range src {
			src[i] = byte(i*7 + i/251)
		}
		dst[3*n] = 77
		m := newMove(view{typ: typ, stride: channelsLast.dense(d)}, view{typ: typ, stride: rowMajor.dense(d)})
		m.do(new(worker), nil, dst, src, 0, 0, 0, m.units)
		for i := range n {
			for c := range 3 {
				require.Equal(t, src[c*n+i], dst[3*i+c], "pixel %d of %d, channel %d", i, n, c)
			}
		}
		require.EqualValues(t, 77, dst[3*n])
	}
}
