#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Apps of fft and FFTW in turn: fft.c2c3d (box), fft.r2c3d (real) or fft.batch1d (lines, a total of
# 65536 times 1024 points) of so many points along an axis or a line.
#   benchmarks/peers/fftw.sh [box|real|lines] [points, 256] [rounds, 5] [threads, 1]
# FFTW's header and libraries must be there (libfftw3-dev); inpex is in build/release/bin, or $INPEX_BIN_DIR.
set -euo pipefail
kind=${1:-box} points=${2:-256} rounds=${3:-5}
export OMP_NUM_THREADS=${4:-1}
bin=${INPEX_BIN_DIR:-build/release/bin} here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CXX:-c++}" -O2 -std=c++17 "$here/fftw_time.cpp" -o "$work/fftw_time" -fopenmp -lfftw3_omp -lfftw3
total=$((65536 * 1024))
case $kind in
  box) peer=(box "$points") app=(fft.c2c3d -p nx="$points" -p ny="$points" -p nz="$points") ;;
  real) peer=(real "$points") app=(fft.r2c3d -p nx="$points" -p ny="$points" -p nz="$points") ;;
  lines) peer=(lines "$points" "$total") app=(fft.batch1d -p n="$points" -p lines=$((total / points))) ;;
  *) echo "fftw.sh: '$kind' is none of box, real, lines" >&2; exit 2 ;;
esac
space=serial case=M
[ "$kind" = lines ] || [ "$points" -lt 400 ] || case=L  # which is given more time
[ "$OMP_NUM_THREADS" = 1 ] || space=openmp
for ((round = 1; round <= rounds; round++)); do
  "$work/fftw_time" "${peer[@]}" 5 | sed "s/^/round $round: /"
  "$bin/inpex" run "${app[@]}" --case "$case" --space "$space" --precision fp64 --min-seconds 0 --out "$work/run$round" 2>&1 |
    grep -m1 '^fft\.' | sed "s/^/round $round: /"
done
