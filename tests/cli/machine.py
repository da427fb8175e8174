#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`inpex machine` as a user types it: its table, its JSON, its file, its refusals."""

import json
import os
import subprocess
import sys
import tempfile
import time

INPEX = os.environ["INPEX_BIN"]
UNITS = {"byte/s", "flop/s", "s"}
MIXES = {"copy", "stream_copy", "read", "update", "triad"}


def run(*words, launcher=()):
    return subprocess.run([*launcher, INPEX, *words], capture_output=True, text=True, timeout=300)


def check(condition, what):
    if not condition:
        sys.exit(f"machine.py: {what}")


def without_empty(value, place="it"):
    """Unknown is absent: no empty text, list or map, and no null anywhere."""
    check(value is not None and value not in ("", [], {}), f"{place} is empty")
    if isinstance(value, dict):
        for name, item in value.items():
            without_empty(item, f"{place}.{name}")
    if isinstance(value, list):
        for item in value:
            without_empty(item, place)


def names(machine, space):
    return {c["name"] for c in machine["ceilings"] if c.get("space") == space}


def judge(machine, least_rounds=9):
    without_empty(machine)
    spaces = machine["placement"]["spaces"]
    withheld = {(w["name"], w.get("space")) for w in machine.get("withheld", [])}
    for space in spaces:
        for wanted in MIXES | {"fma_fp64", "fma_fp32", "launch", "fence"}:
            there = wanted in names(machine, space) or (wanted, space) in withheld
            check(there, f"{wanted} of {space} is neither there nor withheld")
    check("timer" in names(machine, None) or ("timer", None) in withheld, "no timer")
    for c in machine["ceilings"]:
        check(c["value"] > 0 and c["unit"] in UNITS and c["n"] >= least_rounds, f"{c} cannot be")
        check(c["interval"]["low"] <= c["value"] <= c["interval"]["high"], f"{c}: outside of its interval")


def file_and_table(folder):
    path = os.path.join(folder, "machine.yaml")
    done = run("machine", "--quick", "--out", path)
    check(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
    lines = done.stdout.splitlines()
    for wanted in MIXES | {"fma_fp64", "L1_read", "timer", "energy:"}:
        check(any(line.startswith(wanted + " ") for line in lines), f"the table has no {wanted}")
    check("written to " + path in done.stderr, "stderr does not say where the file is")
    with open(path) as file:
        text = file.read()
    check('inpex_machine: "1.0"' in text and "  - {name: stream_copy, space:" in text, "the file is not YAML as promised")
    host = os.uname().nodename
    check(f": {host}\n" not in text and f'"{host}"' not in text, "the host's name is in the file")

    start = time.monotonic()
    again = run("machine", "--out", path)
    check(again.returncode == 2 and "exists already" in again.stderr, f"a file was overwritten: {again}")
    nowhere = run("machine", "--out", os.path.join(folder, "missing", "machine.yaml"))
    check(nowhere.returncode == 3 and "missing" in nowhere.stderr, f"a missing folder: {nowhere}")
    check(time.monotonic() - start < 60, "it measured before it refused")
    with open(path) as file:
        check(file.read() == text, "the file that was there has changed")
    described = run("describe", "stencil.heat7", "--machine", path)
    check(described.returncode == 0, f"describe cannot read the file: {described.stderr}")


def selftest():
    done = run("machine", "--quick", "--selftest", "--json")
    machine = json.loads(done.stdout)
    judge(machine)
    withheld = machine.get("withheld", [])
    check(done.returncode == (6 if withheld else 0), f"exit {done.returncode} with {len(withheld)} withheld")
    for each in withheld:
        check("twice the work took" in each["reason"], f"{each} gives no reason")


def ranks():
    launcher = os.environ.get("MPIEXEC")
    if not launcher:
        return
    done = run("machine", "--quick", "--json", launcher=(launcher, "-n", "2"))
    check(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
    machine = json.loads(done.stdout)
    judge(machine)
    check(machine["placement"]["ranks"] == 2 and len(machine["placement"]["binding"]) == 2, "not two ranks")
    check({"ping_pong_latency", "ping_pong_bandwidth"} <= names(machine, None), "no messages were measured")


def refusals():
    wrong = run("machine", "--quik")
    check(wrong.returncode == 2 and "quick" in wrong.stderr, f"a misspelt option: {wrong}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        file_and_table(scratch)
    selftest()
    ranks()
    refusals()
