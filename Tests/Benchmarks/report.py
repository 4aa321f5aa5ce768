"""What a run prints: the machine, what was compared, and plain tables."""

import os
import platform
import re
import subprocess
from pathlib import Path

from scene import ROOM

VERSIONS = {
    "nginx": (["nginx", "-v"], r"nginx/(\S+)"), "haproxy": (["haproxy", "-v"], r"version (\S+)"),
    "apache": (["/usr/sbin/apache2", "-v"], r"Apache/(\S+)"),
    "mod_auth_openidc": (["dpkg-query", "-W", "-f", "${Version}", "libapache2-mod-auth-openidc"], r"(\S+)"),
    "envoy": ([ROOM / "venv/bin/envoy", "--version"], r"/([\d.]+)/"),
    "caddy": ([ROOM / "venv/bin/caddy", "version"], r"(v\S+)"),
    "redis": (["redis-server", "--version"], r"v=(\S+)"), "openssl": (["openssl", "version"], r"OpenSSL (\S+)"),
    "wrk": (["wrk", "-v"], r"wrk (\S+)"), "nghttp2": (["h2load", "--version"], r"nghttp2/(\S+)"),
}


def _first(argv, pattern):
    try:
        done = subprocess.run(argv, capture_output=True, text=True)
    except OSError:
        return "absent"
    found = re.search(pattern, done.stdout + done.stderr)
    return found.group(1) if found else "unknown"


def describe_machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "cores": os.cpu_count(), "cpu": model.group(1) if model else "unknown", "kernel": platform.release(),
        "load": [round(each, 2) for each in os.getloadavg()],
        "versions": {name: _first(*question) for name, question in VERSIONS.items()},
    }


def table(heads, rows, absent=None):
    lines = [heads] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    text = [
        "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(line, widths))).rstrip()
        for line in lines
    ]
    return "\n".join(text + [f"{name}: {reason.splitlines()[0]}" for name, reason in (absent or {}).items()])


def ratio_cells(each):
    """Median and spread of the ratio to nginx, where nginx took part."""
    if not each["ratio"]:
        return ["-", "-"]
    return [f"{each['ratio']:.2f}", f"{each['ratio_low']:.2f}-{each['ratio_high']:.2f}"]


def throughput_table(results):
    heads = ["peer", "CPU us/req", "spread", "ratio to nginx", "spread", "req/s", "core busy", "p50 us", "p99 us",
             "beside us/req"]
    rows = []
    for name, each in results["peers"].items():
        beside = ", ".join(f"{key} {cost:.2f}" for key, cost in each["beside_us"].items()) or "-"
        rows.append([name, f"{each['us']:.1f}", f"{each['low']:.1f}-{each['high']:.1f}", *ratio_cells(each),
                     f"{each['rps']:.0f}", f"{each['busy']:.0%}", f"{each['p50us']:.0f}", f"{each['p99us']:.0f}",
                     beside])
    return table(heads, rows, results["absent"])


def idle_table(results):
    base = results["peers"].get("nginx", {}).get("bytes_per_client")
    rows = [[name, each["clients"], f"{each['before'] / 2**20:.1f}", f"{each['after'] / 2**20:.1f}",
             f"{each['bytes_per_client'] / 1024:.1f}", f"{each['bytes_per_client'] / base:.2f}" if base else "-"]
            for name, each in results["peers"].items()]
    heads = ["peer", "clients", "Pss before MiB", "Pss after MiB", "KiB/client", "ratio to nginx"]
    return table(heads, rows, results["absent"])


def stalled_table(results):
    rows = [[name, each["clients"], f"{each['before'] / 2**20:.1f}", f"{each['grown'] / 2**20:.1f}",
             f"{each['per_client'] / 1024:.0f}",
             " ".join(f"{point / 2**20:.0f}" for point in each["curve"][:: max(1, len(each["curve"]) // 10)])]
            for name, each in results["peers"].items()]
    heads = ["peer", "clients", "RSS before MiB", "grown MiB", "KiB/client", "RSS curve MiB"]
    return table(heads, rows, results["absent"])


def redis_table(results):
    rows = [[name, *([each["requests"], each["commands"], each["by_name"] or "-"] if each else ["-", "-", "no Redis"])]
            for name, each in results["peers"].items()]
    return table(["peer", "requests", "Redis commands", "by name"], rows, results["absent"])
