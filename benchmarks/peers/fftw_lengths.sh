#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds fftw_lengths.cpp beside build/release and runs it with these arguments.
#   benchmarks/peers/fftw_lengths.sh [first length, 2] [last, 1024] [rounds, 5]
# FFTW's header and library must be there (libfftw3-dev), and `make run` must have been done.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd) build=${INPEX_BUILD_DIR:-build/release}
kokkos=$build/../.deps/release/kokkos
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CXX:-c++}" -std=c++20 -O3 -DNDEBUG -march=native -ffp-contract=off -fopenmp -DKOKKOS_DEPENDENCE \
  -I"$here/../../include" -I"$build/config/release" -isystem "$kokkos/include" "$here/fftw_lengths.cpp" \
  -o "$work/fftw_lengths" -L"$kokkos/lib" -lkokkoscontainers -lkokkoscore -ldl -lfftw3
OMP_NUM_THREADS=1 "$work/fftw_lengths" "$@"
