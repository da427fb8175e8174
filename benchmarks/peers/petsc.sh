#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Apps of sparse and PETSc in turn: sparse.cg27 and conjugate gradients with the diagonal (solve), or sparse.spmv and
# MatMult (product), of so many points along an axis of a box.
#   benchmarks/peers/petsc.sh [solve|product] [points, 104] [rounds, 5] [cores, 1]
# On more cores both have a process each, started by $MPIEXEC (mpiexec). PETSc of real numbers must be there
# (libpetsc-real-dev), by pkg-config or in $PETSC_FLAGS; $MPICXX (mpicxx) compiles against its MPI. inpex is in
# build/release/bin, or $INPEX_BIN_DIR. PETSC_OPTIONS goes to PETSc.
set -euo pipefail
kind=${1:-solve} points=${2:-104} rounds=${3:-5} cores=${4:-1}
bin=${INPEX_BIN_DIR:-build/release/bin} here=$(dirname "$0")
export OMP_NUM_THREADS=1
case $kind in
  solve) app=sparse.cg27 ;;
  product) app=sparse.spmv ;;
  *) echo "petsc.sh: '$kind' is none of solve, product" >&2; exit 2 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -ra flags <<< "${PETSC_FLAGS:-$(pkg-config --cflags --libs PETSc)}"
"${MPICXX:-mpicxx}" -O2 -std=c++17 "$here/petsc_time.cpp" -o "$work/petsc_time" "${flags[@]}"
launch=()
[ "$cores" = 1 ] || launch=("${MPIEXEC:-mpiexec}" -n "$cores")
for ((round = 1; round <= rounds; round++)); do
  "${launch[@]}" "$work/petsc_time" "$kind" "$points" 3 | sed "s/^/round $round: /"
  "${launch[@]}" "$bin/inpex" run $app -p nx="$points" -p ny="$points" -p nz="$points" --case M --space serial \
      --precision fp64 --min-seconds 0 --out "$work/run$round" 2>&1 | grep "^$app" | sed "s/^/round $round: /"
done
