# Every target first makes sure that the toolchain is there (Scripts/toolchain); that is quick once it is complete.

TOOLCHAIN     := Scripts/toolchain
RUN           := $(TOOLCHAIN) run
DEBUG_PATH    := .build-debug
RELEASE_PATH  := .build-release
RELEASE_FLAGS := -c release --static-swift-stdlib --scratch-path $(RELEASE_PATH)
# Product by product: what only tests need cannot be linked statically.
PRODUCTS      := muster example-server muster-bench
PREFIX        ?= /usr/local
ARGS          ?=
BENCH         ?= full
FUZZ          ?= 60

.DEFAULT_GOAL := help
.PHONY: help toolchain build release demo run test check bench fuzz format install uninstall clean

help: ## Say what there is to make
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | while IFS="$$(printf '\t')" read -r name text; \
		do printf '  %-10s %s\n' "$$name" "$$text"; done

toolchain: ## Fetch what the build needs (every other target does so first)
	@$(TOOLCHAIN) install

build: toolchain ## Build for debugging, in .build-debug
	@$(RUN) swift build --scratch-path $(DEBUG_PATH)

release: toolchain ## Build for use, in .build-release; takes several minutes the first time
	@for product in $(PRODUCTS); do $(RUN) swift build $(RELEASE_FLAGS) --product $$product || exit; done

demo: build ## Show what muster does, with the debug build: a release build takes longer than the demo
	@$(RUN) Scripts/demo $(DEBUG_PATH)/debug

run: build ## Run the debug build: make run ARGS="list workflows"
	@$(RUN) $(DEBUG_PATH)/debug/muster $(ARGS)

test: toolchain ## Build for debugging and run the tests
	@Scripts/test-servers
	@$(RUN) swift build --build-tests --scratch-path $(DEBUG_PATH)
	@# In three runs: tests that compute would starve those that wait for processes and sockets.
	@$(RUN) swift test --skip-build --scratch-path $(DEBUG_PATH) --skip 'MCPTransportsTests|ToolBridgesTests|ScenarioTests'
	@$(RUN) swift test --skip-build --scratch-path $(DEBUG_PATH) --filter 'MCPTransportsTests|ToolBridgesTests'
	@$(RUN) swift test --skip-build --scratch-path $(DEBUG_PATH) --filter ScenarioTests

check: toolchain ## Layout, layers, sizes, habits and error pages, the tests, then the documentation
	@Scripts/check-format
	@$(RUN) Scripts/check-layers
	@$(RUN) Scripts/check-sizes
	@$(RUN) Scripts/check-habits
	@$(RUN) Scripts/check-errors
	@$(MAKE) --no-print-directory test
	@$(RUN) Scripts/check-docs $(DEBUG_PATH)/debug/muster

fuzz: toolchain ## Try the libraries with made-up inputs: FUZZ=60 seconds for each of them
	@$(RUN) Scripts/fuzz $(FUZZ)

format: toolchain ## Rewrite the sources in the layout of .swift-format
	@$(RUN) swift format --in-place --parallel --recursive Package.swift Sources Tests Examples Benchmarks Fuzz

bench: release ## Measure, each figure beside what it is compared with: BENCH=smoke for a short look
	@Scripts/build-peers $(RELEASE_PATH)/peers
	@$(RUN) Scripts/bench $(RELEASE_PATH)/release $(RELEASE_PATH)/peers $(BENCH)

install: release ## Install muster and example-server: PREFIX=/usr/local
	@Scripts/install-programs $(RELEASE_PATH)/release '$(PREFIX)' muster example-server

uninstall: ## Remove what install has installed
	@rm -rf '$(PREFIX)/lib/muster'
	@rm -f '$(PREFIX)/bin/muster' '$(PREFIX)/bin/example-server'

clean: ## Remove what was built; the toolchain stays in its cache
	@rm -rf $(DEBUG_PATH) $(RELEASE_PATH) .build-fuzz
