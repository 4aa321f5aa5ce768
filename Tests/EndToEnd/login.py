"""The main job without a browser: the same pages, pressed by their buttons' texts."""

import re

from lakegate import COOKIE
from pages import new_token, step_that_says

SIGN_IN, ALLOW, CONTINUE = r"sign in|log in", r"^authorize|^allow", r"continue"
MAKE_TOKEN, SIGN_OUT, SIGN_OUT_EVERYWHERE = r"make.*token", r"sign out", r"revoke all"


def press(browser, page, pattern, **filled):
    """Presses the button (or follows the link) that says `pattern` on a page, as a browser would."""
    step = step_that_says(page.text, page.url, pattern)
    fields = step.pressed(pattern, **filled)
    headers = {"Origin": re.match(r"https://[^/]+", page.url).group(0), "Referer": page.url}
    if step.method == "post":
        return browser.post(step.action, data=fields, headers=headers)
    return browser.get(step.action, params=fields, headers=headers)


def finish_at_provider(browser, page, user):
    """From wherever the provider asks: its sign-in page, then its consent page, if they come."""
    if "/accounts/login/" in page.url:
        page = press(browser, page, SIGN_IN, username=user, password=f"{user}-password")
    if "/o/authorize" in page.url:
        page = press(browser, page, ALLOW)
    return page


def log_in(lakegate, user="ada", path="/explore/data"):
    """A browser-like client with a live session, and the page on which the login ended."""
    browser = lakegate.client()
    browser.headers["Accept"] = "text/html,application/xhtml+xml"
    browser.headers["Sec-Fetch-Mode"] = "navigate"
    browser.headers["Sec-Fetch-Dest"] = "document"
    page = press(browser, browser.get(lakegate.url + path), CONTINUE)
    page = finish_at_provider(browser, page, user)
    lakegate.secrets.append(browser.cookies.get(COOKIE))
    return browser, page


def session_page(lakegate, browser):
    return browser.get(f"{lakegate.url}/.lakegate/session")


def make_session_token(lakegate, browser, label="trial"):
    """Makes a session token on the session page, where it is shown once."""
    before = session_page(lakegate, browser)
    token = new_token(before.text, press(browser, before, MAKE_TOKEN, label=label).text)
    lakegate.secrets.append(token)
    return token
