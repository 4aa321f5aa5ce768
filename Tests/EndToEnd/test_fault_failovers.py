"""The master of Redis is killed again and again under load: LAKEGATE_FAILOVERS says how often, and nothing runs without it."""

import os
import random
import time

import pytest
import requests
from faults.load import Load
from faults.verdict import judge
from faults.window import percentiles

FAILOVERS = int(os.environ.get("LAKEGATE_FAILOVERS", "0"))

pytestmark = pytest.mark.skipif(FAILOVERS == 0, reason="LAKEGATE_FAILOVERS is not set")


def is_ready(replica):
    try:
        return requests.get(f"http://127.0.0.1:{replica.admin}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def test_failovers_cost_nothing(hard_setting):
    """R3: how long the Sentinels take to name another master, and each replica to serve with it."""
    setting, begun, named, served = hard_setting, time.time(), [], []
    with Load(setting, setting.logins, 60) as load:
        for number in range(FAILOVERS):
            former, killed = setting.redis.master(), time.monotonic()
            setting.redis.kill(former)
            setting.redis.wait_for_another(former)
            named.append((time.monotonic() - killed) * 1000)
            while not all(is_ready(replica) for replica in setting.replicas):
                time.sleep(0.01)
            served.append((time.monotonic() - killed) * 1000)
            setting.redis.start(former, setting.redis.master())
            setting.redis.wait_until_whole()
            # Every other time tokens are renewed in between: they are left alone while the master is young.
            time.sleep(random.uniform(0.5, 3) + number % 2 * setting.patience)
        time.sleep(setting.patience + 2)
    print(f"\n    {FAILOVERS} failovers, another master named after {percentiles(named)}")
    print(f"    all replicas ready again after {percentiles(served)}")
    assert judge(setting, load, begun) == set()
