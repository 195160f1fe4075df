// Command simdnn looks at ONNX files, runs them, times them, checks them and quantises them, on the kernels of this library.
//
//	go install github.com/simdnn/simdnn/cmd/simdnn@latest
//
//	simdnn info model.onnx
//	simdnn run model.onnx -input photo.jpg -top 5
//	simdnn bench model.onnx -threads 1,2
//	simdnn check model.onnx
//	simdnn quantize model.onnx -calibrate photos
//
// bench and check compare with onnxruntime where -against asks for it: its shared library is loaded then, without cgo, on amd64 with Linux or macOS; on
// Linux the command itself is linked to libc for that. The module bench times files in a process for each library, which is what figures to be kept
// come from.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it did not work, or what was checked is wrong
	exitUsage  = 2
)

// A command is what the first argument names.
type command struct {
	name, args, short string
	long              string
	run               func(c *call) error
}

// commands lists them in the order of the help.
func commands() []command {
	return []command{
		{"info", "model.onnx", "say what is in a file", infoHelp, info},
		{"run", "model.onnx [-input [name=]photo.jpg|x.npy|random] ...", "run it on pictures or arrays", runHelp, runModel},
		{"bench", "model.onnx [-threads 1,2] ...", "time it, step by step", benchHelp, bench},
		{"check", "model.onnx|case.json ...", "compare it with the plain interpreter, or with stored answers", checkHelp, check},
		{"quantize", "model.onnx -calibrate folder|random [-o out.onnx] ...", "write it as a network of 8-bit integers", quantizeHelp, quantize},
	}
}

// call is a call of a command.
type call struct {
	command
	flags    *flag.FlagSet
	given    []string // the arguments
	out, err io.Writer
}

// usage is a mistake in the arguments.
type usage struct{ error }

func usagef(format string, args ...any) error { return usage{fmt.Errorf(format, args...)} }

// run is the program: it returns the exit code.
func run(args []string, out, errs io.Writer) int {
	if len(args) == 0 {
		writeHelp(errs)
		return exitUsage
	}
	name, args := args[0], args[1:]
	help := false
	switch name {
	case "-h", "-help", "--help", "help":
		if len(args) == 0 {
			writeHelp(out)
			return exitOK
		}
		name, args, help = args[0], nil, true
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		k := &call{command: c, flags: flag.NewFlagSet("simdnn "+name, flag.ContinueOnError), given: args, out: out, err: errs}
		k.flags.SetOutput(io.Discard)
		if help {
			k.given = []string{"-help"}
		}
		err := c.run(k)
		switch {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprintf(out, "usage: simdnn %s %s\n\n%s\n\nflags:\n", c.name, c.args, c.long)
			k.flags.SetOutput(out)
			k.flags.PrintDefaults()
			return exitOK
		case err == nil:
			return exitOK
		}
		fmt.Fprintf(errs, "simdnn %s: %s\n", name, oneLine(err))
		if errors.As(err, new(usage)) {
			return exitUsage
		}
		return exitFailed
	}
	fmt.Fprintf(errs, "simdnn: unknown command %q, want info, run, bench, check or quantize; simdnn -help says more\n", name)
	return exitUsage
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func writeHelp(w io.Writer) {
	fmt.Fprint(w, "simdnn runs ONNX files on SIMD kernels, in pure Go.\n\nusage:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "    simdnn %-8s %-21s %s\n", c.name, strings.Fields(c.args)[0], c.short)
	}
	fmt.Fprint(w, "\nsimdnn COMMAND -help tells the flags of each. SIMDNN_ISA=avx2 (or another) chooses the kernels.\n"+
		"The exit code is 0 if all is well, 1 if something failed or is wrong, 2 if the arguments are.\n")
}

// parse reads flags and other arguments in any order, and returns the others.
func (c *call) parse() (others []string, err error) {
	rest := c.given
	for {
		if err := c.flags.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usage{err}
		}
		if rest = c.flags.Args(); len(rest) == 0 {
			break
		}
		others, rest = append(others, rest[0]), rest[1:]
	}
	if len(others) == 0 {
		return nil, usagef("no file is named: simdnn %s %s", c.name, strings.Fields(c.args)[0])
	}
	return others, nil
}

// one is parse for commands that take one file.
func (c *call) one() (string, error) {
	others, err := c.parse()
	if err != nil {
		return "", err
	}
	if len(others) > 1 {
		return "", usagef("unexpected argument %q", others[1])
	}
	return others[0], nil
}
