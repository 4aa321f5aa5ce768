import Edge
import Foundation
import HTTP2
import Sessions
import Settings
import Simulator
import TLS
import Testing

/// Rules that look at what a body says: the request waits for it, and goes on whole.
@Suite(.timeLimit(.minutes(2)))
struct RuleBodyTests {
    private static let key = "lkc_" + String(repeating: "k", count: 43)

    private func ruled() -> Ruled {
        let ruled = Ruled([
            (.init(jobs: ["620"]), .principal("nightly")), (.init(warehouses: ["w1"]), .principal("admin")),
            (.init(clusters: ["c1"]), .principal("nightly")), (.init(jobs: ["13"]), .refuse),
        ])
        ruled.bearers.set(Self.key, .success(.machine("scheduler")))
        return ruled
    }

    private var bearer: String { "authorization: Bearer \(Self.key)\r\n" }

    private func post(_ path: String, _ fields: String, length: Int) -> String {
        "POST \(path) HTTP/1.1\r\nhost: ruled.test\r\n\(fields)content-length: \(length)\r\n\r\n"
    }

    private func finish(_ client: Line, _ workspace: Line) async throws {
        workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        #expect(try await client.takeAnswer().status == 200)
    }

    @Test(arguments: [
        ("/api/2.1/jobs/run-now", #"{"notebook_params":{"job_id":"13"},"job_id":620}"#, "nightly"),
        ("/api/2.0/sql/statements", #"{"statement":"select 1","warehouse_id":"w1"}"#, "admin"),
    ])
    func whatABodyNamesIsFoundInAnyNumberOfPieces(_ path: String, _ body: String, _ principal: String) async throws {
        try await Front.use(ruled().options) { front in
            let client = try await front.connect()
            for (byte, isFirst) in zip(
                (post(path, bearer, length: body.utf8.count) + body).utf8, [true] + Array(repeating: false, count: 999))
            {
                client.send([byte])
                if isFirst { try await Task.sleep(for: .milliseconds(1)) }
                await Task.yield()
            }
            let workspace = try await front.script.accept()
            #expect(Answer(try await workspace.takeHead()).fields("authorization") == ["Bearer \(principal)-1"])
            #expect(try await workspace.take(body.utf8.count) == Array(body.utf8))
            try await finish(client, workspace)
            // The next request on the connection is judged by itself.
            client.send(post(path, bearer, length: 14) + #"{"job_id":1   "#)
            #expect(try await client.takeAnswer().status == 403)
            #expect(workspace.pending.isEmpty)
        }
    }

    @Test func chunksAreReadAndGoOn() async throws {
        try await Front.use(ruled().options) { front in
            let person = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            client.send(
                "POST /api/2.1/jobs/run-now HTTP/1.1\r\nhost: ruled.test\r\n\(person.cookie)"
                    + "transfer-encoding: chunked\r\n\r\n5\r\n{\"job\r\n")
            try await Task.sleep(for: .milliseconds(50))
            #expect(front.script.connectionCount == 0)
            client.send("a\r\n_id\": 620}\r\n0\r\nx-trailer: 1\r\n\r\n")
            let workspace = try await front.script.accept()
            let head = Answer(try await workspace.takeHead())
            #expect(head.fields("authorization") == ["Bearer nightly-1"] && !head.head.contains("lkg_"))
            #expect(head.field("transfer-encoding") == "chunked")
            #expect(try await workspace.take(through: "0\r\n").contains("{\"job_id\": 620}"))
            try await finish(client, workspace)
        }
    }

    @Test func aBodyThatIsHeldBackIsAskedForOnce() async throws {
        try await Front.use(ruled().options) { front in
            let client = try await front.connect()
            let body = #"{"job_id":620}"#
            client.send(post("/api/2.1/jobs/run-now", bearer + "expect: 100-continue\r\n", length: body.utf8.count))
            #expect(try await client.takeHead().hasPrefix("HTTP/1.1 100"))
            client.send(body)
            let workspace = try await front.script.accept()
            let head = Answer(try await workspace.takeHead())
            #expect(head.fields("authorization") == ["Bearer nightly-1"])
            #expect(try await workspace.take(body.utf8.count) == Array(body.utf8))
            if head.field("expect") != nil { workspace.send("HTTP/1.1 100 Continue\r\n\r\n") }
            try await finish(client, workspace)
        }
    }

    @Test(arguments: [false, true])
    func aBodyBeyondWhatIsHeldMayBeWhatARuleRefuses(_ isChunked: Bool) async throws {
        try await Front.use(ruled().options) { front in
            let person = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            let body = #"{"job_id":620,"x":""# + String(repeating: "0123456789", count: 40_000) + #""}"#
            let length = body.utf8.count
            if isChunked {
                client.send(
                    "POST /api/2.1/jobs/run-now HTTP/1.1\r\nhost: ruled.test\r\n\(person.cookie)"
                        + "transfer-encoding: chunked\r\n\r\n\(String(length, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
            } else {
                client.send(post("/api/2.1/jobs/run-now", person.cookie, length: length) + body)
            }
            #expect(try await client.takeAnswer().status == 403)
            #expect(front.script.connectionCount == 0)
        }
    }

    @Test(arguments: [false, true])
    func aBodyBeyondWhatIsHeldGoesOnWholeWhereNoRuleRefuses(_ isChunked: Bool) async throws {
        let ruled = Ruled([(.init(jobs: ["620"]), .principal("nightly"))])
        try await Front.use(ruled.options) { front in
            let person = try await front.logIn(to: "ruled")
            let client = try await front.connect()
            let body = #"{"job_id":620,"x":""# + String(repeating: "0123456789", count: 40_000) + #""}"#
            let length = body.utf8.count
            let framed = isChunked ? "\(String(length, radix: 16))\r\n\(body)\r\n0\r\n\r\n" : body
            client.send(
                isChunked
                    ? "POST /api/2.1/jobs/run-now HTTP/1.1\r\nhost: ruled.test\r\n\(person.cookie)"
                        + "transfer-encoding: chunked\r\n\r\n"
                    : post("/api/2.1/jobs/run-now", person.cookie, length: length))
            client.send(framed)
            let workspace = try await front.script.accept()
            let head = Answer(try await workspace.takeHead())
            #expect(head.fields("authorization") == ["Bearer \(person.session.grant.accessToken.reveal())"])
            if isChunked {
                var seen = ""
                while true {
                    let size = Int(try await workspace.take(through: "\r\n").dropLast(1), radix: 16) ?? 0
                    if size == 0 { break }
                    seen += String(decoding: try await workspace.take(size), as: UTF8.self)
                    _ = try await workspace.take(2)
                }
                #expect(seen == body)
            } else {
                #expect(try await workspace.take(length) == Array(body.utf8))
            }
            try await finish(client, workspace)
        }
    }

    @Test func aBodyThatStopsIsNotWaitedForWithoutEnd() async throws {
        var options = ruled().options
        options.times.clientStall = .seconds(1)
        try await Front.use(options) { front in
            let client = try await front.connect()
            client.send(post("/api/2.1/jobs/run-now", bearer, length: 100) + #"{"job_id""#)
            #expect(try await client.takeAnswer().status == 408)
            #expect(front.script.connectionCount == 0)
        }
    }

    @Test func aClientThatLeavesMeanwhileIsRecorded() async throws {
        try await Front.use(ruled().options) { front in
            let client = try await front.connect()
            client.send(post("/api/2.1/jobs/run-now", bearer, length: 100) + #"{"job_id""#)
            try await Task.sleep(for: .milliseconds(50))
            client.cut()
            try await eventually("its line") { try front.accessLines().contains { $0.contains("client_gone") } }
            #expect(front.script.connectionCount == 0)
            let next = try await front.connect()
            next.send(post("/api/2.1/jobs/run-now", bearer, length: 14) + #"{"job_id":620}"#)
            let workspace = try await front.script.accept()
            #expect(Answer(try await workspace.takeHead()).field("authorization") == "Bearer nightly-1")
        }
    }

    /// The loop's parser has seen other heads by the time each body is here.
    @Test func requestsThatWaitAreNotTakenForOneAnother() async throws {
        try await Front.use(ruled().options) { front in
            var clients: [Line] = []
            for number in 0..<8 {
                let client = try await front.connect()
                client.send(post("/api/2.1/jobs/run-now?n=\(number)", bearer, length: 14))
                clients.append(client)
            }
            try await Task.sleep(for: .milliseconds(50))
            for (number, client) in clients.enumerated() where number % 2 == 1 {
                client.send(#"{"job_id":999}"#)
                #expect(try await client.takeAnswer().status == 403)
            }
            for (number, client) in clients.enumerated() where number % 2 == 0 {
                client.send(#"{"job_id":620}"#)
                let workspace = try await front.script.accept()
                #expect(try await workspace.takeHead().hasPrefix("POST /api/2.1/jobs/run-now?n=\(number) HTTP"))
                #expect(try await workspace.take(14) == Array(#"{"job_id":620}"#.utf8))
            }
        }
    }

    @Test func anHTTP2ClientIsReadToo() async throws {
        try await Front.use(ruled().options) { front in
            let client = try await front.connectHTTP2()
            let fields = [
                (":method", "POST"), (":scheme", "https"), (":authority", "ruled.test"),
                (":path", "/api/2.1/jobs/run-now"), ("authorization", "Bearer \(Self.key)"),
            ]
            let call = try await client.request(fields, hasBody: true)
            for part in [#"{"job"#, "_id", #"":6"#, "20}"] { try await call.send(Array(part.utf8)) }
            try await call.end()
            let workspace = try await front.script.accept()
            #expect(Answer(try await workspace.takeHead()).fields("authorization") == ["Bearer nightly-1"])
            #expect(try await workspace.take(through: "0\r\n\r\n").contains("{"))
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            try await call.untilEnded()
            #expect(call.field(":status") == "200")
            let refused = try await client.request(fields, hasBody: true)
            try await refused.send(Array(repeating: 0x20, count: 200_000))
            try await refused.untilEnded()
            #expect(refused.field(":status") == "403")
            client.cut()
        }
    }

    @Test func anHTTP2BodyBeyondWhatIsHeldGoesOnWhole() async throws {
        let ruled = Ruled([(.init(jobs: ["620"]), .principal("nightly"))])
        try await Front.use(ruled.options) { front in
            let person = try await front.logIn(to: "ruled")
            let client = try await front.connectHTTP2()
            let body = [UInt8](repeating: 0x20, count: 400_000)
            let call = try await client.request(
                [
                    (":method", "POST"), (":scheme", "https"), (":authority", "ruled.test"),
                    (":path", "/api/2.1/jobs/run-now"), ("content-length", "\(body.count)"),
                    ("cookie", "__Host-lakegate=\(person.token.reveal())"),
                ], hasBody: true)
            try await call.send(body)
            try await call.end()
            let workspace = try await front.script.accept()
            let head = Answer(try await workspace.takeHead())
            #expect(head.fields("authorization") == ["Bearer \(person.session.grant.accessToken.reveal())"])
            #expect(try await workspace.take(body.count) == body)
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            try await call.untilEnded()
            #expect(call.field(":status") == "200")
            client.cut()
        }
    }

    @Test func gRPCAndHTTP2WorkspacesGetThePrincipalsTokens() async throws {
        let ruled = ruled()
        ruled.principals.beAzure()
        try await Front.useHTTP2(ruled.options) { _, workspace, client in
            let call = try await client.request(
                [
                    (":method", "POST"), (":scheme", "https"), (":authority", "ruled.test"),
                    (":path", "/spark.connect.SparkConnectService/ExecutePlan"), ("content-type", "application/grpc"),
                    ("te", "trailers"), ("authorization", "Bearer \(Self.key)"), ("x-databricks-cluster-id", "c1"),
                    ("x-databricks-azure-sp-management-token", "evil"),
                ], hasBody: true)
            let served = try await workspace.accept().accept()
            try await served.until(blocks: 1)
            let seen = served.state.blocks[0].filter {
                $0.name == "authorization" || $0.name.hasPrefix("x-databricks-azure")
            }
            #expect(
                seen.map { "\($0.name)=\($0.value)" } == [
                    "authorization=Bearer nightly-1", "x-databricks-azure-sp-management-token=azure-1",
                    "x-databricks-azure-workspace-resource-id=/subscriptions/s",
                ])
            #expect(served.field("x-databricks-cluster-id") == "c1")
            try await call.send(Array("ping".utf8))
            try await served.answer([(":status", "200"), ("content-type", "application/grpc")])
            try await served.end(trailers: [("grpc-status", "0")])
            try await call.until(blocks: 2)
            #expect(call.field("grpc-status", block: 1) == "0")
        }
    }

    @Test func gRPCThatNoRuleAllowsIsRefusedInItsOwnWords() async throws {
        try await Front.useHTTP2(ruled().options) { _, workspace, client in
            for clusters in [["c2"], ["c1", "c2"], []] {
                let call = try await client.request(
                    [
                        (":method", "POST"), (":scheme", "https"), (":authority", "ruled.test"),
                        (":path", "/spark.connect.SparkConnectService/ExecutePlan"),
                        ("content-type", "application/grpc"), ("te", "trailers"),
                        ("authorization", "Bearer \(Self.key)"),
                    ] + clusters.map { ("x-databricks-cluster-id", $0) }, hasBody: true)
                try await call.untilEnded()
                #expect(call.field("grpc-status") == "7", "\(clusters)")
            }
            #expect(workspace.connectionCount == 0)
        }
    }

    /// A workspace may read JSON whatever its type is said to be.
    @Test func whatCallsItselfGRPCDoesNotHideAJob() async throws {
        try await Front.useHTTP2(ruled().options) { front, workspace, client in
            let person = try await front.logIn(to: "ruled")
            let call = try await client.request(
                [
                    (":method", "POST"), (":scheme", "https"), (":authority", "ruled.test"),
                    (":path", "/api/2.1/jobs/run-now"), ("content-type", "application/grpc"), ("te", "trailers"),
                    ("cookie", "__Host-lakegate=\(person.token.reveal())"),
                ], hasBody: true)
            try await call.send(Array(#"{"job_id":13}"#.utf8))
            try await call.untilEnded()
            #expect(call.field("grpc-status") == "7" && workspace.connectionCount == 0)
        }
    }

    @Test func aWebSocketIsOpenedByAPrincipal() async throws {
        let ruled = Ruled([(.init(paths: ["/driver-proxy-api/*"], clients: ["scheduler"]), .principal("nightly"))])
        ruled.bearers.set(Self.key, .success(.machine("scheduler")))
        try await Front.use(ruled.options) { front in
            let client = try await front.connect()
            client.send(
                "GET /driver-proxy-api/x HTTP/1.1\r\nhost: ruled.test\r\n\(bearer)"
                    + "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: abc\r\n\r\n")
            let workspace = try await front.script.accept()
            let head = Answer(try await workspace.takeHead())
            #expect(head.fields("authorization") == ["Bearer nightly-1"])
            workspace.send(
                "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
                    + "sec-websocket-accept: abc\r\n\r\nhello")
            #expect(try await client.takeHead().hasPrefix("HTTP/1.1 101 "))
            #expect(try await client.take(5) == Array("hello".utf8))
            client.send("from the client")
            #expect(try await workspace.take(15) == Array("from the client".utf8))
            client.close()
            try await eventually("its line") {
                try front.accessLines().contains {
                    $0.contains(#""status":101"#) && $0.contains(#""acts_as":"nightly""#)
                }
            }
        }
    }
}
