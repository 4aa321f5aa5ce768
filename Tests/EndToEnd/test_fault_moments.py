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
    """Families whose tokens were under way at these moments, and those of them that are lost."""
    moments, begun = Moments(setting), time.time()
    with Load(setting, setting.logins, 40) as load:
        for turn in range(ROUNDS):
            for number, name in enumerate(names):
                getattr(moments, name)(setting.replicas[(number + turn) % 3])
                time.sleep(1)
            if ROUNDS > 1 and not setting.grace:
                setting.log_in(4)  # in the place of those that are lost, which include what was under way by chance
        time.sleep(setting.patience + 2)
    print(f"\n    {ROUNDS} times each: {', '.join(names).replace('_', ' ')}")
    return moments.families, {login.family for login in judge(setting, load, begun)} & moments.families


def test_what_was_never_in_one_process_alone_is_never_lost(hard_setting):
    """F3, F4, R3. Tokens that were under way by chance may be: `judge` asks for a cause of each loss."""
    _, lost = trial(hard_setting, COST_NONE)
    assert lost == set()


def test_what_died_with_the_only_process_is_lost(hard_setting):
    """F3: the honest limit with a provider that has no grace; it shows that the trial hits the moment."""
    families, lost = trial(hard_setting, MAY_COST_A_LOGIN)
    assert lost == families


def test_nothing_is_lost_within_a_grace(kind_setting):
    _, lost = trial(kind_setting, MAY_COST_A_LOGIN + COST_NONE if ROUNDS > 1 else MAY_COST_A_LOGIN)
    assert lost == set()
