#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `inpex run` is killed with SIGKILL again and again: what was recorded stays, `show` names the case in
# hand and exits 6, and --resume ends with a whole bundle.
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
fail() { printf 'bundle_resume: %s\n' "$*" >&2; exit 1; }
records() { if [ -e "$1/records.jsonl" ]; then wc -l <"$1/records.jsonl"; else echo 0; fi; }

# expect <exit code> <text in the output> <command>...
expect() {
  local code=0 wanted=$1 text=$2
  shift 2
  "$@" >said 2>&1 || code=$?
  [ "$code" = "$wanted" ] || { cat said; fail "exit $code, not $wanted: $*"; }
  grep -qF -- "$text" said || { cat said; fail "'$text' is not said by: $*"; }
}

# wait_for <number of records>: of the run in hand
wait_for() {
  for _ in $(seq 3000); do
    [ "$(records out.partial)" -ge "$1" ] && return
    [ -e out ] && return
    sleep 0.02
  done
  fail "no record number $1 within a minute"
}

start() { "$INPEX_BIN" run "$@" >run.log 2>&1 & run=$!; }
# The shell's own line about the killed job goes to a file.
kill_run() { kill -9 "$run"; wait "$run" 2>killed || true; }

cases=40  # enough that some are left after three kills, also on a fast machine
start stencil.heat7 --case smoke -p "steps=$(seq -s, 20 $((19 + cases)))" --out out
wait_for 1
# While it runs, nobody else may write to it.
expect 3 'another inpex is writing' "$INPEX_BIN" run --resume out
kill_run
expect 2 'OMP_NUM_THREADS was' env OMP_NUM_THREADS=7 "$INPEX_BIN" run --resume out
expect 2 'GOMP_SPINCOUNT was unknown and is now "5"' env GOMP_SPINCOUNT=5 "$INPEX_BIN" run --resume out
for more in 1 1; do
  done_before=$(records out.partial)
  cp out.partial/records.jsonl before.jsonl
  expect 6 'interrupted at case 000' "$INPEX_BIN" show out.partial
  grep -q "^stencil.heat7  smoke steps=20 \|^stencil.heat7  smoke " said || fail "no table of an interrupted bundle"
  expect 2 'was interrupted or goes on' "$INPEX_BIN" show out
  expect 3 'inpex run --resume' "$INPEX_BIN" run stencil.heat7 --case smoke --out out
  start --resume out
  wait_for $((done_before + more))
  kill_run
  [ -e out ] && break
  head -n "$done_before" out.partial/records.jsonl | cmp - before.jsonl || fail "a record was lost"
done

# A line that the kill tore.
if [ ! -e out ]; then
  whole=$(records out.partial)
  printf '{"inpex_record":"1.0","id":' >>out.partial/records.jsonl
  expect 6 'was not written to its end' "$INPEX_BIN" show out.partial
  expect 0 'bundle: out' "$INPEX_BIN" run --resume out.partial
  [ "$whole" -lt "$cases" ] || fail "nothing was left to resume"
  grep -q 'torn.txt' out/log.txt || fail "the log does not tell of the torn record"
fi
expect 0 'passed' "$INPEX_BIN" show out
expect 0 'the bundle holds' "$INPEX_BIN" verify out
[ "$(records out)" = "$cases" ] || fail "there are $(records out) records, not $cases"
[ "$(find out/samples -name '*.h5' | wc -l)" = "$cases" ] || fail "there are not $cases files of samples"
[ ! -e out.partial ] || fail "out.partial is still there"
echo "killed three times, resumed, whole"
