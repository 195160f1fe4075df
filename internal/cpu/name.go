package cpu

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/cpuid/v2"
)

var name = sync.OnceValue(func() string {
	if brand := strings.Join(strings.Fields(cpuid.CPU.BrandName), " "); brand != "" {
		return brand
	}
	if runtime.GOOS == "linux" && runtime.GOARCH == "arm64" {
		if core := coreName(os.DirFS(sysCPU)); core != "" {
			return core
		}
	}
	return runtime.GOARCH
})

// Name returns the processor's name, or the architecture where it is not known.
func Name() string { return name() }

// cores are the usual ones, by implementer<<12 | part of the register MIDR_EL1.
var cores = map[uint64]string{
	0x41d03: "Arm Cortex-A53",
	0x41d05: "Arm Cortex-A55",
	0x41d07: "Arm Cortex-A57",
	0x41d08: "Arm Cortex-A72",
	0x41d09: "Arm Cortex-A73",
	0x41d0a: "Arm Cortex-A75",
	0x41d0b: "Arm Cortex-A76",
	0x41d0c: "Arm Neoverse N1",
	0x41d40: "Arm Neoverse V1",
	0x41d41: "Arm Cortex-A78",
	0x41d44: "Arm Cortex-X1",
	0x41d49: "Arm Neoverse N2",
	0x41d4f: "Arm Neoverse V2",
	0xc0ac3: "AmpereOne",
}

// coreName reads the name of the first core from linux's copy of MIDR_EL1.
func coreName(sys fs.FS) string {
	midr, err := strconv.ParseUint(readWord(sys, "regs/identification/midr_el1"), 0, 64)
	if err != nil {
		return ""
	}
	implementer, part := midr>>24&0xff, midr>>4&0xfff
	if name, ok := cores[implementer<<12|part]; ok {
		return name
	}
	return fmt.Sprintf("arm64 implementer %#x part %#x", implementer, part)
}
