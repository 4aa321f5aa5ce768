import Testing
import Wire

/// Responses that must be refused, and for what.
private let refused: [(String, HeadError)] = [
    ("HTTP/2.0 200 OK\n\n", .statusLineMalformed), ("HTTP/1.2 200 OK\n\n", .statusLineMalformed),
    ("http/1.1 200 OK\n\n", .statusLineMalformed), ("HTTP/1.1  200 OK\n\n", .statusLineMalformed),
    ("HTTP/1.1 20 OK\n\n", .statusLineMalformed), ("HTTP/1.1 2000 OK\n\n", .statusLineMalformed),
    ("HTTP/1.1 200\tOK\n\n", .statusLineMalformed), ("\nHTTP/1.1 200 OK\n\n", .statusLineMalformed),
    ("HTTP/1.1 099 OK\n\n", .statusUnexpected), ("HTTP/1.1 600 OK\n\n", .statusUnexpected),
    ("HTTP/1.1 101 Switching\n\n", .upgradeUnasked), ("HTTP/1.1 200 O\u{00}K\n\n", .controlCharacter),
    ("HTTP/1.1 200 OK\rX: y\n\n", .bareCR), ("HTTP/1.1 200 OK\nX: y\n z\n\n", .lineFolded),
    ("HTTP/1.1 200 OK\nX : y\n\n", .spaceBeforeColon),
    ("HTTP/1.1 200 OK\nContent-Length: 1\nContent-Length: 1\n\n", .contentLengthDuplicate),
    ("HTTP/1.1 200 OK\nContent-Length: 1,1\n\n", .contentLengthInvalid),
    ("HTTP/1.1 200 OK\nContent-Length: 1\nTransfer-Encoding: chunked\n\n", .lengthAndTransferEncoding),
    ("HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\n", .transferEncodingUnsupported),
    ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n", .transferEncodingDuplicate),
    ("HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n", .transferEncodingInHTTP10),
    ("HTTP/1.1 204 OK\nTransfer-Encoding: chunked\n\n", .bodyForbidden),
    ("HTTP/1.1 100 OK\nTransfer-Encoding: chunked\n\n", .bodyForbidden),
]

@Suite struct Responses {
    @Test(arguments: refused)
    func isRefused(_ response: String, _ error: HeadError) {
        #expect(responseFault(response) == error)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\nContent-Length: 5\n\n", HTTPMethod.get, ResponseFraming.length(5)),
        ("HTTP/1.1 200 OK\nContent-Length: 5\n\n", .head, .none),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", .get, .chunked),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", .head, .none),
        ("HTTP/1.1 200 OK\n\n", .get, .untilClose), ("HTTP/1.0 200\n\n", .post, .untilClose),
        ("HTTP/1.1 204 No Content\nContent-Length: 0\n\n", .delete, .none),
        ("HTTP/1.1 304 Not Modified\nContent-Length: 5\n\n", .get, .none), ("HTTP/1.1 100 \n\n", .put, .none),
    ])
    func framing(_ response: String, _ method: HTTPMethod, _ expected: ResponseFraming) {
        let (progress, head) = parseResponse(octets(response), to: method)
        #expect(progress == .complete(length: octets(response).count))
        #expect(head.framing == expected)
    }

    @Test func keepsAlive() {
        #expect(parseResponse(octets("HTTP/1.1 200 OK\nContent-Length: 0\n\n")).1.keepsAlive)
        #expect(!parseResponse(octets("HTTP/1.1 200 OK\n\n")).1.keepsAlive)
        #expect(!parseResponse(octets("HTTP/1.1 200 OK\nContent-Length: 0\nConnection: close\n\n")).1.keepsAlive)
        #expect(!parseResponse(octets("HTTP/1.0 200 OK\nContent-Length: 0\n\n")).1.keepsAlive)
        #expect(parseResponse(octets("HTTP/1.0 200 OK\nContent-Length: 0\nConnection: keep-alive\n\n")).1.keepsAlive)
    }

    @Test func values() {
        let bytes = octets(
            "HTTP/1.1 403 No\nContent-Type: a/b\nRetry-After: 3\nLocation: /x\nX-Databricks-Reason-Phrase: why\n\n")
        let head = parseResponse(bytes).1
        #expect(head.status == 403 && !head.isInformational)
        #expect(text(head.contentType, in: bytes) == "a/b")
        #expect(text(head.retryAfter, in: bytes) == "3")
        #expect(text(head.location, in: bytes) == "/x")
        #expect(text(head.xDatabricksReasonPhrase, in: bytes) == "why")
    }
}

@Suite struct ResponseRelaying {
    @Test func whatEndsHereIsTakenOut() {
        let response =
            "HTTP/1.1 200 Fine\nServer: s\nConnection: x-hop\nX-Hop: 1\nKeep-Alive: 1\nProxy-Authenticate: Basic\n"
            + "Alt-Svc: h3\nStrict-Transport-Security: max-age=1\nSet-Cookie: __Host-lakegate=evil; Path=/\n"
            + "Set-Cookie: __HOST-Lakegate-x=evil\nSet-Cookie: a=b\nUpgrade: h2c\nTrailer: t\nContent-Length: 5\n"
            + "X-Databricks-Org-Id: 7\nRetry-After: 1\n\n"
        let expected =
            "HTTP/1.1 200 Fine\nServer: s\nSet-Cookie: a=b\nX-Databricks-Org-Id: 7\nRetry-After: 1\ncontent-length: 5\n\n"
        #expect(relayed(response) == expected)
    }

    @Test func connectionSaysWhatTheClientMustKnow() {
        let counted = "HTTP/1.1 200 OK\nContent-Length: 5\nConnection: close\n\n"
        #expect(relayed(counted) == "HTTP/1.1 200 OK\ncontent-length: 5\n\n")
        #expect(relayed(counted, keepsAlive: false) == "HTTP/1.1 200 OK\ncontent-length: 5\nconnection: close\n\n")
        #expect(relayed(counted, isHTTP10: true) == "HTTP/1.1 200 OK\ncontent-length: 5\nconnection: keep-alive\n\n")
    }

    @Test func bodiesOfUnknownLength() {
        for response in ["HTTP/1.0 200\n\n", "HTTP/1.1 200 \nTransfer-Encoding: chunked\n\n"] {
            #expect(relayed(response) == "HTTP/1.1 200 \ntransfer-encoding: chunked\n\n")
            #expect(relayed(response, isHTTP10: true) == "HTTP/1.1 200 \nconnection: close\n\n")
        }
    }

    @Test func lengthsWithoutBodies() {
        let counted = "HTTP/1.1 200 OK\nContent-Length: 5\n\n"
        #expect(relayed(counted, to: .head) == "HTTP/1.1 200 OK\ncontent-length: 5\n\n")
        #expect(relayed("HTTP/1.1 304 N\nContent-Length: 5\n\n") == "HTTP/1.1 304 N\ncontent-length: 5\n\n")
        #expect(relayed("HTTP/1.1 204 N\nContent-Length: 0\n\n") == "HTTP/1.1 204 N\n\n")
        #expect(relayed("HTTP/1.1 100 Continue\n\n", keepsAlive: false) == "HTTP/1.1 100 Continue\n\n")
    }
}
