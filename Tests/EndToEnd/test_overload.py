"""Too many clients, too slow ones, too few descriptors, too little memory. The figures asked for with LAKEGATE_FULL."""

import asyncio
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest
from descriptors import cpu_seconds, eventually, memory, open_files, peak
from ground import free_port, raise_file_limit
from h2_client import tls_context
from lakegate import start_beside

FULL = "LAKEGATE_FULL" in os.environ
ME = "/api/2.0/preview/scim/v2/Me"
SMALL = "/.lakegate/session"


class Live(threading.Thread):
    """A client on one connection that asks again and again, and how long each answer took it."""

    def __init__(self, lakegate, token, path=ME):
        super().__init__(daemon=True)
        self.fields, self.path, self.over = {"Authorization": f"Bearer {token}"}, path, threading.Event()
        self.seconds, self.statuses, self.fault = [], set(), None
        self.connection = http.client.HTTPSConnection("localhost", lakegate.port, timeout=30,
                                                      context=tls_context(lakegate.authority, "http/1.1"))
        self.ask()
        self.start()

    def ask(self):
        began = time.monotonic()
        self.connection.request("GET", self.path, headers=self.fields)
        answer = self.connection.getresponse()
        answer.read()
        self.statuses.add(answer.status)
        self.seconds.append(time.monotonic() - began)

    def run(self):
        try:
            while not self.over.wait(0.005):
                self.ask()
        except (OSError, http.client.HTTPException) as fault:
            self.fault = fault

    def end(self):
        self.over.set()
        self.join(40)
        self.connection.close()
        assert self.fault is None and self.statuses == {200}, (self.fault, self.statuses)
        ordered = sorted(self.seconds)
        return f"{len(ordered)} answers, p50 {ordered[len(ordered) // 2] * 1000:.1f} ms, p99 {p99(ordered):.1f} ms"


def p99(ordered):
    return ordered[int(len(ordered) * 0.99)] * 1000


@pytest.fixture
def start(ground, binary, certificates, redis, workspace, lakegate, lasting_token):
    """Starts one more Lakegate, by the words of a command before it, with more lines in its configuration."""
    started = []

    def start(more="", before="", url=workspace.url):
        name = f"overload-{free_port()}"
        one = start_beside(ground, f"{before} {binary}", certificates, redis[1], workspace, lakegate, name, url,
                           lambda text: text + more)
        started.append(one)
        return one

    yield start
    for one in started:
        one.program.end()


def alive(lakegate):
    assert lakegate.program.process.poll() is None, lakegate.program.text()[-3000:]


async def open_idle(lakegate, count, token):
    """So many TLS clients that have asked once."""
    context, gate = tls_context(lakegate.authority, "http/1.1"), asyncio.Semaphore(50)
    request = f"GET {SMALL} HTTP/1.1\r\nHost: localhost:{lakegate.port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()

    async def one():
        async with gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", lakegate.port, ssl=context, server_hostname="localhost")
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                          if line.startswith(b"content-length"))
            await reader.readexactly(length)
            return writer
    return await asyncio.gather(*(one() for _ in range(count)))


def test_idle_clients_cost_little(start, lasting_token):
    """D1: 10,000 (1,000 in every run) idle TLS clients hold at most 20 KB of memory each; live ones go on."""
    raise_file_limit(25_000)
    count = 10_000 if FULL else 1000
    lakegate = start("limits: {connections: 12000, connectionsPerAddress: 0, clientIdle: 10m}\n")

    async def run():
        for writer in await open_idle(lakegate, 50, lasting_token):
            writer.transport.abort()
        await asyncio.sleep(1)
        free = Live(lakegate, lasting_token)
        await asyncio.sleep(2)
        alone, before = free.end(), memory(lakegate, "Pss")
        writers = await open_idle(lakegate, count, lasting_token)
        await asyncio.sleep(1)
        each = (memory(lakegate, "Pss") - before) / count
        live = Live(lakegate, lasting_token)
        await asyncio.sleep(2)
        print(f"{count} idle clients, {each / 1000:.1f} KB each; live alone: {alone}; beside them: {live.end()}")
        assert not any(writer.transport.is_closing() for writer in writers)
        for writer in writers:
            writer.transport.abort()
        assert each <= 20_000, f"{each:.0f} bytes each"

    asyncio.run(run())
    eventually(lambda: open_files(lakegate) < 100, "connections are left over")


