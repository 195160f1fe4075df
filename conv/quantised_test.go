package conv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/check"
	"github.com/simdnn/simdnn/tensor"
)

// quantisedCase is a problem with its operands.
type quantisedCase struct {
	p       Params
	q       Quantisation
	weights []int16
	bias    []int32
	src     []byte
}

// name says what the problem is.
func (c *quantisedCase) name() string {
	return fmt.Sprintf("%v k%d%v g%d strides %d,%d signed %v out %v", c.p.In, c.p.OutC, c.p.Window, c.p.Groups, c.p.InStride, c.p.OutStride, c.q.Signed, c.q.Out)
}

// bytes of a tensor with so many elements from pixel to pixel.
func bytesOf(s tensor.Shape, stride, size int) int {
	return ((s.N*s.H*s.W-1)*max(stride, s.C) + s.C) * size
}

// reference computes the case plainly, in 64 bits. What lies between the channels of pixels stays as dst has it.
func (c *quantisedCase) reference(dst []byte, out tensor.Shape) {
	p, w := &c.p, c.p.Window.Normal()
	groups := max(1, p.Groups)
	icg, ocg := p.In.C/groups, p.OutC/groups
	ldin, ldout := max(p.InStride, p.In.C), max(p.OutStride, p.OutC)
	for pixel := range out.N * out.H * out.W {
		n, oy, ox := pixel/(out.H*out.W), pixel/out.W%out.H, pixel%out.W
		for oc := range p.OutC {
			sum := int64(0)
			if c.bias != nil {
				sum = int64(c.bias[oc])
			}
			for kh := range w.KernelH {
				for kw := range w.KernelW {
					y, x := oy*w.StrideH-w.PadTop+kh*w.DilationH, ox*w.StrideW-w.PadLeft+kw*w.DilationW
					if y < 0 || y >= p.In.H || x < 0 || x >= p.In.W {
						continue
					}
					for ic := range icg {
						b := c.src[((n*p.In.H+y)*p.In.W+x)*ldin+oc/ocg*icg+ic]
						v := int64(b)
						if c.q.Signed {
							v = int64(int8(b))
						}
						sum += (v - int64(c.q.InZero)) * int64(c.weights[((oc*icg+ic)*w.KernelH+kh)*w.KernelW+kw])
					}
				}
			}
			at := pixel*ldout + oc
			switch c.q.Out {
			case tensor.Int32:
				binary.LittleEndian.PutUint32(dst[4*at:], uint32(sum))
			case tensor.Float32:
				binary.LittleEndian.PutUint32(dst[4*at:], math.Float32bits(float32(sum)*c.q.Scale[oc]))
			default:
				var q int
				if c.q.Multiplier != nil {
					q = fixedPoint(sum, c.q.Multiplier[oc], c.q.Shift[oc])
				} else {
					q = int(math.RoundToEven(float64(float32(sum) * c.q.Scale[oc])))
				}
				dst[at] = byte(min(max(q+c.q.OutZero, c.q.Lo), c.q.Hi))
			}
		}
	}
}

// fixedPoint is a sum times multiplier 2^(shift-31) with TensorFlow Lite's two roundings, as its documentation has them: the product by division toward zero after
// half of the divisor, less one below zero, is added to it, and the shift to the right by comparing what it drops with the middle.
func fixedPoint(sum int64, multiplier, shift int32) int {
	p := sum << max(shift, 0) * int64(multiplier)
	if p >= 0 {
		p += 1 << 30
	} else {
		p += 1 - 1<<30
	}
	p /= 1 << 31
	e := max(-shift, 0)
	rest, middle := p&(1<<e-1), int64(1<<e-1)>>1
	if p < 0 {
		middle++
	}
	p >>= e
	if rest > middle {
		p++
	}
	return int(p)
}

// inFixedPoint has a case end in fixed point, with scales near those that it has.
func (c *quantisedCase) inFixedPoint(r *rand.Rand) {
	for _, s := range c.q.Scale {
		fraction, shift := math.Frexp(float64(s))
		c.q.Multiplier, c.q.Shift = append(c.q.Multiplier, int32(fraction*(1<<31)-1)), append(c.q.Shift, int32(shift))
		if r.Intn(4) == 0 { // many ties
			c.q.Multiplier[len(c.q.Multiplier)-1] = 1 << 30
		}
	}
	c.q.Scale = nil
}

