#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands list, describe and spec as a user types them, also with hostile files: one clear
message with place and fix, the right exit code, nothing on stdout but what was asked for."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("INPEX_SOURCE", pathlib.Path(__file__).parents[2]))
HEAT7 = SOURCE / "specs" / "stencil" / "heat7.yaml"
wrong = []


def inpex(*words):
    return subprocess.run([os.environ["INPEX_BIN"], *map(str, words)], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "INPEX_SPECS": str(SOURCE / "specs")})


def expect(done, code, stdout="", stderr=""):
    name = " ".join(map(str, done.args[1:]))[:100]
    if done.returncode != code:
        wrong.append(f"{name}: exit {done.returncode}, not {code}\n{done.stderr[:500]}")
    for kind, text, pattern in (("stdout", done.stdout, stdout), ("stderr", done.stderr, stderr)):
        if not re.search(pattern, text) or (pattern == "" and kind == "stderr" and text):
            wrong.append(f"{name}: {kind} should have '{pattern}', but is\n{text[:500]}")


def read_only():
    expect(inpex("spec", "check", HEAT7, SOURCE / "specs" / "suites" / "quick.yaml"), 0, "stencil.heat7 .* holds.*\n.*suite quick holds")
    expect(inpex("spec", "digest", HEAT7), 0, "^[0-9a-f]{64}  ")
    expect(inpex("spec", "fields"), 0, r"\| `verify\[\]\.tolerance` \| N \|")
    listed = json.loads(inpex("list", "--json").stdout)
    if "stencil.heat7" not in [each["id"] for each in listed]:
        wrong.append(f"list --json has no stencil.heat7: {listed}")
    expect(inpex("list"), 0, "stencil.heat7 +Explicit 7-point heat step")
    expect(inpex("describe", "stencil.heat7"), 0, "smoke +32 x 32 x 32 +20 +628.9 kB")
    described = json.loads(inpex("describe", "stencil", "--json", "--precision", "fp32", "--ranks", "2").stdout)
    heat7 = next(each for each in described if each["id"] == "stencil.heat7")
    smoke = heat7["cases"][0]
    # Two blocks of 34 x 34 x 18 cells with ghosts, two fields of 4 bytes; 32^2 cells are sent.
    if smoke["memory_bytes"] != 2 * 2 * 4 * 34 * 34 * 18 or smoke["bytes_sent"] != 4 * 32 * 32:
        wrong.append(f"describe --json predicts {smoke}")


def refusals():
    expect(inpex("describe", "stencil.heat"), 2, "^$", "no app 'stencil.heat'\n.*did you mean 'stencil.heat7'")
    expect(inpex("describe", "stencil.heat7", "--precision", "fp16"), 2, "^$", "no precision 'fp16'")
    expect(inpex("spec", "check", "no-such.yaml"), 2, "^$", "no-such.yaml: the file cannot be opened")
    expect(inpex("spec", "check", SOURCE), 2, "^$", "this is a folder")
    done = inpex("spec", "check", SOURCE / "tests/corpus/bad/many_at_once.yaml", HEAT7)
    expect(done, 2, "stencil.heat7", ":11:9: unknown status 'drafted'\n  did you mean 'draft'")


def no_place_to_complain():
    """A full stderr is no reason to end with anything but the exit code."""
    if not os.path.exists("/dev/full"):
        return
    with open("/dev/full", "w") as full:
        done = subprocess.run([os.environ["INPEX_BIN"], "nonsense"], stderr=full)
    if done.returncode != 2:
        wrong.append(f"with a full stderr: exit {done.returncode}, not 2")


def hostile(folder):
    texts = {
        "brackets": b"a: " + b"[" * 900_000,
        "braces": b"{" * 900_000,
        "compact lists": b"- " * 400_000,
        "complex keys": b"? " * 400_000,
        "indentation": b"".join(b" " * i + b"a:\n" for i in range(1400)),
        "two MiB": b"a: " + b"x" * (2 << 20),
        "not UTF-8": HEAT7.read_bytes().replace(b"title: E", b"title: \xff"),
        "zero bytes": b"\0" * 1000,
        "billion laughs": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
        "UTF-16": HEAT7.read_text().encode("utf-16"),
        "errors without end": b"".join(b"k%d: 1\n" % i for i in range(60_000)),
    }
    for name, text in texts.items():
        path = folder / "hostile.yaml"
        path.write_bytes(text)
        for words in (("spec", "check", path), ("describe", path), ("spec", "digest", path)):
            done = inpex(*words)
            if done.returncode != 2 or "hostile.yaml" not in done.stderr or done.stdout or len(done.stderr) > 60_000:
                wrong.append(f"{name}, {words[:2]}: exit {done.returncode}\n{done.stderr[:300]}")


def gate(folder):
    new = folder / "heat7.yaml"
    for edits, version, code in (((), "1.0.0", 0), ((("4*eps", "8*eps"),), "1.0.0", 5), ((("4*eps", "8*eps"),), "1.1.0", 5),
                                 ((("4*eps", "8*eps"),), "2.0.0", 0), ((("title: E", "title: An e"),), "1.0.1", 0),
                                 ((("  M: {nx", "  XL: {nx: 1024, ny: 1024, nz: 1024, steps: 4}\n  M: {nx"),), "1.0.1", 5),
                                 ((("  M: {nx", "  XL: {nx: 1024, ny: 1024, nz: 1024, steps: 4}\n  M: {nx"),), "1.1.0", 0)):
        text = re.sub("^version: .*", f"version: {version}", HEAT7.read_text(), flags=re.M)
        old = re.sub("^version: .*", "version: 1.0.0", HEAT7.read_text(), flags=re.M)
        for before, after in edits:
            text = text.replace(before, after, 1)
        (folder / "old.yaml").write_text(old)
        new.write_text(text)
        expect(inpex("spec", "diff", folder / "old.yaml", new), 0, f"version 1.0.0 to {version}")
        expect(inpex("spec", "diff", "--gate", folder / "old.yaml", new), code, "version 1.0.0",
               "too small a step" if code else "")


def main():
    read_only()
    refusals()
    no_place_to_complain()
    with tempfile.TemporaryDirectory() as folder:
        hostile(pathlib.Path(folder))
        gate(pathlib.Path(folder))
    print("\n".join(wrong) or "list, describe and spec: as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