ATTACKS = {
    "slow headers": (10_000, "-H -i 4 -r 2000 -x 24 -p 3"),
    "slow bodies": (2000, "-B -s 8192 -t POST -i 4 -r 2000 -x 24 -p 3"),
    "slow reading": (2000, "-X -r 1000 -w 10 -y 20 -n 5 -z 32 -k 3 -p 3"),
}


@pytest.mark.skipif(not shutil.which("slowhttptest"), reason="Debian's slowhttptest is not installed")
@pytest.mark.parametrize("attack", ATTACKS)
def test_slow_clients_harm_nobody(start, lasting_token, tmp_path, attack):
    """D2, D3: beside 10,000 or 2,000 slow clients (some hundreds in every run) live ones get 200 on one connection throughout,
    each costs at most 64 KB, and all are gone in the end."""
    raise_file_limit(20_000)
    count, words = ATTACKS[attack]
    count, seconds = (count, 45) if FULL else (min(count // 10, 400), 3)
    lakegate = start("limits: {connections: 12000, connectionsPerAddress: 0}\n")
    free = Live(lakegate, lasting_token)
    time.sleep(1)
    alone, before, files = free.end(), memory(lakegate), open_files(lakegate)
    live = Live(lakegate, lasting_token)
    argv = ["slowhttptest", "-c", count, *words.split(), "-l", seconds, "-u", f"{lakegate.url}/big/300m"]
    program = subprocess.Popen([str(word) for word in argv], cwd=tmp_path, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    most, grown, began = 0, 0, time.monotonic()
    while program.poll() is None:
        assert time.monotonic() - began < 120
        most, grown = max(most, open_files(lakegate) - files), max(grown, memory(lakegate) - before)
        time.sleep(0.5)
    print(f"{attack}: {most} connections at once, RSS +{grown / max(most, 1) / 1000:.1f} KB each; live alone: {alone}; "
          f"beside them: {live.end()}")
    alive(lakegate)
    assert most > count // 2, "the attack did not take place"
    assert grown <= (4 << 20) + most * 64_000
    eventually(lambda: open_files(lakegate) < files + 20, "connections are left over", patience=90)


async def drip(lakegate, context, gate):
    """Sends a head that never ends; seconds from its first byte to the end of the connection, and what came before that."""
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", lakegate.port, ssl=context, server_hostname="localhost")
    began, answer = time.monotonic(), asyncio.ensure_future(reader.read())
    piece = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    while not answer.done():
        writer.write(piece)
        piece = b"a"
        await asyncio.wait([answer], timeout=4)
    writer.close()
    return time.monotonic() - began, answer.result()


@pytest.mark.skipif(not FULL, reason="takes over half a minute; LAKEGATE_FULL asks for it")
@pytest.mark.parametrize("count", [4000, 10_000])
def test_slow_heads_end_at_their_time(start, count):
    """D2: each of so many clients that are slow with their head is told 408 and cut off, 30 s after its first byte."""
    raise_file_limit(25_000)
    lakegate = start("limits: {connections: 12000, connectionsPerAddress: 0}\n")

    async def run():
        context, gate = tls_context(lakegate.authority, "http/1.1"), asyncio.Semaphore(50)
        return await asyncio.gather(*(drip(lakegate, context, gate) for _ in range(count)))

    ends = asyncio.run(run())
    seconds = sorted(each for each, _ in ends)
    told = sum(answer.startswith(b"HTTP/1.1 408 ") for _, answer in ends)
    print(f"{count} slow heads, {told} told 408; closed {seconds[0]:.1f} to {seconds[-1]:.1f} s after the first byte, "
          f"p50 {seconds[count // 2]:.1f} s, p99 {p99(seconds) / 1000:.1f} s")
    assert told == count
    eventually(lambda: open_files(lakegate) < 100, "connections are left over")


@pytest.mark.parametrize("limits", ["", "limits: {connections: 5000, connectionsPerAddress: 0}\n"],
                         ids=["by its own limit", "with no descriptor left"])
def test_without_descriptors_it_goes_on(start, lasting_token, limits):
    """D5: with 256 descriptors and 600 clients the live one goes on, the process idles (under 25 % of a core, no accepting
    again and again), and once they leave a newcomer is served at once."""
    lakegate = start(limits, before="prlimit --nofile=256:256")
    live = Live(lakegate, lasting_token, SMALL)
    time.sleep(0.5)
    crowd = []
    for _ in range(600):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", lakegate.port))
        crowd.append(client)
    time.sleep(1)
    files, answered = open_files(lakegate), len(live.seconds)
    time.sleep(1)
    assert len(live.seconds) > answered, "the live client is stuck"
    told = live.end()
    before = cpu_seconds(lakegate)
    time.sleep(3)
    share = (cpu_seconds(lakegate) - before) / 3
    alive(lakegate)
    for client in crowd:
        client.close()
    began = time.monotonic()
    answer = lakegate.client(lasting_token).get(lakegate.url + ME, timeout=30)
    assert answer.status_code == 200, answer.text
    print(f"{files} of 256 descriptors in use, {share:.0%} of a core; live: {told}; a newcomer is served "
          f"{time.monotonic() - began:.2f} s after the crowd left")
    assert files > (200 if limits else 90) and share < 0.25
    eventually(lambda: open_files(lakegate) < 60, "connections are left over")


def stalled(lakegate, token, head, body=b""):
    """A client that asks, and sends as much of a body as is taken, and does not read."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    raw.connect(("127.0.0.1", lakegate.port))
    client = tls_context(lakegate.authority, "http/1.1").wrap_socket(raw, server_hostname="localhost")
    lines = f"{head} HTTP/1.1\r\nHost: localhost:{lakegate.port}\r\nAuthorization: Bearer {token}\r\n"
    client.sendall(lines.encode() + (f"Content-Length: {100 << 20}\r\n".encode() if body else b"") + b"\r\n")
    client.setblocking(False)
    try:
        for _ in range(200 if body else 0):
            client.send(body)
    except (ssl.SSLWantWriteError, BlockingIOError):
        pass
    return client


class Deaf(threading.Thread):
    """A workspace that takes the connection and a head, and reads no further."""

    def __init__(self, certificates):
        super().__init__(daemon=True)
        self.port, self.held = free_port(), []
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates.certificate, certificates.key)
        listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        self.listener = context.wrap_socket(listener, server_side=True, do_handshake_on_connect=False)
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
                client.settimeout(20)
                client.recv(100)
                self.held.append(client)
            except OSError:
                if self.listener.fileno() < 0:
                    return


@pytest.mark.parametrize("way", ["down", "up"])
def test_stalled_transfers_of_100_mb_take_little_memory(start, certificates, lasting_token, way):
    """D6: 500 (60 in every run) transfers of 100 MB or more that the other side does not take: at most 160 KB each, what is
    there after some seconds is all there will be, and whoever sends is held back."""
    raise_file_limit()
    count = 500 if FULL else 60
    deaf = Deaf(certificates) if way == "up" else None
    more = "limits: {connectionsPerAddress: 0}\n"
    lakegate = start(more, url=f"https://localhost:{deaf.port}") if deaf else start(more)
    before = memory(lakegate)
    if way == "up":
        clients = [stalled(lakegate, lasting_token, "POST /take", os.urandom(1 << 20)) for _ in range(count)]
    else:
        clients = [stalled(lakegate, lasting_token, "GET /big/300m") for _ in range(count)]
    time.sleep(8 if FULL else 3)
    early = memory(lakegate)
    time.sleep(2)
    grown, late = peak(lakegate) - before, memory(lakegate) - early
    print(f"{count} transfers {way}: peak {peak(lakegate) / 1e6:.1f} MB, {grown / count / 1000:.1f} KB each, "
          f"of it late {late / 1000:.0f} KB")
    for client in clients:
        client.close()
    alive(lakegate)
    assert grown <= count * 160_000 and late < 2 << 20, "what nobody takes is kept"
    if deaf:
        deaf.listener.close()
    eventually(lambda: open_files(lakegate) < 100, "connections are left over", patience=60)
