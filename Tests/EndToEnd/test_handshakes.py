"""One client that makes connection after connection, and what the others notice of it."""

import shutil
import subprocess
import time

import pytest
from lakegate import start_beside
from test_overload import Live

SECONDS = 4


@pytest.fixture(scope="module")
def before_flood(ground, binary, certificates, redis, workspace, lakegate, lasting_token):
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "handshakes", workspace.url)


@pytest.mark.skipif(not shutil.which("openssl"), reason="the openssl command is not installed")
def test_a_flood_of_handshakes_fails_nobody(before_flood, lasting_token):
    """T6: full handshakes without pause, while a live client gets 200 on its connection throughout."""
    free = Live(before_flood, lasting_token)
    time.sleep(2)
    alone = free.end()
    live = Live(before_flood, lasting_token)
    argv = ["openssl", "s_time", "-connect", f"localhost:{before_flood.port}", "-new", "-time", str(SECONDS)]
    flood = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    beside = live.end()
    made = next(int(line.split()[0]) for line in flood.stdout.splitlines() if "real seconds" in line)
    print(f"{made / SECONDS:.0f} handshakes a second; live alone: {alone}; beside them: {beside}")
    assert made > 10 * SECONDS, flood.stdout + flood.stderr
