package graph

import (
	"slices"
	"unsafe"

	"github.com/simdnn/simdnn/conv"
	"github.com/simdnn/simdnn/gemm"
	"github.com/simdnn/simdnn/internal/mem"
	"github.com/simdnn/simdnn/internal/par"
	"github.com/simdnn/simdnn/pool"
)

// Memory says how many bytes a model takes.
type Memory struct {
	Weights int // of the model: constants of its graph, unless Options.Drop let them go, and weights in the order that kernels read
	// Of each session: intermediate values, and scratch of the kernels.
	Arena, Workspaces int
}

// Session is what NewSession allocates.
func (m Memory) Session() int { return m.Arena + m.Workspaces }

// Memory is what the model takes, and what a session with so many threads would take, so that a server can refuse before it allocates.
func (m *Model) Memory(threads int) Memory {
	if m == nil || m.kernels == nil {
		panic(noModel)
	}
	seen := make(map[*byte]int)
	w := Memory{Weights: conv.WeightBytes(m.convs...), Arena: mem.Taken(m.arena)}
	for i, p := range m.packed {
		if !slices.Contains(m.packed[:i], p) {
			w.Weights += p.Bytes()
		}
	}
	if m.source != nil {
		m.source.constants(seen)
	}
	for i := range m.buffers {
		if b := &m.buffers[i]; b.kind == isConst {
			seen[unsafe.SliceData(b.konst)] = len(b.konst)
		}
	}
	for _, n := range seen {
		w.Weights += n
	}
	w.Workspaces = conv.WorkspaceBytes(threads, m.convs...) + pool.WorkspaceBytes(threads, m.pools...) +
		gemm.WorkspaceBytes(m.kernels, threads, m.products...) +
		par.Limit(threads)*(mem.Taken(4*m.scratch)+int(unsafe.Sizeof(worker{}))+gemm.WorkspaceBytes(m.kernels, 1, m.small...)) + len(m.buffers)*int(unsafe.Sizeof([]byte{}))
	for _, b := range m.branches {
		for _, inner := range b {
			if inner != nil {
				i := inner.Memory(threads)
				w.Weights, w.Arena, w.Workspaces = w.Weights+i.Weights, w.Arena+i.Arena, w.Workspaces+i.Workspaces
			}
		}
	}
	return w
}

// constants notes the memory of all constants.
func (g *Graph) constants(seen map[*byte]int) {
	for _, n := range g.nodes {
		for _, vals := range [][]*Value{n.in, n.out} {
			for _, v := range vals {
				if v != nil && v.konst.Valid() {
					b := v.konst.Bytes()
					seen[unsafe.SliceData(b)] = len(b)
				}
			}
		}
	}
}
