"""One login of an account for two workspaces: the same session opens both, and its refresh token is spent once for both."""

import json
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
import requests
from ground import free_port, own_environment
from lakegate import COOKIE, start_lakegate
from services import CONFIDENTIAL_SECRET
from login import CONTINUE, finish_at_provider, log_in, make_session_token, press, session_page

EVERYWHERE = r"sign out everywhere"
ME = "/api/2.0/preview/scim/v2/Me"


def before_two(text):
    """The configuration with its login moved to an account, and the workspace under a second name beside."""
    head, workspace = text.split("workspaces:\n")
    listed, login = workspace.split("    oauth:\n")
    first = listed + "    account: acme\n"
    second = first.replace("name: trial", "name: second").replace("hosts: [localhost]", "hosts: [127.0.0.1]")
    authority = next(line for line in listed.splitlines() if "caFile" in line)
    account = f"accounts:\n  - name: acme\n{authority}\n    oauth:\n{login}"
    return head + account + "workspaces:\n" + first + second


@pytest.fixture(scope="module")
def lakegate(ground, binary, certificates, redis, workspace, ports):
    return start_lakegate(ground, binary, certificates, redis[1], workspace, ports["account"], name="account", change=before_two)


def other(lakegate, path):
    return f"https://127.0.0.1:{lakegate.port}{path}"


def test_one_login_opens_both(lakegate):
    browser, _ = log_in(lakegate, "hedy")
    client = lakegate.client(make_session_token(lakegate, browser))
    assert client.get(lakegate.url + ME).json()["userName"] == "hedy@example.com"
    assert client.get(other(lakegate, ME)).json()["userName"] == "hedy@example.com"
    lines = []
    while len(lines) < 2:
        time.sleep(0.1)
        lines = [line for line in map(json.loads, lakegate.access_log.read_text().splitlines()) if line["path"] == ME]
    assert {line["workspace"] for line in lines} == {"trial", "second"}


def test_the_second_workspace_asks_for_no_password(lakegate):
    browser, _ = log_in(lakegate, "hedy")
    begun = browser.get(other(lakegate, "/explore/data"))
    page = press(browser, begun, CONTINUE)
    assert "/accounts/login/" not in page.url
    page = finish_at_provider(browser, page, "hedy")
    assert page.url == other(lakegate, "/explore/data")
    keys = {cookie.domain for cookie in browser.cookies if cookie.name == COOKIE}
    assert len(keys) == 2, "each host has a cookie of its own"


def test_both_share_one_renewal(lakegate, provider):
    browser, _ = log_in(lakegate, "ada")
    client = lakegate.client(make_session_token(lakegate, browser))
    assert client.get(lakegate.url + ME).status_code == 200
    known = len(provider.refreshes())
    time.sleep(8.5)
    with ThreadPoolExecutor(16) as pool:
        urls = [lakegate.url + ME, other(lakegate, ME)] * 16
        told = list(pool.map(lambda url: lakegate.client(client.headers["Authorization"][7:]).get(url).status_code, urls))
    assert told == [200] * 32
    spent = [each for each in provider.refreshes()[known:]]
    assert all(each["status"] == 200 for each in spent), spent
    families = [alive for _, alive in provider.families().values()]
    assert max(families) == 1, "a refresh token was spent twice"


def test_signing_out_everywhere_at_one_ends_both(lakegate):
    token = make_session_token(lakegate, log_in(lakegate, "hedy")[0])
    browser, _ = log_in(lakegate, "hedy")
    press(browser, session_page(lakegate, browser), EVERYWHERE)
    for url in (lakegate.url + ME, other(lakegate, ME)):
        assert lakegate.client(token).get(url).status_code == 401


def test_an_operator_sees_and_ends_them_by_the_account(ground, binary, lakegate):
    log_in(lakegate, "hedy")
    config = ground.folder / "account.yaml"

    def told(*arguments):
        """Exit code 2 says that others' sessions, under other keys, lie in the same Redis."""
        done = subprocess.run([*binary.split(), *arguments, "--config", config], env=own_environment(), text=True, capture_output=True)
        assert done.returncode in (0, 2), done.stderr
        return done.stdout

    assert "account      acme: one login at" in told("check") and "for trial, second" in told("check")
    assert "acme" in told("sessions", "list", "--workspace", "acme")
    told("sessions", "end", "--workspace", "acme")
    assert "hedy" not in told("sessions", "list", "--workspace", "acme")


