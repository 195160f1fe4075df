package asm

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// The choice of an instruction set is made once in a process: these tests look at it in processes of
// their own.

const childEnv = "SIMDNN_TEST_CHILD"

// TestSelectChild is what the other processes run: it prints what was selected.
func TestSelectChild(t *testing.T) {
	if os.Getenv(childEnv) == "" {
		t.Skip("runs in processes that the other tests start")
	}
	if s, err := Kernels(); err != nil {
		fmt.Printf("\nselected: error: %v\n", err)
	} else {
		fmt.Printf("\nselected: %v\n", s.ISA)
	}
	fmt.Printf("\npanic: %v\n", func() (p any) {
		defer func() { p = recover() }()
		MustKernels()
		return nil
	}())
	fmt.Printf("\nsupported: %s\n", supportedNames())
	if s, err := For(AVX2); err == nil {
		fmt.Printf("\nbytes: %s\n", s.BrgU8[0].Name)
	}
}

// child runs TestSelectChild with an environment and returns what it printed.
func child(t *testing.T, env ...string) (selected, supported, panicked string) {
	line := printed(t, env...)
	return line("selected"), line("supported"), line("panic")
}

// printed runs TestSelectChild with an environment and returns its lines by their first words.
func printed(t *testing.T, env ...string) func(prefix string) string {
	exe, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(exe, "-test.run=^TestSelectChild$", "-test.v")
	c.Env = append(os.Environ(), childEnv+"=1")
	c.Env = append(c.Env, env...)
	out, err := c.CombinedOutput()
	if err != nil && (runtime.GOOS != "linux" || errors.Is(err, syscall.ENOEXEC)) {
		t.Skipf("cannot start a process here (an emulated one cannot start itself): %v", err)
	}
	require.NoError(t, err, "%s", out)
	return func(prefix string) string {
		for l := range strings.Lines(string(out)) {
			if s, ok := strings.CutPrefix(l, prefix+": "); ok {
				return strings.TrimSpace(s)
			}
		}
		t.Fatalf("no %q in %s", prefix, out)
		return ""
	}
}

func TestSelect(t *testing.T) {
	all := Supported()
	names := supportedNames()

	t.Run("not forced", func(t *testing.T) {
		selected, supported, panicked := child(t, EnvISA+"=")
		require.Equal(t, all[len(all)-1].String(), selected)
		require.Equal(t, names, supported)
		require.Equal(t, "<nil>", panicked)
	})
	for isa := range numISA {
		t.Run("forced "+isa.String(), func(t *testing.T) {
			selected, _, panicked := child(t, EnvISA+"="+isa.String())
			if slices.Contains(all, isa) {
				require.Equal(t, isa.String(), selected)
				return
			}
			want := fmt.Sprintf("SIMDNN_ISA: asm: no %v on this machine or in this build, there is: %s", isa, names)
			require.Equal(t, "error: "+want, selected)
			require.Equal(t, want, panicked)
		})
	}
	t.Run("forced unknown", func(t *testing.T) {
		want := `SIMDNN_ISA: asm: unknown instruction set "avx9", there is: ` + names
		selected, _, panicked := child(t, EnvISA+"=avx9")
		require.Equal(t, "error: "+want, selected)
		require.Equal(t, want, panicked)
	})
	t.Run("AVX-VNNI switched off", func(t *testing.T) {
		if !slices.Contains(all, AVX2) {
			t.Skip("needs AVX2")
		}
		// It has no level of its own: its rows go, and those of AVX2 stay.
		require.Equal(t, "brgU8_6x16_avx2", printed(t, "GODEBUG=cpu.avxvnni=off")("bytes"))
	})
	t.Run("features switched off", func(t *testing.T) {
		if !slices.Contains(all, AVX2) {
			t.Skip("needs AVX2 to switch off")
		}
		// The levels above the missing one go with it, whatever bits the processor still shows.
		for off, best := range map[string]ISA{
			"cpu.all=off":        Generic,
			"cpu.avx=off":        Generic,
			"cpu.avx2=off":       Generic,
			"cpu.fma=off":        Generic,
			"cpu.avx512=off":     AVX2,
			"cpu.avx512f=off":    AVX2,
			"cpu.avx512bw=off":   AVX2,
			"cpu.avx512dq=off":   AVX2,
			"cpu.avx512vl=off":   AVX2,
			"cpu.avx512vnni=off": AVX512,
			"cpu.avx512bf16=off": AVX512VNNI,
		} {
			var want []string
			for _, isa := range all {
				if isa <= best {
					want = append(want, isa.String())
				}
			}
			selected, supported, _ := child(t, "GODEBUG="+off, EnvISA+"=")
			require.Equal(t, strings.Join(want, " "), supported, off)
			require.Equal(t, want[len(want)-1], selected, off)
		}
	})
}

func TestFor(t *testing.T) {
	for isa := range numISA {
		s, err := For(isa)
		if !slices.Contains(Supported(), isa) {
			require.ErrorContains(t, err, "there is: generic")
			continue
		}
		require.NoError(t, err)
		require.Equal(t, isa, s.ISA)
		eachRow(s, func(op string, r *Row) {
			require.LessOrEqual(t, r.ISA, isa, "%s in %s", r.Name, op)
		})
		parsed, err := Parse(isa.String())
		require.NoError(t, err)
		require.Equal(t, isa, parsed)
	}
	require.Equal(t, "ISA(200)", ISA(200).String())
}

// TestOr: nil stands for the kernels of this machine, and a Set that is none is refused.
func TestOr(t *testing.T) {
	want, err := Kernels()
	require.NoError(t, err)
	var none *Set
	got, err := none.Or()
	require.NoError(t, err)
	require.Same(t, want, got)
	generic, err := For(Generic)
	require.NoError(t, err)
	for _, s := range []*Set{generic, generic.Watched(func(any) {})} {
		got, err = s.Or()
		require.NoError(t, err)
		require.Same(t, s, got)
	}
	for _, s := range []*Set{{}, {ISA: want.ISA}, {Product: want.Product}} {
		_, err = s.Or()
		require.EqualError(t, err, "asm: Kernels is a Set of the caller's making, want nil or one from asm.Kernels or asm.For")
	}
	for isa := range 300 {
		if _, err := For(ISA(isa)); err != nil {
			require.ErrorContains(t, err, "there is: ")
		}
	}
	_, err = Parse("\x00")
	require.ErrorContains(t, err, "there is: ")
}
