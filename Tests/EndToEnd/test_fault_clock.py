"""The clocks of replicas differ by two minutes, or jump by as much: tokens are renewed as often as before, and none is used
after its time."""

import os
import shutil
import struct
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


class Clock:
    """By how many seconds the clock of a replica is off."""

    def __init__(self, path, seconds):
        self.path = path
        self.set(seconds)

    def set(self, seconds):
        # In place and at once: a replica has the file in its memory.
        with open(self.path, "r+b" if self.path.exists() else "wb") as file:
            file.write(struct.pack("l", seconds))


@pytest.fixture(scope="module")
def clocks(tmp_path_factory):
    """Right, fast, and twice as fast: from where the second stands, one is slow and one is fast."""
    folder = tmp_path_factory.mktemp("skew")
    return [Clock(folder / f"skew-{turn}", turn * SKEW) for turn in range(3)]


@pytest.fixture(scope="module")
def setting(binary, clocks):
    library = clocks[0].path.parent / "skew.so"
    subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, PARTS / "skew.c", "-ldl"], check=True)
    yield from open_setting(binary, environments=[{"LD_PRELOAD": str(library), "SKEW_FILE": str(each.path)} for each in clocks])


def measure(setting, title, meanwhile):
    """Load while something happens to the clocks; nothing may be lost, and no token be renewed more often than it must."""
    forced = sum(replica.door.forced for replica in setting.replicas)
    begun = time.time()
    with Load(setting, setting.logins, 60) as load:
        meanwhile()
    seconds = time.time() - begun
    spent = len(setting.ledger.granted(begun))
    # Tokens of twenty seconds are renewed when half their time is left.
    least = setting.access_seconds / 2
    rate = spent / len(setting.logins) / (seconds / least)
    print(f"\n    {title}: {spent} tokens spent, {rate:.2f} in each time that they are meant to be used")
    lost = judge(setting, load, begun)
    assert not lost and setting.ledger.too_late == []
    assert sum(replica.door.forced for replica in setting.replicas) == forced
    # One more of each login where the time of the trial begins and ends.
    assert spent <= len(setting.logins) * (1.25 * seconds / least + 1)


def test_a_wrong_clock_costs_no_renewal_and_no_call(setting):
    """F9."""
    measure(setting, f"clocks off by {SKEW} s", lambda: time.sleep(SECONDS))


def test_a_clock_that_jumps_costs_no_call_and_no_login(setting, clocks):
    """F9: one clock at a time, forth and back, while the replica is in use."""
    jumps = [(0, SKEW), (0, -SKEW), (1, 0), (1, 2 * SKEW), (2, 0), (2, 4 * SKEW)]

    def jump():
        for number, seconds in jumps:
            time.sleep(SECONDS / len(jumps))
            clocks[number].set(seconds)
        time.sleep(SECONDS / len(jumps))

    measure(setting, f"{len(jumps)} jumps of a clock", jump)
