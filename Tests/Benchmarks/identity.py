"""An OAuth server that asks nobody anything: every authorize request is granted at once, to the same person.

Only for measuring; it checks neither PKCE nor codes. Access tokens live an hour.
Usage: identity.py PORT
"""

import json
import secrets
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

ME = {"id": "1", "userName": "ada@example.com", "displayName": "Ada", "active": True}


class Identity(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path.endswith("/authorize"):
            asked = parse_qs(url.query)
            answer = {"code": secrets.token_urlsafe(16), "state": asked.get("state", [""])[0]}
            self._redirect(asked["redirect_uri"][0] + "?" + urlencode(answer))
        elif url.path.endswith("/scim/v2/Me"):
            self._json(ME)
        else:
            self.send_error(404)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = {
            "access_token": "access-" + secrets.token_hex(396),
            "refresh_token": "refresh-" + secrets.token_urlsafe(32),
            "token_type": "Bearer", "expires_in": 3600, "scope": "all-apis offline_access",
        }
        self._json(token)

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


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Identity).serve_forever()
