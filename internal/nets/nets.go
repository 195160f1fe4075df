// Package nets describes well-known networks as lists of ONNX operators with generated weights: one description
// that becomes an ONNX file (internal/onnxfile) for this and other runtimes, or the list of a network's convolutions. Only tests, benchmarks and examples use it.
package nets

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// Names are the names that Model knows.
//
//	resnet50      He and others, 2015, with the stride in the 3x3 (v1.5, as torchvision has it)
//	vgg16         Simonyan and Zisserman, 2014, configuration D
//	mobilenetv1   Howard and others, 2017, width 1
//	mobilenetv2   Sandler and others, 2018, width 1
//	squeezenet11  Iandola and others, 2016, version 1.1 as torchvision has it
//	googlenet     Szegedy and others, 2014, without the auxiliary classifiers and without normalisation of responses
var Names = [...]string{"resnet50", "vgg16", "mobilenetv1", "mobilenetv2", "squeezenet11", "googlenet"}

// Size is the side of the images that the networks were published for.
const Size = 224

// Model returns a network for a batch of images of size x size, at least 32, with one generated sample that has no
// answers. Its operators are Conv, Relu, Clip, Add, Concat, MaxPool, GlobalAveragePool, Flatten and Gemm of
// operator set 13. Batch normalisation is part of the weights, as in any network exported to be run. Weights are uniform, with a variance
// that keeps that of the features, so that no layer over- or underflows.
func Model(name string, batch, size int) (*cases.Model, error) {
	b, err := build(name, batch, size)
	if err != nil {
		return nil, err
	}
	return b.m, nil
}

// Conv is a convolution that occurs Count times in a network. Its name is that of the first one.
type Conv struct {
	Name  string
	Count int
	shapes.Conv
}

// Convs returns the convolutions of a network for images of 224x224, every distinct one once, in order of their first
// occurrence. Beside those of Names it knows the ones of ConvNames.
func Convs(name string, batch int) ([]Conv, error) {
	if layers := convLists[name]; layers != nil && batch >= 1 {
		b := newBuilder(name)
		layers(b, batch)
		return b.convs, nil
	}
	b, err := build(name, batch, Size)
	if err != nil {
		return nil, err
	}
	return b.convs, nil
}

func build(name string, batch, size int) (*builder, error) {
	networks := map[string]func(*builder){
		"resnet50": (*builder).resNet50, "vgg16": (*builder).vgg16, "squeezenet11": (*builder).squeezeNet11,
		"mobilenetv1": (*builder).mobileNetV1, "mobilenetv2": (*builder).mobileNetV2, "googlenet": (*builder).googLeNet,
	}
	network := networks[name]
	if network == nil {
		return nil, fmt.Errorf("nets: no network %q, there is: %v", name, Names)
	}
	if batch < 1 || size < 32 {
		return nil, fmt.Errorf("nets: batch is %d and size %d, want at least 1 and 32", batch, size)
	}
	b := newBuilder(name)
	b.m.Input, b.m.InShape = "image", []int{batch, 3, size, size}
	b.x = value{"image", tensor.Shape{N: batch, C: 3, H: size, W: size}}
	network(b)
	b.m.Outputs = []string{b.x.name}
	image := &cases.Tensor{Name: "image", DType: "float32", Shape: b.m.InShape, Gen: &cases.Gen{Seed: name + "/image", Lo: -1.5, Hi: 1.5}}
	b.m.Samples = []cases.Sample{{Label: "generated", Input: image.Float32s()}}
	return b, nil
}

type value struct {
	name  string
	shape tensor.Shape
}

// builder appends operators. Those that take one input take x, and what they compute becomes x.
type builder struct {
	m     *cases.Model
	x     value
	convs []Conv
	seen  map[shapes.Conv]int // index in convs
}

