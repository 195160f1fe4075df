package conv

import (
	"fmt"
	"math"

	"github.com/simdnn/simdnn/asm"
)

// Activation is what a convolution does to its sums last: one of the values of this package, ReLU or Clamp(0, 6) for instance. The zero
// value does nothing.
type Activation struct {
	Kind asm.Unary
	A, B float32 // parameters, as Kind has them: Clamp lo and hi, LeakyReLU the slope
}

// The functions without parameters. They must not be changed.
var (
	ReLU      = Activation{Kind: asm.ReLU}        // max(x, 0)
	ReLU6     = Activation{Kind: asm.Clamp, B: 6} // min(max(x, 0), 6)
	Sigmoid   = Activation{Kind: asm.Sigmoid}     // 1 / (1 + exp(-x))
	Tanh      = Activation{Kind: asm.Tanh}        // the hyperbolic tangent
	SiLU      = Activation{Kind: asm.SiLU}        // x / (1 + exp(-x)), also called swish
	HardSwish = Activation{Kind: asm.HardSwish}   // x min(max(x + 3, 0), 6) / 6
	GELU      = Activation{Kind: asm.GELU}        // x (1 + erf(x/sqrt 2)) / 2
	GELUTanh  = Activation{Kind: asm.GELUTanh}    // GELU's approximation by a hyperbolic tangent
	Exp       = Activation{Kind: asm.Exp}         // exp(x)
)

// Clamp is min(max(x, lo), hi). lo is at most hi, and they are not both 0; -Inf and +Inf are no bounds.
func Clamp(lo, hi float32) Activation { return Activation{Kind: asm.Clamp, A: lo, B: hi} }

// LeakyReLU is x where x >= 0, else slope x.
func LeakyReLU(slope float32) Activation { return Activation{Kind: asm.LeakyReLU, A: slope} }

// ELU is x where x > 0, else alpha (exp(x) - 1).
func ELU(alpha float32) Activation { return Activation{Kind: asm.ELU, A: alpha} }

// HardSigmoid is min(max(alpha x + beta, 0), 1): 1/6 and 1/2 in PyTorch, 0.2 and 0.5 in ONNX. alpha is not 0.
func HardSigmoid(alpha, beta float32) Activation {
	return Activation{Kind: asm.HardSigmoid, A: alpha, B: beta}
}

// Check returns an error that names the field whose value is not allowed. A function that is the same for all x is not meant.
func (a Activation) Check() error {
	nan := a.A != a.A || a.B != a.B
	switch {
	case !a.Kind.Valid():
		return fmt.Errorf("Kind is %v, want that of one of the activations of package conv", a.Kind)
	case a.Kind == asm.Clamp && (!(a.A <= a.B) || a.A == 0 && a.B == 0):
		return fmt.Errorf("A is %v and B %v, want the bounds of a clamp, A at most B and not both 0", a.A, a.B)
	case a.Kind == asm.HardSigmoid && (nan || a.A == 0):
		return fmt.Errorf("A is %v and B %v, want the slope of a hard sigmoid, not 0, and its value at 0", a.A, a.B)
	case (a.Kind == asm.LeakyReLU || a.Kind == asm.ELU) && a.A != a.A:
		return fmt.Errorf("A is %v, want a number", a.A)
	}
	return nil
}

// clamp returns the activation as bounds, if it is a clamp.
func (a Activation) clamp() (lo, hi float32, ok bool) {
	inf := float32(math.Inf(1))
	switch a.Kind {
	case asm.Identity:
		return -inf, inf, true
	case asm.ReLU:
		return 0, inf, true
	case asm.Clamp:
		return a.A, a.B, true
	}
	return -inf, inf, false
}
