#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes sources that show that every header compiles alone, in fewer than one a header.

Of headers a, b, c, of which each includes the one before, itself or through others, one source
includes a, then b, then c. What stands before b then is what b includes anyway, so that whatever b
forgot to include is missing as it would be in a source with b alone. As few such chains as greed
finds hold every header.

    header_chains.py FOLDER PREFIX HEADER...

prints the sources PREFIX0.cpp and so on. Headers are named as they are included; FOLDER holds them.
"""
import pathlib
import re
import sys

folder, prefix, *headers = sys.argv[1:]
INCLUDE = re.compile(r"^#include <(inpex/[^>]+)>", re.MULTILINE)
known = {}


def closure(header: str) -> frozenset:
    """The header and all of ours that it includes, itself or through others."""
    if header not in known:
        path = pathlib.Path(folder, header)
        found = INCLUDE.findall(path.read_text()) if path.exists() else []  # a generated one has none
        known[header] = frozenset({header}.union(*(closure(each) for each in found)))
    return known[header]


def chains() -> list:
    """Lists of headers, each beginning with the one that includes the others."""
    left, result = set(headers), []
    while left:
        chain = []
        while within := left & closure(chain[-1]) if chain else left:
            chain.append(max(within, key=lambda each: (len(closure(each)), each)))
            left.discard(chain[-1])
        result.append(chain)
    return result


for number, chain in enumerate(chains()):
    path = pathlib.Path(f"{prefix}{number}.cpp")
    text = "".join(f"#include <{each}>\n" for each in reversed(chain))
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(path)
