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

// terminal returns the terminal that a writer is, if it is one.
func terminal(w io.Writer) (*os.File, bool) {
	f, ok := w.(*os.File)
	if !ok {
		return nil, false
	}
	info, err := f.Stat()
	return f, err == nil && info.Mode()&os.ModeCharDevice != 0
}

// watch writes to a terminal until it is stopped.
func watch(w io.Writer, what string, stop <-chan struct{}) {
	f, ok := terminal(w)
	if !ok {
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

// progress returns a function that tells on a terminal how far long work is, and one that ends the line.
func (c *call) progress(what string) (tell func(done, all int), end func()) {
	f, ok := terminal(c.err)
	start, shown := time.Now(), time.Time{}
	tell = func(done, all int) {
		if now := time.Now(); ok && now.Sub(start) > patience && now.Sub(shown) > patience/4 {
			fmt.Fprintf(f, "\r\x1b[K%s, %d of %d", what, done, all)
			shown = now
		}
	}
	return tell, func() {
		if !shown.IsZero() {
			fmt.Fprint(f, "\r\x1b[K")
			shown = time.Time{}
		}
	}
}
