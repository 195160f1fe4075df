package graph

import (
	"fmt"
	"slices"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/tensor"
)

// Options say how a graph is compiled. The zero value is what most want.
type Options struct {
	Kernels *asm.Set // nil means asm.Kernels()
	// Exact forbids convolutions that round differently from plain sums: Winograd's algorithm, whose error is about three
	// times that of a sum in float32.
	Exact bool
	// WeightLimit is a number of bytes for packed weights. Winograd's algorithm, whose weights are four times as many, is taken for as many convolutions,
	// the first ones first, as stay within it; plain weights are not refused. 0 means that there is no limit.
	WeightLimit int
	// Precision says which numbers the network computes with; the caller's and all sums are float32. A precision that would be slower with Kernels is an error, unless Force is set: that is for tests.
	Precision Precision
	Force     bool
	// ChannelsLast says that the caller's inputs and outputs with more than two axes lie channels last in memory: NHWC for what is called NCHW.
	ChannelsLast bool
	Off          []string // passes and rules that are left out, by name: for tests and for finding faults
	// Drop has the model keep no more of the graph than a pass needs: weights that kernels have packed are in memory once, and With is an error. For
	// machines with little memory. The graph itself must be let go by the caller too.
	Drop bool
	// Poison fills memory that holds nothing of use with NaN, before the first step and after each: a fault in the arrangement of memory shows
	// in the answer. It is for tests, and slow.
	Poison bool
}

// Precision says which numbers a network computes with.
type Precision uint8

const (
	// Float32 is the zero value.
	Float32 Precision = iota
	// BF16Linear rounds the weights of fully connected layers to bfloat16, which has 8 bits of significand: they take half the memory, and where a few rows
	// pass, and the memory binds, half the time.
	BF16Linear
	// BF16 is BF16Linear, and has convolutions whose groups have 16 channels and more multiply bfloat16, where kernels are faster with it: input and weights are rounded to 8 bits
	// of significand, sums are float32. What passes from one of them to another is bfloat16 in memory; other operators compute in float32.
	BF16
)

func (p Precision) String() string {
	switch p {
	case Float32:
		return "Float32"
	case BF16Linear:
		return "BF16Linear"
	case BF16:
		return "BF16"
	}
	return fmt.Sprintf("Precision(%d)", uint8(p))
}

// check refuses what is no precision, and what would be slower.
func (o *Options) checkPrecision() error {
	if o.Precision > BF16 {
		return fmt.Errorf("graph: Options.Precision is %v, want Float32, BF16Linear or BF16", o.Precision)
	}
	large := conv.Params{In: tensor.Shape{N: 1, C: 64, H: 14, W: 14}, OutC: 64, Window: tensor.Square(3, 1, 1), Kernels: o.Kernels}
	if o.Precision == BF16 && !o.Force && !conv.BF16Pays(large) {
		return fmt.Errorf("graph: Options.Precision is BF16, want Float32 or BF16Linear: with %v on this processor convolutions in float32 are faster", o.Kernels.ISA)
	}
	if o.Precision >= BF16Linear && !o.Force && !gemm.PaysBF16(o.Kernels) {
		return fmt.Errorf("graph: Options.Precision is %v, want Float32: on %v there are no kernels for bfloat16 that would be as fast", o.Precision, o.Kernels.ISA)
	}
	return nil
}

// outside is the order of the caller's memory.
func (o *Options) outside() order {
	if o.ChannelsLast {
		return channelsLast
	}
	return rowMajor
}

// Unfused are what Options.Off leaves out so that every operator has a step of its own.
func Unfused() []string { return []string{"qdq", "canon", "lookup", "fuse", "chain", "concat"} }

func (o *Options) off(name string) bool { return slices.Contains(o.Off, name) }

// pass rewrites a network.
type pass struct {
	name string
	run  func(w *net, o *Options) error
}

// passes in their order. What comes after them is lowering.
var passes = []pass{
	{"qdq", qdq},
	{"scales", foldScales},
	{"widen", widen},
	{"gemm", func(w *net, o *Options) error { return apply(w, o, []rule{{"gemm", fuseGemm}}) }},
	{"canon", canon},
	{"lookup", lookups},
	{"fuse", fuse},
	{"denormals", flushed},
	{"bfloat16", halve},
}

// Passes lists the names that Options.Off takes, rules included.
func Passes() []string {
	var names []string
	for _, p := range passes {
		names = append(names, p.name)
	}
	for _, r := range slices.Concat(qdqRules, canonRules, lookupRules, fuseRules) {
		names = append(names, r.name)
	}
	return append(names, "eval", "chain", "inplace", "concat")
}

// Compile makes a model of the graph, which stays as it is. The model shares the constants with it.
func (g *Graph) Compile(o Options) (*Model, error) { return g.compile(o, new(shared)) }

// compile makes a model that shares what it packs with others.
func (g *Graph) compile(o Options, s *shared) (*Model, error) {
	if len(g.outputs) == 0 {
		return nil, fmt.Errorf("graph: there are no outputs")
	}
	known := Passes()
	for _, name := range o.Off {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("graph: Options.Off has %q, want some of %q", name, known)
		}
	}
	var err error
	if o.Kernels, err = o.Kernels.Or(); err != nil {
		return nil, fmt.Errorf("graph: Options: %w", err)
	}
	if o.WeightLimit < 0 {
		return nil, fmt.Errorf("graph: Options.WeightLimit is %d, want at least 0", o.WeightLimit)
	}
	if err := o.checkPrecision(); err != nil {
		return nil, err
	}
	w, err := rewrite(g, &o, s)
	if err != nil {
		return nil, err
	}
	m, err := lower(g, w, o, s)
	if err == nil {
		m.ownPool()
	}
	return m, err
}

// rewrite runs the passes.
func rewrite(g *Graph, o *Options, s *shared) (*net, error) {
	w := newNet(g, s)
	for _, p := range passes {
		if o.off(p.name) {
			continue
		}
		if err := p.run(w, o); err != nil {
			return nil, fmt.Errorf("graph: pass %s: %w", p.name, err)
		}
		w.compact()
	}
	return w, nil
}

// rule rewrites the network around a node, the last of a pattern, and says whether it did.
type rule struct {
	name string
	try  func(w *net, n *Node) bool
}

// apply tries rules on every node until none fits. Each rule makes the network smaller, or an operator more special, so this ends.
func apply(w *net, o *Options, rules []rule) error {
	for again := true; again; {
		again = false
		for i := 0; i < len(w.nodes); i++ { // rules drop nodes and may not add any
			for _, r := range rules {
				if n := w.nodes[i]; n != nil && !o.off(r.name) && r.try(w, n) {
					again = true
				}
			}
		}
		w.compact()
	}
	return nil
}
