// Package rules checks what ARCHITECTURE.md promises and no compiler sees: which package imports
// which, that a kernel has one name everywhere, that kernel files say what they are and clean up after
// themselves. Its test runs all rules on the module's files.
package rules

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/simdnn/simdnn"

// levels are the packages of the library. Imports point down: from a level to a lower one.
var levels = map[string]int{
	".": 0, "tensor": 0, "internal/cpu": 0, "internal/mem": 0, "internal/par": 0,
	"asm": 1, "npy": 1, "vision": 1, "safetensors": 1,
	"internal/elem": 2, "internal/transpose": 2,
	"gemm": 3,
	"conv": 4, "pool": 4,
	"graph":  5,
	"layers": 6, "onnx": 6,
	"cmd/simdnn": 7,
}

// only narrows what a package may import below what its level allows.
var only = map[string][]string{
	"asm":                {"internal/cpu"}, // it speaks pointers and counts
	"internal/transpose": {"asm"},
	"internal/elem":      {"asm"},
	"gemm":               {"asm", "internal/cpu", "internal/mem", "internal/par", "internal/transpose"}, // it knows no shapes
}

// forTests are packages that only tests, benchmarks and each other may import.
var forTests = []string{"internal/ref", "internal/check", "internal/shapes", "internal/rules", "internal/cases", "internal/nets", "internal/onnxfile",
	"internal/skips", "internal/native", "internal/ort"}

// forCommands are those of them that a command is about.
var forCommands = map[string][]string{"cmd/simdnn": {"internal/cases", "internal/ort"}}

// foreign are the imports from other modules, outside tests.
var foreign = map[string][]string{
	"internal/cpu":      {"golang.org/x/sys/cpu", "github.com/klauspost/cpuid/v2"},
	"internal/mem":      {"golang.org/x/sys/unix"},
	"internal/check":    {"golang.org/x/sys/unix"},
	"internal/native":   {"github.com/ebitengine/purego"}, // so that no package of the library has it compiled
	"internal/onnxfile": {"google.golang.org/protobuf/encoding/protowire"},
	"onnx":              {"google.golang.org/protobuf/encoding/protowire"},
}

// isas is the closed list of words at the end of a kernel's name, and the constants they stand for.
var isas = map[string]string{
	"generic": "Generic", "avx2": "AVX2", "avx512": "AVX512", "avx512vnni": "AVX512VNNI", "avx512bf16": "AVX512BF16", "neon": "NEON", "neondot": "NEONDot",
}

var isaWords = strings.Join([]string{"generic", "avx2", "avx512", "avx512vnni", "avx512bf16", "neon", "neondot"}, "|")

// Check returns a line for everything in the module that breaks a rule.
func Check(module fs.FS) ([]string, error) {
	r, err := check(module)
	return r.broken, err
}

func check(module fs.FS) (*rules, error) {
	r := &rules{fset: token.NewFileSet(), sources: make(map[string]string)}
	if err := fs.WalkDir(module, ".", r.read(module)); err != nil {
		return r, err
	}
	slices.Sort(r.names)
	for _, name := range r.names {
		if strings.HasSuffix(name, ".go") {
			f, err := parser.ParseFile(r.fset, name, r.sources[name], parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return r, err
			}
			r.goFile(name, f)
		} else {
			r.assembly(name)
		}
		for i, line := range strings.Split(r.sources[name], "\n") {
			if m := unfinished.FindString(line); m != "" {
				r.say("%s:%d: %q: finish it or file it", name, i+1, m)
			}
		}
	}
	r.kernels()
	return r, nil
}

// unfinished matches words in capitals, as they are written to be found; in pieces here, so that it does
// not find itself.
var unfinished = regexp.MustCompile(`\b(` + "TO" + `DO|FIX` + `ME|XX` + `X|PLACE` + `HOLDER)\b`)

type rules struct {
	fset    *token.FileSet
	names   []string          // of all sources, sorted
	sources map[string]string // by name

	rows     []row
	declared map[string]string // functions of asm/ without a body, and their file
	texts    map[string]string // TEXT symbols of asm/, and their file
	included map[string]bool   // headers

	broken []string
}

// row is a table row of a kernel: Row{"name", ISA} beside fn: function.
type row struct{ pos, name, isa, fn string }

func (r *rules) say(format string, args ...any) {
	r.broken = append(r.broken, fmt.Sprintf(format, args...))
}

// read collects the sources of the module, without those of modules inside it.
func (r *rules) read(module fs.FS) fs.WalkDirFunc {
	r.declared, r.texts, r.included = make(map[string]string), make(map[string]string), make(map[string]bool)
	return func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			base := path.Base(name)
			if name != "." && (strings.HasPrefix(base, ".") || base == "testdata") {
				return fs.SkipDir
			}
			if _, err := fs.Stat(module, path.Join(name, "go.mod")); err == nil && name != "." {
				return fs.SkipDir
			}
			return nil
		}
		switch path.Ext(name) {
		case ".go", ".s", ".h":
			b, err := fs.ReadFile(module, name)
			if err != nil {
				return err
			}
			r.names = append(r.names, name)
			r.sources[name] = string(b)
		}
		return nil
	}
}

