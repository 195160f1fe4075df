package onnx

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The messages of a file, as far as they are used: fields and numbers are those of onnx.proto. Bytes are pieces of the file,
// not copies; raw is the message itself, which edit.go takes over where it writes files.

type modelProto struct {
	irVersion       int64
	producer        string
	producerVersion string
	domain          string
	version         int64
	doc             string
	graph           *graphProto
	opsets          []opset
	metadata        map[string]string
	functions       []*functionProto
	raw             []byte
}

type opset struct {
	domain  string
	version int64
}

type graphProto struct {
	name         string
	nodes        []*nodeProto
	initializers []*tensorProto
	inputs       []*valueInfo
	outputs      []*valueInfo
	sparse       bool
	raw          []byte
}

type nodeProto struct {
	inputs, outputs  []string
	name, op, domain string
	attrs            map[string]*attrProto
	raw              []byte
}

type attrProto struct {
	name    string
	kind    int64 // AttributeProto.AttributeType; 0 where the file does not say it
	f       float32
	i       int64
	s       []byte
	t       *tensorProto
	g       *graphProto
	floats  []float32
	ints    []int64
	strings [][]byte
	ref     string // of a function: the attribute of the call that is meant
}

type tensorProto struct {
	name     string
	dims     []int64
	dtype    int64
	raw      []byte
	hasRaw   bool
	floats   []float32
	ints     []int32
	longs    []int64
	doubles  []float64
	ulongs   []uint64
	strings  [][]byte
	external map[string]string
	isExtern bool
	message  []byte // the tensor, as the file has it
}

type valueInfo struct {
	name  string
	kind  string // "tensor", or what else it is
	dtype int64
	shape []dim
	given bool // the shape is
	raw   []byte
}

type dim struct {
	value int64
	param string
	known bool
}

type functionProto struct {
	name, domain    string
	inputs, outputs []string
	attrs           []string
	defaults        map[string]*attrProto
	nodes           []*nodeProto
	opsets          []opset
}

// maxNesting bounds messages in messages: graphs in attributes of nodes of graphs.
const maxNesting = 100

// reader walks over the fields of a message.
type reader struct {
	at    int    // of the first byte of the message in the file
	where string // the fields that lead here
	depth int
}

// field is one field of a message.
type field struct {
	num   protowire.Number
	typ   protowire.Type
	bytes []byte // of a length-delimited field
	value uint64 // of any other
	in    reader // for the messages in it
	name  string
}

func (r reader) fail(at int, format string, args ...any) error {
	where := r.where
	if where == "" {
		where = "model"
	}
	return fmt.Errorf("at byte %d, in %s: %s", r.at+at, where, fmt.Sprintf(format, args...))
}

// each calls f for every field of a message. names has the names of the fields for errors.
func (r reader) each(b []byte, names map[protowire.Number]string, f func(field) error) error {
	if r.depth > maxNesting {
		r.where = r.where[:min(len(r.where), 60)] + "..."
		return r.fail(0, "messages are nested more than %d deep", maxNesting)
	}
	for i := 0; i < len(b); {
		num, typ, n := protowire.ConsumeTag(b[i:])
		if n < 0 {
			return r.fail(i, "%v", protowire.ParseError(n))
		}
		start := i
		i += n
		v := field{num: num, typ: typ, name: names[num]}
		if v.name == "" {
			v.name = fmt.Sprintf("field %d", num)
		}
		switch typ {
		case protowire.VarintType:
			v.value, n = protowire.ConsumeVarint(b[i:])
		case protowire.Fixed32Type:
			var x uint32
			x, n = protowire.ConsumeFixed32(b[i:])
			v.value = uint64(x)
		case protowire.Fixed64Type:
			v.value, n = protowire.ConsumeFixed64(b[i:])
		case protowire.BytesType:
			v.bytes, n = protowire.ConsumeBytes(b[i:])
		default:
			n = protowire.ConsumeFieldValue(num, typ, b[i:])
		}
		if n < 0 {
			return r.fail(start, "%s: %v", v.name, protowire.ParseError(n))
		}
		v.in = reader{at: r.at + i + n - len(v.bytes), where: v.name, depth: r.depth + 1}
		if r.where != "" {
			v.in.where = r.where + "." + v.name
		}
		i += n
		if v.name == names[num] && names[num] != "" {
			if err := f(v); err != nil {
				return err
			}
		}
	}
	return nil
}

