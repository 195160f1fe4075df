package npy

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/tensor"
)

// sample is an array of 0, 1, 2, ... of some type.
func sample(d tensor.DType, sizes ...int) tensor.Array {
	a := tensor.NewArray(tensor.T(d, sizes...))
	for i := range a.Len() {
		a.SetInt(i, int64(i%100))
	}
	return a
}

func written(t testing.TB, a tensor.Array) []byte {
	var b bytes.Buffer
	require.NoError(t, Write(&b, a))
	return b.Bytes()
}

// file makes a .npy file of a header and elements.
func file(head string, data ...byte) []byte {
	b := append([]byte(magic), 1, 0)
	return append(append(binary.LittleEndian.AppendUint16(b, uint16(len(head))), head...), data...)
}

func TestRoundTrip(t *testing.T) {
	for _, d := range codes {
		for _, sizes := range [][]int{{}, {0}, {5}, {2, 3}, {1, 2, 3, 4}, {2, 0, 3}, {1, 1, 2, 1, 1, 2, 1, 2}} {
			a := sample(d, sizes...)
			b := written(t, a)
			require.Zero(t, (len(b)-a.Type().Bytes())%align, "the elements are aligned")
			r := bytes.NewReader(append(b, 7))
			got, err := Read(r)
			require.NoError(t, err)
			require.Equal(t, a.Type(), got.Type())
			require.Equal(t, a.Bytes(), got.Bytes())
			require.Equal(t, 1, r.Len(), "what comes after it is not read")
		}
	}
	require.ErrorContains(t, Write(io.Discard, sample(tensor.BFloat16, 2)), "bfloat16")
}

// TestNumpyFile is a file that numpy 1.24.2 wrote: np.save of np.array([[1, -2.5], [3e38, np.nan]], np.float32).
func TestNumpyFile(t *testing.T) {
	b, err := hex.DecodeString("934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028322c2032292c207d" +
		strings.Repeat("20", 58) + "0a0000803f000020c0e6b1617f0000c07f")
	require.NoError(t, err)
	a, err := Read(bytes.NewReader(b))
	require.NoError(t, err)
	require.Equal(t, tensor.T(tensor.Float32, 2, 2), a.Type())
	require.Equal(t, []float32{1, -2.5, 3e38}, tensor.Data[float32](a)[:3])
	require.Equal(t, b, written(t, a), "the same bytes as numpy's")
}

func TestOrders(t *testing.T) {
	big := file("{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", 0, 0, 1, 2, 0xff, 0xff, 0xff, 0xff)
	a, err := Read(bytes.NewReader(big))
	require.NoError(t, err)
	require.Equal(t, []int{258, -1}, a.Ints())
	// [[[0 1] [2 3] [4 5]] [[6 7] [8 9] [10 11]]] with the first axis fastest.
	columns := file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3L, 2)}", 0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11)
	a, err = Read(bytes.NewReader(columns))
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, a.Ints())
	// Version 2 has four bytes for the length of the header; keys may come in any order and in other quotes.
	head := `{"shape": (), "fortran_order": True, "descr": "=u2"}`
	two := append([]byte(magic), 2, 0)
	two = append(append(binary.LittleEndian.AppendUint32(two, uint32(len(head))), head...), 1, 2)
	a, err = Read(bytes.NewReader(two))
	require.NoError(t, err)
	require.Equal(t, []int{513}, a.Ints())
	require.Equal(t, 0, a.Dims().Rank())
}

func TestErrors(t *testing.T) {
	head := func(s string) []byte { return file(s, make([]byte, 64)...) }
	good := written(t, sample(tensor.Float32, 2, 3))
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"empty":         {nil, "unexpected EOF"},
		"magic":         {[]byte("PK\x03\x04aaaaaaaaaaaa"), "first bytes"},
		"version":       {append([]byte(magic), 4, 0, 0, 0, 0, 0), "version"},
		"long header":   {append([]byte(magic), 2, 0, 0xff, 0xff, 0xff, 0x7f), "at most"},
		"short header":  {good[:40], "ends in its header"},
		"short data":    {good[:len(good)-1], "want 24"},
		"huge":          {head("{'descr': '<f4', 'fortran_order': False, 'shape': (100000000,)}"), "want 400000000"},
		"overflow":      {head("{'descr': '<f4', 'fortran_order': False, 'shape': (3037000500, 3037000500, 4)}"), ""},
		"size":          {head("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"), "a size"},
		"negative":      {head("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"), "a size"},
		"rank":          {head("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}"), "8 axes"},
		"object":        {head("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"), "|O"},
		"complex":       {head("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}"), "<c8"},
		"record":        {head("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"), "records"},
		"empty descr":   {head("{'descr': '', 'fortran_order': False, 'shape': (1,)}"), "empty"},
		"key":           {head("{'descr': '<f4', 'order': False, 'shape': (1,)}"), "unknown key"},
		"twice":         {head("{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}"), "second"},
		"missing":       {head("{'descr': '<f4', 'shape': (1,)}"), "want descr"},
		"no dictionary": {head("(1,)"), "want {"},
		"truth":         {head("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}"), "True or False"},
		"commas":        {head("{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}"), "a comma"},
		"tuple":         {head("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}"), "a comma"},
		"after":         {head("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x"), "the end"},
		"string":        {head("{'descr"), "a string"},
		"bool":          {file("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", 1, 2), "element 1"},
	} {
		_, err := Read(bytes.NewReader(c.b))
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), "\n")
	}
}

