package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// Whole networks of bytes: the networks that are measured in float32, as this library quantises them, in ONNX files that both read.

const (
	quantisedNets    = "quantised" // the value of -onnx that stands for them
	quantisedSamples = 2
	quantisedBound   = 0.1 // how far answers of two libraries may differ, in terms of the largest: rounding moves a step here and there, and on from layer to layer
)

// quantisedCases writes the files into a directory, those whose names match the flags.
func (o *options) quantisedCases(dir string) (list []*fileCase, err error) {
	nets, _, err := wholeCases(1)
	if err != nil {
		return nil, err
	}
	for _, c := range nets {
		if !o.layers.MatchString(c.Model) {
			continue
		}
		path := filepath.Join(dir, c.Model+".onnx")
		if err := writeQuantised(c, path); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Model, err)
		}
		f, err := pathCase(path, nil)
		if err != nil {
			return nil, err
		}
		f.bound = quantisedBound
		list = append(list, f)
	}
	return list, nil
}

// writeQuantised quantises a whole network by the ranges that made-up pictures have in it.
func writeQuantised(c *Case, path string) error {
	m, err := c.model()
	if err != nil {
		return err
	}
	data, err := onnxNetwork(m, m.InShape, []int{c.N, c.OutC})
	if err != nil {
		return err
	}
	file, err := onnx.Read(bytes.NewReader(data))
	if err != nil {
		return err
	}
	q, err := file.Quantize(onnx.Quantization{
		Samples: quantisedSamples,
		Sample: func(i int) ([]tensor.Array, error) {
			a := tensor.NewArray(tensor.Type{DType: tensor.Float32, Dims: tensor.D(m.InShape...)})
			x := make([]float32, a.Len())
			fill(x, seedX+uint32(i))
			for k, v := range x {
				a.SetFloat(k, float64(v))
			}
			return []tensor.Array{a}, nil
		},
	})
	if err != nil {
		return err
	}
	if len(q.Float) > 0 {
		return fmt.Errorf("%d products stay in float32, the first of them %s", len(q.Float), q.Float[0])
	}
	return os.WriteFile(path, q.File, 0o600)
}
