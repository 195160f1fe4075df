// Package npy reads and writes arrays in numpy's formats: .npy files with one array, and .npz archives of them.
//
//	a, err := npy.ReadFile("x.npy")
//	err = npy.WriteFile("y.npy", a)
//
// The format is that of numpy.lib.format, versions 1 to 3. Elements are numbers and truth values of either byte order and in either order of axes;
// arrays here are row-major.
package npy

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/tensor"
)

const (
	magic     = "\x93NUMPY"
	maxHeader = 1 << 16 // bytes of a header, which for an array of numbers has about a hundred
	align     = 64      // of the first element in the file
)

// codes are numpy's names for types of elements, without the byte order.
var codes = map[string]tensor.DType{
	"f2": tensor.Float16, "f4": tensor.Float32, "f8": tensor.Float64, "b1": tensor.Bool,
	"i1": tensor.Int8, "i2": tensor.Int16, "i4": tensor.Int32, "i8": tensor.Int64,
	"u1": tensor.Uint8, "u2": tensor.Uint16, "u4": tensor.Uint32, "u8": tensor.Uint64,
}

// ReadFile reads a .npy file.
func ReadFile(path string) (tensor.Array, error) {
	f, err := os.Open(path)
	if err != nil {
		return tensor.Array{}, fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	a, err := read(bufio.NewReader(f))
	if err != nil {
		return a, fmt.Errorf("npy: %s: %w", path, err)
	}
	return a, nil
}

// WriteFile writes a .npy file.
func WriteFile(path string, a tensor.Array) error {
	return create(path, func(w io.Writer) error { return Write(w, a) })
}

// create makes a file, and takes it away again if it could not be written.
func create(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	w := bufio.NewWriter(f)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(path)
		return fmt.Errorf("npy: %s: %w", path, err)
	}
	return nil
}

// Read reads one array, and nothing that comes after it. The memory it takes is in proportion to what there is to read, whatever the header says.
func Read(r io.Reader) (tensor.Array, error) {
	a, err := read(r)
	if err != nil {
		return a, fmt.Errorf("npy: %w", err)
	}
	return a, nil
}

func read(r io.Reader) (a tensor.Array, err error) {
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return a, fmt.Errorf("the file ends in its first 8 bytes: %w", short(err))
	}
	if string(start[:6]) != magic {
		return a, fmt.Errorf("the first bytes are %q, want %q", start[:6], magic)
	}
	size := make([]byte, 2)
	if v := start[6]; v < 1 || v > 3 {
		return a, fmt.Errorf("version of the format is %d, want 1 to 3", v)
	} else if v > 1 {
		size = make([]byte, 4)
	}
	if _, err := io.ReadFull(r, size); err != nil {
		return a, fmt.Errorf("the file ends in its header: %w", short(err))
	}
	n := uint32(binary.LittleEndian.Uint16(size))
	if len(size) == 4 {
		n = binary.LittleEndian.Uint32(size)
	}
	if n > maxHeader {
		return a, fmt.Errorf("the header has %d bytes, want at most %d", n, maxHeader)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return a, fmt.Errorf("the file ends in its header of %d bytes: %w", n, short(err))
	}
	h, err := parseHeader(string(text))
	if err != nil {
		return a, fmt.Errorf("header: %w", err)
	}
	var data bytes.Buffer
	if got, err := io.CopyN(&data, r, int64(h.typ.Bytes())); err != nil {
		return a, fmt.Errorf("%d bytes of elements, want %d for %v: %w", got, h.typ.Bytes(), h.typ, short(err))
	}
	b := data.Bytes()
	if h.swapped {
		for e := range slices.Chunk(b, h.typ.DType.Size()) {
			slices.Reverse(e)
		}
	}
	if h.typ.DType == tensor.Bool {
		for i, v := range b {
			if v > 1 {
				return a, fmt.Errorf("element %d of bool is %d, want 0 or 1", i, v)
			}
		}
	}
	a = tensor.FromBytes(h.typ, b)
	if h.fortran && h.typ.Dims.Rank() > 1 {
		a = rowMajor(a)
	}
	return a, nil
}

// short names what is wrong with a file that ends too early.
func short(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// rowMajor reorders elements whose first axis runs fastest.
func rowMajor(a tensor.Array) tensor.Array {
	d, size := a.Dims(), a.DType().Size()
	out := tensor.NewArray(a.Type())
	var at [tensor.MaxRank]int
	for i := range a.Len() {
		from := 0
		for axis := d.Rank() - 1; axis >= 0; axis-- {
			from = from*d.At(axis) + at[axis]
		}
		copy(out.Bytes()[i*size:][:size], a.Bytes()[from*size:])
		for axis := d.Rank() - 1; axis >= 0; axis-- {
			if at[axis]++; at[axis] < d.At(axis) {
				break
			}
			at[axis] = 0
		}
	}
	return out
}

// Write writes an array. There is no type of numpy's for bfloat16.
func Write(w io.Writer, a tensor.Array) error {
	code := ""
	for c, d := range codes {
		if d == a.DType() {
			code = c
		}
	}
	if code == "" {
		return fmt.Errorf("npy: elements are %v, for which numpy has no type", a.DType())
	}
	order := "<"
	if a.DType().Size() == 1 {
		order = "|"
	}
	var shape strings.Builder
	for _, n := range a.Dims().Slice() {
		fmt.Fprintf(&shape, "%d, ", n)
	}
	s := strings.TrimSuffix(shape.String(), " ")
	if a.Dims().Rank() > 1 {
		s = strings.TrimSuffix(s, ",") // a tuple of one alone has a comma at its end
	}
	head := fmt.Sprintf("{'descr': '%s%s', 'fortran_order': False, 'shape': (%s), }", order, code, s)
	const before = len(magic) + 4
	head += strings.Repeat(" ", align-1-(before+len(head))%align) + "\n"
	b := append([]byte(magic), 1, 0)
	b = append(binary.LittleEndian.AppendUint16(b, uint16(len(head))), head...)
	for _, part := range [][]byte{b, a.Bytes()} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("npy: %w", err)
		}
	}
	return nil
}
