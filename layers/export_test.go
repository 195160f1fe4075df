package layers

// Steps lists what a pass does, for tests that look between the layers.
func (m *Model) Steps() (names []string) {
	for i, s := range m.steps {
		names = append(names, m.traced[i].name+": "+s.String())
	}
	return names
}

// Bind gives a session the caller's memory, and RunStep runs one step of a pass on it.
func (s *Session) Bind(dst, src [][]float32) { s.bind(dst, src) }

// RunStep runs step i.
func (s *Session) RunStep(i int) { s.m.steps[i].run(s) }
