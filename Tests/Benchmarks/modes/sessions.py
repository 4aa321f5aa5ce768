"""CPU time for a request of Lakegate with many live sessions in memory, all in use, against one."""

import subprocess

from ground import own_environment
from loads.wrk import Wrk
from peers import lakegate
from processes import pss_bytes
from report import table as plain_table
from rounds import costed, interleave, summarize
from scene import ROOM, Task, Unable, ending
from workspace import BENCHMARKS

about = "lakegate alone: CPU for a small request spread over 100,000 live sessions against one session"


def run(scene, say):
    options = scene.options
    with ending(scene.ground):
        peers, loads = {}, {}
        for count in (1, options.sessions):
            name = f"{count} session" + "s" * (count > 1)
            store = lakegate.start_store(scene)
            peers[name] = lakegate.start(scene, Task(scene.plain, "h1", large=False), store=store)
            loads[name] = Wrk(scene, "/small", options.connections, _make(scene, store, peers[name], count, say))
            _warm(peers[name], loads[name], count, say)

        def turn(name):
            return costed(peers[name], lambda: loads[name].run(peers[name].port, ("Cookie", ""), options.seconds))

        samples, failed = interleave(list(peers), options.rounds, turn, say, "sessions")
        memory = {name: pss_bytes(peer.pid) for name, peer in peers.items()}
    return {"peers": summarize(samples, "1 session"), "absent": failed, "pss": memory, "sessions": options.sessions}


def _make(scene, store, peer, count, say):
    """A file with the Cookie value of each session: the one that logged in, and copies of it."""
    python = ROOM / "venv/bin/python"
    if not python.exists():
        raise Unable("run Tests/Benchmarks/install.sh")
    first = peer.credential[1]
    cookie, _, token = first.partition("=")
    argv = [python, BENCHMARKS / "loads/clone_sessions.py", store.port, store.keyring, cookie, token, count - 1]
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True, env=own_environment())
    if done.returncode:
        raise Unable(f"sessions could not be made: {done.stderr}")
    say(f"sessions: {count} in Redis")
    return scene.ground.write(f"sessions-{count}.txt", first + "\n" + done.stdout)


def _warm(peer, load, count, say):
    """Uses every session once, so that all of them are in memory."""
    requests = 0
    while requests < count:
        requests += load.run(peer.port, ("Cookie", ""), 2, first=requests)["requests"]
    say(f"sessions: {count} in use, Pss {pss_bytes(peer.pid) / 2**20:.0f} MiB")


def table(results):
    rows = [[name, f"{each['us']:.1f}", f"{each['low']:.1f}-{each['high']:.1f}", f"{each['ratio']:.2f}",
             f"{each['ratio_low']:.2f}-{each['ratio_high']:.2f}", f"{each['rps']:.0f}",
             f"{results['pss'][name] / 2**20:.1f}"] for name, each in results["peers"].items()]
    return plain_table(["lakegate", "CPU us/req", "spread", "ratio to one", "spread", "req/s", "Pss MiB"], rows)
