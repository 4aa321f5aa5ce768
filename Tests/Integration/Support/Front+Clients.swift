import Basics
import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Sessions
import Simulator
import TLS

extension Front {
    /// A connection to Lakegate as a client makes it.
    func connect(speakingHTTP2: Bool = false, withCertificate: Bool = false) async throws -> Line {
        let line = try await reach(speakingHTTP2: speakingHTTP2, withCertificate: withCertificate)
        try await line.untilReady()
        return line
    }

    /// A connection that the kernel has accepted, whatever Lakegate makes of it.
    func reach(speakingHTTP2: Bool = false, withCertificate: Bool = false) async throws -> Line {
        let line = Line()
        lines.withLockedValue { $0.append(line) }
        let plain = withCertificate ? trustWithCertificate : trust
        let (trust, port) = (speakingHTTP2 ? trustWithHTTP2 : plain, port)
        _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = TLSConnection.client(
                        context: trust, serverName: "localhost", port: port,
                        loop: TLSLoop(eventLoop: channel.eventLoop), application: line)
                    line.connection = connection
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return line
    }

    /// The same for HTTP/2.
    func connectHTTP2() async throws -> HTTP2Peer {
        let peer = HTTP2Peer(.client)
        let (trust, port) = (trustWithHTTP2, port)
        _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = TLSConnection.client(
                        context: trust, serverName: "localhost", port: port,
                        loop: TLSLoop(eventLoop: channel.eventLoop), application: peer)
                    peer.attach(connection)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await eventually("the handshake") { peer.isReady }
        return peer
    }

    /// One request on a connection of its own, and its answer.
    func ask(_ request: String) async throws -> Answer {
        let line = try await connect()
        line.send(request)
        let answer = try await line.takeAnswer(toHEAD: request.hasPrefix("HEAD"))
        line.close()
        return answer
    }

    /// A session as a login would leave it; the browser's key comes back.
    func logIn(
        to workspace: String = "sim", as user: DemoUser = .ada, accessLife: Duration = .seconds(3600),
        groups: Membership = .unknown
    ) async throws -> IssuedKey {
        let granted = simulator.grant(to: user.name, client: Front.client)
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let grant = TokenGrant(
            accessToken: granted.accessToken, obtainedAt: now, expiresAt: now + accessLife,
            refreshToken: granted.refreshToken)
        return try await keeper.begin(
            workspace: workspace,
            person: Person(
                id: user.id, userName: user.name, displayName: user.displayName, groups: groups), grant: grant,
            lifetime: .seconds(3600))
    }

    /// A session token as an SDK would be given.
    func token(for key: IssuedKey) async throws -> String {
        try await keeper.addKey(to: key.session.id, label: "test", lifetime: .seconds(3600)).token.reveal()
    }

    /// The access-log lines that are written by now.
    func accessLines() throws -> [String] {
        try String(contentsOfFile: accessLogPath, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}

extension IssuedKey {
    /// The whole Cookie field line.
    var cookie: String { "cookie: __Host-lakegate=\(token.reveal())\r\n" }
}
