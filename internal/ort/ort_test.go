package ort

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/onnxfile"
)

// library is onnxruntime; without it the test is skipped, and with ORT_LIB set it fails.
func library(t *testing.T) *Library {
	lib, err := Open(Paths()...)
	if err != nil && os.Getenv(Env) != "" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skipf("onnxruntime is not on this machine (npm install --ignore-scripts onnxruntime-node, or %s)", Env)
	}
	require.NotEmpty(t, lib.Version)
	return lib
}

func TestTypes(t *testing.T) {
	for typ, k := range types {
		got, err := ParseType(typ.String())
		require.NoError(t, err)
		require.Equal(t, typ, got)
		x, err := NewTensor(typ, 2, 3)
		require.NoError(t, err)
		require.Len(t, x.Data, 6*k.size)
		_, err = cases.NewTensor("x", typ.String(), x.Shape, x.Data)
		require.NoError(t, err, "the names are those of the stored cases")
	}
	_, err := ParseType("float8")
	require.ErrorContains(t, err, `"float8"`)
	_, err = NewTensor(8, 1)
	require.ErrorContains(t, err, "type 8")
	_, err = NewTensor(Float32, 1<<31-1, 1<<31-1, 1<<31-1)
	require.Error(t, err)
	x := Of([]int32{1, -2, 3}, 3)
	require.Equal(t, Int32, x.Type)
	Values[int32](x)[1] = 7
	require.Equal(t, []byte{1, 0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0}, x.Data)
	require.Panics(t, func() { Values[float32](x) })
	require.Equal(t, []Type{Float32, Float64, Float16, Int8, Uint8, Int16, Int64, Bool}, []Type{
		Of([]float32{1}).Type, Of([]float64{1}).Type, Of([]Half{1}).Type, Of([]int8{1}).Type, Of([]uint8{1}).Type, Of([]int16{1}).Type, Of([]int64{1}).Type, Of([]bool{true}).Type,
	})
}

func TestOpen(t *testing.T) {
	_, err := Open("/nonexistent/lib.so")
	require.Error(t, err)
	t.Setenv(Env, "/x")
	require.Equal(t, []string{"/x"}, Paths())
}

// identity is a model of one operator, with input x and output y of one type and shape.
func identity(typ Type, dims ...int) []byte {
	m := onnxfile.Model{
		Name: "g", Opsets: map[string]int{"": 13}, Nodes: []onnxfile.Node{{Op: "Identity", Inputs: []string{"x"}, Outputs: []string{"y"}}},
		Inputs: []onnxfile.Port{{Name: "x", DType: typ.String(), Shape: dims}}, Outputs: []onnxfile.Port{{Name: "y", DType: typ.String(), Shape: dims}},
	}
	return m.Bytes()
}

// TestWithOutputs: values inside a file come out, beside its own outputs, with the types and shapes that the library finds.
func TestWithOutputs(t *testing.T) {
	m := onnxfile.Model{
		Name: "g", Opsets: map[string]int{"": 13}, Inputs: []onnxfile.Port{{Name: "x", DType: "float32", Shape: []int{3}}}, Outputs: []onnxfile.Port{{Name: "y"}},
		Nodes: []onnxfile.Node{
			{Op: "Relu", Inputs: []string{"x"}, Outputs: []string{"a"}},
			{Op: "Shape", Inputs: []string{"a"}, Outputs: []string{"b"}},
			{Op: "Neg", Inputs: []string{"a"}, Outputs: []string{"y"}},
		},
	}
	lib := library(t)
	for _, level := range []Level{None, All} {
		s, err := lib.Session(WithOutputs(m.Bytes(), "a", "b"), Options{Level: level})
		require.NoError(t, err)
		out, err := s.Run(Of([]float32{1, -2, 3}, 3))
		require.NoError(t, err)
		require.Len(t, out, 3)
		require.Equal(t, []string{"y", "a", "b"}, []string{s.Outputs[0].Name, s.Outputs[1].Name, s.Outputs[2].Name})
		require.Equal(t, []float32{1, 0, 3}, Values[float32](out[1]))
		require.Equal(t, []int64{3}, Values[int64](out[2]))
		s.Close()
	}
	_, err := lib.Session(WithOutputs(m.Bytes(), "absent"), Options{})
	require.Error(t, err)
}

