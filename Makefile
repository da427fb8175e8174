# SPDX-License-Identifier: Apache-2.0
# The two commands of the README. Everything else: cmake --preset NAME, cmake --build --preset NAME.
PRESET ?= release
SUITE ?= specs/suites/quick.yaml
BUILD := build/$(PRESET)
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell getconf _NPROCESSORS_ONLN)

.PHONY: help setup configure run test clean
help:
	@echo "make run    set up, build, and run $(SUITE)"
	@echo "make test   set up, build everything, and run all tests"
	@echo "make clean  remove build/ (Kokkos stays in its cache)"

setup:
	@scripts/setup $(PRESET) || { code=$$?; \
	  echo "make: set-up stopped with exit code $$code; what is missing is named above" >&2; exit $$code; }

configure: setup
	@cmake --preset $(PRESET) >$(BUILD).log 2>&1 || { cat $(BUILD).log; \
	  echo "make: CMake could not configure $(BUILD); the reason is above" >&2; exit 1; }

run: configure
	@cmake --build $(BUILD) --target inpex || { \
	  echo "make: the program did not build; the first error is above" >&2; exit 1; }
	@$(BUILD)/bin/inpex run $(SUITE) || { code=$$?; \
	  echo "make: inpex ended with exit code $$code; its last line says what to do" >&2; exit $$code; }

test: configure
	@cmake --build $(BUILD) || { \
	  echo "make: something did not build; the first error is above" >&2; exit 1; }
	@ctest --test-dir $(BUILD) --output-on-failure -j 2

clean:
	rm -rf build
