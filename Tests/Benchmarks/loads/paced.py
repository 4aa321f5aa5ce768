"""Small requests over one HTTP/2 connection, alone or beside a download of 100 MB in a loop. Prints JSON.

They are due at random moments, RATE a second (a Poisson process, the same for everybody), and their latencies count
from these moments.
Usage: paced.py PORT AUTHORITY SECONDS RATE alone|same|separate NAME VALUE
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from loads.h2_client import Connection  # noqa: E402


def serve_bulk(connection, events, stream):
    """Starts the download anew when it has ended; returns its stream and the bytes of it among the events."""
    size = sum(length for each, length, _ in events if each == stream)
    if any(each == stream and ended for each, _, ended in events):
        stream = connection.ask("/100m")
    return stream, size


def measure(connection, seconds, rate, bulk):
    """(latencies in microseconds, bytes of the download)."""
    start, chance = time.monotonic(), random.Random(1)
    due, end, open_streams, times, size = start, start + seconds, {}, [], 0
    stream = connection.ask("/100m") if bulk else None
    while (now := time.monotonic()) < end:
        if now >= due:
            open_streams[connection.ask("/small")] = due
            due += chance.expovariate(rate)
            continue
        events = connection.receive(min(due, end))
        done = time.monotonic()
        times += [1e6 * (done - open_streams.pop(each)) for each, _, ended in events if ended and each in open_streams]
        if bulk:
            stream, more = serve_bulk(connection, events, stream)
            size += more
    return times + [1e6 * (end - began) for began in open_streams.values()], size


def download_for_ever(*where):
    os.nice(5)  # where both have to share a core, the small requests are the ones to be timed
    connection = Connection(*where)
    stream = connection.ask("/100m")
    while True:
        stream, _ = serve_bulk(connection, connection.receive(time.monotonic() + 1), stream)


def main(port, authority, seconds, rate, kind, name, value):
    where = (int(port), authority, [(name, value)])
    child = os.fork() if kind == "separate" else None
    if child == 0:
        download_for_ever(*where)
    try:
        connection = Connection(*where)
        times, size = measure(connection, float(seconds), float(rate), bulk=kind == "same")
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    points = quantiles(times, n=100)
    print(json.dumps({"requests": len(times), "seconds": float(seconds), "p50us": points[49], "p99us": points[98],
                      "bulk_mb_per_s": size / 1e6 / float(seconds)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
