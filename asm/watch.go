package asm

// Watched returns the kernels of s with look called before and after each of them runs, with its arguments: a pointer to one
// of the Args structs. It serves tests and traces. Kernels of several goroutines call look at the same time.
func (s *Set) Watched(look func(args any)) *Set {
	return &Set{
		made: s.made,

		ISA:     s.ISA,
		Product: s.Product.watched(look),
		F64:     s.F64.watched(look),

		BrgU8: watched(s.BrgU8, look, func(r *BrgU8Row) *func(*BrgU8Args) { return &r.fn }),

		BrgBF16:    watched(s.BrgBF16, look, func(r *BrgRow) *func(*BrgArgs) { return &r.fn }),
		BrgMixed:   watched(s.BrgMixed, look, func(r *BrgRow) *func(*BrgArgs) { return &r.fn }),
		GemvpMixed: watched(s.GemvpMixed, look, func(r *GemvpRow) *func(*GemvpArgs) { return &r.fn }),

		Peak:     watched(s.Peak, look, func(r *PeakRow) *func(*PeakArgs) { return &r.fn }),
		PeakBF16: watched(s.PeakBF16, look, func(r *PeakRow) *func(*PeakArgs) { return &r.fn }),
		Read:     watched(s.Read, look, func(r *ReadRow) *func(*ReadArgs) { return &r.fn }),

		Unary:   watched(s.Unary, look, func(r *UnaryRow) *func(*UnaryArgs) { return &r.fn }),
		Binary:  watched(s.Binary, look, func(r *BinaryRow) *func(*BinaryArgs) { return &r.fn }),
		Affine:  watched(s.Affine, look, func(r *AffineRow) *func(*AffineArgs) { return &r.fn }),
		Softmax: watched(s.Softmax, look, func(r *SoftmaxRow) *func(*SoftmaxArgs) { return &r.fn }),

		Dw:      watched(s.Dw, look, func(r *DwRow) *func(*DwArgs) { return &r.fn }),
		DwGroup: watched(s.DwGroup, look, func(r *DwRow) *func(*DwArgs) { return &r.fn }),
		DwSlide: watched(s.DwSlide, look, func(r *DwSlideRow) *func(*DwSlideArgs) { return &r.fn }),
		DwPlane: watched(s.DwPlane, look, func(r *DwPlaneRow) *func(*DwPlaneArgs) { return &r.fn }),
		MaxPool: watched(s.MaxPool, look, func(r *PoolRow) *func(*PoolArgs) { return &r.fn }),
		AvgPool: watched(s.AvgPool, look, func(r *PoolRow) *func(*PoolArgs) { return &r.fn }),
		Unzip:   watched(s.Unzip, look, func(r *UnzipRow) *func(*UnzipArgs) { return &r.fn }),
		Moments: watched(s.Moments, look, func(r *MomentsRow) *func(*MomentsArgs) { return &r.fn }),
		Pick:    watched(s.Pick, look, func(r *PickRow) *func(*PickArgs) { return &r.fn }),
		Blend:   watched(s.Blend, look, func(r *BlendRow) *func(*BlendArgs) { return &r.fn }),

		Quant:     watched(s.Quant, look, func(r *QuantRow) *func(*QuantArgs) { return &r.fn }),
		MaxPoolU8: watched(s.MaxPoolU8, look, func(r *PoolU8Row) *func(*PoolU8Args) { return &r.fn }),
		AvgPoolU8: watched(s.AvgPoolU8, look, func(r *PoolU8Row) *func(*PoolU8Args) { return &r.fn }),
		DwU8:      watched(s.DwU8, look, func(r *DwU8Row) *func(*DwU8Args) { return &r.fn }),

		WinoIn:  watched(s.WinoIn, look, func(r *WinoInRow) *func(*WinoInArgs) { return &r.fn }),
		WinoOut: watched(s.WinoOut, look, func(r *WinoOutRow) *func(*WinoOutArgs) { return &r.fn }),
	}
}

func (p *Product) watched(look func(args any)) Product {
	return Product{
		Brg: watched(p.Brg, look, func(r *BrgRow) *func(*BrgArgs) { return &r.fn }),

		Gemv:      watched(p.Gemv, look, func(r *GemvRow) *func(*GemvArgs) { return &r.fn }),
		Gemvs:     watched(p.Gemvs, look, func(r *GemvRow) *func(*GemvArgs) { return &r.fn }),
		Gemvt:     watched(p.Gemvt, look, func(r *GemvtRow) *func(*GemvArgs) { return &r.fn }),
		Gemvp:     watched(p.Gemvp, look, func(r *GemvpRow) *func(*GemvpArgs) { return &r.fn }),
		Dot:       watched(p.Dot, look, func(r *DotRow) *func(*DotArgs) { return &r.fn }),
		Axpy:      watched(p.Axpy, look, func(r *AxpyRow) *func(*DotArgs) { return &r.fn }),
		Pack:      watched(p.Pack, look, func(r *PackRow) *func(*PackArgs) { return &r.fn }),
		Transpose: watched(p.Transpose, look, func(r *TransposeRow) *func(*TransposeArgs) { return &r.fn }),
	}
}

// watched copies rows, and replaces the kernel of each, which fn finds.
func watched[R, A any](rows []*R, look func(args any), fn func(*R) *func(*A)) []*R {
	var l []*R
	for _, r := range rows {
		if r == nil {
			l = append(l, nil)
			continue
		}
		row := *r
		kernel := *fn(r)
		*fn(&row) = func(a *A) {
			look(a)
			kernel(a)
			look(a)
		}
		l = append(l, &row)
	}
	return l
}
