package conv

// bordered is a convolution of bytes that reads its input with the padding as bytes: where there is any a task copies rows of the input, and around
// them zero points.
type bordered struct {
	geometry
	zero byte // a zero point of the input
}

func (b *bordered) padded() bool {
	w := &b.win
	return w.PadTop|w.PadLeft|w.PadBottom|w.PadRight != 0
}

// rowBytes is the distance of rows that kernels read: of the input, or of its copy, whose pixels follow each other.
func (b *bordered) rowBytes() int {
	if b.padded() {
		return (b.win.PadLeft + b.in.W + b.win.PadRight) * b.in.C
	}
	return b.in.W * b.ldin
}

// copied is the number of rows of the copy that n rows of the output see.
func (b *bordered) copied(n int) int {
	return (n-1)*b.win.StrideH + (b.win.KernelH-1)*b.win.DilationH + 1
}

// copyRows copies n rows of an image from row y on, which may lie outside.
func (b *bordered) copyRows(dst, image []byte, y, n int) {
	c, left, right := b.in.C, b.win.PadLeft*b.in.C, b.win.PadRight*b.in.C
	for ; n > 0; n, y = n-1, y+1 {
		row := dst[:b.rowBytes()]
		dst = dst[len(row):]
		if y < 0 || y >= b.in.H {
			fillBytes(row, b.zero)
			continue
		}
		fillBytes(row[:left], b.zero)
		fillBytes(row[len(row)-right:], b.zero)
		from, to := image[y*b.in.W*b.ldin:], row[left:len(row)-right]
		if b.ldin == c {
			copy(to, from)
			continue
		}
		for i := 0; i < b.in.W; i++ {
			copy(to[i*c:][:c], from[i*b.ldin:])
		}
	}
}

func fillBytes(x []byte, v byte) {
	if len(x) == 0 {
		return
	}
	x[0] = v
	for n := 1; n < len(x); n *= 2 {
		copy(x[n:], x[:n])
	}
}
