"""A workspace that asks an OpenID provider, of whatever make, whose each bearer is. Usage: asking_workspace.py PORT USERINFO_URL"""

import hashlib
import http.server
import json
import sys
import urllib.error
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        bearer = self.headers.get("Authorization", "")
        user = whose(bearer)
        if user is None:
            return self.answer(401, {"error_code": 401, "message": "Credential was not sent or is not valid."})
        mark = hashlib.sha256(bearer.encode()).hexdigest()[:16]
        self.answer(200, {"id": user, "userName": user, "displayName": user, "active": True, "bearer": mark})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def whose(bearer):
    try:
        with urllib.request.urlopen(urllib.request.Request(sys.argv[2], headers={"Authorization": bearer}), timeout=10) as answer:
            return json.load(answer)["sub"]
    except urllib.error.HTTPError:
        return None


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
