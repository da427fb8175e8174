#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`inpex tune` as a user types it: its table and file, what a run takes of it, and what it refuses."""

import json
import os
import subprocess
import sys
import tempfile

INPEX = os.environ["INPEX_BIN"]


def run(*words, **variables):
    return subprocess.run([INPEX, *words], capture_output=True, text=True, timeout=300, env={**os.environ, **variables})


def check(condition, what):
    if not condition:
        sys.exit(f"tune.py: {what}")


def smoke(folder, name, *words, **variables):
    """A run of heat7's smoke case: what it said, and the tile it ran with."""
    done = run("run", "stencil.heat7", "--case", "smoke", "--json", "--out", os.path.join(folder, name), *words, **variables)
    check(done.returncode == 0, f"{name} exits {done.returncode}: {done.stderr}")
    record = json.loads(done.stdout)["records"][0]
    return done.stderr, record["spec"]["parameters"]["tile"], record["spec"]["comparability_key"]


with tempfile.TemporaryDirectory(prefix="inpex-tune-") as folder:
    path = os.path.join(folder, "tuning.json")
    done = run("tune", "stencil.heat7", "stencil.star2d", "--case", "smoke", "--seconds", "2", "--file", path)
    check(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
    check("stencil.heat7" in done.stdout and path in done.stdout, f"its table: {done.stdout}")
    check("no parameter has candidates" in done.stdout, "an app without candidates is not told of")
    with open(path) as file:
        tuning = json.load(file)
    check([each["app"] for each in tuning["apps"]] == ["stencil.heat7"], f"its file: {tuning}")

    # What a run takes: a value that is no default, told, in the record, and no part of what is compared.
    tuning["apps"][0]["parameters"] = {"tile": 16}
    with open(path, "w") as file:
        json.dump(tuning, file)
    said, tile, key = smoke(folder, "tuned", "--tuning", path)
    check(tile == 16 and "tile=16" in said, f"tile {tile}, said: {said}")
    said, tile, _ = smoke(folder, "by-variable", INPEX_TUNING=path)
    check(tile == 16, f"$INPEX_TUNING: tile {tile}")
    said, tile, other = smoke(folder, "off", "--tuning", "off", INPEX_TUNING=path)
    check(tile == 32 and "tile=" not in said and key == other, f"off: tile {tile}, {key} and {other}")
    said, tile, _ = smoke(folder, "own", "-p", "tile=8", "--tuning", path)
    check(tile == 8, f"-p tile=8 ran {tile}")

    foreign = dict(tuning, machine="0123456789abcdef", cpu="another")
    for name, text in {"damaged": json.dumps(tuning)[:-20], "foreign": json.dumps(foreign), "empty": ""}.items():
        with open(path, "w") as file:
            file.write(text)
        said, tile, _ = smoke(folder, name, "--tuning", path)
        check(tile == 32 and "not used" in said and path in said, f"a {name} file: tile {tile}, {said}")

    for words, code, told in (
        (("tune",), 2, "which app"),
        (("tune", "stencil.heat8"), 2, "stencil.heat7"),
        (("tune", "stencil.heat7", "--file", os.path.join(folder, "a-file", "x.json"), "--seconds", "0.1", "--case", "smoke"), 3, "a-file"),
        (("run", "stencil.heat7", "--case", "smoke", "--tuning", os.path.join(folder, "none.json")), 2, "none.json"),
    ):
        with open(os.path.join(folder, "a-file"), "w"):
            pass
        done = run(*words)
        check(done.returncode == code and told in done.stderr, f"{words}: exit {done.returncode}, {done.stderr}")
print("tune.py: all well")
