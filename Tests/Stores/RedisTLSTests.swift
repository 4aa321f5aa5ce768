import Basics
import Foundation
import NIOPosix
import RedisServer
import Sessions
import TLS
import Testing

@testable import Stores

/// Against a real redis-server that speaks TLS only, and asks for a certificate.
@Suite(.timeLimit(.minutes(1)))
struct RedisTLSTests {
    private let files = try? SelfSigned()

    @Test func behavesLikeAStore() async throws {
        let files = try #require(files)
        let server = try server(files)
        let store = try await connect(files, to: server, trusting: files.chainPath, showing: files.pair)
        try await untilUp(store)
        try await StoreBehaviour(store: store, letTimePass: { try await Task.sleep(for: $0) }).run()
        await store.shutDown()
        withExtendedLifetime(server) {}
    }

    @Test func aStrangerIsNotTold() async throws {
        let files = try #require(files)
        let (server, other) = (try server(files), try SelfSigned())
        let stranger = try await connect(files, to: server, trusting: other.chainPath, showing: files.pair)
        await expectFailure(of: stranger, saying: "self-signed")
        let nameless = try await connect(
            files, to: server, host: "localhost", trusting: files.chainPath, showing: files.pair)
        await expectFailure(of: nameless, saying: "not for localhost")
        let unknown = try await connect(files, to: server, trusting: files.chainPath, showing: nil)
        await #expect(throws: StoreError.self) { try await unknown.ping() }
        for store in [stranger, nameless, unknown] { await store.shutDown() }
        withExtendedLifetime((server, other)) {}
    }

    @Test func aRenewedCertificateIsTakenUp() async throws {
        let files = try #require(files)
        let (server, shown) = (try server(files), try SelfSigned())
        let identity = try ClientIdentity(caPath: files.chainPath, certificate: shown.pair)
        let store = try await connect(to: server, as: identity)
        await #expect(throws: StoreError.self) { try await store.ping() }
        #expect(identity.look() == .unchanged)
        try shown.become(files)
        guard case .replaced(let summary) = identity.look() else {
            Issue.record("not replaced")
            return
        }
        #expect(summary.names == ["127.0.0.1"])
        try await untilUp(store)
        await store.shutDown()
    }

    private func expectFailure(of store: RedisStore, saying text: String) async {
        let error = await #expect(throws: StoreError.self) { try await store.ping() }
        #expect("\(String(describing: error))".contains(text))
    }

    private func server(_ files: SelfSigned) throws -> RunningServer {
        let port = try FreePort.find()
        return RunningServer(
            port: port,
            process: try RedisServer([
                "--tls-port", "\(port)", "--tls-cert-file", files.chainPath, "--tls-key-file", files.privateKeyPath,
                "--tls-ca-cert-file", files.chainPath, "--tls-auth-clients", "yes",
            ]))
    }

    private struct RunningServer {
        let port: Int
        let process: RedisServer
    }

    private func connect(
        _ files: SelfSigned, to server: RunningServer, host: String = "127.0.0.1", trusting ca: String,
        showing certificate: CertificateFiles?
    ) async throws -> RedisStore {
        try await connect(to: server, host: host, as: try ClientIdentity(caPath: ca, certificate: certificate))
    }

    private func connect(
        to server: RunningServer, host: String = "127.0.0.1", as identity: ClientIdentity
    ) async throws -> RedisStore {
        try await server.process.untilUp()
        var configuration = RedisConfiguration(host: host, port: server.port)
        configuration.tls = identity
        return await RedisStore.connect(configuration, on: MultiThreadedEventLoopGroup.singleton)
    }
}

/// A certificate for 127.0.0.1 that signs itself, in a folder that goes with it.
private final class SelfSigned: Sendable {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-redis-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", privateKeyPath, "-out",
            chainPath,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Puts another one's files in the place of its own.
    func become(_ other: SelfSigned) throws {
        for (from, to) in [(other.privateKeyPath, privateKeyPath), (other.chainPath, chainPath)] {
            try Data(contentsOf: URL(filePath: from)).write(to: URL(filePath: to), options: .atomic)
        }
    }

    var chainPath: String { folder.appending(path: "redis.crt").path() }
    var privateKeyPath: String { folder.appending(path: "redis.key").path() }
    var pair: CertificateFiles { CertificateFiles(chainPath: chainPath, privateKeyPath: privateKeyPath) }
}
