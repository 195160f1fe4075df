package onnx

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
)

// FuzzRead gives the reader files that lie: it must return a network or an error, without a panic, and with memory in proportion to the file.
func FuzzRead(f *testing.F) {
	f.Add(tiny())
	if dir, _, err := cases.Find(); err == nil && dir != "" {
		paths, _ := filepath.Glob(filepath.Join(dir, "onnxfiles", "hostile", "*.onnx"))
		for _, p := range paths {
			if b, err := os.ReadFile(p); err == nil && len(b) < 4096 {
				f.Add(b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		file, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		g, err := file.Graph(Options{})
		if err == nil && inputBytes(g) < 1<<20 {
			m, err := g.Compile(graph.Options{})
			if err == nil {
				_ = m.Steps()
			}
		}
		runtime.ReadMemStats(&after)
		// Folding may take 16 MiB, and the inputs and constants; planning a convolution some more.
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 256<<20 {
			t.Fatalf("%d bytes of memory for a file of %d", taken, len(b))
		}
	})
}

func inputBytes(g *graph.Graph) int {
	n := 0
	for _, p := range g.Inputs() {
		n += p.Type.Bytes()
	}
	return n
}
