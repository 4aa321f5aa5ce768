"""A person with a real browser: logs in, sees who they are, makes a token, signs out."""

import pytest
from browser import chromium, make_home
from lakegate import COOKIE
from login import ALLOW, CONTINUE, MAKE_TOKEN, SIGN_IN, SIGN_OUT, SIGN_OUT_EVERYWHERE
from pages import new_token
from selenium.webdriver.common.keys import Keys


@pytest.fixture(scope="module")
def home(certificates, tmp_path_factory):
    return make_home(tmp_path_factory.mktemp("home"), certificates.authority)


@pytest.fixture
def browser(home):
    with chromium(home) as browser:
        yield browser


def sign_in_at_provider(browser, user):
    browser.wait_for("/accounts/login/")
    browser.fill("username", user)
    browser.fill("password", f"{user}-password")
    browser.press(SIGN_IN)


def log_in(browser, lakegate, user, path):
    browser.open(lakegate.url + path)
    browser.wait_for("/.lakegate/login")
    browser.press(CONTINUE)
    sign_in_at_provider(browser, user)
    browser.press(ALLOW)
    browser.wait_for(path)
    lakegate.secrets.append(browser.cookie(COOKIE))


def test_the_main_job(browser, lakegate, workspace, pictures):
    browser.open(f"{lakegate.url}/explore/data?tab=1")
    browser.wait_for("/.lakegate/login")
    browser.picture(pictures / "1-login.png")
    browser.press(CONTINUE)
    sign_in_at_provider(browser, "ada")
    browser.picture(pictures / "2-consent.png")
    browser.press(ALLOW)
    browser.wait_for("/explore/data?tab=1")
    assert browser.url == f"{lakegate.url}/explore/data?tab=1" and "Hello ada" in browser.text
    browser.open(f"{lakegate.url}/.lakegate/session")
    assert "ada@example.com" in browser.text
    browser.picture(pictures / "3-session.png")


def make_token(browser, lakegate, label):
    browser.open(f"{lakegate.url}/.lakegate/session")
    before = browser.driver.page_source
    browser.fill("label", label)
    browser.press(MAKE_TOKEN)
    token = new_token(before, browser.driver.page_source)
    lakegate.secrets.append(token)
    return token


def sign_out(browser, lakegate, button):
    browser.open(f"{lakegate.url}/.lakegate/session")
    browser.press(button)
    assert browser.cookie(COOKIE) is None


def test_signing_out_kills_the_cookie(browser, lakegate, pictures):
    log_in(browser, lakegate, "grace", "/explore/mine")
    cookie = browser.cookie(COOKIE)
    token = make_token(browser, lakegate, "laptop")
    browser.picture(pictures / "4-token.png")
    for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"{COOKIE}={cookie}"}):
        assert who(lakegate, headers) == (200, "grace@example.com")
    sign_out(browser, lakegate, SIGN_OUT)
    browser.picture(pictures / "5-signed-out.png")
    assert who(lakegate, {"Cookie": f"{COOKIE}={cookie}"})[0] == 401
    assert who(lakegate, {"Authorization": f"Bearer {token}"})[0] == 200
    browser.open(f"{lakegate.url}/explore/mine")
    browser.wait_for("/.lakegate/login")


def test_signing_out_everywhere_kills_the_tokens_too(browser, lakegate):
    log_in(browser, lakegate, "grace", "/explore/all")
    token = make_token(browser, lakegate, "stolen laptop")
    assert who(lakegate, {"Authorization": f"Bearer {token}"})[0] == 200
    sign_out(browser, lakegate, SIGN_OUT_EVERYWHERE)
    # A bearer that is not Lakegate's (any more) may also be handed on: then the workspace refuses it.
    assert who(lakegate, {"Authorization": f"Bearer {token}"})[0] in (401, 403)


def who(lakegate, headers):
    answer = lakegate.client().get(f"{lakegate.url}/api/2.0/preview/scim/v2/Me", headers=headers)
    return answer.status_code, answer.json().get("userName")


