import Foundation
import Testing

/// A real redis-server on a free port of the loopback, without persistence. Killed when the last owner lets go.
///
/// Unchecked because a test uses it from one task at a time.
final class RedisServer: @unchecked Sendable {
    let port: Int
    private let folder: String
    private let process = Process()

    init() throws {
        port = try freePort()
        folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-redis-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--dir", folder, "--loglevel", "warning",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func untilUp() async throws {
        try await eventually("redis-server") { try command("PING") == "PONG" }
    }

    func commandsProcessed() throws -> Int {
        let line = try command("INFO", "stats").split(whereSeparator: \.isNewline)
            .first { $0.hasPrefix("total_commands_processed:") }
        return try #require(line.flatMap { Int($0.dropFirst(25)) })
    }

    /// What redis-cli prints.
    func command(_ words: String...) throws -> String {
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
}

private func freePort() throws -> Int {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(socket >= 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
        }
    }
    try #require(bound)
    return Int(UInt16(bigEndian: address.sin_port))
}
