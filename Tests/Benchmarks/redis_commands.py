"""How many Redis commands a peer sends while one known session makes many requests."""

import subprocess


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


def measure_redis(peer, load, wanted):
    """Runs load until `wanted` requests of one session were answered; counts commands after the first look-up."""
    if peer.redis_port is None:
        return None
    load.run(peer.port, "/small", 1)
    before = command_counts(peer.redis_port)
    requests = 0
    while requests < wanted:
        requests += load.run(peer.port, "/small", 2)["requests"]
    after = command_counts(peer.redis_port)
    more = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    return {"requests": requests, "commands": sum(more.values()), "by_name": more}
