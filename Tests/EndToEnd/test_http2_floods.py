"""Clients of HTTP/2 that attack: each is cut off, costs little memory, and harms nobody else."""

import http.client
import threading
import time

import pytest
from frames import Ended, RawClient
from h2_client import tls_context
from hyperframe.frame import (
    ContinuationFrame, DataFrame, HeadersFrame, PingFrame, PriorityFrame, RstStreamFrame, SettingsFrame,
    WindowUpdateFrame,
)
from lakegate import start_beside
from services import start_h2_workspace
from test_streams import rss

ENOUGH = 100_000
MOST = 8 << 20


@pytest.fixture(scope="module")
def session_token(lasting_token):
    return lasting_token


@pytest.fixture(scope="module")
def flooded_workspace(ground, certificates):
    return start_h2_workspace(ground, certificates, "flooded-workspace")


@pytest.fixture(scope="module")
def flooded(ground, binary, certificates, redis, workspace, lakegate, session_token, flooded_workspace):
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "floods", flooded_workspace.url)


class Neighbour(threading.Thread):
    """Another client, which asks for the session page's redirect again and again."""

    def __init__(self, lakegate):
        super().__init__(daemon=True)
        self.lakegate, self.answers, self.slowest, self.over = lakegate, 0, 0, False

    def run(self):
        context = tls_context(self.lakegate.authority, "http/1.1")
        connection = http.client.HTTPSConnection("localhost", self.lakegate.port, context=context, timeout=20)
        while not self.over:
            began = time.monotonic()
            connection.request("GET", "/api/2.1/clusters/list")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 401
            self.answers += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            time.sleep(0.01)


class Attack:
    """The requests an attacker makes, each with its session."""

    def __init__(self, lakegate, token, settings=None):
        self.client = RawClient(lakegate, settings)
        self.fields = [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", self.client.authority),
                       (b":path", b"/hang"), (b"authorization", b"Bearer " + token.encode())]

    def head(self, end=True, **how):
        return self.client.head(self.fields, end, **how)


def rapid_reset(attack):
    while True:
        number, frames = attack.head()
        yield [*frames, RstStreamFrame(number, error_code=8)]


def made_you_reset_by_windows(attack):
    while True:
        number, frames = attack.head()
        yield [*frames, no_increment(number)]


def made_you_reset_by_data(attack):
    while True:
        number, frames = attack.head()
        yield [*frames, DataFrame(number, data=b"behind the end")]


def made_you_reset_by_overflow(attack):
    while True:
        number, frames = attack.head()
        yield [*frames, WindowUpdateFrame(number, window_increment=2**31 - 1)]


def made_you_reset_by_fields(attack):
    fields = [*attack.fields, (b"connection", b"close")]
    while True:
        yield attack.client.head(fields)[1]


def continuations(attack, size=0):
    number = attack.client.next_number()
    yield [HeadersFrame(number, data=attack.client.encoder.encode(attack.fields), flags=["END_STREAM"])]
    # A literal without indexing: name "x", value of `size` octets.
    piece = b"\x00\x01x\x7f" + bytes([(size - 127) & 0x7F | 0x80, (size - 127) >> 7]) + b"y" * size if size else b""
    while True:
        yield [ContinuationFrame(number, data=piece)]


def long_continuations(attack):
    yield from continuations(attack, 16_000)


def settings(attack):
    while True:
        yield [SettingsFrame(0, settings={3: 100})]


def pings(attack):
    while True:
        yield [PingFrame(0, opaque_data=b"12345678")]


def empty_data(attack):
    number, frames = attack.head(end=False)
    yield frames
    while True:
        yield [DataFrame(number, data=b"")]


def padding_only(attack):
    number, frames = attack.head(end=False)
    yield frames
    while True:
        yield [DataFrame(number, data=b"", pad_length=255, flags=["PADDED"])]


def priorities(attack):
    while True:
        yield [PriorityFrame(101, depends_on=0, stream_weight=5)]


