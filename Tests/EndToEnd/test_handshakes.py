"""Clients that make connection after connection, and what the others notice of it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from lakegate import start_beside
from test_overload import SMALL, Live

PART = Path(__file__).parent / "parts/handshakes.py"
GENERATORS, SECONDS = 2, 4


@pytest.fixture(scope="module")
def before_flood(ground, binary, certificates, redis, workspace, lakegate, lasting_token):
    """All on one event loop, so that nobody can keep out of the way."""
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "handshakes", workspace.url,
                        lambda text: text + "eventLoops: 1\n")


@pytest.mark.parametrize("rate", [500, 100_000], ids=["500 a second", "without pause"])
def test_a_flood_of_handshakes_fails_nobody(before_flood, lasting_token, rate):
    """T6: full handshakes by two generators, while a live client gets 200 on its connection throughout."""
    free = Live(before_flood, lasting_token, SMALL)
    time.sleep(SECONDS)
    alone = free.end()
    live = Live(before_flood, lasting_token, SMALL)
    argv = [sys.executable, PART, str(before_flood.port), before_flood.authority, str(rate / GENERATORS), str(SECONDS)]
    floods = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(GENERATORS)]
    made = sum(int(flood.communicate(timeout=60)[0]) for flood in floods)
    print(f"{made / SECONDS:.0f} handshakes a second; live alone: {alone}; beside them: {live.end()}")
    assert made > 10 * SECONDS
