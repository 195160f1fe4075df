//go:build purego || (!amd64 && !arm64)

package asm

func supported() []ISA { return nil }

func brgTable() []BrgRow { return brgGeneric }

func brgU8Table() []BrgU8Row { return brgU8Generic }

func brgF64Table() []BrgRow    { return brgF64Generic }
func gemvsF64Table() []GemvRow { return gemvsF64Generic }

func gemvF64Table() []GemvRow           { return gemvF64Generic }
func gemvtF64Table() []GemvtRow         { return gemvtF64Generic }
func dotF64Table() []DotRow             { return dotF64Generic }
func axpyF64Table() []AxpyRow           { return axpyF64Generic }
func packF64Table() []PackRow           { return packF64Generic }
func transposeF64Table() []TransposeRow { return transposeF64Generic }

func peakTable() []PeakRow { return peakGeneric }

func readTable() []ReadRow { return readGeneric }

func unaryTable() []UnaryRow     { return unaryGeneric }
func binaryTable() []BinaryRow   { return binaryGeneric }
func affineTable() []AffineRow   { return affineGeneric }
func softmaxTable() []SoftmaxRow { return softmaxGeneric }

func gemvsTable() []GemvRow { return gemvsGeneric }

func gemvTable() []GemvRow { return gemvGeneric }

func gemvtTable() []GemvtRow { return gemvtGeneric }

func gemvpTable() []GemvpRow { return gemvpGeneric }

func dotTable() []DotRow { return dotGeneric }

func axpyTable() []AxpyRow { return axpyGeneric }

func packTable() []PackRow { return packGeneric }

func transposeTable() []TransposeRow { return transposeGeneric }

func dwTable() []DwRow { return dwGeneric }

func dwgroupTable() []DwRow { return dwgroupGeneric }

func dwslideTable() []DwSlideRow { return dwslideGeneric }
func dwplaneTable() []DwPlaneRow { return dwplaneGeneric }

func maxpoolTable() []PoolRow { return maxpoolGeneric }

func avgpoolTable() []PoolRow { return avgpoolGeneric }

func blendTable() []BlendRow     { return blendGeneric }
func momentsTable() []MomentsRow { return momentsGeneric }
func pickTable() []PickRow       { return pickGeneric }
func unzipTable() []UnzipRow     { return unzipGeneric }

func winoInTable() []WinoInRow   { return winoInGeneric }
func winoOutTable() []WinoOutRow { return winoOutGeneric }

func brgBF16Table() []BrgRow      { return brgBF16Generic }
func brgMixedTable() []BrgRow     { return brgMixedGeneric }
func peakBF16Table() []PeakRow    { return peakBF16Generic }
func gemvpMixedTable() []GemvpRow { return gemvpMixedGeneric }

func quantTable() []QuantRow { return quantGeneric }

func maxpoolU8Table() []PoolU8Row { return maxpoolU8Generic }

func avgpoolU8Table() []PoolU8Row { return avgpoolU8Generic }

func dwU8Table() []DwU8Row { return dwU8Generic }
