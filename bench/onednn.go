package main

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/native"
)

// oneDNN 2.x through its C interface. Memory descriptors and operation descriptors are structs that
// only the library looks into: here they are blocks of bytes that are large enough.

type mdesc [2048]byte // dnnl_memory_desc_t: 696 bytes in 2.6

type opDesc [16384]byte // dnnl_convolution_desc_t: 5976 bytes in 2.6

type dims [12]int64

// Values of the enumerations in dnnl_types.h.
const (
	dnnlF32              = 3
	dnnlS32              = 4
	dnnlS8               = 5
	dnnlU8               = 6
	dnnlAny              = 1
	dnnlA                = 2 // tags: vector, NCHW or OIHW, NHWC, GOIHW
	dnnlABCD             = 5
	dnnlACDB             = 20
	dnnlABCDE            = 7
	dnnlBlocked16        = 69 // aBcd16b, aBcd8b: channels in blocks
	dnnlBlocked8         = 93
	dnnlForwardInference = 96
	dnnlConvDirect       = 1
	dnnlReLU             = 31
	dnnlPoolMax          = 0x1ff
	dnnlPoolAvg          = 0x3ff // without padding
	dnnlQueryImpl        = 8
	dnnlQuerySrc         = 129
	dnnlQueryWeights     = 131
	dnnlQueryDst         = 133
	dnnlArgSrc           = 1
	dnnlArgDst           = 17
	dnnlArgWeights       = 33
	dnnlArgBias          = 41
)

type execArg struct {
	arg int32
	mem uintptr
}

type oneDNN struct {
	info           libInfo
	f              map[string]uintptr
	appendEltwise  func(po uintptr, scale float32, alg int32, alpha, beta float32) int32
	engine, stream uintptr
}

var dnnlFuncs = []string{
	"dnnl_version", "dnnl_engine_create", "dnnl_stream_create", "dnnl_stream_wait",
	"dnnl_memory_desc_init_by_tag", "dnnl_memory_desc_init_by_strides", "dnnl_memory_desc_get_size", "dnnl_memory_desc_equal",
	"dnnl_memory_create", "dnnl_memory_destroy",
	"dnnl_convolution_forward_desc_init", "dnnl_pooling_forward_desc_init", "dnnl_matmul_desc_init", "dnnl_primitive_desc_create",
	"dnnl_primitive_desc_query", "dnnl_primitive_desc_query_md", "dnnl_primitive_desc_destroy",
	"dnnl_primitive_create", "dnnl_primitive_execute", "dnnl_primitive_destroy",
	"dnnl_reorder_primitive_desc_create", "dnnl_primitive_attr_create", "dnnl_primitive_attr_destroy",
	"dnnl_primitive_attr_set_post_ops", "dnnl_primitive_attr_set_output_scales", "dnnl_post_ops_create", "dnnl_post_ops_destroy",
	"dnnl_post_ops_append_eltwise", "dnnl_sgemm", "dnnl_get_effective_cpu_isa",
}

func openOneDNN(paths []string) (library, error) {
	h, path, err := native.Open(paths)
	if err != nil {
		return nil, err
	}
	d := &oneDNN{f: make(map[string]uintptr)}
	if v := native.Symbol(h, "dnnl_version"); v != 0 {
		n := (*[3]int32)(native.Pointer(native.Call(v)))
		d.info = libInfo{Name: "onednn", Version: fmt.Sprintf("%d.%d.%d", n[0], n[1], n[2]), Path: path}
		if n[0] != 2 {
			return nil, fmt.Errorf("%s is oneDNN %s; this program knows the interface of 2.x (libdnnl.so.2) only", path, d.info.Version)
		}
	}
	for _, name := range dnnlFuncs {
		if d.f[name] = native.Symbol(h, name); d.f[name] == 0 {
			return nil, fmt.Errorf("%s has no %s", path, name)
		}
	}
	purego.RegisterFunc(&d.appendEltwise, d.f["dnnl_post_ops_append_eltwise"])
	if err := d.call("dnnl_engine_create", &d.engine, 1, 0); err != nil {
		return nil, err
	}
	if err := d.call("dnnl_stream_create", &d.stream, d.engine, 1); err != nil {
		return nil, err
	}
	isa := native.Call(d.f["dnnl_get_effective_cpu_isa"])
	names := map[uintptr]string{
		1: "sse41", 3: "avx", 7: "avx2", 0xf: "avx2_vnni", 0x27: "avx512_core",
		0x67: "avx512_core_vnni", 0xe7: "avx512_core_bf16",
	}
	if d.info.Kernel = names[isa&0xffffffff]; d.info.Kernel == "" {
		d.info.Kernel = fmt.Sprintf("isa %#x", isa&0xffffffff)
	}
	return d, nil
}

