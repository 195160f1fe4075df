package layers

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/simdnn/simdnn/tensor"
)

// row is a layer in a summary.
type row struct {
	kind, name string
	dims       tensor.Dims
	costs      costs
}

// SummaryOption leaves something out of a summary.
type SummaryOption uint8

// NoDense leaves out the comparison with a fully connected network.
const NoDense SummaryOption = 1

// Summary writes a table of the layers, with their outputs' shapes, parameters and multiply-adds for
// one image, and the totals. The last lines are what the same feature maps would take if every
// convolution were a fully connected layer, with a weight from every input element to every output
// element: what weight sharing and locality save.
func (m *Model) Summary(w io.Writer, options ...SummaryOption) error {
	if m == nil || m.net == nil {
		return errors.New(noModel)
	}
	table := [][]string{{"layer", "kind", "output", "parameters", "multiply-adds"}}
	var sum costs
	for _, r := range m.rows {
		table = append(table, []string{r.name, r.kind, extents(r.dims), count(r.costs.params), count(r.costs.macs)})
		sum.params += r.costs.params
		sum.macs += r.costs.macs
		sum.dense += r.costs.dense
	}
	table = append(table, []string{"total", "", "", count(sum.params), count(sum.macs)})
	var width [5]int
	for _, line := range table {
		for i, cell := range line {
			width[i] = max(width[i], len(cell))
		}
	}
	for _, line := range table {
		s := fmt.Sprintf("%-*s  %-*s  %*s  %*s  %*s", width[0], line[0], width[1], line[1],
			width[2], line[2], width[3], line[3], width[4], line[4])
		if _, err := fmt.Fprintln(w, strings.TrimRight(s, " ")); err != nil {
			return err
		}
	}
	arena, values := m.net.Arena()
	_, err := fmt.Fprintf(w, "parameters   %s\nfeature maps %s in %s of memory (batch %d)\n",
		bytes(4*sum.params), bytes(int64(values)), bytes(int64(arena)), m.Inputs()[0].N)
	if err != nil || sum.dense == 0 || sum.params == 0 || slices.Contains(options, NoDense) {
		return err
	}
	_, err = fmt.Fprintf(w, "a fully connected network with the same feature maps: %s parameters (%s), %s times as many\n",
		count(sum.dense), bytes(4*sum.dense), count(sum.dense/sum.params))
	return err
}

// extents is channels x rows x columns, or what axes an image has otherwise; ones at the end are left out.
func extents(d tensor.Dims) string {
	sizes := d.Slice()
	if len(sizes) > 1 {
		sizes = sizes[1:]
	}
	for len(sizes) > 1 && sizes[len(sizes)-1] == 1 {
		sizes = sizes[:len(sizes)-1]
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(sizes), " ", "x"), "[]")
}

// count groups digits by thousands; 0 is "".
func count(n int64) string {
	if n == 0 {
		return ""
	}
	s := fmt.Sprint(n)
	var b strings.Builder
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

func bytes(n int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"}
	x, u := float64(n), 0
	for x >= 1024 && u < len(units)-1 {
		x, u = x/1024, u+1
	}
	return fmt.Sprintf("%.3g %s", x, units[u])
}
