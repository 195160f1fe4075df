// Package ref holds naive float64 references of every operation: nested loops straight from the
// definition, nothing clever. Tests compare kernels with them; nothing else uses the package.
//
// Where a result is a sum, the reference also returns cond, the sum of the absolute values of its
// terms, and depth, the number of terms: a float32 kernel is right when |y-ref| stays below a small
// multiple of sqrt(depth)*2^-24*cond (check.Bound).
//
// What goes from layer to layer may be float64, so that a whole network has a reference without roundings between its layers;
// weights are float32.
//
// Bad arguments panic: this is code for tests.
package ref

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/simdnn/simdnn/tensor"
)

// Float is what a tensor may hold.
type Float interface{ float32 | float64 }

// Index is the place of an element in a tensor of shape s stored in layout l.
func Index(l tensor.Layout, s tensor.Shape, n, c, h, w int) int {
	if l == tensor.NHWC {
		return ((n*s.H+h)*s.W+w)*s.C + c
	}
	return ((n*s.C+c)*s.H+h)*s.W + w
}

// Convert returns x, a tensor of shape s in layout from, in layout to.
func Convert[T any](from, to tensor.Layout, s tensor.Shape, x []T) []T {
	y := make([]T, len(x))
	for n := range s.N {
		for c := range s.C {
			for h := range s.H {
				for w := range s.W {
					y[Index(to, s, n, c, h, w)] = x[Index(from, s, n, c, h, w)]
				}
			}
		}
	}
	return y
}

// Out is the shape that win makes of in, with outC channels.
func Out(in tensor.Shape, outC int, win tensor.Window) tensor.Shape {
	h, w, err := win.Out(in.H, in.W)
	if err != nil {
		panic(err.Error())
	}
	return tensor.Shape{N: in.N, C: outC, H: h, W: w}
}

// Conv2D is the cross-correlation of x with w, plus bias (nil for none), as machine learning calls a
// convolution. x and y are stored in layout, w as [outC][in.C/groups][KernelH][KernelW].
func Conv2D[T Float](layout tensor.Layout, in tensor.Shape, outC int, win tensor.Window, groups int, x []T, w, bias []float32) (y, cond []float64, depth int) {
	win = win.Normal()
	if groups < 1 || in.C%groups != 0 || outC%groups != 0 {
		panic(fmt.Sprintf("ref: %d groups do not divide %d and %d channels", groups, in.C, outC))
	}
	inG, outG := in.C/groups, outC/groups
	out := Out(in, outC, win)
	y, cond = make([]float64, out.Elems()), make([]float64, out.Elems())
	for n := range out.N {
		for oc := range out.C {
			for oh := range out.H {
				for ow := range out.W {
					var sum, abs float64
					for ic := range inG {
						for kh := range win.KernelH {
							for kw := range win.KernelW {
								ih := oh*win.StrideH - win.PadTop + kh*win.DilationH
								iw := ow*win.StrideW - win.PadLeft + kw*win.DilationW
								if ih < 0 || ih >= in.H || iw < 0 || iw >= in.W {
									continue
								}
								a := float64(x[Index(layout, in, n, oc/outG*inG+ic, ih, iw)])
								b := float64(w[((oc*inG+ic)*win.KernelH+kh)*win.KernelW+kw])
								sum += a * b
								abs += math.Abs(a * b)
							}
						}
					}
					if bias != nil {
						sum += float64(bias[oc])
						abs += math.Abs(float64(bias[oc]))
					}
					i := Index(layout, out, n, oc, oh, ow)
					y[i], cond[i] = sum, abs
				}
			}
		}
	}
	depth = inG * win.KernelH * win.KernelW
	if bias != nil {
		depth++
	}
	return y, cond, depth
}

// Gemm is alpha*op(A)*op(B) + beta*C for row-major matrices: op(A) is m by k, op(B) k by n, and op
// transposes what is stored when tA or tB is set. With beta = 0 C is not read.
//
// y has the strides and the length of c. Elements of c that are no elements of C, between its rows,
// are in y as they are in c, with a cond of 0: comparing all of it finds stray writes. Its depth
// is k+1.
func Gemm[T Float](tA, tB bool, m, n, k int, alpha float64, a []T, lda int, b []T, ldb int, beta float64, c []T, ldc int) (y, cond []float64) {
	y, cond = make([]float64, len(c)), make([]float64, len(c))
	for i, v := range c {
		y[i] = float64(v)
	}
	wide := unsafe.Sizeof(T(0)) == 8
	for i := range m {
		for j := range n {
			var sum, abs float64
			var exact Sum // of float64
			for l := range k {
				ai, bi := i*lda+l, l*ldb+j
				if tA {
					ai = l*lda + i
				}
				if tB {
					bi = j*ldb + l
				}
				x, y := float64(a[ai]), float64(b[bi])
				p := x * y
				sum += p
				if wide {
					exact.AddProduct(x, y)
				}
				abs += math.Abs(p)
			}
			sum, abs = alpha*sum, math.Abs(alpha)*abs
			exact.Scale(alpha)
			if beta != 0 {
				p := beta * float64(c[i*ldc+j])
				sum += p
				abs += math.Abs(p)
				exact.AddProduct(beta, float64(c[i*ldc+j]))
			}
			if wide {
				sum = exact.Value()
			}
			y[i*ldc+j], cond[i*ldc+j] = sum, abs
		}
	}
	return y, cond
}

