"""Big bodies from nginx as a workspace: whole, slow, and abandoned."""

import socket
import ssl
import time
from pathlib import Path

import requests

SIZE = 300 << 20


def rss(lakegate):
    lines = Path(f"/proc/{lakegate.program.pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("Rss:"))


def stalled(lakegate, token):
    """A client that asks for 300 MB and does not read."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    raw.connect(("127.0.0.1", lakegate.port))
    context = ssl.create_default_context(cafile=str(lakegate.authority))
    client = context.wrap_socket(raw, server_hostname="localhost")
    head = f"GET /big/300m HTTP/1.1\r\nHost: localhost:{lakegate.port}\r\nAuthorization: Bearer {token}\r\n\r\n"
    client.sendall(head.encode())
    return client


def test_a_big_body_arrives_whole(lakegate, session_token):
    with lakegate.client(session_token).get(f"{lakegate.url}/big/300m", stream=True) as answer:
        assert answer.status_code == 200
        assert sum(len(piece) for piece in answer.iter_content(1 << 20)) == SIZE


def test_a_slow_reader_gets_every_byte(lakegate, session_token):
    with lakegate.client(session_token).get(f"{lakegate.url}/big/300m", stream=True) as answer:
        count, pieces = 0, answer.iter_content(1 << 20)
        for piece in pieces:
            count += len(piece)
            if count < 8 << 20:
                time.sleep(0.2)
    assert count == SIZE


def test_readers_that_stall_or_leave_cost_little(lakegate, session_token):
    before = rss(lakegate)
    clients = [stalled(lakegate, session_token) for _ in range(20)]
    time.sleep(4)
    grown = rss(lakegate) - before
    for client in clients:
        client.close()
    assert grown < 20 * (1 << 20), f"20 stalled readers cost {grown >> 20} MiB"
    assert lakegate.client(session_token).get(f"{lakegate.url}/api/2.1/clusters/list").status_code == 200


def test_an_abandoned_upload_harms_nobody(lakegate, session_token):
    def pieces():
        yield b"a" * 100_000
        raise InterruptedError("the client leaves in the middle")

    client = lakegate.client(session_token)
    try:
        client.put(f"{lakegate.url}/api/2.0/fs/files/Volumes/half", data=pieces())
    except (InterruptedError, requests.RequestException):
        pass
    assert lakegate.client(session_token).get(f"{lakegate.url}/api/2.1/clusters/list").status_code == 200
