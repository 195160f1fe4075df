package layers_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/ref"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

// The interpreter says what a network must answer, from the descriptions of its layers and the references of package ref
// alone: layer by layer, in float64 and NCHW. Nothing of how networks are compiled is in it, so that an error there cannot be
// in both.
//
// With every number goes a bound on what a run in float32 may be off: what the layer makes of its inputs' errors, and its
// own roundings (a running error analysis: Higham, Accuracy and Stability of Numerical Algorithms, chapter 3). A layer that is
// folded into the one before rounds the weights of that one, which weighs no more than the roundings of its sum: errors
// that reach a scale count twice.

// known is a value of a network.
type known struct {
	shape tensor.Shape
	y, e  []float64 // NCHW: the numbers, and how far off each may be
	terms int       // of the longest sum in it: what is added to a sum goes through its roundings
}

// interpreter evaluates layers. relaxed allows convolutions the errors of Winograd's algorithm.
type interpreter struct{ relaxed bool }

const unit = 0x1p-24 // a rounding

// roundings of a sum of n terms, as check.Bound has them.
func roundings(n int) float64 { return unit * min(8*math.Sqrt(float64(n)), float64(n)) }

func input(s tensor.Shape, x []float32) known {
	v := known{s, make([]float64, len(x)), make([]float64, len(x)), 1}
	for i, f := range x {
		v.y[i] = float64(f)
	}
	return v
}

