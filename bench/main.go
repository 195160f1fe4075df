// Command bench says what this machine can do, checks the kernels, and measures matrix products and
// the convolutions of well-known networks against the machine's limits, portable Go, gonum, and the
// C and C++ libraries that are installed. It is the project's main job:
//
//	go run ./bench
//
// takes under a minute. See -help.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/conv"
)

func main() {
	if name := os.Getenv(peerEnv); name != "" {
		if err := child(name, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	start := time.Now()
	opts, err := parseFlags(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if opts.regrets {
		if err := opts.runRegret(start); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(2)
		}
		return
	}
	if opts.isas {
		for _, isa := range asm.Supported() {
			fmt.Println(isa)
		}
		return
	}
	run := opts.do
	if opts.onnx != "" && opts.with == "" {
		run = opts.runFiles
	}
	failed, slower, err := run(start)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if failed {
		os.Exit(1)
	}
	if slower {
		os.Exit(3)
	}
}

// do compares saved runs, or runs, and compares with a saved one if that is wanted.
func (o *options) do(start time.Time) (failed, slower bool, err error) {
	if o.compare != "" && o.with != "" {
		slower, err = compareFiles(os.Stdout, o.compare, o.with)
		return false, slower, err
	}
	var old *savedRun
	if o.compare != "" {
		if old, err = readRunFile(o.compare); err != nil {
			return false, false, err
		}
	}
	rep, err := run(o, start)
	if err != nil {
		return false, false, err
	}
	if old != nil {
		var b bytes.Buffer
		if err := rep.writeBenchfmt(&b); err != nil {
			return false, false, err
		}
		now, err := readRun(&b, "this run")
		if err != nil {
			return false, false, err
		}
		fmt.Println()
		if slower, err = writeComparison(os.Stdout, old, now); err != nil {
			return false, false, err
		}
	}
	return len(rep.Failures) > 0, slower, nil
}

type options struct {
	nets      []string
	gemm      bool
	double    bool
	bytes     bool
	full      bool
	layers    *regexp.Regexp
	threads   int
	set       *asm.Set
	batch     int
	layouts   []string
	algorithm string
	winograd  bool
	time      time.Duration
	rounds    int
	budget    time.Duration
	peers     []string
	libs      map[string]string
	html      string
	benchfmt  string
	save      bool
	pool      bool
	whole     bool
	rows      bool
	isas      bool
	regrets   bool
	compare   string // a saved run to compare with
	with      string // another one, to be compared with it
	onnx      string // files
	dims      map[string]int
}

const usage = `usage: go run ./bench [flags]

Prints the machine and its limits, checks the kernels, and measures. Without flags that is less than
a minute: the time is shared out by class (products, convolutions, depthwise, poolings, networks), and what
it does not suffice for, portable Go and gonum above all, is left out and named.

Times are the shortest of many calls, data warm in cache as far as they fit; the contenders take turns,
and the peak is measured again beside every case. Convolutions have bias and ReLU fused where a library
can, and weights packed beforehand. "own" is the layout a library likes best (ours: NHWC), NCHW is NCHW
in and out. Every result is checked against a plain sum in float64 and compared with ours.

Peers are C and C++ libraries that are found on the machine and loaded in a process each:
OpenBLAS, BLIS, oneDNN 2.x, onnxruntime (npm install --ignore-scripts onnxruntime-node, or -ort). SIMDNN_ISA chooses
our kernels as -isa does. To keep to one core: taskset -c 1 go run ./bench

The exit code is 1 if a kernel or a result is wrong, 2 if the program could not run, 3 if -compare found
something of ours slower.

flags:
`

func parseFlags(args []string, out io.Writer) (*options, error) {
	o := &options{libs: make(map[string]string)}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprint(out, usage)
		f.PrintDefaults()
	}
	nets := f.String("nets", "", "networks, separated by commas: "+allNets+"; or all, or none (default: the first five, with -full all)")
	gemm := f.Bool("gemm", true, "measure matrix products")
	f.BoolVar(&o.double, "float64", false, "matrix products of float64, in place of float32")
	f.BoolVar(&o.bytes, "int8", false, "convolutions of uint8 by int8, in place of float32, channels last")
	pools := f.Bool("pool", true, "measure poolings")
	whole := f.Bool("whole", true, "measure whole networks: "+wholeNames())
	layers := f.String("layers", "", "measure only cases with a name that matches this regular expression, those of -full too: network/layer, gemm/group/MxNxK, pool/name, network/name")
	threads := f.Int("threads", 1, "threads of every library")
	isa := f.String("isa", "", "our kernels: generic avx2 avx512 ...; peers are held to AVX2 where they can if it is avx2 (default: the best here)")
	batch := f.Int("batch", 1, "images in a batch")
	layout := f.String("layout", "both", "own, nchw or both")
	winograd := f.Bool("winograd", false, "also measure our convolutions and networks with conv.Relaxed, which permits Winograd's algorithms")
	algorithm := f.String("algorithm", "", "our convolution algorithm, for the layers it applies to: "+strings.Join(conv.Algorithms(), " ")+" (default: chosen by layer)")
	perCase := f.Duration("time", 0, "time for one contender on one case (default 15ms, with -full 300ms)")
	budget := f.Duration("budget", 45*time.Second, "time for everything, shared out by class of cases; what does not fit is left out; 0 is no limit")
	full := f.Bool("full", false, "no limit of time, everything measured: many minutes")
	peers := f.String("peers", "all", "libraries to measure against, separated by commas: "+strings.Join(peerNames, " ")+" gonum portable; or all, or none")
	ort := f.String("ort", "", "path of libonnxruntime")
	f.Func("lib", "`name=path` of a peer's shared library; may be repeated", func(s string) error {
		name, path, ok := strings.Cut(s, "=")
		if !ok || !slices.Contains(peerNames, name) {
			return fmt.Errorf("want name=path with a name of %s", strings.Join(peerNames, " "))
		}
		o.libs[name] = path
		return nil
	})
	f.StringVar(&o.html, "html", "", "write a report to this file, one page that needs no other")
	f.StringVar(&o.benchfmt, "benchfmt", "", "write the results for benchstat to this file; - is the standard output")
	f.StringVar(&o.compare, "compare", "", "say what moved beyond noise since this `run.bench`, kept by -save or -benchfmt: in the run kept in the file named last, or in one made now")
	f.BoolVar(&o.save, "save", false, "keep all of it in bench/results, named by CPU, commit and date")
	f.BoolVar(&o.isas, "isas", false, "only list the instruction sets that this machine and build have")
	f.BoolVar(&o.regrets, "regret", false, "only measure what conv.New chooses against every algorithm that applies, over a sample of all kinds of convolutions; heeds -layers, -isa, -time and -save")
	f.StringVar(&o.onnx, "onnx", "", "only measure whole ONNX files beside onnxruntime, by their paths, separated by commas, or "+storedFiles+" for those with stored answers, or "+quantisedNets+" for the networks of -whole as bytes: "+
		"a pass, loading, memory, on one thread and on -threads; heeds -layers (a file's name), -peers, -isa, -time, -html, -benchfmt, -compare, -save")
	f.Func("dims", "`name=size,...`: sizes that an ONNX file leaves open, by the names that it gives them (default 1)", func(s string) (err error) {
		o.dims, err = parseSizes(s)
		return err
	})
	f.BoolVar(&o.rows, "rows", false, "list every kernel, not only one line for each kind; with -nets none -gemm=false -pool=false -whole=false that is all")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case f.NArg() == 1 && o.compare != "":
		o.with = f.Arg(0)
	case f.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q, see -help", f.Arg(0))
	}
	o.pool, o.whole = *pools, *whole
	o.gemm, o.threads, o.batch, o.algorithm, o.winograd = *gemm, *threads, *batch, *algorithm, *winograd
	if *ort != "" {
		o.libs["onnxruntime"] = *ort
	}
	o.full = *full
	switch *nets {
	case "":
		if o.nets = strings.Fields(quickNets); *full {
			o.nets = netNames()
		}
	case "none":
	case "all":
		o.nets = netNames()
	default:
		o.nets = strings.Split(*nets, ",")
	}
	for _, n := range o.nets {
		if !slices.Contains(netNames(), n) {
			return nil, fmt.Errorf("unknown network %q, there is: %s", n, allNets)
		}
	}
	known := append(slices.Clone(peerNames), "gonum", "portable")
	switch *peers {
	case "none":
	case "all":
		o.peers = known
	default:
		o.peers = strings.Split(*peers, ",")
	}
	for _, p := range o.peers {
		if !slices.Contains(known, p) {
			return nil, fmt.Errorf("unknown peer %q, there is: %s", p, strings.Join(known, " "))
		}
	}
	switch *layout {
	case "both":
		o.layouts = []string{"own", "nchw"}
	case "own", "nchw":
		o.layouts = []string{*layout}
	default:
		return nil, fmt.Errorf("layout is %q, want own, nchw or both", *layout)
	}
	if *threads < 1 || *threads > runtime.NumCPU() {
		return nil, fmt.Errorf("threads is %d, want 1 to %d", *threads, runtime.NumCPU())
	}
	if *budget < 0 {
		return nil, fmt.Errorf("budget is %v, want 0 (no limit) or more", *budget)
	}
	if *perCase < 0 {
		return nil, fmt.Errorf("time is %v, want 0 (the default) or more", *perCase)
	}
	if *batch < 1 {
		return nil, fmt.Errorf("batch is %d, want at least 1", *batch)
	}
	if *algorithm != "" && !slices.Contains(conv.Algorithms(), *algorithm) {
		return nil, fmt.Errorf("unknown algorithm %q, there is: %s", *algorithm, strings.Join(conv.Algorithms(), " "))
	}
	var err error
	if o.layers, err = regexp.Compile(*layers); err != nil {
		return nil, fmt.Errorf("layers: %w", err)
	}
	o.time, o.rounds, o.budget = *perCase, 3, *budget
	if *full {
		o.budget, o.rounds = 0, 7
	}
	if o.time == 0 {
		if o.time = 15 * time.Millisecond; *full {
			o.time = 300 * time.Millisecond
		}
	}
	if *isa == "" {
		o.set, err = asm.Kernels()
	} else {
		var level asm.ISA
		if level, err = asm.Parse(*isa); err == nil {
			o.set, err = asm.For(level)
		}
	}
	return o, err
}

