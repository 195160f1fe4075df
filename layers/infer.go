package layers

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/pool"
	"github.com/simdnn/simdnn/tensor"
)

func (l Conv2D) groups() int { return max(l.Groups, 1) }

func (l Conv2D) infer(in []tensor.Shape) (out tensor.Shape, err error) {
	x := in[0]
	switch {
	case l.OutC < 1:
		return out, fmt.Errorf("OutC is %d, want at least 1", l.OutC)
	case l.Groups < 0 || x.C%l.groups() != 0 || l.OutC%l.groups() != 0:
		return out, fmt.Errorf("Groups is %d, want a divisor of the input's %d channels and of OutC = %d", l.Groups, x.C, l.OutC)
	case l.Window.CeilMode:
		return out, fmt.Errorf("Window.CeilMode is true, want false: it is for pooling")
	}
	if out, err = slide(l.Window, x, l.OutC); err != nil {
		return out, err
	}
	want, ok := tensor.MulOK(l.OutC, x.C/l.groups(), l.Window.KernelH, l.Window.KernelW)
	if !ok || len(l.Weights) != want {
		return out, fmt.Errorf("len(Weights) is %d, want OutC*C/Groups*KernelH*KernelW = %d*%d*%d*%d",
			len(l.Weights), l.OutC, x.C/l.groups(), l.Window.KernelH, l.Window.KernelW)
	}
	return out, checkLen("Bias", l.Bias, l.OutC, "OutC")
}

func (l Linear) infer(in []tensor.Shape) (out tensor.Shape, err error) {
	x := in[0]
	if x.H != 1 || x.W != 1 {
		return out, fmt.Errorf("the input is %v, want h1w1: put a Flatten before", x)
	}
	if l.Out < 1 {
		return out, fmt.Errorf("Out is %d, want at least 1", l.Out)
	}
	want, ok := tensor.MulOK(l.Out, x.C)
	if !ok || len(l.Weights) != want {
		return out, fmt.Errorf("len(Weights) is %d, want Out*In = %d*%d", len(l.Weights), l.Out, x.C)
	}
	out = tensor.Shape{N: x.N, C: l.Out, H: 1, W: 1}
	if err := out.Check(); err != nil {
		return out, err
	}
	return out, checkLen("Bias", l.Bias, l.Out, "Out")
}

func (l BatchNorm) infer(in []tensor.Shape) (out tensor.Shape, err error) {
	if l.Mean == nil || l.Var == nil {
		return out, fmt.Errorf("Mean or Var is nil, want C = %d elements", in[0].C)
	}
	if !(l.Eps >= 0 && l.Eps <= math.MaxFloat64) {
		return out, fmt.Errorf("Eps is %v, want a number, at least 0", l.Eps)
	}
	for _, p := range []struct {
		name string
		x    []float32
	}{{"Gamma", l.Gamma}, {"Beta", l.Beta}, {"Mean", l.Mean}, {"Var", l.Var}} {
		if err := checkLen(p.name, p.x, in[0].C, "C"); err != nil {
			return out, err
		}
	}
	for i, v := range l.Var {
		if !(v >= 0) {
			return out, fmt.Errorf("Var[%d] is %v, want at least 0", i, v)
		}
	}
	return in[0], nil
}

func (l Scale) infer(in []tensor.Shape) (out tensor.Shape, err error) {
	if l.Scale == nil && l.Shift == nil {
		return out, fmt.Errorf("Scale and Shift are both nil, want C = %d elements in one of them or both", in[0].C)
	}
	if err := checkLen("Scale", l.Scale, in[0].C, "C"); err != nil {
		return out, err
	}
	return in[0], checkLen("Shift", l.Shift, in[0].C, "C")
}

func (l LocalResponseNorm) infer(in []tensor.Shape) (tensor.Shape, error) {
	if l.Size < 1 {
		return in[0], fmt.Errorf("Size is %d, want at least 1", l.Size)
	}
	for _, p := range []struct {
		name string
		x    float64
	}{{"Alpha", l.Alpha}, {"Beta", l.Beta}, {"K", l.K}} {
		if !(p.x >= 0 && p.x <= math.MaxFloat64) {
			return in[0], fmt.Errorf("%s is %v, want a number, at least 0", p.name, p.x)
		}
	}
	return in[0], nil
}

