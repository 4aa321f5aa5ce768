"""Whatever a client says to be somebody else: the workspace sees the session's own bearer, once, or it sees nothing at all."""

import pytest
from lakegate import COOKIE, start_lakegate
from login import log_in, make_session_token
from rawclient import RawClient
from recorder import Recorder
from spoofing import VARIANTS
from spoofing.names import FORGED, GUARDED, plainly

NEXT = """\
  - name: next
    hosts: [next.test]
    url: {url}
    caFile: {authority}
    oauth:
      clientID: public-client
"""


@pytest.fixture(scope="module")
def next_door(certificates):
    """Another workspace, of which nobody has a session."""
    recorder = Recorder(certificates)
    yield recorder
    recorder.close()


@pytest.fixture(scope="module")
def guard(ground, binary, certificates, redis, workspace, ports, recorder, next_door):
    """Lakegate that lets nobody but sessions pass."""
    def change(text):
        next = NEXT.format(url=next_door.url, authority=certificates.authority)
        text = text.replace(f"    url: {workspace.url}\n", f"    url: {recorder.url}\n") + next
        return text.replace("    oauth:\n", "    bearer: refuse\n    oauth:\n")

    return start_lakegate(ground, binary, certificates, redis[1], workspace, ports["spoofing"], name="spoofing", change=change)


@pytest.fixture(scope="module")
def credentials(guard):
    browser = log_in(guard)[0]
    return {"nobody": None, "a cookie": f"Cookie: {COOKIE}={browser.cookies.get(COOKIE)}",
            "a session token": f"Authorization: Bearer {make_session_token(guard, browser)}"}


class Line:
    """One connection after the other, each for as long as Lakegate keeps it."""

    def __init__(self, lakegate):
        self.lakegate, self.client, self.name = lakegate, None, None

    def ask(self, variant, credential):
        if self.client is None or self.name != variant.server_name:
            self.leave()
            self.client, self.name = RawClient(self.lakegate, variant.server_name), variant.server_name
        self.client.send(variant.sent(credential))
        answer = self.client.answer(variant.method)
        assert self.client.buffer == b"", f"{variant.name}: more than one answer"
        if answer.closes:
            self.leave()
        return answer

    def leave(self):
        if self.client:
            self.client.socket.close()
        self.client = None


def problems(request, host, bearers, credential):
    """What is wrong with what the workspace got."""
    fields = [(plainly(name), value) for name, value in request.fields]
    behind = [line.split(b":")[0].decode("latin-1") for line in request.trailers.splitlines()]
    ours = dict(request.fields)
    found = [value for name, value in fields if name == "authorization"]
    if len(found) != 1 or found[0].removeprefix("Bearer ") not in bearers:
        yield f"authorization {found}"
    for name in map(plainly, GUARDED):
        if any(known == name and FORGED in value for known, value in fields):
            yield f"{name} got through"
    if not {*map(plainly, GUARDED), "cookie", "set-cookie", "host"}.isdisjoint(map(plainly, behind)):
        yield f"trailers {behind} got through"
    pairs = [pair.strip().lower() for name, value in fields if name == "cookie" for pair in value.split(";")]
    if any(pair.startswith(COOKIE.lower()) for pair in pairs):
        yield f"cookies {pairs} got through"
    if credential.split()[-1].removeprefix(f"{COOKIE}=").encode() in request.head:
        yield "the session's own credential got through"
    if [ours["host"], ours["x-forwarded-for"], ours["x-forwarded-proto"]] != [host, "127.0.0.1", "https"]:
        yield f"our own fields: {ours}"


def bearers(provider):
    return {each["answer"].get("access_token") for each in provider.journal()}


@pytest.mark.parametrize("who", ["nobody", "a cookie", "a session token"])
def test_nobody_becomes_somebody_else(guard, recorder, next_door, credentials, provider, who):
    """CVE-2025-64484, CVE-2026-88011 (other spellings), CVE-2024-45410, CVE-2022-31813 (nominated in Connection), CVE-2026-40575,
    CVE-2026-35051 (X-Forwarded-Uri and its like), CVE-2021-32777 (twice)."""
    line, seen, wrong = Line(guard), [], []
    for variant in VARIANTS:
        mark, faults = len(recorder.requests), len(recorder.faults)
        answer = line.ask(variant, credentials[who])
        requests = recorder.since(mark)
        seen += [(variant.name, request) for request in requests]
        if len(requests) != (answer.status == 200) or recorder.faults[faults:] or answer.status >= 500:
            wrong.append(f"{variant.name}: {answer.status}, {len(requests)} requests, {recorder.faults[faults:]}")
    line.leave()
    known, host = bearers(provider), recorder.url.removeprefix("https://")
    wrong += [f"{name}: {fault}" for name, request in seen for fault in problems(request, host, known, credentials[who] or "-")]
    assert not wrong, "\n".join(wrong)
    assert next_door.requests == []
    assert bool(seen) == (who != "nobody")


def test_there_are_enough_of_them():
    names = [variant.name for variant in VARIANTS]
    assert len(set(names)) == len(names) >= 500
    assert len({variant.template for variant in VARIANTS}) >= 500