// randomQuantised makes a problem: small, with any window.
func randomQuantised(r *rand.Rand, k *asm.Set) *quantisedCase {
	c := new(quantisedCase)
	p := &c.p
	p.Kernels, p.InLayout, p.OutLayout = k, tensor.NHWC, tensor.NHWC
	p.Groups = []int{1, 1, 1, 2, 3}[r.Intn(5)]
	p.In = tensor.Shape{N: 1 + r.Intn(2), C: p.Groups * (1 + r.Intn(21)), H: 1 + r.Intn(8), W: 1 + r.Intn(30)}
	p.OutC = p.Groups * (1 + r.Intn(40))
	if r.Intn(4) == 0 {
		p.In.C = 1 + r.Intn(150)
		p.OutC, p.Groups = p.In.C, p.In.C
	} else if r.Intn(4) == 0 {
		p.In.C, p.OutC, p.Groups = 1+r.Intn(600), 1+r.Intn(70), 1
	}
	w := &p.Window
	w.KernelH, w.KernelW = 1+r.Intn(4), 1+r.Intn(4)
	w.StrideH, w.StrideW, w.DilationH, w.DilationW = 1+r.Intn(2), 1+r.Intn(3), 1+r.Intn(2), 1+r.Intn(2)
	switch r.Intn(3) {
	case 0:
		w.KernelH, w.KernelW = 1, 1
		w.StrideH, w.StrideW = 1+r.Intn(2), 1+r.Intn(2)
	case 1:
		w.PadTop, w.PadLeft, w.PadBottom, w.PadRight = r.Intn(5), r.Intn(5), r.Intn(5), r.Intn(5)
	}
	if w.PadTop+p.In.H+w.PadBottom < (w.KernelH-1)*w.DilationH+1 || w.PadLeft+p.In.W+w.PadRight < (w.KernelW-1)*w.DilationW+1 {
		w.KernelH, w.KernelW = 1, 1
	}
	if p.Groups == p.In.C && r.Intn(2) == 0 { // kernels of their own
		w.KernelH, w.KernelW, w.DilationH, w.DilationW = 3, 3, 1, 1
		w.StrideH, w.StrideW = 1+r.Intn(2), 1+r.Intn(2)
		p.In.H, p.In.W = p.In.H+2, p.In.W+2
		if r.Intn(2) == 0 { // with the border that kernels know
			w.PadTop, w.PadLeft, w.PadBottom, w.PadRight = r.Intn(5), r.Intn(2), r.Intn(5), r.Intn(2)
			p.In.W = max(p.In.W-2, 3-w.PadLeft-w.PadRight)
		}
	}
	if r.Intn(3) == 0 {
		p.InStride = p.In.C + r.Intn(9)
	}
	if r.Intn(3) == 0 {
		p.OutStride = p.OutC + r.Intn(9)
	}
	c.fill(r)
	return c
}

// fill chooses numbers.
func (c *quantisedCase) fill(r *rand.Rand) {
	p, q := &c.p, &c.q
	q.Signed = r.Intn(2) == 0
	q.InZero = r.Intn(256)
	if q.Signed {
		q.InZero -= 128
	}
	q.Out = []tensor.DType{tensor.Uint8, tensor.Int8, tensor.Uint8, tensor.Int8, tensor.Int32, tensor.Float32}[r.Intn(6)]
	each := p.In.C / max(1, p.Groups) * p.Window.KernelH * p.Window.KernelW
	most := 128
	if r.Intn(5) == 0 {
		most = 255
	}
	c.weights = make([]int16, p.OutC*each)
	for i := range c.weights {
		c.weights[i] = int16(r.Intn(2*most+most/255) - most)
	}
	if r.Intn(2) == 0 {
		c.bias = make([]int32, p.OutC)
		for i := range c.bias {
			c.bias[i] = int32(r.Intn(20000) - 10000)
		}
	}
	if q.Out != tensor.Int32 {
		q.Scale = make([]float32, p.OutC)
		for i := range q.Scale {
			q.Scale[i] = float32(math.Exp(r.Float64()*4-2)) / float32(100*math.Sqrt(float64(each)))
		}
	}
	if q.Out.Size() == 1 && r.Intn(4) == 0 {
		c.inFixedPoint(r)
	}
	switch q.Out {
	case tensor.Uint8:
		q.OutZero, q.Lo, q.Hi = r.Intn(256), r.Intn(100), 255-r.Intn(100)
	case tensor.Int8:
		q.OutZero, q.Lo, q.Hi = r.Intn(256)-128, r.Intn(100)-128, 127-r.Intn(100)
	}
	c.src = make([]byte, bytesOf(p.In, p.InStride, 1))
	for i := range c.src {
		c.src[i] = byte(r.Intn(256))
	}
}

