# The commands of this project. `make demo` and `make test` need nothing but the Swift toolchain:
# what else is missing they install (as root) or name.

SWIFT ?= swift
DEBUG_FLAGS := --explicit-target-dependency-import-check error
SOURCES := Package.swift Sources Protocol Server Client Tests

.PHONY: all build release demo test lint dependencies mutants clean

all: build

dependencies:
	@.ci/dependencies

build: dependencies
	$(SWIFT) build $(DEBUG_FLAGS)

release: dependencies
	$(SWIFT) build -c release --product voordracht
	$(SWIFT) build -c release --product voordracht-server

# The main job from end to end, by the command line only; prints one line per step.
demo: dependencies
	$(SWIFT) build --product voordracht
	$(SWIFT) build --product voordracht-server
	Tests/demo.sh

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

# What continuous integration runs; the summary of `swift test` ends the log. One test at a time: many
# wait for programs and connections, and two cores are two threads.
test: dependencies
	$(SWIFT) build --build-tests $(DEBUG_FLAGS)
	$(MAKE) lint
	Tests/acceptance.sh
	$(SWIFT) test --skip-build --no-parallel $(DEBUG_FLAGS)

# Plants known errors one at a time; each must turn a test red.
mutants: dependencies
	Tests/mutants.sh

clean:
	rm -rf .build
