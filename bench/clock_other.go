//go:build !linux

package main

import "time"

// cpuTime is the time since the start: what other processes take of it cannot be told.
func cpuTime() time.Duration { return time.Since(processStart) }
