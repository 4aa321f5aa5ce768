"""Sessions ended by an administrator or by their owner: on two replicas of one Redis, and at the provider."""

import asyncio
import json
import re
import shlex
import ssl
import subprocess
import time

import pytest
import requests
import websockets
from background import Background
from ground import free_port, own_environment
from h2_client import tls_context
from lakegate import COOKIE, start_lakegate
from login import SIGN_OUT_EVERYWHERE, log_in, make_session_token, press, session_page
from store import PASSWORD, Store
from websockets.exceptions import ConnectionClosed

ME = "/api/2.0/preview/scim/v2/Me"
TOKEN = "an-admin-token-of-the-trial-0123456789"
EVERYWHERE = r"sign out everywhere"


class Long:
    """A workspace whose WebSockets echo, and whose other answers never end."""

    def __init__(self, certificates):
        self.port, self.background = free_port(), Background()
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(certificates.certificate, certificates.key)
        self.background.run(self.serve())

    async def serve(self):
        self.server = await asyncio.start_server(self.talk, "127.0.0.1", self.port, ssl=self.context)

    def end(self):
        self.background.end()

    async def talk(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"upgrade: websocket" in head.lower():
                key = re.search(rb"sec-websocket-key: (\S+)", head, re.I)[1].decode()
                accept = websockets.utils.accept_key(key)
                writer.write(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())
                await reader.read()
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                while True:
                    writer.write(b"4\r\ntick\r\n")
                    await writer.drain()
                    await asyncio.sleep(0.1)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture(scope="module")
def long(certificates):
    long = Long(certificates)
    yield long
    long.end()


@pytest.fixture(scope="module")
def store(ground):
    """One of their own: what other tests keep, these replicas' keyring does not open."""
    store = Store(ground)
    yield store
    store.program.end()


@pytest.fixture(scope="module")
def admin_token(ground):
    return ground.write("admin.token", TOKEN + "\n", mode=0o600)


@pytest.fixture(scope="module")
def replicas(ground, binary, certificates, store, workspace, ports, admin_token, long):
    """Two on one store; the second one's workspace gives answers that never end."""
    def change(text):
        text = text.replace(f"store: redis://127.0.0.1:{store.port}/0", f"store: redis://lakegate:{PASSWORD}@127.0.0.1:{store.port}/0")
        text = re.sub(r"keyring: \S+", f"keyring: {ground.folder}/sessions-keyring.json", text)
        text = re.sub(r"(admin:\n  listen: \S+)", rf"\1\n  tokenFile: {admin_token}", text)
        return text.replace("      tokenURL:", f"      revocationEndpoint: {workspace.url}/o/revoke_token/\n      tokenURL:")

    def change_second(text):
        return change(text).replace(f"    url: {workspace.url}\n", f"    url: https://localhost:{long.port}\n")

    first = start_lakegate(ground, binary, certificates, store.port, workspace, ports["sessions"], name="sessions", change=change)
    second = start_lakegate(ground, binary, certificates, store.port, workspace, free_port(), name="sessions-second",
                            change=change_second)
    yield first, second
    first.program.end()
    second.program.end()


@pytest.fixture(scope="module")
def command(ground, binary):
    def run(word, *words, config=ground.folder / "sessions.yaml"):
        argv = [*shlex.split(binary), "sessions", word, "--config", str(config), *words]
        return subprocess.run(argv, capture_output=True, text=True, timeout=120, env=own_environment())

    return run


def api(lakegate, path="/sessions", token=TOKEN, **how):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    call = requests.post if how else requests.get
    return call(f"http://127.0.0.1:{lakegate.admin_port}{path}", headers=headers | how.pop("headers", {}), timeout=60, **how)


def is_live(lakegate, token):
    """Whatever the workspace says: without a session nothing reaches it."""
    with lakegate.client(token).get(lakegate.url + ME, timeout=30, stream=True) as answer:
        return answer.status_code == 200


def begin(lakegate, user="ada"):
    browser = log_in(lakegate, user)[0]
    return browser, make_session_token(lakegate, browser, "to be ended")


def begin_family(lakegate, provider, user="ada"):
    """The same, and how the provider calls the refresh tokens of it."""
    before = set(provider.families())
    browser, token = begin(lakegate, user)
    (family,) = set(provider.families()) - before
    return browser, token, family


def eventually(holds, what):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def revocations(lakegate, outcome):
    page = lakegate.client().get(f"http://127.0.0.1:{lakegate.admin_port}/metrics", timeout=5).text
    return int(re.search(rf'lakegate_revocations_total{{workspace="trial",outcome="{outcome}"}} (\d+)', page)[1])


def alive(provider, family):
    return provider.families()[family][1]


def test_the_command_line_ends_one_session_and_all_of_a_user(replicas, command, provider):
    first, second = replicas
    _, one, family = begin_family(first, provider)
    listed = json.loads(command("list", "--user", "ADA@example.com", "--json").stdout)["sessions"]
    session = max(listed, key=lambda each: each["created_at"])
    assert (session["user"], session["workspace"], session["standing"]) == ("ada@example.com", "trial", "active")
    assert session["session_tokens"] == 1 and one not in json.dumps(listed)
    assert session["id"] in command("list").stdout
    assert is_live(first, one) and is_live(second, one)
    done = command("end", "--session", session["id"])
    assert done.returncode == 0 and "1 session ended." in done.stdout, done.stderr
    assert "revoked at the provider: 1, not revoked: 0" in done.stdout
    assert alive(provider, family) == 0
    eventually(lambda: not is_live(first, one) and not is_live(second, one), "a replica goes on")
    again = command("end", "--session", session["id"], "--json")
    assert again.returncode == 0 and json.loads(again.stdout)["ended"] == 0

    tokens = [begin(first)[1] for _ in range(3)]
    other = begin(first, "grace")[1]
    assert all(is_live(second, token) for token in tokens)
    done = command("end", "--user", "ada@example.com", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["ended"] >= 3, done.stderr
    eventually(lambda: not any(is_live(each, token) for each in replicas for token in tokens), "a replica goes on")
    assert is_live(first, other)
    assert json.loads(command("list", "--user", "ada@example.com", "--json").stdout)["sessions"] == []


def test_the_command_line_says_what_it_cannot_do(replicas, command, ground, store):
    assert command("end").returncode == 64 and command("end", "--user", "").returncode == 64
    assert command("end", "--session", "nonsense").returncode == 64
    name = "lakegate:{AAAAAAAAAAAAAAAAAAAAAA}:session"
    assert store.cli("HSET", name, "g", "1", "b", "not sealed") == "2"
    listed = command("list", "--workspace", "nowhere")
    assert listed.returncode == 0 and "AAAAAAAAAAAAAAAAAAAAAA" in listed.stdout
    done = command("end", "--workspace", "nowhere")
    assert done.returncode == 2 and "not open with this keyring" in done.stdout and "No session ended" in done.stdout
    assert command("end", "--session", "AAAAAAAAAAAAAAAAAAAAAA").returncode == 0
    config = ground.folder / "sessions.yaml"
    memory = ground.write("sessions-memory.yaml", re.sub(r"store: \S+", "store: memory", config.read_text()))
    done = command("list", config=memory)
    assert done.returncode == 1 and "admin.tokenFile" in done.stderr
    away = ground.write("sessions-away.yaml", re.sub(r"store: \S+", f"store: redis://127.0.0.1:{free_port()}", config.read_text()))
    done = command("end", "--user", "ada@example.com", config=away)
    assert done.returncode == 1 and "the store failed" in done.stderr


def test_the_api_lists_and_ends(replicas, provider):
    first, second = replicas
    _, token, family = begin_family(first, provider)
    assert is_live(second, token)
    listed = api(second, "/sessions?user=ada%40example.com&workspace=trial").json()
    assert len(listed["sessions"]) == 1 and token not in json.dumps(listed)
    before = revocations(second, "revoked")
    assert api(second, "/sessions/end", data={"user": "ada@example.com", "workspace": "elsewhere"}).json()["ended"] == 0
    assert api(second, "/sessions/end", json={"session": listed["sessions"][0]["id"]}).json() == {"ended": 1, "unreadable": 0}
    eventually(lambda: not is_live(first, token) and not is_live(second, token), "a replica goes on")
    eventually(lambda: alive(provider, family) == 0 and revocations(second, "revoked") == before + 1, "not revoked")
    assert "refresh token revoked" in second.program.text()


def test_the_api_is_for_administrators(replicas):
    first, _ = replicas
    for answer, status in (
        (api(first, token=None), 401), (api(first, token=TOKEN[:-1]), 401), (api(first, token=TOKEN + "x"), 401),
        (api(first, "/sessions/end", token=None, data={"workspace": "trial"}), 401),
        (api(first, "/sessions/end", data={"users": "ada", "workspace": "trial"}), 400),
        (api(first, "/sessions/end", data={"workspace": "trial"}, headers={"Origin": "null"}), 403),
        (api(first, "/sessions/end", data={"workspace": "trial"}, headers={"Host": "evil.example"}), 403),
    ):
        assert answer.status_code == status, answer.text
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_a_token_of_the_api_can_be_replaced(replicas, admin_token):
    first, path = replicas[0], admin_token
    path.write_text("another-admin-token-0123456789-0123456789")
    try:
        assert api(first).status_code == 401
        assert api(first, token="another-admin-token-0123456789-0123456789").status_code == 200
        path.chmod(0o644)
        assert api(first, token="another-admin-token-0123456789-0123456789").status_code == 503
    finally:
        path.write_text(TOKEN + "\n")
        path.chmod(0o600)
    assert api(first).status_code == 200


def test_without_a_token_configured_the_api_is_closed(lakegate):
    answer = api(lakegate)
    assert answer.status_code == 403 and "admin.tokenFile" in answer.text


def test_a_person_signs_out_everywhere(replicas, provider):
    first, second = replicas
    browser, token = begin(first, "grace")
    phone, _, family = begin_family(first, provider, "grace")
    assert is_live(second, token)
    page = press(browser, session_page(first, browser), EVERYWHERE)
    assert page.status_code == 200 and re.search(r"\d+ sessions of yours ended here", page.text)
    assert not browser.cookies.get(COOKIE)
    eventually(lambda: not is_live(first, token) and not is_live(second, token), "a replica goes on")
    assert "/.lakegate/login" in session_page(first, phone).url
    eventually(lambda: alive(provider, family) == 0, "not revoked")


def test_what_is_under_way_ends_with_its_session(replicas, command):
    """A WebSocket is closed with 1008 and a stream cut off, on the replica that did not end the session."""
    first, second = replicas
    _, token = begin(first, "hedy")

    async def run():
        headers = {"Authorization": f"Bearer {token}"}
        async with websockets.connect(
            f"wss://localhost:{second.port}/socket", ssl=tls_context(second.authority, "http/1.1"), proxy=None,
            additional_headers=headers, ping_interval=None,
        ) as socket:
            await asyncio.to_thread(end_while_streaming)
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 20)
            assert socket.close_code == 1008

    def end_while_streaming():
        with second.client(token).get(f"{second.url}/stream", stream=True, timeout=30) as answer:
            assert answer.status_code == 200
            pieces = answer.iter_content(4)
            assert next(pieces) == b"tick"
            done = command("end", "--user", "hedy@example.com", "--workspace", "trial")
            assert done.returncode == 0 and "ended" in done.stdout
            begun = time.monotonic()
            with pytest.raises(requests.exceptions.ChunkedEncodingError):
                for _ in pieces:
                    assert time.monotonic() < begun + 20, "the stream goes on"

    asyncio.run(run())


def test_a_provider_that_is_away_ends_no_less(ground, binary, certificates, store, workspace, ports, admin_token):
    """The revocation endpoint answers nothing: the end is as quick, and the failure is counted and logged."""
    silent = f"https://localhost:{free_port()}/revoke"

    def change(text):
        text = re.sub(r"(admin:\n  listen: \S+)", rf"\1\n  tokenFile: {admin_token}", text)
        return text.replace("      tokenURL:", f"      revocationEndpoint: {silent}\n      tokenURL:")

    lakegate = start_lakegate(ground, binary, certificates, store.port, workspace, ports["nobody"], name="unrevoked", change=change)
    _, token = begin(lakegate, "grace")
    assert api(lakegate, "/sessions/end", data={"user": "grace@example.com"}).json()["ended"] >= 1
    assert not is_live(lakegate, token)
    eventually(lambda: revocations(lakegate, "failed") >= 1, "not counted")
    assert "refresh token not revoked" in lakegate.program.text()
    lakegate.program.end()


def test_a_confidential_client_revokes_with_its_secret(ground, binary, certificates, store, workspace, ports, provider):
    def change(text):
        return text.replace("      tokenURL:", f"      revocationEndpoint: {workspace.url}/o/revoke_token/\n      tokenURL:")

    lakegate = start_lakegate(ground, binary, certificates, store.port, workspace, ports["nobody"],
                              client="confidential-client", name="revoking", change=change)
    browser, token, family = begin_family(lakegate, provider, "grace")
    assert alive(provider, family) == 1
    press(browser, session_page(lakegate, browser), SIGN_OUT_EVERYWHERE)
    eventually(lambda: alive(provider, family) == 0, "not revoked")
    assert not is_live(lakegate, token)
    lakegate.program.end()


def test_the_end_of_a_session_is_told_ahead(ground, binary, certificates, redis, workspace, ports):
    def change(text):
        return text.replace("accessLog:", "sessions:\n  lifetime: 1h\n  endNotice: 2h\naccessLog:")

    lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["nobody"], name="ending", change=change)
    browser, token = begin(lakegate)
    told = lakegate.client(token).get(lakegate.url + ME).headers["Lakegate-Session-Ends"]
    summary = lakegate.client(token).get(f"{lakegate.url}/.lakegate/session").json()
    ends = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.strptime(summary["ends_at"], "%Y-%m-%dT%H:%M:%SZ"))
    assert told == ends and "This session ends at" in session_page(lakegate, browser).text
    lakegate.program.end()
