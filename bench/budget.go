package main

import "time"

// A budget is shared out among the classes of cases, and the groups of products, by what their cases weigh: a class that takes longer than its
// share, because the machine is busy, leaves out the rest of its own cases and not those of the classes after it.
type budget struct {
	left   map[string]time.Duration // of a class's share
	weight map[string]float64       // of its cases that are still to come
	begun  map[string]bool
}

// newBudget shares out the time for all cases. No limit is a budget of nil.
func newBudget(total time.Duration, cases []*Case) *budget {
	b := &budget{left: make(map[string]time.Duration), weight: make(map[string]float64), begun: make(map[string]bool)}
	for _, c := range cases {
		b.weight[c.share()] += weight(c)
	}
	b.add(total)
	return b
}

// add shares out some more time, among the classes that have cases to come.
func (b *budget) add(d time.Duration) {
	all := 0.0
	for _, w := range b.weight {
		all += w
	}
	for class, w := range b.weight {
		b.left[class] += time.Duration(float64(d) * w / all)
	}
}

// allowance is how long the next case may take. The first of a class is measured however little time there is, as
// quickly as can be.
func (b *budget) allowance(c *Case) (d time.Duration, ok bool) {
	if b == nil {
		return 1 << 62, true
	}
	class := c.share()
	first := !b.begun[class]
	b.begun[class] = true
	if d = time.Duration(float64(b.left[class]) * weight(c) / b.weight[class]); d <= 0 {
		return 0, first
	}
	return d, true
}

// spend notes that a case took so long (0 if it was left out). What a class did not need goes to the classes
// after it.
func (b *budget) spend(c *Case, d time.Duration) {
	if b == nil {
		return
	}
	class := c.share()
	b.left[class] -= d
	if b.weight[class] -= weight(c); b.weight[class] > tiny {
		return
	}
	rest := b.left[class]
	delete(b.weight, class)
	if rest > 0 && len(b.weight) > 0 {
		b.add(rest)
	}
}

// tiny is less than any case weighs, and more than rounding leaves of a sum of weights.
const tiny = 1e-3

// weight is how much of the time a case is given, in comparison with others: some for its setting up,
// and some for its size.
func weight(c *Case) float64 { return 0.1 + c.flops()/2.5e9 }

// share names what has a share of the budget of its own: a class, and of products each group.
func (c *Case) share() string { return c.class() + " " + c.Group }

// class is the kind of work that a case belongs to, whatever the layout.
func (c *Case) class() string {
	switch {
	case c.kind() == kindGemm && c.Double:
		return "DGEMM"
	case c.kind() == kindGemm:
		return "SGEMM"
	case c.kind() == kindPool:
		return "pooling"
	case c.kind() == kindNet:
		return "whole networks"
	case c.depthwise():
		return "depthwise"
	}
	return "convolution"
}
