package par

import "time"

// clockEvery is after how many pauses a spinning goroutine looks at the clock.
const clockEvery = 16

var epoch = time.Now()

func now() time.Duration { return time.Since(epoch) }

// pause is one step of a spinning loop. It is an ordinary function, never inlined: its prologue is
// where the runtime may stop the goroutine, which it cannot do within procyield.
//
//go:noinline
func pause() { procyield(pauses) }
