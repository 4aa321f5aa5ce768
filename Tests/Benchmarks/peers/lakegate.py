"""Lakegate as a peer: configuration, its own Redis, and a session that was logged in like a browser would."""

import shlex
import subprocess
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from ground import free_port, start_redis
from keyring import make_keyring
from login import Browser
from pages import new_token, step_that_says
from scene import Peer, Unable, ending

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
eventLoops: {loops}
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
"""Ten rules that all look at a request before it goes on as the person."""
RULES = """\
    servicePrincipals:
      - {name: nightly, clientID: nightly, clientSecretFile: nightly.secret}
    identities:
      - {match: {path: "/api/2.1/jobs/*", method: POST, job: "620"}, actAs: nightly}
      - {match: {path: "/api/2.1/jobs/*", user: [ann@example.com, bob@example.com]}, actAs: nightly}
      - {match: {warehouse: [w1, w2, w3]}, actAs: nightly}
      - {match: {cluster: [c1, c2]}, actAs: nightly}
      - {match: {path: "/api/2.0/workspace/*", user: ann@example.com}, actAs: nightly}
      - {match: {path: "/api/2.0/workspace/*", method: [POST, PUT, DELETE]}, actAs: refuse}
      - {match: {path: "/api/2.0/repos/*"}, actAs: refuse}
      - {match: {path: "/api/2.0/secrets/*"}, actAs: refuse}
      - {match: {user: mallory@example.com}, actAs: refuse}
      - {match: {path: "/*"}, actAs: user}
"""


@dataclass(frozen=True)
class Store:
    """Where the sessions of a Lakegate are: a Redis and the keyring that seals them."""

    redis: object
    port: int
    keyring: Path


def start(scene, task, access_log=False, loops=1, store=None, rules=False):
    """Starts `lakegate serve` on the proxy's core, its Redis (or `store`) on the other, and logs in once."""
    if not scene.options.lakegate:
        raise Unable("--lakegate PATH is needed")
    name = "lakegate-rules" if rules else "lakegate-log" if access_log else "lakegate"
    store = store or start_store(scene)
    credential = None
    if task.workspace.kind == "grpc":  # that workspace has no SCIM: log in before the plain one, with the same store
        with ending(scene.ground):
            credential = login(_serve(scene, scene.plain, store, name, False, 1).port, scene)
    peer = _serve(scene, task.workspace, store, name, access_log, loops, RULES if rules else "")
    credential = credential or login(peer.port, scene)
    return Peer(name, peer.port, peer.pid, {"redis": store.redis.pid}, credential, store.port)


def start_store(scene):
    redis, port = start_redis(scene.ground, core=scene.other_core)
    keyring = scene.ground.folder / f"keyring-{port}.json"
    make_keyring(scene.options.lakegate, keyring)
    return Store(redis, port, keyring)


def _serve(scene, workspace, store, name, access_log, loops, more=""):
    port = free_port()
    text = CONFIG.format(
        port=port, admin=free_port(), redis=store.port, keyring=store.keyring, upstream=workspace.port, loops=loops,
        certificate=scene.certificates.certificate, key=scene.certificates.key, authority=scene.certificates.authority,
        access_log=scene.ground.folder / f"{name}-{port}-access.log" if access_log else "off",
    )
    scene.ground.write("nightly.secret", "only-for-measuring\n", mode=0o600)
    config = scene.ground.write(f"{name}-{port}.yaml", text + more)
    argv = [*shlex.split(scene.options.lakegate), "serve", "--config", config]
    return Peer(name, port, scene.ground.start(f"{name}-{port}", argv, port=port, core=scene.proxy_core).pid)


def login(port, scene):
    """A header field that carries a fresh session: (name, value).

    The session comes from `--session-token-command` (the port is appended; it prints a session token), or from a login
    over HTTPS as a browser does it; then `--credential` says whether its cookie or a session token is used.
    """
    options = scene.options
    if options.session_token_command:
        argv = [*shlex.split(options.session_token_command), str(port)]
        done = subprocess.run(argv, check=True, capture_output=True, text=True)
        return "Authorization", f"Bearer {done.stdout.strip()}"
    browser = Browser(f"https://localhost:{port}", scene.certificates.authority)
    press(browser, *browser.read(f"{browser.site}/.lakegate/login"), "continue")
    if options.credential == "bearer":
        return "Authorization", f"Bearer {session_token(browser)}"
    for cookie in browser.jar:
        if cookie.name == COOKIE:
            return "Cookie", f"{COOKIE}={cookie.value}"
    raise LookupError(f"the login left no {COOKIE} cookie, only {[each.name for each in browser.jar]}")


def session_token(browser):
    """Makes a session token on the session page, where it is shown once."""
    before, base = browser.read(f"{browser.site}/.lakegate/session")
    after, _ = press(browser, before, base, "make.*token", label="measured")
    return new_token(before, after)


def press(browser, html, base, pattern, **filled):
    """Presses the button that says `pattern` and follows every redirect."""
    step = step_that_says(html, base, pattern)
    fields = urlencode(step.pressed(pattern, **filled))
    if step.method == "post":
        return browser.read(urllib.request.Request(step.action, data=fields.encode()))
    return browser.read(step.action + ("?" + fields if fields else ""))
