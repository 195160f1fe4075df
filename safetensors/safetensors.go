// Package safetensors reads and writes weights by name in the safetensors format, PyTorch's usual export.
//
//	f, err := safetensors.Open("model.safetensors")
//	defer f.Close()
//	w, err := f.Float32s("conv1.weight", 64, 3, 7, 7)
//
// A file is a length of 8 bytes, a header in JSON that says of every tensor its type, its sizes and where its elements are, and the elements,
// little-endian (https://github.com/huggingface/safetensors).
package safetensors

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/tensor"
)

// maxHeader is the most bytes of a header, as the format has it.
const maxHeader = 100_000_000

const metadataKey = "__metadata__"

var dtypes = map[string]tensor.DType{
	"BOOL": tensor.Bool, "F16": tensor.Float16, "BF16": tensor.BFloat16, "F32": tensor.Float32, "F64": tensor.Float64,
	"I8": tensor.Int8, "I16": tensor.Int16, "I32": tensor.Int32, "I64": tensor.Int64,
	"U8": tensor.Uint8, "U16": tensor.Uint16, "U32": tensor.Uint32, "U64": tensor.Uint64,
}

// File is an open file. Its header is in memory; elements are read when they are asked for, by any number of goroutines.
type File struct {
	r        io.ReaderAt
	closer   io.Closer
	base     int64 // of the elements
	entries  map[string]entry
	metadata map[string]string
}

// entry is a tensor in a file.
type entry struct {
	typ  tensor.Type
	at   int64 // after base
	size int
	code string // of a type that there is none for here; typ says nothing then
}

// Open opens a file. Close it when all weights are read.
func Open(path string) (*File, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	info, err := in.Stat()
	if err == nil {
		var f *File
		if f, err = parse(in, info.Size()); err == nil {
			f.closer = in
			return f, nil
		}
	}
	in.Close()
	return nil, fmt.Errorf("safetensors: %s: %w", path, err)
}

// New reads the header of a file of so many bytes. r is used as long as the File is.
func New(r io.ReaderAt, size int64) (*File, error) {
	f, err := parse(r, size)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return f, nil
}

// Close closes a file that Open opened.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

func parse(r io.ReaderAt, size int64) (*File, error) {
	var length [8]byte
	if size < int64(len(length)) {
		return nil, fmt.Errorf("the file has %d bytes, want 8 at least", size)
	}
	if _, err := r.ReadAt(length[:], 0); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader || int64(n) > size-int64(len(length)) {
		return nil, fmt.Errorf("the header has %d bytes, want at most %d", n, min(maxHeader, size-int64(len(length))))
	}
	f := &File{r: r, base: int64(len(length)) + int64(n), entries: make(map[string]entry)}
	head := json.NewDecoder(io.NewSectionReader(r, int64(len(length)), int64(n)))
	if err := f.header(head, size-f.base); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	return f, nil
}

// header reads the entries one by one: a name that comes twice is found that way. The tensors must fill the elements without gaps or overlaps, as
// the format wants it: nothing is hidden in a file.
func (f *File) header(d *json.Decoder, bytes int64) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("it is no JSON object: %w", cmpErr(err))
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name := t.(string)
		if name == metadataKey {
			if f.metadata != nil {
				return fmt.Errorf("a second %s", metadataKey)
			}
			f.metadata = make(map[string]string)
			if err := d.Decode(&f.metadata); err != nil {
				return fmt.Errorf("%s: %w", metadataKey, err)
			}
			continue
		}
		if _, twice := f.entries[name]; twice {
			return fmt.Errorf("two tensors are called %q", name)
		}
		e, err := readEntry(d, bytes)
		if err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
		f.entries[name] = e
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON object")
	}
	names := slices.SortedFunc(maps.Keys(f.entries), func(a, b string) int {
		x, y := f.entries[a], f.entries[b]
		if x.at != y.at {
			return int(max(min(x.at-y.at, 1), -1))
		}
		if x.size != y.size {
			return x.size - y.size
		}
		return strings.Compare(a, b)
	})
	at := int64(0)
	for _, name := range names {
		e := f.entries[name]
		if e.at != at {
			return fmt.Errorf("tensor %q begins at byte %d of the elements, want %d, where the one before it ends", name, e.at, at)
		}
		at += int64(e.size)
	}
	if at != bytes {
		return fmt.Errorf("the tensors end at byte %d of the elements, of which there are %d", at, bytes)
	}
	return nil
}

// cmpErr is an error where there may be none.
func cmpErr(err error) error {
	if err == nil {
		return errors.New("another kind of value")
	}
	return err
}

