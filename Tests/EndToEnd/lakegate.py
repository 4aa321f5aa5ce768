"""Starts Lakegate from its configuration file, and remembers where its traces may be."""

import shlex
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests
from ground import free_port
from keyring import make_keyring
from services import CONFIDENTIAL_SECRET

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
accessLog: {access_log}
workspaces:
  - name: trial
    hosts: [localhost]
    url: {workspace}
    caFile: {authority}
    oauth:
      clientID: {client}
      scopes: [all-apis, offline_access]
      issuer: {workspace}/o
      authorizeURL: {authorize}
      tokenURL: {token}
"""


@dataclass
class Lakegate:
    port: int
    admin_port: int
    authority: Path
    access_log: Path
    program: object
    """Session tokens and cookies that tests came by; the last test looks for them where they must not be."""
    secrets: list = field(default_factory=list)

    @property
    def url(self):
        return "https://localhost" if self.port == 443 else f"https://localhost:{self.port}"

    def client(self, token=None):
        """A `requests` session that trusts the trial's authority and nothing from the environment."""
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.authority)
        if token:
            session.headers["Authorization"] = f"Bearer {token}"
        return session


def start_lakegate(ground, binary, certificates, redis_port, workspace, port, client="public-client", name=None,
                   change=lambda text: text, ready=True):
    """Serves on `port`, which the provider knows as a redirect URI; logs in as `client`.

    `change` rewrites the configuration's text; whoever expects trouble does not wait until it is `ready`.
    """
    name = name or f"lakegate-{client}"
    admin, access_log = free_port(), ground.folder / f"{name}-access.log"
    keyring = make_keyring(binary, ground.folder / f"{name}-keyring.json")
    text = CONFIG.format(
        port=port, admin=admin, redis=redis_port, keyring=keyring, client=client,
        certificate=certificates.certificate, key=certificates.key, authority=certificates.authority,
        access_log=access_log, workspace=workspace.url, authorize=workspace.login_url, token=workspace.token_url,
    )
    if client == "confidential-client":
        secret = ground.write("client.secret", CONFIDENTIAL_SECRET + "\n", mode=0o600)
        text = text.replace("      scopes:", f"      clientSecretFile: {secret}\n      scopes:")
    config = ground.write(f"{name}.yaml", change(text))
    program = ground.start(name, [*shlex.split(binary), "serve", "--config", config], port=port, patience=30)
    lakegate = Lakegate(port, admin, certificates.authority, access_log, program)
    if ready:
        wait_until_ready(lakegate)
    return lakegate


def start_beside(ground, binary, certificates, redis_port, workspace, lakegate, name, url, more=lambda text: text):
    """One more Lakegate with the sessions and keys of `lakegate`, but with `url` in the place of its workspace.

    `more` rewrites the rest of its configuration.
    """
    def change(text):
        text = text.replace(f"    url: {workspace.url}\n", f"    url: {url}\n")
        return more(text.replace(f"{name}-keyring.json", "lakegate-public-client-keyring.json"))

    beside = start_lakegate(ground, binary, certificates, redis_port, workspace, free_port(), name=name, change=change)
    beside.secrets = lakegate.secrets
    return beside


def readiness(lakegate):
    return lakegate.client().get(f"http://127.0.0.1:{lakegate.admin_port}/readyz", timeout=5)


def first_readiness(lakegate, patience=10):
    """What it says first: the admin listener opens behind the public one."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return readiness(lakegate)
        except requests.ConnectionError:
            assert time.monotonic() < deadline, lakegate.program.text()
            time.sleep(0.05)


def wait_until_ready(lakegate, patience=20):
    """The admin listener opens behind the public one, which `start_lakegate` waits for."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            answer = readiness(lakegate)
            if answer.status_code == 200:
                return
            told = f"{answer.status_code} {answer.text}"
        except requests.ConnectionError as error:
            told = str(error)
        time.sleep(0.1)
    raise TimeoutError(f"not ready: {told}\n{lakegate.program.text()}")
