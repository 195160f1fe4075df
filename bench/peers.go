package main

import (
	"fmt"

	"github.com/simdnn/simdnn/asm"
)

// openPeer loads a library into this process.
func openPeer(name string, paths []string, threads int) (library, error) {
	switch name {
	case "simdnn": // for ONNX files, where memory is measured
		set, err := asm.Kernels()
		if err != nil {
			return nil, err
		}
		return &simdnnLib{set: set, threads: threads}, nil
	case "openblas", "blis":
		return openBLAS(name, paths, threads)
	case "onednn":
		return openOneDNN(paths)
	case "onnxruntime":
		return openORT(paths, threads)
	}
	return nil, fmt.Errorf("unknown peer %q", name)
}
