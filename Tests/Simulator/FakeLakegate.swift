import Foundation
import Synchronization

@testable import Simulator

/// Just enough of Lakegate, in memory, for a walk; everything else goes to the simulator through curl.
final class FakeLakegate: WalkClient {
    static let url = "https://lakegate.example.com"
    static let sessionToken = "lkg_" + String(repeating: "Ab-_", count: 16)
    private static let sessionPage = """
        <form action="/.lakegate/session/tokens/revoke" method="post"><input type="hidden" name="key" value="k"></form>
        <form method=post action="/.lakegate/session/tokens"><input type="hidden" name="form_token" value="f">
        <input id="label" name="label" required><select id="life" name="life"><option value="1">1 day</option>
        <option selected="selected" value="30">30 days</option><option value="90">90 days</option></select>
        <button type="submit">Make</button></form>
        """
    private let running: RunningSimulator
    private let bearer = Mutex<String?>(nil)

    init(_ running: RunningSimulator) {
        self.running = running
        running.simulator.register(redirectURI: FakeLakegate.url + "/.lakegate/callback", for: "public-app")
    }

    func send(
        method: String, url: String, fields: [(name: String, value: String)], body: [UInt8]
    ) async throws -> WalkAnswer {
        guard url.hasPrefix(FakeLakegate.url) else { return try await forward(method, url, fields, body) }
        let target = url.dropFirst(FakeLakegate.url.count)
        let query = FormFields(encoded: target.split(separator: "?").dropFirst().first ?? "")
        let cookie = fields.first { $0.name == "cookie" }?.value
        switch (method, target.prefix { $0 != "?" }) {
        case ("GET", "/.lakegate/login"):
            return page(##"<a href="#main">Skip</a><a href="/.lakegate/login/start?return_to=%2F&amp;x=1">On</a>"##)
        case ("GET", "/.lakegate/login/start"):
            guard query["x"] == "1" else { return page("link misread", status: 400) }
            return redirect(authorizeURL, cookie: "__Host-flow=f; Path=/; Secure")
        case ("GET", "/.lakegate/callback"): return try await callback(query, cookie)
        case ("GET", "/.lakegate/session"):
            return page(FakeLakegate.sessionPage)
        case ("POST", "/.lakegate/session/tokens"):
            let form = FormFields(encoded: String(decoding: body, as: UTF8.self))
            guard form["form_token"] == "f", form["label"]?.isEmpty == false, form["life"] == "30" else {
                return page("form misread", status: 400)
            }
            return page("<pre id=token>\(FakeLakegate.sessionToken)</pre>")
        default: return try await call(String(target), fields, cookie)
        }
    }

    private var authorizeURL: String {
        let changes = ["redirect_uri": FakeLakegate.url + "/.lakegate/callback"]
        let fields = OAuthFixture.fields(OAuthFixture.authorizeFields, changes)
        return running.simulator.url + "/oidc/v1/authorize?" + fields.encoded
    }

    private func callback(_ query: FormFields, _ cookie: String?) async throws -> WalkAnswer {
        guard cookie == "__Host-flow=f", let code = query["code"] else { return page("no flow", status: 400) }
        let tokens = try await running.token([
            "grant_type": "authorization_code", "code": code, "code_verifier": OAuthFixture.verifier,
            "redirect_uri": FakeLakegate.url + "/.lakegate/callback",
        ])
        bearer.withLock { $0 = tokens.accessToken }
        return redirect("/.lakegate/session", cookie: "__Host-lakegate=s; Path=/; Secure; HttpOnly")
    }

    private func call(
        _ target: String, _ fields: [(name: String, value: String)], _ cookie: String?
    ) async throws -> WalkAnswer {
        let key = fields.first { $0.name == "authorization" }?.value ?? cookie ?? ""
        guard key.contains(FakeLakegate.sessionToken) || key.contains("__Host-lakegate=s") else {
            return WalkAnswer(status: 401, fields: [], body: [])
        }
        return try await forward("GET", running.simulator.url + target, [("authorization", "Bearer \(token)")], [])
    }

    private var token: String { bearer.withLock { $0 ?? "" } }

    private func forward(
        _ method: String, _ url: String, _ fields: [(name: String, value: String)], _ body: [UInt8]
    ) async throws -> WalkAnswer {
        let lines = fields.flatMap { ["-H", "\($0.name): \($0.value)"] }
        let data = body.isEmpty ? [] : ["--data-raw", String(decoding: body, as: UTF8.self)]
        let target = String(url.dropFirst(running.simulator.url.count))
        let answer = try await running.curl(target, ["-X", method] + lines + data)
        let received = answer.head.split(separator: "\r\n").dropFirst().map { line in
            let halves = line.split(separator: ":", maxSplits: 1)
            return (name: String(halves[0]), value: halves.last?.trimmingCharacters(in: .whitespaces) ?? "")
        }
        return WalkAnswer(status: answer.status, fields: received, body: Array(answer.body.utf8))
    }

    private func page(_ text: String, status: Int = 200) -> WalkAnswer {
        WalkAnswer(status: status, fields: [("content-type", "text/html")], body: Array(text.utf8))
    }

    private func redirect(_ location: String, cookie: String) -> WalkAnswer {
        WalkAnswer(status: 303, fields: [("Location", location), ("Set-Cookie", cookie)], body: [])
    }
}
