package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"unsafe"

	"github.com/simdnn/simdnn/asm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/ref"
)

// The checks of the kernels that are not products: element-wise, depthwise, pooling, moving.

// first is the address of a slice's data, for kernels that are given an empty one too.
func first[T any](x []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }

// sameAll compares exactly; NaN equals NaN.
func sameAll[T asm.Float](what string, got, want []T) error {
	for i, w := range want {
		if got[i] != w && !(got[i] != got[i] && w != w) {
			return fmt.Errorf("%s: element %d is %v, want %v", what, i, got[i], w)
		}
	}
	return nil
}

// closeAll compares with room for rounding: the kernels' documented errors are a few ulp.
func closeAll(what string, got, want []float32) error {
	for i, w := range want {
		d := math.Abs(float64(got[i]) - float64(w))
		if !(d <= 2e-6*math.Abs(float64(w))+1e-7) && got[i] != w && !(got[i] != got[i] && w != w) {
			return fmt.Errorf("%s: element %d is %v, want %v", what, i, got[i], w)
		}
	}
	return nil
}

// checkLengths are numbers of elements below, at and above the widths of vectors.
var checkLengths = []int{1, 3, 8, 15, 16, 17, 31, 64, 100}

func checkUnary(r *asm.UnaryRow) error {
	const a, b = 0.2, 0.5
	name := r.Op.String()
	switch r.Op { // the reference spells them apart
	case asm.HardSigmoid:
		name = "hard_sigmoid"
	case asm.HardSwish:
		name = "hard_swish"
	}
	for _, n := range checkLengths {
		x, got, want := mem.Floats(n+1), mem.Floats(n+1), mem.Floats(n+1)
		for i := range n {
			x[i] = float32(i)*0.37 - 7
		}
		x[0] = float32(math.NaN())
		if n > 3 {
			x[1], x[2] = 0, float32(math.Inf(1))
		}
		got[n], want[n] = 42, 42 // must stay
		for i := range n {
			want[i] = float32(ref.Unary(name, float64(x[i]), a, b))
		}
		args := &asm.UnaryArgs{X: first(x), Y: first(got), N: n, A: a, B: b}
		r.Call(args)
		if err := closeAll(fmt.Sprintf("n %d", n), got, want); err != nil {
			return err
		}
	}
	return nil
}

