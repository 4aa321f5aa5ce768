"""CPU time for a new TLS connection with one small request on it: full handshake, or resumed by a ticket."""

import json
import os
import subprocess
import sys

from ground import settle
from loads.failure import LoadFailure
from loads.suites import suites_file
from peers import running
from report import ratio_cells, table
from rounds import costed, credentials, interleave, summarize
from workspace import BENCHMARKS

SCRIPT = BENCHMARKS / "loads/handshakes.py"


class NewConnections:
    def __init__(self, name, kind, about):
        self.name, self.kind, self.about = name, kind, about

    def run(self, scene, say):
        options = scene.options
        with running(scene, options.peers, "h1", say) as (peers, absent):
            by_name, session = {peer.name: peer for peer in peers}, credentials(peers)

            def turn(name):
                peer = by_name[name]
                return costed(peer, lambda: self._connect(scene, peer.port, session[name]))

            samples, failed = interleave(list(by_name), options.rounds, turn, say, self.name)
        return {"peers": summarize(samples, "nginx"), "absent": absent | failed}

    def _connect(self, scene, port, credential):
        argv = [sys.executable, SCRIPT, port, scene.certificates.authority, scene.options.seconds, self.kind,
                *credential]
        environment = {**os.environ, "OPENSSL_CONF": str(suites_file(scene.ground, scene.options.suite))}
        done = subprocess.run(
            [str(word) for word in argv], env=environment, capture_output=True, text=True, start_new_session=True,
            preexec_fn=lambda: settle(scene.other_core, scene.ground.niceness),
        )
        if done.returncode:
            raise LoadFailure(done.stdout + done.stderr)
        return json.loads(done.stdout)

    def table(self, results):
        rows = [[name, f"{each['us']:.0f}", f"{each['low']:.0f}-{each['high']:.0f}", *ratio_cells(each),
                 f"{each['rps']:.0f}", f"{each['resumed'] / each['requests']:.0%}"]
                for name, each in results["peers"].items()]
        heads = ["peer", "CPU us/connection", "spread", "ratio to nginx", "spread", "connections/s", "resumed"]
        return table(heads, rows, results["absent"])


NEW = NewConnections("tls-new", "full", "CPU for a new TLS connection, full handshake, and one small request")
RESUMED = NewConnections("tls-resumed", "resumed", "the same, resumed with a session ticket")