def serve_tls(certificates, port, handler):
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Federated:
    """A workspace that takes tokens of its own only, and gives them for what the provider says is somebody's (RFC 8693)."""

    def __init__(self, certificates, provider, members, life=6):
        self.port, self.given, self.refused, self.life = free_port(), {}, 0, life
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, what):
                body = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                told = requests.post(f"http://127.0.0.1:{provider.port}/o/introspect/", data={"token": form["subject_token"][0]},
                                     auth=("confidential-client", CONFIDENTIAL_SECRET), timeout=10).json()
                if not told.get("active") or told["username"] not in members or "client_id" in form:
                    return self.answer(400, {"error": "invalid_request", "error_description": "not a member"})
                token = f"own-{outer.port}-{len(outer.given)}"
                outer.given[token] = (told["username"], time.monotonic() + outer.life)
                self.answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": outer.life})

            def do_GET(self):
                name, end = outer.given.get(self.headers.get("Authorization", "")[7:], ("", 0))
                if end < time.monotonic():
                    outer.refused += 1
                    return self.answer(403, {"error_code": 403, "message": "Invalid access token."})
                self.answer(200, {"id": "1", "userName": f"{name}@example.com", "displayName": name, "active": True})

            def log_message(self, *_):
                pass

        self.server = serve_tls(certificates, self.port, Handler)

    @property
    def url(self):
        return f"https://localhost:{self.port}"


@pytest.fixture(scope="module")
def federated(ground, binary, certificates, redis, workspace, provider, ports):
    """Two such workspaces behind one Lakegate; ada may enter the first only."""
    first, second = (Federated(certificates, provider, members) for members in (("ada", "hedy"), ("hedy",)))

    def change(text):
        head, one, two = before_two(text).replace("    oauth:\n", "    exchangeTokens: true\n    oauth:\n").partition("  - name: second")
        return head.replace(f"    url: {workspace.url}\n", f"    url: {first.url}\n") + one + two.replace(workspace.url, second.url)

    lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["federated"], name="federated",
                              change=change)
    yield lakegate, first, second
    for each in (first, second):
        each.server.shutdown()


def test_each_workspace_gives_its_own_token_for_one_login(federated):
    lakegate, first, second = federated
    client = lakegate.client(make_session_token(lakegate, log_in(lakegate, "hedy")[0]))
    for _ in range(3):
        assert client.get(lakegate.url + ME).json()["userName"] == "hedy@example.com"
        assert client.get(other(lakegate, ME)).json()["userName"] == "hedy@example.com"
    assert len(second.given) == 1, "once for six requests"
    assert not first.refused and not second.refused, "no workspace saw another's token, or the login's"


def test_exchanged_tokens_are_renewed_before_they_end(federated):
    lakegate, first, _ = federated
    client = lakegate.client(make_session_token(lakegate, log_in(lakegate, "hedy")[0]))
    given, end = len(first.given), time.monotonic() + 20
    while time.monotonic() < end:
        assert client.get(lakegate.url + ME).status_code == 200
        time.sleep(0.05)
    assert 3 <= len(first.given) - given <= 6, "each of two loops may find out for itself, and share"
    assert not first.refused


def test_who_may_not_enter_a_workspace_is_told_so_and_keeps_the_login(federated):
    lakegate, _, second = federated
    client = lakegate.client(make_session_token(lakegate, log_in(lakegate, "ada")[0]))
    assert client.get(lakegate.url + ME).status_code == 200
    refused = client.get(other(lakegate, ME))
    assert refused.status_code == 403 and "not a member" in refused.json()["message"]
    assert not second.refused, "the workspace saw no request"
    assert client.get(lakegate.url + ME).status_code == 200
    metrics = client.get(f"http://127.0.0.1:{lakegate.admin_port}/metrics").text
    assert 'lakegate_exchanged_tokens_total{workspace="second",outcome="rejected"} 1' in metrics


def test_a_workspace_on_azure_tells_where_its_people_log_in(binary, certificates):
    class Azure(BaseHTTPRequestHandler):
        def do_GET(self):
            config = self.path == "/.well-known/databricks-config"
            body = b'{"account_id": "0d26", "workspace_id": "4711", "cloud": "Azure"}' if config else b""
            self.send_response(200 if config else 302)
            if not config:
                self.send_header("Location", "https://login.microsoftonline.com/9f37/oauth2/v2.0/authorize?client_id=x")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    port = free_port()
    server = serve_tls(certificates, port, Azure)
    told = subprocess.run([*binary.split(), "discover", f"https://localhost:{port}", "--ca", certificates.authority], text=True,
                          env=own_environment(), capture_output=True)
    server.shutdown()
    assert told.returncode == 0, told.stderr
    assert "    workspaceID: '4711'\n    accountID: 0d26\n    cloud: Azure\n" in told.stdout
    assert "tokenURL: https://login.microsoftonline.com/9f37/oauth2/v2.0/token\n" in told.stdout
    again = subprocess.run([*binary.split(), "discover", f"https://localhost:{free_port()}"], text=True, env=own_environment(),
                           capture_output=True)
    assert again.returncode == 1 and "gives no answer" in again.stderr
