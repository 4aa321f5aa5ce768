import Testing
import Wire

@Suite struct RequestValues {
    @Test func readsWhatDecisionsNeed() {
        let bytes = octets(
            "POST /api/2.0/a%2Fb//c?x=%zz?y HTTP/1.1\nhOST:  prod.example.com:8443 \t\nAuthorization: Bearer abc\n"
                + "Accept: text/html\nOrigin:\nContent-Length: 0012\nSec-Fetch-Mode: navigate\nX-Request-ID: 7\n\nrest")
        let (progress, head) = parse(bytes)
        #expect(progress == .complete(length: bytes.count - 4))
        #expect(head.method == .post)
        #expect(text(head.target, in: bytes) == "/api/2.0/a%2Fb//c?x=%zz?y")
        #expect(text(head.path, in: bytes) == "/api/2.0/a%2Fb//c")
        #expect(text(head.query, in: bytes) == "x=%zz?y")
        #expect(text(head.authority, in: bytes) == "prod.example.com:8443")
        #expect(text(head.authorization, in: bytes) == "Bearer abc")
        #expect(text(head.value(of: .origin), in: bytes) == "")
        #expect(text(head.value(of: .secFetchMode), in: bytes) == "navigate")
        #expect(text(head.value(of: .xRequestID), in: bytes) == "7")
        #expect(head.value(of: .userAgent) == nil)
        #expect(head.framing == .length(12))
    }

    @Test(arguments: [
        ("GET http://Other.example:1/x?y HTTP/1.1\nHost: a\n\n", "Other.example:1", "/x?y"),
        ("GET HTTPS://o HTTP/1.1\nHost: a\n\n", "o", "/"),
        ("OPTIONS * HTTP/1.1\nHost: [::1]:443\n\n", "[::1]:443", "*"),
        ("\nGET / HTTP/1.1\nHost: 10.0.0.1\n\n", "10.0.0.1", "/"),
        ("GET //evil.example/x HTTP/1.1\nHost: a\n\n", "a", "//evil.example/x"),
        ("GET /?a=/../b HTTP/1.1\nHost: a\n\n", "a", "/?a=/../b"),
    ])
    func formsOfTargets(_ request: String, _ authority: String, _ target: String) {
        let bytes = octets(request)
        let (progress, head) = parse(bytes)
        #expect(progress == .complete(length: bytes.count))
        #expect(text(head.authority, in: bytes) == authority)
        #expect(text(head.target, in: bytes) == target)
    }

    @Test(arguments: [
        ("HTTP/1.1\nHost: a\n\n", true), ("HTTP/1.1\nHost: a\nConnection: x, CLOSE\n\n", false),
        ("HTTP/1.0\nHost: a\n\n", false), ("HTTP/1.0\nHost: a\nConnection: Keep-Alive\n\n", true),
        ("HTTP/1.0\nHost: a\nConnection: keep-alive\nConnection: close\n\n", false),
    ])
    func keepsAlive(_ rest: String, _ expected: Bool) {
        #expect(parse(octets("GET / " + rest)).1.keepsAlive == expected)
    }

    @Test func expectationAndUpgrade() {
        let put = "PUT / HTTP/1.1\nHost: a\nExpect: 100-Continue\n"
        #expect(parse(octets(put + "Content-Length: 1\n\n")).1.expectsContinue)
        #expect(!parse(octets(put + "Content-Length: 0\n\n")).1.expectsContinue)
        #expect(
            !parse(octets("PUT / HTTP/1.0\nHost: a\nExpect: 100-continue\nContent-Length: 1\n\n")).1.expectsContinue)
        #expect(parse(octets("GET / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: websocket\n\n")).1.wantsUpgrade)
        #expect(!parse(octets("GET / HTTP/1.1\nHost: a\nUpgrade: websocket\n\n")).1.wantsUpgrade)
    }

    @Test func emptyPostHasNoBody() {
        #expect(parse(octets("POST / HTTP/1.1\nHost: a\n\n")).1.framing == .none)
        #expect(parse(octets("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n")).1.framing == .length(0))
        #expect(parse(octets("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: Chunked\n\n")).1.framing == .chunked)
    }

    @Test func aHeadIsReusedWithoutMemory() {
        var head = RequestHead()
        let first = octets(
            "POST /.lakegate/x HTTP/1.0\nHost: a\nContent-Length: 5\nConnection: close, x\nCookie: c=1\n\n")
        let second = octets("GET / HTTP/1.1\nHost: b\n\n")
        _ = head.parse(first.span.bytes, limits: HeadLimits())
        #expect(head.parse(second.span.bytes, limits: HeadLimits()) == .complete(length: second.count))
        #expect(head.framing == .none)
        #expect(head.keepsAlive && !head.isHTTP10 && !head.isLakegates)
        #expect(head.cookie(named: "c", in: second.span.bytes) == .none)
    }
}

@Suite struct RefusedHeads {
    @Test func nothingIsLeftOfAnEarlierHead() {
        var head = RequestHead()
        let first = octets("POST /.lakegate/x?y HTTP/1.0\nHost: a\nAuthorization: b\nContent-Length: 5\n\n")
        let second = octets("GE(")
        _ = head.parse(first.span.bytes, limits: HeadLimits())
        #expect(head.parse(second.span.bytes, limits: HeadLimits()) == .invalid(.requestLineMalformed))
        #expect(head.path.count == 0 && head.query == nil && head.authority.count == 0 && head.authorization == nil)
        #expect(head.framing == .none && !head.isLakegates)
    }
}

@Suite struct Cookies {
    private func lookUp(_ fields: String) -> String {
        let bytes = octets("GET / HTTP/1.1\nHost: a\n\(fields)\n")
        switch parse(bytes).1.cookie(named: "__Host-lakegate", in: bytes.span.bytes) {
        case .none: return "none"
        case .several: return "several"
        case .one(let value): return "one:" + (text(value, in: bytes) ?? "")
        }
    }

    @Test func areFoundByTheirWholeName() {
        #expect(lookUp("Cookie: a=1; __Host-lakegate=xyz; b=2\n") == "one:xyz")
        #expect(lookUp("Cookie: a=1\ncookie: __Host-lakegate=a=b\n") == "one:a=b")
        #expect(lookUp("Cookie: __Host-lakegate2=x; x__Host-lakegate=y; __host-lakegate=z\n") == "none")
        #expect(lookUp("Cookie: a=\"; __Host-lakegate=q\"\n") == "one:q\"")
        #expect(lookUp("Cookie: __Host-lakegate\n") == "none")
        #expect(lookUp("Cookie: __Host-lakegate=\n") == "one:")
    }

    @Test func twoAreNone() {
        #expect(lookUp("Cookie: __Host-lakegate=a; __Host-lakegate=a\n") == "several")
        #expect(lookUp("Cookie: __Host-lakegate=a\nCookie: __Host-lakegate =b\n") == "several")
    }
}
