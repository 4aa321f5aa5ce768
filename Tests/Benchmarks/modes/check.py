"""Starts every peer for every kind of client and says whether it does its job; measures nothing."""

from loads.suites import negotiated
from peers import running
from report import table as plain_table

about = "start every peer once for each protocol and say which it can do (measures nothing)"


def run(scene, say):
    results = {name: {} for name in scene.options.peers}
    for clients in ("h1", "h2", "grpc"):
        with running(scene, scene.options.peers, clients, say) as (peers, absent):
            for peer in peers:
                results[peer.name]["tls"] = negotiated(
                    peer.port, scene.certificates.authority, scene.options.suite)
                results[peer.name][clients] = "yes"
            for name, reason in absent.items():
                results[name][clients] = reason.splitlines()[0]
    return results


def table(results):
    heads = ["h1", "h2", "grpc", "tls"]
    return plain_table(["peer", *heads], [[name, *(each.get(head, "-") for head in heads)]
                                          for name, each in results.items()])
