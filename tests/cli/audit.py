#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`inpex audit` as a user types it: every app does what its spec declares; a formula that is changed
by one is found out; release programs have no trace of the counting."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

INPEX = pathlib.Path(os.environ["INPEX_BIN"])
SPECS = pathlib.Path(os.environ["INPEX_SPECS"].split(":")[0])
if not (INPEX.parent / "inpex-audit").exists():
    print("this build has no inpex-audit")
    sys.exit(77)
folder = pathlib.Path(tempfile.mkdtemp(prefix="inpex-audit-test-"))


def audit(*words, code=0, program=INPEX):
    done = subprocess.run([program, "audit", *map(str, words)], capture_output=True, text=True, cwd=folder, timeout=550)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
    return done


def changed(app, old, new):
    """A copy of the app's spec, in which `old` stands once, with `new` in its place."""
    text = (SPECS / app.replace(".", "/")).with_suffix(".yaml").read_text()
    assert text.count(old) == 1, f"{app}: {old!r} stands {text.count(old)} times"
    copy = folder / f"{app}.yaml"
    copy.write_text(text.replace(old, new))
    return copy


# Every app passes, at three sizes and on one rank and several.
start = time.monotonic()
shown = json.loads(audit("--all", "--json").stdout)
rows = shown["rows"]
seconds = time.monotonic() - start
specs = {path.parent.name + "." + path.stem for path in SPECS.glob("*/*.yaml")
         if "inpex_spec" in path.read_text()}
assert {row["app"] for row in rows} == specs
for app in specs:
    mine = [row for row in rows if row["app"] == app]
    assert len({row["size"] for row in mine}) == 3 and {row["ranks"] for row in mine} == {1, 4}
    assert {row["finding"] for row in mine} <= {"exact", "reasoned"}
    assert sum(row["counted"] for row in mine if row["quantity"] == "flops") > 0
    messages = sum(row["counted"] for row in mine if row["quantity"] == "messages")
    assert (messages > 0) == (app != "fft.batch1d"), app  # its lines are of one rank each
assert all(row["reason"] for row in rows if row["finding"] == "reasoned")
# What is issued informs only. Each of 20 steps of heat7 loads 7 values a cell and a little more.
issued = next(row for row in shown["issued"] if row["app"] == "stencil.heat7" and row.get("phase") == "sweep"
              and row["size"] == "nx=32 ny=32 nz=32" and row["ranks"] == 1)
assert issued["kernels"] == 20 and issued["stores"] == 20 * 32**3 <= issued["loads"] <= 20 * 8 * 32**3
exact = {(row["app"], row["phase"], row["quantity"]) for row in rows if row["finding"] == "exact" and row["counted"]}
for quantity in ("flops", "read", "write", "messages", "message_bytes"):
    assert ("stencil.heat7", "halo" if "message" in quantity else "sweep", quantity) in exact

# A formula changed by one, in a copy of a spec, is found out, and the message says where and what to do.
mutants = [
    ("stencil.heat7", "{flops: 8*cells", "{flops: 9*cells"),
    ("stencil.heat7", "{flops: 8*cells", "{flops: 8*cells+1"),
    ("stencil.heat7", "read: real*(cells+ghosts)/pass", "read: real*(cells+ghosts+1)/pass"),
    ("stencil.heat7", "messages: neighbours/pass", "messages: (neighbours+1)/pass"),
    ("stencil.box27", "counted: 18*cells", "counted: 19*cells"),
    ("stencil.star2d", "add: {flops: cells", "add: {flops: cells+1"),
    ("stencil.wave25", "write: real*fields*cells/pass", "write: real*(fields*cells+1)/pass"),
    ("sparse.spmv", "messages: messages", "messages: messages+1"),
    ("sparse.spmv", "+3*edge, reason", "+4*edge, reason"),
    ("particle.lj", "{flops: 12*own_atoms", "{flops: 13*own_atoms"),
    ("particle.lj", "{flops: 23*pairs+8*(floor", "{flops: 23*pairs+9*(floor"),  # declared, with a reason
]
for app, old, new in mutants:
    done = audit(changed(app, old, new), code=4)
    assert "WRONG" in done.stdout and re.search("the spec says|the app says", done.stdout), done.stdout
    assert "under `audit`" in done.stderr.rstrip().splitlines()[-1], done.stderr

# What cannot be is refused with what to do.
assert "stencil.heat7" in audit("stencil.heat", code=2).stderr
assert "--all" in audit(code=2).stderr
nobody = folder / "nobody.yaml"
nobody.write_text((SPECS / "stencil/heat7.yaml").read_text().replace("id: stencil.heat7", "id: stencil.heat8"))
assert "stencil.heat7" in audit(nobody, code=2).stderr
alone = folder / "inpex"
shutil.copy(INPEX, alone)
assert "inpex-audit" in audit("stencil.heat7", code=3, program=str(alone)).stderr

# No trace of the audit in the release program.
if shutil.which("nm"):
    for program, trace in ((INPEX, False), (INPEX.parent / "inpex-audit", True)):
        names = subprocess.run(["nm", "-C", program], capture_output=True, text=True).stdout
        assert bool(re.search(r"__tsan_|inpex::Counted<|audit::count_flops", names)) == trace, program
shutil.rmtree(folder)
print(f"{len(rows)} counts of {len(specs)} apps in {seconds:.0f} s; {len(mutants)} changed formulas found out")
