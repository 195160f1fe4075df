package asm

import (
	"fmt"
	"unsafe"
)

// Wino names one of Winograd's minimal algorithms for a 3x3 kernel at stride 1: F(m x m, 3x3) makes a
// tile of m x m outputs from a patch of (m+2) x (m+2) inputs with (m+2)^2 multiplications in place of 9*m^2.
//
//	y = AT · (G·w·GT * BT·x·B) · A          * is element by element; T marks a transpose
//
// (S. Winograd: Arithmetic Complexity of Computations, 1980; A. Lavin, S. Gray: Fast Algorithms for
// Convolutional Neural Networks, 2015.) The matrices come from the points at which polynomials are
// evaluated. F(2x2, 3x3) has the points 0, 1, -1 and infinity:
//
//	BT   -1  0  1  0     AT   1  1  1  0     G   -1    0    0
//	      0  1  1  0          0  1 -1  1         1/2  1/2  1/2
//	      0 -1  1  0                             1/2 -1/2  1/2
//	      0 -1  0  1                              0    0    1
//
// F(4x4, 3x3) has 0, 1, -1, 1/2, -2 and infinity, whose rounding errors are smaller than those of the
// usual 0, 1, -1, 2, -2 (B. Barabasz, A. Anderson, K. Soodhalter, D. Gregg: Error Analysis and Improving
// the Accuracy of Winograd Convolution for Deep Neural Networks, 2020):
//
//	BT    1 -3/2  -2  3/2  1  0     AT   1  1  1   1   1  0     G    1      0     0
//	      0  -1  1/2  5/2  1  0          0  1 -1  1/2 -2  0         1/3    1/3   1/3
//	      0   1 -5/2  1/2  1  0          0  1  1  1/4  4  0        -1/3    1/3  -1/3
//	      0  -2   -1   2   1  0          0  1 -1  1/8 -8  1       -16/15  -8/15 -4/15
//	      0  1/2  -1 -1/2  1  0                                    1/15  -2/15  4/15
//	      0   1 -3/2  -2  3/2 1                                     0      0     1
type Wino uint8

const (
	Wino2 Wino = iota // F(2x2, 3x3)
	Wino4             // F(4x4, 3x3)
	NumWino
)

func (w Wino) String() string {
	if w < NumWino {
		return fmt.Sprintf("F(%dx%d,3x3)", w.Out(), w.Out())
	}
	return fmt.Sprintf("Wino(%d)", uint8(w))
}

// Out is the number of outputs along a side of a tile.
func (w Wino) Out() int { return 2 + 2*int(w) }

// In is the number of inputs along a side of a patch.
func (w Wino) In() int { return w.Out() + 2 }

// WinoInArgs are the arguments of a kernel that transforms a row of patches of an NHWC tensor, each TileX
// bytes after the one before it. In Go, for a Wino with In = P and the matrix BT, and with p[i] the
// float32 i bytes after p:
//
//	for t := range Tiles {
//		for c := range C {
//			var x [P][P]float32
//			for i := Y0; i < min(Y1, P); i++ {
//				for j := X0; j < min(X1, P); j++ {
//					x[i][j] = X[XOff+t*TileX+i*RowX+j*ColX+4*c]
//				}
//			}
//			u := BT·x·B                                     // first along the columns of x
//			for e := range P*P { Y[e*LdE+t*TileY+4*c] = u[e/P][e%P] }
//		}
//	}
//
// What lies outside rows Y0 to Y1 and columns X0 to X1 is not read, and counts as zero. Y is written in
// whole vectors: up to C rounded up to a multiple of the row's Lanes, with zeros from C on. Tiles*P*P*C
// must not exceed MaxWork.
type WinoInArgs struct {
	X          unsafe.Pointer // somewhere in the tensor: the collector sees it
	XOff       int            // bytes from X to the corner of the first patch, which may lie outside
	RowX, ColX int            // bytes between rows and columns
	TileX      int            // bytes between patches
	Y0, Y1     int            // rows of the patches that exist
	X0, X1     int            // and columns: 0 <= X0 <= X1
	Zeros      unsafe.Pointer // (P-1)*ColX+4*C bytes of zeros: what rows that do not exist are read from
	C, Tiles   int            // at least 1
	Y          unsafe.Pointer
	LdE, TileY int // bytes between the elements of a patch, and between patches

	// Scratch of the kernels, not pointers to the collector: they run past the ends.
	//lint:ignore U1000 assembly uses it
	tileX, tileY uintptr
	//lint:ignore U1000 assembly uses it
	tilesLeft, left, cols, back int
}

