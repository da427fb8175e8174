#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A bundle as a user meets it: the table of `show` is that of `run`, sha256sum agrees with the
# manifest, a flipped byte is found, and what exists is never touched.
set -euo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
fail() { printf 'bundle_show: %s\n' "$*" >&2; exit 1; }

# expect <exit code> <text in the output> <command>...
expect() {
  local code=0 wanted=$1 text=$2
  shift 2
  "$@" >said 2>&1 || code=$?
  [ "$code" = "$wanted" ] || { cat said; fail "exit $code, not $wanted: $*"; }
  grep -qF -- "$text" said || { cat said; fail "'$text' is not said by: $*"; }
}

"$INPEX_BIN" run stencil.heat7 --case smoke --precision fp64,fp32 --out bundle >ran
expect 0 'passed' "$INPEX_BIN" show bundle
grep -v '^bundle: ' ran | cmp - said || fail "run and show print different tables"
grep -q $'\x1b' said && fail "there is colour in a file"
(cd bundle && sha256sum --quiet -c manifest.sha256)
[ "$(find bundle -name '*.h5' | wc -l)" = 2 ] || fail "there are not two files of samples"

"$INPEX_BIN" show bundle/ --json >shown.json
python3 - <<'PYTHON'
import json
shown = json.load(open("shown.json"))
assert shown["state"] == "whole", shown["state"]
assert [r["spec"]["precision"] for r in shown["records"]] == ["fp64", "fp32"]
lines = [json.loads(line) for line in open("bundle/records.jsonl")]
assert lines == shown["records"]
assert all(r["status"] == "passed" and r["verify"] for r in lines)
PYTHON

# Every file, one byte changed in its middle.
(cd bundle && find . -type f ! -name manifest.sha256 -printf '%P\n') | while read -r name; do
  cp "bundle/$name" kept
  python3 - "bundle/$name" <<'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[len(data) // 2] ^= 1
open(sys.argv[1], "wb").write(data)
PYTHON
  expect 6 "'$name' was changed" "$INPEX_BIN" show bundle
  cp kept "bundle/$name"
done
touch bundle/added.txt
expect 6 "'added.txt' was added" "$INPEX_BIN" show bundle
rm bundle/added.txt
expect 0 'passed' "$INPEX_BIN" show bundle

cp -r bundle before
expect 3 'the folder exists already' "$INPEX_BIN" run stencil.heat7 --case smoke --out bundle
diff -r before bundle || fail "a refused run has changed the bundle"
expect 2 'there is no such bundle' "$INPEX_BIN" show nowhere
expect 6 'has no manifest.sha256' "$INPEX_BIN" show .
expect 3 'No such file or directory' "$INPEX_BIN" run stencil.heat7 --case smoke --out no/where
expect 3 'Not a directory' "$INPEX_BIN" run stencil.heat7 --case smoke --out kept/bundle
expect 2 'nothing is left to do' "$INPEX_BIN" run --resume bundle

# A disk with room for 1 KiB a file: nothing is left behind.
full_disk() { (ulimit -f 1; "$INPEX_BIN" run stencil.heat7 --case smoke --out full); }
expect 3 'File too large' full_disk
[ ! -e full ] && [ ! -e full.partial ] || fail "a run on a full disk left something behind"
echo "bundles are shown as they were written, and not otherwise"
