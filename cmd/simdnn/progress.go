package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// patience is how long work may take before it is shown that something happens.
const patience = time.Second

// during runs work, and tells on a terminal what it is and since when, if it takes long.
func (c *call) during(what string, work func() error) error {
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		watch(c.err, what, stop)
	}()
	err := work()
	close(stop)
	<-done
	return err
}

// watch writes to a terminal until it is stopped.
func watch(w io.Writer, what string, stop <-chan struct{}) {
	f, ok := w.(*os.File)
	if !ok {
		return
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return
	}
	tick := time.NewTicker(patience)
	defer tick.Stop()
	for start, shown := time.Now(), false; ; shown = true {
		select {
		case <-stop:
			if shown {
				fmt.Fprint(f, "\r\x1b[K")
			}
			return
		case <-tick.C:
			fmt.Fprintf(f, "\r\x1b[K%s, %.0f s", what, time.Since(start).Seconds())
		}
	}
}
