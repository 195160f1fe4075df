package main

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/perf/benchfmt"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cpu"
)

func TestSummarize(t *testing.T) {
	require.Equal(t, stats{}, summarize(nil))
	require.Equal(t, stats{Min: 1, Median: 2, Samples: 3}, summarize([]float64{3, 1, 2}))
	require.Equal(t, stats{Min: 1, Median: 2.5, Samples: 4}, summarize([]float64{4, 1, 3, 2}))
	in := []float64{2, 1}
	summarize(in)
	require.Equal(t, []float64{2, 1}, in, "the samples stay in their order")
	require.InDelta(t, 4, geomean([]float64{2, 8}), 1e-12)
	require.True(t, math.IsNaN(geomean(nil)))
}

// A fakeJob takes a given time, of the clock and of its thread's processor, and computes a given result.
type fakeJob struct {
	d     time.Duration
	out   []float32
	calls int
}

func (j *fakeJob) Run(n int) error {
	j.calls += n
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	d := time.Duration(n) * j.d
	for start, begin := time.Now(), cpuTime(); time.Since(start) < d || cpuTime()-begin < d; {
	}
	return nil
}
func (j *fakeJob) Output() []float32 { return j.out }
func (j *fakeJob) Impl() string      { return "fake" }
func (j *fakeJob) Close()            {}

type fakeLib struct {
	d     time.Duration
	wrong bool
	err   error
	last  *fakeJob
}

func (l *fakeLib) Info() libInfo { return libInfo{Name: "fake"} }
func (l *fakeLib) Prepare(c *Case, mode string) (job, error) {
	if l.err != nil {
		return nil, l.err
	}
	g, err := gonumLib{}.Prepare(c, mode)
	if err != nil {
		return nil, err
	}
	if err := g.Run(1); err != nil {
		return nil, err
	}
	out := append([]float32(nil), g.Output()...)
	if l.wrong {
		out[len(out)-1]++
	}
	l.last = &fakeJob{d: l.d, out: out}
	return l.last, nil
}

func TestSample(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	long := &fakeJob{d: 10 * time.Millisecond}
	s, err := sample(long, time.Millisecond)
	require.NoError(t, err)
	require.Len(t, s, 1)
	require.Equal(t, 1, long.calls, "one call is enough if it takes far longer than there is time")
	long = &fakeJob{d: 3 * time.Millisecond}
	s, err = sample(long, time.Millisecond)
	require.NoError(t, err)
	require.Len(t, s, 1)
	require.Equal(t, 2, long.calls, "a call that meets cold caches is not counted")
	quick := &fakeJob{d: 5 * time.Microsecond}
	s, err = sample(quick, 3*time.Millisecond)
	require.NoError(t, err)
	require.Greater(t, quick.calls, 5*len(s), "quick calls are timed in groups")
	require.InDelta(t, 5e-6, summarize(s).Min, 3e-6)
}

// fakeReport runs a runner on a few cases with libraries that are made up.
func fakeReport(t *testing.T) *report {
	t.Helper()
	set := asm.MustKernels()
	mk := func(name, kind, mode string, own bool, lib *fakeLib) *contender {
		return &contender{lib: lib, name: name, kind: kind, mode: mode, own: own, ours: name == "simdnn"}
	}
	slow := mk("portable", kindConv, "nchw", true, &fakeLib{d: 2 * time.Millisecond})
	slow.slow = true
	r := &runner{
		peak: newPeakMeter(set), threads: 1, perCase: 2 * time.Millisecond, rounds: 3, slowRate: map[*contender]float64{},
		contenders: []*contender{
			mk("simdnn", kindConv, "nchw", true, &fakeLib{d: 200 * time.Microsecond}),
			mk("good", kindConv, "nchw", true, &fakeLib{d: 100 * time.Microsecond}),
			mk("wrong", kindConv, "nchw", true, &fakeLib{d: 50 * time.Microsecond, wrong: true}),
			mk("absent", kindConv, "nchw", false, &fakeLib{err: errors.New("cannot do <this>")}),
			slow,
			mk("simdnn", kindGemm, "packed", true, &fakeLib{d: 100 * time.Microsecond}),
		},
	}
	rep := &report{Machine: &machine{
		CPU: "Test <CPU> & co", Go: "go1.99", OS: "linux", Arch: "amd64", Commit: "abc", Date: "2030-01-02T03:04:05Z",
		ISA: "avx2", Threads: 1, Caches: cpu.CacheSizes(), Peaks: []peak{{"avx2", "peakF32", 100}}, Bandwidth: []bandwidth{{"L1", 1 << 14, 300}},
	}, Rows: checkRows(), Peers: []peerState{{Name: "gone", Why: "not <found>"}}}
	for i, c := range smallCases(t) {
		if c.Groups > 1 {
			continue
		}
		c.Count = 1 + i
		for _, x := range r.run(c, weight(c)) {
			if x.Wrong != nil {
				rep.Failures = append(rep.Failures, x.Wrong.Error())
			}
			rep.Results = append(rep.Results, x)
		}
	}
	return rep
}

