package layers

// Steps lists what a pass does, for tests that look between the layers.
func (m *Model) Steps() []string { return m.net.Steps() }