// call calls a function that returns a dnnl_status_t.
func (d *oneDNN) call(name string, args ...any) error {
	if s := int32(native.Call(d.f[name], args...)); s != 0 {
		return fmt.Errorf("%s: status %d", name, s)
	}
	return nil
}

func (d *oneDNN) Info() libInfo { return d.info }

func (d *oneDNN) tagged(dtype, tag int, sizes ...int) (*mdesc, error) {
	m, s := new(mdesc), new(dims)
	for i, v := range sizes {
		s[i] = int64(v)
	}
	err := d.call("dnnl_memory_desc_init_by_tag", m, len(sizes), s, dtype, tag)
	return m, err
}

func (d *oneDNN) size(m *mdesc) int {
	return int(native.Call(d.f["dnnl_memory_desc_get_size"], m))
}

func (d *oneDNN) equal(a, b *mdesc) bool {
	return int32(native.Call(d.f["dnnl_memory_desc_equal"], a, b)) != 0
}

// A dnnlMem is a memory object with its floats.
type dnnlMem struct {
	desc *mdesc
	data []float32
	h    uintptr
}

// dnnlScope collects what a job must hold and free.
type dnnlScope struct {
	d     *oneDNN
	mems  []*dnnlMem
	prims []uintptr
	descs []uintptr
}

func (s *dnnlScope) mem(desc *mdesc, seed uint32) (*dnnlMem, error) {
	m := &dnnlMem{desc: desc, data: mem.Floats((s.d.size(desc) + 3) / 4)}
	if seed != 0 {
		fill(m.data, seed)
	}
	if err := s.d.call("dnnl_memory_create", &m.h, desc, s.d.engine, native.Addr(m.data)); err != nil {
		return nil, err
	}
	s.mems = append(s.mems, m)
	return m, nil
}

// reorder makes a primitive that copies from one layout to another.
func (s *dnnlScope) reorder(from, to *dnnlMem) (*dnnlPrim, error) {
	var pd uintptr
	if err := s.d.call("dnnl_reorder_primitive_desc_create", &pd, from.desc, s.d.engine, to.desc, s.d.engine, 0); err != nil {
		return nil, err
	}
	s.descs = append(s.descs, pd)
	return s.primitive(pd, execArg{dnnlArgSrc, from.h}, execArg{dnnlArgDst, to.h})
}

// a dnnlPrim is a primitive with its arguments.
type dnnlPrim struct {
	d    *oneDNN
	call native.Repeat
	args []execArg
}

func (s *dnnlScope) primitive(pd uintptr, args ...execArg) (*dnnlPrim, error) {
	p := &dnnlPrim{d: s.d, args: args}
	var h uintptr
	if err := s.d.call("dnnl_primitive_create", &h, pd); err != nil {
		return nil, err
	}
	s.prims = append(s.prims, h)
	p.call = native.Repeat{Fn: s.d.f["dnnl_primitive_execute"], Ints: [6]uintptr{h, s.d.stream, uintptr(len(args)), uintptr(unsafe.Pointer(&args[0]))}}
	return p, nil
}

