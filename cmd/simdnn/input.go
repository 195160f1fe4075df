package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/simdnn/simdnn/npy"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// inputFlags say what is fed in.
type inputFlags struct {
	specs     []string
	crop, bgr *bool
	scale     *float64
	mean, std floats
	seed      *uint64
}

// floats is a flag of a few numbers.
type floats []float64

func (f *floats) String() string {
	var s []string
	for _, v := range *f {
		s = append(s, fmt.Sprint(v))
	}
	return strings.Join(s, ",")
}

func (f *floats) Set(s string) error {
	*f = nil
	for _, v := range strings.Split(s, ",") {
		x, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return fmt.Errorf("want numbers with commas between them")
		}
		*f = append(*f, x)
	}
	return nil
}

// at is the number of channel i: one number counts for all.
func (f floats) at(i int) float64 { return f[min(i, len(f)-1)] }

func (c *call) inputFlags() *inputFlags {
	f := c.pictureFlags()
	c.flags.Func("input", "`name=what`: photo.jpg (or .png, .gif), x.npy, an array of that name in x.npz, or random; without a name for all inputs; may be repeated (default random)",
		func(s string) error {
			f.specs = append(f.specs, s)
			return nil
		})
	return f
}

// pictureFlags say how photos, and random numbers, become inputs.
func (c *call) pictureFlags() *inputFlags {
	f := &inputFlags{mean: floats{0}, std: floats{1}}
	f.crop = c.flags.Bool("crop", false, "cut a photo to the input's proportions around its middle, instead of stretching it")
	f.bgr = c.flags.Bool("bgr", false, "the channels are blue, green, red, and not red, green, blue")
	f.scale = c.flags.Float64("scale", 1./255, "a photo becomes (pixel*scale - mean)/std, pixels from 0 to 255; 1 for networks that want them as they are")
	c.flags.Var(&f.mean, "mean", "of the channels: one number, or one for each, as 0.485,0.456,0.406")
	c.flags.Var(&f.std, "std", "of the channels, as 0.229,0.224,0.225")
	f.seed = c.flags.Uint64("seed", 1, "of random inputs, which are uniform in [0, 1), and 0 or 1 where they are no floats")
	return f
}

// source is where an input comes from.
type source struct {
	random bool
	array  tensor.Array
	photo  *photo
}

// sources reads what the flags name, by input. Sizes that the file leaves open and no flag gives are those of what is read: o.Shapes has them then.
func (in *inputFlags) sources(f *onnx.File, o *onnx.Options) (map[string]*source, error) {
	if len(in.mean) == 0 || len(in.std) == 0 {
		return nil, usagef("-mean and -std want numbers")
	}
	ports := f.Inputs()
	of := make(map[string]*source)
	for _, spec := range in.specs {
		name, what, ok := strings.Cut(spec, "=")
		port := slices.IndexFunc(ports, func(p onnx.Port) bool { return p.Name == name })
		targets := ports
		switch {
		case ok && port >= 0:
			targets = ports[port : port+1]
		case ok && !slices.ContainsFunc([]string{".jpg", ".jpeg", ".png", ".gif", ".npy", ".npz"}, func(e string) bool { return strings.Contains(name, e) }):
			var names []string
			for _, p := range ports {
				names = append(names, p.Name)
			}
			return nil, usagef("-input %s: the file has no input %q, there is: %s", spec, name, list(names))
		default:
			what = spec
		}
		for _, p := range targets {
			s, err := readSource(what, p.Name)
			if err != nil {
				return nil, err
			}
			of[p.Name] = s
		}
	}
	for _, p := range ports {
		s := of[p.Name]
		if s == nil {
			s = &source{random: true}
			of[p.Name] = s
		}
		if _, given := o.Shapes[p.Name]; given || s.random {
			continue
		}
		shape, ok := s.shape(p, o.Dims)
		if !ok {
			continue
		}
		if o.Shapes == nil {
			o.Shapes = make(map[string][]int)
		} else {
			o.Shapes = maps.Clone(o.Shapes)
		}
		o.Shapes[p.Name] = shape
	}
	return of, nil
}

// shape is what the open sizes of an input are if the source decides.
func (s *source) shape(p onnx.Port, dims map[string]int) ([]int, bool) {
	if s.array.Valid() {
		shape := s.array.Dims().Slice()
		for i, n := range p.Sizes {
			if len(p.Sizes) != len(shape) || n > 0 && n != shape[i] {
				return nil, false // the mismatch is reported where the array is taken
			}
		}
		return shape, true
	}
	if len(p.Sizes) == 0 {
		return nil, false
	}
	shape, open := slices.Clone(p.Sizes), false
	for i, n := range shape {
		if n <= 0 {
			if shape[i], open = 1, true; dims[p.Symbols[i]] > 0 {
				shape[i] = dims[p.Symbols[i]]
			}
		}
	}
	h, w, _, err := pictureAxes(shape)
	if err != nil || !open {
		return nil, false
	}
	for axis, n := range map[int]int{h: s.photo.Bounds().Dy(), w: s.photo.Bounds().Dx()} {
		if p.Sizes[axis] <= 0 && dims[p.Symbols[axis]] == 0 {
			shape[axis] = n
		}
	}
	return shape, true
}

func readSource(what, name string) (*source, error) {
	switch ext := strings.ToLower(filepath.Ext(what)); {
	case what == "random":
		return &source{random: true}, nil
	case ext == ".npy":
		a, err := npy.ReadFile(what)
		return &source{array: a}, err
	case ext == ".npz":
		all, err := npy.ReadZipFile(what)
		if err != nil {
			return nil, err
		}
		a, ok := all[name]
		if !ok {
			return nil, fmt.Errorf("%s has no array %q, there is: %s", what, name, list(slices.Sorted(maps.Keys(all))))
		}
		return &source{array: a}, nil
	case ext == ".jpg" || ext == ".jpeg" || ext == ".png" || ext == ".gif":
		p, err := openPhoto(what)
		return &source{photo: p}, err
	}
	return nil, usagef("-input %s: want random, or a file that ends in .jpg, .png, .gif, .npy or .npz", what)
}

// make is the input as the network takes it.
func (in *inputFlags) make(s *source, name string, t tensor.Type) (tensor.Array, error) {
	switch {
	case s.photo != nil:
		return in.picture(s.photo, name, t)
	case s.random:
		a, r := tensor.NewArray(t), rand.New(rand.NewPCG(*in.seed, 0))
		for i := range a.Len() {
			if t.DType.IsFloat() {
				a.SetFloat(i, float64(r.Float32()))
			} else {
				a.SetInt(i, int64(r.IntN(2)))
			}
		}
		return a, nil
	}
	a := s.array
	if a.Type().Dims != t.Dims {
		return a, fmt.Errorf("input %q: the array is %v, want %v", name, a.Type(), t)
	}
	if a.DType() == t.DType {
		return a, nil
	}
	if a.DType().IsFloat() != t.DType.IsFloat() {
		return a, fmt.Errorf("input %q: the array is of %v, want %v", name, a.DType(), t.DType)
	}
	b := tensor.NewArray(t)
	for i := range b.Len() {
		if t.DType.IsFloat() {
			b.SetFloat(i, a.Float(i))
		} else if b.SetInt(i, a.Int(i)); b.Int(i) != a.Int(i) {
			return b, fmt.Errorf("input %q: element %d is %d, which %v does not have", name, i, a.Int(i), t.DType)
		}
	}
	return b, nil
}
