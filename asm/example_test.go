package asm_test

import (
	"fmt"

	"github.com/simdnn/simdnn/asm"
)

// A program chooses an instruction set by name, the portable one for instance, and hands it on: as Kernels of conv.Params or layers.Options.
// Where nothing is chosen the best of the machine runs.
func ExampleFor() {
	set, err := asm.For(asm.Generic)
	if err != nil {
		panic(err)
	}
	fmt.Println(set.ISA)
	// Output: generic
}
