"""A request with a gap where the session's own credential goes."""

from dataclasses import dataclass

GAP = b"@credential@\r\n"


@dataclass(frozen=True)
class Variant:
    name: str
    template: bytes
    """Server name of the TLS handshake; None: none is sent."""
    server_name: str | None = "localhost"

    def sent(self, credential):
        """The bytes, with the line of a credential or without."""
        return self.template.replace(GAP, credential.encode() + b"\r\n" if credential else b"")

    @property
    def method(self):
        return self.template.split(b" ")[0].decode()


def template(before=(), after=(), first="GET /api/x HTTP/1.1", host="Host: localhost", body=""):
    lines = [first, *([host] if host else []), *before, GAP.decode().rstrip(), *after]
    return "\r\n".join([*lines, "", body]).encode("latin-1")