// want checks the wire type of a field.
func (v field) want(t protowire.Type) error {
	if v.typ != t {
		return v.in.fail(0, "wire type is %d, want %d", v.typ, t)
	}
	return nil
}

func (v field) text(to *string) error {
	*to = string(v.bytes)
	return v.want(protowire.BytesType)
}

func (v field) integer(to *int64) error {
	*to = int64(v.value)
	return v.want(protowire.VarintType)
}

// varints appends repeated integers, packed or not.
func varints[T int32 | int64 | uint64](v field, to *[]T) error {
	if v.typ == protowire.VarintType {
		*to = append(*to, T(v.value))
		return nil
	}
	if err := v.want(protowire.BytesType); err != nil {
		return err
	}
	for b := v.bytes; len(b) > 0; {
		x, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return v.in.fail(len(v.bytes)-len(b), "%v", protowire.ParseError(n))
		}
		*to = append(*to, T(x))
		b = b[n:]
	}
	return nil
}

// fixed appends repeated numbers of a fixed size, packed or not.
func fixed[T float32 | float64](v field, size int, convert func(uint64) T, to *[]T) error {
	if v.typ != protowire.BytesType {
		if size == 4 && v.typ != protowire.Fixed32Type || size == 8 && v.typ != protowire.Fixed64Type {
			return v.in.fail(0, "wire type is %d", v.typ)
		}
		*to = append(*to, convert(v.value))
		return nil
	}
	if len(v.bytes)%size != 0 {
		return v.in.fail(0, "%d bytes, want a multiple of %d", len(v.bytes), size)
	}
	for b := v.bytes; len(b) > 0; b = b[size:] {
		var x uint64
		for i := size - 1; i >= 0; i-- {
			x = x<<8 | uint64(b[i])
		}
		*to = append(*to, convert(x))
	}
	return nil
}

func toFloat32(x uint64) float32 { return math.Float32frombits(uint32(x)) }

func parseModel(b []byte) (*modelProto, error) {
	m := &modelProto{metadata: make(map[string]string), raw: b}
	names := map[protowire.Number]string{1: "ir_version", 2: "producer_name", 3: "producer_version", 4: "domain", 5: "model_version",
		6: "doc_string", 7: "graph", 8: "opset_import", 14: "metadata_props", 25: "functions"}
	return m, reader{}.each(b, names, func(v field) (err error) {
		switch v.num {
		case 1:
			return v.integer(&m.irVersion)
		case 2:
			return v.text(&m.producer)
		case 3:
			return v.text(&m.producerVersion)
		case 4:
			return v.text(&m.domain)
		case 5:
			return v.integer(&m.version)
		case 6:
			return v.text(&m.doc)
		case 7:
			m.graph, err = parseGraph(v)
		case 8:
			return parseOpset(v, &m.opsets)
		case 14:
			return parsePair(v, m.metadata)
		case 25:
			var f *functionProto
			f, err = parseFunction(v)
			m.functions = append(m.functions, f)
		}
		return err
	})
}

func parseOpset(v field, to *[]opset) error {
	if err := v.want(protowire.BytesType); err != nil {
		return err
	}
	var o opset
	err := v.in.each(v.bytes, map[protowire.Number]string{1: "domain", 2: "version"}, func(f field) error {
		if f.num == 1 {
			return f.text(&o.domain)
		}
		return f.integer(&o.version)
	})
	*to = append(*to, o)
	return err
}

func parsePair(v field, to map[string]string) error {
	if err := v.want(protowire.BytesType); err != nil {
		return err
	}
	var key, value string
	err := v.in.each(v.bytes, map[protowire.Number]string{1: "key", 2: "value"}, func(f field) error {
		if f.num == 1 {
			return f.text(&key)
		}
		return f.text(&value)
	})
	to[key] = value
	return err
}

