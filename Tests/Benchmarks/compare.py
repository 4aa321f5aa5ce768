#!/usr/bin/env python3
"""Measures TLS-terminating, TLS-to-TLS proxies side by side in one run. Standard library, nginx, haproxy, wrk, redis.

    Tests/Benchmarks/compare.py --lakegate .build/release/lakegate
    Tests/Benchmarks/compare.py --peers nginx,haproxy --modes h1-small --rounds 3 --seconds 2
"""

import argparse
import json
import os
import ssl
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "Rig"))

from certificates import make_certificates  # noqa: E402
from ground import Ground, raise_file_limit  # noqa: E402
from load import Load, negotiated  # noqa: E402
from memory import measure_idle, measure_stalled  # noqa: E402
from peers import PEERS, Scene, fresh  # noqa: E402
from redis_commands import measure_redis  # noqa: E402
from report import TABLES, describe_machine, throughput_table  # noqa: E402
from throughput import PATHS, measure_throughput  # noqa: E402
from upstream import start_upstream  # noqa: E402

MODES = [*PATHS, *TABLES]
NO_SESSION = ("Cookie", "__Host-lakegate=" + "a" * 43)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default="lakegate,nginx,haproxy", help=f"of {','.join(PEERS)}")
    parser.add_argument("--modes", default=",".join(MODES), help=f"of {','.join(MODES)}")
    parser.add_argument("--lakegate", help="path (or command) of the lakegate executable")
    parser.add_argument("--session-token-command", help="prints a session token, given the port; instead of a login")
    parser.add_argument("--credential", choices=["cookie", "bearer"], default="cookie", help="what carries the session")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4, help="of each peer's turn in a round")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--idle-clients", type=int, default=1000)
    parser.add_argument("--stalled-clients", type=int, default=100)
    parser.add_argument("--stalled-seconds", type=int, default=20)
    parser.add_argument("--redis-requests", type=int, default=100_000)
    parser.add_argument("--suite", default="TLS_AES_128_GCM_SHA256", help="TLS 1.3 cipher suite, both sides of all")
    parser.add_argument("--json", type=Path, default=TESTS.parent / ".build-e2e" / "compare.json",
                        help="where to write everything that was measured")
    parser.add_argument("--nice", type=int, default=0, help="niceness of everything; below 0 (root) on a busy machine")
    options = parser.parse_args()
    options.peers, options.modes = options.peers.split(","), options.modes.split(",")
    unknown = set(options.peers) - set(PEERS) | set(options.modes) - set(MODES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if any(name.startswith("lakegate") for name in options.peers) and not options.lakegate:
        parser.error("--lakegate PATH is needed to measure lakegate (or name other --peers)")
    if options.lakegate and Path(options.lakegate).exists():
        options.lakegate = str(Path(options.lakegate).resolve())  # it is started in another folder
    return options


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(mode, peers, scene, loads):
    options = scene.options
    if mode in PATHS:
        return measure_throughput(mode, peers, loads, options.rounds, options.seconds, say)
    results = {}
    for peer in peers:
        say(f"{mode}: {peer.name}")
        if mode == "redis":
            results[peer.name] = measure_redis(peer, loads, options.redis_requests)
        else:
            with fresh(peer.name, scene) as alone:
                results[peer.name] = run_memory(mode, alone, scene)
    return results


def run_memory(mode, peer, scene):
    options, credential = scene.options, peer.credential or NO_SESSION
    context = ssl.create_default_context(cafile=str(scene.certificates.authority))
    if mode == "idle":
        return measure_idle(peer, context, credential, options.idle_clients)
    return measure_stalled(peer, context, credential, options.stalled_clients, options.stalled_seconds)


class Loads:
    """One load generator per session: a peer without sessions gets the first session's bytes."""

    def __init__(self, scene, peers):
        shared = next((peer.credential for peer in peers if peer.credential), NO_SESSION)
        self.by_port = {
            peer.port: Load(scene.ground, scene.options.suite, peer.credential or shared, scene.other_core,
                            scene.options.connections)
            for peer in peers
        }

    def run(self, port, path, seconds):
        return self.by_port[port].run(port, path, seconds)


def conditions(options, scene, peers):
    cores = f"proxy on core {scene.proxy_core}, load generator, workspace and Redis on core {scene.other_core}"
    return {
        **describe_machine(), "pinning": cores if scene.other_core is not None else "none (one core)",
        "access logs": "off (lakegate-log writes one to a file)", "connections": options.connections,
        "niceness": options.nice,
        "rounds": f"{options.rounds} x {options.seconds} s, interleaved, order rotated",
        "tls": {peer.name: negotiated(peer.port, scene.certificates.authority, options.suite) for peer in peers},
        "workspace tls": negotiated(scene.upstream_port, scene.certificates.authority, options.suite),
    }


def main():
    options = arguments()
    raise_file_limit()
    cores = sorted(os.sched_getaffinity(0))
    proxy_core, other_core = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
    if other_core is not None:
        os.sched_setaffinity(0, {other_core})
    with Ground("compare", options.nice) as ground:
        certificates = make_certificates(ground.folder)
        upstream = start_upstream(ground, certificates, options.suite, other_core)
        scene = Scene(ground, certificates, upstream.port, proxy_core, other_core, options)
        peers = [PEERS[name](scene) for name in options.peers]
        loads = Loads(scene, peers)
        outcome = {"conditions": conditions(options, scene, peers), "results": {}}
        for key, value in outcome["conditions"].items():
            print(f"{key}: {value}")
        for mode in options.modes:
            results = outcome["results"][mode] = run(mode, peers, scene, loads)
            print(f"\n{mode}\n{(throughput_table if mode in PATHS else TABLES[mode])(results)}", flush=True)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(outcome, indent=1) + "\n")


if __name__ == "__main__":
    main()
