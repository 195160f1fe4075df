module github.com/simdnn/simdnn/bench

go 1.25.0

replace github.com/simdnn/simdnn => ../

require (
	github.com/ebitengine/purego v0.11.3
	github.com/simdnn/simdnn v0.0.0
	gonum.org/v1/gonum v0.17.0
	google.golang.org/protobuf v1.36.12
)

require (
	github.com/klauspost/cpuid/v2 v2.4.2 // indirect
	golang.org/x/sys v0.45.0 // indirect
)
