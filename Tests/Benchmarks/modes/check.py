"""Starts every peer for every kind of client and says whether it does its job; measures nothing."""

from peers import running
from report import table as plain_table

about = "start every peer once for each protocol and say which it can do (measures nothing)"


def run(scene, say):
    results = {name: {} for name in scene.options.peers}
    for clients in ("h1", "h2", "grpc"):
        with running(scene, scene.options.peers, clients, say) as (peers, absent):
            for peer in peers:
                results[peer.name][clients] = "yes"
            for name, reason in absent.items():
                results[name][clients] = reason.splitlines()[0]
    return results


def table(results):
    return plain_table(["peer", "h1", "h2", "grpc"], [[name, *each.values()] for name, each in results.items()])
