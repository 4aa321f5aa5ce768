"""Reads requests as a strict server does (RFC 9112): anything but the plainest spelling is a fault of the sender."""

import re
from dataclasses import dataclass, field

LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")
FIRST = re.compile(rb"([A-Z]+) ([\x21-\x7e]+) HTTP/1\.1")


class Faulty(Exception):
    """The bytes are not a request that everybody would read alike."""


@dataclass
class Request:
    head: bytes
    method: str
    target: str
    fields: list
    body: bytearray = field(default_factory=bytearray)
    trailers: bytes = b""
    """All of it as it came."""
    raw: bytes = b""
    """Whether its last byte was here."""
    whole: bool = False

    def values(self, name):
        return [value for known, value in self.fields if known == name]

    @property
    def id(self):
        """The name under which the access log has it; what Lakegate asks for itself has none."""
        return next(iter(self.values("x-request-id")), None)

    @property
    def length(self):
        """Bytes of the body, or None if it comes in chunks."""
        lengths, codings = self.values("content-length"), self.values("transfer-encoding")
        if len(lengths) + len(codings) > 1 or codings not in ([], ["chunked"]):
            raise Faulty(f"framing: {lengths} {codings}")
        if lengths and not re.fullmatch("[0-9]{1,19}", lengths[0]):
            raise Faulty(f"framing: {lengths}")
        return None if codings else int(lengths[0]) if lengths else 0


def read_head(head):
    """Everything up to and including the empty line."""
    first, *lines = head[:-4].split(b"\r\n")
    start, fields = FIRST.fullmatch(first), [LINE.fullmatch(line) for line in lines]
    if not start or None in fields:
        raise Faulty(head)
    named = [(match[1].decode().lower(), match[2].decode("latin-1")) for match in fields]
    request = Request(head, start[1].decode(), start[2].decode(), named)
    if [name for name, _ in named].count("host") != 1 or len(request.values("x-request-id")) > 1:
        raise Faulty(head)
    return request


def chunk_size(line):
    if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}\r\n", line):
        raise Faulty(line)
    return int(line, 16)
