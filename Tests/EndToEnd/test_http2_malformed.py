"""Requests of HTTP/2 that would turn into others on their way: none may reach the workspace (request smuggling)."""

import collections
import socket
import ssl
import threading

import h11
import pytest
from frames import RawClient
from ground import free_port
from lakegate import start_beside
from malformed import Cases
from services import start_h2_workspace

PER_CONNECTION = 40


class Recorder:
    """A workspace of HTTP/1.1 that writes down what came, and reads it by h11's strict rules."""

    def __init__(self, certificates):
        self.port, self.requests, self.faults, self.bytes = free_port(), [], [], b""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates.certificate, certificates.key)
        context.set_alpn_protocols(["http/1.1"])
        self.listener = context.wrap_socket(socket.create_server(("127.0.0.1", self.port), backlog=128),
                                            server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        server = h11.Connection(h11.SERVER)
        try:
            with client:
                while self.one(client, server):
                    server.start_next_cycle()
        except h11.RemoteProtocolError as fault:
            self.faults.append(str(fault))
        except OSError:
            pass

    def one(self, client, server):
        """One request and its answer; `False` when the connection is over."""
        request = None
        while True:
            event = server.next_event()
            if event is h11.NEED_DATA:
                data = client.recv(1 << 16)
                self.bytes += data
                server.receive_data(data)
                if not data and request is not None:
                    return False  # cut off in the middle, which nobody takes for a whole request
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.EndOfMessage):
                self.requests.append((dict(request.headers).get(b"x-case", b""), request, event.headers))
                answer = h11.Response(status_code=200, headers=[("content-length", "0")])
                client.sendall(server.send(answer) + server.send(h11.EndOfMessage()))
                return True
            elif isinstance(event, h11.ConnectionClosed):
                return False


@pytest.fixture(scope="module")
def session_token(lasting_token):
    return lasting_token


@pytest.fixture(scope="module")
def recorder(certificates):
    recorder = Recorder(certificates)
    yield recorder
    recorder.listener.close()


def run(lakegate, cases):
    """Sends each case with its number, a good request behind it; the outcomes, and how many good ones there were."""
    outcomes, client, used, good = [], None, 0, 0
    for number, case in enumerate(cases):
        if client is None or used >= PER_CONNECTION:
            if client:
                client.close()
            client, used = RawClient(lakegate), 0
        used += 1
        outcome = send(client, case, number)
        outcomes.append(outcome)
        if outcome[0] != "ended":
            stream, frames = client.head(case.good)
            client.write(*frames)
            assert client.outcome(stream) == 200, f"a good request failed behind {case.what}"
            good += 1
        else:
            client.close()
            client = None
    return outcomes, good


def send(client, case, number):
    from frames import Ended
    fields = [*case.fields, (b"x-case", b"bad-%d" % number)]
    stream, frames = client.head(fields, end=case.body is None)
    try:
        client.write(*frames)
        for place, piece in enumerate(case.body or []):
            last = place == len(case.body) - 1 and not case.trailers
            client.write(client.data(stream, piece, end=last))
        if case.trailers:
            client.write(*client.head(case.trailers, number=stream)[1])
    except Ended as ended:
        return ("ended", ended.code)
    outcome = client.outcome(stream)
    return outcome if isinstance(outcome, tuple) else ("status", outcome)


def prepared(lakegate, token):
    cases = Cases(f"localhost:{lakegate.port}".encode(), token.encode())
    made = list(cases.all())
    for case in made:
        case.good = cases.request((b"x-case", b"good"))
    return made


def summary(outcomes):
    return dict(collections.Counter(f"{kind} {code}" for kind, code in outcomes))


def wrong(cases, outcomes):
    """What was neither refused nor broken off. Trailers may be left out instead, with the request going on."""
    return [(case.what, outcome) for case, outcome in zip(cases, outcomes, strict=True)
            if outcome[0] == "status" and outcome[1] < 400 and not case.trailers]


def test_none_reaches_an_http1_workspace(ground, binary, certificates, redis, workspace, lakegate, session_token,
                                         recorder):
    before = start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "malformed",
                          f"https://localhost:{recorder.port}")
    cases = prepared(before, session_token)
    outcomes, good = run(before, cases)
    print(f"{len(cases)} malformed requests: {summary(outcomes)}; {good} good ones between them")
    assert len(cases) >= 2000
    assert wrong(cases, outcomes) == []
    assert recorder.faults == []
    with_trailers = {b"bad-%d" % number for number, case in enumerate(cases) if case.trailers}
    seen = [(name, request) for name, request, _ in recorder.requests if name.startswith(b"bad")]
    assert [each for each in seen if each[0] not in with_trailers] == []
    assert len(recorder.requests) == good + len(seen), "requests have come into being on the way"
    assert [name for name, _, trailers in recorder.requests if trailers] == [], "a forbidden trailer went through"
    assert b"x-in" not in recorder.bytes and b"/in " not in recorder.bytes


def test_none_reaches_an_http2_workspace(ground, binary, certificates, redis, workspace, lakegate, session_token):
    other = start_h2_workspace(ground, certificates, "malformed-workspace")
    before = start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "malformed-h2", other.url)
    cases = prepared(before, session_token)[::4]  # what judges them is the same; every kind is among them
    for case in cases:
        case.good = [(name, b"/fields" if name == b":path" else value) for name, value in case.good]
        case.fields = [(name, b"/sum" if value == b"/case" else value) for name, value in case.fields]
    outcomes, good = run(before, cases)
    print(f"{len(cases)} malformed requests: {summary(outcomes)}; {good} good ones between them")
    assert wrong(cases, outcomes) == []
    fields = [note["fields"] for note in other.notes() if note["what"] == "request"]
    marks = [dict(map(tuple, each)).get("x-case", "") for each in fields]
    assert marks.count("good") == good
    bodies = {f"bad-{number}" for number, case in enumerate(cases) if case.body is not None}
    assert [mark for mark in marks if mark not in bodies | {"good"}] == []
