"""What the kernel knows about a process and all its descendants: CPU time and memory."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid):
    """The process and its descendants, so that a master's workers count."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                found += family(int(child))
        except OSError:
            continue
    return found


def cpu_seconds(pid):
    """User plus system time of every thread, ended ones included."""
    return sum(_ticks(member) for member in family(pid)) / TICKS


def pss_bytes(pid):
    """Proportional set size: pages shared with others count in part."""
    return sum(_rollup(member, "Pss:") for member in family(pid))


def rss_bytes(pid):
    return sum(_rollup(member, "Rss:") for member in family(pid))


def _ticks(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _rollup(pid, key):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(key)), 0)
