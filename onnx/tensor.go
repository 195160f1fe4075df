package onnx

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"

	"github.com/simdnn/simdnn/tensor"
)

// array returns the elements of a tensor of the file. Raw ones are not copied if they are aligned.
func (f *File) array(t *tensorProto) (tensor.Array, error) {
	if a, ok := f.consts[t]; ok {
		return a, nil
	}
	a, err := f.decode(t)
	if err != nil {
		return a, fmt.Errorf("tensor %q: %w", t.name, err)
	}
	f.consts[t] = a
	return a, nil
}

func (f *File) decode(t *tensorProto) (a tensor.Array, err error) {
	typ := tensor.Type{}
	if typ.DType, err = dtype(t.dtype); err != nil {
		return a, err
	}
	if len(t.dims) > tensor.MaxRank {
		return a, fmt.Errorf("%d axes, want at most %d", len(t.dims), tensor.MaxRank)
	}
	for i, d := range t.dims {
		if d < 0 || d > math.MaxInt {
			return a, fmt.Errorf("axis %d is %d, want at least 0", i, d)
		}
		typ.Dims = typ.Dims.Append(int(d))
	}
	if err := typ.Check(); err != nil {
		return a, err
	}
	if t.isExtern {
		return f.external(typ, t.external)
	}
	if t.hasRaw {
		if len(t.raw) != typ.Bytes() {
			return a, fmt.Errorf("raw_data has %d bytes, want %d for %v", len(t.raw), typ.Bytes(), typ)
		}
		return tensor.FromBytes(typ, t.raw), nil
	}
	n := typ.Elems()
	have, name := len(t.ints), "int32_data"
	switch typ.DType {
	case tensor.Float32:
		have, name = len(t.floats), "float_data"
	case tensor.Float64:
		have, name = len(t.doubles), "double_data"
	case tensor.Int64:
		have, name = len(t.longs), "int64_data"
	case tensor.Uint64, tensor.Uint32:
		have, name = len(t.ulongs), "uint64_data"
	}
	if have != n {
		return a, fmt.Errorf("%s has %d elements, want %d for %v", name, have, n, typ)
	}
	switch typ.DType {
	case tensor.Float32:
		return tensor.Of(typ.Dims, t.floats), nil
	case tensor.Float64:
		return tensor.Of(typ.Dims, t.doubles), nil
	case tensor.Int64:
		return tensor.Of(typ.Dims, t.longs), nil
	case tensor.Uint64:
		return tensor.Of(typ.Dims, t.ulongs), nil
	}
	a = tensor.NewArray(typ)
	for i := range n {
		switch typ.DType {
		case tensor.Float16, tensor.BFloat16: // the bits, in an integer
			binary.LittleEndian.PutUint16(a.Bytes()[2*i:], uint16(t.ints[i]))
		case tensor.Uint32:
			a.SetInt(i, int64(t.ulongs[i]))
		default:
			a.SetInt(i, int64(t.ints[i]))
		}
	}
	return a, nil
}

// external reads elements from a file beside the network's own.
func (f *File) external(typ tensor.Type, where map[string]string) (a tensor.Array, err error) {
	path := where["location"]
	if f.dir == "" {
		return a, fmt.Errorf("the elements lie in %q, beside the file: use Open", path)
	}
	root, err := os.OpenRoot(f.dir) // it refuses what lies outside, links included
	if err != nil {
		return a, err
	}
	defer root.Close()
	in, err := root.Open(path)
	if err != nil {
		return a, fmt.Errorf("the elements lie in %q: %w", path, err)
	}
	defer in.Close()
	offset, length := int64(0), int64(typ.Bytes())
	for name, to := range map[string]*int64{"offset": &offset, "length": &length} {
		if s, ok := where[name]; ok {
			if *to, err = strconv.ParseInt(s, 10, 64); err != nil || *to < 0 {
				return a, fmt.Errorf("%s in %q is %q, want a number of bytes", name, path, s)
			}
		}
	}
	info, err := in.Stat()
	if err != nil {
		return a, err
	}
	if length != int64(typ.Bytes()) || offset > info.Size() || length > info.Size()-offset {
		return a, fmt.Errorf("%d bytes from %d on of %q, which has %d; want %d for %v", length, offset, path, info.Size(), typ.Bytes(), typ)
	}
	a = tensor.NewArray(typ)
	_, err = io.ReadFull(io.NewSectionReader(in, offset, length), a.Bytes())
	return a, err
}
