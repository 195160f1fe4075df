package onnx

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/tensor"
)

// TestFiles runs the stored files and compares their answers, compiled with and without rewriting.
func TestFiles(t *testing.T) {
	for _, c := range cases.FileCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			if testing.Short() && c.MACs > 60e6 {
				t.Skip("short: a large network")
			}
			f, err := Open(c.Path)
			require.NoError(t, err)
			o := Options{Dims: c.Bind, Shapes: shapesOf(f, c.Samples[0].Inputs)}
			g, err := f.Graph(o)
			require.NoError(t, err)
			m, err := g.Compile(graph.Options{})
			require.NoError(t, err)
			runSamples(t, m, c)
		})
	}
}

// shapesOf gives the sizes of inputs that the file leaves open.
func shapesOf(f *File, in []*cases.Tensor) map[string][]int {
	s := make(map[string][]int)
	for _, p := range f.Inputs() {
		for _, x := range in {
			if x.Name == p.Name {
				s[p.Name] = x.Shape
			}
		}
	}
	return s
}

func runSamples(t *testing.T, m *graph.Model, c *cases.FileCase) {
	s := m.NewSession(0)
	for _, sample := range c.Samples {
		var src, dst []tensor.Array
		for _, p := range m.Inputs() {
			src = append(src, fileInput(t, sample, p))
		}
		for _, p := range m.Outputs() {
			dst = append(dst, tensor.NewArray(p.Type))
		}
		require.NoError(t, s.Run(dst, src))
		for _, a := range sample.Outputs {
			for i, p := range m.Outputs() {
				if p.Name != a.Name {
					continue
				}
				got := make([]float64, dst[i].Len())
				for k := range got {
					got[k] = dst[i].Float(k)
				}
				if worst, where := a.Compare(got); worst > 1 {
					t.Errorf("%s: output %s is %.3g times its tolerance off: %s", sample.Label, a.Name, worst, where)
				}
			}
		}
	}
}

func fileInput(t *testing.T, s cases.FileSample, p graph.Port) tensor.Array {
	for _, x := range s.Inputs {
		if x.Name == p.Name {
			a := tensor.NewArray(p.Type)
			if p.Type.DType.IsInt() {
				for i, v := range x.Ints() {
					a.SetInt(i, int64(v))
				}
				return a
			}
			for i, v := range x.Float64s() {
				a.SetFloat(i, v)
			}
			return a
		}
	}
	t.Fatalf("no input %q", p.Name)
	return tensor.Array{}
}

// TestHostile opens files that lie: each is an error that says where, or runs.
func TestHostile(t *testing.T) {
	dir := filepath.Join(cases.Dir(t), "onnxfiles", "hostile")
	paths, err := filepath.Glob(filepath.Join(dir, "*.onnx"))
	require.NoError(t, err)
	if len(paths) == 0 {
		_, err := os.Stat(dir)
		require.True(t, errors.Is(err, fs.ErrNotExist))
		t.Skip("no hostile files")
	}
	// What the error must name.
	names := map[string]string{
		"empty": "no graph", "truncated": "at byte", "length_beyond_end": "raw_data", "varint_too_long": "overflow", "negative_dim": `"w"`, "huge_dim": `"w"`,
		"dim_product_overflow": `"w"`, "huge_input": `"x"`, "cycle": `"add0"`, "missing_input": `"nowhere"`, "missing_output": `"y"`, "raw_data_short": `"w"`,
		"float_data_short": `"w"`, "unknown_op": "Frobnicate", "unknown_domain": "org.example", "attr_wrong_type": `"pads"`, "attr_pads_length": "Pads",
		"stride_zero": "Strides", "group_mismatch": `"conv0"`, "concat_axis_range": `"cat0"`, "reshape_two_minus_one": `"resh0"`, "reshape_overflow": `"resh0"`,
		"constantofshape_huge": `"cos0"`, "pad_negative_too_much": `"pad0"`, "gather_index_range": "index 7", "nested_if": `"if0"`, "external_data_escape": "passwd",
		"duplicate_output": `"neg0"`, "duplicate_initializer": `"w"`, "rank9": `"x"`, "string_tensor": `"s"`, "unknown_dtype": "99", "type_mismatch": `"i"`,
		"opset_future": "9999", "quant_scales": "scale",
	}
	for _, p := range paths {
		name := strings.TrimSuffix(filepath.Base(p), ".onnx")
		t.Run(name, func(t *testing.T) {
			_, err := Load(p, Options{})
			if name == "ok" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			require.Contains(t, names, name, "a new file: say what its error must name (%v)", err)
			require.ErrorContains(t, err, names[name])
		})
	}
}
