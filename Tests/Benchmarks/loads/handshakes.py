"""Opens TLS connections one after another, one small request on each. Prints counts as JSON.

Usage: handshakes.py PORT AUTHORITY SECONDS full|resumed NAME VALUE
"""

import json
import socket
import ssl
import sys
import time


def one(context, port, head, session):
    """The session to resume next, and whether this one was resumed."""
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = context.wrap_socket(raw, server_hostname="localhost", session=session)
        client.sendall(head)
        answer = b""
        while b"\r\n\r\n" not in answer or len(answer.partition(b"\r\n\r\n")[2]) < 200:
            piece = client.recv(65536)
            if not piece:
                break
            answer += piece
        if not answer.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"answer was {answer[:200]!r}")
        return client.session, client.session_reused


def main(port, authority, seconds, kind, name, value):
    context = ssl.create_default_context(cafile=authority)
    head = f"GET /small HTTP/1.1\r\nHost: localhost:{port}\r\n{name}: {value}\r\n\r\n".encode()
    session, connections, resumed, start = None, 0, 0, time.monotonic()
    while time.monotonic() < start + float(seconds):
        found, reused = one(context, int(port), head, session)
        session = found if kind == "resumed" else None
        connections, resumed = connections + 1, resumed + reused
    print(json.dumps({"requests": connections, "resumed": resumed, "seconds": time.monotonic() - start}))


if __name__ == "__main__":
    main(*sys.argv[1:])
