"""Heads as large as they may be arrive whole at the workspace; larger ones are refused, and the connection stays sound.

oauth2-proxy #2163, #2606, Envoy #27875: cookies without end.
"""

import asyncio

import pytest
from cases import BEARER, get
from h2_client import Client
from rawclient import RawClient

BYTES, FIELDS, TARGET = 65_536, 128, 16_384
AUTHORIZATION = tuple(BEARER.lower().split(": "))


def target(length):
    return "/api/" + "x" * (length - 5)


def numbered(count):
    return [f"X-{number}: {number}" for number in range(count)]


def cookies(length):
    return "Cookie: " + ("a=" + "b" * 200 + "; ") * (length // 204) + "c" * (length % 204)


def plain_size(*lines):
    return len(get(*lines))


def listed_size(*lines):
    """As RFC 9113, section 6.5.2 counts; the pseudo fields are those of a client on port 443 of localhost."""
    pairs = [(":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", "/api/x"), AUTHORIZATION, *split(lines)]
    return sum(len(name) + len(value) + 32 for name, value in pairs)


def split(lines):
    return [tuple(line.lower().split(": ")) for line in lines]


def filled(size, total, *lines):
    """A long last line makes the head as large as `total`."""
    return [*lines, "X-Long: " + "l" * (total - size(*lines, "X-Long: "))]


def cases(size, others):
    """What is asked: (target, lines, status); `others` fields count as well, in HTTP/2 the pseudo fields among them."""
    return {
        "100 fields": ("/api/x", numbered(100 - others), 200),
        "the most fields": ("/api/x", numbered(FIELDS - others), 200),
        "a field too many": ("/api/x", numbered(FIELDS - others + 1), 431),
        "twice the fields": ("/api/x", numbered(2 * FIELDS), 431),
        "a target of 8 KB": (target(8192), [], 200),
        "the longest target": (target(TARGET), [], 200),
        "a target too long by a byte": (target(TARGET + 1), [], 414),
        "a target of 40 KB": (target(40_000), [], 414),
        "a cookie of 16 KB": ("/x", [cookies(16_384)], 200),
        "a cookie of 64,000 bytes": ("/x", [cookies(64_000)], 200),
        "a cookie of 70,000 bytes": ("/x", [cookies(70_000)], 431),
        "the largest head": ("/api/x", filled(size, BYTES), 200),
        "the largest head of many fields": ("/api/x", filled(size, BYTES, *[f"{line}{'y' * 500}" for line in numbered(90)]), 200),
        "a byte too many": ("/api/x", filled(size, BYTES + 1), 431),
        "a byte too many in many fields": ("/api/x", filled(size, BYTES + 1, *[f"{line}{'y' * 500}" for line in numbered(90)]), 431),
        "twice the bytes": ("/api/x", filled(size, 2 * BYTES, *[f"{line}{'y' * 1000}" for line in numbered(90)]), 431),
    }


PLAIN, LISTED = cases(plain_size, 2), cases(listed_size, 5)


def arrived_whole(request, target, lines):
    return request.target == target and all(request.values(name) == [value] for name, value in split(lines))


@pytest.mark.parametrize("name", PLAIN)
def test_limits_of_http1(yard, recorder, name):
    target, lines, status = PLAIN[name]
    mark = len(recorder.requests)
    with RawClient(yard) as client:
        client.send(get(*lines, target=target))
        first = client.answer()
        assert first.status == status
        if status != 200:
            assert first.closes and client.rest() == b"" and recorder.since(mark) == []
            return
        client.send(get())
        assert client.answer().status == 200
    assert arrived_whole(recorder.since(mark)[0], target, lines)


@pytest.mark.parametrize("name", LISTED)
def test_limits_of_http2(yard, recorder, name):
    target, lines, status = LISTED[name]
    mark = len(recorder.requests)

    async def run():
        async with Client(yard) as client:
            fields = [(":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", target), AUTHORIZATION]
            call = await client.ask([*fields, *split(lines)]).done()
            assert (call.status, call.reset) == (status, None), client.goaway
            again = await client.ask([*fields[:3], (":path", "/api/again"), AUTHORIZATION]).done()
            assert again.status == 200 and client.goaway is None
    asyncio.run(run())
    *seen, again = recorder.since(mark)
    assert again.target == "/api/again"
    assert all(arrived_whole(each, target, lines) for each in seen) and len(seen) == (status == 200)
