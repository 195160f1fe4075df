package graph

import (
	"fmt"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/tensor"
)

func (o LSTM) lower(l *lowering, n *Node) (bool, error) {
	t := &recurrentStep{cell: lstmCell, gates: 4, coupled: o.Coupled}
	for d := range o.Direction.count() {
		if !t.activations(d, o.Acts[d][:], RNNSigmoid, RNNTanh, RNNTanh) {
			return false, nil
		}
	}
	return o.recurrent.lowerTo(l, n, t)
}

func (o GRU) lower(l *lowering, n *Node) (bool, error) {
	t := &recurrentStep{cell: gruCell, gates: 3}
	if o.ResetAfter {
		t.cell = gruAfterCell
	}
	for d := range o.Direction.count() {
		if !t.activations(d, o.Acts[d][:], RNNSigmoid, RNNTanh) {
			return false, nil
		}
	}
	return o.recurrent.lowerTo(l, n, t)
}

func (o RNN) lower(l *lowering, n *Node) (bool, error) {
	t := &recurrentStep{cell: rnnCell, gates: 1}
	for d := range o.Direction.count() {
		if !t.activations(d, o.Acts[d][:], RNNTanh) {
			return false, nil
		}
	}
	return o.recurrent.lowerTo(l, n, t)
}

// activations sets those of direction d, and reports whether there are kernels for all of them.
func (t *recurrentStep) activations(d int, acts []RNNActivation, usual ...RNNFunction) bool {
	for i, a := range acts {
		var ok bool
		if t.acts[d][i], ok = a.onKernels(usual[i]); !ok {
			return false
		}
	}
	return true
}

// onKernels returns the function as one of the kernels', if there is one.
func (a RNNActivation) onKernels(usual RNNFunction) (conv.Activation, bool) {
	k := a.Kind
	if k == RNNDefault {
		k = usual
	}
	switch k {
	case RNNSigmoid:
		return conv.Activation{Kind: asm.Sigmoid}, true
	case RNNTanh:
		return conv.Activation{Kind: asm.Tanh}, true
	case RNNRelu:
		return conv.Activation{Kind: asm.ReLU}, true
	case RNNLeakyRelu:
		return conv.Activation{Kind: asm.LeakyReLU, A: a.Alpha}, true
	case RNNHardSigmoid:
		return conv.Activation{Kind: asm.HardSigmoid, A: a.Alpha, B: a.Beta}, true
	case RNNElu:
		return conv.Activation{Kind: asm.ELU, A: a.Alpha}, true
	}
	return conv.Activation{}, false
}

// cellKind is the operator that a recurrentStep runs.
type cellKind uint8

const (
	lstmCell cellKind = iota
	gruCell
	gruAfterCell // the reset gate comes after the product
	rnnCell
)

func (c cellKind) String() string { return [...]string{"LSTM", "GRU", "GRU, reset after", "RNN"}[c] }

// recurrentStep runs a recurrent operator whose weights are constants. One product gives what the inputs of all times put into the gates, biases
// included; then, time by time, a product adds what the state puts in, and element-wise kernels make the new state from the gates.
type recurrentStep struct {
	rnnSizes
	cell    cellKind
	gates   int
	acts    [2][3]conv.Activation
	coupled bool
	clip    float32
	reverse bool // the first direction goes backwards
	weights [2]recurrentWeights

	x     ref
	ldx   int
	trans gemm.Transpose
	first [2]ref // the first state, and cell, where they are given
	// What the gates are made of for all times, [T*N, gates*Hidden]; for one time and all sequences a product of a GRU.
	pre, part ref
	all       ref
	state     [2]ref // the last state, and cell. The state is the first one until then; the cell is that of the time in hand.

	// Distances of times, sequences and directions.
	preT, preN       int
	allT, allN, allD int
	stateN, stateD   int
}

// recurrentWeights are those of a direction.
type recurrentWeights struct {
	in, state *gemm.Packed
	hidden    *gemm.Packed  // gruCell: of the hidden gate, which state does not have
	bias      gemm.Epilogue // of both products, as far as nothing comes between them and the sum
	after     gemm.Epilogue // gruAfterCell: what is added to the second product alone
}

