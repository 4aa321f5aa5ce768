"""A client of HTTP/2 that says whatever it is told, right or wrong: frames by hyperframe, compression by hpack."""

import select
import socket
import ssl
import time

from h2_client import tls_context
from hpack import Encoder
from hyperframe.frame import (
    ContinuationFrame, DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, RstStreamFrame, SettingsFrame,
)

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class Ended(Exception):
    """The other side closed the connection; `code` is that of its GOAWAY, if there was one."""

    def __init__(self, code):
        super().__init__(f"closed, GOAWAY {code}")
        self.code = code


class RawClient:
    def __init__(self, lakegate, settings=None, patience=10):
        raw = socket.create_connection(("127.0.0.1", lakegate.port), timeout=patience)
        context = tls_context(lakegate.authority, "h2")
        self.socket = context.wrap_socket(raw, server_hostname="localhost")
        self.buffer, self.encoder, self.number, self.code = b"", Encoder(), -1, None
        self.authority = f"localhost:{lakegate.port}".encode()
        self.write(PREFACE, SettingsFrame(0, settings=settings or {}))

    def close(self):
        self.socket.close()

    def write(self, *parts):
        """Frames, or bytes as they are."""
        data = b"".join(part if isinstance(part, bytes) else part.serialize() for part in parts)
        try:
            self.socket.sendall(data)
        except (OSError, ssl.SSLError):
            self.drain()

    def has_said(self):
        """Whether there is something to read."""
        return bool(self.socket.pending() or select.select([self.socket], [], [], 0)[0])

    def drain(self):
        """Reads what is left, until the end."""
        while True:
            self.read()

    def read(self):
        """The next frame."""
        while True:
            if len(self.buffer) >= 9:
                frame, length = Frame.parse_frame_header(memoryview(self.buffer[:9]))
                if len(self.buffer) >= 9 + length:
                    frame.parse_body(memoryview(self.buffer[9:9 + length]))
                    self.buffer = self.buffer[9 + length:]
                    if isinstance(frame, GoAwayFrame):
                        self.code = frame.error_code
                    return frame
            try:
                more = self.socket.recv(1 << 16)
            except TimeoutError:
                raise
            except (OSError, ssl.SSLError):
                more = b""
            if not more:
                raise Ended(self.code)
            self.buffer += more

    def next_number(self):
        self.number += 2
        return self.number

    def head(self, fields, end=True, number=None):
        """HEADERS and CONTINUATION of a block; the stream's number is new unless given."""
        number = number or self.next_number()
        block = self.encoder.encode(fields)
        first = HeadersFrame(number, data=block[:16_384], flags=["END_STREAM"] if end else [])
        rest = [block[start:start + 16_384] for start in range(16_384, len(block), 16_384)]
        frames = [first, *(ContinuationFrame(number, data=each) for each in rest)]
        frames[-1].flags.add("END_HEADERS")
        return number, frames

    def data(self, number, data, end=False):
        return DataFrame(number, data=data, flags=["END_STREAM"] if end else [])

    def outcome(self, number):
        """How a stream went: its status, ("reset", code), or ("ended", code) for the whole connection."""
        try:
            while True:
                frame = self.read()
                if isinstance(frame, PingFrame | SettingsFrame):
                    continue
                if frame.stream_id != number:
                    continue
                if isinstance(frame, RstStreamFrame):
                    return ("reset", frame.error_code)
                if isinstance(frame, HeadersFrame):
                    return status_of(frame.data)
        except Ended as ended:
            return ("ended", ended.code)

    def until_ended(self, patience=10):
        """Waits for the end of the connection; the code of its GOAWAY."""
        deadline = time.monotonic() + patience
        try:
            while time.monotonic() < deadline:
                self.read()
        except Ended as ended:
            return ended.code
        raise TimeoutError("the connection is still open")


STATIC = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}


def status_of(block):
    """The status at the head of a block: an index into the static table, or a literal with that name (RFC 7541)."""
    first = block[0]
    if first & 0x80:
        return STATIC.get(first & 0x7F, 0)
    text = block[2:2 + (block[1] & 0x7F)]
    if block[1] & 0x80:
        from hpack.huffman_table import decode_huffman
        text = decode_huffman(text)
    return int(text)
