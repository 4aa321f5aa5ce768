"""How the table of cases is written: `(label, name, bytes)`.

Labels: `FORWARD` (one request reaches the workspace), a number of requests, `REFUSE` (any status that says the request is
at fault), a status, `NOBODY` (no workspace has the name), and `EITHER` where RFC 9112 leaves it to the server: refused, or forwarded as one clean request.
"""

from dataclasses import dataclass

FORWARD, REFUSE, EITHER, NOBODY = "forward", "refuse", "either", "nobody"
REFUSALS = {400, 405, 413, 414, 417, 431, 501, 505}
BEARER = "Authorization: Bearer dapi-hostile"


def raw(text):
    return text if isinstance(text, bytes) else text.encode("latin-1")


def request(method, *lines, target="/api/x", host="Host: localhost", version="HTTP/1.1", body=""):
    """A head whose own lines stand between Host and Authorization; strings are bytes (Latin-1)."""
    every = [f"{method} {target} {version}", *([host] if host else []), *lines, BEARER]
    return raw("\r\n".join(every) + "\r\n\r\n") + raw(body)


def get(*lines, **more):
    return request("GET", *lines, **more)


def post(*lines, body="hello", **more):
    return request("POST", *lines, body=body, **more)


def chunked(body, *lines, **more):
    return post("Transfer-Encoding: chunked", *lines, body=body, **more)


@dataclass(frozen=True)
class Case:
    label: object
    name: str
    sent: bytes

    @property
    def method(self):
        return "HEAD" if self.sent.startswith(b"HEAD ") else "GET"

    @property
    def requests(self):
        """How many reach the workspace if it is forwarded."""
        return self.label if isinstance(self.label, int) and self.label < 100 else 1

    @property
    def is_refused(self):
        return self.label == REFUSE or isinstance(self.label, int) and self.label >= 400
