package asm

import "unsafe"

// The kernels for groups compute convolutions whose channels fall into groups that are too narrow to fill a vector: a group is K
// channels of X and some of Y, each of which sums over all of the K. The arguments are DwArgs, where a block of Lanes has whole groups: In channels of
// X and Out of Y, or some channels of Y of one group. In Go, for a row with Pixels P and Lanes L, and p[i] standing for "the float32 i
// bytes after p":
//
//	for p := range Tiles*P {
//		for b := range C/Out {                                 // C is a multiple of Out
//			for l := range Out {
//				w := W[b*LdW + 4*l]
//				s := w[0]                                      // the bias
//				for y := range NY {
//					for k := range K {
//						for x := range NX {
//							s = fma(X[p*PixX+y*RowX+x*ColX+4*(b*In+Index[l]+k)], w[WOff+y*RowW+x*ColW+k*4*L], s)
//						}
//					}
//				}
//				Y[p*PixY+4*(b*Out+l)] = min(max(s, Lo), Hi)
//			}
//		}
//	}
//
// The weights are packed by DwGroupPack. Of X the kernel reads the In channels of a block, at the taps of the loop, and of Y it touches
// nothing but what the loop names; of each vector of weights and of Index it reads all L lanes. The products of different groups never meet, not even with zeros: infinities and NaN stay in their group.
//
// Tiles*P*(C/Out)*L*NY*NX*K must not exceed MaxWork.

// DwGroupPackLen is the number of float32 that DwGroupPack fills for c channels of Y, out of them in a block, with taps taps of k channels.
func DwGroupPackLen(lanes, c, out, taps, k int) int {
	return (c + out - 1) / out * lanes * (taps*k + 1)
}

// DwGroupPack packs weights [c][k][taps] and the bias, which may be nil, in blocks of out channels in lanes lanes: the biases, then for tap
// after tap a vector for each of the k channels. Other lanes are zero.
func DwGroupPack(dst []float32, lanes, c, out, taps, k int, w, bias []float32) {
	clear(dst[:DwGroupPackLen(lanes, c, out, taps, k)])
	for i := range c {
		block := dst[i/out*lanes*(taps*k+1)+i%out:]
		if bias != nil {
			block[0] = bias[i]
		}
		for j := range k {
			for t := range taps {
				block[(1+t*k+j)*lanes] = w[(i*k+j)*taps+t]
			}
		}
	}
}

// dwgroupF32_1xn_generic is the portable kernel: output by output.
func dwgroupF32_1xn_generic(a *DwArgs) {
	const lanes = 4
	for p := range a.Tiles {
		x, w := p*a.PixX, 0 // bytes from X, which without taps is nil, and from W
		for c := 0; c < a.C; c += a.Out {
			for l := range a.Out {
				u := x + 4*int(*(*int32)(unsafe.Add(a.Index, 4*l)))
				v := w + 4*l
				s := *at(a.W, v)
				for i := range a.NY {
					for k := range a.K {
						for j := range a.NX {
							s += *at(a.X, u+i*a.RowX+j*a.ColX+4*k) * *at(a.W, v+a.WOff+i*a.RowW+j*a.ColW+4*lanes*k)
						}
					}
				}
				*at(a.Y, p*a.PixY+4*(c+l)) = a.dwClamp(s)
			}
			x += 4 * a.In
			w += a.LdW
		}
	}
}
