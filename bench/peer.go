package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// A peer is another library. Each runs in a process of its own, which is this program again: what it
// crashes is then only that process, and its environment variables are set before it is loaded.
// The two talk in lines of JSON over a pipe; results follow as raw floats.

// peerEnv holds the name of the library that a process is to serve.
const peerEnv = "SIMDNN_BENCH_PEER"

type peerSpec struct {
	name  string
	paths []string // candidates for the shared library
	env   []string // that it needs, for example to choose its kernel
}

type request struct {
	Op       string // prepare, open, sample, output, memory, close
	Case     *Case
	File     *fileTask
	Mode     string
	Duration time.Duration
	Job      int
}

type response struct {
	Err     string
	Info    *libInfo
	Job     int
	Impl    string
	Samples []float64
	Floats  int // so many raw floats follow

	// Of an ONNX file.
	Outputs      []fileTensor
	Ready, First time.Duration
	Memory       int // the most that the process has had resident, bytes
}

// rawBytes is the memory of x: both ends of a pipe are on the same machine.
func rawBytes(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}

// child serves requests until its input ends. It never returns to the program proper.
func child(name string, in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	reply := func(r response, raw []float32) error {
		r.Floats = len(raw)
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		w.Write(append(b, '\n'))
		w.Write(rawBytes(raw))
		return w.Flush()
	}
	runtime.LockOSThread() // libraries keep state by thread
	threads, err := strconv.Atoi(os.Getenv("SIMDNN_BENCH_THREADS"))
	if err != nil || threads < 1 {
		threads = 1
	}
	lib, err := openPeer(name, filepath.SplitList(os.Getenv("SIMDNN_BENCH_LIBS")), threads)
	if err != nil {
		return reply(response{Err: err.Error()}, nil)
	}
	info := lib.Info()
	if err := reply(response{Info: &info}, nil); err != nil {
		return err
	}
	jobs := make(map[int]job)
	last := 0
	dec := json.NewDecoder(in)
	for {
		var q request
		if err := dec.Decode(&q); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		var r response
		var raw []float32
		err := func() error {
			switch q.Op {
			case "prepare":
				if err := q.Case.check(); err != nil {
					return err
				}
				j, err := lib.Prepare(q.Case, q.Mode)
				if err != nil {
					return err
				}
				last++
				jobs[last] = j
				r.Job, r.Impl = last, j.Impl()
				return nil
			case "open":
				f, err := q.File.open(lib)
				if err != nil {
					return err
				}
				last++
				jobs[last] = f.job
				r.Job, r.Impl, r.Outputs, r.Ready, r.First = last, f.Impl(), f.outputs, f.ready, f.first
				return nil
			case "memory":
				r.Memory = peakMemory()
				return nil
			}
			j := jobs[q.Job]
			if j == nil {
				return fmt.Errorf("no job %d", q.Job)
			}
			switch q.Op {
			case "sample":
				var err error
				r.Samples, err = sample(j, q.Duration)
				return err
			case "output":
				raw = j.Output()
				return nil
			case "close":
				j.Close()
				delete(jobs, q.Job)
				return nil
			}
			return fmt.Errorf("unknown request %q", q.Op)
		}()
		if err != nil {
			r.Err = err.Error()
		}
		if threads > 1 {
			settle()
		}
		if err := reply(r, raw); err != nil {
			return err
		}
	}
}

// A peerProcess is a library in a process of its own.
type peerProcess struct {
	info   libInfo
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *tail
	dead   error
}

// A tail keeps the end of what is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if n := len(t.b) - 400; n > 0 {
		t.b = t.b[n:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.b))
}

