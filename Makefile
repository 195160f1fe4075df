# make test is the one command that runs the tests; make bench runs the main job.
GO ?= go
FLAGS ?=

.PHONY: test bench arm64 amd64 vet builds fuzz fmt

test: ## all tests of all modules, on the best instruction set or the one in SIMDNN_ISA
	$(GO) test $(FLAGS) ./...
	cd bench && $(GO) test $(FLAGS) ./...
	cd examples && $(GO) test $(FLAGS) ./...

bench: ## every kernel checked, then timed beside the libraries that are installed
	$(GO) run ./bench

arm64: ## the tests of the library under emulation, on NEON: where it does not run, they fail
	GOARCH=arm64 SIMDNN_ISA=neon $(GO) test $(FLAGS) -exec 'qemu-aarch64-static' ./...

# The emulator does not suppress the faults of masked loads and stores as processors do: with AVX2 operands stand between canaries
# and not between inaccessible pages. A process that an emulated one starts runs on the real processor: no TestSelect.
amd64: ## tests on an emulated processor without AVX-512, and on one without AVX
	SIMDNN_ISA=avx2 $(GO) test $(FLAGS) -short -tags unguarded -skip TestSelect -exec 'qemu-x86_64-static -cpu Haswell' ./asm ./gemm ./conv ./pool ./layers
	$(GO) test $(FLAGS) -short -exec 'qemu-x86_64-static -cpu Nehalem' ./gemm ./conv

vet:
	$(GO) vet ./... ./bench/... ./examples/...
	GOARCH=arm64 $(GO) vet ./...
	$(GO) vet -tags purego ./...

builds: ## every architecture of the list compiles, tests included
	for t in linux/386 linux/arm64 linux/riscv64 js/wasm darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do \
		echo $$t; GOOS=$${t%/*} GOARCH=$${t#*/} $(GO) vet ./... || exit 1; done

FUZZTIME ?= 5s
# At the end of its time the go command sometimes reports its own deadline as a failure:
# a real one names the failing input.
fuzz: ## every fuzz target for FUZZTIME
	@for p in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "$$p $$f"; \
			out=$$($(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p 2>&1) || case "$$out" in \
				*"Failing input"*|*panic*|*"fatal error"*) echo "$$out"; exit 1;; \
				*"context deadline exceeded"*) echo "the time ran out";; \
				*) echo "$$out"; exit 1;; esac; \
			echo "$$out" | tail -n 1; done; done

fmt:
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "not gofmt-ed: $$out"; exit 1; }
	@! git grep -nE '^(<<<<<<<|>>>>>>>) ' || { echo "left by a merge"; exit 1; }