func (r *rules) at(p token.Pos) string {
	pos := r.fset.Position(p)
	return fmt.Sprintf("%s:%d", pos.Filename, pos.Line)
}

func (r *rules) goFile(name string, f *ast.File) {
	dir, test := path.Dir(name), strings.HasSuffix(name, "_test.go")
	r.imports(dir, test, f)
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		at := r.at(fn.Pos())
		if fn.Name.Name == "init" && fn.Recv == nil {
			r.say("%s: func init: use sync.OnceValue, or a table", at)
		}
		if dir != "asm" || test {
			continue
		}
		if fn.Name.Name == "Call" && fn.Recv != nil && !directive(fn, "//go:noinline") {
			r.say("%s: a Call method without //go:noinline: the runtime cannot stop a loop over it", at)
		}
		if fn.Body == nil {
			r.declared[fn.Name.Name] = name
			if !directive(fn, "//go:noescape") {
				r.say("%s: %s is assembly without //go:noescape", at, fn.Name.Name)
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if dir == "asm" && !test {
				r.row(n)
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "os" && (n.Sel.Name == "Getenv" || n.Sel.Name == "LookupEnv") &&
				!test && name != "asm/select.go" && !slices.Contains(forTests, dir) {
				r.say("%s: only asm/select.go reads the environment", r.at(n.Pos()))
			}
		}
		return true
	})
}

func directive(fn *ast.FuncDecl, text string) bool {
	return fn.Doc != nil && slices.ContainsFunc(fn.Doc.List, func(c *ast.Comment) bool { return c.Text == text })
}

func (r *rules) imports(dir string, test bool, f *ast.File) {
	level, known := levels[dir]
	helper := slices.Contains(forTests, dir)
	if !known && !helper {
		r.say("%s: package %s has no level: give it one in internal/rules and in ARCHITECTURE.md", r.at(f.Pos()), dir)
		return
	}
	for _, spec := range f.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		at := r.at(spec.Pos())
		ours, isOurs := strings.CutPrefix(p, module+"/")
		switch {
		case p == "C":
			r.say("%s: cgo", at)
		case isOurs && (test || helper):
			// Tests may look at everything; the compiler refuses circles.
		case isOurs && slices.Contains(forCommands[dir], ours):
		case isOurs && slices.Contains(forTests, ours):
			r.say("%s: %s is for tests only", at, ours)
		case isOurs && only[dir] != nil && !slices.Contains(only[dir], ours):
			r.say("%s: %s imports %s, it may import %v", at, dir, ours, only[dir])
		case isOurs:
			if l, ok := levels[ours]; !ok || l >= level {
				r.say("%s: %s imports %s, which is not below it", at, dir, ours)
			}
		case strings.Contains(strings.SplitN(p, "/", 2)[0], "."):
			if slices.Contains(foreign[dir], p) || test && (strings.HasPrefix(p, "github.com/stretchr/testify/") || strings.HasPrefix(p, "golang.org/x/sys/")) {
				continue
			}
			r.say("%s: %s imports %s of another module", at, dir, p)
		}
	}
}

// row notes literals of the form {Row: Row{"name", ISA}, ..., fn: function}.
func (r *rules) row(lit *ast.CompositeLit) {
	var k row
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := kv.Key.(*ast.Ident)
		switch v := kv.Value.(type) {
		case *ast.CompositeLit:
			if key != nil && key.Name == "Row" && len(v.Elts) == 2 {
				if s, ok := v.Elts[0].(*ast.BasicLit); ok {
					k.name, _ = strconv.Unquote(s.Value)
				}
				if i, ok := v.Elts[1].(*ast.Ident); ok {
					k.isa = i.Name
				}
				k.pos = r.at(lit.Pos())
			}
		case *ast.Ident:
			if key != nil && key.Name == "fn" {
				k.fn = v.Name
			}
		}
	}
	if k.pos != "" {
		r.rows = append(r.rows, k)
	}
}

var (
	kernelName = regexp.MustCompile(`^[a-z]+([A-Z][A-Za-z0-9]*)_[a-z0-9]+_(` + isaWords + `)$`)
	kernelFile = regexp.MustCompile(`^asm/[a-z]+_([a-z0-9]+)_(` + isaWords + `)_(amd64|arm64)\.s$`)
	textSymbol = regexp.MustCompile(`(?m)^TEXT\s+·(\w+)(<>)?\(SB\)`)
	include    = regexp.MustCompile(`(?m)^#include "(.*)"`)
	wideVector = regexp.MustCompile(`\b[YZ][0-9]+\b`)
	encoding   = regexp.MustCompile(`(^|[;\s])(WORD|BYTE|LONG|QUAD)\s+\$`)
	signature  = regexp.MustCompile(`(?m)^//\s+func `)

	// On arm64: R18 belongs to the system on darwin and windows, R27 to the assembler, R28 is g, R29 and R30
	// the frame and the way back. A write to R30 by BL would lose the latter.
	reserved = regexp.MustCompile(`\b(R\(?(18|27|28|29|30)|g|BL|CALL)\b`)
)

