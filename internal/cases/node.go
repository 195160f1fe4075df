package cases

import (
	"encoding/json"
	"fmt"
)

// Node is one operator. An input name "" means that the optional input is not given.
type Node struct {
	Op, Domain      string
	Inputs, Outputs []string
	Attrs           map[string]json.RawMessage
}

// Input returns the name of input i, "" when it is not given.
func (n *Node) Input(i int) string {
	if i < len(n.Inputs) {
		return n.Inputs[i]
	}
	return ""
}

// Has reports whether the attribute is given.
func (n *Node) Has(name string) bool { _, ok := n.Attrs[name]; return ok }

// Int returns an integer attribute, or def when it is not given.
func (n *Node) Int(name string, def int) int { return attr(n, name, def) }

// Ints returns a list of integers, or def when it is not given.
func (n *Node) Ints(name string, def ...int) []int { return attr(n, name, def) }

// Float returns a number, or def when it is not given.
func (n *Node) Float(name string, def float64) float64 { return attr(n, name, def) }

// String returns a string, or def when it is not given.
func (n *Node) String(name, def string) string { return attr(n, name, def) }

// Bool returns a boolean, or def when it is not given.
func (n *Node) Bool(name string, def bool) bool { return attr(n, name, def) }

// attr panics where the attribute is of another type: the caller has misread the operator.
func attr[T any](n *Node, name string, def T) T {
	raw, ok := n.Attrs[name]
	if !ok {
		return def
	}
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		panic(fmt.Sprintf("cases: %s: attribute %s is %s: %v", n.Op, name, raw, err))
	}
	return v
}

// Opset is the version of the operator set that a file's attributes follow, 0 when it says nothing.
type Opset int

// UnmarshalJSON reads a number, or a map by domain of which the default domain counts, "" or "ai.onnx".
func (o *Opset) UnmarshalJSON(b []byte) error {
	var byDomain map[string]int
	if json.Unmarshal(b, &byDomain) == nil {
		*o = Opset(max(byDomain[""], byDomain["ai.onnx"]))
		return nil
	}
	return json.Unmarshal(b, (*int)(o))
}