func TestRunner(t *testing.T) {
	rep := fakeReport(t)
	for _, x := range rep.Results {
		switch x.Contender.name {
		case "wrong":
			require.Error(t, x.Wrong)
			require.False(t, x.ok())
		case "absent":
			require.Error(t, x.Err)
			require.False(t, x.ok())
		case "portable":
			require.True(t, x.ok())
			require.Len(t, x.Rounds, 1)
		default:
			require.NoError(t, x.Wrong)
			require.True(t, x.ok())
			require.GreaterOrEqual(t, len(x.Rounds), 3)
			require.Positive(t, x.Peak)
			require.GreaterOrEqual(t, x.Median, x.Min)
		}
	}
	// Layers 0, 1 and 2 occur 1, 2 and 3 times, and take 200 and 100 microseconds.
	for _, s := range sums(rep.Results, nil) {
		switch s.Contender {
		case "simdnn nchw":
			require.InEpsilon(t, 6*200e-6, s.Seconds, 0.3)
			require.InDelta(t, 1, s.Ratio, 1e-9)
		case "good nchw", bestPeerName:
			require.InEpsilon(t, 6*100e-6, s.Seconds, 0.3)
			require.InEpsilon(t, 0.5, s.Ratio, 0.3)
			require.InEpsilon(t, 0.5, s.Geomean, 0.3)
			require.Equal(t, 3, s.Layers)
		case "wrong nchw", "absent nchw":
			require.Fail(t, "what failed is not summed up")
		}
	}
	partial := sums(rep.Results, []*Case{rep.Results[0].Case})
	require.Equal(t, "3/4", partial[0].cells()[2], "layers that were skipped are missing from a sum, and it says so")
	worst := contests(rep.Results)
	require.Len(t, worst, 3)
	require.LessOrEqual(t, worst[0].Ratio, worst[2].Ratio)
	var text bytes.Buffer
	rep.writeMachine(&text)
	rep.writeRows(&text, true)
	rep.writePeers(&text)
	rep.writeResults(&text)
	require.Contains(t, text.String(), "FAILED")
	require.Contains(t, text.String(), "gone         not measured: not <found>")
}

// A runner whose time is up measures nothing, and leaves out what would take too long.
func TestDeadline(t *testing.T) {
	c := smallCases(t)[0]
	slow := &contender{lib: &fakeLib{}, name: "portable", kind: kindConv, mode: "nchw", slow: true}
	r := &runner{
		peak: newPeakMeter(asm.MustKernels()), threads: 1, perCase: time.Millisecond, rounds: 3, contenders: []*contender{slow},
		slowRate: map[*contender]float64{slow: 1}, deadline: time.Now().Add(time.Second),
	}
	res := r.run(c, weight(c))
	require.Len(t, res, 1)
	require.ErrorContains(t, res[0].Err, "would take")
	r.deadline = time.Now().Add(-time.Second)
	require.Nil(t, r.run(c, weight(c)))
}

func TestBenchfmt(t *testing.T) {
	rep := fakeReport(t)
	var out bytes.Buffer
	require.NoError(t, rep.writeBenchfmt(&out))
	reader := benchfmt.NewReader(&out, "out")
	results, units := 0, map[string]bool{}
	for reader.Scan() {
		switch r := reader.Result().(type) {
		case *benchfmt.Result:
			results++
			require.Equal(t, "Test <CPU> & co", r.GetConfig("cpu"))
			require.Equal(t, "github.com/simdnn/simdnn/bench", r.GetConfig("pkg"))
			require.Equal(t, "go1.99", r.GetConfig("goversion"))
			require.Regexp(t, `^(Conv|Gemm)/.*/lib=(simdnn|good|portable)/mode=(nchw|packed)(-1)?$`, r.Name.String())
			sec, ok := r.Value("sec/op")
			require.True(t, ok)
			require.Positive(t, sec)
			rate, ok := r.Value("GFLOP/s")
			require.True(t, ok)
			require.Positive(t, rate)
			require.Positive(t, r.Iters)
		case *benchfmt.UnitMetadata:
			units[r.Unit+" "+r.Key+"="+r.Value] = true
		case *benchfmt.SyntaxError:
			require.NoError(t, r)
		}
	}
	require.NoError(t, reader.Err())
	require.True(t, units["GFLOP/s better=higher"])
	want := 0
	for _, x := range rep.Results {
		if x.ok() {
			want += len(x.Rounds)
		}
	}
	require.Equal(t, want, results)
}

