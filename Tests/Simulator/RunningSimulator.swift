import Basics
import Foundation
import NIOPosix
import Synchronization
import Testing

@testable import Simulator

/// A simulator on loopback and curl to talk to it.
struct RunningSimulator: Sendable {
    let simulator: Simulator
    let folder: TemporaryFolder
    let events: EventLog

    static func use(
        _ change: (inout SimulatorOptions) -> Void = { _ in }, _ body: (RunningSimulator) async throws -> Void
    ) async throws {
        let events = EventLog()
        var options = SimulatorOptions(clients: OAuthFixture.clients)
        options.onEvent = { events.add($0) }
        change(&options)
        let simulator = try await Simulator.start(
            options: options, eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
        let running = RunningSimulator(simulator: simulator, folder: try TemporaryFolder(), events: events)
        do {
            try simulator.caPEM.write(toFile: running.folder.path + "/ca.pem", atomically: true, encoding: .utf8)
            try await body(running)
        } catch {
            await simulator.stop()
            throw error
        }
        await simulator.stop()
    }

    /// Runs curl; the status of the answer comes back beside its body.
    func curl(_ path: String, _ arguments: [String] = [], token: String? = nil) async throws -> Answer {
        let bearer = token.map { ["-H", "Authorization: Bearer \($0)"] } ?? []
        let dump = folder.path + "/" + UUID().uuidString
        let command = try await Command.run(
            "/usr/bin/curl",
            ["-sS", "-m", "60", "--cacert", folder.path + "/ca.pem", "-D", dump, "-w", "\n%{http_code}"] + bearer
                + arguments + [simulator.url + path])
        let lines = command.output.split(separator: "\n", omittingEmptySubsequences: false)
        return Answer(
            exit: command.status, status: Int(lines.last ?? "") ?? 0, body: lines.dropLast().joined(separator: "\n"),
            head: (try? String(contentsOfFile: dump, encoding: .utf8)) ?? "")
    }

    /// Signs in over HTTP and redeems the code.
    func login(as user: String = "ada@example.com", scope: String = "all-apis offline_access") async throws -> Tokens {
        let fields = OAuthFixture.fields(
            OAuthFixture.authorizeFields, ["scope": scope, "user": user, "decision": "allow"])
        let posted = try await curl("/oidc/v1/authorize", ["-d", fields.encoded])
        let location = try #require(posted.field("location"))
        let query = FormFields(encoded: location.split(separator: "?", maxSplits: 1)[1])
        let code = try #require(query["code"])
        #expect(query["state"] == "st&te")
        #expect(query["iss"] == simulator.url + "/oidc")
        return try await token([
            "grant_type": "authorization_code", "code": code, "redirect_uri": OAuthFixture.callback,
            "code_verifier": OAuthFixture.verifier,
        ])
    }

    func refresh(_ token: String) async throws -> Tokens {
        try await self.token(["grant_type": "refresh_token", "refresh_token": token])
    }

    func token(_ base: [String: String]) async throws -> Tokens {
        let fields = OAuthFixture.fields(base, ["client_id": "public-app"])
        let answer = try await curl("/oidc/v1/token", ["-d", fields.encoded])
        var tokens = (try? JSONDecoder().decode(Tokens.self, from: Data(answer.body.utf8))) ?? Tokens()
        tokens.status = answer.status
        return tokens
    }
}

struct Answer: Sendable {
    var exit: Int32
    var status: Int
    var body: String
    var head: String

    func field(_ name: String) -> String? {
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
}

struct Tokens: Decodable, Sendable {
    var accessToken: String?
    var refreshToken: String?
    var error: String?
    var errorDescription: String?
    var status: Int?

    enum CodingKeys: String, CodingKey {
        case error, status
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case errorDescription = "error_description"
    }
}

final class EventLog: Sendable {
    private let events = Mutex<[SimulatorEvent]>([])

    func add(_ event: SimulatorEvent) { events.withLock { $0.append(event) } }
    var all: [SimulatorEvent] { events.withLock { $0 } }
}
