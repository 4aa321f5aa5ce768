"""Requests that wait, while half a head of somebody else arrives on the same event loop: neither may touch the other."""

import json
import socket
import ssl
import threading
import time

import pytest
from ground import free_port
from h2_client import tls_context
from lakegate import start_beside


class LateEcho:
    """A workspace that takes half a second over each handshake and answers with the head that it got, as JSON."""

    def __init__(self, certificates):
        self.port = free_port()
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificates.certificate, certificates.key)
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(raw,), daemon=True).start()

    def serve(self, raw):
        time.sleep(0.5)
        try:
            with self.context.wrap_socket(raw, server_side=True) as client:
                head = b""
                while b"\r\n\r\n" not in head and (piece := client.recv(65_536)):
                    head += piece
                body = json.dumps(head.decode("latin-1").split("\r\n")).encode()
                client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        except OSError:
            raw.close()


@pytest.fixture(scope="module")
def before_late(ground, binary, certificates, redis, workspace, lakegate, lasting_token):
    echo = LateEcho(certificates)
    yield start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "late",
                       f"https://localhost:{echo.port}", lambda text: text + "eventLoops: 1\n")
    echo.listener.close()


def connect(lakegate):
    raw = socket.create_connection(("127.0.0.1", lakegate.port), timeout=20)
    return tls_context(lakegate.authority, "http/1.1").wrap_socket(raw, server_hostname="localhost")


def answer(client):
    received = b""
    while piece := client.recv(65_536):
        received += piece
        head, mark, body = received.partition(b"\r\n\r\n")
        length = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if mark and length and len(body) >= length[0]:
            return int(head.split()[1]), json.loads(body)
    return 0, []


HALVES = {
    "longer": b"GET /%s HTTP/1.1\r\nHost: localhost\r\nX-Long: %s\r\nConnection: close\r\n" % (b"l" * 900, b"f" * 900),
    "shorter": b"GET / HTTP/1.1\r\nHost: a\r\n",
    "a line alone": b"GET /some/path HTTP/1.1\r\n",
    "malformed": b"GET /some/path HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
    "with a host alone": b"GET /" + b"h" * 40 + b" HTTP/1.1\r\nHost: localhost\r\nX-A",
}


@pytest.mark.parametrize("half", HALVES)
def test_half_a_head_changes_no_request_that_waits(before_late, lasting_token, half):
    """H6: 5 of 5 kinds of foreign heads, arriving while a request waits for its connection, leave it as it was sent."""
    fields = {"X-One": "1" * 60, "X-Two": "2" * 60, "Te": "gzip", "X-Three": "3"}
    lines = [f"GET /waits/{'w' * 30}?q=1 HTTP/1.1", f"Host: localhost:{before_late.port}",
             f"Authorization: Bearer {lasting_token}", *(f"{name}: {value}" for name, value in fields.items())]
    waiting, other = connect(before_late), connect(before_late)
    waiting.sendall("\r\n".join([*lines, "", ""]).encode())
    time.sleep(0.15)
    other.sendall(HALVES[half])
    status, told = answer(waiting)
    assert before_late.program.process.poll() is None, "the process has ended"
    assert status == 200 and told[0] == lines[0]
    seen = dict(line.split(": ", 1) for line in told[1:] if line)
    assert {name: seen.get(name) for name in ("X-One", "X-Two", "X-Three")} == {n: v for n, v in fields.items() if n != "Te"}
    assert "Te" not in seen and lasting_token not in "".join(told)
    assert [line.lower().split(":")[0] for line in told].count("authorization") == 1
    waiting.close(), other.close()