// TestElements: tensors of every type go in and come out.
func TestElements(t *testing.T) {
	lib := library(t)
	for _, x := range []*Tensor{
		Of([]float32{1, -2, float32(math.Inf(1))}, 3), Of([]Half{0x3c00, 0xc000, 1}, 3), Of([]int64{math.MinInt64, 2, 3}, 3), Of([]int32{math.MinInt32, 2, 3}, 3),
		Of([]bool{true, false, true}, 3), Of([]uint8{0, 255, 7}, 3), Of([]int8{-128, 127, 7}, 3), Of([]float64{0.1, 2, 3}, 3), Of([]int64{16000}),
		Of([]float32{}, 0), Of([]int16{-1, 2, 3, 4, 5, 6}, 1, 2, 3),
	} {
		s, err := lib.Session(identity(x.Type, x.Shape...), Options{})
		require.NoError(t, err, x.Type)
		require.Equal(t, []Info{{"x", x.Type, append([]int{}, x.Shape...)}}, s.Inputs)
		require.Positive(t, s.Created)
		y, err := s.Run(x)
		require.NoError(t, err, "%v%v", x.Type, x.Shape)
		require.Len(t, y, 1)
		require.Equal(t, x.Type, y[0].Type)
		require.Equal(t, append([]int{}, x.Shape...), y[0].Shape)
		require.Equal(t, string(x.Data), string(y[0].Data))
		s.Close()
	}
}

func TestMistakes(t *testing.T) {
	lib := library(t)
	_, err := lib.Session(nil, Options{})
	require.ErrorContains(t, err, "empty")
	_, err = lib.Session([]byte("no model"), Options{})
	require.ErrorContains(t, err, "onnxruntime: ")
	_, err = lib.Session(identity(Float32, 3), Options{Threads: -1})
	require.ErrorContains(t, err, "Threads is -1")
	_, err = lib.Session(identity(Float32, 3), Options{Level: 55})
	require.ErrorContains(t, err, "optimization", "the level arrives")
	_, err = lib.SessionFile("absent.onnx", Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
	s, err := lib.Session(identity(Float32, 3), Options{Threads: 2, Level: All})
	require.NoError(t, err)
	defer s.Close()
	require.Equal(t, "x float32[3]", s.Inputs[0].String())
	x := Of([]float32{1, 2, 3}, 3)
	for want, inputs := range map[string][]*Tensor{
		"0 inputs, the model has 1":   {},
		"2 inputs":                    {x, x},
		"Got: 4 Expected: 3":          {Of([]float32{1, 2, 3, 4}, 4)},
		"Unexpected input data type":  {Of([]int32{1, 2, 3}, 3)},
		`input "x": a tensor of fl`:   {Of([]float32{1, 2, 3}, 4)},
		`input "x": a tensor of type`: {{Type: 8, Shape: []int{1}, Data: []byte{1}}},
	} {
		_, err := s.Run(inputs...)
		require.ErrorContains(t, err, want)
		_, err = s.Bind(inputs...)
		require.ErrorContains(t, err, want)
	}
}

// TestThreads: a session has as many threads as were asked for, that of the caller included.
func TestThreads(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("counts threads as Linux shows them")
	}
	lib := library(t)
	count := func() int { // Go's too, which are few
		tasks, err := os.ReadDir("/proc/self/task")
		require.NoError(t, err)
		return len(tasks)
	}
	before := count()
	one, err := lib.Session(identity(Float32, 2), Options{})
	require.NoError(t, err)
	defer one.Close()
	require.Less(t, count()-before, 20)
	many, err := lib.Session(identity(Float32, 2), Options{Threads: 33})
	require.NoError(t, err)
	defer many.Close()
	require.GreaterOrEqual(t, count()-before, 32)
}

