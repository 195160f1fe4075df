package conv

import "github.com/simdnn/simdnn/internal/cpu"

// limits are sizes in bytes that follow from the caches of one core. They decide how work is cut, what is asked for ahead and what an estimate
// says, and never the order of a sum. Where a cache is larger than that of the machine on which they were measured, whose second level has
// 2 MiB, they stay as they are.
type limits struct {
	task     int // that a task may keep in the second cache, beside what streams through
	l2       int // of a tensor: the lines of a larger one come from beyond the second cache
	between  int // of a tensor between two convolutions: a smaller one is still in the second cache when it is read
	l3       int // of input and output together: larger ones come from memory
	patches  int // of transformed patches that a task of winograd keeps, with weights that fit the second cache
	products int // and of its products
}

// cacheLimits are those of this machine.
func cacheLimits() limits { return limitsOf(cpu.CacheSizes()) }

func limitsOf(c cpu.Caches) limits {
	return limits{
		task:     min(384<<10, c.L2/4*3),
		l2:       min(2<<20, c.L2),
		between:  min(1<<20, c.L2/2),
		l3:       min(12<<20, c.L3),
		patches:  min(256<<10, c.L2/4),
		products: min(512<<10, c.L2/2),
	}
}