// run plans the case, and compares what it computes with the reference, with 1 to 4 threads and in a workspace that another input has been through.
func (c *quantisedCase) run(t *testing.T) *Plan {
	t.Helper()
	pl, err := NewQuantised(c.p, c.q, c.weights, c.bias, new(Packed))
	require.NoError(t, err, c.name())
	size := c.q.Out.Size()
	n := bytesOf(pl.Out(), c.p.OutStride, size)
	want := bytes.Repeat([]byte{0xa5}, n)
	c.reference(want, pl.Out())
	other := make([]byte, len(c.src))
	for i, v := range c.src {
		other[i] = ^v
	}
	if narrow := make([]int8, len(c.weights)); fitBytes(narrow, c.weights) {
		again, err := NewQuantised(c.p, c.q, narrow, c.bias, new(Packed))
		require.NoError(t, err, c.name())
		got := bytes.Repeat([]byte{0xa5}, n)
		again.RunBytes(NewWorkspace(1, again), got, c.src)
		require.True(t, bytes.Equal(want, got), "%s: weights of bytes", c.name())
	}
	for threads := 1; threads <= 4; threads++ {
		ws := NewWorkspace(threads, pl)
		pl.RunBytes(ws, make([]byte, n), other)
		got := bytes.Repeat([]byte{0xa5}, n)
		pl.RunBytes(ws, got, c.src)
		if !bytes.Equal(want, got) {
			for i := range want {
				if want[i] != got[i] {
					t.Fatalf("%s, %v, %d threads: byte %d is %d, want %d", c.name(), pl, threads, i, got[i], want[i])
				}
			}
		}
	}
	return pl
}

// fitBytes is false where weights do not fit bytes.
func fitBytes(dst []int8, w []int16) bool {
	for i, v := range w {
		if dst[i] = int8(v); int16(dst[i]) != v {
			return false
		}
	}
	return true
}

// TestQuantised has random problems; all instruction sets give the same bytes.
func TestQuantised(t *testing.T) {
	for _, isa := range asm.Supported() {
		k, err := asm.For(isa)
		require.NoError(t, err)
		r := rand.New(rand.NewSource(7))
		for range many(120) {
			c := randomQuantised(r, k)
			c.run(t)
		}
	}
}

// TestQuantisedBorder has depthwise windows near what the kernels' border can do: rows in several calls, inputs lower than the window, padding of more columns,
// rows of taps that lie apart, and rows of the output that see only padding.
func TestQuantisedBorder(t *testing.T) {
	r := rand.New(rand.NewSource(11))
	for _, isa := range asm.Supported() {
		k, err := asm.For(isa)
		require.NoError(t, err)
		for _, in := range []tensor.Shape{{N: 1, C: 130, H: 3, W: 1000}, {N: 2, C: 70, H: 2, W: 5}, {N: 1, C: 64, H: 1, W: 1}, {N: 2, C: 67, H: 5, W: 4}} {
			for _, pads := range [][4]int{{1, 1, 1, 1}, {1, 1, 1, 2}, {1, 2, 1, 1}, {2, 0, 2, 3}, {7, 1, 9, 1}, {1, 1, 1, 3}} {
				for stride := 1; stride <= 3; stride++ {
					for dilation := 1; dilation <= 2; dilation++ {
						c := new(quantisedCase)
						w := tensor.Window{KernelH: 3, KernelW: 3, StrideH: stride, StrideW: stride, DilationH: dilation, DilationW: 1}
						w.PadTop, w.PadLeft, w.PadBottom, w.PadRight = pads[0], pads[1], pads[2], pads[3]
						if in.H+pads[0]+pads[2] < 1+2*dilation || in.W > 9 && (stride > 1 || dilation > 1 || pads[3] > 1) {
							continue
						}
						if testing.Short() && (in.W > 9 || r.Intn(4) != 0) {
							continue
						}
						c.p = Params{Kernels: k, In: in, OutC: in.C, Groups: in.C, Window: w, InLayout: tensor.NHWC, OutLayout: tensor.NHWC}
						c.fill(r)
						c.run(t)
					}
				}
			}
		}
	}
}