func (o *options) wants(peer string) bool { return slices.Contains(o.peers, peer) }

// cases lists what is to be measured.
func (o *options) cases() ([]*Case, error) {
	var all []*Case
	later := make(map[*Case]bool) // those that want -full, or to be asked for
	if o.gemm {
		g, more, err := gemmCases(strings.NewReader(gemmTable))
		if err != nil {
			return nil, err
		}
		for _, c := range g {
			c.Double = o.double
		}
		all = g
		maps.Copy(later, more)
	}
	if o.pool {
		p, more, err := poolCases(o.batch)
		if err != nil {
			return nil, err
		}
		all = append(all, p...)
		maps.Copy(later, more)
	}
	for _, n := range o.nets {
		c, err := netCases(n, o.batch)
		if err != nil {
			return nil, err
		}
		all = append(all, c...)
	}
	if o.whole {
		w, more, err := wholeCases(o.batch)
		if err != nil {
			return nil, err
		}
		all = append(all, w...)
		maps.Copy(later, more)
	}
	for _, c := range all {
		c.Bytes = o.bytes && c.kind() == kindConv
	}
	return slices.DeleteFunc(all, func(c *Case) bool {
		return o.bytes && !c.Bytes || later[c] && !o.full && o.layers.String() == "" || !o.layers.MatchString(c.name())
	}), nil
}

