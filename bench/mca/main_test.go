package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInnerLoop(t *testing.T) {
	// An outer loop from 10, a small inner one at 14 and a larger one at 20.
	const text = `
0000000000000010 <x>:
      10:      	movi	v0.4s, #0
      14:      	fmla	v0.4s, v1.4s, v2.s[1]
      18:      	subs	x2, x2, #1
      1c:      	b.gt	0x14 <x+0x4>
      20:      	fmla	v0.4s, v1.4s, v2.s[1]
      24:      	fmla	v3.4s, v1.4s, v2.s[3] // a comment
      28:      	subs	x2, x2, #4
      2c:      	b.ge	0x20 <x+0x10>
      30:      	subs	x3, x3, #1
      34:      	b.gt	0x10 <x>
      38:      	b.gt	0x3c <x+0x2c>
      3c:      	ret
`
	require.Equal(t, []string{"fmla\tv0.4s, v1.4s, v2.s[1]", "fmla\tv3.4s, v1.4s, v2.s[3]", "subs\tx2, x2, #4"}, innerLoop(text))
	require.Nil(t, innerLoop("nothing"))

	// Code apart that jumps back into a loop: before its end, entered from before 8, and behind the return. A loop
	// may end with any jump.
	const apart = `
       0:      	vmulps	%zmm0, %zmm1, %zmm2
       4:      	jl	0xc <x+0xc>
       8:      	jmp	0x14 <x+0x14>
       c:      	vmovups	%zmm2, (%rdi)
      10:      	jmp	0x8 <x+0x8>
      14:      	je	0x20 <x+0x20>
      18:      	vaddps	%zmm0, %zmm1, %zmm2
      1c:      	jmp	0x14 <x+0x14>
      20:      	jg	0x0 <x>
      24:      	retq
      28:      	vmovups	%zmm3, (%rdi)
      2c:      	vmovups	%zmm4, (%rdi)
      30:      	jmp	0x18 <x+0x18>
`
	require.Equal(t, []string{"je\t8", "vaddps\t%zmm0, %zmm1, %zmm2"}, innerLoop(apart))
}

func TestParse(t *testing.T) {
	const report = `Iterations:        200
Instructions:      19200
Total Cycles:      8618
Total uOps:        25000

Dispatch Width:    3
uOps Per Cycle:    2.51

Resources:
[0]   - N1UnitB
[1.0] - N1UnitD
[1.1] - N1UnitD
[2]   - N1UnitV0


Resource pressure per iteration:
[0]    [1.0]  [1.1]  [2]    
 -      1.00   1.00   42.50  

Resource pressure by instruction:
`
	p, err := parse(report)
	require.NoError(t, err)
	require.Equal(t, prediction{43.09, "N1UnitV0", 42.5}, p)
	_, err = parse("")
	require.Error(t, err)
}
