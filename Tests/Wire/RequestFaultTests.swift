import Testing
import Wire

/// Requests that must be refused, and for what.
private let refused: [(String, HeadError)] = [
    // The first line.
    ("GET  / HTTP/1.1\nHost: a\n\n", .requestLineMalformed),
    (" GET / HTTP/1.1\nHost: a\n\n", .requestLineMalformed),
    ("GET /\nHost: a\n\n", .requestLineMalformed),
    ("GET / HTTP/1.1 \nHost: a\n\n", .requestLineMalformed),
    ("GET / http/1.1\nHost: a\n\n", .requestLineMalformed),
    ("GET / HTTP/1.10\nHost: a\n\n", .requestLineMalformed),
    ("GET\t/ HTTP/1.1\nHost: a\n\n", .requestLineMalformed),
    ("GE(T / HTTP/1.1\nHost: a\n\n", .requestLineMalformed),
    ("\n\nGET / HTTP/1.1\nHost: a\n\n", .requestLineMalformed),
    ("\u{16}\u{03}\u{01}\u{02}\u{00}", .requestLineMalformed),
    ("\rGET / HTTP/1.1\nHost: a\n\n", .bareCR),
    ("get / HTTP/1.1\nHost: a\n\n", .methodUnknown),
    ("PRI * HTTP/2.0\n\nSM\n\n", .methodUnknown),
    ("GETGETGETGET / HTTP/1.1\nHost: a\n\n", .methodUnknown),
    ("TRACE / HTTP/1.1\nHost: a\n\n", .methodForbidden),
    ("CONNECT a:443 HTTP/1.1\nHost: a\n\n", .methodForbidden),
    ("GET / HTTP/2.0\nHost: a\n\n", .versionUnsupported),
    ("GET / HTTP/1.2\nHost: a\n\n", .versionUnsupported),
    ("GET / HTTP/0.9\nHost: a\n\n", .versionUnsupported),
    ("GET / HTTP/1.1\rHost: a\n\n", .bareCR),
    // The target.
    ("GET /a#b HTTP/1.1\nHost: a\n\n", .targetFragment),
    ("GET /#@/allowed HTTP/1.1\nHost: a\n\n", .targetFragment),
    ("GET /a\\b HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET /a\tb HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET /\u{00} HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET /\u{E9} HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET /\u{7F} HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET a HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET a:443 HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET * HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("OPTIONS *a HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("OPTIONS http://a HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET ftp://a/ HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET http:/a/ HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET ?a HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET http://a?b HTTP/1.1\nHost: a\n\n", .targetInvalid),
    ("GET http:///a HTTP/1.1\nHost: a\n\n", .hostInvalid),
    ("GET http://u@a/ HTTP/1.1\nHost: a\n\n", .hostInvalid),
    ("GET http://a:b@c/ HTTP/1.1\nHost: a\n\n", .hostInvalid),
    ("GET http://a:/ HTTP/1.1\nHost: a\n\n", .hostInvalid),
    ("GET /a/../b HTTP/1.1\nHost: a\n\n", .pathDotSegment),
    ("GET /a/%2e%2E/b HTTP/1.1\nHost: a\n\n", .pathDotSegment),
    ("GET /a%00 HTTP/1.1\nHost: a\n\n", .pathEncodedNUL),
    ("GET /a%zz HTTP/1.1\nHost: a\n\n", .pathEncodingInvalid),
    ("GET /%2elakegate/login HTTP/1.1\nHost: a\n\n", .pathDisguised),
    ("GET http://a/%2elakegate/login HTTP/1.1\nHost: a\n\n", .pathDisguised),
    // Lines.
    ("GET / HTTP/1.1\nHost : a\n\n", .spaceBeforeColon),
    ("GET / HTTP/1.1\nHost\t: a\n\n", .spaceBeforeColon),
    ("GET / HTTP/1.1\nHost: a\n b: c\n\n", .lineFolded),
    ("GET / HTTP/1.1\n Host: a\n\n", .lineFolded),
    ("GET / HTTP/1.1\nHost: a\nX: b\n\tc\n\n", .lineFolded),
    ("GET / HTTP/1.1\nHost: a\n: b\n\n", .nameEmpty),
    ("GET / HTTP/1.1\nHost: a\nb\n\n", .colonMissing),
    ("GET / HTTP/1.1\nHost: a\n(b): c\n\n", .nameInvalid),
    ("GET / HTTP/1.1\nHost: a\nb\u{00}: c\n\n", .nameInvalid),
    ("GET / HTTP/1.1\nHost: a\nb\u{E9}: c\n\n", .nameInvalid),
    ("GET / HTTP/1.1\nHost: a\nX: b\rc: d\n\n", .bareCR),
    ("GET / HTTP/1.1\nHost: a\nX: b\u{00}c\n\n", .controlCharacter),
    ("GET / HTTP/1.1\nHost: a\nX: b\u{0B}c\n\n", .controlCharacter),
    ("GET / HTTP/1.1\nHost: a\nX: \u{7F}\n\n", .controlCharacter),
    ("GET / HTTP/1.1\nHost: a\n\rX", .bareCR),
    // Host.
    ("GET / HTTP/1.1\n\n", .hostMissing),
    ("GET / HTTP/1.0\n\n", .hostMissing),
    ("GET http://a/ HTTP/1.1\n\n", .hostMissing),
    ("GET / HTTP/1.1\nHost: a\nHost: a\n\n", .hostDuplicate),
    ("GET / HTTP/1.1\nHost: a\nhost: b\n\n", .hostDuplicate),
    ("GET / HTTP/1.1\nHost:\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: a, b\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: a b\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: a/b\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: a@b\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: a:\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: a:65536\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: a:1b\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: [::1\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: [::1]a\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: []\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: %61\n\n", .hostInvalid),
    ("GET / HTTP/1.1\nHost: a\u{E9}\n\n", .hostInvalid),
    // Framing.
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n", .lengthAndTransferEncoding),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 1\n\n", .lengthAndTransferEncoding),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 1\n\n", .contentLengthDuplicate),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 2\n\n", .contentLengthDuplicate),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 1, 1\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: +1\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: -1\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 0x1\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 1 1\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nContent-Length:\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 1\t\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nContent-Length:\t1\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked \n\n", .transferEncodingUnsupported),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 9223372036854775808\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 18446744073709551616\n\n", .contentLengthInvalid),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: x\n\n", .transferEncodingDuplicate),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n", .transferEncodingUnsupported),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, chunked\n\n", .transferEncodingUnsupported),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, identity\n\n", .transferEncodingUnsupported),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: identity\n\n", .transferEncodingUnsupported),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n\n", .transferEncodingUnsupported),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: \"chunked\"\n\n", .transferEncodingUnsupported),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding:\n\n", .transferEncodingUnsupported),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: \u{0B}chunked\n\n", .controlCharacter),
    ("POST / HTTP/1.1\nHost: a\nTransfer-Encoding : chunked\n\n", .spaceBeforeColon),
    ("POST / HTTP/1.1\nHost: a\nX: y\n Transfer-Encoding: chunked\n\n", .lineFolded),
    ("POST / HTTP/1.0\nHost: a\nTransfer-Encoding: chunked\n\n", .transferEncodingInHTTP10),
    // Fields decisions are made on.
    ("GET / HTTP/1.1\nHost: a\nAuthorization: a\nAuthorization: b\n\n", .fieldDuplicate),
    ("GET / HTTP/1.1\nHost: a\nOrigin: a\nOrigin: a\n\n", .fieldDuplicate),
    ("GET / HTTP/1.1\nHost: a\nSec-Fetch-Mode: cors\nsec-fetch-mode: navigate\n\n", .fieldDuplicate),
    ("GET / HTTP/1.1\nHost: a\nExpect: 200-ok\n\n", .expectationUnknown),
    ("GET / HTTP/1.1\nHost: a\nConnection: a b\n\n", .connectionInvalid),
    ("GET / HTTP/1.1\nHost: a\nConnection: \"close\"\n\n", .connectionInvalid),
]

