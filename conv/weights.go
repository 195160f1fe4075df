package conv

import (
	"sync"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
)

// Packed is the weights of one convolution as kernels read them, for plans that share them: plans for several batches or sizes of pictures. The kernels
// want weights in an order of their own, which depends on the plan: each order is made once, for the first plan that wants it, and kept
// as long as the Packed. The zero value has none yet. Any number of goroutines may plan with the same Packed.
type Packed struct {
	mu     sync.Mutex
	orders map[format][]float32
	most   float32 // the largest magnitude of the weights, +Inf where one is not finite: of no meaning before there are orders
}

// Bytes is the memory that has been taken for the orders that kernels want.
func (c *Packed) Bytes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, p := range c.orders {
		n += 4 * len(p)
	}
	return n
}

// magnitude is the largest magnitude of the weights.
func (c *Packed) magnitude(weights []float32) float32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.orders == nil {
		c.orders = make(map[format][]float32)
		c.most = magnitude(weights)
	}
	return c.most
}

// format is an order of packed weights. Plans of the same weights whose formats are equal read the same memory.
type format struct {
	name                 string // of who reads it
	kernels              *asm.Set
	outC, groups, kh, kw int
	turned               bool
	panel                int // columns of the widest panel, where panels of several widths are chosen from
	chunk                int // input channels of a sum, where they are divided
}

// weights are those of the plan that is being made: OIHW with the axes as they were given, and what is packed already.
type weights struct {
	oihw   []float32
	packed *Packed
}

// pack returns the weights in the plan's format, of which the builder gives what the plan does not say. It calls arrange, which is given OIHW
// weights with the plan's axes, if no plan before has wanted this format.
func (pl *Plan) pack(w weights, f format, arrange func(oihw []float32) []float32) []float32 {
	p := &pl.p
	f.kernels, f.turned = p.Kernels, pl.turned
	f.outC, f.groups, f.kh, f.kw = p.OutC, p.Groups, p.Window.KernelH, p.Window.KernelW
	w.packed.mu.Lock()
	defer w.packed.mu.Unlock()
	packed, ok := w.packed.orders[f]
	if !ok {
		if w.packed.orders == nil {
			w.packed.orders = make(map[format][]float32)
		}
		oihw := w.oihw
		if pl.turned {
			oihw = turnWeights(oihw, f.kw, f.kh)
		}
		packed = arrange(oihw)
		w.packed.orders[f] = packed
	}
	pl.packed = packed
	return packed
}

// WeightBytes is the size of the weights in the order that the plan's kernels read, which other plans may share.
func (pl *Plan) WeightBytes() int {
	n := 4 * len(pl.packed)
	for _, p := range pl.parts {
		n += p.WeightBytes()
	}
	return n
}

// WeightBytes is the memory that several plans take for them: weights that they share count once, and blocks with what lies unused beside them.
func WeightBytes(plans ...*Plan) int {
	seen := make(map[*float32]int)
	var look func(plans []*Plan)
	look = func(plans []*Plan) {
		for _, pl := range plans {
			seen[unsafe.SliceData(pl.packed)] = mem.Taken(4 * len(pl.packed))
			look(pl.parts)
		}
	}
	look(plans)
	n := 0
	for _, bytes := range seen {
		n += bytes
	}
	return n
}