// TestCall: what is bound computes from the inputs as they are at the time of the run.
func TestCall(t *testing.T) {
	s, err := library(t).Session(identity(Float32, 2), Options{})
	require.NoError(t, err)
	defer s.Close()
	x := []float32{1, 2}
	c, err := s.Bind(Of(x, 2))
	require.NoError(t, err)
	defer c.Close()
	y := Values[float32](c.Outputs[0])
	require.Equal(t, x, y)
	x[1] = 5
	require.NoError(t, c.Run(1))
	require.Equal(t, x, y)
	x[0] = 7
	runtime.GC() // what the library points to is still there
	for range 1000 {
		_ = make([]byte, 1<<10)
	}
	require.NoError(t, c.Run(100))
	require.Equal(t, x, y)
	x[0] = 8
	d, err := c.Shortest(time.Millisecond)
	require.NoError(t, err)
	require.Positive(t, d)
	require.Less(t, d, time.Minute)
	require.Equal(t, x, y)
}

// TestFileCases: every stored ONNX file gives its stored answers, without optimisations and with all of them, and from
// sample to sample with the state that it carries itself.
func TestFileCases(t *testing.T) {
	list := cases.FileCases(t)
	lib := library(t)
	for _, c := range list {
		for _, level := range []Level{None, All} {
			t.Run(fmt.Sprintf("%s/%d", c.Name, level), func(t *testing.T) {
				if testing.Short() && c.MACs > 2e8 {
					t.Skip("takes its time")
				}
				s, err := lib.SessionFile(c.Path, Options{Level: level})
				if c.Opset < 7 {
					require.Error(t, err, "onnxruntime has no operators of this age")
					return
				}
				require.NoError(t, err)
				defer s.Close()
				var state map[string]*Tensor
				for _, sample := range c.Samples {
					state = runSample(t, s, c, &sample, state, level)
				}
			})
		}
	}
}

// runSample compares a sample's outputs, and returns the state that is carried to the next one.
func runSample(t *testing.T, s *Session, c *cases.FileCase, sample *cases.FileSample, state map[string]*Tensor, level Level) map[string]*Tensor {
	inputs := make([]*Tensor, len(s.Inputs))
	for i, in := range s.Inputs {
		for _, x := range sample.Inputs {
			if x.Name == in.Name {
				typ, err := ParseType(x.DType)
				require.NoError(t, err)
				require.Equal(t, in.Type, typ)
				inputs[i] = &Tensor{Type: typ, Shape: x.Shape, Data: x.Raw()}
			}
		}
		if carried := state[in.Name]; carried != nil {
			inputs[i] = carried
		}
		require.NotNil(t, inputs[i], "input %s", in)
	}
	outputs, err := s.Run(inputs...)
	require.NoError(t, err)
	require.Len(t, outputs, len(sample.Outputs))
	compared := 0
	next := make(map[string]*Tensor)
	for i, y := range outputs {
		name := s.Outputs[i].Name
		for _, a := range sample.Outputs {
			if a.Name != name {
				continue
			}
			compared++
			require.Equal(t, a.DType, y.Type.String())
			require.Equal(t, a.Shape, y.Shape)
			got, err := cases.NewTensor(name, a.DType, y.Shape, y.Data)
			require.NoError(t, err)
			worst, where := a.Compare(got.Float64s())
			require.LessOrEqual(t, worst, 1.0, "%s of %s: %s", sample.Label, filepath.Base(c.Path), where)
			t.Logf("%s %s: largest error %.2g of the tolerance", sample.Label, name, worst)
		}
		for in, out := range c.Carry {
			if out == name {
				next[in] = y
			}
		}
	}
	require.Equal(t, len(sample.Outputs), compared)
	return next
}