func newBuilder(name string) *builder {
	return &builder{
		m:    &cases.Model{Name: name, Opset: 13, Constants: make(map[string]*cases.Tensor)},
		seen: make(map[shapes.Conv]int),
	}
}

// node appends an operator that writes a value of shape s.
func (b *builder) node(op, name string, s tensor.Shape, attrs map[string]any, inputs ...string) {
	n := cases.Node{Op: op, Inputs: append([]string{b.x.name}, inputs...), Outputs: []string{name}}
	if attrs != nil {
		n.Attrs = make(map[string]json.RawMessage)
	}
	for k, v := range attrs {
		n.Attrs[k], _ = json.Marshal(v) // integers and lists of them
	}
	b.m.Nodes = append(b.m.Nodes, n)
	b.x = value{name, s}
}

// constant adds an array of numbers from lo to hi.
func (b *builder) constant(name string, lo, hi float64, shape ...int) string {
	t := &cases.Tensor{Name: name, DType: "float32", Shape: shape, Gen: &cases.Gen{Seed: b.m.Name + "/" + name, Lo: lo, Hi: hi}}
	b.m.Constants[name] = t
	return name
}

// weights adds weights and a bias. The outputs' mean square is gain times that of the inputs.
func (b *builder) weights(name string, gain float64, shape ...int) []string {
	inputs := 1
	for _, n := range shape[1:] {
		inputs *= n
	}
	b.m.Params += shape[0] * (inputs + 1)
	most := math.Sqrt(3 * gain / float64(inputs))
	return []string{b.constant(name+".weight", -most, most, shape...), b.constant(name+".bias", -0.1, 0.1, shape[0])}
}

// The gains that keep the variance: half of it is lost in a ReLU.
const beforeReLU, linear = 2, 1

// conv appends a square convolution.
func (b *builder) conv(name string, gain float64, outC, kernel, stride, pad, groups int) {
	c := shapes.Conv{
		In: b.x.shape, OutC: outC, Groups: groups,
		Window: tensor.Window{
			KernelH: kernel, KernelW: kernel, StrideH: stride, StrideW: stride, DilationH: 1, DilationW: 1,
			PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad,
		},
	}
	i, ok := b.seen[c]
	if !ok {
		i = len(b.convs)
		b.seen[c] = i
		b.convs = append(b.convs, Conv{Name: name, Conv: c})
	}
	b.convs[i].Count++
	b.m.MACs += int(c.MACs())
	w := b.weights(name, gain, outC, b.x.shape.C/groups, kernel, kernel)
	b.node("Conv", name, c.Out(), map[string]any{
		"kernel_shape": []int{kernel, kernel}, "strides": []int{stride, stride}, "dilations": []int{1, 1},
		"pads": []int{pad, pad, pad, pad}, "group": groups,
	}, w...)
}

func (b *builder) relu() { b.node("Relu", b.x.name+".relu", b.x.shape, nil) }

func (b *builder) relu6() {
	if b.m.Constants["six"] == nil {
		b.constant("zero", 0, 0)
		b.constant("six", 6, 6)
	}
	b.node("Clip", b.x.name+".relu6", b.x.shape, nil, "zero", "six")
}

func (b *builder) convReLU(name string, outC, kernel, stride, pad, groups int) {
	b.conv(name, beforeReLU, outC, kernel, stride, pad, groups)
	b.relu()
}

func (b *builder) convReLU6(name string, outC, kernel, stride, pad, groups int) {
	b.conv(name, beforeReLU, outC, kernel, stride, pad, groups)
	b.relu6()
}

func (b *builder) maxPool(name string, kernel, stride, pad int, ceil bool) {
	p := shapes.Pool{In: b.x.shape, Window: tensor.Window{
		KernelH: kernel, KernelW: kernel, StrideH: stride, StrideW: stride, CeilMode: ceil,
		PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad,
	}}
	ceilMode := 0
	if ceil {
		ceilMode = 1
	}
	b.node("MaxPool", name, p.Out(), map[string]any{
		"kernel_shape": []int{kernel, kernel}, "strides": []int{stride, stride}, "pads": []int{pad, pad, pad, pad}, "ceil_mode": ceilMode,
	})
}

