#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the #include lines of a source tree against cmake/floors.txt; exit 1 names each breach."""
import fnmatch
import pathlib
import re
import sys

SEES = {"0": ["0"], "1": ["0", "1"], "2": ["0", "1", "2"], "3": ["0", "3"],
        "mpi": ["0", "mpi"], "world": ["0", "3", "mpi"]}
THIRD_PARTY = [  # pattern of the include, its name, the floors that may use it
    (r"Kokkos_|KokkosKernels", "Kokkos", ("1", "2")),
    (r"mpi\.h$", "MPI", ("mpi", "world")),
    (r"yaml-cpp/|nlohmann/|CLI/|fmt/|hdf5|H5|openssl/|hwloc|benchmark/", "a library of the host", ("3",)),
    (r"catch2/|catch\.hpp", "Catch2", ()),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def read_floors(path):
    lines = (line.split("#")[0].split() for line in path.read_text().splitlines())
    return [(pattern, floor) for floor, pattern in (line for line in lines if line)]


def floor_of(name, floors):
    return next((floor for pattern, floor in floors if fnmatch.fnmatch(name, pattern)), None)


def own_name(root, path, bracket, target):
    """The name in floors.txt of what is included, or None for a file of someone else."""
    if target.startswith("inpex/"):
        return target.removeprefix("inpex/")
    beside = (path.parent / target).resolve()
    if bracket == '"' and beside.exists() and beside.is_relative_to(root):
        name = beside.relative_to(root).as_posix()
        return name.removeprefix("include/inpex/")
    return None


def breaches(root, path, floors):
    name = path.relative_to(root).as_posix().removeprefix("include/inpex/")
    floor = floor_of(name, floors)
    if floor is None:
        yield 1, f"{name} has no floor: give it one in cmake/floors.txt"
        return
    is_test = path.name == "test.cpp" or path.name.endswith("_test.cpp")
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if floor == "3" and "config::faults" in line:
            yield number, "objects of the host serve both programs: ask build_info().faults, not config::faults"
        match = INCLUDE.match(line)
        if not match:
            continue
        included = own_name(root, path, *match.groups())
        if included is not None:
            other = floor_of(included, floors)
            if other is None:
                yield number, f"{included} has no floor: give it one in cmake/floors.txt"
            elif other not in SEES[floor]:
                yield number, f"floor {floor} must not include {included} of floor {other}"
            continue
        for pattern, library, allowed in THIRD_PARTY:
            if re.match(pattern, match[2]) and floor not in allowed and not (is_test and library == "Catch2"):
                yield number, f"floor {floor} must not include {library} (<{match[2]}>)"


def main(root, floors_file):
    floors = read_floors(floors_file)
    count = 0
    for folder in ("include/inpex", "miniapps", "benchmarks"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            for line, sentence in breaches(root, path, floors):
                print(f"{path}:{line}: {sentence}", file=sys.stderr)
                count += 1
    return min(count, 1)


if __name__ == "__main__":
    source = pathlib.Path(sys.argv[1]).resolve()
    sys.exit(main(source, pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else source / "cmake/floors.txt"))