// apply is what layer l makes of its inputs.
func (p interpreter) apply(l layers.Layer, in ...known) known {
	x := in[0]
	switch l := l.(type) {
	case layers.Sequential:
		for _, m := range l {
			x = p.apply(m, x)
		}
		return x
	case layers.Residual:
		shortcut := x
		if l.Shortcut != nil {
			shortcut = p.apply(l.Shortcut, x)
		}
		return p.apply(layers.Add{}, p.apply(l.Body, x), shortcut)
	case layers.Gate:
		return p.apply(layers.Mul{}, x, p.apply(l.Body, x))
	case layers.Parallel:
		var parts []known
		for _, b := range l.Branches {
			parts = append(parts, p.apply(b, x))
		}
		return p.apply(layers.Concat{}, parts...)
	case layers.Conv2D:
		return p.conv(l, x)
	case layers.Linear:
		return interpreter{}.conv(layers.Conv2D{OutC: l.Out, Window: tensor.Square(1, 1, 0), Weights: l.Weights, Bias: l.Bias}, x)
	case layers.MaxPool2D:
		return known{ref.Out(x.shape, x.shape.C, l.Window), ref.MaxPool2D(tensor.NCHW, x.shape, l.Window, x.y),
			ref.MaxPool2D(tensor.NCHW, x.shape, l.Window, x.e), 1}
	case layers.AvgPool2D:
		y, cond, n := ref.AvgPool2D(tensor.NCHW, x.shape, l.Window, l.CountIncludePad, x.y)
		e, _, _ := ref.AvgPool2D(tensor.NCHW, x.shape, l.Window, l.CountIncludePad, x.e)
		for i := range e {
			e[i] += roundings(n+1) * cond[i]
		}
		return known{ref.Out(x.shape, x.shape.C, l.Window), y, e, 1}
	case layers.GlobalMaxPool2D:
		return p.apply(layers.MaxPool2D{Window: tensor.Window{KernelH: x.shape.H, KernelW: x.shape.W}}, x)
	case layers.GlobalAvgPool2D:
		return p.apply(layers.AvgPool2D{Window: tensor.Window{KernelH: x.shape.H, KernelW: x.shape.W}}, x)
	case layers.BatchNorm:
		eps := l.Eps
		if eps == 0 {
			eps = 1e-5
		}
		y, cond := ref.BatchNorm(tensor.NCHW, x.shape, l.Gamma, l.Beta, l.Mean, l.Var, eps, x.y)
		zero := make([]float32, x.shape.C)
		e, _ := ref.BatchNorm(tensor.NCHW, x.shape, l.Gamma, nil, zero, l.Var, eps, x.e)
		for i := range e {
			e[i] = 2*math.Abs(e[i]) + 4*unit*cond[i]
		}
		return known{x.shape, y, e, x.terms}
	case layers.Scale:
		return p.channels(x, func(i, c int) (y, e float64) {
			scale, shift := 1.0, 0.0
			if l.Scale != nil {
				scale = float64(l.Scale[c])
			}
			if l.Shift != nil {
				shift = float64(l.Shift[c])
			}
			return scale*x.y[i] + shift, 2*math.Abs(scale)*x.e[i] + 4*unit*(math.Abs(scale*x.y[i])+math.Abs(shift))
		})
	case layers.Softmax:
		return p.softmax(x)
	case layers.LocalResponseNorm:
		return p.norm(l, x)
	case layers.Flatten:
		if l.Order == tensor.NHWC {
			x.y, x.e = ref.Convert(tensor.NCHW, tensor.NHWC, x.shape, x.y), ref.Convert(tensor.NCHW, tensor.NHWC, x.shape, x.e)
		}
		x.shape = tensor.Shape{N: x.shape.N, C: x.shape.C * x.shape.H * x.shape.W, H: 1, W: 1}
		return x
	case layers.Dropout, layers.Identity:
		return x
	case layers.Add:
		for _, o := range in {
			x.terms = max(x.terms, o.terms)
		}
		x.terms++
		r := roundings(x.terms + len(in))
		return p.channels(x, func(i, _ int) (y, e float64) {
			for _, o := range in {
				y += o.y[i]
				e += o.e[i] + r*math.Abs(o.y[i])
			}
			return y, e
		})
	case layers.Mul:
		pixels := x.shape.H * x.shape.W
		v := p.channels(x, func(i, _ int) (y, e float64) {
			j := i
			if in[1].shape != x.shape {
				j = i / pixels
			}
			a, b, ea, eb := x.y[i], in[1].y[j], x.e[i], in[1].e[j]
			return a * b, math.Abs(a)*eb + math.Abs(b)*ea + ea*eb + unit*math.Abs(a*b)
		})
		v.terms = 1
		return v
	case layers.Concat:
		out := known{shape: x.shape, terms: 1}
		out.shape.C = 0
		for _, o := range in {
			out.shape.C += o.shape.C
			out.terms = max(out.terms, o.terms)
		}
		for n := range x.shape.N {
			for _, o := range in {
				k := len(o.y) / o.shape.N
				out.y, out.e = append(out.y, o.y[n*k:(n+1)*k]...), append(out.e, o.e[n*k:(n+1)*k]...)
			}
		}
		return out
	}
	if y, ok := p.later(l, x); ok {
		return y
	}
	name, a, b, slope := function(l)
	return p.channels(x, func(i, _ int) (y, e float64) {
		y = ref.Unary(name, x.y[i], float64(a), float64(b))
		return y, slope*x.e[i] + 16*unit*math.Abs(y) + 0x1p-100
	})
}

// row is a window over maps of one row.
func row(w layers.Window1D) tensor.Window {
	return tensor.Window{KernelH: 1, KernelW: w.Kernel, StrideW: w.Stride, DilationW: w.Dilation, PadLeft: w.PadLeft, PadRight: w.PadRight}
}

