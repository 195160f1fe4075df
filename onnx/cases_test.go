package onnx

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/tensor"
)

// notForward are operators of stored cases that this library does not compute, each with the reason. Everything else must run.
var notForward = map[string]string{
	"Adagrad": "training", "Adam": "training", "Momentum": "training",
	"SoftmaxCrossEntropyLoss": "a loss: training", "NegativeLogLikelihoodLoss": "a loss: training",
}

// TestCases runs the stored operator cases by Eval and compiled.
func TestCases(t *testing.T) {
	var missing []string
	for _, c := range cases.List(t, "onnx", nil) {
		why, ok := notForward[c.Op]
		if c.Nodes[0].Int("training_mode", 0) == 1 {
			why, ok = "training", true
		}
		if ok {
			missing = append(missing, c.Name+": "+why)
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			if c.Disputed != "" {
				t.Skip(c.Disputed)
			}
			runCase(t, c)
		})
	}
	sort.Strings(missing)
	t.Logf("%d stored cases are not for this library:\n%s", len(missing), strings.Join(missing, "\n"))
}

func runCase(t *testing.T, c *cases.Case) {
	g, in, err := caseGraph(c)
	require.NoError(t, err)
	out, err := g.Eval(in...)
	require.NoError(t, err)
	for i, name := range c.Outputs {
		c.Compare(t, "eval", name, out[i])
	}
	for _, isa := range asm.Supported() {
		for _, exact := range []bool{true, false} {
			if c.Exact && !exact {
				continue
			}
			o := graph.Options{Kernels: kernels(t, isa), Exact: exact}
			m, err := g.Compile(o)
			require.NoError(t, err)
			dst := make([]tensor.Array, len(out))
			for i, x := range out {
				dst[i] = tensor.NewArray(x.Type())
				poison(dst[i])
			}
			s := m.NewSession(1)
			require.NoError(t, s.Run(dst, in))
			for i, name := range c.Outputs {
				c.Compare(t, fmt.Sprintf("compiled, exact %v, %v", exact, isa), name, dst[i])
			}
		}
	}
}

// kernels returns a level's kernels.
func kernels(t testing.TB, isa asm.ISA) *asm.Set {
	k, err := asm.For(isa)
	require.NoError(t, err)
	return k
}

// poison fills an array with what no answer is.
func poison(a tensor.Array) {
	for i := range a.Len() {
		if a.DType().IsFloat() {
			a.SetFloat(i, math.NaN())
		} else {
			a.SetInt(i, 0x55)
		}
	}
}

// caseGraph writes a stored case as a file and builds its graph.
func caseGraph(c *cases.Case) (*graph.Graph, []tensor.Array, error) {
	m, inputs, err := onnxfile.OfCase(c, func(name string) bool { return constantInput(c, name) })
	if err != nil {
		return nil, nil, err
	}
	m.Opsets[""] = min(m.Opsets[""], maxOpset) // two are of a draft of a later one
	var in []tensor.Array
	shapes := make(map[string][]int) // the file's 0 would mean that it is open
	for _, name := range inputs {
		x := c.Tensor(name)
		in, shapes[name] = append(in, x.Array()), x.Shape
	}
	f, err := Read(bytes.NewReader(m.Bytes()))
	if err != nil {
		return nil, nil, err
	}
	g, err := f.Graph(Options{Shapes: shapes})
	return g, in, err
}

// constantInput says which inputs of a case must be constants: sizes, axes and the like decide the types of outputs.
func constantInput(c *cases.Case, name string) bool {
	for _, n := range c.Nodes {
		i := slices.Index(n.Inputs, name)
		if i < 1 {
			continue
		}
		switch n.Op {
		case "Reshape", "Squeeze", "Unsqueeze", "Expand", "Slice", "Split", "Pad", "Resize", "Upsample", "Tile", "TopK", "CenterCropPad", "Col2Im", "MaxUnpool", "Dropout", "OneHot", "CumSum":
			return true
		case "ConstantOfShape", "Range":
			return true
		}
		if strings.HasPrefix(n.Op, "Reduce") {
			return true
		}
	}
	return c.Op == "ConstantOfShape" || c.Op == "Range"
}
