#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A mini-app is added by new files alone: the template, copied beside the project under another name,
# is built, listed, verified, and each of its planted faults is caught.
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/miniapps" "$scratch/specs"
cp -r "$INPEX_SOURCE/template/miniapps/example" "$scratch/miniapps/mine"
cp -r "$INPEX_SOURCE/template/specs/example" "$scratch/specs/mine"
sed -i 's/\bexample\b/mine/g' "$scratch"/miniapps/mine/* "$scratch"/specs/mine/*

# As the build that is tested, so that all but the new app's objects can be taken from there.
settings=()
while IFS= read -r setting; do settings+=("-D$setting"); done < <(
  grep -E '^(CMAKE_(BUILD_TYPE|[A-Z]+_COMPILER|[A-Z]+_FLAGS.*|[A-Z]+_ARCHITECTURES)|INPEX_[A-Z_]+|Kokkos_DIR):[A-Z]+=' "$INPEX_BUILD/CMakeCache.txt" |
    grep -Ev '^INPEX_(TESTS|MINIAPP_DIRS|SPEC_DIRS|PROBE):')
export CMAKE_CXX_COMPILER_LAUNCHER="python3;$INPEX_SOURCE/tests/compile/reuse.py;$INPEX_BUILD;$scratch/build"
cmake -S "$INPEX_SOURCE" -B "$scratch/build" "${settings[@]}" -DINPEX_TESTS=OFF \
  -DINPEX_MINIAPP_DIRS="$scratch/miniapps" -DINPEX_SPEC_DIRS="$scratch/specs" \
  >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
audit=""
if [ -x "$(dirname "$INPEX_BIN")/inpex-audit" ]; then audit=inpex-audit; fi
cmake --build "$scratch/build" --target inpex inpex-faults $audit -j 2 >"$scratch/log" 2>&1 || { tail -50 "$scratch/log"; exit 1; }

unset INPEX_SPECS  # what the build was told must be enough
inpex="$scratch/build/bin/inpex"
"$inpex" list | grep -q '^mine\.axpy '
"$inpex" run mine.axpy --case smoke --out "$scratch/bundle"
"$inpex" mutate mine.axpy
if [ -n "$audit" ]; then "$inpex" audit mine.axpy; fi
echo "mine.axpy was built, listed, verified, its faults were caught and its counts audited"
