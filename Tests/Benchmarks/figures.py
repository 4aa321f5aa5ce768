#!/usr/bin/env python3
"""Draws what compare.py measured as a plain SVG: bars of the ratio to nginx, a panel for each mode.

    Tests/Benchmarks/figures.py .build-bench/compare.json Tests/Benchmarks/figures.svg
"""

import json
import sys
from html import escape
from pathlib import Path

PANELS = {
    "h1-small": "HTTP/1.1, 200 bytes", "h1-64k": "HTTP/1.1, 64 KiB", "h2-small": "HTTP/2, 200 bytes",
    "h2-64k": "HTTP/2, 64 KiB", "grpc-unary": "gRPC, one small message", "grpc-stream": "gRPC, 32 x 8 KiB",
    "tls-new": "new TLS connection", "idle": "memory of an idle TLS client",
}
# What a peer does about sessions decides its colour.
COLORS = {"lakegate": "#b3432b", "lakegate-log": "#d98a78", "envoy-oauth": "#4a6a8a", "apache": "#4a6a8a"}
RELAY = "#b9b9b3"
COLUMNS, WIDTH, BAR, NAME, TRACK, LONGEST = 2, 400, 16, 84, 250, 4.0


def ratios(mode, results):
    """[(peer, ratio to nginx, lowest, highest)], the cheapest first."""
    rows, base = [], results["peers"]["nginx"]
    for name, each in results["peers"].items():
        ratio = each["bytes_per_client"] / base["bytes_per_client"] if mode == "idle" else each["ratio"]
        rows.append((name, ratio, each.get("ratio_low", ratio), each.get("ratio_high", ratio)))
    return sorted(rows, key=lambda row: row[1])


def words(x, y, text, size=11, anchor="start", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}">'
            f"{escape(text)}</text>")


def bar(left, top, row):
    """One peer: name, bar, whisker from the lowest to the highest round, and the number."""
    name, ratio, low, high = row
    start, unit = left + NAME, TRACK / LONGEST
    length, middle = min(ratio, LONGEST) * unit, top + BAR / 2
    low, high = min(low, LONGEST) * unit, min(high, LONGEST) * unit
    fill = COLORS.get(name, RELAY)
    return [
        words(start - 6, top + BAR - 4, name, anchor="end"),
        f'<rect x="{start}" y="{top + 1}" width="{length:.1f}" height="{BAR - 3}" fill="{fill}"/>',
        f'<path d="M{start + low:.1f} {middle:.1f}H{start + high:.1f}" stroke="#222" stroke-width="1"/>',
        words(start + max(length, high) + 5, top + BAR - 4, f"{ratio:.2f}"),
    ]


def panel(left, top, title, rows):
    start = left + NAME + TRACK / LONGEST
    parts = [words(left + NAME, top + 12, title, 12, weight="bold")]
    for number, row in enumerate(rows):
        parts += bar(left, top + 20 + number * BAR, row)
    bottom = top + 20 + len(rows) * BAR
    return parts + [f'<path d="M{start:.1f} {top + 18}V{bottom}" stroke="#222" stroke-dasharray="2 2"/>']


def draw(outcome):
    panels = [(title, ratios(mode, outcome["results"][mode])) for mode, title in PANELS.items()
              if "nginx" in outcome["results"].get(mode, {"peers": {}})["peers"]]
    parts, top = [], 52
    for start in range(0, len(panels), COLUMNS):
        line = panels[start:start + COLUMNS]
        for column, (title, rows) in enumerate(line):
            parts += panel(10 + column * WIDTH, top, title, rows)
        top += 20 + max(len(rows) for _, rows in line) * BAR + 16
    head = [
        words(10, 18, "Ratio to nginx (dashed line), less is better: CPU time, in the last panel memory", 14,
              weight="bold"),
        words(10, 36, "red: Lakegate; blue: others that check a session; grey: relays only; line: lowest to highest "
              f"round; bars end at {LONGEST:.0f}"),
    ]
    wide = COLUMNS * WIDTH + 20
    size = f'width="{wide}" height="{top}" viewBox="0 0 {wide} {top}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="#fff"/>', *head, *parts, "</svg>", ""])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    Path(sys.argv[2]).write_text(draw(json.loads(Path(sys.argv[1]).read_text())))
