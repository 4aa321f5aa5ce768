"""Requests of HTTP/2 that mean something else in HTTP/1.1, or nothing at all (RFC 9113, sections 8.1 to 8.3)."""

from dataclasses import dataclass
from itertools import accumulate, product

NAMES = (b"x-name", b"cookie", b"accept")
CONTROLS = bytes(range(0x20)) + b"\x7f"
BREAKS = (b"\r\n", b"\n", b"\r", b"\0", b"\r\nx-in: 1", b"\nx-in: 1", b"\r\n\r\nGET /in HTTP/1.1\r\nHost: a\r\n\r\n")
NOT_IN_NAMES = bytes(range(0x21)) + b"\"(),/;<=>?@[\\]{}:\x7f" + bytes(range(0x80, 0x100)) + bytes(range(0x41, 0x5B))
SPECIFIC = {
    b"connection": (b"close", b"keep-alive", b"upgrade", b"te", b"x-case", b"authorization", b""),
    b"keep-alive": (b"timeout=5", b"1"), b"proxy-connection": (b"close", b"keep-alive"),
    b"transfer-encoding": (b"chunked", b"identity", b"gzip, chunked", b"Chunked", b"chunked, chunked", b" chunked", b""),
    b"upgrade": (b"h2c", b"websocket", b"HTTP/1.1"),
    b"te": (b"gzip", b"trailers, gzip", b"chunked", b"trailers;q=0.5", b"deflate;q=1"),
}
LENGTHS = (b"", b"+1", b"-1", b"0x1", b"1,1", b"1, 2", b"1;2", b"a", b"1a", b" 1", b"1 ", b"1\t", b"1.0", b"1e0",
           b"18446744073709551616", b"99999999999999999999999", b"\x001", b"1\r\n")


@dataclass
class Case:
    what: str
    fields: list
    """The pieces of a body, or nothing."""
    body: list | None = None
    trailers: list | None = None


def splits(text, part):
    """`part` at the beginning, in the middle, and at the end of `text`."""
    half = len(text) // 2
    return part + text, text[:half] + part + text[half:], text + part