def window_updates(attack):
    while True:
        yield [WindowUpdateFrame(0, window_increment=1)]


def hpack_bomb(attack):
    """One long field enters the table; blocks name it thousands of times."""
    yield attack.client.head([*attack.fields, (b"x-bomb", b"b" * 3900)])[1]
    encoder = attack.client.encoder
    while True:
        number = attack.client.next_number()
        block = encoder.encode(attack.fields) + b"\xbe" * 16_000
        yield [HeadersFrame(number, data=block[:16_384], flags=["END_STREAM", "END_HEADERS"])]


def no_increment(number):
    return b"\x00\x00\x04\x08\x00" + number.to_bytes(4) + b"\x00\x00\x00\x00"


ATTACKS = [
    rapid_reset, made_you_reset_by_windows, made_you_reset_by_data, made_you_reset_by_overflow,
    made_you_reset_by_fields, continuations, long_continuations, settings, pings, empty_data, padding_only, priorities,
    window_updates, hpack_bomb,
]


def run(attack, flood):
    """Sends, ten steps in one write, until the connection ends; how many steps, and the code of the GOAWAY."""
    steps, batch = 0, []
    try:
        for frames in flood(attack):
            steps += 1
            batch += frames
            if steps % 10 == 0 or steps < 3:
                attack.client.write(*batch)
                batch = []
                while attack.client.has_said():
                    attack.client.read()
                if attack.client.code is not None:
                    break
            if steps >= ENOUGH:
                break
        return steps, attack.client.until_ended()
    except Ended as ended:
        return steps, ended.code


@pytest.mark.parametrize("flood", ATTACKS, ids=lambda flood: flood.__name__)
def test_an_attacker_is_cut_off(flooded, session_token, flooded_workspace, flood):
    run(Attack(flooded, session_token), pings)  # so that memory needed once is not counted
    neighbour = Neighbour(flooded)
    neighbour.start()
    requests = sum(note["what"] == "request" for note in flooded_workspace.notes())
    before, began = rss(flooded), time.monotonic()
    attack = Attack(flooded, session_token)
    steps, code = run(attack, flood)
    elapsed, grown = time.monotonic() - began, rss(flooded) - before
    begun = sum(note["what"] == "request" for note in flooded_workspace.notes()) - requests
    neighbour.over = True
    neighbour.join(30)
    print(f"{flood.__name__}: cut off after {steps} steps, {elapsed:.2f} s, GOAWAY {code}; RSS +{grown >> 10} KiB; "
          f"{begun} requests began at the workspace; a neighbour's {neighbour.answers} answers took "
          f"{neighbour.slowest * 1000:.0f} ms at most")
    assert steps < ENOUGH, "the attacker was never cut off"
    assert grown <= MOST
    assert begun <= 150 + 40 * elapsed
    assert neighbour.answers > 0 and not neighbour.is_alive()


def test_tiny_windows_cost_little(flooded, session_token):
    """A hundred answers of 100 MB, taken octet by octet."""
    attack = Attack(flooded, session_token, {4: 1})
    attack.fields[3] = (b":path", b"/bytes/1/104857600")
    neighbour = Neighbour(flooded)
    neighbour.start()
    before = rss(flooded)
    numbers = []
    for _ in range(100):
        number, frames = attack.head()
        attack.client.write(*frames)
        numbers.append(number)
    for _ in range(50):
        attack.client.write(*(WindowUpdateFrame(number, window_increment=1) for number in numbers))
        time.sleep(0.02)
    grown = rss(flooded) - before
    attack.client.close()
    neighbour.over = True
    neighbour.join(30)
    print(f"tiny windows: RSS +{grown >> 10} KiB; a neighbour's {neighbour.answers} answers took "
          f"{neighbour.slowest * 1000:.0f} ms at most")
    assert grown < 100 * (640 << 10)
    assert neighbour.answers > 0 and not neighbour.is_alive()
