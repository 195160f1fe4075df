package onnx

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestParamsUnsupported: branches and functions are looked into, and a function of the file is an operator.
func TestParamsUnsupported(t *testing.T) {
	tensor := func(dims ...int64) *tensorProto { return &tensorProto{dims: dims, dtype: 1} }
	node := func(op, domain string) *nodeProto { return &nodeProto{op: op, domain: domain} }
	branch := &graphProto{nodes: []*nodeProto{node("Frobnicate", ""), node("Relu", "")}, initializers: []*tensorProto{tensor(5)}}
	cond := node("If", "")
	cond.attrs = map[string]*attrProto{"then_branch": {g: branch}}
	constant := node("Constant", "")
	constant.attrs = map[string]*attrProto{"value": {t: tensor(2, 2)}}
	f := &File{m: &modelProto{
		graph: &graphProto{
			nodes:        []*nodeProto{node("Conv", "ai.onnx"), cond, constant, node("RandomNormal", ""), node("Own", "here"), node("Relu", "elsewhere")},
			initializers: []*tensorProto{tensor(3, 4), tensor(), tensor(-1, 7)},
		},
		functions: []*functionProto{{name: "Own", domain: "here", nodes: []*nodeProto{node("Inside", ""), node("Add", "")}}},
	}}
	require.Equal(t, 12+1+5+4, f.Params())
	bad := f.Unsupported()
	require.Len(t, bad, 4)
	require.Contains(t, bad["Frobnicate"], "no operator Frobnicate")
	require.Contains(t, bad["RandomNormal"], "every run would give other numbers")
	require.Contains(t, bad, "elsewhere.Relu")
	require.Contains(t, bad, "Inside")
	require.Equal(t, 1, f.Operators()["Frobnicate"])
}
