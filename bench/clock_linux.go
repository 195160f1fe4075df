package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is the time that this thread has had a processor for, from some beginning.
func cpuTime() time.Duration {
	return clock(unix.CLOCK_THREAD_CPUTIME_ID)
}

func clock(id int32) time.Duration {
	var ts unix.Timespec
	if unix.ClockGettime(id, &ts) != nil {
		return time.Since(processStart)
	}
	return time.Duration(ts.Nano())
}

const (
	settleStep    = 12 * time.Millisecond // the system counts by ticks of 4
	settlePatient = 500 * time.Millisecond
)

// settle returns when the threads of this process sleep. Those of a library wait awake for more work when a call has
// returned, some for many milliseconds, and would take a processor from whoever is measured next.
func settle() {
	for start := time.Now(); time.Since(start) < settlePatient; {
		before := clock(unix.CLOCK_PROCESS_CPUTIME_ID)
		time.Sleep(settleStep)
		if clock(unix.CLOCK_PROCESS_CPUTIME_ID)-before < settleStep/4 {
			return
		}
	}
}
