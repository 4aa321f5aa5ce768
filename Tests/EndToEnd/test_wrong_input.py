"""What a client sees for wrong input, and everybody when a part that Lakegate needs is away: named, passing, no 401."""

import re
import socket
import ssl
import time

import pytest
from certificates import make_certificates
from gate import Gate
from ground import free_port, start_redis
from lakegate import COOKIE, first_readiness, readiness, start_lakegate, wait_until_ready
from login import CONTINUE, log_in, press

ME = "/api/2.0/preview/scim/v2/Me"


def raw(lakegate, text):
    """Sends bytes over TLS and reads until Lakegate closes."""
    context = ssl.create_default_context(cafile=str(lakegate.authority))
    with socket.create_connection(("127.0.0.1", lakegate.port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as client:
            client.sendall(text)
            answer = b""
            while piece := client.recv(65536):
                answer += piece
    return answer.decode(errors="replace")


MALFORMED = {
    "space in the name": (b"GET /api HTTP/1.1\r\nHost: localhost\r\nBad Name: 1\r\n\r\n", 400),
    "two lengths": (b"POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "length and chunks": (b"POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                          b"Transfer-Encoding: chunked\r\n\r\n", 400),
    "no host": (b"GET /api HTTP/1.1\r\n\r\n", 400),
    "not HTTP": (b"\x16\x03\x01 what is this\r\n\r\n", 400),
    "a head of 200 KB": (b"GET /api HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", 431),
    "a target of 100 KB": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    "HTTP/3.0": (b"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", 505),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_is_explained(lakegate, name):
    sent, status = MALFORMED[name]
    answer = raw(lakegate, sent)
    assert answer.startswith(f"HTTP/1.1 {status} "), answer
    assert '"error_code":"MALFORMED_REQUEST"' in answer and "ReqId" in answer and "onnection: close" in answer


def test_another_host_name_is_not_ours(lakegate):
    answer = lakegate.client().get(f"{lakegate.url}/api", headers={"Host": "other.example"})
    assert answer.status_code == 400 and "No workspace is served under the host name other.example." in answer.text


def test_an_unknown_session_token_is_told(lakegate, session_token):
    # The right shape, but the last characters are not those that were issued.
    for wrong in (session_token[:-4] + ("AAAA" if session_token[-4:] != "AAAA" else "BBBB"), "lkg_" + "A" * 64):
        answer = lakegate.client(wrong).get(lakegate.url + ME)
        assert answer.status_code == 401 and answer.json()["error_code"] == "UNAUTHENTICATED"
        assert "/.lakegate/login" in answer.headers["x-databricks-reason-phrase"]
    forged = lakegate.client().get(lakegate.url + ME, headers={"Cookie": f"{COOKIE}={session_token[:-4]}AAAA"})
    assert forged.status_code == 401 and "login_url" in forged.text


def passing(answer):
    """An answer that says: not you, not now."""
    return answer.status_code == 503 and re.fullmatch(r"\d+", answer.headers.get("Retry-After", ""))


def test_redis_away_at_the_start(ground, binary, certificates, workspace, ports):
    port = free_port()
    lakegate = start_lakegate(ground, binary, certificates, port, workspace, ports["second"], name="no-redis",
                              ready=False)
    try:
        told = first_readiness(lakegate)
        assert told.status_code == 503 and "store" in told.text and f"127.0.0.1:{port}: Connection refused" in told.text, told.text
        assert lakegate.client().get(f"http://127.0.0.1:{lakegate.admin_port}/healthz").status_code == 200
        person = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        page = lakegate.client().get(f"{lakegate.url}/explore/x", headers=person)
        page = press(lakegate.client(), page, CONTINUE)
        assert passing(page) and "Try again" in page.text, page.text
        cookie = {"Cookie": f"{COOKIE}=lkg_{'A' * 64}"}
        assert passing(lakegate.client().get(lakegate.url + ME, headers=cookie))
        redis, _ = start_redis(ground, port=port)
        wait_until_ready(lakegate)
        browser, page = log_in(lakegate)
        assert "Hello ada" in page.text
        redis.end()
        told = readiness(lakegate)
        assert told.status_code == 503 and "store" in told.text
        assert browser.get(f"{lakegate.url}/explore/known").status_code == 200, "a known session needs no Redis"
        start_redis(ground, port=port)
        wait_until_ready(lakegate)
    finally:
        lakegate.program.end()


@pytest.mark.parametrize("trouble", ["nobody listens", "another authority"])
def test_a_workspace_that_cannot_be_reached(ground, binary, certificates, redis, workspace, ports, tmp_path, trouble):
    """A bearer that is not ours is passed on, so that no login is needed to see it."""
    def change(text):
        if trouble == "nobody listens":
            return text.replace(f"    url: {workspace.url}", f"    url: https://localhost:{free_port()}")
        return text.replace(f"caFile: {certificates.authority}", f"caFile: {make_certificates(tmp_path).authority}")

    lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["second"], name=f"unreachable-{len(trouble)}",
                              change=change)
    try:
        answer = lakegate.client("dapi-not-ours").get(lakegate.url + ME)
        assert answer.status_code in (502, 503) and answer.json()["error_code"], answer.text
        assert readiness(lakegate).status_code == 200
        told = lakegate.program.text()
        assert "trial" in told and ("Connection refused" in told if trouble == "nobody listens" else "certificate" in told), told
    finally:
        lakegate.program.end()


def test_a_provider_that_is_away(ground, binary, certificates, redis, workspace, ports):
    """Away at the login: a page with a way to try again. Away at the refresh: 503, and nobody is logged out."""
    gate = Gate(workspace.port)

    def change(text):
        return text.replace(workspace.token_url, f"https://localhost:{gate.port}/o/token/")

    lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["second"], name="no-provider",
                              change=change)
    try:
        browser, _ = log_in(lakegate)
        gate.shut()
        page = log_in(lakegate)[1]
        assert passing(page) and "could not be reached" in page.text and "Try again" in page.text, page.text
        client = lakegate.client()
        client.headers["Cookie"] = f"{COOKIE}={browser.cookies.get(COOKIE)}"
        wait_for("a 503 after the access token's eight seconds", lambda: passing(client.get(lakegate.url + ME)))
        assert "error_code" in client.get(lakegate.url + ME).json()
        gate.open()
        wait_for("the session to work again", lambda: client.get(lakegate.url + ME).status_code == 200, seconds=40)
    finally:
        gate.shut()
        lakegate.program.end()


def wait_for(what, condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited for {what}"
        time.sleep(0.2)
