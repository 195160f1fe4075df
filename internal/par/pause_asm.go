//go:build !purego && (amd64 || arm64)

package par

// pauses is how often one pause tells the core that it spins.
const pauses = 4

// procyield tells the core n times that it spins.
//
//go:noescape
func procyield(n uint32)
