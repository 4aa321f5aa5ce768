import Foundation

/// A real redis-server on a free port of the loopback, without persistence. Killed when the last owner lets go.
///
/// Unchecked because a test uses it from one task at a time.
public final class RedisServer: @unchecked Sendable {
    public let port: Int
    private let folder: URL
    private var process = Process()
    private let options: [String]
    private let sentinelOf: (master: RedisServer, quorum: Int, password: String?)?

    /// Starts it; it may take a moment to answer.
    public convenience init(_ options: [String] = []) throws {
        try self.init(options, sentinelOf: nil)
    }

    /// Starts a Sentinel that watches a master as `trial`, and has it replaced when it is silent for half a second.
    ///
    /// - Parameter password: That it asks for.
    public convenience init(sentinelOf master: RedisServer, quorum: Int, password: String? = nil) throws {
        try self.init([], sentinelOf: (master, quorum, password))
    }

    private init(_ options: [String], sentinelOf: (master: RedisServer, quorum: Int, password: String?)?) throws {
        self.options = options
        self.sentinelOf = sentinelOf
        guard try RedisServer.isInstalled() else { throw Trouble("redis-server is not in the PATH") }
        port = try FreePort.find()
        folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try start()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    public func start() throws {
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = try sentinelArguments() ?? serverArguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    private var serverArguments: [String] {
        ["redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
            + ["--dir", folder.path(), "--loglevel", "warning"] + options
    }

    /// A Sentinel keeps what it learns in its configuration, so that it needs a file.
    private func sentinelArguments() throws -> [String]? {
        guard let sentinelOf else { return nil }
        let text = """
            port \(port)
            bind 127.0.0.1
            dir \(folder.path())
            sentinel monitor trial 127.0.0.1 \(sentinelOf.master.port) \(sentinelOf.quorum)
            sentinel down-after-milliseconds trial 500
            sentinel failover-timeout trial 2000
            \(sentinelOf.password.map { "requirepass \($0)" } ?? "")

            """
        let file = folder.appending(path: "sentinel.conf")
        if !FileManager.default.fileExists(atPath: file.path()) { try Data(text.utf8).write(to: file) }
        return ["redis-server", file.path(), "--sentinel"]
    }

    public func signal(_ number: Int32) {
        Foundation.kill(process.processIdentifier, number)
    }

    public func kill() {
        guard process.isRunning else { return }
        signal(SIGCONT)
        signal(SIGKILL)
        process.waitUntilExit()
    }

    /// Waits until it answers, at most ten seconds.
    public func untilUp() async throws {
        for _ in 0..<200 {
            if try command("PING") == "PONG" { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Trouble("redis-server does not answer on port \(port)")
    }

    /// One fact of `INFO`; empty if it is not there.
    public func fact(_ name: String) throws -> String {
        let line = try command("INFO", "everything").split(whereSeparator: \.isNewline)
            .first { $0.hasPrefix("\(name):") }
        return line.map { String($0.dropFirst(name.count + 1)) } ?? ""
    }

    /// How often a command was called, from scripts, too.
    public func calls(of name: String) throws -> Int {
        let line = try command("INFO", "commandstats").split(whereSeparator: \.isNewline)
            .first { $0.hasPrefix("cmdstat_\(name):") }
        guard let line else { return 0 }
        guard let count = line.firstMatch(of: /calls=(\d+)/).flatMap({ Int($0.1) }) else {
            throw Trouble("no count of calls")
        }
        return count
    }

    /// What redis-cli prints.
    @discardableResult
    public func command(_ words: String...) throws -> String {
        try command(words)
    }

    @discardableResult
    func command(_ words: [String]) throws -> String {
        let client = Process()
        let output = Pipe()
        client.executableURL = URL(filePath: "/usr/bin/env")
        client.arguments = ["redis-cli", "-p", "\(port)"] + words
        client.standardOutput = output
        client.standardError = FileHandle.nullDevice
        try client.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        client.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func isInstalled() throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["redis-server", "--version"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

/// Why there is no server to test with.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