class Cases:
    def __init__(self, authority, token):
        self.authority, self.token = authority, token

    def pseudo(self, **changes):
        fields = {b":method": b"GET", b":scheme": b"https", b":authority": self.authority, b":path": b"/case"}
        fields |= {b":" + name.encode(): value for name, value in changes.items()}
        return [(name, value) for name, value in fields.items() if value is not None]

    def request(self, *more, **changes):
        return [*self.pseudo(**changes), (b"authorization", b"Bearer " + self.token), *more]

    def all(self):
        for make in (self.names, self.values, self.paths, self.authorities, self.methods, self.pseudo_rules,
                     self.specific, self.lengths, self.hosts, self.trailers):
            yield from make()

    def names(self):
        for octet, name in product(NOT_IN_NAMES, NAMES):
            for bad in splits(name, bytes([octet])):
                yield Case(f"name {bad!r}", self.request((bad, b"1")))
        for text, name in product(BREAKS, NAMES):
            for bad in splits(name, text):
                yield Case(f"name {bad!r}", self.request((bad, b"1")))
        yield Case("empty name", self.request((b"", b"1")))

    def values(self):
        for octet, name in product(CONTROLS, NAMES):
            for bad in splits(b"value", bytes([octet])):
                if octet != 9 or bad.strip(b"\t") != bad:
                    yield Case(f"{name!r}: {bad!r}", self.request((name, bad)))
        for text, name in product(BREAKS, (*NAMES, b"content-type", b"x-request-id")):
            for bad in splits(b"value", text):
                yield Case(f"{name!r}: {bad!r}", self.request((name, bad)))

    def paths(self):
        for octet in CONTROLS + b" ":
            for bad in splits(b"/some/path", bytes([octet])):
                yield Case(f":path {bad!r}", self.request(path=bad))
        for text in (*BREAKS, b" HTTP/1.1\r\nx-in: 1\r\nx: "):
            for bad in splits(b"/some/path?q=1", text):
                yield Case(f":path {bad!r}", self.request(path=bad))
        for bad in (b"", b"some", b"*", b"?a", b"a/b", b"//evil" + b"\0", b"http:/x", b"/a#b", b"/a\\b c"):
            yield Case(f":path {bad!r}", self.request(path=bad))

    def authorities(self):
        for octet in CONTROLS + b" ,/\\?#@<>\"{}|^`%":
            for bad in splits(self.authority, bytes([octet])):
                yield Case(f":authority {bad!r}", self.request(authority=bad))
        for text in BREAKS:
            for bad in splits(self.authority, text):
                yield Case(f":authority {bad!r}", self.request(authority=bad))
        for bad in (b"", b":", b"evil.example", b"a@" + self.authority, self.authority + b"," + self.authority,
                    b"localhost:99999", b"localhost:-1", b"localhost:a", b"[::1", b"localhost:1:2"):
            yield Case(f":authority {bad!r}", self.request(authority=bad))

    def methods(self):
        for octet in CONTROLS + b" \"(),/:;<=>?@[\\]{}\x80\xff":
            for bad in splits(b"GET", bytes([octet])):
                yield Case(f":method {bad!r}", self.request(method=bad))
        for bad in (b"", b"GET /in HTTP/1.1\r\nx: ", b"CONNECT", b"TRACE"):
            yield Case(f":method {bad!r}", self.request(method=bad))

    def pseudo_rules(self):
        for name in ("method", "scheme", "path", "authority"):
            yield Case(f"no :{name}", self.request(**{name: None}))
            for value in (b"GET", b"https", self.authority, b"/case", b""):
                yield Case(f"a second :{name}", self.pseudo() + [(b":" + name.encode(), value)])
                yield Case(f":{name} behind fields", self.request((b":" + name.encode(), value)))
        for bad in (b"ftp", b"http", b"", b"https\0", b"https ", b"https://evil/", b"wss", b"h2"):
            yield Case(f":scheme {bad!r}", self.request(scheme=bad))
        for name in (b":status", b":protocol", b":x", b":", b":Path", b": path", b":path "):
            yield Case(f"{name!r}", [*self.pseudo(), (name, b"200"), (b"authorization", b"Bearer " + self.token)])

    def specific(self):
        for name, values in SPECIFIC.items():
            for value, body in product(values, (None, [b"abc"], [b"0\r\n\r\nGET /in HTTP/1.1\r\n\r\n"])):
                method = b"GET" if body is None else b"POST"
                yield Case(f"{name!r}: {value!r}", self.request((name, value), method=method), body)

    def lengths(self):
        for bad in LENGTHS:
            for body in (None, [b"a"], [b""]):
                yield Case(f"length {bad!r}", self.request((b"content-length", bad), method=b"POST"), body)
        # A beginning that is as long as was told would rightly be taken for the whole.
        for told, pieces in product((1, 2, 5, 17, 1000, 70_000),
                                    ([b""], [b"ab1"], [b"abc", b"d" * 15], [b"x" * 999], [b"y" * 16_000] * 5)):
            if told not in accumulate(map(len, pieces)):
                length = (b"content-length", str(told).encode())
                yield Case(f"length {told}, body {len(b''.join(pieces))}", self.request(length, method=b"POST"), pieces)
        for one, other in ((b"1", b"2"), (b"1", b"1"), (b"0", b"1"), (b"2", b"1"), (b"1", b"")):
            two = [(b"content-length", one), (b"content-length", other)]
            yield Case(f"lengths {one!r} {other!r}", self.request(*two, method=b"POST"), [b"a"])

    def hosts(self):
        for host in (b"evil.example", b"", b"localhost", self.authority + b" ", self.authority + b"\r\nx-in: 1",
                     b"a@" + self.authority, self.authority + b"/", b"LOCALHOST"):
            yield Case(f"host {host!r}", self.request((b"host", host)))
        for one, other in ((self.authority, b"evil.example"), (b"evil.example", self.authority)):
            yield Case("two hosts", self.request((b"host", one), (b"host", other)))
            yield Case("two hosts alone", self.request((b"host", one), (b"host", other), authority=None))

    def trailers(self):
        bad = [[(b"x-t", each)] for text in BREAKS for each in splits(b"value", text)]
        bad += [[(each, b"1")] for text in BREAKS for each in splits(b"x-t", text)]
        bad += [[(b":" + name, b"x")] for name in (b"path", b"method", b"status", b"authority")]
        bad += [[(name, value)] for name, values in SPECIFIC.items() for value in values]
        for trailers in bad:
            yield Case(f"trailers {trailers!r}", self.request(method=b"POST"), [b"abc"], trailers)
