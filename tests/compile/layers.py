#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants one breach of the floors at a time in a scratch tree: the layer check must name each."""
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(sys.argv[1])
CHECK = SOURCE / "cmake/layer_check.py"
FLOORS = SOURCE / "cmake/floors.txt"

GOOD = {
    "include/inpex/value.hpp": "#include <string>\n",
    "include/inpex/space.hpp": "#include <inpex/value.hpp>\n#include <Kokkos_Core.hpp>\n",
    "include/inpex/bind.hpp": "#include <inpex/space.hpp>\n",
    "include/inpex/mpi.hpp": "#include <inpex/value.hpp>\n#include <mpi.h>\n",
    "include/inpex/host/spec.hpp": "#include <inpex/value.hpp>\n#include <yaml-cpp/yaml.h>\n",
    "miniapps/x/app.cpp": '#include "x.hpp"\n#include <inpex/bind.hpp>\n',
    "miniapps/x/x.hpp": "#include <inpex/space.hpp>\n",
    "miniapps/x/test.cpp": '#include "x.hpp"\n#include <catch2/catch_test_macros.hpp>\n',
    "miniapps/x/more_test.cpp": '#include "x.hpp"\n#include <catch2/catch_test_macros.hpp>\n',
    "benchmarks/runtime.cpp": "#include <inpex/space.hpp>\n",
    "benchmarks/world_mpi.cpp": "#include <inpex/mpi.hpp>\n",
    "benchmarks/commands/run.cpp": "#include <inpex/host/spec.hpp>\n#include <CLI/CLI.hpp>\n",
}

BREACHES = [  # file, what it includes, the words that must be said
    ("include/inpex/value.hpp", "<inpex/space.hpp>", "floor 0 must not include space.hpp of floor 1"),
    ("include/inpex/value.hpp", "<Kokkos_Core.hpp>", "floor 0 must not include Kokkos"),
    ("include/inpex/value.hpp", "<inpex/mpi.hpp>", "floor 0 must not include mpi.hpp of floor mpi"),
    ("include/inpex/value.hpp", "<yaml-cpp/yaml.h>", "floor 0 must not include a library of the host"),
    ("include/inpex/space.hpp", "<inpex/bind.hpp>", "floor 1 must not include bind.hpp of floor 2"),
    ("include/inpex/space.hpp", '"bind.hpp"', "floor 1 must not include bind.hpp of floor 2"),
    ("include/inpex/space.hpp", "<mpi.h>", "floor 1 must not include MPI"),
    ("include/inpex/bind.hpp", "<inpex/host/spec.hpp>", "floor 2 must not include host/spec.hpp of floor 3"),
    ("include/inpex/bind.hpp", "<nlohmann/json.hpp>", "floor 2 must not include a library of the host"),
    ("include/inpex/host/spec.hpp", "<inpex/space.hpp>", "floor 3 must not include space.hpp of floor 1"),
    ("include/inpex/host/spec.hpp", "<Kokkos_Core.hpp>", "floor 3 must not include Kokkos"),
    ("include/inpex/host/spec.hpp", "<catch2/catch_all.hpp>", "floor 3 must not include Catch2"),
    ("include/inpex/host/spec.hpp", "<inpex/unheard_of.hpp>", "unheard_of.hpp has no floor"),
    ("include/inpex/unheard_of.hpp", "<string>", "unheard_of.hpp has no floor"),
    ("miniapps/x/app.cpp", "<inpex/host/spec.hpp>", "floor 2 must not include host/spec.hpp of floor 3"),
    ("miniapps/x/x.hpp", "<catch2/catch_all.hpp>", "floor 2 must not include Catch2"),
    ("benchmarks/commands/run.cpp", "<inpex/bind.hpp>", "floor 3 must not include bind.hpp of floor 2"),
    ("benchmarks/commands/run.cpp", "<mpi.h>", "floor 3 must not include MPI"),
]


def check(planted):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        for name, text in {**GOOD, **planted}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        run = subprocess.run([sys.executable, CHECK, root, FLOORS], capture_output=True, text=True, check=False)
        return run.returncode, run.stderr


failures = []
if check({}) != (0, ""):
    failures.append(f"the good tree is refused: {check({})}")
for name, include, words in BREACHES:
    text = GOOD.get(name, "")
    line = text.count("\n") + 1
    code, said = check({name: text + f"#include {include}\n"})
    place = f"{name}:{1 if name.endswith('unheard_of.hpp') else line}: "
    if code != 1 or words not in said or place not in said:
        failures.append(f"{name} with {include}: exit {code}, said: {said!r}, wanted: {place}{words}")
print("\n".join(failures) or f"{len(BREACHES)} breaches were named")
sys.exit(bool(failures))
