// Package cases reads stored test cases and trained networks: NAME.json, which describes, and NAME.bin,
// which holds the numbers, little-endian. Tests and examples use it; the library does not.
//
// Four formats: cnncase/1 (one operator, its inputs, constants and right answers), cnnmodel/1 (a whole
// network, sample inputs and right answers), onnxcase/1 (an ONNX file, with inputs and right answers) and cnntrain/1 (a
// training run, of which only the initial weights are read here).
package cases

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// Env is the environment variable that says where the cases are.
const Env = "SIMDNN_CASES"

const module = "module github.com/simdnn/simdnn\n"

// Find returns the folder of the cases: the one that the environment variable SIMDNN_CASES names, or
// else ../shared/cases beside the root of the module that the working directory lies in. forced says that
// the variable is set. The error says what was looked for.
func Find() (dir string, forced bool, err error) {
	if dir := os.Getenv(Env); dir != "" {
		if _, err := os.Stat(filepath.Join(dir, "README.md")); err != nil {
			return "", true, fmt.Errorf("cases: %s=%s is not a folder of cases: %w", Env, dir, err)
		}
		return dir, true, nil
	}
	root, err := moduleRoot()
	if err != nil {
		return "", false, err
	}
	dir = filepath.Join(root, "..", "shared", "cases")
	if _, err := os.Stat(filepath.Join(dir, "README.md")); err != nil {
		return "", false, fmt.Errorf("cases: no folder %s; %s can name another", dir, Env)
	}
	return dir, false, nil
}

// moduleRoot walks up from the working directory to the root of the module (past nested modules).
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(b)+"\n", module) {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("cases: the working directory is not inside the module simdnn; %s can name the folder of the cases", Env)
		}
		dir = up
	}
}

// Dir is Find for tests. Where it or one of the folders in it is not there the test is skipped, and says which; with
// SIMDNN_CASES set it fails.
func Dir(t testing.TB, folders ...string) string {
	t.Helper()
	dir, forced, err := Find()
	missing := folders
	if err == nil {
		missing = nil
		for _, f := range folders {
			if _, e := os.Stat(filepath.Join(dir, f)); e != nil {
				missing = append(missing, f)
			}
		}
		if len(missing) == 0 {
			return dir
		}
		err = fmt.Errorf("cases: not in %s", dir)
	}
	if forced {
		t.Fatalf("stored cases not found: %s (%v)", strings.Join(missing, ", "), err)
	}
	t.Skipf("stored cases not found: %s (%v)", strings.Join(missing, ", "), err)
	return ""
}

// Case is one operator (nearly always) with inputs and right answers.
type Case struct {
	Name, Suite, Op, Tier, Source string

	Nodes                      []Node // in running order
	Inputs, Constants, Outputs []string
	Tensors                    []*Tensor
	Opset                      Opset

	Rtol, Atol float64         // ONNX's own tolerances
	Exact      bool            // answers must be equal bit for bit in float32
	Stats      map[string]Stat // by output
	Backward   *Backward
	Disputed   string // why another runtime answers otherwise, or ""
}

// Stat is what an error bound needs: the largest value that a sum takes over absolute values, and
// its number of terms.
type Stat struct {
	Cond  float64
	Depth int
}

// Backward names the gradients of a case: given those of the outputs, those of the inputs.
type Backward struct {
	Upstream []string
	Grads    map[string]string // input to gradient
}

// Tensor returns the tensor of that name, or nil.
func (c *Case) Tensor(name string) *Tensor {
	for _, t := range c.Tensors {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Load reads a case from its .json file and checks the hash of its .bin.
func Load(path string) (*Case, error) {
	js, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cases: %w", err)
	}
	var f struct {
		Format, Bin, Sha256 string
		Case
	}
	if err := json.Unmarshal(js, &f); err != nil {
		return nil, fmt.Errorf("cases: %s: %w", path, err)
	}
	if f.Format != "cnncase/1" {
		return nil, fmt.Errorf("cases: %s: format is %q, want cnncase/1", path, f.Format)
	}
	bin, err := os.ReadFile(filepath.Join(filepath.Dir(path), f.Bin))
	if err != nil {
		return nil, fmt.Errorf("cases: %s: %w", path, err)
	}
	if h := sha256.Sum256(bin); hex.EncodeToString(h[:]) != f.Sha256 {
		return nil, fmt.Errorf("cases: %s: sha256 of %s is %x, want %s", path, f.Bin, h, f.Sha256)
	}
	for _, t := range f.Tensors {
		if err := t.attach(bin); err != nil {
			return nil, fmt.Errorf("cases: %s: %w", path, err)
		}
	}
	return &f.Case, nil
}

// List loads the cases of a folder (relative to Dir) that keep accepts, sorted by name; keep nil
// accepts all. A case that cannot be read fails the test.
func List(t testing.TB, folder string, keep func(*Case) bool) []*Case {
	t.Helper()
	dir := filepath.Join(Dir(t, folder), folder)
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("cases: no cases in %s", dir)
	}
	sort.Strings(paths)
	var list []*Case
	for _, p := range paths {
		c, err := Load(p)
		if err != nil {
			t.Fatal(err)
		}
		if keep == nil || keep(c) {
			list = append(list, c)
		}
	}
	return list
}