// lowerTo completes t and emits it, or returns false where the operator has what t does not do: peepholes, sequences of several lengths, weights that are computed.
func (o recurrent) lowerTo(l *lowering, n *Node, t *recurrentStep) (bool, error) {
	in := func(i int) *Value {
		if i < len(n.in) {
			return n.in[i]
		}
		return nil
	}
	if !float32s(n.in[0], n.in[1], n.in[2], in(3), in(5), in(6)) || in(7) != nil {
		return false, nil
	}
	t.rnnSizes = o.sizes(n.in[0].typ.Dims)
	if lens := in(4); lens != nil { // all of them are mostly the whole length
		a, ok := lens.Const()
		for i := 0; ok && i < t.n; i++ {
			ok = a.Int(i) >= int64(t.t)
		}
		if !ok {
			return false, nil
		}
	}
	for _, i := range []int{1, 2, 3} {
		if v := in(i); v != nil && !v.konst.Valid() {
			return false, nil
		}
	}
	t.clip, t.reverse = o.Clip, o.Direction == Reverse
	g := t.gates * t.h
	t.preN, t.preT = g, t.n*g
	t.allN, t.allD, t.allT = t.h, t.n*t.h, t.d*t.n*t.h
	t.stateN, t.stateD = t.h, t.n*t.h
	if o.BatchFirst {
		t.preT, t.preN = g, t.t*g
		t.allD, t.allT, t.allN = t.h, t.d*t.h, t.t*t.d*t.h
		t.stateD, t.stateN = t.h, t.d*t.h
	}
	for d := range t.d {
		if err := t.pack(l, d, n.in[1].konst, n.in[2].konst, in(3)); err != nil {
			return false, err
		}
	}

	e := &emitted{step: t, name: n.name, value: n.out[0]}
	x := l.at(n.in[0])
	var ok bool
	if t.ldx, t.trans, ok = x.asRows(); !ok {
		x = l.in(n.in[0], rowMajor)
		t.ldx, t.trans = t.in, gemm.NoTrans
	}
	t.x = x.ref()
	e.reads = append(e.reads, x)
	for i := range t.first {
		if v := in(5 + i); v != nil {
			x := l.in(v, rowMajor)
			t.first[i] = x.ref()
			e.reads = append(e.reads, x)
		}
	}
	for _, v := range n.out {
		e.writes = append(e.writes, l.out(v, rowMajor, false))
	}
	e.out, e.shown = e.writes[0], e.writes[0]
	t.all = e.writes[0].ref()
	for i, y := range e.writes[1:] {
		t.state[i] = y.ref()
	}
	scratch := func(rows, cols int) ref {
		y := l.fresh(tensor.T(tensor.Float32, rows, cols), rowMajor)
		e.writes = append(e.writes, y)
		return y.ref()
	}
	t.pre = scratch(t.t*t.n, g)
	switch t.cell {
	case gruCell:
		t.part = scratch(t.n, t.h)
	case gruAfterCell:
		t.part = scratch(t.n, g)
	}
	for _, u := range t.weights[:t.d] {
		l.m.products = append(l.m.products, gemm.Product{TA: t.trans, M: t.t * t.n, LdA: t.ldx, LdC: g, Packed: u.in})
		for _, ld := range []int{t.stateN, t.allN} {
			l.m.products = append(l.m.products, gemm.Product{M: t.n, LdA: ld, LdC: g, Packed: u.state})
		}
		if u.hidden != nil {
			l.m.products = append(l.m.products, gemm.Product{M: t.n, LdA: t.h, LdC: g, Packed: u.hidden})
		}
	}
	l.steps = append(l.steps, e)
	return true, nil
}