func run(o *options, start time.Time) (*report, error) {
	debug.SetGCPercent(400)
	runtime.LockOSThread()
	cases, err := o.cases()
	if err != nil {
		return nil, err
	}
	if len(cases) == 0 && !o.rows {
		return nil, errors.New("no case matches the flags")
	}
	p := newProgress(os.Stderr)
	rep := &report{Machine: describeMachine(o.set, o.threads), Label: o.label()}
	p.show("measuring the machine")
	rep.Machine.Peaks = measurePeaks(250 * time.Millisecond)
	rep.Machine.Bandwidth = measureBandwidth(rep.Machine, o.set, 150*time.Millisecond)
	if o.threads > 1 {
		rep.Machine.Trips = append(rep.Machine.Trips, measureTrip())
	}
	p.clear()
	rep.writeMachine(os.Stdout)
	p.show("checking kernels")
	rep.Rows = checkRows()
	p.clear()
	fmt.Println()
	rep.writeRows(os.Stdout, o.rows)
	for _, c := range rep.Rows {
		if c.Err != nil {
			rep.Failures = append(rep.Failures, fmt.Sprintf("kernel %s: %v", c.Name, c.Err))
		}
	}
	contenders, closeAll := o.contenders(rep, p)
	defer closeAll()
	p.clear()
	fmt.Println()
	rep.writePeers(os.Stdout)

	r := &runner{
		peak: newPeakMeter(o.set.Peak[0]), machine: rep.Machine, threads: o.threads, perCase: o.time, rounds: o.rounds,
		slowRate: make(map[*contender]float64), contenders: contenders,
	}
	var b *budget
	if o.budget > 0 {
		b = newBudget(time.Until(start.Add(o.budget-2*time.Second)), cases) // some for the report
	}
	for i, c := range cases {
		p.show(fmt.Sprintf("%3d/%d %s %s", i+1, len(cases), c.Net, c.Layer))
		allowance, ok := b.allowance(c)
		if !ok {
			b.spend(c, 0)
			rep.Skipped = append(rep.Skipped, c)
			continue
		}
		began := time.Now()
		res := r.run(c, allowance)
		b.spend(c, time.Since(began))
		for _, x := range res {
			if x.Wrong != nil {
				rep.Failures = append(rep.Failures, fmt.Sprintf("%s, %s: %v", x.Contender, x.Contender.lib.Info().Version, x.Wrong))
				p.clear()
				fmt.Printf("WRONG RESULT of %s: %v\n", x.Contender, x.Wrong)
			}
		}
		rep.Results = append(rep.Results, res...)
		p.show(fmt.Sprintf("%3d/%d %s %s%s", i+1, len(cases), c.Net, c.Layer, line(res)))
	}
	if o.threads > 1 {
		rep.Machine.Trips = append(rep.Machine.Trips, measureTrip())
	}
	p.clear()
	rep.writeResults(os.Stdout)
	rep.writeTrips(os.Stdout)
	fmt.Printf("\n%d cases, %.1f s\n", len(cases)-len(rep.Skipped), time.Since(start).Seconds())
	return rep, o.write(rep)
}

