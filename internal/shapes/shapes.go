// Package shapes names problems: a string for each, the same in tests, fuzz corpora, benchmarks and
// bug reports; and sweeps of them from the tile sizes of a kernel. Only tests and benchmarks use it.
//
// The strings:
//
//	gemm m12544n64k64              C[12544][64] = A[12544][64] * B[64][64]
//	gemm m5n6k7 ta tb              with A or B transposed
//	conv n1c64h56w56 k64r3s3 p1    64 output channels, a 3x3 kernel, padding 1
//	pool max n1c64h112w112 r3s3 s2 p1
//
// and after the shapes of a convolution or pooling, each word only where it is not the default:
//
//	s2 or s2x1          stride, or strides of rows and columns
//	d2 or d2x1          dilation
//	p1 or p0,1,2,3      padding on all sides, or top, left, bottom, right
//	g64                 groups
//	ceil                ceil mode
//	countpad            padding counts in averages
//	NHWC                layout
//
// Parsers take the words in any order and stop at a colon: what a plan prints of itself can be
// pasted.
package shapes

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/simdnn/simdnn/tensor"
)

// Gemm is a product of matrices: C[M][N] = op(A)[M][K] * op(B)[K][N].
type Gemm struct {
	TransA, TransB bool
	M, N, K        int
}

func (g Gemm) String() string {
	s := fmt.Sprintf("gemm m%dn%dk%d", g.M, g.N, g.K)
	if g.TransA {
		s += " ta"
	}
	if g.TransB {
		s += " tb"
	}
	return s
}

// MACs is the number of multiply-adds.
func (g Gemm) MACs() int64 { return int64(g.M) * int64(g.N) * int64(g.K) }

// ParseGemm reads what Gemm.String writes.
func ParseGemm(s string) (Gemm, error) {
	var g Gemm
	p := newParser("gemm", s)
	p.sizes("mnk", &g.M, &g.N, &g.K)
	for p.more() {
		switch p.word {
		case "ta":
			g.TransA = true
		case "tb":
			g.TransB = true
		default:
			p.unknown()
		}
	}
	return g, p.err
}

// Conv is a convolution of In with OutC kernels.
type Conv struct {
	In     tensor.Shape
	OutC   int
	Window tensor.Window
	Groups int // 0 means 1
	Layout tensor.Layout
}

func (c Conv) String() string {
	s := fmt.Sprintf("conv %v k%d%v", c.In, c.OutC, c.Window)
	if c.Groups > 1 {
		s += fmt.Sprintf(" g%d", c.Groups)
	}
	return s + layoutWord(c.Layout)
}

// ParseConv reads what Conv.String writes. The problem must be a possible one: output sizes of at
// least 1, groups that divide the channels.
func ParseConv(s string) (Conv, error) {
	c := Conv{Groups: 1}
	p := newParser("conv", s)
	p.sizes("nchw", &c.In.N, &c.In.C, &c.In.H, &c.In.W)
	p.sizes("krs", &c.OutC, &c.Window.KernelH, &c.Window.KernelW)
	for p.more() {
		if !p.windowWord(&c.Window) && !p.layoutWord(&c.Layout) && !p.pair('g', &c.Groups, nil) {
			p.unknown()
		}
	}
	if p.err != nil {
		return c, p.err
	}
	if c.OutC < 1 || c.Groups < 1 || c.In.C%c.Groups != 0 || c.OutC%c.Groups != 0 {
		return c, fmt.Errorf("shapes: %q: groups must divide %d and %d channels", s, c.In.C, c.OutC)
	}
	return c, possible(s, c.In, c.Window)
}

// Out is the shape of the output. It panics for an impossible problem.
func (c Conv) Out() tensor.Shape { return out(c.In, c.OutC, c.Window) }

// Weights is the number of weights: OutC * In.C/Groups * KernelH * KernelW.
func (c Conv) Weights() int {
	return c.OutC * (c.In.C / max(c.Groups, 1)) * c.Window.KernelH * c.Window.KernelW
}

// MACs is the number of multiply-adds, those with padding included.
func (c Conv) MACs() int64 {
	o := c.Out()
	return int64(c.Weights()) * int64(o.N) * int64(o.H) * int64(o.W)
}

// Pool is a pooling.
type Pool struct {
	Avg             bool // else the maximum
	In              tensor.Shape
	Window          tensor.Window
	CountIncludePad bool
	Layout          tensor.Layout
}

func (p Pool) String() string {
	kind := "max"
	if p.Avg {
		kind = "avg"
	}
	s := fmt.Sprintf("pool %s %v %v", kind, p.In, p.Window)
	if p.CountIncludePad {
		s += " countpad"
	}
	return s + layoutWord(p.Layout)
}

