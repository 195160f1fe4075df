package cpu

import (
	"fmt"
	"io/fs"
	"math/bits"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/cpuid/v2"
)

// Caches are sizes in bytes of what one core can use. They are all positive, and no level is smaller
// than the one before it: where a machine has no third level, L3 is L2.
type Caches struct {
	L1D  int // data, first level
	L2   int
	L3   int    // the whole, though cores may share it
	Line int    // of a cache
	Note string // which of them nobody told and are assumed, such as "L3 assumed"; empty when none
}

func (c Caches) String() string {
	s := fmt.Sprintf("L1D %s, L2 %s, L3 %s, line %s", size(c.L1D), size(c.L2), size(c.L3), size(c.Line))
	if c.Note != "" {
		s += " (" + c.Note + ")"
	}
	return s
}

func size(n int) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// What is assumed where nobody tells: small enough for most machines of the last ten years.
var assumed = Caches{L1D: 32 << 10, L2: 512 << 10, L3: 4 << 20, Line: 64}

// The sources mark a level that a machine does not have, which is not the same as not to know.
const (
	unknown = 0
	none    = -1
)

var caches = sync.OnceValue(func() Caches {
	sources := []Caches{fromCPUID(&cpuid.CPU, runtime.GOOS)}
	if runtime.GOOS == "linux" {
		sources = append(sources, fromSys(os.DirFS(sysCPU)))
	}
	return combine(sources...)
})

// CacheSizes returns the caches of this machine.
func CacheSizes() Caches { return caches() }

// fromCPUID reads what klauspost/cpuid has found: a level that it does not know is -1, or 0 when it
// does not know any. On Intel, 0 beside known levels is one that the machine does not have; on
// darwin/arm64, no machine has a third level and the system is silent about it.
func fromCPUID(info *cpuid.CPUInfo, goos string) Caches {
	c := Caches{
		L1D:  plausible(info.Cache.L1D, 4<<10, 1<<20),
		L2:   plausible(info.Cache.L2, 32<<10, 1<<30),
		L3:   plausible(info.Cache.L3, 256<<10, 1<<30),
		Line: plausibleLine(info.CacheLine),
	}
	known := c.L1D != unknown && c.L2 != unknown
	if known && c.L3 == unknown && (info.Cache.L3 == 0 || goos == "darwin") {
		c.L3 = none
	}
	return c
}

const sysCPU = "/sys/devices/system/cpu/cpu0"

// fromSys reads linux's description of the first core: cache/index<i>/{level,type,size,coherency_line_size}.
// A kernel that knows any level knows all.
func fromSys(sys fs.FS) Caches {
	var c Caches
	for i := range 16 {
		read := func(name string) string { return readWord(sys, fmt.Sprintf("cache/index%d/%s", i, name)) }
		kind := read("type")
		if kind != "Data" && kind != "Unified" {
			continue
		}
		n := parseSize(read("size"))
		switch read("level") {
		case "1":
			c.L1D = plausible(n, 4<<10, 1<<20)
			c.Line = plausibleLine(parseSize(read("coherency_line_size")))
		case "2":
			c.L2 = plausible(n, 32<<10, 1<<30)
		case "3":
			c.L3 = plausible(n, 256<<10, 1<<30)
		}
	}
	if c.L1D != unknown && c.L2 != unknown && c.L3 == unknown {
		c.L3 = none
	}
	return c
}

// readWord returns a file's content, or nothing.
func readWord(sys fs.FS, name string) string {
	b, err := fs.ReadFile(sys, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// parseSize reads 64, 32K and 4M; 0 is no size.
func parseSize(s string) int {
	shift := 0
	if digits, ok := strings.CutSuffix(s, "K"); ok {
		s, shift = digits, 10
	} else if digits, ok := strings.CutSuffix(s, "M"); ok {
		s, shift = digits, 20
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 || n<<shift > 1<<30 {
		return 0
	}
	return int(n << shift)
}

func plausible(n, lo, hi int) int {
	if n < lo || n > hi {
		return unknown
	}
	return n
}

func plausibleLine(n int) int {
	if n = plausible(n, 16, 256); bits.OnesCount(uint(n)) != 1 {
		return unknown
	}
	return n
}

// combine takes every size from the first source that knows it.
func combine(sources ...Caches) Caches {
	var c Caches
	for _, s := range sources {
		for _, p := range [][2]*int{{&c.L1D, &s.L1D}, {&c.L2, &s.L2}, {&c.L3, &s.L3}, {&c.Line, &s.Line}} {
			if *p[0] == unknown {
				*p[0] = *p[1]
			}
		}
	}
	var notes []string
	assume := func(name string, n *int, atLeast, value int) {
		if *n == unknown {
			*n = max(value, atLeast)
			notes = append(notes, name)
		}
		if *n < atLeast { // none, or a virtual machine's mixture of two
			*n = atLeast
		}
	}
	assume("L1D", &c.L1D, 0, assumed.L1D)
	assume("L2", &c.L2, c.L1D, assumed.L2)
	assume("L3", &c.L3, c.L2, assumed.L3)
	assume("line", &c.Line, 0, assumed.Line)
	if notes != nil {
		c.Note = strings.Join(notes, ", ") + " assumed"
	}
	return c
}
