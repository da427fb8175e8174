#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`mpirun inpex run`: one program on several ranks; what happens when one of them dies or hangs."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

INPEX = os.environ["INPEX_BIN"]
MPIEXEC = os.environ.get("MPIEXEC", "")
APP = "stencil.heat7"
folder = pathlib.Path(tempfile.mkdtemp(prefix="inpex-ranks-"))


def command(ranks, *words):
    return [MPIEXEC, "-n", str(ranks), INPEX, "run", *map(str, words)]


def run(ranks, *words, code=0):
    done = subprocess.run(command(ranks, *words), capture_output=True, text=True, cwd=folder, timeout=300)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
    return done


def records(bundle):
    return [json.loads(line) for line in (bundle / "records.jsonl").read_text().splitlines()]


def ranks_of(bundle):
    """The processes of the ranks, once the first case runs."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if words[0] == INPEX.encode() and str(bundle).encode() in words:
                found.append(int(entry.parent.name))
        if len(found) == 2 and pathlib.Path(f"{bundle}.partial/plan.json").exists():
            time.sleep(1)  # from the plan to the first sample
            return sorted(found)
        time.sleep(0.02)
    raise AssertionError("the ranks did not start")


def two_ranks_are_one_run():
    bundle = folder / "two"
    done = run(2, APP, "--case", "smoke", "--precision", "fp64,fp32", "--out", bundle, "--json")
    shown = json.loads(done.stdout)  # one object: only one rank speaks
    assert shown["records"] == records(bundle) and len(shown["records"]) == 2
    for record in shown["records"]:
        assert record["status"] == "passed", record["reason"]
        assert record["spec"]["ranks"] == record["placement"]["ranks"] == 2
        # 32^3 cut in two along one axis: each rank sends one face of 32^2 cells a step, 20 steps
        halo = next(phase for phase in record["phases"] if phase["name"] == "halo")
        real = 8 if record["spec"]["precision"] == "fp64" else 4
        assert halo["messages"] == 2 * 20 and halo["bytes_sent"] == 2 * 20 * real * 32 * 32


def the_same_case_has_the_same_key_on_any_number_of_ranks():
    bundle = folder / "one"
    run(1, APP, "--case", "smoke", "--precision", "fp64,fp32", "--out", bundle)
    keys = [[r["spec"]["comparability_key"] for r in records(folder / name)] for name in ("one", "two")]
    assert keys[0] == keys[1]


def ranks_on_one_core_are_told():
    bundle, core = folder / "together", min(os.sched_getaffinity(0))
    words = [APP, "--case", "smoke", "--space", "serial", "--precision", "fp64", "--out", bundle]
    done = subprocess.run(command(2, *words), capture_output=True, text=True, cwd=folder, timeout=300,
                          preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    assert done.returncode == 0, done.stderr
    record = records(bundle)[0]
    assert record["placement"]["thread_binding"] == [str(core)] * 2 and record["placement"]["node_of_rank"] == [0, 0]
    told = [guard["sentence"] for guard in record["quality"]["guards"] if guard["id"] == "misbound"]
    assert told == [f"thread 0 of rank 0 and thread 0 of rank 1 share the hardware thread {core}"], told


def a_launcher_is_no_terminal():
    # Open MPI gives each rank a terminal of its own, whatever its output goes to.
    done = run(2, APP, "--case", "smoke", "--out", folder / "plain")
    assert "passed" in done.stdout and "\x1b" not in done.stdout + done.stderr, done.stdout + done.stderr


def an_error_is_told_once():
    done = run(2, APP, "--case", "smok", code=2)
    assert done.stderr.count("did you mean 'smoke'") == 1, done.stderr
    done = run(2, APP, "--case", "smoke", "--out", folder / "two", code=3)
    assert done.stderr.count("exists") == 1, done.stderr


def a_rank_that_dies_ends_all_and_the_bundle_names_the_case():
    bundle = folder / "dead"
    process = subprocess.Popen(command(2, APP, "--case", "smoke,S", "--out", bundle), cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.kill(ranks_of(bundle)[1], signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode != 0
    shown = subprocess.run([INPEX, "show", f"{bundle}.partial"], capture_output=True, text=True)
    assert shown.returncode == 6 and "interrupted at case 000" in shown.stderr, shown.stderr


def a_run_is_resumed_on_as_many_ranks_only():
    done = run(1, "--resume", folder / "dead", code=2)
    assert "ranks was 2 and is now 1" in done.stderr, done.stderr


def a_rank_that_hangs_ends_all():
    bundle = folder / "hung"
    process = subprocess.Popen(command(2, APP, "--case", "S", "--case-timeout", "3", "--out", bundle), cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.kill(ranks_of(bundle)[1], signal.SIGSTOP)
    _, told = process.communicate(timeout=120)
    assert process.returncode != 0 and "did not end in time" in told, told
    assert pathlib.Path(f"{bundle}.partial").exists()


def a_rank_that_never_starts_ends_all():
    done = subprocess.run([*command(1, APP, "--case", "smoke"), ":", "-n", "1", "sleep", "600"], cwd=folder,
                          env={**os.environ, "INPEX_START_SECONDS": "3"}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 3 and "did not find each other in time" in done.stderr, done


if not MPIEXEC:
    print("built without MPI: nothing to test")
    sys.exit(0)
helpers = ("command", "run", "records", "ranks_of")
for name, test in list(globals().items()):
    if not callable(test) or getattr(test, "__module__", "") != "__main__" or name in helpers:
        continue
    begin = time.monotonic()
    test()
    print(f"{name.replace('_', ' ')}: {time.monotonic() - begin:.1f} s", flush=True)
subprocess.run(["rm", "-rf", str(folder)], check=True)
