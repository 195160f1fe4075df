// Package simdnn has the documentation of its module: SIMD kernels for convolutional neural networks, hand-written assembly chosen at run time by
// the processor's features, with a portable Go kernel beside every one of them and no cgo.
//
// Package layers builds networks from layers, onnx reads them from files, and graph has the operators that both become; vision makes tensors of
// pictures. Packages gemm, conv and pool stand on their own below them.
package simdnn
