module github.com/simdnn/simdnn

go 1.25.0

require (
	github.com/klauspost/cpuid/v2 v2.4.2
	github.com/stretchr/testify v1.12.1
	golang.org/x/sys v0.45.0
	google.golang.org/protobuf v1.36.12
)

require (
	github.com/ebitengine/purego v0.11.3
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
