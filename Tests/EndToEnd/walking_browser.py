"""A browser for programs that open one at login (BROWSER): it signs Ada in, allows the program, and follows it home.

Usage: walking_browser.py URL, with LAKEGATE_AUTHORITY and LAKEGATE_USER in the environment.
"""

import os
import sys
import time
from pathlib import Path

import requests

sys.path.append(str(Path(__file__).resolve().parent.parent / "Rig"))

from login import CONTINUE, finish_at_provider, press  # noqa: E402

HOME, GO_ON = "http://localhost:8020", r"^allow|^go on"


def main(url):
    browser = requests.Session()
    browser.trust_env = False
    browser.verify = os.environ["LAKEGATE_AUTHORITY"]
    browser.headers.update({"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
    page = arrive(lambda: browser.get(url))
    for _ in range(6):
        if page.url.startswith(HOME):
            return
        page = arrive(lambda page=page: step(browser, page))
    sys.exit(f"lost at {page.url}:\n{page.text}")


def step(browser, page):
    if "/.lakegate/login" in page.url:
        return press(browser, page, CONTINUE)
    if "/accounts/login/" in page.url or "/o/authorize" in page.url:
        return finish_at_provider(browser, page, os.environ["LAKEGATE_USER"])
    return press(browser, page, GO_ON)


def arrive(walk, patience=20):
    """The program may open its browser a moment before it listens."""
    try:
        return walk()
    except requests.ConnectionError as early:
        home, deadline = early.request.url, time.monotonic() + patience
        if not home.startswith(HOME):
            raise
    while True:
        try:
            return requests.get(home, timeout=5)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    main(sys.argv[1])
