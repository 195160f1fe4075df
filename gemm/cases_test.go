package gemm

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cases"
)

// agree compares with a case's answer: bit for bit, within the error bound of its sums, or with the
// tolerances that ONNX has for it.
func agree(t *testing.T, c *cases.Case, got []float32, name string) {
	t.Helper()
	want := c.Tensor(name).Float64s()
	require.Len(t, got, len(want))
	s, bounded := c.Stats[name]
	for i, w := range want {
		tol := c.Atol + c.Rtol*math.Abs(w)
		if bounded {
			tol = 8 * math.Sqrt(float64(s.Depth)) * 0x1p-24 * s.Cond
		}
		if c.Exact {
			tol = 0
		}
		require.InDelta(t, w, float64(got[i]), tol, "%s[%d]", name, i)
	}
}

// broadcast repeats x, of a shape that ends in at most two dimensions, over m x n elements.
func broadcast(x []float32, shape []int, m, n int) []float32 {
	rows, cols := 1, 1
	if l := len(shape); l > 0 {
		cols = shape[l-1]
		if l > 1 {
			rows = shape[l-2]
		}
	}
	y := make([]float32, m*n)
	for i := range m {
		for j := range n {
			y[i*n+j] = x[i%rows*cols+j%cols]
		}
	}
	return y
}

// runGemm runs Gemm of ONNX and gemm of the oracle.
func runGemm(t *testing.T, w *Workspace, c *cases.Case, n *cases.Node) {
	a, b := c.Tensor(n.Input(0)), c.Tensor(n.Input(1))
	tA := Transpose(n.Int("transA", n.Int("transa", 0)) != 0)
	tB := Transpose(n.Int("transB", n.Int("transb", 0)) != 0)
	m, k, cols := a.Shape[0], a.Shape[1], b.Shape[1]
	if tA {
		m, k = k, m
	}
	if tB {
		cols = b.Shape[0]
	}
	y := make([]float32, m*cols)
	beta := float32(n.Float("beta", 1))
	if in := c.Tensor(n.Input(2)); in != nil {
		y = broadcast(in.Float32s(), in.Shape, m, cols)
	} else {
		beta = 0
	}
	w.Sgemm(tA, tB, m, cols, k, float32(n.Float("alpha", 1)), a.Float32s(), a.Shape[1], b.Float32s(), b.Shape[1], beta, y, cols)
	agree(t, c, y, n.Outputs[0])
}

// runMatMul runs a product of stacks of matrices, which are broadcast.
func runMatMul(t *testing.T, w *Workspace, c *cases.Case, n *cases.Node) {
	a, b := c.Tensor(n.Input(0)), c.Tensor(n.Input(1))
	sa, sb := a.Shape, b.Shape
	if len(sa) == 1 {
		sa = []int{1, sa[0]}
	}
	if len(sb) == 1 {
		sb = []int{sb[0], 1}
	}
	m, k, cols := sa[len(sa)-2], sa[len(sa)-1], sb[len(sb)-1]
	// Walk over the stack: offsets of the matrices of a and b, a dimension of 1 standing still.
	type pair struct{ a, b int }
	stack := []pair{{}}
	stepA, stepB := m*k, k*cols
	dims := max(len(sa), len(sb)) - 2
	dim := func(s []int, d int) int { // d from the last
		if i := len(s) - 3 - d; i >= 0 {
			return s[i]
		}
		return 1
	}
	for d := range dims {
		da, db := dim(sa, d), dim(sb, d)
		var next []pair
		for i := range max(da, db) {
			for _, p := range stack {
				next = append(next, pair{p.a + i%da*stepA, p.b + i%db*stepB})
			}
		}
		stack = next
		stepA *= da
		stepB *= db
	}
	var y []float32
	for _, p := range stack {
		z := make([]float32, m*cols)
		w.Sgemm(NoTrans, NoTrans, m, cols, k, 1, a.Float32s()[p.a:], k, b.Float32s()[p.b:], cols, 0, z, cols)
		y = append(y, z...)
	}
	agree(t, c, y, n.Outputs[0])
}

// runLinear runs x*wT + bias with packed weights.
func runLinear(t *testing.T, w *Workspace, c *cases.Case, n *cases.Node) {
	x, weights := c.Tensor(n.Input(0)), c.Tensor(n.Input(1))
	out, k := weights.Shape[0], weights.Shape[1]
	packed, err := PackB(w.kernels, Trans, k, out, weights.Float32s(), k)
	require.NoError(t, err)
	m := x.Len() / k
	y := make([]float32, m*out)
	e := &Epilogue{}
	if b := c.Tensor(n.Input(2)); b != nil {
		e.Bias = b.Float32s()
	}
	w.MulPacked(NoTrans, m, 1, x.Float32s(), k, packed, 0, y, out, e)
	agree(t, c, y, n.Outputs[0])
}

func TestCases(t *testing.T) {
	run := map[string]func(*testing.T, *Workspace, *cases.Case, *cases.Node){
		"Gemm": runGemm, "gemm": runGemm, "MatMul": runMatMul, "matmul": runMatMul, "linear": runLinear,
	}
	cases.Dir(t, "oracle", "onnx")
	for _, folder := range []string{"oracle", "onnx"} {
		list := cases.List(t, folder, func(c *cases.Case) bool {
			return len(c.Nodes) == 1 && run[c.Nodes[0].Op] != nil && c.Tensors[0].DType == "float32"
		})
		require.NotEmpty(t, list)
		for _, isa := range asm.Supported() {
			set, err := asm.For(isa)
			require.NoError(t, err)
			w := NewWorkspaceFor(set, 1)
			for _, c := range list {
				t.Run(isa.String()+"/"+folder+"/"+c.Name, func(t *testing.T) {
					n := &c.Nodes[0]
					run[n.Op](t, w, c, n)
				})
			}
		}
	}
}
