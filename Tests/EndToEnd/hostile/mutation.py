"""Changes requests at random, from a seed: some stay well formed, others are wrong in one place or several."""

import random
import re

from cases import chunked, get, post, request

WELL_FORMED = [
    get(), get("Accept: text/html", "User-Agent: Mozilla/5.0", target="/explore/data?o=1&x=%20y"),
    post("Content-Length: 5"), post("Content-Type: application/json", "Content-Length: 17", body='{"statement":"1"}'),
    chunked("5\r\nhello\r\n0\r\n\r\n"), chunked("5;a=b\r\nhello\r\n3\r\n a \r\n0\r\nX-Sum: 1\r\n\r\n", "Trailer: X-Sum"),
    request("PUT", "Expect: 100-continue", "Content-Length: 3", target="/api/2.0/fs/files/a/b.txt", body="abc"),
    request("HEAD"), request("DELETE", target="/api/x/1;v=2"), request("OPTIONS", target="*"), request("PURGE"),
    get("Connection: keep-alive, X-Gone", "X-Gone: 1", "Cookie: a=b; c=d"), get(target="https://localhost/api/x?y"),
    post("Content-Length: 64", body=get(target="/api/inner")[:64]), get("Content-Length: 4", body="body"),
    get("Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA", "Connection: Upgrade, HTTP2-Settings"),
]
LINES = [
    "Content-Length: 0", "Content-Length: 5", "Content-Length: 05", "Content-Length: +5", "Content-Length: 5, 5", "Content-Length:",
    "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "Transfer-Encoding: identity", "Transfer-Encoding: x, chunked",
    "Transfer-Encoding : chunked", "Transfer_Encoding: chunked", "Content_Length: 7", "TE: trailers", "Trailer: Content-Length",
    "Connection: close", "Connection: content-length", "Connection: transfer-encoding, host", "Connection: Upgrade", "Upgrade: websocket",
    "Upgrade: h2c", "Host: localhost", "Host: evil.example", "Expect: 100-continue", "X-Forwarded-Host: x", "X: a\tb", "X: \xe9",
    "X-Request-Id: mine", "Keep-Alive: timeout=1", "Proxy-Connection: close", "Max-Forwards: 0", "X-HTTP-Method-Override: PUT", "X-Empty:",
    "Content-Encoding: gzip", "Content-Type: multipart/form-data; boundary=x", "X-Long: " + "a" * 3000, "a: b", "Range: bytes=0-1",
]
PIECES = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b"0", b"5", b"0\r\n\r\n", b"\r\n\r\n", b"\x0b", b"\x7f", b"\xa0",
          b"\xff", b"%00", b"%0d%0a", b"%2e%2e", b"/../", b"//", b"#", b"?", b"*", b"\\", b"chunked", b"HTTP/1.1", b"HTTP/1.0", b"GET",
          b"ffffffff", b"-1", b"0x5", b'"', b"%", b"@", b"http://", b"\xe5\x98\x8a"]
METHODS = [b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"PROPFIND", b"M-SEARCH", b"A"]


class Mutator:
    def __init__(self, seed, others=()):
        self.random, self.seeds = random.Random(seed), WELL_FORMED * 25 + list(others)
        self.ways = [self.change_byte, self.insert_piece, self.drop_bytes, self.add_line, self.add_line, self.drop_line, self.repeat_line,
                     self.swap_lines, self.change_number, self.change_case, self.change_method, self.change_line_end, self.cross,
                     self.add_blank]

    def next(self):
        data = self.random.choice(self.seeds)
        for _ in range(self.random.choice([0, 1, 1, 1, 1, 2, 3])):
            data = self.random.choice(self.ways)(data)
        return data[:60_000]

    def place(self, data):
        return self.random.randrange(len(data) + 1)

    def change_byte(self, data):
        at = self.place(data)
        return data[:at] + bytes([self.random.randrange(256)]) + data[at + 1:]

    def insert_piece(self, data):
        at = self.place(data)
        return data[:at] + self.random.choice(PIECES) + data[at:]

    def drop_bytes(self, data):
        at = self.place(data)
        return data[:at] + data[at + self.random.choice([1, 1, 2, 5, 20]):]

    def with_lines(self, data, change):
        head, mark, body = data.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        change(lines)
        return b"\r\n".join(lines) + mark + body

    def add_line(self, data):
        line = self.random.choice(LINES).encode("latin-1")
        return self.with_lines(data, lambda lines: lines.insert(self.random.randint(1, len(lines)), line))

    def drop_line(self, data):
        return self.with_lines(data, lambda lines: lines.pop(self.random.randrange(len(lines))))

    def repeat_line(self, data):
        return self.with_lines(data, lambda lines: lines.insert(self.random.randint(1, len(lines)), self.random.choice(lines)))

    def swap_lines(self, data):
        def swap(lines):
            one, other = self.random.randrange(len(lines)), self.random.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
        return self.with_lines(data, swap)

    def change_number(self, data):
        found = list(re.finditer(rb"\d+", data))
        if not found:
            return data
        match = self.random.choice(found)
        number = self.random.choice([int(match[0][:9]) + 1, max(0, int(match[0][:9]) - 1), 0, 10**19])
        return data[:match.start()] + str(number).encode() + data[match.end():]

    def change_case(self, data):
        return self.with_lines(data, lambda lines: lines.append(lines.pop(self.random.randrange(len(lines))).swapcase()))

    def change_method(self, data):
        return self.random.choice(METHODS) + data[data.find(b" "):] if b" " in data else data

    def change_line_end(self, data):
        ends = [match.start() for match in re.finditer(b"\r\n", data)]
        if not ends:
            return data
        at = self.random.choice(ends)
        return data[:at] + self.random.choice([b"\n", b"\r", b"\r\r\n", b"\r\n\r\n", b"\r\n ", b" \r\n", b"\t\r\n"]) + data[at + 2:]

    def cross(self, data):
        other = self.random.choice(self.seeds)
        return data[:self.place(data)] + other[self.place(other):]

    def add_blank(self, data):
        colons = [match.end() for match in re.finditer(b":", data)]
        at = self.random.choice(colons) if colons else 0
        return data[:at] + self.random.choice([b" ", b"\t", b"  "]) + data[at:]
