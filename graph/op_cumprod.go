package graph

import "github.com/simdnn/simdnn/tensor"

// CumProd is the products of the elements along an axis up to each: without it with Exclusive, from the end with Reverse. The axis is the second input.
type CumProd struct{ Exclusive, Reverse bool }

func (o CumProd) Infer(in []Arg) ([]tensor.Type, error) { return CumSum(o).Infer(in) }

func (o CumProd) Eval(out, in []tensor.Array) error {
	return cumulate(out, in, o.Exclusive, o.Reverse, 1, func(a, b float64) float64 { return a * b }, func(a, b int64) int64 { return a * b })
}
