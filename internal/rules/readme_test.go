package rules

import (
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")
	link    = regexp.MustCompile(`\]\(([^)#:]+)\)`)
)

// TestReadme: the programs in README.md are complete, gofmt-ed, and do what they do without an error as they are
// printed; the files that it links to are there.
func TestReadme(t *testing.T) {
	root := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	for _, to := range link.FindAllStringSubmatch(string(readme), -1) {
		_, err := os.Stat(filepath.Join(root, to[1]))
		require.NoError(t, err)
	}
	goTool, err := exec.LookPath("go")
	if err != nil || runtime.GOARCH != "amd64" {
		t.Skip("needs the go command; emulated it would be slow")
	}
	blocks := goBlock.FindAllStringSubmatch(string(readme), -1)
	require.Len(t, blocks, strings.Count(string(readme), "```go"), "every block of Go ends")
	require.NotEmpty(t, blocks)
	for i, b := range blocks {
		t.Run(fmt.Sprint("program", i+1), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "main.go")
			require.NoError(t, os.WriteFile(file, []byte(b[1]), 0o600))
			for _, args := range [][]string{{"vet", file}, {"run", file}} {
				out, err := exec.Command(goTool, args...).CombinedOutput()
				require.NoError(t, err, "go %s: %s", args[0], out)
				t.Logf("go %s: %s", args[0], out)
			}
			formatted, err := format.Source([]byte(b[1]))
			require.NoError(t, err)
			require.Equal(t, string(formatted), b[1])
		})
	}
}