// WinoInRow is a kernel that transforms patches, Lanes channels at a time.
type WinoInRow struct {
	Row
	Op    Wino
	Lanes int
	fn    func(*WinoInArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *WinoInRow) Call(a *WinoInArgs) { r.fn(a) }

func (r *WinoInRow) op() int { return int(r.Op) }

// WinoOutArgs are the arguments of a kernel that transforms the products of a row of tiles into outputs of
// an NHWC tensor. In Go, for a Wino with Out = M and In = P, and the matrix AT:
//
//	for t := range Tiles {
//		for c := range C {
//			var x [P][P]float32
//			for e := range P*P { x[e/P][e%P] = X[e*LdE+t*TileX+4*c] }
//			y := AT·x·A                                     // first along the columns of x
//			for i := range min(OH, M) {
//				for j := range min(OW, M) {
//					v := y[i][j] + Bias[4*c]
//					if Flags&WinoResidual != 0 { v += Res[t*TileRes+i*RowRes+j*ColRes+4*c] }
//					Y[t*TileY+i*RowY+j*ColY+4*c] = min(max(v, Lo), Hi)
//				}
//			}
//		}
//	}
//
// NaN passes through the clamp. Rows of X, and Bias, have C rounded up to a multiple of the row's Lanes
// readable floats; of Y and Res only what the loop names is touched, and Res may be Y. Tiles*P*P*C must not exceed MaxWork.
type WinoOutArgs struct {
	X                       unsafe.Pointer
	LdE, TileX              int // bytes between the elements of a tile, and between tiles
	C, Tiles                int // at least 1
	OH, OW                  int // rows and columns of the tiles that exist, at least 1
	Bias                    unsafe.Pointer
	Y                       unsafe.Pointer
	RowY, ColY, TileY       int // bytes between rows, columns and tiles
	Res                     unsafe.Pointer
	RowRes, ColRes, TileRes int
	Flags                   int
	Lo, Hi                  float32

	// Scratch of the kernels, not pointers to the collector: they run past the ends.
	//lint:ignore U1000 assembly uses it
	tileX, tileY, tileRes uintptr
	//lint:ignore U1000 assembly uses it
	tilesLeft, left int
}

// Flags of WinoOutArgs.
const (
	WinoResidual = 1 << iota // add Res
)

// WinoOutRow is a kernel that transforms products into outputs, Lanes channels at a time.
type WinoOutRow struct {
	Row
	Op    Wino
	Lanes int
	fn    func(*WinoOutArgs)
}

// Call runs the kernel.
//
//go:noinline
func (r *WinoOutRow) Call(a *WinoOutArgs) { r.fn(a) }

func (r *WinoOutRow) op() int { return int(r.Op) }

// The portable kernels: one channel of one tile at a time, a line of six (of four) at a time.

func winoinF32_2x3_generic(a *WinoInArgs) {
	var x [16]float32
	for t := range a.Tiles {
		for c := range a.C {
			a.patch(x[:], 4, t, c)
			for j := range 4 {
				x[j], x[4+j], x[8+j], x[12+j] = winoIn2(x[j], x[4+j], x[8+j], x[12+j])
			}
			for i := 0; i < 16; i += 4 {
				x[i], x[i+1], x[i+2], x[i+3] = winoIn2(x[i], x[i+1], x[i+2], x[i+3])
			}
			for e, v := range x {
				*at(a.Y, e*a.LdE+t*a.TileY+4*c) = v
			}
		}
	}
}

func winoinF32_4x3_generic(a *WinoInArgs) {
	var x [36]float32
	for t := range a.Tiles {
		for c := range a.C {
			a.patch(x[:], 6, t, c)
			for j := range 6 {
				x[j], x[6+j], x[12+j], x[18+j], x[24+j], x[30+j] = winoIn4(x[j], x[6+j], x[12+j], x[18+j], x[24+j], x[30+j])
			}
			for i := 0; i < 36; i += 6 {
				x[i], x[i+1], x[i+2], x[i+3], x[i+4], x[i+5] = winoIn4(x[i], x[i+1], x[i+2], x[i+3], x[i+4], x[i+5])
			}
			for e, v := range x {
				*at(a.Y, e*a.LdE+t*a.TileY+4*c) = v
			}
		}
	}
}

// patch reads one channel of patch t.
func (a *WinoInArgs) patch(x []float32, p, t, c int) {
	clear(x)
	for i := a.Y0; i < min(a.Y1, p); i++ {
		for j := a.X0; j < min(a.X1, p); j++ {
			x[i*p+j] = *at(a.X, a.XOff+t*a.TileX+i*a.RowX+j*a.ColX+4*c)
		}
	}
}

// winoIn2 multiplies by BT of F(2x2, 3x3).
func winoIn2(x0, x1, x2, x3 float32) (y0, y1, y2, y3 float32) {
	return x2 - x0, x1 + x2, x2 - x1, x3 - x1
}

// winoIn4 multiplies by BT of F(4x4, 3x3).
func winoIn4(x0, x1, x2, x3, x4, x5 float32) (y0, y1, y2, y3, y4, y5 float32) {
	s, r := x3-x1, x4-x2
	e, f := r+1.5*x3, s+1.5*x2
	return (x0 + x4) - 2*x2 + 1.5*s, e + f, e - f, r + 2*s, r - 0.5*s, (x1 + x5) - 2*x3 + 1.5*r
}

func winooutF32_2x3_generic(a *WinoOutArgs) {
	var x [16]float32
	for t := range a.Tiles {
		for c := range a.C {
			for e := range x {
				x[e] = *at(a.X, e*a.LdE+t*a.TileX+4*c)
			}
			for j := range 4 {
				x[j], x[4+j] = winoOut2(x[j], x[4+j], x[8+j], x[12+j])
			}
			for i := range min(a.OH, 2) {
				l := x[4*i:]
				y0, y1 := winoOut2(l[0], l[1], l[2], l[3])
				a.line([]float32{y0, y1}, t, i, c)
			}
		}
	}
}

func winooutF32_4x3_generic(a *WinoOutArgs) {
	var x [36]float32
	for t := range a.Tiles {
		for c := range a.C {
			for e := range x {
				x[e] = *at(a.X, e*a.LdE+t*a.TileX+4*c)
			}
			for j := range 6 {
				x[j], x[6+j], x[12+j], x[18+j] = winoOut4(x[j], x[6+j], x[12+j], x[18+j], x[24+j], x[30+j])
			}
			for i := range min(a.OH, 4) {
				l := x[6*i:]
				y0, y1, y2, y3 := winoOut4(l[0], l[1], l[2], l[3], l[4], l[5])
				a.line([]float32{y0, y1, y2, y3}, t, i, c)
			}
		}
	}
}

// line finishes one channel of row i of tile t.
func (a *WinoOutArgs) line(y []float32, t, i, c int) {
	for j, v := range y[:min(a.OW, len(y))] {
		v += *at(a.Bias, 4*c)
		if a.Flags&WinoResidual != 0 {
			v += *at(a.Res, t*a.TileRes+i*a.RowRes+j*a.ColRes+4*c)
		}
		*at(a.Y, t*a.TileY+i*a.RowY+j*a.ColY+4*c) = clamp1(v, a.Lo, a.Hi)
	}
}

// winoOut2 multiplies by AT of F(2x2, 3x3).
func winoOut2(x0, x1, x2, x3 float32) (y0, y1 float32) { return x0 + x1 + x2, x1 - x2 + x3 }

// winoOut4 multiplies by AT of F(4x4, 3x3).
func winoOut4(x0, x1, x2, x3, x4, x5 float32) (y0, y1, y2, y3 float32) {
	a, b := x1+x2, x1-x2
	return x0 + a + (x3 + x4), b + 0.5*x3 - 2*x4, a + 0.25*x3 + 4*x4, b + x5 + 0.125*x3 - 8*x4
}