// contenders starts the libraries and says who takes part.
func (o *options) contenders(rep *report, p *progress) (list []*contender, closeAll func()) {
	var closers []func()
	closeAll = func() {
		for _, c := range closers {
			c()
		}
	}
	add := func(lib library, name, kind, mode string, own bool) *contender {
		layout := "nchw"
		if own {
			layout = "own"
		}
		c := &contender{lib: lib, name: name, mode: mode, kind: kind, own: own}
		if o.set.ISA == asm.AVX2 && name == "onnxruntime" && lib.Info().Kernel != "avx2" {
			c.free = true
		}
		if kind == kindGemm && o.double && (name == "onednn" || name == "onnxruntime") {
			return c // they have none
		}
		if o.bytes && (layout == "nchw" || name == "onnxruntime") {
			return c // channels last; of onnxruntime whole files are measured
		}
		if kind == kindGemm || kind == kindNet || slices.Contains(o.layouts, layout) {
			list = append(list, c)
		}
		return c
	}
	o.addOurs(add)
	for _, name := range o.peers {
		switch name {
		case "gonum":
			add(gonumLib{}, name, kindGemm, "sgemm", false).slow = true
			add(gonumLib{}, name, kindConv, "nchw", false).slow = true
			info := gonumLib{}.Info()
			rep.Peers = append(rep.Peers, peerState{Name: name, Info: &info})
			continue
		case "portable":
			continue
		}
		p.show("starting " + name)
		q, err := findPeer(name, o.libs[name], o.threads, o.set.ISA != asm.AVX2)
		if err != nil {
			rep.Peers = append(rep.Peers, peerState{Name: name, Why: fmt.Sprintf("%v (%s)", err, peerHints[name])})
			continue
		}
		closers = append(closers, q.Close)
		rep.Peers = append(rep.Peers, peerState{Name: name, Info: &q.info})
		switch name {
		case "openblas", "blis":
			add(q, name, kindGemm, "sgemm", false)
		case "onednn":
			add(q, name, kindGemm, "packed", true)
			add(q, name, kindGemm, "sgemm", false)
			add(q, name, kindConv, "blocked", true)
			add(q, name, kindConv, "nhwc", true)
			add(q, name, kindConv, "nchw", false)
			add(q, name, kindPool, "blocked", true)
			add(q, name, kindPool, "nhwc", true)
			add(q, name, kindPool, "nchw", false)
		case "onnxruntime":
			add(q, name, kindGemm, "packed", true)
			add(q, name, kindConv, "nchwc", true)
			add(q, name, kindConv, "nchw", false)
			add(q, name, kindPool, "nchwc", true)
			add(q, name, kindPool, "nchw", false)
			add(q, name, kindNet, "nchw", false)
		}
	}
	return list, closeAll
}

