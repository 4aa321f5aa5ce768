"""Faults in an order that a seed fixes, each as a time in which something does not work."""

import random
import time
from dataclasses import dataclass

from .redis_group import cli
from .relay import DOWN, UP

NONSENSE = [
    (200, "<html>no JSON"), (200, "{}"), (200, '{"access_token": ""}'), (200, "[" * 10_000), (200, ""), (204, ""),
    (400, '{"error": "invalid_client"}'), (400, "no JSON"), (404, "{}"), (502, "<html>"), (503, "{}"),
]


@dataclass
class Happened:
    name: str
    begun: float
    ended: float
    """Seconds that something of note took, such as a failover."""
    took: float = None


class Schedule:
    """Every fault takes less time than the replicas have patience with each other."""

    def __init__(self, setting, seed, longest=None):
        self.setting, self.random = setting, random.Random(seed)
        # A holder that is hindered for longer than the others' patience loses its token by design.
        self.longest = longest or 0.8 * setting.patience
        self.happened = []
        self.faults = {
            "a replica is killed": self.kill_replica,
            "a replica stops": self.stop_replica,
            "the master of Redis is killed": setting.redis.kill_master,
            "the master of Redis stops": lambda: setting.redis.stop_master(self.seconds(0.5, 5)),
            "Redis pauses its clients": self.pause_redis,
            "Redis is flushed": lambda: cli(setting.redis.master(), "FLUSHALL"),
            "Redis loses all": setting.redis.lose_all,
            "a replica is cut from Redis": self.cut_replica,
            "a replica hears nothing from Redis": lambda: self.hold_replica(DOWN),
            "Redis hears nothing from a replica": lambda: self.hold_replica(UP),
            "the network between a replica and Redis is away": lambda: self.hold_replica(UP, DOWN),
            "the provider is too slow": self.slow_provider,
            "the provider says 500": lambda: self.refuse(500, "{}"),
            "the provider says 429": lambda: self.refuse(429, "{}", {"Retry-After": "2"}),
            "the provider talks nonsense": lambda: self.refuse(*self.random.choice(NONSENSE)),
            "an answer is lost": self.lose_answer,
        }
        if setting.grace:
            self.faults["all answers are lost"] = self.lose_answers
            self.faults["the provider is too slow, and takes what comes late"] = lambda: self.slow_provider(takes_late=True)

    def round(self, until=float("inf")):
        """Every fault once, with time to recover in between."""
        names = sorted(self.faults)
        self.random.shuffle(names)
        for name in names:
            if time.time() < until:
                self.happen(name)

    def happen(self, name):
        begun = time.time()
        took = self.faults[name]()
        self.happened.append(Happened(name, begun, time.time(), took if isinstance(took, float) else None))
        time.sleep(self.seconds(1.5, 3.5))

    def seconds(self, least, most):
        return self.random.uniform(least, most)

    def one(self):
        return self.random.choice(self.setting.replicas)

    def kill_replica(self):
        replica = self.one()
        replica.kill()
        return replica.start_again()

    def stop_replica(self):
        replica = self.one()
        replica.stop()
        time.sleep(self.seconds(0.5, self.longest))
        replica.go_on()

    def pause_redis(self):
        seconds = self.seconds(0.5, 4)
        cli(self.setting.redis.master(), "CLIENT", "PAUSE", int(seconds * 1000), "ALL")
        time.sleep(seconds)

    def cut_replica(self):
        self._without_redis(lambda relay: relay.cut())

    def hold_replica(self, *ways):
        self._without_redis(lambda relay: relay.hold(*ways))

    def _without_redis(self, disturb):
        replica = self.one()
        for relay in replica.ways_to_redis:
            disturb(relay)
        time.sleep(self.seconds(0.5, self.longest))
        for relay in replica.ways_to_redis:
            relay.mend()

    def slow_provider(self, takes_late=False):
        doors = [replica.door for replica in self.setting.replicas]
        for door in doors:
            door.delay, door.takes_late_requests = self.setting.answer_time + self.seconds(0.5, 2), takes_late
        time.sleep(self.seconds(1, 4))
        for door in doors:
            door.delay = 0

    def refuse(self, status, text, fields={}):
        for replica in self.setting.replicas:
            replica.door.refusal = status, fields, text
        time.sleep(self.seconds(1, 4))
        for replica in self.setting.replicas:
            replica.door.refusal = None

    def lose_answer(self):
        self.one().door.at_answer = lambda grant: False
        time.sleep(1)

    def lose_answers(self):
        for replica in self.setting.replicas:
            replica.door.loses_answers = True
        time.sleep(self.seconds(1, 3))
        for replica in self.setting.replicas:
            replica.door.loses_answers = False

    def tell_recovery(self, load):
        """From the end of each fault to the last call that failed before the next one."""
        ends = [each.begun for each in self.happened[1:]] + [time.time()]
        for each, following in zip(self.happened, ends):
            took = f", {each.took:.2f} s for that" if each.took else ""
            moment = time.strftime("%X", time.localtime(each.begun))
            recovery = load.last_failure(each.ended, following)
            print(f"    {moment} {each.name} ({each.ended - each.begun:.1f} s{took}): recovered {recovery:.2f} s after it")
