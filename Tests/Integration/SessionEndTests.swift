import Basics
import Foundation
import Sessions
import Testing

@testable import lakegate

/// What a client hears of the end of its session, ahead of it.
@Suite(.timeLimit(.minutes(2)))
struct SessionEndTests {
    private static let field = "lakegate-session-ends"

    private func get(_ key: IssuedKey) -> String {
        "GET /api/x HTTP/1.1\r\nhost: script.test\r\n\(key.cookie)\r\n"
    }

    private func options(_ notice: Duration) -> Front.Options {
        var options = Front.Options()
        options.endNotice = notice
        options.eventLoops = 1
        return options
    }

    /// The field on an answer over HTTP/1.1; sessions of ``Front/logIn`` last an hour.
    private func told(_ notice: Duration) async throws -> (values: [String], endsAt: Timestamp) {
        var told: (values: [String], endsAt: Timestamp) = ([], Timestamp(milliseconds: 0))
        try await Front.use(options(notice)) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send(get(key))
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send(
                "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")
            #expect(try await !client.takeHead().contains(Self.field), "only the final head says it")
            let answer = try await client.takeAnswer()
            #expect(answer.status == 200 && answer.text == "hi")
            told = (answer.fields(Self.field), key.session.endsAt)
            client.send("GET /api/x HTTP/1.1\r\nhost: script.test\r\n\r\n")
            #expect(try await client.takeAnswer().fields(Self.field).isEmpty, "that is of no session")
        }
        return told
    }

    private func toldOverHTTP2(_ notice: Duration) async throws -> (value: String?, endsAt: Timestamp) {
        var told: (value: String?, endsAt: Timestamp) = (nil, Timestamp(milliseconds: 0))
        try await Front.use(options(notice)) { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connectHTTP2()
            let call = try await client.request([
                (":method", "GET"), (":scheme", "https"), (":authority", "script.test"), (":path", "/api/y"),
                ("cookie", "__Host-lakegate=\(key.token.reveal())"),
            ])
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            try await call.untilEnded()
            #expect(call.field(":status") == "200")
            told = (call.field(Self.field), key.session.endsAt)
            client.cut()
        }
        return told
    }

    private func date(_ text: String) -> Int64? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.date(from: text).map { Int64($0.timeIntervalSince1970) }
    }

    @Test func aSessionThatEndsSoonSaysWhen() async throws {
        let told = try await told(.seconds(7200))
        #expect(told.values.map(date) == [told.endsAt.milliseconds / 1000])
        let other = try await toldOverHTTP2(.seconds(7200))
        #expect(other.value.flatMap(date) == other.endsAt.milliseconds / 1000)
    }

    @Test func anAnswerUnderWayEndsWithItsSession() async throws {
        try await Front.use { front in
            let key = try await front.logIn(to: "script")
            let client = try await front.connect()
            client.send(get(key))
            let workspace = try await front.script.accept()
            _ = try await workspace.takeHead()
            workspace.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
            #expect(try await client.takeHead().hasPrefix("HTTP/1.1 200"))
            #expect(try await client.take(4) == Array("half".utf8))
            try await front.keeper.end(key.session.id)
            try await client.untilOver()
            try await eventually("a line in the access log") {
                try front.accessLines().contains { $0.contains(#""outcome":"session_ended""#) }
            }
        }
    }

    @Test(arguments: [Duration.zero, .seconds(60)])
    func oneThatDoesNotSaysNothing(notice: Duration) async throws {
        #expect(try await told(notice).values.isEmpty)
        #expect(try await toldOverHTTP2(notice).value == nil)
    }
}
