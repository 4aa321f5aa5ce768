"""Several requests in one go (RFC 9112, section 9.3.2), and bytes that follow a request."""

from cases import FORWARD, REFUSE, chunked, get, post, request

SECOND = get(target="/api/second")

CASES = [
    (2, "two requests", get() + SECOND),
    (3, "three with bodies", post("Content-Length: 5") + chunked("5\r\nhello\r\n0\r\n\r\n") + SECOND),
    (20, "twenty requests", get() * 20),
    (2, "an empty line between two requests", post("Content-Length: 5") + b"\r\n" + SECOND),
    (2, "a body that looks like a request", post(f"Content-Length: {len(SECOND)}", body=SECOND) + SECOND),
    (1, "a GET whose body looks like a request", get(f"Content-Length: {len(SECOND)}", body=SECOND)),
    (1, "a body in HTTP/1.0", request("POST", "Content-Length: 5", "Connection: keep-alive", version="HTTP/1.0",
                                       body="hello")),
    (FORWARD, "HTTP/1.0", get("Connection: close", version="HTTP/1.0")),
    (FORWARD, "close, and more behind it", get("Connection: close") + SECOND),
    (FORWARD, "HTTP/1.0, and more behind it", get(version="HTTP/1.0") + SECOND),
    (REFUSE, "a body nobody announced", post(body="hello")),
    (REFUSE, "nonsense behind a request", get() + b"\x01\x02\r\n\r\n"),
    (REFUSE, "a bad request behind a good one", get() + get("X : 1")),
]
