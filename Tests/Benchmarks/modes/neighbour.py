"""Latency of small HTTP/2 requests beside a bulk download: none, on a connection of its own, on the same one."""

from statistics import median

from loads.paced_load import Paced
from peers import running
from report import table as plain_table
from rounds import credentials, interleave
from scene import Peer

about = "p99 of small HTTP/2 requests beside a download of 100 MB in a loop, own or same connection"
KINDS = ("alone", "separate", "same")
RATE = 200


def run(scene, say):
    with running(scene, scene.options.peers, "h2", say, large=True) as (peers, absent):
        peers = [Peer("direct", scene.plain.port, scene.plain.pid), *peers]
        by_name, session = {peer.name: peer for peer in peers}, credentials(peers)

        def turn(subject):
            name, kind = subject.split("/")
            return Paced(scene, RATE, kind).run(by_name[name].port, session[name], scene.options.seconds)

        subjects = [f"{name}/{kind}" for name in by_name for kind in KINDS]
        samples, failed = interleave(subjects, scene.options.rounds, turn, say, "neighbour", shown="p99us")
    whole = [name for name in by_name if all(f"{name}/{kind}" in samples for kind in KINDS)]
    return {"peers": {name: _by_kind(samples, name) for name in whole}, "absent": absent | failed}


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
