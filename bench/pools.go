package main

import (
	"fmt"

	"github.com/simdnn/simdnn/internal/shapes"
)

// poolTable are the poolings that are measured: in the sizes that well-known networks have them.
var poolTable = []struct {
	name, problem string
	full          bool // only with -full, or when asked for
}{
	{"resnet50-pool1", "pool max n1c64h112w112 r3s3 s2 p1", false},
	{"squeezenet11-pool1", "pool max n1c64h111w111 r3s3 s2", false},
	{"vgg16-pool1", "pool max n1c64h224w224 r2s2 s2", false},
	{"vgg16-pool2", "pool max n1c128h112w112 r2s2 s2", true},
	{"vgg16-pool3", "pool max n1c256h56w56 r2s2 s2", false},
	{"vgg16-pool4", "pool max n1c512h28w28 r2s2 s2", true},
	{"vgg16-pool5", "pool max n1c512h14w14 r2s2 s2", false},
	{"googlenet-pool2", "pool max n1c192h56w56 r3s3 s2 ceil", true},
	{"googlenet-3a", "pool max n1c192h28w28 r3s3 p1", false},
	{"googlenet-4a", "pool max n1c480h14w14 r3s3 p1", true},
	{"googlenet-5a", "pool max n1c832h7w7 r3s3 p1", true},
	{"yolov2-pool5", "pool max n1c512h26w26 r2s2 s2", false},
	{"yolov4-spp5", "pool max n1c512h13w13 r5s5 p2", true},
	{"yolov4-spp13", "pool max n1c512h13w13 r13s13 p6", false},
	{"inceptionv3-avg", "pool avg n1c192h35w35 r3s3 p1", false},
	{"densenet-avg", "pool avg n1c256h28w28 r2s2 s2", true},
	{"resnet50-global", "pool avg n1c2048h7w7 r7s7", false},
	{"mobilenetv2-global", "pool avg n1c1280h7w7 r7s7", false},
	{"squeezenet11-global", "pool avg n1c1000h13w13 r13s13", false},
	{"one-channel", "pool max n1c1h112w112 r3s3 s2 p1", false},
	{"three-channels", "pool avg n1c3h112w112 r3s3 p1", true},
	{"few-channels-global", "pool avg n1c3h112w112 r112s112", true},
	{"sound-wide", "pool max n1c1h1w16000 r1s1000", true},
	{"large-windows", "pool avg n1c24h56w56 r13s13 p6", true},
}

// poolCases lists the poolings, and which of them a run without flags does not have.
func poolCases(batch int) (cases []*Case, more map[*Case]bool, err error) {
	more = make(map[*Case]bool)
	for _, q := range poolTable {
		p, err := shapes.ParsePool(q.problem)
		if err != nil {
			return nil, nil, err
		}
		w := p.Window
		c := &Case{
			Net: kindPool, Layer: q.name, Count: 1, N: batch * p.In.N, C: p.In.C, H: p.In.H, W: p.In.W, OutC: p.In.C,
			KH: w.KernelH, KW: w.KernelW, Stride: max(w.StrideH, 1), Pad: w.PadTop, Pool: map[bool]string{false: "max", true: "avg"}[p.Avg], Ceil: w.CeilMode,
		}
		if err := c.check(); err != nil {
			return nil, nil, err
		}
		if got := c.String(); batch == 1 && got != q.problem {
			return nil, nil, fmt.Errorf("%s: a case is %q instead of %q", q.name, got, q.problem)
		}
		more[c] = q.full
		cases = append(cases, c)
	}
	return cases, more, nil
}
