"""Clients that make connection after connection, and what the others notice of it."""

import shutil
import subprocess
import time

import pytest
from lakegate import start_beside
from test_overload import SMALL, Live

GENERATORS, SECONDS = 2, 4


@pytest.fixture(scope="module")
def before_flood(ground, binary, certificates, redis, workspace, lakegate, lasting_token):
    """All on one event loop, so that nobody can keep out of the way."""
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "handshakes", workspace.url,
                        lambda text: text + "eventLoops: 1\n")


@pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl command is not installed")
def test_a_flood_of_handshakes_fails_nobody(before_flood, lasting_token):
    """T6: full handshakes without pause, while a live client gets 200 on its connection throughout."""
    free = Live(before_flood, lasting_token, SMALL)
    time.sleep(SECONDS)
    alone = free.end()
    live = Live(before_flood, lasting_token, SMALL)
    argv = ["openssl", "s_time", "-connect", f"localhost:{before_flood.port}", "-new", "-time", str(SECONDS)]
    floods = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(GENERATORS)]
    texts = [flood.communicate(timeout=60)[0] for flood in floods]
    beside = live.end()
    made = sum(int(line.split()[0]) for text in texts for line in text.splitlines() if "real seconds" in line)
    print(f"{made / SECONDS:.0f} handshakes a second; live alone: {alone}; beside them: {beside}")
    assert made > 10 * SECONDS, texts