func TestHTML(t *testing.T) {
	rep := fakeReport(t)
	var out bytes.Buffer
	require.NoError(t, rep.writeHTML(&out))
	page := out.String()
	for _, outside := range []string{"http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link", "<iframe"} {
		require.NotContains(t, page, outside, "a report needs no other file")
	}
	require.Contains(t, page, "Test &lt;CPU&gt; &amp; co")
	require.NotContains(t, page, "<CPU>")
	require.Contains(t, page, "Wrong results")
	require.Contains(t, page, "not &lt;found&gt;")
	require.NotContains(t, page, "NaN")
	require.NotContains(t, page, "%!")
	for _, tag := range []string{"svg", "table", "h2", "title", "ul", "main", "body", "html"} {
		require.Equal(t, len(regexp.MustCompile("<"+tag+`[ >]`).FindAllString(page, -1)), strings.Count(page, "</"+tag+">"), tag)
	}
	require.GreaterOrEqual(t, strings.Count(page, "<svg"), 2)
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	table(&out, []string{"name", "x"}, [][]string{{"a", "1"}, {"longer", "100"}})
	require.Equal(t, "  name      x\n  a         1\n  longer  100\n", out.String())
}

func TestFlags(t *testing.T) {
	var out bytes.Buffer
	for _, q := range []struct{ args, want string }{
		{"-nets=lenet", "unknown network"},
		{"-peers=mkl", "unknown peer"},
		{"-layout=chwn", "layout"},
		{"-isa=mmx", "unknown instruction set"},
		{"-threads=0", "threads"},
		{"-batch=0", "batch"},
		{"-layers=(", "layers"},
		{"-algorithm=fft", "unknown algorithm"},
		{"-lib=mkl=/x", "want name=path"},
		{"extra", "unexpected argument"},
	} {
		_, err := parseFlags([]string{q.args}, &out)
		require.ErrorContains(t, err, q.want)
	}
	o, err := parseFlags([]string{"-nets=vgg16", "-gemm=false", "-layers=conv[12]_", "-batch=2", "-isa=generic", "-lib=blis=/x"}, &out)
	require.NoError(t, err)
	cases, err := o.cases()
	require.NoError(t, err)
	require.Len(t, cases, 4)
	require.Equal(t, 2, cases[0].N)
	require.Equal(t, "/x", o.libs["blis"])
	require.Equal(t, asm.Generic, o.set.ISA)
	out.Reset()
	_, err = parseFlags([]string{"-help"}, &out)
	require.Error(t, err)
	require.Contains(t, out.String(), "go run ./bench")
}

func TestFileName(t *testing.T) {
	r := &report{Machine: &machine{CPU: "AMD EPYC (9)/x", Go: "go1.26", Commit: "abc+", Date: "2030-01-02T03", ISA: "avx512", Threads: 2}}
	require.Equal(t, "AMD-EPYC-9-x-go1.26-abc-2030-01-02-avx512-2t", r.fileName())
	for flags, want := range map[string]string{
		"":                          "",
		"-budget 3s -save":          "",
		"-nets googlenet,unet":      "-googlenet-unet-gemm-pool-network",
		"-nets all -pool=false":     "-allnets-gemm-network",
		"-nets none":                "-gemm-pool-network",
		"-gemm=false -whole=false":  "-nets-pool",
		"-batch 8 -layout own":      "-batch8-own",
		"-winograd -full":           "-winograd-full",
		"-layers ^network/(mob|sq)": "-network-mob-sq",
	} {
		o, err := parseFlags(strings.Fields(flags), io.Discard)
		require.NoError(t, err)
		r.Label = o.label()
		require.Equal(t, "AMD-EPYC-9-x-go1.26-abc-2030-01-02-avx512-2t"+want, r.fileName(), flags)
	}
}

func TestTrip(t *testing.T) {
	trip := measureTrip()
	require.Greater(t, trip, time.Duration(0))
	r := &report{Machine: &machine{Trips: []time.Duration{205, 860}}}
	var b bytes.Buffer
	r.writeTrips(&b)
	require.Contains(t, b.String(), "before     a word to the other core and back takes 205 ns\n")
	require.Contains(t, b.String(), "after      a word to the other core and back takes 860 ns\n")
}

func TestProgressIsQuietWithoutATerminal(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer f.Close()
	p := newProgress(f)
	p.show("x")
	p.clear()
	st, err := f.Stat()
	require.NoError(t, err)
	require.Zero(t, st.Size())
}
