package nets

import (
	"fmt"

	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/tensor"
)

// ConvNames are networks of which Convs alone knows: package layers does not have all their operators.
//
//	yolov2  Redmon and Farhadi, 2016, for the 80 classes of COCO, images of 608x608
//	unet    Ronneberger and others, 2015, unpadded, images of 572x572, in the size that oneDNN's benchmarks have:
//	        two steps down, 16 maps at the top. Its two up-convolutions stand here as the convolutions that
//	        they are the transposes of, which have the same products.
var ConvNames = [...]string{"yolov2", "unet"}

var convLists = map[string]func(b *builder, batch int){"yolov2": (*builder).yoloV2, "unet": (*builder).uNet}

// list appends a convolution to the list and returns the side of what it computes.
func (b *builder) list(name string, batch, c, h, outC, kernel, stride, pad int) int {
	b.x.shape = tensor.Shape{N: batch, C: c, H: h, W: h}
	b.conv(name, linear, outC, kernel, stride, pad, 1)
	return b.x.shape.H
}

// half is the side after a pooling of 2x2 pixels.
func half(h int) int {
	w := tensor.Window{KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2}
	return shapes.Pool{In: tensor.Shape{N: 1, C: 1, H: h, W: h}, Window: w}.Out().H
}

func (b *builder) yoloV2(batch int) {
	c, h, n := 3, 608, 0
	conv := func(outC, kernel int) {
		n++
		b.list(fmt.Sprintf("conv%d", n), batch, c, h, outC, kernel, 1, kernel/2)
		c = outC
	}
	for stage, widths := range [][]int{{32}, {64}, {128, 64, 128}, {256, 128, 256}, {512, 256, 512, 256, 512}, {1024, 512, 1024, 512, 1024}} {
		if stage > 0 {
			h = half(h)
		}
		for i, w := range widths {
			conv(w, 3-2*(i%2)) // 3x3 and 1x1 take turns
		}
	}
	conv(1024, 3)
	conv(1024, 3)
	b.list("passthrough", batch, 512, 2*h, 64, 1, 1, 0) // of the last maps of twice the side, four pixels to one
	c += 4 * 64
	conv(1024, 3)
	conv(5*(5+80), 1)
}

func (b *builder) uNet(batch int) {
	c, h := 1, 572
	double := func(name string, width int) {
		h = b.list(name+"a", batch, c, h, width, 3, 1, 0)
		h = b.list(name+"b", batch, width, h, width, 3, 1, 0)
		c = width
	}
	double("down1", 16)
	h = half(h)
	double("down2", 32)
	h = half(h)
	double("bottom", 64)
	for i, width := range []int{32, 16} {
		h *= 2
		name := fmt.Sprintf("up%d", 2-i)
		b.list(name, batch, width, h, c, 2, 2, 0)
		c = 2 * width // with the cropped maps of the way down
		double(name, width)
	}
	b.list("classes", batch, c, h, 2, 1, 1, 0)
}
