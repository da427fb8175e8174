#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fft.c2c3d or fft.batch1d and FFTW in turn, on one thread.
#   benchmarks/peers/fftw.sh [box|lines] [points along an axis or of a line, 256] [rounds, 5] [lines, 65536]
# FFTW's header and library must be there (libfftw3-dev); inpex is in build/release/bin, or $INPEX_BIN_DIR.
set -euo pipefail
kind=${1:-box} points=${2:-256} rounds=${3:-5} lines=${4:-65536}
bin=${INPEX_BIN_DIR:-build/release/bin} here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CXX:-c++}" -O2 -std=c++17 "$here/fftw_time.cpp" -o "$work/fftw_time" -lfftw3
if [ "$kind" = box ]; then
  peer=("$work/fftw_time" box "$points" 5) app=(fft.c2c3d -p nx="$points" -p ny="$points" -p nz="$points")
else
  peer=("$work/fftw_time" lines "$points" "$lines" 5) app=(fft.batch1d -p n="$points" -p lines="$lines")
fi
export OMP_NUM_THREADS=1
for ((round = 1; round <= rounds; round++)); do
  "${peer[@]}" | sed "s/^/round $round: /"
  "$bin/inpex" run "${app[@]}" --case M --space serial --min-seconds 0 --out "$work/run$round" 2>&1 |
    grep -m1 '^fft\.' | sed "s/^/round $round: /"
done
