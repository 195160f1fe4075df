package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/examples/internal/blazeface"
	"github.com/simdnn/simdnn/internal/cases"
)

// TestManyClients has 64 clients ask for half a minute: every answer is right, and memory does not grow.
func TestManyClients(t *testing.T) {
	dir := cases.Dir(t, "models", "data")
	b, err := os.ReadFile(filepath.Join(dir, "models", "original", "face_detection_front_128x128_barracuda.onnx"))
	require.NoError(t, err)
	m, err := blazeface.Model(b)
	require.NoError(t, err)
	server := httptest.NewServer(newService(m, 128))
	defer server.Close()
	photo, err := os.ReadFile(filepath.Join(dir, "data", "photos", "grace_hopper.jpg"))
	require.NoError(t, err)

	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	ask := func() (status int, body string, err error) {
		r, err := client.Post(server.URL+"/faces", "image/jpeg", bytes.NewReader(photo))
		if err != nil {
			return 0, "", err
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		return r.StatusCode, string(text), err
	}
	status, want, err := ask()
	require.NoError(t, err)
	require.Equal(t, 200, status, want)
	var faces []answer
	require.NoError(t, json.Unmarshal([]byte(want), &faces))
	require.Len(t, faces, 1)

	duration := 30 * time.Second
	if testing.Short() {
		duration = 2 * time.Second
	}
	heap := func() uint64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	var wg sync.WaitGroup
	half := make(chan uint64, 1)
	end := time.Now().Add(duration)
	for i := range 64 {
		wg.Go(func() {
			for time.Now().Before(end) {
				status, got, err := ask()
				if err != nil || status != 200 || got != want {
					t.Errorf("client %d: %d %q, %v", i, status, got, err)
					return
				}
			}
		})
	}
	time.AfterFunc(duration/2, func() { half <- heap() })
	wg.Wait()
	require.Less(t, heap(), <-half+32<<20, "nothing is kept of a request")

	r, err := client.Get(server.URL + "/metrics")
	require.NoError(t, err)
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	for _, line := range []string{"faces_refused_total 0", "faces_bad_total 0", "faces_in_flight 0", `faces_seconds_bucket{le="+Inf"} `} {
		require.Contains(t, string(text), line)
	}
	t.Log(string(text))
}

// TestRefused: what is no photo, too large a one, and a full queue.
func TestRefused(t *testing.T) {
	dir := cases.Dir(t, "models")
	b, err := os.ReadFile(filepath.Join(dir, "models", "original", "face_detection_front_128x128_barracuda.onnx"))
	require.NoError(t, err)
	m, err := blazeface.Model(b)
	require.NoError(t, err)
	s := newService(m, 0)
	post := func(body io.Reader) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("POST", "/faces", body))
		return w
	}
	require.Equal(t, 400, post(strings.NewReader("no photo")).Code)
	huge := "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00\x46\x7b\x42\x9f" // 65536 x 65536
	w := post(strings.NewReader(huge))
	require.Equal(t, 400, w.Code)
	for range cap(s.waiting) {
		s.waiting <- struct{}{}
	}
	w = post(strings.NewReader("x"))
	require.Equal(t, 503, w.Code)
	require.Equal(t, fmt.Sprint(1), w.Header().Get("Retry-After"))
}