// asRows reports whether a tensor of three axes lies as a matrix with a column for each element of the last, perhaps transposed.
func (v view) asRows() (ld int, trans gemm.Transpose, ok bool) {
	d := v.dims()
	rows, cols := d.At(0)*d.At(1), d.At(2)
	r, c := v.stride[1], v.stride[2]
	if d.At(1) == 1 {
		r = v.stride[0]
	}
	if d.At(0) > 1 && d.At(1) > 1 && v.stride[0] != d.At(1)*r {
		return 0, false, false
	}
	switch {
	case (c == 1 || cols == 1) && (r >= cols || rows == 1):
		return max(r, cols), gemm.NoTrans, true
	case (r == 1 || rows == 1) && (c >= rows || cols == 1):
		return max(c, rows), gemm.Trans, true
	}
	return 0, false, false
}

// pack prepares the weights of direction d.
func (t *recurrentStep) pack(l *lowering, d int, w, r tensor.Array, bias *Value) (err error) {
	g := t.gates * t.h
	u := &t.weights[d]
	packed := func(a []float32, k, n int) (p *gemm.Packed) {
		if err == nil {
			part := tensor.Of(tensor.D(n, k), a)
			p, err = l.linearWeights(identified{part, part}, true, k, n)
			l.m.packed = append(l.m.packed, p)
		}
		return p
	}
	u.in = packed(tensor.Data[float32](w)[d*g*t.in:][:g*t.in], t.in, g)
	state, n := tensor.Data[float32](r)[d*g*t.h:][:g*t.h], g
	if t.cell == gruCell {
		n = 2 * t.h
		u.hidden = packed(state[n*t.h:], t.h, t.h)
	}
	u.state = packed(state[:n*t.h], t.h, n)
	if bias == nil {
		return err
	}
	b := tensor.Data[float32](bias.konst)[d*2*g:][:2*g]
	u.bias.Bias = append([]float32(nil), b[:g]...)
	for i, v := range b[g:] {
		if t.cell == gruAfterCell && i >= 2*t.h {
			continue
		}
		u.bias.Bias[i] += v
	}
	if t.cell == gruAfterCell {
		u.after.Bias = append(make([]float32, 2*t.h), b[g+2*t.h:]...)
	}
	return err
}

func (t *recurrentStep) String() string {
	return fmt.Sprintf("%v of %d times n%d in %d hidden %d, %d directions", t.cell, t.t, t.n, t.in, t.h, t.d)
}

func (t *recurrentStep) run(s *Session) {
	pre, all := s.f32(t.pre), s.f32(t.all)
	for d := range t.d {
		u := &t.weights[d]
		s.gemm.MulPacked(t.trans, t.t*t.n, 1, s.f32(t.x), t.ldx, u.in, 0, pre, t.gates*t.h, &u.bias)
		h, c := t.begin(s, 0, d), []float32(nil)
		if t.cell == lstmCell {
			c = t.begin(s, 1, d)
		}
		last, ldh := h, t.stateN
		for k := range t.t {
			at := k
			if d == 1 || t.reverse {
				at = t.t - 1 - k
			}
			gates, next := pre[at*t.preT:], all[at*t.allT+d*t.allD:]
			switch t.cell {
			case lstmCell:
				t.lstm(s, d, gates, next, h, ldh, c)
			case gruCell, gruAfterCell:
				t.gru(s, d, gates, next, h, ldh)
			default:
				t.rnn(s, d, gates, next, h, ldh)
			}
			h, ldh = next, t.allN
		}
		for i := range t.n {
			copy(last[i*t.stateN:][:t.h], h[i*ldh:])
		}
	}
}

// begin sets the state (0) or the cell (1) of direction d to what it is at first, and returns it.
func (t *recurrentStep) begin(s *Session, which, d int) []float32 {
	x := s.f32(t.state[which])[d*t.stateD:]
	var from []float32
	if r := t.first[which]; r.n > 0 {
		from = s.f32(r)[d*t.stateD:]
	}
	for i := range t.n {
		row := x[i*t.stateN:][:t.h]
		if from != nil {
			copy(row, from[i*t.stateN:])
		} else {
			clear(row)
		}
	}
	return x
}

// elems are the element-wise kernels of a step.
type elems struct {
	w *worker
	k *asm.Set
}

func (e elems) apply(f conv.Activation, x []float32) { e.w.Unary(e.k, f.Kind, f.A, f.B, x, x) }