func readEntry(d *json.Decoder, bytes int64) (e entry, err error) {
	var v struct {
		DType   string  `json:"dtype"`
		Shape   []int64 `json:"shape"`
		Offsets []int64 `json:"data_offsets"`
	}
	if err := d.Decode(&v); err != nil {
		return e, err
	}
	if len(v.Offsets) != 2 || v.Offsets[0] < 0 || v.Offsets[1] < v.Offsets[0] || v.Offsets[1] > bytes {
		return e, fmt.Errorf("data_offsets are %d, want two from 0 to %d", v.Offsets, bytes)
	}
	n := v.Offsets[1] - v.Offsets[0]
	e.at, e.size = v.Offsets[0], int(n)
	if int64(e.size) != n {
		return e, fmt.Errorf("%d bytes, which overflow the address space", n)
	}
	dtype, ok := dtypes[v.DType]
	if v.DType == "" {
		return e, errors.New("there is no dtype")
	}
	if !ok {
		e.code = v.DType
		return e, nil
	}
	e.typ.DType = dtype
	if len(v.Shape) > tensor.MaxRank {
		return e, fmt.Errorf("%d axes, want at most %d", len(v.Shape), tensor.MaxRank)
	}
	for i, s := range v.Shape {
		if s < 0 || int64(int(s)) != s {
			return e, fmt.Errorf("axis %d is %d, want at least 0, and within the address space", i, s)
		}
		e.typ.Dims = e.typ.Dims.Append(int(s))
	}
	if err := e.typ.Check(); err != nil {
		return e, err
	}
	if e.typ.Bytes() != e.size {
		return e, fmt.Errorf("%d bytes, want %d for %v", e.size, e.typ.Bytes(), e.typ)
	}
	return e, nil
}

// Names lists the tensors, sorted.
func (f *File) Names() []string { return slices.Sorted(maps.Keys(f.entries)) }

// Metadata is what the file says of itself, by key.
func (f *File) Metadata() map[string]string { return maps.Clone(f.metadata) }

func (f *File) find(name string) (entry, error) {
	e, ok := f.entries[name]
	if !ok {
		return e, fmt.Errorf("safetensors: there is no tensor %q", name)
	}
	if e.code != "" {
		return e, fmt.Errorf("safetensors: tensor %q: its elements are %q, which is not supported", name, e.code)
	}
	return e, nil
}

// Type is the type of a tensor.
func (f *File) Type(name string) (tensor.Type, error) {
	e, err := f.find(name)
	return e.typ, err
}

// Tensor reads a tensor.
func (f *File) Tensor(name string) (tensor.Array, error) {
	e, err := f.find(name)
	if err != nil {
		return tensor.Array{}, err
	}
	a := tensor.NewArray(e.typ)
	if _, err := io.ReadFull(io.NewSectionReader(f.r, f.base+e.at, int64(e.size)), a.Bytes()); err != nil {
		return tensor.Array{}, fmt.Errorf("safetensors: tensor %q: %w", name, err)
	}
	if e.typ.DType == tensor.Bool {
		if i := bytes.IndexFunc(a.Bytes(), func(r rune) bool { return r > 1 }); i >= 0 {
			return tensor.Array{}, fmt.Errorf("safetensors: tensor %q: element %d of bool is neither 0 nor 1", name, i)
		}
	}
	return a, nil
}

// Float32s reads a tensor of floating-point numbers as float32, to which other types are converted. If sizes are given they must be the tensor's.
func (f *File) Float32s(name string, sizes ...int) ([]float32, error) {
	typ, err := f.Type(name)
	if err != nil {
		return nil, err
	}
	if !typ.DType.IsFloat() {
		return nil, fmt.Errorf("safetensors: tensor %q is %v, want floating-point numbers", name, typ)
	}
	if len(sizes) > 0 && !slices.Equal(sizes, typ.Dims.Slice()) {
		return nil, fmt.Errorf("safetensors: tensor %q is %v, want sizes %d", name, typ, sizes)
	}
	a, err := f.Tensor(name)
	if err != nil {
		return nil, err
	}
	if typ.DType == tensor.Float32 {
		return tensor.Data[float32](a), nil
	}
	x := make([]float32, a.Len())
	for i := range x {
		x[i] = float32(a.Float(i))
	}
	return x, nil
}

// Write writes tensors, the types with the largest elements first and by name among each type, so that all are aligned. Metadata may be nil.
func Write(w io.Writer, tensors map[string]tensor.Array, metadata map[string]string) error {
	type entry struct {
		DType   string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets [2]int `json:"data_offsets"`
	}
	names := slices.SortedFunc(maps.Keys(tensors), func(a, b string) int {
		if d := tensors[b].DType().Size() - tensors[a].DType().Size(); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	header := make(map[string]any)
	if metadata != nil {
		header[metadataKey] = metadata
	}
	at := 0
	for _, name := range names {
		a := tensors[name]
		if name == metadataKey || !a.Valid() {
			return fmt.Errorf("safetensors: tensor %q has that name, or is no tensor", name)
		}
		e := entry{Shape: a.Dims().Slice()}
		for code, d := range dtypes {
			if d == a.DType() {
				e.DType = code
			}
		}
		e.Offsets[0] = at
		at += a.Type().Bytes()
		e.Offsets[1] = at
		header[name] = e
	}
	head, err := json.Marshal(header)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	head = append(head, bytes.Repeat([]byte(" "), -len(head)&7)...)
	if len(head) > maxHeader {
		return fmt.Errorf("safetensors: the header has %d bytes, want at most %d", len(head), maxHeader)
	}
	out := bufio.NewWriter(w)
	out.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(head))))
	out.Write(head)
	for _, name := range names {
		out.Write(tensors[name].Bytes())
	}
	if err := out.Flush(); err != nil { // the first error of all that was written
		return fmt.Errorf("safetensors: %w", err)
	}
	return nil
}
