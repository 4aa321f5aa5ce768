"""Logins begun and forged without end, cookies on all pages, and hostile text on its way into the access log.

LAKEGATE_ABUSE is how many requests of each kind are made, 6,000 unless said; half as many lines are written into the log.
"""

import json
import os
import random
import re
import ssl
import socket
import subprocess
import time

import pytest
import requests
from ground import free_port
from lakegate import start_lakegate
from login import log_in, session_page

BEGIN = b"GET /.lakegate/login/start HTTP/1.1\r\nhost: localhost\r\n\r\n"
COUNT = int(os.environ.get("LAKEGATE_ABUSE", "6000"))
SEED = int(os.environ.get("LAKEGATE_SEED", str(random.randrange(1 << 30))))


@pytest.fixture(scope="module")
def abused(ground, binary, certificates, redis, workspace):
    """One of its own: what is asked of it here is nobody else's trouble."""
    return start_lakegate(ground, binary, certificates, redis[1], workspace, free_port(), name="abused")


def connect(lakegate, source=None):
    context = ssl.create_default_context(cafile=str(lakegate.authority))
    plain = socket.create_connection(("127.0.0.1", lakegate.port), 20, source)
    return context.wrap_socket(plain, server_hostname="localhost")


def redis_bytes(redis):
    told = subprocess.run(["redis-cli", "-p", str(redis[1]), "INFO", "memory"], capture_output=True, check=True, text=True)
    return int(re.search(r"used_memory:(\d+)", told.stdout).group(1))


def ask(line, heads, count):
    """The statuses of so many requests, sent one after the other on one connection."""
    statuses, pending = {}, b""
    for number in range(count):
        line.sendall(heads(number))
        while b"\r\n\r\n" not in pending:
            pending += line.recv(65536)
        head, pending = pending.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"content-length: (\d+)", head.lower()).group(1))
        while len(pending) < length:
            pending += line.recv(65536)
        pending = pending[length:]
        status = int(head[9:12])
        statuses[status] = statuses.get(status, 0) + 1
    return statuses


def test_logins_without_end_fill_nothing(abused, redis):
    """D7: what is remembered of logins is bounded, and others go on."""
    before = redis_bytes(redis)
    with connect(abused) as line:
        begun = ask(line, lambda _: BEGIN, COUNT)
        forged = ask(line, lambda number: b"GET /.lakegate/callback?code=x&state=%d HTTP/1.1\r\nhost: localhost\r\n\r\n" % number, COUNT)
    growth = redis_bytes(redis) - before
    print(f"\n    begun {begun}, forged {forged}, Redis grew by {growth / 1e6:.1f} MB")
    assert set(begun) <= {303, 429} and begun[303] <= 5000 and set(forged) == {400}
    assert growth <= 16 << 20
    assert requests.get(abused.url + "/.lakegate/login", verify=str(abused.authority), timeout=20).status_code == 200
    # Another address of this machine is somebody else.
    with connect(abused, ("127.0.0.2", 0)) as line:
        assert ask(line, lambda _: BEGIN, 1) == {303: 1}


def test_every_cookie_is_as_strict_as_can_be(lakegate):
    """S4: all that is set on the way of a login, by whichever page."""
    browser, page = log_in(lakegate)
    begun = lakegate.client().get(lakegate.url + "/.lakegate/login/start", allow_redirects=False)
    answers = [begun, *page.history, page, session_page(lakegate, browser)]
    ours = [each for each in answers if each.url.startswith(lakegate.url)]
    cookies = [cookie for each in ours for cookie in each.raw.headers.getlist("set-cookie")]
    assert len(cookies) >= 2
    for cookie in cookies:
        assert re.match(r"__Host-lakegate[a-z-]*=", cookie) and len(cookie) <= 4096
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    for each in ours:
        if "/.lakegate/" in each.url:
            assert "no-store" in each.headers["cache-control"] and "max-age" in each.headers["strict-transport-security"]


def hostile(chance, length):
    """Bytes that a log may choke on, none of which ends a line of the request."""
    pieces = [b"\"", b"\\", b"\\u0000", b"\x7f", b"\xff", b"\xc3\xa9", b"\xe2\x80\xa8", b"{", b"}", b"\t", b"</script>", b"%0a", b"a", b"${jndi:x}"]
    return b"".join(chance.choice(pieces) for _ in range(length))


def test_the_access_log_stays_lines_of_json(abused):
    """S5: whatever paths, names and fields hold."""
    chance, offset = random.Random(SEED), abused.access_log.stat().st_size
    print(f"\n    LAKEGATE_SEED={SEED}")
    sent = 0
    while sent < COUNT // 2:
        with connect(abused) as line:
            path = hostile(chance, 6).replace(b"\t", b"").replace(b"\x7f", b"").replace(b"\xff", b"%ff")
            line.sendall(b"GET /" + path + b" HTTP/1.1\r\nhost: localhost\r\nuser-agent: " + hostile(chance, 6)
                         + b"\r\nx-request-id: " + hostile(chance, 4) + b"\r\ncookie: __Host-lakegate=" + hostile(chance, 3)
                         + b"\r\nconnection: close\r\n\r\n")
            sent += 1
            while line.recv(65536):
                pass
    time.sleep(1)
    with abused.access_log.open("rb") as log:
        log.seek(offset)
        lines = log.read().splitlines()
    assert len(lines) == sent
    for text in lines:
        told = json.loads(text)
        assert {"request_id", "path", "status", "outcome", "acts_as"} <= set(told)
