"""Sends to a server what Lakegate sent to the workspace, and compares what the server read with what was meant."""

import socket
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

LAST = b"GET /last HTTP/1.1\r\nhost: localhost\r\nx-request-id: last\r\nconnection: close\r\n\r\n"
BATCH, ENOUGH = 20, 10


@dataclass(frozen=True)
class Said:
    """What an answer says was read; `seen` is empty where the server refused."""
    status: int
    seen: str
    body: bytes


def meant(request):
    return f"{request.id} {request.method} {request.target}"


def agrees(said, request):
    """Targets are compared decoded and without an empty query, for WSGI and ASGI know no others."""
    same_body = request.method == "HEAD" or said.body == bytes(request.body)
    return unquote_to_bytes(said.seen.removesuffix("?")) == unquote_to_bytes(meant(request).removesuffix("?")) and same_body


def disagreements(reader, requests):
    """Every request that the server neither read as meant nor refused; and how many it refused."""
    found, refused, position = [], 0, 0
    while position < len(requests) and len(found) < ENOUGH:
        batch = requests[position:position + BATCH]
        position += agreed(converse(reader.port, batch), batch)
        if position < len(requests) and batch[-1] is not requests[position - 1]:
            wrong, was_refused = judge_alone(reader, requests[position])
            found, refused, position = found + wrong, refused + was_refused, position + 1
    return found, refused


def agreed(answers, batch):
    """How many requests from the first on were read as meant, and if all were, whether nothing else was."""
    count = 0
    while count < min(len(batch), len(answers)) and agrees(answers[count], batch[count]):
        count += 1
    whole = [said.seen for said in answers[count:]] == ["last GET /last"]
    return count if count < len(batch) or whole else count - 1


def judge_alone(reader, request):
    """(disagreement or none, whether it was refused or answered by the server itself); asked twice before it is called one."""
    for patience in (2, 15):
        answers = converse(reader.port, [request], patience)
        is_refused = bool(answers) and not answers[0].seen and (answers[0].status >= 400 or request.method == "OPTIONS")
        rest = [said.seen or said.status for said in answers[1:]]
        if (is_refused or answers and agrees(answers[0], request)) and rest in ([], ["last GET /last"]):
            if is_refused or rest:
                return [], is_refused
    return [f"{reader.name} reads {bytes(request.raw)!r} as {answers}"], False


def converse(port, requests, patience=2):
    """All answers until the server ends the connection, or says nothing more."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        received = bytearray()
        try:
            line.sendall(b"".join(bytes(request.raw) for request in requests) + LAST)
            while piece := line.recv(1 << 18):
                received += piece
        except OSError:
            pass
    return list(answers_in(bytes(received), [request.method for request in requests]))


def answers_in(received, methods):
    position = 0
    while (end := received.find(b"\r\n\r\n", position)) >= 0:
        first, *lines = received[position:end].decode("latin-1").split("\r\n")
        fields = dict((line.lower().split(":")[0], line.partition(":")[2].strip()) for line in lines)
        if not first.startswith("HTTP/1."):
            return (yield Said(0, f"not an answer: {first[:60]}", b""))
        status, position = int(first.split(" ")[1]), end + 4
        if status < 200:
            continue
        method = methods.pop(0) if methods else "GET"
        body, position = (b"", position) if method == "HEAD" else body_at(received, position, fields)
        yield Said(status, fields.get("x-seen", ""), body)


def body_at(received, position, fields):
    if "chunked" in fields.get("transfer-encoding", ""):
        return chunks_at(received, position)
    end = position + int(fields["content-length"]) if "content-length" in fields else len(received)
    return received[position:end], end


def chunks_at(received, position):
    body = b""
    while (end := received.find(b"\r\n", position)) >= 0:
        size = int(received[position:end].split(b";")[0], 16)
        body, position = body + received[end + 2:end + 2 + size], end + 4 + size
        if size == 0:
            break
    return body, position
