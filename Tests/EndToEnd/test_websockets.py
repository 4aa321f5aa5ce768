"""WebSockets by the `websockets` package at both ends; Autobahn's suite where it is installed."""

import asyncio
import hashlib
import json
import os
import random
import ssl
import subprocess

import pytest
import websockets
from background import Background
from descriptors import eventually, open_files
from ground import free_port
from h2_client import tls_context
from lakegate import start_beside
from login import SIGN_OUT_EVERYWHERE, log_in, make_session_token, press, session_page
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 1 << 20, 16 << 20]


class Echo:
    """A workspace that sends back what it gets; `/close/CODE` closes so, `/many/N` begins with N messages."""

    def __init__(self, certificates):
        self.port, self.background, self.count, self.codes = free_port(), Background(), 0, []
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificates.certificate, certificates.key)
        self.background.run(self.serve())

    async def serve(self):
        self.server = await websockets.serve(
            self.talk, "127.0.0.1", self.port, ssl=self.context, max_size=None, ping_interval=None)

    def end(self):
        self.background.end()

    async def talk(self, socket):
        self.count += 1
        kind, _, number = socket.request.path.strip("/").partition("/")
        try:
            if kind == "close":
                await socket.close(int(number), "as asked")
            for index in range(int(number) if kind == "many" else 0):
                await socket.send(f"{index}")
            async for message in socket:
                await socket.send(message)
        except ConnectionClosed:
            pass
        finally:
            self.count -= 1
            self.codes.append(socket.close_code)


@pytest.fixture(scope="module")
def echo(certificates):
    echo = Echo(certificates)
    yield echo
    echo.end()


@pytest.fixture(scope="module")
def before_echo(ground, binary, certificates, redis, workspace, lakegate, lasting_token, echo):
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "websockets",
                        f"https://localhost:{echo.port}")


def connect(lakegate, token, path="/echo", **how):
    headers = {"Authorization": f"Bearer {token}"}
    return websockets.connect(f"wss://localhost:{lakegate.port}{path}", ssl=tls_context(lakegate.authority, "http/1.1"),
                              additional_headers=headers, proxy=None, max_size=None, ping_interval=None, open_timeout=60, **how)


@pytest.mark.parametrize("compression", [None, "deflate"])
def test_messages_of_every_size_come_back(before_echo, lasting_token, compression):
    """W1: 20 messages of 0 bytes to 16 MB, in one piece and in fragments, 0 changed."""
    async def run():
        async with connect(before_echo, lasting_token, compression=compression) as socket:
            for size in SIZES:
                binary = random.randbytes(size)
                await socket.send(binary)
                assert hashlib.sha256(await socket.recv()).digest() == hashlib.sha256(binary).digest()
                text = "ä" * (size // 2)
                await socket.send([text[start:start + 10_000] for start in range(0, len(text), 10_000)] or [""])
                assert await socket.recv() == text
            assert bool(socket.protocol.extensions) == (compression is not None)

    asyncio.run(run())


def test_pings_and_the_reason_of_a_close_go_both_ways(before_echo, lasting_token, echo):
    """W1: 50 of 50 pings answered, every close code that there is arrives as it was sent."""
    async def run():
        async with connect(before_echo, lasting_token) as socket:
            for _ in range(50):
                await asyncio.wait_for(await socket.ping(random.randbytes(random.randint(0, 125))), 20)
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4000, 4999):
            async with connect(before_echo, lasting_token, f"/close/{code}") as socket:
                with pytest.raises(ConnectionClosed):
                    await asyncio.wait_for(socket.recv(), 20)
                assert (socket.close_code, socket.close_reason) == (code, "as asked")
            if code in (1012, 1013):
                continue
            before = len(echo.codes)
            async with connect(before_echo, lasting_token) as socket:
                await socket.close(code, "of its own")
            while len(echo.codes) == before:
                await asyncio.sleep(0.01)
            assert echo.codes[-1] == code

    asyncio.run(run())


def test_what_a_workspace_says_with_its_101_arrives(before_echo, lasting_token):
    """W1: 20 sockets, a thousand messages each right behind the handshake, all in order."""
    async def run():
        for _ in range(20):
            async with connect(before_echo, lasting_token, "/many/1000") as socket:
                assert [await socket.recv() for _ in range(1000)] == [str(index) for index in range(1000)]

    asyncio.run(run())


