package main

import (
	"fmt"
	"strings"
)

// The networks' convolutions: every shape once, with the number of times it occurs. Activations are
// ReLU in all of them, so that every library has it fused.

type network struct {
	name  string
	batch int
	cases []*Case
	seen  map[Case]*Case
}

// conv adds a layer and returns the side of its map.
func (n *network) conv(layer string, in, side, out, kernel, stride, pad, groups int) int {
	c := Case{
		N: n.batch, C: in, H: side, W: side, OutC: out, KH: kernel, KW: kernel,
		Stride: stride, Pad: pad, Groups: groups,
	}
	if old := n.seen[c]; old != nil {
		old.Count++
	} else {
		nc := c
		nc.Net, nc.Layer, nc.Count = n.name, layer, 1
		n.seen[c] = &nc
		n.cases = append(n.cases, &nc)
	}
	return (side+2*pad-kernel)/stride + 1
}

var networks = []struct {
	name  string
	build func(*network)
}{
	{"resnet50", resNet50},
	{"mobilenetv2", mobileNetV2},
	{"mobilenetv1", mobileNetV1},
	{"squeezenet11", squeezeNet11},
	{"vgg16", vgg16},
}

func netCases(name string, batch int) ([]*Case, error) {
	for _, d := range networks {
		if d.name == name {
			n := &network{name: name, batch: batch, seen: make(map[Case]*Case)}
			d.build(n)
			for _, c := range n.cases {
				if err := c.check(); err != nil {
					return nil, err
				}
			}
			return n.cases, nil
		}
	}
	return nil, fmt.Errorf("unknown network %q, there is: %s", name, netNames())
}

// resNet50 is version 1.5: the stride is in the 3x3 layer.
func resNet50(n *network) {
	side := n.conv("conv1", 3, 224, 64, 7, 2, 3, 1)
	side = (side+2-3)/2 + 1
	in := 64
	for stage, s := range []struct{ width, blocks int }{{64, 3}, {128, 4}, {256, 6}, {512, 3}} {
		for b := range s.blocks {
			name, stride := fmt.Sprintf("res%da", stage+2), 1
			if b > 0 {
				name = fmt.Sprintf("res%db", stage+2)
			} else {
				if stage > 0 {
					stride = 2
				}
				n.conv(name+"_proj", in, side, 4*s.width, 1, stride, 0, 1)
			}
			n.conv(name+"_1x1a", in, side, s.width, 1, 1, 0, 1)
			side = n.conv(name+"_3x3", s.width, side, s.width, 3, stride, 1, 1)
			n.conv(name+"_1x1b", s.width, side, 4*s.width, 1, 1, 0, 1)
			in = 4 * s.width
		}
	}
}

func vgg16(n *network) {
	side, in := 224, 3
	for b, s := range []struct{ width, layers int }{{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}} {
		for i := range s.layers {
			n.conv(fmt.Sprintf("conv%d_%d", b+1, i+1), in, side, s.width, 3, 1, 1, 1)
			in = s.width
		}
		side /= 2
	}
}

func mobileNetV1(n *network) {
	side, in := n.conv("conv1", 3, 224, 32, 3, 2, 1, 1), 32
	for i, s := range []struct{ out, stride int }{
		{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2},
		{512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
	} {
		side = n.conv(fmt.Sprintf("dw%d", i+1), in, side, in, 3, s.stride, 1, in)
		n.conv(fmt.Sprintf("pw%d", i+1), in, side, s.out, 1, 1, 0, 1)
		in = s.out
	}
}

func mobileNetV2(n *network) {
	side, in, block := n.conv("conv1", 3, 224, 32, 3, 2, 1, 1), 32, 0
	for _, s := range []struct{ expand, out, blocks, stride int }{
		{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
	} {
		for i := range s.blocks {
			block++
			wide, stride := in*s.expand, 1
			if i == 0 {
				stride = s.stride
			}
			if s.expand != 1 {
				n.conv(fmt.Sprintf("b%d_expand", block), in, side, wide, 1, 1, 0, 1)
			}
			side = n.conv(fmt.Sprintf("b%d_dw", block), wide, side, wide, 3, stride, 1, wide)
			n.conv(fmt.Sprintf("b%d_project", block), wide, side, s.out, 1, 1, 0, 1)
			in = s.out
		}
	}
	n.conv("conv_last", in, side, 1280, 1, 1, 0, 1)
}

func squeezeNet11(n *network) {
	pool := func(side int) int { return (side-3+1)/2 + 1 } // 3x3, stride 2, ceil mode
	side, in := pool(n.conv("conv1", 3, 224, 64, 3, 2, 0, 1)), 64
	for i, s := range []struct{ squeeze, expand int }{
		{16, 64}, {16, 64}, {32, 128}, {32, 128}, {48, 192}, {48, 192}, {64, 256}, {64, 256},
	} {
		if i == 2 || i == 4 {
			side = pool(side)
		}
		n.conv(fmt.Sprintf("fire%d_squeeze", i+2), in, side, s.squeeze, 1, 1, 0, 1)
		n.conv(fmt.Sprintf("fire%d_e1", i+2), s.squeeze, side, s.expand, 1, 1, 0, 1)
		n.conv(fmt.Sprintf("fire%d_e3", i+2), s.squeeze, side, s.expand, 3, 1, 1, 1)
		in = 2 * s.expand
	}
	n.conv("conv10", 512, side, 1000, 1, 1, 0, 1)
}

func netNames() string {
	var s []string
	for _, d := range networks {
		s = append(s, d.name)
	}
	return strings.Join(s, " ")
}
