//go:build purego || (!amd64 && !arm64)

package asm

func supported() []ISA { return nil }

func brgTable() []BrgRow { return brgGeneric }

func peakTable() []PeakRow { return peakGeneric }

func readTable() []ReadRow { return readGeneric }

func unaryTable() []UnaryRow     { return unaryGeneric }
func binaryTable() []BinaryRow   { return binaryGeneric }
func affineTable() []AffineRow   { return affineGeneric }
func softmaxTable() []SoftmaxRow { return softmaxGeneric }

func gemvTable() []GemvRow { return gemvGeneric }

func gemvtTable() []GemvtRow { return gemvtGeneric }

func gemvpTable() []GemvpRow { return gemvpGeneric }

func dotTable() []DotRow { return dotGeneric }

func axpyTable() []AxpyRow { return axpyGeneric }

func packTable() []PackRow { return packGeneric }

func transposeTable() []TransposeRow { return transposeGeneric }

func dwTable() []DwRow { return dwGeneric }

func dwslideTable() []DwSlideRow { return dwslideGeneric }
func dwplaneTable() []DwPlaneRow { return dwplaneGeneric }

func maxpoolTable() []PoolRow { return maxpoolGeneric }

func avgpoolTable() []PoolRow { return avgpoolGeneric }

func unzipTable() []UnzipRow { return unzipGeneric }

func winoInTable() []WinoInRow   { return winoInGeneric }
func winoOutTable() []WinoOutRow { return winoOutGeneric }
