"""HTTP/1.1: one request after the other on each connection, or one alone."""

import asyncio

from . import pause


async def visit(target):
    """One connection, until an answer says that it is the last."""
    reader, writer = await target.connect("http/1.1")
    head = f"GET {target.path} HTTP/1.1\r\nHost: localhost:{target.port}\r\n"
    request = (head + "".join(f"{name}: {value}\r\n" for name, value in target.fields) + "\r\n").encode()
    try:
        while not target.stopping:
            if reader.at_eof():
                target.tally.counts["closed while idle"] += 1
                return
            writer.write(request)
            said_last = await asyncio.wait_for(answer(reader), 30)
            target.tally.counts["http/1.1"] += 1
            if said_last:
                target.tally.counts["told to close"] += 1
                return
            await pause()
    finally:
        writer.transport.abort() if target.stopping else writer.close()


async def come_and_go(target):
    """A connection for one request: who is in the middle of a handshake whenever something happens."""
    reader, writer = await target.connect("http/1.1")
    writer.write(f"GET / HTTP/1.1\r\nHost: localhost:{target.port}\r\nConnection: close\r\n\r\n".encode())
    whole = await asyncio.wait_for(reader.read(), 30)
    assert whole.startswith(b"HTTP/1.1 401 "), whole[:100]
    target.tally.counts["newcomers"] += 1
    writer.close()


async def answer(reader):
    """Reads a whole answer; returns whether the connection is over with it."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    lines = head.split("\r\n")
    assert lines[0].startswith("http/1.1 200"), lines[0]
    fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    await reader.readexactly(int(fields["content-length"]))
    return fields.get("connection") == "close"
