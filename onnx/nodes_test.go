package onnx

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// nodeTests is where Debian's package libonnx-testdata puts the tests of the standard and those that PyTorch wrote.
const nodeTests = "/usr/share/libonnx-testdata/data"

// nodeFloor is how many of version 1.12.0's tests must pass: nothing is lost silently.
const nodeFloor = 908

// disputed are tests that this library answers otherwise, with the reason.
var disputed = map[string]string{
	"test_cast_FLOAT_to_BFLOAT16":                        "written by cutting off bits, where the standard rounds to nearest",
	"test_castlike_FLOAT_to_BFLOAT16":                    "written by cutting off bits, where the standard rounds to nearest",
	"test_castlike_FLOAT_to_BFLOAT16_expanded":           "written by cutting off bits, where the standard rounds to nearest",
	"test_castlike_BFLOAT16_to_FLOAT":                    "an input has fewer axes than the file says",
	"test_castlike_BFLOAT16_to_FLOAT_expanded":           "an input has fewer axes than the file says",
	"test_resize_downsample_scales_cubic_align_corners":  "the size before it was rounded counts, in newer versions of the standard the size itself",
	"test_resize_downsample_scales_linear_align_corners": "the size before it was rounded counts, in newer versions of the standard the size itself",
}

// TestNodes runs the standard's own tests by Eval and compiled, and lists those that are not covered with the reason.
func TestNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("short: a thousand networks, three times each")
	}
	paths, err := filepath.Glob(nodeTests + "/*/*/model.onnx")
	require.NoError(t, err)
	if len(paths) == 0 {
		t.Skip("apt-get install libonnx-testdata: there is nothing in " + nodeTests)
	}
	without := make(map[string][]string) // tests by the reason why they are not covered
	passed, frozen := 0, 0
	for _, p := range paths {
		name := filepath.Base(filepath.Dir(p))
		t.Run(filepath.Base(filepath.Dir(filepath.Dir(p)))+"/"+name, func(t *testing.T) {
			why, froze := nodeTest(t, filepath.Dir(p))
			if why != "" {
				without[why] = append(without[why], name)
				return
			}
			passed++
			if froze {
				frozen++
			}
		})
	}
	var list strings.Builder
	for _, why := range slices.Sorted(maps.Keys(without)) {
		fmt.Fprintf(&list, "%4d %s: %s\n", len(without[why]), why, strings.Join(without[why], " "))
	}
	t.Logf("%d of %d pass, %d of them with inputs fixed that decide sizes; not covered are\n%s", passed, len(paths), frozen, &list)
	if len(paths) >= 1072 {
		require.GreaterOrEqual(t, passed, nodeFloor, "tests that pass")
	}
}

// nodeTest runs the data sets of one test, or says why it is not covered. Sizes, axes and the like must be known when the network is built: froze says
// that inputs were fixed for it.
func nodeTest(t *testing.T, dir string) (why string, froze bool) {
	if why, ok := disputed[filepath.Base(dir)]; ok {
		return "disputed: " + why, false
	}
	f, err := Open(filepath.Join(dir, "model.onnx"))
	if err != nil {
		return refusal(t, err), false
	}
	sets, err := filepath.Glob(filepath.Join(dir, "test_data_set_*"))
	require.NoError(t, err)
	if len(sets) == 0 {
		return "there is no data", false
	}
	var inputs []*valueInfo
	for _, v := range f.m.graph.inputs {
		if !f.initialised(v.name) {
			inputs = append(inputs, v)
		}
	}
	for _, set := range sets {
		in, why := nodeTensors(t, set, "input", inputs)
		if why != "" {
			return why, false
		}
		want, why := nodeTensors(t, set, "output", f.m.graph.outputs)
		if why != "" {
			return why, false
		}
		var g *graph.Graph
		var run []tensor.Array
		for _, fix := range []func(tensor.Array) bool{ // the fewest that do
			func(tensor.Array) bool { return false },
			func(x tensor.Array) bool { return !x.DType().IsFloat() && x.Dims().Rank() < 2 },
			func(x tensor.Array) bool { return x.Dims().Rank() < 2 },
			func(tensor.Array) bool { return true },
		} {
			o := Options{Shapes: make(map[string][]int), Values: make(map[string]tensor.Array)}
			run, froze = nil, false
			for i, v := range inputs {
				if fix(in[i]) {
					o.Values[v.name], froze = in[i], true
				} else {
					o.Shapes[v.name] = in[i].Dims().Slice()
					run = append(run, in[i])
				}
			}
			if g, err = f.Graph(o); err == nil {
				break
			}
		}
		if err != nil {
			return refusal(t, err), false
		}
		got, err := g.Eval(run...)
		require.NoError(t, err)
		compareNode(t, "eval", want, got)
		for _, o := range []graph.Options{{}, {Exact: true}} {
			m, err := g.Compile(o)
			require.NoError(t, err)
			got = nil
			for _, p := range m.Outputs() {
				a := tensor.NewArray(p.Type)
				poison(a)
				got = append(got, a)
			}
			require.NoError(t, m.NewSession(1).Run(got, run))
			compareNode(t, "compiled", want, got)
		}
	}
	return "", froze
}

// refusal is the reason that an error gives for what is not supported. Any other error fails the test.
func refusal(t *testing.T, err error) string {
	t.Helper()
	before, why, ok := strings.Cut(err.Error(), "not supported")
	if !ok {
		require.NoError(t, err)
	}
	why, _, _ = strings.Cut(why, "; input")
	why, _, _ = strings.Cut(why, " (operator set")
	if why == "" { // what it is stands before
		before = before[strings.LastIndex(before, ": ")+1:]
		for _, s := range []string{", which is ", " is ", " are "} {
			before = strings.TrimSuffix(before, s)
		}
		why = ": " + strings.TrimSpace(before)
	}
	return "not supported" + why
}

// nodeTensors reads the inputs or the outputs of a data set.
func nodeTensors(t *testing.T, set, kind string, values []*valueInfo) (all []tensor.Array, why string) {
	f := &File{consts: make(map[*tensorProto]tensor.Array)}
	for i, v := range values {
		if v.kind != "tensor" {
			return nil, fmt.Sprintf("not supported: %s is of kind %s", kind, strings.TrimSuffix(v.kind, "_type"))
		}
		b, err := os.ReadFile(filepath.Join(set, fmt.Sprintf("%s_%d.pb", kind, i)))
		require.NoError(t, err)
		p, err := parseTensor(field{typ: protowire.BytesType, bytes: b})
		require.NoError(t, err)
		if dtypes[v.dtype] == tensor.BFloat16 { // written as the integers that have its bits
			p.dtype = v.dtype
		}
		a, err := f.decode(p)
		if err != nil {
			return nil, refusal(t, err)
		}
		all = append(all, a)
	}
	return all, ""
}

func compareNode(t *testing.T, how string, want, got []tensor.Array) {
	t.Helper()
	require.Len(t, got, len(want))
	for k, w := range want {
		require.Equal(t, w.Type(), got[k].Type(), "%s: type of output %d", how, k)
		for i := range w.Len() {
			if !w.DType().IsFloat() {
				require.Equal(t, w.Int(i), got[k].Int(i), "%s: output %d[%d]", how, k, i)
				continue
			}
			a, b := w.Float(i), got[k].Float(i)
			if a == b || a != a && b != b || math.Abs(a-b) <= 1e-7+1e-3*math.Abs(a) {
				continue
			}
			t.Fatalf("%s: output %d[%d] is %v, want %v", how, k, i, b, a)
		}
	}
}
