//go:build linux || darwin

package main

import "fmt"

// openPeer loads a library into this process.
func openPeer(name string, paths []string, threads int) (library, error) {
	switch name {
	case "openblas", "blis":
		return openBLAS(name, paths, threads)
	case "onednn":
		return openOneDNN(paths)
	case "onnxruntime":
		return openORT(paths, threads)
	}
	return nil, fmt.Errorf("unknown peer %q", name)
}
