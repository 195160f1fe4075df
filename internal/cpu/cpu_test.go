package cpu

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/klauspost/cpuid/v2"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/cpu"
)

func TestThisMachine(t *testing.T) {
	t.Log(Name(), Features(), CacheSizes())
	require.NotEmpty(t, Name())
	c := CacheSizes()
	require.Positive(t, c.L1D)
	require.GreaterOrEqual(t, c.L2, c.L1D)
	require.GreaterOrEqual(t, c.L3, c.L2)
	require.Positive(t, c.Line)
	require.Equal(t, runtime.GOARCH == "arm64", HasNEON())
}

// The sets that kernels need are consistent with the single flags.
func TestFeatures(t *testing.T) {
	has := func(names ...string) bool {
		for _, n := range names {
			if !slices.Contains(Features(), n) {
				return false
			}
		}
		return true
	}
	require.Equal(t, has("avx", "avx2", "fma"), HasAVX2FMA())
	all := has("avx", "avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl")
	require.Equal(t, all && cpu.X86.HasAVX512, HasAVX512()) // GODEBUG=cpu.avx512=off leaves the single flags
	require.Equal(t, HasAVX512() && has("avx512_vnni"), HasAVX512VNNI())
	require.Equal(t, HasNEON() && has("asimddp"), HasNEONDot())
}

const (
	kib = 1 << 10
	mib = 1 << 20
)

func TestFromCPUID(t *testing.T) {
	for _, x := range []struct {
		what                   string
		goos                   string
		l1d, l2, l3, line      int
		wantL1D, wantL2, L3, L int
		note                   string
	}{
		{"complete", "linux", 48 * kib, 2 * mib, 105 * mib, 64, 48 * kib, 2 * mib, 105 * mib, 64, ""},
		{"a virtual machine that hides the third level", "linux", 48 * kib, 1 * mib, -1, 64, 48 * kib, 1 * mib, 4 * mib, 64, "L3 assumed"},
		{"the same with a large second level", "linux", 48 * kib, 8 * mib, -1, 64, 48 * kib, 8 * mib, 8 * mib, 64, "L3 assumed"},
		{"unknown vendor", "windows", -1, -1, -1, 64, 32 * kib, 512 * kib, 4 * mib, 64, "L1D, L2, L3 assumed"},
		{"nothing at all", "plan9", 0, 0, 0, 0, 32 * kib, 512 * kib, 4 * mib, 64, "L1D, L2, L3, line assumed"},
		{"nonsense", "linux", 1, 7, 1 << 30, 63, 32 * kib, 512 * kib, 1 << 30, 64, "L1D, L2, line assumed"},
		{"no third level", "linux", 24 * kib, 1 * mib, 0, 64, 24 * kib, 1 * mib, 1 * mib, 64, ""},
		{"darwin/arm64", "darwin", 64 * kib, 4 * mib, -1, 128, 64 * kib, 4 * mib, 4 * mib, 128, ""},
		{"levels in disorder", "linux", 512 * kib, 64 * kib, 256 * kib, 64, 512 * kib, 512 * kib, 512 * kib, 64, ""},
	} {
		t.Run(x.what, func(t *testing.T) {
			var info cpuid.CPUInfo
			info.CacheLine, info.Cache.L1D, info.Cache.L2, info.Cache.L3 = x.line, x.l1d, x.l2, x.l3
			want := Caches{x.wantL1D, x.wantL2, x.L3, x.L, x.note}
			require.Equal(t, want, combine(fromCPUID(&info, x.goos)))
		})
	}
}

// sysTree is a directory like /sys/devices/system/cpu/cpu0; a cache is level, type, size, line.
func sysTree(midr string, caches ...[4]string) fstest.MapFS {
	m := fstest.MapFS{}
	add := func(name, content string) {
		if content != "" {
			m[name] = &fstest.MapFile{Data: []byte(content + "\n")}
		}
	}
	add("regs/identification/midr_el1", midr)
	for i, c := range caches {
		for j, file := range []string{"level", "type", "size", "coherency_line_size"} {
			add(fmt.Sprintf("cache/index%d/%s", i, file), c[j])
		}
	}
	return m
}

func TestFromSys(t *testing.T) {
	for _, x := range []struct {
		what string
		tree fstest.MapFS
		want Caches
		name string
	}{
		{
			"neoverse n1",
			sysTree("0x00000000413fd0c1",
				[4]string{"1", "Data", "64K", "64"}, [4]string{"1", "Instruction", "64K", "64"},
				[4]string{"2", "Unified", "1024K", "64"}, [4]string{"3", "Unified", "32768K", "64"}),
			Caches{64 * kib, 1 * mib, 32 * mib, 64, ""}, "Arm Neoverse N1",
		},
		{
			"cortex-a72, no third level, instructions first",
			sysTree("0x00000000410fd083",
				[4]string{"1", "Instruction", "48K", "64"}, [4]string{"1", "Data", "32K", "64"}, [4]string{"2", "Unified", "1M", "64"}),
			Caches{32 * kib, 1 * mib, 1 * mib, 64, ""}, "Arm Cortex-A72",
		},
		{
			"a kernel that does not know the sizes",
			sysTree("", [4]string{"1", "Data", "", ""}, [4]string{"1", "Instruction", "", ""}, [4]string{"2", "Unified", "", ""}),
			Caches{32 * kib, 512 * kib, 4 * mib, 64, "L1D, L2, L3, line assumed"}, "",
		},
		{
			"rubbish",
			sysTree("what", [4]string{"1", "Data", "-32K", "0"}, [4]string{"2", "Unified", "99999999999K", "64"}, [4]string{"x", "Unified", "1M", "64"}),
			Caches{32 * kib, 512 * kib, 4 * mib, 64, "L1D, L2, L3, line assumed"}, "",
		},
		{
			"an unknown core, no cache directory", sysTree("0x00000000610f0220"),
			Caches{32 * kib, 512 * kib, 4 * mib, 64, "L1D, L2, L3, line assumed"}, "arm64 implementer 0x61 part 0x22",
		},
	} {
		t.Run(x.what, func(t *testing.T) {
			require.Equal(t, x.want, combine(fromSys(x.tree)))
			require.Equal(t, x.name, coreName(x.tree))
		})
	}
}

func TestFirstSourceWins(t *testing.T) {
	a := Caches{L1D: 48 * kib, L2: 1 * mib}
	b := Caches{L1D: 32 * kib, L2: 2 * mib, L3: 16 * mib, Line: 64}
	require.Equal(t, Caches{48 * kib, 1 * mib, 16 * mib, 64, ""}, combine(a, b))
}

func TestString(t *testing.T) {
	c := Caches{48 * kib, 1 * mib, 4 * mib, 64, "L3 assumed"}
	require.Equal(t, "L1D 48 KiB, L2 1 MiB, L3 4 MiB, line 64 B (L3 assumed)", c.String())
}
