"""A client of HTTP/2 over TLS, by the `h2` package, that shows every event and reads as fast or slow as it is told."""

import asyncio
import random
import ssl
from dataclasses import dataclass, field
from hashlib import sha256

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated, DataReceived, InformationalResponseReceived, PingAckReceived, ResponseReceived, StreamEnded,
    StreamReset, TrailersReceived, WindowUpdated,
)
from h2.exceptions import StreamClosedError

PATIENCE = 120


def tls_context(authority, *protocols):
    context = ssl.create_default_context(cafile=str(authority))
    context.set_alpn_protocols(list(protocols))
    return context


@dataclass
class Call:
    """One stream as its client sees it."""

    number: int
    status: int = 0
    fields: dict = field(default_factory=dict)
    interim: list = field(default_factory=list)
    trailers: dict = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    count: int = 0
    digest: object = field(default_factory=sha256)
    reset: int | None = None
    """Whether the body is kept; a big one is only counted and digested."""
    keeps: bool = True
    """Whether what arrives is given back to the window."""
    reads: bool = True
    unread: int = 0
    headed: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)

    async def done(self, patience=PATIENCE):
        await asyncio.wait_for(self.over.wait(), patience)
        return self


class Client:
    def __init__(self, lakegate, token=None, window=1 << 24, piece=1 << 17):
        self.lakegate, self.token, self.window, self.piece = lakegate, token, window, piece
        self.calls, self.pongs, self.goaway = {}, 0, None
        self.closed = asyncio.Event()
        self.h2 = H2Connection(H2Configuration(header_encoding="utf-8"))

    async def __aenter__(self):
        context = tls_context(self.lakegate.authority, "h2")
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.lakegate.port, ssl=context, server_hostname="localhost")
        assert self.writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
        self.h2.initiate_connection()
        self.h2.increment_flow_control_window(self.window)
        self.flush()
        self.listener = asyncio.create_task(self.listen())
        return self

    async def __aexit__(self, *_):
        self.listener.cancel()
        self.writer.transport.abort()

    def flush(self):
        self.writer.write(self.h2.data_to_send())

    async def listen(self):
        try:
            while data := await self.reader.read(random.randint(1, self.piece)):
                for event in self.h2.receive_data(data):
                    self.take(event)
                self.flush()
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            self.closed.set()
            for call in self.calls.values():
                call.over.set(), call.headed.set(), call.room.set()

    def take(self, event):
        call = self.calls.get(getattr(event, "stream_id", None))
        match event:
            case ResponseReceived():
                call.fields = dict(event.headers)
                call.status = int(call.fields[":status"])
                call.headed.set()
            case InformationalResponseReceived():
                call.interim.append(dict(event.headers))
            case DataReceived():
                self.take_data(call, event)
            case TrailersReceived():
                call.trailers = dict(event.headers)
            case StreamEnded():
                call.over.set()
            case StreamReset():
                call.reset = int(event.error_code)
                call.over.set(), call.headed.set(), call.room.set()
            case WindowUpdated() if call:
                call.room.set()
            case WindowUpdated():
                for each in self.calls.values():
                    each.room.set()
            case PingAckReceived():
                self.pongs += 1
            case ConnectionTerminated():
                self.goaway = int(event.error_code)

    def take_data(self, call, event):
        call.count += len(event.data)
        call.digest.update(event.data)
        if call.keeps:
            call.body += event.data
        if call.reads:
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        else:
            call.unread += event.flow_controlled_length

    def begin(self, path, method="GET", fields=(), end=True, **how):
        head = [(":method", method), (":scheme", "https"), (":authority", f"localhost:{self.lakegate.port}"),
                (":path", path)]
        if self.token:
            head.append(("authorization", f"Bearer {self.token}"))
        return self.ask([*head, *fields], end, **how)

    def ask(self, head, end=True, **how):
        """Begins a stream with these fields and no others."""
        call = Call(self.h2.get_next_available_stream_id(), **how)
        self.calls[call.number] = call
        self.h2.send_headers(call.number, head, end_stream=end)
        self.flush()
        return call

    async def send(self, call, data):
        """Sends what the windows let through, in frames of random sizes; `False` when the stream is over before."""
        data = memoryview(data)
        while data:
            if call.over.is_set():
                return False
            count = min(len(data), self.h2.local_flow_control_window(call.number), random.randint(1, 16_384))
            if count == 0:
                call.room.clear()
                await call.room.wait()
                continue
            try:
                self.h2.send_data(call.number, bytes(data[:count]))
            except StreamClosedError:
                return False
            data = data[count:]
            self.flush()
            await self.writer.drain()
        return True

    def end(self, call, trailers=()):
        if call.over.is_set():
            return
        if trailers:
            self.h2.send_headers(call.number, trailers, end_stream=True)
        else:
            self.h2.end_stream(call.number)
        self.flush()

    async def post(self, path, body, method="POST", fields=(), trailers=(), **how):
        """Sends a body, bytes or an iterable of them, while the answer may already be coming."""
        call = self.begin(path, method, fields, end=False, **how)
        for piece in [body] if isinstance(body, bytes) else body:
            if not await self.send(call, piece):
                return call
        self.end(call, trailers)
        return await call.done()

    def cancel(self, call, code=ErrorCodes.CANCEL):
        self.h2.reset_stream(call.number, code)
        self.flush()

    def ping(self):
        self.h2.ping(b"12345678")
        self.flush()
