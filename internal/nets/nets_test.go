package nets

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/graph"
	"github.com/simdnn/simdnn/internal/cases"
	"github.com/simdnn/simdnn/internal/onnxfile"
	"github.com/simdnn/simdnn/internal/shapes"
	"github.com/simdnn/simdnn/onnx"
	"github.com/simdnn/simdnn/tensor"
)

// TestConvs holds the networks to published figures: layers, multiply-adds and weights of the
// convolutions (without biases and fully connected layers).
func TestConvs(t *testing.T) {
	for _, m := range []struct {
		name            string
		distinct, total int
		macs            int64
		weights         int
		some            string
	}{
		{"resnet50", 23, 53, 4_087_136_256, 23_454_912, "res4a_3x3 conv n1c256h28w28 k256r3s3 s2 p1"},
		{"vgg16", 9, 13, 15_346_630_656, 14_710_464, "conv5_1 conv n1c512h14w14 k512r3s3 p1"},
		{"mobilenetv1", 19, 27, 567_716_352, 3_185_088, "dw12 conv n1c512h14w14 k512r3s3 s2 p1 g512"},
		{"mobilenetv2", 30, 52, 299_494_272, 2_189_760, "b2_project conv n1c96h56w56 k24r1s1"},
		{"squeezenet11", 18, 26, 349_151_936, 1_231_552, "conv10 conv n1c512h13w13 k1000r1s1"},
		{"googlenet", 49, 57, 1_581_647_872, 5_966_272, "4b_5x5 conv n1c24h14w14 k64r5s5 p2"},
		{"yolov2", 14, 23, 31_469_126_656, 50_941_792, "passthrough conv n1c512h38w38 k64r1s1"},
		{"unet", 13, 13, 7_191_328_320, 116_400, "up2 conv n1c32h272w272 k64r2s2 s2"},
	} {
		convs, err := Convs(m.name, 1)
		require.NoError(t, err)
		count, macs, weights, found := 0, int64(0), 0, false
		for _, l := range convs {
			count += l.Count
			macs += int64(l.Count) * l.MACs()
			weights += l.Count * l.Weights()
			found = found || l.Name+" "+l.Conv.String() == m.some
		}
		require.Len(t, convs, m.distinct, m.name)
		require.Equal(t, m.macs, macs, m.name)
		require.Equal(t, []int{m.total, m.weights}, []int{count, weights}, m.name)
		require.True(t, found, m.some)

		eight, err := Convs(m.name, 8)
		require.NoError(t, err)
		require.Equal(t, 8*convs[0].MACs(), eight[0].MACs())
	}
	require.Len(t, slices.Concat(Names[:], ConvNames[:]), 8)
	_, err := Convs("lenet", 1)
	require.ErrorContains(t, err, `no network "lenet", there is: [resnet50`)
	_, err = Model("vgg16", 0, 31)
	require.ErrorContains(t, err, "batch is 0 and size 31")
}

// TestModel holds them to the published numbers of parameters (torchvision's, less what batch normalisation
// has beside a bias), and looks at features: neither vanishing nor exploding.
func TestModel(t *testing.T) {
	for name, params := range map[string]int{
		"resnet50": 25_557_032 - 26_560, "vgg16": 138_357_544, "squeezenet11": 1_235_496,
		"mobilenetv1": 4_231_976 - 10_944, "mobilenetv2": 3_504_872 - 17_056,
		"googlenet": 6_998_552, // of the original one without the auxiliary classifiers
	} {
		if name == "vgg16" && testing.Short() {
			continue
		}
		m, err := Model(name, 1, Size)
		require.NoError(t, err)
		require.Equal(t, params, m.Params, name)

		m, err = Model(name, 2, 32)
		require.NoError(t, err)
		file, err := onnxfile.OfModel(m)
		require.NoError(t, err)
		f, err := onnx.Read(bytes.NewReader(file.Bytes()))
		require.NoError(t, err)
		g, err := f.Graph(onnx.Options{})
		require.NoError(t, err)
		net, err := g.Compile(graph.Options{Exact: true})
		require.NoError(t, err)
		y := make([]float32, 2*1000)
		dst := []tensor.Array{tensor.Of(tensor.D(2, 1000), y)}
		require.NoError(t, net.NewSession(0).Run(dst, []tensor.Array{tensor.Of(tensor.D(m.InShape...), m.Samples[0].Input)}))
		var square float64
		for _, v := range y {
			square += float64(v) * float64(v) / float64(len(y))
		}
		require.Greater(t, square, 1e-4, name)
		require.Less(t, square, 1e4, name)
	}
}

// TestTable compares networks with the table of layers among the stored cases.
func TestTable(t *testing.T) {
	f, err := os.Open(filepath.Join(cases.Dir(t, "shapes"), "shapes", "conv2d_nets.csv"))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, q := range []struct {
		model, table string
		times        int // the table's counts are of so many passes; 0 means that they are not those of one network
	}{
		{"googlenet", "googlenet", 1},
		{"yolov2", "yolov2", 9},
		{"unet", "unet", 1},
		{"vgg16", "vgg16", 0},
		{"resnet50", "resnet_50_v1_5", 0},
	} {
		want := map[string]int{}
		for _, r := range rows[1:] {
			if net, _, _ := strings.Cut(r[0], ":"); net != q.table {
				continue
			}
			num := func(name string) int {
				v, err := strconv.Atoi(r[column[name]])
				require.NoError(t, err)
				return v
			}
			c := shapes.Conv{In: tensor.Shape{N: 1, C: num("ic"), H: num("ih"), W: num("iw")}, OutC: num("oc"), Groups: num("groups"), Window: tensor.Window{
				KernelH: num("kh"), KernelW: num("kw"), StrideH: num("sh"), StrideW: num("sw"), DilationH: num("dh"), DilationW: num("dw"),
			}}
			pad := num("ph")
			if q.model == "yolov2" && num("kh") == 3 { // its inputs are padded beforehand
				c.In.H, c.In.W, pad = c.In.H-2, c.In.W-2, 1
			}
			c.Window.PadTop, c.Window.PadLeft, c.Window.PadBottom, c.Window.PadRight = pad, pad, pad, pad
			require.Equal(t, []int{num("oh"), num("ow")}, []int{c.Out().H, c.Out().W}, r)
			count := num("count")
			if q.model == "yolov2" && c.In.C == 3 { // where the table has 6
				count = 9
			}
			want[c.String()] = count / max(q.times, 1)
		}
		convs, err := Convs(q.model, 1)
		require.NoError(t, err)
		got := map[string]int{}
		for _, l := range convs {
			got[l.Conv.String()] = l.Count
		}
		if q.times == 0 {
			for s := range got {
				got[s] = 0
			}
			for s := range want {
				want[s] = 0
			}
		}
		require.Equal(t, want, got, q.model)
	}
}
