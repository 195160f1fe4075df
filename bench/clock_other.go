//go:build !linux

package main

import "time"

// cpuTime is the time since the start: what other processes take of it cannot be told.
func cpuTime() time.Duration { return time.Since(processStart) }

// settle is to return when the threads of this process sleep, which cannot be told: it waits as long as most stay awake.
func settle() { time.Sleep(20 * time.Millisecond) }
