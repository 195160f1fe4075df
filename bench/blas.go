package main

import (
	"fmt"

	"github.com/simdnn/simdnn/internal/native"
)

// cblas is OpenBLAS or BLIS: cblas_sgemm and cblas_dgemm, which pack their operands in every call.
type cblas struct {
	info         libInfo
	sgemm, dgemm uintptr
}

func openBLAS(name string, paths []string, threads int) (library, error) {
	h, path, err := native.Open(paths)
	if err != nil {
		return nil, err
	}
	b := &cblas{info: libInfo{Name: name, Path: path}, sgemm: native.Symbol(h, "cblas_sgemm"), dgemm: native.Symbol(h, "cblas_dgemm")}
	if b.sgemm == 0 || b.dgemm == 0 {
		return nil, fmt.Errorf("%s has no cblas_sgemm or no cblas_dgemm", path)
	}
	call := func(name string, args ...any) uintptr {
		if f := native.Symbol(h, name); f != 0 {
			return native.Call(f, args...)
		}
		return 0
	}
	switch name {
	case "openblas":
		call("openblas_set_num_threads", threads)
		b.info.Kernel = native.String(call("openblas_get_corename"))
		b.info.Version = firstVersion(native.String(call("openblas_get_config")))
	case "blis":
		call("bli_thread_set_num_threads", threads)
		b.info.Kernel = native.String(call("bli_arch_string", call("bli_arch_query_id")))
		b.info.Version = firstVersion(native.String(call("bli_info_get_version_str")))
	}
	return b, nil
}

func (b *cblas) Info() libInfo { return b.info }

func (b *cblas) Prepare(c *Case, mode string) (job, error) {
	if !c.isGemm() || mode != "sgemm" {
		return nil, fmt.Errorf("%s has no %s for %s", b.info.Name, mode, c)
	}
	j := &cblasJob{a: c.aMatrix(), b: c.bMatrix(), c: c.cMatrix()}
	const rowMajor, noTrans, trans = 101, 111, 112
	op := map[bool]uintptr{false: noTrans, true: trans}
	j.call = native.Repeat{
		Fn:     b.sgemm,
		Ints:   [6]uintptr{rowMajor, op[c.TransA], op[c.TransB], uintptr(c.GemmM), uintptr(c.GemmN), uintptr(c.GemmK)},
		Floats: native.Float32s(1, 0),
		Stack:  [6]uintptr{native.Addr(j.a.data), uintptr(j.a.ld), native.Addr(j.b.data), uintptr(j.b.ld), native.Addr(j.c.data), uintptr(j.c.ld)},
	}
	if c.Double {
		j.a, j.b, j.c = j.a.doubled(), j.b.doubled(), j.c.doubled()
		j.call.Fn, j.call.Floats = b.dgemm, native.Float64s(1, 0)
		j.call.Stack = [6]uintptr{native.Addr(j.a.double), uintptr(j.a.ld), native.Addr(j.b.double), uintptr(j.b.ld), native.Addr(j.c.double), uintptr(j.c.ld)}
	}
	return j, nil
}

type cblasJob struct {
	call    native.Repeat
	a, b, c matrix
}

func (j *cblasJob) Run(calls int) error { j.call.Run(calls); return nil }
func (j *cblasJob) Output() []float32   { return j.c.rounded().packed() }
func (j *cblasJob) Impl() string        { return "" }
func (j *cblasJob) Close()              {}
