#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A compiler launcher for builds that differ little from one that is there:

    reuse.py FINISHED BUILD COMPILER WORD...

Where the build FINISHED made the same object with the same words, from files that are older than it
and, if generated, have the same bytes in BUILD, its object is taken; else COMPILER runs.
"""
import json
import os
import pathlib
import shlex
import shutil
import sys


def option(words, name):
    return words[words.index(name) + 1] if name in words else None


def without_dependencies(words):
    """The words but those that ask for a list of what was included."""
    left = iter(words)
    kept = []
    for word in left:
        if word in ("-MT", "-MF"):
            next(left)
        elif word != "-MD":
            kept.append(word)
    return kept


def finished_object(finished, build, words):
    """The object, and the file that lists what it was made from; None where there is none to take."""
    wanted = [word.replace(str(build), str(finished)) for word in without_dependencies(words)]
    database = finished / "compile_commands.json"
    if "-o" not in words or not database.exists():
        return None
    for entry in json.loads(database.read_text()):
        if shlex.split(entry["command"]) == wanted:
            made = pathlib.Path(entry["directory"], option(wanted, "-o"))
            listed = made.with_name(made.name + ".d")
            return (made, listed) if made.exists() and listed.exists() else None
    return None


def still_holds(made, listed, finished, build):
    rule = listed.read_text().replace("\\\n", " ").split(": ", 1)[1]
    for source in map(pathlib.Path, shlex.split(rule)):
        twin = build / source.relative_to(finished) if source.is_relative_to(finished) else source
        if source.suffix == ".gch":
            continue  # made from headers that this list names as well, or that no build changes
        if not twin.exists() or twin.read_bytes() != source.read_bytes():
            return False
        if source.stat().st_mtime > made.stat().st_mtime:
            return False
    return True


def main():
    finished, build = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    words = sys.argv[3:]
    found = finished_object(finished, build, words)
    if found is None or not still_holds(*found, finished, build):
        os.execvp(words[0], words)
    made, listed = found
    shutil.copyfile(made, option(words, "-o"))
    if target := option(words, "-MF"):
        pathlib.Path(target).write_text(listed.read_text().replace(str(finished), str(build)))


if __name__ == "__main__":
    main()
