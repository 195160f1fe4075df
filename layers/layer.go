package layers

import (
	"cmp"
	"fmt"
	"math"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// Layer is a layer or a block of layers: one of the types of this package. A layer is a description.
// It holds the caller's slices of weights, which Compile copies and which must not change before.
// The field Name, which all have, is what errors, Summary and Trace call the layer; without it a layer is called by its
// kind and a number.
type Layer interface {
	label() (kind, name string)
}

// A layer is one of three things.
type (
	// primitive becomes operators of a graph.
	primitive interface {
		Layer
		add(b *builder, in []*graph.Value) (*graph.Value, error)
	}
	// function becomes an activation.
	function interface {
		Layer
		function() conv.Activation
	}
	// block builds on one value.
	block interface {
		Layer
		build(g *Graph, x Value) Value
	}
)

// checked is a function whose parameters may be wrong.
type checked interface{ check() error }

// joining is a primitive with another number of inputs than one.
type joining interface {
	arity() (least, most int)
}

// costs of a layer for one image.
type costs struct {
	params int64 // stored numbers
	macs   int64 // multiply-adds of its sums of products, those with padding included
	dense  int64 // parameters of a fully connected layer between maps of the same sizes; 0 for layers without weights of that kind
}

// Conv2D convolves with OutC kernels: [N, C, H, W] becomes [N, OutC, H', W'], with H' and W' as Window says.
type Conv2D struct {
	Name    string
	OutC    int
	Window  tensor.Window // CeilMode must be false
	Groups  int           // of channels that are convolved apart: a divisor of C and OutC; 0 means 1
	Weights []float32     // OIHW: [OutC][C/Groups][KernelH][KernelW]
	Bias    []float32     // [OutC], or nil
}

// MaxPool2D keeps the largest element of every window; padding never wins.
type MaxPool2D struct {
	Name   string
	Window tensor.Window
}

// AvgPool2D averages over every window.
type AvgPool2D struct {
	Name            string
	Window          tensor.Window
	CountIncludePad bool // divide by the window's size in its padding too
}

// GlobalAvgPool2D averages every channel: [N, C, H, W] becomes [N, C, 1, 1].
type GlobalAvgPool2D struct{ Name string }

// GlobalMaxPool2D keeps the largest element of every channel: [N, C, H, W] becomes [N, C, 1, 1].
type GlobalMaxPool2D struct{ Name string }

// Linear is a fully connected layer, y = W x + b, on features without rows and columns (after Flatten
// or global pooling): [N, In, 1, 1] becomes [N, Out, 1, 1].
type Linear struct {
	Name    string
	Out     int
	Weights []float32 // [Out][In]
	Bias    []float32 // [Out], or nil
}

// BatchNorm normalises every channel with fixed statistics,
//
//	y = Gamma (x - Mean) / sqrt(Var + Eps) + Beta
//
// (Ioffe and Szegedy, arXiv:1502.03167). After a convolution or a fully connected layer it costs nothing: Compile
// folds it into the weights.
type BatchNorm struct {
	Name                   string
	Gamma, Beta, Mean, Var []float32 // [C]; nil Gamma means 1, nil Beta means 0; Var is not negative
	Eps                    float64   // 0 means 1e-5
}

// Scale scales and shifts every channel, y = Scale x + Shift. It is folded as BatchNorm is.
type Scale struct {
	Name         string
	Scale, Shift []float32 // [C]; nil Scale means 1, nil Shift means 0
}

// Activation applies a function element by element. ReLU and the other types named after functions
// are the usual ones.
type Activation struct {
	Name string
	Func conv.Activation // conv.GELUTanh, for instance; the zero value does nothing
}

type (
	// ReLU is max(x, 0).
	ReLU struct{ Name string }
	// ReLU6 is min(max(x, 0), 6).
	ReLU6 struct{ Name string }
	// Clamp is min(max(x, Lo), Hi). Lo is at most Hi, and they are not both 0; -Inf and +Inf are no bounds.
	Clamp struct {
		Name   string
		Lo, Hi float32
	}
	// LeakyReLU is x where x >= 0, else Slope x.
	LeakyReLU struct {
		Name  string
		Slope float32 // 0 means 0.01
	}
	// Sigmoid is 1 / (1 + exp(-x)).
	Sigmoid struct{ Name string }
	// Tanh is the hyperbolic tangent.
	Tanh struct{ Name string }
	// SiLU is x / (1 + exp(-x)), also called swish.
	SiLU struct{ Name string }
	// HardSigmoid is min(max(Alpha x + Beta, 0), 1). There is no default, because there are two: 1/6 and 1/2 in PyTorch and MobileNet
	// v3, 0.2 and 0.5 in ONNX. Alpha must not be 0.
	HardSigmoid struct {
		Name        string
		Alpha, Beta float32
	}
	// HardSwish is x min(max(x + 3, 0), 6) / 6.
	HardSwish struct{ Name string }
	// ELU is x where x > 0, else Alpha (exp(x) - 1).
	ELU struct {
		Name  string
		Alpha float32 // 0 means 1
	}
	// GELU is x (1 + erf(x/sqrt 2)) / 2.
	GELU struct{ Name string }
)

// Softmax turns the C features of every pixel (or of every image, after Flatten) into probabilities.
type Softmax struct{ Name string }

// LocalResponseNorm divides by the activity of neighbouring channels (Krizhevsky, Sutskever and Hinton
// 2012, as ONNX has it):
//
//	y[c] = x[c] / (K + Alpha/Size * sum of x[i]² for i in c-(Size-1)/2 .. c+Size/2)^Beta
type LocalResponseNorm struct {
	Name           string
	Size           int     // at least 1
	Alpha, Beta, K float64 // not negative; 0 means 1e-4, 0.75 and 1
}

// withDefaults replaces zeros.
func (l LocalResponseNorm) withDefaults() LocalResponseNorm {
	l.Alpha, l.Beta, l.K = cmp.Or(l.Alpha, 1e-4), cmp.Or(l.Beta, 0.75), cmp.Or(l.K, 1)
	return l
}

// Flatten turns the C maps of H rows and W columns into C*H*W features, [N, C*H*W, 1, 1]. Nothing is
// moved: the weights of the layer that follows are permuted instead.
type Flatten struct {
	Name  string
	Order tensor.Layout // of the features: NCHW (the zero value) as in PyTorch and ONNX, NHWC as in TensorFlow
}

// Dropout does nothing: it is for training.
type Dropout struct{ Name string }

// Identity does nothing.
type Identity struct{ Name string }

// Add sums inputs of equal shapes.
type Add struct{ Name string }

// Mul multiplies two inputs of equal shapes, or scales every channel of the first, [N, C, H, W], by the
// second, [N, C, 1, 1] (squeeze-and-excitation).
type Mul struct{ Name string }

// Concat joins the channels of its inputs, which have the same N, H and W.
type Concat struct{ Name string }

// Sequential is layers one after another.
type Sequential []Layer

// Residual adds what two ways make of one input: Body(x) + Shortcut(x). A nil Shortcut is x itself.
type Residual struct {
	Name           string // of the addition
	Body, Shortcut Layer
}

// Gate multiplies its input by what Body makes of it: x * Body(x), as Mul does. With a Body of global pooling, two
// small fully connected layers and a sigmoid it is squeeze-and-excitation (Hu, Shen and Sun,
// arXiv:1709.01507).
type Gate struct {
	Name string // of the multiplication
	Body Layer
}

// Parallel joins the channels of what several ways make of one input.
type Parallel struct {
	Name     string // of the concatenation
	Branches []Layer
}

func (l Sequential) build(g *Graph, x Value) Value {
	for _, m := range l {
		x = g.Apply(m, x)
	}
	return x
}

func (l Residual) build(g *Graph, x Value) Value {
	body, shortcut := g.Apply(l.Body, x), x
	if l.Shortcut != nil {
		shortcut = g.Apply(l.Shortcut, x)
	}
	return g.Apply(Add{l.Name}, body, shortcut)
}

func (l Gate) build(g *Graph, x Value) Value {
	return g.Apply(Mul{l.Name}, x, g.Apply(l.Body, x))
}

func (l Parallel) build(g *Graph, x Value) Value {
	var out []Value
	for _, b := range l.Branches {
		out = append(out, g.Apply(b, x))
	}
	return g.Apply(Concat{l.Name}, out...)
}

func (l Sequential) label() (kind, name string)        { return "sequential", "" }
func (l Residual) label() (kind, name string)          { return "residual", l.Name }
func (l Gate) label() (kind, name string)              { return "gate", l.Name }
func (l Parallel) label() (kind, name string)          { return "parallel", l.Name }
func (l Conv2D) label() (kind, name string)            { return "conv2d", l.Name }
func (l MaxPool2D) label() (kind, name string)         { return "maxpool2d", l.Name }
func (l AvgPool2D) label() (kind, name string)         { return "avgpool2d", l.Name }
func (l GlobalAvgPool2D) label() (kind, name string)   { return "globalavgpool2d", l.Name }
func (l GlobalMaxPool2D) label() (kind, name string)   { return "globalmaxpool2d", l.Name }
func (l Linear) label() (kind, name string)            { return "linear", l.Name }
func (l BatchNorm) label() (kind, name string)         { return "batchnorm", l.Name }
func (l Scale) label() (kind, name string)             { return "scale", l.Name }
func (l Softmax) label() (kind, name string)           { return "softmax", l.Name }
func (l LocalResponseNorm) label() (kind, name string) { return "lrn", l.Name }
func (l Flatten) label() (kind, name string)           { return "flatten", l.Name }
func (l Dropout) label() (kind, name string)           { return "dropout", l.Name }
func (l Identity) label() (kind, name string)          { return "identity", l.Name }
func (l Add) label() (kind, name string)               { return "add", l.Name }
func (l Mul) label() (kind, name string)               { return "mul", l.Name }
func (l Concat) label() (kind, name string)            { return "concat", l.Name }
func (l ReLU) label() (kind, name string)              { return "relu", l.Name }
func (l ReLU6) label() (kind, name string)             { return "relu6", l.Name }
func (l Clamp) label() (kind, name string)             { return "clamp", l.Name }
func (l LeakyReLU) label() (kind, name string)         { return "leakyrelu", l.Name }
func (l Sigmoid) label() (kind, name string)           { return "sigmoid", l.Name }
func (l Tanh) label() (kind, name string)              { return "tanh", l.Name }
func (l SiLU) label() (kind, name string)              { return "silu", l.Name }
func (l HardSigmoid) label() (kind, name string)       { return "hardsigmoid", l.Name }
func (l HardSwish) label() (kind, name string)         { return "hardswish", l.Name }
func (l ELU) label() (kind, name string)               { return "elu", l.Name }
func (l GELU) label() (kind, name string)              { return "gelu", l.Name }
func (l Activation) label() (kind, name string)        { return l.Func.Kind.String(), l.Name }

func (l ReLU) function() conv.Activation  { return conv.ReLU }
func (l ReLU6) function() conv.Activation { return conv.ReLU6 }
func (l Clamp) function() conv.Activation { return conv.Clamp(l.Lo, l.Hi) }
func (l LeakyReLU) function() conv.Activation {
	return conv.LeakyReLU(cmp.Or(l.Slope, 0.01))
}
func (l Sigmoid) function() conv.Activation { return conv.Sigmoid }
func (l Tanh) function() conv.Activation    { return conv.Tanh }
func (l SiLU) function() conv.Activation    { return conv.SiLU }
func (l HardSigmoid) function() conv.Activation {
	return conv.HardSigmoid(l.Alpha, l.Beta)
}
func (l HardSwish) function() conv.Activation  { return conv.HardSwish }
func (l ELU) function() conv.Activation        { return conv.ELU(cmp.Or(l.Alpha, 1)) }
func (l GELU) function() conv.Activation       { return conv.GELU }
func (l Activation) function() conv.Activation { return l.Func }

func (l Clamp) check() error {
	if !(l.Lo <= l.Hi) || l.Lo == 0 && l.Hi == 0 {
		return fmt.Errorf("Lo is %v and Hi %v, want Lo at most Hi and not both 0", l.Lo, l.Hi)
	}
	return nil
}

func (l LeakyReLU) check() error { return checkNumber("Slope", l.Slope) }

func (l ELU) check() error { return checkNumber("Alpha", l.Alpha) }

func (l HardSigmoid) check() error {
	if l.Alpha == 0 {
		return fmt.Errorf("Alpha is 0, want the slope: 1/6 as in PyTorch or 0.2 as in ONNX, with a Beta of 0.5")
	}
	if err := checkNumber("Alpha", l.Alpha); err != nil {
		return err
	}
	return checkNumber("Beta", l.Beta)
}

func checkNumber(name string, x float32) error {
	if x != x {
		return fmt.Errorf("%s is NaN, want a number", name)
	}
	return nil
}

func (l Add) arity() (least, most int)    { return 2, math.MaxInt }
func (l Mul) arity() (least, most int)    { return 2, 2 }
func (l Concat) arity() (least, most int) { return 1, math.MaxInt }
