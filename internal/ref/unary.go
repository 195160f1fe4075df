package ref

import "math"

// Unary is the element-wise function of that name at x. a and b are its parameters, where it has any.
// Functions are evaluated as PyTorch defines them: those of the form x*g(x) are NaN at -Inf, where g
// is 0.
//
//	identity relu sigmoid tanh silu hard_swish gelu gelu_tanh selu softplus mish exp log sqrt abs neg
//	clamp         min(max(x, a), b)
//	leaky_relu    x < 0: a*x
//	hard_sigmoid  min(max(a*x+b, 0), 1)
//	elu           x <= 0: a*(exp(x)-1)
func Unary(name string, x, a, b float64) float64 {
	switch name {
	case "identity":
		return x
	case "relu":
		return clamp(x, 0, math.Inf(1))
	case "clamp":
		return clamp(x, a, b)
	case "leaky_relu":
		if x < 0 {
			return a * x
		}
		return x
	case "sigmoid":
		return sigmoid(x)
	case "tanh":
		return math.Tanh(x)
	case "silu":
		return x * sigmoid(x)
	case "hard_sigmoid":
		return clamp(a*x+b, 0, 1)
	case "hard_swish":
		return x * clamp(x+3, 0, 6) / 6
	case "elu":
		return elu(x, a)
	case "selu":
		return 1.0507009873554804934193349852946 * elu(x, 1.6732632423543772848170429916717)
	case "gelu": // x*Phi(x), the tail by erfc: 1+erf cancels there
		return x * math.Erfc(-x/math.Sqrt2) / 2
	case "gelu_tanh":
		return x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x))) / 2
	case "softplus":
		return softplus(x)
	case "mish":
		return x * math.Tanh(softplus(x))
	case "exp":
		return math.Exp(x)
	case "log":
		return math.Log(x)
	case "sqrt":
		return math.Sqrt(x)
	case "abs":
		return math.Abs(x)
	case "neg":
		return -x
	}
	panic("ref: no element-wise function " + name)
}

// Map is Unary of every element.
func Map(name string, a, b float64, x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = Unary(name, float64(v), a, b)
	}
	return y
}

// clamp lets NaN pass.
func clamp(x, lo, hi float64) float64 {
	if x < lo {
		return lo
	}
	if x > hi {
		return hi
	}
	return x
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func elu(x, a float64) float64 {
	if x > 0 {
		return x
	}
	return a * math.Expm1(x)
}

// softplus is log(1+exp(x)), in the form that neither overflows nor cancels.
func softplus(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.Max(x, 0)
	}
	return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}
