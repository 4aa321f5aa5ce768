"""What a peer adds to the latency at a rate far below saturation, against the workspace itself.

Requests come at random moments; h2load's own rates come in bursts, which would be measured instead of the peer.
"""

from statistics import median

from loads.paced_load import Paced
from loads.wrk import Wrk
from peers import running
from report import table
from rounds import costed, credentials, interleave
from scene import Peer


class Latency:
    """`clients` is "h1" or "h2"; the workspace itself takes part in every round under the name `direct`."""

    def __init__(self, name, clients, about):
        self.name, self.clients, self.about = name, clients, about

    def run(self, scene, say):
        options = scene.options
        load = self._load(scene)
        with running(scene, options.peers, self.clients, say) as (peers, absent):
            peers = [Peer("direct", scene.plain.port, scene.plain.pid), *peers]
            by_name, session = {peer.name: peer for peer in peers}, credentials(peers)

            def turn(name):
                peer = by_name[name]
                return costed(peer, lambda: load.run(peer.port, session[name], options.seconds))

            samples, failed = interleave(list(by_name), options.rounds, turn, say, self.name, shown="p99us")
        return {"peers": added(samples), "absent": absent | failed, "rate": options.latency_rate}

    def _load(self, scene):
        if self.clients == "h1":
            return Wrk(scene, "/small", scene.options.connections, rate=scene.options.latency_rate)
        return Paced(scene, scene.options.latency_rate)

    def table(self, results):
        rows = [[name, f"{each['p50us']:.0f}", f"{each['p99us']:.0f}", f"{each['added_p50us']:.0f}",
                 f"{each['added_p99us']:.0f}", f"{each['rps']:.0f}", f"{each['busy']:.0%}"]
                for name, each in results["peers"].items()]
        heads = ["peer", "p50 us", "p99 us", "added p50 us", "added p99 us", "req/s", "core busy"]
        return table(heads, rows, results["absent"])


def added(samples):
    """Medians, and the medians of what was above `direct` in the same round."""
    results = {}
    for name, rows in samples.items():
        results[name] = {key: median(row[key] for row in rows) for key in ("p50us", "p99us", "rps", "busy", "us")}
        for point in ("p50us", "p99us"):
            more = [row[point] - base[point] for row, base in zip(rows, samples["direct"])]
            results[name][f"added_{point}"] = median(more)
        results[name]["rounds"] = rows
    return results


H1 = Latency("latency-h1", "h1", "latency added over HTTP/1.1 far below saturation, against the workspace itself")
H2 = Latency("latency-h2", "h2", "the same over one HTTP/2 connection")
