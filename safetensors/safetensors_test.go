package safetensors

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

func sample(d tensor.DType, sizes ...int) tensor.Array {
	a := tensor.NewArray(tensor.T(d, sizes...))
	for i := range a.Len() {
		a.SetInt(i, int64(i%100))
	}
	return a
}

// file puts a header before elements.
func file(head string, data ...byte) []byte {
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(head))), head...), data...)
}

func read(b []byte) (*File, error) { return New(bytes.NewReader(b), int64(len(b))) }

func TestRoundTrip(t *testing.T) {
	tensors := map[string]tensor.Array{"scalar": sample(tensor.Float64), "none": sample(tensor.Int16, 0, 3)}
	for code, d := range dtypes {
		tensors[code] = sample(d, 3, 5)
	}
	var b bytes.Buffer
	require.NoError(t, Write(&b, tensors, map[string]string{"format": "pt"}))
	f, err := read(b.Bytes())
	require.NoError(t, err)
	require.Len(t, f.Names(), len(tensors))
	require.IsIncreasing(t, f.Names())
	require.Equal(t, map[string]string{"format": "pt"}, f.Metadata())
	require.Zero(t, f.base%8)
	for name, a := range tensors {
		typ, err := f.Type(name)
		require.NoError(t, err)
		require.Equal(t, a.Type(), typ)
		require.Zero(t, f.entries[name].at%int64(typ.DType.Size()), "elements are aligned")
		x, err := f.Tensor(name)
		require.NoError(t, err)
		require.Equal(t, a.Bytes(), x.Bytes())
	}
	for _, name := range []string{"F32", "F16", "BF16", "F64"} {
		x, err := f.Float32s(name, 3, 5)
		require.NoError(t, err)
		require.Len(t, x, 15)
		require.Equal(t, float32(14), x[14])
	}
	_, err = f.Float32s("F32", 5, 3)
	require.ErrorContains(t, err, `"F32"`)
	_, err = f.Float32s("I8")
	require.ErrorContains(t, err, "int8")
	_, err = f.Tensor("absent")
	require.ErrorContains(t, err, `"absent"`)
	require.Error(t, Write(&b, map[string]tensor.Array{metadataKey: sample(tensor.Int8)}, nil))
	require.Error(t, Write(&b, map[string]tensor.Array{"x": {}}, nil))
	require.NoError(t, f.Close())
}

// TestFormat reads bytes as the format's description has them.
func TestFormat(t *testing.T) {
	b := file(`{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2],"data_offsets":[1,9]},"q":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}   `,
		7, 0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0)
	f, err := read(b)
	require.NoError(t, err)
	w, err := f.Float32s("w")
	require.NoError(t, err)
	require.Equal(t, []float32{1, -2.5}, w)
	q, err := f.Tensor("q")
	require.NoError(t, err)
	require.Equal(t, []int{7}, q.Ints())
	// A type that is not supported concerns its tensor alone.
	f, err = read(file(`{"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"I8","shape":[1],"data_offsets":[2,3]}}`, 1, 2, 3))
	require.NoError(t, err)
	_, err = f.Tensor("x")
	require.ErrorContains(t, err, "F8_E4M3")
	y, err := f.Tensor("y")
	require.NoError(t, err)
	require.Equal(t, []int{3}, y.Ints())
	f, err = read(file(`{"b":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}`, 1, 2))
	require.NoError(t, err)
	_, err = f.Tensor("b")
	require.ErrorContains(t, err, "element 1")
}

func TestErrors(t *testing.T) {
	one := func(entry string) []byte { return file(`{"x":`+entry+`}`, make([]byte, 8)...) }
	huge := binary.LittleEndian.AppendUint64(nil, math.MaxUint64)
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":       {nil, "0 bytes"},
		"length":      {huge, "header has 18446744073709551615"},
		"longer":      {binary.LittleEndian.AppendUint64(nil, 9), "at most 0"},
		"no json":     {file("hello"), "JSON"},
		"list":        {file("[1]"), "JSON"},
		"cut":         {file(`{"x":{"dtype":"F32","shape":[2],`, 0), ""},
		"after":       {file("{} {}"), "follows"},
		"offsets":     {one(`{"dtype":"F32","shape":[2],"data_offsets":[0,9]}`), "data_offsets"},
		"backwards":   {one(`{"dtype":"F32","shape":[2],"data_offsets":[8,0]}`), "data_offsets"},
		"negative":    {one(`{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}`), "data_offsets"},
		"one offset":  {one(`{"dtype":"F32","shape":[2],"data_offsets":[0]}`), "data_offsets"},
		"no dtype":    {one(`{"shape":[2],"data_offsets":[0,8]}`), "no dtype"},
		"no offsets":  {one(`{"dtype":"F32","shape":[2]}`), "data_offsets"},
		"size":        {one(`{"dtype":"F32","shape":[3],"data_offsets":[0,8]}`), "want 12"},
		"shape":       {one(`{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}`), "axis 0"},
		"overflow":    {one(`{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}`), ""},
		"rank":        {one(`{"dtype":"F32","shape":[2,1,1,1,1,1,1,1,1],"data_offsets":[0,8]}`), "9 axes"},
		"gap":         {one(`{"dtype":"F32","shape":[1],"data_offsets":[4,8]}`), "want 0"},
		"rest":        {one(`{"dtype":"F32","shape":[1],"data_offsets":[0,4]}`), "there are 8"},
		"overlap":     {file(`{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, make([]byte, 8)...), `"y"`},
		"twice":       {file(`{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 1, 2), `two tensors are called "x"`},
		"metadata":    {file(`{"__metadata__":{"a":1}}`), metadataKey},
		"no metadata": {file(`{"__metadata__":{},"__metadata__":{}}`), "second"},
	} {
		_, err := read(c.b)
		require.ErrorContains(t, err, c.want, name)
	}
}

// TestMemory: a header that promises much costs no more than the file has.
func TestMemory(t *testing.T) {
	b := file(`{"x":{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}}`, make([]byte, 1000)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := read(b)
	runtime.ReadMemStats(&after)
	require.Error(t, err)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	_, err := Open(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, file("{"), 0o600))
	_, err = Open(path)
	require.ErrorContains(t, err, path)
	require.NoError(t, os.WriteFile(path, file(`{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 5), 0o600))
	f, err := Open(path)
	require.NoError(t, err)
	require.NoError(t, os.Truncate(path, 20))
	_, err = f.Tensor("x")
	require.ErrorContains(t, err, `"x"`, "a file that became shorter")
	require.NoError(t, f.Close())
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	require.NoError(f, Write(&b, map[string]tensor.Array{"a": sample(tensor.Float32, 2, 3), "b": sample(tensor.Bool, 2)}, map[string]string{"k": "v"}))
	f.Add(b.Bytes())
	f.Add(file(`{"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}`, 1, 2))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := read(b)
		if err != nil {
			return
		}
		total := 0
		tensors := make(map[string]tensor.Array)
		for _, name := range s.Names() {
			a, err := s.Tensor(name)
			if err != nil {
				continue
			}
			tensors[name] = a
			total += a.Type().Bytes()
		}
		require.LessOrEqual(t, total, len(b))
		var out bytes.Buffer
		require.NoError(t, Write(&out, tensors, s.Metadata()))
		again, err := read(out.Bytes())
		require.NoError(t, err)
		require.Len(t, again.Names(), len(tensors))
	})
}
