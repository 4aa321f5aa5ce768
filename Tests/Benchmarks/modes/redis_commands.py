"""How many Redis commands a peer sends while one known session makes many requests."""

import subprocess

from loads.wrk import Wrk
from peers import running
from report import redis_table as table  # noqa: F401

about = "Redis commands during many requests of one session"


def run(scene, say):
    load, results = Wrk(scene, "/small", scene.options.connections), {}
    with running(scene, scene.options.peers, "h1", say) as (peers, absent):
        for peer in peers:
            say(f"redis: {peer.name}")
            results[peer.name] = measure(peer, load, scene.options.redis_requests) if peer.redis_port else None
    return {"peers": results, "absent": absent}


def command_counts(port):
    """Calls by command since Redis started."""
    argv = ["redis-cli", "-p", str(port), "INFO", "commandstats"]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    counts = {}
    for line in done.stdout.splitlines():
        if line.startswith("cmdstat_"):
            name, _, values = line.removeprefix("cmdstat_").partition(":")
            counts[name] = int(values.split(",")[0].removeprefix("calls="))
    counts.pop("info", None)
    return counts


def measure(peer, load, wanted):
    """Runs load until `wanted` requests of one session were answered; counts commands after the first look-up."""
    load.run(peer.port, peer.credential, 1)
    before, requests = command_counts(peer.redis_port), 0
    while requests < wanted:
        requests += load.run(peer.port, peer.credential, 2)["requests"]
    after = command_counts(peer.redis_port)
    more = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    return {"requests": requests, "commands": sum(more.values()), "by_name": more}
