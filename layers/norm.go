package layers

import (
	"cmp"
	"fmt"
	"math"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// PReLU is x where x >= 0, and Slope x elsewhere, with one slope or one for each channel (He and others, arXiv:1502.01852).
type PReLU struct {
	Name  string
	Slope []float32 // [1] or [C]
}

// LayerNorm normalises over the axes from Axis on: of every piece it takes the mean away, and divides by the square root of the variance plus Eps (Ba,
// Kiros and Hinton, arXiv:1607.06450).
type LayerNorm struct {
	Name        string
	Axis        int       // the first axis; negative ones count from behind, and 0 means the last
	Gamma, Beta []float32 // as many as a piece has elements; nil Gamma means 1, nil Beta means 0
	Eps         float64   // 0 means 1e-5
}

// GroupNorm normalises the channels of every image in Groups, each with its own mean and variance (Wu and He, arXiv:1803.08494).
type GroupNorm struct {
	Name        string
	Groups      int       // a divisor of C
	Gamma, Beta []float32 // [C]; nil Gamma means 1, nil Beta means 0
	Eps         float64   // 0 means 1e-5
}

// InstanceNorm normalises every channel of every image by itself (Ulyanov, Vedaldi and Lempitsky, arXiv:1607.08022).
type InstanceNorm struct {
	Name        string
	Gamma, Beta []float32 // [C]; nil Gamma means 1, nil Beta means 0
	Eps         float64   // 0 means 1e-5
}

func (l PReLU) label() (kind, name string)        { return "prelu", l.Name }
func (l LayerNorm) label() (kind, name string)    { return "layernorm", l.Name }
func (l GroupNorm) label() (kind, name string)    { return "groupnorm", l.Name }
func (l InstanceNorm) label() (kind, name string) { return "instancenorm", l.Name }

func (l PReLU) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	x := in[0]
	c := shapeOf(x.Type().Dims).C
	if n := len(l.Slope); n != 1 && n != c {
		return nil, fmt.Errorf("len(Slope) is %d, want 1 or C = %d", n, c)
	}
	b.costs.params = int64(len(l.Slope))
	return b.op(graph.PRelu{}, x, b.perChannel(l.Slope, x)), nil
}

// normal checks what normalisations share, and returns scale and shift as constants.
func (b *builder) normal(gamma, beta []float32, eps float64, what string, dims ...int) (scale, shift *graph.Value, epsilon float32, err error) {
	if !(eps >= 0 && eps <= math.MaxFloat32) {
		return nil, nil, 0, fmt.Errorf("Eps is %v, want a number, at least 0", eps)
	}
	n := tensor.D(dims...).Elems()
	if err := checkLen("Gamma", gamma, n, what); err != nil {
		return nil, nil, 0, err
	}
	if err := checkLen("Beta", beta, n, what); err != nil {
		return nil, nil, 0, err
	}
	b.costs.params = int64(len(gamma) + len(beta))
	if gamma == nil {
		gamma = make([]float32, n)
		for i := range gamma {
			gamma[i] = 1
		}
	}
	if beta == nil {
		beta = make([]float32, n)
	}
	return b.floats(gamma, dims...), b.floats(beta, dims...), float32(cmp.Or(eps, 1e-5)), nil
}

func (l LayerNorm) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	d := in[0].Type().Dims
	axis, err := tensor.Axis(cmp.Or(l.Axis, -1), d.Rank())
	if err != nil || axis == 0 {
		return nil, fmt.Errorf("Axis is %d, want one of the axes of %v but the batch", l.Axis, d)
	}
	scale, shift, eps, err := b.normal(l.Gamma, l.Beta, l.Eps, "the elements of a piece", d.Slice()[axis:]...)
	if err != nil {
		return nil, err
	}
	return b.op(graph.LayerNormalization{Axis: axis, Epsilon: eps}, in[0], scale, shift), nil
}

func (l GroupNorm) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	c := shapeOf(in[0].Type().Dims).C
	if l.Groups < 1 || c%l.Groups != 0 {
		return nil, fmt.Errorf("Groups is %d, want a divisor of the input's %d channels", l.Groups, c)
	}
	scale, shift, eps, err := b.normal(l.Gamma, l.Beta, l.Eps, "C", c)
	if err != nil {
		return nil, err
	}
	return b.op(graph.GroupNormalization{Groups: l.Groups, Epsilon: eps}, in[0], scale, shift), nil
}

func (l InstanceNorm) add(b *builder, in []*graph.Value) (*graph.Value, error) {
	scale, shift, eps, err := b.normal(l.Gamma, l.Beta, l.Eps, "C", shapeOf(in[0].Type().Dims).C)
	if err != nil {
		return nil, err
	}
	return b.op(graph.InstanceNormalization{Epsilon: eps}, in[0], scale, shift), nil
}
