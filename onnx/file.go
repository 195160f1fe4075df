// Package onnx reads networks from ONNX files.
//
//	model, err := onnx.Load("model.onnx", onnx.Options{})
//	session := model.NewSession(0)
//	session.Run(outputs, inputs)
//
// Operator sets from 7 on are understood; what older ones say in other ways is rewritten into the operators of package graph. Files of the
// first versions that say the same in today's way work too.
package onnx

import (
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/tensor"
)

// maxOpset is the newest version of the standard's operator set that is understood.
const maxOpset = 26

// File is a network as its file has it.
type File struct {
	m      *modelProto
	opsets map[string]int64
	dir    string // of external data; "" where there is none
	consts map[*tensorProto]tensor.Array
	path   string
}

// Port is an input or an output of a file. Sizes that the file leaves open are -1, and have a name in Symbols if it gives one.
type Port struct {
	Name    string
	DType   tensor.DType
	Sizes   []int
	Symbols []string
}

func (p Port) String() string {
	var s []string
	for i, n := range p.Sizes {
		switch {
		case n >= 0:
			s = append(s, fmt.Sprint(n))
		case p.Symbols[i] != "":
			s = append(s, p.Symbols[i])
		default:
			s = append(s, "?")
		}
	}
	return fmt.Sprintf("%s %v [%s]", p.Name, p.DType, strings.Join(s, ", "))
}

// Open reads a file. Weights that lie in other files are read from beside it, and never from outside its folder.
func Open(path string) (*File, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	f, err := parse(b, filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("onnx: %s: %w", path, err)
	}
	f.path = path
	return f, nil
}

// Read reads a file that has all its weights in itself.
func Read(r io.Reader) (*File, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	f, err := parse(b, "")
	if err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	return f, nil
}

func parse(b []byte, dir string) (*File, error) {
	m, err := parseModel(b)
	if err != nil {
		return nil, err
	}
	if m.graph == nil {
		return nil, fmt.Errorf("there is no graph in %d bytes", len(b))
	}
	f := &File{m: m, dir: dir, opsets: make(map[string]int64), consts: make(map[*tensorProto]tensor.Array)}
	for _, o := range m.opsets {
		f.opsets[domain(o.domain)] = o.version
	}
	if len(m.opsets) == 0 {
		f.opsets[""] = 1 // files of the first versions do not say it
	}
	if v := f.opsets[""]; v > maxOpset {
		return nil, fmt.Errorf("operator set %d is newer than %d, the newest that is understood", v, maxOpset)
	}
	return f, nil
}

// domain is the name of a domain, "" for the standard's.
func domain(d string) string {
	if d == "ai.onnx" {
		return ""
	}
	return d
}

// Opset is the version of the standard's operator set.
func (f *File) Opset() int { return int(f.opsets[""]) }

// Opsets lists the versions of all operator sets by domain; "" is the standard's.
func (f *File) Opsets() map[string]int {
	o := make(map[string]int)
	for d, v := range f.opsets {
		o[d] = int(v)
	}
	return o
}

// Name is the name of the graph.
func (f *File) Name() string { return f.m.graph.name }

// Producer is the program that wrote the file, and its version.
func (f *File) Producer() string {
	return strings.TrimSpace(f.m.producer + " " + f.m.producerVersion)
}

// Doc is the file's description of itself.
func (f *File) Doc() string { return f.m.doc }

// Metadata is what the file says of itself besides, by key.
func (f *File) Metadata() map[string]string { return maps.Clone(f.m.metadata) }

// Inputs lists what must be fed in: the inputs of the graph that have no initial value.
func (f *File) Inputs() []Port {
	var ports []Port
	for _, i := range f.m.graph.inputs {
		if !f.initialised(i.name) {
			ports = append(ports, port(i))
		}
	}
	return ports
}

// Outputs lists what comes out.
func (f *File) Outputs() []Port {
	var ports []Port
	for _, o := range f.m.graph.outputs {
		ports = append(ports, port(o))
	}
	return ports
}

func (f *File) initialised(name string) bool {
	return slices.ContainsFunc(f.m.graph.initializers, func(t *tensorProto) bool { return t.name == name })
}

func port(v *valueInfo) Port {
	p := Port{Name: v.name}
	p.DType, _ = dtype(v.dtype)
	for _, d := range v.shape {
		n := -1
		if d.known && d.value >= 0 && d.value <= 1<<62 {
			n = int(d.value)
		}
		p.Sizes, p.Symbols = append(p.Sizes, n), append(p.Symbols, d.param)
	}
	return p
}

