package par

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Nothing spins when nothing runs: the process takes no processor time.
func TestIdle(t *testing.T) {
	procs(t, 4)
	Run(&nothing{}, 100, 4)
	runtime.GC()
	time.Sleep(20 * time.Millisecond) // workers park, the collector ends
	before := processorTime(t)
	time.Sleep(time.Second)
	require.Less(t, processorTime(t)-before, 30*time.Millisecond, "in a second without a Run")
}

func processorTime(t *testing.T) time.Duration {
	var u unix.Rusage
	require.NoError(t, unix.Getrusage(unix.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
