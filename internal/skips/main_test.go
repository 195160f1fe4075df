package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShow(t *testing.T) {
	var events strings.Builder
	say := func(action, test, output string) {
		b, err := json.Marshal(event{action, "m/p", test, output})
		require.NoError(t, err)
		events.Write(append(b, '\n'))
	}
	say("start", "", "")
	say("output", "TestGood", "=== RUN   TestGood\n")
	say("output", "TestGood", "    a_test.go:7: chatter\n")
	say("pass", "TestGood", "")
	for name, folders := range map[string]string{"TestA": "oracle, onnx", "TestB/part": "onnx, nets"} {
		say("output", name, "    a_test.go:8: before\n")
		say("output", name, "    a_test.go:9: stored cases not found: "+folders+" (in x)\n")
		say("output", name, "--- SKIP: "+name+" (0.00s)\n")
		say("skip", name, "")
	}
	say("skip", "TestC", "")
	say("output", "TestBad", "=== RUN   TestBad\n")
	say("output", "TestBad", "    a_test.go:3: want 1\n")
	say("output", "TestBad", "--- FAIL: TestBad (0.00s)\n")
	say("fail", "TestBad", "")
	say("output", "TestDead", "panic: dead\n")
	say("fail", "", "")
	say("output", "", "PASS\n")
	say("output", "", "ok  \tm/p\t0.1s\n")
	say("skip", "", "") // a package without tests is not a skipped one
	events.WriteString("go: not JSON\n")

	const summary = "\n3 tests and parts of tests were skipped:\n    2  stored cases not found: nets, onnx, oracle (in x)\n    1  no reason given\n"
	var out strings.Builder
	require.NoError(t, show(&out, strings.NewReader(events.String()), false))
	require.Equal(t, "    a_test.go:3: want 1\n--- FAIL: TestBad (0.00s)\npanic: dead\nok  \tm/p\t0.1s\ngo: not JSON\n"+summary, out.String())
	out.Reset()
	require.NoError(t, show(&out, strings.NewReader(events.String()), true))
	require.Contains(t, out.String(), "=== RUN   TestGood\n    a_test.go:7: chatter\n")
	require.Equal(t, 1, strings.Count(out.String(), "want 1"))
	require.True(t, strings.HasSuffix(out.String(), summary))
	out.Reset()
	require.NoError(t, show(&out, strings.NewReader(""), false))
	require.Empty(t, out.String())
}
