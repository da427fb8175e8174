#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Apps and oneMKL in turn: fft.c2c3d (box), fft.batch1d (lines, a total of 65536 times 1024 points) or sparse.spmv
# (product) of so many points along an axis or a line.
#   benchmarks/peers/onemkl.sh [box|lines|product] [points, 256] [rounds, 5] [threads, 1]
# oneMKL must be there (pip install mkl mkl-include): the folder with its include and lib is $MKLROOT. inpex is in
# build/release/bin, or $INPEX_BIN_DIR. On processors of AMD some releases of oneMKL take slower paths.
set -euo pipefail
kind=${1:-box} points=${2:-256} rounds=${3:-5}
export OMP_NUM_THREADS=${4:-1} MKL_NUM_THREADS=${4:-1}
bin=${INPEX_BIN_DIR:-build/release/bin} here=$(dirname "$0") mkl=${MKLROOT:?is the folder of oneMKL}
box=(-p nx="$points" -p ny="$points" -p nz="$points")
case $kind in
  box) app=(fft.c2c3d "${box[@]}") ;;
  lines) app=(fft.batch1d -p n="$points" -p lines=$((65536 * 1024 / points))) ;;
  product) app=(sparse.spmv "${box[@]}") ;;
  *) echo "onemkl.sh: '$kind' is none of box, lines, product" >&2; exit 2 ;;
esac
work=$(mktemp -d)
runtime=("$mkl"/lib/libmkl_rt.so*)
trap 'rm -rf "$work"' EXIT
"${CXX:-c++}" -O2 -std=c++17 "$here/onemkl_time.cpp" -o "$work/onemkl_time" -I"$mkl/include" \
    "${runtime[0]}" -Wl,-rpath,"$mkl/lib"
space=serial
[ "$OMP_NUM_THREADS" = 1 ] || space=openmp
for ((round = 1; round <= rounds; round++)); do
  "$work/onemkl_time" "$kind" "$points" 5 | sed "s/^/round $round: /"
  "$bin/inpex" run "${app[@]}" --case M --space "$space" --precision fp64 --min-seconds 0 --out "$work/run$round" 2>&1 |
    grep -m1 "^${app[0]}" | sed "s/^/round $round: /"
done