func (p *dnnlPrim) run(calls int) error {
	if r := int32(p.call.Run(calls)); r != 0 {
		return fmt.Errorf("dnnl_primitive_execute: status %d", r)
	}
	runtime.KeepAlive(p.args)
	return nil
}

// query returns a copy of the descriptor that a primitive chose for an operand.
func (d *oneDNN) query(pd uintptr, what int) (*mdesc, error) {
	p := native.Call(d.f["dnnl_primitive_desc_query_md"], pd, what, 0)
	if p == 0 {
		return nil, fmt.Errorf("dnnl_primitive_desc_query_md %d: none", what)
	}
	m := new(mdesc)
	copy(m[:], unsafe.Slice((*byte)(native.Pointer(p)), 696))
	return m, nil
}

func (d *oneDNN) impl(pd uintptr) string {
	var p uintptr
	if d.call("dnnl_primitive_desc_query", pd, dnnlQueryImpl, 0, &p) != nil {
		return ""
	}
	return native.String(p)
}

func (d *oneDNN) Prepare(c *Case, mode string) (job, error) {
	s := &dnnlScope{d: d}
	var j *dnnlJob
	var err error
	switch c.kind() {
	case kindGemm:
		j, err = s.gemm(c, mode)
	case kindPool:
		j, err = s.pool(c, mode)
	case kindConv:
		j, err = s.conv(c, mode)
	default:
		err = fmt.Errorf("onednn has no %s", c)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return j, nil
}

type dnnlJob struct {
	s     *dnnlScope
	steps []*dnnlPrim // timed
	out   *dnnlPrim   // not timed: brings the result into out's layout; may be nil
	dst   *dnnlMem
	rows  matrix // dst of a product
	bytes int    // of dst, if it has bytes
	impl  string
}

func (j *dnnlJob) Run(calls int) error {
	if len(j.steps) == 1 {
		return j.steps[0].run(calls)
	}
	for range calls {
		for _, p := range j.steps {
			if err := p.run(1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *dnnlJob) Output() []float32 {
	if j.out != nil && j.out.run(1) != nil {
		return nil
	}
	if j.rows.data != nil {
		return j.rows.packed()
	}
	if j.bytes > 0 {
		return floatsOf(asBytes(j.dst.data, j.bytes))
	}
	return j.dst.data
}

func (j *dnnlJob) Impl() string { return j.impl }
func (j *dnnlJob) Close()       { j.s.close() }

func (s *dnnlScope) close() {
	for _, p := range s.prims {
		s.d.call("dnnl_primitive_destroy", p)
	}
	for _, p := range s.descs {
		s.d.call("dnnl_primitive_desc_destroy", p)
	}
	for _, m := range s.mems {
		s.d.call("dnnl_memory_destroy", m.h)
	}
	*s = dnnlScope{d: s.d}
}

// conv makes a convolution with bias and ReLU. Modes:
//
//	blocked  every layout is the library's choice, none is converted
//	nhwc     source and destination NHWC
//	nchw     source and destination NCHW in memory, converted to the library's choice and back, in the time
//	im2col   source and destination NCHW for the primitive itself
func (s *dnnlScope) conv(c *Case, mode string) (*dnnlJob, error) {
	d := s.d
	tag := dnnlAny
	switch mode {
	case "blocked", "nchw":
	case "nhwc":
		tag = dnnlACDB
	case "im2col":
		tag = dnnlABCD
	default:
		return nil, fmt.Errorf("onednn has no mode %q", mode)
	}
	wdims, wtag := []int{c.OutC, c.C, c.KH, c.KW}, dnnlABCD
	if c.Groups > 1 {
		wdims, wtag = []int{c.Groups, c.OutC / c.Groups, c.C / c.Groups, c.KH, c.KW}, dnnlABCDE
	}
	var err error
	type types struct{ src, wei, bias, dst int }
	t := types{dnnlF32, dnnlF32, dnnlF32, dnnlF32}
	if c.Bytes {
		t = types{dnnlU8, dnnlS8, dnnlS32, dnnlU8}
	}
	desc := func(dtype, tag int, sizes ...int) *mdesc {
		m, e := d.tagged(dtype, tag, sizes...)
		if e != nil && err == nil {
			err = e
		}
		return m
	}
	src, dst := desc(t.src, tag, c.N, c.C, c.H, c.W), desc(t.dst, tag, c.N, c.OutC, c.outH, c.outW)
	srcN, dstN := desc(t.src, dnnlABCD, c.N, c.C, c.H, c.W), desc(t.dst, dnnlABCD, c.N, c.OutC, c.outH, c.outW)
	wei, weiN, bias := desc(t.wei, dnnlAny, wdims...), desc(t.wei, wtag, wdims...), desc(t.bias, dnnlA, c.OutC)
	if err != nil {
		return nil, err
	}
	strides, padL := &dims{int64(c.Stride), int64(c.Stride)}, &dims{int64(c.Pad), int64(c.Pad)}
	bottom, right := c.padEnd()
	padR := &dims{int64(bottom), int64(right)}
	var attr, post uintptr
	if err := d.call("dnnl_post_ops_create", &post); err != nil {
		return nil, err
	}
	defer d.call("dnnl_post_ops_destroy", post)
	if r := d.appendEltwise(post, 1, dnnlReLU, 0, 0); r != 0 {
		return nil, fmt.Errorf("dnnl_post_ops_append_eltwise: status %d", r)
	}
	if err := d.call("dnnl_primitive_attr_create", &attr); err != nil {
		return nil, err
	}
	defer d.call("dnnl_primitive_attr_destroy", attr)
	if err := d.call("dnnl_primitive_attr_set_post_ops", attr, post); err != nil {
		return nil, err
	}
	var bytes *byteOperands
	if c.Bytes {
		bytes = c.byteOperands()
		if err := d.call("dnnl_primitive_attr_set_output_scales", attr, 1, 0, &bytes.scale); err != nil {
			return nil, err
		}
	}
	op := new(opDesc)
	if err := d.call("dnnl_convolution_forward_desc_init", op, dnnlForwardInference, dnnlConvDirect,
		src, wei, bias, dst, strides, padL, padR); err != nil {
		return nil, err
	}
	var pd uintptr
	if err := d.call("dnnl_primitive_desc_create", &pd, op, attr, d.engine, 0); err != nil {
		return nil, err
	}
	s.descs = append(s.descs, pd)
	for _, q := range []struct {
		what int
		to   **mdesc
	}{{dnnlQuerySrc, &src}, {dnnlQueryWeights, &wei}, {dnnlQueryDst, &dst}} {
		if *q.to, err = d.query(pd, q.what); err != nil {
			return nil, err
		}
	}
	x, err := s.mem(srcN, seedX)
	if err != nil {
		return nil, err
	}
	w, err := s.mem(weiN, seedW)
	if err != nil {
		return nil, err
	}
	b, err := s.mem(bias, seedBias)
	if err != nil {
		return nil, err
	}
	if c.Bytes {
		copy(asBytes(x.data, len(bytes.x)), bytes.x)
		for i, v := range bytes.w {
			asBytes(w.data, len(bytes.w))[i] = byte(v)
		}
		for i, v := range bytes.bias {
			b.data[i] = math.Float32frombits(uint32(v))
		}
	}
	yN, err := s.mem(dstN, 0)
	if err != nil {
		return nil, err
	}
	// in returns the operand in the primitive's layout, and the step that converts it, if any.
	in := func(m *dnnlMem, want *mdesc) (*dnnlMem, *dnnlPrim, error) {
		if d.equal(m.desc, want) {
			return m, nil, nil
		}
		t, err := s.mem(want, 0)
		if err != nil {
			return nil, nil, err
		}
		p, err := s.reorder(m, t)
		if err == nil {
			err = p.run(1)
		}
		return t, p, err
	}
	wp, _, err := in(w, wei)
	if err != nil {
		return nil, err
	}
	xp, toX, err := in(x, src)
	if err != nil {
		return nil, err
	}
	y := yN
	if !d.equal(dstN, dst) {
		if y, err = s.mem(dst, 0); err != nil {
			return nil, err
		}
	}
	p, err := s.primitive(pd, execArg{dnnlArgSrc, xp.h}, execArg{dnnlArgWeights, wp.h}, execArg{dnnlArgBias, b.h}, execArg{dnnlArgDst, y.h})
	if err != nil {
		return nil, err
	}
	j := &dnnlJob{s: s, steps: []*dnnlPrim{p}, dst: yN, impl: d.impl(pd)}
	if c.Bytes {
		j.bytes = c.outElems()
	}
	if y != yN {
		if j.out, err = s.reorder(y, yN); err != nil {
			return nil, err
		}
	}
	if mode == "nchw" {
		j.steps = nil
		if toX != nil {
			j.steps = append(j.steps, toX)
		}
		j.steps = append(j.steps, p)
		if j.out != nil {
			j.steps = append(j.steps, j.out)
			j.out = nil
		}
	}
	return j, nil
}

// pool makes a pooling. Modes: blocked (channels in blocks as wide as a vector), nhwc and nchw.
func (s *dnnlScope) pool(c *Case, mode string) (*dnnlJob, error) {
	d := s.d
	tags := map[string]int{"blocked": dnnlBlocked8, "nhwc": dnnlACDB, "nchw": dnnlABCD}
	if strings.HasPrefix(d.info.Kernel, "avx512") {
		tags["blocked"] = dnnlBlocked16
	}
	tag, ok := tags[mode]
	if !ok {
		return nil, fmt.Errorf("onednn has no mode %q for %s", mode, c)
	}
	var mems [4]*dnnlMem // x, x in NCHW, y, y in NCHW
	for i, q := range []struct{ tag, h, w int }{{tag, c.H, c.W}, {dnnlABCD, c.H, c.W}, {tag, c.outH, c.outW}, {dnnlABCD, c.outH, c.outW}} {
		desc, err := d.tagged(dnnlF32, q.tag, c.N, c.C, q.h, q.w)
		if err != nil {
			return nil, err
		}
		if mems[i], err = s.mem(desc, map[int]uint32{1: seedX}[i]); err != nil {
			return nil, err
		}
	}
	x, xN, y, yN := mems[0], mems[1], mems[2], mems[3]
	toX, err := s.reorder(xN, x)
	if err == nil {
		err = toX.run(1)
	}
	if err != nil {
		return nil, err
	}
	bottom, right := c.padEnd()
	alg := dnnlPoolMax
	if c.Pool == "avg" {
		alg = dnnlPoolAvg
	}
	op := new(opDesc)
	if err := d.call("dnnl_pooling_forward_desc_init", op, dnnlForwardInference, alg, x.desc, y.desc,
		&dims{int64(c.Stride), int64(c.Stride)}, &dims{int64(c.KH), int64(c.KW)}, &dims{int64(c.Pad), int64(c.Pad)}, &dims{int64(bottom), int64(right)}); err != nil {
		return nil, err
	}
	var pd uintptr
	if err := d.call("dnnl_primitive_desc_create", &pd, op, 0, d.engine, 0); err != nil {
		return nil, err
	}
	s.descs = append(s.descs, pd)
	p, err := s.primitive(pd, execArg{dnnlArgSrc, x.h}, execArg{dnnlArgDst, y.h})
	if err != nil {
		return nil, err
	}
	j := &dnnlJob{s: s, steps: []*dnnlPrim{p}, dst: yN, impl: d.impl(pd)}
	j.out, err = s.reorder(y, yN)
	return j, err
}

// strided describes a matrix; a transposed one by its strides.
func (d *oneDNN) strided(m matrix, transposed bool) (*mdesc, error) {
	md, sizes, strides := new(mdesc), &dims{int64(m.rows), int64(m.cols)}, &dims{int64(m.ld), 1}
	if transposed {
		sizes[0], sizes[1], strides[0], strides[1] = sizes[1], sizes[0], strides[1], strides[0]
	}
	return md, d.call("dnnl_memory_desc_init_by_strides", md, 2, sizes, dnnlF32, strides)
}

// matrix makes a memory object of a matrix's elements where they are.
func (s *dnnlScope) matrix(m matrix, transposed bool) (*dnnlMem, error) {
	desc, err := s.d.strided(m, transposed)
	if err != nil {
		return nil, err
	}
	o := &dnnlMem{desc: desc, data: m.data}
	if err := s.d.call("dnnl_memory_create", &o.h, desc, s.d.engine, native.Addr(m.data)); err != nil {
		return nil, err
	}
	s.mems = append(s.mems, o)
	return o, nil
}

// gemm makes a product. Modes: sgemm, and packed (the right operand in the library's layout).
func (s *dnnlScope) gemm(c *Case, mode string) (*dnnlJob, error) {
	d := s.d
	am, bm, ym := c.aMatrix(), c.bMatrix(), c.cMatrix()
	a, err := s.matrix(am, c.TransA)
	if err != nil {
		return nil, err
	}
	b, err := s.matrix(bm, c.TransB)
	if err != nil {
		return nil, err
	}
	y, err := s.matrix(ym, false)
	if err != nil {
		return nil, err
	}
	switch mode {
	case "sgemm":
		op := map[bool]uintptr{false: 'N', true: 'T'}
		p := &dnnlPrim{d: d, call: native.Repeat{
			Fn:     d.f["dnnl_sgemm"],
			Ints:   [6]uintptr{op[c.TransA], op[c.TransB], uintptr(c.GemmM), uintptr(c.GemmN), uintptr(c.GemmK), native.Addr(am.data)},
			Floats: native.Float32s(1, 0),
			Stack:  [6]uintptr{uintptr(am.ld), native.Addr(bm.data), uintptr(bm.ld), native.Addr(ym.data), uintptr(ym.ld)},
		}}
		return &dnnlJob{s: s, steps: []*dnnlPrim{p}, dst: y, rows: ym, impl: "dnnl_sgemm"}, nil
	case "packed":
	default:
		return nil, fmt.Errorf("onednn has no mode %q for %s", mode, c)
	}
	anyB, err := d.tagged(dnnlF32, dnnlAny, c.GemmK, c.GemmN)
	if err != nil {
		return nil, err
	}
	op := new(opDesc)
	if err := d.call("dnnl_matmul_desc_init", op, a.desc, anyB, 0, y.desc); err != nil {
		return nil, err
	}
	var pd uintptr
	if err := d.call("dnnl_primitive_desc_create", &pd, op, 0, d.engine, 0); err != nil {
		return nil, err
	}
	s.descs = append(s.descs, pd)
	want, err := d.query(pd, dnnlQueryWeights)
	if err != nil {
		return nil, err
	}
	bp := b
	if !d.equal(want, b.desc) {
		if bp, err = s.mem(want, 0); err != nil {
			return nil, err
		}
		r, err := s.reorder(b, bp)
		if err == nil {
			err = r.run(1)
		}
		if err != nil {
			return nil, err
		}
	}
	p, err := s.primitive(pd, execArg{dnnlArgSrc, a.h}, execArg{dnnlArgWeights, bp.h}, execArg{dnnlArgDst, y.h})
	if err != nil {
		return nil, err
	}
	return &dnnlJob{s: s, steps: []*dnnlPrim{p}, dst: y, rows: ym, impl: d.impl(pd)}, nil
}
