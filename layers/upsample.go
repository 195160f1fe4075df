package layers

import (
	"fmt"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// ConvTranspose2D spreads every pixel over the reach of a kernel: [N, C, H, W] becomes [N, OutC, H', W'] with
//
//	H' = StrideH (H - 1) + (KernelH - 1) DilationH + 1 - PadTop - PadBottom + OutputPadH
//
// and W' alike. It is the gradient of a convolution for its input.
type ConvTranspose2D struct {
	Name                   string
	OutC                   int
	Window                 tensor.Window // CeilMode must be false
	OutputPadH, OutputPadW int           // rows and columns more at the end
	Groups                 int           // of channels that are convolved apart: a divisor of C and OutC; 0 means 1
	Weights                []float32     // [C][OutC/Groups][KernelH][KernelW]
	Bias                   []float32     // [OutC], or nil
}

// Upsample stretches maps to H rows and W columns, or by Scale, as PyTorch's Upsample and interpolate do.
type Upsample struct {
	Name         string
	H, W         int              // of the output; 0: by Scale
	Scale        float64          // the factor for rows and columns; 0: to H and W
	Mode         graph.ResizeMode // Nearest, Linear (bilinear) or Cubic (bicubic)
	AlignCorners bool             // the corners' pixels meet, in place of the corners; not for Nearest
}

// PixelShuffle makes blocks of Factor x Factor pixels of channels: [N, C Factor², H, W] becomes [N, C, Factor H, Factor W] (Shi and others,
// arXiv:1609.05158).
type PixelShuffle struct {
	Name   string
	Factor int
}

// Pad adds rows and columns at the borders; negative numbers take some away.
type Pad struct {
	Name                     string
	Top, Left, Bottom, Right int
	Mode                     graph.PadMode // PadConstant is the zero value
	Value                    float32       // for PadConstant
}

func (l ConvTranspose2D) label() (kind, name string) { return "convtranspose2d", l.Name }
func (l Upsample) label() (kind, name string)        { return "upsample", l.Name }
func (l PixelShuffle) label() (kind, name string)    { return "pixelshuffle", l.Name }
func (l Pad) label() (kind, name string)             { return "pad", l.Name }

func (l ConvTranspose2D) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	x, groups := b.maps(in[0]), max(l.Groups, 1)
	if b.err != nil {
		return nil, b.err
	}
	s := shapeOf(x.Type().Dims)
	switch {
	case l.OutC < 1:
		return nil, fmt.Errorf("OutC is %d, want at least 1", l.OutC)
	case l.Groups < 0 || s.C%groups != 0 || l.OutC%groups != 0:
		return nil, fmt.Errorf("Groups is %d, want a divisor of the input's %d channels and of OutC = %d", l.Groups, s.C, l.OutC)
	case l.Window.CeilMode:
		return nil, fmt.Errorf("Window.CeilMode is true, want false: it is for pooling")
	case l.OutputPadH < 0 || l.OutputPadW < 0:
		return nil, fmt.Errorf("OutputPadH and OutputPadW are %d and %d, want at least 0", l.OutputPadH, l.OutputPadW)
	}
	if err := l.Window.Check(); err != nil {
		return nil, fmt.Errorf("Window: %w", err)
	}
	want, ok := tensor.MulOK(s.C, l.OutC/groups, l.Window.KernelH, l.Window.KernelW)
	if !ok || len(l.Weights) != want {
		return nil, fmt.Errorf("len(Weights) is %d, want C*OutC/Groups*KernelH*KernelW = %d*%d*%d*%d",
			len(l.Weights), s.C, l.OutC/groups, l.Window.KernelH, l.Window.KernelW)
	}
	if err := checkLen("Bias", l.Bias, l.OutC, "OutC"); err != nil {
		return nil, err
	}
	args := []*graph.Value{x, b.floats(l.Weights, s.C, l.OutC/groups, l.Window.KernelH, l.Window.KernelW)}
	if l.Bias != nil {
		args = append(args, b.floats(l.Bias, l.OutC))
	}
	y := b.op(graph.ConvTranspose{Window: window(l.Window), Group: groups, OutputPadding: tensor.D(l.OutputPadH, l.OutputPadW)}, args...)
	if b.err != nil {
		return nil, b.err
	}
	out := shapeOf(y.Type().Dims)
	b.costs = costs{
		params: int64(len(l.Weights) + len(l.Bias)),
		macs:   features(s) * int64(l.OutC/groups) * int64(l.Window.KernelH) * int64(l.Window.KernelW),
		dense:  features(s)*features(out) + features(out),
	}
	return y, nil
}

func (l Upsample) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	x := b.maps(in[0])
	if b.err != nil {
		return nil, b.err
	}
	r := graph.Resize{Mode: l.Mode, Coordinates: graph.HalfPixel, CubicA: -0.75, Axes: tensor.D(2, 3)}
	switch {
	case l.Mode == graph.Nearest && l.AlignCorners:
		return nil, fmt.Errorf("AlignCorners is true, want false for Nearest")
	case l.Mode == graph.Nearest:
		r.Coordinates, r.Rounding = graph.Asymmetric, graph.RoundFloor
	case l.AlignCorners:
		r.Coordinates = graph.AlignCorners
	}
	bySize, byScale := l.H > 0 && l.W > 0, l.Scale > 0
	if bySize == byScale || l.H < 0 || l.W < 0 || l.Scale < 0 || byScale && (l.H != 0 || l.W != 0) {
		return nil, fmt.Errorf("H is %d, W %d and Scale %v, want H and W at least 1 or Scale above 0, not both", l.H, l.W, l.Scale)
	}
	if bySize {
		return b.op(r, x, nil, nil, b.ints(l.H, l.W)), nil
	}
	return b.op(r, x, nil, b.floats([]float32{float32(l.Scale), float32(l.Scale)}, 2)), nil
}

func (l PixelShuffle) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	if l.Factor < 1 {
		return nil, fmt.Errorf("Factor is %d, want at least 1", l.Factor)
	}
	return b.op(graph.DepthToSpace{Block: l.Factor, ColumnRow: true}, b.maps(in[0])), nil
}

func (l Pad) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	x := b.maps(in[0])
	return b.op(graph.Pad{Mode: l.Mode}, x, b.ints(l.Top, l.Left, l.Bottom, l.Right), b.floats([]float32{l.Value}), b.ints(2, 3)), nil
}
