#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `inpex compare` as a user meets it: a naive variant is slower, other cases are refused with the
# field that differs, a changed bundle is not looked at.
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export INPEX_CALIBRATIONS=$scratch/calibrations
fail() { printf 'compare: %s\n' "$*" >&2; exit 1; }

# expect <exit code> <text in the output> <words of inpex>...
expect() {
  local code=0 wanted=$1 text=$2
  shift 2
  "$INPEX_BIN" "$@" >said 2>&1 || code=$?
  [ "$code" = "$wanted" ] || { cat said; fail "exit $code, not $wanted: $*"; }
  grep -qF -- "$text" said || { cat said; fail "'$text' is not said by: $*"; }
}

run() { "$INPEX_BIN" run stencil.heat7 --min-seconds 0.2 "$@" >ran 2>&1 || { cat ran; fail "$*"; }; }
run --case teach --out tuned
run --case teach -p variant=naive --out naive
run --case smoke --out smoke
run --case teach -p nx=32 --out narrow

# The naive variant is slower by a factor, which no noise of a machine hides.
expect 5 'SLOWER' compare tuned naive
expect 0 'FASTER' compare naive tuned
expect 0 'differences under 5 % are not claimed' compare naive tuned
expect 0 '"verdict":"FASTER"' compare naive tuned --json
expect 0 'FASTER' compare naive/records.jsonl tuned
expect 2 'A and B differ in case, name: "teach" and "smoke"' compare tuned smoke
expect 2 'A and B differ in case, parameters.nx: 64 and 32' compare tuned narrow
expect 2 'there is no such bundle' compare tuned nowhere
printf x >>naive/log.txt
expect 6 "'log.txt' was changed" compare tuned naive
echo "results are compared, or refused with the reason"
