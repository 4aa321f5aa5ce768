"""HTTP/2 (RFC 9113), a few streams at a time on each connection."""

import asyncio
import itertools

import hpack
from hyperframe.frame import (DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, RstStreamFrame, SettingsFrame,
                              WindowUpdateFrame)

from . import pause

WINDOW = 1 << 30


async def visit(target, streams=3):
    """One connection, until the server says GOAWAY and what was asked before is answered."""
    connection = Connection(target, *await target.connect("h2"))
    reading = asyncio.create_task(connection.read())
    asking = [asyncio.create_task(connection.keep_asking()) for _ in range(streams)]
    try:
        await asyncio.gather(*asking)
        target.tally.counts["goaway"] += connection.is_told
    finally:
        for task in [*asking, reading]:
            task.cancel()
        await asyncio.gather(*asking, reading, return_exceptions=True)
        connection.writer.transport.abort() if target.stopping else connection.writer.close()


class Connection:
    def __init__(self, target, reader, writer):
        self.target, self.reader, self.writer = target, reader, writer
        self.ids, self.waiting, self.is_told = itertools.count(1, 2), {}, False
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.fields = [(":method", "GET"), (":scheme", "https"), (":authority", f"localhost:{target.port}"),
                       (":path", target.path), *((name.lower(), value) for name, value in target.fields)]
        writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SettingsFrame(0).serialize())
        self.send(WindowUpdateFrame(0, window_increment=WINDOW))

    def send(self, frame):
        self.writer.write(frame.serialize())

    async def keep_asking(self):
        while not self.target.stopping and not self.is_told:
            await asyncio.wait_for(self.ask(), 30)
            self.target.tally.counts["h2"] += 1
            await pause()

    async def ask(self):
        stream, answered = next(self.ids), asyncio.get_running_loop().create_future()
        self.waiting[stream] = answered
        flags = ["END_STREAM", "END_HEADERS"]
        self.send(HeadersFrame(stream, self.encoder.encode(self.fields), flags=flags))
        await answered

    async def read(self):
        try:
            while True:
                head = await self.reader.readexactly(9)
                frame, length = Frame.parse_frame_header(memoryview(head))
                frame.parse_body(memoryview(await self.reader.readexactly(length)))
                self.take(frame)
        except (OSError, EOFError) as error:
            self.lose(error)

    def take(self, frame):
        if isinstance(frame, SettingsFrame) and "ACK" not in frame.flags:
            self.send(SettingsFrame(0, flags=["ACK"]))
        if isinstance(frame, PingFrame) and "ACK" not in frame.flags:
            self.send(PingFrame(0, frame.opaque_data, flags=["ACK"]))
        if isinstance(frame, GoAwayFrame):
            self.is_told = True
            self.lose(EOFError(f"not taken: {frame}"), after=frame.last_stream_id)
        if isinstance(frame, RstStreamFrame):
            self.end(frame.stream_id, EOFError(f"{frame}"))
        if isinstance(frame, HeadersFrame):
            status = dict(self.decoder.decode(frame.data)).get(":status")
            if status not in (None, "200"):
                self.end(frame.stream_id, EOFError(f"status {status}"))
        if isinstance(frame, (HeadersFrame, DataFrame)) and "END_STREAM" in frame.flags:
            self.end(frame.stream_id)

    def end(self, stream, error=None):
        answered = self.waiting.pop(stream, None)
        if answered is None or answered.done():
            return
        answered.set_exception(error) if error else answered.set_result(None)

    def lose(self, error, after=0):
        """What the server will not answer any more. A connection that ends without GOAWAY costs a request in any case."""
        self.is_told = True
        for stream in [stream for stream in self.waiting if stream > after]:
            self.end(stream, error)