def test_the_end_of_a_session_ends_its_sockets_and_leaves_nothing(lakegate, before_echo, echo, lasting_token):
    """W2: 200 of 200 open sockets are closed with 1008 after a sign-out, those of another session go on; 0 files left."""
    count = 200

    async def run():
        token = make_session_token(lakegate, browser, "sockets")
        sockets = [await connect(before_echo, token) for _ in range(count)]
        async with connect(before_echo, lasting_token) as other:
            page = session_page(before_echo, browser)
            press(browser, page, SIGN_OUT_EVERYWHERE)
            for socket in sockets:
                await asyncio.wait_for(socket.wait_closed(), 60)
            assert {socket.close_code for socket in sockets} == {1008}
            await other.send("still here")
            assert await other.recv() == "still here"

    ask_once(before_echo, lasting_token)
    before = open_files(before_echo)
    browser, _ = log_in(lakegate, "grace")
    asyncio.run(run())
    eventually(lambda: echo.count == 0, "sockets stay open at the workspace")
    browser.close()
    eventually(lambda: open_files(before_echo) <= before + 2, f"{open_files(before_echo)} open files, {before} before")


def test_clients_that_vanish_leave_nothing(before_echo, echo, lasting_token):
    """W2: 200 sockets cut off without a word, half of them while 1 MB is on its way: 0 at the workspace, 0 files left."""
    async def run():
        sockets = [await connect(before_echo, lasting_token) for _ in range(200)]
        for number, socket in enumerate(sockets):
            if number % 2:
                await socket.send(bytes(1 << 20))
            socket.transport.abort()

    ask_once(before_echo, lasting_token)
    before = open_files(before_echo)
    asyncio.run(run())
    eventually(lambda: echo.count == 0, "sockets stay open at the workspace")
    eventually(lambda: open_files(before_echo) <= before + 2, "open files are left over")


def ask_once(lakegate, token):
    async def run():
        async with connect(lakegate, token) as socket:
            await socket.send("x")
            await socket.recv()

    asyncio.run(run())


async def pipe(reader, writer):
    try:
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def forward(port, target, authority, token):
    """A plain port for a client that can send no bearer: adds one, and TLS."""
    async def serve(reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            there = await asyncio.open_connection("127.0.0.1", target, ssl=tls_context(authority, "http/1.1"),
                                                  server_hostname="localhost")
            host = f"Host: localhost:{target}\r\nAuthorization: Bearer {token}".encode()
            there[1].write(head.replace(f"Host: 127.0.0.1:{port}".encode(), host))
            await asyncio.gather(pipe(reader, there[1]), pipe(there[0], writer))
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
    return await asyncio.start_server(serve, "127.0.0.1", port)


@pytest.mark.skipif("LAKEGATE_WSTEST" not in os.environ, reason="LAKEGATE_WSTEST does not name Autobahn's wstest")
def test_autobahn_sees_no_difference(before_echo, echo, lasting_token, tmp_path):
    """W1: no case of Autobahn's suite ends worse through Lakegate than without it (OK and NON-STRICT count as equal)."""
    async def run():
        ports = {"direct": free_port(), "lakegate": free_port()}
        servers = [await forward(ports["direct"], echo.port, before_echo.authority, "none"),
                   await forward(ports["lakegate"], before_echo.port, before_echo.authority, lasting_token)]
        wanted = {"outdir": str(tmp_path), "cases": os.environ.get("LAKEGATE_WSTEST_CASES", "*").split(","),
                  "exclude-cases": [], "exclude-agent-cases": {},
                  "servers": [{"agent": name, "url": f"ws://127.0.0.1:{port}"} for name, port in ports.items()]}
        (tmp_path / "spec.json").write_text(json.dumps(wanted))
        process = await asyncio.create_subprocess_exec(os.environ["LAKEGATE_WSTEST"], "-m", "fuzzingclient", "-s",
                                                       str(tmp_path / "spec.json"), stdout=subprocess.DEVNULL)
        assert await process.wait() == 0
        for server in servers:
            server.close()

    asyncio.run(run())
    found = json.loads((tmp_path / "index.json").read_text())
    rank = {"OK": 0, "NON-STRICT": 0, "INFORMATIONAL": 1, "UNIMPLEMENTED": 2, "FAILED": 3}
    worse = {case: (found["direct"][case]["behavior"], each["behavior"]) for case, each in found["lakegate"].items()
             if rank[each["behavior"]] > rank[found["direct"][case]["behavior"]]}
    tally = {agent: {kind: sum(each["behavior"] == kind for each in cases.values()) for kind in rank}
             for agent, cases in found.items()}
    print(f"{len(found['lakegate'])} cases: {tally}")
    assert worse == {}
