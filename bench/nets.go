package main

import (
	"strings"

	"github.com/simdnn/simdnn/internal/nets"
)

// The networks in the order in which they are measured: the quickest way to a picture first. A run without
// flags has the first ones only.
const (
	quickNets = "resnet50 mobilenetv2 mobilenetv1 squeezenet11 vgg16"
	allNets   = quickNets + " googlenet yolov2 unet"
)

// wholeNets are the networks that are measured as a whole, and whether a run without flags has them: the weights of
// some take long to make.
var wholeNets = []struct {
	name  string
	quick bool
}{{"resnet50", true}, {"mobilenetv2", true}, {"mobilenetv1", true}, {"squeezenet11", true}, {"vgg16", false}, {"googlenet", false}}

func wholeNames() string {
	var b []string
	for _, n := range wholeNets {
		b = append(b, n.name)
	}
	return strings.Join(b, " ")
}

// wholeCases lists the whole networks, and which of them a run without flags does not have.
func wholeCases(batch int) (list []*Case, more map[*Case]bool, err error) {
	more = make(map[*Case]bool)
	for _, n := range wholeNets {
		c := &Case{Net: kindNet, Layer: n.name, Count: 1, Model: n.name, N: batch, C: 3, H: nets.Size, W: nets.Size, OutC: 1000}
		if err := c.check(); err != nil {
			return nil, nil, err
		}
		more[c] = !n.quick
		list = append(list, c)
	}
	return list, more, nil
}

func netNames() []string { return strings.Fields(allNets) }

// netCases lists a network's distinct convolutions. Activations are ReLU in all of them, so that every
// library has it fused.
func netCases(name string, batch int) ([]*Case, error) {
	layers, err := nets.Convs(name, batch)
	if err != nil {
		return nil, err
	}
	var cases []*Case
	for _, l := range layers {
		w := l.Window
		c := &Case{
			Net: name, Layer: l.Name, Count: l.Count, N: l.In.N, C: l.In.C, H: l.In.H, W: l.In.W,
			OutC: l.OutC, KH: w.KernelH, KW: w.KernelW, Stride: w.StrideH, Pad: w.PadTop, Groups: max(l.Groups, 1),
		}
		if err := c.check(); err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	return cases, nil
}
