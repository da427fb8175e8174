#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Apps of fft and pocketfft, the transforms of SciPy, in turn: fft.c2c3d (box), fft.r2c3d (real) or fft.batch1d
(lines, a total of 65536 times 1024 points) of so many points along an axis or a line.

  benchmarks/peers/pocketfft.py [box|real|lines] [points, 256] [rounds, 5] [threads, 1]

SciPy must be there (pip install scipy); inpex is in build/release/bin, or $INPEX_BIN_DIR. Complex numbers are
transformed in place, there and back; the rate is 5 n log2 n flops over the mean of both ways, half of that for
real numbers. The median of five, the least and the most."""
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import scipy.fft

TOTAL = 65536 * 1024


def rates(kind, points, threads, repetitions=5):
    shape = (TOTAL // points, points) if kind == "lines" else (points,) * 3
    numbers = numpy.sin(1.0 + numpy.arange(math.prod(shape)) % 1000).reshape(shape)
    options = {"axes": (1,) if kind == "lines" else None, "workers": threads, "norm": "ortho", "overwrite_x": True}
    flops = 5 * numbers.size * math.log2(points if kind == "lines" else points**3)
    if kind == "real":
        flops /= 2
        there, back = scipy.fft.rfftn, lambda waves, **also: scipy.fft.irfftn(waves, s=shape, **also)
    else:
        numbers = numbers.astype(complex)
        there, back = scipy.fft.fftn, scipy.fft.ifftn
    found = []
    for repetition in range(repetitions + 1):
        start = time.perf_counter()
        numbers = back(there(numbers, **options), **options)
        if repetition > 0:
            found.append(1e-9 * 2 * flops / (time.perf_counter() - start))
    return found


def main(kind="box", points="256", rounds="5", threads="1"):
    box = ("nx", "ny", "nz")
    sizes = {"box": ("fft.c2c3d", box), "real": ("fft.r2c3d", box), "lines": ("fft.batch1d", ("n",))}
    if kind not in sizes:
        print(f"pocketfft.py: '{kind}' is none of box, real, lines", file=sys.stderr)
        sys.exit(2)
    app, names = sizes[kind]
    chosen = [word for name in names for word in ("-p", f"{name}={points}")]
    if kind == "lines":
        chosen += ["-p", f"lines={TOTAL // int(points)}"]
    program = os.path.join(os.environ.get("INPEX_BIN_DIR", "build/release/bin"), "inpex")
    with tempfile.TemporaryDirectory() as work:
        for number in range(1, int(rounds) + 1):
            found = rates(kind, int(points), int(threads))
            print(f"round {number}: pocketfft {kind} {points}: {statistics.median(found):.2f} GFLOP/s "
                  f"({min(found):.2f} to {max(found):.2f})", flush=True)
            ran = subprocess.run(
                [program, "run", app, *chosen, "--case", "M", "--space", "serial" if threads == "1" else "openmp",
                 "--precision", "fp64", "--min-seconds", "0", "--out", f"{work}/{number}"],
                env={**os.environ, "OMP_NUM_THREADS": threads}, capture_output=True, text=True)
            lines = [line for line in ran.stdout.splitlines() if line.startswith(app + " ")]
            if not lines:
                sys.exit(f"pocketfft.py: {ran.stderr.strip()}")
            print(f"round {number}: {lines[0]}", flush=True)


main(*sys.argv[1:])