// later is apply for layers that move elements, transposed convolutions and normalisations of what is at hand.
func (p interpreter) later(l layers.Layer, x known) (known, bool) {
	s := x.shape
	at := func(n, c, h, w int) int { return ref.Index(tensor.NCHW, s, n, c, h, w) }
	switch l := l.(type) {
	case layers.Conv1D:
		return p.conv(layers.Conv2D{OutC: l.OutC, Window: row(l.Window), Groups: l.Groups, Weights: l.Weights, Bias: l.Bias}, x), true
	case layers.MaxPool1D:
		return p.apply(layers.MaxPool2D{Window: row(l.Window)}, x), true
	case layers.AvgPool1D:
		return p.apply(layers.AvgPool2D{Window: row(l.Window), CountIncludePad: l.CountIncludePad}, x), true
	case layers.Custom: // mirror
		return x.moved(s, 0, func(n, c, h, w int) int { return at(n, c, h, s.W-1-w) }), true
	case layers.PReLU:
		return p.channels(x, func(i, c int) (y, e float64) {
			f := 1.0
			if x.y[i] < 0 {
				f = float64(l.Slope[min(c, len(l.Slope)-1)])
			}
			return f * x.y[i], max(1, math.Abs(float64(l.Slope[min(c, len(l.Slope)-1)])))*x.e[i] + unit*math.Abs(f*x.y[i])
		}), true
	case layers.PixelShuffle:
		f := l.Factor
		out := tensor.Shape{N: s.N, C: s.C / (f * f), H: s.H * f, W: s.W * f}
		return x.moved(out, 0, func(n, c, h, w int) int { return at(n, c*f*f+h%f*f+w%f, h/f, w/f) }), true
	case layers.Pad:
		out := tensor.Shape{N: s.N, C: s.C, H: s.H + l.Top + l.Bottom, W: s.W + l.Left + l.Right}
		return x.moved(out, l.Value, func(n, c, h, w int) int {
			if h -= l.Top; h < 0 || h >= s.H {
				return -1
			}
			if w -= l.Left; w < 0 || w >= s.W {
				return -1
			}
			return at(n, c, h, w)
		}), true
	case layers.Upsample: // nearest, by whole numbers
		f := int(l.Scale)
		return x.moved(tensor.Shape{N: s.N, C: s.C, H: s.H * f, W: s.W * f}, 0, func(n, c, h, w int) int { return at(n, c, h/f, w/f) }), true
	case layers.Slice: // of channels, rows or columns, with positive ends
		first, size := [4]int{}, [4]int{s.N, s.C, s.H, s.W}
		first[l.Axis], size[l.Axis] = l.Start, (l.End-l.Start+l.Step-1)/l.Step
		step := [4]int{1, 1, 1, 1}
		step[l.Axis] = l.Step
		return x.moved(tensor.Shape{N: s.N, C: size[1], H: size[2], W: size[3]}, 0, func(n, c, h, w int) int {
			return at(n, first[1]+c*step[1], first[2]+h*step[2], first[3]+w*step[3])
		}), true
	case layers.Transpose:
		size := [4]int{s.N, s.C, s.H, s.W}
		out := tensor.Shape{N: size[l.Perm[0]], C: size[l.Perm[1]], H: size[l.Perm[2]], W: size[l.Perm[3]]}
		return x.moved(out, 0, func(n, c, h, w int) int {
			var i [4]int
			for k, v := range [4]int{n, c, h, w} {
				i[l.Perm[k]] = v
			}
			return at(i[0], i[1], i[2], i[3])
		}), true
	case layers.Reshape:
		x.shape = tensor.Shape{N: l.Dims[0], C: l.Dims[1], H: l.Dims[2], W: l.Dims[3]}
		return x, true
	case layers.ConvTranspose2D:
		return p.spread(l, x), true
	case layers.InstanceNorm:
		return p.normalise(x, s.H*s.W, l.Gamma, l.Beta, s.H*s.W), true
	case layers.GroupNorm:
		return p.normalise(x, s.C/l.Groups*s.H*s.W, l.Gamma, l.Beta, s.H*s.W), true
	case layers.LayerNorm: // over columns
		return p.normalise(x, s.W, l.Gamma, l.Beta, 1), true
	}
	return x, false
}

// moved takes every element from where index says, in NCHW, or from nowhere: then it is value.
func (x known) moved(out tensor.Shape, value float32, index func(n, c, h, w int) int) known {
	v := known{out, make([]float64, out.Elems()), make([]float64, out.Elems()), x.terms}
	for i := range v.y {
		w, h, c, n := i%out.W, i/out.W%out.H, i/(out.W*out.H)%out.C, i/(out.W*out.H*out.C)
		if j := index(n, c, h, w); j >= 0 {
			v.y[i], v.e[i] = x.y[j], x.e[j]
		} else {
			v.y[i] = float64(value)
		}
	}
	return v
}

