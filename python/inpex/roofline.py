# SPDX-License-Identifier: Apache-2.0
"""The roofline of a bundle: each result's flops a second over its flops a byte, below the ceilings that
were measured beside it (Williams, Waterman and Patterson, CACM 2009)."""

import argparse
import json
import math
import pathlib
import statistics
import sys


def records(bundle):
    """The records of a bundle's folder, in order. Raises OSError, ValueError."""
    lines = (pathlib.Path(bundle) / "records.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def point(record):
    """(label, flops a byte, flop/s) of a record that passed and moves bytes, else None."""
    if record["status"] != "passed":
        return None
    flops = sum(phase["flops"] for phase in record["phases"])
    bytes_moved = sum(phase["bytes_read"] + phase["bytes_written"] for phase in record["phases"])
    if flops == 0 or bytes_moved == 0:
        return None
    spec = record["spec"]
    variant = spec["parameters"].get("variant", "")
    label = " ".join(filter(None, (spec["id"], spec["case"], spec["precision"], variant)))
    return label, flops / bytes_moved, flops / record["timing"]["median"]


def ceilings(all_records):
    """{(name, unit): median value} of the ceilings that stand in the records; fma by precision."""
    seen = {}
    for record in all_records:
        for ceiling in record.get("ceilings", []):
            name = ceiling["name"]
            if ceiling["unit"] == "flop/s":
                name += " " + record["spec"]["precision"]
            seen.setdefault((name, ceiling["unit"]), []).append(ceiling["value"])
    return {key: statistics.median(values) for key, values in seen.items()}


def draw(all_records, path):
    """Writes the picture; its format is that of the ending (svg, png, pdf)."""
    from matplotlib import pyplot

    points = [found for found in map(point, all_records) if found]
    if not points:
        raise ValueError("no record passed with flops and bytes, so there is nothing to draw")
    figure, axes = pyplot.subplots(figsize=(8, 5.2), layout="constrained")
    low, high = min(p[1] for p in points) / 3, max(p[1] for p in points) * 12
    roofs = ceilings(all_records)
    peaks = {name: value for (name, unit), value in roofs.items() if unit == "flop/s"}
    slopes = []
    top = max(peaks.values(), default=float("inf"))
    for style, ((name, unit), value) in zip(["-", "--", "-.", ":"] * 9, sorted(roofs.items())):
        if unit == "byte/s":
            end = min(high, top / value)
            axes.plot([low, end], [low * value, end * value], style, color="0.45", lw=1)
            slopes.append((f"{name} {value / 1e9:.0f} GB/s", (low, low * value), (end, end * value)))
        elif unit == "flop/s":
            axes.plot([low, high], [value, value], "-", color="0.45", lw=1)
            axes.annotate(f"{name} {value / 1e9:.0f} Gflop/s", (high, value), ha="right", color="0.3",
                          fontsize=8, xytext=(-4, 3), textcoords="offset points")
    for index, (label, intensity, rate) in enumerate(points):
        axes.plot(intensity, rate, marker="osD^vP*X"[index % 8], ls="", ms=8, label=label)
    axes.set(xscale="log", yscale="log", xlim=(low, high), xlabel="flops a byte of compulsory traffic",
             ylabel="flops a second")
    axes.grid(True, which="both", lw=0.3, color="0.85")
    axes.legend(fontsize=8, loc="lower right")
    figure.canvas.draw()  # a slope has an angle only once the axes have their place
    for text, begin, end in slopes:
        (x0, y0), (x1, y1) = axes.transData.transform([begin, end])
        axes.annotate(text, begin, rotation=math.degrees(math.atan2(y1 - y0, x1 - x0)), color="0.3", fontsize=8,
                      rotation_mode="anchor", xytext=(3, 5), textcoords="offset points")
    figure.savefig(path, dpi=130, metadata={"Date": None} if str(path).endswith("svg") else None)
    pyplot.close(figure)


def main():
    parser = argparse.ArgumentParser(prog="inpex-roofline", description=__doc__)
    parser.add_argument("bundle", nargs="+", help="folder of a bundle")
    parser.add_argument("-o", "--out", default="roofline.svg", help="the picture: .svg, .png or .pdf")
    words = parser.parse_args()
    try:
        draw([record for bundle in words.bundle for record in records(bundle)], words.out)
    except (OSError, ValueError, KeyError) as trouble:
        sys.exit(f"inpex-roofline: {trouble}\n  name the folder of a whole bundle, as `inpex run` prints it")
    print(words.out)


if __name__ == "__main__":
    main()
