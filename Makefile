# make demo   a release over four hosts behind a real Envoy, under load, with nothing lost
# make test   everything CI runs
#
# build release scenarios soak bench bench-tls bench-probes bench-scale bench-apitest flat floods fuzz format lint install clean: see below.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := build
.PHONY: build release test lint demo scenarios soak bench bench-tls bench-probes bench-scale bench-apitest flat floods fuzz format install clean

# A target may import only what Package.swift says it depends on; the same options everywhere, or each call builds anew.
checked := --explicit-target-dependency-import-check error
# Static: the binary then needs only libc, libstdc++, libevent, libnghttp2, OpenSSL, libyaml and zlib of the machine it runs on.
static := -c release --static-swift-stdlib
sources := Sources Tests Package.swift

install:
	@.ci/install

build: install
	@swift build $(checked)

release: install
	@swift build $(static) $(checked)
	@ls -l "$$(swift build $(static) $(checked) --show-bin-path)/healthgate"

lint:
	@swift format lint --strict --recursive $(sources)

format:
	@swift format --in-place --recursive $(sources)

# One test after the other: all share one loop and two cores, and a deadline is no measure of a crowd.
# Two suites want root and real parts: a network namespace, and a browser that .ci/install brings.
# The whole releases, with their negative controls and the scenarios that stand for the others, come last, by themselves.
test: lint
	@.ci/install test
	@swift build --build-tests --quiet $(checked)
	@swift test --skip-build --disable-xctest --no-parallel --quiet $(checked) --skip DemoWorld
	@swift test --skip-build --disable-xctest --no-parallel $(checked) --filter DemoWorld

# The world of four hosts: see Sources/World. Each target runs the release build, as production would.
demo: release
	@"$$(swift build $(static) --show-bin-path)/healthgate-demo"

# Every fault there is, one world each: SCENARIOS="NAME …" plays these alone.
scenarios: release
	@"$$(swift build $(static) --show-bin-path)/healthgate-demo" scenarios $(SCENARIOS)

# Release after release, ROUNDS of them; stops at the first loss.
soak: release
	@"$$(swift build $(static) --show-bin-path)/healthgate-demo" soak --rounds "$${ROUNDS:-10}"

bench:
	@.ci/install bench
	@$(MAKE) release
	@python3 Benchmarks/bench.py --healthgate "$$(swift build $(static) --show-bin-path)/healthgate" $(BENCH)

# The same over TLS, and full handshakes, beside nginx and HAProxy.
bench-tls:
	@.ci/install bench
	@$(MAKE) release
	@python3 Benchmarks/tls.py --healthgate "$$(swift build $(static) --show-bin-path)/healthgate" $(BENCH)

# Probes beside blackbox_exporter's: the same targets, the same verdicts, and what a probe costs. BENCH="--rounds 1 --seconds 1".
bench-probes:
	@.ci/install bench
	@$(MAKE) release
	@python3 Benchmarks/probes.py --healthgate "$$(swift build $(static) --show-bin-path)/healthgate" $(BENCH)

# Ten thousand checks, each second, on one core. SCALE="--checks 1000".
bench-scale:
	@.ci/install bench
	@$(MAKE) release
	@python3 Benchmarks/scale.py --healthgate "$$(swift build $(static) --show-bin-path)/healthgate" $(SCALE)

# Twenty upstreams of ten kinds probed once a second for ten minutes: nothing grows, no server complains. FLAT="--seconds 60".
flat:
	@.ci/install bench
	@$(MAKE) release
	@python3 Benchmarks/flat.py --healthgate "$$(swift build $(static) --show-bin-path)/healthgate" $(FLAT)

# 1,000 cases of apitest beside a test written by hand with Python's grpcio, and how soon the first call comes.
bench-apitest: release
	@python3 Benchmarks/apitest.py --healthgate "$$(swift build $(static) --show-bin-path)/healthgate" $(BENCH)

# Every flood and slow shape, 20 s each from 50 connections, beside an edge that polls: some 13 minutes. FLOODS="--seconds 3".
floods: release
	@.venv/bin/python Tests/Floods/floods.py --healthgate "$$(swift build $(static) --show-bin-path)/healthgate" $(FLOODS)

# libFuzzer against each reader of bytes from outside, for FUZZ_SECONDS each, or for FUZZ_RUNS inputs; TARGETS="NAME …" are
# these alone. A fault, trap, hang or growth ends it with the input. Then mutated seeds against what the test targets alone
# can import, the reader of whole configuration files.
runtime = $(shell swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')/clang/lib/linux
fuzzed = -c release --scratch-path .build/fuzz --product healthgate-fuzz $(checked) \
    -Xswiftc -DLIBFUZZER -Xswiftc -enable-testing -Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer \
    -Xlinker $(runtime)/libclang_rt.fuzzer_no_main-$(shell uname -m).a -Xlinker -lstdc++
bound = $(if $(FUZZ_RUNS),-runs=$(FUZZ_RUNS),-max_total_time=$(or $(FUZZ_SECONDS),60))
fuzz: install
	@swift build --quiet $(fuzzed)
	@fuzz="$$(swift build $(fuzzed) --show-bin-path)/healthgate-fuzz"; \
	for target in $${TARGETS:-$$("$$fuzz")}; do \
	    SWIFT_BACKTRACE=enable=no "$$fuzz" "$$target" $(bound) -artifact_prefix=.build/fuzz/; \
	done
	@HEALTHGATE_FUZZ_RUNS=$(FUZZ_RUNS) HEALTHGATE_FUZZ_SECONDS=$(or $(FUZZ_SECONDS),60) swift test --disable-xctest $(checked) --filter Fuzz

clean:
	@rm -rf .build .venv
