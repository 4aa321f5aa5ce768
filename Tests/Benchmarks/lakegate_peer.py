"""Lakegate as a peer: configuration, its own Redis, and a session that was logged in like a browser would."""

import http.cookiejar
import shlex
import ssl
import subprocess
import urllib.request
from urllib.parse import urlencode

from ground import free_port, start_redis
from keyring import make_keyring
from pages import step_that_says

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
    cookie = lakegate_session(port, scene.certificates.authority, scene.options.session_token_command)
    return {
        "port": port, "pid": program.pid, "cookie": cookie, "redis_port": redis_port, "beside": {"redis": redis.pid},
    }


def lakegate_session(port, authority, command=None):
    """The Cookie header of a fresh session: from `command` (PORT is appended) or by logging in over HTTPS."""
    if command:
        done = subprocess.run([*shlex.split(command), str(port)], check=True, capture_output=True, text=True)
        return f"{COOKIE}={done.stdout.strip()}"
    jar = http.cookiejar.CookieJar()
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(authority)))
    browser = urllib.request.build_opener(trust, urllib.request.HTTPCookieProcessor(jar))
    press_continue(browser, f"https://localhost:{port}/.lakegate/login")
    for cookie in jar:
        if cookie.name == COOKIE:
            return f"{COOKIE}={cookie.value}"
    raise LookupError(f"the login left no {COOKIE} cookie, only {[each.name for each in jar]}")


def press_continue(browser, login):
    """Opens the login page, presses its button, and follows every redirect to the end."""
    with browser.open(login) as page:
        html, base = page.read().decode(), page.geturl()
    step = step_that_says(html, base, "continue")
    fields = urlencode(step.pressed("continue"))
    if step.method == "post":
        origin = {"Origin": login.partition("/.lakegate")[0], "Content-Type": "application/x-www-form-urlencoded"}
        request = urllib.request.Request(step.action, data=fields.encode(), headers=origin)
    else:
        request = urllib.request.Request(step.action + ("?" + fields if fields else ""))
    with browser.open(request) as landed:
        landed.read()
