package safetensors_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/safetensors"
	"github.com/simdnn/simdnn/tensor"
)

// weights reads tensors by the names that torchvision gives them. The first error stays.
type weights struct {
	f   *safetensors.File
	err error
}

func (w *weights) get(name string, sizes ...int) []float32 {
	x, err := w.f.Float32s(name, sizes...)
	if w.err == nil {
		w.err = err
	}
	return x
}

// conv is a convolution without a bias, and the normalisation after it.
func (w *weights) conv(conv, norm string, in, out, kernel, stride int) layers.Sequential {
	return layers.Sequential{
		layers.Conv2D{Name: conv, OutC: out, Window: tensor.Square(kernel, stride, kernel/2), Weights: w.get(conv+".weight", out, in, kernel, kernel)},
		layers.BatchNorm{
			Name: norm, Gamma: w.get(norm+".weight", out), Beta: w.get(norm+".bias", out),
			Mean: w.get(norm+".running_mean", out), Var: w.get(norm+".running_var", out),
		},
	}
}

// block is two convolutions of 3x3 with a way around them.
func (w *weights) block(name string, in, out, stride int) layers.Sequential {
	r := layers.Residual{Body: layers.Sequential{
		w.conv(name+".conv1", name+".bn1", in, out, 3, stride), layers.ReLU{},
		w.conv(name+".conv2", name+".bn2", out, out, 3, 1),
	}}
	if stride != 1 || in != out {
		r.Shortcut = w.conv(name+".downsample.0", name+".downsample.1", in, out, 1, stride)
	}
	return layers.Sequential{r, layers.ReLU{}}
}

// resNet18 is the network of He and others, 2015, with the weights of a file that torchvision's model was saved to.
func resNet18(f *safetensors.File) (layers.Layer, error) {
	w := &weights{f: f}
	net := layers.Sequential{w.conv("conv1", "bn1", 3, 64, 7, 2), layers.ReLU{}, layers.MaxPool2D{Window: tensor.Square(3, 2, 1)}}
	in := 64
	for stage, out := range []int{64, 128, 256, 512} {
		stride := min(stage+1, 2)
		net = append(net, w.block(fmt.Sprintf("layer%d.0", stage+1), in, out, stride), w.block(fmt.Sprintf("layer%d.1", stage+1), out, out, 1))
		in = out
	}
	net = append(net, layers.GlobalAvgPool2D{}, layers.Linear{Name: "fc", Out: 1000, Weights: w.get("fc.weight", 1000, 512), Bias: w.get("fc.bias", 1000)}, layers.Softmax{})
	return net, w.err
}

// randomResNet18 are tensors as torchvision's ResNet-18 has them, with numbers that nobody has trained.
func randomResNet18() map[string]tensor.Array {
	r := rand.New(rand.NewPCG(1, 2))
	all := make(map[string]tensor.Array)
	add := func(name string, sizes ...int) {
		a := tensor.NewArray(tensor.T(tensor.Float32, sizes...))
		fan := max(1, a.Len()/sizes[0])
		for i := range a.Len() {
			switch {
			case strings.HasSuffix(name, "running_var"):
				a.SetFloat(i, 1)
			case len(sizes) == 1:
				a.SetFloat(i, 0.5)
			default:
				a.SetFloat(i, r.NormFloat64()*math.Sqrt(2/float64(fan)))
			}
		}
		all[name] = a
	}
	conv := func(conv, norm string, in, out, kernel int) {
		add(conv+".weight", out, in, kernel, kernel)
		for _, s := range []string{"weight", "bias", "running_mean", "running_var"} {
			add(norm+"."+s, out)
		}
		all[norm+".num_batches_tracked"] = tensor.Scalar(int64(0))
	}
	conv("conv1", "bn1", 3, 64, 7)
	in := 64
	for stage, out := range []int{64, 128, 256, 512} {
		for b := range 2 {
			name := fmt.Sprintf("layer%d.%d", stage+1, b)
			conv(name+".conv1", name+".bn1", in, out, 3)
			conv(name+".conv2", name+".bn2", out, out, 3)
			if in != out {
				conv(name+".downsample.0", name+".downsample.1", in, out, 1)
			}
			in = out
		}
	}
	add("fc.weight", 1000, 512)
	add("fc.bias", 1000)
	return all
}

// ResNet-18 from layers, with weights by the names that torchvision's model has: in a program the file comes from safetensors.Open.
func Example_resNet18() {
	var b bytes.Buffer
	if err := safetensors.Write(&b, randomResNet18(), map[string]string{"format": "pt"}); err != nil {
		fmt.Println(err)
		return
	}
	f, err := safetensors.New(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	net, err := resNet18(f)
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := layers.Compile(net, tensor.Shape{N: 1, C: 3, H: 64, W: 64}, layers.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	image, probabilities := make([]float32, 3*64*64), make([]float32, 1000)
	model.NewSession(0).Forward(probabilities, image)
	sum := float32(0)
	for _, p := range probabilities {
		sum += p
	}
	fmt.Printf("%d tensors, outputs %v, probabilities sum to %.3f\n", len(f.Names()), model.Outputs(), sum)
	_, err = f.Float32s("fc.weight", 10, 512)
	fmt.Println(err)
	// Output:
	// 122 tensors, outputs [n1c1000h1w1], probabilities sum to 1.000
	// safetensors: tensor "fc.weight" is float32 1000x512, want sizes [10 512]
}
