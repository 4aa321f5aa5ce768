"""One login of an account for two workspaces: the same session opens both, and its refresh token is spent once for both."""

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ground import own_environment
from lakegate import COOKIE, start_lakegate
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
        return subprocess.run([*binary.split(), *arguments, "--config", config], env=own_environment(), text=True,
                              capture_output=True, check=True).stdout

    assert "account      acme: one login at" in told("check") and "for trial, second" in told("check")
    assert "acme" in told("sessions", "list", "--workspace", "acme")
    told("sessions", "end", "--workspace", "acme")
    assert "hedy" not in told("sessions", "list", "--workspace", "acme")