// TestMemory: a header that promises much costs no more than the file has.
func TestMemory(t *testing.T) {
	b := file("{'descr': '|u1', 'fortran_order': False, 'shape': (2000000000,)}", make([]byte, 1000)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(bytes.NewReader(b))
	runtime.ReadMemStats(&after)
	require.Error(t, err)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}

func TestZip(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.npz")
	arrays := map[string]tensor.Array{"x": sample(tensor.Float32, 2, 3), "deep/y": sample(tensor.Int64), "": sample(tensor.Bool, 0)}
	require.NoError(t, WriteZipFile(path, arrays))
	got, err := ReadZipFile(path)
	require.NoError(t, err)
	require.Len(t, got, len(arrays))
	for name, a := range arrays {
		require.Equal(t, a.Type(), got[name].Type())
		require.Equal(t, a.Bytes(), got[name].Bytes())
	}
	require.Error(t, WriteZipFile(path, map[string]tensor.Array{"b": sample(tensor.BFloat16, 1)}))
	_, err = os.Stat(path)
	require.ErrorIs(t, err, os.ErrNotExist, "what was half written is taken away")

	npy := written(t, sample(tensor.Uint8, 3))
	archive := func(names ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, n := range names {
			w, err := z.Create(n)
			require.NoError(t, err)
			w.Write(npy)
			if n == "long.npy" {
				w.Write([]byte{0})
			}
		}
		require.NoError(t, z.Close())
		return b.Bytes()
	}
	for want, b := range map[string][]byte{
		"two arrays": archive("x.npy", "x.npy"), "no .npy": archive("x.txt"), "after the array": archive("long.npy"), "zip": npy,
	} {
		_, err := ReadZip(bytes.NewReader(b), int64(len(b)))
		require.ErrorContains(t, err, want)
	}
	b := archive("x.npy")
	a, err := ReadZip(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err, "compressed")
	require.Equal(t, []int{0, 1, 2}, a["x"].Ints())
}

func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	a := sample(tensor.Float32, 3)
	require.NoError(t, WriteFile(path, a))
	got, err := ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, a.Bytes(), got.Bytes())
	_, err = ReadFile(path + ".absent")
	require.ErrorContains(t, err, "absent")
	_, err = ReadZipFile(path)
	require.ErrorContains(t, err, path)
	require.Error(t, WriteFile(filepath.Join(path, "below"), a))
}

// TestNumpy: numpy itself, where there is one, reads what is written here, and the other way round.
func TestNumpy(t *testing.T) {
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("there is no python3 with numpy")
	}
	dir := t.TempDir()
	require.NoError(t, WriteZipFile(filepath.Join(dir, "a.npz"), map[string]tensor.Array{"x": sample(tensor.Float32, 2, 3), "y": sample(tensor.Int16)}))
	script := fmt.Sprintf(`
import numpy as np
z = np.load(%[1]q + "/a.npz")
assert z["x"].dtype == np.float32 and z["x"].shape == (2, 3) and (z["x"].ravel() == np.arange(6)).all()
assert z["y"].dtype == np.int16 and z["y"].shape == () and z["y"] == 0
np.savez_compressed(%[1]q + "/b.npz", f=np.asfortranarray(np.arange(12, dtype=">f8").reshape(3, 4)), b=np.array([True, False]))
`, dir)
	out, err := exec.Command("python3", "-c", script).CombinedOutput()
	require.NoError(t, err, "%s", out)
	b, err := ReadZipFile(filepath.Join(dir, "b.npz"))
	require.NoError(t, err)
	require.Equal(t, tensor.T(tensor.Float64, 3, 4), b["f"].Type())
	require.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, b["f"].Ints())
	require.Equal(t, []bool{true, false}, tensor.Data[bool](b["b"]))
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, sample(tensor.Float32, 2, 3)))
	f.Add(file("{'descr': '>i4', 'fortran_order': True, 'shape': (2,1), }", 0, 0, 1, 2, 0xff, 0xff, 0xff, 0xff))
	f.Add(file("{'descr': '|b1', 'fortran_order': False, 'shape': ()}", 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		require.LessOrEqual(t, a.Type().Bytes(), len(b))
		again, err := Read(bytes.NewReader(written(t, a)))
		require.NoError(t, err)
		require.Equal(t, a.Type(), again.Type())
		require.Equal(t, a.Bytes(), again.Bytes())
	})
}

func FuzzReadZip(f *testing.F) {
	var b bytes.Buffer
	require.NoError(f, WriteZip(&b, map[string]tensor.Array{"x": sample(tensor.Float32, 2)}))
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		arrays, err := ReadZip(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		require.NoError(t, WriteZip(io.Discard, arrays))
	})
}
