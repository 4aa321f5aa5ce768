"""What a process holds and uses, as /proc has it."""

import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def open_files(lakegate):
    return len(list(Path(f"/proc/{lakegate.program.pid}/fd").iterdir()))


def cpu_seconds(lakegate):
    words = Path(f"/proc/{lakegate.program.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS


def memory(lakegate, kind="Rss"):
    """Bytes: `Rss`, or `Pss`."""
    lines = Path(f"/proc/{lakegate.program.pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{kind}:"))


def peak(lakegate):
    """The most memory that there ever was, in bytes."""
    lines = Path(f"/proc/{lakegate.program.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


def eventually(holds, what, patience=30):
    """The seconds until it held."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < patience, what
        time.sleep(0.02)
    return time.monotonic() - began
