#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`inpex_benchmark` as tools of Google Benchmark use it: its JSON, its flags, and wrong results."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

BENCHMARK = os.environ["INPEX_BENCHMARK_BIN"]
SPECS = os.environ["INPEX_SPECS"]
SMOKE = "stencil.heat7/smoke/openmp/fp64"


def run(*flags, **variables):
    environment = {**os.environ, **variables}
    return subprocess.run([BENCHMARK, *flags], capture_output=True, text=True, timeout=300, env=environment)


def check(condition, what):
    if not condition:
        sys.exit(f"benchmark.py: {what}")


def smoke(**variables):
    return run("--inpex_cases=smoke", "--benchmark_filter=heat7/smoke/openmp/fp64/", "--benchmark_format=json",
               "--benchmark_min_time=0.01", **variables)


def figures():
    done = smoke()
    check(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
    output = json.loads(done.stdout)
    check("inpex_version" in output["context"], "the context does not name our version")
    (result,) = output["benchmarks"]
    check(result["name"] == SMOKE + "/manual_time", f"the name is {result['name']}")
    # 32^3 cells, 20 steps a sample; a cell reads (1 + 6/32) and writes 1 number of 8 bytes
    seconds = result["real_time"] * 1e-3
    check(abs(result["items_per_second"] * seconds / (32**3 * 20) - 1) < 1e-6, "items are not cells of a sample")
    check(abs(result["bytes_per_second"] * seconds / (32**3 * 20 * 8 * (2 + 6 / 32)) - 1) < 1e-6, "bytes are not the spec's")


def names():
    listed = run("--inpex_cases=smoke,teach", "--benchmark_list_tests=true").stdout.split()
    for case in ("smoke", "teach"):
        for rest in ("serial/fp64", "serial/fp32", "openmp/fp64", "openmp/fp32"):
            check(any(name.startswith(f"stencil.heat7/{case}/{rest}") for name in listed), f"no {case}/{rest}")
    check(not any("/M/" in name for name in listed), "a case that was not asked for is listed")


def a_wrong_result_is_no_figure(folder):
    source = pathlib.Path(SPECS, "stencil", "heat7.yaml").read_text()
    target = pathlib.Path(folder, "stencil")
    target.mkdir()
    # a tolerance that rounding alone breaks
    target.joinpath("heat7.yaml").write_text(source.replace("tolerance: 4*eps*steps", "tolerance: 1e-6*eps"))
    done = smoke(INPEX_SPECS=folder)
    check(done.returncode == 4, f"exit {done.returncode}: {done.stderr}")
    (result,) = json.loads(done.stdout)["benchmarks"]
    check(result["error_occurred"] and "exact" in result["error_message"], f"no error: {result}")
    check("items_per_second" not in result, "a wrong result has a figure")


def refusals():
    case = run("--inpex_cases=smok")
    check(case.returncode == 2 and "'smoke'" in case.stderr, f"a misspelt case: {case}")
    check(run("--benchmark_nonsense=1").returncode == 2, "an unknown flag was accepted")
    nothing = run("--benchmark_filter=no_such_app")
    check(nothing.returncode == 2, "a filter that matches nothing passed")
    check("--inpex_cases" in run("--help").stdout, "--help does not tell our flag")
    ranks = run(OMPI_COMM_WORLD_SIZE="2")
    check(ranks.returncode == 2 and "inpex run" in ranks.stderr, f"several ranks: {ranks}")


if __name__ == "__main__":
    figures()
    names()
    with tempfile.TemporaryDirectory() as scratch:
        a_wrong_result_is_no_figure(scratch)
    refusals()
