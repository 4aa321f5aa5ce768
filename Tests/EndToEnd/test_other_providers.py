"""O3: people log in at OAuth servers that nobody here wrote, besides django-oauth-toolkit, which the other tests use."""

import time

import pytest
from ground import free_port
from lakegate import COOKIE, start_lakegate
from login import CONTINUE, SIGN_OUT, make_session_token, press, session_page
from other_providers import start_glewlwyd, start_mock


@pytest.fixture(scope="module", params=[start_mock, start_glewlwyd], ids=["oidc-provider-mock", "glewlwyd"])
def there(request, ground, binary, certificates, redis):
    """A provider, and a Lakegate that sends people there."""
    port = free_port()
    provider = request.param(ground, certificates, f"https://localhost:{port}/.lakegate/callback")
    name = f"at-{request.param.__name__}"

    def change(text):
        secret = f"      clientSecretFile: {ground.write('any.secret', 'any-secret', mode=0o600)}\n" if provider.asks_for_secret else ""
        return text.replace("      scopes: [all-apis, offline_access]", f"{secret}      scopes: {provider.scopes}")

    lakegate = start_lakegate(ground, binary, certificates, redis[1], provider, port, client="lakegate", name=name, change=change)
    yield provider, lakegate
    lakegate.program.end()


def log_in(provider, lakegate):
    browser = lakegate.client()
    browser.headers.update({"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
    page = provider.sign_in(browser, press(browser, browser.get(f"{lakegate.url}/api/2.0/me", timeout=20), CONTINUE))
    assert page.status_code == 200 and page.url == f"{lakegate.url}/api/2.0/me", page.text
    return browser


def told(lakegate, client):
    answer = client.get(f"{lakegate.url}/api/2.0/me", timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_login_lives_on(there):
    """By code and PKCE; then calls with the cookie and a session token, over several renewals; then a sign-out."""
    provider, lakegate = there
    browser = log_in(provider, lakegate)
    assert "__Host-lakegate" in COOKIE and browser.cookies.get(COOKIE)
    first = told(lakegate, browser)
    sdk = lakegate.client(make_session_token(lakegate, browser))
    bearers, deadline = {first["bearer"]}, time.monotonic() + 60
    while len(bearers) <= provider.renewals:
        assert time.monotonic() < deadline, f"{len(bearers) - 1} renewals\n{lakegate.program.text()[-2000:]}"
        time.sleep(0.5)
        for client in (browser, sdk):
            now = told(lakegate, client)
            assert now["userName"] == first["userName"]
            bearers.add(now["bearer"])
    press(browser, session_page(lakegate, browser), SIGN_OUT)
    assert browser.get(f"{lakegate.url}/api/2.0/me", allow_redirects=False, timeout=20).status_code == 302


def test_a_dead_grant_is_a_new_login(there):
    """When the provider takes a refresh token no more, programs are told to log in, where it says so; and the person can."""
    provider, lakegate = there
    sdk = lakegate.client(make_session_token(lakegate, log_in(provider, lakegate)))
    assert told(lakegate, sdk)
    provider.revoke()
    answer, deadline = None, time.monotonic() + 30
    while answer is None or answer.status_code == 200:
        assert time.monotonic() < deadline, "it lives on"
        time.sleep(0.5)
        answer = sdk.get(f"{lakegate.url}/api/2.0/me", timeout=20)
    assert answer.status_code == provider.dead and ("/.lakegate/login" in answer.text) == (provider.dead == 401), answer.text
    assert told(lakegate, log_in(provider, lakegate))
