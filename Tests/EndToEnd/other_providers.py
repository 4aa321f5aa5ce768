"""OAuth servers of other makers, each with a person ada and a workspace that asks it whose a bearer is, behind one TLS front."""

import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
from ground import free_port
from login import press

HERE = Path(__file__).resolve().parent
PARTS = HERE / "parts"
MOCK = HERE.parents[1] / ".build-e2e" / "providers" / "bin" / "oidc-provider-mock"
TABLES = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
ACCESS_SECONDS = 4


@dataclass(frozen=True)
class AtProvider:
    """As `lakegate.start_lakegate` wants a workspace; the provider is another host to browsers."""
    port: int
    scopes: str
    paths: tuple
    sign_in: object
    """Takes all of ada's refresh tokens back."""
    revoke: object
    """What a call gets after that: 401 where the provider calls the grant invalid (RFC 6749, section 5.2)."""
    dead: int
    """Whether it takes clients with a secret only."""
    asks_for_secret: bool = False
    """How often a test can wait for new tokens."""
    renewals: int = 3

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    @property
    def login_url(self):
        return f"https://127.0.0.1:{self.port}{self.paths[0]}"

    @property
    def token_url(self):
        return self.url + self.paths[1]


def start_mock(ground, certificates, redirect):
    """oidc-provider-mock, which is made with Authlib: a client needs a secret, refresh tokens stay, PKCE is not looked at,
    and what comes of a refresh token lives for days."""
    inner, port = free_port(), free_port()
    ground.start("mock", [MOCK, "--port", inner, "--token-max-age", ACCESS_SECONDS], port=inner, env={"AUTHLIB_INSECURE_TRANSPORT": "1"})
    start_front(ground, certificates, "mock-front", port, inner, "/userinfo")

    def sign_in(browser, page):
        return press(browser, page, r"^authorize", sub="ada")

    def revoke():
        requests.post(f"http://127.0.0.1:{inner}/users/ada/revoke-tokens", timeout=20).raise_for_status()

    return AtProvider(port, "[openid, profile]", ("/oauth2/authorize", "/oauth2/token"), sign_in, revoke, 401, True, 1)


def start_glewlwyd(ground, certificates, redirect):
    """Glewlwyd, in C: PKCE is required, each refresh token is good for one use; of a dead one it says 400 without a word, which may mean
    anything, so that the login is kept."""
    inner, port = free_port(), free_port()
    url, database = f"https://127.0.0.1:{port}", ground.folder / "glewlwyd.sqlite"
    with sqlite3.connect(database) as made:
        made.executescript(TABLES.read_text())
    text = (PARTS / "glewlwyd.conf").read_text()
    for name, value in {"PORT": inner, "URL": url, "DATABASE": database}.items():
        text = text.replace(f"@{name}@", str(value))
    ground.start("glewlwyd", ["glewlwyd", f"--config-file={ground.write('glewlwyd.conf', text)}"], port=inner)
    start_front(ground, certificates, "glewlwyd-front", port, inner, "/idp/oidc/userinfo")
    furnish(url, certificates, redirect)

    def sign_in(browser, page):
        """What its page does with a script."""
        done = parse_qs(urlsplit(page.url).query)["callback_url"][0]
        for method, path, asked in (("POST", "auth", {"username": "ada", "password": "ada-password"}),
                                    ("PUT", "auth/grant/lakegate", {"scope": "all-apis offline_access"})):
            browser.request(method, f"{url}/idp/{path}", json=asked, timeout=20).raise_for_status()
        return browser.get(f"{done}&g_continue", timeout=20)

    def revoke():
        with sqlite3.connect(database, timeout=20) as kept:
            kept.execute("UPDATE gpo_refresh_token SET gpor_enabled = 0")

    return AtProvider(port, "[all-apis, offline_access]", ("/idp/oidc/auth", "/idp/oidc/token"), sign_in, revoke, 503)


def start_front(ground, certificates, name, port, provider, userinfo):
    workspace = free_port()
    argv = [sys.executable, PARTS / "asking_workspace.py", workspace, f"http://127.0.0.1:{provider}{userinfo}"]
    ground.start(f"{name}-workspace", argv, port=workspace)
    text = (PARTS / "asking-front.conf").read_text()
    values = {"FOLDER": ground.folder, "NAME": name, "PORT": port, "CERTIFICATE": certificates.certificate, "KEY": certificates.key,
              "WORKSPACE": workspace, "PROVIDER": provider}
    for key, value in values.items():
        text = text.replace(f"@{key}@", str(value))
    ground.start(name, ["nginx", "-c", ground.write(f"{name}.conf", text), "-p", ground.folder], port=port)


def furnish(url, certificates, redirect):
    """The scopes, a client, a person and the OpenID plugin, made as its administrator does."""
    admin = requests.Session()
    admin.trust_env, admin.verify = False, str(certificates.authority)
    asked = [("auth", {"username": "admin", "password": "password"}), ("mod/plugin/", plugin(url))]
    asked += [("scope/", {"name": name, "display_name": name, "password_required": True, "password_max_age": 0, "scheme": {}})
              for name in ("all-apis", "offline_access")]
    asked += [
        ("client/", {"client_id": "lakegate", "name": "lakegate", "confidential": False, "enabled": True, "redirect_uri": [redirect],
                     "authorization_type": ["code", "refresh_token"], "scope": []}),
        ("user/", {"username": "ada", "name": "Ada", "email": "ada@example.com", "password": "ada-password", "enabled": True,
                   "scope": ["all-apis", "offline_access", "g_profile"]}),
    ]
    for path, value in asked:
        admin.post(f"{url}/idp/{path}", json=value, timeout=20).raise_for_status()


def plugin(url):
    key = subprocess.run(["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout"], capture_output=True, text=True, check=True).stdout
    public = subprocess.run(["openssl", "ec", "-pubout"], input=key, capture_output=True, text=True, check=True).stdout
    no = ("auth-type-token-enabled", "auth-type-id-token-enabled", "auth-type-none-enabled", "auth-type-password-enabled",
          "auth-type-client-enabled", "auth-type-device-enabled", "pkce-method-plain-allowed", "introspection-revocation-allowed",
          "register-client-allowed", "session-management-allowed")
    yes = ("refresh-token-rolling", "allow-non-oidc", "auth-type-code-enabled", "auth-type-code-revoke-replayed", "auth-type-refresh-enabled",
           "pkce-allowed", "pkce-required", "jwks-show")
    return {"module": "oidc", "name": "oidc", "display_name": "oidc", "parameters": {
        "iss": f"{url}/idp/oidc", "jwt-type": "ecdsa", "jwt-key-size": "256", "key": key, "cert": public,
        "access-token-duration": ACCESS_SECONDS, "refresh-token-duration": 86400, "code-duration": 600,
        "refresh-token-one-use": "always", "subject-type": "public", **dict.fromkeys(no, False), **dict.fromkeys(yes, True)}}
