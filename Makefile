# make test is the one command that runs the tests; make bench runs the main job.
GO ?= go
FLAGS ?=

.PHONY: test bench arm64 amd64 checkptr collect vet builds fuzz fmt

test: ## all tests of all modules, on the best instruction set or the one in SIMDNN_ISA; what was skipped stands at the end
	$(GO) run ./internal/skips $(FLAGS) ./... ./bench/... ./blas/... ./examples/...

bench: ## every kernel checked, then timed beside the libraries that are installed
	$(GO) run ./bench

# Accuracies on many pictures are counted on the real processor. With dot products only products of bytes are others.
arm64: ## the tests of the library under emulation, on NEON: where it does not run, they fail
	GOARCH=arm64 SIMDNN_ISA=neon $(GO) test $(FLAGS) -skip '^Test(BF16|Quantize)(Accuracy|Agrees|Error)$$' -exec 'qemu-aarch64-static' ./...
	GOARCH=arm64 SIMDNN_ISA=neondot $(GO) test $(FLAGS) -short -run 'U8|NEON|Quant|QLinear|Integer|Dynamic|Islands' -exec 'qemu-aarch64-static' ./asm ./conv ./graph

# A processor without what this one has: what is chosen there, and what of it computes. All tests run on this one's AVX2 and on the
# portable kernels; the emulator takes ten times as long. It does not suppress the faults of masked loads and stores as processors do: operands stand
# between canaries and not between inaccessible pages.
amd64: ## tests on an emulated processor without AVX-512, and on one without AVX
	$(GO) test $(FLAGS) -short -tags unguarded -run 'Stored|TestExact|TestQuantised|TestFor|SameBits$$|Dot|Vector' -skip 'AnyThreads' -exec 'qemu-x86_64-static -cpu Haswell' ./asm ./gemm ./conv ./pool
	$(GO) test $(FLAGS) -short -run 'Stored|TestExact|TestQuantised|Vector|Few' -exec 'qemu-x86_64-static -cpu Nehalem' ./gemm ./conv

# The runtime looks only at pointers to the heap: the tag puts the operands of all tests there, each at an end of its object.
checkptr: ## tests with the compiler's checks of pointers
	$(GO) test $(FLAGS) -short -tags heap -gcflags=all=-d=checkptr ./asm ./gemm ./conv ./pool ./layers ./internal/check ./internal/elem ./internal/transpose

COLLECTTIME ?= 20s
collect: ## everything beside a garbage collector that does not stop, for COLLECTTIME a package
	$(GO) test $(FLAGS) ./gemm ./conv ./pool ./layers ./internal/elem -run '^TestCollector$$' -count 1 -collect=$(COLLECTTIME)

vet:
	$(GO) vet ./... ./bench/... ./blas/... ./examples/...
	GOARCH=arm64 $(GO) vet ./...
	$(GO) vet -tags purego ./...

# What tests import takes as long to compile as everything else: where their code is the same as on another system of the list, the library is enough.
builds: ## every architecture of the list compiles, on most of them tests too
	for t in linux/386 js/wasm windows/amd64; do \
		echo $$t; GOOS=$${t%/*} GOARCH=$${t#*/} $(GO) vet ./... || exit 1; done
	for t in linux/riscv64 darwin/amd64 darwin/arm64 windows/arm64; do \
		echo $$t; GOOS=$${t%/*} GOARCH=$${t#*/} $(GO) build ./... || exit 1; done

FUZZTIME ?= 5s
# At the end of its time the go command sometimes reports its own deadline as a failure:
# a real one names the failing input.
fuzz: ## every fuzz target for FUZZTIME
	@for p in $$(grep -rl --include=*_test.go '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for f in $$(grep -ho '^func Fuzz[A-Za-z0-9]*' $$p/*_test.go | cut -c6-); do \
			echo "$$p $$f"; \
			out=$$($(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p 2>&1) || case "$$out" in \
				*"Failing input"*|*panic*|*"fatal error"*) echo "$$out"; exit 1;; \
				*"context deadline exceeded"*) echo "the time ran out";; \
				*) echo "$$out"; exit 1;; esac; \
			echo "$$out" | tail -n 1; done; done

fmt:
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "not gofmt-ed: $$out"; exit 1; }
	@! git grep -nE '^(<<<<<<<|>>>>>>>) ' || { echo "left by a merge"; exit 1; }
