"""What somebody is said to be behind the body, where a careless server adds it to the head."""

from spoofing.names import CREDENTIALS, FORGED, FORWARDED, forged
from spoofing.variant import Variant, template

NAMES = [*CREDENTIALS, *FORWARDED, "Cookie", "Host", "Set-Cookie"]


def variants():
    for name in NAMES:
        line = f"{name}: " + (f"__Host-lakegate={FORGED}" if "Cookie" in name else forged(name))
        yield trailer(f"{name} as trailer", line)
        yield trailer(f"{name} as announced trailer", line, f"Trailer: {name}", "TE: trailers")
        yield trailer(f"{name} as nominated trailer", line, f"Connection: {name}, TE", "TE: trailers")
        yield trailer(f"{name} as trailer with underscores", line.replace("-", "_", name.count("-")))
        yield trailer(f"{name} as trailer in capitals", line.upper().replace(FORGED.upper(), FORGED))
        yield trailer(f"{name} in a chunk's extension", "", extension=f";{name}={FORGED}")


def trailer(name, line, *lines, extension=""):
    body = f"5{extension}\r\nhello\r\n0\r\n" + (f"{line}\r\n" if line else "") + "\r\n"
    head = ["Transfer-Encoding: chunked", *lines]
    return Variant(name, template(before=head, first="POST /api/x HTTP/1.1", body=body))