func parseGraph(v field) (*graphProto, error) {
	if err := v.want(protowire.BytesType); err != nil {
		return nil, err
	}
	g := &graphProto{raw: v.bytes}
	names := map[protowire.Number]string{1: "node", 2: "name", 5: "initializer", 11: "input", 12: "output", 15: "sparse_initializer"}
	return g, v.in.each(v.bytes, names, func(v field) (err error) {
		switch v.num {
		case 1:
			var n *nodeProto
			n, err = parseNode(v)
			g.nodes = append(g.nodes, n)
		case 2:
			return v.text(&g.name)
		case 5:
			var t *tensorProto
			t, err = parseTensor(v)
			g.initializers = append(g.initializers, t)
		case 11, 12:
			var i *valueInfo
			i, err = parseValueInfo(v)
			if v.num == 11 {
				g.inputs = append(g.inputs, i)
			} else {
				g.outputs = append(g.outputs, i)
			}
		case 15:
			g.sparse = true
		}
		return err
	})
}

func parseNode(v field) (*nodeProto, error) {
	if err := v.want(protowire.BytesType); err != nil {
		return nil, err
	}
	n := &nodeProto{attrs: make(map[string]*attrProto), raw: v.bytes}
	names := map[protowire.Number]string{1: "input", 2: "output", 3: "name", 4: "op_type", 5: "attribute", 7: "domain"}
	return n, v.in.each(v.bytes, names, func(v field) (err error) {
		switch v.num {
		case 1, 2:
			var s string
			err = v.text(&s)
			if v.num == 1 {
				n.inputs = append(n.inputs, s)
			} else {
				n.outputs = append(n.outputs, s)
			}
		case 3:
			return v.text(&n.name)
		case 4:
			return v.text(&n.op)
		case 5:
			var a *attrProto
			if a, err = parseAttr(v); err == nil {
				n.attrs[a.name] = a
			} else if v.in.depth < 4 && n.name != "" { // the outermost node
				err = fmt.Errorf("node %q: %w", n.name, err)
			}
		case 7:
			return v.text(&n.domain)
		}
		return err
	})
}

func parseAttr(v field) (*attrProto, error) {
	if err := v.want(protowire.BytesType); err != nil {
		return nil, err
	}
	a := &attrProto{}
	names := map[protowire.Number]string{1: "name", 2: "f", 3: "i", 4: "s", 5: "t", 6: "g", 7: "floats", 8: "ints", 9: "strings", 10: "tensors",
		11: "graphs", 20: "type", 21: "ref_attr_name"}
	kind := int64(0)
	err := v.in.each(v.bytes, names, func(v field) (err error) {
		switch v.num {
		case 1:
			return v.text(&a.name)
		case 2:
			kind, a.f = attrFloat, toFloat32(v.value)
			return v.want(protowire.Fixed32Type)
		case 3:
			kind = attrInt
			return v.integer(&a.i)
		case 4:
			kind, a.s = attrString, v.bytes
			return v.want(protowire.BytesType)
		case 5:
			kind = attrTensor
			a.t, err = parseTensor(v)
		case 6:
			kind = attrGraph
			a.g, err = parseGraph(v)
		case 7:
			kind = attrFloats
			return fixed(v, 4, toFloat32, &a.floats)
		case 8:
			kind = attrInts
			return varints(v, &a.ints)
		case 9:
			kind = attrStrings
			a.strings = append(a.strings, v.bytes)
			return v.want(protowire.BytesType)
		case 10, 11:
			kind = attrOther
		case 20:
			return v.integer(&a.kind)
		case 21:
			return v.text(&a.ref)
		}
		return err
	})
	if a.kind == 0 { // files of the first version do not say it
		a.kind = kind
	}
	return a, err
}

// AttributeProto.AttributeType.
const (
	attrFloat   = 1
	attrInt     = 2
	attrString  = 3
	attrTensor  = 4
	attrGraph   = 5
	attrFloats  = 6
	attrInts    = 7
	attrStrings = 8
	attrOther   = 9
)