func (b *builder) globalAvgPool() {
	s := b.x.shape
	b.node("GlobalAveragePool", "pool", tensor.Shape{N: s.N, C: s.C, H: 1, W: 1}, nil)
	b.flatten()
}

func (b *builder) flatten() {
	s := b.x.shape
	b.node("Flatten", "flatten", tensor.Shape{N: s.N, C: s.C * s.H * s.W, H: 1, W: 1}, map[string]any{"axis": 1})
}

func (b *builder) fc(name string, gain float64, out int) {
	s := b.x.shape
	b.m.MACs += s.N * s.C * out
	w := b.weights(name, gain, out, s.C)
	b.node("Gemm", name, tensor.Shape{N: s.N, C: out, H: 1, W: 1}, map[string]any{"transB": 1}, w...)
}

func (b *builder) resNet50() {
	b.convReLU("conv1", 64, 7, 2, 3, 1)
	b.maxPool("pool1", 3, 2, 1, false)
	for stage, s := range []struct{ width, blocks int }{{64, 3}, {128, 4}, {256, 6}, {512, 3}} {
		for i := range s.blocks {
			name, stride := fmt.Sprintf("res%d%c", stage+2, 'a'+i), 1
			x := b.x
			shortcut := x
			if i == 0 {
				if stage > 0 {
					stride = 2
				}
				b.conv(name+"_proj", linear, 4*s.width, 1, stride, 0, 1)
				shortcut, b.x = b.x, x
			}
			b.convReLU(name+"_1x1a", s.width, 1, 1, 0, 1)
			b.convReLU(name+"_3x3", s.width, 3, stride, 1, 1)
			b.conv(name+"_1x1b", linear/2.0, 4*s.width, 1, 1, 0, 1)
			b.node("Add", name, b.x.shape, nil, shortcut.name)
			b.relu()
		}
	}
	b.globalAvgPool()
	b.fc("fc", linear, 1000)
}

func (b *builder) vgg16() {
	for block, s := range []struct{ width, convs int }{{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}} {
		for i := range s.convs {
			b.convReLU(fmt.Sprintf("conv%d_%d", block+1, i+1), s.width, 3, 1, 1, 1)
		}
		b.maxPool(fmt.Sprintf("pool%d", block+1), 2, 2, 0, false)
	}
	b.flatten()
	b.fc("fc6", beforeReLU, 4096)
	b.relu()
	b.fc("fc7", beforeReLU, 4096)
	b.relu()
	b.fc("fc8", linear, 1000)
}

