package shapes

import (
	"fmt"

	"github.com/simdnn/simdnn/tensor"
)

// Layer is a convolution that occurs Count times in a network. Its name is that of the first one.
type Layer struct {
	Name  string
	Count int
	Conv
}

// Models are the names that Model knows.
var Models = [...]string{"resnet50", "vgg16", "mobilenetv1", "mobilenetv2", "squeezenet11"}

// Model returns the convolutions of a network for images of 224x224, every distinct one once, in order
// of their first occurrence.
//
//	resnet50      He and others, 2015, with the stride in the 3x3 (v1.5, as torchvision has it)
//	vgg16         Simonyan and Zisserman, 2014, configuration D
//	mobilenetv1   Howard and others, 2017, width 1
//	mobilenetv2   Sandler and others, 2018, width 1
//	squeezenet11  Iandola and others, 2016, version 1.1 as torchvision has it
func Model(name string, batch int) ([]Layer, error) {
	m := model{batch: batch, seen: make(map[Conv]int)}
	switch name {
	case "resnet50":
		m.resNet50()
	case "vgg16":
		m.vgg16()
	case "mobilenetv1":
		m.mobileNetV1()
	case "mobilenetv2":
		m.mobileNetV2()
	case "squeezenet11":
		m.squeezeNet11()
	default:
		return nil, fmt.Errorf("shapes: no model %q, there is: %v", name, Models)
	}
	return m.layers, nil
}

type model struct {
	batch  int
	layers []Layer
	seen   map[Conv]int // index in layers
}

// conv adds a layer on c channels of h x h, and returns the side of its output.
func (m *model) conv(name string, c, h, outC, kernel, stride, pad, groups int) int {
	conv := Conv{
		In: tensor.Shape{N: m.batch, C: c, H: h, W: h}, OutC: outC, Groups: groups,
		Window: tensor.Window{
			KernelH: kernel, KernelW: kernel, StrideH: stride, StrideW: stride, DilationH: 1, DilationW: 1,
			PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad,
		},
	}
	i, ok := m.seen[conv]
	if !ok {
		i = len(m.layers)
		m.seen[conv] = i
		m.layers = append(m.layers, Layer{Name: name, Conv: conv})
	}
	m.layers[i].Count++
	return conv.Out().H
}

// pool returns the side of what a pooling makes of h x h.
func pool(h, kernel, stride, pad int, ceil bool) int {
	w := tensor.Window{KernelH: kernel, KernelW: kernel, StrideH: stride, StrideW: stride, PadTop: pad, PadLeft: pad, PadBottom: pad, PadRight: pad, CeilMode: ceil}
	return out(tensor.Shape{N: 1, C: 1, H: h, W: h}, 1, w).H
}

func (m *model) resNet50() {
	h := pool(m.conv("conv1", 3, 224, 64, 7, 2, 3, 1), 3, 2, 1, false)
	c := 64
	for stage, s := range []struct{ width, blocks int }{{64, 3}, {128, 4}, {256, 6}, {512, 3}} {
		for b := range s.blocks {
			name, stride := fmt.Sprintf("res%d%c", stage+2, 'a'+min(b, 1)), 1
			if b == 0 {
				if stage > 0 {
					stride = 2
				}
				m.conv(name+"_proj", c, h, 4*s.width, 1, stride, 0, 1)
			}
			m.conv(name+"_1x1a", c, h, s.width, 1, 1, 0, 1)
			h = m.conv(name+"_3x3", s.width, h, s.width, 3, stride, 1, 1)
			m.conv(name+"_1x1b", s.width, h, 4*s.width, 1, 1, 0, 1)
			c = 4 * s.width
		}
	}
}

func (m *model) vgg16() {
	c, h := 3, 224
	for block, s := range []struct{ width, convs int }{{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}} {
		for i := range s.convs {
			m.conv(fmt.Sprintf("conv%d_%d", block+1, i+1), c, h, s.width, 3, 1, 1, 1)
			c = s.width
		}
		h = pool(h, 2, 2, 0, false)
	}
}

func (m *model) mobileNetV1() {
	h, c := m.conv("conv1", 3, 224, 32, 3, 2, 1, 1), 32
	for i, s := range []struct{ width, stride int }{
		{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2},
		{512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
	} {
		h = m.conv(fmt.Sprintf("dw%d", i+1), c, h, c, 3, s.stride, 1, c)
		m.conv(fmt.Sprintf("pw%d", i+1), c, h, s.width, 1, 1, 0, 1)
		c = s.width
	}
}

func (m *model) mobileNetV2() {
	h, c, block := m.conv("conv1", 3, 224, 32, 3, 2, 1, 1), 32, 0
	for _, s := range []struct{ expand, width, blocks, stride int }{
		{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
	} {
		for b := range s.blocks {
			block++
			name, wide, stride := fmt.Sprintf("b%d", block), c*s.expand, 1
			if b == 0 {
				stride = s.stride
			}
			if s.expand > 1 {
				m.conv(name+"_expand", c, h, wide, 1, 1, 0, 1)
			}
			h = m.conv(name+"_dw", wide, h, wide, 3, stride, 1, wide)
			m.conv(name+"_project", wide, h, s.width, 1, 1, 0, 1)
			c = s.width
		}
	}
	m.conv("conv_last", c, h, 1280, 1, 1, 0, 1)
}

func (m *model) squeezeNet11() {
	h, c := pool(m.conv("conv1", 3, 224, 64, 3, 2, 0, 1), 3, 2, 0, true), 64
	for i, s := range []struct{ squeeze, expand int }{{16, 64}, {16, 64}, {32, 128}, {32, 128}, {48, 192}, {48, 192}, {64, 256}, {64, 256}} {
		if i == 2 || i == 4 {
			h = pool(h, 3, 2, 0, true)
		}
		name := fmt.Sprintf("fire%d", i+2)
		m.conv(name+"_squeeze", c, h, s.squeeze, 1, 1, 0, 1)
		m.conv(name+"_e1", s.squeeze, h, s.expand, 1, 1, 0, 1)
		m.conv(name+"_e3", s.squeeze, h, s.expand, 3, 1, 1, 1)
		c = 2 * s.expand
	}
	m.conv("conv10", c, h, 1000, 1, 1, 0, 1)
}
