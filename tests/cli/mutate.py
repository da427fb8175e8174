#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`inpex mutate` as a user types it: all faults are caught; a check that cannot fail is found out."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

INPEX = os.environ["INPEX_BIN"]
SPECS = pathlib.Path(os.environ["INPEX_SPECS"].split(":")[0])
folder = pathlib.Path(tempfile.mkdtemp(prefix="inpex-mutate-test-"))


def mutate(*words, code=0, program=INPEX):
    done = subprocess.run([program, "mutate", *map(str, words)], capture_output=True, text=True, cwd=folder, timeout=550)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
    return done


# Every fault that the spec plants is caught, in both precisions. Some need two ranks: without MPI the
# result is inconclusive.
inconclusive = 6 if os.environ.get("MPIEXEC") == "" else 0
shown = json.loads(mutate("stencil.heat7", "--case", "smoke", "--json", code=inconclusive).stdout)
assert any(m["fate"] == "skipped" for m in shown["mutants"]) == (inconclusive != 0)
spec = (SPECS / "stencil" / "heat7.yaml").read_text()
assert shown["caught"] == shown["planted"] > 0
assert {m["precision"] for m in shown["mutants"] if m["fate"] != "skipped"} == {"fp64", "fp32"}
assert all(m["error"] == "inf" or m["error"] == "nan" or m["error"] > m["tolerance"]
           for m in shown["mutants"] if m.get("fault") and m["fate"] != "skipped")
assert any(m["fate"] == "passed" for m in shown["mutants"])  # the controls

# A coefficient that is off by 1e-6 (fp64) or 1e-2 (fp32) moves this solution by less than 1e-2, so
# that a tolerance of that size lets it pass: exit 4.
blind = folder / "blind.yaml"
assert "tolerance: 4*eps*steps" in spec
text = spec.replace("tolerance: 4*eps*steps", "tolerance: 0.01")
begin, end = text.index("    planted:"), text.index("  - {id: decomposition")
blind.write_text(text[:begin] + "    planted: [wrong-coefficient]\n" + text[end:])
done = mutate(blind, "--case", "smoke", code=4)
assert "SURVIVED" in done.stdout and "0 of 2" in done.stdout, done.stdout
assert done.stderr.rstrip().splitlines()[-1].strip() == "make the check of its row stricter"

# What cannot be is refused with what to do.
assert "stencil.heat7" in mutate("stencil.heat", code=2).stderr
assert "--all" in mutate(code=2).stderr
alone = folder / "inpex"
shutil.copy(INPEX, alone)
assert "inpex-faults" in mutate("stencil.heat7", code=3, program=str(alone)).stderr
shutil.rmtree(folder)
print("faults caught:", shown["caught"], "of", shown["planted"])
