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
expect 0 'only differences surely beyond 5 % are claimed' compare naive tuned
expect 0 '"verdict":"FASTER"' compare naive tuned --json
expect 0 'FASTER' compare naive/records.jsonl tuned
expect 2 'A and B differ in case, name: "teach" and "smoke"' compare tuned smoke
expect 2 'A and B differ in case, parameters.nx: 64 and 32' compare tuned narrow
expect 2 'there is no such bundle' compare tuned nowhere

# Three samples decide nothing; rounds in turn do, for a factor, and are a bundle.
run --case smoke -p variant=naive --out few
expect 6 'take at least 6 samples' compare smoke few
expect 5 'SLOWER' compare smoke few --confirm --rounds 8 --out rounds
grep -q '8 rounds in turn' said || fail "the rounds are not told"
expect 0 'recomputed bit for bit' verify rounds
expect 2 'a file of records cannot be run again' compare smoke/records.jsonl few --confirm
expect 2 'requires --confirm' compare smoke few --rounds 8
expect 2 'not in range' compare smoke few --confirm --rounds 5
expect 0 'FASTER' compare naive tuned --confirm --out unused
[ ! -e unused ] || fail "what is decided was run again"
cp -r few moved
sed -i 's/"host":"[^"]*"/"host":"elsewhere"/' moved/plan.json
(cd moved && find . -type f ! -name manifest.sha256 -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >manifest.sha256)
expect 6 "the plan has 'elsewhere'" compare smoke moved --confirm  # its records are not of its plan

printf x >>naive/log.txt
expect 6 "'log.txt' was changed" compare tuned naive
echo "results are compared, or refused with the reason"
