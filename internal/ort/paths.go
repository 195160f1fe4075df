package ort

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// Env is the environment variable that may name the shared library.
const Env = "ORT_LIB"

// Paths lists where the shared library may be, the most likely first: what the environment variable ORT_LIB names and
// nothing else; what npm install --ignore-scripts onnxruntime-node has put into this folder, those above it up to the
// root of the repository, or bench; what the system finds.
func Paths() []string {
	if p := os.Getenv(Env); p != "" {
		return []string{p}
	}
	var paths []string
	system := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	for _, dir := range []string{".", "bench", "..", "../.."} {
		for _, lib := range []string{"libonnxruntime.so.1", "libonnxruntime.*.dylib"} {
			found, _ := filepath.Glob(filepath.Join(dir, "node_modules/onnxruntime-node/bin/napi-v*", runtime.GOOS, system, lib))
			slices.Reverse(found)
			for _, f := range found {
				if abs, err := filepath.Abs(f); err == nil {
					paths = append(paths, abs)
				}
			}
		}
	}
	return append(paths, "libonnxruntime.so.1", "libonnxruntime.so", "libonnxruntime.dylib")
}