func (e elems) binary(op asm.Binary, dst, x, y []float32) {
	lo, hi, _ := bounds(conv.Activation{})
	e.w.Binary(e.k, op, lo, hi, dst, x, y)
}

// bound is what goes into activations.
func (t *recurrentStep) bound(e elems, x []float32) {
	if t.clip != 0 {
		e.w.Unary(e.k, asm.Clamp, -t.clip, t.clip, x, x)
	}
}

func (t *recurrentStep) lstm(s *Session, d int, gates, next, h []float32, ldh int, c []float32) {
	s.gemm.MulPacked(gemm.NoTrans, t.n, 1, h, ldh, t.weights[d].state, 1, gates, t.preN, nil)
	e, n, act := elems{s.workers[0], s.m.kernels}, t.h, &t.acts[d]
	for i := range t.n {
		g := gates[i*t.preN:][:4*n]
		in, out, forget, x := g[:n], g[n:2*n], g[2*n:3*n], g[3*n:]
		c, h := c[i*t.stateN:][:n], next[i*t.allN:][:n]
		t.bound(e, g)
		e.apply(act[0], g[:3*n])
		e.apply(act[1], x)
		if t.coupled { // (1 - in) c + in x
			e.binary(asm.Sub, x, x, c)
		} else {
			e.binary(asm.Mul, c, c, forget)
		}
		e.binary(asm.Mul, x, x, in)
		e.binary(asm.Add, c, c, x)
		copy(x, c)
		e.apply(act[2], x)
		e.binary(asm.Mul, h, x, out)
	}
}

func (t *recurrentStep) gru(s *Session, d int, gates, next, h []float32, ldh int) {
	u, part := &t.weights[d], s.f32(t.part)
	e, n, act := elems{s.workers[0], s.m.kernels}, t.h, &t.acts[d]
	if t.cell == gruAfterCell {
		s.gemm.MulPacked(gemm.NoTrans, t.n, 1, h, ldh, u.state, 0, part, 3*n, &u.after)
	} else {
		s.gemm.MulPacked(gemm.NoTrans, t.n, 1, h, ldh, u.state, 1, gates, t.preN, nil)
	}
	for i := range t.n {
		g := gates[i*t.preN:][:3*n]
		both, reset, x := g[:2*n], g[n:2*n], g[2*n:]
		if t.cell == gruAfterCell {
			p := part[i*3*n:][:3*n]
			e.binary(asm.Add, both, both, p[:2*n])
			t.bound(e, both)
			e.apply(act[0], both)
			e.binary(asm.Mul, p[2*n:], p[2*n:], reset)
			e.binary(asm.Add, x, x, p[2*n:])
		} else {
			t.bound(e, both)
			e.apply(act[0], both)
			e.binary(asm.Mul, part[i*n:][:n], h[i*ldh:][:n], reset)
		}
	}
	if t.cell == gruCell {
		s.gemm.MulPacked(gemm.NoTrans, t.n, 1, part, n, u.hidden, 1, gates[2*n:], t.preN, nil)
	}
	for i := range t.n {
		g := gates[i*t.preN:][:3*n]
		update, x := g[:n], g[2*n:]
		old, h := h[i*ldh:][:n], next[i*t.allN:][:n]
		t.bound(e, x)
		e.apply(act[1], x)
		e.binary(asm.Sub, h, old, x) // (1 - update) x + update old
		e.binary(asm.Mul, h, h, update)
		e.binary(asm.Add, h, h, x)
	}
}

func (t *recurrentStep) rnn(s *Session, d int, gates, next, h []float32, ldh int) {
	s.gemm.MulPacked(gemm.NoTrans, t.n, 1, h, ldh, t.weights[d].state, 1, gates, t.preN, nil)
	e := elems{s.workers[0], s.m.kernels}
	for i := range t.n {
		x, f := gates[i*t.preN:][:t.h], t.acts[d][0]
		t.bound(e, x)
		e.w.Unary(e.k, f.Kind, f.A, f.B, next[i*t.allN:][:t.h], x)
	}
}
