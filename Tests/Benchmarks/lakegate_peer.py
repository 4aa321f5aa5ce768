"""Lakegate as a peer: configuration, its own Redis, and a session that was logged in like a browser would."""

import http.cookiejar
import shlex
import ssl
import subprocess
import urllib.request
from urllib.parse import urlencode

from ground import free_port, start_redis
from keyring import make_keyring
from pages import new_token, step_that_says

COOKIE = "__Host-lakegate"

CONFIG = """\
listen: 127.0.0.1:{port}
tls:
  certificate: {certificate}
  privateKey: {key}
admin:
  listen: 127.0.0.1:{admin}
store: redis://127.0.0.1:{redis}/0
sealing:
  keyring: {keyring}
eventLoops: 1
accessLog: {access_log}
workspaces:
  - name: measured
    hosts: [localhost]
    url: https://localhost:{upstream}
    caFile: {authority}
    oauth:
      clientID: measured
      scopes: [all-apis, offline_access]
"""


def start_lakegate(name, scene, access_log):
    """Starts `lakegate serve` on the proxy's core, its Redis on the other, and logs in once."""
    redis, redis_port = start_redis(scene.ground, core=scene.other_core)
    port = free_port()
    keyring = scene.ground.folder / f"{name}-{port}-keyring.json"
    make_keyring(scene.options.lakegate, keyring)
    text = CONFIG.format(
        port=port, admin=free_port(), redis=redis_port, keyring=keyring, upstream=scene.upstream_port,
        certificate=scene.certificates.certificate, key=scene.certificates.key, authority=scene.certificates.authority,
        access_log=scene.ground.folder / f"{name}-{port}-access.log" if access_log else "off",
    )
    config = scene.ground.write(f"{name}-{port}.yaml", text)
    argv = [*shlex.split(scene.options.lakegate), "serve", "--config", config]
    program = scene.ground.start(f"{name}-{port}", argv, port=port, core=scene.proxy_core)
    credential = lakegate_session(port, scene.certificates.authority, scene.options)
    return {
        "port": port, "pid": program.pid, "credential": credential, "redis_port": redis_port,
        "beside": {"redis": redis.pid},
    }


def lakegate_session(port, authority, options):
    """A header field that carries a fresh session: (name, value).

    The session comes from `--session-token-command` (the port is appended; it prints a session token), or from a login
    over HTTPS as a browser does it; then `--credential` says whether its cookie or a session token is used.
    """
    if options.session_token_command:
        argv = [*shlex.split(options.session_token_command), str(port)]
        done = subprocess.run(argv, check=True, capture_output=True, text=True)
        return "Authorization", f"Bearer {done.stdout.strip()}"
    jar = http.cookiejar.CookieJar()
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(authority)))
    browser = urllib.request.build_opener(trust, urllib.request.HTTPCookieProcessor(jar))
    site = f"https://localhost:{port}"
    browser.addheaders = [("Accept", "text/html"), ("Origin", site)]
    press(browser, *read(browser, f"{site}/.lakegate/login"), "continue")
    if options.credential == "bearer":
        return "Authorization", f"Bearer {session_token(browser, site)}"
    for cookie in jar:
        if cookie.name == COOKIE:
            return "Cookie", f"{COOKIE}={cookie.value}"
    raise LookupError(f"the login left no {COOKIE} cookie, only {[each.name for each in jar]}")


def session_token(browser, site):
    """Makes a session token on the session page, where it is shown once."""
    before, base = read(browser, f"{site}/.lakegate/session")
    after, _ = press(browser, before, base, "make.*token", label="measured")
    return new_token(before, after)


def read(browser, request):
    """The page and where it was in the end, after all redirects."""
    with browser.open(request, timeout=20) as page:
        return page.read().decode(), page.geturl()


def press(browser, html, base, pattern, **filled):
    """Presses the button that says `pattern` and follows every redirect."""
    step = step_that_says(html, base, pattern)
    fields = urlencode(step.pressed(pattern, **filled))
    if step.method == "post":
        return read(browser, urllib.request.Request(step.action, data=fields.encode()))
    return read(browser, step.action + ("?" + fields if fields else ""))
