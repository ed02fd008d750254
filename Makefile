# The commands of this project. `make demo` and `make test` need nothing but the Swift toolchain:
# what else is missing they install (as root) or name.

SWIFT ?= swift
DOCC ?= docc
DEBUG_FLAGS := --explicit-target-dependency-import-check error
SOURCES := Package.swift Sources Protocol Server Client Tests

.PHONY: all build release demo test lint fuzz docs dependencies mutants bench bench-text histories vectors simulate torture clean

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
	for script in .ci/* Tests/*.sh Tests/*/*.sh; do bash -n "$$script" || exit 1; done
	for patch in Tests/mutants/*.patch; do git apply --check "$$patch" || exit 1; done
	! grep -rnE '^(<<<<<<<|>>>>>>>) ' Makefile *.md .ci $(SOURCES)

# What continuous integration runs; the summary of `swift test` ends the log. One test at a time: many
# wait for programs and connections, and two cores are two threads.
test: dependencies
	$(SWIFT) build --build-tests $(DEBUG_FLAGS)
	$(MAKE) lint
	Tests/acceptance.sh
	Tests/acceptance-bad-input.sh
	Tests/acceptance-receipts.sh
	Tests/acceptance-restore.sh
	Tests/PythonClient/run.sh
	$(MAKE) fuzz
	$(MAKE) histories
	$(SWIFT) test --skip-build --no-parallel $(DEBUG_FLAGS)

# Feeds each decoder what libFuzzer invents for so many seconds, two decoders at a time.
SECONDS ?= 60
fuzz: dependencies
	Tests/fuzz.sh run all $(SECONDS)

# The guide and reference of the client library, by the toolchain's own docc, for any web server to serve: as
# `python3 -m http.server --directory .build/docs`, at /documentation/voordrachtclient.
docs: dependencies
	$(SWIFT) build --build-tests $(DEBUG_FLAGS)
	$(SWIFT) package dump-symbol-graph --minimum-access-level public --skip-synthesized-members
	rm -rf .build/symbols && mkdir -p .build/symbols
	cp .build/*/symbolgraph/VoordrachtClient*.symbols.json .build/symbols/
	$(DOCC) convert Client/VoordrachtClient/VoordrachtClient.docc --output-path .build/docs --warnings-as-errors \
		--fallback-display-name VoordrachtClient --fallback-bundle-identifier nl.voordracht.client \
		--additional-symbol-graph-dir .build/symbols

# Plants known errors one at a time; each must turn a test red.
mutants: dependencies
	Tests/mutants.sh

# Makes the test vectors of the protocol anew; a difference is a change of the protocol.
vectors:
	PYTHONPATH=Tests/PythonClient PYTHONDONTWRITEBYTECODE=1 python3 -m vectors Protocol/vectors --write

# Lives of many replicas and a server under all that can befall them, from so many seeds; a release build.
SEEDS ?= 1000
START ?= 1
simulate: dependencies
	$(SWIFT) build -c release --product simulate
	.build/release/simulate $(SEEDS) $(START)

# Kills, failing disks, broken connections, power cuts, looked at from outside of the built programs; about an hour.
torture: build
	Tests/torture.sh kill
	Tests/torture.sh faults
	Tests/torture.sh network
	Tests/torture.sh power

# Figures of a release build beside plain C programs, taken in turn; about a quarter of an hour.
bench: dependencies
	Tests/bench.sh

# Figures of the text engine beside Yrs, Loro and Automerge from PyPI, on a folder of editing traces.
ROUNDS ?= 5
bench-text: dependencies
	Tests/bench-text.sh "$(TRACES)" $(ROUNDS)

# Histories of texts in great number beside what the papers say; with FILE=… those of a published file, plain or gzip.
histories: dependencies
	Tests/histories.sh $(if $(FILE),file "$(FILE)")

clean:
	rm -rf .build
