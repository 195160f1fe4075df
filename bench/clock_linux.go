package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is the time that this thread has had a processor for, from some beginning.
func cpuTime() time.Duration {
	var ts unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts) != nil {
		return time.Since(processStart)
	}
	return time.Duration(ts.Nano())
}