func (b *builder) mobileNetV1() {
	b.convReLU("conv1", 32, 3, 2, 1, 1)
	for i, s := range []struct{ width, stride int }{
		{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2},
		{512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
	} {
		b.convReLU(fmt.Sprintf("dw%d", i+1), b.x.shape.C, 3, s.stride, 1, b.x.shape.C)
		b.convReLU(fmt.Sprintf("pw%d", i+1), s.width, 1, 1, 0, 1)
	}
	b.globalAvgPool()
	b.fc("fc", linear, 1000)
}

func (b *builder) mobileNetV2() {
	b.convReLU6("conv1", 32, 3, 2, 1, 1)
	block := 0
	for _, s := range []struct{ expand, width, blocks, stride int }{
		{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
	} {
		for i := range s.blocks {
			block++
			name, x, stride := fmt.Sprintf("b%d", block), b.x, 1
			wide := x.shape.C * s.expand
			if i == 0 {
				stride = s.stride
			}
			if s.expand > 1 {
				b.convReLU6(name+"_expand", wide, 1, 1, 0, 1)
			}
			b.convReLU6(name+"_dw", wide, 3, stride, 1, wide)
			b.conv(name+"_project", linear, s.width, 1, 1, 0, 1)
			if b.x.shape == x.shape {
				b.node("Add", name, x.shape, nil, x.name)
			}
		}
	}
	b.convReLU6("conv_last", 1280, 1, 1, 0, 1)
	b.globalAvgPool()
	b.fc("fc", linear, 1000)
}

func (b *builder) squeezeNet11() {
	b.convReLU("conv1", 64, 3, 2, 0, 1)
	b.maxPool("pool1", 3, 2, 0, true)
	for i, s := range []struct{ squeeze, expand int }{{16, 64}, {16, 64}, {32, 128}, {32, 128}, {48, 192}, {48, 192}, {64, 256}, {64, 256}} {
		if i == 2 || i == 4 {
			b.maxPool(fmt.Sprintf("pool%d", i/2+2), 3, 2, 0, true)
		}
		name := fmt.Sprintf("fire%d", i+2)
		b.convReLU(name+"_squeeze", s.squeeze, 1, 1, 0, 1)
		squeezed := b.x
		b.convReLU(name+"_e1", s.expand, 1, 1, 0, 1)
		e1 := b.x
		b.x = squeezed
		b.convReLU(name+"_e3", s.expand, 3, 1, 1, 1)
		e3, both := b.x, b.x.shape
		both.C *= 2
		b.x = e1
		b.node("Concat", name, both, map[string]any{"axis": 1}, e3.name)
	}
	b.convReLU("conv10", 1000, 1, 1, 0, 1)
	b.globalAvgPool()
}

func (b *builder) googLeNet() {
	b.convReLU("conv1", 64, 7, 2, 3, 1)
	b.maxPool("pool1", 3, 2, 0, true)
	b.convReLU("conv2_reduce", 64, 1, 1, 0, 1)
	b.convReLU("conv2", 192, 3, 1, 1, 1)
	for _, s := range []struct {
		name                                        string
		one, reduce3, three, reduce5, five, project int
	}{
		{"3a", 64, 96, 128, 16, 32, 32}, {"3b", 128, 128, 192, 32, 96, 64},
		{"4a", 192, 96, 208, 16, 48, 64}, {"4b", 160, 112, 224, 24, 64, 64}, {"4c", 128, 128, 256, 24, 64, 64},
		{"4d", 112, 144, 288, 32, 64, 64}, {"4e", 256, 160, 320, 32, 128, 128},
		{"5a", 256, 160, 320, 32, 128, 128}, {"5b", 384, 192, 384, 48, 128, 128},
	} {
		if s.name[1] == 'a' {
			kernel := 3
			if s.name == "5a" {
				kernel = 2 // torchvision's; the paper has 3, which small images cannot have
			}
			b.maxPool("pool"+s.name[:1], kernel, 2, 0, true)
		}
		x, both := b.x, b.x.shape
		b.convReLU(s.name+"_1x1", s.one, 1, 1, 0, 1)
		one := b.x
		b.x = x
		b.convReLU(s.name+"_3x3_reduce", s.reduce3, 1, 1, 0, 1)
		b.convReLU(s.name+"_3x3", s.three, 3, 1, 1, 1)
		three := b.x
		b.x = x
		b.convReLU(s.name+"_5x5_reduce", s.reduce5, 1, 1, 0, 1)
		b.convReLU(s.name+"_5x5", s.five, 5, 1, 2, 1)
		five := b.x
		b.x = x
		b.maxPool(s.name+"_pool", 3, 1, 1, false)
		b.convReLU(s.name+"_project", s.project, 1, 1, 0, 1)
		project := b.x
		both.C = s.one + s.three + s.five + s.project
		b.x = one
		b.node("Concat", s.name, both, map[string]any{"axis": 1}, three.name, five.name, project.name)
	}
	b.globalAvgPool()
	b.fc("fc", linear, 1000)
}
