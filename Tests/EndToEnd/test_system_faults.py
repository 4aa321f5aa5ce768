"""System calls of Lakegate that go wrong one time in a hundred: no crash, and no answer that is not the right one.

LAKEGATE_FULL asks for 1e5 requests in all.
"""

import asyncio
import http.client
import mmap
import os
import random
import shutil
import ssl
import struct
import subprocess
import threading
from collections import Counter
from pathlib import Path

import pytest
from descriptors import eventually, open_files
from ground import free_port
from h2_client import Client, tls_context
from lakegate import start_beside

PARTS = Path(__file__).parent / "parts"
REQUESTS = 10_000 if "LAKEGATE_FULL" in os.environ else 600
CLIENTS, PATIENCE = 4, 15
"""In the order of faults.c. Of some, nobody may notice anything; of the others, that a request failed."""
FAULTS = ["partial", "interrupted", "reset", "exhausted", "full"]
UNNOTICED = {"partial", "interrupted", "full"}
"""One time in how many, where the calls are fewer."""
RATES = {"exhausted": 10, "full": 2}
FAILED = {502, 503, 504}

pytestmark = pytest.mark.skipif(not shutil.which("cc") or not shutil.which("node"), reason="a C compiler and Node.js are needed")


class Page:
    """The page of memory that is shared with the library: what goes wrong, one time in how many, and how often it did."""

    def __init__(self, path):
        path.write_bytes(bytes(4096))
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 4096)

    def ask(self, fault=None, one_in=100):
        wanted = 1 << FAULTS.index(fault) if fault else 0
        self.memory[:8] = struct.pack("II", wanted, one_in)

    def count(self, fault):
        return struct.unpack_from("I", self.memory, 8 + 4 * FAULTS.index(fault))[0]


@pytest.fixture(scope="module")
def library(ground):
    path = ground.folder / "faults.so"
    subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", path, PARTS / "faults.c", "-ldl"], check=True)
    return path


@pytest.fixture(scope="module", params=["HTTP/1.1", "HTTP/2"])
def faulty(request, ground, binary, certificates, redis, workspace, lakegate, lasting_token, library):
    """(Lakegate with the library before a workspace that sends bodies back, its page, what the workspace speaks)."""
    name, port = f"faulty-{request.param.replace('/', '-')}", free_port()
    argv = ["node", PARTS / "echo.js", port, certificates.certificate, certificates.key, request.param]
    ground.start(f"{name}-workspace", argv, port=port)
    page = Page(ground.folder / f"{name}.page")
    command = f"env LD_PRELOAD={library} FAULTS={ground.folder / name}.page {binary}"
    more = "limits: {connectionsPerAddress: 0}\n"
    one = start_beside(ground, command, certificates, redis[1], workspace, lakegate, name, f"https://localhost:{port}",
                       lambda text: text + more)
    yield one, page, request.param
    page.ask()
    one.program.end()


def message():
    return random.randbytes(random.choice([16, 100, 3000, 20_000, 200_000]))


class Plain(threading.Thread):
    """A client of HTTP/1.1 that takes another connection after each failure and now and then."""

    def __init__(self, lakegate, token, count):
        super().__init__(daemon=True)
        self.lakegate, self.count, self.outcomes = lakegate, count, Counter()
        self.fields = {"Authorization": f"Bearer {token}"}
        self.context = tls_context(lakegate.authority, "http/1.1")
        self.connection = None
        self.start()

    def run(self):
        for _ in range(self.count):
            self.outcomes[self.one()] += 1
        self.leave()

    def one(self):
        sent = message()
        try:
            if not self.connection or random.random() < 0.1:
                self.leave()
                self.connection = http.client.HTTPSConnection("localhost", self.lakegate.port, timeout=PATIENCE, context=self.context)
            self.connection.request("POST", "/echo", sent, self.fields)
            answer = self.connection.getresponse()
            got = answer.read()
        except TimeoutError:
            self.leave()
            return "no answer"
        except (OSError, http.client.HTTPException):
            self.leave()
            return "broken"
        return judged(answer.status, got == sent)

    def leave(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def judged(status, is_right):
    return "right" if status == 200 and is_right else "failed" if status in FAILED else f"wrong: {status}"


async def multiplexed(lakegate, token, count):
    """Outcomes of a client of HTTP/2 with some streams at once."""
    outcomes = Counter()
    while (left := count - outcomes.total()) > 0:
        try:
            async with Client(lakegate, token) as client:
                outcomes.update(await asyncio.gather(*(one(client) for _ in range(min(left, 8)))))
        except (OSError, ssl.SSLError):
            outcomes["broken"] += 1
    return outcomes


async def one(client):
    sent = message()
    try:
        call = await asyncio.wait_for(client.post("/echo", sent), PATIENCE)
    except TimeoutError:
        return "no answer"
    if call.reset is not None or client.closed.is_set() or not call.status:
        return "broken"
    return judged(call.status, bytes(call.body) == sent)


def outcomes(lakegate, token, count, protocol):
    """Of so many requests; three in four clients speak what the workspace speaks, the others the other version."""
    plain = CLIENTS - 1 if protocol == "HTTP/1.1" else 1
    clients = [Plain(lakegate, token, count // CLIENTS) for _ in range(plain)]
    found = asyncio.run(together(lakegate, token, count // CLIENTS, CLIENTS - plain))
    for client in clients:
        client.join()
        found += client.outcomes
    return found


async def together(lakegate, token, count, clients):
    return sum(await asyncio.gather(*(multiplexed(lakegate, token, count) for _ in range(clients))), Counter())


async def spoken(lakegate, token):
    """What the workspace says it was asked in."""
    async with Client(lakegate, token) as client:
        return (await client.post("/echo", b"?")).fields["spoken"]


@pytest.mark.parametrize("fault", FAULTS)
def test_calls_that_go_wrong_harm_only_their_own_connection(faulty, lasting_token, fault):
    lakegate, page, protocol = faulty
    assert asyncio.run(spoken(lakegate, lasting_token)) == {"HTTP/1.1": "1.1", "HTTP/2": "2.0"}[protocol]
    assert outcomes(lakegate, lasting_token, 40, protocol).keys() == {"right"}
    files = open_files(lakegate)
    before = page.count(fault)
    page.ask(fault, RATES.get(fault, 100))
    found = outcomes(lakegate, lasting_token, REQUESTS, protocol)
    page.ask()
    times = page.count(fault) - before
    print(f"{fault}, {times} times: {dict(found)}")
    assert lakegate.program.process.poll() is None, lakegate.program.text()[-3000:]
    assert times > 0, "nothing went wrong"
    assert found.keys() <= ({"right"} if fault in UNNOTICED else {"right", "failed", "broken"})
    assert outcomes(lakegate, lasting_token, 40, protocol).keys() == {"right"}
    eventually(lambda: open_files(lakegate) <= files + 10, "connections are left over")