func parseTensor(v field) (*tensorProto, error) {
	if err := v.want(protowire.BytesType); err != nil {
		return nil, err
	}
	t := &tensorProto{message: v.bytes}
	names := map[protowire.Number]string{1: "dims", 2: "data_type", 4: "float_data", 5: "int32_data", 6: "string_data", 7: "int64_data", 8: "name",
		9: "raw_data", 10: "double_data", 11: "uint64_data", 13: "external_data", 14: "data_location"}
	return t, v.in.each(v.bytes, names, func(v field) (err error) {
		switch v.num {
		case 1:
			return varints(v, &t.dims)
		case 2:
			return v.integer(&t.dtype)
		case 4:
			return fixed(v, 4, toFloat32, &t.floats)
		case 5:
			return varints(v, &t.ints)
		case 6:
			t.strings = append(t.strings, v.bytes)
		case 7:
			return varints(v, &t.longs)
		case 8:
			return v.text(&t.name)
		case 9:
			t.raw, t.hasRaw = v.bytes, true
			return v.want(protowire.BytesType)
		case 10:
			return fixed(v, 8, math.Float64frombits, &t.doubles)
		case 11:
			return varints(v, &t.ulongs)
		case 13:
			if t.external == nil {
				t.external = make(map[string]string)
			}
			return parsePair(v, t.external)
		case 14:
			t.isExtern = v.value == 1
		}
		return err
	})
}

func parseValueInfo(v field) (*valueInfo, error) {
	if err := v.want(protowire.BytesType); err != nil {
		return nil, err
	}
	i := &valueInfo{raw: v.bytes}
	return i, v.in.each(v.bytes, map[protowire.Number]string{1: "name", 2: "type"}, func(v field) error {
		if v.num == 1 {
			return v.text(&i.name)
		}
		return v.in.each(v.bytes, map[protowire.Number]string{1: "tensor_type", 4: "sequence_type", 5: "map_type", 8: "sparse_tensor_type", 9: "optional_type"}, func(v field) error {
			i.kind = v.name
			if v.num != 1 {
				return nil
			}
			i.kind = "tensor"
			return v.in.each(v.bytes, map[protowire.Number]string{1: "elem_type", 2: "shape"}, func(v field) error {
				if v.num == 1 {
					return v.integer(&i.dtype)
				}
				i.given = true
				return v.in.each(v.bytes, map[protowire.Number]string{1: "dim"}, func(v field) error {
					var d dim
					err := v.in.each(v.bytes, map[protowire.Number]string{1: "dim_value", 2: "dim_param"}, func(v field) error {
						if v.num == 1 {
							d.known = true
							return v.integer(&d.value)
						}
						return v.text(&d.param)
					})
					i.shape = append(i.shape, d)
					return err
				})
			})
		})
	})
}

func parseFunction(v field) (*functionProto, error) {
	if err := v.want(protowire.BytesType); err != nil {
		return nil, err
	}
	f := &functionProto{defaults: make(map[string]*attrProto)}
	names := map[protowire.Number]string{1: "name", 4: "input", 5: "output", 6: "attribute", 7: "node", 9: "opset_import", 10: "domain", 11: "attribute_proto"}
	return f, v.in.each(v.bytes, names, func(v field) (err error) {
		var s string
		switch v.num {
		case 1:
			return v.text(&f.name)
		case 4:
			err = v.text(&s)
			f.inputs = append(f.inputs, s)
		case 5:
			err = v.text(&s)
			f.outputs = append(f.outputs, s)
		case 6:
			err = v.text(&s)
			f.attrs = append(f.attrs, s)
		case 7:
			var n *nodeProto
			n, err = parseNode(v)
			f.nodes = append(f.nodes, n)
		case 9:
			return parseOpset(v, &f.opsets)
		case 10:
			return v.text(&f.domain)
		case 11:
			var a *attrProto
			if a, err = parseAttr(v); err == nil {
				f.defaults[a.name] = a
			}
		}
		return err
	})
}