// MaxPool2D takes the maximum over each window, padding left out; NaN wins. A window that sees nothing
// but padding gives -Inf.
func MaxPool2D[T Float](layout tensor.Layout, in tensor.Shape, win tensor.Window, x []T) []T {
	win = win.Normal()
	out := Out(in, in.C, win)
	y := make([]T, out.Elems())
	for n := range out.N {
		for c := range out.C {
			for oh := range out.H {
				for ow := range out.W {
					best := T(math.Inf(-1))
					for kh := range win.KernelH {
						for kw := range win.KernelW {
							ih := oh*win.StrideH - win.PadTop + kh*win.DilationH
							iw := ow*win.StrideW - win.PadLeft + kw*win.DilationW
							if ih < 0 || ih >= in.H || iw < 0 || iw >= in.W {
								continue
							}
							if v := x[Index(layout, in, n, c, ih, iw)]; v > best || v != v {
								best = v
							}
						}
					}
					y[Index(layout, out, n, c, oh, ow)] = best
				}
			}
		}
	}
	return y
}

// AvgPool2D takes the mean over each window. The divisor is the number of window positions inside the
// input, or with countIncludePad those inside the input and its padding: positions that only CeilMode
// brings in beyond the padding never count (PyTorch's rule). A window that sees nothing but padding
// gives 0. depth is the size of the window.
func AvgPool2D[T Float](layout tensor.Layout, in tensor.Shape, win tensor.Window, countIncludePad bool, x []T) (y, cond []float64, depth int) {
	win = win.Normal()
	out := Out(in, in.C, win)
	y, cond = make([]float64, out.Elems()), make([]float64, out.Elems())
	for n := range out.N {
		for c := range out.C {
			for oh := range out.H {
				for ow := range out.W {
					var sum, abs float64
					inside, padded := 0, 0
					for kh := range win.KernelH {
						for kw := range win.KernelW {
							ih := oh*win.StrideH - win.PadTop + kh*win.DilationH
							iw := ow*win.StrideW - win.PadLeft + kw*win.DilationW
							if ih < in.H+win.PadBottom && iw < in.W+win.PadRight {
								padded++
							}
							if ih < 0 || ih >= in.H || iw < 0 || iw >= in.W {
								continue
							}
							inside++
							v := float64(x[Index(layout, in, n, c, ih, iw)])
							sum += v
							abs += math.Abs(v)
						}
					}
					div := float64(inside)
					if countIncludePad {
						div = float64(padded)
					}
					i := Index(layout, out, n, c, oh, ow)
					if inside > 0 {
						y[i], cond[i] = sum/div, abs/div
					}
				}
			}
		}
	}
	return y, cond, win.KernelH * win.KernelW
}

// GlobalAvgPool2D takes the mean of each channel; y has one element per image and channel. depth is
// H*W.
func GlobalAvgPool2D[T Float](layout tensor.Layout, in tensor.Shape, x []T) (y, cond []float64, depth int) {
	return AvgPool2D(layout, in, tensor.Window{KernelH: in.H, KernelW: in.W}, false, x)
}

// BatchNorm is (x-mean)/sqrt(variance+eps)*gamma + beta with one value of each per channel: inference
// with running statistics. gamma nil means 1, beta nil 0. Its depth is 3.
func BatchNorm[T Float](layout tensor.Layout, s tensor.Shape, gamma, beta, mean, variance []float32, eps float64, x []T) (y, cond []float64) {
	y, cond = make([]float64, s.Elems()), make([]float64, s.Elems())
	for n := range s.N {
		for c := range s.C {
			g, b := 1.0, 0.0
			if gamma != nil {
				g = float64(gamma[c])
			}
			if beta != nil {
				b = float64(beta[c])
			}
			mu := float64(mean[c])
			scale := g / math.Sqrt(float64(variance[c])+eps)
			for h := range s.H {
				for w := range s.W {
					i := Index(layout, s, n, c, h, w)
					v := float64(x[i])
					y[i] = (v-mu)*scale + b
					cond[i] = math.Abs(v*scale) + math.Abs(mu*scale) + math.Abs(b)
				}
			}
		}
	}
	return y, cond
}

// Softmax is exp(x)/sum(exp(x)) over each of rows rows of n elements, the row's maximum subtracted
// first: a row with NaN or +Inf, or of -Inf alone, is all NaN.
func Softmax[T Float](rows, n int, x []T) []float64 {
	y := make([]float64, rows*n)
	for r := range rows {
		row := x[r*n : (r+1)*n]
		top := math.Inf(-1)
		for _, v := range row {
			top = math.Max(top, float64(v))
		}
		var sum float64
		for i, v := range row {
			y[r*n+i] = math.Exp(float64(v) - top)
			sum += y[r*n+i]
		}
		for i := range row {
			y[r*n+i] /= sum
		}
	}
	return y
}

// LRN divides by the activity of neighbouring channels, from (size-1)/2 before to size/2 after:
// x/(k + alpha/size * sum of squares)^beta.
func LRN[T Float](layout tensor.Layout, s tensor.Shape, size int, alpha, beta, k float64, x []T) []float64 {
	y := make([]float64, s.Elems())
	for n := range s.N {
		for c := range s.C {
			for h := range s.H {
				for w := range s.W {
					var sum float64
					for o := c - (size-1)/2; o <= c+size/2; o++ {
						if o >= 0 && o < s.C {
							v := float64(x[Index(layout, s, n, o, h, w)])
							sum += v * v
						}
					}
					i := Index(layout, s, n, c, h, w)
					y[i] = float64(x[i]) / math.Pow(k+alpha/float64(size)*sum, beta)
				}
			}
		}
	}
	return y
}