// spread is a transposed convolution without groups or dilation.
func (p interpreter) spread(l layers.ConvTranspose2D, x known) known {
	s, w := x.shape, l.Window.Normal()
	out := tensor.Shape{N: s.N, C: l.OutC, H: w.StrideH*(s.H-1) + w.KernelH - w.PadTop - w.PadBottom, W: w.StrideW*(s.W-1) + w.KernelW - w.PadLeft - w.PadRight}
	v := known{out, make([]float64, out.Elems()), make([]float64, out.Elems()), s.C * w.KernelH * w.KernelW}
	r := roundings(v.terms + 1)
	for i := range v.y {
		if l.Bias != nil {
			b := float64(l.Bias[i/(out.H*out.W)%out.C])
			v.y[i], v.e[i] = b, r*math.Abs(b)
		}
	}
	for j, xj := range x.y {
		wx, hx, c, n := j%s.W, j/s.W%s.H, j/(s.W*s.H)%s.C, j/(s.W*s.H*s.C)
		for k, f := range l.Weights[c*l.OutC*w.KernelH*w.KernelW:][:l.OutC*w.KernelH*w.KernelW] {
			kw, kh, o := k%w.KernelW, k/w.KernelW%w.KernelH, k/(w.KernelW*w.KernelH)
			h, col := hx*w.StrideH+kh-w.PadTop, wx*w.StrideW+kw-w.PadLeft
			if h < 0 || h >= out.H || col < 0 || col >= out.W {
				continue
			}
			i := ref.Index(tensor.NCHW, out, n, o, h, col)
			v.y[i] += float64(f) * xj
			v.e[i] += math.Abs(float64(f))*x.e[j] + r*math.Abs(float64(f)*xj)
		}
	}
	return v
}

// normalise takes from pieces of n elements their mean, and divides by their deviation. Element i has scale and shift number i/each of as many as there are.
func (p interpreter) normalise(x known, n int, gamma, beta []float32, each int) known {
	v := known{x.shape, make([]float64, len(x.y)), make([]float64, len(x.y)), 1}
	for first := 0; first < len(x.y); first += n {
		y, mean, off, most, square := x.y[first:][:n], 0.0, 0.0, 0.0, 0.0
		for i, f := range y {
			mean += f / float64(n)
			off, most = max(off, x.e[first+i]), max(most, math.Abs(f))
		}
		for _, f := range y {
			square += (f - mean) * (f - mean) / float64(n)
		}
		inv := 1 / math.Sqrt(square+1e-5)
		off += 2 * unit * most // the mean is rounded
		for i := first; i < first+n; i++ {
			a, b := 1.0, 0.0
			if gamma != nil {
				a = float64(gamma[i/each%len(gamma)])
			}
			if beta != nil {
				b = float64(beta[i/each%len(beta)])
			}
			unscaled := (x.y[i] - mean) * inv
			v.y[i] = unscaled*a + b
			// An error of all elements changes the mean by as much, and the deviation by no more.
			v.e[i] = 2*math.Abs(a)*inv*off*(2+math.Abs(unscaled)) + 8*unit*(math.Abs(v.y[i])+math.Abs(b)+math.Abs(a*unscaled))
		}
	}
	return v
}

// channels makes a value of x's shape, element i, which is of channel c, at a time.
func (interpreter) channels(x known, f func(i, c int) (y, e float64)) known {
	v := known{x.shape, make([]float64, len(x.y)), make([]float64, len(x.y)), x.terms}
	pixels := x.shape.H * x.shape.W
	for i := range v.y {
		v.y[i], v.e[i] = f(i, i/pixels%x.shape.C)
	}
	return v
}

