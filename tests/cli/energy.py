#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Energy from a made counter to a contract: read, kept, computed again, and refused as made."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

INPEX = os.environ["INPEX_BIN"]
WATTS = 2000
RANGE = 5_000_000_000  # microjoules: it begins anew every 2.5 s
ZONE = "class/powercap/intel-rapl:0"
CONTRACT = """
inpex_contract: "1.0"
id: test
division: open
confidence: 0.9
figures:
  - {name: heat, app: stencil.heat7, case: teach, precision: fp64}
clauses:
  - {id: joules, figure: heat, quantity: energy, at_most: 1.0e9, unit: J}
"""


def check(condition, what):
    if not condition:
        sys.exit(f"energy.py: {what}")


def put(path, text):
    """As a whole, so that a reader sees the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name("new")
    new.write_text(text)
    os.replace(new, path)


class Counter:
    """A zone of RAPL that goes on at WATTS while it is entered."""

    def __init__(self, root):
        self.zone = root / ZONE
        put(self.zone / "name", "package-0\n")
        put(self.zone / "max_energy_range_uj", f"{RANGE}\n")
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.go_on)

    def go_on(self):
        start = time.monotonic()
        while not self.ends.wait(0.002):
            put(self.zone / "energy_uj", f"{int(1e6 * WATTS * (time.monotonic() - start)) % RANGE}\n")

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()


def inpex(code, *words, launcher=()):
    done = subprocess.run([*launcher, INPEX, *words], capture_output=True, text=True, timeout=120)
    check(done.returncode == code, f"exit {done.returncode}, not {code}, of {words}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def record_of(bundle):
    return json.loads((bundle / "records.jsonl").read_text())


def run(bundle, *words, launcher=()):
    inpex(0, "run", "stencil.heat7", "--space", "serial", "--out", str(bundle), *words, launcher=launcher)
    return record_of(bundle)


def near(value, wanted, share):
    return abs(value - wanted) <= share * wanted


def joules_of_a_run(record):
    check("energy" in record, "nothing was read")
    energy = record["energy"]
    check(energy["source"] == "made-rapl" and energy["scope"] == "package", f"not what was read: {energy}")
    check(energy["window"] >= 0.5 and energy["updates"] >= 12, f"too little was read: {energy}")
    each = energy["window"] / record["timing"]["count"]
    check(near(energy["gross_joules"], WATTS * each, 0.25), f"{WATTS} W for {each} s are not {energy}")
    check(near(energy["idle_watts"], WATTS, 0.25), f"the machine took {WATTS} W before the case: {energy}")
    check(abs(energy["net_joules"]) < 0.4 * energy["gross_joules"], f"beyond idle there is nothing: {energy}")


def forge(bundle):
    """A changed joule, with all hashes made right again."""
    path = bundle / "records.jsonl"
    line = path.read_text().strip()
    record = json.loads(line)
    joules = record["energy"]["net_joules"]
    line = line.replace(f'"net_joules":{joules!r}', f'"net_joules":{joules + 1!r}')
    check(line != path.read_text().strip(), "the joules were not found")
    path.write_text(line + "\n")
    subprocess.run([sys.executable, pathlib.Path(__file__).parents[1] / "forge.py", bundle], check=True)


def specs_of_seconds(folder):
    """Specs of which teach takes 24 samples, however noisy, and half a second of them has joules; of few
    updates, as a machine full of other programs holds up the counter's thread."""
    specs = folder / "specs"
    shutil.copytree(os.environ["INPEX_SPECS"], specs)
    heat = specs / "stencil/heat7.yaml"
    text, windows = re.subn(r"min_window_seconds: \d+, min_updates: \d+",
                            "min_window_seconds: 0.5, min_updates: 12", heat.read_text())
    text, cases = re.subn(r"(  teach: .*measure: )\{[^}]*\}",
                          r"\1{min_samples: 24, min_seconds: 0.5, stop: {rule: count}}", text)
    check(windows == 1 and cases == 1, "the spec of heat7 is written in another way")
    heat.write_text(text)
    return specs


def judged(scratch, bundle):
    check("the bundle holds" in inpex(0, "verify", str(bundle)), "the bundle does not hold")
    (scratch / "contract.yaml").write_text(CONTRACT)
    said = inpex(6, "accept", str(scratch / "contract.yaml"), str(bundle))
    check("the counter made-rapl is none of a machine" in said, f"a made counter is not refused: {said}")
    shutil.copytree(bundle, scratch / "forged")
    forge(scratch / "forged")
    said = inpex(6, "verify", str(scratch / "forged"))
    check("false by R-126 energy: stated and computed again: energy.net_joules" in said,
          f"a forged joule is not found: {said}")


def main(scratch):
    os.environ["INPEX_SPECS"] = str(specs_of_seconds(scratch))
    os.environ["INPEX_SYS"] = str(scratch / "sys")
    with Counter(scratch / "sys"):
        # an open variant, as a source with changes is none of the reference; 400 steps take 0.1 s
        teach = ("--case", "teach", "-p", "variant=temporal", "-p", "steps=400")
        record = run(scratch / "long", *teach)
        short = run(scratch / "short", "--case", "smoke")
        if os.environ.get("MPIEXEC"):  # one rank of a node reads, and only for all of it
            ranks = run(scratch / "ranks", *teach[:-1], "steps=200", launcher=(os.environ["MPIEXEC"], "-n", "2"))
            joules_of_a_run(ranks)
            inpex(0, "verify", str(scratch / "ranks"))
    joules_of_a_run(record)
    judged(scratch, scratch / "long")
    check("net_joules" not in short["energy"] and short["energy"]["window"] > 0, f"too short a window: {short['energy']}")
    check("energy-window" in [guard["id"] for guard in short["quality"]["guards"]], "too short a window is not told")
    (scratch / "sys" / ZONE / "energy_uj").unlink()
    check("energy" not in run(scratch / "none", "--case", "smoke"), "energy from a counter that cannot be read")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(pathlib.Path(folder))