@Suite struct RequestFaults {
    @Test(arguments: refused)
    func isRefused(_ request: String, _ error: HeadError) {
        #expect(fault(request) == error)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\nContent-Length: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n",
    ])
    func bareLineFeedIsRefused(_ request: String) {
        #expect(parse(Array(request.utf8)).0 == .invalid(.bareLF))
    }

    @Test func aBareLineFeedEndsNoRequestLine() {
        #expect(parse(Array("GET / HTTP/1.1\nHost: a\r\n\r\n".utf8)).0 == .invalid(.bareLF))
    }

    @Test func everyFaultHasAStatusAndAnExplanation() {
        for error in HeadError.allCases {
            #expect([400, 405, 414, 417, 431, 501, 502, 505].contains(error.status))
            #expect(error.explanation(HeadLimits()).hasSuffix("."))
        }
    }

    @Test func whatIsTooLargeIsToldTheLimit() {
        let limits = HeadLimits(bytes: 1_001, fields: 1_002, target: 1_003)
        let told: [(HeadError, String)] = [(.headTooLarge, "1001"), (.tooManyFields, "1002"), (.targetTooLong, "1003")]
        for (error, number) in told { #expect(error.explanation(limits).contains(" \(number) ")) }
    }

    @Test func manyConnectionOptionsAreRefused() {
        let names = (0..<17).map { "x\($0)" }.joined(separator: ",")
        #expect(fault("GET / HTTP/1.1\nHost: a\nConnection: \(names)\n\n") == .tooManyConnectionOptions)
        let commas = String(repeating: ",", count: 100)
        #expect(fault("GET / HTTP/1.1\nHost: a\nConnection: \(commas)\n\n") == .tooManyConnectionOptions)
    }
}

@Suite struct RequestLimits {
    private let limits = HeadLimits(bytes: 200, fields: 4, target: 20)

    @Test func theLongestTargetFits() {
        let path = "/" + String(repeating: "a", count: 19)
        #expect(fault("GET \(path) HTTP/1.1\nHost: a\n\n", limits) == nil)
        #expect(fault("GET \(path)a HTTP/1.1\nHost: a\n\n", limits) == .targetTooLong)
    }

    @Test func theLargestHeadFits() {
        let start = "GET / HTTP/1.1\nHost: a\nX: "
        let room = 200 - octets(start).count - 4
        let fitting = start + String(repeating: "a", count: room) + "\n\n"
        #expect(parse(octets(fitting), limits).0 == .complete(length: 200))
        #expect(parse(octets(fitting + "more"), limits).0 == .complete(length: 200))
        #expect(fault(start + String(repeating: "a", count: room + 1) + "\n\n", limits) == .headTooLarge)
        #expect(parse(Array(octets(fitting).dropLast()), limits).0 == .incomplete)
    }

    @Test func fieldsAreCounted() {
        #expect(fault("GET / HTTP/1.1\nHost: a\nb:\nc:\nd:\n\n", limits) == nil)
        #expect(fault("GET / HTTP/1.1\nHost: a\nb:\nc:\nd:\ne:\n\n", limits) == .tooManyFields)
    }
}