func (p interpreter) conv(l layers.Conv2D, x known) known {
	abs := make([]float32, len(l.Weights))
	for i, w := range l.Weights {
		abs[i] = float32(math.Abs(float64(w)))
	}
	g := max(l.Groups, 1)
	y, cond, n := ref.Conv2D(tensor.NCHW, x.shape, l.OutC, l.Window, g, x.y, l.Weights, l.Bias)
	e, _, _ := ref.Conv2D(tensor.NCHW, x.shape, l.OutC, l.Window, g, x.e, abs, nil)
	if w := l.Window.Normal(); p.relaxed && w.KernelH == 3 && w.KernelW == 3 && w.StrideH == 1 && w.StrideW == 1 {
		// An output has the roundings of its whole tile, and of transforms that cancel.
		top := 0.0
		for _, c := range cond {
			top = max(top, 100*c)
		}
		for i := range cond {
			cond[i] = top
		}
	}
	for i := range e {
		e[i] += roundings(n) * cond[i]
	}
	return known{ref.Out(x.shape, l.OutC, l.Window), y, e, n}
}

func (interpreter) softmax(x known) known {
	s := x.shape
	rows := ref.Softmax(s.N*s.H*s.W, s.C, ref.Convert(tensor.NCHW, tensor.NHWC, s, x.y))
	v := known{s, ref.Convert(tensor.NHWC, tensor.NCHW, s, rows), make([]float64, len(x.y)), 1}
	for n := range s.N {
		for h := range s.H {
			for w := range s.W {
				off, size := 0.0, 0.0 // of the row
				for c := range s.C {
					i := ref.Index(tensor.NCHW, s, n, c, h, w)
					off, size = max(off, x.e[i]), max(size, math.Abs(x.y[i]))
				}
				for c := range s.C {
					i := ref.Index(tensor.NCHW, s, n, c, h, w)
					v.e[i] = v.y[i]*(math.Expm1(2*off)+4*unit*(size+8)+roundings(s.C)) + 0x1p-100
				}
			}
		}
	}
	return v
}

func (p interpreter) norm(l layers.LocalResponseNorm, x known) known {
	s := x.shape
	v := known{s, ref.LRN(tensor.NCHW, s, l.Size, l.Alpha, l.Beta, l.K, x.y), make([]float64, len(x.y)), 1}
	pixels := s.H * s.W
	return p.channels(v, func(i, c int) (y, e float64) {
		sum, slope := 0.0, 0.0
		for o := max(0, c-(l.Size-1)/2); o <= min(s.C-1, c+l.Size/2); o++ {
			j := i + (o-c)*pixels
			sum += x.y[j] * x.y[j]
			slope += 2 * math.Abs(x.y[j]) * x.e[j]
		}
		share := l.Alpha / float64(l.Size)
		d := l.K + share*sum
		return v.y[i], 2*(x.e[i]+math.Abs(x.y[i])*math.Abs(l.Beta)*math.Abs(share)*slope/d)/math.Pow(d, l.Beta) + 4*unit*math.Abs(v.y[i])
	})
}

// function returns the name that package ref has for an activation, its parameters and its steepest slope.
func function(l layers.Layer) (name string, a, b float32, slope float64) {
	switch l := l.(type) {
	case layers.ReLU:
		return "relu", 0, 0, 1
	case layers.ReLU6:
		return "clamp", 0, 6, 1
	case layers.Clamp:
		return "clamp", l.Lo, l.Hi, 1
	case layers.LeakyReLU:
		return "leaky_relu", l.Slope, 0, max(1, math.Abs(float64(l.Slope)))
	case layers.Sigmoid:
		return "sigmoid", 0, 0, 0.25
	case layers.Tanh:
		return "tanh", 0, 0, 1
	case layers.SiLU:
		return "silu", 0, 0, 1.1
	case layers.HardSigmoid:
		return "hard_sigmoid", l.Alpha, l.Beta, math.Abs(float64(l.Alpha))
	case layers.HardSwish:
		return "hard_swish", 0, 0, 1.5
	case layers.ELU:
		return "elu", l.Alpha, 0, max(1, math.Abs(float64(l.Alpha)))
	case layers.GELU:
		return "gelu", 0, 0, 1.13
	case layers.Activation:
		switch l.Func.Kind {
		case asm.Identity:
			return "identity", 0, 0, 1
		case asm.GELUTanh:
			return "gelu_tanh", 0, 0, 1.13
		}
	}
	panic(fmt.Sprintf("the interpreter does not know %T", l))
}

