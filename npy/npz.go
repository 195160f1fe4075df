package npy

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/tensor"
)

const ext = ".npy"

// ReadZip reads all arrays of an .npz archive of so many bytes, by name, compressed ones too: these may take some thousand times the memory of
// the archive.
func ReadZip(r io.ReaderAt, size int64) (map[string]tensor.Array, error) {
	arrays, err := readZip(r, size)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return arrays, nil
}

func readZip(r io.ReaderAt, size int64) (map[string]tensor.Array, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	arrays := make(map[string]tensor.Array)
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ext)
		if !ok {
			return nil, fmt.Errorf("%q is no %s file", f.Name, ext)
		}
		if _, twice := arrays[name]; twice {
			return nil, fmt.Errorf("two arrays are called %q", name)
		}
		in, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%q: %w", f.Name, err)
		}
		a, err := read(in)
		if err == nil { // to the end, where the checksum is compared
			var n int64
			if n, err = io.Copy(io.Discard, in); err == nil && n > 0 {
				err = fmt.Errorf("%d bytes after the array", n)
			}
		}
		in.Close()
		if err != nil {
			return nil, fmt.Errorf("%q: %w", f.Name, err)
		}
		arrays[name] = a
	}
	return arrays, nil
}

// ReadZipFile reads an .npz file.
func ReadZipFile(path string) (map[string]tensor.Array, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	arrays, err := readZip(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("npy: %s: %w", path, err)
	}
	return arrays, nil
}

// WriteZip writes arrays as an .npz archive, sorted by name and not compressed, as numpy.savez does.
func WriteZip(w io.Writer, arrays map[string]tensor.Array) error {
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		out, err := z.CreateHeader(&zip.FileHeader{Name: name + ext, Method: zip.Store})
		if err != nil {
			return fmt.Errorf("npy: %q: %w", name, err)
		}
		if err := Write(out, arrays[name]); err != nil {
			return fmt.Errorf("%w, array %q", err, name)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// WriteZipFile writes an .npz file.
func WriteZipFile(path string, arrays map[string]tensor.Array) error {
	return create(path, func(w io.Writer) error { return WriteZip(w, arrays) })
}
