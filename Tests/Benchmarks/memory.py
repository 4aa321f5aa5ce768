"""Memory of a peer that holds many clients: idle ones, and ones that stop reading a long download."""

import socket
import time
from contextlib import ExitStack

from processes import pss_bytes, rss_bytes


def _connect(stack, peer, context, receive_buffer=None):
    raw = socket.socket()
    if receive_buffer:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.settimeout(20)
    raw.connect(("127.0.0.1", peer.port))
    return stack.enter_context(context.wrap_socket(raw, server_hostname="localhost"))


def _ask(client, peer, path, credential):
    name, value = credential
    head = f"GET {path} HTTP/1.1\r\nHost: localhost:{peer.port}\r\n{name}: {value}\r\n\r\n"
    client.sendall(head.encode())


def _read_answer(client):
    """Reads one answer with a Content-Length to its end."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(client)
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise ValueError(f"answer was {head[:200]!r}")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].partition(b":")[2]) - len(body)
    while missing > 0:
        missing -= len(_more(client))


def _more(client):
    data = client.recv(65536)
    if not data:
        raise ConnectionError("closed in the middle of an answer")
    return data


def measure_idle(peer, context, credential, clients):
    """Bytes of Pss per idle keep-alive TLS client, each after one small request."""
    with ExitStack() as warm:
        for _ in range(10):
            one = _connect(warm, peer, context)
            _ask(one, peer, "/small", credential)
            _read_answer(one)
    time.sleep(1)
    before = pss_bytes(peer.pid)
    with ExitStack() as stack:
        for _ in range(clients):
            one = _connect(stack, peer, context)
            _ask(one, peer, "/small", credential)
            _read_answer(one)
        time.sleep(2)
        after = pss_bytes(peer.pid)
    return {"clients": clients, "before": before, "after": after, "bytes_per_client": (after - before) / clients}


def measure_stalled(peer, context, credential, clients, seconds):
    """RSS once a second while clients have asked for 100 MB and do not read."""
    before = rss_bytes(peer.pid)
    curve = []
    with ExitStack() as stack:
        for _ in range(clients):
            _ask(_connect(stack, peer, context, receive_buffer=65536), peer, "/100m", credential)
        for _ in range(seconds):
            time.sleep(1)
            curve.append(rss_bytes(peer.pid))
    grown = max(curve) - before
    return {"clients": clients, "before": before, "curve": curve, "grown": grown, "per_client": grown / clients}
