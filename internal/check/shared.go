package check

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Shared has some goroutines call at the same time what serves one call at a time. Every call is to do its work, which verify looks at, or to
// panic with the refusal. begin gives each goroutine its call and its verify.
func Shared(t testing.TB, refusal string, begin func() (call, verify func())) {
	t.Helper()
	var done, refused atomic.Int64
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			call, verify := begin()
			attempt := func() {
				defer func() {
					if r := recover(); r == nil {
						done.Add(1)
						verify()
					} else if refused.Add(1); r != refusal {
						t.Errorf("panic %v, want %q", r, refusal)
					}
				}()
				call()
			}
			for i := 0; i < 1000 && (i < 50 || refused.Load() == 0); i++ {
				attempt()
			}
		})
	}
	wg.Wait()
	t.Logf("%d calls, %d refused", done.Load(), refused.Load())
	if done.Load() == 0 {
		t.Error("all calls were refused")
	}
}