// writeTo makes a file; - is the standard output.
func writeTo(path string, f func(io.Writer) error) error {
	if path == "-" {
		return f(os.Stdout)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := f(file); err != nil {
		file.Close()
		return err
	}
	fmt.Println("wrote", path)
	return file.Close()
}

// write makes the files that were asked for.
func (o *options) write(rep *report) error {
	if o.benchfmt != "" {
		if err := writeTo(o.benchfmt, rep.writeBenchfmt); err != nil {
			return err
		}
	}
	if o.html != "" {
		if err := writeTo(o.html, rep.writeHTML); err != nil {
			return err
		}
	}
	if o.save {
		dir, err := resultsDir()
		if err != nil {
			return err
		}
		base := filepath.Join(dir, rep.fileName())
		text := func(w io.Writer) error {
			rep.writeMachine(w)
			fmt.Fprintln(w)
			rep.writeRows(w, true)
			fmt.Fprintln(w)
			rep.writePeers(w)
			rep.writeResults(w)
			return nil
		}
		for _, f := range []struct {
			ext string
			fn  func(io.Writer) error
		}{{".txt", text}, {".bench", rep.writeBenchfmt}, {".html", rep.writeHTML}} {
			if err := writeTo(base+f.ext, f.fn); err != nil {
				return err
			}
		}
	}
	return nil
}

// resultsDir is bench/results of the repository that this is run in.
func resultsDir() (string, error) {
	for _, dir := range []string{"bench", "."} {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module github.com/simdnn/simdnn/bench\n") {
			path := filepath.Join(dir, "results")
			return path, os.MkdirAll(path, 0o755)
		}
	}
	return "", errors.New("-save wants to be run in the repository's root")
}

// fileName names a run: CPU, Go, commit, day, instruction set, threads, and what else the flags chose.
func (r *report) fileName() string {
	m := r.Machine
	clean := regexp.MustCompile(`[^A-Za-z0-9.]+`)
	name := fmt.Sprintf("%s %s %s %s %s %dt %s", m.CPU, m.Go, m.Commit, m.Date[:10], m.ISA, m.Threads, strings.Join(r.Label, " "))
	return strings.Trim(clean.ReplaceAllString(name, "-"), "-")
}

// label tells runs apart that differ in what they measure. It is empty if that is what no flags ask for.
func (o *options) label() (words []string) {
	usual := slices.Equal(o.nets, strings.Fields(quickNets)) || o.full && slices.Equal(o.nets, netNames())
	if !usual || !o.gemm || !o.pool || !o.whole {
		switch {
		case usual:
			words = append(words, "nets")
		case slices.Equal(o.nets, netNames()):
			words = append(words, "allnets")
		default:
			words = append(words, o.nets...)
		}
		for _, kind := range []struct {
			on   bool
			name string
		}{{o.gemm, kindGemm}, {o.pool, kindPool}, {o.whole, kindNet}} {
			if kind.on {
				words = append(words, kind.name)
			}
		}
	}
	if o.batch > 1 {
		words = append(words, fmt.Sprintf("batch%d", o.batch))
	}
	if len(o.layouts) == 1 {
		words = append(words, o.layouts[0])
	}
	if o.winograd {
		words = append(words, variantWinograd)
	}
	if o.double {
		words = append(words, "float64")
	}
	if o.bytes {
		words = append(words, "int8")
	}
	if o.full {
		words = append(words, "full")
	}
	for _, s := range []string{o.algorithm, o.layers.String()} {
		if s != "" {
			words = append(words, s)
		}
	}
	return words
}

// progress is one line that is written over and over, if there is a terminal to do it on.
type progress struct {
	w  *os.File
	on bool
}

func newProgress(w *os.File) *progress {
	st, err := w.Stat()
	return &progress{w: w, on: err == nil && st.Mode()&os.ModeCharDevice != 0}
}

func (p *progress) show(s string) {
	if p.on {
		r := []rune(s)
		fmt.Fprintf(p.w, "\r\x1b[K%s", string(r[:min(len(r), 110)]))
	}
}

func (p *progress) clear() {
	if p.on {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
