"""Nothing a client sends behind an upgrade goes on before the workspace has agreed, and never if it did not."""

from itertools import product

import pytest
from cases import get, request
from rawclient import RawClient
from recorder import ME, answer, wait_for

KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
SMUGGLED = get(target="/smuggled")

"""Requests that ask for a WebSocket; the path says what the workspace answers."""
ASKING = {
    "plain": ["Connection: Upgrade", "Upgrade: websocket"],
    "in capitals": ["CONNECTION: UPGRADE", "UPGRADE: WEBSOCKET"],
    "among other options": ["Connection: keep-alive, Upgrade, X-Gone", "Upgrade: websocket", "X-Gone: 1"],
    "with a version": ["Connection: Upgrade", "Upgrade: websocket", KEY, "Sec-WebSocket-Version: 13"],
}
"""Requests that are forwarded as if they asked for nothing."""
IGNORED = {
    "h2c": ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"],
    "h2c without settings": ["Connection: Upgrade", "Upgrade: h2c"],
    "h2c first": ["Connection: Upgrade", "Upgrade: h2c, websocket"],
    "websocket first": ["Connection: Upgrade", "Upgrade: websocket, h2c"],
    "TLS": ["Connection: Upgrade", "Upgrade: TLS/1.2"],
    "websocket, not nominated": ["Upgrade: websocket"],
    "nominated, no protocol": ["Connection: Upgrade"],
    "two protocols": ["Connection: Upgrade", "Upgrade: h2c", "Upgrade: websocket"],
    "an alias": ["Connection: Upgrade", "Upgrade_: websocket"],
}
BEHIND = {"a request": SMUGGLED, "a frame": b"\x81\x85\0\0\0\0hello", "zeros": b"\0" * 40_000, "a letter": b"x",
          "a preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"}
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n"
ANSWERS = {
    "agrees": SWITCH % b"websocket", "agrees-to-h2c": SWITCH % b"h2c", "says-ok": answer(), "forbids": answer(b"403 Forbidden"),
    "asks-for-upgrade": answer(b"426 Upgrade Required", ME, b"Upgrade: websocket", b"Connection: upgrade"),
    "breaks-off": b"", "says-nothing-of-upgrades": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
}
SWITCHING = [name for name, said in ANSWERS.items() if b" 101 " in said]
REFUSING = [name for name in ANSWERS if name != "agrees"]


@pytest.fixture(scope="module", autouse=True)
def behaviours(recorder):
    recorder.behaviours.update({name: behaviour(said) for name, said in ANSWERS.items()})


def behaviour(said):
    def act(connection, request):
        """Waits for what should not come, answers, and waits for what may come then."""
        request.early = unread(connection)
        connection.send(said)
        request.late = unread(connection)
        raise EOFError
    return act


def unread(connection, patience=0.1):
    """What has come by the end of some quiet."""
    try:
        while connection.more(patience):
            pass
    except OSError:
        pass
    return bytes(connection.received[connection.used:])


def asked(yard, recorder, name, lines, behind):
    """The first answer, all else that came, and the requests that reached the workspace."""
    mark = len(recorder.requests)
    with RawClient(yard) as client:
        client.send(get(*lines, target=f"/{name}") + behind)
        first = client.answer()
        if not first.closes:
            client.end()
        rest = client.rest()
    requests = recorder.since(mark)
    wait_for("the workspace's connections to end", lambda: all(hasattr(each, "late") for each in requests if name in each.target))
    return first, rest, requests


@pytest.mark.parametrize("how, behind", list(product(ASKING, BEHIND)))
def test_what_follows_waits_for_the_101(yard, recorder, how, behind):
    first, _, [request] = asked(yard, recorder, "agrees", ASKING[how], BEHIND[behind])
    assert first.status == 101 and request.values("upgrade") == ["websocket"]
    assert request.early == b"" and BEHIND[behind].startswith(request.late)


@pytest.mark.parametrize("how, behind, name", list(product(ASKING, BEHIND, REFUSING)))
def test_what_follows_never_goes_on_without_a_101(yard, recorder, how, behind, name):
    first, rest, requests = asked(yard, recorder, name, ASKING[how], BEHIND[behind])
    expected = {"says-ok": 200, "forbids": 403, "asks-for-upgrade": 426}.get(name, 502)
    assert first.status == expected and first.closes and rest == b""
    assert [each.early + each.late for each in requests] == [b""] * len(requests) and "/smuggled" not in [each.target for each in requests]


@pytest.mark.parametrize("how, name", list(product(IGNORED, SWITCHING)))
def test_nobody_switches_who_was_not_asked(yard, recorder, how, name):
    first, rest, requests = asked(yard, recorder, name, IGNORED[how], SMUGGLED)
    assert first.status == 502 and all(each.early + each.late == b"" for each in requests if name in each.target)
    assert not any(each.values(field) for each in requests for field in ("upgrade", "connection", "http2-settings"))
    assert b" 101 " not in rest


@pytest.mark.parametrize("version, body", [("HTTP/1.0", ""), ("HTTP/1.1", "hello")])
def test_old_clients_and_bodies_switch_nothing(yard, recorder, version, body):
    mark = len(recorder.requests)
    lines = ASKING["plain"] + ([f"Content-Length: {len(body)}"] if body else [])
    with RawClient(yard) as client:
        client.send(request("GET", *lines, target="/api/x", version=version, body=body))
        client.end()
        assert client.rest().startswith(b"HTTP/1.1 200 ")
    [seen] = recorder.since(mark)
    assert seen.values("upgrade") == [] and bytes(seen.body) == body.encode()
