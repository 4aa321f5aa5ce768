import Testing
import Wire

private var ours: Forwarding {
    Forwarding(
        host: Array("w.example".utf8), authorization: .set(Array("Bearer t".utf8)),
        forwardedFor: Array("192.0.2.1".utf8), forwardedHost: Array("p.example".utf8), requestID: Array("id".utf8))
}

private let added =
    "authorization: Bearer t\nx-forwarded-for: 192.0.2.1\nx-forwarded-host: p.example\nx-forwarded-proto: https\n"

@Suite struct RequestForwarding {
    /// Fields of a request to `/` as they come out, without the first line, Host and what is always added.
    private func passed(_ fields: String, as forwarding: borrowing Forwarding = ours) -> String {
        let whole = forwarded("GET / HTTP/1.1\nHost: p\n\(fields)\n", as: forwarding)
        let start = "GET / HTTP/1.1\nhost: w.example\n"
        guard whole.hasPrefix(start), let end = whole.range(of: added) else { return whole }
        return String(whole[whole.index(whole.startIndex, offsetBy: start.count)..<end.lowerBound])
    }

    @Test func untouchedFieldsKeepTheirBytesAndOrder() {
        let fields = "accept:*/*\nX-Databricks-Org-Id:  12 \nUser-Agent: a\u{E9}\nx_custom: 1\ntraceparent: 00\n"
        let whole = forwarded("GET /a?b HTTP/1.1\n\(fields)HOST: p\n\n", as: ours)
        let kept = String(decoding: octets(fields.replacing("\n", with: "|")), as: UTF8.self).replacing("|", with: "\n")
        #expect(whole == "GET /a?b HTTP/1.1\nhost: w.example\n" + kept + added + "x-request-id: id\n\n")
    }

    @Test(
        "CVE-2025-64484, GHSA-vjrc-mh2v-45x6, GHSA-x677-9fxg-v5c5, CVE-2026-88011: what says who somebody is ends here, in any spelling",
        arguments: [
            "Connection: close\n", "Keep-Alive: timeout=5\n", "Proxy-Connection: close\n",
            "Proxy-Authorization: Basic x\n",
            "TE: trailers\n", "Upgrade: websocket\nConnection: Upgrade\n", "Trailer: x\n", "HTTP2-Settings: AA\n",
            "X-Forwarded-For: 1.1.1.1\n", "X-FORWARDED-USER: root\n", "X-Forwarded-Access-Token: t\n",
            "Forwarded: for=1\n",
            "X-Real-IP: 1\n", "X_Forwarded_User: root\n", "X_Forwarded-Access_Token: t\n", "X.Forwarded.User: root\n",
            "x~forwarded~for: 1\n", "X_Real_IP: 1\n", "Authorization: Basic x\n",
            "authorization_: x\nAuthorization: y\n",
            "X_Request_Id: 1\n", "Content_Length: 5\n", "Transfer_Encoding: chunked\n", "Transfer.Encoding: chunked\n",
            "X-Databricks-Azure-SP-Management-Token: t\n", "X-Databricks-GCP-SA-Access-Token: t\n",
            "Cookie: __Host-lakegate=x\n",
            "Cookie: __HOST-LAKEGATE-flow=x; ;\n", "Cookie: __Host-lakegate\n", "Expect: 100-continue\n",
        ])
    func endsHere(_ fields: String) {
        let rest = passed(fields)
        #expect(rest == "" || rest == "authorization_: x\n")
    }

    @Test("CVE-2024-45410, CVE-2021-32813, CVE-2025-48865, CVE-2022-31813: Connection takes none of our fields out")
    func nominatedFieldsEndHereButOursDoNot() {
        let names = "Connection: Authorization, X-Injected, host, x-forwarded-for, x-request-id, content-length\n"
        #expect(passed(names + "X-Injected: 1\nX-Request-Id: mine\nX-Other: 2\nAuthorization: y\n") == "X-Other: 2\n")
        let whole = forwarded("GET / HTTP/1.1\nHost: p\n\(names)X-Request-Id: mine\n\n", as: ours)
        #expect(whole.hasSuffix("x-request-id: id\n\n"))
    }