// Operators counts the nodes of each operator, those of graphs inside nodes included. Names of other domains than the standard's have the domain
// before them.
func (f *File) Operators() map[string]int {
	count := make(map[string]int)
	walk(f.m.graph, func(g *graphProto) {
		for _, n := range g.nodes {
			count[n.kind()]++
		}
	})
	return count
}

// kind is the operator with its domain.
func (n *nodeProto) kind() string {
	if d := domain(n.domain); d != "" {
		return d + "." + n.op
	}
	return n.op
}

// TensorProto.DataType.
var dtypes = map[int64]tensor.DType{
	1: tensor.Float32, 2: tensor.Uint8, 3: tensor.Int8, 4: tensor.Uint16, 5: tensor.Int16, 6: tensor.Int32, 7: tensor.Int64, 9: tensor.Bool,
	10: tensor.Float16, 11: tensor.Float64, 12: tensor.Uint32, 13: tensor.Uint64, 16: tensor.BFloat16,
}

// dtypeNames are those that are known and not supported.
var dtypeNames = map[int64]string{8: "string", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz", 19: "float8e5m2", 20: "float8e5m2fnuz",
	21: "uint4", 22: "int4", 23: "float4e2m1"}

func dtype(code int64) (tensor.DType, error) {
	if d, ok := dtypes[code]; ok {
		return d, nil
	}
	if name, ok := dtypeNames[code]; ok {
		return 0, fmt.Errorf("type of elements is %s, which is not supported", name)
	}
	return 0, fmt.Errorf("type of elements is %d, which is none", code)
}

// Options say how a file becomes a model.
type Options struct {
	graph.Options
	// Dims are the sizes of axes that the file leaves open, by the names that the file gives them. An input may be given whole: "input" with its sizes in
	// Shapes. A size that is not given is 1.
	Dims   map[string]int
	Shapes map[string][]int
	// Values fix inputs: each becomes a constant of the network, which then has no such input. It is what a file needs whose sizes, axes or numbers of
	// things come in through inputs.
	Values map[string]tensor.Array
	// Outputs are the names of values inside the file that come out in place of its own outputs. Nodes that none of them needs are left away: so a network can
	// end before what is not supported, a choice of boxes whose number is not known before, for instance.
	Outputs []string
	// Ops are operators that this package does not know, by "domain.Name" (or "Name" in the standard's domain): functions that return the
	// operator for a node.
	Ops map[string]func(Node) (graph.Op, error)
}

// Load reads a file and compiles it.
func Load(path string, o Options) (*graph.Model, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	g, err := f.Graph(o)
	if err != nil {
		return nil, err
	}
	return g.Compile(o.Options)
}

// Params is the number of stored numbers: the elements of the initial values and of the constants of nodes.
func (f *File) Params() int {
	sum := 0
	add := func(t *tensorProto) {
		n := 1
		for _, d := range t.dims {
			if d < 0 || d > math.MaxInt {
				return
			}
			n = tensor.Mul(n, int(d))
		}
		sum = min(sum, math.MaxInt-n) + n
	}
	walk(f.m.graph, func(g *graphProto) {
		for _, t := range g.initializers {
			add(t)
		}
		for _, n := range g.nodes {
			for _, a := range n.attrs {
				if n.op == "Constant" && a.t != nil {
					add(a.t)
				}
			}
		}
	})
	return sum
}

// Unsupported lists the operators of the file that this package does not know, by name, with the reason; those in Options.Ops are the caller's to leave out.
func (f *File) Unsupported() map[string]string {
	why := make(map[string]string)
	b := &builder{f: f, tables: tables()}
	look := func(n *nodeProto) {
		if err := b.unknown(n); err != nil {
			why[n.kind()] = err.Error()
		}
	}
	walk(f.m.graph, func(g *graphProto) {
		for _, n := range g.nodes {
			look(n)
		}
	})
	for _, fn := range f.m.functions {
		for _, n := range fn.nodes {
			look(n)
		}
	}
	return why
}

// walk visits a graph and those inside its nodes.
func walk(g *graphProto, visit func(*graphProto)) {
	visit(g)
	for _, n := range g.nodes {
		for _, a := range n.attrs {
			if a.g != nil {
				walk(a.g, visit)
			}
		}
	}
}
