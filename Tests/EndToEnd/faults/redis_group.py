"""A Redis master with two replicas and three Sentinels, which does for Lakegate what the README says, and no more."""

import os
import signal
import subprocess
import time

from ground import free_port
from store import rights

MASTER = "trial"

NODE = """\
port {port}
bind 127.0.0.1
dir {folder}
save 60 1
rdbcompression no
appendonly yes
appendfsync everysec
repl-diskless-sync-delay 0
min-replicas-to-write {least}
user {rule}
"""

SENTINEL = """\
port {port}
bind 127.0.0.1
dir {folder}
sentinel monitor {master} 127.0.0.1 {watched} 2
sentinel down-after-milliseconds {master} 700
sentinel failover-timeout {master} 3000
sentinel parallel-syncs {master} 2
"""


class RedisGroup:
    def __init__(self, ground, least=1):
        """`least`: with fewer replicas than these, a master takes no writes."""
        self.ground, self.nodes = ground, {}
        rule = rights()
        first = free_port()
        for port in (first, free_port(), free_port()):
            text = NODE.format(port=port, folder=self.folder(port), rule=rule, least=least)
            ground.write(f"redis-{port}/node.conf", text + (f"replicaof 127.0.0.1 {first}\n" if port != first else ""))
            self.start(port)
        self.sentinels = [self._start_sentinel(free_port(), first) for _ in range(3)]
        self.wait_until_whole()

    def folder(self, port):
        return self.ground.folder / f"redis-{port}"

    def start(self, port, master=None):
        argv = ["redis-server", self.folder(port) / "node.conf"]
        argv += ["--replicaof", "127.0.0.1", master] if master else []
        self.nodes[port] = self.ground.start(f"redis-node-{port}", argv, port=port)

    def _start_sentinel(self, port, watched):
        text = SENTINEL.format(port=port, folder=self.folder(port), watched=watched, master=MASTER)
        config = self.ground.write(f"redis-{port}/sentinel.conf", text)
        self.ground.start(f"redis-sentinel-{port}", ["redis-server", config, "--sentinel"], port=port)
        return port

    def master(self):
        said = cli(self.sentinels[0], "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER).split()
        return int(said[1])

    def wait_until_whole(self, patience=40):
        """Until the Sentinels know each other, and the master has both replicas."""
        deadline = time.monotonic() + patience
        while True:
            known = all(int(value(cli(port, "SENTINEL", "MASTER", MASTER), "num-other-sentinels") or 0) == 2
                        for port in self.sentinels)
            followed = cli(self.master(), "INFO", "replication")
            if known and followed.count("state=online") == 2:
                return
            assert time.monotonic() < deadline, followed
            time.sleep(0.1)

    def kill_master(self):
        """Kills it, and gives the seconds until the Sentinels name another one."""
        former, begun = self.master(), time.monotonic()
        self.kill(former)
        self.wait_for_another(former)
        took = time.monotonic() - begun
        self.start(former, self.master())
        return took

    def wait_for_another(self, former):
        deadline = time.monotonic() + 40
        while self.master() == former:
            assert time.monotonic() < deadline, "no failover"
            time.sleep(0.05)

    def kill(self, port):
        os.killpg(self.nodes[port].pid, signal.SIGKILL)
        self.nodes[port].process.wait()

    def lose_all(self):
        """All nodes are killed, and come back with nothing."""
        master = self.master()
        for port in self.nodes:
            self.kill(port)
        for port in [master, *(port for port in self.nodes if port != master)]:
            for path in self.folder(port).rglob("*"):
                if path.is_file() and path.suffix != ".conf":
                    path.unlink()
            self.start(port)

    def stop_master(self, seconds):
        program = self.nodes[self.master()]
        os.killpg(program.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(program.pid, signal.SIGCONT)

    def save(self):
        """Has every node write its whole database to its disk."""
        for port in self.nodes:
            assert cli(port, "SAVE") == "OK"


def cli(port, *words):
    argv = ["redis-cli", "-p", str(port), *[str(word) for word in words]]
    return subprocess.run(argv, capture_output=True, text=True, timeout=20).stdout.strip()


def value(lines, name):
    """From an answer that has names and values by turns."""
    words = lines.split("\n")
    return words[words.index(name) + 1] if name in words else None
