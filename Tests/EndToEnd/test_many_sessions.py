"""What very many sessions cost. Runs only if LAKEGATE_MANY says how many (100000 takes some minutes)."""

import asyncio
import os
import ssl
import sys
import time
from pathlib import Path

import aiohttp
import pytest
from faults.door import ME
from faults.redis_group import cli, value
from faults.setting import Setting
from ground import Ground
from lakegate import COOKIE

sys.path.append(str(Path(__file__).resolve().parents[1] / "Benchmarks" / "loads"))
from clone_sessions import Redis, Sealing, read, write  # noqa: E402

MANY = int(os.environ.get("LAKEGATE_MANY", "0"))
QUIET = 30

pytestmark = pytest.mark.skipif(MANY == 0, reason="LAKEGATE_MANY is not set")


@pytest.fixture(scope="module")
def setting(binary):
    with Ground("many") as ground:
        setting = Setting(ground, binary, access_seconds=3600)
        try:
            setting.log_in(1)
            yield setting
        finally:
            setting.close()


def redis_memory(setting):
    lines = cli(setting.redis.master(), "INFO", "memory").replace("\r", "").replace(":", "\n")
    return int(value(lines, "used_memory"))


def memory(replica):
    """Bytes of the process that no other has (Pss)."""
    lines = Path(f"/proc/{replica.lakegate.program.pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def processor(replica, seconds):
    """Share of one core over so many quiet seconds."""
    def used():
        fields = Path(f"/proc/{replica.lakegate.program.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    before = used()
    time.sleep(seconds)
    return (used() - before) / seconds


async def use(setting, replica, cookies, clients=32):
    """Every session once; the statuses, and the seconds that it took."""
    statuses, queue = {}, iter(cookies)
    context = ssl.create_default_context(cafile=str(setting.certificates.authority))

    async def client(session):
        for cookie in queue:
            fields = {"Cookie": f"{COOKIE}={cookie}"}
            async with session.get(f"https://localhost:{replica.port}{ME}", headers=fields) as answer:
                await answer.read()
                statuses[answer.status] = statuses.get(answer.status, 0) + 1

    begun = time.monotonic()
    connector, jar = aiohttp.TCPConnector(ssl=context, limit=0), aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:
        await asyncio.gather(*(client(session) for _ in range(clients)))
    return statuses, time.monotonic() - begun


def test_what_many_sessions_cost(setting):
    before = redis_memory(setting)
    redis, sealing = Redis(setting.redis.master()), Sealing(setting.keyring)
    content = read(redis, sealing, setting.logins[0].cookie)
    cookies = [write(redis, sealing, content) for _ in range(MANY)]
    print(f"\n    {MANY} sessions: Redis keeps {(redis_memory(setting) - before) / MANY:.0f} bytes of each")
    replica = setting.replicas[0]
    replica.kill()
    begun = time.monotonic()
    replica.start_again()
    replica.wait_until_ready()
    print(f"    a replica starts in {time.monotonic() - begun:.2f} s")
    idle, empty = processor(replica, QUIET), memory(replica)
    for turn in ("first", "second"):
        statuses, took = asyncio.run(use(setting, replica, cookies))
        print(f"    the {turn} use of all: {took * 1000 / MANY:.2f} ms each, {statuses}")
        assert statuses == {200: MANY}
    held = memory(replica) - empty
    print(f"    a replica that serves them keeps {held / MANY:.0f} bytes of each")
    print(f"    doing nothing costs {processor(replica, QUIET):.2%} of a core, without sessions {idle:.2%}")
