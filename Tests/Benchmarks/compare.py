#!/usr/bin/env python3
"""Measures TLS-terminating, TLS-to-TLS proxies side by side in one run. Tests/Benchmarks/install.sh installs them.

    Tests/Benchmarks/compare.py --lakegate .build/release/lakegate
    Tests/Benchmarks/compare.py --peers nginx,haproxy --modes h1-small --rounds 3 --seconds 2
    Tests/Benchmarks/compare.py --lakegate .build/release/lakegate --modes check
    Tests/Benchmarks/figures.py .build-bench/compare.json Tests/Benchmarks/figures.svg

Every proxy has one worker on the first core; load generator, workspace and Redis are on the second. The main figure is
the CPU time of the proxy's process for each request: medians of short interleaved rounds, the order rotated, and the
ratio to nginx in the same round. lakegate (lakegate-rules with ten rules about who acts as whom), envoy-oauth and apache
look up a session and inject its token; the others only replace the Authorization field with a fixed one. A peer that cannot
do a mode is left out of it, with the reason.
"""

import argparse
import json
import os
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "Rig"))

from certificates import make_certificates  # noqa: E402
from ground import Ground, raise_file_limit  # noqa: E402
from loads.suites import negotiated  # noqa: E402
from modes import MODES  # noqa: E402
from peers import PEERS  # noqa: E402
from report import describe_machine  # noqa: E402
from scene import ROOM, Scene, Unable  # noqa: E402
from workspace import start_grpc, start_identity, start_plain  # noqa: E402


def parser():
    modes = "\n".join(f"  {name:<12} {mode.about}" for name, mode in MODES.items())
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\nmodes:\n{modes}\n\npeers:\n  {', '.join(PEERS)}",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--peers", default=",".join(PEERS), help="which, separated by commas (default: all)")
    add("--modes", default=",".join(name for name in MODES if name != "check"), help="which, likewise (default: all)")
    add("--lakegate", help="path (or command) of the lakegate executable")
    add("--session-token-command", help="prints a session token, given the port; instead of a login")
    add("--credential", choices=["cookie", "bearer"], default="cookie", help="what carries Lakegate's session")
    add("--rounds", type=int, default=7)
    add("--seconds", type=int, default=4, help="of each peer's turn in a round")
    add("--connections", type=int, default=32, help="of HTTP/1.1 clients, one request in flight on each")
    add("--h2-connections", type=int, default=10, help="of HTTP/2 and gRPC clients")
    add("--streams", type=int, default=4, help="requests in flight on each of these")
    add("--upstream", choices=["h1", "h2"], help="what haproxy, caddy, envoy and apache speak to the workspace; "
        "left alone, each does what was cheaper for it in such a mode")
    add("--latency-rate", type=int, default=1000, help="requests a second in latency-h1 and latency-h2")
    add("--idle-clients", type=int, default=1000)
    add("--stalled-clients", type=int, default=100)
    add("--stalled-seconds", type=int, default=20)
    add("--sessions", type=int, default=100_000, help="live sessions in the mode of that name")
    add("--redis-requests", type=int, default=100_000)
    add("--suite", default="TLS_AES_128_GCM_SHA256", help="TLS 1.3 cipher suite, both sides of all")
    add("--json", type=Path, default=ROOM / "compare.json", help="where to write everything that was measured; modes "
        "that are there already and are not measured again stay in it")
    add("--nice", type=int, default=0, help="niceness of everything; below 0 (root) on a busy machine")
    return parser


def arguments():
    words = parser()
    options = words.parse_args()
    options.peers, options.modes = options.peers.split(","), options.modes.split(",")
    unknown = set(options.peers) - set(PEERS) | set(options.modes) - set(MODES)
    if unknown:
        words.error(f"unknown: {', '.join(sorted(unknown))}")
    if options.lakegate and Path(options.lakegate).exists():
        options.lakegate = str(Path(options.lakegate).resolve())  # it is started in another folder
    return options


def say(text):
    print(text, file=sys.stderr, flush=True)


def set_up(ground, options):
    """The scene: two cores if there are two, certificates, identity server and workspaces."""
    cores = sorted(os.sched_getaffinity(0))
    proxy_core, other_core = (cores[0], cores[1]) if len(cores) > 1 else (None, None)
    if other_core is not None:
        os.sched_setaffinity(0, {other_core})
    certificates = make_certificates(ground.folder)
    identity = start_identity(ground, other_core)
    plain = start_plain(ground, certificates, identity, options.suite, other_core)
    grpc = start_grpc(ground, certificates, options.suite, other_core)
    return Scene(ground, certificates, identity, plain, grpc, proxy_core, other_core, options)


def conditions(options, scene):
    cores = f"proxy on core {scene.proxy_core}, load generator, workspace and Redis on core {scene.other_core}"
    return {
        **describe_machine(), "pinning": cores if scene.other_core is not None else "none (one core)",
        "access logs": "off (lakegate-log writes one to a file)", "niceness": options.nice,
        "clients": f"{options.connections} HTTP/1.1, or {options.h2_connections} HTTP/2 x {options.streams} streams",
        "rounds": f"{options.rounds} x {options.seconds} s, interleaved, order rotated",
        "workspace tls": negotiated(scene.plain.port, scene.certificates.authority, options.suite),
    }


def keep(path, known, mode, results, conditions):
    """Writes after every mode, so that a long run that breaks leaves what it measured."""
    known.setdefault("conditions", {})[mode] = conditions
    known.setdefault("results", {})[mode] = results
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known, indent=1) + "\n")


def main():
    options = arguments()
    raise_file_limit()
    outcome = json.loads(options.json.read_text()) if options.json.exists() else {}
    with Ground("compare", options.nice) as ground:
        scene = set_up(ground, options)
        circumstances = conditions(options, scene)
        for key, value in circumstances.items():
            print(f"{key}: {value}")
        for name in options.modes:
            try:
                results = MODES[name].run(scene, say)
            except Unable as reason:
                say(f"without {name}: {reason}")
                continue
            print(f"\n{name}\n{MODES[name].table(results)}", flush=True)
            keep(options.json, outcome, name, results, circumstances)


if __name__ == "__main__":
    main()