// TestQuantisedFirst: of two kernels of a shape the first, which is the quicker, is taken.
func TestQuantisedFirst(t *testing.T) {
	for _, isa := range asm.Supported() {
		k, err := asm.For(isa)
		require.NoError(t, err)
		for columns := 1; columns <= k.BrgU8[0].NR; columns++ {
			tiles := newByteTiles(k.BrgU8, columns)
			require.GreaterOrEqual(t, tiles.nr, columns)
			for mr, row := range tiles.kern {
				first := slices.IndexFunc(k.BrgU8, func(r *asm.BrgU8Row) bool { return r.NR == tiles.nr && r.MR == mr })
				if first < 0 {
					require.Nil(t, row)
					continue
				}
				require.Same(t, k.BrgU8[first], row, "%v: %d columns", isa, columns)
			}
			for _, r := range k.BrgU8 {
				require.False(t, r.NR >= columns && r.NR < tiles.nr, "%v: %s is narrower than %d, for %d columns", isa, r.Name, tiles.nr, columns)
			}
		}
	}
}

// TestQuantisedGuarded has operands and scratch that end at pages that must not be touched.
func TestQuantisedGuarded(t *testing.T) {
	r := rand.New(rand.NewSource(8))
	for i := range many(40) {
		c := randomQuantised(r, nil)
		if i == 0 { // copied rows that fill whole lines, of which the last pixel is read as part of a step
			c = new(quantisedCase)
			c.p = Params{In: tensor.Shape{N: 1, C: 1, H: 5, W: 62}, OutC: 5, Window: tensor.Square(3, 1, 1), InLayout: tensor.NHWC, OutLayout: tensor.NHWC}
			c.fill(r)
		}
		pl, err := NewQuantised(c.p, c.q, c.weights, c.bias, new(Packed))
		require.NoError(t, err)
		size := c.q.Out.Size()
		want := make([]byte, bytesOf(pl.Out(), c.p.OutStride, size))
		c.reference(want, pl.Out())
		for _, side := range []check.Side{check.Head, check.Tail} {
			a := check.New(t, pl.String(), c.name(), uint64(i))
			dst, src := a.Bytes("dst", len(want), side), a.Bytes("src", len(c.src), side)
			copy(src, c.src)
			ws := NewWorkspace(1, pl)
			w := ws.workers[0]
			w.scratch = check.Alloc[float32](a, "scratch", len(w.scratch), check.Tail)
			a.Run(func() { pl.RunBytes(ws, dst, src) })
			if c.p.OutStride == 0 {
				require.True(t, bytes.Equal(want, dst), "%s", c.name())
			}
			a.Close()
		}
	}
}

// TestQuantisedPointers: a run allocates nothing, and kernels' pointers lead to what is theirs.
func TestQuantisedPointers(t *testing.T) {
	r := rand.New(rand.NewSource(9))
	watch := check.Watch{T: t}
	k, err := asm.Kernels()
	require.NoError(t, err)
	for range many(40) {
		c := randomQuantised(r, k.Watched(watch.Look))
		pl, err := NewQuantised(c.p, c.q, c.weights, c.bias, new(Packed))
		require.NoError(t, err)
		ws, dst := NewWorkspace(1, pl), make([]byte, bytesOf(pl.Out(), c.p.OutStride, c.q.Out.Size()))
		watch.Run(pl.String(), func() { pl.RunBytes(ws, dst, c.src) }, pl, ws, dst, c.src)
		require.Empty(t, check.Kept(ws, asFloats(dst), asFloats(c.src)), "%v", pl)
		if t.Failed() {
			return
		}
	}
	c := randomQuantised(r, k)
	pl, err := NewQuantised(c.p, c.q, c.weights, c.bias, new(Packed))
	require.NoError(t, err)
	ws, dst := NewWorkspace(2, pl), make([]byte, bytesOf(pl.Out(), c.p.OutStride, c.q.Out.Size()))
	require.Zero(t, testing.AllocsPerRun(20, func() { pl.RunBytes(ws, dst, c.src) }))
}

// asFloats looks at bytes as floats, to find pointers to them.
func asFloats(b []byte) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

