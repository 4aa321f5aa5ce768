"""Replicas are killed again and again under load: LAKEGATE_CRASHES says how often, and nothing runs without it."""

import os
import random
import time

import pytest
from faults.load import Load
from faults.verdict import judge
from faults.window import percentiles

CRASHES = int(os.environ.get("LAKEGATE_CRASHES", "0"))

pytestmark = pytest.mark.skipif(CRASHES == 0, reason="LAKEGATE_CRASHES is not set")


def trial(setting):
    begun, ready = time.time(), []
    with Load(setting, setting.logins, 60) as load:
        for _ in range(CRASHES):
            replica = random.choice(setting.replicas)
            replica.kill()
            ready.append(replica.start_again() * 1000)
            time.sleep(random.uniform(0.3, 1.5))
        time.sleep(setting.patience + 2)
    print(f"\n    {CRASHES} crashes: listening again after {percentiles(ready)}")
    return judge(setting, load, begun)


def test_crashes_cost_only_what_died_with_them(hard_setting):
    """P4, F3."""
    trial(hard_setting)


def test_crashes_cost_nothing_within_a_grace(kind_setting):
    assert trial(kind_setting) == set()
