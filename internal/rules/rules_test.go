package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/asm"
)

func TestRules(t *testing.T) {
	broken, err := Check(os.DirFS(filepath.Join("..", "..")))
	require.NoError(t, err)
	require.Empty(t, broken, "\n%s", strings.Join(broken, "\n"))
}

// TestRowsAreRead: the rules read the tables from the source; they see no fewer rows than this build
// has.
func TestRowsAreRead(t *testing.T) {
	r, err := check(os.DirFS(filepath.Join("..", "..")))
	require.NoError(t, err)
	names := map[string]bool{}
	for _, k := range r.rows {
		names[k.name] = true
	}
	rows := asm.Rows()
	require.NotEmpty(t, rows)
	for _, row := range rows {
		require.True(t, names[row.Name], row.Name)
		require.Contains(t, isas, row.ISA.String())
	}
}

// TestPlanted: every rule finds what breaks it, and says where.
func TestPlanted(t *testing.T) {
	const (
		kernel = "//go:build !purego\n\n#include \"go_asm.h\"\n\n// Adds.\n//\n//\tfunc addF32_8_avx2(a *AddArgs)\n//\n// Needs AVX2; clobbers Y0.\n\n" +
			"TEXT ·addF32_8_avx2(SB), NOSPLIT, $0-8\n\tVXORPS Y0, Y0, Y0\n\tVZEROUPPER\n\tRET\n"
		decl  = "package asm\n\n//go:noescape\nfunc addF32_8_avx2(a *AddArgs)\n"
		table = "package asm\n\nvar t = []AddRow{\n\t{Row: Row{\"addF32_8_avx2\", AVX2}, fn: addF32_8_avx2},\n}\n"
		row   = "package asm\n\n// Call runs it.\n//\n//go:noinline\nfunc (r *AddRow) Call(a *AddArgs) { r.fn(a) }\n"
	)
	good := map[string]string{
		"asm/add_f32_avx2_amd64.s": kernel,
		"asm/add_amd64.go":         decl,
		"asm/table_amd64.go":       table,
		"asm/add.go":               row,
	}
	planted := func(files map[string]string) string {
		m := fstest.MapFS{}
		for _, l := range []map[string]string{good, files} {
			for name, text := range l {
				m[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		broken, err := Check(m)
		require.NoError(t, err)
		return strings.Join(broken, "\n")
	}
	imports := func(pkg string, paths ...string) string {
		s := "package " + pkg + "\n\nimport (\n"
		for _, p := range paths {
			s += "\t_ \"" + p + "\"\n"
		}
		return s + ")\n"
	}
	const us = "github.com/simdnn/simdnn/"
	require.Empty(t, planted(nil))
	require.Empty(t, planted(map[string]string{
		"layers/a.go":          imports("layers", us+"conv", us+"pool", us+"tensor", "math"),
		"layers/a_test.go":     imports("layers", us+"internal/ref", us+"bench", "github.com/stretchr/testify/require"),
		"internal/ref/a.go":    imports("ref", us+"tensor", us+"layers"),
		"internal/cpu/a.go":    imports("cpu", "golang.org/x/sys/cpu"),
		"internal/native/a.go": imports("native", "github.com/ebitengine/purego"),
		"cmd/simdnn/a.go":      imports("main", us+"internal/ort"),
		"bench/go.mod":         "module bench",
		"bench/a.go":           imports("main", "gonum.org/v1/gonum", us+"internal/ref"),
		"asm/testdata/junk.s":  "junk",
		".cache/junk.go":       "junk",
	}))

	for _, c := range []struct{ name, text, want string }{
		{"tensor/a.go", imports("tensor", us+"asm"), "tensor/a.go:4: tensor imports asm, which is not below it"},
		{"asm/a.go", imports("asm", us+"tensor"), "asm/a.go:4: asm imports tensor, it may import [internal/cpu]"},
		{"gemm/a.go", imports("gemm", us+"tensor"), "gemm imports tensor, it may import"},
		{"gemm/a.go", imports("gemm", us+"conv"), "gemm imports conv"},
		{"conv/a.go", imports("conv", us+"pool"), "conv imports pool, which is not below it"},
		{"conv/a.go", imports("conv", us+"layers"), "conv imports layers, which is not below it"},
		{"conv/a.go", imports("conv", us+"bench"), "conv imports bench, which is not below it"},
		{"conv/a.go", imports("conv", us+"internal/ref"), "internal/ref is for tests only"},
		{"onnx/a.go", imports("onnx", us+"internal/ort"), "internal/ort is for tests only"},
		{"cmd/simdnn/a.go", imports("main", us+"internal/native"), "internal/native is for tests only"},
		{"internal/ort/a.go", imports("ort", "github.com/ebitengine/purego"), "internal/ort imports github.com/ebitengine/purego of another module"},
		{"conv/a.go", imports("conv", "C"), "cgo"},
		{"conv/a.go", imports("conv", "golang.org/x/sys/unix"), "conv imports golang.org/x/sys/unix of another module"},
		{"conv/a_test.go", imports("conv", "example.org/x"), "conv imports example.org/x of another module"},
		{"blas/a.go", imports("blas", "fmt"), "package blas has no level"},

		{"conv/a.go", "package conv\n\nfunc init() {}\n", "conv/a.go:3: func init"},
		{"conv/a.go", "package conv\n\n// TO" + "DO: more\n", "conv/a.go:3: \"TO" + "DO\""},
		{"conv/a.go", "package conv\n\nimport \"os\"\n\nvar x = os.Getenv(\"X\")\n", "conv/a.go:5: only asm/select.go reads the environment"},

		{"asm/add.go", strings.Replace(row, "//go:noinline\n", "", 1), "asm/add.go:5: a Call method without //go:noinline"},
		{"asm/add_amd64.go", "package asm\n\nfunc addF32_8_avx2(a *AddArgs)\n", "addF32_8_avx2 is assembly without //go:noescape"},
		{"asm/b_amd64.go", "package asm\n\n//go:noescape\nfunc subF32_8_avx2(a *AddArgs)\n", "asm/b_amd64.go: function subF32_8_avx2 has no row"},
		{"asm/table_amd64.go", "package asm\n", "asm/add_f32_avx2_amd64.s: TEXT symbol addF32_8_avx2 has no row"},
		{"asm/table_amd64.go", strings.Replace(table, "fn: add", "fn: sub", 1), "asm/table_amd64.go:4: row addF32_8_avx2 runs subF32_8_avx2"},
		{"asm/table_amd64.go", strings.Replace(table, "AVX2}", "AVX512}", 1), "row addF32_8_avx2 has ISA AVX512"},
		{"asm/table_amd64.go", strings.ReplaceAll(table, "addF32_8_avx2", "addF32_8_sse"), `"addF32_8_sse": want <op><DType>_<tile>_<isa>`},
		{"asm/table2_amd64.go", table, "a second row addF32_8_avx2"},

		{"asm/add_f32_avx2_amd64.s", strings.Replace(kernel, "\tVZEROUPPER\n", "", 1), "asm/add_f32_avx2_amd64.s:13: RET without VZEROUPPER"},
		{"asm/add_f32_avx2_amd64.s", strings.Replace(kernel, "//go:build !purego\n", "", 1), "does not begin with //go:build !purego"},
		{"asm/add_f32_avx2_amd64.s", strings.Replace(kernel, "Needs", "Has", 1), "its opening comment wants the signature"},
		{"asm/add_f32_avx2_amd64.s", strings.Replace(kernel, "//\tfunc", "// ", 1), "its opening comment wants the signature"},
		{"asm/add_f32_avx2_amd64.s", kernel + "\tWORD $0x4F801000\n", "asm/add_f32_avx2_amd64.s:15: an instruction as a number"},
		{"asm/add_f32_neon_arm64.s", strings.ReplaceAll(kernel, "Y0, Y0, Y0", "R18"), "asm/add_f32_neon_arm64.s:12: R18 is not for kernels on arm64"},
		{"asm/add_arm64.h", "// A body, R28.\n\tMOVD R1, R(28)\n", "asm/add_arm64.h:2: R(28"},
		{"asm/add_f32_avx512_amd64.s", kernel, "asm/add_f32_avx512_amd64.s: addF32_8_avx2 is in the wrong file"},
		{"asm/add_f16_avx2_amd64.s", kernel, "asm/add_f16_avx2_amd64.s: addF32_8_avx2 is in the wrong file"},
		{"asm/add.s", kernel, "asm/add.s: want <op>_<dtype>_<isa>_<goarch>.s"},
		{"asm/add_amd64.h", "// A body.\n", "asm/add_amd64.h: nothing includes it"},
		{"asm/add_amd64.h", "#define A\n", "asm/add_amd64.h: does not open with a comment"},
		{"asm/add_amd64.h", "// A body.\n#define LEAVE VMOVUPS Y0, (SI); RET\n", "asm/add_amd64.h:2: RET without VZEROUPPER"},
	} {
		require.Contains(t, planted(map[string]string{c.name: c.text}), c.want, "%s:\n%s", c.name, c.text)
	}
	named := "#define FMLA4(m) WORD $(0x4F801000 | m); \\\n\tWORD $1\n"
	require.Empty(t, planted(map[string]string{"asm/add_f32_avx2_amd64.s": kernel + named}))
}
