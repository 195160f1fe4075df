//go:build linux || darwin

package main

import "fmt"

// cblas is OpenBLAS or BLIS: cblas_sgemm, which packs its operands in every call.
type cblas struct {
	info  libInfo
	sgemm uintptr
}

func openBLAS(name string, paths []string, threads int) (library, error) {
	h, path, err := open(paths)
	if err != nil {
		return nil, err
	}
	b := &cblas{info: libInfo{Name: name, Path: path}, sgemm: symbol(h, "cblas_sgemm")}
	if b.sgemm == 0 {
		return nil, fmt.Errorf("%s has no cblas_sgemm", path)
	}
	call := func(name string, args ...any) uintptr {
		if f := symbol(h, name); f != 0 {
			return native(f, args...)
		}
		return 0
	}
	switch name {
	case "openblas":
		call("openblas_set_num_threads", threads)
		b.info.Kernel = cString(call("openblas_get_corename"))
		b.info.Version = firstVersion(cString(call("openblas_get_config")))
	case "blis":
		call("bli_thread_set_num_threads", threads)
		b.info.Kernel = cString(call("bli_arch_string", call("bli_arch_query_id")))
		b.info.Version = firstVersion(cString(call("bli_info_get_version_str")))
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
	j.call = callArgs{
		fn:     b.sgemm,
		ints:   [6]uintptr{rowMajor, op[c.TransA], op[c.TransB], uintptr(c.GemmM), uintptr(c.GemmN), uintptr(c.GemmK)},
		floats: [2]float32{1, 0},
		stack:  [6]uintptr{addr(j.a.data), uintptr(j.a.ld), addr(j.b.data), uintptr(j.b.ld), addr(j.c.data), uintptr(j.c.ld)},
	}
	return j, nil
}

type cblasJob struct {
	call    callArgs
	a, b, c matrix
}

func (j *cblasJob) Run(calls int) error { j.call.run(calls); return nil }
func (j *cblasJob) Output() []float32   { return j.c.packed() }
func (j *cblasJob) Impl() string        { return "" }
func (j *cblasJob) Close()              {}
