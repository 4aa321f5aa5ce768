"""A workspace that speaks HTTP/2 only and does odd things on request; the `h2` package keeps its frames in order.

Usage: h2_workspace.py PORT CERTIFICATE KEY JOURNAL   (one JSON line in JOURNAL for each thing that happened)
"""

import asyncio
import json
import ssl
import sys

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (
    ConnectionTerminated, DataReceived, PingReceived, RequestReceived, StreamEnded, StreamReset, TrailersReceived,
    WindowUpdated,
)
from h2.settings import SettingCodes
from hyperframe.frame import GoAwayFrame
from pattern import digest_of, pieces

ME = json.dumps({"id": "1", "userName": "ada@example.com", "displayName": "Ada", "active": True}).encode()


class Stream:
    """One request: what came of it, and the way back."""

    def __init__(self, connection, number, fields):
        self.connection, self.number, self.fields = connection, number, fields
        self.arrived = asyncio.Queue()
        self.room = asyncio.Event()
        self.trailers = []
        self.reset_code = None

    def __getitem__(self, name):
        return dict(self.fields).get(name, "")

    async def body(self):
        """The pieces of the body; the window opens as they are taken."""
        while (piece := await self.arrived.get()) is not None:
            data, count = piece
            yield data
            self.connection.acknowledge(self.number, count)

    def head(self, status, *fields, end=False):
        self.connection.h2.send_headers(self.number, [(":status", str(status)), *fields], end_stream=end)
        self.connection.flush()

    async def send(self, data):
        data = memoryview(data)
        while data:
            h2 = self.connection.h2
            count = min(len(data), h2.local_flow_control_window(self.number), h2.max_outbound_frame_size)
            if count == 0:
                self.room.clear()
                await self.room.wait()
                continue
            h2.send_data(self.number, bytes(data[:count]))
            data = data[count:]
            await self.connection.drain()

    def end(self, trailers=()):
        if trailers:
            self.connection.h2.send_headers(self.number, trailers, end_stream=True)
        else:
            self.connection.h2.end_stream(self.number)
        self.connection.flush()

    def reset(self, code):
        self.connection.h2.reset_stream(self.number, code)
        self.connection.flush()

    async def answer(self, value, status=200):
        data = json.dumps(value).encode()
        self.head(status, ("content-type", "application/json"), ("content-length", str(len(data))))
        await self.send(data)
        self.end()


class Connection:
    def __init__(self, workspace, reader, writer):
        self.workspace, self.reader, self.writer = workspace, reader, writer
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="latin-1",
                                               validate_inbound_headers=False))
        self.streams, self.tasks = {}, set()

    def flush(self):
        self.writer.write(self.h2.data_to_send())

    async def drain(self):
        self.flush()
        await self.writer.drain()

    def acknowledge(self, number, count):
        self.h2.acknowledge_received_data(count, number)
        self.flush()

    async def serve(self):
        self.h2.initiate_connection()
        self.h2.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: 100})
        self.h2.increment_flow_control_window(1 << 24)
        self.flush()
        while data := await self.reader.read(1 << 17):
            for event in self.h2.receive_data(data):
                self.take(event)
            await self.drain()
        self.workspace.note("connection closed")

    def take(self, event):
        stream = self.streams.get(getattr(event, "stream_id", None))
        match event:
            case RequestReceived():
                self.begin(event)
            case DataReceived():
                stream.arrived.put_nowait((event.data, event.flow_controlled_length))
            case TrailersReceived():
                stream.trailers = event.headers
            case StreamEnded():
                stream.arrived.put_nowait(None)
            case StreamReset():
                self.over(stream, event.error_code)
            case WindowUpdated() if stream:
                stream.room.set()
            case WindowUpdated():
                for each in self.streams.values():
                    each.room.set()
            case PingReceived():
                self.workspace.note("ping")
            case ConnectionTerminated():
                self.workspace.note("goaway", code=int(event.error_code))

    def begin(self, event):
        stream = self.streams[event.stream_id] = Stream(self, event.stream_id, event.headers)
        self.workspace.note("request", stream=event.stream_id, fields=[list(each) for each in event.headers])
        task = asyncio.create_task(self.run(stream))
        stream.task = task
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def run(self, stream):
        path, _, query = stream[":path"].partition("?")
        first = path.split("/")[1]
        await self.workspace.handlers.get(first, nothing)(self.workspace, stream, path, query)

    def over(self, stream, code):
        self.workspace.note("reset", path=stream[":path"], code=int(code))
        stream.reset_code = code
        stream.task.cancel()


