"""Memory of a peer that holds many clients: idle ones, and ones that stop reading a long download."""

import ssl
import time
from contextlib import ExitStack

from loads.plain import ask, connect, read_answer
from peers import running
from processes import pss_bytes, rss_bytes
from report import idle_table, stalled_table
from rounds import NO_SESSION


class Memory:
    """Every peer is measured alone and started for it: an earlier trial would leave its traces."""

    def __init__(self, name, about, measure, table):
        self.name, self.about, self.measure, self.table = name, about, measure, table

    def run(self, scene, say):
        results = {"peers": {}, "absent": {}}
        context = ssl.create_default_context(cafile=str(scene.certificates.authority))
        for name in scene.options.peers:
            say(f"{self.name}: {name}")
            with running(scene, [name], "h1", say) as (peers, absent):
                results["absent"] |= absent
                for peer in peers:
                    results["peers"][name] = self.measure(peer, context, peer.credential or NO_SESSION, scene.options)
        return results


def measure_idle(peer, context, credential, options):
    """Bytes of Pss per idle keep-alive TLS client, each after one small request."""
    _visit(peer, context, credential, 10, seconds=0)
    time.sleep(1)
    before = pss_bytes(peer.pid)
    clients = options.idle_clients
    after = _visit(peer, context, credential, clients, seconds=2)
    return {"clients": clients, "before": before, "after": after, "bytes_per_client": (after - before) / clients}


def _visit(peer, context, credential, clients, seconds):
    """Pss while so many clients are connected and have been answered."""
    with ExitStack() as stack:
        for _ in range(clients):
            one = connect(stack, peer.port, context)
            ask(one, peer.port, "/small", credential)
            read_answer(one)
        time.sleep(seconds)
        return pss_bytes(peer.pid)


def measure_stalled(peer, context, credential, options):
    """RSS once a second while clients have asked for 100 MB and do not read."""
    before, curve, clients = rss_bytes(peer.pid), [], options.stalled_clients
    with ExitStack() as stack:
        for _ in range(clients):
            ask(connect(stack, peer.port, context, receive_buffer=65536), peer.port, "/100m", credential)
        for _ in range(options.stalled_seconds):
            time.sleep(1)
            curve.append(rss_bytes(peer.pid))
    grown = max(curve) - before
    return {"clients": clients, "before": before, "curve": curve, "grown": grown, "per_client": grown / clients}


IDLE = Memory("idle", "memory of an idle keep-alive TLS client", measure_idle, idle_table)
STALLED = Memory("stalled", "growth for clients that ask for 100 MB and do not read", measure_stalled, stalled_table)
