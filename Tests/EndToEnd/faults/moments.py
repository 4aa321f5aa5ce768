"""Faults at the worst moments of a refresh: between the provider and the store."""

import os
import signal
import threading
import time

from .redis_group import cli
from .relay import DOWN, UP


class Moments:
    def __init__(self, setting):
        self.setting = setting
        """Of the tokens that were under way at these moments."""
        self.families = set()

    def _at(self, name, replica, act):
        """Waits until `act` was called for a token of this replica's; its result says whether all goes on."""
        met, subjects = threading.Event(), []

        def hook(subject):
            subjects.append(subject)
            try:
                return act()
            finally:
                met.set()

        setattr(replica.door, name, hook)
        assert met.wait(40), "no token was spent"
        self.families.add(subjects[0].family)

    def _redis(self, replica, act):
        """For a hook, which runs on the loop."""
        for relay in replica.ways_to_redis:
            act(relay)
        return True

    def killed_before_the_provider_knows(self, replica):
        self._at("at_request", replica, lambda: replica.kill() or False)
        replica.start_again()

    def killed_before_the_answer(self, replica):
        """The token is spent; what came of it reaches nobody."""
        self._at("at_answer", replica, lambda: replica.kill() or False)
        replica.start_again()

    def killed_before_the_store_knows(self, replica):
        """The replica has the answer, and its command to store it is on its way."""
        self._at("at_answer", replica, lambda: self._redis(replica, lambda relay: relay.ways[UP].clear()))
        time.sleep(0.3)
        replica.kill()
        self._redis(replica, lambda relay: relay.cut())
        self._redis(replica, lambda relay: relay.mend())
        replica.start_again()

    def killed_before_it_knows_that_it_is_stored(self, replica):
        self._at("at_answer", replica, lambda: self._redis(replica, lambda relay: relay.ways[DOWN].clear()))
        time.sleep(0.3)
        replica.kill()
        self._redis(replica, lambda relay: relay.mend())
        replica.start_again()

    def stopped_before_the_answer(self, replica):
        """For less time than an answer may take."""
        self._at("at_answer", replica, lambda: replica.stop() or True)
        time.sleep(0.7 * self.setting.answer_time)
        replica.go_on()

    def stopped_before_the_store_knows(self, replica):
        """For longer than its lease."""
        self._at("at_answer", replica, lambda: self._redis(replica, lambda relay: relay.ways[UP].clear()))
        time.sleep(0.2)
        replica.stop()
        time.sleep(0.75 * self.setting.patience)
        self._redis(replica, lambda relay: relay.mend())
        replica.go_on()

    def cut_from_redis_before_the_store_knows(self, replica):
        self._at("at_answer", replica, lambda: self._redis(replica, lambda relay: relay._cut()))
        time.sleep(0.8 * self.setting.patience)
        self._redis(replica, lambda relay: relay.mend())

    def failover_before_the_store_knows(self, replica):
        redis = self.setting.redis
        redis.wait_until_whole()
        master = redis.master()
        self._at("at_answer", replica, lambda: os.killpg(redis.nodes[master].pid, signal.SIGKILL) or True)
        redis.nodes[master].process.wait()
        redis.wait_for_another(master)
        redis.start(master, redis.master())

    def failover_as_soon_as_it_is_stored(self, replica):
        self.setting.redis.wait_until_whole()
        self._at("at_answer", replica, lambda: True)
        self.setting.redis.kill_master()

    def flushed_as_soon_as_it_is_stored(self, replica):
        self._at("at_answer", replica, lambda: True)
        time.sleep(0.01)
        cli(self.setting.redis.master(), "FLUSHALL")


MAY_COST_A_LOGIN = ["killed_before_the_answer", "killed_before_the_store_knows"]
COST_NONE = [
    "killed_before_the_provider_knows", "failover_before_the_store_knows", "stopped_before_the_answer",
    "stopped_before_the_store_knows", "cut_from_redis_before_the_store_knows", "failover_as_soon_as_it_is_stored",
    "killed_before_it_knows_that_it_is_stored", "flushed_as_soon_as_it_is_stored",
]
