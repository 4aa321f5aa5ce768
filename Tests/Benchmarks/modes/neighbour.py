"""Latency of small HTTP/2 requests beside a bulk download: none, on a connection of its own, on the same one."""

import json
import subprocess
import sys
from statistics import median

from ground import settle
from loads.failure import LoadFailure
from peers import running
from report import table as plain_table
from rounds import credentials, interleave
from scene import Peer
from workspace import BENCHMARKS

about = "p99 of small HTTP/2 requests beside a download of 100 MB in a loop, own or same connection"
SCRIPT = BENCHMARKS / "loads/beside_bulk.py"
KINDS = ("alone", "separate", "same")
RATE = 200


def run(scene, say):
    with running(scene, scene.options.peers, "h2", say) as (peers, absent):
        peers = [Peer("direct", scene.plain.port, scene.plain.pid), *peers]
        by_name, session = {peer.name: peer for peer in peers}, credentials(peers)

        def turn(subject):
            name, kind = subject.split("/")
            return _measure(scene, by_name[name].port, session[name], kind)

        subjects = [f"{name}/{kind}" for name in by_name for kind in KINDS]
        samples = interleave(subjects, scene.options.rounds, turn, say, "neighbour", shown="p99us")
    return {"peers": {name: _by_kind(samples, name) for name in by_name}, "absent": absent}


def _measure(scene, port, credential, kind):
    argv = [sys.executable, SCRIPT, port, scene.certificates.authority, scene.options.seconds, RATE, kind, *credential]
    done = subprocess.run(
        [str(word) for word in argv], capture_output=True, text=True, start_new_session=True,
        preexec_fn=lambda: settle(scene.other_core, scene.ground.niceness),
    )
    if done.returncode:
        raise LoadFailure(done.stdout + done.stderr)
    return json.loads(done.stdout)


def _by_kind(samples, name):
    kinds = {}
    for kind in KINDS:
        rows = samples[f"{name}/{kind}"]
        kinds[kind] = {key: median(row[key] for row in rows) for key in rows[0]} | {"rounds": rows}
    return kinds


def table(results):
    heads = ["peer", *(f"{point} us {kind}" for kind in KINDS for point in ("p50", "p99")), "download MB/s same"]
    rows = [[name, *(f"{kinds[kind][point]:.0f}" for kind in KINDS for point in ("p50us", "p99us")),
             f"{kinds['same']['bulk_mb_per_s']:.0f}"] for name, kinds in results["peers"].items()]
    return plain_table(heads, rows, results["absent"])
