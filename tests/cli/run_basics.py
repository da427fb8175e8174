#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`inpex run` as a user types it: records, exit codes, sweeps, refusals, interrupts, crashes, hangs."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

INPEX = os.environ["INPEX_BIN"]
APP = "stencil.heat7"
folder = pathlib.Path(tempfile.mkdtemp(prefix="inpex-run-"))
count = 0


def out():
    """A new name for a bundle."""
    global count
    count += 1
    return folder / f"bundle{count}"


def run(*words, code=0, **options):
    """Runs `inpex run`; what it must exit with is part of the call."""
    done = subprocess.run([INPEX, "run", *map(str, words)], capture_output=True, text=True, cwd=folder, **options)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
    return done


def records(bundle):
    return [json.loads(line) for line in (bundle / "records.jsonl").read_text().splitlines()]


def cores():
    """How many cores this process may use, however many hardware threads each has."""
    siblings = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
    return len({pathlib.Path(siblings.format(cpu)).read_text() for cpu in os.sched_getaffinity(0)})


def child_of(process):
    """The process of the case in hand: the child of `process` that has threads or works."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        plan = list(folder.glob("*.partial/plan.json"))
        if children and plan:
            return int(children[0])
        time.sleep(0.02)
    raise AssertionError("no case was started")


def state_of(number):
    """R, S, Z, ... as the system says; nothing when there is no such process."""
    try:
        return pathlib.Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def a_case_passes_and_its_bundle_is_whole():
    bundle = out()
    done = run(APP, "--case", "smoke", "--out", bundle)
    (record,) = records(bundle)
    assert record["status"] == "passed", record.get("reason")
    assert record["spec"]["case"] == "smoke" and record["fom"]["value"] > 0
    assert all(check["passed"] for check in record["verify"]) and len(record["verify"]) == 2
    assert {"sweep", "halo"} == {phase["name"] for phase in record["phases"]}
    # on a machine that others use, no probe may have had its cores for itself: then the record says so
    disturbed = any(guard["id"] == "ceilings-disturbed" for guard in record["quality"].get("guards", []))
    assert disturbed != (record["fom"].get("ceiling_fraction", 0) > 0), record["quality"]
    assert done.stdout.splitlines()[-1] == f"bundle: {bundle}"
    assert (bundle / "manifest.sha256").exists() and not pathlib.Path(f"{bundle}.partial").exists()


def json_is_one_object_on_stdout():
    bundle = out()
    shown = json.loads(run(APP, "--case", "smoke", "--out", bundle, "--json").stdout)
    assert shown["bundle"] == str(bundle) and shown["records"] == records(bundle)


def a_sweep_runs_every_combination():
    bundle = out()
    run(APP, "--case", "smoke", "-p", "nx=16,24", "-p", "tile=8,16", "--precision", "fp64,fp32", "--out", bundle)
    seen = {(r["spec"]["parameters"]["nx"], r["spec"]["parameters"]["tile"], r["spec"]["precision"]) for r in records(bundle)}
    assert seen == {(n, t, p) for n in (16, 24) for t in (8, 16) for p in ("fp64", "fp32")}
    keys = {r["spec"]["comparability_key"] for r in records(bundle)}
    assert len(keys) == 4  # tuning is not in the key, size and precision are


def threads_bound_by_openmp_take_all_cores():
    bundle = out()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OMP_")}
    run(APP, "--case", "smoke", "--space", "openmp", "--out", bundle,
        env={**environment, "OMP_PROC_BIND": "spread", "OMP_PLACES": "threads"})
    placement, guards = records(bundle)[0]["placement"], records(bundle)[0]["quality"].get("guards", [])
    assert len(set(placement["thread_binding"][0].split())) == placement["threads"] == cores(), placement
    assert not {"misbound", "oversubscribed"} & {guard["id"] for guard in guards}, guards


def the_schedule_is_an_option_and_a_parameter():
    for words in (["--schedule", "device"], ["-p", "schedule=device"]):
        bundle = out()
        run(APP, "--case", "smoke", *words, "--space", "serial", "--out", bundle)
        assert records(bundle)[0]["placement"]["schedule"] == "device"


def refusals_name_the_fix_and_touch_nothing():
    before = sorted(folder.iterdir())
    for words, text in [
        (["stencil.heat"], "stencil.heat7"),
        ([APP, "--case", "smok"], "smoke"),
        ([APP, "--case", "smoke", "-p", "nix=3"], "nx"),
        ([APP, "--case", "smoke", "-p", "nx=3"], "4"),
        ([APP, "--case", "smoke", "--space", "cudo"], "openmp"),
        ([APP, "--case", "smoke", "--precision", "fp16"], "fp64"),
        ([APP, "--case", "smoke", "--schedule", "devise"], "device"),
        ([APP, "--cas", "smoke"], "--case"),
        ([APP, "--case", "smoke", "--fault", "null-kernel"], "inpex-faults"),
        ([], "inpex run stencil.heat7"),
        (["--resume", out()], "no"),
        (["--resume", out(), "--case", "smoke"], "leave out"),
        ([APP, "--resume", ""], "--resume: there is an empty word behind it"),
        ([APP, "--case", "smoke", "--out="], "is a variable not set?"),
    ]:
        done = run(*words, code=2)
        assert text in done.stderr and done.stdout == "", (words, done.stderr)
    assert sorted(folder.iterdir()) == before


def an_unknown_command_is_named():
    done = subprocess.run([INPEX, "rn", APP], capture_output=True, text=True)
    assert done.returncode == 2 and "'rn': did you mean 'run'?" in done.stderr, done.stderr


def streams_that_are_closed_or_full_change_no_verdict():
    bundle = out()
    run(APP, "--case", "smoke", "--out", bundle)
    for command, code in (f"{INPEX} verify {bundle} >&- 2>&- <&-", 0), (f"{INPEX} verify {bundle} >/dev/full", 3), \
                         (f"{INPEX} list --json >/dev/full", 3), (f"{INPEX} spec schema >/dev/full", 3):
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        assert done.returncode == code, (command, done)
        assert code == 0 or "stdout: it cannot be written to" in done.stderr, done


def what_the_machine_lacks_is_a_record_and_the_rest_runs():
    bundle = out()
    missing = "hip" if "cuda" in run(APP, "--space", "hip", code=2).stderr else "cuda"
    done = run(APP, "--case", "smoke", "--space", f"{missing},serial", "--out", bundle, code=6)
    skipped, good = records(bundle)
    assert skipped["status"] == "skipped" and f"'{missing}'" in skipped["reason"], skipped
    assert skipped["placement"]["space"] == missing and "value" not in skipped["fom"]
    assert good["status"] == "passed" and good["placement"]["space"] == "serial"
    assert skipped["reason"] in done.stdout and "a case was skipped" in done.stderr, done
    assert subprocess.run([INPEX, "verify", bundle], capture_output=True).returncode == 0
    bundle = out()  # 16 TB in one case of two
    run(APP, "--case", "smoke", "-p", "nx=16,1000000000", "--space", "serial", "--out", bundle, code=6)
    assert [r["status"] for r in records(bundle)] == ["passed", "skipped"]
    assert "GB are free" in records(bundle)[1]["reason"]


def a_dry_run_tells_what_would_be_skipped():
    done = run(APP, "--case", "smoke", "-p", "nx=16,1000000000", "--dry-run", "--json", code=6)
    assert [each["parameters"]["nx"] for each in json.loads(done.stdout)["cases"]] == [16]
    assert "0002" in done.stderr and "would be skipped" in done.stderr, done.stderr


def where_nothing_can_run_nothing_is_written():
    bundle = out()
    done = run(APP, "--case", "smoke,S", "-p", "nx=1000000000", "--out", bundle, code=3)
    assert "GB are free" in done.stderr and not list(folder.glob(f"{bundle.name}*"))


def memory_that_is_not_there_is_exit_3():
    bundle = out()
    done = run(APP, "--case", "M", "-p", "nx=100000", "-p", "ny=10000", "--out", bundle, code=3)
    assert "GB" in done.stderr and not list(folder.glob(f"{bundle.name}*"))


def a_folder_that_exists_is_refused():
    bundle = out()
    bundle.mkdir()
    done = run(APP, "--case", "smoke", "--out", bundle, code=3)
    assert "exists" in done.stderr and not list(bundle.iterdir())


def without_out_the_bundle_is_named_after_its_target():
    for target, name in (APP, APP), (str(pathlib.Path(os.environ["INPEX_SPECS"].split(":")[0], "stencil/heat7.yaml")), "heat7"):
        said = run(target, "--case", "smoke").stdout.splitlines()[-1]
        assert re.fullmatch(rf"bundle: results/\d{{8}}-\d{{6}}-{re.escape(name)}", said), said
    subprocess.run(["rm", "-rf", str(folder / "results")], check=True)
    (folder / "results").write_text("")
    done = run(APP, "--case", "smoke", code=3)
    assert "results/" in done.stderr and "unexpected" not in done.stderr, done.stderr
    (folder / "results").unlink()


def a_dry_run_runs_nothing():
    before = sorted(folder.iterdir())
    done = run(APP, "--case", "smoke,S,M", "--dry-run", "--json")
    cases = json.loads(done.stdout)["cases"]
    assert [each["case"] for each in cases] == ["smoke", "S", "M"]
    # footprint of the spec: 2 fields of 8 bytes with one ghost cell at each end of 512
    assert cases[2]["memory_bytes"] == 2 * 8 * 514**3 and cases[2]["sample_seconds"] > 0
    assert sorted(folder.iterdir()) == before


def ctrl_c_finishes_the_record_and_resume_does_the_rest():
    bundle = out()
    words = [INPEX, "run", APP, "--case", "smoke", "-p", "nx=16,20,24,28,32,36", "--out", str(bundle)]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    child_of(process)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    partial = pathlib.Path(f"{bundle}.partial")
    assert process.returncode == 130, told
    assert told.splitlines()[-1].strip().startswith("go on with `inpex run --resume"), told
    done = records(partial)
    assert 1 <= len(done) < 6 and all(each["status"] == "passed" for each in done)
    run("--resume", bundle)
    assert [r["spec"]["parameters"]["nx"] for r in records(bundle)] == [16, 20, 24, 28, 32, 36]
    assert records(bundle)[: len(done)] == done and not partial.exists()


def a_crash_is_a_record_and_the_run_goes_on():
    bundle = out()
    words = [INPEX, "run", APP, "--case", "S,smoke", "--out", str(bundle), "--json"]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.kill(child_of(process), signal.SIGSEGV)
    shown, told = process.communicate(timeout=300)
    assert process.returncode == 1, told
    crashed, good = json.loads(shown)["records"]
    assert crashed["status"] == "failed" and "signal 11" in crashed["reason"], crashed["reason"]
    assert crashed["spec"]["case"] == "S" and "value" not in crashed["fom"]
    assert good["status"] == "passed"


def a_hang_is_a_record_and_the_run_goes_on():
    bundle = out()
    words = [INPEX, "run", APP, "--case", "S", "--case-timeout", "2", "--out", str(bundle), "--json"]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    os.kill(child_of(process), signal.SIGSTOP)
    shown, told = process.communicate(timeout=300)
    assert process.returncode == 1, told
    (hung,) = json.loads(shown)["records"]
    assert hung["status"] == "timeout" and "did not end within" in hung["reason"]


def what_only_the_app_can_refuse_is_exit_2_unless_more_went_wrong():
    bundle = out()
    done = run("particle.lj", "--case", "smoke", "-p", "nx=3", "--out", bundle, code=2)
    (record,) = records(bundle)
    assert record["status"] == "failed" and "two cut-offs" in record["reason"], record["reason"]
    assert "cannot be run as it is asked for" in done.stderr, done.stderr
    assert subprocess.run([INPEX, "verify", bundle], capture_output=True).returncode == 0


def an_atom_that_flies_away_ends_its_case_as_wrong():
    bundle = out()
    run("particle.lj", "--case", "smoke", "-p", "timestep=1", "--space", "serial", "--out", bundle, code=4)
    (record,) = records(bundle)
    assert record["status"] == "wrong" and "an atom is lost, at (" in record["reason"], record["reason"]
    assert not all(check["passed"] for check in record["verify"]) and "value" not in record["fom"]
    checked = subprocess.run([INPEX, "verify", bundle], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def ctrl_c_twice_ends_the_run_and_its_child_at_once():
    bundle = out()
    process = subprocess.Popen([INPEX, "run", APP, "--case", "S", "--out", str(bundle)], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    child = child_of(process)
    process.send_signal(signal.SIGINT)
    told = ""
    while "once more" not in told:
        told = process.stderr.readline()
        assert told, "the run ended before the second Ctrl-C"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130, process.returncode
    deadline = time.monotonic() + 20
    while state_of(child) not in ("", "Z"):  # a zombie waits for whoever adopted it
        assert time.monotonic() < deadline, state_of(child)
        time.sleep(0.02)
    shown = subprocess.run([INPEX, "show", f"{bundle}.partial"], capture_output=True, text=True)
    assert shown.returncode == 6 and "--resume" in shown.stderr


tests = [each for name, each in list(globals().items()) if callable(each) and getattr(each, "__module__", "") == "__main__"
         and name not in ("out", "run", "records", "child_of", "state_of")]
for test in tests:
    if len(sys.argv) > 1 and sys.argv[1] not in test.__name__:
        continue
    begin = time.monotonic()
    test()
    print(f"{test.__name__.replace('_', ' ')}: {time.monotonic() - begin:.1f} s", flush=True)
subprocess.run(["rm", "-rf", str(folder)], check=True)
