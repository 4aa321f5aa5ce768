"""O2: wherever somebody asks to go after a login, the browser stays on this host. Judged by those whose opinion counts: Chromium
and Node, which read addresses by the WHATWG's rules.

LAKEGATE_RETURNS is how many addresses are made up besides those that are written down, 1,000 unless said; LAKEGATE_SEED which.
"""

import json
import os
import random
import re
import socket
import ssl
import subprocess
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from browser import chromium, make_home
from lakegate import start_lakegate
from login import ALLOW, log_in, press

COUNT = int(os.environ.get("LAKEGATE_RETURNS", "1000"))
SEED = int(os.environ.get("LAKEGATE_SEED", str(random.randrange(1 << 30))))
HOSTS = ["evil.example", "good@evil.example", "a@b@evil.example", "evil.example%2f..", "[::1]", "2130706433", "localhost.evil.example",
         "ｅｖｉｌ.example", "evil。example", "xn--e1afmkfd"]
PREFIXES = ["//", "///", "/\\", "\\/", "\\\\", "/\\/", "//\\", "/\t/", "/\n/", "/\r\n/", "\t//", " //", "/ /", "/%09/", "/%0a/", "/%5c",
            "/%255c", "/%2f", "/%252f", "/%25252f", "/./", "/.//", "/..//", "/%2e/", "/%2e%2e//", "/x/..//", "https:", "https:/", "https://",
            "http:", "HTTPS:\\\\", "ht\ttps://", "javascript:", "data:text/html,", "//user@", "https://localhost@", "https://localhost\\@",
            "/\0/", "/%00/", "/\x0b/", "/\x7f/", "\ufeff//", "/\u2028/", "/\uff0f", "\u30fc//", "?//", "#//", "@", ":443//", "."]
PIECES = ["/", "//", "\\", "%2f", "%5C", "%252f", "%25", "%09", "%0a", "%00", "%2e", "\t", "\n", "\r", " ", "\0", "@", ":", ".", "..", "?",
          "#", ";", "&", "=", "[", "a", "sql", "evil.example", "https:", "javascript:", ".lakegate", "oidc", "ä", "。", "／", "\u2028"]
JUDGE = """
const {base, asked} = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(text => new URL(text, base).origin)));
"""
IN_BROWSER = "const [asked, base] = arguments; return asked.map(text => new URL(text, base).origin)"


def tricks():
    chance = random.Random(SEED)
    made = ["".join(chance.choice(PIECES) for _ in range(chance.randint(1, 9))) for _ in range(COUNT)]
    written = [prefix + host for prefix in PREFIXES for host in HOSTS]
    return written + [text if chance.random() < 0.3 else "/" + text for text in made]


@pytest.fixture(scope="module")
def lakegate(ground, binary, certificates, redis, workspace, ports):
    """One of its own, for the logins that are begun."""
    return start_lakegate(ground, binary, certificates, redis[1], workspace, ports["returns"], name="returns")


@pytest.fixture(scope="module")
def judges(tmp_path_factory, certificates):
    """Each tells the origin of addresses on a page of ours."""
    def node(asked, base):
        done = subprocess.run(["node", "-e", JUDGE], input=json.dumps({"asked": asked, "base": base}), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    with chromium(make_home(tmp_path_factory.mktemp("home"), certificates.authority)) as browser:
        yield node, lambda asked, base: browser.driver.execute_script(IN_BROWSER, asked, base)


def strays(judges, lakegate, addresses):
    """Those that lead to another host, by any judge; `addresses` is (what was asked for, where it leads)."""
    led = [address for _, address in addresses]
    origins = [judge(led, f"{lakegate.url}/.lakegate/callback") for judge in judges]
    return [(*address, *found) for address, *found in zip(addresses, *origins) if set(found) != {lakegate.url}]


def test_the_login_page_leads_back_here(judges, lakegate):
    """All of them: what the page hands on is what the browser is sent to in the end."""
    client, addresses = lakegate.client(), []
    for text in tricks():
        page = client.get(f"{lakegate.url}/.lakegate/login?return_to={quote(text, safe='')}", timeout=20)
        link = unescape(re.search(r'href="(/\.lakegate/login/start[^"]*)"', page.text).group(1))
        path = parse_qs(urlsplit(link).query, strict_parsing=True)["return_to"][0]
        addresses += [(text, link), (text, path), (text, lakegate.url + path)]
    taken = {text for text, path in addresses if path == text}
    print(f"\n    LAKEGATE_SEED={SEED}: {len(addresses) // 3} asked for, {len(taken)} taken")
    assert len(addresses) >= 3000 and len(taken) >= 30
    assert len(strays(judges, lakegate, [("", "//evil.example"), ("", "/\\evil.example"), ("", "/x")])) == 2
    assert strays(judges, lakegate, addresses) == []


def test_logins_end_here(judges, lakegate):
    """A hundred of them, by whole logins: 21, GO-2022-0783, no token or code goes along."""
    browser, addresses = log_in(lakegate)[0], []
    for text in random.Random(SEED).sample(tricks(), 100):
        page = browser.get(f"{lakegate.url}/.lakegate/login/start?return_to={quote(text, safe='')}", timeout=20)
        last = press(browser, page, ALLOW)
        back = next(each for each in [*last.history, last] if each.url.startswith(f"{lakegate.url}/.lakegate/callback"))
        assert back.status_code == 303, (text, back.text)
        addresses.append((text, back.headers["location"]))
        code = parse_qs(urlsplit(back.url).query)["code"][0]
        assert code not in addresses[-1][1] and browser.cookies.get("__Host-lakegate") not in addresses[-1][1]
    assert strays(judges, lakegate, addresses) == []


def redirect(line, path):
    """Where a browser is sent that has no session and navigates to a path, byte by byte as it stands; None for nowhere."""
    line.sendall(b"GET " + path + b" HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nsec-fetch-mode: navigate\r\nconnection: close\r\n\r\n")
    answer = b""
    while piece := line.recv(65536):
        answer += piece
    found = re.search(rb"\r\nlocation: ([^\r\n]*)", answer.split(b"\r\n\r\n")[0], re.IGNORECASE)
    return found and found.group(1).decode()


def test_navigations_lead_to_the_login_here(judges, lakegate):
    """CVE-2020-5233 and the like by the request's own path."""
    context, addresses = ssl.create_default_context(cafile=str(lakegate.authority)), []
    for text in tricks():
        path = text.encode()
        if not path.startswith(b"/") or re.search(rb"[\0-\x20\x7f]", path):
            continue
        with context.wrap_socket(socket.create_connection(("127.0.0.1", lakegate.port), 20), server_hostname="localhost") as line:
            addresses.append((text, redirect(line, path)))
    led = [(text, location) for text, location in addresses if location]
    assert len(addresses) >= 200 and len(led) >= 20
    assert strays(judges, lakegate, led) == []
