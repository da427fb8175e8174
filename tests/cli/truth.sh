#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# verify, rules, calibrate, accept and reproduce as a user meets them, on bundles of real runs.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
suite=$root/specs/suites/smoke.yaml forge=$root/tests/forge.py
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export INPEX_CALIBRATIONS=$scratch/calibrations
fail() { printf 'truth: %s\n' "$*" >&2; exit 1; }

# expect <exit codes> <text in the output> <words of inpex>...
expect() {
  local code=0 wanted=$1 text=$2
  shift 2
  "$INPEX_BIN" "$@" >said 2>&1 || code=$?
  [[ " $wanted " == *" $code "* ]] || { cat said; fail "exit $code, not $wanted: $*"; }
  grep -qF -- "$text" said || { cat said; fail "'$text' is not said by: $*"; }
}

# A bundle of every app that is there, of a case with enough samples, and one of planted faults.
"$INPEX_BIN" run "$suite" --out smoke >ran 2>&1 || { cat ran; fail run; }
"$INPEX_BIN" run stencil.heat7 --case teach --min-seconds 0.1 -p variant=naive,spatial --out teach >ran 2>&1 ||
  { cat ran; fail run; }
for bundle in smoke teach; do
  expect 0 'the bundle holds' verify $bundle
  grep -qE ': ([0-9]+) of \1 records recomputed bit for bit' said || { cat said; fail "not every record was recomputed"; }
done
expect 0 '"signature":"the bundle is not signed"' verify smoke --json
touch nobody
expect 6 'it is not signed' verify smoke --signers nobody --identity me
expect 6 'it is not signed' verify smoke --signers nobody
expect 2 'name the file with --signers' verify smoke --identity me
expect 2 'nowhere' verify smoke --signers nowhere
expect 2 '--signers: there is an empty word' verify smoke --signers ''
expect 2 '--identity: there is an empty word' verify smoke --signers nobody --identity ''
expect 2 "'nan' is no number of seconds from 0 to a year" run stencil.heat7 --case smoke --min-seconds nan
expect 2 "'nan' is no number of seconds above 0 to a year" run stencil.heat7 --case smoke --case-timeout nan
expect 2 'there is no such bundle' verify nowhere

# A number that is forged together with its id and the manifest is found from the samples.
cp -r teach forged
sed -i -E 's/("fom":\{[^}]*"value":)[^,}]*/\19000000000.5/' forged/records.jsonl
python3 "$forge" forged
expect 6 'false by R-104 figure: stated and computed again: fom.value' verify forged
expect 6 'the bundle does NOT hold' verify forged
printf x >>smoke/environment.json
expect 6 'environment.json: damaged: the file was changed' verify smoke

expect 0 '(100 %)' rules --coverage
expect 0 '| R-001 | `work-differs` |' rules
expect 0 '"id":"R-101"' rules --json
expect 0 'intervals hold the truth' selftest --coverage

# Of a share of every figure none that neither time nor noise decides may miss; the rest is in it.
code=0
"$INPEX_BIN" scorecard --quick --json --out card >said 2>ran || code=$?
[[ " 4 6 " == *" $code "* ]] || { cat said ran; fail "exit $code of scorecard"; }
python3 - <<'PYTHON' || { cat said ran; fail "the scorecard"; }
import json
lines = json.load(open("card"))["lines"]
assert json.load(open("said"))["quick"] and len(lines) >= 24
sure = ("rules", "intervals", "bits", "apps", "planted", "a changed flag")
missed = [line for line in lines if line["what"].startswith(sure) and line["standing"] == "MISS"]
assert not missed, missed
assert [line["standing"] for line in lines if line["what"].startswith(("rules", "bits", "apps"))] == ["pass"] * 3
PYTHON
expect 2 'exists already' scorecard --quick --out card
expect 2 'there is no such bundle' scorecard --quick --from nowhere

# Ten pairs of the smallest case that gives an interval; then compare knows the effect.
expect 0 'of 10 pairs' calibrate stencil.heat7 --case teach --min-seconds 0 --pairs 10 --out pairs
expect 0 'stored: ' calibrate --from pairs
cp -r pairs elsewhere
sed -i 's/"host":"[^"]*"/"host":"another"/' elsewhere/records.jsonl elsewhere/plan.json
sed -i 's/^  host: .*/  host: another/' elsewhere/machine.yaml
python3 "$forge" elsewhere
expect 0 'stored: ' calibrate --from elsewhere
expect 6 'these runs are of another machine than this one' calibrate --from elsewhere --slowed
expect '0 6' 'calibrated effect' compare teach teach
expect 2 'what to calibrate?' calibrate
expect 6 'no case has 10 pairs' calibrate --from teach
expect 2 '--case excludes --from' calibrate --from teach --case S

# A clean source is what a reference result needs: without it a contract stays open.
cat >contract.yaml <<'YAML'
inpex_contract: "1.0"
id: test
division: open
confidence: 0.9
figures:
  - {name: heat, app: stencil.heat7, case: teach, precision: fp64}
clauses:
  - {id: rate, figure: heat, at_least: 1.0, unit: cell/s}
YAML
expect '0 6' 'rate: ' accept contract.yaml teach
expect 6 'the bundle does not hold' accept contract.yaml forged
sed 's/at_least/at_leest/' contract.yaml >bad.yaml
expect 2 'bad.yaml:8:40: unknown field' accept bad.yaml teach
sed 's/case: teach/case: teech/' contract.yaml >bad_case.yaml
expect 2 "figure heat: stencil.heat7 has no case 'teech'" accept bad_case.yaml forged
sed 's/at_least: 1.0/at_least: -inf/' contract.yaml >bad_limit.yaml
expect 2 'bad_limit.yaml:8:40: it must be a number above 0' contract diff contract.yaml bad_limit.yaml
sed 's|cell/s|Gcell/s|' contract.yaml >bad_unit.yaml
expect 6 'rate: INCONCLUSIVE' accept bad_unit.yaml teach

# What a new version of a contract loosens is named, and stopped by the gate.
sed 's/at_least: 1.0/at_least: 0.5/' contract.yaml >looser.yaml
expect 0 'clause rate: loosened, at_least: ' contract diff contract.yaml looser.yaml
expect 5 'asks for less' contract diff --gate contract.yaml looser.yaml
expect 0 'clause rate: tightened' contract diff --gate looser.yaml contract.yaml
expect 2 'bad.yaml:8:40: unknown field' contract diff contract.yaml bad.yaml

# The same program on the same machine; what is not the same is named.
expect '0 5 6' 'figures' reproduce teach --out again
expect 0 'the bundle holds' verify again
cp -r teach other
sed -i 's/"compiler":"[^"]*"/"compiler":"Another 1.0"/' other/plan.json
python3 "$forge" other
expect 6 'compiler was "Another 1.0" and is now' reproduce other
GOMP_SPINCOUNT=5 expect 6 'GOMP_SPINCOUNT was unknown and is now' reproduce teach
echo "results are judged from themselves alone"