// ParsePool reads what Pool.String writes.
func ParsePool(s string) (Pool, error) {
	var q Pool
	p := newParser("pool", s)
	p.more()
	switch p.word {
	case "max":
	case "avg":
		q.Avg = true
	default:
		p.unknown()
	}
	p.sizes("nchw", &q.In.N, &q.In.C, &q.In.H, &q.In.W)
	p.sizes("rs", &q.Window.KernelH, &q.Window.KernelW)
	for p.more() {
		switch {
		case p.windowWord(&q.Window) || p.layoutWord(&q.Layout):
		case p.word == "countpad":
			q.CountIncludePad = true
		default:
			p.unknown()
		}
	}
	if p.err != nil {
		return q, p.err
	}
	return q, possible(s, q.In, q.Window)
}

// Out is the shape of the output. It panics for an impossible problem.
func (p Pool) Out() tensor.Shape { return out(p.In, p.In.C, p.Window) }

func out(in tensor.Shape, c int, w tensor.Window) tensor.Shape {
	h, wd, err := w.Out(in.H, in.W)
	if err != nil {
		panic(err.Error())
	}
	return tensor.Shape{N: in.N, C: c, H: h, W: wd}
}

func possible(s string, in tensor.Shape, w tensor.Window) error {
	err := in.Check()
	if err == nil {
		_, _, err = w.Out(in.H, in.W)
	}
	if err != nil {
		return fmt.Errorf("shapes: %q: %w", s, err)
	}
	return nil
}

func layoutWord(l tensor.Layout) string {
	if l == tensor.NCHW {
		return ""
	}
	return " " + l.String()
}

// parser goes through the words of a problem string and keeps the first error.
type parser struct {
	text  string
	words []string
	word  string // the current one
	err   error
}

func newParser(kind, text string) *parser {
	s, _, _ := strings.Cut(text, ":")
	p := &parser{text: text, words: strings.Fields(s)}
	if !p.more() || p.word != kind {
		p.fail("want a string that begins with %q", kind)
	}
	return p
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("shapes: %q: %s", p.text, fmt.Sprintf(format, args...))
	}
}

func (p *parser) unknown() { p.fail("unknown word %q", p.word) }

// more moves on to the next word.
func (p *parser) more() bool {
	if p.err != nil || len(p.words) == 0 {
		p.word = ""
		return false
	}
	p.word, p.words = p.words[0], p.words[1:]
	return true
}

// number cuts a number off the front of s.
func (p *parser) number(s string) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(s[:i])
	return n, s[i:], err == nil
}

// sizes reads the next word, for example m5n6k7 with letters mnk.
func (p *parser) sizes(letters string, sizes ...*int) {
	p.more()
	s := p.word
	for i, size := range sizes {
		ok := strings.HasPrefix(s, letters[i:i+1])
		if ok {
			*size, s, ok = p.number(s[1:])
		}
		if !ok {
			p.fail("want a size for each of %q in %q", letters, p.word)
			return
		}
	}
	if s != "" {
		p.fail("%q in %q is too much", s, p.word)
	}
}

// pair reads a word such as s2 or s2x1; with w nil it is one number.
func (p *parser) pair(letter byte, h, w *int) bool {
	if p.word[0] != letter {
		return false
	}
	n, rest, ok := p.number(p.word[1:])
	if !ok {
		return false
	}
	m := n
	if w != nil && strings.HasPrefix(rest, "x") {
		m, rest, ok = p.number(rest[1:])
	}
	if !ok || rest != "" {
		return false
	}
	*h = n
	if w != nil {
		*w = m
	}
	return true
}

func (p *parser) windowWord(w *tensor.Window) bool {
	switch {
	case p.pair('s', &w.StrideH, &w.StrideW), p.pair('d', &w.DilationH, &w.DilationW):
		return true
	case p.pair('p', &w.PadTop, nil):
		w.PadLeft, w.PadBottom, w.PadRight = w.PadTop, w.PadTop, w.PadTop
		return true
	case p.word == "ceil":
		w.CeilMode = true
		return true
	case p.word[0] == 'p':
		s, sep := p.word[1:], ""
		for _, pad := range []*int{&w.PadTop, &w.PadLeft, &w.PadBottom, &w.PadRight} {
			var ok bool
			if s, ok = strings.CutPrefix(s, sep); !ok {
				return false
			}
			if *pad, s, ok = p.number(s); !ok {
				return false
			}
			sep = ","
		}
		return s == ""
	}
	return false
}

func (p *parser) layoutWord(l *tensor.Layout) bool {
	for _, v := range []tensor.Layout{tensor.NCHW, tensor.NHWC} {
		if p.word == v.String() {
			*l = v
			return true
		}
	}
	return false
}
