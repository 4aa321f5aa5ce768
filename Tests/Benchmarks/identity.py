"""An OAuth server that asks nobody anything: every authorize request is granted at once, to the same person.

Only for measuring; it checks neither PKCE nor codes. Access tokens live an hour. Who asks for the scope `openid` gets
an ID token too, signed with CLIENT_SECRET (HS256). Plain HTTP on loopback.
Usage: identity.py PORT
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

ME = {"id": "1", "userName": "ada@example.com", "displayName": "Ada", "active": True}
CLIENT_SECRET = "only-for-measuring-0123456789abcdef"
ISSUER = "https://localhost/oidc"


class Identity(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path.endswith("/authorize"):
            asked = {name: given[0] for name, given in parse_qs(url.query).items()}
            answer = {"code": code(asked), "state": asked.get("state", "")}
            self._redirect(asked["redirect_uri"] + "?" + urlencode(answer))
        elif url.path.endswith("/scim/v2/Me"):
            self._json(ME)
        else:
            self.send_error(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = {name: given[0] for name, given in parse_qs(body).items()}
        token = {
            "access_token": "access-" + secrets.token_hex(396),
            "refresh_token": "refresh-" + secrets.token_urlsafe(32),
            "token_type": "Bearer", "expires_in": 3600, "scope": "all-apis offline_access",
        }
        nonce = asked.get("code", "").partition("~")[2]
        self._json(token | ({"id_token": id_token(nonce, asked.get("client_id", ""))} if nonce else {}))

    def _redirect(self, location):
        self.send_response(302)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def code(asked):
    """A code that carries the nonce of whoever wants an ID token, so that nothing has to be remembered."""
    wants = "openid" in asked.get("scope", "").split()
    return secrets.token_urlsafe(16) + ("~" + asked.get("nonce", "") if wants else "")


def id_token(nonce, client):
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": client, "sub": "ada@example.com", "iat": now, "exp": now + 3600, "nonce": nonce}
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return signed + "." + _base64url(hmac.digest(CLIENT_SECRET.encode(), signed.encode(), hashlib.sha256))


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Identity).serve_forever()
