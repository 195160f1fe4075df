package check

import "testing"

// NoAllocs fails where each of several calls of f allocates. The runtime allocates at times too, when it starts a worker of the
// collector for one, and is counted with f: of calls that are looked at one by one, one without is enough.
func NoAllocs(t testing.TB, f func(), what ...any) {
	t.Helper()
	if n := Allocs(f); n != 0 {
		t.Fatalf("%v allocations of each of %d calls %v", n, allocTries, what)
	}
}

const allocTries = 4

// Allocs are the fewest allocations of one call of f, of a few calls.
func Allocs(f func()) float64 {
	least := testing.AllocsPerRun(1, f)
	for i := 1; i < allocTries && least != 0; i++ {
		least = min(least, testing.AllocsPerRun(1, f))
	}
	return least
}
