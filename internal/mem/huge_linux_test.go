package mem

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// advised reports whether the system has noted the advice for the mapping that b begins in.
func advised(t *testing.T, b []byte) bool {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	inside := false
	for s := bufio.NewScanner(f); s.Scan(); {
		var lo, hi uintptr
		if n, _ := fmt.Sscanf(s.Text(), "%x-%x ", &lo, &hi); n == 2 {
			a := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
			inside = lo <= a && a < hi
		}
		if flags, ok := strings.CutPrefix(s.Text(), "VmFlags:"); ok && inside {
			return slices.Contains(strings.Fields(flags), "hg")
		}
	}
	return false
}

func TestHugePagesAreAdvised(t *testing.T) {
	m, err := unix.Mmap(-1, 0, 2*Huge, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	require.NoError(t, err)
	defer func() { require.NoError(t, unix.Munmap(m)) }()
	if err := unix.Madvise(m, unix.MADV_HUGEPAGE); err != nil || !advised(t, m) {
		t.Skipf("the system has no huge pages by advice, or does not tell (%v)", err)
	}
	require.True(t, advised(t, Bytes(Huge)))
	require.True(t, advised(t, Bytes(3*Huge+1)))
}
