package mem

import "golang.org/x/sys/unix"

// adviseHuge asks for huge pages. It is advice: where the system refuses, ordinary pages do.
func adviseHuge(b []byte) { _ = unix.Madvise(b, unix.MADV_HUGEPAGE) }
