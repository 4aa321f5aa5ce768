"""The clocks of replicas differ by two minutes: tokens are renewed as often as before, and none is used after its time."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from faults.load import Load
from faults.setting import open_setting
from faults.verdict import judge

PARTS = Path(__file__).parent / "parts"
SECONDS, SKEW = int(os.environ.get("LAKEGATE_FAULTS", "20")), 120

pytestmark = pytest.mark.skipif(not shutil.which("cc"), reason="a C compiler is needed")


@pytest.fixture(scope="module")
def setting(binary, tmp_path_factory):
    """Replicas whose clocks are right, fast, and twice as fast: from where the second stands, one is slow and one is fast."""
    library = tmp_path_factory.mktemp("skew") / "skew.so"
    subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, PARTS / "skew.c", "-ldl"], check=True)
    yield from open_setting(binary, environments=[{"LD_PRELOAD": str(library), "SKEW": str(turn * SKEW)} for turn in range(3)])


def test_a_wrong_clock_costs_no_renewal_and_no_call(setting):
    """F9."""
    forced = sum(replica.door.forced for replica in setting.replicas)
    begun = time.time()
    with Load(setting, setting.logins, 60) as load:
        time.sleep(SECONDS)
    spent = len(setting.ledger.granted(begun))
    # Tokens of twenty seconds are renewed when half their time is left.
    least = setting.access_seconds / 2
    rate = spent / len(setting.logins) / (SECONDS / least)
    print(f"\n    clocks off by {SKEW} s: {spent} tokens spent, {rate:.2f} in each time that they are meant to be used")
    judge(setting, load, begun)
    assert rate <= 1.25
    assert sum(replica.door.forced for replica in setting.replicas) == forced and setting.ledger.too_late == []