// TestQuantisedErrors name what is wrong.
func TestQuantisedErrors(t *testing.T) {
	in := tensor.Shape{N: 1, C: 4, H: 5, W: 5}
	for want, change := range map[string]func(p *Params, q *Quantisation, w []int16) []int32{
		"InZero is 256":                 func(_ *Params, q *Quantisation, _ []int16) []int32 { q.InZero = 256; return nil },
		"InZero is -1":                  func(_ *Params, q *Quantisation, _ []int16) []int32 { q.InZero = -1; return nil },
		"OutZero is 0, Lo -1":           func(_ *Params, q *Quantisation, _ []int16) []int32 { q.Lo = -1; return nil },
		"Lo 5 and Hi 4":                 func(_ *Params, q *Quantisation, _ []int16) []int32 { q.Lo, q.Hi = 5, 4; return nil },
		"Out is float64":                func(_ *Params, q *Quantisation, _ []int16) []int32 { q.Out = tensor.Float64; return nil },
		"len(Scale) is 1":               func(_ *Params, q *Quantisation, _ []int16) []int32 { q.Scale = q.Scale[:1]; return nil },
		"Scale[1] is -1":                func(_ *Params, q *Quantisation, _ []int16) []int32 { q.Scale[1] = -1; return nil },
		"output channel 1":              func(_ *Params, q *Quantisation, _ []int16) []int32 { q.Scale[1] = 1e30; return nil },
		"len(Scale) is 2 and Out uint8": func(_ *Params, q *Quantisation, _ []int16) []int32 { q.Multiplier = []int32{1, 1}; return nil },
		"len(Shift) 1, want": func(_ *Params, q *Quantisation, _ []int16) []int32 {
			q.Scale, q.Multiplier, q.Shift = nil, []int32{1, 1}, []int32{0}
			return nil
		},
		"Multiplier[1] is -1": func(_ *Params, q *Quantisation, _ []int16) []int32 {
			q.Scale, q.Multiplier, q.Shift = nil, []int32{1, -1}, []int32{0, 0}
			return nil
		},
		"Shift[0] -32": func(_ *Params, q *Quantisation, _ []int16) []int32 {
			q.Scale, q.Multiplier, q.Shift = nil, []int32{1, 1}, []int32{-32, 0}
			return nil
		},
		"Shift, which is 30": func(_ *Params, q *Quantisation, _ []int16) []int32 {
			q.Scale, q.Multiplier, q.Shift = nil, []int32{1, 1}, []int32{0, 30}
			return nil
		},
		"weights has 256":    func(_ *Params, _ *Quantisation, w []int16) []int32 { w[3] = 256; return nil },
		"len(bias) is 3":     func(*Params, *Quantisation, []int16) []int32 { return make([]int32, 3) },
		"InLayout is NCHW":   func(p *Params, _ *Quantisation, _ []int16) []int32 { p.InLayout = tensor.NCHW; return nil },
		"Residual is true":   func(p *Params, _ *Quantisation, _ []int16) []int32 { p.Residual = true; return nil },
		"Groups is 3":        func(p *Params, _ *Quantisation, _ []int16) []int32 { p.Groups = 3; return nil },
		"len(weights) is 8":  func(p *Params, _ *Quantisation, _ []int16) []int32 { p.In.C = 5; return nil },
		"may be as large as": func(*Params, *Quantisation, []int16) []int32 { return []int32{math.MaxInt32, 0} },
	} {
		p := Params{In: in, OutC: 2, Window: tensor.Window{KernelH: 1, KernelW: 1}, InLayout: tensor.NHWC, OutLayout: tensor.NHWC}
		q := Quantisation{Out: tensor.Uint8, Hi: 255, Scale: []float32{1, 1}}
		w := []int16{1, 2, 3, 4, 5, 6, 7, 8}
		bias := change(&p, &q, w)
		_, err := NewQuantised(p, q, w, bias, new(Packed))
		require.ErrorContains(t, err, want)
	}
	pl, err := NewQuantised(Params{In: in, OutC: 2, Window: tensor.Window{KernelH: 1, KernelW: 1}, InLayout: tensor.NHWC, OutLayout: tensor.NHWC}, Quantisation{Out: tensor.Uint8, Hi: 255, Scale: []float32{1, 1}}, make([]int16, 8), nil, new(Packed))
	require.NoError(t, err)
	ws := NewWorkspace(1, pl)
	require.PanicsWithValue(t, shortDstBytes, func() { pl.RunBytes(ws, make([]byte, 49), make([]byte, 100)) })
	require.PanicsWithValue(t, shortSrc, func() { pl.RunBytes(ws, make([]byte, 50), make([]byte, 99)) })
	require.PanicsWithValue(t, overlap, func() { x := make([]byte, 100); pl.RunBytes(ws, x[50:], x) })
	require.PanicsWithValue(t, noWorkspace, func() { pl.RunBytes(nil, make([]byte, 50), make([]byte, 100)) })
	require.PanicsWithValue(t, noPlan, func() { (*Plan)(nil).RunBytes(ws, make([]byte, 50), make([]byte, 100)) })
}
