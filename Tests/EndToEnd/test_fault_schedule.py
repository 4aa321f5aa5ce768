"""Three replicas, Redis with Sentinels, a provider that ends a family whose token comes twice; and every fault there is.

LAKEGATE_FAULTS is how many seconds the faults go on, 15 unless said; LAKEGATE_SEED fixes which, and their order.
LAKEGATE_FAULT_LOGINS is how many people are logged in, LAKEGATE_FAULT_RATE how many calls there are in a second.
"""

import os
import random
import time

from faults.load import Load
from faults.schedule import Schedule
from faults.verdict import judge

SECONDS = int(os.environ.get("LAKEGATE_FAULTS", "15"))
SEED = int(os.environ.get("LAKEGATE_SEED", str(random.randrange(1 << 30))))
RATE = float(os.environ.get("LAKEGATE_FAULT_RATE", "60"))


def trial(setting):
    print(f"\n    LAKEGATE_SEED={SEED}, {len(setting.logins)} logins, {RATE:.0f} calls a second, grace {setting.grace} s")
    begun, schedule = time.time(), Schedule(setting, SEED)
    with Load(setting, setting.logins, RATE) as load:
        time.sleep(6 * len(setting.logins) / RATE)  # until every replica has every session
        while time.time() < begun + SECONDS:
            schedule.round(until=begun + SECONDS)
        time.sleep(setting.patience + 3)
    schedule.tell_recovery(load)
    return judge(setting, load, begun)


def test_faults_cost_no_login_but_by_answers_that_died(hard_setting):
    """R1 to R6, F1 to F7: 0 tokens spent twice."""
    trial(hard_setting)


def test_faults_cost_no_login_within_a_grace(kind_setting):
    assert trial(kind_setting) == set()
