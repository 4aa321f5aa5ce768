"""A client that sends any bytes over TLS, can end its half of the conversation, and reads answers one by one."""

import re
import socket
import ssl
from dataclasses import dataclass


@dataclass
class Answer:
    status: int
    head: str
    body: bytes

    def value(self, name):
        found = re.findall(rf"^{name}: *(.*?)\r$", self.head, re.I | re.M)
        return found[0] if found else None

    @property
    def closes(self):
        return (self.value("connection") or "").lower() == "close"


class RawClient:
    """Raises ConnectionError for a conversation that is cut off rather than ended."""

    def __init__(self, lakegate, name="localhost", patience=15):
        context = ssl.create_default_context(cafile=str(lakegate.authority))
        context.check_hostname = False
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=name)
        self.socket = socket.create_connection(("127.0.0.1", lakegate.port), timeout=patience)
        self.buffer, self.ended = b"", False
        self._until_done(self.tls.do_handshake)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.tls.write(data)
        self._flush()

    def end(self):
        """Says that no more will come; answers can still be read."""
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass
        self._flush()

    def answer(self, method="GET"):
        """The next answer, interim ones included; None when there are no more."""
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            if not self._more():
                assert not self.buffer, self.buffer
                return None
        head = self._take(end + 4).decode("latin-1")
        found = Answer(int(head.split(" ", 2)[1]), head, b"")
        if method != "HEAD" and found.status >= 200 and found.status not in (204, 304):
            found.body = self._body(found)
        return found

    def answers(self, method="GET"):
        """All final answers, up to one that says it is the last; the first is to a request with this method."""
        found = []
        while (each := self.answer("GET" if found else method)) is not None:
            if each.status >= 200:
                found.append(each)
                if each.closes:
                    break
        return found

    def is_closed(self):
        """Whether the other side has ended the conversation, as it must once we have ended ours."""
        self.end()
        while self._more():
            pass
        return not self.buffer

    def rest(self):
        """Everything until the other side ends."""
        while self._more():
            pass
        return self._take(len(self.buffer))

    def _body(self, answer):
        length = answer.value("content-length")
        if length is not None:
            return self._exactly(int(length))
        if (answer.value("transfer-encoding") or "") != "chunked":
            return self.rest()
        body = b""
        while size := int(self._line(), 16):
            body += self._exactly(size)
            assert self._line() == b"\r\n"
        while self._line() != b"\r\n":
            pass
        return body

    def _line(self):
        while (end := self.buffer.find(b"\r\n")) < 0:
            if not self._more():
                raise ConnectionError("ended in a line")
        return self._take(end + 2)

    def _exactly(self, count):
        while len(self.buffer) < count:
            if not self._more():
                raise ConnectionError("ended in a body")
        return self._take(count)

    def _take(self, count):
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def _more(self):
        if self.ended:
            return False
        try:
            piece = self._until_done(lambda: self.tls.read(65536))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError, ConnectionError):
            piece = b""
        self.buffer += piece
        self.ended = not piece
        return not self.ended

    def _until_done(self, step):
        while True:
            try:
                result = step()
                self._flush()
                return result
            except ssl.SSLWantReadError:
                self._flush()
                piece = self.socket.recv(65536)
                if piece:
                    self.incoming.write(piece)
                else:
                    self.incoming.write_eof()

    def _flush(self):
        if self.outgoing.pending:
            self.socket.sendall(self.outgoing.read())