class Workspace:
    def __init__(self, journal):
        self.journal = open(journal, "a", buffering=1)
        self.tried = {}
        self.handlers = {
            "api": me, "bytes": some_bytes, "sum": sum_up, "echo": echo, "status": status, "early": early,
            "forever": forever, "hang": hang, "later": later, "goaway": go_away, "refuse": refuse, "break": break_off,
            "fields": show_fields, "interim": interim,
        }

    def note(self, what, **more):
        self.journal.write(json.dumps({"what": what, **more}) + "\n")

    def attempts(self, key):
        self.tried[key] = self.tried.get(key, 0) + 1
        return self.tried[key]


async def nothing(_, stream, path, __):
    await stream.answer({"error_code": "ENDPOINT_NOT_FOUND", "message": path}, status=404)


async def me(_, stream, *__):
    stream.head(200, ("content-type", "application/json"))
    await stream.send(ME)
    stream.end()


async def some_bytes(_, stream, path, __):
    """/bytes/SEED/COUNT, with the digest as a trailer."""
    seed, count = (int(part) for part in path.split("/")[2:4])
    stream.head(200, ("content-length", str(count)))
    if stream[":method"] == "HEAD":
        return stream.end()
    for piece in pieces(seed, count):
        await stream.send(piece)
    stream.end([("x-digest", digest_of(seed, count))])


async def taken(stream):
    from hashlib import sha256
    digest, count = sha256(), 0
    async for piece in stream.body():
        digest.update(piece)
        count += len(piece)
    return digest.hexdigest(), count


async def sum_up(_, stream, *__):
    digest, count = await taken(stream)
    await stream.answer({"digest": digest, "bytes": count, "trailers": dict(stream.trailers),
                         "fields": [list(each) for each in stream.fields]})


async def show_fields(_, stream, *__):
    await stream.answer([list(each) for each in stream.fields])


async def echo(_, stream, *__):
    """Sends the body back while it comes, and the trailers behind it."""
    stream.head(200)
    async for piece in stream.body():
        await stream.send(piece)
    stream.end([("x-echoed", "yes"), *stream.trailers])


async def status(_, stream, path, __):
    stream.head(int(path.split("/")[2]), ("etag", '"1"'), end=True)


async def interim(_, stream, *__):
    stream.connection.h2.send_headers(stream.number, [(":status", "103"), ("link", "</a>")])
    await stream.answer({})


async def early(_, stream, path, __):
    """/early answers without a look at the body; /early/COUNT with so many bytes."""
    if path == "/early":
        return await stream.answer({"error_code": "ALREADY_EXISTS"}, status=409)
    stream.head(409)
    await stream.send(b"e" * int(path.split("/")[2]))
    stream.end()


async def forever(workspace, stream, path, _):
    stream.head(200)
    while True:
        await stream.send(b"x" * 16_000)


async def hang(*_):
    await asyncio.Event().wait()


async def later(workspace, stream, path, _):
    """/later/KEY answers once /goaway/KEY has come."""
    key = path.split("/")[2]
    while ("goaway", key) not in workspace.tried:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    await stream.answer({"stream": stream.number})


async def go_away(workspace, stream, path, _):
    """/goaway/KEY: the first time, it and what is younger counts as not processed; what is older is still answered."""
    if workspace.attempts(("goaway", path.split("/")[2])) == 1:
        frame = GoAwayFrame(0, last_stream_id=stream.number - 2, error_code=0)
        stream.connection.writer.write(frame.serialize())
        return await hang()
    digest, count = await taken(stream)
    await stream.answer({"digest": digest, "bytes": count})


async def refuse(workspace, stream, path, _):
    """/refuse/KEY/TIMES"""
    key, times = path.split("/")[2:4]
    if workspace.attempts(("refuse", key)) <= int(times):
        return stream.reset(ErrorCodes.REFUSED_STREAM)
    digest, count = await taken(stream)
    await stream.answer({"digest": digest, "bytes": count})


async def break_off(_, stream, path, __):
    """/break/CODE/COUNT: resets the stream behind the head and so many bytes; -1 means before the head."""
    code, count = (int(part) for part in path.split("/")[2:4])
    if count >= 0:
        stream.head(200)
        await stream.send(b"y" * count)
    stream.reset(code)


async def main(port, certificate, key, journal):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    workspace = Workspace(journal)

    async def serve(reader, writer):
        connection = Connection(workspace, reader, writer)
        try:
            await connection.serve()
        except ConnectionError:
            workspace.note("connection broke")
        finally:
            for task in list(connection.tasks):
                task.cancel()
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", int(port), ssl=context, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
