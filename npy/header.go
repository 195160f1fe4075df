package npy

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/simdnn/simdnn/tensor"
)

// header is what a file says of its array.
type header struct {
	typ     tensor.Type
	swapped bool // big-endian
	fortran bool // the first axis runs fastest
}

// parseHeader reads a Python dictionary with the keys descr, fortran_order and shape.
func parseHeader(s string) (h header, err error) {
	p := &literal{rest: strings.TrimSpace(s)}
	seen := make(map[string]bool)
	if err := p.want('{'); err != nil {
		return h, err
	}
	for !p.next('}') {
		key, err := p.text()
		if err != nil {
			return h, err
		}
		if seen[key] {
			return h, fmt.Errorf("a second %q", key)
		}
		seen[key] = true
		if err := p.want(':'); err != nil {
			return h, err
		}
		switch key {
		case "descr":
			err = h.descr(p)
		case "fortran_order":
			h.fortran, err = p.truth()
		case "shape":
			h.typ.Dims, err = p.shape()
		default:
			err = fmt.Errorf("unknown key")
		}
		if err != nil {
			return h, fmt.Errorf("%q: %w", key, err)
		}
		if !p.next(',') && !p.peek('}') {
			return h, p.unexpected("a comma or }")
		}
	}
	if p.rest != "" {
		return h, p.unexpected("the end")
	}
	if len(seen) != 3 {
		return h, fmt.Errorf("want descr, fortran_order and shape")
	}
	return h, h.typ.Check()
}

// descr reads the type of the elements.
func (h *header) descr(p *literal) error {
	if p.peek('[') || p.peek('(') {
		return fmt.Errorf("elements are records, want numbers")
	}
	s, err := p.text()
	if err != nil {
		return err
	}
	if s == "" {
		return fmt.Errorf("it is empty")
	}
	d, ok := codes[s[1:]]
	if !ok || !strings.Contains("<>|=", s[:1]) {
		return fmt.Errorf("elements are %q, want floats, integers or bool of numpy's, as '<f4'", s)
	}
	h.typ.DType, h.swapped = d, s[0] == '>'
	return nil
}

// literal is a piece of Python that is read from its front.
type literal struct{ rest string }

func (p *literal) space() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

func (p *literal) peek(c byte) bool {
	p.space()
	return p.rest != "" && p.rest[0] == c
}

// next takes c if it is what follows.
func (p *literal) next(c byte) bool {
	if !p.peek(c) {
		return false
	}
	p.rest = p.rest[1:]
	p.space()
	return true
}

func (p *literal) want(c byte) error {
	if !p.next(c) {
		return p.unexpected(string(c))
	}
	return nil
}

func (p *literal) unexpected(want string) error {
	if p.rest == "" {
		return fmt.Errorf("it ends, want %s", want)
	}
	return fmt.Errorf("%q, want %s", p.rest[:min(len(p.rest), 20)], want)
}

// text reads a string without escapes.
func (p *literal) text() (string, error) {
	for _, quote := range []string{"'", `"`} {
		if p.peek(quote[0]) {
			s, rest, ok := strings.Cut(p.rest[1:], quote)
			if !ok || strings.Contains(s, `\`) {
				break
			}
			p.rest = rest
			return s, nil
		}
	}
	return "", p.unexpected("a string")
}

func (p *literal) truth() (bool, error) {
	p.space()
	for _, v := range []struct {
		word string
		is   bool
	}{{"True", true}, {"False", false}} {
		if rest, ok := strings.CutPrefix(p.rest, v.word); ok {
			p.rest = rest
			return v.is, nil
		}
	}
	return false, p.unexpected("True or False")
}

// shape reads a tuple of sizes. Python 2 wrote an L after some.
func (p *literal) shape() (d tensor.Dims, err error) {
	if err := p.want('('); err != nil {
		return d, err
	}
	for !p.next(')') {
		digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
		n, err := strconv.Atoi(p.rest[:digits])
		if err != nil {
			return d, p.unexpected("a size")
		}
		p.rest = strings.TrimPrefix(p.rest[digits:], "L")
		if d.Rank() == tensor.MaxRank {
			return d, fmt.Errorf("more than %d axes", tensor.MaxRank)
		}
		d = d.Append(n)
		if !p.next(',') && !p.peek(')') {
			return d, p.unexpected("a comma or )")
		}
	}
	return d, nil
}
