"""A small HTTP/2 client (RFC 9113) over TLS: GET requests, frames read as they come. It measures; it checks little."""

import select
import socket
import ssl
import struct
import time

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1
STREAM_WINDOW, CONNECTION_WINDOW = 1 << 20, 1 << 24


class Connection:
    """`fields` are (name, value) pairs that every request carries beside the pseudo-header fields."""

    def __init__(self, port, authority, fields=()):
        context = ssl.create_default_context(cafile=authority)
        context.set_alpn_protocols(["h2"])
        raw = socket.create_connection(("127.0.0.1", port), timeout=10)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(raw, server_hostname="localhost")
        self.buffer, self.next_stream, self.since_update = bytearray(), 1, {}
        self.head = [(":method", "GET"), (":scheme", "https"), (":authority", f"localhost:{port}")]
        self.fields = [(name.lower(), value) for name, value in fields]
        settings = struct.pack(">HIHIHI", 1, 0, 2, 0, 4, STREAM_WINDOW)  # no dynamic table, no push, window
        self.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, settings)
                            + window_update(0, CONNECTION_WINDOW - 65535))
        self.socket.setblocking(False)

    def ask(self, path):
        """Sends a GET; returns its stream."""
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        block = b"".join(literal(*each) for each in [*self.head, (":path", path), *self.fields])
        self._send(frame(HEADERS, END_STREAM | END_HEADERS, stream, block))
        return stream

    def receive(self, until):
        """Waits for bytes until a moment of time.monotonic(); returns [(stream, bytes of body, whether it ended)]."""
        try:
            piece = self.socket.recv(65536)
        except ssl.SSLWantReadError:
            wait = until - time.monotonic()
            if wait > 0:
                select.select([self.socket], [], [], wait)
            return []
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.buffer += piece
        return [event for event in map(self._event, self._frames()) if event]

    def _frames(self):
        place, size = 0, len(self.buffer)
        while size - place >= 9:
            length = int.from_bytes(self.buffer[place:place + 3], "big")
            if size - place < 9 + length:
                break
            kind, flags = self.buffer[place + 3], self.buffer[place + 4]
            stream = int.from_bytes(self.buffer[place + 5:place + 9], "big") & 0x7FFFFFFF
            first = bytes(self.buffer[place + 9:place + 17]) if kind != DATA else b""
            place += 9 + length
            yield kind, flags, stream, length, first
        del self.buffer[:place]

    def _event(self, found):
        kind, flags, stream, length, first = found
        if kind == DATA:
            self._give_back(0, length, CONNECTION_WINDOW)
            if not flags & END_STREAM:
                self._give_back(stream, length, STREAM_WINDOW)
        elif kind in (SETTINGS, PING) and not flags & ACK:
            self._send(frame(kind, ACK, 0, first if kind == PING else b""))
        elif kind in (RST_STREAM, GOAWAY):
            raise ConnectionError(f"the server sent frame type {kind} on stream {stream}: {first!r}")
        if kind not in (DATA, HEADERS):
            return None
        return stream, length if kind == DATA else 0, bool(flags & END_STREAM)

    def _give_back(self, stream, length, window):
        """Opens the window again when half of it is used."""
        used = self.since_update.get(stream, 0) + length
        if used >= window // 2:
            self._send(window_update(stream, used))
            used = 0
        self.since_update[stream] = used

    def _send(self, data):
        while True:
            try:
                self.socket.send(data)
                return
            except ssl.SSLWantWriteError:
                select.select([], [self.socket], [], 1)


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def window_update(stream, size):
    return frame(WINDOW_UPDATE, 0, stream, size.to_bytes(4, "big"))


def literal(name, value):
    """A field line without indexing (RFC 7541, section 6.2.2)."""
    return b"\0" + text(name) + text(value)


def text(word):
    data = word.encode()
    size = bytes([len(data)]) if len(data) < 127 else b"\x7f" + varint(len(data) - 127)
    return size + data


def varint(number):
    """The bytes behind a full prefix (RFC 7541, section 5.1)."""
    more = []
    while number >= 128:
        more.append(number % 128 + 128)
        number //= 128
    return bytes([*more, number])