func checkBinary(r *asm.BinaryRow) error {
	const rows, gap = 3, 2
	rng := rand.New(rand.NewPCG(5, 6))
	for _, n := range checkLengths {
		for one := range 2 { // B has a number for each element, or for each row
			ld, ldb, step := n+gap, n+1, 1
			if one == 1 {
				ldb, step = 1, 0
			}
			x, y := ints(rows*ld, rng), ints(rows*ldb, rng)
			got, want := mem.Floats(rows*ld), mem.Floats(rows*ld)
			for k := range got {
				got[k], want[k] = 42, 42
			}
			for i := range rows {
				for j := range n {
					a, b := x[i*ld+j], y[i*ldb+j*step]
					v := map[asm.Binary]float32{asm.Add: a + b, asm.Sub: a - b, asm.Mul: a * b, asm.Max: max(a, b), asm.Min: min(a, b), asm.Div: a / b}[r.Op]
					want[i*ld+j] = min(max(v, -6), 5)
				}
			}
			args := &asm.BinaryArgs{A: first(x), B: first(y), Y: first(got), Rows: rows, N: n, LdA: 4 * ld, LdB: 4 * ldb, LdY: 4 * ld, StepA: 4, StepB: 4 * step, Lo: -6, Hi: 5}
			r.Call(args)
			if err := sameAll(fmt.Sprintf("n %d", n), got, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkAffine(r *asm.AffineRow) error {
	const rows, gap = 3, 2
	rng := rand.New(rand.NewPCG(7, 8))
	for _, n := range checkLengths {
		ld := n + gap
		x, s, t := ints(rows*ld, rng), ints(max(n, rows), rng), ints(max(n, rows), rng)
		got, want := mem.Floats(rows*ld), mem.Floats(rows*ld)
		for i := range rows {
			for j := range n {
				c := j
				if r.Op == asm.BiasRow || r.Op == asm.ScaleRow || r.Op == asm.NormRow {
					c = i
				}
				v := x[i*ld+j]
				if r.Op != asm.Bias && r.Op != asm.BiasRow {
					v *= s[c]
				}
				if r.Op != asm.Scale && r.Op != asm.ScaleRow {
					v += t[c]
				}
				want[i*ld+j] = min(max(v, -9), 8)
			}
		}
		args := &asm.AffineArgs{X: first(x), Y: first(got), S: first(s), T: first(t), Rows: rows, N: n, LdX: 4 * ld, LdY: 4 * ld, Lo: -9, Hi: 8}
		r.Call(args)
		if err := sameAll(fmt.Sprintf("n %d", n), got, want); err != nil {
			return err
		}
	}
	return nil
}

func checkSoftmax(r *asm.SoftmaxRow) error {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, n := range checkLengths {
		x := ints(n, rng)
		y, want := mem.Floats(n), mem.Floats(n)
		a := &asm.SoftmaxArgs{X: first(x), Y: first(y), N: n, Max: 2, Sum: 0.5}
		top, sum := a.Max, 0.0
		for i, v := range x {
			top = max(top, v)
			sum += math.Exp(float64(v - 2))
			switch r.Op {
			case asm.RowExp:
				want[i] = float32(math.Exp(float64(v - 2)))
			case asm.RowScale:
				want[i] = v * a.Sum
			case asm.RowShift:
				want[i] = v - a.Max - a.Sum
			}
		}
		r.Call(a)
		state := []float32{2, 0.5}
		switch r.Op {
		case asm.RowMax:
			state[0] = top
		case asm.RowExp, asm.RowSumExp:
			state[1] = float32(0.5 + sum)
		}
		if err := closeAll(fmt.Sprintf("n %d", n), y, want); err != nil {
			return err
		}
		if err := closeAll(fmt.Sprintf("n %d: Max and Sum", n), []float32{a.Max, a.Sum}, state); err != nil {
			return err
		}
	}
	return nil
}

// checkDw runs a kernel on a small map: a row of pixels, whole windows.
func checkDw(r *asm.DwRow) error {
	rng := rand.New(rand.NewPCG(11, 12))
	const tiles, ny = 2, 3
	nx, stride := r.Cols, r.Stride
	if nx == 0 {
		nx, stride = 2, 1
	}
	for _, c := range []int{1, r.Lanes - 1, r.Lanes, r.Lanes + 3, 2 * r.Lanes} {
		if c < 1 {
			continue
		}
		pixels := tiles * r.Pixels
		width := (pixels-1)*stride + nx
		x, w, bias := ints(ny*width*c, rng), ints(c*ny*nx, rng), ints(c, rng)
		packed := mem.Floats(asm.DwPackLen(r.Lanes, c, ny*nx))
		asm.DwPack(packed, r.Lanes, c, ny*nx, w, bias)
		got, want := mem.Floats(pixels*c+1), mem.Floats(pixels*c+1)
		got[pixels*c], want[pixels*c] = 42, 42
		for p := range pixels {
			for ch := range c {
				s := bias[ch]
				for ky := range ny {
					for kx := range nx {
						s += x[(ky*width+p*stride+kx)*c+ch] * w[(ch*ny+ky)*nx+kx]
					}
				}
				want[p*c+ch] = min(max(s, -40), 30)
			}
		}
		a := &asm.DwArgs{
			X: first(x), W: first(packed), Y: first(got), WOff: 4 * r.Lanes, NY: ny, NX: nx,
			RowX: 4 * width * c, ColX: 4 * c, PixX: 4 * stride * c,
			RowW: 4 * r.Lanes * nx, ColW: 4 * r.Lanes, LdW: 4 * r.Lanes * (ny*nx + 1),
			C: c, Tiles: tiles, PixY: 4 * c, Lo: -40, Hi: 30,
		}
		r.Call(a)
		if err := sameAll(fmt.Sprintf("c %d", c), got, want); err != nil {
			return err
		}
	}
	return nil
}

// checkDwGroup runs a kernel on a row of pixels, whole windows, in blocks of groups of 2 channels to 2.
func checkDwGroup(r *asm.DwRow) error {
	rng := rand.New(rand.NewPCG(13, 14))
	const tiles, ny, k = 2, 3, 2
	nx, stride := r.Cols, r.Stride
	if nx == 0 {
		nx, stride = 2, 1
	}
	index := make([]int32, r.Lanes)
	for l := range index {
		index[l] = int32(l / k * k)
	}
	for _, out := range []int{k, r.Lanes} {
		c := 2 * out
		pixels := tiles * r.Pixels
		width := (pixels-1)*stride + nx
		x, w, bias := ints(ny*width*c, rng), ints(c*k*ny*nx, rng), ints(c, rng)
		packed := mem.Floats(asm.DwGroupPackLen(r.Lanes, c, out, ny*nx, k))
		asm.DwGroupPack(packed, r.Lanes, c, out, ny*nx, k, w, bias)
		got, want := mem.Floats(pixels*c+1), mem.Floats(pixels*c+1)
		got[pixels*c], want[pixels*c] = 42, 42
		for p := range pixels {
			for ch := range c {
				s := bias[ch]
				for ic := range k {
					for ky := range ny {
						for kx := range nx {
							s += x[(ky*width+p*stride+kx)*c+ch/k*k+ic] * w[((ch*k+ic)*ny+ky)*nx+kx]
						}
					}
				}
				want[p*c+ch] = min(max(s, -40), 30)
			}
		}
		a := &asm.DwArgs{
			X: first(x), W: first(packed), Y: first(got), Index: unsafe.Pointer(&index[0]), WOff: 4 * r.Lanes, NY: ny, NX: nx, K: k, In: out, Out: out,
			RowX: 4 * width * c, ColX: 4 * c, PixX: 4 * stride * c,
			RowW: 4 * r.Lanes * k * nx, ColW: 4 * r.Lanes * k, LdW: 4 * r.Lanes * (ny*nx*k + 1),
			C: c, Tiles: tiles, PixY: 4 * c, Lo: -40, Hi: 30,
		}
		r.Call(a)
		if err := sameAll(fmt.Sprintf("c %d", c), got, want); err != nil {
			return err
		}
	}
	return nil
}

// checkDwSlide runs a kernel on a small map, all of whose outer taps are missing.
func checkDwSlide(r *asm.DwSlideRow) error {
	rng := rand.New(rand.NewPCG(31, 32))
	const rows = 3
	pixels := r.Pixels
	if pixels == 0 {
		pixels = 4
	}
	width, height := (pixels-1)*r.Stride+1, (rows-1)*r.Stride+1
	for _, c := range []int{1, r.Lanes + 3, 2 * r.Lanes} {
		x, w, bias := ints(height*width*c, rng), ints(9*c, rng), ints(c, rng)
		packed := mem.Floats(asm.DwPackLen(r.Lanes, c, 9))
		asm.DwPack(packed, r.Lanes, c, 9, w, bias)
		got, want := mem.Floats(rows*pixels*c+1), mem.Floats(rows*pixels*c+1)
		got[rows*pixels*c], want[rows*pixels*c] = 42, 42
		for p := range rows * pixels {
			for ch := range c {
				s := bias[ch]
				for k := range 9 {
					iy, ix := p/pixels*r.Stride+k/3-1, p%pixels*r.Stride+k%3-1
					if iy >= 0 && iy < height && ix >= 0 && ix < width {
						s += x[(iy*width+ix)*c+ch] * w[9*ch+k]
					}
				}
				want[p*c+ch] = min(max(s, -40), 30)
			}
		}
		r.Call(&asm.DwSlideArgs{
			X: first(x), W: first(packed), Y: first(got), RowX: 4 * width * c, ColX: 4 * c, RowY: 4 * pixels * c, PixY: 4 * c,
			LdW: 40 * r.Lanes, C: c, Rows: rows, Pixels: pixels, Lo: -40, Hi: 30,
			Edges: asm.DwNoLeft | asm.DwNoRight | asm.DwNoTop | asm.DwNoBottom,
		})
		if err := sameAll(fmt.Sprintf("c %d", c), got, want); err != nil {
			return err
		}
	}
	return nil
}

// checkDwPlane runs a kernel on two padded maps.
func checkDwPlane(r *asm.DwPlaneRow) error {
	rng := rand.New(rand.NewPCG(33, 34))
	const planes = 2
	rows := r.Height + 1
	for _, cols := range []int{1, r.Lanes + 3, 2 * r.Lanes} {
		width, height := cols*r.Stride, rows*r.Stride
		side := r.Side()
		n := 1 + side*side // weights of a plane
		x, w := ints(planes*height*width, rng), ints(n*planes, rng)
		got, want := mem.Floats(planes*rows*cols+1), mem.Floats(planes*rows*cols+1)
		got[planes*rows*cols], want[planes*rows*cols] = 42, 42
		for i := range planes * rows * cols {
			plane, oy, ox := i/(rows*cols), i/cols%rows, i%cols
			s := w[n*plane]
			for k := range side * side {
				iy, ix := oy*r.Stride+k/side-1, ox*r.Stride+k%side-1
				if k/side < r.KH && k%side < r.KW && iy >= 0 && iy < height && ix >= 0 && ix < width {
					s += x[(plane*height+iy)*width+ix] * w[n*plane+1+k]
				}
			}
			want[i] = min(max(s, -40), 30)
		}
		r.Call(&asm.DwPlaneArgs{
			X: first(x), W: first(w), Y: first(got), Planes: planes, PlaneX: 4 * height * width, PlaneY: 4 * rows * cols,
			RowX: 4 * width, RowY: 4 * cols, InRows: height, InCols: width, Top: 1, Left: 1, Rows: rows, Cols: cols, Lo: -40, Hi: 30,
		})
		if err := sameAll(fmt.Sprintf("%d columns", cols), got, want); err != nil {
			return err
		}
	}
	return nil
}

func checkMaxPool(r *asm.PoolRow) error { return checkPool(r, true) }
func checkAvgPool(r *asm.PoolRow) error { return checkPool(r, false) }

func checkPool(r *asm.PoolRow, maximum bool) error {
	rng := rand.New(rand.NewPCG(13, 14))
	const tiles = 2
	ny, nx, stride := 2, 3, 2
	if r.Slides {
		stride = 1
	}
	if r.KH > 0 {
		ny, nx = r.KH, r.KW
	}
	for _, c := range []int{1, r.Lanes - 1, r.Lanes, r.Lanes + 3, 2 * r.Lanes} {
		if c < 1 {
			continue
		}
		pixels := tiles * r.Pixels
		width := (pixels-1)*stride + nx
		x := ints(ny*width*c, rng)
		got, want := mem.Floats(pixels*c+1), mem.Floats(pixels*c+1)
		got[pixels*c], want[pixels*c] = 42, 42
		for p := range pixels {
			for ch := range c {
				s := float32(0)
				if maximum {
					s = float32(math.Inf(-1))
				}
				for ky := range ny {
					for kx := range nx {
						v := x[(ky*width+p*stride+kx)*c+ch]
						if maximum {
							s = max(s, v)
						} else {
							s += v
						}
					}
				}
				if !maximum {
					s *= 0.25
				}
				want[p*c+ch] = s
			}
		}
		a := &asm.PoolArgs{
			X: first(x), Y: first(got), NY: ny, NX: nx, RowX: 4 * width * c, ColX: 4 * c, PixX: 4 * stride * c,
			C: c, Tiles: tiles, PixY: 4 * c, Scale: 0.25,
		}
		r.Call(a)
		if err := sameAll(fmt.Sprintf("c %d", c), got, want); err != nil {
			return err
		}
	}
	return nil
}

func checkPack[T asm.Float](r *asm.PackRow) error {
	size := int(unsafe.Sizeof(T(0)))
	rng := rand.New(rand.NewPCG(15, 16))
	for _, q := range []struct{ panels, n int }{{3, r.Width}, {1, r.Width}, {1, r.Width - 1}, {1, 1}} {
		const k, gap = 5, 3
		ld := q.panels*r.Width + gap
		src := numbers[T](k*ld, rng)
		panel := k*r.Width + 2
		got, want := make([]T, q.panels*panel), make([]T, q.panels*panel)
		for p := range q.panels {
			for i := range k {
				for j := range q.n {
					want[p*panel+i*r.Width+j] = src[i*ld+p*r.Width+j]
				}
			}
		}
		a := &asm.PackArgs{Dst: first(got), Src: first(src), LdSrc: size * ld, Panel: size * panel, Panels: q.panels, K: k, N: q.n}
		r.Call(a)
		if err := sameAll(fmt.Sprintf("panels %d n %d", q.panels, q.n), got, want); err != nil {
			return err
		}
	}
	return nil
}

func checkTranspose[T asm.Float](r *asm.TransposeRow) error {
	size := int(unsafe.Sizeof(T(0)))
	rng := rand.New(rand.NewPCG(17, 18))
	for _, rows := range []int{1, r.Block, r.Block + 3} {
		for _, cols := range []int{1, r.Block - 1, 2 * r.Block} {
			lds, ldd := cols+1, rows+2
			src := numbers[T](rows*lds, rng)
			got, want := make([]T, cols*ldd), make([]T, cols*ldd)
			for i := range rows {
				for j := range cols {
					want[j*ldd+i] = src[i*lds+j]
				}
			}
			a := &asm.TransposeArgs{Dst: first(got), Src: first(src), LdDst: size * ldd, LdSrc: size * lds, Rows: rows, Cols: cols}
			r.Call(a)
			if err := sameAll(fmt.Sprintf("%d x %d", rows, cols), got, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkGemv[T asm.Float](r *asm.GemvRow) error {
	size := int(unsafe.Sizeof(T(0)))
	rng := rand.New(rand.NewPCG(21, 22))
	for _, rows := range []int{1, r.Block, r.Block + 3} {
		for _, cols := range checkLengths {
			ld := cols + 2
			w, x := numbers[T](rows*ld, rng), numbers[T](cols, rng)
			got, want := make([]T, rows+1), make([]T, rows+1)
			got[rows], want[rows] = 42, 42
			for i := range rows {
				for j := range cols {
					want[i] += w[i*ld+j] * x[j]
				}
			}
			a := &asm.GemvArgs{W: first(w), X: first(x), Y: first(got), LdW: size * ld, Rows: rows, Cols: cols}
			r.Call(a)
			if err := sameAll(fmt.Sprintf("%d x %d", rows, cols), got, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkGemvt[T asm.Float](r *asm.GemvtRow) error {
	size := int(unsafe.Sizeof(T(0)))
	rng := rand.New(rand.NewPCG(23, 24))
	for _, rows := range []int{1, r.Block, r.Block + 3} {
		for _, cols := range checkLengths {
			ld := cols + 2
			w, x, got := numbers[T](rows*ld, rng), numbers[T](rows, rng), numbers[T](cols+1, rng)
			want := append([]T(nil), got...)
			for i := range rows {
				for j := range cols {
					want[j] += w[i*ld+j] * x[i]
				}
			}
			a := &asm.GemvArgs{W: first(w), X: first(x), Y: first(got), LdW: size * ld, Rows: rows, Cols: cols}
			r.Call(a)
			if err := sameAll(fmt.Sprintf("%d x %d", rows, cols), got, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkGemvp(r *asm.GemvpRow) error {
	const panels = 4
	rng := rand.New(rand.NewPCG(25, 26))
	for _, k := range []int{1, 2, 7, 16} {
		panel := k*r.NR + 16
		w, x, got := ints(panels*panel, rng), ints(k, rng), ints(panels*r.NR+1, rng)
		want := append([]float32(nil), got...)
		for p := range panels {
			for j := range r.NR {
				for i := range k {
					want[p*r.NR+j] += x[i] * w[p*panel+i*r.NR+j]
				}
			}
		}
		a := &asm.GemvpArgs{W: first(w), X: first(x), Y: first(got), Panel: 4 * panel, K: k}
		r.Call(a)
		if err := sameAll(fmt.Sprintf("k %d", k), got, want); err != nil {
			return err
		}
	}
	return nil
}

func checkDot[T asm.Float](r *asm.DotRow) error {
	size := int(unsafe.Sizeof(T(0)))
	rng := rand.New(rand.NewPCG(29, 30))
	for _, rows := range []int{1, r.Block, r.Block + 1} {
		for _, cols := range checkLengths {
			ldw, ldx, ldy := cols+2, cols+3, rows+1
			w, x, got := numbers[T](rows*ldw, rng), numbers[T](r.MR*ldx, rng), numbers[T](r.MR*ldy, rng)
			want := append([]T(nil), got...)
			for i := range r.MR {
				for j := range rows {
					for c := range cols {
						want[i*ldy+j] += w[j*ldw+c] * x[i*ldx+c]
					}
				}
			}
			a := &asm.DotArgs{W: first(w), X: first(x), Y: first(got), LdW: size * ldw, LdX: size * ldx, LdY: size * ldy, Rows: rows, Cols: cols}
			r.Call(a)
			if err := sameAll(fmt.Sprintf("%d x %d", rows, cols), got, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkAxpy[T asm.Float](r *asm.AxpyRow) error {
	size := int(unsafe.Sizeof(T(0)))
	rng := rand.New(rand.NewPCG(31, 32))
	for _, rows := range []int{1, r.Block, r.Block + 1} {
		for _, cols := range checkLengths {
			ldw, ldx, ldy := cols+2, rows+3, cols+1
			w, x, got := numbers[T](rows*ldw, rng), numbers[T](r.MR*ldx, rng), numbers[T](r.MR*ldy, rng)
			want := append([]T(nil), got...)
			for i := range r.MR {
				for j := range rows {
					for c := range cols {
						want[i*ldy+c] += w[j*ldw+c] * x[i*ldx+j]
					}
				}
			}
			a := &asm.DotArgs{W: first(w), X: first(x), Y: first(got), LdW: size * ldw, LdX: size * ldx, LdY: size * ldy, Rows: rows, Cols: cols}
			r.Call(a)
			if err := sameAll(fmt.Sprintf("%d x %d", rows, cols), got, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkMoments(r *asm.MomentsRow) error {
	const rows, least = 3, 2
	rng := rand.New(rand.NewPCG(23, 24))
	for _, n := range checkLengths {
		x := ints(rows*(n+1), rng)
		from, sum, square := []float64{least, least, least}, make([]float64, rows), []float64{1, 1, 1}
		got, want := make([]float32, 2*rows), make([]float32, 2*rows)
		for i := range rows {
			want[rows+i] = 1
			for _, v := range x[i*(n+1):][:n] {
				want[i] += v - least
				want[rows+i] += (v - least) * (v - least)
			}
		}
		r.Call(&asm.MomentsArgs{
			X: first(x), First: unsafe.Pointer(&from[0]), Sum: unsafe.Pointer(&sum[0]), Square: unsafe.Pointer(&square[0]), Rows: rows, N: n, LdX: 4 * (n + 1),
		})
		for i := range rows {
			got[i], got[rows+i] = float32(sum[i]), float32(square[i])
		}
		if err := sameAll(fmt.Sprintf("n %d", n), got, want); err != nil {
			return err
		}
	}
	return nil
}

func checkPick(r *asm.PickRow) error {
	const rows, ld, value = 3, 600, 7
	rng := rand.New(rand.NewPCG(21, 22))
	for _, n := range checkLengths {
		for _, far := range []int{1, 2, 4} { // elements between neighbours, on average
			x := ints(rows*ld, rng)
			index, starts := make([]int32, n+1), []int{0, ld, 2*ld - 1}
			got, want := mem.Floats(rows*(n+1)), mem.Floats(rows*(n+1))
			for j := range n {
				if index[j] = int32(min(far*j+rng.IntN(3), ld-1)); j%17 == 5 {
					index[j] = -1
				}
				for i, s := range starts {
					if want[i*(n+1)+j] = math.Float32frombits(value); index[j] >= 0 {
						want[i*(n+1)+j] = x[s+int(index[j])]
					}
				}
			}
			if n == 0 {
				continue
			}
			r.Call(&asm.PickArgs{
				X: first(x), Y: first(got), Index: unsafe.Pointer(&index[0]), Starts: unsafe.Pointer(&starts[0]), Rows: rows, N: n, LdY: 4 * (n + 1), Value: value,
			})
			if err := sameAll(fmt.Sprintf("n %d", n), got, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkUnzip(r *asm.UnzipRow) error {
	rng := rand.New(rand.NewPCG(27, 28))
	for _, n := range checkLengths {
		x := ints(2*n, rng)
		even, odd := mem.Floats(n+1), mem.Floats(n+1)
		wantEven, wantOdd := mem.Floats(n+1), mem.Floats(n+1)
		for i := range n {
			wantEven[i], wantOdd[i] = x[2*i], x[2*i+1]
		}
		a := &asm.UnzipArgs{X: first(x), Even: first(even), Odd: first(odd), N: n}
		r.Call(a)
		for _, q := range []struct {
			what      string
			got, want []float32
		}{{"even", even, wantEven}, {"odd", odd, wantOdd}} {
			if err := sameAll(fmt.Sprintf("n %d: %s", n, q.what), q.got, q.want); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkBlend(r *asm.BlendRow) error {
	rng := rand.New(rand.NewPCG(29, 30))
	for _, n := range checkLengths {
		if n == 0 {
			continue
		}
		x := ints(n+2, rng)
		got, want := mem.Floats(2*n), mem.Floats(2*n)
		taps := []asm.BlendTap{{A: 0, B: 4, P: 2, Q: -3}, {A: 8, B: 0, P: 1, Q: 5}}
		for i := range n {
			want[i], want[n+i] = 2*x[i]-3*x[i+1], x[i+2]+5*x[i]
		}
		r.Call(&asm.BlendArgs{A: first(x), B: first(x), Y: first(got), Taps: unsafe.Pointer(&taps[0]), Rows: 2, N: n, LdY: 4 * n})
		if err := sameAll(fmt.Sprintf("n %d", n), got, want); err != nil {
			return err
		}
	}
	return nil
}

// winoBT and winoAT are the matrices of asm.Wino.
var (
	winoBT = [asm.NumWino][][]float32{
		{{-1, 0, 1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}},
		{
			{1, -1.5, -2, 1.5, 1, 0}, {0, -1, 0.5, 2.5, 1, 0}, {0, 1, -2.5, 0.5, 1, 0},
			{0, -2, -1, 2, 1, 0}, {0, 0.5, -1, -0.5, 1, 0}, {0, 1, -1.5, -2, 1.5, 1},
		},
	}
	winoAT = [asm.NumWino][][]float32{
		{{1, 1, 1, 0}, {0, 1, -1, 1}},
		{{1, 1, 1, 1, 1, 0}, {0, 1, -1, 0.5, -2, 0}, {0, 1, 1, 0.25, 4, 0}, {0, 1, -1, 0.125, -8, 1}},
	}
)

// sandwich is one element of m·x·mT.
func sandwich(m [][]float32, x func(k, l int) float32, i, j int) (s float32) {
	for k, u := range m[i] {
		for l, v := range m[j] {
			s += u * v * x(k, l)
		}
	}
	return s
}

// checkWinoIn transforms a row of two patches whose first row and column lie in the padding.
func checkWinoIn(r *asm.WinoInRow) error {
	const tiles = 2
	rng := rand.New(rand.NewPCG(15, 16))
	p, m := r.Op.In(), r.Op.Out()
	for _, c := range []int{1, r.Lanes, r.Lanes + 3} {
		cols, ld := tiles*m+2, (c+r.Lanes-1)/r.Lanes*r.Lanes
		x, zeros, y := ints(p*cols*c, rng), make([]float32, p*c), make([]float32, p*p*tiles*ld)
		r.Call(&asm.WinoInArgs{
			X: first(x), RowX: 4 * cols * c, ColX: 4 * c, TileX: 4 * m * c, Y0: 1, Y1: p, X0: 1, X1: p, Zeros: first(zeros),
			C: c, Tiles: tiles, Y: first(y), LdE: 4 * tiles * ld, TileY: 4 * ld,
		})
		for i := range y {
			e, t, ch := i/(tiles*ld), i/ld%tiles, i%ld
			want := sandwich(winoBT[r.Op], func(k, l int) float32 {
				if k == 0 || l == 0 || ch >= c {
					return 0
				}
				return x[(k*cols+t*m+l)*c+ch]
			}, e/p, e%p)
			if err := equal(fmt.Sprintf("c %d: tile %d element %d channel %d", c, t, e, ch), y[i], want); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkWinoOut transforms the products of a row of two tiles.
func checkWinoOut(r *asm.WinoOutRow) error {
	const tiles = 2
	rng := rand.New(rand.NewPCG(17, 18))
	p, m := r.Op.In(), r.Op.Out()
	for _, c := range []int{1, r.Lanes, r.Lanes + 3} {
		ld := (c + r.Lanes - 1) / r.Lanes * r.Lanes
		x, bias, y, res := ints(p*p*tiles*ld, rng), ints(ld, rng), make([]float32, m*m*tiles*c), ints(m*m*tiles*c, rng)
		r.Call(&asm.WinoOutArgs{
			X: first(x), LdE: 4 * tiles * ld, TileX: 4 * ld, C: c, Tiles: tiles, OH: m, OW: m,
			Y: first(y), RowY: 4 * tiles * m * c, ColY: 4 * c, TileY: 4 * m * c, Bias: first(bias), Res: first(res),
			RowRes: 4 * tiles * m * c, ColRes: 4 * c, TileRes: 4 * m * c, Flags: asm.WinoResidual, Lo: -90, Hi: 80,
		})
		for i := range y {
			row, t, col, ch := i/(tiles*m*c), i/(m*c)%tiles, i/c%m, i%c
			want := sandwich(winoAT[r.Op], func(k, l int) float32 { return x[((k*p+l)*tiles+t)*ld+ch] }, row, col)
			want = min(max(want+bias[ch]+res[i], -90), 80)
			if err := equal(fmt.Sprintf("c %d: tile %d output %d %d channel %d", c, t, row, col, ch), y[i], want); err != nil {
				return err
			}
		}
	}
	return nil
}