func (l Flatten) infer(in []tensor.Shape) (tensor.Shape, error) {
	x := in[0]
	if l.Order != tensor.NCHW && l.Order != tensor.NHWC {
		return x, fmt.Errorf("Order is %v, want NCHW or NHWC", l.Order)
	}
	return tensor.Shape{N: x.N, C: x.C * x.H * x.W, H: 1, W: 1}, nil
}

func (l Add) infer(in []tensor.Shape) (tensor.Shape, error) {
	for i, s := range in {
		if s != in[0] {
			return s, fmt.Errorf("input %d is %v, want %v as input 0 is", i, s, in[0])
		}
	}
	return in[0], nil
}

func (l Mul) infer(in []tensor.Shape) (tensor.Shape, error) {
	x, y := in[0], in[1]
	if x != y && y != (tensor.Shape{N: x.N, C: x.C, H: 1, W: 1}) {
		return x, fmt.Errorf("input 1 is %v, want %v as input 0 is, or h1w1", y, x)
	}
	return x, nil
}

func (l Concat) infer(in []tensor.Shape) (tensor.Shape, error) {
	out := in[0]
	for i, s := range in[1:] {
		if s.N != out.N || s.H != out.H || s.W != out.W {
			return out, fmt.Errorf("input %d is %v, want n%d, h%d and w%d as input 0 has", i+1, s, out.N, out.H, out.W)
		}
		out.C += s.C
		if err := out.Check(); err != nil {
			return out, err
		}
	}
	return out, nil
}

// slide is the shape that a window makes of x.
func slide(w tensor.Window, x tensor.Shape, c int) (tensor.Shape, error) {
	h, wd, err := w.Out(x.H, x.W)
	if err != nil {
		return tensor.Shape{}, fmt.Errorf("Window on an input %v: %w", x, err)
	}
	out := tensor.Shape{N: x.N, C: c, H: h, W: wd}
	return out, out.Check()
}

// slidePool has the package pool say what it allows.
func slidePool(w tensor.Window, x tensor.Shape) (tensor.Shape, error) {
	out, err := slide(w, x, x.C)
	if err != nil {
		return out, err
	}
	_, err = pool.New(pool.Params{Kind: pool.Max, In: x, Window: w, Layout: tensor.NHWC})
	return out, err
}

// checkLen allows nil.
func checkLen(name string, x []float32, want int, what string) error {
	if x != nil && len(x) != want {
		return fmt.Errorf("len(%s) is %d, want %s = %d or nil", name, len(x), what, want)
	}
	return nil
}

func (l Conv2D) cost(in []tensor.Shape, out tensor.Shape) costs {
	perOut := int64(in[0].C/l.groups()) * int64(l.Window.KernelH) * int64(l.Window.KernelW)
	return costs{
		params: int64(len(l.Weights) + len(l.Bias)),
		macs:   perOut * features(out),
		dense:  features(in[0])*features(out) + features(out),
	}
}

func (l Linear) cost(in []tensor.Shape, out tensor.Shape) costs {
	return costs{
		params: int64(len(l.Weights) + len(l.Bias)),
		macs:   features(in[0]) * features(out),
		dense:  features(in[0])*features(out) + features(out),
	}
}

func (l BatchNorm) cost([]tensor.Shape, tensor.Shape) costs {
	return costs{params: int64(len(l.Gamma) + len(l.Beta) + len(l.Mean) + len(l.Var))}
}

func (l Scale) cost([]tensor.Shape, tensor.Shape) costs {
	return costs{params: int64(len(l.Scale) + len(l.Shift))}
}

// features is the number of elements of one image.
func features(s tensor.Shape) int64 { return int64(s.C) * int64(s.H) * int64(s.W) }
