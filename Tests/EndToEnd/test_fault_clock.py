"""The clock of one replica is off by two minutes: tokens are renewed as often as without that, and none is used after its time."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from faults.load import Load
from faults.setting import open_setting
from faults.verdict import judge

PARTS = Path(__file__).parent / "parts"
SECONDS, SKEW = 25, 120

pytestmark = pytest.mark.skipif(not shutil.which("cc"), reason="a C compiler is needed")


@pytest.fixture(scope="module", params=[[2], [0, 1]], ids=["one-is-fast", "one-is-slow"])
def setting(request, binary, tmp_path_factory):
    library = tmp_path_factory.mktemp("skew") / "skew.so"
    subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, PARTS / "skew.c", "-ldl"], check=True)
    fast = {"LD_PRELOAD": str(library), "SKEW": str(SKEW)}
    yield from open_setting(binary, environments=[fast if number in request.param else {} for number in range(3)])


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
    print(f"\n    clock off by {SKEW} s: {spent} tokens spent, {rate:.2f} in each time that they are meant to be used")
    judge(setting, load, begun)
    assert rate <= 1.25
    assert sum(replica.door.forced for replica in setting.replicas) == forced and setting.ledger.too_late == []
