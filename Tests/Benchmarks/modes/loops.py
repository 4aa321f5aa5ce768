"""CPU time for a request of Lakegate with two event loops against one, both free to use every core.

The load generator may use both cores too; the workspace stays where it is.
"""

from dataclasses import replace

from loads.wrk import Wrk
from peers import lakegate
from report import table as plain_table
from rounds import costed, interleave, summarize
from scene import Task, ending

about = "lakegate alone: CPU for a small request with two event loops against one, on both cores"


def run(scene, say):
    options, every = scene.options, {scene.proxy_core, scene.other_core} - {None} or None
    free = replace(scene, proxy_core=every, other_core=every)
    load = Wrk(free, "/small", options.connections)
    with ending(scene.ground):
        task = Task(scene.plain, "h1", large=False)
        peers = {name: lakegate.start(free, task, loops=count) for name, count in (("1 loop", 1), ("2 loops", 2))}

        def turn(name):
            peer = peers[name]
            return costed(peer, lambda: load.run(peer.port, peer.credential, options.seconds))

        samples, failed = interleave(list(peers), options.rounds, turn, say, "loops")
    return {"peers": summarize(samples, "1 loop"), "absent": failed}


def table(results):
    rows = [[name, f"{each['us']:.1f}", f"{each['low']:.1f}-{each['high']:.1f}", f"{each['ratio']:.2f}",
             f"{each['ratio_low']:.2f}-{each['ratio_high']:.2f}", f"{each['rps']:.0f}", f"{each['busy']:.0%}"]
            for name, each in results["peers"].items()]
    return plain_table(["lakegate", "CPU us/req", "spread", "ratio to 1 loop", "spread", "req/s", "core busy"], rows)
