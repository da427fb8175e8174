#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes all hashes of a bundle right again after somebody changed its records, as a forger would:

    forge.py BUNDLE

ids of records, by which their samples are found too, and the manifest.
"""
import hashlib
import json
import pathlib
import sys


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def forge(bundle):
    path = bundle / "records.jsonl"
    lines = []
    for line in path.read_text().splitlines():
        record = json.loads(line)
        bare = line.replace(f'"id":"{record["id"]}",', "", 1).replace(f'"created":"{record["created"]}",', "", 1)
        forged = sha256(bare.encode())
        lines.append(line.replace(record["id"], forged, 1))
        samples = bundle / record["timing"]["file"]
        raw = samples.read_bytes().replace(record["id"].encode(), forged.encode())
        samples.write_bytes(raw.replace(record["id"][:12].encode(), forged[:12].encode()))
    path.write_text("\n".join(lines) + "\n")
    files = sorted(p for p in bundle.rglob("*") if p.is_file() and p.name != "manifest.sha256")
    (bundle / "manifest.sha256").write_text(
        "".join(f"{sha256(p.read_bytes())}  {p.relative_to(bundle)}\n" for p in files))


if __name__ == "__main__":
    forge(pathlib.Path(sys.argv[1]))