// TestInterpreter: the interpreter alone, on what can be computed by hand.
func TestInterpreter(t *testing.T) {
	x := input(tensor.Shape{N: 2, C: 2, H: 1, W: 2}, []float32{1, 2, 3, 4, 5, 6, 7, 8})
	p := interpreter{}
	for _, c := range []struct {
		l    layers.Layer
		want []float64
	}{
		{layers.Flatten{Order: tensor.NHWC}, []float64{1, 3, 2, 4, 5, 7, 6, 8}},
		{layers.Parallel{Branches: []layers.Layer{layers.Identity{}, layers.Scale{Shift: []float32{10, 20}}}},
			[]float64{1, 2, 3, 4, 11, 12, 23, 24, 5, 6, 7, 8, 15, 16, 27, 28}},
		{layers.Gate{Body: layers.GlobalMaxPool2D{}}, []float64{2, 4, 12, 16, 30, 36, 56, 64}},
		{layers.Residual{Body: layers.Clamp{Lo: 2, Hi: 6}}, []float64{3, 4, 6, 8, 10, 12, 13, 14}},
		{layers.Sequential{layers.GlobalAvgPool2D{}, layers.Linear{Out: 3, Weights: []float32{1, 0, 0, 1, 2, -2}, Bias: []float32{0, 0, 1}}},
			[]float64{1.5, 3.5, -3, 5.5, 7.5, -3}},
		{layers.BatchNorm{Gamma: []float32{2, 1}, Mean: []float32{1, 0}, Var: []float32{3, 8}, Eps: 1}, []float64{0, 1, 1, 4. / 3, 4, 5, 7. / 3, 8. / 3}},
	} {
		v := p.apply(c.l, x)
		require.Equal(t, len(c.want), v.shape.Elems(), "%T", c.l)
		require.InDeltaSlice(t, c.want, v.y, 1e-15, "%T", c.l)
		for i, e := range v.e {
			require.LessOrEqual(t, e, 64*unit*math.Abs(v.y[i])+16*unit, "%T", c.l)
		}
	}
}

// TestInterpreted holds the network that has everything to the interpreter.
func TestInterpreted(t *testing.T) {
	x := random(1, zooIn.Elems(), 1)
	want := interpreter{}.apply(zoo(), input(zooIn, x))
	for _, isa := range asm.Supported() {
		for _, unfused := range []bool{false, true} {
			got := forward(t, zoo(), zooIn, layers.Options{Exact: true, Kernels: kernels(t, isa), Unfused: unfused}, 1, x)
			require.Empty(t, want.differs(got), "%v, unfused %v", isa, unfused)
		}
	}
	relaxed := interpreter{relaxed: true}.apply(zoo(), input(zooIn, x))
	require.Empty(t, relaxed.differs(forward(t, zoo(), zooIn, layers.Options{}, 1, x)))
}

// differs says where got, in NCHW, is further from the truth than it may be, or "".
func (v known) differs(got []float32) string {
	if len(got) != len(v.y) {
		return fmt.Sprintf("%d elements, want %d", len(got), len(v.y))
	}
	wrong, text := 0, ""
	for i, y := range v.y {
		if !(math.Abs(float64(got[i])-y) <= v.e[i]+0x1p-126) {
			if wrong++; wrong == 1 {
				text = fmt.Sprintf("[%d] of %v is %v, want %v within %.2g", i, v.shape, got[i], y, v.e[i])
			}
		}
	}
	if wrong > 1 {
		text += fmt.Sprintf("; %d of %d are wrong", wrong, len(got))
	}
	return text
}
