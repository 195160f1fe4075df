package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"maps"
	"math"
	"os"
	"regexp"
	"runtime"
	"slices"
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
		peak: newPeakMeter(set.Peak[0]), threads: 1, perCase: 2 * time.Millisecond, rounds: 3, slowRate: map[*contender]float64{},
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
		for _, x := range r.run(c, time.Hour) {
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

// A runner leaves out what would take too long, and makes one turn when it has no time at all.
func TestAllowance(t *testing.T) {
	c := smallCases(t)[0]
	slow := &contender{lib: &fakeLib{}, name: "portable", kind: kindConv, mode: "nchw", slow: true}
	quick := &contender{lib: &fakeLib{d: 100 * time.Microsecond}, name: "simdnn", kind: kindConv, mode: "nchw", ours: true}
	r := &runner{
		peak: newPeakMeter(asm.MustKernels().Peak[0]), threads: 1, perCase: time.Millisecond, rounds: 3, contenders: []*contender{slow, quick},
		slowRate: map[*contender]float64{slow: 1},
	}
	res := r.run(c, 0)
	require.Len(t, res, 2)
	require.ErrorContains(t, res[0].Err, "would take")
	require.True(t, res[1].ok())
	require.Len(t, res[1].Rounds, 1)
}

// TestBudget: on a machine where every case takes ten times as long as it may, every class is seen, and each has its
// share of the time; on a quick one nothing is left out and what a class does not need the later ones get.
func TestBudget(t *testing.T) {
	o, err := parseFlags(nil, io.Discard)
	require.NoError(t, err)
	cases, err := o.cases()
	require.NoError(t, err)
	const total = 40 * time.Second
	simulate := func(total time.Duration, slowness func(*Case) float64) (took, weights map[string]float64, skipped int) {
		took, weights = make(map[string]float64), make(map[string]float64)
		b := newBudget(total, cases)
		for _, c := range cases {
			weights[c.share()] += weight(c)
			allowance, ok := b.allowance(c)
			if !ok {
				b.spend(c, 0)
				skipped++
				continue
			}
			d := time.Duration(slowness(c)*float64(allowance)) + time.Millisecond
			b.spend(c, d)
			took[c.share()] += d.Seconds()
		}
		return took, weights, skipped
	}
	var all float64
	same := func(x float64) func(*Case) float64 { return func(*Case) float64 { return x } }
	took, weights, skipped := simulate(total, same(10))
	require.Subset(t, slices.Collect(maps.Keys(took)), []string{"SGEMM squares", "SGEMM rows", "convolution ", "depthwise ", "pooling ", "whole networks "})
	require.Len(t, took, len(weights), "every class of the default run")
	require.NotZero(t, skipped)
	for _, w := range weights {
		all += w
	}
	for class, s := range took {
		share := total.Seconds() * weights[class] / all
		require.Greater(t, s, share*0.9, class)
	}
	_, _, skipped = simulate(total, same(1))
	require.Zero(t, skipped)
	took, _, skipped = simulate(total, func(c *Case) float64 { return map[bool]float64{true: 1, false: 0.01}[c.kind() == kindNet] })
	require.Zero(t, skipped)
	require.Greater(t, took["whole networks "], 0.9*total.Seconds(), "the last class gets what others left")
	took, _, skipped = simulate(-time.Second, same(1))
	require.Len(t, took, len(weights), "one case of each class when there is no time")
	require.Equal(t, len(cases)-len(weights), skipped)
	var none *budget
	allowance, ok := none.allowance(cases[0])
	require.True(t, ok)
	require.Greater(t, allowance, time.Hour)
	none.spend(cases[0], time.Second)
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
	slow := *rep.Results[0].Contender
	slow.name, slow.slow, slow.ours = "portable", true, false
	rep.Results[0].Rounds = []float64{200e-6, 201e-6}
	rep.Results[0].Min, rep.Results[0].Median = 200e-6, 201e-6
	net := &Case{Net: "network", Layer: "vgg16", Model: "vgg16", N: 1, C: 3, H: 224, W: 224, Count: 1, macs: 1e6}
	rep.Results = append(rep.Results, &result{Case: &Case{Net: "small", Layer: "slow", GemmM: 1, GemmN: 1, GemmK: 1}, Contender: &slow, Err: tooSlow(time.Minute)},
		&result{Case: net, Contender: &contender{name: "simdnn", mode: "nchw", kind: kindNet, ours: true}, stats: stats{Min: 12.3e-3}, Rounds: []float64{12.3e-3}, Peak: 1e11})
	rep.Skipped = []*Case{{Net: "resnet50", Layer: "conv1"}, {Net: "resnet50", Layer: "conv2"}}
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
	require.Equal(t, 1, strings.Count(page, "<svg"), "bars are not drawings: they stay readable on a narrow screen")
	require.Contains(t, page, `<meta name="viewport" content="width=device-width, initial-scale=1">`)
	require.Contains(t, page, "white-space: nowrap")
	for _, want := range []string{
		"not measured for want of time (-budget, -full), resnet50: <span class=sub>conv1, conv2",
		"absent nchw failed: cannot do &lt;this&gt;, on: <span class=sub>small/0",
		"portable nchw would have taken too long (-budget, -full) on: <span class=sub>small/slow<",
		">200 µs</span>", ">12.3 ms~<", esc(unsureNote),
	} {
		require.True(t, strings.Contains(page, want), want)
	}
	// A time without a unit that fits, or with more digits than were measured, is nowhere.
	for _, n := range regexp.MustCompile(`\b(\d+)(\.\d+)? (ns|µs|ms)\b`).FindAllStringSubmatch(page, -1) {
		require.LessOrEqual(t, len(n[1]), 3, n[0])
		require.Equal(t, 3, len(strings.TrimPrefix(n[1], "0"))+max(0, len(n[2])-1), n[0])
	}
}

// TestUnsure: a neighbour that has the processor in some of the rounds leaves a mark on the row, in every table.
func TestUnsure(t *testing.T) {
	for _, q := range []struct {
		rounds []float64
		slow   bool
		want   string
	}{
		{[]float64{1, 1.02, 1.1}, false, ""},
		{[]float64{1, 1.02, 25, 1.1, 30, 1, 1}, false, ""},
		{[]float64{1, 25, 25}, false, "~"},
		{[]float64{1}, false, "~"},
		{[]float64{1}, true, ""},
	} {
		require.Equal(t, q.want, mark(&result{Rounds: q.rounds, Contender: &contender{slow: q.slow}}), "%v", q.rounds)
	}
	ours, theirs := &contender{name: "simdnn", mode: "packed", kind: kindGemm, own: true, ours: true}, &contender{name: "blis", mode: "sgemm", kind: kindGemm, own: true}
	rep := &report{Machine: &machine{Threads: 1}}
	for i, rounds := range [][]float64{{1e-3, 1e-3}, {25e-3, 60e-3}} {
		c := &Case{Net: "gemm", Layer: []string{"good", "bad"}[i], GemmM: 8, GemmN: 8, GemmK: 8, Count: 1}
		rep.Results = append(rep.Results, &result{Case: c, Contender: ours, stats: summarize(rounds), Rounds: rounds, Peak: 1e9},
			&result{Case: c, Contender: theirs, stats: summarize([]float64{1e-3}), Rounds: []float64{1e-3, 1e-3}, Peak: 1e9})
	}
	var out bytes.Buffer
	rep.writeResults(&out)
	for _, want := range []string{`good  +0\.00102 +0\.00102 +0\.102 +1\.00 +-\n`, `bad  +0\.0000410~ +0\.00102 +0\.00410~ +0\.0400~ +-\n`, `SGEMM, packed .* 0\.0400~ +1\n`, unsureNote} {
		require.Regexp(t, want, out.String())
	}
}

func TestFormat(t *testing.T) {
	for want, v := range map[string]float64{
		"0.994": 0.9936, "1.00": 0.9996, "12.3": 12.345, "226": 226.4, "100": 99.96, "12300": 12345.6, "0": 0, "-": math.NaN(), "0.0400": 0.04, "-1.50": -1.5,
	} {
		require.Equal(t, want, sig(v))
	}
	for want, s := range map[string]float64{
		"27.3 ns": 27.3e-9, "1.00 µs": 999.7e-9, "999 ns": 999.4e-9, "344 µs": 343.9e-6, "1.09 ms": 1.0931e-3, "152 ms": 0.1521, "1.00 s": 0.99999, "61.0 s": 61, "-": math.NaN(),
	} {
		require.Equal(t, want, duration(s))
	}
}

// TestCommandsInText: the flags of every command in the texts are flags.
func TestCommandsInText(t *testing.T) {
	commands := 0
	for _, file := range []string{"README.md", "../README.md", "../CONTRIBUTING.md", "results/README.md", "../Makefile", "../.ci/run"} {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile("go run \\./bench((?: -[a-z]+[0-9]*(?:[ =][^-`#\n ][^`#\n ]*)?)*)").FindAllStringSubmatch(string(b), -1) {
			commands++
			if _, err := parseFlags(strings.Fields(m[1]), io.Discard); !errors.Is(err, flag.ErrHelp) {
				require.NoError(t, err, "%s: %s", file, m[0])
			}
		}
	}
	require.Greater(t, commands, 15)
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
		{"-budget=-1s", "budget is -1s"},
		{"-time=-1s", "time is -1s"},
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
