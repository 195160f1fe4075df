// Command skips runs go test with the arguments it is given, prints what go test prints, and says at the end how
// many tests were skipped and why: go test alone is silent about that, and a test that did not run proves nothing.
//
//	go run ./internal/skips ./...
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

func main() {
	args := os.Args[1:]
	test := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	test.Stderr = os.Stderr
	events, err := test.StdoutPipe()
	if err == nil {
		err = test.Start()
	}
	if err == nil {
		err = show(os.Stdout, events, slices.Contains(args, "-v"))
		if e := test.Wait(); err == nil {
			err = e
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "skips: go test:", err)
		os.Exit(1)
	}
}

// An event is a line of go test -json.
type event struct{ Action, Package, Test, Output string }

// show prints what go test without -json would (all with verbose), and then the reasons for skipping.
func show(w io.Writer, events io.Reader, verbose bool) error {
	said := make(map[string][]string) // what a test printed, by package and test
	reasons := make(map[string]int)
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				e = event{Action: "build-output", Output: string(line)} // go itself speaks
			}
			test := e.Package + " " + e.Test
			switch {
			case e.Action == "build-output", e.Action == "output" && (verbose || e.Test == "" && e.Output != "PASS\n"):
				fmt.Fprint(w, e.Output)
			}
			switch {
			case e.Action == "output" && e.Test != "":
				said[test] = append(said[test], e.Output)
			case e.Action == "skip" && e.Test != "":
				reasons[reason(said[test])]++
				delete(said, test)
			case e.Action == "fail" && !verbose:
				// That of a package is the last word on tests that ended with it, in a panic or for want of time.
				for _, name := range slices.Sorted(maps.Keys(said)) {
					if name == test || e.Test == "" && strings.HasPrefix(name, test) {
						fmt.Fprint(w, strings.Join(slices.DeleteFunc(said[name], func(s string) bool { return strings.HasPrefix(s, "=== ") }), ""))
						delete(said, name)
					}
				}
			case e.Action == "pass":
				delete(said, test)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	mergeStored(reasons)
	total := 0
	for _, n := range reasons {
		total += n
	}
	fmt.Fprintf(w, "\n%d tests and parts of tests were skipped:\n", total)
	for _, why := range slices.SortedFunc(maps.Keys(reasons), func(a, b string) int {
		return cmp.Or(reasons[b]-reasons[a], strings.Compare(a, b))
	}) {
		fmt.Fprintf(w, "%5d  %s\n", reasons[why], why)
	}
	return nil
}

// stored matches what internal/cases says when a test is skipped for want of stored cases: their folders, and where
// they were looked for.
var stored = regexp.MustCompile(`^stored cases not found: (.*) (\(.*\))$`)

// mergeStored makes one reason of all for which tests lack stored cases.
func mergeStored(reasons map[string]int) {
	names := make(map[string]bool)
	tests, where := 0, ""
	for why, n := range reasons {
		if m := stored.FindStringSubmatch(why); m != nil {
			for _, name := range strings.Split(m[1], ", ") {
				names[name] = true
			}
			tests, where = tests+n, m[2]
			delete(reasons, why)
		}
	}
	if tests > 0 {
		reasons["stored cases not found: "+strings.Join(slices.Sorted(maps.Keys(names)), ", ")+" "+where] = tests
	}
}

// position is what the testing package writes before what a test says.
var position = regexp.MustCompile(`^ +[^ ]+\.go:\d+: `)

// reason is the last thing a test said.
func reason(said []string) string {
	for _, s := range slices.Backward(said) {
		if at := position.FindString(s); at != "" {
			return strings.TrimSpace(s[len(at):])
		}
	}
	return "no reason given"
}