    @Test("oauth2-proxy #388, #644: our cookies, and only they, are taken out") func onlyOurCookiesAreTakenOut() {
        #expect(passed("Cookie: a=1; b=2\n") == "Cookie: a=1; b=2\n")
        #expect(passed("Cookie: a=1; __Host-lakegate=x; b=2\n") == "cookie: a=1; b=2\n")
        #expect(passed("Cookie: __Host-lakegate=x;b=2\nCookie: c=3\n") == "cookie: b=2\nCookie: c=3\n")
        var none = ours
        none.removedCookies = []
        #expect(passed("Cookie: a=1; b=2\n", as: none) == "")
    }

    @Test func authorizationIsKeptOnlyOnRequest() {
        let fields = "Authorization: Bearer pat\nX-Databricks-Azure-SP-Management-Token: m\n"
        var forwarding = ours
        forwarding.authorization = .keep
        #expect(forwarded("GET / HTTP/1.1\nHost: p\n\(fields)\n", as: forwarding).contains(fields))
        forwarding.authorization = .remove
        #expect(!forwarded("GET / HTTP/1.1\nHost: p\n\(fields)\n", as: forwarding).lowercased().contains("authoriz"))
    }

    @Test func requestIDs() {
        #expect(passed("X-Request-Id: mine\n") == "X-Request-Id: mine\n")
        var replacing = ours
        replacing.keepsClientRequestID = false
        #expect(passed("X-Request-Id: mine\n", as: replacing) == "")
        for bad in ["X-Request-Id:\n", "X-Request-Id: a b\n", "X-Request-Id: a\nX-Request-Id: b\n"] {
            #expect(forwarded("GET / HTTP/1.1\nHost: p\n\(bad)\n", as: ours).hasSuffix("x-request-id: id\n\n"))
            #expect(passed(bad) == "")
        }
        #expect(passed("X-Request-Id: \(String(repeating: "a", count: 129))\n") == "")
    }

    @Test func framingIsWrittenAnew() {
        let head = "POST / HTTP/1.1\nHost: p\nExpect: 100-continue\nTrailer: t\n"
        let chunked = forwarded(head + "Transfer-Encoding: CHUNKED\n\n", as: ours)
        #expect(chunked.hasSuffix("transfer-encoding: chunked\n\n") && chunked.contains("Trailer: t\nauth"))
        #expect(chunked.contains("Expect: 100-continue\n"))
        let counted = forwarded(head + "Content-Length: 007\n\n", as: ours)
        #expect(counted.hasSuffix("content-length: 7\n\n") && !counted.contains("Trailer"))
        var answered = ours
        answered.answersExpect = true
        #expect(!forwarded(head + "Content-Length: 7\n\n", as: answered).contains("Expect"))
    }

    @Test func otherFormsBecomeOriginFormOfHTTP11() {
        #expect(
            forwarded("GET HTTP://o/x?y HTTP/1.1\nHost: p\n\n", as: ours).hasPrefix("GET /x?y HTTP/1.1\nhost: w.ex"))
        #expect(
            forwarded("GET http://o HTTP/1.1\nHost: p\n\n", as: ours).hasPrefix("GET / HTTP/1.1\nhost: w.example\n"))
        #expect(forwarded("\nGET / HTTP/1.0\nHost: p\n\n", as: ours).hasPrefix("GET / HTTP/1.1\nhost: w.example\n"))
    }

    @Test func aValueThatWouldBreakOutIsLeftOut() {
        var broken = ours
        broken.authorization = .set(Array("Bearer t\r\nX-Injected: 1".utf8))
        broken.host = Array((String(repeating: "h", count: 50) + "\n").utf8)
        let whole = forwarded("GET / HTTP/1.1\nHost: p\n\n", as: broken)
        #expect(whole.hasPrefix("GET / HTTP/1.1\nx-forwarded-for: 192.0.2.1\n"))
    }
}
