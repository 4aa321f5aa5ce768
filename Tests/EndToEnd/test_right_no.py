"""What a person reads when something is wrong: each kind of client in each kind of trouble, how soon, after how many requests.

With -s the table is printed, as Markdown. LAKEGATE_HEAVY=1 gives those who try again 70 s instead of 10, and adds Spark's clients,
where `Tests/EndToEnd/install.sh heavy` has been run.
"""

import json
import os
import re
import sqlite3
import threading
import time
from dataclasses import dataclass

import pytest
from at_warehouse import ROOM, before, run
from browser import chromium, make_home
from ground import free_port
from lakegate import COOKIE, start_lakegate
from login import SIGN_OUT_EVERYWHERE, log_in, make_session_token, press, session_page

PROGRAMS = {
    "sdk": "databricks-sdk", "thrift": "SQL connector, Thrift", "sea": "SQL connector, `use_sea`",
    "kernel": "SQL connector, `use_kernel`", "grpc": "gRPC", "plain": "`requests`, POST", "websocket": "`websockets`",
}
HEAVY = "LAKEGATE_HEAVY" in os.environ
"""By the environment that each has of its own."""
SPARK = {"connect": "databricks-connect", "spark": "pyspark Connect"}
SPARK = {name: words for name, words in SPARK.items() if HEAVY and (ROOM / name / "bin" / "python").exists()}
CLIENTS = PROGRAMS | SPARK | {"browser": "Chromium"}
PATIENCE, SOON = 70 if HEAVY else 10, 5
"""By what their requests begin with; two clients share one."""
PATHS = {"/sql/1.0/": "thrift", "/api/2.0/sql/": "sea and kernel", "/spark.connect": "grpc and spark",
         "/api/2.0/preview/scim/": "sdk", "/.well-known/databricks-config": "sdk", "/api/2.0/jobs/": "plain", "/echo": "websocket",
         "/api/2.1/clusters/": "connect", "/slow": "occupant", "/api/2.0/connector-service/": "flags"}
UNKNOWN = "lkg_" + "A" * 43
REFUSED = "    identities:\n      - match: {user: hedy@example.com}\n        actAs: refuse\n"
"""Who tries a 503 again without a word, for minutes: the SDK and the kernel as Retry-After says, the others once a minute."""
RETRYING = ("sdk", "thrift", "sea", "kernel", *SPARK)


@dataclass
class Login:
    cookie: str | None
    token: str


def begin(lakegate, user):
    browser = log_in(lakegate, user)[0]
    return browser, Login(browser.cookies.get(COOKIE), make_session_token(lakegate, browser, "trouble"))


@pytest.fixture(scope="module")
def logins(ground, binary, certificates, redis, workspace, ports, warehouse, provider):
    """Made at a Lakegate that is gone by the time of the troubles, so that nobody renews what ends."""
    first = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["troubled"], name="troubled",
                           change=before(workspace, warehouse.url))
    made = {"live": begin(first, "hedy")[1], "unknown": Login(None, UNKNOWN), "stuck": begin(first, "ada")[1]}
    browser, made["revoked"] = begin(first, "hedy")
    press(browser, session_page(first, browser), SIGN_OUT_EVERYWHERE)
    made["dead"] = begin(first, "ada")[1]
    with sqlite3.connect(provider.folder / "provider.sqlite", timeout=20) as database:
        database.execute("UPDATE oauth2_provider_refreshtoken SET revoked = '2000-01-01' WHERE id = "
                         "(SELECT max(id) FROM oauth2_provider_refreshtoken)")
    first.program.end()
    time.sleep(9)  # Ada's access tokens live eight
    return made


@pytest.fixture(scope="module")
def troubles(warehouse, workspace):
    """For each trouble whose login it hits, what it changes in the configuration, and what is said about it."""
    def nobody():
        return f"localhost:{free_port()}"

    return {
        "unknown host name": ("live", lambda text: text, "No workspace is served under the host name 127.0.0.1"),
        "unknown token": ("unknown", lambda text: text, "not known"),
        "session revoked": ("revoked", lambda text: text, "not known"),
        "login expired": ("dead", lambda text: text, "can't be renewed any more"),
        "not allowed by rule": ("live", lambda text: text + REFUSED, "A rule of this proxy refuses this request"),
        "workspace unreachable": ("live", lambda text: text.replace(warehouse.url, f"https://{nobody()}"), "can't be reached"),
        "provider down, token ended": (
            "stuck", lambda text: text.replace(workspace.token_url, f"https://{nobody()}/o/token/"), "identity provider did not"),
        "store down": ("live", lambda text: re.sub(r"store: \S+", f"store: redis://{nobody()}/0", text), "can't be read just now"),
        "overload": ("live", lambda text: text + "eventLoops: 1\nlimits: {requests: 1, queue: 0}\n", "are under way"),
    }


@pytest.fixture(scope="module")
def lakegates(ground, binary, certificates, redis, workspace, warehouse, logins, troubles):
    """One for each trouble, with the sessions of `logins`."""
    started = {}
    for trouble, (_, change, _) in troubles.items():
        name = "trouble-" + trouble.replace(" ", "-").replace(",", "")

        def whole(text, name=name, change=change):
            return change(before(workspace, warehouse.url)(text).replace(f"{name}-keyring.json", "troubled-keyring.json"))

        started[trouble] = start_lakegate(ground, binary, certificates, redis[1], workspace, free_port(), name=name, change=whole,
                                          ready=trouble != "store down")
    threading.Thread(target=occupy, args=(started["overload"], logins["live"].token), daemon=True).start()
    yield started
    for one in started.values():
        one.program.end()