// assembly checks a .s or .h file.
func (r *rules) assembly(name string) {
	src := r.sources[name]
	kernels := strings.HasPrefix(name, "asm/")
	for _, m := range include.FindAllStringSubmatch(src, -1) {
		r.included[path.Join(path.Dir(name), m[1])] = true
	}
	define := false
	for i, line := range strings.Split(src, "\n") {
		define = strings.HasPrefix(line, "#define") || define && i > 0
		if encoding.MatchString(line) && !define {
			r.say("%s:%d: an instruction as a number: give it a name with #define", name, i+1)
		}
		define = define && strings.HasSuffix(line, "\\")
	}
	if kernels {
		r.returns(name)
	}
	if kernels && strings.Contains(name, "_arm64.") {
		for i, line := range strings.Split(src, "\n") {
			code, _, _ := strings.Cut(line, "//")
			if m := reserved.FindString(code); m != "" {
				r.say("%s:%d: %s is not for kernels on arm64", name, i+1, m)
			}
		}
	}
	if strings.HasSuffix(name, ".h") {
		if !strings.HasPrefix(src, "//") {
			r.say("%s: does not open with a comment", name)
		}
		return
	}
	if !kernels {
		return
	}
	if !strings.HasPrefix(src, "//go:build !purego\n") {
		r.say("%s: does not begin with //go:build !purego", name)
	}
	texts := textSymbol.FindAllStringSubmatchIndex(src, -1)
	if texts == nil {
		return // data
	}
	head := src[:texts[0][0]]
	if i := strings.Index(head, "#define"); i >= 0 {
		head = head[:i]
	}
	lower := strings.ToLower(head)
	if !signature.MatchString(head) || !strings.Contains(lower, "needs ") {
		r.say(`%s: its opening comment wants the signature ("//	func ...") and what it "needs"`, name)
	}
	file := kernelFile.FindStringSubmatch(name)
	if file == nil {
		r.say("%s: want <op>_<dtype>_<isa>_<goarch>.s", name)
	}
	for _, m := range texts {
		symbol := src[m[2]:m[3]]
		r.texts[symbol] = name
		if k := kernelName.FindStringSubmatch(symbol); k != nil && file != nil && (strings.ToLower(k[1]) != file[1] || k[2] != file[2]) {
			r.say("%s: %s is in the wrong file", name, symbol)
		}
	}
}

// returns wants VZEROUPPER before every RET of a file that uses Y or Z registers, itself or in what it
// includes.
func (r *rules) returns(name string) {
	all := r.sources[name]
	for _, m := range include.FindAllStringSubmatch(all, -1) {
		all += r.sources[path.Join(path.Dir(name), m[1])]
	}
	if strings.HasSuffix(name, ".s") && !wideVector.MatchString(all) || strings.Contains(name, "arm64") {
		return
	}
	last := ""
	for i, line := range strings.Split(r.sources[name], "\n") {
		code, _, _ := strings.Cut(line, "//")
		for op := range strings.FieldsFuncSeq(code, func(c rune) bool { return c == ';' || c == '\\' }) {
			if op = strings.TrimSpace(op); op == "" {
				continue
			}
			if op == "RET" && last != "VZEROUPPER" {
				r.say("%s:%d: RET without VZEROUPPER before it", name, i+1)
			}
			last = op
		}
	}
}

// kernels checks that rows, functions and TEXT symbols are the same.
func (r *rules) kernels() {
	seen := make(map[string]bool)
	for _, k := range r.rows {
		m := kernelName.FindStringSubmatch(k.name)
		switch {
		case m == nil:
			r.say("%s: %q: want <op><DType>_<tile>_<isa>, isa one of %s", k.pos, k.name, isaWords)
			continue
		case k.fn != k.name:
			r.say("%s: row %s runs %s", k.pos, k.name, k.fn)
		case isas[m[2]] != k.isa:
			r.say("%s: row %s has ISA %s", k.pos, k.name, k.isa)
		case seen[k.name]:
			r.say("%s: a second row %s", k.pos, k.name)
		}
		seen[k.name] = true
	}
	for _, t := range []struct {
		what  string
		names map[string]string
	}{{"function", r.declared}, {"TEXT symbol", r.texts}} {
		for _, name := range sortedKeys(t.names) {
			if !seen[name] {
				r.say("%s: %s %s has no row", t.names[name], t.what, name)
			}
		}
	}
	for _, name := range r.names {
		if strings.HasSuffix(name, ".h") && !r.included[name] {
			r.say("%s: nothing includes it", name)
		}
	}
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
