package onnx

import (
	"encoding/binary"
	"math"
)

// Files for tests, written field by field.

// fileTensor is an initializer of float32.
func fileTensor(name string, dims []int64, x []float32) message {
	var m message
	for _, d := range dims {
		m = m.number(1, d)
	}
	var raw []byte
	for _, v := range x {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return m.number(2, 1).text(8, name).bytes(9, raw)
}

// filePort is an input or output of float32; a size of 0 is open and called "batch".
func filePort(name string, dims ...int64) message {
	var shape message
	for _, d := range dims {
		if d == 0 {
			shape = shape.bytes(1, message(nil).text(2, "batch"))
		} else {
			shape = shape.bytes(1, message(nil).number(1, d))
		}
	}
	return message(nil).text(1, name).bytes(2, message(nil).bytes(1, message(nil).number(1, 1).bytes(2, shape)))
}

// tiny is a file with a convolution, a function and a batch that is left open.
func tiny() []byte {
	conv := message(nil).text(1, "x").text(1, "w").text(2, "c").text(3, "conv0").text(4, "Conv")
	relu := message(nil).text(1, "c").text(2, "y").text(3, "relu0").text(4, "Relu")
	w := make([]float32, 2*3*3*3)
	for i := range w {
		w[i] = float32(i%5 - 2)
	}
	g := message(nil).bytes(1, conv).bytes(1, relu).text(2, "tiny").bytes(5, fileTensor("w", []int64{2, 3, 3, 3}, w)).
		bytes(11, filePort("x", 0, 3, 8, 8)).bytes(12, filePort("y", 0, 2, 6, 6))
	return message(nil).number(1, 8).text(2, "test").bytes(7, g).bytes(8, message(nil).number(2, 17)).bytes(14, message(nil).text(1, "key").text(2, "value"))
}
