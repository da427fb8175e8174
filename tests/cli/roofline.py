#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the picture of a roofline takes from a bundle; the picture itself where matplotlib is there."""

import importlib.util
import math
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["INPEX_SOURCE"], "python"))
from inpex import roofline  # noqa: E402


def check(condition, what):
    if not condition:
        sys.exit(f"roofline.py: {what}")


with tempfile.TemporaryDirectory(prefix="inpex-roofline-") as folder:
    bundle = os.path.join(folder, "bundle")
    subprocess.run([os.environ["INPEX_BIN"], "run", "stencil.heat7", "--case", "smoke", "--tuning", "off", "--out", bundle],
                   check=True, capture_output=True, timeout=300)
    records = roofline.records(bundle)
    label, intensity, rate = roofline.point(records[0])
    check(label == "stencil.heat7 smoke fp64 spatial", label)
    # 32^3 cells, 20 steps: 8 flops, 16 bytes, and the ghosts of 6 faces read.
    cells, ghosts = 32**3, 6 * 32**2
    check(math.isclose(intensity, 8 * cells / (8 * (2 * cells + ghosts))), f"{intensity} flops a byte")
    check(math.isclose(rate, 8 * cells * 20 / records[0]["timing"]["median"]), f"{rate} flop/s")
    check(roofline.point({**records[0], "status": "wrong"}) is None, "a wrong result is drawn")
    command = [sys.executable, "-m", "inpex.roofline", "-o", os.path.join(folder, "r.svg")]
    python = {**os.environ, "PYTHONPATH": sys.path[0]}
    refused = subprocess.run([*command, folder], env=python, capture_output=True, text=True)
    check(refused.returncode == 1 and "records.jsonl" in refused.stderr, f"no bundle: {refused.stderr}")
    if importlib.util.find_spec("matplotlib"):
        subprocess.run([*command, bundle], env=python, check=True, capture_output=True)
        check("smoke" in pathlib.Path(folder, "r.svg").read_text(), "the picture has no legend")
print("roofline.py: all well")
