"""Three replicas of Lakegate, each with ways of its own to Redis, to the Sentinels, to the provider and to the workspace."""

import os
import shlex
import signal
import time
from dataclasses import dataclass, field

from ground import free_port
from lakegate import CONFIG, Lakegate, wait_until_ready
from store import PASSWORD

from .door import Door
from .redis_group import MASTER
from .relay import Relay

MORE = """\
sessions:
  refreshAnswerTime: {answer_time}s
  staleness: {staleness}s
limits: {{connectionsPerAddress: 0}}
"""


@dataclass
class Holder:
    """One start of one replica."""

    replica: int
    begun_at: float
    killed_at: float = 0
    """For each family, how long the newest access token is good that the workspace has seen of this holder."""
    good_until: dict = field(default_factory=dict)


class Replica:
    def __init__(self, number, port, setting):
        self.number, self.port, self.setting = number, port, setting
        background, redis = setting.background, setting.redis
        self.door = Door(background, setting.certificates, setting.provider.port, setting.ledger)
        self.nodes = {node: Relay(background, node) for node in redis.nodes}
        self.sentinels = [Relay(background, each, self._translate) for each in redis.sentinels]
        self.admin, self.holder, self.environment = free_port(), None, {}
        """[from, to] of the times in which nobody can expect an answer."""
        self.away = []
        self.access_log = setting.ground.folder / f"replica-{number}-access.log"
        self.config = setting.ground.write(f"replica-{number}.yaml", self._text())
        self.lakegate = None

    def _translate(self, piece):
        """What a Sentinel says, with the ports of this replica's own relays."""
        for node, relay in self.nodes.items():
            piece = piece.replace(b"%d" % node, b"%d" % relay.port)
        return piece

    def _text(self):
        setting, door = self.setting, self.door.url
        text = CONFIG.format(
            port=self.port, admin=self.admin, redis=1, keyring=setting.keyring, client="public-client",
            certificate=setting.certificates.certificate, key=setting.certificates.key,
            authority=setting.certificates.authority, access_log=self.access_log, workspace=door, token=f"{door}/o/token/",
            authorize=f"https://127.0.0.1:{self.door.port}/o/authorize/",
        )
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.sentinels)
        text = text.replace("redis://127.0.0.1:1/0", f"redis+sentinel://lakegate:{PASSWORD}@{hosts}/{MASTER}/0")
        if setting.grace:
            text += f"      refreshGrace: {setting.grace}s\n"
        return text + MORE.format(answer_time=setting.answer_time, staleness=setting.staleness)

    def start(self):
        ground, binary = self.setting.ground, self.setting.binary
        self.holder = self.door.holder = Holder(self.number, time.time())
        argv = [*shlex.split(binary), "serve", "--config", self.config]
        program = ground.start(f"replica-{self.number}", argv, port=self.port, env=self.environment, patience=30)
        self.lakegate = Lakegate(self.port, self.admin, self.setting.certificates.authority, self.access_log, program)
        return self

    def wait_until_ready(self):
        wait_until_ready(self.lakegate)

    def kill(self):
        """At once; may be called where nobody may wait."""
        self.away.append([time.time(), float("inf")])
        self.signal(signal.SIGKILL)
        self.holder.killed_at = time.time()

    def start_again(self):
        """After a kill; gives the seconds until it answers."""
        begun = time.monotonic()
        self.lakegate.program.process.wait()
        self.start()
        self.away[-1][1] = time.time()
        return time.monotonic() - begun

    def stop(self):
        self.away.append([time.time(), float("inf")])
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)
        self.away[-1][1] = time.time()

    def signal(self, sign):
        os.killpg(self.lakegate.program.pid, sign)

    def was_away(self, begun, ended):
        return any(begun <= end and start <= ended for start, end in list(self.away))

    @property
    def ways_to_redis(self):
        return [*self.nodes.values(), *self.sentinels]

    def close(self):
        self.signal(signal.SIGCONT)
        self.lakegate.program.end()
        self.door.close()
