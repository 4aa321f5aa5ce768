"""Faults at the moments of a refresh in which a token may die: what only one process had is lost, and nothing within a grace.

LAKEGATE_FAULT_ROUNDS asks for more than one of each.
"""

import os
import time

import pytest
from faults.load import Load
from faults.moments import COST_NONE, MAY_COST_A_LOGIN, Moments
from faults.verdict import judge

ROUNDS = int(os.environ.get("LAKEGATE_FAULT_ROUNDS", "1"))


def trial(setting, names):
    moments, begun = Moments(setting), time.time()
    with Load(setting, setting.logins, 40) as load:
        for turn in range(ROUNDS):
            for number, name in enumerate(names):
                getattr(moments, name)(setting.replicas[(number + turn) % 3])
                time.sleep(1)
        time.sleep(setting.patience + 2)
    print(f"\n    {ROUNDS} times each: {', '.join(names).replace('_', ' ')}")
    return judge(setting, load, begun)


def test_what_was_never_in_one_process_alone_is_never_lost(hard_setting):
    assert trial(hard_setting, COST_NONE) == set()


def test_what_died_with_the_only_process_is_all_that_is_lost(hard_setting):
    """F3. `judge` asks for a cause of each loss."""
    trial(hard_setting, MAY_COST_A_LOGIN)


def test_nothing_is_lost_within_a_grace(kind_setting):
    assert trial(kind_setting, MAY_COST_A_LOGIN + COST_NONE if ROUNDS > 1 else MAY_COST_A_LOGIN) == set()
