"""CPU time for each request at full load, by protocol and size of the answer."""

from loads.h2load import H2Load
from loads.wrk import Wrk
from peers import running
from report import throughput_table
from rounds import costed, credentials, interleave, summarize
from workspace import framed

GRPC_FIELDS = (("content-type", "application/grpc"), ("te", "trailers"))


class Throughput:
    """`load(scene)` makes the load generator; `clients` is what it speaks."""

    def __init__(self, name, about, clients, load):
        self.name, self.about, self.clients, self.load = name, about, clients, load
        self.large = "small" not in name

    def run(self, scene, say):
        options = scene.options
        load = self.load(scene)
        with running(scene, options.peers, self.clients, say, self.large) as (peers, absent):
            by_name, session = {peer.name: peer for peer in peers}, credentials(peers)

            def turn(name):
                peer = by_name[name]
                return costed(peer, lambda: load.run(peer.port, session[name], options.seconds))

            samples, failed = interleave(list(by_name), options.rounds, turn, say, self.name)
        return {"peers": summarize(samples, "nginx"), "absent": absent | failed}

    def table(self, results):
        return throughput_table(results)


def _h1(path):
    return lambda scene: Wrk(scene, path, scene.options.connections)


def _h2(path):
    return lambda scene: H2Load(scene, path, scene.options.h2_connections, scene.options.streams)


def _grpc(path):
    return lambda scene: H2Load(
        scene, path, scene.options.h2_connections, scene.options.streams, fields=GRPC_FIELDS,
        body=framed(100).decode())


H1_SMALL = Throughput("h1-small", "CPU for a request over HTTP/1.1, answer of 200 bytes", "h1", _h1("/small"))
H1_64K = Throughput("h1-64k", "the same, answer of 64 KiB", "h1", _h1("/64k"))
H2_SMALL = Throughput("h2-small", "CPU for a request over HTTP/2, answer of 200 bytes", "h2", _h2("/small"))
H2_64K = Throughput("h2-64k", "the same, answer of 64 KiB", "h2", _h2("/64k"))
GRPC_UNARY = Throughput("grpc-unary", "CPU for a gRPC call, one message of 200 bytes", "grpc", _grpc("/unary.grpc"))
GRPC_STREAM = Throughput("grpc-stream", "the same, 32 messages of 8 KiB in the answer", "grpc", _grpc("/stream.grpc"))
