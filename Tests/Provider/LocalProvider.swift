import Foundation

/// A small HTTPS server on loopback that misbehaves as asked, with a certificate authority of its own.
final class LocalProvider: Sendable {
    let port: Int
    let folder: URL
    private let server: Process
    /// The server ends, and removes its folder, when this end of the pipe is gone.
    private let input: Pipe

    var caPath: String { folder.appendingPathComponent("cert.pem").path }
    var url: String { "https://localhost:\(port)" }

    /// One for all tests that leave nothing behind in it.
    static let shared = Result { try LocalProvider() }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("provider-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = ["python3", "-c", Self.script, folder.path]
        let output = Pipe()
        input = Pipe()
        server.standardOutput = output
        server.standardInput = input
        server.standardError = FileHandle.nullDevice
        try server.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else { throw Failure.noServer }
        self.port = port
    }

    func write(_ text: String, to name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    enum Failure: Error { case noServer }

    private static let script = #"""
        import base64, http.server, json, os, shutil, ssl, subprocess, sys, threading, time, urllib.parse
        folder = sys.argv[1]
        subprocess.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2"
            " -subj /CN=localhost -addext subjectAltName=DNS:localhost".split(),
            cwd=folder, check=True, stderr=subprocess.DEVNULL)

        def end_with_the_test():
            sys.stdin.read()
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)
        threading.Thread(target=end_with_the_test, daemon=True).start()

        connections = 0
        refresh = {"live": "r1"}
        revoked = []

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            def finish_request(self, sock, address):
                global connections
                connections += 1
                try:
                    tls = context.wrap_socket(sock, server_side=True)
                except OSError:
                    return
                self.RequestHandlerClass(tls, address, self)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, status, body, **fields):
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in fields.items(): self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_GET(self):
                path = self.path
                if path == "/revoked": return self.answer(200, revoked)
                if path == "/connections": return self.answer(200, str(connections).encode())
                if path == "/slow": time.sleep(5); return
                if path == "/drip":
                    self.send_response(200); self.send_header("Content-Length", "1000"); self.end_headers()
                    try:
                        for _ in range(50): self.wfile.write(b"x"); self.wfile.flush(); time.sleep(0.1)
                    except OSError: pass
                    return
                if path == "/huge": return self.answer(200, b"x" * (3 << 20))
                if path == "/endless":
                    self.send_response(200); self.end_headers()
                    try:
                        while True: self.wfile.write(b"x" * 65536)
                    except OSError: pass
                    return
                if path == "/hugehead": return self.answer(200, b"", **{"x%d" % i: "y" * 8000 for i in range(20)})
                if path == "/garbage":
                    self.wfile.write(b"\x00\x01garbage\r\n\r\n"); self.close_connection = True; return
                if path == "/cut":
                    self.send_response(200); self.send_header("Content-Length", "100"); self.end_headers()
                    self.wfile.write(b"half"); self.close_connection = True; return
                if path == "/redirect": return self.answer(302, b"", Location="/connections")
                if path == "/busy": return self.answer(503, b"no", Retry_After="7")
                if path == "/echo":
                    return self.answer(200, {"authorization": self.headers.get("Authorization"), "method": "GET"})
                if path == "/api/2.0/preview/scim/v2/Me":
                    who = self.headers.get("Authorization", "")
                    if who == "Bearer odd": return self.answer(200, b"<html>")
                    if who == "Bearer gone": return self.answer(200, {"id": "7", "userName": "a", "active": False})
                    if not who.startswith("Bearer access"): return self.answer(403, {"error_code": 403})
                    return self.answer(200, {"id": "7", "userName": "ann@example.com", "displayName": "Ann",
                                             "groups": [{"display": "users", "type": "direct", "value": "1"}]})
                self.answer(404, b"")
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
                if self.path == "/odd": return self.answer(200, b"{}")
                if self.path not in ("/oidc/v1/token", "/revoke"): return self.answer(404, b"")
                basic = self.headers.get("Authorization", "")
                client = form.get("client_id")
                if basic.startswith("Basic "):
                    pair = base64.b64decode(basic[6:]).decode().split(":")
                    client = urllib.parse.unquote(pair[0])
                    if urllib.parse.unquote(pair[1]) not in ("s3cret", "n3xt"):
                        return self.answer(401, {"error": "invalid_client"})
                tokens = {"access_token": "access-1", "token_type": "Bearer", "expires_in": 600}
                if form.get("grant_type", "").endswith(":token-exchange"):
                    told = sorted(form) == ["grant_type", "scope", "subject_token", "subject_token_type"] and not basic
                    if not told or form["subject_token"] == "stranger":
                        return self.answer(400, {"error": "invalid_request", "error_description": "no such member"})
                    return self.answer(200, dict(tokens, access_token="exchanged-" + form["subject_token"]))
                if form.get("refresh_token") == "who":
                    return self.answer(200, dict(tokens, access_token="access-of-" + client))
                if client != "app": return self.answer(401, {"error": "invalid_client"})
                if self.path == "/revoke":
                    if form.get("token") == "tired": return self.answer(503, b"", Retry_After="30")
                    if form.get("token") == "odd": return self.answer(400, {"error": "unsupported_token_type"})
                    revoked.append([form, basic[:6]])
                    return self.answer(200, b"")
                if form.get("grant_type") == "client_credentials":
                    scope = form.get("scope", "").replace(" ", "+")
                    return self.answer(200, dict(tokens, access_token="principal." + basic[:5] + "." + scope))
                if form.get("grant_type") == "authorization_code":
                    if form.get("code") != "good": return self.answer(400, {"error": "invalid_grant"})
                    return self.answer(200, dict(tokens, refresh_token="r1"))
                if form.get("refresh_token") == "slow": time.sleep(0.5)
                if form.get("refresh_token") in ("keep", "slow"): return self.answer(200, tokens)
                if form.get("refresh_token") == "tired": return self.answer(429, b"", Retry_After="30")
                if form.get("refresh_token") != refresh["live"]:
                    return self.answer(
                        400, {"error": "invalid_request", "error_description": "Refresh token is invalid"})
                refresh["live"] = "r2"
                self.answer(200, dict(tokens, refresh_token="r2"))

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        server = Server(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """#
}