def occupy(lakegate, token):
    """Takes the one place there is, for as long as this module takes."""
    try:
        lakegate.client(token).get(f"{lakegate.url}/slow?seconds=400", timeout=420)
    except OSError:
        pass


def host(trouble):
    return "127.0.0.1" if trouble == "unknown host name" else "localhost"


@pytest.fixture(scope="module")
def told(ground, certificates, logins, troubles, lakegates):
    """What every client told in every trouble, by (trouble, client)."""
    jobs = [{"trouble": trouble, "client": client, "host": host(trouble), "port": lakegates[trouble].port, "token": logins[login].token}
            for trouble, (login, *_) in troubles.items() for client in [*PROGRAMS, *SPARK]]
    seen = run("attempts.py", certificates.authority, jobs=[job for job in jobs if job["client"] in PROGRAMS], patience=PATIENCE)
    for name in SPARK:
        seen += run("spark_attempts.py", certificates.authority, timeout=150, python=ROOM / name / "bin" / "python",
                    jobs=[job for job in jobs if job["client"] == name], patience=PATIENCE)
    home = make_home(ground.folder / "troubled-home", certificates.authority)
    with chromium(home) as browser:
        seen += [look(browser, lakegates[trouble], trouble, logins[login]) for trouble, (login, *_) in troubles.items()]
    time.sleep(1.5)  # lines of the access log come in lots
    for each in seen:
        counts = requests_of(lakegates[each["trouble"]])
        each["requests"] = next(count for clients, count in counts.items() if each["client"] in clients)
    print_table(seen)
    return {(each["trouble"], each["client"]): each for each in seen}


def look(browser, lakegate, trouble, login):
    """What Chromium shows, and how soon."""
    began = time.monotonic()
    browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    if login.cookie:
        cookie = {"name": COOKIE, "value": login.cookie, "url": lakegate.url, "secure": True, "path": "/"}
        assert browser.driver.execute_cdp_cmd("Network.setCookie", cookie)["success"]
    browser.open(f"https://{host(trouble)}:{lakegate.port}/explore/data")
    return {"trouble": trouble, "client": "browser", "text": f"{browser.url}: {browser.text}", "failed": True,
            "seconds": round(time.monotonic() - began, 1)}


def requests_of(lakegate):
    """How many requests each client made, by their paths."""
    counts = {}
    for line in map(json.loads, lakegate.access_log.read_text().splitlines()):
        client = next((client for path, client in PATHS.items() if line["path"].startswith(path)), "browser")
        counts[client] = counts.get(client, 0) + 1
    return counts


def print_table(seen):
    print("\n\n| trouble | client | what a person reads | s | requests |\n|---|---|---|---|---|")
    for each in seen:
        text = readable(each["text"])
        both = " of both" if each["client"] in ("sea", "kernel", "spark") or SPARK and each["client"] == "grpc" else ""
        count = f"{each['requests']}{both}"
        words = (each["trouble"], CLIENTS[each["client"]], text, each["seconds"], count)
        print("| " + " | ".join(str(word) for word in words) + " |")


def readable(text):
    if text is None:
        return f"nothing within {PATIENCE} s: it tries again"
    text = re.sub(r"https://(localhost|127.0.0.1):\d+", "https://HOST", re.sub(r"\s+", " ", text)).replace("|", "\\|")
    return re.sub(r"ReqId: [\w-]+", "ReqId: …", text)[:300]


TROUBLES = ["unknown token", "session revoked", "login expired"], [
    "workspace unreachable", "provider down, token ended", "store down", "overload"]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("trouble", TROUBLES[0])
def test_where_a_login_helps_its_address_is_there_at_once(told, lakegates, troubles, trouble, client):
    each = told[trouble, client]
    assert each["failed"] and each["seconds"] <= SOON and each["requests"] <= 3, each
    if client == "sea":  # it throws away whatever comes with a status
        assert "status 401" in each["text"], each
        return
    assert f"{lakegates[trouble].url}/.lakegate/login" in each["text"], each
    assert client == "browser" or troubles[trouble][2] in each["text"], each
    assert client != "thrift" or "server: This" in each["text"] or "server: The login" in each["text"], each


@pytest.mark.parametrize("client", CLIENTS)
def test_who_a_rule_refuses_is_told_so_at_once(told, troubles, client):
    each = told["not allowed by rule", client]
    assert each["failed"] and each["seconds"] <= SOON and each["requests"] <= 3, each
    assert ("status 403" if client == "sea" else troubles["not allowed by rule"][2]) in each["text"], each


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("trouble", TROUBLES[1])
def test_what_passes_is_said_soon_or_tried_again_calmly(told, troubles, trouble, client):
    each = told[trouble, client]
    assert each["failed"] and each["requests"] <= 2 + PATIENCE, each
    if each["text"] is None:
        assert client in RETRYING, each
        return
    assert troubles[trouble][2] in each["text"], each
    assert each["seconds"] <= (PATIENCE if client == "kernel" else SOON), each


@pytest.mark.parametrize("client", CLIENTS)
def test_a_wrong_host_name_is_said(told, troubles, client):
    each = told["unknown host name", client]
    assert each["failed"] and each["requests"] <= 3 and each["seconds"] <= SOON, each
    if client == "sea":  # as above
        assert "status 400" in each["text"], each
        return
    assert troubles["unknown host name"][2] in each["text"], each