def test_the_cookie_is_out_of_reach(browser, lakegate):
    log_in(browser, lakegate, "ada", "/explore/cookie")
    cookie = browser.driver.get_cookie(COOKIE)
    assert (cookie["secure"], cookie["httpOnly"], cookie["path"]) == (True, True, "/")
    assert cookie["sameSite"] in ("Lax", "Strict") and cookie["domain"] == "localhost"
    assert COOKIE not in browser.driver.execute_script("return document.cookie")


def test_two_tabs_log_in_at_once(browser, lakegate):
    first = browser.driver.current_window_handle
    browser.open(f"{lakegate.url}/explore/first")
    browser.press(CONTINUE)
    browser.wait_for("/accounts/login/")
    browser.driver.switch_to.new_window("tab")
    log_in(browser, lakegate, "ada", "/explore/second")
    assert "/explore/second" in browser.text
    browser.driver.switch_to.window(first)
    browser.driver.refresh()  # the provider knows ada by now, and asks for consent only
    browser.press(ALLOW)
    browser.wait_for("/explore/first")
    assert "Hello ada" in browser.text and "/explore/first" in browser.text


def test_refused_consent_is_explained_and_can_be_tried_again(browser, lakegate, pictures):
    browser.open(f"{lakegate.url}/explore/data")
    browser.press(CONTINUE)
    sign_in_at_provider(browser, "ada")
    browser.press("^cancel")
    browser.wait_for("/.lakegate/")
    browser.picture(pictures / "6-refused.png")
    assert "access_denied" in browser.text or "denied" in browser.text.lower()
    browser.press(r"again|continue|log in|sign in")
    browser.wait("a login", lambda now: "/.lakegate/login" in now.url or "/o/authorize" in now.url)


def test_pages_fit_a_narrow_window(browser, lakegate, pictures):
    browser.narrow()
    browser.open(f"{lakegate.url}/explore/data")
    browser.wait_for("/.lakegate/login")
    browser.picture(pictures / "7-narrow-login.png")
    widths = [browser.content_width()]
    log_in(browser, lakegate, "ada", "/explore/narrow")
    browser.open(f"{lakegate.url}/.lakegate/session")
    widths.append(browser.content_width())
    make_token(browser, lakegate, "a-rather-long-label-without-any-space-in-it-for-a-laptop")
    browser.picture(pictures / "8-narrow-token.png")
    widths.append(browser.content_width())
    browser.open(f"{lakegate.url}/.lakegate/session")
    browser.picture(pictures / "9-narrow-session.png")
    assert "without-any-space-in-it" in browser.text
    widths.append(browser.content_width())
    assert max(widths) <= 360, widths


def test_the_keyboard_is_enough_and_shows_where_it_is(browser, lakegate, pictures):
    browser.open(f"{lakegate.url}/explore/data")
    browser.wait_for("/.lakegate/login")
    browser.keys(Keys.TAB)
    browser.picture(pictures / "10-focus.png")
    assert browser.focus_outline() == ("Continue to Databricks", "solid", "3px")
    browser.keys(Keys.ENTER)
    sign_in_at_provider(browser, "ada")


def test_a_person_ends_a_session_on_another_device(browser, lakegate, home, pictures):
    with chromium(home) as other:
        log_in(other, lakegate, "grace", "/explore/elsewhere")
        log_in(browser, lakegate, "grace", "/explore/here")
        browser.open(f"{lakegate.url}/.lakegate/session")
        browser.press(r"^where you are signed in$")
        assert "this one" in browser.text
        browser.picture(pictures / "27-sessions.png")
        while browser.find(r"^end$"):
            browser.press(r"^end$")
            browser.wait_for("/.lakegate/sessions")
        other.open(f"{lakegate.url}/.lakegate/session")
        assert "/.lakegate/login" in other.url
    browser.open(f"{lakegate.url}/.lakegate/session")
    assert "grace@example.com" in browser.text
    browser.narrow()
    browser.open(f"{lakegate.url}/.lakegate/sessions")
    browser.picture(pictures / "27-narrow-sessions.png")
    assert browser.content_width() <= 360
