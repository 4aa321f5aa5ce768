"""Single HTTPS requests over HTTP/1.1 by hand, for connections that are held open."""

import socket


def connect(stack, port, context, receive_buffer=None):
    raw = socket.socket()
    if receive_buffer:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.settimeout(20)
    raw.connect(("127.0.0.1", port))
    return stack.enter_context(context.wrap_socket(raw, server_hostname="localhost"))


def ask(client, port, path, credential):
    name, value = credential
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{name}: {value}\r\n\r\n".encode())


def read_answer(client):
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
