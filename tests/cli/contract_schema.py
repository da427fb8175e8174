#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of contracts and the program are held against the same contracts: what the
program refuses, the schema refuses, but for what a schema cannot see.

Needs python3-yaml and python3-jsonschema. Without them the program alone is tried, and the test
counts as skipped (exit 77).
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from spec_schema import SOURCE, loader, schema_says

HEAD = """inpex_contract: "1.0"
id: test
division: open
confidence: 0.95
figures:
  - {name: a, app: stencil.heat7, case: M, space: openmp, precision: fp64, spec: abcdef012345}
  - {name: b, app: stencil.box27, case: M, runs: 6}
clauses:
"""
GOOD = [
    "figure: a, at_least: 1, unit: cell/s",
    "figure: a, quantity: time, at_most: 1e-3, unit: s",
    "figure: a, quantity: energy, at_most: 1000, unit: J",
    "figure: a, over: b, times: 2, at_least: 0.5",
    "figure: a, over: b, quantity: time, at_least: 0.5",
    "composite: sum, of: [{figure: a, weight: 2}, {figure: b}], at_least: 1, unit: cell/s",
    "composite: sum, quantity: time, of: [{figure: a}, {figure: b}], at_most: 1, unit: s",
    "composite: geometric-mean, of: [{figure: a, reference: 1}, {figure: b, reference: 2}], at_least: 1",
    "composite: performance-portability, of: [{figure: a, reference: 1}], at_least: 0.1, quantity: fom",
]
BAD = [
    *(f"figure: a, at_least: {number}" for number in ("nan", '"inf"', "-inf", "0", "-1", "1e-101", "1e101", "1e999")),
    *(f"figure: a, over: b, times: {number}, at_least: 1" for number in ("inf", "0", "1e300")),
    *(f"composite: sum, of: [{{figure: a, {field}: {number}}}], at_least: 1"
      for field in ("weight", "reference") for number in ("nan", "0", "-2", "1e-320")),
    "figure: a, quantity: time, at_most: 1, unit: ms",
    "figure: a, quantity: energy, at_most: 1, unit: kWh",
    "figure: a, over: b, at_least: 1, unit: cell/s",
    "composite: sum, of: [{figure: a, reference: 1}], at_least: 1, unit: cell/s",
    "composite: sum, of: [{figure: a, reference: 1}, {figure: b}], at_least: 1",
    "composite: performance-portability, of: [{figure: a}], at_least: 0.1",
    "composite: performance-portability, of: [{figure: a, reference: 1}], at_least: 0.1, quantity: time",
    "composite: performance-portability, of: [{figure: a, reference: 1}], at_most: 0.1",
    "composite: sum, of: [{figure: a}], over: b, at_least: 1",
    "composite: sum, of: [{figure: a}], times: 2, at_least: 1",
    "composite: sum, of: [{figure: a}], figure: b, at_least: 1",
    "composite: sum, at_least: 1",
    "figure: a, of: [{figure: b}], at_least: 1",
    "figure: a, times: 2, at_least: 1",
    "figure: a, at_least: 1, at_most: 2",
]
# What ties two places of a file together, a schema does not see.
UNSEEN = [
    "figure: c, at_least: 1",
    "figure: a, over: a, at_least: 1",
    "composite: sum, of: [{figure: a}, {figure: a, weight: 2}], at_least: 1",
]
BAD_HEADS = [
    ("id: test\n", ""),
    ("id: test", 'id: "a\\nb"'),
    ("division: open", "division: open\nsource: abcdef"),
    ("abcdef012345", "abcdef"),
    ("abcdef012345", "ABCDEF012345"),
    ("space: openmp", "space: opnmp"),
    ("precision: fp64", "precision: fp46"),
    ("precision: fp64", "ranks: 0"),
    ("precision: fp64", "runs: 0"),
    ("precision: fp64", "runs: 1001"),
    ("precision: fp64", "runs: 1.5"),
]


def main():
    schema = json.loads((SOURCE / "specs/schema/contract.schema.json").read_text())
    try:
        import jsonschema  # noqa: F401
        load = loader()
    except ImportError:
        load = None
    cases = [(HEAD + f"  - {{id: one, {words}}}\n", refused, seen)
             for group, refused, seen in ((GOOD, False, False), (BAD, True, True), (UNSEEN, True, False))
             for words in group]
    cases += [(HEAD.replace(*edit, 1) + f"  - {{id: one, {GOOD[0]}}}\n", True, True) for edit in BAD_HEADS]
    cases += [(path.read_text(), False, False) for path in (SOURCE / "specs/contracts").glob("*.yaml")]
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        file = pathlib.Path(scratch) / "contract.yaml"
        for text, refused, seen in cases:
            file.write_text(text)
            done = subprocess.run([os.environ["INPEX_BIN"], "contract", "diff", str(file), str(file)],
                                  capture_output=True, text=True)
            if done.returncode != (2 if refused else 0):
                wrong.append(f"inpex exits {done.returncode}:\n{text}{done.stderr}")
            if load and (schema_says(text, schema, load) != "silent") != seen:
                wrong.append(f"the schema should {'refuse' if seen else 'let through'}:\n{text}")
    print("\n".join(wrong) or f"{len(cases)} contracts: as they should be")
    return 1 if wrong else 0 if load else 77


if __name__ == "__main__":
    sys.exit(main())