// peerEnvironment is this process's environment without what would choose kernels or threads for a
// peer, and with what the peer is to have.
func peerEnvironment(base []string, p *peerSpec, threads int) []string {
	var env []string
	for _, kv := range base {
		k, _, _ := strings.Cut(kv, "=")
		if slices.ContainsFunc([]string{"OPENBLAS_", "BLIS_", "DNNL_", "ONEDNN_", "OMP_", "GOMP_", "ORT_", "MKL_", "KMP_", "SIMDNN_", "GOMAXPROCS"},
			func(prefix string) bool { return strings.HasPrefix(k, prefix) }) {
			continue
		}
		env = append(env, kv)
	}
	n := strconv.Itoa(threads)
	return append(append(env,
		peerEnv+"="+p.name,
		"SIMDNN_BENCH_THREADS="+n,
		"SIMDNN_BENCH_LIBS="+strings.Join(p.paths, string(filepath.ListSeparator)),
		"GOMAXPROCS=1", // Go does little there, and its threads shall not spin beside the library's
		"OMP_NUM_THREADS="+n, "OPENBLAS_NUM_THREADS="+n, "BLIS_NUM_THREADS="+n), p.env...)
}

// startPeer starts a library's process and waits until the library is loaded.
func startPeer(p *peerSpec, threads int) (*peerProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = peerEnvironment(os.Environ(), p, threads)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	q := &peerProcess{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 1<<16), stderr: new(tail)}
	cmd.Stderr = q.stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r, _, err := q.receive()
	if err == nil && r.Info == nil {
		err = errors.New("the process did not name its library")
	}
	if err != nil {
		q.Close()
		return nil, err
	}
	q.info = *r.Info
	return q, nil
}

func (q *peerProcess) Info() libInfo { return q.info }

// Close ends the process.
func (q *peerProcess) Close() {
	q.in.Close()
	done := make(chan struct{})
	go func() { q.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(2 * time.Second):
		q.cmd.Process.Kill()
		<-done
	}
}

// receive reads one answer. Lines that are none come from the library itself and are passed over.
func (q *peerProcess) receive() (r response, raw []float32, err error) {
	for {
		line, err := q.out.ReadBytes('\n')
		if err != nil {
			q.cmd.Wait()
			msg := q.stderr.String()
			if i := strings.IndexByte(msg, '\n'); i > 0 {
				msg = msg[:i]
			}
			q.dead = fmt.Errorf("the process ended: %v %s", q.cmd.ProcessState, msg)
			return r, nil, q.dead
		}
		if json.Unmarshal(line, &r) == nil && line[0] == '{' {
			break
		}
	}
	if r.Floats > 0 {
		raw = make([]float32, r.Floats)
		if _, err := io.ReadFull(q.out, rawBytes(raw)); err != nil {
			return r, nil, err
		}
	}
	if r.Err != "" {
		return r, nil, errors.New(r.Err)
	}
	return r, raw, nil
}

func (q *peerProcess) ask(req request) (response, []float32, error) {
	if q.dead != nil {
		return response{}, nil, q.dead
	}
	b, err := json.Marshal(req)
	if err != nil {
		return response{}, nil, err
	}
	if _, err := q.in.Write(append(b, '\n')); err != nil && q.dead == nil {
		q.dead = err
	}
	return q.receive()
}

func (q *peerProcess) Prepare(c *Case, mode string) (job, error) {
	r, _, err := q.ask(request{Op: "prepare", Case: c, Mode: mode})
	if err != nil {
		return nil, err
	}
	return &peerJob{q: q, id: r.Job, impl: r.Impl}, nil
}

// A peerJob is a job in another process. It is measured there (Sample), so that the pipe costs nothing.
type peerJob struct {
	q    *peerProcess
	id   int
	impl string
}

func (j *peerJob) Sample(d time.Duration) ([]float64, error) {
	r, _, err := j.q.ask(request{Op: "sample", Job: j.id, Duration: d})
	return r.Samples, err
}

func (j *peerJob) Run(calls int) error {
	for range calls {
		if _, err := j.Sample(0); err != nil {
			return err
		}
	}
	return nil
}

func (j *peerJob) Output() []float32 {
	_, raw, err := j.q.ask(request{Op: "output", Job: j.id})
	if err != nil {
		return nil
	}
	return raw
}

func (j *peerJob) Impl() string { return j.impl }
func (j *peerJob) Close()       { j.q.ask(request{Op: "close", Job: j.id}) }

// firstVersion finds a version number in a library's description of itself.
func firstVersion(s string) string { return versionPattern.FindString(s) }

var versionPattern = regexp.MustCompile(`\d+(\.\d+)+`)
